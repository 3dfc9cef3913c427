"""Random lives on a real register: whatever people try, the promises about money, stages and ways out hold."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from models import projects
from models.append import Origin
from models.loading import load_person
from models.store import open_store
from models.verify import verify
from states.actions import Action
from states.facts import Enclosure, Facts, Order
from states.judge import judge
from states.lifecycle import ENDS
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import STATE_FUND, Kind, MoneyKind, Paper, Role, Route, Source, Stage

TRIEU = 1_000_000
PEOPLE = ("an", "yen", "binh", "bach", "chi", "chau", "dung", "em", "giang", "hanh")
BY_ROLE = {
    Role.CENTRE_OFFICER: ("an",),
    Role.COORDINATOR: ("binh", "bach"),
    Role.LEADER: ("chi", "chau"),
    Role.FINANCE: ("dung",),
}
#: The straight road, so that random lives also reach their later years.
NEXT: dict[Stage, tuple[Action, ...]] = {
    Stage.DRAFT: (Action.SUBMIT,),
    Stage.SUBMITTED: (Action.START_APPRAISAL,),
    Stage.RETURNED: (Action.RESUBMIT,),
    Stage.APPRAISING: (Action.PASS_APPRAISAL,),
    Stage.APPRAISED: (Action.SEND_TO_AGENCY, Action.SEND_TO_FINANCE),
    Stage.REVIEWING: (Action.PASS_REVIEW,),
    Stage.REVIEW_RETURNED: (Action.RESUBMIT_REVIEW,),
    Stage.WAITLISTED: (Action.FUND,),
    Stage.APPROVED: (Action.SIGN_CONTRACT, Action.APPROVE_ADJUSTMENT),
    Stage.CONTRACTED: (Action.START,),
    Stage.UNDERWAY: (Action.PREPAY, Action.REPORT_COMPLETION, Action.APPROVE_ADJUSTMENT),
    Stage.SUSPENDED: (Action.RESUME,),
    Stage.AWAITING_ACCEPTANCE: (Action.ACCEPT, Action.REFUSE_ADJUSTMENT),
    Stage.ACCEPTANCE_FAILED: (Action.RETRY_ACCEPTANCE,),
    Stage.ACCEPTED: (Action.SUBMIT_SETTLEMENT,),
    Stage.SETTLING: (Action.PAY, Action.RECEIVE_RECOVERY, Action.SETTLE),
    Stage.STOPPED: (Action.START_RECOVERY, Action.PAY),
    Stage.RECOVERING: (Action.RECEIVE_RECOVERY, Action.CLOSE_RECOVERY),
}
#: Steps that end a life or that would come too often.
RISKY = {
    Action.WITHDRAW,
    Action.LAPSE,
    Action.FAIL_APPRAISAL,
    Action.FAIL_REVIEW,
    Action.RETURN,
    Action.REROUTE,
    Action.WAITLIST,
    Action.WRITE_OFF,
}
#: What is left of a project when its paper and its people are put aside: what undoing a step must bring back.
UNDONE = (
    *("route", "state", "stage", "work_year", "resume_stage", "adjustment_open", "missing"),
    *("quantities", "accepted", "last_decided_on"),
)
CASH_BALANCED = {Stage.SETTLED, Stage.RECOVERED}
CLOSED = CASH_BALANCED | {Stage.STOPPED, Stage.RECOVERING, Stage.WRITTEN_OFF}


NEED_AMOUNT = {
    Action.ACCEPT,
    Action.AMEND_APPROVAL,
    Action.ALLOT,
    Action.PREPAY,
    Action.PAY,
    Action.RECEIVE_RECOVERY,
}
FREE_FIGURE = NEED_AMOUNT | {
    Action.RESUBMIT,
    Action.PASS_APPRAISAL,
    Action.PASS_REVIEW,
    Action.SIGN_CONTRACT,
    Action.APPROVE_ADJUSTMENT,
    Action.STOP,
}


def figure(facts: Facts, action: Action) -> int:
    """An amount that the step would take, in đồng."""
    outstanding = facts.outstanding - facts.amount(MoneyKind.ACCEPTED)
    if facts.amount(MoneyKind.SETTLED) or facts.amount(MoneyKind.RELEASED):
        outstanding = facts.outstanding
    match action:
        case Action.SUBMIT | Action.RESUBMIT:
            return facts.amount(MoneyKind.ASKED)
        case Action.PASS_APPRAISAL:
            return facts.amount(MoneyKind.ASKED)
        case Action.PASS_REVIEW:
            return facts.amount(MoneyKind.APPRAISED)
        case Action.PREPAY:
            return facts.amount(MoneyKind.CONTRACTED)
        case Action.ALLOT:
            return facts.approved_now() - facts.amount(MoneyKind.ALLOTTED)
        case Action.PAY:
            return -outstanding
        case Action.RECEIVE_RECOVERY:
            return outstanding
        case Action.SETTLE:
            return facts.amount(MoneyKind.ACCEPTED)
    return facts.approved_now()


def proper(facts: Facts, action: Action, percent: int = 100) -> dict[str, Any]:
    """Everything that can be typed for a step, and typed well; the dates are the caller's.

    `percent` changes the figures where the step leaves a choice, also to more than is lawful.
    """
    amount = figure(facts, action) * (percent if action in FREE_FIGURE else 100) // 100
    return {
        "authority": STEP[action].authorities[facts.route][-1],
        "number": "15/QĐ",
        "signer": "Lê Quang Trung",
        "note": "Theo hồ sơ kèm theo",
        "amounts": {facts.fund: amount} if action in (NEED_AMOUNT if percent == 100 else FREE_FIGURE) else {},
        "quantities": dict.fromkeys(facts.quantities, 1) if action is Action.ACCEPT else {},
        "missing": ("vouchers", "Ảnh chụp máy") if action.startswith("return") else (),
        "papers": (*map(Enclosure, Paper), *(Enclosure(Paper.OTHER, title=item) for item in facts.missing)),
    }


class Lives(RuleBasedStateMachine):
    """One office for each example; `before` remembers for each project what stood before each standing step."""

    codes = Bundle("codes")
    new_office: Callable[[Path], Any]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="dean-lives-", ignore_cleanup_errors=True)
        self.office = type(self).new_office(Path(self.folder.name))
        self.before: dict[str, list[Facts]] = {}
        with self.office.store.read() as session:
            self.people = {code: load_person(session, code) for code in PEOPLE}

    def teardown(self) -> None:
        problems = verify(self.office.store).problems
        self.office.store.close()
        self.folder.cleanup()
        assert problems == ()

    # --- what people do -----------------------------------------------------------------------------------------

    def open_draft(self, route: Route, kind: Kind, by: str) -> str:
        code: str = self.office.open(by, route=route, kind=kind)
        self.before[code] = []
        return code

    @initialize(target=codes, route=st.sampled_from(list(Route)))
    def open_first(self, route: Route) -> str:
        return self.open_draft(route, Kind.ORDINARY, "an")

    @precondition(lambda self: len(self.before) < 3)
    @rule(
        target=codes,
        route=st.sampled_from(list(Route)),
        kind=st.sampled_from(list(Kind)),
        by=st.sampled_from(["an", "bach"]),
    )
    def open_another(self, route: Route, kind: Kind, by: str) -> str:
        return self.open_draft(route, kind, by)

    @rule(days=st.sampled_from([0, 1, 20, 200]))
    def time_passes(self, days: int) -> None:
        self.office.at += timedelta(days=days)

    @rule(code=codes, picks=st.lists(st.integers(0, 99), min_size=2, max_size=20))
    def live_on(self, code: str, picks: list[int]) -> None:
        """Take lawful steps one after the other, now and then one that ends a life or takes a step back."""
        for pick in picks:
            facts = self.office.facts(code)
            lawful = list(self.ways_on(facts))
            straight = [action for action in NEXT.get(facts.stage, ()) if action in lawful][:1]
            ways = straight if pick % 3 else [a for a in lawful if a not in RISKY or pick % 8 == 0]
            if facts.stage is Stage.CLEARED and pick % 4:
                self.approve([code], 0)
            elif ways:
                action = ways[pick % len(ways)]
                able = [by for by in self.able(action) if self.is_open(facts, action, by)]
                typed = proper(facts, action, percent=(30, 50, 75, 100, 130)[pick % 5])
                self.take(code, facts, action, able[pick % len(able)], typed)
            elif pick % 8 == 0:
                self.take(code, facts, Action.REVERT, BY_ROLE[Role.LEADER][pick % 2], proper(facts, Action.REVERT))
            self.promises()

    def able(self, action: Action) -> list[str]:
        return [person for role, people in BY_ROLE.items() if role in STEP[action].recorders for person in people]

    @rule(code=codes, data=st.data())
    def try_a_step_of_this_stage(self, code: str, data: st.DataObject) -> None:
        """Type a step well but for its figure, which may be anything."""
        facts = self.office.facts(code)
        here = [action for action in Action if self.is_here(facts, action)]
        action = data.draw(st.sampled_from(here), "action")
        by = data.draw(st.sampled_from(self.able(action)), "by")
        typed = proper(facts, action)
        if STEP[action].money is not None and data.draw(st.booleans(), "another figure"):
            right = figure(facts, action)
            figures = [right, right // 2, right + 1, facts.approved_now() * 2, 0, -1, 2**63]
            source = data.draw(st.sampled_from([facts.fund, facts.fund, *Source]), "source")
            typed["amounts"] = {source: data.draw(st.sampled_from(figures), "figure")}
        self.take(code, facts, action, by, typed)

    def is_here(self, facts: Facts, action: Action) -> bool:
        step = STEP[action]
        return action is not Action.APPROVE and facts.stage in step.sources and facts.route in step.authorities

    @rule(
        code=codes,
        action=st.sampled_from(list(Action)),
        by=st.sampled_from(PEOPLE),
        spoilt=st.sampled_from([{"number": ""}, {"signer": ""}, {"note": " "}, {"papers": ()}, {"authority": None}]),
        days_ago=st.sampled_from([0, 0, 1, 400, -1]),
    )
    def try_any_step(self, code: str, action: Action, by: str, spoilt: dict[str, Any], days_ago: int) -> None:
        """Try whatever comes to mind, with something forgotten."""
        facts = self.office.facts(code)
        known = facts.route in STEP[action].authorities
        self.take(code, facts, action, by, (proper(facts, action) if known else {}) | spoilt, days_ago)

    @rule(codes=st.lists(codes, min_size=1, max_size=3), off_by=st.sampled_from([0, 0, 1]))
    def approve(self, codes: list[str], off_by: int) -> None:
        stood = {code: self.office.facts(code) for code in codes}
        total = sum(facts.amount(MoneyKind.APPRAISED) for facts in stood.values()) + off_by
        try:
            self.office.approve(*codes, by="binh", total=total, number=f"{len(self.before)}-{self.office.at:%j}/QĐ")
        except Refused:
            assert {code: self.office.facts(code) for code in codes} == stood
            return
        assert len(set(codes)) == len(codes)
        for code in codes:
            self.before[code].append(stood[code])

    @rule(code=codes, named=st.booleans(), by=st.sampled_from(PEOPLE))
    def name_beneficiary(self, code: str, named: bool, by: str) -> None:
        beneficiaries = (self.office.beneficiary,) if named else ()
        try:
            with self.office.store.write() as session:
                person = load_person(session, by)
                origin = Origin(self.office.at, person.id, "test")
                projects.amend(
                    session, code, {}, by=person, origin=origin, note="Xét chọn lại", beneficiaries=beneficiaries
                )
        except Refused as refused:
            self.sentences(refused)

    def take(self, code: str, facts: Facts, action: Action, by: str, typed: dict[str, Any], days_ago: int = 0) -> None:
        """Take a step, or be refused with sentences and find everything as it stood."""
        on = (self.office.at + timedelta(days=1 - days_ago)).date()
        try:
            taken = self.office.step(code, str(action), by, decided_on=on, **typed)
        except Refused as refused:
            self.sentences(refused)
            assert self.office.facts(code) == facts
            return
        now = self.office.facts(code)
        assert (taken.from_stage, taken.to_stage, taken.version) == (facts.stage, now.stage, facts.version + 1)
        if action is Action.REVERT:
            self.compare(now, self.before[code].pop())
        else:
            assert now.state.rank >= facts.state.rank
            self.before[code].append(facts)

    def sentences(self, refused: Refused) -> None:
        assert [reason for reason in refused.reasons if not reason[0].isupper() or reason[-1] != "."] == []

    def compare(self, now: Facts, stood: Facts) -> None:
        """Undoing a step brings back what stood before it, to the đồng."""
        assert {name: getattr(now, name) for name in UNDONE} == {name: getattr(stood, name) for name in UNDONE}
        assert {key: amount for key, amount in now.money.items() if amount} == {
            key: amount for key, amount in stood.money.items() if amount
        }

    # --- what always holds --------------------------------------------------------------------------------------

    @invariant()
    def promises(self) -> None:
        self.stage_and_money_are_explained_by_the_events()
        for code in self.before:
            facts = self.office.facts(code)
            self.no_more_is_settled_or_given_than_was_approved(facts)
            self.equations_close(facts)
            assert facts.stage in ENDS or any(self.ways_on(facts)), f"{code} is stuck at {facts.stage}"

    def no_more_is_settled_or_given_than_was_approved(self, facts: Facts) -> None:
        given = facts.amount(MoneyKind.PREPAID) + facts.amount(MoneyKind.PAID)
        assert facts.amount(MoneyKind.SETTLED) <= facts.approved_now()
        assert given - facts.amount(MoneyKind.RECOVERED) <= facts.approved_now()
        assert min(facts.amount(kind) for kind in MoneyKind if kind is not MoneyKind.ADJUSTED) >= 0
        [other] = set(STATE_FUND.values()) - {facts.fund}
        assert all(facts.amount(kind, other) == 0 for kind in MoneyKind)

    def equations_close(self, facts: Facts) -> None:
        if facts.stage in CLOSED:
            assert facts.approved_now() == facts.amount(MoneyKind.SETTLED) + facts.amount(MoneyKind.RELEASED)
        if facts.stage in CASH_BALANCED:
            assert facts.outstanding == 0

    def stage_and_money_are_explained_by_the_events(self) -> None:
        with self.office.store.read() as session:
            connection = session.connection()
            unexplained = connection.execute(text(_UNEXPLAINED)).all()
            sums = connection.execute(text(_SUMS)).all()
        assert unexplained == []
        assert all(row.balance == row.entries for row in sums)

    def ways_on(self, facts: Facts) -> Iterator[Action]:
        """The steps forward that somebody could record today with everything that can be typed."""
        for action, step in STEP.items():
            if action in (Action.REVERT, Action.REGISTER, Action.APPROVE) or facts.stage not in step.sources:
                continue
            if facts.route in step.authorities and any(self.is_open(facts, action, by) for by in self.able(action)):
                yield action

    def is_open(self, facts: Facts, action: Action, by: str) -> bool:
        order = Order(action, self.people[by], self.office.at, decided_on=self.office.today, **proper(facts, action))
        return not judge(facts, order).reasons


_UNEXPLAINED = """
    SELECT p.code, p.stage, e.action, e.to_stage FROM project AS p LEFT JOIN event AS e
    ON e.id = p.last_event_id AND e.subject_kind = 'project' AND e.subject_id = p.id AND e.seq = p.version
    WHERE e.to_stage IS NULL OR e.to_stage <> p.stage"""
_KINDS = " + ".join(f"{kind} * {weight}" for weight, kind in enumerate(MoneyKind, start=1))
_WEIGHTS = " ".join(f"WHEN '{kind}' THEN {weight}" for weight, kind in enumerate(MoneyKind, start=1))
#: Every balance against its entries at once: each kind of money weighs differently, so that no two errors cancel.
_SUMS = f"""
    SELECT f.project_id, f.source, {_KINDS} AS balance,
           (SELECT coalesce(sum(m.amount * m.direction * CASE m.kind {_WEIGHTS} END), 0) FROM money_entry AS m
            WHERE m.project_id = f.project_id AND m.source = f.source) AS entries
    FROM funding AS f"""


@pytest.mark.slow
def test_random_lives_keep_every_promise(office: Any, furnished: tuple[Path, int]) -> None:
    template, beneficiary = furnished

    def new_office(folder: Path) -> Any:
        shutil.copy(template, folder / "dean.db")
        store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
        return type(office)(store, beneficiary=beneficiary)

    Lives.new_office = staticmethod(new_office)
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        ),
    )
