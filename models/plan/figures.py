"""The yearly plan in figures: by content, source, commune and unit, against the envelope and against the targets.

One statement adds up the rows of the projects by all that the figures are told by; the rest is adding up its few
thousand cells. A plan that was recorded gets the same figures from its own lines. Amounts in đồng.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from models.plan.scope import APPROVED, COUNTED_ONCE, EARLIER, MONEY, NEW, QUANTITY, PlanKey, Section, plan_key
from models.queries.scope import Where, readable_by
from states.facts import Person
from states.vocabulary import Route, Source

SOURCES = tuple(map(str, Source))


@dataclass(frozen=True, slots=True)
class Cell:
    """Projects that have everything in common by which figures are told, and what they take from one source.

    `projects` counts each project once, over its sources; `paying` are those that take something from this one.
    `counted` is False where the money belongs to an earlier year of the envelope.
    """

    section: Section
    content: int
    unit: int
    place: int | None
    source: str
    counted: bool
    projects: int
    paying: int
    amount: int
    released: int


def plan_figures(
    session: Session,
    programme: str,
    year: int,
    route: Route | None = None,
    *,
    with_lines: bool = True,
    reader: Person | None = None,
) -> dict[str, Any]:
    """The candidates of a year with their figures: `lines`, `blocked`, `totals`, `carried`, `envelope`, `targets`.

    New and waiting projects make the totals; what is carried has its own. Drafts are only counted: nobody has handed
    them in. `limited_to` names a reader whose scope leaves out some of them. Raises Refused for an unknown programme.
    """
    # Its statements bring the beneficiaries and the duplicates along, which the figures alone never need.
    from models.plan.rows import candidate_lines

    key = plan_key(session, programme, year, route)
    cells = read_cells(session, key, reader)
    lines = candidate_lines(session, key, reader=reader) if with_lines else []
    return {
        "year": year,
        "route": route and str(route),
        "programme": {"code": key.programme, "name": key.programme_name},
        "lines": lines,
        "blocked": blocked(lines),
        **figures_of(session, key, cells, reader),
        "targets": read_targets(session, key),
        "drafts": _drafts(session, key, reader),
        "limited_to": reader.name if reader is not None and readable_by(reader).conditions else None,
    }


def blocked(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines that something keeps out of the plan, with the sentences that say what.

    What is carried on stands in the plan of its own year, and what is approved is in: an adjustment that is still to
    be decided keeps neither out.
    """
    told = ("code", "name", "section", "blockers")
    return [
        {name: line[name] for name in told}
        for line in lines
        if line["blockers"] and line["section"] != Section.CARRIED and (line["ended"] or not line["approved"])
    ]


def figures_of(session: Session, key: PlanKey, cells: Iterable[Cell], reader: Person | None = None) -> dict[str, Any]:
    """`totals`, `carried` and `envelope` of the cells of a plan; the envelope is one for both routes."""
    own = list(cells)
    names = _Names(session, key)
    planned = [cell for cell in own if cell.section is not Section.CARRIED]
    return {
        "totals": _totals(planned, names),
        "carried": _sum_of([cell for cell in own if cell.section is Section.CARRIED]),
        "envelope": _envelope(session, key, names, planned, reader),
    }


# --- cells --------------------------------------------------------------------------------------------


def read_cells(session: Session, key: PlanKey, reader: Person | None = None) -> list[Cell]:
    """Add up the projects of the plan of a year."""
    where = key.where(reader)
    return [_cell(row) for sql in (_NEW_CELLS, _EARLIER_CELLS) for row in where.rows(session, sql)]


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        section=Section(row["section"]),
        content=row["content_no"],
        unit=row["unit_id"],
        place=row["place_id"],
        source=row["source"],
        counted=bool(row["own"]),
        projects=int(row["projects"]),
        paying=int(row["paying"]),
        amount=int(row["amount"]),
        released=int(row["released"]),
    )


_SUMS = f"""
    count(CASE WHEN f.source = '{COUNTED_ONCE}' THEN 1 END) AS projects,
    count(CASE WHEN {MONEY} > 0 THEN 1 END) AS paying,
    sum({MONEY}) AS amount, sum(f.released) AS released"""
_NEW_CELLS = f"""
    SELECT '{Section.NEW}' AS section, 1 AS own, p.content_no, p.unit_id, p.place_id, f.source, {_SUMS}
    FROM project AS p JOIN funding AS f ON f.project_id = p.id WHERE {NEW} AND {{where}}
    GROUP BY p.content_no, p.unit_id, p.place_id, f.source"""
