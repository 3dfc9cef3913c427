"""Housekeeping: backups that are whole, that say when the register is not, and that do not pile up."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.housekeeping import Housekeeper, Housekept, backup_folder, housekeeping
from flows.jobs.running import Ran, run_slot
from flows.jobs.settings import Settings
from models.backups import back_up
from models.slots import begin, slot_list
from models.store import open_store
from models.verify import verify
from states.slots import Job, SlotStatus, due_at

DAY = date(2024, 3, 1)
AT = due_at(Job.HOUSEKEEPING, DAY)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path)


def _keep(office: Any, settings: Settings, at: datetime = AT) -> Housekept:
    return housekeeping(office.store, settings, as_of=DAY, at=at)


def _names(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.home / "backups").iterdir())


def test_backup_is_a_register_that_verifies(office: Any, settings: Settings) -> None:
    office.bring(office.open(), "settled")

    done = _keep(office, settings)

    assert done.backup is not None
    copy = open_store(f"sqlite:///{done.backup.path}", office.store.files)
    found = verify(copy)
    copy.close()
    assert (found.ok, found.events) == (True, done.backup.last_event)
    assert done.backup.path.stat().st_mode & 0o777 == 0o600
    assert "Đã sao lưu và kiểm tra" in done.text()


def test_backup_bears_the_day_on_which_it_was_made(office: Any, settings: Settings) -> None:
    housekeeping(office.store, settings, as_of=date(2024, 1, 15), at=AT)

    assert _names(settings) == ["2024-03-01.db"]


def test_backup_made_while_people_work_is_whole(office: Any, settings: Settings) -> None:
    office.open()
    with office.store.write() as session:
        begin(session, Job.NIGHTLY, DAY, worker="somebody", at=AT)
        done = back_up(office.store, settings.home / "backups", on=DAY)

    with closing(sqlite3.connect(done.path)) as copy:
        assert copy.execute("SELECT count(*) FROM project").fetchone() == (1,)
        assert copy.execute("SELECT count(*) FROM slot").fetchone() == (0,)


def test_second_backup_of_a_day_takes_the_place_of_the_first(office: Any, settings: Settings) -> None:
    first = _keep(office, settings).backup
    office.open()

    second = _keep(office, settings, AT + timedelta(hours=6)).backup

    assert first is not None
    assert second is not None
    assert second.last_event > first.last_event
    assert _names(settings) == ["2024-03-01.db"]


def test_what_a_killed_backup_left_behind_is_removed(office: Any, settings: Settings) -> None:
    _keep(office, settings)
    (settings.home / "backups" / "2024-02-28.db.part").write_bytes(b"half")

    _keep(office, settings)

    assert _names(settings) == ["2024-03-01.db"]


def test_backups_are_thinned_out(office: Any, settings: Settings) -> None:
    for day in range(59):
        _keep(office, settings, AT + timedelta(days=day))

    done = _keep(office, settings, AT + timedelta(days=59))

    assert len(_names(settings)) == 13
    # The last day of the ninth week back, and a day older than seven in the middle of a week.
    assert done.removed == (date(2024, 3, 10), date(2024, 4, 22))


@pytest.mark.parametrize("days_later", [0, 1])
def test_register_that_was_replaced_by_an_older_copy_is_found(
    office: Any, settings: Settings, tmp_path: Path, days_later: int
) -> None:
    _keep(office, settings, AT - timedelta(days=1))
    older = tmp_path / "backups" / "2024-02-29.db"
    office.open()
    _keep(office, settings)
    office.store.close()
    for left in tmp_path.glob("dean.db-*"):
        left.unlink()
    shutil.copy(older, tmp_path / "dean.db")

    done = _keep(office, settings, AT + timedelta(days=days_later))

    assert len(done.problems) == 1
    assert done.problems[0].startswith("Bản sao lưu 2024-03-01.db có sự kiện")
    assert (done.backup is None) == (days_later == 0)
    with closing(sqlite3.connect(tmp_path / "backups" / "2024-03-01.db")) as kept:
        assert kept.execute("SELECT count(*) FROM project").fetchone() == (1,)


def test_damaged_register_is_refused_and_the_old_backup_stays(office: Any, settings: Settings) -> None:
    office.open()
    _keep(office, settings)
    with closing(sqlite3.connect(settings.home / "dean.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("DELETE FROM unit")
        connection.commit()

    done = _keep(office, settings, AT + timedelta(days=1))

    assert done.backup is None
    assert done.problems[0].startswith("Bản sao lưu không nguyên vẹn (khóa ngoài sai trong bảng")
    assert _names(settings) == ["2024-03-01.db"]


def test_failed_backup_is_a_failed_run_with_its_reason(office: Any, settings: Settings) -> None:
    (settings.home / "backups").write_text("a file in the place of the folder")

    with pytest.raises(FileExistsError):
        _run(office, settings)

    with office.store.read() as session:
        [row] = slot_list(session, job=Job.HOUSEKEEPING)
    assert (row["status"], row["reason"].partition(":")[0]) == ("failed", "FileExistsError")


def test_run_that_was_cut_off_is_closed(office: Any, settings: Settings) -> None:
    with office.store.write() as session:
        begin(session, Job.NIGHTLY, DAY, worker="dead:1", at=AT - timedelta(hours=3))

    done = _keep(office, settings)

    assert done.cut_off == ((Job.NIGHTLY, DAY),)
    with office.store.read() as session:
        [row] = slot_list(session, job=Job.NIGHTLY)
    assert (row["status"], row["reason"]) == ("failed", "bị ngắt giữa chừng")


@pytest.mark.postgres
def test_server_makes_its_own_backups(postgres_office: Any, settings: Settings) -> None:
    done = _keep(postgres_office, settings)

    assert (done.ok, done.on_server, done.backup) == (True, True, None)
    assert "máy chủ đó phải tự sao lưu" in done.text()
    assert not (settings.home / "backups").exists()


def test_demonstration_is_backed_up_apart(office: Any, settings: Settings, tmp_path: Path) -> None:
    demonstration = open_store(office.store.url, tmp_path / "demo-files")

    assert backup_folder(demonstration, settings) == tmp_path / "demo-backups"
    assert backup_folder(office.store, settings) == tmp_path / "backups"


def test_backup_keeps_its_slot(office: Any, settings: Settings) -> None:
    ran = _run(office, settings)

    assert (ran.status, ran.result["backup"]["file"]) == (SlotStatus.RAN, "2024-03-01.db")


def _run(office: Any, settings: Settings) -> Ran:
    return run_slot(office.store, Job.HOUSEKEEPING, DAY, Housekeeper(office.store, settings).work, now=lambda: AT)
