"""Bring in đề án that ended before the register knew of them, by one event each. What that means: `states.old_records`.

The event says who vouches and on what basis, and in `more` where it was read: the imported file by number and hash, the
row, and the cell of each value. `dean verify`, replay and reconciliation know it as they know every other event.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import Field
from sqlmodel import Session

from models.append import SELF, Appended, Draft, Origin, append
from models.chain import plain
from models.forms import Amount, Line, ProjectForm
from models.loading import Loaded, load_project
from models.naming import renamed_lines
from models.project_checks import impossible_quantities, unknown_beneficiaries, unknown_content, unknown_targets
from models.project_values import entered, named_lines, opening_values, search_text, unopened_targets
from models.queries.places import gazetteer
from models.stale import refuse_stale
from models.statement import Statement
from models.subjects import row_of
from states.actions import Entry
from states.effects import QuantityKind
from states.facts import OFFICE_TIME, Person
from states.judge import out_of_scope
from states.lifecycle import PLANNED
from states.old_records import (
    STATE_AT,
    Ended,
    Levels,
    Work,
    money_of,
    reasons_against,
    reasons_against_vouching,
    work_of,
)
from states.refusal import Refused
from states.vocabulary import Source, Stage


@dataclass(frozen=True, slots=True)
class Vouching:
    """Who vouches for an old record and on what basis, and where it was read (`more` of the event)."""

    person: Person
    basis: str
    read_in: Mapping[str, Any] = field(default_factory=dict)


class OldRecordForm(ProjectForm):
    """An ended đề án as an old register tells it. `targets` are the quantities reached; `amounts` are not used.

    `asked` is 0 where only the approved support is told; `status` is the end in the words of the old register.
    """

    stage: Stage
    approved: Amount
    settled: Amount
    counterpart: Amount = 0
    asked: Amount = 0
    decision: Line = ""
    decided_on: date | None = None
    settled_on: date | None = None
    status: Line = Field(default="")

    @property
    def ended(self) -> Ended:
        return Ended(
            stage=self.stage,
            route=self.route,
            plan_year=self.plan_year,
            approved=self.approved,
            settled=self.settled,
            counterpart=self.counterpart,
            asked=self.asked,
            targets=self.targets,
            decided_on=self.decided_on,
            settled_on=self.settled_on,
        )


def bring_in(
    session: Session, form: OldRecordForm, vouching: Vouching, *, by: Person, origin: Origin, note: str = ""
) -> str:
    """Record an ended đề án with one event, and return its code.

    Raises Refused for what keeps the form from becoming a project, for what cannot have been so, for a person who may
    not bring it in, and for one who may not vouch: outside the own scope, or the very person who brings it in.
    """
    register = entered(session, form, by)
    ended, today = form.ended, office_day(origin)
    refuse_vouching(by, vouching, register.unit_id, register.place_id)
    if reasons := [sentence for _, sentence in reasons_against(ended, today)]:
        raise Refused(*reasons)
    values = opening_values(form, register, by, origin) | _standing(ended) | {"vouched_by": vouching.person.id}
    levels, work = money_of(ended), work_of(ended)
    draft = Draft(
        kind="project",
        action=str(Entry.BRING_IN),
        set=values,
        lines={
            "money_entry": list(_money(SELF, levels, {})),
            "quantity_entry": list(_quantities(SELF, work, {})),
            "project_beneficiary": named_lines(form.beneficiaries),
        },
        opens_sources=(str(ended.fund), str(Source.COUNTERPART)),
        opens_targets=tuple(sorted({target for target, _ in work})),
        to_stage=str(ended.stage),
        decided_on=ended.counts_from(today),
        number=form.decision,
        note=note,
        more=_told(session, vouching, ended, form.decision, form.status, register.place_id),
    )
    append(session, [draft], origin)
    return register.code


@dataclass(frozen=True, slots=True)
class Correction:
    """What an old record shall say from now on; None where it stays.

    `values` are columns of the project; `ended` holds all figures, those that stay among them.
    """

    ended: Ended
    values: Mapping[str, Any] = field(default_factory=dict)
    beneficiaries: tuple[int, ...] | None = None
    decision: str = ""
    status: str = ""


def correct_old_record(
    session: Session,
    code: str,
    correction: Correction,
    vouching: Vouching,
    *,
    by: Person,
    origin: Origin,
    note: str,
    seen_version: int | None = None,
) -> Appended:
    """Say anew what an old record says, by a second event of the same kind with the reason in `note`.

    What the record said before stays in its first event; sums change by the difference. Raises Refused for a project
    that was worked on here, for the reasons for which it would not be brought in, and where nothing changes.
    """
    loaded = load_project(session, code, lock=True)
    refuse_stale(session, loaded, seen_version)
    was = row_of(session, "project", loaded.id)
    ended, today = correction.ended, office_day(origin)
    refuse_vouching(by, vouching, loaded.facts.unit_id, correction.values.get("place_id", loaded.facts.place_id))
    if reasons := list(_refused(session, loaded, correction, note, today)):
        raise Refused(*reasons)
    named = correction.beneficiaries
    money, work = money_of(ended), work_of(ended)
    stood = {key: amount for key, amount in loaded.facts.money.items() if amount}
    wanted = {**correction.values, **_standing(ended), "vouched_by": vouching.person.id}
    changed = {column: value for column, value in wanted.items() if plain(was[column]) != plain(value)}
    if changed.keys() & {"name", "objectives"}:
        merged = was | changed
        changed["search_text"] = search_text(merged["code"], merged["name"], merged["objectives"])
    draft = Draft(
        kind="project",
        action=str(Entry.BRING_IN),
        subject_id=loaded.id,
        version=loaded.facts.version,
        previous=loaded.previous,
        set=changed,
        was={column: was[column] for column in changed},
        lines={
            "money_entry": list(_money(loaded.id, money, stood)),
            "quantity_entry": list(_quantities(loaded.id, work, work_stood(session, loaded.id))),
            "project_beneficiary": [] if named is None else renamed_lines(session, loaded.id, named),
        },
        opens_targets=unopened_targets(session, loaded.id, {target for target, _ in work}),
        from_stage=str(loaded.facts.stage),
        to_stage=str(ended.stage),
        decided_on=ended.counts_from(today),
        number=correction.decision,
        note=note,
        more=_told(
            session,
            vouching,
            ended,
            correction.decision,
            correction.status,
            wanted.get("place_id", loaded.facts.place_id),
        ),
    )
    return append(session, [draft], origin)[0]


def work_stood(session: Session, project_id: int) -> Work:
    """What a project has booked towards each target."""
    rows = _WORK.rows(session, id=project_id)
    return {(row.target_code, kind): n for row in rows for kind in QuantityKind if (n := getattr(row, kind))}


_WORK = Statement("SELECT * FROM contribution WHERE project_id = :id ORDER BY target_code")


def office_day(origin: Origin) -> date:
    return origin.at.astimezone(OFFICE_TIME).date()


def refuse_vouching(by: Person, vouching: Vouching, unit_id: int, place_id: int | None) -> None:
    """Raise Refused unless `by` may bring in, and the other person may vouch for, a project of this unit and place."""
    reasons = reasons_against_vouching(by, vouching.person, vouching.basis)
    for one in (by, vouching.person):
        reasons += out_of_scope(one, unit_id, place_id)
    if reasons:
        raise Refused(*dict.fromkeys(reasons))


def _refused(session: Session, loaded: Loaded, wanted: Correction, note: str, today: date) -> Iterator[str]:
    if not loaded.facts.is_vouched:
        yield f"Đề án {loaded.facts.code} được lập và làm trong hệ thống; không ghi đè bằng sổ cũ."
    if not note.strip():
        yield "Phải ghi lý do sửa (--correct LÝ_DO)."
    yield from (sentence for _, sentence in reasons_against(wanted.ended, today))
    yield from unknown_beneficiaries(session, wanted.beneficiaries or ())
    yield from unknown_targets(session, loaded.programme_id, wanted.ended.targets)
    yield from impossible_quantities(wanted.ended.targets)
    if "content_no" in wanted.values:
        yield from unknown_content(session, loaded.programme_id, wanted.values["content_no"])
    if wanted.ended.route is not loaded.facts.route or wanted.ended.plan_year != loaded.facts.plan_year:
        yield "Tuyến và năm kế hoạch nằm trong mã và nguồn kinh phí nên không sửa được."


# --- what the event says ------------------------------------------------------------------------------


def _standing(ended: Ended) -> dict[str, Any]:
    """The columns that follow from the end. The last day of a paper is one that was told, or none."""
    days = [day for day in (ended.decided_on, ended.settled_on) if day is not None]
    return {
        "state": STATE_AT[ended.stage],
        "stage": ended.stage,
        "counted": int(ended.stage in PLANNED),
        "decided_on": max(days, default=None),
    }


def _told(
    session: Session, vouching: Vouching, ended: Ended, decision: str, status: str, place_id: int | None
) -> dict[str, Any]:
    """Who vouches and on what basis, the days that were told, and the place by its name of that time."""
    on = date(ended.plan_year, 1, 1).isoformat()
    return {
        **vouching.read_in,
        "vouched_by": vouching.person.id,
        "basis": vouching.basis.strip(),
        "status": status,
        "approval": {"number": decision, "on": ended.decided_on},
        "ended_on": ended.settled_on,
        "place_then": gazetteer(session).name(place_id, on=on),
    }


def _money(project: Any, wanted: Levels, stood: Levels) -> Iterator[dict[str, Any]]:
    for (source, kind), change in _changes(wanted, stood):
        line = {"project_id": project, "beneficiary_id": None, "source": source, "kind": kind}
        yield line | {"amount": abs(change), "direction": 1 if change > 0 else -1}


def _quantities(project: Any, wanted: Work, stood: Work) -> Iterator[dict[str, Any]]:
    for (target, kind), change in _changes(wanted, stood):
        line = {"project_id": project, "target_code": target, "kind": kind}
        yield line | {"quantity": abs(change), "direction": 1 if change > 0 else -1}


def _changes(wanted: Mapping[Any, int], stood: Mapping[Any, int]) -> Iterator[tuple[Any, int]]:
    """What each sum has to change by, in the order in which it is told, those that fall to 0 last."""
    for key in dict.fromkeys((*wanted, *stood)):
        if change := wanted.get(key, 0) - stood.get(key, 0):
            yield key, change
