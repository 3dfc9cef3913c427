"""Old records in the register: one event each, in every sum, and never a step, a deadline or a reminder."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.append import Origin
from models.deadlines import rebuild
from models.loading import load_person
from models.old_records import Correction, OldRecordForm, Vouching, bring_in, correct_old_record
from models.projects import amend
from models.queries import history, list_projects, show_project
from models.queries.histories import milestones
from models.queries.judged import judged
from models.queries.old_records import old_records_in
from models.reminders.sweep import sweep
from models.rollups import By, Step, rollups, rows_behind
from models.status import programme_status
from models.store import BrokenLedgerError
from models.verify import verify
from models.waterfall import year_waterfall
from states.lifecycle import OLD_ENDS
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage

TRIEU = 1_000_000
PROGRAMME = "KC-VL-2021-2025"
BASIS = "Sổ theo dõi 2021-2025"


def form(office: Any, **changes: Any) -> OldRecordForm:
    """A dryer of 2022: 300 triệu approved, 280 settled, with the owner's 350."""
    told: dict[str, Any] = {
        "name": "Hỗ trợ máy sấy lúa",
        "programme": PROGRAMME,
        "content": 2,
        "activity": "machinery",
        "route": Route.LOCAL,
        "plan_year": 2022,
        "unit": "ttkc",
        "place": "vl-x-trung-hieu",
        "beneficiaries": (office.beneficiary,),
        "targets": {"T2_2": 1},
        "stage": Stage.SETTLED,
        "approved": 300 * TRIEU,
        "settled": 280 * TRIEU,
        "counterpart": 350 * TRIEU,
        "decision": "512/QĐ-UBND",
        "decided_on": date(2022, 3, 15),
        "status": "Đã thanh lý",
    }
    return OldRecordForm.model_validate(told | changes)


def bring(office: Any, by: str = "binh", vouched_by: str = "chi", basis: str = BASIS, **changes: Any) -> str:
    with office.store.write() as session:
        person, vouching = load_person(session, by), load_person(session, vouched_by)
        origin = Origin(office.at, person.id, "test")
        return bring_in(session, form(office, **changes), Vouching(vouching, basis), by=person, origin=origin)


@pytest.fixture
def later(office_on_both: Any) -> Any:
    """The office in August 2026."""
    office_on_both.at = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
    return office_on_both


@pytest.fixture
def now(office: Any) -> Any:
    """The same, where one database is enough."""
    office.at = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
    return office


def test_an_old_record_comes_in_by_one_event_that_says_who_vouches(later: Any) -> None:
    code = bring(later)

    with later.store.read() as session:
        events, sheet = history(session, code), show_project(session, code)
    [event] = events
    assert (event["label"], event["to"], event["decided_on"], event["number"]) == (
        "Nhập từ sổ cũ",
        "settled",
        None,
        "512/QĐ-UBND",
    )
    assert (event["vouched"]["by_name"], event["vouched"]["basis"]) == ("Lê Minh Chi", BASIS)
    assert (sheet["state"], sheet["stage"], sheet["last_step"], sheet["deadlines"]) == ("settled", "settled", None, [])
    assert sheet["vouched"]["place_then"] == "xã Trung Hiếu, huyện Vũng Liêm, tỉnh Vĩnh Long"
    assert [(stop["state"], stop["reached"], stop["on"]) for stop in milestones(events)] == [
        ("proposed", True, None),
        ("appraised", True, None),
        ("approved", True, "2022-03-15"),
        ("implemented", True, None),
        ("settled", True, None),
    ]
    later.prove()


def test_sums_of_its_year_hold_an_old_record_with_its_mark(later: Any) -> None:
    settled, stopped = bring(later), bring(later, name="Máy ép", stage=Stage.STOPPED, settled=0, plan_year=2023)

    with later.store.read() as session:
        status = programme_status(session, PROGRAMME)
        year = year_waterfall(session, 2022)
        found = rollups(session, PROGRAMME, as_of=later.today)
        months = {(key.year, key.part) for key, figures in found.cells.items() if key.by is By.MONTH and any(figures)}
        behind = rows_behind(session, PROGRAMME, By.TARGET, "T2_2", Step.SETTLED)
        listed = list_projects(session)
        counted = old_records_in(session, PROGRAMME)
    assert status["money"]["local_fund"] == status["money"]["local_fund"] | {
        "planned": 300 * TRIEU,
        "approved": 600 * TRIEU,
        "implemented": 280 * TRIEU,
        "settled": 280 * TRIEU,
    }
    assert (year["sources"]["local_fund"]["settled"], year["projects"][0]["old_record"]) == (280 * TRIEU, True)
    assert (found.agrees, months) == (True, {(2022, "2022-12"), (2023, "2023-12")})
    assert [(row["project"], row["old_record"], row["amount"]) for row in behind] == [
        (settled, True, 1),
        (stopped, True, 1),
    ]
    assert [row["old_record"] for row in listed] == [True, True]
    assert counted == {"projects": 2, "settled": 280 * TRIEU}


