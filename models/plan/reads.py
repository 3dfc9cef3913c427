"""Plans as people look them up: a version as it was kept, the list of plans, and what an adjustment would take over."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlmodel import Session

from models.plan.deciding import follow
from models.plan.figures import plan_figures
from models.plan.ranking import TIE_OUTSIDE
from models.plan.standing import load_plan, open_plan
from models.plan.versions import newest_no, outer, read_version, versions
from models.queries.scope import Where, readable_by
from states.facts import Person
from states.planning import PlanStatus
from states.refusal import Refused
from states.vocabulary import Route

__all__ = ["live_plan", "plan_list", "plan_version", "shown_plan"]


def plan_version(
    session: Session, programme: str, year: int, route: Route, no: int | None = None, *, reader: Person | None = None
) -> dict[str, Any]:
    """A version of a plan as it was kept, the newest when none is named; the text is held against its SHA-256.

    A reader with a scope gets the lines of the own projects only. Raises Refused for a plan or version that is not
    there, and for one that was changed behind the ledger's back.
    """
    plan = load_plan(session, programme, year, route, lock=False)
    assert plan.id is not None
    newest = newest_no(session, plan.id)
    found = read_version(session, plan.id, newest if no is None else no)
    if found is None:
        raise Refused(
            f"{plan.key.words} có {newest} phiên bản, không có phiên bản {no}; hãy ghi --version 1 đến {newest}."
        )
    return _within(session, found, reader)


def shown_plan(
    session: Session, programme: str, year: int, route: Route, *, reader: Person | None = None
) -> dict[str, Any] | None:
    """The newest version with every version's head, and what came since (`pending`); None before the first draft."""
    plan = open_plan(session, programme, year, route, lock=False)
    if plan.id is None:
        return None
    found = plan_version(session, programme, year, route, reader=reader)
    pending = follow(session, plan)[1] if plan.status is PlanStatus.APPROVED else []
    if reader is not None and readable_by(reader).conditions:
        pending = []
    return found | {"versions": versions(session, plan.id), "pending": pending}


def _within(session: Session, found: dict[str, Any], reader: Person | None) -> dict[str, Any]:
    """Keep the lines that a reader may see; the totals stay those of the plan, which names no project."""
    where = readable_by(reader)
    if reader is None or not where.conditions:
        return found | {"limited_to": None}
    codes = {row["code"] for row in where.rows(session, "SELECT p.code FROM project AS p WHERE {where}")}
    kept = {
        name: [line for line in found[name] if line["code"] in codes] for name in ("lines", "carried_lines", "blocked")
    }
    foreign = _foreign(session, kept.values(), codes)
    within = {name: [_discreet(line, foreign) for line in lines] for name, lines in kept.items()}
    return found | within | {"limited_to": reader.name}


def _foreign(session: Session, kept: Iterable[list[dict[str, Any]]], codes: Collection[str]) -> set[str]:
    """The projects that the sentences of these lines name and their reader may not see."""
    sentences = (sentence for lines in kept for line in lines for sentence in _sentences(line))
    named = {word for sentence in sentences for word in _CODES.findall(sentence)} - set(codes)
    where = Where()
    where.add("p.code IN :codes", codes=sorted(named))
    return {row["code"] for row in where.rows(session, "SELECT p.code FROM project AS p WHERE {where}")}


_CODES = re.compile(r"\w+(?:-\w+)+")


def _sentences(line: Mapping[str, Any]) -> list[str]:
    return [*line["blockers"], (line.get("rank") or {}).get("tie") or ""]


def _discreet(line: dict[str, Any], foreign: set[str]) -> dict[str, Any]:
    """The line without what its sentences tell of projects outside the reader's scope, but for their codes.

    They were kept for the office, who sees everything.
    """
    told = line | {"blockers": [_discreet_sentence(sentence, foreign) for sentence in line["blockers"]]}
    rank = line.get("rank")
    if rank and not foreign.isdisjoint(_CODES.findall(rank.get("tie") or "")):
        told["rank"] = rank | {"tie": TIE_OUTSIDE}
    return told


def _discreet_sentence(sentence: str, foreign: Collection[str]) -> str:
    if hidden := [word for word in _CODES.findall(sentence) if word in foreign]:
        how_sure = sentence.partition(":")[0]
        return f"{how_sure}: đã có đề án {hidden[0]} ngoài phạm vi xem của bạn; hãy hỏi điều phối viên của Sở."
    return sentence


def live_plan(
    session: Session, programme: str, year: int, route: Route | None = None, *, reader: Person | None = None
) -> dict[str, Any]:
    """The candidates of a year as they stand now, in the shape of a kept plan without a version."""
    found = plan_figures(session, programme, year, route, reader=reader)
    head = {"version": None, "status": None, "status_label": None, "revision": None, "hash": None}
    return head | found | {"lines": [outer(line) for line in found["lines"]]}


def plan_list(session: Session, *, programme: str | None = None, year: int | None = None) -> list[dict[str, Any]]:
    """Every plan with its newest version, newest year first; `support` in đồng of the state fund.

    `number` is the paper of the newest step, of an approved plan that of its last decision. Raises Refused for an
    unknown programme.
    """
    where = Where()
    if programme is not None:
        where.add("g.code = :programme", programme=programme)
        if not where.rows(session, "SELECT g.id FROM programme AS g WHERE {where}"):
            raise Refused(f"Không có chương trình «{programme}»; hãy xem dean programme list.")
    if year is not None:
        where.add("p.year = :year", year=year)
    rows = where.rows(session, _PLANS)
    return [_listed(row) for row in rows]


def _listed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "status_label": PlanStatus(row["status"]).label,
        "route_label": Route(row["route"]).label,
        "lines": int(row["lines"]),
        "support": int(row["support"]),
    }


_PLANS = """
    SELECT g.code AS programme, p.year, p.route, p.status, p.revision, v.no AS version, v.cutoff_on,
           CASE WHEN p.status IN ('approved', 'closed') AND v.number = '' THEN coalesce((
               SELECT d.number FROM plan_version AS d WHERE d.plan_id = p.id AND d.status = 'approved'
               AND d.number <> '' ORDER BY d.no DESC LIMIT 1), '') ELSE v.number END AS number,
           v.sha256 AS hash,
           (SELECT count(*) FROM (
               SELECT l.project_id FROM plan_line AS l WHERE l.plan_id = p.id
               GROUP BY l.project_id HAVING sum(l.amount * l.direction) > 0) AS held) AS lines,
           (SELECT coalesce(sum(l.amount * l.direction), 0) FROM plan_line AS l
            WHERE l.plan_id = p.id AND l.source <> 'counterpart') AS support
    FROM plan AS p JOIN programme AS g ON g.id = p.programme_id
    JOIN plan_version AS v ON v.plan_id = p.id
    WHERE v.no = (SELECT max(no) FROM plan_version WHERE plan_id = p.id) AND {where}
    ORDER BY p.year DESC, g.code, p.route"""
