"""The best choice of yes-or-no columns under rows of whole numbers, found by HiGHS and checked in whole numbers.

HiGHS computes in floats, so it proposes and Python's integers decide:

* It is given whole numbers only, small enough that neither its tolerance nor the errors of floats can take one for
  another, and no gap at which it may stop early.
* A row with larger numbers is scaled down and rounded towards letting more in. When a proposal, rounded and held
  against the row itself, breaks it by however little, the row is written anew as rows of digits joined by whole
  carries, which say exactly what it says, and the question is put again. A proposal that even then breaks a row is
  cut off by itself. So no answer ever breaks a row, and none is lost to rounding.
* An aim with larger numbers is scaled down too, and then asked for one unit more until HiGHS proves that there is
  none. An aim that has been settled is a row for the aims behind it.

The proof that nothing better exists is HiGHS's own search over those whole numbers. It runs on one thread with its
fixed seed: the same question gets the same answer, unless time runs out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy

#: The largest numbers that HiGHS is given in a row: 500 of them add up without an error near its tolerance of 1e-6.
ROW_BITS = 20
#: The largest in an aim, where it only has to tell one unit from the next.
AIM_BITS = 26
#: A digit of a row that is larger. Small, because a column within the tolerance of a whole number errs by so much.
DIGIT = 2**12
#: How many columns are put in order at once, each with twice the weight of the next.
WINDOW = 20
#: The largest cap of a count: a float this large can still be told to be whole within the tolerance.
LARGEST_COUNT = 10**6

Terms = Mapping[int, int]
Columns = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A demand: over the columns, `terms` (column → factor) add up to `at_least` so much."""

    terms: Terms
    at_least: int

    def is_kept(self, columns: Sequence[int]) -> bool:
        return worth(self.terms, columns) >= self.at_least


@dataclass(frozen=True, slots=True)
class Count:
    """A column that follows from the choices: what the chosen ones bring together, but at most `cap`."""

    brings: Terms
    cap: int


@dataclass(frozen=True, slots=True)
class Question:
    """What may be chosen and what for: the aims in order, each to be as large as the ones before it allow.

    Columns 0 to `choices` - 1 are chosen (1) or not (0); one column for each count follows them.
    """

    choices: int
    counts: tuple[Count, ...]
    rows: tuple[Row, ...]
    aims: tuple[Terms, ...]

    def fill(self, chosen: Sequence[int]) -> Columns:
        """Complete the choices by their counts."""
        return (*chosen, *(min(count.cap, worth(count.brings, chosen)) for count in self.counts))


@dataclass(frozen=True, slots=True)
class Answer:
    """The choices, how many of the aims are proven, and whether everything is.

    `room` is what the first unproven aim might still gain at most, None where nothing is known of it. Of equally
    good choices the answer holds the earliest column in which they differ; that order is the last to be proven.
    """

    chosen: Columns
    settled: int
    proven: bool
    room: int | None = None


def worth(terms: Terms, columns: Sequence[int]) -> int:
    return sum(factor * columns[column] for column, factor in terms.items())


def choose(question: Question, *, start: Sequence[int], seconds: float) -> Answer:
    """Find the best choice, from a first one that keeps every row, in so many seconds of solving.

    Raises ValueError for a first choice that breaks a row, and for a count above LARGEST_COUNT.
    """
    best = question.fill(start)
    if not all(row.is_kept(best) for row in question.rows):
        raise ValueError("the first choice breaks a row")
    if any(count.cap > LARGEST_COUNT for count in question.counts):
        raise ValueError(f"a count is above {LARGEST_COUNT}")
    search = _Search(question, seconds)
    aims = [aim for aim in question.aims if any(aim.values())]
    for settled, aim in enumerate(aims):
        best, proven, room = search.improve(best, aim, is_last=settled == len(aims) - 1)
        if not proven:
            return Answer(best[: question.choices], question.aims.index(aim), False, room)
        search.exact.append(_reduced(Row(aim, worth(aim, best))))
    best, proven = search.put_first(best)
    return Answer(best[: question.choices], len(question.aims), proven)


@dataclass(frozen=True, slots=True)
class _Found:
    """What HiGHS found: columns that keep every row, or None; `finished` says that it proved this to be the best."""

    columns: Columns | None
    finished: bool
    bound: float = math.inf


