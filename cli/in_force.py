"""The rules that answer a question: those of the register in use, or the shipped ones where there is none yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.door import notice, open_desk, read_settings, tell_the_day
from states.facts import OFFICE_TIME

if TYPE_CHECKING:
    from models.rulebook import Rulebook


class InForce(NamedTuple):
    """A rulebook, the office's day, and the register's session where there is a register."""

    book: "Rulebook"
    today: date
    session: Any | None


@contextmanager
def rules_in_force() -> Iterator[InForce]:
    """Open the rules for reading. They are no secret: whoever asks sees all of them."""
    from flows.jobs.settings import clock, has_database
    from models.rulebook import rulebook, shipped_rulebook

    settings = read_settings()
    if not has_database(settings):
        tell_the_day(settings)
        notice("Chưa có sổ: dùng lịch và quy định kèm theo phần mềm.")
        yield InForce(shipped_rulebook(), clock(settings).astimezone(OFFICE_TIME).date(), None)
        return
    with open_desk() as desk, desk.store.read() as session:
        yield InForce(rulebook(session), desk.today, session)
