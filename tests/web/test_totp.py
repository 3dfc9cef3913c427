"""The second factor: turned on with a code, asked for at every sign-in, each code good for once, reset by hand."""

from datetime import timedelta
from typing import Any

import pytest
from pyotp import TOTP

from models.desk.access_log import access_log
from models.desk.credentials import hash_password, set_password
from models.desk.second_factor import secret_of
from models.desk.sessions import forget_old
from models.desk.throttle import FAILURES
from models.loading import load_person
from models.reminders.links import secret_key
from tests.web.reading import read
from web.access import COOKIE
from web.pages.entrance import WRONG_CODE

PASSWORD = "trời xanh mây trắng 2026"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD, code="binh")


def code_of(web: Any, seed: str, *, steps: int = 0) -> str:
    """What the telephone shows now, or some steps later."""
    secret = secret_of(secret_key(web.office.store.files.parent / "secret.key"), seed)
    return str(TOTP(secret).at(web.office.at + timedelta(seconds=30 * steps)))


def turn_on(web: Any, hashed: str, who: str = "binh") -> tuple[Any, str, list[str]]:
    """Give a person a password and a second factor: their browser, the seed and the recovery codes."""
    with web.office.store.write() as session:
        set_password(session, load_person(session, who).id, hashed, at=web.office.at)
    browser = web.by(who)
    seed = read(browser.get("/me/second-factor").text).form("/me/second-factor").fields["seed"][0]
    answer = browser.post("/me/second-factor", data={"seed": seed, "code": code_of(web, seed), "password": PASSWORD})
    assert answer.status_code == 200
    codes = [text for text in read(answer.text).texts if text.count("-") == 2 and len(text) == 17]
    web.office.at += timedelta(minutes=1)
    return browser, seed, codes


def sign_in(web: Any, onward: str = "/me") -> Any:
    browser = web.by()
    answer = browser.post("/login", data={"name": "binh", "password": PASSWORD, "next": onward})
    assert answer.headers["location"] == f"/login/code?next={onward}"
    return browser


def acts(web: Any) -> list[tuple[str, str, str | None]]:
    with web.office.store.read() as session:
        return [(row["act"], row["person"], row["by_code"]) for row in access_log(session)]


def test_setting_up_shows_a_square_drawn_in_the_page(web: Any) -> None:
    page = web.by("binh").get("/me/second-factor")

    assert '<svg width="' in page.text
    assert "otpauth" not in page.text
    assert "http" not in page.text.replace("http://127.0.0.1", "")


def test_code_is_asked_for_after_the_password_and_opens_the_desk(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)

    browser = sign_in(web)
    before = browser.get("/me")
    asked = browser.get("/login/code?next=/me")
    answer = browser.post("/login/code", data={"code": code_of(web, seed), "next": "/me"})

    assert (before.status_code, before.headers["location"]) == (303, "/login?next=/me")
    assert "Mật khẩu của Trần Thị Bình đã đúng" in asked.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert browser.get("/me").status_code == 200


def test_session_of_the_password_alone_is_replaced(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)
    browser = sign_in(web)
    halfway = browser.cookies[COOKIE]

    browser.post("/login/code", data={"code": code_of(web, seed)})

    assert browser.cookies[COOKIE] != halfway
    thief = web.by()
    thief.cookies.set(COOKIE, halfway)
    assert thief.get("/me").status_code == 303


def test_code_works_once(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)
    first, second = sign_in(web), sign_in(web)
    code = code_of(web, seed)

    answers = [browser.post("/login/code", data={"code": code}) for browser in (first, second)]

    assert [answer.status_code for answer in answers] == [303, 403]
    assert WRONG_CODE in answers[1].text


def test_code_with_a_blank_and_of_a_clock_one_step_off_is_taken(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)
    code = code_of(web, seed, steps=1)

    answer = sign_in(web).post("/login/code", data={"code": f" {code[:3]} {code[3:]} "})

    assert answer.status_code == 303


def test_code_of_two_steps_off_is_not_taken(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)

    answer = sign_in(web).post("/login/code", data={"code": code_of(web, seed, steps=2)})

    assert answer.status_code == 403


