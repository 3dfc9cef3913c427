"""What is to be told to whom tonight: obligations, each told once, however many nights were missed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import takewhile

from states.deadlines import GOVERNED_TOGETHER
from states.lifecycle import ENDS
from states.recipients import Duty, Staff, Told
from states.reminder_rules import Audience, ReminderKind, ReminderRule, Reminding, Timetable
from states.vocabulary import Route, Stage

OVERTAKEN = "Đã gộp vào lần nhắc mới hơn."
BEFORE_REMINDERS = "Trước ngày bắt đầu nhắc."
ACKNOWLEDGED = "Người nhận đã báo nhận."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline as the sweep sees it. `subject` is the project's code, or names what else the deadline is of.

    `status` is open, paused or closed; only an open one has dates. `started_by` is the event that started the
    clock. Nothing that fell before `remind_from` is told.
    """

    subject: str
    clock: str
    route: Route
    started_by: int
    status: str
    printed_on: date | None
    rolled_on: date | None
    safe_on: date | None
    stage: Stage | None = None
    unit_id: int | None = None
    remind_from: date | None = None

    @property
    def series(self) -> str:
        """What stays the same when the deadline moves."""
        return f"deadline:{self.subject}/{self.clock}/{self.started_by}"

    @property
    def about(self) -> str:
        """The deadline and its version, which changes with the due dates and with nothing else."""
        dates = (self.printed_on, self.rolled_on, self.safe_on)
        return f"{self.series}@{'-'.join(day.isoformat().replace('-', '') if day else '' for day in dates)}"

    @property
    def duty(self) -> Duty:
        return Duty(self.clock, self.route, self.stage, self.unit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """A project that stands still until somebody acts: its latest step, and the step that began its stage."""

    subject: str
    route: Route
    stage: Stage
    unit_id: int | None
    last_event_id: int
    last_step_on: date
    stage_event_id: int
    stage_since: date
    remind_from: date | None = None

    @property
    def duty(self) -> Duty:
        return Duty(None, self.route, self.stage, self.unit_id)

    def about(self, kind: ReminderKind) -> str:
        event = self.last_event_id if kind is ReminderKind.INACTIVITY else self.stage_event_id
        return f"{kind}:{self.subject}@{event}"

    def since(self, kind: ReminderKind) -> date:
        """The day from which the workdays count; what passed before `remind_from` does not."""
        day = self.last_step_on if kind is ReminderKind.INACTIVITY else self.stage_since
        return max(day, self.remind_from or day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing to be told to one person. `reason` says in words why it is not told, empty while it is pending.

    `due_on` is the day of the rung. `covered_by` is the key of the later reminder that tells it too. `person` is
    the code of who is responsible: a stand-in is found when the message is written (`states.standing_in`).
    """

    key: str
    about: str
    subject: str
    person: str
    rule: ReminderRule
    due_on: date
    covered_by: str | None = None
    reason: str = ""

    @property
    def is_pending(self) -> bool:
        return not self.reason

    @property
    def short_id(self) -> str:
        """What stands as "mã …" under a message."""
        return short_id(self.key)


def short_id(key: str) -> str:
    """What stands as "mã …" for a key of the ledger."""
    return sha256(key.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What people answered, by (person code, what it is about); a moved deadline is another thing.

    `snoozed_until` is the day on which the person is told again.
    """

    acknowledged: Collection[tuple[str, str]] = frozenset()
    snoozed_until: Mapping[tuple[str, str], date] = field(default_factory=dict)

    def is_acknowledged(self, person: str, about: str, audience: Audience) -> bool:
        """Tell whether the person wants no more of this. What is owed to a person as a superior goes on."""
        repeats = audience is Audience.OWNER or not about.startswith("deadline:")
        return repeats and (person, about) in self.acknowledged

    def is_snoozed(self, person: str, about: str, as_of: date) -> bool:
        return self.snoozed_until.get((person, about), as_of) > as_of


NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One night's question. `written` are the keys in the ledger, told or covered.

    A key that was cancelled (`states.stale`) is not among them: it is due again once its deadline stands again.
    """

    as_of: date
    written: Collection[str]
    answers: Answers = NO_ANSWERS


def obligations(
    deadlines: Iterable[Deadline], timetable: Timetable, staff: Staff, sweep: Sweep
) -> Iterator[Obligation]:
    """Yield what the deadlines owe and the ledger does not have yet.

    Of the rungs that are due for one person the latest is pending, the others are covered by it: each person is
    told once and every rung leaves its row. The answer depends on the day and the ledger only, so missed nights
    are made up for and a second run finds nothing. Of two deadlines of one duty the governing one is told.
    """
    for deadline in _governing(deadlines):
        if deadline.safe_on is None or deadline.rolled_on is None:
            continue
        rungs = timetable.ladder(deadline.clock, deadline.route, safe_on=deadline.safe_on, rolled_on=deadline.rolled_on)
        due = tuple(takewhile(lambda rung: rung.day <= sweep.as_of, rungs))
        if due:
            told = staff.told(deadline.duty)
            yield from _owed(deadline.subject, deadline.about, due, told, deadline.remind_from, sweep)


def repeats(
    standstills: Iterable[Standstill], timetable: Timetable, staff: Staff, sweep: Sweep
) -> Iterator[Obligation]:
    """Yield what projects owe that nobody touched, or that wait in their stage, for so many workdays."""
    for project in standstills:
        if project.stage in ENDS:
            continue
        for kind in (ReminderKind.INACTIVITY, ReminderKind.WAITING):
            due = timetable.repeats(kind, project.route, since=project.since(kind), as_of=sweep.as_of)
            if due:
                yield from _owed(project.subject, project.about(kind), due, staff.told(project.duty), None, sweep)


def _governing(deadlines: Iterable[Deadline]) -> Iterator[Deadline]:
    """The open deadlines; of those that are governed together the one that ends first. Basis: domain notes §2.5."""
    together: dict[str, Deadline] = {}
    for deadline in deadlines:
        if deadline.status != "open":
            continue
        if deadline.clock not in GOVERNED_TOGETHER:
            yield deadline
            continue
        known = together.setdefault(deadline.subject, deadline)
        if _urgency(deadline) < _urgency(known):
            together[deadline.subject] = deadline
    yield from together.values()


def _urgency(deadline: Deadline) -> tuple[date, str]:
    return deadline.rolled_on or date.max, deadline.clock


def _owed(
    subject: str, about: str, due: Sequence[Reminding], told: Told, remind_from: date | None, sweep: Sweep
) -> Iterator[Obligation]:
    """Yield one row for each rung and person that the ledger does not have yet."""
    for person, rungs in _by_person(due, told).items():
        if sweep.answers.is_snoozed(person, about, sweep.as_of):
            continue
        keys = {f"{about}/{rung.name}/{person}": rung for rung in rungs}
        missing = [key for key in keys if key not in sweep.written]
        if not missing:
            continue
        silent = {key: why for key, rung in keys.items() if (why := _silence(rung, person, about, remind_from, sweep))}
        # The latest of all, told before or not: a rung that turns up late is not told after a later one.
        telling = next((key for key in reversed(keys) if key not in silent), None)
        for key in missing:
            covered_by = telling if key not in silent and key != telling else None
            reason = silent.get(key) or (OVERTAKEN if covered_by else "")
            yield Obligation(
                key=key,
                about=about,
                subject=subject,
                person=person,
                rule=keys[key].rule,
                due_on=keys[key].day,
                covered_by=covered_by,
                reason=reason,
            )


def _by_person(due: Sequence[Reminding], told: Told) -> Mapping[str, list[Reminding]]:
    rungs: dict[str, list[Reminding]] = defaultdict(list)
    for rung in due:
        for person in told[rung.rule.audience]:
            rungs[person].append(rung)
    return rungs


def _silence(rung: Reminding, person: str, about: str, remind_from: date | None, sweep: Sweep) -> str:
    if remind_from is not None and rung.day < remind_from:
        return BEFORE_REMINDERS
    return ACKNOWLEDGED if sweep.answers.is_acknowledged(person, about, rung.rule.audience) else ""
