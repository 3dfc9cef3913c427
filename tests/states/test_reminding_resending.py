"""What follows an attempt: the table against the outcomes of the post office, and the pauses between attempts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.outcome import Outcome
from states.resending import POLICIES, Next, pause_after, what_next

#: What follows with everything at hand: a channel that knows a message again, and another channel.
FOLLOWS = {
    "ok": "done",
    "retry": "again",
    "unknown": "again",
    "refresh": "renew",
    "permanent": "fallback",
    "recipient": "fallback",
    "window": "fallback",
    "config": "stop_channel",
    "quota": "wait",
}
PAUSED = {Next.AGAIN, Next.WAIT}


def test_table_answers_every_outcome_of_the_post_office_and_no_other() -> None:
    assert set(POLICIES) == {str(outcome) for outcome in Outcome}
    assert {str(o): str(what_next(o, resendable=True, other_channel=True)) for o in Outcome} == FOLLOWS


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("resendable", [True, False])
def test_without_another_channel_nothing_falls_back(outcome: Outcome, resendable: bool) -> None:
    there = what_next(outcome, resendable=resendable, other_channel=True)
    alone = what_next(outcome, resendable=resendable, other_channel=False)

    assert alone is (Next.DEAD if there is Next.FALLBACK else there)


def test_message_that_may_have_arrived_is_sent_again_only_under_the_same_name() -> None:
    assert what_next("unknown", resendable=True, other_channel=True) is Next.AGAIN
    assert what_next("unknown", resendable=False, other_channel=True) is Next.FALLBACK


def test_token_refused_after_its_renewal_stops_the_channel() -> None:
    assert what_next("refresh", resendable=False, other_channel=True) is Next.RENEW
    assert what_next("refresh", resendable=False, other_channel=True, renewed=True) is Next.STOP_CHANNEL


@pytest.mark.parametrize(
    ("outcome", "longest"),
    [
        ("retry", [60, 120, 240, 480, 960, 1920, 3600, 3600]),
        ("unknown", [300, 600, 1200, 2400, 4800, 7200, 7200]),
        ("quota", [900, 1800, 3600, 7200, 14400, 14400]),
    ],
)
def test_longest_pause_doubles_up_to_its_cap(outcome: str, longest: list[int]) -> None:
    pauses = [pause_after(attempt, outcome, 1.0) for attempt in range(1, len(longest) + 1)]

    assert pauses == [timedelta(seconds=seconds) for seconds in longest]


@given(attempt=st.integers(1, 10_000), fraction=st.floats(0, 1), outcome=st.sampled_from(Outcome))
def test_pause_lies_between_floor_and_cap_and_only_where_something_is_sent_again(
    attempt: int, fraction: float, outcome: Outcome
) -> None:
    policy = POLICIES[outcome]

    pause = pause_after(attempt, outcome, fraction)

    assert policy.floor <= pause <= policy.cap
    assert (pause > timedelta()) is (policy.next in PAUSED)


def test_fraction_spreads_the_whole_pause() -> None:
    assert [pause_after(3, "retry", fraction).total_seconds() for fraction in (0, 0.5, 1)] == [10, 125, 240]


@pytest.mark.parametrize(("attempt", "fraction"), [(0, 0.5), (1, -0.1), (1, 1.1), (1, float("nan"))])
def test_attempt_or_fraction_out_of_range_is_an_error(attempt: int, fraction: float) -> None:
    with pytest.raises(ValueError, match="no such attempt"):
        pause_after(attempt, "retry", fraction)