class _Search:
    """A question under way: the rows written loosely so far and those written exactly, and the seconds left."""

    def __init__(self, question: Question, seconds: float) -> None:
        self.question = question
        self.loose = [_reduced(row) for row in question.rows]
        self.exact: list[Row] = []
        self.seconds = seconds
        self.is_alone = False

    def improve(self, best: Columns, aim: Terms, *, is_last: bool) -> tuple[Columns, bool, int | None]:
        """Make the aim as large as the rows allow: the columns, whether that is proven, else the room above them.

        Behind the last aim only the order is left. So the best other choice is looked for first: where it does
        worse by more than was rounded off, the aim and the order are proven together.
        """
        unit = _unit(aim)
        aim = {column: factor // unit for column, factor in aim.items()}
        scale = _scale(aim, AIM_BITS)
        more: list[Row] = []
        while True:
            found = self.ask(aim, more)
            reached = worth(aim, best)
            # A proof that the columns at hand cannot be is no proof.
            if found.finished and not more and (found.columns is None or found.bound <= -(-reached // scale) - 1):
                return best, False, None
            if found.columns is not None and worth(aim, found.columns) > reached:
                best = found.columns
            elif is_last and more and found.finished:
                self.is_alone = found.columns is None or math.ceil(found.bound) * scale < reached
                is_last = False
            if not found.finished:
                room = None if math.isinf(found.bound) else math.ceil(found.bound) * scale - worth(aim, best)
                return best, False, room if room is None else max(0, room) * unit
            if found.columns is None or scale == 1 or self.is_alone:
                return best, True, 0
            more = [_all_but(best[: self.question.choices])] if is_last else [Row(aim, worth(aim, best) + 1)]

    def put_first(self, best: Columns) -> tuple[Columns, bool]:
        """Of all columns that keep the rows find those that hold the earliest choice in which two of them differ.

        Whatever comes before `best` holds a choice that `best` does not; when none of those reaches `best` in the
        window at hand, nothing comes before it and the windows behind need not be asked about.
        """
        choices = self.question.choices
        for first in range(0, 0 if self.is_alone else choices, WINDOW):
            window = range(first, min(first + WINDOW, choices))
            absent = {column: 1 for column in range(first, choices) if not best[column]}
            if not absent:
                break
            order = {column: 2 ** (window.stop - 1 - column) for column in window}
            found = self.ask(order, [Row(absent, 1)], held=best[:first])
            if not found.finished:
                return best, False
            if found.columns is None or worth(order, found.columns) < worth(order, best):
                break
            if worth(order, found.columns) > worth(order, best):
                best = found.columns
        return best, True

    def ask(self, aim: Terms, more: Sequence[Row], *, held: Columns = ()) -> _Found:
        """Put one aim to HiGHS under all the rows and `more`, with the first columns `held` as they are."""
        more = list(more)
        rounded_aim = _rounded(Row(aim, 0), AIM_BITS).terms
        while self.seconds > 0:
            highs = self.write(rounded_aim, more, held)
            highs.setOptionValue("time_limit", self.seconds)
            highs.run()
            self.seconds -= highs.getRunTime()
            proposal, finished = _read(highs, self.question.choices)
            bound = highs.getInfo().mip_dual_bound
            if proposal is None:
                return _Found(None, finished, bound)
            columns = self.question.fill(proposal)
            broken = [row for row in self.loose if not row.is_kept(columns)]
            if broken:
                self.loose = [row for row in self.loose if row not in broken]
                self.exact += broken
            elif not all(row.is_kept(columns) for row in (*self.exact, *more)):
                more.append(_all_but(proposal))
            else:
                # HiGHS has been seen to prove more than it then shows; what it does not show is not taken as proven.
                is_shown = bound < worth(rounded_aim, columns) + _unit(rounded_aim)
                return _Found(columns, finished and is_shown, bound)
        return _Found(None, False)

    def write(self, aim: Terms, more: Sequence[Row], held: Columns) -> "highspy.Highs":
        import highspy

        question = self.question
        low = [0] * (question.choices + len(question.counts))
        high = [1] * question.choices + [count.cap for count in question.counts]
        low[: len(held)] = high[: len(held)] = held
        counted = [Row({**count.brings, at: -1}, 0) for at, count in enumerate(question.counts, question.choices)]
        rows = [_rounded(row, ROW_BITS) for row in self.loose]
        for row in (*counted, *self.exact, *more):
            rows += _digits(row, low, high)
        highs = _silent_highs()
        highs.addVars(len(low), list(map(float, low)), list(map(float, high)))
        for column in range(len(low)):
            highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for column, factor in aim.items():
            highs.changeColCost(column, factor)
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for row in rows:
            factors = list(map(float, row.terms.values()))
            highs.addRow(row.at_least, highspy.kHighsInf, len(factors), list(row.terms), factors)
        return highs


def _silent_highs() -> "highspy.Highs":
    import highspy

    class Silent(highspy.Highs):
        # The first call that reaches HiGHS prints its banner, and its own constructor makes this one.
        def enableCallbacks(self) -> None:  # noqa: N802
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    highs = Silent()  # type: ignore[no-untyped-call]
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.0)
    # Measured on 500 candidates: searching parts of the problem for better proposals, and starting over after a few
    # columns are fixed, take longer than going on with the proof. A first choice (setSolution) saved nothing, and
    # 1.16.0 then reported it in the place of the optimum that it had proven.
    for costly in ("mip_heuristic_run_rens", "mip_heuristic_run_rins", "mip_allow_restart"):
        highs.setOptionValue(costly, False)
    return highs


def _read(highs: "highspy.Highs", choices: int) -> tuple[Columns | None, bool]:
    """Round the choices that HiGHS proposes, if any, and tell whether it finished."""
    import highspy

    status = highs.getModelStatus()
    # Every column has two bounds, so what presolve calls "unbounded or infeasible" can only be infeasible.
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None, True
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, False
    values = list(highs.getSolution().col_value)
    return tuple(round(value) for value in values[:choices]), status == highspy.HighsModelStatus.kOptimal


def _all_but(chosen: Columns) -> Row:
    """Demand that at least one choice is different."""
    return Row({column: -1 if taken else 1 for column, taken in enumerate(chosen)}, 1 - sum(chosen))


def _unit(terms: Terms) -> int:
    return math.gcd(*terms.values()) or 1


def _reduced(row: Row) -> Row:
    """Count a row in the largest unit that divides its terms: amounts are often round, and then fit as they are."""
    unit = _unit(row.terms)
    return Row({column: factor // unit for column, factor in row.terms.items()}, -(-row.at_least // unit))


def _scale(terms: Terms, bits: int) -> int:
    return 1 << max(0, max(map(abs, terms.values()), default=0).bit_length() - bits)


def _rounded(row: Row, bits: int) -> Row:
    """Scale a row down to numbers that HiGHS can see. No column is negative, so rounding up lets no choice be lost."""
    scale = _scale(row.terms, bits)
    return Row({column: -(-factor // scale) for column, factor in row.terms.items()}, -(-row.at_least // scale))


def _digits(row: Row, low: list[int], high: list[int]) -> list[Row]:
    """Write a row exactly in numbers that HiGHS can see; the bounds of its carries are put behind the columns'.

    With a = DIGIT·(a div DIGIT) + (a mod DIGIT), the sum reaches its demand just when there is a whole carry that
    the lower digits can spare and that the upper ones, with it, suffice; and so on for the upper ones.
    """
    if _scale(row.terms, ROW_BITS) == 1:
        return [row]
    rows = []
    terms, wanted = dict(row.terms), row.at_least
    while max(map(abs, terms.values())) > DIGIT:
        digits = {column: factor % DIGIT for column, factor in terms.items() if factor % DIGIT}
        carry, spare = len(low), wanted % DIGIT
        least = sum(factor * low[column] for column, factor in digits.items())
        most = sum(factor * high[column] for column, factor in digits.items())
        low.append((least - spare) // DIGIT)
        high.append((most - spare) // DIGIT)
        rows.append(Row({**digits, carry: -DIGIT}, spare))
        terms = {column: factor // DIGIT for column, factor in terms.items() if factor // DIGIT}
        terms[carry] = 1
        wanted //= DIGIT
    return [*rows, Row(terms, wanted)]
