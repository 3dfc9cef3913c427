"""What a frozen report would say today: every cell that changed, and the events that changed it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from models.queries.histories import ENTRY_LABELS
from models.queries.past import Happened, fold, past_of, programme_events
from models.queries.scope import plain_row
from models.report.difficulties import Difficulty, contracts_of
from models.report.figures import Counting, flat, known_up_to
from models.report.freezing import head_event
from models.report.lines import Cells, Path
from models.report.reading import SPAN_LABELS
from models.report.rows import Report
from states.actions import Action, Entry
from states.lifecycle import stage_label
from states.steps import STEP
from states.vocabulary import MoneyKind, Route, Source, Stage


def differences(session: Session, report: Report) -> dict[str, Any]:
    """Count the period of a report again with all that is known now, and list every cell that is different.

    `events` are those recorded after the cut-off that changed the cell, found by letting them happen one by one:
    for a sum, those of any project that adds to it. Where none did, a deadline was moved by the calendar, by its
    rule, or by another project of its contract, and their later events are named.
    """
    projects = [events for _, events in programme_events(session, report.programme.id)]
    counting = Counting(session, report.programme, report.period)
    frozen, now = dict(flat(report.body["figures"])), counting.cells(projects)
    changed: dict[Path, tuple[int | str | None, int | str | None]] = {}
    for path in sorted(frozen.keys() | now.keys()):
        was, is_now = frozen.get(path, _blank(now.get(path))), now.get(path, _blank(frozen.get(path)))
        if was != is_now:
            changed[path] = was, is_now
    causes = _causes(counting, projects, report.row["cutoff_event"])
    if any(path not in causes for path in changed):
        beside = _beside(session, projects, report.row["cutoff_event"])
        causes |= {path: beside for path in changed if path not in causes}
    told = _events(session, {number for path in changed for number in causes[path]})
    return {
        "report": report.head(),
        "head_event": head_event(session),
        "same": not changed,
        "changes": [
            {"cell": "/".join(path), "label": cell_label(path), "was": was, "now": is_now}
            | {"events": [told[number] for number in causes[path]]}
            for path, (was, is_now) in changed.items()
        ],
    }


def compared(was: Report, now: Report) -> list[dict[str, Any]]:
    """What another issue says differently: every cell that changed, without the events, which lie between the two."""
    before, after = (dict(flat(report.body["figures"])) for report in (was, now))
    changes = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path, _blank(after.get(path))), after.get(path, _blank(before.get(path)))
        if old != new:
            changes.append({"cell": "/".join(path), "label": cell_label(path), "was": old, "now": new})
    return changes


def _blank(other: int | str | None) -> int | None:
    """What stands where a cell is missing: a number that nobody counted is zero."""
    return 0 if isinstance(other, int) else None


def _causes(counting: Counting, projects: Iterable[list[Happened]], cutoff: int) -> dict[Path, list[int]]:
    """For each cell the later events after which the project behind it added something else than before."""
    causes: defaultdict[Path, list[int]] = defaultdict(list)
    everything = list(projects)
    contracts = contracts_of((past_of(0, events) for events in everything), counting.window.last)
    for events in everything:
        later = [event.id for event in events if event.id > cutoff]
        before: Cells = {}
        for known in (cutoff, *later) if later else ():
            after = counting.cells_of(past_of(0, known_up_to(events, known)), contracts)
            if known != cutoff:
                for path in before.keys() | after.keys():
                    if before.get(path) != after.get(path):
                        causes[path].append(known)
            before = after
    return {path: sorted(numbers) for path, numbers in causes.items()}


def _beside(session: Session, projects: Iterable[list[Happened]], cutoff: int) -> list[int]:
    """Later events that may move deadlines of others: calendar, rules, and work under a shared contract."""
    rules = session.connection().execute(_RULES, {"cutoff": cutoff}).scalars()
    shared: defaultdict[int, list[list[Happened]]] = defaultdict(list)
    for events in projects:
        if (contract := fold(events).get("contract_id")) is not None:
            shared[contract].append(events)
    together = (events for group in shared.values() if len(group) > 1 for events in group)
    return sorted({*rules, *(event.id for events in together for event in events if event.id > cutoff)})


_RULES = text("SELECT id FROM event WHERE id > :cutoff AND subject_kind IN ('calendar', 'deadline_rule')")


def _events(session: Session, numbers: set[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), 500):
        rows = session.connection().execute(_TOLD, {"ids": ordered[start : start + 500]}).mappings()
        found |= {row["id"]: plain_row(row) | {"label": _label(row["action"])} for row in rows}
    return found


_TOLD = text("""
    SELECT e.id, e.subject_kind AS kind, j.code AS project, e.seq, e.action, e.decided_on, e.recorded_at, e.number,
           e.note, p.name AS recorded_by
    FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by
    LEFT JOIN project AS j ON e.subject_kind = 'project' AND j.id = e.subject_id
    WHERE e.id IN :ids ORDER BY e.id""").bindparams(bindparam("ids", expanding=True))


def _label(action: str) -> str:
    return ENTRY_LABELS[Entry(action)] if action in set(Entry) else STEP[Action(action)].label


# --- cells in words -----------------------------------------------------------------------------------

_WORDS = {
    **{str(source): source.label for source in Source},
    **{str(kind): kind.label for kind in MoneyKind},
    **{str(kind): kind.label for kind in Difficulty},
    **SPAN_LABELS,
    "totals": "Toàn chương trình",
    "planned": "kế hoạch",
    "expected": "ước chi cả năm",
    "estimate": "ước cả năm",
    "projects": "số đề án",
    "money": "kinh phí",
    "difficulties": "khó khăn",
    "stage": "giai đoạn",
    "route": "tuyến",
    "name": "tên đề án",
    "plan_year": "năm kế hoạch",
    "work_year": "năm thực hiện",
    "content_no": "nội dung",
    "label": "loại",
    "kind": "mã loại",
    "what": "việc",
    "day": "ngày",
}


def cell_label(path: Path) -> str:
    """Say what a cell is about: "KC-VL-2024-007: kinh phí, KC địa phương, Thanh toán, trong kỳ"."""
    group, rest = path[0], path[1:]
    if group == "contents":
        group, rest = f"Nội dung {path[1]}", path[2:]
    elif group in ("targets", "projects"):
        group, rest = (f"Chỉ tiêu {path[1]}" if group == "targets" else path[1]), path[2:]
    return f"{_WORDS.get(group, group)}: {', '.join(_WORDS.get(step, step) for step in rest)}"


def cell_value(path: str, value: Any) -> Any:
    """A value as people know it: the label of a stage or a route instead of its code."""
    if value is None:
        return None
    if path.startswith("projects/") and path.endswith("/stage"):
        return stage_label(Stage(value), Route.LOCAL)
    return Route(value).label if path.startswith("projects/") and path.endswith("/route") else value
