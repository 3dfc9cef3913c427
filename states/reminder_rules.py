"""When somebody is reminded: the rungs of the ladder and the repeats, as dated rules of the office."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias

from states.calendar import Calendar
from states.counting import Workdays
from states.dated_rules import NATIONAL, DatedRule, contradictions
from states.refusal import Refused
from states.vocabulary import Labelled, Route


class ReminderKind(Labelled):
    """What a reminder counts from: a deadline, the latest step of a project, or the day its stage began."""

    LADDER = "ladder", "nhắc theo hạn"
    INACTIVITY = "inactivity", "nhắc khi đề án không có bước mới"
    WAITING = "waiting", "nhắc khi đề án chờ xử lý"


class Audience(Labelled):
    """Whom a rule reminds; `states.recipients` finds the people."""

    OWNER = "owner", "người phải xử lý"
    SUPERVISOR = "supervisor", "lãnh đạo phụ trách"
    NEXT_LEVEL = "next_level", "cấp trên tiếp theo"

    @property
    def rank(self) -> int:
        return tuple(Audience).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule(DatedRule):
    """One rung of the ladder, or a reminder that comes again and again.

    `workdays` from the deadline: up to 0 it is counted to the safe date of a deadline, from 1 on from the rolled date.
    `every` in workdays, of the other two kinds. `clock` None serves every clock. What is not `active` keeps silent
    in the place of a less special rule. `urgent` is told at once and not with the digest of the morning.
    """

    what: ClassVar[str] = "Mốc nhắc"

    activity: None = None
    kind: ReminderKind
    clock: str | None = None
    audience: Audience
    workdays: int = 0
    every: int = 0
    urgent: bool = False
    active: bool = True

    @property
    def level(self) -> str:
        """When and whom, in words: "trước hạn 7 ngày làm việc, người phải xử lý"."""
        return f"{self._when}, {self.audience.label}"

    @property
    def _when(self) -> str:
        if self.kind is not ReminderKind.LADDER:
            return f"{self.kind.label}, cứ {Workdays(self.every)} một lần"
        if not self.workdays:
            return "đúng ngày hạn"
        return f"{'quá' if self.workdays > 0 else 'trước'} hạn {Workdays(abs(self.workdays))}"

    @property
    def rung(self) -> "Rung":
        """What rules of different scope compete for."""
        return self.kind, self.audience, self.workdays

    @property
    def scope(self) -> tuple[bool, bool]:
        """Larger is more special: a clock says more than a route."""
        return self.clock is not None, self.route is not None

    @property
    def governs(self) -> str:
        """One rung for one clock on one route; a special rule and a general one stand side by side."""
        return "/".join([*map(str, self.rung), self.clock or "*", self.route or "*"])

    def own_faults(self) -> list[str]:
        faults = []
        if self.jurisdiction != NATIONAL:
            faults.append(f"là quy định của cơ quan dùng sổ này nên không ghi tỉnh; hãy ghi jurisdiction: {NATIONAL}.")
        if self.kind is ReminderKind.LADDER:
            if self.every:
                faults.append("nhắc theo hạn nên chỉ nhắc một lần; hãy bỏ every và ghi workdays.")
            return faults
        if self.every < 1:
            faults.append("chưa ghi cứ bao nhiêu ngày làm việc nhắc một lần; hãy ghi every từ 1 trở lên.")
        if self.workdays or self.clock:
            faults.append("không nhắc theo hạn nên không có clock và workdays; hãy bỏ hai mục đó.")
        return faults


Rung: TypeAlias = tuple[ReminderKind, Audience, int]


@dataclass(frozen=True, slots=True)
class Reminding:
    """A rule on the day on which it speaks; `name` tells the repeats of one rule apart."""

    day: date
    rule: ReminderRule
    name: str

    @property
    def order(self) -> tuple[date, int, int]:
        """The later one says what the earlier ones said, and more."""
        return self.day, self.rule.audience.rank, self.rule.workdays


class Timetable:
    """The rules in the order of their scope, and the days on which they speak; every answer is kept.

    On each day the most special rule in force speaks for a rung. The day is that of the rung and not that of the
    sweep, so that a missed night or a new rule does not change what was due before. Raises Refused for two rules
    of one rung and one scope in force on one day.
    """

    def __init__(self, rules: Iterable[ReminderRule], calendar: Calendar) -> None:
        self._rules = tuple(rules)
        self._calendar = calendar
        self._rungs: dict[tuple[str | None, Route], Mapping[Rung, Sequence[ReminderRule]]] = {}
        self._ladders: dict[tuple[str, Route, date, date], tuple[Reminding, ...]] = {}
        self._repeats: dict[tuple[ReminderKind, Route, date, date], tuple[Reminding, ...]] = {}
        if reasons := contradictions(self._rules):
            raise Refused(*reasons)

    def ladder(self, clock: str, route: Route, *, safe_on: date, rolled_on: date) -> tuple[Reminding, ...]:
        """Every rung of a deadline, the earliest first."""
        asked = clock, route, safe_on, rolled_on
        if asked not in self._ladders:
            self._ladders[asked] = tuple(sorted(self._climb(*asked), key=lambda rung: rung.order))
        return self._ladders[asked]

    def repeats(self, kind: ReminderKind, route: Route, *, since: date, as_of: date) -> tuple[Reminding, ...]:
        """Every reminder of what stands still since a day, up to today, the earliest first."""
        asked = kind, route, since, as_of
        if asked not in self._repeats:
            self._repeats[asked] = tuple(sorted(self._again(*asked), key=lambda rung: rung.order))
        return self._repeats[asked]

    def _climb(self, clock: str, route: Route, safe_on: date, rolled_on: date) -> Iterable[Reminding]:
        for (kind, _, workdays), rules in self._serving(clock, route).items():
            if kind is not ReminderKind.LADDER:
                continue
            day = self._day(rolled_on if workdays > 0 else safe_on, workdays)
            rule = _speaking(rules, day) if day else None
            if day and rule:
                yield Reminding(day, rule, rule.id)

    def _again(self, kind: ReminderKind, route: Route, since: date, as_of: date) -> Iterable[Reminding]:
        passed = self._calendar.workdays_within(since, as_of) if since <= as_of else 0
        for (of_kind, _, _), rules in self._serving(None, route).items():
            for rule in rules if of_kind is kind else ():
                for number in range(1, passed // rule.every + 1):
                    day = self._calendar.workday(since, number * rule.every)
                    if day <= as_of and _speaking(rules, day) is rule:
                        yield Reminding(day, rule, f"{rule.id}.{number}")

    def _serving(self, clock: str | None, route: Route) -> Mapping[Rung, Sequence[ReminderRule]]:
        """The rules of each rung that may speak here, the most special first."""
        if (clock, route) not in self._rungs:
            rungs: dict[Rung, list[ReminderRule]] = defaultdict(list)
            for rule in sorted(self._rules, key=lambda rule: rule.scope, reverse=True):
                if rule.serves(route) and rule.clock in (None, clock):
                    rungs[rule.rung].append(rule)
            self._rungs[clock, route] = rungs
        return self._rungs[clock, route]

    def _day(self, day: date, workdays: int) -> date | None:
        try:
            return self._calendar.workday(day, workdays)
        except Refused:
            # One deadline at the edge of the calendar must not keep the reminders of all others from going out.
            return None


def _speaking(rules: Sequence[ReminderRule], day: date) -> ReminderRule | None:
    rule = next((rule for rule in rules if rule.is_in_force(day)), None)
    return rule if rule and rule.active else None
