"""Which backups stay: seven days, eight weeks, twelve months, counted over the backups that there are."""

from datetime import date, timedelta

from states.retention import kept


def _daily(first: date, number: int) -> list[date]:
    return [first + timedelta(days=day) for day in range(number)]


def test_backups_of_a_week_all_stay() -> None:
    week = _daily(date(2026, 3, 2), 7)

    assert kept(week) == set(week)


def test_after_a_year_days_weeks_and_months_stay() -> None:
    year = _daily(date(2025, 3, 10), 366)

    stay = sorted(kept(year))

    assert stay[-7:] == _daily(date(2026, 3, 4), 7)
    sundays = [date(2026, 1, 25) + timedelta(weeks=week) for week in range(6)]
    assert [day for day in stay if day.isoweekday() == 7 and day >= date(2026, 1, 25)] == [*sundays, date(2026, 3, 8)]
    assert {date(2025, 4, 30), date(2025, 12, 31), date(2026, 2, 28)} <= set(stay)
    assert date(2025, 3, 31) not in stay
    assert len(stay) == 24


def test_thinning_every_day_ends_where_thinning_once_does() -> None:
    there: list[date] = []
    for day in _daily(date(2025, 1, 1), 500):
        there = sorted(kept([*there, day]))

    assert set(there) == kept(_daily(date(2025, 1, 1), 500))


def test_office_that_was_closed_keeps_its_last_days() -> None:
    before = _daily(date(2025, 6, 2), 7)

    assert kept([*before, date(2025, 12, 1)]) >= set(before[1:])


def test_nothing_is_kept_of_nothing() -> None:
    assert kept([]) == set()
