"""A suggested selection: what it takes and leaves, what it covers, how far it is proven."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flows.jobs.selecting import AIMS, Gap, Limit, Option, Selected
from states.vocabulary import Route, Source
from states.words import format_dong


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A project that is not in the selection. `blocked`: it could not be chosen, whatever the money."""

    code: str
    name: str
    blocked: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The selection with all that explains it. `approved` is in the plan already, `must` was asked for by name.

    `limits` and `gaps` are those before the selection, with what is approved taken in.
    """

    year: int
    route: Route
    programme: str
    programme_name: str
    on: date
    seconds: float
    approved: tuple[Option, ...]
    must: tuple[Option, ...]
    chosen: tuple[Option, ...]
    left_out: tuple[LeftOut, ...]
    limits: tuple[Limit, ...]
    gaps: tuple[Gap, ...]
    selected: Selected
    warnings: tuple[str, ...]

    @property
    def taken(self) -> tuple[Option, ...]:
        """What the suggestion adds to what is approved: asked for by name and chosen, in the order of the ranking."""
        return tuple(sorted((*self.must, *self.chosen), key=lambda option: option.position))

    @property
    def wanted(self) -> dict[int, dict[Source, int]]:
        """Đồng by source for each project of the plan as suggested, by its id: approved and taken."""
        return {option.id: dict(option.money) for option in (*self.approved, *self.taken)}

    def coverage(self, options: Collection[Option]) -> Fraction:
        """Which part of the missing targets is covered, each target counting the same; 1 where nothing is missing."""
        if not self.gaps:
            return Fraction(1)
        return sum((Fraction(gap.covered(options), gap.missing) for gap in self.gaps), Fraction()) / len(self.gaps)

    def coverage_words(self, options: Collection[Option]) -> str:
        """The coverage in per cent, rounded down: nothing is called covered that is not."""
        coverage = self.coverage(options)
        return f"{format_hundredths(coverage.numerator * 10_000 // coverage.denominator)}%"

    @property
    def proof(self) -> str:
        """How far it is proven that nothing better exists, in one sentence."""
        selected = self.selected
        if selected.proven:
            return "Đã chứng minh: trong hạn mức này không có lựa chọn nào tốt hơn."
        again = f"hãy chạy lại với --seconds lớn hơn {format_seconds(self.seconds)} để chứng minh"
        if selected.settled == len(AIMS):
            return f"Đã chứng minh không có lựa chọn nào tốt hơn; các lựa chọn ngang nhau chưa xét hết thứ tự, {again}."
        proven = f"đã chứng minh {', '.join(AIMS[: selected.settled])}; " if selected.settled else ""
        return (
            f"Hết {format_seconds(self.seconds)} giây: {proven}{AIMS[selected.settled]} là tốt nhất tìm được, "
            f"chưa chứng minh{self._room()}; {again}."
        )

    def _room(self) -> str:
        room, settled = self.selected.room, self.selected.settled
        if not room:
            return ""
        shares = math.lcm(*(gap.missing for gap in self.gaps)) * len(self.gaps)
        told = (
            f"hơn nhiều nhất {format_hundredths(-(-room * 10_000 // shares))} điểm phần trăm",
            f"hơn nhiều nhất {room} đề án",
            f"hơn nhiều nhất {room} điểm",
            f"bớt được nhiều nhất {format_dong(room)}",
        )
        return f" (có thể {told[settled]})"

    def as_json(self) -> dict[str, Any]:
        return {
            "year": self.year,
            "route": str(self.route),
            "programme": {"code": self.programme, "name": self.programme_name},
            "on": self.on.isoformat(),
            "approved": [_told(option) for option in self.approved],
            "chosen": [_told(option) | {"must": option in self.must} for option in self.taken],
            "money": [self._money(limit) for limit in self.limits],
            "targets": [self._target(gap) for gap in self.gaps],
            "coverage": {"before": str(self.coverage(())), "after": str(self.coverage(self.taken))},
            "left_out": [
                {"code": left.code, "name": left.name, "blocked": left.blocked, "reasons": list(left.reasons)}
                for left in self.left_out
            ],
            "proven": self.selected.proven,
            "proven_aims": self.selected.settled,
            "proof": self.proof,
            "warnings": list(self.warnings),
        }

    def _money(self, limit: Limit) -> dict[str, Any]:
        spent = limit.spent_on(self.taken)
        return {
            "source": str(limit.source),
            "content": limit.content,
            "budget": limit.budget,
            "taken": limit.taken,
            "chosen": spent,
            "left": limit.budget - limit.taken - spent,
        }

    def _target(self, gap: Gap) -> dict[str, Any]:
        before, after = gap.missing - gap.covered(), gap.missing - gap.covered(self.taken)
        told = {"code": gap.code, "name": gap.name, "unit": gap.unit}
        return told | {"missing_before": before, "covered": before - after, "missing_after": after}


def format_hundredths(number: int) -> str:
    return f"{number // 100},{number % 100:02d}"


def format_seconds(seconds: float) -> str:
    return f"{seconds:g}".replace(".", ",")


def _told(option: Option) -> dict[str, Any]:
    return {
        "code": option.code,
        "name": option.name,
        "content": option.content,
        "money": {str(source): amount for source, amount in option.money.items()},
        "targets": dict(option.brings),
        "position": option.position,
        "points": option.points,
        "goes_first": option.goes_first,
    }
