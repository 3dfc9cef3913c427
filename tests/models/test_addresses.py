"""Where people are reached: contact data, linked accounts, and places that proved wrong."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from models.loading import load_person
from models.people import edit_person
from models.reminders.addresses import clear_problem, link, mark_problem, owner_of, places, reach, unlink
from models.store import Session
from states.posting import Channel
from states.refusal import Refused

AT = datetime(2024, 1, 9, 2, 0, tzinfo=UTC)
EMAIL, BOT, ZNS, HOOK = Channel.EMAIL, Channel.ZALOBOT, Channel.ZALOZNS, Channel.WEBHOOK
MAIL, PHONE, CHAT = "binh@so.example", "0901234567", "e4ea2cd5189df1c3a88c"

Writing = Callable[[Session, int], object]


@pytest.fixture
def binh(office_on_both: Any) -> int:
    with office_on_both.store.write() as session:
        edit_person(session, "binh", office_on_both.origin, email=MAIL, phone=PHONE)
        return load_person(session, "binh").id


def write(office: Any, person: int, *doing: Writing) -> None:
    for do in doing:
        with office.store.write() as session:
            do(session, person)


def reached(office: Any, person: int) -> dict[Channel, str]:
    with office.store.read() as session:
        return reach(session, [person]).get(person, {})


def linking(address: str = CHAT) -> Writing:
    return lambda session, person: link(session, person, BOT, address, at=AT)


def failing(channel: Channel, problem: str = "Người nhận không có ở máy chủ này.") -> Writing:
    return lambda session, person: mark_problem(session, person, channel, problem, at=AT)


def test_contact_and_linked_accounts_are_the_ways(office_on_both: Any, binh: int) -> None:
    before = reached(office_on_both, binh)

    write(office_on_both, binh, linking())

    assert before == {EMAIL: MAIL, ZNS: PHONE, HOOK: PHONE}
    assert reached(office_on_both, binh) == {EMAIL: MAIL, BOT: CHAT, ZNS: PHONE, HOOK: PHONE}


def test_person_without_any_contact_is_not_reached(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        assert reach(session, [load_person(session, "bach").id]) == {}


@pytest.mark.parametrize("channel", [EMAIL, BOT, ZNS])
def test_place_with_a_problem_is_left_out_until_it_is_cleared(office_on_both: Any, binh: int, channel: Channel) -> None:
    write(office_on_both, binh, linking())
    everything = reached(office_on_both, binh)

    write(office_on_both, binh, failing(channel))
    without = reached(office_on_both, binh)
    with office_on_both.store.read() as session:
        [place] = [place for place in places(session, [binh])[binh] if place.problem]
    write(office_on_both, binh, lambda session, person: clear_problem(session, person, channel))

    assert without == {way: address for way, address in everything.items() if way is not channel}
    assert (place.channel, place.problem, place.problem_at) == (channel, "Người nhận không có ở máy chủ này.", AT)
    assert reached(office_on_both, binh) == everything


def test_new_address_does_not_inherit_the_problem_of_the_old_one(office_on_both: Any, binh: int) -> None:
    write(office_on_both, binh, linking(), failing(EMAIL), failing(BOT))

    with office_on_both.store.write() as session:
        edit_person(session, "binh", office_on_both.origin, email="binh.tran@so.example")
    write(office_on_both, binh, linking("bb00cc11dd22ee33ff44"))

    ways = reached(office_on_both, binh)
    assert (ways[EMAIL], ways[BOT]) == ("binh.tran@so.example", "bb00cc11dd22ee33ff44")


def test_two_people_may_share_a_mailbox_with_a_problem(office_on_both: Any) -> None:
    with office_on_both.store.write() as session:
        ids = [load_person(session, code).id for code in ("binh", "bach")]
        for code in ("binh", "bach"):
            edit_person(session, code, office_on_both.origin, email="phong@so.example")
        for person in ids:
            mark_problem(session, person, EMAIL, "Hộp thư đầy.", at=AT)
        clear_problem(session, ids[0], EMAIL)

    with office_on_both.store.read() as session:
        assert reach(session, ids) == {ids[0]: {EMAIL: "phong@so.example"}}


def test_account_of_another_person_is_refused_without_naming_it(office_on_both: Any, binh: int) -> None:
    write(office_on_both, binh, linking())
    with office_on_both.store.read() as session:
        bach = load_person(session, "bach").id

    with pytest.raises(Refused) as refused:
        write(office_on_both, bach, linking())

    assert CHAT not in str(refused.value)
    assert "Bình" not in str(refused.value)
    assert reached(office_on_both, bach) == {}


def test_unlinked_account_is_forgotten(office_on_both: Any, binh: int) -> None:
    write(office_on_both, binh, linking())

    with office_on_both.store.write() as session:
        told = [unlink(session, binh, BOT), unlink(session, binh, BOT)]

    assert told == [True, False]
    with office_on_both.store.read() as session:
        assert owner_of(session, BOT, CHAT) is None


def test_e_mail_cannot_be_linked(office_on_both: Any) -> None:
    with pytest.raises(Refused) as refused, office_on_both.store.write() as session:
        link(session, load_person(session, "binh").id, EMAIL, MAIL, at=AT)

    assert refused.value.reasons == ("Thư điện tử dùng liên hệ của người dùng; hãy sửa bằng dean user edit.",)


def test_problem_of_a_place_that_is_gone_is_not_kept(office_on_both: Any) -> None:
    with office_on_both.store.write() as session:
        bach = load_person(session, "bach").id
        mark_problem(session, bach, BOT, "Đã chặn.", at=AT)

    with office_on_both.store.read() as session:
        assert places(session, [bach]) == {bach: []}


def test_place_shows_no_address(office_on_both: Any, binh: int) -> None:
    write(office_on_both, binh, linking(), failing(EMAIL))

    with office_on_both.store.read() as session:
        shown = repr(places(session, [binh]))
        stored = [tuple(row) for row in session.connection().exec_driver_sql("SELECT * FROM address")]

    assert [secret for secret in (MAIL, PHONE, CHAT) if secret in shown] == []
    assert MAIL not in repr(stored)


def test_events_carry_no_address(office_on_both: Any, binh: int) -> None:
    write(office_on_both, binh, linking(), failing(BOT))

    with office_on_both.store.read() as session:
        bodies = "".join(session.connection().exec_driver_sql("SELECT body FROM event").scalars())

    assert [secret for secret in (MAIL, PHONE, CHAT) if secret in bodies] == []
    office_on_both.prove()