def test_recovery_code_works_once_and_is_kept_in_the_log(web: Any, hashed: str) -> None:
    _, _, codes = turn_on(web, hashed)

    first = sign_in(web).post("/login/code", data={"code": codes[0].upper()})
    again = sign_in(web).post("/login/code", data={"code": codes[0]})
    other = sign_in(web).post("/login/code", data={"code": codes[1]})

    assert (len(codes), [first.status_code, again.status_code, other.status_code]) == (10, [303, 403, 303])
    assert acts(web)[0] == ("recovery_code_used", "binh", "binh")


def test_neither_secret_nor_recovery_codes_are_in_the_database(web: Any, hashed: str) -> None:
    _, seed, codes = turn_on(web, hashed)
    secret = secret_of(secret_key(web.office.store.files.parent / "secret.key"), seed)

    kept = repr(web.office.everything())

    assert [found for found in (secret, *codes, *(code.replace("-", "") for code in codes)) if found in kept] == []


def test_guessing_codes_rests_and_the_password_does_not_make_it_go_on(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)
    for _ in range(FAILURES):
        sign_in(web).post("/login/code", data={"code": "000000"})
    browser = web.by()

    answer = browser.post("/login", data={"name": "binh", "password": PASSWORD})
    rested = browser.post("/login/code", data={"code": code_of(web, seed)})

    assert answer.status_code == 303
    assert (rested.status_code, "hãy đợi 15 phút" in rested.text) == (429, True)


