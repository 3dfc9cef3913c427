"""How much of a support may be prepaid, and on what conditions: dated rules, and what a prepayment is held against."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from states.activities import in_words
from states.dated_rules import DatedRule, in_first_table, only_one
from states.vocabulary import Paper, Route
from states.words import format_date, format_dong


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaymentRule(DatedRule):
    """The share that may be prepaid: `percent` of the smaller of approved support and contract value.

    More than `progress` percent of the supported work must be done first (0: no such condition), and `papers` are
    asked for beside those of the step. Basis: TT 36/2013/TT-BCT Điều 15; the province's own rules.
    """

    what: ClassVar[str] = "Mức tạm ứng"

    route: Route
    percent: int
    progress: int
    papers: tuple[Paper, ...]

    @property
    def level(self) -> str:
        """The level in words: "tạm ứng 30% khi hoàn thành trên 50% khối lượng"."""
        condition = f" khi hoàn thành trên {self.progress}% khối lượng" if self.progress else ""
        return f"tạm ứng {self.percent}%{condition}"

    def own_faults(self) -> list[str]:
        if len(set(self.papers)) == len(self.papers):
            return []
        return ["ghi một giấy tờ hai lần; hãy giữ một lần."]


def rule_for(
    rules: Iterable[PrepaymentRule], activity: str, *, route: Route, on: date, jurisdiction: str
) -> PrepaymentRule | None:
    """Find the rule in force; without one nothing may be prepaid.

    The province's own table comes before the national one on the local route, and within a table the rule of the
    activity before the one for every activity. Raises Refused for two rules in force at once.
    """
    fitting = (rule for rule in rules if rule.activity in (activity, None))
    found = in_first_table(fitting, route=route, on=on, jurisdiction=jurisdiction)
    return only_one([rule for rule in found if rule.activity is not None] or found)


def limit(rule: PrepaymentRule, *, approved: int, contracted: int) -> int:
    """The most that may be prepaid, in đồng, rounded down. Raises ValueError for a negative amount."""
    base = min(approved, contracted)
    if base < 0:
        raise ValueError(f"approved and contracted must not be negative: {approved}, {contracted}")
    return base * rule.percent // 100


def base_in_words(*, approved: int, contracted: int) -> str:
    """What the percentage is taken of: "giá trị hợp đồng 600.000.000 đồng", or the approval where that is less."""
    name = "số phê duyệt" if approved < contracted else "giá trị hợp đồng"
    return f"{name} {format_dong(min(approved, contracted))}"


def check_prepayment(
    rule: PrepaymentRule,
    *,
    amount: int,
    approved: int,
    contracted: int,
    progress: int | None,
    papers: Container[Paper],
) -> tuple[str, ...]:
    """Say everything that forbids a prepayment of `amount` đồng; nothing when the rule allows it.

    `progress` is the percent of the supported work that is done, None where nobody said; `papers` are on file.
    """
    reasons = []
    allowed = limit(rule, approved=approved, contracted=contracted)
    if amount > allowed:
        base = base_in_words(approved=approved, contracted=contracted)
        reasons.append(
            f"Tạm ứng {format_dong(amount)} vượt mức tối đa {format_dong(allowed)} ({rule.percent}% {base};"
            f" {rule.basis}); hãy giảm số tiền."
        )
    if rule.progress and progress is None:
        reasons.append(
            f"Chỉ tạm ứng khi hoàn thành trên {rule.progress}% khối lượng được hỗ trợ ({rule.basis});"
            " hãy ghi tỷ lệ đã hoàn thành theo báo cáo (--progress N)."
        )
    elif rule.progress and progress is not None and progress <= rule.progress:
        reasons.append(
            f"Mới hoàn thành {progress}% khối lượng được hỗ trợ, phải trên {rule.progress}% mới được tạm ứng"
            f" ({rule.basis}); hãy đợi khối lượng hoàn thành thêm."
        )
    missing = (paper for paper in rule.papers if paper not in papers)
    return (*reasons, *(f"Thiếu {paper.label}; hãy kèm theo (--paper {paper}=TỆP)." for paper in missing))


def no_rule(activity: str, route: Route, on: date) -> str:
    """Say that nothing may be prepaid because no rule says how much. Basis: domain notes §3.5."""
    whose = " của tỉnh" if route is Route.LOCAL else ""
    return (
        f"Tại ngày {format_date(on)} chưa có mức tạm ứng cho {in_words(activity)}, nguồn {route.label.lower()};"
        f" hãy nhập quy định{whose} (dean rules add --prepayments TỆP) rồi tạm ứng."
    )
