"""dean user invite, password, second-factor, sign-out: the way in where nobody has a password yet."""

from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import dean as root
from models.desk.access_log import access_log
from models.desk.credentials import has_credentials, invited, is_password, password_hash_of
from models.desk.second_factor import new_seed, recovery_codes_left, secret_of, set_up
from models.desk.sessions import open_session, sessions_of
from models.loading import load_person
from models.store import open_store

PASSWORD = "trời xanh mây trắng 2026"


def acts(office: Any) -> list[tuple[str, str, str | None]]:
    with office.store.read() as session:
        return [(row["act"], row["person"], row["by_code"]) for row in access_log(session)]


def type_password(*typed: str) -> Any:
    return CliRunner().invoke(root, ["user", "password", "an"], input="".join(f"{line}\n" for line in typed))


def test_invitation_is_a_link_that_works(office: Any, dean: Any) -> None:
    dean.set(base_url="https://kc.example/")

    printed = dean("user", "invite", "an", "--by", "giang")

    address, token = printed.out.strip().rsplit("/", 1)
    assert (printed.code, address) == (0, "https://kc.example/invite")
    with office.store.read() as session:
        at = office.at.replace(month=6, day=3, hour=6)
        assert invited(session, token, at=at).code == "an"
    assert acts(office) == [("invited", "an", "giang")]


def test_invitation_at_the_terminal_needs_no_name(office: Any, dean: Any) -> None:
    assert dean("user", "invite", "giang").code == 0
    assert acts(office) == [("invited", "giang", None)]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("user", "invite", "an", "--by", "binh"), "cần: Quản trị hệ thống"),
        (("user", "invite", "nobody"), "Không có người dùng «nobody»"),
        (("user", "second-factor", "an", "--reset"), "chưa bật xác thực hai bước"),
        (("user", "second-factor", "an", "--reset", "--by", "chi"), "cần: Quản trị hệ thống"),
        (("user", "sign-out", "an", "--by", "em"), "cần: Quản trị hệ thống"),
    ],
)
def test_what_may_not_be_is_refused_and_leaves_nothing(
    office: Any, dean: Any, words: tuple[str, ...], why: str
) -> None:
    refused = dean(*words)

    assert (refused.code, why in refused.err) == (1, True)
    assert acts(office) == []


def test_locked_person_is_not_invited(office: Any, dean: Any) -> None:
    dean("user", "lock", "an", "--by", "giang")

    refused = dean("user", "invite", "an")

    assert (refused.code, "dean user unlock an" in refused.err) == (1, True)


def test_password_is_typed_twice_and_shown_nowhere(office: Any, dean: Any) -> None:
    result = type_password(PASSWORD, PASSWORD)

    assert (result.exit_code, PASSWORD in result.output) == (0, False)
    with office.store.read() as session:
        assert is_password(password_hash_of(session, "an"), PASSWORD)
    assert acts(office) == [("password", "an", None)]


@pytest.mark.parametrize("typed", [("ngắn", "ngắn"), ("ananananananan", "ananananananan")])
def test_password_that_is_easily_guessed_is_refused(office: Any, dean: Any, typed: tuple[str, ...]) -> None:
    result = type_password(*typed)

    assert result.exit_code == 1
    with office.store.read() as session:
        assert not has_credentials(session)


def test_second_factor_is_shown_and_reset(office: Any, dean: Any) -> None:
    key, seed = b"k" * 32, new_seed()
    from pyotp import TOTP

    with office.store.write() as session:
        person = load_person(session, "an")
        set_up(session, key, person.id, seed, TOTP(secret_of(key, seed)).at(office.at), ["a", "b"], at=office.at)

    shown = dean("user", "second-factor", "an")
    reset = dean("user", "second-factor", "an", "--reset", "--by", "giang")

    assert shown.out == "Nguyễn Văn An (an) đã bật xác thực hai bước, còn 2 mã dự phòng.\n"
    assert reset.out == "Đã bỏ xác thực hai bước của Nguyễn Văn An (an); nay chỉ cần mật khẩu.\n"
    with office.store.read() as session:
        assert recovery_codes_left(session, person.id) is None
    assert dean("user", "second-factor", "an").out == "Nguyễn Văn An (an) chưa bật xác thực hai bước.\n"


def test_every_browser_is_signed_out(office: Any, dean: Any) -> None:
    with office.store.write() as session:
        person = load_person(session, "an")
        open_session(session, person.id, at=office.at, address="test", agent="test")

    assert dean("user", "sign-out", "an").code == 0

    with office.store.read() as session:
        assert sessions_of(session, person.id, at=office.at) == []


def test_new_office_prints_the_link_of_its_administrator(dean: Any) -> None:
    printed = dean("init", "--admin", "giang", "--admin-name", "Bùi Trường Giang")

    [line] = [line for line in printed.lines if "/invite/" in line]
    assert line.startswith(
        "Bùi Trường Giang đặt mật khẩu ở đây, trong 48 giờ, sau khi chạy dean up: http://127.0.0.1:8321"
    )
    store = open_store(f"sqlite:///{dean.home / 'dean.db'}", dean.home / "files")
    with store.read() as session:
        assert not has_credentials(session)
    store.close()