def test_waiting_for_the_code_ends_after_some_minutes(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)
    browser = sign_in(web)

    web.office.at += timedelta(minutes=6)

    answer = browser.post("/login/code", data={"code": code_of(web, seed)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/")


def test_turning_on_signs_other_browsers_out_and_keeps_this_one(web: Any, hashed: str) -> None:
    with web.office.store.write() as session:
        set_password(session, load_person(session, "binh").id, hashed, at=web.office.at)
    elsewhere = web.by("binh")

    here, _, _ = turn_on(web, hashed)

    assert (here.get("/me").status_code, elsewhere.get("/me").status_code) == (200, 303)


def test_wrong_first_code_keeps_the_square_and_says_why(web: Any) -> None:
    browser = web.by("binh")
    seed = read(browser.get("/me/second-factor").text).form("/me/second-factor").fields["seed"][0]

    answer = browser.post("/me/second-factor", data={"seed": seed, "code": "000000"})

    assert answer.status_code == 409
    assert "Mã 6 số không đúng" in answer.text
    assert read(answer.text).form("/me/second-factor").fields["seed"] == [seed]


def test_seed_that_is_none_of_ours_is_refused(web: Any) -> None:
    answer = web.by("binh").post("/me/second-factor", data={"seed": "x", "code": "000000"})

    assert (answer.status_code, "hãy mở lại trang rồi quét mã mới" in answer.text) == (409, True)


def test_turning_off_asks_for_a_code(web: Any, hashed: str) -> None:
    browser, seed, _ = turn_on(web, hashed)

    refused = browser.post("/me/second-factor/off", data={"code": "123456", "password": PASSWORD})
    done = browser.post("/me/second-factor/off", data={"code": code_of(web, seed), "password": PASSWORD})

    assert (refused.status_code, done.status_code) == (409, 303)
    assert web.by().post("/login", data={"name": "binh", "password": PASSWORD}).headers["location"] == "/"
    assert [act for act, _, _ in acts(web)] == ["second_factor_off", "second_factor"]


def test_new_recovery_codes_end_the_old_ones(web: Any, hashed: str) -> None:
    browser, seed, codes = turn_on(web, hashed)

    made = browser.post("/me/second-factor/codes", data={"code": code_of(web, seed)})

    assert made.status_code == 200
    assert codes[0] not in made.text
    assert sign_in(web).post("/login/code", data={"code": codes[0]}).status_code == 403


def test_administrator_resets_a_lost_second_factor(web: Any, hashed: str) -> None:
    turn_on(web, hashed)

    answer = web.by("giang").post("/people/binh/second-factor/reset")

    assert answer.status_code == 303
    assert acts(web)[0] == ("second_factor_reset", "binh", "giang")
    assert web.by().post("/login", data={"name": "binh", "password": PASSWORD}).headers["location"] == "/"


def test_nobody_else_resets_it(web: Any, hashed: str) -> None:
    turn_on(web, hashed)

    answers = [web.by(who).post("/people/binh/second-factor/reset").status_code for who in ("chi", "em", "yen", None)]

    assert answers == [403, 403, 403, 303]
    assert acts(web)[0] == ("second_factor", "binh", "binh")


def test_copy_of_the_database_with_another_key_computes_no_codes(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)

    assert code_of(web, seed) != str(TOTP(secret_of(b"x" * 32, seed)).at(web.office.at))


def test_second_factor_on_both_databases(web_on_both: Any, hashed: str) -> None:
    _, seed, codes = turn_on(web_on_both, hashed)

    by_code = sign_in(web_on_both).post("/login/code", data={"code": code_of(web_on_both, seed)})
    by_paper = sign_in(web_on_both).post("/login/code", data={"code": codes[3]})
    wrong = sign_in(web_on_both).post("/login/code", data={"code": "1"})

    assert [answer.status_code for answer in (by_code, by_paper, wrong)] == [303, 303, 403]


def test_turning_off_asks_for_the_password_again_and_uses_no_code_up(web: Any, hashed: str) -> None:
    browser, seed, _ = turn_on(web, hashed)
    code = code_of(web, seed)

    refused = [
        browser.post("/me/second-factor/off", data={"code": code} | typed) for typed in ({}, {"password": "sai"})
    ]
    done = browser.post("/me/second-factor/off", data={"code": code, "password": PASSWORD})

    assert [answer.status_code for answer in refused] == [409, 409]
    assert 'id="mistake-password">Mật khẩu đang dùng không đúng' in refused[0].text
    assert done.status_code == 303


def test_turning_on_asks_for_the_password_again(web: Any, hashed: str) -> None:
    with web.office.store.write() as session:
        set_password(session, load_person(session, "binh").id, hashed, at=web.office.at)
    browser = web.by("binh")
    form = read(browser.get("/me/second-factor").text).form("/me/second-factor")
    seed = form.fields["seed"][0]

    refused = browser.post("/me/second-factor", data={"seed": seed, "code": code_of(web, seed), "password": "sai"})

    assert (refused.status_code, "password" in form.fields) == (409, True)
    assert read(refused.text).form("/me/second-factor").fields["seed"] == [seed]
    assert acts(web) == []


def test_turning_off_signs_other_browsers_out(web: Any, hashed: str) -> None:
    browser, seed, _ = turn_on(web, hashed)
    other = sign_in(web)
    other.post("/login/code", data={"code": code_of(web, seed)})
    web.office.at += timedelta(minutes=1)

    browser.post("/me/second-factor/off", data={"code": code_of(web, seed), "password": PASSWORD})

    assert (browser.get("/me").status_code, other.get("/me").status_code) == (200, 303)


def test_codes_guessed_from_everywhere_count_together(web: Any, hashed: str, at_address: Any) -> None:
    _, seed, _ = turn_on(web, hashed)
    for number in range(FAILURES):
        guesser = at_address(f"203.0.113.{number}")
        guesser.post("/login", data={"name": "binh", "password": PASSWORD})
        guesser.post("/login/code", data={"code": "000000"})

    browser = sign_in(web)
    rested = browser.post("/login/code", data={"code": code_of(web, seed)})

    assert rested.status_code == 429


def test_signing_in_with_both_leaves_no_failure(web: Any, hashed: str) -> None:
    _, seed, _ = turn_on(web, hashed)

    sign_in(web).post("/login/code", data={"code": code_of(web, seed)})

    assert web.office.everything()["login_failure"] == []


def test_housekeeping_forgets_browsers_that_never_showed_the_second_factor(web: Any, hashed: str) -> None:
    turn_on(web, hashed)
    for _ in range(3):
        sign_in(web)
    before = len(web.office.everything()["web_session"])

    with web.office.store.write() as session:
        forget_old(session, at=web.office.at + timedelta(days=2))

    assert (before, len(web.office.everything()["web_session"])) == (4, 1)
