"""Mistakes are told together, and without what must not be read."""

import pytest

from flows.jobs.mistakes import raise_together, told


def test_mistake_is_told_without_passwords_and_addresses() -> None:
    mistake = OSError("could not reach postgresql://dean:matkhau@db.example for an@sct.example")

    assert told(mistake) == "OSError: could not reach postgresql://***@db.example for ***"


def test_several_mistakes_are_all_told() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        raise_together("hai lỗi", [ValueError("một"), KeyError("hai")])

    assert told(raised.value) == "ValueError: một; KeyError: 'hai'"


def test_one_mistake_is_raised_as_itself() -> None:
    with pytest.raises(ValueError, match="một"):
        raise_together("một lỗi", [ValueError("một")])


def test_nothing_is_raised_where_nothing_broke() -> None:
    raise_together("không lỗi", [])
