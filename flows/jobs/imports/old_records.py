"""Rows of an old register: ended đề án that somebody vouches for. What stands in the register is never written over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from documents.reading import address
from flows.jobs.imports.comparing import (
    LABELS,
    change_of,
    form_of,
    judged_form,
    names_wanted,
    quantities_told,
    refuse_fixed,
    refuse_new,
    shown,
)
from flows.jobs.imports.rows import Change, Outcome, Row
from models.chain import plain
from models.imports.standing import Standing
from models.loading import load_person
from models.old_records import Correction, OldRecordForm
from models.store import Session
from states.facts import Person
from states.imports.known import Known, ProgrammeNames
from states.imports.wanted import OldEnd, Trouble, Wanted
from states.judge import out_of_scope
from states.old_records import Ended, Told, reasons_against, reasons_against_vouching
from states.refusal import Refused
from states.vocabulary import MoneyKind, Source
from states.words import format_date, format_dong


@dataclass(frozen=True, slots=True)
class OldBook:
    """What a person says beside an old register: who vouches for it (a code), and on what basis.

    `correct` is the reason for which rows that came in before are put right; empty, such rows are refused.
    """

    vouched_by: str
    basis: str
    correct: str = ""


@dataclass(frozen=True, slots=True)
class Old:
    """An old register under way: what was said beside it, and the person who vouches."""

    book: OldBook
    vouching: Person
    today: date


def opened_book(session: Session, by: Person, book: OldBook, today: date) -> Old:
    """Find the person who vouches. Raises Refused for an unknown one, and where the rules let this pair do nothing."""
    if not book.vouched_by.strip():
        raise Refused("Phải ghi ai xác nhận sổ cũ (--vouched-by MÃ_NGƯỜI); người xác nhận khác người nhập.")
    vouching = load_person(session, book.vouched_by.strip())
    if reasons := reasons_against_vouching(by, vouching, book.basis):
        raise Refused(*reasons)
    return Old(book, vouching, today)


def compare_old_new(
    wanted: Wanted,
    *,
    by: Person,
    vouching: Person,
    programme: ProgrammeNames,
    unit_ids: Mapping[str, int],
    place_codes: Mapping[int, str],
    today: date,
) -> Row:
    """Make the form of an old record, with everything that keeps the row from becoming one."""
    refuse_new(wanted, by=by, programme=programme, unit_ids=unit_ids)
    if wanted.unit is not None:
        reasons = out_of_scope(vouching, unit_ids[wanted.unit], wanted.values.get("place_id"))
        wanted.troubles += [Trouble(wanted.places.get("unit"), reason) for reason in reasons]
    if wanted.troubles or wanted.end is None:
        return Row.wrong(wanted)
    form = form_of(wanted, programme, place_codes) | _end_of(wanted, wanted.end)
    row = judged_form(wanted, form, OldRecordForm)
    if row.outcome is Outcome.WRONG:
        return row
    _refuse_impossible(wanted, OldRecordForm.model_validate(form).ended, today)
    return Row.wrong(wanted) if wanted.troubles else row


def _end_of(wanted: Wanted, end: OldEnd) -> dict[str, Any]:
    return {
        "amounts": {},
        "stage": end.stage,
        "approved": end.approved,
        "settled": end.settled,
        "counterpart": wanted.amounts.get(Source.COUNTERPART, 0),
        "asked": end.asked,
        "decision": end.decision,
        "decided_on": end.decided_on,
        "settled_on": end.settled_on,
        "status": end.status,
    }


def _refuse_impossible(wanted: Wanted, ended: Ended, today: date) -> None:
    for told, sentence in reasons_against(ended, today):
        column = wanted.places.get("counterpart" if told is Told.COUNTERPART else str(told))
        wanted.troubles.append(Trouble(column, sentence))


# --- what came in before ------------------------------------------------------------------------------


def compare_old_standing(
    wanted: Wanted, standing: Standing, said: Mapping[str, Any] | None, *, old: Old, known: Known
) -> Row:
    """Hold a row against the project that stands: the same, a correction with its reason, or refused.

    `said` is what the old register told of it before, None of a project that was worked on here.
    """
    code = standing.loaded.facts.code
    where = wanted.places.get("name", wanted.places.get("code"))
    if said is None:
        sentence = f"Đề án {code} được lập và làm trong hệ thống; sổ cũ không ghi đè lên, hãy bỏ dòng này."
        wanted.troubles.append(Trouble(where, sentence))
    refuse_fixed(wanted, standing)
    if wanted.troubles or said is None or wanted.end is None:
        return Row.wrong(wanted)
    stood = _stood(standing, said)
    ended = _ended(wanted, wanted.end, stood)
    _refuse_impossible(wanted, ended, old.today)
    values, changes = _changed_values(wanted, standing, known)
    names = names_wanted(wanted, standing)
    if names is not None:
        now = [known.beneficiaries[one] for one in names] + [firm.name for firm in wanted.fresh]
        was_named = "; ".join(known.beneficiaries[one] for one in standing.beneficiaries)
        changes.append(change_of(wanted, "beneficiaries", "đơn vị thụ hưởng", was_named, "; ".join(now)))
    decision = wanted.end.decision or str(said["decision"])
    changes += _changed_end(wanted, stood, ended, str(said["decision"]), decision)
    if changes and not old.book.correct.strip():
        told = "; ".join(f"{one.label}: {one.was} → {one.now}" for one in changes)
        sentence = (
            f"Đề án {code} đã nhập từ sổ cũ và ghi khác ({told}); nếu dòng này mới đúng, hãy nhập lại kèm lý do sửa "
            "(--correct LÝ_DO)."
        )
        wanted.troubles.append(Trouble(where, sentence))
    if wanted.troubles:
        return Row.wrong(wanted)
    correction = Correction(ended, values, names, decision, wanted.end.status or str(said["status"]))
    return Row(
        number=wanted.row + 1,
        outcome=Outcome.CHANGED if changes else Outcome.SAME,
        code=code,
        name=standing.row["name"],
        wanted=wanted,
        changes=changes,
        notes=wanted.notes,
        form={"correction": correction},
        version=standing.loaded.facts.version,
    )


def _stood(standing: Standing, said: Mapping[str, Any]) -> Ended:
    facts = standing.loaded.facts
    days = {name: said[name] and date.fromisoformat(said[name]) for name in ("decided_on", "settled_on")}
    return Ended(
        stage=facts.stage,
        route=facts.route,
        plan_year=facts.plan_year,
        approved=facts.amount(MoneyKind.APPROVED),
        settled=facts.amount(MoneyKind.SETTLED),
        counterpart=facts.amount(MoneyKind.APPROVED, Source.COUNTERPART),
        asked=facts.amount(MoneyKind.ASKED),
        targets=dict(facts.quantities),
        **days,
    )


def _ended(wanted: Wanted, end: OldEnd, stood: Ended) -> Ended:
    """What the row says now; what it leaves out stays."""
    if end.stage is None or end.approved is None or end.settled is None:
        raise AssertionError("a row without its end, approval or settlement has been refused before")
    targets = stood.targets if wanted.targets is None else {t: n for t, n in wanted.targets.items() if n}
    return Ended(
        stage=end.stage,
        route=stood.route,
        plan_year=stood.plan_year,
        approved=end.approved,
        settled=end.settled,
        counterpart=wanted.amounts.get(Source.COUNTERPART, stood.counterpart),
        asked=end.asked or (stood.asked if end.approved == stood.approved else end.approved),
        targets=targets,
        decided_on=end.decided_on or stood.decided_on,
        settled_on=end.settled_on or stood.settled_on,
    )


def _changed_values(wanted: Wanted, standing: Standing, known: Known) -> tuple[dict[str, Any], list[Change]]:
    row = standing.row
    values = {
        name: value
        for name, value in wanted.values.items()
        # What was only guessed or chosen for rows without it changes nothing that stands.
        if name in wanted.places and plain(row[name]) != plain(value)
    }
    changes = [
        change_of(wanted, name, LABELS[name], shown(name, row[name], known), shown(name, value, known))
        for name, value in values.items()
    ]
    if "content" in wanted.places and wanted.content not in (None, row["content_no"]):
        values["content_no"] = wanted.content
        changes.append(change_of(wanted, "content", "nội dung", str(row["content_no"]), str(wanted.content)))
    return values, changes


def _changed_end(wanted: Wanted, was: Ended, now: Ended, said: str, decision: str) -> list[Change]:
    def day(value: date | None) -> str:
        return format_date(value) if value else "(trống)"

    pairs = (
        ("stage", Told.STAGE.label, was.stage.label, now.stage.label),
        ("approved", Told.APPROVED.label, format_dong(was.approved), format_dong(now.approved)),
        ("asked", "kinh phí đề nghị", format_dong(was.asked), format_dong(now.asked)),
        ("settled", Told.SETTLED.label, format_dong(was.settled), format_dong(now.settled)),
        (str(Source.COUNTERPART), Told.COUNTERPART.label, format_dong(was.counterpart), format_dong(now.counterpart)),
        ("targets", "chỉ tiêu đạt được", quantities_told(was.targets), quantities_told(now.targets)),
        ("decision", "quyết định phê duyệt", said or "(trống)", decision or "(trống)"),
        ("decided_on", Told.DECIDED_ON.label, day(was.decided_on), day(now.decided_on)),
        ("settled_on", Told.SETTLED_ON.label, day(was.settled_on), day(now.settled_on)),
    )
    return [change_of(wanted, name, label, before, after) for name, label, before, after in pairs if before != after]


def cells_of(wanted: Wanted) -> dict[str, str]:
    """Where each value of a row stood, by the address that the person's program shows."""
    return {name: address(wanted.row, column) for name, column in sorted(wanted.places.items())}
