"""Who stands in: entered by events, ended early, and never in a circle."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.append import Origin
from models.loading import load_person
from models.people import change_person
from models.reminders.absences import absences, absences_of, end_absence, enter_absence
from states.standing_in import Absence

MONDAY, FRIDAY = date(2024, 1, 8), date(2024, 1, 12)


def enter(office: Any, person: str, substitute: str, first: date, last: date, *, by: str | None = None) -> int:
    with office.store.write() as session:
        who = load_person(session, by or person)
        absence = Absence(person=person, substitute=substitute, first_on=first, last_on=last)
        return enter_absence(session, absence, by=who, origin=Origin(office.at, who.id, "test"))


def end(office: Any, person: str, *, by: str | None = None, first_on: date | None = None) -> Absence | None:
    with office.store.write() as session:
        who = load_person(session, by or person)
        return end_absence(session, person, first_on=first_on, by=who, origin=Origin(office.at, who.id, "test"))


def known(office: Any) -> list[tuple[str, str, date, date]]:
    with office.store.read() as session:
        return [(each.person, each.substitute, each.first_on, each.last_on) for each in absences(session)]


def test_absence_is_entered_by_an_event(office_on_both: Any) -> None:
    enter(office_on_both, "binh", "bach", MONDAY, FRIDAY)

    assert known(office_on_both) == [("binh", "bach", MONDAY, FRIDAY)]
    office_on_both.prove()


@pytest.mark.parametrize("by", ["chi", "giang"])
def test_a_leader_or_the_administrator_enters_it_for_others(office_on_both: Any, by: str) -> None:
    enter(office_on_both, "binh", "bach", MONDAY, FRIDAY, by=by)

    assert len(known(office_on_both)) == 1


@pytest.mark.parametrize(("by", "name"), [("bach", "Đỗ Xuân Bách"), ("em", "Huỳnh Văn Em"), ("hanh", "Ngô Mỹ Hạnh")])
def test_nobody_else_sends_a_person_away(office_on_both: Any, by: str, name: str) -> None:
    office = office_on_both
    sentence = f"{name} không được đặt việc này cho Trần Thị Bình; cần: chính người đó, Lãnh đạo Sở, Quản trị hệ thống."

    with office.refusing(sentence):
        enter(office, "binh", "bach", MONDAY, FRIDAY, by=by)


def test_a_circle_of_stand_ins_is_refused(office_on_both: Any) -> None:
    enter(office_on_both, "binh", "bach", MONDAY, FRIDAY)
    sentence = "Ngày 08/01/2024 việc thay nhau sẽ quay vòng về Đỗ Xuân Bách; hãy chọn người thay khác hoặc ngày khác."

    with office_on_both.refusing(sentence):
        enter(office_on_both, "bach", "binh", MONDAY, MONDAY)


def test_an_absence_called_off_no_longer_stands_in_the_way(office_on_both: Any) -> None:
    office = office_on_both
    enter(office, "binh", "bach", MONDAY, FRIDAY)
    assert end(office, "binh") is None

    enter(office, "bach", "binh", MONDAY, FRIDAY)

    assert known(office) == [("bach", "binh", MONDAY, FRIDAY)]
    office.prove()


def test_an_absence_that_is_over_is_refused(office_on_both: Any) -> None:
    day = office_on_both.today - timedelta(days=1)

    with office_on_both.refusing("Ngày hết vắng 01/01/2024 đã qua; hãy ghi ngày từ 02/01/2024."):
        enter(office_on_both, "binh", "bach", day, day)


def test_who_comes_back_early_was_away_until_yesterday(office_on_both: Any) -> None:
    office = office_on_both
    enter(office, "binh", "bach", MONDAY, FRIDAY)
    office.at += timedelta(days=8)

    left = end(office, "binh")

    assert left == Absence(person="binh", substitute="bach", first_on=MONDAY, last_on=date(2024, 1, 9))
    assert known(office) == [("binh", "bach", MONDAY, date(2024, 1, 9))]
    with office.store.read() as session:
        assert absences_of(session, "binh", since=office.today) == []


def test_which_absence_is_meant_is_asked_where_there_are_two(office_on_both: Any) -> None:
    office = office_on_both
    enter(office, "binh", "bach", MONDAY, MONDAY)
    enter(office, "binh", "chi", FRIDAY, FRIDAY)

    with office.refusing(
        "Trần Thị Bình có lần vắng bắt đầu ngày 08/01/2024, 12/01/2024; hãy ghi --from bằng đúng một ngày đó."
    ):
        end(office, "binh")

    end(office, "binh", first_on=FRIDAY)

    assert known(office) == [("binh", "bach", MONDAY, MONDAY)]


def test_nothing_to_call_off_is_said(office_on_both: Any) -> None:
    with office_on_both.refusing("Trần Thị Bình không có lần vắng nào đang hoặc sắp diễn ra; không có gì để hủy."):
        end(office_on_both, "binh")


def test_a_substitute_who_is_locked_is_refused(office_on_both: Any) -> None:
    office = office_on_both
    with office.store.write() as session:
        change_person(session, "bach", {"active": 0}, office.origin)

    with office.refusing("Đỗ Xuân Bách không còn hoạt động; hãy chọn người thay khác."):
        enter(office, "binh", "bach", MONDAY, FRIDAY)
