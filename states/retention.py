"""Which backups are kept: the newest days, then one a week, then one a month."""

from collections.abc import Iterable
from datetime import date

DAYS, WEEKS, MONTHS = 7, 8, 12


def kept(days: Iterable[date]) -> set[date]:
    """The days whose backups stay, of those there are.

    The last one of each of the newest weeks and months stays. They are counted and not measured from today, so an
    office that was closed for a quarter still has its seven last days.
    """
    ordered = sorted(days)
    last_of_week = {day.isocalendar()[:2]: day for day in ordered}
    last_of_month = {(day.year, day.month): day for day in ordered}
    newest = (
        ordered[-DAYS:],
        sorted(last_of_week.values())[-WEEKS:],
        sorted(last_of_month.values())[-MONTHS:],
    )
    return {day for group in newest for day in group}