def test_the_past_knows_an_old_record_from_the_end_of_its_year(now: Any) -> None:
    code = bring(now)

    with now.store.read() as session:
        then = show_project(session, code, as_of=date(2022, 12, 31))
        with pytest.raises(Refused, match="chưa có đề án"):
            show_project(session, code, as_of=date(2022, 12, 30))
    assert (then["stage"], then["funding"][0]["settled"]) == ("settled", 280 * TRIEU)


def test_nothing_is_ever_due_or_reminded_of_and_no_step_is_open(later: Any) -> None:
    code = bring(later)

    with later.store.write() as session:
        assert rebuild(session) == 0
        for day in (date(2026, 8, 3), date(2026, 12, 31), date(2027, 6, 30)):
            sweep(session, as_of=day, at=later.at)
    with later.store.read() as session:
        count = session.connection().execute(
            text("SELECT (SELECT count(*) FROM deadline) + (SELECT count(*) FROM reminder WHERE subject = :code)"),
            {"code": code},
        )
        assert count.scalar_one() == 0
        for by in ("an", "binh", "chi", "dung", "giang"):
            _, judgements = judged(session, code, later.at, load_person(session, by))
            assert [one.step.action for one in judgements if one.is_open] == []


def test_a_step_is_refused_and_says_that_the_project_came_from_an_old_register(now: Any) -> None:
    code = bring(now)

    with pytest.raises(Refused, match="nhập từ sổ cũ"):
        now.step(code, "revert", "chi", note="Ghi nhầm")
    with pytest.raises(Refused, match="nhập từ sổ cũ"):
        now.step(code, "receive_recovery", "dung", number="1", amounts={Source.LOCAL_FUND: 1})


@pytest.mark.parametrize(
    ("by", "vouched_by", "words"),
    [
        ("an", "chi", "không nhập sổ cũ được"),
        ("chi", "binh", "không lập đề án"),
        ("dung", "chi", "không lập đề án"),
        ("giang", "chi", "không lập đề án"),
        ("binh", "binh", "không tự xác nhận"),
        ("binh", "em", "không xác nhận sổ cũ được"),
        ("binh", "giang", "không xác nhận sổ cũ được"),
        ("binh", "hanh", "không xác nhận sổ cũ được"),
        ("binh", "yen", "thuộc đơn vị khác"),
    ],
)
def test_who_may_not_bring_in_or_vouch_is_told_and_nothing_is_written(
    now: Any, by: str, vouched_by: str, words: str
) -> None:
    before = now.everything()

    with pytest.raises(Refused, match=words):
        bring(now, by, vouched_by)

    assert now.everything() == before


@pytest.mark.parametrize("vouched_by", ["an", "bach", "chi", "dung"])
def test_who_answers_for_dossiers_or_money_may_vouch(now: Any, vouched_by: str) -> None:
    assert bring(now, vouched_by=vouched_by) == "KC-VL-2022-001"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"settled": 301 * TRIEU}, "lớn hơn số được phê duyệt"),
        ({"plan_year": 2026}, "nằm ngoài chương trình"),
        ({"stage": Stage.UNDERWAY}, "chỉ nhận đề án đã kết thúc"),
        ({"targets": {"T9_9": 1}}, "không có chỉ tiêu T9_9"),
        ({"settled_on": date(2030, 1, 1)}, "ở tương lai"),
    ],
)
def test_what_cannot_have_been_so_is_refused(now: Any, changes: dict[str, Any], words: str) -> None:
    before = now.everything()

    with pytest.raises(Refused, match=words):
        bring(now, **changes)

    assert now.everything() == before


# --- corrections --------------------------------------------------------------------------------------


def put_right(office: Any, code: str, *, note: str = "Ghi nhầm số quyết toán", **changes: Any) -> None:
    told = form(office, **changes)
    with office.store.write() as session:
        by, vouching = load_person(session, "binh"), load_person(session, "dung")
        correction = Correction(told.ended, {"name": told.name}, told.beneficiaries, told.decision, told.status)
        origin = Origin(office.at, by.id, "test")
        correct_old_record(session, code, correction, Vouching(vouching, "Biên bản 5"), by=by, origin=origin, note=note)


