"""A large register is rebuilt within seven nights: what a night finds at once, and what when its share comes."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from flows.jobs.night import Nights
from flows.jobs.nightly import NightlyReport
from flows.jobs.settings import Settings
from models.night_share import NIGHTS, Share, share_of_night
from models.slots import slot_list
from models.store import Store, file_path, keep_file
from models.verify import verify
from states.facts import Enclosure
from states.slots import Job, due_at
from states.vocabulary import Paper, Stage

FIRST = date(2024, 3, 1)


@pytest.fixture
def night(office_on_both: Any, tmp_path: Path) -> Any:
    """An office of two projects that is large enough for shares, and its nights; the first one rebuilt everything."""
    office_on_both.bring(office_on_both.open(), Stage.SETTLED)
    office_on_both.bring(office_on_both.open(), Stage.APPRAISING)

    settings = Settings(_env_file=None, home=tmp_path / "home")

    def run(on: date) -> NightlyReport:
        nights = Nights(office_on_both.store, settings, whole_up_to=0)
        nights.run(now=lambda: due_at(Job.NIGHTLY, on), as_of=on)
        return nights.reports[on]

    assert run(FIRST).verification.is_whole
    return run


def edit(store: Store, sql: str, **values: Any) -> None:
    """Write as somebody does who has the database and no program: no trigger, no check of references."""
    if store.writer.dialect.name == "postgresql":
        with store.writer.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(sql), values)
        return
    with closing(sqlite3.connect(str(store.writer.url.database), isolation_level=None)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute(sql, values)
        for _, trigger in triggers:
            database.execute(trigger)


def one(store: Store, sql: str) -> Any:
    with store.read() as session:
        return session.connection().execute(text(sql)).scalar_one()


def settled(store: Store) -> int:
    return int(one(store, "SELECT id FROM project WHERE stage = 'settled'"))


def night_of(subject_id: int) -> date:
    """The first night after the first one whose own share has a subject."""
    days = (FIRST + timedelta(days=n) for n in range(1, NIGHTS + 1))
    return next(on for on in days if on.toordinal() % NIGHTS == subject_id % NIGHTS)


def other_night(subject_id: int) -> date:
    """A night right after the first one, or after the night of the subject's share: its share has others."""
    own = night_of(subject_id)
    return FIRST + timedelta(days=1) if own != FIRST + timedelta(days=1) else FIRST + timedelta(days=2)


def before(night: Any, on: date) -> None:
    """Run the nights between the first one and this one."""
    for days in range(1, (on - FIRST).days):
        night(FIRST + timedelta(days=days))


# --- found when its share comes, within seven nights --------------------------------------------------


def test_forged_row_is_found_in_the_night_of_its_share_and_no_later_than_the_seventh(
    office_on_both: Any, night: Any
) -> None:
    project = settled(office_on_both.store)
    edit(office_on_both.store, "UPDATE project SET partner = 'Người khác' WHERE id = :id", id=project)

    reports = {on: night(on) for on in (FIRST + timedelta(days=n) for n in range(1, NIGHTS + 1))}

    assert [on for on, report in reports.items() if not report.ok] == [night_of(project)]
    found = reports[night_of(project)].verification.problems
    assert [(problem.table, problem.key) for problem in found] == [("project", f"id={project}")]


def test_forged_row_of_tonights_share_is_found_tonight(office_on_both: Any, night: Any) -> None:
    project = settled(office_on_both.store)
    before(night, night_of(project))
    edit(office_on_both.store, "UPDATE project SET partner = 'Người khác' WHERE id = :id", id=project)

    assert not night(night_of(project)).verification.ok


def test_forged_row_of_a_subject_with_a_new_event_is_found_tonight(office_on_both: Any, night: Any) -> None:
    project = int(one(office_on_both.store, "SELECT id FROM project WHERE stage = 'appraising'"))
    on = other_night(project)
    before(night, on)
    code = one(office_on_both.store, f"SELECT code FROM project WHERE id = {project}")
    office_on_both.at = due_at(Job.NIGHTLY, on) - timedelta(days=1, hours=12)
    office_on_both.step(code, "pass_appraisal", "chi", number="03/BB-SCT", signer="Lê Minh Chi")
    edit(
        office_on_both.store, "UPDATE paper SET title = 'khác' WHERE subject_id = :id AND kind = 'dossier'", id=project
    )

    assert [problem.table for problem in night(on).verification.problems] == ["paper"]


