"""Long reads end in time, one at a time, and leave the session fit for the next one."""

from typing import Any

import pytest
from sqlalchemy import text

from models.patience import TooLong, patiently

ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"
)
QUICK = text("SELECT count(*) FROM person")


def test_long_read_is_given_up_and_the_session_goes_on(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        with pytest.raises(TooLong, match=r"trong 0.1 giây; hãy thêm điều kiện lọc"), patiently(session, seconds=0.1):
            session.connection().execute(ENDLESS).scalar()

        assert session.connection().execute(QUICK).scalar() == 10


def test_quick_read_is_answered_and_bounds_nothing_afterwards(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        with patiently(session, seconds=5):
            inside = session.connection().execute(QUICK).scalar()

        assert (inside, session.connection().execute(QUICK).scalar()) == (10, 10)


def test_one_long_read_at_a_time(office_on_both: Any) -> None:
    store = office_on_both.store
    with store.read() as first, store.read() as second:
        with patiently(first, seconds=5), pytest.raises(TooLong, match="danh sách dài khác"):  # noqa: SIM117
            with patiently(second, seconds=5):
                pass

        with patiently(second, seconds=5):
            assert second.connection().execute(QUICK).scalar() == 10


def test_mistake_inside_is_told_as_it_is(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        with pytest.raises(ZeroDivisionError), patiently(session, seconds=5):
            raise ZeroDivisionError

        assert session.connection().execute(QUICK).scalar() == 10
