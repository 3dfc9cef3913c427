"""Reads that end in time: what would take long is given up, whoever asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from states.refusal import Refused

#: Steps of SQLite's machine between two looks at the clock: about a millisecond.
_STEPS = 10_000
#: One long read at a time: the others of a process stay free for pages.
_ALONE = BoundedSemaphore(1)


class TooLong(Refused):
    """What was asked for takes longer than anybody waits."""


@contextmanager
def patiently(session: Session, *, seconds: float) -> Iterator[None]:
    """Let the reads inside take so long at most, and only one such block at a time in a process.

    Raises TooLong; the session can be read from again afterwards.
    """
    if not _ALONE.acquire(blocking=False):
        raise TooLong("Đang cộng một danh sách dài khác; hãy thử lại sau ít giây, hoặc thêm điều kiện lọc.")
    try:
        if session.get_bind().dialect.name == "sqlite":
            yield from _interrupted(session, seconds)
        else:
            yield from _timed_out(session, seconds)
    finally:
        _ALONE.release()


def _interrupted(session: Session, seconds: float) -> Iterator[None]:
    driver: Any = session.connection().connection.dbapi_connection
    until = monotonic() + seconds
    driver.set_progress_handler(lambda: monotonic() > until, _STEPS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise _too_long(seconds) from error
    finally:
        driver.set_progress_handler(None, 0)


def _timed_out(session: Session, seconds: float) -> Iterator[None]:
    connection = session.connection()
    inside = connection.begin_nested()
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(int(seconds * 1000), 1)}")
    try:
        yield
    except OperationalError as error:
        # Going back to the point before also forgets the limit.
        inside.rollback()
        if getattr(error.orig, "sqlstate", "") != "57014":
            raise
        raise _too_long(seconds) from error
    except BaseException:
        inside.rollback()
        raise
    connection.exec_driver_sql("SET LOCAL statement_timeout = DEFAULT")
    inside.commit()


def _too_long(seconds: float) -> TooLong:
    return TooLong(f"Danh sách quá dài để đếm và cộng hết trong {seconds:g} giây; hãy thêm điều kiện lọc.")
