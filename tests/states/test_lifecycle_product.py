"""Every stage × action × route × role, against a table written by hand from the regulations and never from the code."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from states.actions import Action
from states.facts import Asked, Enclosure, Facts, Instalment, LastStep, Order, Person, Request
from states.judge import Judgement, decide, judge
from states.lifecycle import ENDS, STATES_OF, Field, stage_label
from states.machine import MACHINE, all_edges, move
from states.steps import STEP
from states.vocabulary import (
    STATE_FUND,
    Authority,
    Change,
    Kind,
    MoneyKind,
    Paper,
    Role,
    Route,
    Source,
    Stage,
    State,
)

# --- the law, by hand -------------------------------------------------------------------------------------------

# Which step leads from where to where, which body decides it on the local and on the national route (– where the
# step does not exist), and who may record it here: U officer of the executing unit, C coordinator, L leader,
# F finance. "same" keeps the stage, "back" returns to a stage that was remembered.
LAW = """
register           | draft submitted returned appraising appraised | same | – | department | CL
submit             | draft | submitted | unit | unit | UC
return             | submitted appraising | returned | department | department | C
resubmit           | returned | submitted | unit | unit | UC
lapse              | returned review_returned | lapsed | department | department | C
start_appraisal    | submitted | appraising | department | department | C
pass_appraisal     | appraising | appraised | department | department | CL
fail_appraisal     | appraising | rejected | department | department | CL
send_to_agency     | appraised | reviewing | – | department | CL
send_to_finance    | appraised | reviewing | department | – | CL
pass_review        | reviewing | cleared | finance_department | agency | CL
fail_review        | reviewing | rejected | finance_department | agency | CL
return_review      | reviewing | review_returned | finance_department | agency | CL
resubmit_review    | review_returned | reviewing | department | department | CL
waitlist           | cleared | waitlisted | department | department | CL
fund               | waitlisted | cleared | department | department | CL
reroute            | appraised cleared waitlisted | appraised | department | department | L
withdraw           | draft submitted returned appraising appraised reviewing review_returned cleared waitlisted \
                   | withdrawn | unit | unit | UC
approve            | cleared | approved | province | ministry | CL
amend_approval     | approved | same | province | ministry | CL
allot              | approved contracted underway suspended awaiting_acceptance acceptance_failed accepted settling \
                   | same | province | ministry | FL
receive_funds      | approved contracted underway suspended awaiting_acceptance acceptance_failed accepted settling \
                   | same | department | department | FL
sign_contract      | approved | contracted | department | agency | CL
amend_contract     | contracted underway awaiting_acceptance acceptance_failed | same | department | agency | CL
start              | contracted | underway | unit | unit | UC
prepay             | contracted underway | same | department | agency | FL
request_adjustment | approved contracted underway suspended awaiting_acceptance acceptance_failed \
                   | same | unit | unit | UC
confirm_adjustment | approved contracted underway suspended awaiting_acceptance acceptance_failed \
                   | same | department | department | CL
approve_adjustment | approved contracted underway suspended awaiting_acceptance acceptance_failed \
                   | same | province | agency ministry | CL
refuse_adjustment  | approved contracted underway suspended awaiting_acceptance acceptance_failed \
                   | same | province department | agency ministry department | CL
carry_over         | approved contracted underway suspended awaiting_acceptance acceptance_failed \
                   | same | province | ministry | CL
suspend            | approved contracted underway awaiting_acceptance acceptance_failed \
                   | suspended | department | department | L
resume             | suspended | back | department | department | L
report_completion  | underway | awaiting_acceptance | unit | unit | UC
accept_share       | awaiting_acceptance | same | department | department | CL
fail_share         | awaiting_acceptance | same | department | department | CL
accept             | awaiting_acceptance | accepted | department | department | CL
fail_acceptance    | awaiting_acceptance | acceptance_failed | department | department | CL
retry_acceptance   | acceptance_failed | awaiting_acceptance | unit | unit | UC
pay                | accepted settling stopped | same | department | agency | FL
submit_settlement  | accepted | settling | unit | unit | UC
return_settlement  | settling | accepted | department finance_department | agency | CLF
settle             | settling | settled | department | agency | FL
stop               | approved contracted underway suspended awaiting_acceptance acceptance_failed accepted settling \
                   | stopped | province | ministry | CL
