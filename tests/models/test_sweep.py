"""The sweep writes each obligation once, however often and by however many at once it runs."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

from sqlalchemy import text

from models.people import edit_person
from models.reminders.handover import claim
from models.reminders.outbox import NewLetter, queue
from models.reminders.sweep import Swept, cancel, due_tonight, pointless_in, sweep
from states.posting import Channel, Letter
from states.stale import Cancelled, Cause

DAY = date(2026, 3, 9)
AT = datetime(2026, 3, 8, 23, tzinfo=UTC)
COLUMNS = "key, status, reason, outbox_id"


def swept(office: Any, day: date = DAY) -> Swept:
    with office.store.write() as session:
        return sweep(session, as_of=day, at=AT)


def rows(office: Any, columns: str, table: str = "reminder") -> list[tuple[Any, ...]]:
    with office.store.read() as session:
        return [tuple(row) for row in session.connection().execute(text(f"SELECT {columns} FROM {table} ORDER BY 1"))]


def in_one_letter(office: Any, keys: Iterable[str]) -> int:
    """Queue a letter to Bình with these reminders and return its number."""
    with office.store.write() as session:
        person = session.connection().execute(text("SELECT id FROM person WHERE code = 'binh'")).scalar_one()
        letter = NewLetter(
            key="digest:binh:1",
            person_id=person,
            channel=Channel.EMAIL,
            letter=Letter.DIGEST,
            subject="việc",
            body="{}",
            not_before=AT,
            reminders=list(keys),
        )
        [number] = queue(session, [letter], at=AT)
    return number


def waiting(office: Any) -> list[str]:
    return [key for key, status in rows(office, "key, status") if status == "waiting" and key.endswith("/binh")]


def test_sweep_run_three_times_writes_its_rows_once(office_on_both: Any) -> None:
    office_on_both.submitted_in_2026()

    ran = [swept(office_on_both) for _ in range(3)]

    assert ran == [Swept(2, 4, 0), Swept(0, 0, 0), Swept(0, 0, 0)]
    about = "deadline:KC-VL-2025-001/D-CHECK/417@20260310-20260310-20260310"
    told = {f"{about}/N-T1/{person}" for person in ("bach", "binh")}
    assert {key for key, status in rows(office_on_both, "key, status") if status == "waiting"} == told
    assert {by for _, by in rows(office_on_both, "key, covered_by") if by} == told


def test_dry_run_says_what_the_sweep_would_and_writes_nothing(office_on_both: Any) -> None:
    office_on_both.submitted_in_2026()
    with office_on_both.store.read() as session:
        found = due_tonight(session, as_of=DAY)

    assert rows(office_on_both, "key") == []
    swept(office_on_both)
    assert sorted(one.key for one in found) == [
        key for key, status in rows(office_on_both, "key, status") if status == "waiting"
    ]


def test_sweeps_at_once_write_each_row_once(office_on_both: Any) -> None:
    for _ in range(5):
        office_on_both.submitted_in_2026()
    together = Barrier(4)

    def one(_: int) -> Swept:
        together.wait(timeout=30)
        return swept(office_on_both)

    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(one, range(4)))

    assert sorted(ran, key=lambda one: one.waiting) == [*[Swept(0, 0, 0)] * 3, Swept(10, 20, 0)]
    assert len(rows(office_on_both, "key")) == 30


def test_cancelled_reminder_takes_its_letter_apart_and_leaves_the_others_owed(office_on_both: Any) -> None:
    for _ in range(2):
        office_on_both.submitted_in_2026()
    swept(office_on_both)
    pointless, other = waiting(office_on_both)
    in_one_letter(office_on_both, [pointless, other])

    with office_on_both.store.write() as session:
        cancel(session, [Cancelled(pointless, Cause.ENDED, "Đã xong.")])

    found = {key: (status, reason, letter) for key, status, reason, letter in rows(office_on_both, COLUMNS)}
    assert found[pointless] == ("cancelled", "Đã xong.", None)
    assert found[other] == ("waiting", "", None)
    assert rows(office_on_both, "key, status", "outbox") == [("digest:binh:1", "cancelled")]


def test_reminder_in_the_hands_of_a_worker_is_not_cancelled(office_on_both: Any) -> None:
    code = office_on_both.submitted_in_2026()
    swept(office_on_both)
    [key] = waiting(office_on_both)
    number = in_one_letter(office_on_both, [key])
    with office_on_both.store.write() as session:
        claim(session, "một", at=AT, limit=1)
    office_on_both.record("2026-03-09", code, "start_appraisal", "binh", number="02/SCT")

    with office_on_both.store.write() as session:
        cancel(session, pointless_in(session, [number], as_of=DAY))
    again = swept(office_on_both)

    # Bạch's waited in no letter, so the sweep takes it back; Bình's is as good as told.
    assert again.cancelled == 1
    assert [row for row in rows(office_on_both, COLUMNS) if row[0] == key] == [(key, "queued", "", number)]


def test_cancelled_reminder_is_owed_again_once_its_deadline_stands(office_on_both: Any) -> None:
    office_on_both.submitted_in_2026()
    swept(office_on_both)
    keys = waiting(office_on_both)
    with office_on_both.store.write() as session:
        cancel(session, [Cancelled(key, Cause.PAUSED, "Hạn đang tạm dừng.") for key in keys])

    again = swept(office_on_both)

    assert (again.waiting, again.cancelled) == (1, 0)
    assert waiting(office_on_both) == keys


def test_reminder_handed_over_to_another_person_is_cancelled_for_the_first(office_on_both: Any) -> None:
    office_on_both.submitted_in_2026()
    swept(office_on_both)
    with office_on_both.store.write() as session:
        edit_person(session, "binh", office_on_both.origin, active=False)

    ran = swept(office_on_both)

    assert ran.cancelled == 1
    assert next(row for row in rows(office_on_both, COLUMNS) if row[0].endswith("N-T1/binh"))[1:] == (
        "cancelled",
        "Việc này nay do người khác xử lý.",
        None,
    )
