"""Who is reminded: the people whose step is awaited, and those above them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from states.actions import Action
from states.facts import Person
from states.lifecycle import SUSPENDABLE, Step
from states.reminder_rules import Audience
from states.steps import STEPS
from states.vocabulary import Authority, Role, Route, Stage

#: Steps that leave the path, send a dossier back or undo something: nobody is reminded to take one.
ASIDE = frozenset(
    {
        Action.WITHDRAW,
        Action.LAPSE,
        Action.STOP,
        Action.WRITE_OFF,
        Action.SUSPEND,
        Action.REROUTE,
        Action.RETURN_SETTLEMENT,
        Action.REVERT,
    }
)
#: Of the roles that may record a step the first one does the work; the others could, and the leader is told later.
CLOSEST = (Role.CENTRE_OFFICER, Role.COORDINATOR, Role.FINANCE, Role.LEADER)
#: Bodies with people in this system.
INSIDE = frozenset({Authority.UNIT, Authority.DEPARTMENT})

Told = Mapping[Audience, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Duty:
    """What is awaited: the step that stops `clock`, or with None the next step of the stage.

    `stage` and `unit_id` are None for a deadline that belongs to no project (the registration of a year).
    """

    clock: str | None
    route: Route
    stage: Stage | None = None
    unit_id: int | None = None


class Staff:
    """The active people of a register, by what they are told; every answer is kept.

    The owner is who may take the step that stops the clock, by the role closest to the work; while the project is
    not that far, who may take the next step on the way there. Centre officers are those of the project's unit.
    Where a body outside the department decides, the coordinator follows it up. Who is missing is replaced by the
    coordinators, then by the leaders.

    The supervisor is a leader: those `in_charge` by code, or every leader while nobody is said to be. The next
    level are the other leaders, and where there is none, the same once more. The administrator takes no business
    step (design §9 "People") and is told only where the office has no active leader at all, which is for him to
    mend. Auditors and commune viewers are never reminded.
    """

    def __init__(self, people: Iterable[Person], *, in_charge: Iterable[str] = ()) -> None:
        self._by_role: dict[Role, list[str]] = defaultdict(list)
        self._of_unit: dict[int | None, list[str]] = defaultdict(list)
        self._told: dict[Duty, Told] = {}
        for person in sorted(people, key=lambda person: person.id):
            if person.active and person.role is Role.CENTRE_OFFICER:
                self._of_unit[person.unit_id].append(person.code)
            elif person.active:
                self._by_role[person.role].append(person.code)
        charged = frozenset(in_charge)
        leaders = self._by_role[Role.LEADER]
        self._supervisors = [code for code in leaders if code in charged] or leaders
        self._next_level = [code for code in leaders if code not in self._supervisors] or leaders

    def told(self, duty: Duty) -> Told:
        """The codes of the people of each audience; empty only where the office has nobody to tell."""
        if duty not in self._told:
            self._told[duty] = {
                Audience.OWNER: tuple(self._owners(duty)),
                Audience.SUPERVISOR: tuple(self._supervisors or self._last_resort),
                Audience.NEXT_LEVEL: tuple(self._next_level or self._last_resort),
            }
        return self._told[duty]

    @property
    def _last_resort(self) -> list[str]:
        return self._by_role[Role.ADMINISTRATOR]

    def _owners(self, duty: Duty) -> list[str]:
        roles = roles_awaited(duty.clock, duty.route, duty.stage)
        found = [code for role in CLOSEST if role in roles for code in self._having(role, duty.unit_id)]
        return found or self._by_role[Role.COORDINATOR] or self._by_role[Role.LEADER] or self._last_resort

    def _having(self, role: Role, unit_id: int | None) -> list[str]:
        return self._of_unit[unit_id] if role is Role.CENTRE_OFFICER else self._by_role[role]


@cache
def roles_awaited(clock: str | None, route: Route, stage: Stage | None) -> frozenset[Role]:
    """The roles whose step is awaited; that of the coordinator where no step of ours stops the clock."""
    steps = steps_awaited(clock, route, stage)
    if all(INSIDE.isdisjoint(step.authorities[route]) for step in steps):
        return frozenset({Role.COORDINATOR})
    return frozenset(next(role for role in CLOSEST if role in step.recorders) for step in steps)


@cache
def steps_awaited(clock: str | None, route: Route, stage: Stage | None) -> tuple[Step, ...]:
    """The steps that stop the clock from this stage, or the first ones of the shortest way to such a step.

    Without a clock the steps that lead on from the stage.
    """
    if clock is None:
        return tuple({step.action: step for source, _, step in _moves(route) if source is stage}.values())
    stopping = tuple(step for step in _open_steps(route) if clock in step.closes_deadlines)
    here = tuple(step for step in stopping if stage is None or stage in step.sources)
    if here or stage is None:
        return here
    far = _distances(frozenset().union(*(step.sources for step in stopping)), route)
    ways = [(far[target], step) for source, target, step in _moves(route) if source is stage and target in far]
    nearest = min((distance for distance, _ in ways), default=0)
    first = {step.action: step for distance, step in ways if distance == nearest}
    return tuple(first.values()) or stopping


def _open_steps(route: Route) -> Iterator[Step]:
    return (step for step in STEPS if step.action not in ASIDE and route in step.authorities)


def _moves(route: Route) -> Iterator[tuple[Stage, Stage, Step]]:
    """Every way from one stage to another; a suspended project goes back to any of the stages it may come from."""
    for step in _open_steps(route):
        targets = SUSPENDABLE if step.action is Action.RESUME else {step.target} - {None}
        yield from ((source, target, step) for source in step.sources for target in targets if target)


def _distances(goals: frozenset[Stage], route: Route) -> Mapping[Stage, int]:
    """How many steps each stage is away from the nearest goal; stages without a way there are left out."""
    distances = dict.fromkeys(goals, 0)
    reached = set(goals)
    while reached:
        further = max(distances.values()) + 1
        reached = {source for source, target, _ in _moves(route) if target in reached and source not in distances}
        distances.update(dict.fromkeys(reached, further))
    return distances
