"""The calendar: what is shipped, how it changes, and what is still uncertain."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.calendar_file import read_calendar_file
from states.calendar import Calendar, Standing
from states.listed_days import DayKind, ListedDay, Weekend
from states.refusal import Refused

CULTURE_DAY = date(2026, 11, 24)
WEEKEND = Weekend(weekdays=frozenset({6, 7}), basis="Quyết định 188/1999/QĐ-TTg Điều 1", verified=True)
OUTSIDE = "Ngày cần tính nằm ngoài lịch (từ năm 1900 đến năm 2100); hãy kiểm tra ngày bắt đầu và độ dài của thời hạn."


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return read_calendar_file()


def listed(day: date, kind: DayKind) -> ListedDay:
    return ListedDay(day=day, kind=kind, name="Nghỉ lễ", basis="Thông báo 9441/TB-BNV", verified=True)


def off(day: date) -> ListedDay:
    return listed(day, DayKind.OFF)


def work(day: date) -> ListedDay:
    return listed(day, DayKind.WORK)


def calendar_of(*days: ListedDay, confirmed: Iterable[int] = ()) -> Calendar:
    return Calendar(jurisdiction="VN", version=1, weekend=WEEKEND, days=days, confirmed_years=frozenset(confirmed))


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365)]


# --- what is shipped ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "closed_weekdays", "open_weekends"),
    [
        (2025, "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9", "26/4"),
        (2026, "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9", "10/1 22/8"),
    ],
)
def test_confirmed_year_departs_from_the_week_only_where_the_notices_say(
    calendar: Calendar, year: int, closed_weekdays: str, open_weekends: str
) -> None:
    closed = [day for day in days_of(year) if day.weekday() < 5 and not calendar.works_on(day)]
    opened = [day for day in days_of(year) if day.weekday() >= 5 and calendar.works_on(day)]

    assert [f"{day.day}/{day.month}" for day in closed] == closed_weekdays.split()
    assert [f"{day.day}/{day.month}" for day in opened] == open_weekends.split()


def test_only_2025_and_2026_are_confirmed_and_nothing_else_is_verified(calendar: Calendar) -> None:
    verified_years = {listed.day.year for listed in calendar.days if listed.verified}
    unverified = [listed.day for listed in calendar.days if listed.day.year in (2025, 2026) and not listed.verified]

    assert (calendar.jurisdiction, set(calendar.confirmed_years)) == ("VN", {2025, 2026})
    assert calendar.listed_years == set(range(2020, 2032))
    assert (verified_years, unverified) == ({2025, 2026}, [CULTURE_DAY])


def test_lunar_days_are_those_of_utc_plus_7(calendar: Calendar) -> None:
    new_years = [listed.day for listed in calendar.days if listed.name == "Tết Nguyên đán (mùng 1)"]
    hung_kings = [listed.day for listed in calendar.days if listed.name == "Giỗ Tổ Hùng Vương (10/3 âm lịch)"]

    assert new_years[6:] == [
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 2),
        date(2031, 1, 23),
    ]
    assert hung_kings[6:11] == [
        date(2026, 4, 26),
        date(2027, 4, 16),
        date(2028, 4, 4),
        date(2029, 4, 23),
        date(2030, 4, 12),
    ]
    assert len(new_years) == len(hung_kings) == 12


def test_culture_day_is_shipped_switched_off_and_can_be_switched_on(calendar: Calendar) -> None:
    shipped = calendar.listed(CULTURE_DAY)
    assert shipped is not None

    switched = calendar.changed(replace(shipped, active=True), version=2)

    assert (shipped.kind, shipped.switchable, shipped.active, shipped.verified) == (DayKind.OFF, True, False, False)
    assert (calendar.works_on(CULTURE_DAY), switched.works_on(CULTURE_DAY)) == (True, False)
    assert (calendar.version, switched.version) == (1, 2)


# --- a value ------------------------------------------------------------------------------------------


def test_calendars_with_the_same_days_are_equal_in_any_order() -> None:
    first, second = off(date(2026, 1, 1)), off(date(2026, 4, 30))

    assert calendar_of(first, second) == calendar_of(second, first)
    assert hash(calendar_of(first, second)) == hash(calendar_of(second, first))
    assert calendar_of(first, second) != calendar_of(first)


def test_changed_calendar_leaves_the_old_one_as_it_was() -> None:
    old = calendar_of(off(date(2026, 1, 1)), confirmed=[2026])

    new = old.changed(off(date(2026, 1, 2)), work(date(2026, 1, 1)), version=2)

    assert [old.works_on(date(2026, 1, day)) for day in (1, 2)] == [False, True]
    assert [new.works_on(date(2026, 1, day)) for day in (1, 2)] == [True, False]
    assert (new.version, set(new.confirmed_years), len(new.days)) == (2, {2026}, 2)


def test_confirming_a_year_takes_the_doubt_away() -> None:
    open_year = calendar_of(off(date(2027, 1, 1)))

    confirmed = replace(open_year, confirmed_years=frozenset({2027}))

    assert len(open_year.doubts(date(2027, 3, 1), date(2027, 3, 5))) == 1
    assert confirmed.doubts(date(2027, 3, 1), date(2027, 3, 5)) == ()


def test_weekend_is_a_rule_and_not_built_in() -> None:
    six_days = replace(calendar_of(), weekend=replace(WEEKEND, weekdays=frozenset({7})))

    assert [six_days.works_on(date(2026, 3, day)) for day in (7, 8, 9)] == [True, False, True]
    assert [calendar_of().works_on(date(2026, 3, day)) for day in (7, 8, 9)] == [False, False, True]


@pytest.mark.parametrize(
    ("start", "number", "found"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 5)),
        (date(2026, 1, 5), 5, date(2026, 1, 10)),
        (date(2026, 1, 3), 0, date(2026, 1, 3)),
        (date(2026, 1, 12), -1, date(2026, 1, 10)),
        (date(2026, 1, 11), -2, date(2026, 1, 9)),
        (date(2026, 1, 5), -1, date(2025, 12, 31)),
    ],
)
def test_workday_counts_forward_and_back(calendar: Calendar, start: date, number: int, found: date) -> None:
    assert calendar.workday(start, number) == found


@pytest.mark.parametrize(
    ("start", "number"),
    [
        (date(1899, 12, 31), 1),
        (date(2101, 1, 1), 1),
        (date(2100, 12, 31), 1),
        (date(1900, 1, 1), -1),
        (date(2026, 1, 1), 10**9),
        (date(2026, 1, 1), -(10**9)),
    ],
)
def test_days_outside_the_calendar_are_refused(calendar: Calendar, start: date, number: int) -> None:
    with pytest.raises(Refused) as refused:
        calendar.workday(start, number)

    assert refused.value.reasons == (OUTSIDE,)


# --- doubts and reasons -------------------------------------------------------------------------------


def test_doubts_name_years_and_days(calendar: Calendar) -> None:
    assert calendar.doubts(date(2019, 12, 1), date(2035, 1, 1)) == (
        "Chưa có lịch nghỉ năm 2019 nên kết quả là tạm tính, mới trừ ngày nghỉ hằng tuần; hãy nhập các ngày nghỉ lễ.",
        "Lịch nghỉ các năm 2020–2024 chưa được xác nhận nên kết quả là tạm tính; hãy đối chiếu với thông báo nghỉ lễ.",
        "Lịch nghỉ các năm 2027–2031 chưa được xác nhận nên kết quả là tạm tính; hãy đối chiếu với thông báo nghỉ lễ.",
        "Chưa có lịch nghỉ các năm 2032–2035 nên kết quả là tạm tính, mới trừ ngày nghỉ hằng tuần;"
        " hãy nhập các ngày nghỉ lễ.",
        "Ngày 24/11/2026 (Ngày Văn hóa Việt Nam) chưa được kiểm chứng, đang tính là ngày làm việc,"
        " nên kết quả là tạm tính; hãy đối chiếu với văn bản.",
    )
    assert calendar.doubts(date(2025, 1, 1), date(2026, 11, 23)) == ()
    assert calendar.doubts(date(2026, 11, 25), date(2026, 12, 31)) == ()


def test_unverified_day_stays_in_doubt_when_switched_on_until_it_is_verified(calendar: Calendar) -> None:
    listed = calendar.listed(CULTURE_DAY)
    assert listed is not None

    switched = calendar.changed(replace(listed, active=True), version=2)
    verified = calendar.changed(replace(listed, active=True, verified=True), version=2)
    dismissed = calendar.changed(replace(listed, verified=True), version=2)

    assert switched.doubts(CULTURE_DAY, CULTURE_DAY) == (
        "Ngày 24/11/2026 (Ngày Văn hóa Việt Nam) chưa được kiểm chứng, đang tính là ngày nghỉ,"
        " nên kết quả là tạm tính; hãy đối chiếu với văn bản.",
    )
    assert (verified.doubts(CULTURE_DAY, CULTURE_DAY), dismissed.doubts(CULTURE_DAY, CULTURE_DAY)) == ((), ())
    assert (verified.works_on(CULTURE_DAY), dismissed.works_on(CULTURE_DAY)) == (False, True)


def test_unverified_day_that_changes_nothing_is_no_doubt() -> None:
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    unverified = [replace(off(saturday), verified=False), replace(work(monday), verified=False)]

    assert calendar_of(*unverified, confirmed=[2026]).doubts(saturday, monday) == ()


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2026, 1, 5), Standing(True, "Ngày làm việc", WEEKEND.basis, True)),
        (date(2026, 1, 4), Standing(False, "Nghỉ hằng tuần", WEEKEND.basis, True)),
        (
            date(2026, 1, 2),
            Standing(
                False,
                "Nghỉ hoán đổi dịp Tết Dương lịch; làm bù ngày 10/01/2026",
                "Văn bản 12729/VPCP-KGVX ngày 25/12/2025",
                True,
            ),
        ),
        (
            date(2026, 1, 10),
            Standing(
                True,
                "Ngày làm việc: Làm bù dịp Tết Dương lịch; thay cho ngày nghỉ 02/01/2026",
                "Văn bản 12729/VPCP-KGVX ngày 25/12/2025",
                True,
            ),
        ),
        (
            date(2026, 4, 26),
            Standing(False, "Giỗ Tổ Hùng Vương (10/3 âm lịch)", "Bộ luật Lao động 2019 Điều 112 khoản 1", True),
        ),
        (
            CULTURE_DAY,
            Standing(
                True,
                "Ngày làm việc; Ngày Văn hóa Việt Nam chưa áp dụng",
                "Nghị quyết 80-NQ/TW; Nghị quyết 28/2026/QH16 Điều 2 (chưa thấy toàn văn)",
                False,
            ),
        ),
        (
            date(2027, 3, 1),
            Standing(True, "Ngày làm việc; lịch nghỉ năm 2027 chưa được xác nhận", WEEKEND.basis, False),
        ),
        (
            date(2035, 3, 3),
            Standing(False, "Nghỉ hằng tuần; lịch nghỉ năm 2035 chưa được xác nhận", WEEKEND.basis, False),
        ),
        # A Saturday on which the day off would change nothing stays a Saturday.
        (
            date(2029, 11, 24),
            Standing(False, "Nghỉ hằng tuần; lịch nghỉ năm 2029 chưa được xác nhận", WEEKEND.basis, False),
        ),
    ],
)
def test_standing_says_what_a_day_is_and_on_whose_word(calendar: Calendar, day: date, standing: Standing) -> None:
    assert calendar.standing(day) == standing