demand_refund      | accepted settling recovering | same | department | agency | FL
start_recovery     | stopped | recovering | department | agency | CL
receive_recovery   | accepted settling recovering | same | department | department | FL
close_recovery     | recovering | recovered | department | department | FL
write_off          | stopped recovering | written_off | province | ministry | L
revert             | * | back | department | department | CL
"""

# What each step must have on file or bring along, the paper that it makes itself (it must come along, by number or
# as a file), and whether a signer (s) and a reason (r) belong to it.
PAPERS = """
register           | | registration_list |
submit             | dossier support_request | submission_letter |
return             | | supplement_note | r
resubmit           | | |
lapse              | | | r
start_appraisal    | submission_letter dossier support_request | completeness_checklist |
pass_appraisal     | | appraisal_minutes | s
fail_appraisal     | | appraisal_minutes | sr
send_to_agency     | dossier form_2 | appraisal_report | s
send_to_finance    | estimate | proposal_letter | s
pass_review        | | review_result | s
fail_review        | | review_result | sr
return_review      | | supplement_note | r
resubmit_review    | | |
waitlist           | | | r
fund               | | | r
reroute            | | reroute_letter | r
withdraw           | | withdrawal_letter | r
approve            | | approval_decision | s
amend_approval     | | amending_decision | sr
allot              | | allotment_decision |
receive_funds      | | funds_notice |
sign_contract      | | contract | s
amend_contract     | | contract_annex | sr
start              | | work_plan |
prepay             | contract work_plan prepayment_request | payment_order |
request_adjustment | | adjustment_request | r
confirm_adjustment | | adjustment_confirmation | s
approve_adjustment | | amending_decision | sr
refuse_adjustment  | | | r
carry_over         | | amending_decision | sr
suspend            | | suspension_decision | r
resume             | | resumption_decision | r
report_completion  | vouchers | form_3b |
accept_share       | | form_5a | s
fail_share         | | failure_minutes | r
accept             | form_3b | form_5a | s
fail_acceptance    | | failure_minutes | r
retry_acceptance   | | repair_report |
pay                | | payment_order |
submit_settlement  | contract form_5a vouchers | form_9 |
return_settlement  | | defect_note | r
settle             | form_9 | liquidation_minutes | s
stop               | | stop_decision | sr
demand_refund      | | refund_demand |
start_recovery     | | recovery_decision | s
receive_recovery   | | receipt |
close_recovery     | | |
write_off          | | write_off_decision | sr
revert             | | correction_note | r
"""

# What must hold before a step can be taken at all (by the project and the person), and what must be right in what is
# typed. Beside this stand role, unit, area, body, days, papers, signer and reason, which are asked of every step.
GUARDS = """
register           | |
submit             | beneficiary_unless_group contributes_to_a_target | only_own_sources support_asked
return             | | missing_items_listed
resubmit           | | missing_items_answered only_own_sources support_asked
lapse              | supplement_overdue |
start_appraisal    | |
pass_appraisal     | author_does_not_judge | signer_is_not_the_author only_own_sources support_left at_most
fail_appraisal     | author_does_not_judge | signer_is_not_the_author
send_to_agency     | |
send_to_finance    | |
pass_review        | author_does_not_judge | only_own_sources support_left at_most
fail_review        | author_does_not_judge |
return_review      | | missing_items_listed
resubmit_review    | | missing_items_answered
waitlist           | |
fund               | |
reroute            | |
withdraw           | |
approve            | author_does_not_judge | only_own_sources support_left at_most
amend_approval     | no_open_adjustment | only_own_sources amount_given not_below_cash_given
allot              | | only_own_sources one_state_amount_only amount_given allotment_within_approval
receive_funds      | funds_allotted |
sign_contract      | beneficiary_named no_open_adjustment | only_own_sources contract_has_value at_most
amend_contract     | no_open_adjustment \
                   | only_own_sources amount_given at_most contract_covers_prepayment contract_covers_accepted
start              | |
prepay             | not_prepaid_yet no_open_adjustment \
                   | only_own_sources one_state_amount_only amount_given prepayment_within_contract
request_adjustment | no_open_adjustment | request_is_complete
confirm_adjustment | author_does_not_judge open_adjustment not_confirmed_yet | after_the_request
approve_adjustment | open_adjustment confirmed_by_the_department not_a_stop \
                   | only_own_sources after_the_request decided_by_whom_the_change_needs increase_needs_the_approver \
                     support_remains not_below_cash_given not_below_accepted year_carried_in_time
refuse_adjustment  | open_adjustment | after_the_request refused_by_whom_it_lies_with
carry_over         | no_open_adjustment | carried_before_year_end
suspend            | |
resume             | |
report_completion  | no_open_adjustment |
accept_share       | author_does_not_judge group_project no_open_adjustment \
                   | signer_is_not_the_author share_of_the_project only_own_sources amount_given \
                     share_within_approval accepted_within_contract quantities_for_own_targets quantity_accepted \
                     accepted_within_the_year
fail_share         | author_does_not_judge group_project | share_of_the_project
accept             | author_does_not_judge no_open_adjustment every_share_judged \
                   | signer_is_not_the_author only_own_sources shares_are_the_whole unless_by_shares \
                     at_most accepted_within_contract quantities_for_own_targets unless_by_shares \
                     something_accepted accepted_within_the_year
fail_acceptance    | author_does_not_judge |
retry_acceptance   | |
pay                | something_to_pay \
                   | only_own_sources one_state_amount_only amount_given payment_within_acceptance
submit_settlement  | contract_accepted | missing_items_answered
return_settlement  | | missing_items_listed
settle             | author_does_not_judge cash_balanced | only_own_sources settlement_is_what_was_accepted
stop               | \
                   | only_own_sources one_state_amount_only at_most kept_with_evidence quantities_for_own_targets
