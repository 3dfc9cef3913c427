"""Plans as they stood: each step keeps the whole plan under its SHA-256, so that an annex prints again years later."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from models.append import SELF
from models.chain import canonical, digest, plain
from models.loading import day_of
from models.plan.figures import Cell, figures_of, read_targets
from models.plan.scope import PlanKey, Section
from models.statement import Statement
from states.planning import PlanStatus
from states.refusal import Refused
from states.vocabulary import Source

#: Raised when the form of the kept plans changes; old ones keep theirs.
FORM = 1
#: Row ids mean nothing outside the register, and flags stand among the blockers.
INNER = frozenset({"id", "serial", "unit_id", "place_id", "flags"})


def outer(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line without what only the register understands."""
    return {name: value for name, value in line.items() if name not in INNER}


def body_of(
    session: Session,
    key: PlanKey,
    *,
    head: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    carried: Sequence[Mapping[str, Any]],
    blocked: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The whole plan as plain values: its head, its lines in their order, its figures against the programme.

    The figures are those of the lines; `carried` are shown and counted in their own year, `blocked` did not enter.
    """
    body = {
        "form": FORM,
        "programme": {"code": key.programme, "name": key.programme_name},
        "year": key.year,
        "route": key.route,
        **head,
        "lines": [{"position": place, **outer(line)} for place, line in enumerate(lines, start=1)],
        "carried_lines": [outer(line) for line in carried],
        **figures_of_lines(session, key, lines, carried),
        "blocked": list(blocked),
    }
    return plain(_numbered(body))  # type: ignore[no-any-return]


def figures_of_lines(
    session: Session, key: PlanKey, lines: Sequence[Mapping[str, Any]], carried: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """`totals`, `carried`, `envelope` and `targets` of lines that stand in a plan, or might."""
    cells = [cell for line in (*lines, *carried) for cell in _cells(line)]
    adds: dict[str, int] = {}
    for line in lines:
        for target, quantity in line["targets"].items() if _counts_here(line) else ():
            adds[target] = adds.get(target, 0) + quantity
    return figures_of(session, key, cells) | {"targets": read_targets(session, key, adds)}


#: Yes and no, which canonical JSON writes as 1 and 0.
_FLAGS = frozenset({"approved", "ended", "goes_first"})


def _numbered(value: Any) -> Any:
    """The same with its flags as numbers."""
    if isinstance(value, Mapping):
        return {name: int(item) if name in _FLAGS else _numbered(item) for name, item in value.items()}
    return [_numbered(item) for item in value] if isinstance(value, list | tuple) else value


def _told(value: Any) -> Any:
    """The same with its flags as yes and no again."""
    if isinstance(value, dict):
        return {name: bool(item) if name in _FLAGS else _told(item) for name, item in value.items()}
    return [_told(item) for item in value] if isinstance(value, list) else value


def _counts_here(line: Mapping[str, Any]) -> bool:
    """Does the envelope count the line in this year? What an earlier year's project was granted stands in its own."""
    return bool(line["section"] == Section.NEW or not line["approved"])


def _cells(line: Mapping[str, Any]) -> Iterable[Cell]:
    for source in map(str, Source):
        amount = line["money"].get(source, 0)
        yield Cell(
            section=Section(line["section"]),
            content=line["content"],
            unit=line["unit_id"],
            place=line["place_id"],
            source=source,
            counted=_counts_here(line),
            projects=int(source == Source.COUNTERPART),
            paying=int(amount > 0),
            amount=amount,
            released=line["released"].get(source, 0),
        )


def version_row(
    plan_id: int | None,
    no: int,
    *,
    status: PlanStatus,
    revision: int,
    cutoff: int,
    on: date,
    number: str,
    body: Mapping[str, Any],
) -> dict[str, Any]:
    """The row that keeps a version for ever; `cutoff` is the last event that it saw."""
    text = canonical(body)
    return {
        "plan_id": SELF if plan_id is None else plan_id,
        "no": no,
        "status": str(status),
        "revision": revision,
        "cutoff_event": cutoff,
        "cutoff_on": on,
        "number": number,
        "body": text,
        "sha256": digest(text),
    }


def newest_no(session: Session, plan_id: int) -> int:
    """The number of the newest version of a plan; 0 before the first."""
    return int(_NEWEST.one(session, id=plan_id).no)


def last_event(session: Session) -> int:
    """The number of the ledger's last event: how far the register had come."""
    return int(_HEAD.one(session).last_event_id)


_NEWEST = Statement("SELECT coalesce(max(no), 0) AS no FROM plan_version WHERE plan_id = :id")
_HEAD = Statement("SELECT last_event_id FROM ledger_head")


def read_version(session: Session, plan_id: int, no: int) -> dict[str, Any] | None:
    """A version as it was kept, with `hash` and the cut-off of its figures; None when there is no such version.

    Raises Refused when the text no longer has the hash it was kept under, by its own row or by the event that kept it:
    what was changed must not be printed.
    """
    found = _VERSION.rows(session, id=plan_id, no=no)
    if not found:
        return None
    [row] = found
    is_whole = digest(row.body) == row.sha256 and digest(row.event) == row.event_hash
    if not is_whole or row.sha256 not in row.event:
        raise Refused(f"Phiên bản {no} của kế hoạch không khớp mã băm của nó; hãy chạy dean verify để tìm chỗ bị sửa.")
    body: dict[str, Any] = _told(json.loads(row.body))
    on = day_of(row.cutoff_on)
    assert on is not None
    return {
        **body,
        "version": row.no,
        "status": row.status,
        "revision": row.revision,
        "hash": row.sha256,
        "cutoff_event": row.cutoff_event,
        "cutoff_on": on.isoformat(),
    }


_VERSION = Statement("""
    SELECT v.*, e.body AS event, e.hash AS event_hash FROM plan_version AS v JOIN event AS e ON e.id = v.event_id
    WHERE v.plan_id = :id AND v.no = :no""")


def versions(session: Session, plan_id: int) -> list[dict[str, Any]]:
    """Every version of a plan without its body, oldest first."""
    rows = []
    for row in _VERSIONS.rows(session, id=plan_id):
        on = day_of(row.cutoff_on)
        assert on is not None
        told = {"version": row.no, "status": row.status, "status_label": PlanStatus(row.status).label}
        told |= {"revision": row.revision, "cutoff_event": row.cutoff_event, "cutoff_on": on.isoformat()}
        rows.append(told | {"number": row.number, "hash": row.sha256})
    return rows


_VERSIONS = Statement("""
    SELECT no, status, revision, cutoff_event, cutoff_on, number, sha256 FROM plan_version WHERE plan_id = :id
    ORDER BY no""")
