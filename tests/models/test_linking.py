"""One-time codes: ten minutes, one use, few tries, and nothing of them or their senders stored in the clear."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from models.loading import load_person
from models.people import change_person
from models.reminders.addresses import reach
from models.reminders.linking import (
    LIFE,
    WRONG_OF_ALL,
    WRONG_OF_ONE,
    Note,
    link_status,
    offer_code,
    receive_note,
    remove_link,
)
from models.reminders.preferences import set_preference
from states.posting import Channel

KEY = bytes(32)
AT = datetime(2024, 1, 9, 2, 0, tzinfo=UTC)
BOT, OA = Channel.ZALOBOT, Channel.ZALOOA
CHAT, OTHER = "e4ea2cd5189df1c3a88c", "aa00bb11cc22dd33ee44"
WRONG = "Mã không đúng hoặc đã hết hạn; hãy lấy mã mới rồi gửi lại trong mười phút."
LINKED = (
    "Đã liên kết với Trần Thị Bình. Để nhận nhắc việc ở đây, hãy chọn kênh Zalo Bot trong cách nhận nhắc việc của "
    "mình. Muốn thôi nhận, hãy nhắn: DEAN DỪNG."
)

_ids = count(1)


def offer(office: Any, person: str, digits: str = "482913", *, by: str | None = None, **more: Any) -> str:
    with office.store.write() as session:
        who = load_person(session, by or person)
        return offer_code(
            session, person, more.pop("channel", BOT), draw=lambda: digits, key=KEY, by=who, **({"at": AT} | more)
        )


def write(
    office: Any,
    code: str | None,
    *,
    sender: str = CHAT,
    at: datetime = AT,
    message_id: str = "",
    channel: Channel = BOT,
    leaves: bool = False,
) -> str | None:
    note = Note(sender, message_id or f"m{next(_ids)}", code, leaves)
    with office.store.write() as session:
        return receive_note(session, channel, note, key=KEY, at=at)


def linked(office: Any, person: str = "binh") -> dict[Channel, str]:
    with office.store.read() as session:
        found = load_person(session, person)
        return reach(session, [found.id]).get(found.id, {})


def test_code_links_the_account_that_sends_it(office_on_both: Any) -> None:
    offer(office_on_both, "binh")

    answer = write(office_on_both, "482913")

    assert (answer, linked(office_on_both)) == (LINKED, {BOT: CHAT})
    office_on_both.prove()


def test_answer_says_that_reminders_come_where_the_channel_was_chosen(office_on_both: Any) -> None:
    office = office_on_both
    with office.store.write() as session:
        binh = load_person(session, "binh")
        set_preference(session, "binh", channels=(BOT,), by=binh, origin=office.origin)
    offer(office, "binh")

    assert "Nhắc việc sẽ được gửi vào đây." in (write(office, "482913") or "")


def test_code_works_once(office_on_both: Any) -> None:
    offer(office_on_both, "binh")
    write(office_on_both, "482913")

    assert write(office_on_both, "482913", sender=OTHER) == WRONG
    assert linked(office_on_both) == {BOT: CHAT}


@pytest.mark.parametrize(
    ("waited", "answer"),
    [(LIFE - timedelta(seconds=1), LINKED), (LIFE, WRONG), (timedelta(days=1), WRONG)],
)
def test_code_lives_ten_minutes(office_on_both: Any, waited: timedelta, answer: str) -> None:
    offer(office_on_both, "binh")

    assert write(office_on_both, "482913", at=AT + waited) == answer


def test_new_code_takes_the_place_of_the_old_one(office_on_both: Any) -> None:
    offer(office_on_both, "binh", "111111")
    offer(office_on_both, "binh", "222222")

    assert [write(office_on_both, code) for code in ("111111", "222222")] == [WRONG, LINKED]


def test_code_of_one_channel_links_no_other(office_on_both: Any) -> None:
    offer(office_on_both, "binh", channel=OA)

    assert write(office_on_both, "482913", channel=BOT) == WRONG


def test_two_people_never_hold_the_same_code(office_on_both: Any) -> None:
    offer(office_on_both, "binh", "111111")
    drawn = iter(["111111", "111111", "222222"])

    with office_on_both.store.write() as session:
        bach = load_person(session, "bach")
        code = offer_code(session, "bach", BOT, draw=lambda: next(drawn), key=KEY, by=bach, at=AT)

    assert code == "222222"
    assert write(office_on_both, "111111") == LINKED


def test_what_a_provider_repeats_is_done_once(office_on_both: Any) -> None:
    offer(office_on_both, "binh")

    answers = [write(office_on_both, "482913", message_id="same") for _ in range(2)]

    assert answers == [LINKED, None]


def test_after_some_wrong_codes_nothing_of_the_sender_is_read(office_on_both: Any) -> None:
    offer(office_on_both, "binh")
    wrong = [write(office_on_both, f"{number:06d}", sender=OTHER) for number in range(WRONG_OF_ONE)]

    right_too_late = write(office_on_both, "482913", sender=OTHER)
    of_another = write(office_on_both, "482913")

    assert (wrong, right_too_late, of_another) == ([WRONG] * WRONG_OF_ONE, None, LINKED)


def test_wrong_codes_are_forgotten_with_the_life_of_a_code(office_on_both: Any) -> None:
    for number in range(WRONG_OF_ONE):
        write(office_on_both, f"{number:06d}")
    later = AT + LIFE
    offer(office_on_both, "binh", at=later)

    assert write(office_on_both, "482913", at=later) == LINKED


def test_many_senders_cannot_guess_together(office_on_both: Any) -> None:
    office = office_on_both
    offer(office, "binh")
    for number in range(WRONG_OF_ALL):
        write(office, f"{number:06d}", sender=f"guesser-{number}")

    answer = write(office, "482913")

    assert answer == "Đang có quá nhiều mã sai gửi đến; hãy gửi lại mã sau mười phút."
    assert linked(office) == {}


def test_guesses_sent_at_once_are_counted(office_on_both: Any) -> None:
    offer(office_on_both, "binh")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: write(office_on_both, f"{number:06d}"), range(3 * WRONG_OF_ONE)))

    assert sorted(answers, key=str) == [WRONG] * WRONG_OF_ONE + [None] * 2 * WRONG_OF_ONE


def test_account_of_one_person_is_not_taken_by_another(office_on_both: Any) -> None:
    offer(office_on_both, "binh")
    write(office_on_both, "482913")
    offer(office_on_both, "bach", "222222")

    answer = write(office_on_both, "222222")

    assert answer is not None
    assert answer.startswith("Tài khoản này đang nhận nhắc việc của một người khác;")
    assert (linked(office_on_both, "binh"), linked(office_on_both, "bach")) == ({BOT: CHAT}, {})


def test_code_of_a_person_locked_since_links_nothing(office_on_both: Any) -> None:
    office = office_on_both
    offer(office, "binh")
    with office.store.write() as session:
        change_person(session, "binh", {"active": 0}, office.origin)

    assert write(office, "482913") == WRONG


def test_who_writes_without_a_code_is_told_how(office_on_both: Any) -> None:
    office = office_on_both
    stranger = write(office, None)
    offer(office, "binh")
    write(office, "482913")
    known = write(office, None)

    assert stranger == "Để nhận nhắc việc ở đây, hãy lấy mã liên kết (dùng trong 10 phút) rồi gửi: DEAN và sáu chữ số."
    assert known == (
        "Tài khoản này chỉ dùng để nhận nhắc việc, không ai đọc tin gửi đến. Muốn thôi nhận, hãy nhắn: DEAN DỪNG."
    )


def test_person_leaves_by_a_message(office_on_both: Any) -> None:
    offer(office_on_both, "binh")
    write(office_on_both, "482913")

    answers = [write(office_on_both, None, leaves=True) for _ in range(2)]

    assert answers == [
        "Đã gỡ liên kết; từ nay không gửi nhắc việc vào đây. Thư điện tử vẫn được gửi.",
        "Tài khoản này chưa liên kết với người dùng nào; không có gì để gỡ.",
    ]
    assert linked(office_on_both) == {}


def test_neither_code_nor_sender_stands_in_the_tables_of_codes_and_messages(office_on_both: Any) -> None:
    offer(office_on_both, "binh")
    write(office_on_both, "000000")

    rows = office_on_both.everything()

    stored = repr(rows["link_code"]) + repr(rows["incoming_message"])
    assert [secret for secret in ("482913", "000000", CHAT) if secret in stored] == []
    assert CHAT not in repr(Note(CHAT, "m", "482913"))


@pytest.mark.parametrize("by", ["binh", "giang"])
def test_person_and_administrator_get_the_code(office_on_both: Any, by: str) -> None:
    assert offer(office_on_both, "binh", by=by) == "482913"


@pytest.mark.parametrize(("by", "name"), [("bach", "Đỗ Xuân Bách"), ("chi", "Lê Minh Chi"), ("em", "Huỳnh Văn Em")])
def test_nobody_else_gets_or_removes_the_link(office_on_both: Any, by: str, name: str) -> None:
    office = office_on_both
    offer(office, "binh")
    write(office, "482913")
    sentence = f"{name} không được liên kết tài khoản cho Trần Thị Bình; cần: chính người đó, Quản trị hệ thống."

    with office.refusing(sentence):
        offer(office, "binh", by=by)
    with office.refusing(sentence):
        remove(office, by)


def test_administrator_removes_the_link(office_on_both: Any) -> None:
    office = office_on_both
    offer(office, "binh")
    write(office, "482913")

    remove(office, "giang")

    assert linked(office) == {}
    with office.refusing("Trần Thị Bình chưa liên kết Zalo Bot; không có gì để gỡ."):
        remove(office, "giang")


def remove(office: Any, by: str) -> None:
    with office.store.write() as session:
        remove_link(session, "binh", BOT, by=load_person(session, by))


def test_e_mail_needs_no_code(office_on_both: Any) -> None:
    with office_on_both.refusing("Thư điện tử không cần liên kết bằng mã; chỉ liên kết: zalobot, zalooa."):
        offer(office_on_both, "binh", channel=Channel.EMAIL)


def test_status_counts_links_and_waiting_codes(office_on_both: Any) -> None:
    office = office_on_both
    offer(office, "binh", "111111")
    offer(office, "bach", "222222")
    write(office, "111111")

    with office.store.read() as session:
        now, later = (link_status(session, at=at) for at in (AT, AT + LIFE))

    assert now == {"linked": 1, "troubled": 0, "codes": 1}
    assert later == {"linked": 1, "troubled": 0, "codes": 0}


def test_old_messages_are_forgotten(office_on_both: Any) -> None:
    write(office_on_both, None, message_id="old")

    write(office_on_both, None, at=AT + timedelta(days=8))

    assert len(office_on_both.everything()["incoming_message"]) == 1