def test_a_correction_is_a_second_event_with_its_reason_and_sums_follow(later: Any) -> None:
    code = bring(later)

    put_right(later, code, settled=250 * TRIEU, targets={"T2_1": 2}, name="Hỗ trợ máy sấy", counterpart=300 * TRIEU)

    with later.store.read() as session:
        first, second = history(session, code)
        sheet = show_project(session, code)
    assert (first["vouched"]["by"], second["vouched"]["by"], second["note"]) == (
        "chi",
        "dung",
        "Ghi nhầm số quyết toán",
    )
    assert (sheet["name"], sheet["vouched"]["basis"]) == ("Hỗ trợ máy sấy", "Biên bản 5")
    assert {row["source"]: (row["settled"], row["released"]) for row in sheet["funding"]} == {
        "local_fund": (250 * TRIEU, 50 * TRIEU),
        "counterpart": (300 * TRIEU, 0),
    }
    assert {row["code"]: row["settled"] for row in sheet["targets"]} == {"T2_1": 2, "T2_2": 0}
    later.prove()


def test_a_settled_record_may_turn_out_to_have_been_stopped(later: Any) -> None:
    code = bring(later)

    put_right(later, code, stage=Stage.STOPPED, settled=0)

    assert later.stage(code) is Stage.STOPPED
    later.prove()


def test_a_project_that_was_worked_on_here_is_never_written_over(office: Any) -> None:
    code = office.bring(office.open(), Stage.SETTLED)
    before = office.everything()

    with pytest.raises(Refused, match="được lập và làm trong hệ thống; không ghi đè bằng sổ cũ"):
        put_right(office, code, plan_year=2024)

    assert office.everything() == before


def test_a_correction_needs_its_reason(now: Any) -> None:
    code = bring(now)

    with pytest.raises(Refused, match="Phải ghi lý do sửa"):
        put_right(now, code, note=" ", settled=1)


def test_words_of_the_dossier_are_corrected_as_of_every_ended_project(now: Any) -> None:
    code = bring(now)

    with now.store.write() as session:
        binh = load_person(session, "binh")
        amend(session, code, {"partner": "Hội Nông dân"}, by=binh, origin=now.origin, note="Sổ cũ ghi thiếu")

    now.prove()


# --- forgery ------------------------------------------------------------------------------------------


def test_the_database_takes_no_such_event_on_a_project_at_work(office: Any) -> None:
    code = office.open()

    with pytest.raises(BrokenLedgerError, match="the lifecycle has no such step"), office.store.write() as session:
        session.connection().execute(
            text("""
                INSERT INTO event (id, subject_kind, subject_id, seq, action, from_stage, to_stage, recorded_at, number,
                                   note, body, hash)
                SELECT 9999, 'project', id, 2, 'bring_in', 'draft', 'settled', '2026-01-01', '', '', '{}', 'x'
                FROM project WHERE code = :code"""),
            {"code": code},
        )


def test_verification_finds_a_record_whose_voucher_was_taken_away(now: Any) -> None:
    code = bring(now)
    now.tamper(f"UPDATE project SET vouched_by = NULL WHERE code = '{code}'")

    assert [
        (problem.table, "vouched_by" in problem.what)
        for problem in verify(now.store).problems
        if problem.table == "project"
    ] == [("project", True)]


# --- sums ---------------------------------------------------------------------------------------------

records = st.lists(
    st.tuples(
        st.sampled_from(OLD_ENDS),
        st.sampled_from(Route),
        st.integers(min_value=2021, max_value=2025),
        st.integers(min_value=1, max_value=10**12),
        st.integers(min_value=1, max_value=100),
        st.integers(min_value=0, max_value=10**12),
        st.integers(min_value=0, max_value=5),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records)
def test_what_came_in_is_what_the_roll_ups_say(now: Any, told: list[tuple[Any, ...]]) -> None:
    """Each example adds to the same register, so that figures are compared before and after."""
    before = sums(now)

    wanted = dict.fromkeys(before, 0)
    for number, (stage, route, year, approved, percent, own, reached) in enumerate(told):
        kept = max(approved * percent // 100, 1)
        typed = {"stage": stage, "route": route, "plan_year": year, "approved": approved, "settled": kept}
        bring(now, name=f"Máy {number}", counterpart=own, targets={"T2_2": reached}, decided_on=None, **typed)
        wanted["settled", str(year)] += kept + (own if stage is Stage.SETTLED else 0)
        wanted["approved", str(year)] += approved + own
        wanted["work", "T2_2"] += reached

    after = sums(now)
    assert {key: after[key] - before[key] for key in after} == wanted


def sums(office: Any) -> dict[tuple[str, str], int]:
    """What all old records come to, by year, and the work of one target; both ways of adding up must agree."""
    with office.store.read() as session:
        found = rollups(session, PROGRAMME, as_of=office.today)
        assert found.agrees, found.reasons
        years = {
            (step, str(year)): year_waterfall(session, year)["total"]["all"][step]
            for year in range(2021, 2026)
            for step in ("approved", "settled")
        }
        [target] = [one for one in programme_status(session, PROGRAMME)["targets"] if one["code"] == "T2_2"]
    return {**years, ("work", "T2_2"): target["implemented"]}
