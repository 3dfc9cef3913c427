"""Seals: the same whenever they are made, and broken by whatever changes the events or takes a seal away."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from models.seals import Seal, broken_seals, seal_up_to, seals

KEY = b"k" * 32


def _seal(office: Any, on: date, key: bytes = KEY) -> list[Seal]:
    with office.store.write() as session:
        return seal_up_to(session, key, on)


def _problems(office: Any, key: bytes = KEY, printed: str = "") -> list[tuple[int, str]]:
    with office.store.read() as session:
        return [(problem.no, problem.what) for problem in broken_seals(session, key, printed=printed)]


@pytest.fixture
def sealed(office_on_both: Any) -> Any:
    """Three nights of an office at work, sealed."""
    office = office_on_both
    office.at = datetime(2024, 1, 2, 9, 0, tzinfo=UTC)
    office.bring(office.open(), "submitted")
    office.bring(office.open(), "submitted")
    _seal(office, date(2024, 1, 5))
    return office


def test_seal_covers_every_event_of_its_days_once(office_on_both: Any) -> None:
    office = office_on_both
    office.bring(office.open(), "appraised")
    office.bring(office.open(), "submitted")

    made = _seal(office, date(2024, 1, 12))

    with office.store.read() as session:
        head = session.connection().execute(text("SELECT last_event_id FROM ledger_head")).scalar_one()
    assert [seal.business_date.day for seal in made] == list(range(2, 13))
    assert (made[0].first_event, made[-1].last_event) == (1, head)
    assert [seal.first_event for seal in made[1:]] == [seal.last_event + 1 for seal in made[:-1]]
    assert sum(seal.count for seal in made) == head
    assert _problems(office) == []


def test_nights_sealed_late_get_the_seals_that_they_would_have_got(office: Any, postgres_office: Any) -> None:
    for each in (office, postgres_office):
        each.at = datetime(2024, 1, 2, 9, 0, tzinfo=UTC)
    early: list[Seal] = []
    for day in (3, 4, 5):
        for each in (office, postgres_office):
            each.bring(each.open(), "submitted")
            each.at = datetime(2024, 1, day, 9, 0, tzinfo=UTC)
        early += _seal(office, date(2024, 1, day - 1))

    late = _seal(postgres_office, date(2024, 1, 4))

    assert late == early


def test_sealing_again_makes_no_new_seal(sealed: Any) -> None:
    assert _seal(sealed, date(2024, 1, 5)) == []


def test_night_without_events_is_sealed_too(sealed: Any) -> None:
    [quiet] = _seal(sealed, date(2024, 1, 6))

    assert (quiet.count, quiet.last_event) == (0, quiet.first_event - 1)
    assert _problems(sealed) == []


def test_another_key_finds_every_seal_wrong(sealed: Any) -> None:
    found = _problems(sealed, b"x" * 32)

    assert [no for no, _ in found] == [1, 2, 3, 4]
    assert "khóa khác" in found[0][1]


TAMPERED: dict[str, tuple[str, int, str]] = {
    "an event rewritten with a right hash": (
        "UPDATE event SET hash = 'a' WHERE id = (SELECT last_event FROM seal WHERE no = 2)",
        2,
        "không còn như lúc niêm",
    ),
    "an event taken out": (
        "DELETE FROM event WHERE id = (SELECT last_event FROM seal WHERE no = 1)",
        1,
        "sự kiện đã bị thêm hoặc bớt",
    ),
    "a seal taken out": ("DELETE FROM seal WHERE no = 2", 3, "thiếu niêm 2"),
    "a seal moved": ("UPDATE seal SET last_event = last_event - 1 WHERE no = 1", 1, "mã không đúng"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_is_named(sealed: Any, what: str) -> None:
    statement, no, words = TAMPERED[what]
    sealed.tamper(statement)

    assert any(found == no and words in said for found, said in _problems(sealed))


def test_old_copy_of_the_whole_register_is_found_by_a_printed_seal(sealed: Any) -> None:
    with sealed.store.read() as session:
        last = seals(session)[-1]
    sealed.tamper(f"DELETE FROM seal WHERE no = {last.no}", f"DELETE FROM event WHERE id >= {last.first_event}")

    assert _problems(sealed) == []
    assert _problems(sealed, printed=last.code) == [
        (0, "không có niêm mang mã đã in; sổ đã bị thay bằng bản khác hoặc bản cũ.")
    ]


def test_seal_is_told_in_one_line(sealed: Any) -> None:
    with sealed.store.read() as session:
        first = seals(session)[0]

    assert first.words == f"Niêm 1, ngày 02/01/2024: sự kiện 1–{first.last_event} ({first.count}), mã {first.code}"
