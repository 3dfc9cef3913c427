"""Which period of which programme somebody means who types "quý 1/2026"."""

from datetime import date

from sqlmodel import Session

from models.report.figures import programme_of
from models.status import current_programme
from states.periods import Period, read_period


def report_period(session: Session, typed: str, code: str | None, today: date) -> tuple[str, Period]:
    """The programme and the period that was typed: the programme named, or the one that runs on the last day.

    Raises Refused for what is no period, and for an unknown programme.
    """
    around = programme_of(session, code or current_programme(session, today))
    reported = read_period(typed, programme=(around.start_year, around.end_year))
    return code or current_programme(session, reported.last), reported


def other_programme(session: Session, code: str, reported: Period) -> str | None:
    """The programme that was still running when a period began, where that is another one: it reports for itself."""
    before = current_programme(session, reported.first)
    return before if before != code else None
