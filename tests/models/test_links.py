"""Signed links: the same letter holds the same link, a forged one opens nothing, a used one does nothing."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.loading import load_person
from models.people import change_person
from models.reminders.addresses import link as link_account
from models.reminders.answers import answers
from models.reminders.links import KEY_BYTES, Link, Purpose, Used, is_used, make_link, read_link, secret_key, use_link
from models.reminders.preferences import Wanted, preferences
from states.posting import Channel
from states.refusal import Refused

Remind = Callable[..., str]

KEY = bytes(range(KEY_BYTES))
AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
UNTIL = AT + timedelta(days=30)
ABOUT = "deadline:KC-VL-2026-001/D-CHECK/900@20260310-20260310-20260310"
USED_UP = Used("Liên kết này đã được dùng rồi; không có gì thay đổi.", False)


def made(**changes: Any) -> str:
    said: dict[str, Any] = {
        "purpose": Purpose.ACKNOWLEDGE,
        "person": "binh",
        "about": ABOUT,
        "letter": "digest:binh:2026-03-03:email",
        "expires_at": UNTIL,
    }
    return make_link(KEY, "https://khuyencong.example/", **(said | changes))


def token(**changes: Any) -> str:
    return made(**changes).rpartition("/")[2]


def read(**changes: Any) -> Link:
    return read_link(KEY, token(**changes), at=AT)


def use(office: Any, link: Link, **typed: Any) -> Used:
    with office.store.write() as session:
        return use_link(session, link, door="web", at=AT, **typed)


# --- writing and reading -------------------------------------------------------------------------------


def test_link_says_what_it_is_for(office: Any) -> None:
    link = read()

    assert (link.purpose, link.person, link.about, link.expires_at) == (Purpose.ACKNOWLEDGE, "binh", ABOUT, UNTIL)
    assert made().startswith("https://khuyencong.example/l/")


def test_letter_composed_twice_holds_the_same_links() -> None:
    assert made() == made()


@pytest.mark.parametrize(
    "other",
    [
        {"letter": "digest:binh:2026-03-04:email"},
        {"about": "waiting:KC-VL-2026-001@900"},
        {"purpose": Purpose.SNOOZE},
        {"person": "bach"},
    ],
)
def test_another_letter_thing_purpose_or_person_is_another_use(other: dict[str, Any]) -> None:
    assert read().nonce != read(**other).nonce


def test_link_works_until_its_end() -> None:
    last = UNTIL - timedelta(seconds=1)

    assert read_link(KEY, token(), at=last).person == "binh"
    with pytest.raises(Refused) as refused:
        read_link(KEY, token(), at=UNTIL)
    assert refused.value.reasons == (
        "Liên kết đã hết hạn ngày 02/04/2026; hãy mở liên kết trong thư nhắc việc mới nhất.",
    )


def test_no_letter_of_a_link_can_be_changed() -> None:
    whole = token()
    letters = "AZ09-_.="

    opened = []
    for place in range(len(whole)):
        for letter in letters:
            changed = whole[:place] + letter + whole[place + 1 :]
            if changed != whole:
                opened += [changed] if opens(changed) else []

    assert opened == []


@pytest.mark.parametrize(
    "strange", ["", ".", "a.b", "đ.đ", "." * 50, "x" * 5_000, token() + "A", token() + "=", token()[:-1]]
)
def test_what_we_did_not_write_is_refused(strange: str) -> None:
    with pytest.raises(Refused) as refused:
        read_link(KEY, strange, at=AT)

    assert refused.value.reasons == ("Liên kết không đúng hoặc bị cắt mất một phần; hãy mở lại từ thư nhắc việc.",)


def test_link_of_another_key_is_refused() -> None:
    with pytest.raises(Refused):
        read_link(bytes(KEY_BYTES), token(), at=AT)


def opens(text: str) -> bool:
    try:
        read_link(KEY, text, at=AT)
    except Refused:
        return False
    return True


# --- the key -------------------------------------------------------------------------------------------


def test_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret.key"

    first, second = secret_key(path), secret_key(path)

    assert (len(first), first) == (KEY_BYTES, second)
    assert os.listdir(path.parent) == ["secret.key"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path / "secret.key"), range(8)))

    assert len(keys) == 1
    assert os.listdir(tmp_path) == ["secret.key"]


def test_damaged_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(b"short")

    with pytest.raises(Refused, match=r"Tệp khóa “secret.key” không phải 32 byte"):
        secret_key(path)


# --- use -----------------------------------------------------------------------------------------------


def test_link_acts_once(office_on_both: Any, remind: Remind) -> None:
    office = office_on_both
    remind(office, "binh", about=ABOUT)
    link = read()

    first = use(office, link)
    after = office.everything()
    second = use(office, link)

    assert (first, second) == (Used("Đã ghi nhận: anh/chị đã nhận việc này.", True), USED_UP)
    assert office.everything() == after
    with office.store.read() as session:
        assert answers(session).acknowledged == {("binh", ABOUT)}
        assert is_used(session, link)
    office.prove()


def test_button_pressed_many_times_at_once_acts_once(office_on_both: Any, remind: Remind) -> None:
    remind(office_on_both, "binh", about=ABOUT)
    link = read()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: use(office_on_both, link), range(6)))

    assert sorted(used.changed for used in found) == [False] * 5 + [True]
    with office_on_both.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT count(*) FROM acknowledgement").scalar_one()
    assert rows == 1


def test_what_the_rules_refuse_leaves_the_link_unused(office_on_both: Any, remind: Remind) -> None:
    remind(office_on_both, "binh", about=ABOUT)
    link = read(purpose=Purpose.SNOOZE)

    for until, sentence in (
        (None, "Chưa chọn ngày nhắc lại; hãy chọn một ngày."),
        (date(2026, 3, 2), "Ngày nhắc lại 02/03/2026 không còn ở phía trước; hãy chọn ngày sau 03/03/2026."),
    ):
        with office_on_both.refusing(sentence):
            use(office_on_both, link, until=until)

    used = use(office_on_both, link, until=date(2026, 3, 5))
    assert used == Used("Sẽ nhắc lại việc này từ ngày 05/03/2026.", True)


def test_second_letter_about_the_same_thing_says_that_it_was_answered(office_on_both: Any, remind: Remind) -> None:
    office = office_on_both
    remind(office, "binh", about=ABOUT)
    use(office, read())

    with office.refusing("Nhắc việc này đã được báo nhận trước đó; không có gì thay đổi."):
        use(office, read(letter="digest:binh:2026-03-04:email"))


def test_link_of_a_locked_person_does_nothing(office_on_both: Any, remind: Remind) -> None:
    office = office_on_both
    remind(office, "binh", about=ABOUT)
    with office.store.write() as session:
        change_person(session, "binh", {"active": 0}, office.origin)

    with office.refusing("Tài khoản của Trần Thị Bình đã khóa nên liên kết không dùng được; hãy hỏi quản trị."):
        use(office, read())


def test_leaving_e_mail_leaves_the_morning_letter(office_on_both: Any) -> None:
    leaving = {"purpose": Purpose.UNSUBSCRIBE, "about": "email"}

    first = use(office_on_both, read(**leaving))
    again = use(office_on_both, read(**leaving, letter="digest:binh:2026-03-04:email"))

    assert (first.changed, again.changed) == (True, False)
    assert wanted(office_on_both) == Wanted((Channel.EMAIL,), urgent_at_once=False)


def test_leaving_zalo_forgets_the_account(office_on_both: Any) -> None:
    with office_on_both.store.write() as session:
        person = load_person(session, "binh")
        link_account(session, person.id, Channel.ZALOBOT, "e4ea2cd5189df1c3a88c", at=AT)

    used = use(office_on_both, read(purpose=Purpose.UNSUBSCRIBE, about="zalobot"))

    assert used == Used("Từ nay không gửi nhắc việc qua Zalo Bot; thư điện tử vẫn được gửi.", True)
    assert office_on_both.everything()["address"] == []


def test_preferences_are_chosen_once(office_on_both: Any) -> None:
    link = read(purpose=Purpose.PREFERENCES, about="")
    chosen = Wanted((Channel.ZALOBOT, Channel.EMAIL), urgent_at_once=False, in_charge=True)

    used = [use(office_on_both, link, wanted=chosen), use(office_on_both, link, wanted=Wanted())]

    assert used == [Used("Đã ghi cách nhận nhắc việc của anh/chị.", True), USED_UP]
    # Nobody puts themselves in charge by a link.
    assert wanted(office_on_both) == Wanted((Channel.ZALOBOT, Channel.EMAIL), urgent_at_once=False)


def wanted(office: Any) -> Wanted:
    with office.store.read() as session:
        return preferences(session)[load_person(session, "binh").id]
