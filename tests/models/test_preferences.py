"""How people want to be told: defaults, order of channels, and who is in charge."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from models.append import Origin
from models.loading import load_person
from models.people import change_person
from models.reminders.open_work import people_by_code, staff_of
from models.reminders.preferences import Wanted, preferences, set_preference
from states.posting import Channel
from states.recipients import Duty
from states.refusal import Refused
from states.reminder_rules import Audience
from states.vocabulary import Role, Route, Stage

EMAIL, BOT, ZNS = Channel.EMAIL, Channel.ZALOBOT, Channel.ZALOZNS


def choose(office: Any, person: str, *, by: str | None = None, **given: Any) -> Wanted:
    with office.store.write() as session:
        who = load_person(session, by or person)
        return set_preference(session, person, by=who, origin=Origin(office.at, who.id, "test"), **given)


def wanted(office: Any, person: str) -> Wanted:
    with office.store.read() as session:
        return preferences(session)[load_person(session, person).id]


def test_everybody_has_the_defaults_until_they_say_otherwise(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        found = preferences(session)
        people = len(people_by_code(session))

    assert len(found) == people
    assert set(found.values()) == {Wanted((EMAIL,), urgent_at_once=True, in_charge=False)}


def test_what_is_not_given_stays(office_on_both: Any) -> None:
    choose(office_on_both, "binh", channels=(BOT, EMAIL))

    choose(office_on_both, "binh", urgent_at_once=False)

    assert wanted(office_on_both, "binh") == Wanted((BOT, EMAIL), urgent_at_once=False)
    assert wanted(office_on_both, "bach") == Wanted()
    office_on_both.prove()


@pytest.mark.parametrize(
    ("channels", "reached", "way"),
    [
        ((BOT, EMAIL), {BOT, EMAIL}, BOT),
        ((BOT, EMAIL), {EMAIL}, EMAIL),
        ((BOT, ZNS), {EMAIL}, EMAIL),
        ((ZNS, BOT), {BOT, ZNS}, ZNS),
        ((EMAIL,), {BOT}, None),
        ((EMAIL,), set(), None),
    ],
)
def test_first_channel_with_an_address_is_the_way(
    channels: tuple[Channel, ...], reached: set[Channel], way: Channel | None
) -> None:
    assert Wanted(channels).way(reached) is way


def test_leader_in_charge_is_told_first(office_on_both: Any) -> None:
    choose(office_on_both, "chau", in_charge=True, by="giang")

    with office_on_both.store.read() as session:
        told = staff_of(session, people_by_code(session)).told(Duty(None, Route.LOCAL, Stage.SUBMITTED))

    assert (told[Audience.SUPERVISOR], told[Audience.NEXT_LEVEL]) == (("chau",), ("chi",))


def test_leader_in_charge_who_is_a_leader_no_more_is_not_told_as_one(office_on_both: Any) -> None:
    office = office_on_both
    choose(office, "chau", in_charge=True, by="giang")
    with office.store.write() as session:
        change_person(session, "chau", {"role": Role.COORDINATOR}, office.origin)

    with office.store.read() as session:
        told = staff_of(session, people_by_code(session)).told(Duty(None, Route.LOCAL, Stage.SUBMITTED))

    assert told[Audience.SUPERVISOR] == ("chi",)


@pytest.mark.parametrize(
    ("person", "by", "given", "sentence"),
    [
        (
            "binh",
            "giang",
            {"in_charge": True},
            "Trần Thị Bình (Điều phối viên của Sở) không phải lãnh đạo nên không phụ trách; hãy chọn lãnh đạo.",
        ),
        ("binh", "binh", {"channels": (BOT, BOT)}, "Kênh Zalo Bot ghi hai lần; hãy giữ một lần."),
        ("binh", "binh", {"channels": ()}, "Chưa ghi kênh nào; hãy ghi ít nhất một kênh, ví dụ --channel email."),
        (
            "binh",
            "binh",
            {"urgent_at_once": True},
            "Trần Thị Bình đã nhận nhắc việc đúng như vậy; không có gì thay đổi.",
        ),
        (
            "binh",
            "bach",
            {"urgent_at_once": False},
            "Đỗ Xuân Bách không được đặt việc này cho Trần Thị Bình; "
            "cần: chính người đó, Lãnh đạo Sở, Quản trị hệ thống.",
        ),
    ],
)
def test_what_cannot_be_wanted_is_refused(
    office_on_both: Any, person: str, by: str, given: dict[str, Any], sentence: str
) -> None:
    with office_on_both.refusing(sentence):
        choose(office_on_both, person, by=by, **given)


def test_two_first_choices_at_once_make_one_row(office_on_both: Any) -> None:
    def once(urgent: int) -> object:
        try:
            return choose(office_on_both, "binh", channels=(BOT, EMAIL), urgent_at_once=bool(urgent))
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(once, [0, 1, 0, 1]))

    assert wanted(office_on_both, "binh").channels == (BOT, EMAIL)
    office_on_both.prove()
