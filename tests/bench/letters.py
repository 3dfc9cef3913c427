"""Writing the morning digests of 2,000 people with 20,000 tasks: text, HTML, calendar file, checked Message."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from notifications.letters.reminders import write_digest
from notifications.letters.values import Digest, Item
from notifications.letters.zalo import write_zalo
from notifications.mail import build
from notifications.message import Message

PEOPLE = 2_000
TASKS = 10
ON = date(2026, 8, 5)
AT = datetime(2026, 8, 5, 0, 30, tzinfo=UTC)
BASE = "https://khuyencong.example.vn"


def measure() -> Iterator[str]:
    # Templates and style sheet are read once per process.
    list(_messages(1))
    started, cpu = time.perf_counter(), time.process_time()
    messages = list(_messages(PEOPLE))
    elapsed, busy = time.perf_counter() - started, time.process_time() - cpu
    sizes = [len(message.text.encode()) + len((message.html or "").encode()) for message in messages]
    yield (
        f"{PEOPLE:,} digests with {PEOPLE * TASKS:,} tasks composed in {elapsed:.2f} s ({busy:.2f} s of processor); "
        f"{sum(sizes) // PEOPLE / 1000:.0f} kB of text and HTML each"
    )
    started = time.perf_counter()
    octets = sum(len(build(message, sender_name="Khuyến công", sender_address="dean@a.vn")) for message in messages)
    yield f"the same written as mail in {time.perf_counter() - started:.2f} s, {octets / 1e6:.0f} MB"
    started = time.perf_counter()
    for person in range(PEOPLE):
        write_zalo(_digest(person))
    yield f"the same for Zalo in {time.perf_counter() - started:.2f} s"


def _messages(people: int) -> Iterator[Message]:
    for person in range(people):
        letter = write_digest(_digest(person))
        yield letter.addressed(
            key=f"digest:{person}:{ON}:mail", to_address=f"p{person}@a.vn", to_name="Nguyễn Thị Hồng", created_at=AT
        )


def _digest(person: int) -> Digest:
    return Digest(
        to_name="Nguyễn Thị Hồng",
        on=ON,
        office_name="Trung tâm Khuyến công",
        settings_link=f"{BASE}/toi/nhac-viec",
        unsubscribe_link=f"{BASE}/thoi-nhan?t={person:064x}",
        created_at=AT,
        items=tuple(_item(person, task) for task in range(TASKS)),
    )


def _item(person: int, task: int) -> Item:
    left = task - 2
    day = ON + timedelta(days=left)
    return Item(
        obligation_id=f"{person * TASKS + task:08x}",
        ordinal=1 + task % 3,
        code=f"KC-VL-2026-{person:04d}",
        name="Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất bánh tráng tại xã Lục Sĩ Thành",
        task="trả kết quả thẩm định cấp cơ sở",
        why="anh/chị được giao thẩm định đề án này",
        link=f"{BASE}/de-an/KC-VL-2026-{person:04d}",
        acknowledge_link=f"{BASE}/nhac/da-nam?t={task:064x}",
        snooze_link=f"{BASE}/nhac/nhac-sau?t={task:064x}",
        deadline_key=f"KC-VL-2026-{person:04d}/D-APPRAISE/{task}",
        sequence=1,
        due_on=day,
        rolled_on=day,
        safe_on=day,
        workdays_left=left,
        statutory=task % 2 == 0,
        provisional=task == 9,
        basis="Thông tư 36/2013/TT-BCT Điều 9",
    )
