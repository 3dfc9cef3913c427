"""The ledger of reminders and the outbox, read: what happened to whom, on each database, by each reader's scope."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.jobs.rehearsing import rehearse
from models.loading import load_person
from models.people import edit_person
from models.reminders import reports
from models.reminders.handover import Ended, Held, claim, finish, note_end
from models.reminders.outbox import NewLetter, queue
from models.reminders.sweep import cancel, sweep
from states.posting import Channel, Letter, ObligationStatus, OutboxStatus
from states.refusal import Refused
from states.stale import Cancelled, Cause

THURSDAY = date(2026, 3, 5)
AT = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def code(office_on_both: Any) -> str:
    """A project whose check ends in three workdays; the sweep of Thursday wrote what is due."""
    found: str = office_on_both.submitted_in_2026()
    with office_on_both.store.write() as session:
        sweep(session, as_of=THURSDAY, at=AT)
    return found


def _queue(office: Any, person: str, channel: Channel, **more: Any) -> int:
    """Write a letter with whatever waits for a person."""
    with office.store.write() as session:
        keys = [row["key"] for row in reports.unwritten(session) if row["person"] == person]
        letter = NewLetter(
            key=more.pop("key", f"digest:{person}:{channel}"),
            person_id=load_person(session, person).id,
            channel=channel,
            letter=Letter.DIGEST,
            subject="Thư nhắc việc",
            body="{}",
            not_before=AT,
            reminders=more.pop("reminders", keys),
            **more,
        )
        [outbox_id] = queue(session, [letter], at=AT)
    return outbox_id


def _end(office: Any, outcome: str, status: OutboxStatus) -> Held:
    """Take the one letter that is ready and end it."""
    at = AT + timedelta(hours=1)
    with office.store.write() as session:
        [held] = claim(session, "máy:1", at=at, limit=1)
    with office.store.write() as session:
        ended = Ended(outcome=outcome, mode="live", code="250", detail="Máy chủ đã trả lời.")
        note_end(session, held, ended, at=at)
        finish(session, held, status, ended, at=at)
    return held


def _told(office: Any, **chosen: Any) -> list[tuple[str, str, str]]:
    by = chosen.pop("by", None)
    with office.store.read() as session:
        reader = load_person(session, by) if by else None
        rows = reports.told(session, **chosen, reader=reader)
        counts = reports.told_counts(session, **chosen, reader=reader)
    assert sum(counts.values()) == len(rows)
    return [(row["person"], row["rule"], row["status"]) for row in rows]


def test_told_tells_the_letter_the_hour_and_each_attempt(office_on_both: Any, code: str) -> None:
    outbox_id = _queue(office_on_both, "binh", Channel.EMAIL)
    _end(office_on_both, "ok", OutboxStatus.SENT)

    with office_on_both.store.read() as session:
        first, covered = reports.told(session, who="binh")

    assert (first["status"], first["letter_id"], first["channel"]) == ("told", outbox_id, "email")
    assert (first["told_at"], first["due_on"], first["rung_on"]) == (
        "2026-03-05T02:00:00.000000Z",
        "2026-03-10",
        "2026-03-05",
    )
    assert [(each["no"], each["outcome"], each["mode"], each["channel"]) for each in first["attempts"]] == [
        (1, "ok", "live", "email")
    ]
    assert (covered["status"], covered["covered_by"], covered["attempts"]) == ("covered", first["key"], [])


def test_told_follows_a_reminder_over_its_channels(office_on_both: Any, code: str) -> None:
    first = _queue(office_on_both, "binh", Channel.ZALOBOT)
    _end(office_on_both, "recipient", OutboxStatus.REPLACED)
    with office_on_both.store.read() as session:
        keys = [row["key"] for row in reports.reminders_in_letters(session, [first])]
    second = _queue(office_on_both, "binh", Channel.EMAIL, parent_id=first, reminders=keys)
    _end(office_on_both, "ok", OutboxStatus.SENT)

    with office_on_both.store.read() as session:
        row = reports.told(session, who="binh")[0]
        before, after = reports.letter(session, first), reports.letter(session, second)

    assert [(each["channel"], each["outcome"]) for each in row["attempts"]] == [
        ("zalobot", "recipient"),
        ("email", "ok"),
    ]
    assert (before["replaced_by"]["id"], after["replaces"]["id"]) == (second, first)
    assert (before["reminders"], [found["key"] for found in after["reminders"]]) == ([], keys)


def test_told_gives_the_reason_of_what_was_cancelled(office_on_both: Any, code: str) -> None:
    with office_on_both.store.write() as session:
        [key] = [row["key"] for row in reports.unwritten(session) if row["person"] == "binh"]
        cancel(session, [Cancelled(key, Cause.ENDED, Cause.ENDED.label)])

    with office_on_both.store.read() as session:
        rows = {row["key"]: row for row in reports.told(session)}

    assert (rows[key]["status"], rows[key]["reason"]) == ("cancelled", "Việc này đã xong hoặc không còn hạn.")


def test_told_is_chosen_by_day_person_and_project(office_on_both: Any, code: str) -> None:
    everything = _told(office_on_both)

    assert everything == [
        ("bach", "N-T3", "waiting"),
        ("bach", "N-T7", "covered"),
        ("binh", "N-T3", "waiting"),
        ("binh", "N-T7", "covered"),
    ]
    assert _told(office_on_both, since=THURSDAY, until=THURSDAY) == everything
    assert _told(office_on_both, since=THURSDAY + timedelta(days=1)) == []
    assert _told(office_on_both, until=THURSDAY - timedelta(days=1)) == []
    assert (_told(office_on_both, who="bach"), _told(office_on_both, project=code)) == (everything[:2], everything)


def test_told_shows_a_limited_reader_the_own_projects_only(office_on_both: Any, code: str) -> None:
    assert len(_told(office_on_both, by="an")) == len(_told(office_on_both, by="chi")) == 4
    assert (_told(office_on_both, by="yen"), _told(office_on_both, by="hanh")) == ([], [])
    with pytest.raises(Refused) as refused:
        _told(office_on_both, by="yen", project=code)
    assert refused.value.args == (f"Không có đề án {code} để xem; hãy kiểm tra mã (dean project search).",)


def test_letters_are_shown_to_their_reader_and_to_the_office(office_on_both: Any, code: str) -> None:
    outbox_id = _queue(office_on_both, "an", Channel.EMAIL)

    seen = {}
    with office_on_both.store.read() as session:
        for who in ("an", "yen", "chi", "giang"):
            found = reports.letters(session, reader=load_person(session, who), since=THURSDAY)
            seen[who] = [row["id"] for row in found]

    assert seen == {"an": [outbox_id], "yen": [], "chi": [outbox_id], "giang": [outbox_id]}


def test_letters_carry_no_address(office_on_both: Any, code: str) -> None:
    with office_on_both.store.write() as session:
        edit_person(session, "binh", office_on_both.origin, email="binh@sct.example", phone="0912345678")
    outbox_id = _queue(office_on_both, "binh", Channel.EMAIL)
    _end(office_on_both, "ok", OutboxStatus.SENT)

    with office_on_both.store.read() as session:
        everything = str([reports.letter(session, outbox_id), reports.letters(session), reports.told(session)])

    assert ("sct.example" in everything, "0912345678" in everything) == (False, False)


def test_counts_are_by_channel_and_status(office_on_both: Any, code: str) -> None:
    _queue(office_on_both, "binh", Channel.ZALOBOT)
    _end(office_on_both, "permanent", OutboxStatus.DEAD)
    _queue(office_on_both, "bach", Channel.EMAIL)

    with office_on_both.store.read() as session:
        counts = reports.letter_counts(session)

    found = {(channel, status): n for channel, each in counts.items() for status, n in each.items() if n}
    assert found == {(Channel.ZALOBOT, OutboxStatus.DEAD): 1, (Channel.EMAIL, OutboxStatus.WAITING): 1}
    assert set(counts) == set(Channel)


def test_rehearsal_tells_what_would_be_written_and_leaves_no_trace(office_on_both: Any, code: str) -> None:
    with office_on_both.store.write() as session:
        edit_person(session, "binh", office_on_both.origin, email="binh@sct.example")
    before = office_on_both.everything()

    found = rehearse(office_on_both.store, as_of=THURSDAY)

    assert office_on_both.everything() == before
    assert [(row["recipient"], row["rule"], row["reachable"]) for row in found.as_json()] == [
        ("binh", "N-T3", True),
        ("bach", "N-T3", False),
    ]
    assert {row["key"] for row in found.as_json()} == {
        row["key"] for row in _rows(office_on_both) if row["status"] == ObligationStatus.WAITING
    }


def _rows(office: Any) -> list[dict[str, Any]]:
    with office.store.read() as session:
        return reports.told(session)


def test_rehearsal_on_a_day_off_tells_of_the_next_morning(office_on_both: Any, code: str) -> None:
    found = rehearse(office_on_both.store, as_of=date(2026, 3, 7))

    assert found.leaves_at.isoformat() == "2026-03-09T07:30:00+07:00"
