"""Clocks that move with the steps: the same rows step by step as made anew, pauses, contracts, calendar changes."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models import ledger
from models.append import Origin
from models.calendars import confirm_year, set_days, set_rule
from models.deadlines import rebuild
from models.queries.deadlines import deadline_proof, deadlines_of, due_list
from models.tables import Deadline
from models.verify import verify
from states.actions import Action
from states.counting import Workdays
from states.facts import Enclosure
from states.lifecycle import ENDS
from states.refusal import Refused
from states.steps import STEPS
from states.vocabulary import Paper, Role, Route, Source, Stage

#: Who could record a step, by role.
PEOPLE = {
    Role.CENTRE_OFFICER: ("an",),
    Role.COORDINATOR: ("binh", "bach"),
    Role.LEADER: ("chi", "chau"),
    Role.FINANCE: ("dung",),
}
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def rows(office: Any, code: str, clock: str | None = None) -> list[dict[str, Any]]:
    with office.store.read() as session:
        found = deadlines_of(session, code, as_of=office.today, every=True)
    return [row for row in found if clock in (None, row["kind"])]


def one(office: Any, code: str, clock: str) -> dict[str, Any]:
    [row] = rows(office, code, clock)
    return row


def opened_2026(office: Any, **changes: Any) -> str:
    """A draft of plan year 2025 whose steps are taken in March 2026, in a confirmed calendar."""
    office.at = MONDAY
    code: str = office.open(plan_year=2025, **changes)
    return code


def test_submitting_opens_the_office_check_of_five_workdays(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(opened_2026(office), Stage.SUBMITTED)

    check = one(office, code, "D-CHECK")

    assert (check["started_on"], check["due_on"], check["safe_on"]) == ("2026-03-03", "2026-03-10", "2026-03-10")
    assert (check["statutory"], check["standing"], check["provisional"]) == (False, "nội bộ", False)
    assert check["left"] == "Còn 5 ngày làm việc"


def test_returning_pauses_the_appraisal_and_resubmitting_adds_exactly_the_pause(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(opened_2026(office), Stage.APPRAISING)
    before = one(office, code, "D-APPR")

    office.step(code, "return", "binh", number="TB1", note="Thiếu báo giá", missing=("báo giá",))
    paused = one(office, code, "D-APPR")
    office.at += timedelta(days=7)
    office.step(code, "resubmit", "an", papers=(Enclosure(Paper.OTHER, title="báo giá"),))
    office.step(code, "start_appraisal", "binh", number="02")
    after = one(office, code, "D-APPR")

    # Returned on Thursday 05/03, appraised again from Saturday 14/03: six workdays (06, 09–13/03) do not count.
    assert (before["due_on"], paused["due_on"], paused["left"]) == ("2026-03-25", None, "Tạm dừng")
    assert after["due_on"] == "2026-04-02"


def test_proof_sheet_counts_as_many_days_as_the_rule_and_shows_the_pause(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(opened_2026(office), Stage.APPRAISING)
    office.step(code, "return", "binh", number="TB1", note="Thiếu báo giá", missing=("báo giá",))
    office.at += timedelta(days=7)
    office.step(code, "resubmit", "an", papers=(Enclosure(Paper.OTHER, title="báo giá"),))
    office.step(code, "start_appraisal", "binh", number="02")

    with office.store.read() as session:
        [sheet] = deadline_proof(session, code, "D-APPR")

    counted = [day for day in sheet["days"] if day["counted"]]
    skipped = [day["date"] for day in sheet["days"] if "Tạm dừng" in day["reason"]]
    assert [day["ordinal"] for day in counted] == list(range(1, 16))
    assert skipped == ["2026-03-06", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]
    assert [event["action"] for event in sheet["events"]] == ["start_appraisal", "return", "start_appraisal"]
    assert (sheet["paused"], sheet["rolled_on"]) == (6, "2026-04-02")


def test_local_route_shows_no_national_law(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.ACCEPTED)

    kinds = {row["kind"] for row in rows(office_on_both, code) if row["status"] == "open"}

    assert kinds == {"D-31JAN"}


def test_national_settlement_is_due_fifteen_days_after_acceptance(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(route=Route.NATIONAL), Stage.ACCEPTED)

    term, latest = one(office, code, "D-15"), one(office, code, "D-22JAN")

    accepted_on = office.today
    assert term["printed_on"] == (accepted_on + timedelta(days=15)).isoformat()
    assert (latest["due_on"], latest["governed_by"]) == ("2025-01-22", "D-15")
    assert (term["statutory"], term["governed_by"]) == (True, None)


def test_22_january_governs_when_it_comes_before_the_fifteen_days(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(route=Route.NATIONAL), Stage.AWAITING_ACCEPTANCE)
    office.at = datetime(2024, 12, 29, 2, tzinfo=UTC)
    accept(office, code, {Source.NATIONAL_FUND: 300_000_000})
    office.at = datetime(2025, 1, 2, 2, tzinfo=UTC)

    term, latest = one(office, code, "D-15"), one(office, code, "D-22JAN")

    assert (term["printed_on"], term["governed_by"], latest["governed_by"]) == ("2025-01-14", None, "D-15")


def accept(office: Any, code: str, amounts: dict[Source, int]) -> None:
    office.step(code, "accept", "chi", number="5a", signer="Lê Minh Chi", amounts=amounts, quantities={"T2_2": 1})


def contract_of_two(office: Any) -> tuple[str, str]:
    codes = tuple(office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2))
    office.sign(*codes)
    for code in codes:
        office.bring(code, Stage.AWAITING_ACCEPTANCE)
    return codes[0], codes[1]


def test_settlement_term_hangs_on_the_last_acceptance_of_the_contract(office_on_both: Any) -> None:
    office = office_on_both
    first, second = contract_of_two(office)

    accept(office, first, {Source.NATIONAL_FUND: 300_000_000})
    waiting = rows(office, first, "D-15")
    office.at += timedelta(days=20)
    accept(office, second, {Source.NATIONAL_FUND: 300_000_000})

    due = (office.today + timedelta(days=15)).isoformat()
    assert waiting == []
    assert [one(office, code, "D-15")["printed_on"] for code in (first, second)] == [due, due]


def test_stopping_the_last_open_project_lets_the_contract_term_start(office_on_both: Any) -> None:
    office = office_on_both
    first, second = contract_of_two(office)
    accept(office, first, {Source.NATIONAL_FUND: 300_000_000})
    accepted_on = office.today

    office.step(second, "stop", "binh", number="9/QĐ", signer="Bộ trưởng", note="Ngừng", decided_on=office.today)

    assert one(office, first, "D-15")["started_on"] == accepted_on.isoformat()


def test_carrying_over_starts_the_year_end_anew(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)

    office.step(code, "carry_over", "binh", number="9/QĐ-UBND", signer="PCT", note="Mưa lũ", decided_on=office.today)

    ends = [(row["status"], row["due_on"]) for row in rows(office, code, "D-END")]
    assert ends == [("closed", "2024-12-31"), ("open", "2025-12-31")]


def test_reverting_a_step_puts_its_clocks_back(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(opened_2026(office), Stage.SUBMITTED)
    before = rows(office, code)
    office.step(code, "start_appraisal", "binh", number="02")

    office.step(code, "revert", "bach", number="PS1", note="Ghi nhầm đề án")

    kept = ("kind", "status", "started_on", "due_on", "stopped_on")
    assert [[row[key] for key in kept] for row in rows(office, code)] == [[row[key] for key in kept] for row in before]


def test_ends_stop_every_clock(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPRAISING)

    office.step(code, "withdraw", "an", number="CV", note="Cơ sở không tham gia nữa")

    assert {row["status"] for row in rows(office, code)} == {"closed"}


def test_switching_the_24th_of_november_on_moves_what_spans_it_and_tells_whom(office_on_both: Any) -> None:
    office = office_on_both
    office.at = datetime(2026, 11, 18, 1, tzinfo=UTC)
    code = office.bring(office.open(plan_year=2025), Stage.SUBMITTED)
    before = one(office, code, "D-CHECK")["due_on"]

    with office.store.write() as session:
        moved = set_days(
            session,
            {date(2026, 11, 24): "off"},
            name="",
            basis="Nghị quyết có hiệu lực",
            origin=Origin(office.at, None),
        )

    assert (before, one(office, code, "D-CHECK")["due_on"]) == ("2026-11-26", "2026-11-27")
    assert [(move.project, move.rule, move.now) for move in moved.listed] == [(code, "D-CHECK", date(2026, 11, 27))]


def test_calendar_change_is_an_event_that_counts_the_moved(office_on_both: Any) -> None:
    office = office_on_both
    office.at = datetime(2026, 11, 18, 1, tzinfo=UTC)
    office.bring(office.open(plan_year=2025), Stage.SUBMITTED)

    with office.store.write() as session:
        set_days(session, {date(2026, 11, 24): "off"}, name="", basis="NQ", origin=Origin(office.at, None))

    with office.store.read() as session:
        body = session.connection().execute(text("SELECT body FROM event ORDER BY id DESC LIMIT 1")).scalar_one()
    assert '"kind":"calendar"' in body
    assert '"more":{"moved":1}' in body


def test_contradicting_swap_is_refused_and_nothing_changes(office_on_both: Any) -> None:
    with pytest.raises(Refused), office_on_both.store.write() as session:
        set_days(
            session,
            {date(2026, 8, 31): "work"},
            name="",
            basis="Không có ngày đổi",
            origin=Origin(office_on_both.at, None),
        )

    with office_on_both.store.read() as session:
        assert session.connection().execute(text("SELECT version FROM calendar")).scalar_one() == 1


def test_unconfirmed_year_is_provisional_until_somebody_confirms_it(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SUBMITTED)
    before = one(office, code, "D-CHECK")["provisional"]

    with office.store.write() as session:
        confirm_year(session, 2024, basis="Thông báo 5015/TB-LĐTBXH", origin=Origin(office.at, None))

    assert (before, one(office, code, "D-CHECK")["provisional"]) == (True, False)


def test_changing_an_office_rule_does_not_move_a_clock_that_runs(office_on_both: Any) -> None:
    office = office_on_both
    old = office.bring(opened_2026(office), Stage.SUBMITTED)
    with office.store.write() as session:
        set_rule(
            session,
            "D-CHECK",
            {"effective_until": date(2026, 3, 3)},
            note="Quy chế mới",
            origin=Origin(office.at, None),
        )

    assert one(office, old, "D-CHECK")["due_on"] == "2026-03-10"


def test_statutory_rule_cannot_be_edited(office_on_both: Any) -> None:
    with pytest.raises(Refused) as refused, office_on_both.store.write() as session:
        set_rule(session, "D-15", {"length": 30}, note="Cho dễ", origin=Origin(office_on_both.at, None))

    assert "là luật" in refused.value.reasons[0]


def test_due_list_puts_the_overdue_first_and_ends_seven_workdays_ahead(office_on_both: Any) -> None:
    office = office_on_both
    late = office.bring(opened_2026(office), Stage.SUBMITTED)
    office.at = datetime(2026, 3, 12, 1, tzinfo=UTC)
    soon = office.bring(office.open(plan_year=2025), Stage.SUBMITTED)

    with office.store.read() as session:
        found = due_list(session, as_of=date(2026, 3, 13), within=Workdays(7))

    assert [(row["project"], row["left"]) for row in found] == [
        (late, "Quá hạn 3 ngày làm việc"),
        (soon, "Còn 5 ngày làm việc"),
    ]


def test_registration_of_next_year_is_due_on_the_last_workday_before_20_june(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        found = due_list(session, as_of=date(2026, 6, 15), within=Workdays(7))

    assert [(row["kind"], row["due_on"], row["left"]) for row in found] == [
        ("D-REG", "2026-06-19", "Còn 4 ngày làm việc")
    ]


FLIPS = {
    "started_on": "'2020-01-01'",
    "printed_on": "'2020-01-01'",
    "rolled_on": "'2020-01-01'",
    "safe_on": "'2020-01-01'",
    "stopped_on": "'2020-01-01'",
    "rule": "'D-ADJ'",
    "clock": "'D-ADJ'",
    "route": "'national'",
    "status": "'closed'",
    "pauses": "'[1]'",
}


@pytest.mark.parametrize("column", Deadline.__table__.columns.keys())  # type: ignore[attr-defined]
def test_changed_deadline_is_found_and_made_anew(office: Any, column: str) -> None:
    office.bring(office.open(), Stage.SUBMITTED)
    before = verify(office.store)
    with office.store.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        flipped = FLIPS.get(column, f"1 + coalesce({column}, 0)")
        connection.exec_driver_sql(f"UPDATE deadline SET {column} = {flipped} WHERE clock = 'D-CHECK'")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")

    found = verify(office.store)

    assert before.ok
    assert {problem.table for problem in found.problems} == {"deadline"}


def test_rebuild_repairs_a_changed_deadline(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SUBMITTED)
    right = rows(office, code)
    with office.store.writer.begin() as connection:
        connection.execute(text("UPDATE deadline SET rolled_on = '2030-01-01'"))

    with office.store.write() as session:
        repaired = rebuild(session)

    assert (repaired, rows(office, code)) == (1, right)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_clocks_moved_step_by_step_equal_clocks_made_anew(office_on_both: Any, seed: int) -> None:
    """Random lawful lives of both routes: `rebuild` finds no row to change."""
    chance = random.Random(seed)
    codes = [office_on_both.open(route=chance.choice(list(Route))) for _ in range(6)]
    taken = 0

    for _ in range(250):
        code = chance.choice(codes)
        taken += _some_step(office_on_both, code, chance)

    with office_on_both.store.write() as session:
        assert rebuild(session) == 0
    assert taken > 60


def _some_step(office: Any, code: str, chance: random.Random) -> int:
    """Try one random step with everything a step could ask for; answer whether it was lawful."""
    facts = office.facts(code)
    open_now = [step for step in STEPS if facts.stage in step.sources and facts.route in step.authorities]
    step = chance.choice(open_now)
    office.at += timedelta(hours=chance.randrange(1, 60))
    if step.target in ENDS and chance.random() < 0.8:
        return 0
    person = chance.choice([code for role, codes in PEOPLE.items() if role in step.recorders for code in codes])
    typed: dict[str, Any] = {
        "number": f"S{office.at:%m%d%H}",
        "signer": "Hồ Khoa",
        "note": "theo hồ sơ",
        "decided_on": office.today,
        "papers": tuple(step.papers),
    }
    if step.money is not None:
        typed["amounts"] = {facts.fund: chance.choice((100, 200, 300)) * 1_000_000}
    if step.action is Action.ACCEPT:
        typed["quantities"] = {"T2_2": 1}
    if step.action in (Action.RETURN, Action.RETURN_REVIEW, Action.RETURN_SETTLEMENT):
        typed["missing"] = ("báo giá",)
    if step.action in (Action.RESUBMIT, Action.RESUBMIT_REVIEW):
        typed["papers"] = (Enclosure(Paper.OTHER, title="báo giá"),)
    if len(step.authorities[facts.route]) > 1:
        typed["authority"] = step.authorities[facts.route][-1]
    try:
        if step.action is Action.APPROVE:
            office.approve(code, total=facts.money[(facts.fund, "appraised")], number=typed["number"])
            return 1
        with office.store.write() as session:
            ledger.advance(session, code, office.order(str(step.action), person, session, typed))
    except Refused:
        return 0
    return 1