_EARLIER_CELLS = f"""
    SELECT m.section, CASE WHEN {APPROVED} THEN 0 ELSE 1 END AS own, p.content_no, p.unit_id, p.place_id,
           f.source, {_SUMS}
    FROM ({EARLIER}) AS m JOIN project AS p ON p.id = m.id JOIN funding AS f ON f.project_id = p.id WHERE {{where}}
    GROUP BY m.section, own, p.content_no, p.unit_id, p.place_id, f.source"""


# --- totals -------------------------------------------------------------------------------------------


def _sum_of(cells: Iterable[Cell]) -> dict[str, Any]:
    """The number of projects and the money by source of some cells; a project with two sources counts once."""
    money = dict.fromkeys(SOURCES, 0)
    projects = 0
    for cell in cells:
        projects += cell.projects
        money[cell.source] += cell.amount
    return {"projects": projects, "money": money, "total": sum(money.values())}


def _totals(cells: list[Cell], names: "_Names") -> dict[str, Any]:
    by_content = _grouped(cells, lambda cell: cell.content)
    by_place = _grouped(cells, lambda cell: cell.place)
    by_unit = _grouped(cells, lambda cell: cell.unit)
    return {
        **_sum_of(cells),
        "sections": [
            {"section": str(section), "label": section.label, **_sum_of(c for c in cells if c.section is section)}
            for section in (Section.NEW, Section.WAITING)
        ],
        "contents": [{**head, **_sum_of(by_content.get(no, ()))} for no, head in names.contents.items()],
        "sources": [_source(source, cells) for source in Source],
        "places": sorted(
            ({**names.place(place), **_sum_of(part)} for place, part in by_place.items()),
            key=lambda row: (row["code"] is None, row["code"]),
        ),
        "units": sorted(
            ({**names.unit(unit), **_sum_of(part)} for unit, part in by_unit.items()), key=lambda row: row["code"]
        ),
    }


def _source(source: Source, cells: Iterable[Cell]) -> dict[str, Any]:
    own = [cell for cell in cells if cell.source == source]
    projects, amount = sum(cell.paying for cell in own), sum(cell.amount for cell in own)
    return {"source": str(source), "label": source.label, "projects": projects, "amount": amount}


