"""The night in its place of the slot ledger: done once, repeated, cut off, done by two at once; and its seals."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.night import Nights, night
from flows.jobs.running import run_slot
from flows.jobs.settings import Settings
from models.seals import seals
from models.slots import begin, slot_list
from models.store import Store
from notifications.demo_servers import LoopbackSmtp
from states.slots import Job, SlotStatus, due_at

NIGHT = date(2024, 3, 1)
AT = due_at(Job.NIGHTLY, NIGHT)


@pytest.fixture
def busy(office_on_both: Any) -> Any:
    """Two projects on their way, the last step taken in February."""
    office = office_on_both
    office.bring(office.open(), "settled")
    office.bring(office.open(name="Xây dựng nhãn hiệu khoai lang", content=3, targets={"T3_4": 1}), "appraising")
    return office


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path / "home")


def _hash(store: Store, on: date = NIGHT) -> str:
    with store.read() as session:
        return next(str(row["result_hash"]) for row in slot_list(session, job=Job.NIGHTLY) if row["slot"] == str(on))


def _run(office: Any, settings: Settings, at: datetime = AT, on: date | None = NIGHT) -> list[SlotStatus | None]:
    return [ran.status for ran in Nights(office.store, settings).run(now=lambda: at, as_of=on)]


# --- seals --------------------------------------------------------------------------------------------


def test_night_seals_every_day_that_is_over(busy: Any, settings: Settings) -> None:
    report = night(busy.store, settings, as_of=NIGHT, at=AT)

    with busy.store.read() as session:
        made = seals(session)
    assert (made[0].business_date, made[-1].business_date) == (date(2024, 1, 2), date(2024, 2, 29))
    assert report.sealing.seal == made[-1]
    assert made[-1].words in report.text().splitlines()


def test_report_of_a_past_night_names_the_seal_of_that_night(busy: Any, settings: Settings) -> None:
    night(busy.store, settings, as_of=NIGHT, at=AT)

    report = night(busy.store, settings, as_of=date(2024, 1, 10), at=AT)

    assert report.sealing.seal is not None
    assert report.sealing.seal.business_date == date(2024, 1, 9)


def test_day_that_is_not_over_is_not_sealed_by_a_report_of_a_later_day(busy: Any, settings: Settings) -> None:
    night(busy.store, settings, as_of=NIGHT + timedelta(days=30), at=AT)

    with busy.store.read() as session:
        assert seals(session, newest=1)[0].business_date == date(2024, 2, 29)


def test_night_tells_of_a_seal_that_does_not_hold(busy: Any, settings: Settings) -> None:
    night(busy.store, settings, as_of=NIGHT, at=AT)
    busy.tamper("UPDATE seal SET code = replace(code, substr(code, 1, 4), 'ffff') WHERE no = 5")

    report = night(busy.store, settings, as_of=NIGHT, at=AT)

    assert report.sealing.problems == (
        "Niêm 5: mã không đúng với khóa niêm; niêm đã bị sửa, hoặc dùng khóa khác.",
        "Niêm 6: không nối tiếp niêm liền trước; niêm đã bị sửa hoặc thay.",
    )
    assert not report.ok
    assert "CẢNH BÁO: niêm không khớp" in report.text()


def test_lost_key_is_told_and_no_new_one_is_made_in_silence(busy: Any, settings: Settings) -> None:
    night(busy.store, settings, as_of=NIGHT, at=AT)
    settings.seal_key_path.unlink()

    report = night(busy.store, settings, as_of=NIGHT + timedelta(days=1), at=AT + timedelta(days=1))

    assert "mất khóa niêm seal.key" in report.sealing.problems[0]
    assert not settings.seal_key_path.exists()
    with busy.store.read() as session:
        assert seals(session, newest=1)[0].business_date == date(2024, 2, 29)


# --- once, again, cut off, at once --------------------------------------------------------------------


def test_repeated_night_keeps_its_hash(busy: Any, settings: Settings) -> None:
    first = (_run(busy, settings), _hash(busy.store))

    again = (_run(busy, settings, AT + timedelta(hours=5)), _hash(busy.store))

    assert first[0] == [SlotStatus.RAN]
    assert again[0] == [SlotStatus.LATE]
    assert again[1] == first[1] != ""


@pytest.mark.parametrize("done", ["nothing", "all but the end"])
def test_night_that_was_cut_off_ends_like_a_quiet_one(busy: Any, settings: Settings, tmp_path: Path, done: str) -> None:
    with busy.store.write() as session:
        begin(session, Job.NIGHTLY, NIGHT, worker="dead:1", at=AT)
    if done != "nothing":
        night(busy.store, settings, as_of=NIGHT, at=AT)

    held = _run(busy, settings, AT + timedelta(minutes=10))
    caught_up = _run(busy, settings, AT + timedelta(hours=2, minutes=1))

    cut_off = _hash(busy.store)
    _run(busy, settings, AT + timedelta(hours=3))
    assert (held, caught_up) == ([None], [SlotStatus.LATE])
    assert _hash(busy.store) == cut_off


def test_missed_nights_are_caught_up_each_for_itself(busy: Any, settings: Settings) -> None:
    _run(busy, settings)

    caught_up = Nights(busy.store, settings)
    ran = caught_up.run(now=lambda: AT + timedelta(days=3))

    assert [one.on.day for one in ran] == [2, 3, 4]
    assert [one.status for one in ran] == [SlotStatus.LATE, SlotStatus.LATE, SlotStatus.RAN]
    assert [report.sealing.seal.business_date.day for report in caught_up.reports.values() if report.sealing.seal] == [
        1,
        2,
        3,
    ]


def test_two_nights_at_once_one_works_and_one_says_who_does(busy: Any, settings: Settings) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: Nights(busy.store, settings).run(now=lambda: AT), range(2)))

    worked = [ran for [ran] in (runs for runs in both if runs) if ran.status is SlotStatus.RAN]
    assert len(worked) == 1
    assert all("đang được" in ran.reason for runs in both for ran in runs if ran.status is None)


def test_report_lists_what_did_not_run(busy: Any, settings: Settings) -> None:
    before = due_at(Job.REMINDERS, date(2024, 2, 28))
    run_slot(busy.store, Job.REMINDERS, date(2024, 2, 28), lambda on, _: {}, now=lambda: before)

    report = night(busy.store, settings, as_of=NIGHT, at=AT)

    assert ("reminders", 29) in [(str(one.job), one.on.day) for one in report.overdue]
    assert "  - Nhắc việc buổi sáng ngày 29/02/2024: chưa bắt đầu" in report.text().splitlines()
    assert report.ok


def test_mail_carries_the_seal_out_of_the_house(busy: Any, settings: Settings) -> None:
    with LoopbackSmtp() as server:
        live: dict[str, Any] = {
            "notify_mode": "live",
            "operator_email": "vanhanh@so.example",
            "smtp_url": server.url("so@so.example"),
        }
        mailing = Settings(_env_file=None, home=settings.home, **live)

        Nights(busy.store, mailing, mails=True).run(now=lambda: AT, as_of=NIGHT)

        [mail] = server.mails
    with busy.store.read() as session:
        [newest] = seals(session, newest=1)
    body = mail.parsed.get_body(("plain",))
    assert body is not None
    assert newest.code in body.get_content()


def test_of_nights_that_are_caught_up_only_the_last_is_mailed(busy: Any, settings: Settings) -> None:
    _run(busy, settings)
    with LoopbackSmtp() as server:
        live: dict[str, Any] = {"notify_mode": "live", "operator_email": "vanhanh@so.example", "home": settings.home}
        mailing = Settings(_env_file=None, **(live | {"smtp_url": server.url("so@so.example")}))

        Nights(busy.store, mailing, mails=True).run(now=lambda: AT + timedelta(days=5))

        subjects = [str(mail.parsed["Subject"]) for mail in server.mails]
    assert subjects == ["Báo cáo đêm 06/03/2024: sổ khớp"]
