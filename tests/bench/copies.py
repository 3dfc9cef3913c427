"""Ten thousand lives out of one: a played project is copied with ids, days and hashes of its own; the ledger holds.

Playing each project takes a quarter of an hour. A copy has the same events as the one that was played, told of another
workshop, project, decision and contract; its rows are made by what `dean verify` compares them with.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from models.deadlines import rebuild
from models.problem import Finding
from models.replay import BALANCE_TABLES, COLUMNS, Replayed, replay
from tests.bench.offices import beneficiaries

#: So many files begin each day, so that the last ones end in the year of their plan.
A_DAY = 50
#: Keys of a body, beside those that end in `_id`, whose number is that of an event or subject.
_NUMBERS = frozenset({"id", "subject", "decision", "contract", "adjustment", "reverts"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=$|T)")
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
Event = dict[str, Any]


def multiply(office: Any, path: Path, projects: int) -> None:
    """Bring one project to its settlement and copy its life, everything that was written for it included."""
    [workshop] = beneficiaries(office, 1)
    code = office.bring(office.open(name="Đề án 0", beneficiaries=(workshop,)), "settled")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    life = list(connection.execute("SELECT * FROM event WHERE id >= ? ORDER BY id", (workshop,)))
    connection.row_factory = None
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for copy in _copies(life, code, projects):
        _write(connection, copy)
    connection.execute("UPDATE ledger_head SET last_event_id = (SELECT max(id) FROM event)")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
    with office.store.write() as session:
        rebuild(session)
    office.at += timedelta(days=projects // A_DAY)


def _copies(life: Sequence[sqlite3.Row], code: str, projects: int) -> Iterator[list[Event]]:
    """The events of each further life, numbered in the order of their days as those of an office are."""
    first, days = life[0]["id"], [row["recorded_at"][:10] for row in life]
    begun = date.fromisoformat(days[0])
    after = [(date.fromisoformat(day) - begun).days for day in days]
    in_order = sorted(
        (after[place] + copy // A_DAY, copy, place) for copy in range(1, projects) for place in range(len(life))
    )
    ids = {(copy, place): life[-1]["id"] + n for n, (_, copy, place) in enumerate(in_order, start=1)}
    bodies = [json.loads(row["body"]) for row in life]
    for copy in range(1, projects):
        numbers = {first + place: ids[copy, place] for place in range(len(life))}
        words: dict[str, Any] = {
            code: f"{code}-{copy}",
            code.lower(): f"{code.lower()}-{copy}",
            "0000000000": f"{copy:010d}",
        }
        words["serial"] = copy + 1
        yield list(_told(bodies, numbers, words, timedelta(days=copy // A_DAY)))


def _told(
    bodies: Sequence[Event], numbers: Mapping[int, int], words: Mapping[str, Any], later: timedelta
) -> Iterator[Event]:
    """One life: each subject's events hashed anew, one after the other."""
    previous: dict[tuple[str, int], str] = {}
    for told in bodies:
        body = _changed(told, "", numbers, words, later)
        subject = body["kind"], body["subject"]
        body["previous"] = previous.get(subject, told["previous"])
        text = _encode(body)
        previous[subject] = hashlib.sha256(text.encode()).hexdigest()
        columns = {name: body.get(name) for name in COLUMNS["event"]}
        columns |= {"subject_kind": body["kind"], "subject_id": body["subject"], "body": text}
        yield columns | {"from_stage": body["from"], "to_stage": body["to"], "hash": previous[subject]}


def _changed(value: Any, key: str, numbers: Mapping[int, int], words: Mapping[str, Any], later: timedelta) -> Any:
    """What a body says, told of the copy."""
    if isinstance(value, dict):
        return {name: _changed(each, name, numbers, words, later) for name, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, key, numbers, words, later) for each in value]
    if isinstance(value, int):
        if key == "serial":
            return words[key]
        return numbers.get(value, value) if key in _NUMBERS or key.endswith("_id") else value
    if isinstance(value, str) and value and key != "previous":
        if _DAY.match(value):
            day = datetime.fromisoformat(value[:10]) + later
            return f"{day:%Y-%m-%d}{value[10:]}"
        for old, new in words.items():
            if old in value:
                return value.replace(old, new)
    return value


def _write(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    """Write the events with the rows that they explain."""
    _insert(connection, "event", [tuple(map(event.get, COLUMNS["event"])) for event in events])
    for kind, subject_id in dict.fromkeys((event["subject_kind"], event["subject_id"]) for event in events):
        own = [event for event in events if (event["subject_kind"], event["subject_id"]) == (kind, subject_id)]
        subject = _held(replay(kind, subject_id, own))
        _insert(connection, kind, [subject.row()])
        for table, lines in subject.lines.items():
            _insert(connection, table, list(lines.values()))
        if kind == "project":
            for table in BALANCE_TABLES:
                _insert(connection, table, list(subject.balances(table).values()))


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    names = COLUMNS[table]
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows)


def _held(finding: Finding[Replayed]) -> Replayed:
    """The subject of a replay that found nothing wrong."""
    while True:
        try:
            problem = next(finding)
        except StopIteration as ended:
            replayed: Replayed = ended.value
            return replayed
        raise AssertionError(problem)
