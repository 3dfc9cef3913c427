"""Whatever lawful steps follow an approval, in whatever order: no amount is lost, and every closed life adds up."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from states.actions import Action
from states.effects import AcceptanceLine, Effects, MoneyLine, QuantityKind
from states.facts import Asked, Enclosure, Facts, Instalment, Order, Person, Request
from states.guards import one_state_amount_only
from states.judge import completed, decide, judge
from states.lifecycle import RUNNING
from states.steps import STEP
from states.vocabulary import (
    STATE_FUND,
    Authority,
    Change,
    Kind,
    MoneyKind,
    Outcome,
    Paper,
    Role,
    Route,
    Source,
    Stage,
    State,
)

K, A, OWN = MoneyKind, Action, Source.COUNTERPART
LARGEST = 400_000_000
AT = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
ROLES = (Role.COORDINATOR, Role.FINANCE, Role.LEADER)
NAMED = {11: "Cơ sở Tân Phát", 12: "Hợp tác xã Long Hồ", 13: "Cơ sở Phước Hậu"}
LEVELS = frozenset(MoneyKind) - {K.ADJUSTED}
CASH_CLOSED = {Stage.SETTLED, Stage.RECOVERED}
CLOSED = CASH_CLOSED | {Stage.STOPPED, Stage.RECOVERING, Stage.WRITTEN_OFF}
#: Undoing is not computed on facts: what is taken back is read from the event that is undone.
AFTER_APPROVAL = [action for action in list(Action)[list(Action).index(A.APPROVE) :] if action is not A.REVERT]
OFTEN = dict.fromkeys((A.START, A.REPORT_COMPLETION, A.ACCEPT, A.ACCEPT_SHARE, A.PREPAY, A.PAY, A.SETTLE, A.RESUME), 8)
OFTEN |= dict.fromkeys((A.CONFIRM_ADJUSTMENT, A.APPROVE_ADJUSTMENT), 8)
OFTEN |= dict.fromkeys((A.REQUEST_ADJUSTMENT, A.RECEIVE_RECOVERY, A.START_RECOVERY, A.RETRY_ACCEPTANCE), 4)


@dataclass
class Life:
    """A project on pure facts, and all that was ever written about it. A failure tells its steps one by one."""

    facts: Facts
    money: list[MoneyLine] = field(default_factory=list)
    rows: list[AcceptanceLine] = field(default_factory=list)
    settled: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def takes(self, action: Action, **typed: Any) -> bool:
        """Take a step if it is lawful, and hold every promise against what it wrote."""
        order = completed(STEP[action], self.facts, self.order(action, **typed))
        if judge(self.facts, order).reasons:
            return False
        effects = decide(self.facts, order)
        note(f"{order.action}: {written(effects)}")
        self.steps += 1
        self.facts = self.folded(order, effects)
        self.money += effects.money
        self.rows += effects.acceptances
        hold(self)
        return True

    def order(self, action: Action, **typed: Any) -> Order:
        at = AT + timedelta(days=self.steps)
        role = next(role for role in ROLES if role in STEP[action].recorders)
        by = Person(50, str(role), "Trần Thị Bình", role)
        papers = (Enclosure(Paper.VOUCHERS), Enclosure(Paper.FORM_5A))
        full = Order(action, by, at, at.date(), None, "15/SCT", "Lê Minh Chi", "Theo hồ sơ", papers=papers)
        return replace(full, **typed)

    def folded(self, order: Order, effects: Effects) -> Facts:
        """The facts after a step: every entry added to what stood before it."""
        money = Counter(dict(self.facts.money))
        for entry in effects.money:
            money[entry.source, entry.kind] += entry.amount * entry.direction
        counts = {QuantityKind.PLANNED: Counter(dict(self.facts.quantities))}
        counts[QuantityKind.ACCEPTED] = Counter(dict(self.facts.accepted))
        counts[QuantityKind.SETTLED] = self.settled
        for line in effects.quantities:
            counts.setdefault(line.kind, Counter())[line.target] += line.quantity * line.direction
        judged = {row.beneficiary_id: row.outcome is Outcome.PASSED for row in effects.acceptances}
        return replace(
            self.facts,
            state=effects.state,
            stage=effects.stage,
            work_year=effects.work_year,
            resume_stage=effects.resume_stage,
            adjustment_open=effects.adjustment_open,
            missing=effects.missing,
            money=money,
            quantities={target: number for target, number in counts[QuantityKind.PLANNED].items() if number},
            accepted=counts[QuantityKind.ACCEPTED],
            shares={**self.facts.shares, **{who: passed for who, passed in judged.items() if who is not None}},
            request=self.requested(order, effects),
            last_decided_on=order.effective_on,
        )

    def requested(self, order: Order, effects: Effects) -> Request | None:
        if order.action is A.REQUEST_ADJUSTMENT:
            asked = order.asked or Asked()
            return Request(self.steps, asked, confirmed=False, since=order.effective_on)
        if not effects.adjustment_open or self.facts.request is None:
            return None
        return replace(
            self.facts.request, confirmed=self.facts.request.confirmed or order.action is A.CONFIRM_ADJUSTMENT
        )


def written(effects: Effects) -> str:
    return ", ".join(f"{entry.source} {entry.kind} {entry.direction * entry.amount}" for entry in effects.money)


# --- the promises ---------------------------------------------------------------------------------------------------


def hold(life: Life) -> None:
    facts = life.facts
    for entry in life.money:
        assert entry.amount >= 0
        assert entry.source in facts.own_sources
    for source in facts.own_sources:
        assert {kind: facts.amount(kind, source) for kind in LEVELS if facts.amount(kind, source) < 0} == {}
        assert facts.approved_now(source) >= 0
    hold_cash(facts)
    hold_parts(life)
    if facts.stage in CLOSED:
        hold_equations(facts)
        assert +life.settled == +Counter(dict(facts.accepted))
    else:
        closing = [facts.amount(kind, source) for kind in (K.SETTLED, K.RELEASED) for source in facts.own_sources]
        assert closing == [0] * 4
        assert +life.settled == Counter()


def hold_cash(facts: Facts) -> None:
    """Cash stays within what was approved; what is still to pay or to come back is the rest of what was accepted."""
    given = facts.amount(K.PREPAID) + facts.amount(K.PAID)
    kept = given - facts.amount(K.RECOVERED)
    assert 0 <= kept <= facts.approved_now()
    assert facts.amount(K.PREPAID) <= facts.amount(K.CONTRACTED)
    assert facts.amount(K.ACCEPTED) <= facts.approved_now()
    if facts.stage not in CLOSED:
        assert facts.amount(K.ACCEPTED) <= facts.amount(K.CONTRACTED)
    assert facts.outstanding == kept - facts.amount(K.SETTLED)
    due = facts.amount(K.SETTLED if facts.stage in CLOSED else K.ACCEPTED)
    assert facts.payable == due - kept


def hold_parts(life: Life) -> None:
    """The rows of acceptance, and the shares by beneficiary, make up what counts as accepted."""
    booked, said, numbers = Counter[Any](), Counter[Any](), Counter[str]()
    for entry in life.money:
        if entry.kind is K.ACCEPTED:
            booked[entry.source, entry.beneficiary_id] += entry.amount * entry.direction
    for row in life.rows:
        said[life.facts.fund, row.beneficiary_id] += row.support * row.direction
        said[OWN, row.beneficiary_id] += row.counterpart * row.direction
        for target, number in row.quantities.items():
            numbers[target] += number * row.direction
    assert booked == said
    assert numbers == Counter(dict(life.facts.accepted))
    assert min(life.facts.accepted.values(), default=0) >= 0


def hold_equations(facts: Facts) -> None:
    for source in facts.own_sources:
        closed = facts.amount(K.SETTLED, source) + facts.amount(K.RELEASED, source)
        assert facts.approved_now(source) == closed
        if facts.stage in CASH_CLOSED or source is OWN:
            given = facts.amount(K.PREPAID, source) + facts.amount(K.PAID, source)
            assert given == facts.amount(K.SETTLED, source) + facts.amount(K.RECOVERED, source)


# --- what people try ------------------------------------------------------------------------------------------------


def approved(route: Route, kind: Kind, support: int, promised: int, planned: dict[str, int]) -> Life:
    """A project whose plan was approved this year."""
    money = {(STATE_FUND[route], level): support for level in (K.ASKED, K.APPRAISED, K.APPROVED)}
    facts = Facts(
        code="KC-VL-2024-001",
        route=route,
        kind=kind,
        state=State.APPROVED,
        stage=Stage.APPROVED,
        plan_year=2024,
        work_year=2024,
        unit_id=7,
        author_id=1,
        author_name="Nguyễn Văn An",
        has_beneficiary=True,
        money=money | {(OWN, K.APPROVED): promised},
        quantities=planned,
        papers=frozenset(Paper),
        named=NAMED if kind is Kind.GROUP else {11: NAMED[11]},
    )
    return Life(facts)


def to_come_back(facts: Facts) -> int:
    """Cash above what may be kept, in đồng; negative is what is still to be paid."""
    kept = facts.amount(K.PREPAID) + facts.amount(K.PAID) - facts.amount(K.RECOVERED)
    return kept - facts.amount(K.ACCEPTED)


def most(facts: Facts, action: Action) -> int:
    """The largest amount of the state fund that the step takes, in đồng."""
    back, approved_now = to_come_back(facts), facts.approved_now()
    match action:
        case A.ALLOT:
            return approved_now - facts.amount(K.ALLOTTED)
        case A.PREPAY | A.ACCEPT:
            return min(approved_now, facts.amount(K.CONTRACTED))
        case A.ACCEPT_SHARE:
            return min(approved_now, facts.amount(K.CONTRACTED)) - facts.amount(K.ACCEPTED)
        case A.PAY:
            return -back
        case A.RECEIVE_RECOVERY:
            return back
        case A.AMEND_APPROVAL | A.REQUEST_ADJUSTMENT | A.APPROVE_ADJUSTMENT:
            return LARGEST
    return approved_now


def figures(facts: Facts, action: Action) -> st.SearchStrategy[int]:
    """Amounts that people would type: all there is, part of it, or one đồng too much."""
    limit = max(most(facts, action), 0)
    return st.one_of(st.integers(min(1, limit), limit), st.just(limit), st.just(limit + 1))


def wished(facts: Facts) -> st.SearchStrategy[int]:
    """New amounts that a request asks for: less or more than now, or one đồng less than was accepted or given."""
    floor = max(facts.amount(K.ACCEPTED), facts.outstanding) - 1
    return st.one_of(st.integers(1, LARGEST), st.integers(1, facts.approved_now()), st.just(max(floor, 1)))


def asked(facts: Facts) -> st.SearchStrategy[Asked]:
    values: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {},
        optional={
            "amounts": st.dictionaries(st.sampled_from(facts.own_sources), wished(facts), min_size=1),
            "targets": st.dictionaries(st.sampled_from(("T2_1", "T2_3")), st.integers(0, 5), min_size=1),
            "next_year": st.just(True),
        },
    )
    # The register keeps the kinds that follow beside those declared; the ministry may decide them all.
    return values.map(lambda found: Asked(kinds=frozenset({Change.CHANGE_CONTENT}), columns={"scope": "Mới"}, **found))


@st.composite
def typed(draw: st.DrawFn, action: Action, facts: Facts) -> dict[str, Any]:
    """What a person types for a step: not always lawful."""
    step, found = STEP[action], dict[str, Any]()
    if step.money is not None:
        fund, own = (facts.fund,), (facts.fund,) if one_state_amount_only in step.needs else facts.own_sources
        sources = draw(st.sampled_from((fund, fund, fund, own, own, (OWN,), ())))
        found["amounts"] = {source: draw(figures(facts, action)) for source in sources}
    if "quantities" in step.takes:
        targets = sorted(facts.quantities) if draw(st.integers(0, 3)) else []
        found["quantities"] = {target: draw(st.integers(0, 5)) for target in targets}
    if "missing" in step.takes:
        found["missing"] = ("vouchers",)
    if "beneficiary_id" in step.takes:
        found["beneficiary_id"] = draw(st.sampled_from(sorted(NAMED)))
    if "instalments" in step.takes and draw(st.booleans()):
        found["instalments"] = (Instalment(date(2024, 12, 1), max(to_come_back(facts), 0)),)
    if "asked" in step.takes:
        found["asked"] = draw(asked(facts))
    if action in (A.REFUSE_ADJUSTMENT, A.RETURN_SETTLEMENT):
        found["authority"] = draw(st.sampled_from(step.authorities[facts.route]))
    return found


def choices(life: Life) -> list[Action]:
    """Steps whose button is open and that have something to give; those that move money or go on come often."""
    possible = [action for action in AFTER_APPROVAL if judge(life.facts, life.order(action)).is_open]
    possible = [action for action in possible if action not in (A.PAY, A.ALLOT) or most(life.facts, action) > 0]
    return [action for action in possible for _ in range(OFTEN.get(action, 1))]


def start_of(life: Life, data: st.DataObject) -> None:
    """Bring a life some way along the straight road, so that random steps also reach its later years."""
    facts = life.facts
    given, worth = (max(facts.approved_now() * data.draw(st.integers(0, 100)) // 100, 1) for _ in range(2))
    accepted: dict[str, Any] = {
        "amounts": {facts.fund: worth, OWN: data.draw(st.integers(0, LARGEST))},
        "quantities": dict.fromkeys(facts.quantities, 1),
    }
    road: list[tuple[Action, dict[str, Any]]] = [
        (A.SIGN_CONTRACT, {}),
        (A.PREPAY, {"amounts": {facts.fund: given}}),
        (A.START, {}),
        (A.REPORT_COMPLETION, {}),
        (A.ACCEPT_SHARE, accepted | {"beneficiary_id": 11}) if facts.kind is Kind.GROUP else (A.ACCEPT, accepted),
        (A.SUBMIT_SETTLEMENT, {}),
    ]
    for action, words in road[: data.draw(st.integers(0, len(road)))]:
        life.takes(action, **words)


# --- and how every life comes to its end ------------------------------------------------------------------------------


ROAD = {
    Stage.APPROVED: A.SIGN_CONTRACT,
    Stage.CONTRACTED: A.START,
    Stage.UNDERWAY: A.REPORT_COMPLETION,
    Stage.SUSPENDED: A.RESUME,
    Stage.ACCEPTANCE_FAILED: A.RETRY_ACCEPTANCE,
    Stage.ACCEPTED: A.SUBMIT_SETTLEMENT,
    Stage.SETTLING: A.SETTLE,
    Stage.RECOVERING: A.CLOSE_RECOVERY,
}


def ways_on(facts: Facts, wish: Stage) -> Iterator[tuple[Action, dict[str, Any]]]:
    """What somebody tries who wants to bring the project to an end: also too early and for one đồng too much."""
    fund, back = facts.fund, to_come_back(facts)
    if facts.adjustment_open:
        yield A.REFUSE_ADJUSTMENT, {}
        yield A.REFUSE_ADJUSTMENT, {"authority": Authority.DEPARTMENT}
    if facts.stage in RUNNING and wish is not Stage.SETTLED:
        yield A.STOP, {}
    if facts.stage in (Stage.ACCEPTED, Stage.SETTLING, Stage.RECOVERING):
        yield ROAD[facts.stage], {}
    if facts.stage is Stage.STOPPED and back > 0:
        yield (A.WRITE_OFF if wish is Stage.WRITTEN_OFF else A.START_RECOVERY), {}
    for amount in (abs(back) + 1, abs(back)):
        yield (A.PAY if back < 0 else A.RECEIVE_RECOVERY), {"amounts": {fund: amount}}
    if facts.stage is Stage.AWAITING_ACCEPTANCE:
        yield from acceptances(facts)
    if facts.stage in ROAD:
        yield ROAD[facts.stage], {}


def acceptances(facts: Facts) -> Iterator[tuple[Action, dict[str, Any]]]:
    left = {facts.fund: max(most(facts, A.ACCEPT_SHARE) // 2, 1)}
    numbers = dict.fromkeys(facts.quantities, 1)
    if facts.kind is Kind.GROUP:
        nobody = not any(facts.shares.values())
        for who in facts.named:
            if who not in facts.shares or nobody:
                yield A.ACCEPT_SHARE, {"beneficiary_id": who, "amounts": left, "quantities": numbers}
            if who not in facts.shares:
                yield A.FAIL_SHARE, {"beneficiary_id": who}
    yield A.ACCEPT, {} if facts.shares else {"amounts": left, "quantities": numbers}


def bring_home(life: Life, wish: Stage) -> None:
    """Every life has a lawful way to its end."""
    for _ in range(30):
        facts = life.facts
        if facts.stage in CASH_CLOSED | {Stage.WRITTEN_OFF} or (
            facts.stage is Stage.STOPPED and not to_come_back(facts)
        ):
            return
        assert any(life.takes(action, **words) for action, words in ways_on(facts, wish)), facts.stage
    raise AssertionError(f"no end from {life.facts.stage}")


PROJECTS = st.builds(
    approved,
    st.sampled_from(Route),
    st.sampled_from((Kind.ORDINARY, Kind.GROUP)),
    support=st.integers(1, LARGEST),
    promised=st.integers(0, LARGEST),
    planned=st.dictionaries(st.sampled_from(("T2_1", "T2_2")), st.integers(1, 5), min_size=1),
)


# A failure tells the life step by step; to make it shorter would take minutes.
@settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(PROJECTS, st.sampled_from((Stage.SETTLED, Stage.RECOVERED, Stage.WRITTEN_OFF)), st.data())
def test_money_adds_up_after_every_lawful_step_and_every_life_can_be_closed(
    life: Life, wish: Stage, data: st.DataObject
) -> None:
    start_of(life, data)
    for _ in range(data.draw(st.sampled_from((0, 5, 15, 30)))):
        if not (possible := choices(life)):
            break
        action = data.draw(st.sampled_from(possible))
        life.takes(action, **data.draw(typed(action, life.facts)))

    bring_home(life, wish)

    assert life.facts.outstanding == 0 or life.facts.stage is Stage.WRITTEN_OFF
