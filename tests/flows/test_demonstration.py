"""The demonstration register: complete, plausible, inside the programme's budgets, and the same on every machine."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import pytest
from sqlalchemy import text

from flows.jobs.demonstration import Demonstration, load_demonstration
from flows.jobs.demonstration_fates import FATES
from flows.jobs.demonstration_material import read_material
from flows.jobs.demonstration_plans import DECISIONS, ENDED_ON, OPENED_ON, REGISTRATIONS
from flows.jobs.papers.letters.kinds import LETTER_KINDS
from flows.jobs.papers.letters.making import letter_values
from flows.jobs.papers.letters.subjects import named
from flows.jobs.papers.tables.frame import Occasion
from models.reconciliation import reconcile
from models.rulebook import rulebook
from models.setup import is_demonstration
from models.store import Store, file_path, open_store
from models.verify import verify
from states.ceilings import ceiling
from states.dated_rules import jurisdiction_of
from states.facts import OFFICE_TIME
from states.refusal import Refused
from states.vocabulary import Kind, Route, Source, Stage

LOADED_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _fresh(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'demo.db'}", folder / "files")


def _rows(store: Store, statement: str) -> list[tuple[Any, ...]]:
    with store.read() as session:
        return [tuple(row) for row in session.connection().execute(text(statement))]


def test_demonstration_says_what_it_is(register: Store) -> None:
    with register.read() as session:
        marked = is_demonstration(session)

    title = _rows(register, "SELECT title FROM register")

    assert marked
    assert title == [("Sổ minh họa, số liệu không có thật",)]


def test_demonstration_counts_what_it_played(loaded: tuple[Store, Demonstration]) -> None:
    store, played = loaded

    [(steps,)] = _rows(
        store,
        "SELECT count(*) FROM event WHERE subject_kind = 'project' AND action NOT IN ('open', 'edit', 'correct')",
    )

    assert played == Demonstration(projects=165, steps=steps)


def test_demonstration_holds_165_projects_32_of_them_national(register: Store) -> None:
    routes = _rows(register, "SELECT route, count(*) FROM project GROUP BY route ORDER BY route")
    years = _rows(register, "SELECT DISTINCT plan_year FROM project ORDER BY plan_year")

    assert routes == [("local", 133), ("national", 32)]
    assert years == [(2021,), (2022,), (2023,), (2024,), (2025,)]


def test_national_money_stands_in_contents_2_3_and_6_only(register: Store) -> None:
    contents = _rows(
        register,
        "SELECT DISTINCT content_no FROM funding WHERE source = 'national_fund' AND approved > 0 ORDER BY content_no",
    )

    assert contents == [(2,), (3,), (6,)]


@pytest.mark.parametrize("amount", ["f.approved", "f.approved + f.adjusted", "f.settled"])
def test_state_money_stays_within_every_budget(register: Store, amount: str) -> None:
    spent = _rows(
        register,
        f"SELECT b.content_no, b.source, b.amount, sum({amount}) "
        "FROM funding AS f JOIN budget AS b ON b.programme_id = f.programme_id "
        "AND b.content_no = f.content_no AND b.source = f.source "
        "WHERE f.source <> 'counterpart' GROUP BY b.content_no, b.source, b.amount",
    )

    over = [row for row in spent if row[3] > row[2]]

    assert len(spent) > 8
    assert over == []


def test_requests_stay_within_the_verified_ceilings(register: Store) -> None:
    with register.read() as session:
        rules = rulebook(session).ceilings
    here = jurisdiction_of("Vĩnh Long")

    measured = {
        proposal.key: ceiling(
            rules,
            proposal.activity,
            cost=proposal.cost,
            ask=proposal.support,
            route=proposal.route,
            on=date(proposal.year, 5, 20),
            jurisdiction=here,
            quantity=len(proposal.beneficiaries),
        )
        for proposal in read_material().proposals
    }

    # An unverified level only warns, in the ledger too.
    assert [key for key, found in measured.items() if found.verified and not found.ok] == []
    assert all(found.allowed is not None for found in measured.values())


def test_entries_follow_each_other_in_time(register: Store) -> None:
    instants = [at for (at,) in _rows(register, "SELECT recorded_at FROM event ORDER BY id")]

    days = [datetime.fromisoformat(at).astimezone(OFFICE_TIME) for at in (instants[0], instants[-1])]

    assert instants == sorted(instants)
    assert days[0].date() == OPENED_ON
    assert days[1].date() <= ENDED_ON


def test_entries_are_made_in_office_hours(register: Store) -> None:
    rows = _rows(register, "SELECT recorded_at FROM event WHERE subject_kind IN ('project', 'decision')")

    instants = [datetime.fromisoformat(at).astimezone(OFFICE_TIME) for (at,) in rows]

    outside = [at for at in instants if at.weekday() > 4 or not time(7, 30) <= at.time() < time(17, 0)]
    assert outside == []


def test_papers_are_never_younger_than_their_entry(register: Store) -> None:
    rows = _rows(register, "SELECT decided_on, recorded_at FROM event WHERE decided_on IS NOT NULL")

    late = [
        (decided, at)
        for decided, at in rows
        if date.fromisoformat(decided) > datetime.fromisoformat(at).astimezone(OFFICE_TIME).date()
    ]

    assert late == []


def test_every_fate_is_that_of_a_project() -> None:
    keys = {proposal.key for proposal in read_material().proposals}

    assert set(FATES) - keys == set()


def test_stages_at_the_end_teach_every_end(register: Store) -> None:
    stages = {Stage(stage): count for stage, count in _rows(register, "SELECT stage, count(*) FROM project GROUP BY 1")}

    assert stages == {
        Stage.SETTLED: 148,
        Stage.REJECTED: 3,
        Stage.WITHDRAWN: 1,
        Stage.LAPSED: 1,
        Stage.STOPPED: 1,
        Stage.RECOVERED: 1,
        Stage.RECOVERING: 1,
        Stage.WRITTEN_OFF: 1,
        Stage.APPRAISING: 1,
        Stage.APPRAISED: 1,
        Stage.WAITLISTED: 1,
        Stage.UNDERWAY: 1,
        Stage.AWAITING_ACCEPTANCE: 1,
        Stage.ACCEPTED: 1,
        Stage.SETTLING: 2,
    }


def test_steps_off_the_straight_road_are_all_there(register: Store) -> None:
    taken = dict(_rows(register, "SELECT action, count(DISTINCT subject_id) FROM event GROUP BY action"))

    off_the_road = {
        "return": 10,
        "return_review": 2,
        "lapse": 1,
        "withdraw": 1,
        "fail_appraisal": 2,
        "fail_review": 1,
        "waitlist": 3,
        "fund": 1,
        "reroute": 1,
        "amend_approval": 1,
        "amend_contract": 4,
        "request_adjustment": 12,
        "confirm_adjustment": 11,
        "approve_adjustment": 8,
        "refuse_adjustment": 2,
        "carry_over": 2,
        "suspend": 1,
        "resume": 1,
        "stop": 4,
        "demand_refund": 1,
        "start_recovery": 3,
        "receive_recovery": 4,
        "close_recovery": 1,
        "write_off": 1,
        "fail_acceptance": 1,
        "retry_acceptance": 1,
        "fail_share": 2,
        "return_settlement": 2,
        "revert": 1,
    }
    assert {action: taken.get(action, 0) for action in off_the_road} == off_the_road


def test_reverted_acceptance_stands_corrected(register: Store) -> None:
    [(reverted,)] = _rows(register, "SELECT subject_id FROM event WHERE action = 'revert'")

    acceptances = _rows(register, f"SELECT 1 FROM event WHERE action = 'accept' AND subject_id = {reverted}")
    money = _rows(
        register,
        f"SELECT accepted = approved, settled = approved FROM funding WHERE source = 'local_fund' "
        f"AND project_id = {reverted}",
    )

    assert len(acceptances) == 2
    assert money == [(1, 1)]


def test_rerouted_project_leaves_nothing_in_the_old_fund(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT f.source, f.asked > 0, f.appraised > 0, f.settled > 0 FROM funding AS f "
        "JOIN event AS e ON e.subject_kind = 'project' AND e.subject_id = f.project_id AND e.action = 'reroute' "
        "WHERE f.source <> 'counterpart' ORDER BY f.source",
    )

    assert rows == [("local_fund", 1, 1, 1), ("national_fund", 0, 0, 0)]


def test_decision_totals_are_those_of_the_projects(register: Store) -> None:
    decisions = _rows(
        register,
        "SELECT d.number, d.decided_on, d.total, sum(l.amount) FROM decision AS d "
        "JOIN decision_line AS l ON l.decision_id = d.id AND l.source <> 'counterpart' GROUP BY d.id",
    )

    known = {(decision.number, decision.decided_on.isoformat()) for decision in DECISIONS}

    assert ("980/QĐ-UBND", "2022-05-23") in {row[:2] for row in decisions}
    assert {row[:2] for row in decisions} <= known
    assert [row for row in decisions if row[2] != row[3]] == []


def test_national_projects_are_registered_before_20_june(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.plan_year, e.decided_on FROM event AS e JOIN project AS p ON p.id = e.subject_id "
        "WHERE e.action = 'register'",
    )

    # The thirty-third was registered with the agency before it went over to the local fund.
    assert len(rows) == 33
    assert set(rows) == {(year, letter.issued_on.isoformat()) for year, letter in REGISTRATIONS.items()}
    assert [row for row in rows if date.fromisoformat(row[1]) >= date(row[0] - 1, 6, 20)] == []


def test_some_dossiers_come_later_than_fifteen_days(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.route, (SELECT max(a.decided_on) FROM event AS a JOIN project AS o ON o.id = a.subject_id "
        "WHERE a.subject_kind = 'project' AND a.action = 'accept' AND o.contract_id = p.contract_id), "
        "min(s.decided_on) FROM event AS s JOIN project AS p ON p.id = s.subject_id "
        "WHERE s.subject_kind = 'project' AND s.action = 'submit_settlement' GROUP BY p.id",
    )

    late = Counter(
        route
        for route, last_accepted, submitted in rows
        if date.fromisoformat(submitted) - date.fromisoformat(last_accepted) > timedelta(days=15)
    )

    assert late[Route.NATIONAL] > 0
    assert 3 < late.total() < 30, late


def test_groups_name_their_beneficiaries_after_approval(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.id, min(b.event_id), max(e.id) FROM project AS p "
        "JOIN project_beneficiary AS b ON b.project_id = p.id "
        "JOIN event AS e ON e.subject_id = p.id AND e.subject_kind = 'project' AND e.action = 'approve' "
        f"WHERE p.kind = '{Kind.GROUP}' GROUP BY p.id",
    )

    assert len(rows) == 21
    assert [row for row in rows if row[1] < row[2]] == []


def test_beneficiaries_come_back_in_other_years(register: Store) -> None:
    [(returning,)] = _rows(
        register,
        "SELECT count(*) FROM (SELECT b.beneficiary_id FROM project_beneficiary AS b "
        "JOIN project AS p ON p.id = b.project_id JOIN beneficiary AS f ON f.id = b.beneficiary_id "
        "WHERE f.kind <> 'service' GROUP BY b.beneficiary_id HAVING count(DISTINCT p.plan_year) > 1)",
    )

    assert returning > 10


def test_every_text_is_in_nfc(register: Store) -> None:
    names = _rows(
        register, "SELECT name FROM project UNION ALL SELECT name FROM person UNION ALL SELECT name FROM unit"
    )
    bodies = _rows(register, "SELECT body FROM event")

    assert [text for (text,) in names + bodies if not is_normalized("NFC", text)] == []


def test_some_papers_have_files_that_say_what_they_are(register: Store) -> None:
    papers = _rows(register, "SELECT sha256, size FROM paper WHERE sha256 <> ''")

    contents = [file_path(register.files, digest).read_bytes() for digest, _ in papers]

    assert len(papers) == 6
    assert [len(content) for content in contents] == [size for _, size in papers]
    assert {content.decode().splitlines()[0] for content in contents} == {"TÀI LIỆU MINH HỌA, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"}


def test_every_paper_can_be_written_for_a_project_that_waits_for_it(register: Store) -> None:
    projects = _rows(register, "SELECT code, stage FROM project ORDER BY id DESC")
    at = datetime(2026, 1, 20, 3, tzinfo=UTC)

    with register.read() as session:
        occasion = Occasion(session, None, at, True)
        written = [
            kind
            for kind, known in LETTER_KINDS.items()
            if any(_is_written(occasion, kind, code) for code, stage in projects if Stage(stage) in known.stages)
        ]

    # No dossier lies with its unit, no list waits for its decision and no project for its contract; the decisions and
    # contracts on record can be written by their numbers.
    assert [kind for kind in LETTER_KINDS if kind not in written] == [
        "supplement_note",
        "approval_decision",
        "contract",
    ]


def _is_written(occasion: Occasion, kind: str, code: str) -> bool:
    try:
        letter_values(occasion, kind, named(occasion, code))
    except Refused:
        return False
    return True


def test_desk_has_open_deadlines_at_the_end(register: Store) -> None:
    rules = {rule for (rule,) in _rows(register, "SELECT rule FROM deadline WHERE status = 'open'")}

    assert {"D-22JAN", "D-31JAN", "D-ACCEPT", "D-ADJ", "D-APPR", "D-RECOVER"} <= rules


def test_ledger_verifies_and_reconciles(register: Store) -> None:
    found = verify(register)
    with register.read() as session:
        reconciled = reconcile(session)

    assert found.problems == ()
    assert found.ok
    assert reconciled.differences == ()
    assert reconciled.ok


def test_demonstration_is_the_same_on_every_machine(register: Store, tmp_path: Path) -> None:
    whole = _rows(register, "SELECT id, hash FROM event ORDER BY id")
    other = _fresh(tmp_path)

    load_demonstration(other, at=LOADED_AT + timedelta(days=1))

    assert _rows(other, "SELECT id, hash FROM event ORDER BY id") == whole
    other.close()


def test_demonstration_played_until_a_day_is_the_beginning_of_the_whole(register: Store, tmp_path: Path) -> None:
    other = _fresh(tmp_path)

    load_demonstration(other, at=LOADED_AT, until=date(2021, 5, 31))

    hashes = _rows(other, "SELECT id, hash FROM event ORDER BY id")
    [(last,)] = _rows(other, "SELECT max(recorded_at) FROM event")
    assert hashes == _rows(register, f"SELECT id, hash FROM event WHERE id <= {len(hashes)} ORDER BY id")
    assert datetime.fromisoformat(last).astimezone(OFFICE_TIME).date() <= date(2021, 5, 31)
    assert verify(other).problems == ()
    other.close()


def test_demonstration_plays_nothing_of_the_future(tmp_path: Path) -> None:
    store = _fresh(tmp_path)
    at = datetime(2021, 1, 15, 3, 0, tzinfo=UTC)

    load_demonstration(store, at=at)

    [(last,)] = _rows(store, "SELECT max(recorded_at) FROM event")
    assert datetime(2021, 1, 8, tzinfo=UTC) < datetime.fromisoformat(last) <= at
    store.close()


def test_demonstration_before_its_first_day_is_refused(tmp_path: Path) -> None:
    store = _fresh(tmp_path)

    with pytest.raises(Refused) as refused:
        load_demonstration(store, at=datetime(2020, 11, 15, tzinfo=UTC))

    assert refused.value.reasons == ("Sổ minh họa bắt đầu từ 16/11/2020; hãy đặt DEAN_TODAY từ ngày đó trở đi.",)
    store.close()


def test_demonstration_never_writes_over_a_register(register: Store) -> None:
    [(events,)] = _rows(register, "SELECT count(*) FROM event")

    with pytest.raises(Refused):
        load_demonstration(register, at=LOADED_AT)

    assert _rows(register, "SELECT count(*) FROM event") == [(events,)]
    assert {source for (source,) in _rows(register, "SELECT DISTINCT source FROM funding")} == set(Source)
