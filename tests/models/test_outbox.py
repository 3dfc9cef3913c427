"""The outbox: a letter is written once, held by one worker at a time, and every end of it is written down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.loading import load_person
from models.reminders.channels import channel_states, pause_channel, start_channel, stop_channel
from models.reminders.handover import Ended, Held, claim, expire, finish, is_held, note_end, put_back, ready, release
from models.reminders.outbox import NewLetter, queue, retry, withdraw
from models.reminders.sweep import sweep
from states.posting import Channel, Letter, OutboxStatus

AT = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
LEASE_OVER = AT + timedelta(minutes=5)


@pytest.fixture
def session(office_on_both: Any) -> Any:
    """A transaction in which Bình is owed one reminder."""
    office_on_both.submitted_in_2026()
    with office_on_both.store.write() as opened:
        sweep(opened, as_of=AT.date(), at=AT)
        yield opened


def rows(session: Any, table: str, columns: str, where: str = "1 = 1") -> list[tuple[Any, ...]]:
    asked = text(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {columns}")
    return [tuple(row) for row in session.connection().execute(asked)]


def owed(session: Any) -> str:
    [(key,)] = rows(session, "reminder", "key", "status = 'waiting' AND key LIKE '%/binh'")
    return str(key)


def letter(session: Any, key: str = "digest:binh:2026-03-09:1", **changes: Any) -> NewLetter:
    usual: dict[str, Any] = {"person_id": load_person(session, "binh").id, "channel": Channel.EMAIL}
    usual |= {"letter": Letter.DIGEST, "subject": "1 việc", "body": "{}", "not_before": AT}
    return NewLetter(key=key, **(usual | changes))


def put(session: Any, **changes: Any) -> int:
    [number] = queue(session, [letter(session, **changes)], at=AT)
    return number


def taken(session: Any, worker: str = "một", at: datetime = AT, **more: Any) -> list[Held]:
    return claim(session, worker, at=at, limit=20, **more)


def standing(session: Any) -> list[tuple[Any, ...]]:
    return rows(session, "outbox", "key, status, attempts, leased_by")


# --- writing --------------------------------------------------------------------------------------------


def test_key_that_is_there_writes_no_second_letter(session: Any) -> None:
    key = owed(session)

    first = queue(session, [letter(session, reminders=[key])], at=AT)
    second = queue(session, [letter(session, reminders=[key], subject="2 việc")], at=AT)

    assert (len(first), second) == (1, [])
    assert rows(session, "outbox", "subject") == [("1 việc",)]
    assert rows(session, "reminder", "status, outbox_id", f"key = '{key}'") == [("queued", first[0])]


# --- holding --------------------------------------------------------------------------------------------


def test_letter_is_held_by_one_worker_until_its_lease_ends(session: Any) -> None:
    put(session)

    held, others = taken(session), taken(session, "hai", LEASE_OVER - timedelta(seconds=1))
    after = taken(session, "hai", LEASE_OVER)

    assert [(one.key, one.attempt, one.was_cut_off) for one in held] == [("digest:binh:2026-03-09:1", 1, False)]
    assert others == []
    assert [(one.attempt, one.was_cut_off) for one in after] == [(2, True)]
    assert (is_held(session, held[0], "một"), is_held(session, after[0], "hai")) == (False, True)
    assert rows(session, "attempt", "no, worker, outcome") == [(1, "một", "unknown"), (2, "hai", "")]


def test_letter_whose_hour_has_not_come_is_left_alone(session: Any) -> None:
    put(session, not_before=AT + timedelta(minutes=1))

    assert taken(session) == []
    assert len(taken(session, at=AT + timedelta(minutes=1))) == 1


def test_letters_are_taken_oldest_first_and_no_more_than_asked(session: Any) -> None:
    numbers = [put(session, key=f"digest:binh:{n}", not_before=AT - timedelta(minutes=n)) for n in range(4)]

    held = claim(session, "một", at=AT, limit=3)

    assert [one.id for one in held] == numbers[:0:-1]


def test_quiet_hours_let_only_letters_leave_that_somebody_waits_for(session: Any) -> None:
    put(session)
    for kind in (Letter.OPERATOR, Letter.TEST, Letter.URGENT):
        put(session, key=f"{kind}:1", letter=kind)

    assert len(ready(session, at=AT, limit=20, quiet=True)) == 2
    assert [one.letter for one in taken(session, quiet=True)] == [Letter.OPERATOR, Letter.TEST]
    assert [one.letter for one in taken(session)] == [Letter.DIGEST, Letter.URGENT]


def test_released_letter_was_never_taken(session: Any) -> None:
    put(session)
    [held] = taken(session)

    release(session, held, "một")

    assert standing(session) == [("digest:binh:2026-03-09:1", "waiting", 0, "")]
    assert rows(session, "attempt", "no") == []
    assert [(one.attempt, one.was_cut_off) for one in taken(session)] == [(1, False)]


def test_letter_that_another_worker_took_cannot_be_released(session: Any) -> None:
    put(session)
    [held] = taken(session)
    taken(session, "hai", LEASE_OVER)

    release(session, held, "một")

    assert standing(session) == [("digest:binh:2026-03-09:1", "leased", 2, "hai")]


# --- channels -------------------------------------------------------------------------------------------


def test_stopped_channel_is_left_alone_until_it_is_started(session: Any) -> None:
    put(session)
    put(session, key="zalo:1", channel=Channel.ZALOBOT)

    stopped = [stop_channel(session, Channel.EMAIL, "Sai mật khẩu", at=AT) for _ in range(2)]
    others = [one.channel for one in taken(session)]
    states = [(state["channel"], state["detail"]) for state in channel_states(session)]
    started = [start_channel(session, Channel.EMAIL) for _ in range(2)]

    assert (stopped, others, states, started) == (
        [True, False],
        [Channel.ZALOBOT],
        [("email", "Sai mật khẩu")],
        [True, False],
    )
    assert [one.channel for one in taken(session)] == [Channel.EMAIL]


def test_paused_channel_goes_on_by_itself(session: Any) -> None:
    put(session)
    pause_channel(session, Channel.EMAIL, "Hết hạn mức", until=AT + timedelta(minutes=10))

    assert taken(session, at=AT + timedelta(minutes=9)) == []
    assert len(taken(session, at=AT + timedelta(minutes=10))) == 1


def test_rate_counts_what_left_and_not_what_waits(session: Any) -> None:
    for number in range(9):
        put(session, key=f"digest:binh:{number}")
    rates = {Channel.EMAIL: 60}

    seconds = {
        second: len(taken(session, at=AT + timedelta(seconds=second), per_minute=rates)) for second in (0, 5, 6, 9)
    }

    assert seconds == {0: 6, 5: 0, 6: 3, 9: 0}


# --- ends -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "became"), [(OutboxStatus.SENT, "told"), (OutboxStatus.DEAD, "untold")])
def test_end_of_a_letter_is_the_end_of_what_rides_in_it(session: Any, status: OutboxStatus, became: str) -> None:
    key = owed(session)
    put(session, reminders=[key])
    [held] = taken(session)

    ended = Ended(outcome="ok", mode="live", code="250", provider_id="<1@sct.example>")
    note_end(session, held, ended, at=AT)
    finish(session, held, status, ended, at=AT)

    assert rows(session, "reminder", "status", f"key = '{key}'") == [(became,)]
    assert rows(session, "attempt", "outcome, mode, code, provider_id") == [("ok", "live", "250", "<1@sct.example>")]
    assert taken(session, "hai", AT + timedelta(days=1)) == []


def test_letter_put_back_waits_for_its_next_attempt(session: Any) -> None:
    put(session)
    [held] = taken(session)

    put_back(session, held, Ended(outcome="retry", detail="Bận"), not_before=AT + timedelta(minutes=2))

    assert taken(session, at=AT + timedelta(minutes=1)) == []
    assert [one.attempt for one in taken(session, at=AT + timedelta(minutes=2))] == [2]


def test_expired_letter_gives_its_reminders_back(session: Any) -> None:
    key = owed(session)
    put(session, reminders=[key], expires_at=AT + timedelta(hours=1))

    early, late = (expire(session, at=AT + timedelta(minutes=minutes)) for minutes in (59, 60))

    assert (early, late) == (0, 1)
    assert rows(session, "outbox", "status") == [("expired",)]
    assert rows(session, "reminder", "status, outbox_id", f"key = '{key}'") == [("waiting", None)]


def test_letter_in_the_hands_of_a_worker_does_not_expire_before_its_lease_ends(session: Any) -> None:
    put(session, expires_at=AT + timedelta(minutes=1))
    taken(session)

    assert [expire(session, at=AT + timedelta(minutes=minutes)) for minutes in (1, 4, 5)] == [0, 0, 1]


def test_dead_letter_is_sent_again_by_hand_with_what_it_tells(session: Any) -> None:
    key = owed(session)
    number = put(session, reminders=[key], expires_at=AT + timedelta(hours=1))
    waiting = retry(session, [number], at=AT)
    [held] = taken(session)
    finish(session, held, OutboxStatus.DEAD, Ended(outcome="permanent"), at=AT)

    again = retry(session, [number], at=AT + timedelta(days=1))

    assert (waiting, again) == (0, 1)
    assert rows(session, "outbox", "status, expires_at") == [("waiting", None)]
    assert rows(session, "reminder", "status", f"key = '{key}'") == [("queued",)]


def test_withdrawn_letter_says_why_nothing_was_told(session: Any) -> None:
    key = owed(session)
    number = put(session, reminders=[key])

    withdrawn = [withdraw(session, number, reason="Đã gọi điện", at=AT) for _ in range(2)]

    assert withdrawn == [True, False]
    assert rows(session, "reminder", "status, reason", f"key = '{key}'") == [("covered", "Đã gọi điện")]
    assert taken(session) == []


def test_letter_that_is_being_sent_cannot_be_withdrawn(session: Any) -> None:
    number = put(session)
    taken(session)

    assert not withdraw(session, number, reason="Đã gọi điện", at=AT)
