"""Support ceilings of the register: recorded as dated data, changed by events, and held against what steps state."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from models.append import Origin
from models.ceiling_file import CeilingRow, read_ceiling_file
from models.forms import LARGEST, refuse_invalid
from models.loading import Loaded
from models.rulebook import Rulebook, read_ceilings
from models.statement import Statement
from models.subjects import change_subject, open_subjects
from states.actions import Action
from states.ceilings import CeilingRule, Override, ceiling, check_support, contradictions, read_activity, rule_for
from states.facts import Facts, Order
from states.folding import fold
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import MoneyKind

# --- recorded and changed -----------------------------------------------------------------------------

#: Of a level that was read in its text only this changes; another level is another row with its own days.
OF_VERIFIED = frozenset({"effective_until", "condition", "notes", "verified", "doubt"})
#: What may be put right while a level is not verified.
OF_UNVERIFIED = OF_VERIFIED | {"label", "percent", "cap", "per", "basis", "effective_from"}


def load_ceilings(session: Session, origin: Origin) -> None:
    """Record the ceilings that we ship."""
    open_subjects(session, "ceiling_rule", [_columns(rule) for rule in read_ceiling_file()], origin)


def _columns(rule: CeilingRule) -> dict[str, Any]:
    values = asdict(rule)
    code = values.pop("id")
    return {
        "code": code,
        **values,
        "activity": str(rule.activity),
        "base": str(rule.base),
        "route": str(rule.route) if rule.route else None,
        "verified": int(rule.verified),
    }


def add_ceilings(session: Session, rules: Sequence[CeilingRule], *, note: str, origin: Origin) -> None:
    """Record new levels, all or none, on the word of a document.

    Raises Refused for a code that is taken and for levels in force on the same day as another one: the old
    level gets its last day first.
    """
    _refuse_without(note)
    _refuse_contradictions([*read_ceilings(session), *rules])
    open_subjects(session, "ceiling_rule", [_columns(rule) for rule in rules], origin, note=note)


def set_ceiling(session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
    """Change a level by an event. Raises Refused.

    The numbers of a verified level stay: projects were approved by them. A level that proves wrong is first
    said to be in doubt again. Verifying a level takes its doubt away.
    """
    _refuse_without(note)
    known = {rule.id: rule for rule in read_ceilings(session)}
    if code not in known:
        raise Refused(f"Không có định mức {code}; hãy xem dean rules list.")
    rule = known[code]
    allowed = OF_VERIFIED if rule.verified else OF_UNVERIFIED
    if strange := sorted(set(values) - allowed):
        raise Refused(_cannot_change(rule, strange))
    given = dict(values) | ({"doubt": ""} if values.get("verified") else {})
    changed = _checked(replace(rule, **given))
    _refuse_contradictions([changed, *(other for other in known.values() if other.id != code)])
    columns = _columns(changed)
    row = _ID.one(session, code=code)
    change_subject(session, "ceiling_rule", row.id, {name: columns[name] for name in given}, origin, note=note)


_ID = Statement("SELECT id FROM ceiling_rule WHERE code = :code")


def _cannot_change(rule: CeilingRule, columns: Sequence[str]) -> str:
    if rule.verified and set(columns) <= OF_UNVERIFIED:
        return (
            f"Định mức {rule.id} đã kiểm chứng ({rule.basis}) nên không sửa {', '.join(columns)}; mức mới là một dòng "
            "mới có ngày hiệu lực riêng (dean rules add). Nếu dòng này ghi sai, hãy ghi lý do chưa kiểm chứng "
            "(--doubt) trước rồi sửa."
        )
    return f"Không sửa được {', '.join(columns)} của định mức {rule.id}; hãy ghi một dòng mới (dean rules add)."


def _checked(rule: CeilingRule) -> CeilingRule:
    """The level as the reader of files would take it. Raises Refused."""
    try:
        return CeilingRow.model_validate(asdict(rule)).rule()
    except ValidationError as error:
        raise refuse_invalid(error, f"Định mức {rule.id}") from error


def _refuse_without(note: str) -> None:
    if not note.strip():
        raise Refused("Phải ghi căn cứ hoặc lý do thay đổi (--basis).")


def _refuse_contradictions(rules: Sequence[CeilingRule]) -> None:
    if reasons := contradictions(rules):
        raise Refused(*reasons)


# --- held against what a step states ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """What a ceiling says to a step: reasons against it, warnings beside it, and the override that it needed."""

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    override: str = ""


_NOTHING = Held()
#: Steps that state a support, and the level before it, which it may not exceed. Basis: domain notes §2.4, T6, T14.
_STATED = {
    Action.PASS_APPRAISAL: MoneyKind.ASKED,
    Action.APPROVE: MoneyKind.APPRAISED,
}
#: Steps that may raise what was held against the ceiling before.
_RAISED = {
    Action.RESUBMIT: MoneyKind.ASKED,
    Action.PASS_REVIEW: MoneyKind.APPRAISED,
    Action.AMEND_APPROVAL: MoneyKind.APPROVED,
    Action.APPROVE_ADJUSTMENT: MoneyKind.APPROVED,
}


def hold_against_ceiling(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Held:
    """Hold the state support that a step states against the ceiling of its time; other steps pass.

    The ceiling is that of the day on which the step takes effect, and after the approval that of the approving
    decision: a project keeps the rules of its time.
    """
    if loaded.facts.stage not in STEP[order.action].sources:
        return _NOTHING
    on = order.effective_on
    if _RAISED.get(order.action) is MoneyKind.APPROVED and _stated(loaded.facts, order) is not None:
        on = _approved_on(session, loaded.id) or on
    return check(book, loaded, order, on=on)


def _approved_on(session: Session, project_id: int) -> date | None:
    day = _APPROVED_ON.one(session, id=project_id).decided_on
    return date.fromisoformat(day) if isinstance(day, str) else day


_APPROVED_ON = Statement(
    "SELECT max(decided_on) AS decided_on FROM event "
    "WHERE subject_kind = 'project' AND subject_id = :id AND action = 'approve'"
)


def check(book: Rulebook, loaded: Loaded, order: Order, *, on: date) -> Held:
    """Hold one step against the ceilings of a rulebook.

    Above a verified level the step is refused unless the order overrides it; an unverified level, an unknown
    activity or an unknown cost never refuses, and is never silent. Basis: TT 28/2018/TT-BTC Điều 8.
    """
    asked = _stated(loaded.facts, order)
    if asked is None or not 0 <= asked <= LARGEST:
        return _not_held(order)
    activity, route = _activity(loaded.activity), loaded.facts.route
    rule = rule_for(book.ceilings, activity, route=route, on=on, jurisdiction=book.jurisdiction)
    if rule is not None and not loaded.total_cost:
        return Held(warnings=(_no_cost(rule),), override=order.override)
    found = ceiling(
        book.ceilings,
        activity,
        cost=loaded.total_cost,
        ask=asked,
        route=route,
        on=on,
        jurisdiction=book.jurisdiction,
        quantity=_quantity(rule, loaded),
    )
    if found.ok:
        idle = ("Số tiền không vượt định mức nên không ghi lý do vượt.",) if order.override else ()
        return Held(warnings=(*found.warnings, *idle))
    override = Override(order.override, order.number) if order.override else None
    excess = check_support(found, override)
    if found.verified:
        return Held(reasons=excess) if excess else Held(warnings=found.warnings, override=order.override)
    told = excess if found.over is not None else ()
    return Held(warnings=(*found.warnings, *told), override=order.override)


def _stated(facts: Facts, order: Order) -> int | None:
    """The state support that the step states, in đồng; None when it states none, or none that is higher."""
    typed = order.amounts.get(facts.fund)
    if order.action is Action.SUBMIT:
        return facts.amount(MoneyKind.ASKED) if typed is None else typed
    if order.action in _STATED:
        # What is typed above the level before is refused by the step's own guard, in its own words.
        before = facts.amount(_STATED[order.action])
        return before if typed is None else min(typed, before)
    if typed is None or order.action not in _RAISED:
        return None
    kind = _RAISED[order.action]
    before = facts.approved_now() if kind is MoneyKind.APPROVED else facts.amount(kind)
    return typed if typed > before else None


def _not_held(order: Order) -> Held:
    if not order.override:
        return _NOTHING
    label = STEP[order.action].label
    return Held(reasons=(f"Bước «{label}» không nâng mức hỗ trợ; hãy bỏ lý do vượt định mức (--override).",))


@cache
def _activity(text: str) -> str:
    """The code of an activity that was typed by code or label; anything else is looked for as it is."""
    try:
        return read_activity(text)
    except Refused:
        return text


def _quantity(rule: CeilingRule | None, loaded: Loaded) -> int:
    """How many times the cap is granted: by the beneficiaries named where it is one for each, else as planned.

    A group project names its beneficiaries only after the approval; until then its plan says how many.
    """
    planned = max(loaded.facts.quantities.values(), default=1)
    for_each_named = rule is not None and fold(rule.per) == fold("cơ sở")
    return max(1, loaded.named if for_each_named and loaded.named else planned)


def _no_cost(rule: CeilingRule) -> str:
    return (
        f"Chưa ghi tổng kinh phí của đề án nên chưa đối chiếu được với mức {rule.level} ({rule.basis});"
        " hãy ghi tổng kinh phí (dean project edit MÃ --total-cost)."
    )