demand_refund      | overpaid | instalments_add_up
start_recovery     | money_to_recover | instalments_add_up
receive_recovery   | overpaid | only_own_sources one_state_amount_only amount_given recovery_within_excess
close_recovery     | money_recovered |
write_off          | money_to_recover |
revert             | a_step_to_undo another_recorder |
"""

# What the form of a step has beside day, number, signer, reason, money and papers.
TAKES = """
return             | missing
return_review      | missing
prepay             | progress
request_adjustment | asked
accept_share       | beneficiary_id cost quantities
fail_share         | beneficiary_id
accept             | cost quantities
return_settlement  | missing
stop               | quantities
demand_refund      | instalments
start_recovery     | instalments
"""

# The money, the contract, the year and the result of the work wait until an adjustment request is decided.
WAITING_FOR_A_REQUEST = """
amend_approval sign_contract amend_contract prepay request_adjustment carry_over report_completion accept_share accept
"""
ABOUT_A_REQUEST = {Action.CONFIRM_ADJUSTMENT, Action.APPROVE_ADJUSTMENT, Action.REFUSE_ADJUSTMENT}
# Steps that send in what was found missing.
ANSWERING = {Action.RESUBMIT, Action.RESUBMIT_REVIEW, Action.SUBMIT_SETTLEMENT}

MILESTONE = {
    State.PROPOSED: "draft submitted returned appraising",
    State.APPRAISED: "appraised reviewing review_returned cleared waitlisted",
    State.APPROVED: "approved contracted underway suspended awaiting_acceptance acceptance_failed",
    State.IMPLEMENTED: "accepted settling",
    State.SETTLED: "settled",
}
# An end keeps the milestone reached; here the earliest one from which it is entered.
END_KEEPS = {
    "rejected": State.PROPOSED,
    "withdrawn": State.PROPOSED,
    "lapsed": State.PROPOSED,
    "stopped": State.APPROVED,
    "recovering": State.APPROVED,
    "recovered": State.APPROVED,
    "written_off": State.APPROVED,
}
OUTSIDE = {Authority.FINANCE_DEPARTMENT, Authority.PROVINCE, Authority.AGENCY, Authority.MINISTRY}
LETTERS = {"U": Role.CENTRE_OFFICER, "C": Role.COORDINATOR, "L": Role.LEADER, "F": Role.FINANCE}


@dataclass(frozen=True)
class Rule:
    sources: frozenset[Stage]
    to: str
    bodies: dict[Route, tuple[Authority, ...]]
    recorders: tuple[Role, ...]


def _rule(cells: list[str]) -> Rule:
    _, sources, to, local, national, letters = cells
    bodies = {Route.LOCAL: local, Route.NATIONAL: national}
    return Rule(
        sources=frozenset(Stage) if sources == "*" else frozenset(Stage(word) for word in sources.split()),
        to=to,
        bodies={route: tuple(Authority(b) for b in named.split()) for route, named in bodies.items() if named != "–"},
        recorders=tuple(role for letter, role in LETTERS.items() if letter in letters),
    )


def _cells(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


RULES = {Action(cells[0]): _rule(cells) for cells in _cells(LAW)}
PAPER_RULES = {
    Action(action): ({Paper(word) for word in on_file.split()}, Paper(act) if act else None, marks)
    for action, on_file, act, marks in _cells(PAPERS)
}
GUARDED = {Action(action): (closes.split(), needs.split()) for action, closes, needs in _cells(GUARDS)}
TAKEN = {Action(action): set(fields.split()) for action, fields in _cells(TAKES)}
STATE_OF = {Stage(word): state for state, words in MILESTONE.items() for word in words.split()} | {
    Stage(word): state for word, state in END_KEEPS.items()
}

# --- a project and an order that lack nothing -------------------------------------------------------------------

AT = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
PLACE, UNIT = 70, 7
AUTHOR = 1
TRIEU = 1_000_000
K = MoneyKind

# Where the money must stand so that the step is due, in triệu đồng; support of 300 with 200 accepted otherwise.
MONEY: dict[Action, dict[MoneyKind, int]] = {
    Action.SETTLE: {K.PREPAID: 90, K.PAID: 110},
    Action.RECEIVE_FUNDS: {K.ALLOTTED: 300},
    Action.DEMAND_REFUND: {K.PREPAID: 250},
    Action.RECEIVE_RECOVERY: {K.PREPAID: 250},
    Action.START_RECOVERY: {K.PREPAID: 140, K.SETTLED: 50, K.RELEASED: 250},
    Action.WRITE_OFF: {K.PREPAID: 140, K.SETTLED: 50, K.RELEASED: 250},
    Action.CLOSE_RECOVERY: {K.PREPAID: 140, K.SETTLED: 50, K.RELEASED: 250, K.RECOVERED: 90},
}
# What the step itself says about money, in triệu đồng of the state fund.
TYPED = {
    Action.AMEND_APPROVAL: 280,
    Action.ALLOT: 300,
    Action.AMEND_CONTRACT: 280,
    Action.PREPAY: 90,
    Action.ACCEPT_SHARE: 100,
    Action.ACCEPT: 200,
    Action.PAY: 100,
    Action.RECEIVE_RECOVERY: 50,
}
# A group project of two, the first of which is accepted already; and a request that the agency may decide too.
NAMED = {11: "Cơ sở Tân Phát", 12: "Hợp tác xã Long Hồ"}
BY_SHARES = {Action.ACCEPT_SHARE, Action.FAIL_SHARE}
ASKED = Asked(kinds=frozenset({Change.CHANGE_PARTNER}), columns={"partner": "Công ty Cơ khí Tiến Phát"})


def _before(stage: Stage) -> tuple[Action, Stage]:
    """A step of the law that leads to the stage, and the stage it came from."""
    for action, rule in RULES.items():
        if rule.to == stage:
            return action, sorted(rule.sources)[0]
    return Action.REGISTER, Stage.DRAFT


def _project(action: Action, stage: Stage, route: Route) -> Facts:
    fund = STATE_FUND[route]
    levels = {K.ASKED: 300, K.APPRAISED: 300, K.APPROVED: 300, K.CONTRACTED: 300, K.ACCEPTED: 200}
    last, came_from = _before(stage)
    return Facts(
        code="KC-VL-2024-001",
        route=route,
        kind=Kind.GROUP if action in BY_SHARES else Kind.ORDINARY,
        state=STATE_OF[stage],
        stage=stage,
        plan_year=2024,
        work_year=2024,
        unit_id=UNIT,
        author_id=AUTHOR,
        author_name="Nguyễn Văn An",
        place_id=PLACE,
        resume_stage=Stage.UNDERWAY if stage is Stage.SUSPENDED else None,
        has_beneficiary=True,
        adjustment_open=action in ABOUT_A_REQUEST,
        missing=("vouchers",),
        money={(fund, kind): amount * TRIEU for kind, amount in (levels | MONEY.get(action, {})).items()},
        quantities={"T2_2": 1},
        last_decided_on=date(2024, 5, 31),
        last_step=LastStep(99, last, STEP[last].label, came_from, recorder_id=2),
        request=_request(confirmed=action is not Action.CONFIRM_ADJUSTMENT) if action in ABOUT_A_REQUEST else None,
        named=NAMED if action in BY_SHARES else {},
        shares={11: True} if action in BY_SHARES else {},
    )


def _request(*, confirmed: bool) -> Request:
    return Request(5, ASKED, confirmed)


def _lying_with(facts: Facts, action: Action, body: Authority) -> Facts:
    """The same project, with the request before the department where the department is to refuse it."""
    refused_here = action is Action.REFUSE_ADJUSTMENT and body is Authority.DEPARTMENT
    return replace(facts, request=_request(confirmed=False)) if refused_here else facts


def _person(role: Role) -> Person:
    unit = UNIT if role is Role.CENTRE_OFFICER else None
    area = frozenset({PLACE}) if role is Role.COMMUNE_VIEWER else None
    return Person(50, str(role), "Trần Thị Bình", role, unit, area)


def _order(action: Action, route: Route, role: Role) -> Order:
    bodies = RULES[action].bodies.get(route, (Authority.DEPARTMENT,))
    return Order(
        action,
        _person(role),
        AT,
        decided_on=date(2024, 6, 3),
        authority=bodies[0],
        number="15/SCT",
        signer="Lê Minh Chi",
        note="Theo hồ sơ kèm theo",
        amounts={STATE_FUND[route]: TYPED[action] * TRIEU} if action in TYPED else {},
        quantities={"T2_2": 1} if action in (Action.ACCEPT, Action.ACCEPT_SHARE) else {},
        missing=("vouchers",) if action.startswith("return") else (),
        papers=tuple(Enclosure(paper) for paper in Paper),
        beneficiary_id=12 if action in BY_SHARES else None,
        asked=ASKED if action is Action.REQUEST_ADJUSTMENT else None,
    )


def _arrival(rule: Rule, facts: Facts, action: Action) -> Stage:
    if rule.to == "same":
        return facts.stage
    if action is Action.RESUME:
        return Stage.UNDERWAY
    if action is Action.REVERT:
        assert facts.last_step is not None
        return facts.last_step.from_stage
    return Stage(rule.to)


def _goal(facts: Facts, action: Action) -> Stage | None:
    if action is Action.RESUME:
        return facts.resume_stage
    return facts.last_step.from_stage if action is Action.REVERT and facts.last_step else None


def _wrong_place(action: Action, stage: Stage, route: Route) -> str:
    label, rule = STEP[action].label, RULES[action]
    if route not in rule.bodies:
        other = Route.LOCAL if route is Route.NATIONAL else Route.NATIONAL
        return f"Bước «{label}» chỉ dùng cho {other.label.lower()}; đề án này thuộc {route.label.lower()}."
    where = ", ".join(f"«{stage_label(source, route)}»" for source in Stage if source in rule.sources)
    return (
        f"Bước «{label}» chỉ làm được khi đề án ở giai đoạn {where}; "
        f"hiện đề án ở giai đoạn «{stage_label(stage, route)}»."
    )


def _wrong_role(action: Action, role: Role) -> str:
    allowed = ", ".join(r.label for r in RULES[action].recorders)
    return f"{role.label} không được ghi bước «{STEP[action].label}»; cần: {allowed}."


# --- the full product -------------------------------------------------------------------------------------------


def test_table_names_every_action_stage_and_outsider() -> None:
    assert set(RULES) == set(PAPER_RULES) == set(GUARDED) == set(Action) == set(STEP)
    assert set(STATE_OF) == set(Stage) == set(STATES_OF)
    assert set(LETTERS.values()) | {Role.COMMUNE_VIEWER, Role.AUDITOR, Role.ADMINISTRATOR} == set(Role)


@pytest.mark.parametrize("action", list(Action))
def test_step_is_judged_as_the_law_says_in_every_place_for_every_role(action: Action) -> None:
    rule, wrong = RULES[action], []
    for stage in Stage:
        for route in Route:
            facts = _project(action, stage, route)
            in_place = stage in rule.sources and route in rule.bodies
            for role in Role:
                order = _order(action, route, role)
                if not in_place:
                    expected: tuple[str, ...] = (_wrong_place(action, stage, route),)
                else:
                    expected = () if role in rule.recorders else (_wrong_role(action, role),)
                found = judge(facts, order)
                if (found.closed_by, found.needs) != (expected, ()):
                    wrong.append((stage, route, role, found.reasons, expected))

    assert wrong == []


@pytest.mark.parametrize("action", list(Action))
def test_step_arrives_where_the_law_says_and_nowhere_else(action: Action) -> None:
    rule, wrong = RULES[action], []
    for stage in Stage:
        for route in Route:
            facts = _project(action, stage, route)
            in_place = stage in rule.sources and route in rule.bodies
            expected = _arrival(rule, facts, action) if in_place else None
            found = move(action, stage, route, _goal(facts, action))
            if found is not expected:
                wrong.append((stage, route, found, expected))

    assert wrong == []


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.REVERT])
def test_step_reaches_the_milestone_of_its_stage_and_never_an_earlier_one(action: Action) -> None:
    rule, wrong = RULES[action], []
    for stage in sorted(rule.sources):
        for route in rule.bodies:
            facts = _project(action, stage, route)
            arrival = _arrival(rule, facts, action)
            expected = facts.state if arrival in ENDS_AND_RECOVERY else STATE_OF[arrival]
            found = decide(facts, _order(action, route, rule.recorders[0]))
            if (found.stage, found.state) != (arrival, expected):
                wrong.append((stage, route, found.stage, found.state))
            assert found.state.rank >= facts.state.rank

    assert wrong == []


ENDS_AND_RECOVERY = frozenset(Stage(word) for word in END_KEEPS)


@pytest.mark.parametrize("action", list(Action))
def test_step_has_the_guards_of_the_law_and_no_others(action: Action) -> None:
    """What each of them says has its examples in test_guards.py."""
    step = STEP[action]

    closes, needs = (
        [getattr(guard, "__qualname__", "?").split(".")[0] for guard in guards] for guards in (step.closes, step.needs)
    )

    assert (sorted(closes), sorted(needs)) == tuple(sorted(names) for names in GUARDED[action])


@pytest.mark.parametrize("action", list(Action))
def test_only_the_bodies_of_the_law_decide(action: Action) -> None:
    rule, wrong = RULES[action], []
    for route, bodies in rule.bodies.items():
        stage = sorted(rule.sources)[0]
        facts = _project(action, stage, route)
        names = " hoặc ".join(f"{body.label} ({body})" for body in bodies)
        for body in Authority:
            refusal = (
                f"Trên tuyến {route.label.lower()}, bước «{STEP[action].label}» do {names} quyết định, "
                f"không phải {body.label}."
            )
            expected = () if body in bodies else (refusal,)
            order = replace(_order(action, route, rule.recorders[0]), authority=body)
            found = judge(_lying_with(facts, action, body), order)
            # An adjustment says besides which body its kind of change needs.
            if found.reasons[:1] != expected:
                wrong.append((route, body, found.reasons))

    assert wrong == []


@pytest.mark.parametrize("action", list(Action))
def test_only_a_step_with_several_possible_bodies_asks_which_one(action: Action) -> None:
    rule = RULES[action]
    for route, bodies in rule.bodies.items():
        facts = _project(action, sorted(rule.sources)[0], route)
        names = " hoặc ".join(f"{body.label} ({body})" for body in bodies)
        # The request itself says who decides it.
        open_choice = len(bodies) > 1 and action not in ABOUT_A_REQUEST
        expected = (f"Phải ghi cơ quan quyết định: {names} (--authority).",) if open_choice else ()

        found = judge(facts, replace(_order(action, route, rule.recorders[0]), authority=None))

        assert found.reasons == expected


@pytest.mark.parametrize("action", list(Action))
def test_step_without_papers_names_every_paper_signer_and_reason(action: Action) -> None:
    rule = RULES[action]
    for route, body in ((route, body) for route, bodies in rule.bodies.items() for body in bodies):
        facts = _lying_with(_project(action, sorted(rule.sources)[0], route), action, body)
        full = replace(_order(action, route, rule.recorders[0]), authority=body)
        expected = set(_lacking(action, body))

        found = judge(facts, replace(full, papers=(), number="", signer="", note="", decided_on=None))

        assert (found.closed_by, set(found.needs)) == ((), expected)
        assert len(found.needs) == len(expected)


def _lacking(action: Action, body: Authority) -> Iterator[str]:
    """What is said of a step that comes without number, day, signer, reason and papers."""
    on_file, act, marks = PAPER_RULES[action]
    if body in OUTSIDE:
        yield f"Phải ghi ngày văn bản của {body.label} (--decided-on dd/mm/yyyy)."
        yield f"Phải ghi số văn bản của {body.label} (--number)."
    if "s" in marks:
        yield "Phải ghi người ký văn bản (--signer)."
    if "r" in marks:
        yield "Phải ghi lý do (--note)."
    yield from (f"Thiếu {paper.label}; hãy kèm theo (--paper {paper}=TỆP)." for paper in on_file)
    if act is not None:
        yield f"Thiếu {act.label}; hãy ghi số (--number) hoặc kèm tệp (--paper {act}=TỆP)."
    if action in ANSWERING:
        yield "Còn mục chưa bổ sung: vouchers. Hãy kèm từng mục (--paper MỤC=TỆP)."


@pytest.mark.parametrize("action", list(Action))
def test_papers_on_file_need_not_come_again(action: Action) -> None:
    rule, (on_file, _, _) = RULES[action], PAPER_RULES[action]
    route = next(iter(rule.bodies))
    facts = replace(_project(action, sorted(rule.sources)[0], route), papers=frozenset(on_file), missing=())

    found = judge(facts, replace(_order(action, route, rule.recorders[0]), papers=()))

    assert found.reasons == ()


def test_resume_comes_back_to_the_stage_it_left_and_to_no_other() -> None:
    suspendable = RULES[Action.SUSPEND].sources

    arrivals = {goal: move(Action.RESUME, Stage.SUSPENDED, Route.LOCAL, goal) for goal in Stage}

    assert arrivals == {goal: goal if goal in suspendable else None for goal in Stage}


def test_revert_goes_back_along_every_edge_of_the_law_and_along_no_other() -> None:
    forward = set(_edges(*Action)) | {(Stage.SUSPENDED, source) for source in RULES[Action.SUSPEND].sources}
    backward = {(target, source) for source, target in forward}

    found = {(a, b) for a in Stage for b in Stage if move(Action.REVERT, a, Route.NATIONAL, b) is b}

    assert found == backward


def test_path_trigger_gets_the_edges_of_the_law_and_the_entries_that_move_nothing() -> None:
    expected = {(str(action), source, target) for action in Action for source, target in _edges(action)}
    expected |= {("resume", Stage.SUSPENDED, source) for source in RULES[Action.SUSPEND].sources}
    expected |= {("revert", target, source) for _, source, target in expected}
    expected |= {(entry, stage, stage) for entry in ("edit", "correct") for stage in Stage}
    ends = (Stage.SETTLED, Stage.STOPPED)
    expected |= {("bring_in", source, end) for source in ends for end in ends}
    ways_in = {("open", None, Stage.DRAFT), *(("bring_in", None, end) for end in ends)}

    assert all_edges() == expected | ways_in


# --- no dead end ------------------------------------------------------------------------------------------------


def _edges(*actions: Action, route: Route | None = None) -> Iterator[tuple[Stage, Stage]]:
    for action in actions:
        rule = RULES[action]
        if rule.to == "back" or (route is not None and route not in rule.bodies):
            continue
        for source in rule.sources:
            yield source, source if rule.to == "same" else Stage(rule.to)


def _reachable(start: Stage, route: Route) -> set[Stage]:
    """Where the machine can be brought from a stage without undoing anything and without changing the route."""
    forward = [action for action in Action if action not in (Action.REVERT, Action.REROUTE)]
    reached, new = {start}, [start]
    while new:
        stage = new.pop()
        for action in forward:
            goals = RULES[Action.SUSPEND].sources if action is Action.RESUME else (None,)
            for goal in goals:
                arrived = move(action, stage, route, goal)
                if arrived is not None and arrived not in reached:
                    reached.add(arrived)
                    new.append(arrived)
    return reached


@pytest.mark.parametrize("route", list(Route))
def test_every_stage_is_reachable_from_a_draft(route: Route) -> None:
    assert _reachable(Stage.DRAFT, route) == set(Stage)


@pytest.mark.parametrize("route", list(Route))
def test_an_end_is_reachable_from_every_stage_that_is_none(route: Route) -> None:
    stuck = [stage for stage in Stage if stage not in ENDS and not _reachable(stage, route) & ENDS]

    assert stuck == []


@pytest.mark.parametrize("route", list(Route))
def test_settlement_is_reachable_from_every_stage_that_still_runs(route: Route) -> None:
    lost = {stage for stage in Stage if Stage.SETTLED not in _reachable(stage, route)}

    assert lost == ENDS_AND_RECOVERY


@pytest.mark.parametrize("route", list(Route))
def test_ends_are_left_only_by_undoing_and_by_what_a_stop_leaves_to_do_about_money(route: Route) -> None:
    leaving = {
        (stage, action)
        for stage in ENDS
        for action in Action
        if stage.name in MACHINE.events[action].transitions and route in RULES[action].bodies
    }

    undoing = {(stage, Action.REVERT) for stage in ENDS}
    about_money = {(Stage.STOPPED, a) for a in (Action.PAY, Action.START_RECOVERY, Action.WRITE_OFF)}
    assert leaving == undoing | about_money


def test_a_stopped_project_without_money_outstanding_is_finished() -> None:
    stopped = replace(_project(Action.STOP, Stage.STOPPED, Route.LOCAL), money={}, last_step=None)

    judged: dict[Action, Judgement] = {a: judge(stopped, _order(a, Route.LOCAL, Role.LEADER)) for a in Action}

    no_recovery = ("Không còn tiền phải thu hồi của đề án này; không cần bước thu hồi.",)
    assert judged[Action.START_RECOVERY].closed_by == judged[Action.WRITE_OFF].closed_by == no_recovery
    assert judged[Action.PAY].needs == (
        "Thanh toán 100.000.000 đồng vượt số còn phải trả 0 đồng là 100.000.000 đồng; hãy ghi không quá mức đó.",
    )


# --- people and dates that no step forgives ---------------------------------------------------------------------


@pytest.mark.parametrize("action", list(Action))
def test_nobody_records_for_another_unit_or_area_or_from_a_closed_account(action: Action) -> None:
    rule = RULES[action]
    route, role = next(iter(rule.bodies)), rule.recorders[0]
    facts, order = _project(action, sorted(rule.sources)[0], route), _order(action, route, role)

    def refused(**change: Any) -> tuple[str, ...]:
        return judge(facts, replace(order, by=replace(order.by, **change))).closed_by

    assert refused(active=False) == ("Tài khoản của Trần Thị Bình đã khóa; hãy nhờ quản trị mở lại.",)
    assert refused(place_ids=frozenset({PLACE})) == ()
    assert refused(place_ids=frozenset({PLACE + 1})) == (
        "Trần Thị Bình chỉ phụ trách địa bàn được giao; đề án này ở địa bàn khác.",
    )
    if role is Role.CENTRE_OFFICER:
        assert refused(unit_id=UNIT + 1) == (
            "Trần Thị Bình chỉ làm việc với đề án của đơn vị mình; đề án này thuộc đơn vị khác.",
        )


@pytest.mark.parametrize("action", list(Action))
def test_no_decision_is_dated_in_the_future_or_before_the_last_step(action: Action) -> None:
    rule = RULES[action]
    route = next(iter(rule.bodies))
    facts = _project(action, sorted(rule.sources)[0], route)
    order = _order(action, route, rule.recorders[0])

    tomorrow = judge(facts, replace(order, decided_on=date(2024, 6, 4)))
    too_early = judge(facts, replace(order, decided_on=date(2024, 5, 30)))
    same_day = judge(facts, replace(order, decided_on=date(2024, 5, 31)))

    assert tomorrow.reasons == (
        "Ngày quyết định 04/06/2024 ở tương lai (hôm nay 03/06/2024); hãy kiểm tra lại ngày trên văn bản.",
    )
    assert too_early.reasons == (
        "Ngày quyết định 30/05/2024 trước bước liền trước (31/05/2024); hãy kiểm tra lại ngày trên văn bản.",
    )
    assert same_day.reasons == ()


JUDGING = {
    Action.PASS_APPRAISAL,
    Action.FAIL_APPRAISAL,
    Action.PASS_REVIEW,
    Action.FAIL_REVIEW,
    Action.APPROVE,
    Action.CONFIRM_ADJUSTMENT,
    Action.ACCEPT_SHARE,
    Action.FAIL_SHARE,
    Action.ACCEPT,
    Action.FAIL_ACCEPTANCE,
    Action.SETTLE,
}


@pytest.mark.parametrize("action", list(Action))
def test_the_author_of_a_dossier_records_no_result_on_it(action: Action) -> None:
    rule = RULES[action]
    route = next(iter(rule.bodies))
    facts, order = _project(action, sorted(rule.sources)[0], route), _order(action, route, rule.recorders[0])

    found = judge(facts, replace(order, by=replace(order.by, id=AUTHOR)))

    refusal = "Người lập hồ sơ (Nguyễn Văn An) không được ghi kết quả này; cần một người khác ghi."
    assert found.reasons == ((refusal,) if action in JUDGING else ())
    assert found.wrong_person is (action in JUDGING)


@pytest.mark.parametrize(
    "signed", [Action.PASS_APPRAISAL, Action.FAIL_APPRAISAL, Action.ACCEPT_SHARE, Action.ACCEPT], ids=str
)
def test_the_author_of_a_dossier_signs_no_result_on_it(signed: Action) -> None:
    facts, order = (
        _project(signed, sorted(RULES[signed].sources)[0], Route.LOCAL),
        _order(signed, Route.LOCAL, Role.LEADER),
    )

    found = judge(facts, replace(order, signer="NGUYỄN VĂN AN"))

    assert found.reasons == ("Người ký (NGUYỄN VĂN AN) là người lập hồ sơ; kết quả phải do người khác ký.",)


def test_money_of_the_other_route_belongs_to_no_step() -> None:
    speaking = [action for action, step in STEP.items() if step.money is not None]
    for action in speaking:
        for route in RULES[action].bodies:
            other = Source.NATIONAL_FUND if route is Route.LOCAL else Source.LOCAL_FUND
            order = _order(action, route, RULES[action].recorders[0])
            facts = _project(action, sorted(RULES[action].sources)[0], route)
            early = facts.state in (State.PROPOSED, State.APPRAISED)

            found = judge(facts, replace(order, amounts=dict(order.amounts) | {other: 1}))

            way = "muốn đổi nguồn, hãy chuyển nguồn (reroute)" if early else "hãy kiểm tra nguồn"
            assert found.reasons == (
                f"Đề án {route.label.lower()} chỉ dùng nguồn {STATE_FUND[route].label} và đối ứng, "
                f"không dùng {other.label}; {way}.",
            ), action


def test_mapping_of_stages_to_states_is_the_law() -> None:
    several = {
        **dict.fromkeys(("rejected", "withdrawn", "lapsed"), (State.PROPOSED, State.APPRAISED)),
        **dict.fromkeys(("stopped", "recovering", "recovered", "written_off"), (State.APPROVED, State.IMPLEMENTED)),
    }

    assert dict(STATES_OF) == {stage: several.get(str(stage), (STATE_OF[stage],)) for stage in Stage}


# Steps that speak of money and take a standing amount where none is typed.
MONEY_BY_DEFAULT = {
    Action.SUBMIT,
    Action.RESUBMIT,
    Action.PASS_APPRAISAL,
    Action.PASS_REVIEW,
    Action.APPROVE,
    Action.SIGN_CONTRACT,
    Action.APPROVE_ADJUSTMENT,
    Action.SETTLE,
    Action.STOP,
}
WORDS = {
    "quantities": "số lượng (--quantity)",
    "missing": "mục còn thiếu (--missing)",
    "cost": "chi phí hợp lệ (--cost)",
    "progress": "tỷ lệ khối lượng (--progress)",
    "beneficiary_id": "đơn vị thụ hưởng (--beneficiary)",
    "instalments": "kỳ hạn hoàn trả (--due)",
    "asked": "nội dung điều chỉnh (--kind)",
}


@pytest.mark.parametrize("action", list(Action))
def test_what_a_step_does_not_take_is_refused_and_never_dropped_in_silence(action: Action) -> None:
    rule, label, taken = RULES[action], STEP[action].label, TAKEN.get(action, set())
    route = next(iter(rule.bodies))
    facts, order = _project(action, sorted(rule.sources)[0], route), _order(action, route, rule.recorders[0])
    takes_money = action in TYPED or action in MONEY_BY_DEFAULT
    due = {Action.DEMAND_REFUND: 50, Action.START_RECOVERY: 90}.get(action, 1) * TRIEU
    typed: dict[str, Any] = {
        "quantities": {"T2_2": 1},
        "missing": ("estimate",),
        "cost": 400 * TRIEU,
        "progress": 60,
        "beneficiary_id": 12,
        "instalments": (Instalment(date(2024, 9, 30), due),),
        "asked": ASKED,
    }

    with_money = judge(facts, replace(order, amounts={STATE_FUND[route]: 1} if not takes_money else order.amounts))
    found = {name: judge(facts, replace(order, **{name: value})).reasons for name, value in typed.items()}

    no_money = () if takes_money else (f"Bước «{label}» không ghi số tiền; hãy bỏ số tiền (--amount).",)
    assert with_money.reasons == no_money
    assert found == {
        name: () if name in taken else (f"Bước «{label}» không ghi {words}; hãy bỏ mục đó.",)
        for name, words in WORDS.items()
    }


def test_every_field_of_a_form_has_its_words() -> None:
    assert {str(item): item.label for item in Field} == WORDS


@pytest.mark.parametrize("action", list(Action))
def test_open_request_holds_what_it_could_change(action: Action) -> None:
    rule = RULES[action]
    route = next(iter(rule.bodies))
    facts, order = _project(action, sorted(rule.sources)[0], route), _order(action, route, rule.recorders[0])

    found = judge(replace(facts, adjustment_open=True), order)

    held = ("Đang có đề nghị điều chỉnh chưa được quyết định; hãy ghi kết quả điều chỉnh trước.",)
    assert (found.closed_by, found.needs) == (held if action in WAITING_FOR_A_REQUEST.split() else (), ())


@pytest.mark.parametrize("action", list(Action))
def test_another_project_of_the_contract_holds_up_the_settlement_dossier_and_nothing_else(action: Action) -> None:
    rule = RULES[action]
    route = next(iter(rule.bodies))
    facts, order = _project(action, sorted(rule.sources)[0], route), _order(action, route, rule.recorders[0])

    found = judge(replace(facts, contract_waits_for=("KC-VL-2024-002", "KC-VL-2024-003")), order)

    waits = (
        "Cùng hợp đồng còn đề án chưa nghiệm thu: KC-VL-2024-002, KC-VL-2024-003; "
        "hồ sơ quyết toán nộp khi mọi đề án của hợp đồng đã nghiệm thu, ngừng hoặc chuyển năm."
    )
    assert (found.closed_by, found.needs) == ((waits,) if action is Action.SUBMIT_SETTLEMENT else (), ())


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.REVERT])
def test_list_of_what_is_missing_is_written_by_a_return_and_cleared_by_its_answer(action: Action) -> None:
    rule = RULES[action]
    route = next(iter(rule.bodies))
    facts = replace(_project(action, sorted(rule.sources)[0], route), missing=("dossier",))
    order = _order(action, route, rule.recorders[0])

    after = decide(facts, order)

    written, cleared = {"return", "return_review", "return_settlement"}, ANSWERING
    assert after.missing == (("vouchers",) if action in written else () if action in cleared else ("dossier",))


def test_blank_number_signer_and_reason_are_none_at_all() -> None:
    order = replace(_order(Action.STOP, Route.LOCAL, Role.LEADER), number=" ", signer="\t", note=" ", papers=())

    found = judge(_project(Action.STOP, Stage.UNDERWAY, Route.LOCAL), order)

    assert found.needs == (
        "Phải ghi số văn bản của UBND tỉnh (--number).",
        "Phải ghi người ký văn bản (--signer).",
        "Phải ghi lý do (--note).",
        "Thiếu quyết định ngừng triển khai; hãy ghi số (--number) hoặc kèm tệp (--paper stop_decision=TỆP).",
    )


def test_amounts_and_quantities_are_not_negative_and_not_beyond_all_budgets() -> None:
    facts = replace(_project(Action.ACCEPT, Stage.AWAITING_ACCEPTANCE, Route.LOCAL), quantities={"T2_2": 1})
    order = _order(Action.ACCEPT, Route.LOCAL, Role.LEADER)

    negative = judge(
        facts, replace(order, amounts={Source.LOCAL_FUND: 1, Source.COUNTERPART: -1}, quantities={"T2_2": -1})
    )
    too_large = judge(facts, replace(order, quantities={"T2_2": 10**15 + 1}))
    largest = judge(facts, replace(order, quantities={"T2_2": 10**15}))

    assert negative.reasons == (
        "Số tiền của nguồn Đối ứng không được âm; hãy ghi số đồng từ 0 trở lên.",
        "Số lượng không được âm; hãy ghi số từ 0 trở lên.",
    )
    assert too_large.reasons == ("Số quá lớn; hãy kiểm tra lại số tiền hoặc số lượng.",)
    assert largest.reasons == ()


def test_accepted_cost_is_more_than_nothing_and_not_beyond_all_budgets() -> None:
    facts = _project(Action.ACCEPT, Stage.AWAITING_ACCEPTANCE, Route.LOCAL)
    order = _order(Action.ACCEPT, Route.LOCAL, Role.LEADER)

    found = {cost: judge(facts, replace(order, cost=cost)).reasons for cost in (-1, 0, 1, 10**15, 10**15 + 1)}

    unknown = ("Chi phí hợp lệ phải lớn hơn 0 đồng; nếu chưa biết, hãy bỏ trống (--cost).",)
    too_large = ("Số quá lớn; hãy kiểm tra lại số tiền hoặc số lượng.",)
    assert found == {-1: unknown, 0: unknown, 1: (), 10**15: (), 10**15 + 1: too_large}


def test_progress_is_a_percentage() -> None:
    facts = _project(Action.PREPAY, Stage.UNDERWAY, Route.LOCAL)
    order = _order(Action.PREPAY, Route.LOCAL, Role.FINANCE)

    found = {progress: judge(facts, replace(order, progress=progress)).reasons for progress in (-1, 0, 100, 101)}

    no_percentage = ("Tỷ lệ khối lượng phải từ 0 đến 100 phần trăm (--progress).",)
    assert found == {-1: no_percentage, 0: (), 100: (), 101: no_percentage}
