"""Reminder rules: which of them speaks for a rung, on which day, and what cannot stand in a table of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.calendar_file import read_calendar_file
from states.calendar import Calendar
from states.dated_rules import NATIONAL, contradictions
from states.refusal import Refused
from states.reminder_rules import Audience, ReminderKind, ReminderRule, Timetable
from states.vocabulary import Route

DUE = date(2026, 8, 12)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return read_calendar_file()


def rule(code: str, workdays: int = 0, **changed: Any) -> ReminderRule:
    said: dict[str, Any] = {
        "kind": ReminderKind.LADDER,
        "audience": Audience.OWNER,
        "label": "mốc nhắc thử",
        "jurisdiction": NATIONAL,
        "route": None,
        "basis": "Quy định nội bộ",
        "verified": False,
        "doubt": "đề xuất nội bộ",
        "effective_from": date(2014, 2, 10),
        "effective_until": None,
    }
    return ReminderRule(id=code, workdays=workdays, **(said | changed))


def speaking(calendar: Calendar, *rules: ReminderRule, clock: str = "D-END", route: Route = Route.LOCAL) -> list[str]:
    timetable = Timetable(rules, calendar)
    return [found.rule.id for found in timetable.ladder(clock, route, safe_on=DUE, rolled_on=DUE)]


GENERAL = rule("N-ALL", -3)
OF_ROUTE = rule("N-ROUTE", -3, route=Route.LOCAL)
OF_CLOCK = rule("N-CLOCK", -3, clock="D-END")
OF_BOTH = rule("N-BOTH", -3, clock="D-END", route=Route.LOCAL)


@pytest.mark.parametrize(
    ("clock", "route", "speaks"),
    [
        ("D-END", Route.LOCAL, "N-BOTH"),
        ("D-END", Route.NATIONAL, "N-CLOCK"),
        ("D-ACCEPT", Route.LOCAL, "N-ROUTE"),
        ("D-ACCEPT", Route.NATIONAL, "N-ALL"),
    ],
)
def test_most_special_rule_of_a_rung_speaks_alone(calendar: Calendar, clock: str, route: Route, speaks: str) -> None:
    table = (GENERAL, OF_BOTH, OF_ROUTE, OF_CLOCK)

    assert speaking(calendar, *table, clock=clock, route=route) == [speaks]
    assert speaking(calendar, *reversed(table), clock=clock, route=route) == [speaks]


def test_rungs_of_other_days_and_other_audiences_stand_beside_each_other(calendar: Calendar) -> None:
    superior = rule("N-BOSS", -3, audience=Audience.SUPERVISOR)

    assert speaking(calendar, rule("N-LATE", 1), superior, GENERAL, rule("N-EARLY", -7)) == [
        "N-EARLY",
        "N-ALL",
        "N-BOSS",
        "N-LATE",
    ]


def test_rule_that_is_not_active_silences_its_rung_for_its_own_scope_only(calendar: Calendar) -> None:
    silent = rule("N-SILENT", -3, clock="D-END", active=False)

    assert speaking(calendar, GENERAL, silent) == []
    assert speaking(calendar, GENERAL, silent, clock="D-ACCEPT") == ["N-ALL"]


def test_rule_is_in_force_by_the_day_of_its_rung(calendar: Calendar) -> None:
    # T-3 of 12/08/2026 is 07/08/2026.
    old = rule("N-OLD", -3, effective_until=date(2026, 8, 6))
    new = rule("N-NEW", -3, effective_from=date(2026, 8, 7))
    special = rule("N-SPECIAL", -3, clock="D-END", effective_from=date(2026, 8, 8))

    assert speaking(calendar, old, new, special) == ["N-NEW"]
    assert speaking(calendar, old) == []


def test_two_rules_of_one_rung_and_scope_in_force_are_refused(calendar: Calendar) -> None:
    with pytest.raises(Refused) as refused:
        Timetable((GENERAL, rule("N-TWIN", -3, effective_from=date(2026, 1, 1))), calendar)

    assert refused.value.reasons == (
        "Mốc nhắc N-ALL và N-TWIN cùng có hiệu lực từ ngày 01/01/2026 cho “mốc nhắc thử”; hãy sửa ngày hiệu lực của"
        " một trong hai.",
    )


def test_two_repeats_of_one_audience_are_refused_whatever_their_pace(calendar: Calendar) -> None:
    slow, fast = (rule(f"N-{days}", kind=ReminderKind.WAITING, every=days) for days in (20, 5))

    with pytest.raises(Refused):
        Timetable((slow, fast), calendar)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            rule("N-X", every=5),
            "Mốc nhắc N-X nhắc theo hạn nên chỉ nhắc một lần; hãy bỏ every và ghi workdays.",
        ),
        (
            rule("N-X", kind=ReminderKind.WAITING),
            "Mốc nhắc N-X chưa ghi cứ bao nhiêu ngày làm việc nhắc một lần; hãy ghi every từ 1 trở lên.",
        ),
        (
            rule("N-X", 1, kind=ReminderKind.INACTIVITY, every=5),
            "Mốc nhắc N-X không nhắc theo hạn nên không có clock và workdays; hãy bỏ hai mục đó.",
        ),
        (
            rule("N-X", kind=ReminderKind.INACTIVITY, every=5, clock="D-END"),
            "Mốc nhắc N-X không nhắc theo hạn nên không có clock và workdays; hãy bỏ hai mục đó.",
        ),
        (
            rule("N-X", jurisdiction="vinh-long", route=Route.LOCAL),
            "Mốc nhắc N-X là quy định của cơ quan dùng sổ này nên không ghi tỉnh; hãy ghi jurisdiction: national.",
        ),
    ],
)
def test_rule_that_is_not_whole_is_refused(wrong: ReminderRule, sentence: str) -> None:
    assert contradictions([wrong]) == (sentence,)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (rule("N-X", -7), "trước hạn 7 ngày làm việc, người phải xử lý"),
        (rule("N-X", 0), "đúng ngày hạn, người phải xử lý"),
        (rule("N-X", 2, audience=Audience.SUPERVISOR), "quá hạn 2 ngày làm việc, lãnh đạo phụ trách"),
        (
            rule("N-X", kind=ReminderKind.WAITING, every=10),
            "nhắc khi đề án chờ xử lý, cứ 10 ngày làm việc một lần, người phải xử lý",
        ),
    ],
)
def test_level_says_when_and_whom(said: ReminderRule, words: str) -> None:
    assert said.level == words


def test_rung_outside_the_calendar_is_left_out_and_the_others_stay(calendar: Calendar) -> None:
    timetable = Timetable((rule("N-T7", -7), rule("N-Q5", 5)), calendar)
    last = date(2100, 12, 31)

    assert [found.name for found in timetable.ladder("D-END", Route.LOCAL, safe_on=last, rolled_on=last)] == ["N-T7"]


def test_repeats_come_every_so_many_workdays_and_are_told_apart(calendar: Calendar) -> None:
    timetable = Timetable((rule("N-WAIT", kind=ReminderKind.WAITING, every=5),), calendar)

    def found(since: date, as_of: date) -> list[tuple[str, date]]:
        said = timetable.repeats(ReminderKind.WAITING, Route.LOCAL, since=since, as_of=as_of)
        return [(repeat.name, repeat.day) for repeat in said]

    # Saturday 22/08/2026 is worked; 31/08 to 02/09 are days off.
    first, second = ("N-WAIT.1", date(2026, 8, 24)), ("N-WAIT.2", date(2026, 9, 3))
    assert found(date(2026, 8, 18), date(2026, 8, 23)) == []
    assert found(date(2026, 8, 18), date(2026, 8, 24)) == [first]
    assert found(date(2026, 8, 18), date(2026, 9, 2)) == [first]
    assert found(date(2026, 8, 18), date(2026, 9, 3)) == [first, second]
    assert found(date(2026, 8, 18), date(2026, 8, 17)) == []


def test_repeats_follow_the_rule_in_force_on_their_day(calendar: Calendar) -> None:
    old = rule("N-OLD", kind=ReminderKind.WAITING, every=5, effective_until=date(2026, 8, 11))
    new = rule("N-NEW", kind=ReminderKind.WAITING, every=7, effective_from=date(2026, 8, 12))
    timetable = Timetable((old, new), calendar)

    found = timetable.repeats(ReminderKind.WAITING, Route.LOCAL, since=date(2026, 8, 3), as_of=date(2026, 8, 21))

    assert [(repeat.name, repeat.day) for repeat in found] == [
        ("N-OLD.1", date(2026, 8, 10)),
        ("N-NEW.1", date(2026, 8, 12)),
        ("N-NEW.2", date(2026, 8, 21)),
    ]


def test_special_repeat_speaks_alone_on_its_route_and_a_silent_one_silences_it(calendar: Calendar) -> None:
    general = rule("N-ALL", kind=ReminderKind.WAITING, every=5)
    local = rule("N-LOCAL", kind=ReminderKind.WAITING, every=10, route=Route.LOCAL)

    def found(*rules: ReminderRule, route: Route) -> list[str]:
        timetable = Timetable(rules, calendar)
        said = timetable.repeats(ReminderKind.WAITING, route, since=date(2026, 8, 3), as_of=date(2026, 8, 17))
        return [repeat.name for repeat in said]

    assert found(general, local, route=Route.LOCAL) == ["N-LOCAL.1"]
    assert found(general, local, route=Route.NATIONAL) == ["N-ALL.1", "N-ALL.2"]
    assert found(general, replace(local, active=False), route=Route.LOCAL) == []
