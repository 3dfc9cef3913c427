"""The demonstration register: 165 projects of 2021–2025, played through the public functions of the ledger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flows.jobs.demonstration_acceptances import accept
from flows.jobs.demonstration_contracts import sign_together
from flows.jobs.demonstration_days import draw
from flows.jobs.demonstration_fates import FATES, Fate
from flows.jobs.demonstration_lives import Approving, Desk, Happening, Life
from flows.jobs.demonstration_material import Material, Proposal, read_material
from flows.jobs.demonstration_plans import ENDED_ON, OPENED_ON, Decision
from flows.jobs.demonstration_player import OPENED_AT, Player
from flows.jobs.demonstration_proposals import propose
from flows.jobs.demonstration_settlements import settle
from flows.jobs.demonstration_works import carry_out, prepare
from flows.jobs.demonstration_years import closings
from models.setup import initialise
from models.store import Store
from states.facts import OFFICE_TIME
from states.refusal import Refused
from states.vocabulary import Role, Route
from states.words import format_date


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was played: projects opened, and steps of the lifecycle taken, approvals included."""

    projects: int
    steps: int


def load_demonstration(store: Store, *, at: datetime, until: date | None = None) -> Demonstration:
    """Make a register that says it is a demonstration, and play what happened from 16/11/2020 up to `until`.

    Every entry carries the past instant at which it would have been made, so `at` (the instant of loading)
    enters nothing; it only keeps the future out. The last day is 20/01/2026 unless told otherwise: the
    projects of 2025 are settled but for a handful that wait on the desk for a dossier, an answer, an
    acceptance, an instalment that is overdue, or the liquidation that ends on 22/01. A later day plays a few
    of these on; an earlier one leaves the register as it stood then.

    Raises Refused when the database holds a register, or when `at` is before the first entry.
    """
    if at < OPENED_AT:
        raise Refused(f"Sổ minh họa bắt đầu từ {format_date(OPENED_ON)}; hãy đặt DEAN_TODAY từ ngày đó trở đi.")
    initialise(store, at=OPENED_AT, demonstration=True)
    material = read_material()
    player = Player(store, material)
    with store.write() as session:
        player.furnish(session)
    last_day = until or ENDED_ON
    played = [h for h in _happenings(material) if h.at <= at and _day(h) <= last_day]
    # One transaction a day: what an office enters between morning and evening, and one flush of the disk.
    for _, entries in groupby(played, key=_day):
        with store.write() as session:
            for happening in entries:
                player.play(session, happening)
    return Demonstration(len(player.codes), player.steps)


def _day(happening: Happening) -> date:
    return happening.at.astimezone(OFFICE_TIME).date()


def _happenings(material: Material) -> list[Happening]:
    """The lives of all projects with the decisions and contracts that several share, in the order of time.

    Every life is brought to the same point before the next part: a shared contract is signed when all its
    projects can sign it, and settled when all of them are accepted.
    """
    lives = [_life(material, proposal) for proposal in material.proposals]
    planned = [life for life in lives if propose(life)]
    shared = _decide(planned, material.who(Role.COORDINATOR)[0].code)
    for life in planned:
        prepare(life)
    shared += sign_together(planned)
    completed = [life for life in planned if carry_out(life)]
    for life in completed:
        accept(life)
    for life in completed:
        settle(life)
    shared += closings(material.who(Role.COORDINATOR)[0].code)
    happenings = [*shared, *(happening for life in lives for happening in life.happenings)]
    return sorted(happenings, key=lambda happening: (happening.at, happening.key))


def _decide(planned: Iterable[Life], coordinator: str) -> list[Happening]:
    """The decisions on lists, with what each project got."""
    approved: defaultdict[Decision, dict[str, int]] = defaultdict(dict)
    for life in planned:
        approved[life.plan][life.key] = life.granted
    return [
        Happening(decision.entered_at, decision.number, coordinator, Approving(decision, lines))
        for decision, lines in approved.items()
    ]


def _life(material: Material, proposal: Proposal) -> Life:
    fate = FATES.get(proposal.key, Fate.STRAIGHT)
    [author, *_] = material.who(Role.CENTRE_OFFICER, proposal.unit)
    first, second, *_ = material.who(Role.COORDINATOR)
    if draw(0, 1, proposal.key, "coordinator"):
        first, second = second, first
    [leader, *_] = material.who(Role.LEADER)
    [finance, *_] = material.who(Role.FINANCE)
    return Life(
        proposal=proposal,
        fate=fate,
        desk=Desk(author.code, first.code, second.code, leader.code, leader.name, finance.code),
        route=Route.NATIONAL if fate is Fate.REROUTED else proposal.route,
        granted=proposal.support,
        counterpart=proposal.counterpart,
        cost=proposal.cost,
        work_year=proposal.year,
        beneficiaries=proposal.beneficiaries,
    )