def _grouped(cells: Iterable[Cell], by: Callable[[Cell], Any]) -> dict[Any, list[Cell]]:
    groups: dict[Any, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(by(cell), []).append(cell)
    return groups


class _Names:
    """What contents, units and places are called: some hundred rows, read once."""

    def __init__(self, session: Session, key: PlanKey) -> None:
        where = Where()
        where.add("n.programme_id = :programme", programme=key.programme_id)
        found = where.rows(session, "SELECT n.no, n.code, n.name FROM content AS n WHERE {where} ORDER BY n.no")
        self.contents = {row["no"]: row for row in found}
        self._units = {row.pop("id"): row for row in Where().rows(session, "SELECT id, code, name FROM unit")}
        self._places = {
            row.pop("id"): row
            for row in Where().rows(session, "SELECT id, code, kind || ' ' || name AS name FROM place")
        }

    def unit(self, unit_id: int) -> dict[str, Any]:
        return self._units[unit_id]

    def place(self, place_id: int | None) -> dict[str, Any]:
        return {"code": None, "name": None} if place_id is None else self._places[place_id]


# --- the envelope -------------------------------------------------------------------------------------


def _envelope(
    session: Session, key: PlanKey, names: _Names, cells: Iterable[Cell], reader: Person | None
) -> list[dict[str, Any]]:
    """Of each content and source: the budget, what earlier years used, what this plan and the other route take.

    Approved after adjustments less released, by original plan year; `remaining` below zero is what goes over.
    """
    where = Where()
    where.parameters |= {"programme": key.programme_id, "year": key.year}
    budget = {(row["content_no"], row["source"]): row["amount"] for row in where.rows(session, _BUDGETS)}
    earlier = {(row["content_no"], row["source"]): int(row["used"]) for row in where.rows(session, _USED_EARLIER)}
    now, beside = _taken(cells), _taken(_of_the_other_route(session, key, reader))
    rows = []
    for no, head in names.contents.items():
        for source in SOURCES:
            at = (no, source)
            row = {
                "budget": budget.get(at, 0),
                "earlier": earlier.get(at, 0),
                "this_year": now.get(at, 0),
                "other_route": beside.get(at, 0),
            }
            remaining = row["budget"] - row["earlier"] - row["this_year"] - row["other_route"]
            rows.append({"content": no, "name": head["name"], "source": source, **row, "remaining": remaining})
    return rows


def _taken(cells: Iterable[Cell]) -> dict[tuple[int, str], int]:
    taken: dict[tuple[int, str], int] = {}
    for cell in cells:
        if cell.counted and cell.section is not Section.CARRIED:
            at = (cell.content, cell.source)
            taken[at] = taken.get(at, 0) + cell.amount - cell.released
    return taken


def _of_the_other_route(session: Session, key: PlanKey, reader: Person | None) -> list[Cell]:
    if key.route is None:
        return []
    other = next(route for route in Route if route is not key.route)
    return read_cells(session, replace(key, route=other), reader)


_BUDGETS = "SELECT content_no, source, amount FROM budget WHERE programme_id = :programme"
_USED_EARLIER = """
    SELECT f.content_no, f.source, sum(f.approved + f.adjusted - f.released) AS used
    FROM project AS p JOIN funding AS f ON f.project_id = p.id
    WHERE p.programme_id = :programme AND p.plan_year < :year GROUP BY f.content_no, f.source"""


# --- the targets --------------------------------------------------------------------------------------


def read_targets(session: Session, key: PlanKey, adds: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """Of each target: what earlier years had accepted and have open, what this plan and the other route add.

    `adds` is what the lines of a recorded plan add; without it the candidates do. `missing` is None where the
    programme sets no number; a range counts with its smaller one.
    """
    where = Where()
    where.parameters |= {"programme": key.programme_id, "year": key.year}
    sums: dict[str, dict[str, int]] = {}
    for row in where.rows(session, _EARLIER_WORK):
        sums[row["target_code"]] = {"accepted": int(row["accepted"]), "open": int(row["open"])}
    here: dict[str, dict[bool, int]] = {}
    own = key.where()
    for sql in (_NEW_WORK, _WAITING_WORK):
        for row in where.rows(session, sql.format(own=own if key.route else "1 = 1"), **own.parameters):
            counted = here.setdefault(row["target_code"], {True: 0, False: 0})
            counted[True] += int(row["own"])
            counted[False] += int(row["other"])
    return [_target(row, sums, here, adds) for row in where.rows(session, _TARGETS)]


def _target(
    row: Mapping[str, Any],
    sums: Mapping[str, Mapping[str, int]],
    here: Mapping[str, Mapping[bool, int]],
    adds: Mapping[str, int] | None,
) -> dict[str, Any]:
    code = row["code"]
    goal = row["quantity"] if row["quantity"] is not None else row["quantity_min"]
    earlier = sums.get(code, {"accepted": 0, "open": 0})
    candidates = here.get(code, {True: 0, False: 0})
    own = candidates[True] if adds is None else adds.get(code, 0)
    reached = earlier["accepted"] + earlier["open"] + own + candidates[False]
    return {
        "code": code,
        "content": row["content_no"],
        "name": row["name"],
        "unit": row["unit"],
        "quantity": goal,
        "accepted_before": earlier["accepted"],
        "open_before": earlier["open"],
        "adds": own,
        "other_route": candidates[False],
        "missing": None if goal is None else max(goal - reached, 0),
    }


_TARGETS = """
    SELECT code, content_no, name, unit, quantity, quantity_min FROM target WHERE programme_id = :programme
    ORDER BY content_no, line"""
_EARLIER_WORK = f"""
    SELECT c.target_code, sum(c.accepted) AS accepted,
           sum(CASE WHEN {APPROVED} THEN ({QUANTITY}) - c.accepted ELSE 0 END) AS open
    FROM project AS p JOIN contribution AS c ON c.project_id = p.id
    WHERE p.programme_id = :programme AND p.plan_year < :year GROUP BY c.target_code"""
_BY_ROUTE = f"""
    sum(CASE WHEN {{own}} THEN {QUANTITY} ELSE 0 END) AS own,
    sum(CASE WHEN {{own}} THEN 0 ELSE {QUANTITY} END) AS other"""
_NEW_WORK = f"""
    SELECT c.target_code, {_BY_ROUTE}
    FROM project AS p JOIN contribution AS c ON c.project_id = p.id WHERE {NEW} GROUP BY c.target_code"""
_WAITING_WORK = f"""
    SELECT c.target_code, {_BY_ROUTE}
    FROM ({EARLIER}) AS m JOIN project AS p ON p.id = m.id JOIN contribution AS c ON c.project_id = p.id
    WHERE m.section = '{Section.WAITING}' AND NOT {APPROVED} GROUP BY c.target_code"""


def _drafts(session: Session, key: PlanKey, reader: Person | None) -> int:
    where = key.where(reader)
    where.add("p.programme_id = :programme AND p.plan_year = :year AND p.stage = 'draft'")
    return int(where.rows(session, "SELECT count(*) AS drafts FROM project AS p WHERE {where}")[0]["drafts"])
