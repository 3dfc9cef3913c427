"""How much support the law allows for an activity: ceilings as dated rules, and what a sum is measured against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from states.activities import Activity, in_words
from states.dated_rules import NATIONAL, DatedRule, in_first_table, only_one
from states.vocabulary import Labelled, Route
from states.words import format_date, format_dong, format_number


class Base(Labelled):
    """What the percentage is taken of, and so what has to be given as the cost."""

    ELIGIBLE_COST = "eligible_cost", "chi phí hợp lệ"
    INTEREST = "interest", "lãi vay đã trả trong 2 năm đầu"
    AIR_TICKETS = "air_tickets", "tiền vé máy bay"


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingRule(DatedRule):
    """One level of support: `percent` of the base and at most `cap` đồng for each `per`; None is no such limit."""

    what: ClassVar[str] = "Định mức"

    activity: Activity
    percent: int | None
    cap: int | None
    per: str
    base: Base
    condition: str
    notes: str

    @property
    def level(self) -> str:
        """The level in words: "50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở"."""
        share = [] if self.percent is None else [f"{self.percent}% {self.base.label}"]
        cap = [] if self.cap is None else [f"tối đa {format_dong(self.cap)}/{self.per}"]
        return ", ".join(share + cap)

    def own_faults(self) -> list[str]:
        faults = []
        if self.percent is None and self.cap is None:
            faults.append("không có tỷ lệ và cũng không có mức trần; hãy ghi ít nhất một.")
        if self.cap is not None and not self.per:
            faults.append("có mức trần nhưng chưa ghi tính cho cái gì; hãy ghi per (cơ sở, mô hình, …).")
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A sum measured against the rule in force, amounts in đồng.

    `percent`, `cap` and `per` are the rule's own words; `quantity` says how many times the cap was granted.
    Without a rule nobody can say what is allowed: `allowed` and `over` are None and `ok` is false.
    """

    allowed: int | None
    over: int | None
    ok: bool
    percent: int | None = None
    cap: int | None = None
    quantity: int = 1
    rule_id: str | None = None
    per: str = ""
    base: Base | None = None
    level: str = ""
    basis: str = ""
    jurisdiction: str = ""
    condition: str = ""
    verified: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """The permission to go above a ceiling: why, and the number of the decision that says so."""

    reason: str
    decision_number: str


def ceiling(
    rules: Iterable[CeilingRule],
    activity: str,
    *,
    cost: int,
    ask: int,
    route: Route,
    on: date,
    jurisdiction: str,
    quantity: int = 1,
) -> Ceiling:
    """Measure the `ask` against min(percent of cost, cap), rounded down to whole đồng.

    `on` is the date of the approving decision: a later change of the rules moves no project approved before.
    `cost` is the rule's base; support never exceeds it, also where the law gives no percentage. `quantity` is
    the number of cơ sở, doanh nghiệp, … that share the sum, each with a cap of its own.
    Raises Refused for two rules in force at once, ValueError for a negative amount or no quantity.
    """
    if min(cost, ask) < 0 or quantity < 1:
        raise ValueError(f"cost and ask must not be negative, quantity at least one: {cost}, {ask}, {quantity}")
    rule = rule_for(rules, activity, route=route, on=on, jurisdiction=jurisdiction)
    if rule is None:
        return Ceiling(allowed=None, over=None, ok=False, quantity=quantity, warnings=(_no_level(activity, route, on),))
    share = cost * (100 if rule.percent is None else rule.percent) // 100
    allowed = share if rule.cap is None else min(share, rule.cap * quantity)
    over = max(0, ask - allowed)
    return Ceiling(
        allowed=allowed,
        over=over,
        ok=over == 0,
        percent=rule.percent,
        cap=rule.cap,
        quantity=quantity,
        rule_id=rule.id,
        per=rule.per,
        base=rule.base,
        level=rule.level,
        basis=rule.basis,
        jurisdiction=rule.jurisdiction,
        condition=rule.condition,
        verified=rule.verified,
        warnings=_warnings(rule, route=route, jurisdiction=jurisdiction, quantity=quantity),
    )


def rule_for(
    rules: Iterable[CeilingRule], activity: str, *, route: Route, on: date, jurisdiction: str
) -> CeilingRule | None:
    """Find the rule in force: the province's own on the local route, else the national one (TT 28/2018/TT-BTC Điều 8).

    Raises Refused for two rules in force at once.
    """
    of_activity = (rule for rule in rules if rule.activity == activity)
    return only_one(in_first_table(of_activity, route=route, on=on, jurisdiction=jurisdiction))


def check_support(found: Ceiling, override: Override | None = None) -> tuple[str, ...]:
    """Say what forbids the sum; nothing when it stays within the ceiling or a complete override lifts it."""
    if found.ok:
        return ()
    if override is None:
        return (_excess(found),)
    gaps = []
    if not override.reason.strip():
        gaps.append("Chưa ghi lý do vượt định mức; hãy ghi lý do.")
    if not override.decision_number.strip():
        gaps.append("Chưa ghi số quyết định cho phép vượt định mức; hãy ghi số quyết định.")
    return (_excess(found), *gaps) if gaps else ()


def _no_level(activity: str, route: Route, on: date) -> str:
    return (
        f"Tại ngày {format_date(on)} chưa có định mức cho {in_words(activity)}, nguồn {route.label.lower()};"
        " cần nhập quy định rồi tính lại."
    )


def _warnings(rule: CeilingRule, *, route: Route, jurisdiction: str, quantity: int) -> tuple[str, ...]:
    warnings = list(rule.doubts())
    if rule.base is not Base.ELIGIBLE_COST:
        warnings.append(f"Mức này tính trên {rule.base.label}; hãy nhập chi phí là {rule.base.label}.")
    if route is Route.LOCAL and rule.jurisdiction == NATIONAL and jurisdiction != NATIONAL:
        warnings.append(
            f"Chưa nhập định mức của địa phương ({jurisdiction}) cho “{rule.label}” nên đang dùng định mức"
            f" quốc gia ({rule.basis}); cần nhập nghị quyết của HĐND tỉnh."
        )
    if quantity > 1 and rule.cap is not None:
        warnings.append(
            f"Tính chung cho {format_number(quantity)} {rule.per}; hãy kiểm tra để mỗi {rule.per}"
            f" không quá {format_dong(rule.cap)}."
        )
    return tuple(warnings)


def _excess(found: Ceiling) -> str:
    if found.over is None:
        return "Chưa có định mức để so sánh; hãy nhập quy định, hoặc ghi lý do và số quyết định cho phép."
    return (
        f"Vượt mức hỗ trợ tối đa {format_dong(found.over)} ({found.level}; {found.basis});"
        " hãy giảm số tiền, hoặc ghi lý do và số quyết định cho phép vượt."
    )
