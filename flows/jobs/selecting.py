"""Choose among the candidates of a plan, exactly, and explain why one of them stays out: plain values in and out."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from flows.jobs.exact_choice import LARGEST_COUNT, Count, Question, Row, choose
from states.refusal import Refused
from states.vocabulary import Source
from states.words import format_dong, format_number

#: What is aimed at, in this order.
AIMS = ("mức bao phủ chỉ tiêu", "số đề án điểm", "điểm ưu tiên", "số tiền ít nhất")
#: What a selection is worth: coverage in the unit of its problem, model projects, points, and đồng as a loss.
Worth = tuple[int, int, int, int]
_ALIKE: Worth = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A project of the plan: what it takes from the state fund in đồng, and what it brings to targets by code.

    `money` is all of it by source; the counterpart is an expectation and limits nothing.
    """

    id: int
    code: str
    name: str
    content: int
    cost: int
    brings: Mapping[str, int]
    goes_first: bool = False
    points: int = 0
    position: int = 0
    money: Mapping[Source, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Money in đồng that a selection keeps to: of one content, or of the whole plan (None).

    `taken` is gone before anything is chosen: by earlier years, by the other route, by what is already approved.
    """

    source: Source
    content: int | None
    budget: int
    taken: int

    @property
    def room(self) -> int:
        return max(self.budget - self.taken, 0)

    @property
    def words(self) -> str:
        return f"{self.source.label} của {'kế hoạch' if self.content is None else f'nội dung {self.content}'}"

    def holds(self, option: Option) -> bool:
        return self.content in (None, option.content)

    def spent_on(self, options: Iterable[Option]) -> int:
        return sum(option.cost for option in options if self.holds(option))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A target of which something is missing before the plan; the projects already in the plan bring `held`."""

    code: str
    name: str
    unit: str
    missing: int
    held: int = 0

    def covered(self, options: Iterable[Option] = ()) -> int:
        """What the options and the held bring, at most what is missing."""
        return min(self.missing, self.held + sum(option.brings.get(self.code, 0) for option in options))


# --- the choice ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """Options in the order of their rank, limits and gaps: what there is to choose from, and what for."""

    options: tuple[Option, ...]
    limits: tuple[Limit, ...]
    gaps: tuple[Gap, ...]

    @property
    def shares(self) -> int:
        """How many units one whole target counts: every part of every target is a whole number of them."""
        return math.lcm(*(gap.missing for gap in self.gaps))

    def having(self, taken: Collection[Option]) -> "Problem":
        """The rest of the problem when these options are taken whatever happens."""
        return Problem(
            tuple(option for option in self.options if option not in taken),
            tuple(replace(limit, taken=limit.taken + limit.spent_on(taken)) for limit in self.limits),
            tuple(
                replace(gap, held=gap.held + sum(option.brings.get(gap.code, 0) for option in taken))
                for gap in self.gaps
            ),
        )

    def too_dear(self, option: Option) -> list[Limit]:
        """The limits that one option alone goes over."""
        return [limit for limit in self.limits if limit.holds(option) and option.cost > limit.room]

    def helps(self, option: Option) -> bool:
        """Whether an option can count for anything at all; one that cannot only costs."""
        lacking = (gap for gap in self.gaps if gap.held < gap.missing)
        return option.goes_first or option.points > 0 or any(option.brings.get(gap.code) for gap in lacking)


@dataclass(frozen=True, slots=True)
class Selected:
    """The places of the chosen options; the first `settled` of AIMS are proven, and all when `proven`.

    `room` is what the first unproven aim might gain at most (coverage in the unit of the problem), None: unknown.
    With all aims settled and not `proven`, only the order among equals was not seen through.
    """

    chosen: frozenset[int]
    settled: int
    proven: bool
    room: int | None


def select(problem: Problem, *, seconds: float) -> Selected:
    """Choose the options that are worth most, exactly, in so many seconds of solving.

    The aims in order, each as far as the ones before it allow: (1) the sum over the targets of what is covered
    divided by what is missing, so that a small target counts as much as a large one; counted in units of one over
    the least common multiple of all that is missing, which makes every part a whole number and rounds nothing;
    (2) the number of model projects, which go before all others; (3) the points of the ranking; (4) the least money
    of the state fund. Of selections alike in all four the one with the better ranked project stands, at the first
    place where two of them differ. No limit is gone over by one đồng. Raises Refused for a target too large to count.
    """
    places = [
        place for place, option in enumerate(problem.options) if problem.helps(option) and not problem.too_dear(option)
    ]
    few = replace(problem, options=tuple(problem.options[place] for place in places))
    tally = _Tally(few)
    tally.polish(with_exchange=False)
    start = [int(place in tally.chosen) for place in range(len(places))]
    answer = choose(_question(few), start=start, seconds=seconds)
    tally = _Tally(few, (place for place, taken in enumerate(answer.chosen) if taken))
    room = answer.room
    if not answer.proven:
        gained = tally.polish()
        room = None if room is None or answer.settled == len(AIMS) else max(0, room - gained[answer.settled])
    chosen = frozenset(places[place] for place in tally.chosen)
    return Selected(chosen, answer.settled, answer.proven, room)


def _question(problem: Problem) -> Question:
    options, shares = problem.options, problem.shares
    counts: list[Count] = []
    coverage: dict[int, int] = {}
    for gap in problem.gaps:
        brings = {at: option.brings[gap.code] for at, option in enumerate(options) if option.brings.get(gap.code)}
        cap = min(gap.missing - gap.covered(), sum(brings.values()))
        if cap > LARGEST_COUNT:
            raise Refused(
                f"Chỉ tiêu {gap.code} còn thiếu {format_number(cap)} {gap.unit}, phép tính chính xác chỉ nhận đến "
                f"{format_number(LARGEST_COUNT)}; hãy ghi chỉ tiêu và đề án bằng đơn vị lớn hơn."
            )
        if cap:
            coverage[len(options) + len(counts)] = shares // gap.missing
            counts.append(Count(brings, cap))
    rows = [
        Row({at: -option.cost for at, option in enumerate(options) if limit.holds(option)}, -limit.room)
        for limit in problem.limits
    ]
    aims = (
        coverage,
        {at: 1 for at, option in enumerate(options) if option.goes_first},
        {at: option.points for at, option in enumerate(options) if option.points},
        {at: -option.cost for at, option in enumerate(options)},
    )
    return Question(len(options), tuple(counts), tuple(rows), aims)


class _Tally:
    """A selection under way, and what a single change of it would be worth."""

    def __init__(self, problem: Problem, chosen: Iterable[int] = ()) -> None:
        self.problem = problem
        self.chosen: set[int] = set()
        self._weights = {gap.code: (gap.missing, problem.shares // gap.missing) for gap in problem.gaps}
        self._brought = Counter({gap.code: gap.held for gap in problem.gaps})
        self._left = [limit.room for limit in problem.limits]
        for place in chosen:
            self.change(place, None)

    def left(self, limit: int) -> int:
        return self._left[limit]

    def over(self, into: int) -> list[tuple[int, int]]:
        """The limits that one option more goes over, each with by how much."""
        option = self.problem.options[into]
        return [
            (at, option.cost - self._left[at])
            for at, limit in enumerate(self.problem.limits)
            if limit.holds(option) and option.cost > self._left[at]
        ]

    def gain(self, into: int, out: int | None = None) -> Worth:
        """What it is worth to take one option in, and another out."""
        option, back = self.problem.options[into], () if out is None else (self.problem.options[out],)
        codes = {*option.brings, *(code for one in back for code in one.brings)} & self._weights.keys()
        coverage = 0
        for code in codes:
            missing, weight = self._weights[code]
            now = self._brought[code]
            then = now + option.brings.get(code, 0) - sum(one.brings.get(code, 0) for one in back)
            coverage += weight * (min(missing, then) - min(missing, now))
        return (
            coverage,
            option.goes_first - sum(one.goes_first for one in back),
            option.points - sum(one.points for one in back),
            sum(one.cost for one in back) - option.cost,
        )

    def change(self, into: int | None, out: int | None) -> None:
        for place, sign in ((into, 1), (out, -1)):
            if place is None:
                continue
            option = self.problem.options[place]
            self.chosen ^= {place}
            for code, quantity in option.brings.items():
                self._brought[code] += sign * quantity
            for at, limit in enumerate(self.problem.limits):
                self._left[at] -= sign * limit.spent_on((option,))

    def exchanges(self, into: int) -> Iterator[tuple[Worth, int]]:
        """Each chosen option whose place another could take, with what that is worth."""
        short = [(self.problem.limits[at], amount) for at, amount in self.over(into)]
        for out in sorted(self.chosen):
            leaving = self.problem.options[out]
            if all(leaving.cost >= amount and limit.holds(leaving) for limit, amount in short):
                yield self.gain(into, out), out

    def polish(self, *, with_exchange: bool = True) -> Worth:
        """Take in what makes the selection better, and exchange what does, until nothing does: what was gained."""
        gained, is_better = _ALIKE, True
        while is_better:
            is_better = False
            for into in range(len(self.problem.options)):
                for gain, out in self._moves(into, with_exchange) if into not in self.chosen else ():
                    if gain > _ALIKE or (gain == _ALIKE and out is not None and into < out):
                        gained = (gained[0] + gain[0], gained[1] + gain[1], gained[2] + gain[2], gained[3] + gain[3])
                        self.change(into, out)
                        is_better = True
                        break
        return gained

    def _moves(self, into: int, with_exchange: bool) -> Iterator[tuple[Worth, int | None]]:
        if not self.over(into):
            yield self.gain(into), None
        if with_exchange:
            yield from self.exchanges(into)


# --- why the rest stays out ---------------------------------------------------------------------------


def why_left_out(problem: Problem, chosen: Collection[int]) -> dict[int, str]:
    """A sentence for each option that was not chosen, by place; each can be checked against the figures.

    Holds for a selection that no single project more and no single exchange makes better.
    """
    tally = _Tally(problem, chosen)
    return {place: _why(tally, place) for place in range(len(problem.options)) if place not in tally.chosen}


def _why(tally: _Tally, place: int) -> str:
    problem = tally.problem
    option = problem.options[place]
    if dear := problem.too_dear(option):
        rooms = ", ".join(f"{limit.words} chỉ còn {format_dong(limit.room)}" for limit in dear)
        return f"Riêng đề án này cần {format_dong(option.cost)}; trước khi chọn, {rooms}."
    if not problem.helps(option):
        return "Không góp vào chỉ tiêu nào còn thiếu và không có điểm ưu tiên."
    over = tally.over(place)
    if not over:
        helped = ", ".join(gap.code for gap in problem.gaps if option.brings.get(gap.code))
        return (
            f"Chỉ tiêu mà đề án góp ({helped}) đã đủ nhờ các đề án được chọn; không có điểm ưu tiên nên không chi thêm."
        )
    rooms = ", ".join(f"{problem.limits[at].words} còn {format_dong(tally.left(at))}" for at, _ in over)
    full = f"Hết chỗ: {rooms}, đề án cần {format_dong(option.cost)}."
    # The best exchange, and of equally good ones that against the project ranked lowest.
    best = max(tally.exchanges(place), default=None)
    if best is None:
        return f"{full} Không có đề án được chọn nào mà chỉ bỏ riêng nó là đủ chỗ."
    return f"{full} {_exchange(tally, place, *best)}"


def _exchange(tally: _Tally, into: int, gain: Worth, out: int) -> str:
    problem = tally.problem
    best = f"Đổi có lợi nhất là bỏ {problem.options[out].code}:"
    coverage, models, points, saved = gain
    if coverage:
        chosen = [problem.options[place] for place in tally.chosen]
        then = [problem.options[place] for place in (tally.chosen - {out}) | {into}]
        moved = ", ".join(
            f"{gap.code} từ {now}/{gap.missing} {'còn' if after < now else 'lên'} {after}/{gap.missing}"
            for gap in problem.gaps
            if (now := gap.covered(chosen)) != (after := gap.covered(then))
        )
        return f"{best} bao phủ ít hơn ({moved})."
    if models:
        return f"{best} bao phủ như nhau nhưng bớt một đề án điểm."
    if points:
        return f"{best} bao phủ như nhau nhưng bớt {-points} điểm ưu tiên."
    if saved:
        return f"{best} bao phủ và điểm như nhau nhưng tốn thêm {format_dong(-saved)}."
    return f"{best} bao phủ, điểm và số tiền như nhau; {problem.options[out].code} xếp hạng cao hơn."