def test_all_subjects_are_rebuilt_once_in_seven_nights(office_on_both: Any, night: Any) -> None:
    reports = [night(FIRST + timedelta(days=n)) for n in range(1, NIGHTS + 1)]

    rebuilt = [report.verification.rebuilt for report in reports]
    assert sum(rebuilt) == reports[0].verification.subjects
    assert not any(report.verification.is_whole for report in reports)


@pytest.mark.parametrize("numbers", [range(-20, 20), (-(2**63), 2**63 - 1)])
def test_every_number_lies_in_one_share(office_on_both: Any, numbers: Any) -> None:
    for number in numbers:
        shares = [Share(frozenset({each}), after=2**62) for each in range(NIGHTS)]
        asked = ", ".join(
            f"CASE WHEN {share.has(f'CAST({number} AS BIGINT)' if number > -(2**63) else 'least')} THEN 1 ELSE 0 END"
            for share in shares
        )

        with office_on_both.store.read() as session:
            least = "SELECT CAST(-9223372036854775807 AS BIGINT) - 1 AS least"
            row = session.connection().execute(text(f"SELECT {asked} FROM ({least}) AS x")).one()

        assert sum(row) == 1


# --- missed nights ------------------------------------------------------------------------------------


def test_night_takes_up_the_shares_of_nights_that_never_ran(office_on_both: Any, night: Any) -> None:
    store = office_on_both.store
    with store.read() as session:
        one_missed = share_of_night(session, FIRST + timedelta(days=2), whole_up_to=0)
        a_week_missed = share_of_night(session, FIRST + timedelta(days=NIGHTS), whole_up_to=0)

    days = (FIRST + timedelta(days=1), FIRST + timedelta(days=2))
    assert one_missed is not None
    assert one_missed.numbers == {day.toordinal() % NIGHTS for day in days}
    assert a_week_missed is None


def test_office_that_runs_on_workdays_only_rebuilds_every_share(office_on_both: Any, night: Any) -> None:
    project = settled(office_on_both.store)
    edit(office_on_both.store, "UPDATE project SET partner = 'Người khác' WHERE id = :id", id=project)
    # The share of the project falls on a night on which the machine is always off.
    always_off = night_of(project).weekday()

    days = [FIRST + timedelta(days=n) for n in range(1, NIGHTS + 2)]
    found = [on for on in days if on.weekday() != always_off and not night(on).ok]

    assert found == [night_of(project) + timedelta(days=1)]


def test_night_that_failed_does_not_count_as_done(office_on_both: Any, night: Any) -> None:
    with office_on_both.store.write() as session:
        session.connection().execute(text("UPDATE slot SET status = 'failed'"))

    with office_on_both.store.read() as session:
        assert share_of_night(session, FIRST + timedelta(days=1), whole_up_to=0) is None


# --- the cheap look finds the same night --------------------------------------------------------------


@pytest.mark.parametrize(
    "forging",
    [
        "UPDATE event SET hash = replace(hash, substr(hash, 1, 8), 'ffffffff') WHERE id = :event",
        "UPDATE event SET body = replace(body, '04/TTr-SCT', '40/TTr-SCT') WHERE id = :event",
    ],
    ids=["hash", "body"],
)
def test_sealed_event_that_was_forged_is_found_the_same_night(office_on_both: Any, night: Any, forging: str) -> None:
    store = office_on_both.store
    project = settled(store)
    on = other_night(project)
    before(night, on)
    sent = f"SELECT id FROM event WHERE subject_id = {project} AND action = 'send_to_finance'"
    edit(store, forging, event=one(store, sent))

    report = night(on)

    assert report.verification.ok
    [broken] = report.sealing.problems
    assert broken.endswith("các sự kiện không còn như lúc niêm; nội dung đã bị ghi lại.")


