"""Contracts of the demonstration: some hold several projects of one unit and decision, most hold a single one."""

from collections import defaultdict
from collections.abc import Iterable

from flows.jobs.demonstration_days import draw, office_instant, workdays_later
from flows.jobs.demonstration_lives import Happening, Life, Signing
from flows.jobs.demonstration_plans import SIGNERS, letters
from states.steps.terms import BY_PAYER
from states.vocabulary import Route

#: Small works of one kind that a unit does for many firms, or the centre by itself, go into one contract.
_TOGETHER = {
    "conference": "meetings",
    "broadcast": "publicity",
    "publication": "publicity",
    "consulting": "consulting",
    "packaging": "consulting",
    "trademark_national": "trademarks",
}


def sign_together(lives: Iterable[Life]) -> list[Happening]:
    """Bring the approved projects of each shared contract to the day on which it is signed.

    All of one contract have the route, the executing unit and the decision in common. Basis: domain notes §2.2, S8.
    """
    together: defaultdict[tuple[str, ...], list[Life]] = defaultdict(list)
    for life in lives:
        kind = _TOGETHER.get(life.key.partition("/")[0])
        if kind is not None:
            together[kind, life.route, life.proposal.unit, str(life.plan.year), life.plan.number].append(life)
    return [_sign(names, members) for names, members in together.items() if len(members) > 1]


def _sign(names: tuple[str, ...], members: list[Life]) -> Happening:
    day = workdays_later(max(member.day for member in members), draw(3, 8, *names, "signing"))
    route, desk = members[0].route, members[0].desk
    [authority] = BY_PAYER[route]
    signed_on = day
    if route is Route.NATIONAL:
        # The agency sends its copy back.
        lag = workdays_later(day, -draw(1, 3, *names, "post"))
        signed_on = max(lag, *(member.paper_on for member in members))
    for member in members:
        member.day, member.paper_on, member.partners = day, signed_on, tuple(members)
    signing = Signing(
        keys=tuple(member.key for member in members),
        number=f"/HĐ-{letters(authority, signed_on)}",
        signed_on=signed_on,
        signer=SIGNERS.get(authority, desk.leader_name),
        total=sum(member.granted for member in members),
    )
    return Happening(office_instant(day, *names), "/".join(names), desk.coordinator, signing)
