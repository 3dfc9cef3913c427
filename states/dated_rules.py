"""Rules with a basis and days of their own: which of them holds, and what cannot stand in a table of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import ClassVar, TypeVar

from states.activities import Activity
from states.folding import fold
from states.refusal import Refused
from states.vocabulary import Route
from states.words import format_date

#: The table of the ministry. Every other jurisdiction is a province, which sets rules of its own.
NATIONAL = "national"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRule(ABC):
    """What every such rule says. `activity` None serves every activity, `route` None both routes.

    Both effective days belong to the rule. `doubt` says why a rule is not verified. `what` is how a sentence
    calls a rule of this kind.
    """

    what: ClassVar[str]

    id: str
    activity: Activity | None
    label: str
    jurisdiction: str
    route: Route | None
    basis: str
    verified: bool
    doubt: str
    effective_from: date
    effective_until: date | None

    @property
    @abstractmethod
    def level(self) -> str:
        """What the rule grants, in words."""

    @property
    def governs(self) -> str | None:
        """What only one rule of a table may rule on at a time: its activity, unless the kind says otherwise."""
        return self.activity

    def is_in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)

    def serves(self, route: Route) -> bool:
        return self.route is None or self.route is route

    def own_faults(self) -> list[str]:
        """What is wrong with the parts that only rules of this kind have."""
        return []

    def doubts(self) -> tuple[str, ...]:
        """The warning of a rule that nobody has compared with its text; nothing for a verified one."""
        if self.verified:
            return ()
        return (
            f"Mức {self.level} ({self.basis}) chưa kiểm chứng: {self.doubt}; hãy đối chiếu văn bản gốc trước khi dùng.",
        )


Rule = TypeVar("Rule", bound=DatedRule)


def jurisdiction_of(province: str) -> str:
    """The name under which a province's own rules stand: "Vĩnh Long" is vinh-long."""
    return fold(province).replace(" ", "-")


def in_first_table(rules: Iterable[Rule], *, route: Route, on: date, jurisdiction: str) -> list[Rule]:
    """Keep the rules in force of the first table that has any: the province's on the local route, then the national.

    Basis: NQ 11/2025/NQ-HĐND and the like for the province; the circulars are the frame and the default.
    """
    found = [rule for rule in rules if rule.serves(route) and rule.is_in_force(on)]
    for table in (jurisdiction, NATIONAL) if route is Route.LOCAL else (NATIONAL,):
        if own := [rule for rule in found if rule.jurisdiction == table]:
            return own
    return []


def only_one(rules: Sequence[Rule]) -> Rule | None:
    """The rule that holds. Raises Refused for two: nobody could say which of them does."""
    if len(rules) > 1:
        raise Refused(*contradictions(rules))
    return rules[0] if rules else None


def contradictions(rules: Sequence[DatedRule]) -> tuple[str, ...]:
    """Name what cannot stand in a table: a rule that is not whole, or two rules for one activity on one day."""
    seen: set[str] = set()
    reasons = [f"{rule.what} {rule.id} {fault}" for rule in rules for fault in _faults(rule)]
    for rule in rules:
        if rule.id in seen:
            reasons.append(f"{rule.what} {rule.id} ghi hai lần; hãy đặt mã khác cho một dòng.")
        seen.add(rule.id)
    for one, other in combinations(rules, 2):
        if _overlap(one, other):
            day = format_date(max(one.effective_from, other.effective_from))
            reasons.append(
                f"{one.what} {one.id} và {other.id} cùng có hiệu lực từ ngày {day} cho “{one.label}”;"
                " hãy sửa ngày hiệu lực của một trong hai."
            )
    return tuple(reasons)


def _overlap(one: DatedRule, other: DatedRule) -> bool:
    if (one.jurisdiction, one.governs) != (other.jurisdiction, other.governs):
        return False
    if not any(one.serves(route) and other.serves(route) for route in Route):
        return False
    last = min(one.effective_until or date.max, other.effective_until or date.max)
    return max(one.effective_from, other.effective_from) <= last


def _faults(rule: DatedRule) -> list[str]:
    faults = rule.own_faults()
    if not rule.basis:
        faults.append("chưa ghi căn cứ; hãy ghi văn bản và điều khoản.")
    if rule.effective_until is not None and rule.effective_until < rule.effective_from:
        faults.append("hết hiệu lực trước khi có hiệu lực; hãy sửa ngày.")
    if rule.verified == bool(rule.doubt):
        faults.append("phải ghi lý do (doubt) khi chưa kiểm chứng, và bỏ lý do khi đã kiểm chứng.")
    if rule.jurisdiction != NATIONAL and rule.route is not Route.LOCAL:
        faults.append(
            f"là {rule.what.lower()} của địa phương nên chỉ dùng cho khuyến công địa phương; hãy ghi route: local."
        )
    return faults
