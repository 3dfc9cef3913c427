"""The best choice under rows of whole numbers, held against trying every choice there is."""

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.jobs.exact_choice import LARGEST_COUNT, Answer, Count, Question, Row, choose, worth

QUADRILLION = 999_999_999_999_999


def best_of_all(question: Question) -> tuple[tuple[int, ...], list[int]]:
    """The first choice in the order of the columns among the best, and what each aim reaches."""
    filled = (question.fill(chosen) for chosen in itertools.product([0, 1], repeat=question.choices))
    reached = (
        ([worth(aim, columns) for aim in question.aims], columns[: question.choices])
        for columns in filled
        if all(row.is_kept(columns) for row in question.rows)
    )
    values, chosen = max(reached)
    return chosen, values


def answer(question: Question, seconds: float = 20.0) -> Answer:
    return choose(question, start=[0] * question.choices, seconds=seconds)


@st.composite
def questions(draw: Any) -> Question:
    """Up to nine choices under up to three budgets; many amounts nearly alike, many sums met to the đồng."""
    choices = draw(st.integers(1, 9))
    size = draw(st.sampled_from([3, 100, 10**6, 10**9, QUADRILLION]))
    near = draw(st.booleans())
    amount = st.integers(size - 1, size + 1) if near else st.integers(0, size)
    amounts = draw(st.lists(amount, min_size=choices, max_size=choices))
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        held = draw(st.sets(st.integers(0, choices - 1), min_size=1))
        spent = sum(amounts[column] for column in draw(st.sets(st.sampled_from(sorted(held)))))
        budget = max(0, spent - draw(st.integers(0, 2)))
        rows.append(Row({column: -amounts[column] for column in held}, -budget))
    caps = draw(st.lists(st.one_of(st.integers(1, 20), st.sampled_from([999_983, LARGEST_COUNT])), max_size=3))
    counts = tuple(
        Count(draw(st.dictionaries(st.integers(0, choices - 1), st.integers(0, cap), max_size=choices)), cap)
        for cap in caps
    )
    points = draw(st.lists(st.integers(0, 3), min_size=choices, max_size=choices))
    aims = (
        {choices + at: math.lcm(*caps) // cap for at, cap in enumerate(caps)},
        dict(enumerate(points)),
        {column: -amount for column, amount in enumerate(amounts)},
    )
    return Question(choices, counts, tuple(rows), aims)


@given(questions())
@settings(max_examples=120, deadline=None)
def test_choice_is_the_first_of_the_best(question: Question) -> None:
    chosen, values = best_of_all(question)

    found = answer(question)

    assert found.proven
    assert [worth(aim, question.fill(found.chosen)) for aim in question.aims] == values
    assert found.chosen == chosen


@pytest.mark.parametrize(("more", "chosen"), [(-1, (0, 1)), (0, (1, 1)), (1, (1, 1))])
def test_row_is_kept_to_the_last_unit_however_large(more: int, chosen: tuple[int, int]) -> None:
    amounts = {0: -QUADRILLION, 1: -(QUADRILLION - 1)}
    question = Question(2, (), (Row(amounts, -(2 * QUADRILLION - 1 + more)),), ({0: 1, 1: 1}, amounts))

    assert answer(question) == Answer(chosen, 2, True)


def test_start_that_breaks_a_row_is_no_start() -> None:
    question = Question(1, (), (Row({0: -2}, -1),), ({0: 1},))

    with pytest.raises(ValueError, match="breaks a row"):
        choose(question, start=[1], seconds=1)


def test_count_above_the_largest_is_not_counted() -> None:
    question = Question(1, (Count({0: 1}, LARGEST_COUNT + 1),), (), ({1: 1},))

    with pytest.raises(ValueError, match="a count is above"):
        answer(question)


def test_out_of_time_the_start_stands_and_nothing_is_proven() -> None:
    question = Question(2, (), (Row({0: -2, 1: -3}, -4),), ({0: 1, 1: 2},))

    assert choose(question, start=[1, 0], seconds=0) == Answer((1, 0), 0, False, None)


def test_nothing_to_choose_is_answered() -> None:
    assert answer(Question(0, (), (), ({}, {}))) == Answer((), 2, True)
