"""Answers to reminders: who may give one, until when, and what it takes back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from models.append import Origin
from models.loading import load_person
from models.reminders.absences import enter_absence
from models.reminders.answers import Answered, acknowledge, answers, snooze
from models.tables import Reminder
from states.posting import ObligationStatus
from states.reminder_rules import Audience
from states.reminding import short_id
from states.standing_in import Absence

Remind = Callable[..., str]

#: Ends on Tuesday 10/03/2026: nothing comes later than on Monday 09/03.
ABOUT = "deadline:KC-VL-2026-001/D-CHECK/900@20260310-20260310-20260310"
WAITING = "waiting:KC-VL-2026-001@900"
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
MONDAY = date(2026, 3, 9)


@pytest.fixture
def march(office_on_both: Any) -> Any:
    """The office on Tuesday 03/03/2026, in a confirmed calendar."""
    office_on_both.at = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    return office_on_both


def know(office: Any, reminder: str, by: str, **more: Any) -> Answered:
    with office.store.write() as session:
        who = load_person(session, by)
        return acknowledge(session, reminder, by=who, origin=Origin(office.at, who.id, "test"), **more)


def later(office: Any, reminder: str, by: str, until: date, **more: Any) -> Answered:
    with office.store.write() as session:
        who = load_person(session, by)
        return snooze(session, reminder, until=until, by=who, origin=Origin(office.at, who.id, "test"), **more)


def statuses(office: Any) -> dict[str, tuple[str, str]]:
    with office.store.read() as session:
        rows = session.connection().execute(select(Reminder.key, Reminder.status, Reminder.reason)).all()  # type: ignore[call-overload]
    return {key: (str(status), reason) for key, status, reason in rows}


def test_acknowledged_reminder_is_taken_back_and_remembered(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT, rule="N-T3")
    other = remind(march, "bach", about=ABOUT, rule="N-T3")

    answered = know(march, key, "binh")

    assert (answered.person, answered.about, answered.cancelled) == ("binh", ABOUT, 1)
    assert statuses(march) == {
        key: ("cancelled", "Người nhận đã báo nhận."),
        other: ("waiting", ""),
    }
    with march.store.read() as session:
        given = answers(session)
    assert (given.acknowledged, given.snoozed_until) == ({("binh", ABOUT)}, {})
    march.prove()


@pytest.mark.parametrize("named", ["short", "spoken", "about", "key"])
def test_reminder_is_found_by_what_stands_in_the_letter(march: Any, remind: Remind, named: str) -> None:
    key = remind(march, "binh", about=ABOUT)
    remind(march, "bach", about=ABOUT)
    names = {"short": short_id(key), "spoken": f"mã {short_id(key)}", "about": ABOUT, "key": key}

    assert know(march, names[named], "binh").person == "binh"


def test_snoozed_reminder_comes_again_on_its_day(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT, rule="N-T3")

    later(march, key, "binh", WEDNESDAY, reason="Chờ chủ đầu tư")

    with march.store.read() as session:
        given = answers(session)
    asked = [given.is_snoozed("binh", ABOUT, day) for day in (TUESDAY, WEDNESDAY)]
    assert (given.snoozed_until, asked) == ({("binh", ABOUT): WEDNESDAY}, [True, False])
    assert statuses(march) == {key: ("cancelled", "Người nhận đã hoãn nhắc đến ngày 04/03/2026.")}


def test_latest_answer_holds(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT)
    know(march, key, "binh")

    later(march, key, "binh", WEDNESDAY)

    with march.store.read() as session:
        given = answers(session)
    assert (given.acknowledged, given.snoozed_until) == (frozenset(), {("binh", ABOUT): WEDNESDAY})


def test_what_is_in_a_letter_is_left_to_the_letter(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT, status=ObligationStatus.TOLD)

    assert know(march, key, "binh").cancelled == 0
    assert statuses(march) == {key: ("told", "")}


def test_superior_who_knows_of_an_overdue_deadline_is_still_told(march: Any, remind: Remind) -> None:
    overdue = remind(march, "chi", about=ABOUT, rule="N-Q2", audience=Audience.SUPERVISOR)
    idle = remind(march, "chi", about=WAITING, rule="N-IDLE", audience=Audience.SUPERVISOR)

    answered = [know(march, key, "chi").cancelled for key in (overdue, idle)]

    assert answered == [0, 1]
    assert [statuses(march)[key][0] for key in (overdue, idle)] == ["waiting", "cancelled"]


def test_snooze_ends_before_the_last_warning(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT)

    with march.refusing("Không hoãn nhắc đến ngày 10/03/2026 được; hãy chọn ngày nhắc lại chậm nhất là 09/03/2026."):
        later(march, key, "binh", date(2026, 3, 10))

    assert later(march, key, "binh", MONDAY).cancelled == 1


def test_snooze_of_what_is_overdue_needs_a_reason(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT)
    march.at = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)

    with march.refusing("Việc đã quá hạn; hãy ghi lý do hoãn nhắc."):
        later(march, key, "binh", date(2026, 3, 12))

    assert later(march, key, "binh", date(2026, 3, 12), reason="Đã nộp, chờ ký").cancelled == 1
    with march.store.read() as session:
        notes = session.connection().exec_driver_sql("SELECT note FROM event ORDER BY id DESC LIMIT 1").scalars().all()
    assert notes == ["Đã nộp, chờ ký"]


def test_today_means_the_day_of_the_office(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT)
    # 01:00 on Wednesday in the office.
    march.at = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)

    with march.refusing("Ngày nhắc lại 04/03/2026 không còn ở phía trước; hãy chọn ngày sau 04/03/2026."):
        later(march, key, "binh", WEDNESDAY)


def test_reminder_without_a_deadline_is_put_off_for_twenty_workdays_at_most(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=WAITING)

    with march.refusing("Không hoãn nhắc đến ngày 01/04/2026 được; hãy chọn ngày nhắc lại chậm nhất là 31/03/2026."):
        later(march, key, "binh", date(2026, 4, 1))


@pytest.mark.parametrize("by", ["chi", "chau"])
def test_leader_answers_for_others(march: Any, remind: Remind, by: str) -> None:
    key = remind(march, "binh", about=ABOUT)

    assert know(march, key, by).person == "binh"


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("bach", "Đỗ Xuân Bách"),
        ("dung", "Phan Tiến Dũng"),
        ("em", "Huỳnh Văn Em"),
        ("giang", "Bùi Trường Giang"),
        ("hanh", "Ngô Mỹ Hạnh"),
    ],
)
def test_nobody_else_answers(march: Any, remind: Remind, by: str, name: str) -> None:
    key = remind(march, "binh", about=ABOUT)
    sentence = (
        f"{name} không được trả lời nhắc việc của Trần Thị Bình; cần: chính người đó, người đang thay, Lãnh đạo Sở."
    )

    with march.refusing(sentence):
        know(march, short_id(key), by)


def test_leader_does_not_silence_another_leader(march: Any, remind: Remind) -> None:
    key = remind(march, "chau", about=WAITING, audience=Audience.NEXT_LEVEL)

    with march.refusing(
        "Lê Minh Chi không được trả lời nhắc việc của Võ Thị Châu; cần: chính người đó, người đang thay, Lãnh đạo Sở."
    ):
        know(march, key, "chi")


def test_stand_in_answers_while_the_person_is_away(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT)
    away = Absence(person="binh", substitute="bach", first_on=WEDNESDAY, last_on=WEDNESDAY)
    with march.store.write() as session:
        binh = load_person(session, "binh")
        enter_absence(session, away, by=binh, origin=Origin(march.at, binh.id, "test"))

    with march.refusing(
        "Đỗ Xuân Bách không được trả lời nhắc việc của Trần Thị Bình; "
        "cần: chính người đó, người đang thay, Lãnh đạo Sở."
    ):
        know(march, key, "bach")
    march.at = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)

    assert know(march, key, "bach").person == "binh"


def test_answer_for_one_of_several_says_whom(march: Any, remind: Remind) -> None:
    remind(march, "binh", about=ABOUT)
    remind(march, "bach", about=ABOUT)

    with march.refusing("Nhắc việc này gửi cho nhiều người (Trần Thị Bình, Đỗ Xuân Bách); hãy ghi rõ trả lời thay ai."):
        know(march, ABOUT, "chi")

    assert know(march, ABOUT, "chi", person="bach").person == "bach"


@pytest.mark.parametrize("unknown", ["0123456789ab", "", "deadline:X/Y/1@--", "%"])
def test_unknown_reminder_is_refused(march: Any, remind: Remind, unknown: str) -> None:
    remind(march, "binh", about=ABOUT)

    with march.refusing(f"Không có nhắc việc “{unknown}”; hãy xem mã ở cuối thư nhắc."):
        know(march, unknown, "binh")


def test_same_answer_twice_is_said_and_changes_nothing(march: Any, remind: Remind) -> None:
    key = remind(march, "binh", about=ABOUT)
    know(march, key, "binh")

    with march.refusing("Nhắc việc này đã được báo nhận trước đó; không có gì thay đổi."):
        know(march, key, "binh")