def test_sealed_body_that_is_no_text_any_more_is_told_and_breaks_no_night(office: Any, tmp_path: Path) -> None:
    office.bring(office.open(), Stage.SUBMITTED)
    settings = Settings(_env_file=None, home=tmp_path / "home")
    Nights(office.store, settings).run(now=lambda: due_at(Job.NIGHTLY, FIRST), as_of=FIRST)
    edit(office.store, "UPDATE event SET body = CAST(x'ff' || body AS TEXT) WHERE action = 'submit'")

    nights = Nights(office.store, settings)
    nights.run(now=lambda: due_at(Job.NIGHTLY, FIRST), as_of=FIRST)

    assert len(nights.reports[FIRST].sealing.problems) == 1
    assert not nights.reports[FIRST].verification.ok


@pytest.mark.parametrize(
    "forging",
    [
        "UPDATE project SET version = version + 1 WHERE id = :id",
        "UPDATE project SET last_event_id = last_event_id - 1 WHERE id = :id",
        "UPDATE project SET state = 'implemented', stage = 'settling' WHERE id = :id",
        "DELETE FROM project WHERE id = :id",
        "UPDATE project SET id = id + 7000000 WHERE id = :id",
    ],
    ids=["version", "last event", "stage", "deleted", "renumbered"],
)
def test_row_that_does_not_stand_at_its_last_event_is_found_the_same_night(
    office_on_both: Any, night: Any, forging: str
) -> None:
    project = settled(office_on_both.store)
    on = other_night(project)
    before(night, on)
    with office_on_both.store.read() as session:
        share = share_of_night(session, on, whole_up_to=0)
    edit(office_on_both.store, forging, id=project)

    assert share is not None
    assert ("project", f"id={project}") in [(p.table, p.key) for p in verify(office_on_both.store, share).problems]


def test_lost_file_is_found_the_same_night_and_a_changed_one_in_its_share(office_on_both: Any, night: Any) -> None:
    store = office_on_both.store
    lost, changed = _kept(office_on_both, b"%PDF-1.7 mot"), _kept(office_on_both, b"%PDF-1.7 hai")
    own = {
        int(one(store, f"SELECT subject_id FROM paper WHERE sha256 = '{file.name}'")) % NIGHTS
        for file in (lost, changed)
    }
    lost.unlink()
    changed.write_bytes(b"%PDF-1.7 ba!")

    others = verify(store, Share(frozenset(range(NIGHTS)) - own, after=2**62))
    theirs = verify(store, Share(frozenset(own), after=2**62))

    assert [problem.what for problem in others.problems] == [f"thiếu tệp {lost.name}; hãy lấy lại từ bản sao lưu."]
    assert len(theirs.problems) == 2


# --- said and kept ------------------------------------------------------------------------------------


def test_repeated_night_rebuilds_the_same_share(office_on_both: Any, night: Any) -> None:
    on = FIRST + timedelta(days=1)
    first = night(on).as_json(), _hash(office_on_both.store, on)

    again = night(on).as_json(), _hash(office_on_both.store, on)

    assert again == first


def test_report_says_what_was_rebuilt(office_on_both: Any, night: Any) -> None:
    report = night(FIRST + timedelta(days=1))

    rebuilt, subjects = report.verification.rebuilt, report.verification.subjects
    assert 0 < rebuilt < subjects
    assert f"Đêm nay dựng lại {rebuilt} trên {subjects} hồ sơ từ sự kiện, toàn bộ trong 7 đêm;" in report.text()


def test_small_register_is_rebuilt_whole_every_night(office_on_both: Any, night: Any) -> None:
    with office_on_both.store.read() as session:
        assert share_of_night(session, FIRST + timedelta(days=1)) is None


def _hash(store: Store, on: date) -> str:
    with store.read() as session:
        return next(str(row["result_hash"]) for row in slot_list(session, job=Job.NIGHTLY) if row["slot"] == str(on))


def _kept(office: Any, content: bytes) -> Path:
    """A scanned paper in the register, and where its file lies."""
    digest = keep_file(office.store.files, content)
    paper = Enclosure(Paper.DOSSIER, sha256=digest, size=len(content), file_name="scan.pdf")
    office.step(office.open(), "submit", "an", number="01/TTKC", papers=(paper, Enclosure(Paper.SUPPORT_REQUEST)))
    return file_path(office.store.files, digest)
