"""The morning of a large office: 2,000 people with 20,000 due items swept, gathered, written into the outbox."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.jobs import reminding
from flows.jobs.reminding import remind
from flows.jobs.settings import Settings
from models.people import add_person, add_unit
from states.vocabulary import Role
from tests.bench.offices import furnished

PEOPLE, ITEMS = 2_000, 20_000
#: A Friday; every project ends seven workdays later, so each has one rung due.
ON, ENDS_ON = date(2026, 3, 13), date(2026, 3, 24)
AT = datetime(2026, 3, 12, 23, tzinfo=UTC)
#: The steps of the morning, by the names under which the job calls them.
STEPS = {"sweep": "sweep", "waiting": "gather", "_letters": "compose", "queue": "queue"}


def measure() -> Iterator[str]:
    with crowded() as (office, folder):
        settings = Settings(home=folder, notify_mode="live", _env_file=None)
        spent: dict[str, float] = {}
        with ExitStack() as watched:
            for name, said in STEPS.items():
                watched.enter_context(_timed(spent, name, said))
            started = time.perf_counter()
            done = remind(office.store, settings, as_of=ON, at=AT)
            elapsed = time.perf_counter() - started
        assert (done.letters, done.reminders) == (PEOPLE, ITEMS)
        yield f"{done.letters:,} digests with {done.reminders:,} items in {elapsed:.2f} s"
        spent["rest and commit"] = elapsed - sum(spent.values())
        yield ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items())


@contextmanager
def crowded() -> Iterator[tuple[Any, Path]]:
    """An office with 2,000 units of one officer each, who answers for ten projects that end on one day."""
    with furnished() as (office, path):
        office.at = datetime(2026, 2, 20, 1, tzinfo=UTC)
        office.bring(office.open(plan_year=2025), "underway")
        with office.store.write() as session:
            for number in range(PEOPLE):
                unit, mail = f"u{number}", f"p{number}@sct.example"
                add_unit(session, unit, f"Đơn vị {number}", office.origin)
                name = f"Cán bộ {number}"
                add_person(session, f"p{number}", name, Role.CENTRE_OFFICER, office.origin, unit=unit, email=mail)
        _multiply(path)
        yield office, path.parent


def _multiply(path: Path) -> None:
    """Make 20,000 of the one project and its open deadline behind the ledger's back, ten for each unit."""
    connection = sqlite3.connect(path, isolation_level=None)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {ITEMS - 1})"
    [(source,)] = connection.execute("SELECT id FROM project")
    [(first,)] = connection.execute("SELECT min(id) FROM unit WHERE code = 'u0'")
    units = [unit for (unit,) in connection.execute("SELECT id FROM unit WHERE code LIKE 'u%' ORDER BY id")]
    apart = units[1] - units[0]
    assert units == [first + apart * place for place in range(PEOPLE)]
    changed = {
        "project": {"id": "id + 100000 + i", "code": "code || '-' || i", "serial": "serial + 1 + i"}
        | {"unit_id": f"{first} + {apart} * (i % {PEOPLE})"},
        "deadline": {"project_id": "project_id + 100000 + i"}
        | dict.fromkeys(("printed_on", "rolled_on", "safe_on"), f"'{ENDS_ON}'"),
    }
    chosen = {"project": "id", "deadline": "status = 'open' AND project_id"}
    connection.execute("BEGIN")
    for table, values in changed.items():
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        selected = ", ".join(values.get(name, name) for name in names)
        connection.execute(
            f"INSERT INTO {table} {numbers} SELECT {selected} FROM {table}, n WHERE {chosen[table]} = {source}"
        )
    connection.execute("UPDATE deadline SET status = 'closed' WHERE project_id = ? AND status = 'open'", (source,))
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


@contextmanager
def _timed(spent: dict[str, float], name: str, said: str) -> Iterator[None]:
    """Measure a step of the morning where the job calls it."""
    plain = getattr(reminding, name)

    def timed(*asked: Any, **more: Any) -> Any:
        started = time.perf_counter()
        result = plain(*asked, **more)
        spent[said] = time.perf_counter() - started
        return result

    setattr(reminding, name, timed)
    try:
        yield
    finally:
        setattr(reminding, name, plain)
