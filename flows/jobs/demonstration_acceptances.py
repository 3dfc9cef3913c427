"""The acceptance of the work: what it cost and reached, and the support that it earns by that."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_lives import Life
from flows.jobs.demonstration_works import AT_YEAR_END
from models.ceiling_file import read_ceiling_file
from models.shipped import PROVINCE
from states.actions import Action
from states.ceilings import CeilingRule, ceiling
from states.dated_rules import jurisdiction_of
from states.vocabulary import Source

#: Accepted one booth after the other, each with a share of the support.
_BY_SHARES = ("fair_participation",)
#: Supported below the level that the law allows: the share that was approved is the one that is accepted.
_OF_THE_APPROVAL = ("fair_participation", "fair_organisation")
#: A mistyped digit.
_SLIP = 10_000_000


@dataclass(frozen=True, slots=True)
class Work:
    """What was found: the eligible cost and the support for it in đồng, and the quantity towards the target."""

    cost: int
    support: int
    quantity: int

    @property
    def counterpart(self) -> int:
        return self.cost - self.support


def accept(life: Life) -> None:
    """Record the acceptance of a completed project, of the whole or share by share."""
    year = life.work_year
    if life.fate in AT_YEAR_END:
        life.not_before(date(year, 12, 27))
        life.wait(0, 2, by=date(year, 12, 31))
    else:
        life.wait(3, 9, by=date(year, 12, 24))
    work = _found(life)
    if life.proposal.activity in _BY_SHARES:
        _accept_shares(life, work)
    else:
        _accept_whole(life, work)
    life.done_on = life.day


def _accept_whole(life: Life, work: Work) -> None:
    if life.fate is Fate.MISTYPED_ACCEPTANCE:
        _record(life, Work(work.cost, work.support - _SLIP, work.quantity), is_typed=True)
        # A colleague saw it soon after.
        life.wait(1, 2)
        note = "Ghi nhầm số tiền nghiệm thu so với biên bản; hủy để ghi lại"
        life.step(Action.REVERT, life.desk.colleague, "PSS", note=note)
        life.wait(1, 1)
    _record(life, work, is_typed=life.proposal.activity in _OF_THE_APPROVAL)
    life.accepted = work.support


def _record(life: Life, work: Work, *, is_typed: bool) -> None:
    """Enter the minutes. Where the support is not typed, the ledger reckons it from the accepted cost."""
    life.step(
        Action.ACCEPT,
        life.desk.coordinator,
        "BBNT",
        cost=work.cost,
        amounts=_amounts(life, work, is_typed=is_typed),
        quantities={life.proposal.target: work.quantity},
    )


def _amounts(life: Life, work: Work, *, is_typed: bool) -> dict[Source, int]:
    typed = {life.fund: work.support} if is_typed else {}
    return typed | ({Source.COUNTERPART: work.counterpart} if work.counterpart else {})


# --- share by share -----------------------------------------------------------------------------------


def _accept_shares(life: Life, work: Work) -> None:
    shares = list(zip(life.beneficiaries, _shares(work, len(life.beneficiaries)), strict=True))
    later = []
    for place, (beneficiary, share) in enumerate(shares):
        if place:
            life.wait(1, 2)
        if life.fate is Fate.OVERPAID and place > 0:
            _fail_share(life, beneficiary, "Gian hàng bỏ trống cả kỳ hội chợ, không có khối lượng để nghiệm thu")
        elif life.fate is Fate.SHARE_REPAIRED and place == 1:
            _fail_share(life, beneficiary, "Gian hàng dựng sai kích thước, chưa có ảnh nghiệm thu")
            later.append((beneficiary, share))
        else:
            _accept_share(life, beneficiary, share)
    for beneficiary, share in later:
        life.wait(8, 12)
        _accept_share(life, beneficiary, share)
    life.wait(1, 3)
    life.step(Action.ACCEPT, life.desk.coordinator, "BBNT")


def _accept_share(life: Life, beneficiary: str, share: Work) -> None:
    life.step(
        Action.ACCEPT_SHARE,
        life.desk.coordinator,
        "BBNT",
        beneficiary=beneficiary,
        cost=share.cost,
        amounts=_amounts(life, share, is_typed=True),
        quantities={life.proposal.target: share.quantity},
    )
    life.accepted += share.support


def _fail_share(life: Life, beneficiary: str, note: str) -> None:
    life.step(Action.FAIL_SHARE, life.desk.coordinator, "BB", beneficiary=beneficiary, note=note)


def _shares(work: Work, number: int) -> list[Work]:
    """Equal shares in whole thousands; the first one takes the remainder, and the quantity, which is not divided."""
    cost, support = (amount // number // 1000 * 1000 for amount in (work.cost, work.support))
    rest = number - 1
    first = Work(work.cost - cost * rest, work.support - support * rest, work.quantity)
    return [first, *([Work(cost, support, 0)] * rest)]


# --- what was found -----------------------------------------------------------------------------------


def _found(life: Life) -> Work:
    """The work as it turned out: now and then cheaper than planned, now and then dearer at the firm's expense."""
    cost, quantity = life.cost, life.proposal.quantity
    turn = life.draw(1, 7, "turn of the price") if life.fate is Fate.STRAIGHT else 0
    if turn == 1:
        cost = cost * (100 - life.draw(3, 14, "cheaper by")) // 100_000 * 1000
        quantity = max(quantity - 1, 1)
    elif turn == 2 and life.counterpart:
        cost = cost * (100 + life.draw(1, 5, "dearer by")) // 100_000 * 1000
    if life.proposal.activity in _OF_THE_APPROVAL:
        share = life.granted * min(cost, life.cost) // life.cost
        return Work(cost, life.granted if cost >= life.cost else share // 1000 * 1000, quantity)
    return Work(cost, min(life.granted, _allowed(life, cost)), quantity)


def _allowed(life: Life, cost: int) -> int:
    """What the law allows for a cost, by the level of the day of the decision."""
    found = ceiling(
        _levels(),
        life.proposal.activity,
        cost=cost,
        ask=0,
        route=life.route,
        on=life.plan.decided_on,
        jurisdiction=jurisdiction_of(PROVINCE),
        quantity=life.proposal.quantity,
    )
    assert found.allowed is not None
    return found.allowed


@cache
def _levels() -> tuple[CeilingRule, ...]:
    return read_ceiling_file()
