"""The candidates of a plan as the ranking sees them: merits, the record of their units, first submission."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from models.plan.rows import candidate_lines
from models.plan.scope import PlanKey, Section, members, plan_key
from models.queries.scope import Where
from models.rulebook import rulebook
from states.actions import Action
from states.facts import Person
from states.folding import quoted
from states.priorities import Merits
from states.ranking import Candidate, Placed, Ranking, Record, rank
from states.refusal import Refused
from states.vocabulary import Kind, Route, Stage, State


def rank_plan(
    session: Session,
    programme: str,
    year: int,
    route: Route,
    *,
    on: date,
    reader: Person | None = None,
) -> Ranking:
    """Rank the new and waiting projects of a year on one route by the priority rules of a day.

    What keeps a project out of the plan does not move its place. A reader with a scope gets the own projects, at their
    places among all, and nothing about the others. Raises Refused for an unknown programme.
    """
    key = plan_key(session, programme, year, route)
    lines = [line for line in candidate_lines(session, key) if line["section"] != Section.CARRIED]
    ranking = rank_lines(session, key, lines, on=on)
    own = members(session, key, reader)
    return _within(ranking, {line["code"] for line in lines if line["id"] in own})


def _within(ranking: Ranking, codes: Collection[str]) -> Ranking:
    placed = []
    for at, one in enumerate(ranking.placed):
        if one.candidate.code in codes:
            is_beside_own = at == 0 or ranking.placed[at - 1].candidate.code in codes
            placed.append(one if is_beside_own or not one.tie else replace(one, tie=TIE_OUTSIDE))
    return replace(ranking, placed=tuple(placed))


#: What is told of a tie with a project that the reader may not see.
TIE_OUTSIDE = "Cùng điểm và xếp sau một đề án ngoài phạm vi xem của bạn; hãy hỏi điều phối viên của Sở."


def rank_lines(session: Session, key: PlanKey, lines: Collection[Mapping[str, Any]], *, on: date) -> Ranking:
    """Rank lines of one route by the priority rules of a day."""
    assert key.route is not None
    book = rulebook(session)
    tables = rank(_candidates(session, lines, on), book.priorities, on, jurisdiction=book.jurisdiction)
    return tables[0] if tables else Ranking(key.route, on, (), ())


def placed_of(ranking: Ranking, code: str) -> Placed:
    """The place of one project. Raises Refused for one that is not ranked."""
    for placed in ranking.placed:
        if placed.candidate.code == code:
            return placed
    raise Refused(f"{quoted(code)} không có trong bảng xếp hạng này; hãy kiểm tra mã, năm và tuyến.")


def _candidates(session: Session, lines: Iterable[Mapping[str, Any]], on: date) -> list[Candidate]:
    listed = list(lines)
    ids = [line["id"] for line in listed]
    owners = {row["id"]: row for row in _rows(session, _OWNERS, ids=ids)}
    submitted = {row["id"]: row["submitted_on"] for row in _rows(session, _SUBMITTED, ids=ids)}
    records = _records(session, {line["unit_id"] for line in listed}, on)
    return [
        Candidate(
            code=line["code"],
            name=line["name"],
            route=Route(line["route"]),
            merits=Merits(
                kind=Kind(line["kind"]),
                activity=line["activity"],
                priorities=tuple(line["priorities"]),
                expected_jobs=line["expected_jobs"],
                women_owned=bool(owners.get(line["id"], {}).get("women")),
                ethnic_minority_owned=bool(owners.get(line["id"], {}).get("minority")),
            ),
            unit=line["unit_name"],
            record=records.get(line["unit_id"], Record()),
            submitted_on=_day(submitted.get(line["id"])),
        )
        for line in listed
    ]


def _rows(session: Session, sql: str, *, ids: Collection[int], **more: Any) -> list[dict[str, Any]]:
    if not ids:
        return []
    where = Where()
    where.add("p.id IN :ids", ids=sorted(ids))
    return where.rows(session, sql, **more)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# A name withdrawn is no owner any more, so names are added up before they are asked.
_OWNERS = """
    SELECT w.id, max(b.women_owned) AS women, max(b.ethnic_minority_owned) AS minority
    FROM (SELECT p.id, n.beneficiary_id FROM project AS p JOIN project_beneficiary AS n ON n.project_id = p.id
          WHERE {where} GROUP BY p.id, n.beneficiary_id HAVING sum(n.direction) > 0) AS w
    JOIN beneficiary AS b ON b.id = w.beneficiary_id GROUP BY w.id"""
# The last one stands: a submission that was undone is no submission. A dossier handed in again is another step.
_SUBMITTED = f"""
    SELECT p.id, max(e.decided_on) AS submitted_on
    FROM project AS p JOIN event AS e ON e.subject_kind = 'project' AND e.subject_id = p.id
    WHERE e.action = '{Action.SUBMIT}' AND {{where}} GROUP BY p.id"""


def _records(session: Session, units: Collection[int], on: date) -> dict[int, Record]:
    """What each unit had done by the end of a day, on both routes and in all programmes."""
    if not units:
        return {}
    where = Where()
    where.add("p.unit_id IN :units", units=sorted(units))
    where.parameters["day"] = on.isoformat()
    return {
        row["unit_id"]: Record(
            approved=row["approved"],
            settled_on_time=row["settled_on_time"],
            stopped=row["stopped"],
            recovered=row["recovered"],
        )
        for row in where.rows(session, _RECORDS)
    }


# What was undone does not count: the stage says what stands, the last event of its step since when.
_RECORDS = f"""
    SELECT t.unit_id, count(CASE WHEN t.action = '{Action.APPROVE}' THEN 1 END) AS approved,
           count(CASE WHEN t.action = '{Action.SETTLE}' AND t.stage = '{Stage.SETTLED}' AND t.late = 0 THEN 1 END)
               AS settled_on_time,
           count(CASE WHEN t.action = '{Action.STOP}' AND t.stage IN (
               '{Stage.STOPPED}', '{Stage.RECOVERING}', '{Stage.RECOVERED}', '{Stage.WRITTEN_OFF}') THEN 1 END)
               AS stopped,
           count(CASE WHEN t.action = '{Action.CLOSE_RECOVERY}' AND t.stage = '{Stage.RECOVERED}' THEN 1 END)
               AS recovered
    FROM (SELECT p.unit_id, p.stage, e.action, max(CAST(e.decided_on AS TEXT)) AS taken_on,
                 (SELECT count(*) FROM deadline AS d
                  WHERE d.project_id = p.id AND d.clock IN ('D-15', 'D-22JAN', 'D-31JAN') AND d.status = 'closed'
                    AND d.stopped_on > d.rolled_on) AS late
          FROM project AS p JOIN event AS e ON e.subject_kind = 'project' AND e.subject_id = p.id
          WHERE p.state IN ('{State.APPROVED}', '{State.IMPLEMENTED}', '{State.SETTLED}') AND {{where}}
            AND e.action IN ('{Action.APPROVE}', '{Action.SETTLE}', '{Action.STOP}', '{Action.CLOSE_RECOVERY}')
          GROUP BY p.id, p.unit_id, p.stage, e.action) AS t
    WHERE t.taken_on <= :day GROUP BY t.unit_id"""
