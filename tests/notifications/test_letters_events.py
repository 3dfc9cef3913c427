"""The calendar file, read back by a library that did not write it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.letters.events import calendar_files
from notifications.letters.values import Item, Task, Waiting
from notifications.message import BadMessage

AT = datetime(2026, 8, 5, 7, 30, tzinfo=timezone(timedelta(hours=7)))
ITEM = Item(
    obligation_id="3f9a01c2",
    ordinal=1,
    code="KC-VL-2026-014",
    name="Hỗ trợ máy đóng gói",
    task="trả kết quả thẩm định",
    link="https://khuyencong.example.vn/de-an/14?a=1,2;b",
    deadline_key="KC-VL-2026-014/D-APPRAISE/5",
    sequence=2,
    due_on=date(2026, 8, 9),
    rolled_on=date(2026, 8, 10),
    safe_on=date(2026, 8, 7),
    workdays_left=2,
    statutory=True,
    provisional=True,
    basis="",
)
WAITING = Waiting(
    obligation_id="0c",
    ordinal=1,
    code="K",
    name="",
    task="bổ sung",
    link="https://a.vn",
    since=date(2026, 8, 3),
    workdays=2,
)


def events(*tasks: Task) -> list[icalendar.Event]:
    (attachment,) = calendar_files(tasks, AT)
    calendar = icalendar.Calendar.from_ical(attachment.content)
    assert isinstance(calendar, icalendar.Calendar)
    assert (str(calendar["METHOD"]), str(calendar["VERSION"])) == ("PUBLISH", "2.0")
    return calendar.events


def test_deadline_is_a_whole_day_on_its_safe_date() -> None:
    (event,) = events(ITEM)

    assert {name: event.decoded(name) for name in ("DTSTART", "DTEND", "DTSTAMP", "SEQUENCE")} == {
        "DTSTART": date(2026, 8, 7),
        "DTEND": date(2026, 8, 8),
        "DTSTAMP": datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
        "SEQUENCE": 2,
    }
    assert {name: str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "URL", "STATUS", "TRANSP", "UID")} == {
        "SUMMARY": "Hạn: Trả kết quả thẩm định – KC-VL-2026-014",
        "DESCRIPTION": "Hạn: thứ Hai 10/08/2026.\nNên xong chậm nhất thứ Sáu 07/08/2026.\n"
        "Đề án KC-VL-2026-014.\nTạm tính: lịch nghỉ chưa xác nhận.",
        "URL": "https://khuyencong.example.vn/de-an/14?a=1,2;b",
        "STATUS": "TENTATIVE",
        "TRANSP": "TRANSPARENT",
        "UID": "31c72184-1866-5f1a-83d7-682acde39216",
    }
    assert event.alarms.times == []


def test_file_says_that_it_publishes() -> None:
    (attachment,) = calendar_files([ITEM], AT)

    assert (attachment.name, attachment.media_type) == (
        "han-xu-ly.ics",
        "text/calendar; method=PUBLISH; charset=utf-8",
    )


def test_moved_deadline_keeps_its_name_and_other_deadlines_have_others() -> None:
    moved = replace(ITEM, sequence=3, safe_on=date(2026, 8, 14), obligation_id="x", ordinal=4, provisional=False)
    other = replace(ITEM, deadline_key="KC-VL-2026-014/D-APPRAISE/9")

    (first,), (second,), (third,) = events(ITEM), events(moved), events(other)

    assert first["UID"] == second["UID"] != third["UID"]
    assert (second.decoded("SEQUENCE"), str(second["STATUS"])) == (3, "CONFIRMED")


def test_deadline_shared_by_two_reminders_stands_once_with_its_newest_dates() -> None:
    newer = replace(ITEM, obligation_id="b", sequence=3, safe_on=date(2026, 8, 6))

    for both in ((ITEM, newer), (newer, ITEM)):
        (event,) = events(*both)
        assert event.decoded("DTSTART") == date(2026, 8, 6)


def test_task_without_a_deadline_gives_no_file() -> None:
    assert calendar_files([WAITING], AT) == ()
    assert len(events(WAITING, ITEM)) == 1


@settings(deadline=None, max_examples=200)
@given(task=st.text(min_size=1, max_size=200), code=st.text(min_size=1, max_size=80))
def test_any_text_reads_back_and_no_line_is_longer_than_75_octets(task: str, code: str) -> None:
    try:
        item = replace(ITEM, task=task, code=code)
    except BadMessage:
        return

    (attachment,) = calendar_files([item], AT)
    (event,) = events(item)

    assert str(event["SUMMARY"]).endswith(f" – {item.code}")
    assert attachment.content.endswith(b"END:VCALENDAR\r\n")
    lines = attachment.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()
