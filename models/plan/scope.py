"""Which projects stand in the plan of a year, in which section, with how much: the SQL that all figures share.

A project is `new` in its own plan year. It is `waiting` in a later year whose list takes it in: it was waitlisted or
cleared and is not approved yet, or the plan (without one: the decision) of that year approved it. It is `carried`
through every later year into which its work was carried. A year is that of the view; a project belongs to its
programme and to its original plan year for ever, so what is carried is shown and never counted again.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.queries.scope import Where, readable_by
from states.facts import Person
from states.planning import PlanStatus
from states.refusal import Refused
from states.vocabulary import Labelled, Route, Source, Stage, State


class Section(Labelled):
    """Where a project stands in the plan of a year."""

    NEW = "new", "Đề án mới"
    WAITING = "waiting", "Đề án chờ vốn từ năm trước"
    CARRIED = "carried", "Đề án chuyển tiếp"


#: Never asked for, or ended before anything was approved.
_OUT = (Stage.DRAFT, Stage.REJECTED, Stage.WITHDRAWN, Stage.LAPSED)
_WAIT = (Stage.CLEARED, Stage.WAITLISTED)
_AFTER_APPROVAL = (State.APPROVED, State.IMPLEMENTED, State.SETTLED)
#: Ended after the approval, before the work was done: it counts later only with what was accepted.
_STOPPED = (Stage.STOPPED, Stage.RECOVERING, Stage.RECOVERED, Stage.WRITTEN_OFF)


def _among(codes: tuple[Any, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


APPROVED = f"p.state IN ({_among(_AFTER_APPROVAL)})"
#: What a project takes from a source, in đồng: approved after adjustments, else appraised, else asked.
MONEY = f"""CASE WHEN {APPROVED} THEN f.approved + f.adjusted
             WHEN p.state = '{State.APPRAISED}' THEN f.appraised ELSE f.asked END"""
#: What a project brings to a target: accepted once its work is done or stopped, else approved, else planned.
QUANTITY = f"""CASE WHEN p.stage IN ({_among(_STOPPED)}) OR p.state IN ('{State.IMPLEMENTED}', '{State.SETTLED}')
             THEN c.accepted WHEN {APPROVED} THEN c.approved ELSE c.planned END"""
NEW = f"p.programme_id = :programme AND p.plan_year = :year AND p.stage NOT IN ({_among(_OUT)})"
#: The year of the plan that took a project in: a plan is often approved in the December before its year.
_PLANNED = f"""(
    SELECT min(holding.year) FROM (
        SELECT k.year FROM plan_line AS l JOIN plan AS k ON k.id = l.plan_id
        WHERE l.project_id = p.id AND k.status <> '{PlanStatus.DRAFT}'
        GROUP BY k.id, k.year HAVING sum(l.amount * l.direction) > 0) AS holding)"""
#: The year of the decision that stands; one that was taken back line by line grants nothing.
_FUNDED = """(
    SELECT min(granted.year) FROM (
        SELECT CAST(substr(CAST(d.decided_on AS TEXT), 1, 4) AS BIGINT) AS year
        FROM decision_line AS l JOIN decision AS d ON d.id = l.decision_id WHERE l.project_id = p.id
        GROUP BY d.id, d.decided_on HAVING sum(l.amount * l.direction) > 0) AS granted)"""
#: The projects in the lines of the plans of a year; whether they still stand in them is asked of each.
_IN_PLANS = "SELECT l.project_id FROM plan AS k JOIN plan_line AS l ON l.plan_id = k.id WHERE k.year = :year"
# Naming every programme keeps the search on the index of programme and year, which no other condition here has.
_EARLIER = f"""
    SELECT p.id, CASE WHEN {APPROVED} THEN coalesce({_PLANNED}, {_FUNDED}, p.plan_year) ELSE :year END AS listed
    FROM project AS p
    WHERE p.programme_id IN (SELECT id FROM programme) AND p.plan_year < :year
      AND (p.stage IN ({_among(_WAIT)}) AND p.programme_id = :programme
           OR {APPROVED} AND (p.work_year >= :year OR p.id IN ({_IN_PLANS})))"""
#: Projects of earlier years in the view of a year; those approved in a later one are not there yet.
EARLIER = f"""
    SELECT p.id, CASE WHEN e.listed = :year THEN '{Section.WAITING}' ELSE '{Section.CARRIED}' END AS section
    FROM ({_EARLIER}) AS e JOIN project AS p ON p.id = e.id
    WHERE e.listed < :year AND p.work_year >= :year OR e.listed = :year AND p.programme_id = :programme"""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Which plan: of which programme, for which year, and of one route or both (None)."""

    programme_id: int
    programme: str
    programme_name: str
    year: int
    route: Route | None

    @property
    def words(self) -> str:
        """The plan in a sentence: "Kế hoạch năm 2026, khuyến công địa phương"."""
        route = f", {self.route.label.lower()}" if self.route else ""
        return f"Kế hoạch năm {self.year}{route}"

    def where(self, reader: Person | None = None) -> Where:
        """Conditions on `project AS p`, with the parameters that every statement here takes."""
        where = readable_by(reader)
        where.parameters |= {"programme": self.programme_id, "year": self.year}
        if self.route is not None:
            where.add("p.route = :route", route=str(self.route))
        return where


def plan_key(session: Session, programme: str, year: int, route: Route | None = None) -> PlanKey:
    """Find the programme of a plan. Raises Refused for an unknown one and for a year before it begins."""
    where = Where()
    where.add("g.code = :code", code=programme)
    found = where.rows(session, "SELECT g.id, g.code, g.name, g.start_year FROM programme AS g WHERE {where}")
    if not found:
        raise Refused(f"Không có chương trình «{programme}»; hãy xem dean programme list.")
    [row] = found
    if year < row["start_year"]:
        raise Refused(f"Chương trình {row['code']} bắt đầu từ năm {row['start_year']}; hãy ghi năm từ đó trở đi.")
    return PlanKey(row["id"], row["code"], row["name"], year, route)


def members(session: Session, key: PlanKey, reader: Person | None = None) -> dict[int, Section]:
    """The projects of the plan of a year by id, each with its section."""
    where = key.where(reader)
    rows = where.rows(session, _MEMBERS)
    return {row["id"]: Section(row["section"]) for row in rows}


_MEMBERS = f"""
    SELECT p.id, '{Section.NEW}' AS section FROM project AS p WHERE {NEW} AND {{where}}
    UNION ALL
    SELECT p.id, m.section FROM ({EARLIER}) AS m JOIN project AS p ON p.id = m.id WHERE {{where}}"""

#: The counterpart stands in every project's books once, so its rows count the projects.
COUNTED_ONCE = Source.COUNTERPART
