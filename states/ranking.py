"""The order in which projects enter the yearly plan: one table per route, every place explained."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from states.folding import sort_key
from states.priorities import Merits, PriorityRule, Score, ScoreLine, rules_for, score
from states.vocabulary import Route
from states.words import format_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a unit has done so far, in numbers of projects; one that was stopped and paid back is counted in both."""

    approved: int = 0
    settled_on_time: int = 0
    stopped: int = 0
    recovered: int = 0

    def __post_init__(self) -> None:
        if min(self.approved, self.settled_on_time, self.stopped, self.recovered) < 0:
            raise ValueError(f"a record counts projects: {self}")

    @property
    def standing(self) -> tuple[int, int]:
        """Larger is better: what was settled on time less what failed, then experience.

        Basis: TT 36/2013/TT-BCT Điều 7 khoản 2 asks for experience and capability and gives no measure; this one
        is the office's own.
        """
        return self.settled_on_time - self.stopped - self.recovered, self.approved

    def __str__(self) -> str:
        return (
            f"{self.approved} đề án đã duyệt, {self.settled_on_time} quyết toán đúng hạn, {self.stopped} ngừng,"
            f" {self.recovered} thu hồi"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A project that could enter the plan. `submitted_on` is the day of its first submission, None for a draft."""

    code: str
    name: str
    route: Route
    merits: Merits
    unit: str
    record: Record
    submitted_on: date | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A project in its place, from 1; `tie` says why it stands below its equal, empty where points decide."""

    position: int
    candidate: Candidate
    score: Score
    tie: str

    @property
    def points(self) -> int:
        return self.score.points

    @property
    def lines(self) -> tuple[ScoreLine, ...]:
        return self.score.lines

    @property
    def remarks(self) -> tuple[str, ...]:
        return self.score.remarks


@dataclass(frozen=True, slots=True)
class Ranking:
    """The table of one route on a day; `warnings` say what it leans on without a text that was compared."""

    route: Route
    on: date
    placed: tuple[Placed, ...]
    warnings: tuple[str, ...]


def rank(
    candidates: Iterable[Candidate], rules: Iterable[PriorityRule], on: date, *, jurisdiction: str
) -> tuple[Ranking, ...]:
    """Rank the candidates of each route, the local one first; a route without candidates has no table.

    What goes first (đề án điểm), then points, then the record of the unit, and on the local route the earlier
    submission; the code settles the rest, so that the order given makes no difference. Raises ValueError for a
    code given twice. Basis: TT 36/2013/TT-BCT Điều 7; Decision 3082/QĐ-UBND II.3.
    """
    given, table = list(candidates), list(rules)
    if twice := [code for code, times in Counter(candidate.code for candidate in given).items() if times > 1]:
        raise ValueError(f"ranked twice: {twice}")
    return tuple(
        _rank_route(route, of_route, table, on, jurisdiction)
        for route in Route
        if (of_route := [candidate for candidate in given if candidate.route is route])
    )


def _rank_route(
    route: Route, candidates: Sequence[Candidate], rules: Sequence[PriorityRule], on: date, jurisdiction: str
) -> Ranking:
    in_force = rules_for(rules, route=route, on=on, jurisdiction=jurisdiction)
    scored = [(candidate, score(candidate.merits, in_force)) for candidate in candidates]
    scored.sort(key=_order)
    placed = tuple(
        Placed(place, *entry, _tie(scored[place - 2], entry) if place > 1 else "")
        for place, entry in enumerate(scored, start=1)
    )
    return Ranking(route, on, placed, _warnings(route, tuple(in_force.values()), on))


_Scored: TypeAlias = tuple[Candidate, Score]
_Order: TypeAlias = tuple[bool, int, tuple[int, int], date, tuple[object, ...]]


def _order(scored: _Scored) -> _Order:
    candidate, got = scored
    net, approved = candidate.record.standing
    return not got.goes_first, -got.points, (-net, -approved), _waited_from(candidate), sort_key(candidate.code)


def _waited_from(candidate: Candidate) -> date:
    """The day that decides between equals of the local route; nothing says that it counts on the national one."""
    return (candidate.submitted_on or date.max) if candidate.route is Route.LOCAL else date.min


def _tie(above: _Scored, below: _Scored) -> str:
    """Say why two projects that are first alike and have the same points stand in this order."""
    (first, its), (second, own) = above, below
    if (its.goes_first, its.points) != (own.goes_first, own.points):
        return ""
    equal = f"Cùng {own.points} điểm với {first.code}"
    if first.record.standing != second.record.standing:
        return (
            f"{equal}; xếp sau vì {second.unit} ({second.record}) có kết quả thực hiện kém hơn {first.unit}"
            f" ({first.record})."
        )
    if _waited_from(first) != _waited_from(second):
        later = f"nộp ngày {format_date(second.submitted_on)}" if second.submitted_on else "chưa nộp hồ sơ"
        earlier = f"{first.code} nộp ngày {format_date(_waited_from(first))}"
        return f"{equal}, đơn vị thực hiện ngang nhau; xếp sau vì {later} còn {earlier}."
    return f"{equal} và ngang nhau về mọi căn cứ khác; xếp theo mã đề án."


def _warnings(route: Route, rules: Sequence[PriorityRule], on: date) -> tuple[str, ...]:
    """One sentence per doubt: the same one stands behind most rows of a table."""
    if not rules:
        return (
            f"Tại ngày {format_date(on)} chưa có mức ưu tiên nào cho nguồn {route.label.lower()} nên mọi đề án đều"
            " 0 điểm; hãy nhập mức ưu tiên (dean rules add --priorities TỆP).",
        )
    doubts = Counter(rule.doubt for rule in rules if not rule.verified)
    return tuple(
        f"{times} mức ưu tiên chưa kiểm chứng: {doubt}; hãy đối chiếu văn bản gốc trước khi dùng."
        for doubt, times in doubts.items()
    )
