"""Guessing is slow for the guesser, and locks nobody else out."""

from datetime import timedelta
from typing import Any

import pytest

from models.desk.credentials import hash_password, set_password
from models.desk.throttle import (
    FAILURES,
    FAILURES_OF_A_NAME,
    FAILURES_OF_AN_ADDRESS,
    at_the_door,
    claim_attempt,
    forgive,
)
from models.loading import load_person
from states.refusal import Refused

PASSWORD = "trời xanh mây trắng 2026"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD, code="chi")


@pytest.fixture
def chi(web: Any, hashed: str) -> None:
    with web.office.store.write() as session:
        set_password(session, load_person(session, "chi").id, hashed, at=web.office.at)


def sign_in(browser: Any, password: str = PASSWORD) -> int:
    return int(browser.post("/login", data={"name": "chi", "password": password}).status_code)


def fail(web: Any, times: int, *, addresses: int = 1, name: str = "chi") -> int:
    """Let strangers guess without the slow hashing; answers how many guesses were taken."""
    taken = 0
    for number in range(times):
        try:
            with web.office.store.write() as session:
                claim_attempt(session, at_the_door(name, f"198.51.100.{number % addresses}"), at=web.office.at)
            taken += 1
        except Refused:
            pass
    return taken


def test_guesser_rests_and_the_director_comes_in_from_elsewhere(web: Any, chi: None, at_address: Any) -> None:
    guesser, director = at_address("198.51.100.9"), at_address("203.0.113.5")

    guesses = [sign_in(guesser, "sai") for _ in range(FAILURES + 1)]

    assert guesses == [403] * FAILURES + [429]
    assert sign_in(guesser) == 429
    assert sign_in(director) == 303


def test_name_guessed_from_everywhere_is_slowed_and_not_locked(web: Any, chi: None, at_address: Any) -> None:
    fail(web, FAILURES_OF_A_NAME, addresses=FAILURES_OF_A_NAME)

    at_once = sign_in(at_address("203.0.113.5"))
    web.office.at += timedelta(seconds=61)
    a_minute_later = sign_in(at_address("203.0.113.5"))

    assert (at_once, a_minute_later) == (429, 303)


def test_known_browser_comes_in_while_strangers_guess(web: Any, chi: None, at_address: Any) -> None:
    mine, strange = at_address("203.0.113.5"), at_address("203.0.113.6")
    sign_in(mine)
    mine.post("/logout")

    fail(web, FAILURES_OF_A_NAME, addresses=FAILURES_OF_A_NAME)

    assert (sign_in(mine), sign_in(strange)) == (303, 429)


def test_known_browser_that_guesses_rests_too(web: Any, chi: None, at_address: Any) -> None:
    mine = at_address("203.0.113.5")
    sign_in(mine)
    mine.post("/logout")

    guesses = [sign_in(mine, "sai") for _ in range(FAILURES + 1)]

    assert guesses == [403] * FAILURES + [429]


def test_mark_of_a_browser_is_nobody_elses_and_ends_with_the_password(
    web: Any, chi: None, at_address: Any, hashed: str
) -> None:
    mine = at_address("203.0.113.5")
    sign_in(mine)
    [(name, mark)] = [(name, value) for name, value in mine.cookies.items() if "device" in name]
    web.office.at += timedelta(hours=1)
    with web.office.store.write() as session:
        set_password(session, load_person(session, "chi").id, hashed, at=web.office.at)
    fail(web, FAILURES_OF_A_NAME, addresses=FAILURES_OF_A_NAME)

    forged = at_address("203.0.113.7")
    forged.cookies.set(name, "0" * 32 + "." + mark.partition(".")[2])

    assert (sign_in(mine), sign_in(forged)) == (429, 429)
    assert mark.partition(".")[2] not in repr(web.office.everything())


def test_address_that_guesses_at_many_names_rests(web: Any) -> None:
    taken = sum(fail(web, 1, name=f"name{number}") for number in range(FAILURES_OF_AN_ADDRESS + 5))

    assert taken == FAILURES_OF_AN_ADDRESS


def test_addresses_of_one_network_are_one_guesser(web: Any) -> None:
    guesses = [at_the_door("chi", f"2001:db8:1:2::{number}") for number in range(1, 4)]

    assert len(set(guesses)) == 1
    assert at_the_door("chi", "2001:db8:1:3::1") not in guesses


def test_success_forgives_the_guesser_and_leaves_the_others(web: Any) -> None:
    with web.office.store.write() as session:
        other = at_the_door("chi", "198.51.100.1")
        claim_attempt(session, other, at=web.office.at)
        mine = at_the_door("chi", "203.0.113.5")
        claim_attempt(session, mine, at=web.office.at)
        forgive(session, mine, claim_attempt(session, mine, at=web.office.at))

    left = [row[1] for row in web.office.everything()["login_failure"]]

    assert sorted(left) == sorted((*other.abouts, "address:203.0.113.5", "name:chi"))


def test_guessing_on_both_databases(web_on_both: Any) -> None:
    assert fail(web_on_both, FAILURES + 3) == FAILURES
    assert fail(web_on_both, FAILURES_OF_A_NAME + 9, addresses=100) == FAILURES_OF_A_NAME - FAILURES
