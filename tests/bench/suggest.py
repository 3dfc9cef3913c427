"""A suggestion over 500 candidates of a register: seconds from the open session to the reasons, and what is proven."""

import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from flows.jobs.selecting import AIMS
from flows.jobs.suggesting import suggest
from states.vocabulary import Route, Source
from tests.bench.offices import beneficiaries, furnished

CANDIDATES = 500
SEEDS = 2
TRIEU = 1_000_000
PROGRAMME = "KC-VL-2021-2025"
TARGETS = {
    1: ("T1_1",),
    2: ("T2_1", "T2_2", "T2_3"),
    3: ("T3_1", "T3_2", "T3_3", "T3_4", "T3_5"),
    4: ("T4_1", "T4_2", "T4_3"),
    5: ("T5_1", "T5_2"),
    6: ("T6_1", "T6_2", "T6_3", "T6_4"),
    7: ("T7_2",),
    8: ("T8_1", "T8_2"),
}
EVERY = [code for codes in TARGETS.values() for code in codes]
PRIORITIES = ("farm_machinery", "farm_processing", "typical_product", "key_product", "export_market", "local_material")
ROUND = [amount * TRIEU for amount in (50, 60, 80, 100, 120, 150, 200, 250, 300)]
PRIMES = (101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199)

Project = dict[str, Any]
Draw = Callable[[random.Random], Project]


def _project(chance: random.Random, amount: int, *, any_target: bool = False, most: int = 4) -> Project:
    """One candidate: most stand in the content of machinery, and bring a little to one or two of its targets."""
    content = chance.choices(range(1, 9), [3, 60, 15, 8, 5, 4, 2, 3])[0]
    own = EVERY if any_target else TARGETS[content]
    targets = {chance.choice(own): chance.choice([1, 1, 1, 2, 3, 5]) for _ in range(chance.choice([1, 1, 1, 2]))}
    priorities = chance.sample(PRIORITIES, chance.randint(0, most))
    return {"content": content, "amount": amount, "targets": targets, "priorities": priorities}


def _exact(chance: random.Random) -> int:
    return chance.randint(40 * TRIEU, 300 * TRIEU)


def _alike(chance: random.Random) -> Project:
    return {"content": 2, "amount": 300 * TRIEU, "targets": {"T2_2": 1}, "priorities": []}


def _following(chance: random.Random) -> Project:
    """The points grow with the money, so that every project is worth about what it costs: the hard kind."""
    amount = _exact(chance)
    return _project(chance, amount) | {"priorities": list(PRIORITIES[: amount // (50 * TRIEU)])}


#: Each with how a candidate is drawn, and which part of what all ask for the year is allotted.
KINDS: dict[str, tuple[Draw, int]] = {
    "round amounts": (lambda chance: _project(chance, chance.choice(ROUND)), 10),
    "amounts to the đồng": (lambda chance: _project(chance, _exact(chance)), 10),
    "twice the money": (lambda chance: _project(chance, chance.choice(ROUND)), 20),
    "any target": (lambda chance: _project(chance, _exact(chance), any_target=True), 10),
    "few points": (lambda chance: _project(chance, chance.choice(ROUND), most=1), 10),
    "all alike": (_alike, 10),
    "large prime targets": (lambda chance: _project(chance, _exact(chance), any_target=True), 10),
    "points follow the money": (_following, 20),
}


def measure() -> Iterator[str]:
    for kind in KINDS:
        for seed in range(SEEDS):
            with furnished() as (office, path):
                allotted = _fill(office, path, kind, random.Random(f"{kind} {seed}"))
                yield f"{kind} ({seed}): {_one(office, allotted)}"


def _one(office: Any, allotted: int) -> str:
    started = time.perf_counter()
    with office.store.read() as session:
        found = suggest(
            session,
            PROGRAMME,
            2024,
            Route.LOCAL,
            on=date(2024, 6, 3),
            budgets={Source.LOCAL_FUND: allotted},
        )
    elapsed = time.perf_counter() - started
    assert found.limits[0].spent_on(found.taken) <= allotted
    assert len(found.taken) + len(found.left_out) == CANDIDATES
    assert not any(left.blocked for left in found.left_out)
    selected = found.selected
    proof = "proven" if selected.proven else f"{selected.settled} of {len(AIMS)} aims proven, room {selected.room}"
    return f"{elapsed:.1f} s, {proof}, {len(found.taken)} chosen"


def _fill(office: Any, path: Path, kind: str, chance: random.Random) -> int:
    """Multiply one cleared project behind the ledger's back, each copy drawn anew: the money allotted."""
    firms = beneficiaries(office, CANDIDATES)
    office.bring(office.open(beneficiaries=firms[:1]), "cleared")
    office.store.close()
    draw, part = KINDS[kind]
    projects = [draw(chance) for _ in range(CANDIDATES)]
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    tables = ("project", "funding", "contribution", "project_beneficiary")
    first = {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables}
    connection.execute("BEGIN")
    connection.execute("DELETE FROM contribution")
    for place, project in enumerate(projects):
        _copy(connection, first, place, project, firms[place])
    if kind == "large prime targets":
        connection.executemany("UPDATE target SET quantity = ? WHERE code = ?", zip(PRIMES, EVERY, strict=True))
    connection.execute("COMMIT")
    connection.close()
    return sum(int(project["amount"]) for project in projects) * part // 100


def _copy(
    connection: sqlite3.Connection, first: dict[str, list[dict[str, Any]]], place: int, project: Project, firm: int
) -> None:
    """Write one candidate in the place of the first one, or beside it."""
    [own] = first["project"]
    project_id = own["id"] + place
    named = {"id": project_id, "code": f"KC-VL-2024-{1 + place:03d}", "serial": 1 + place}
    said = {"content_no": project["content"], "priorities": json.dumps(project["priorities"])}
    rows = [("project", own | named | said)]
    for row in first["funding"]:
        amount = project["amount"] if row["source"] == Source.LOCAL_FUND else row["appraised"]
        rows.append(("funding", row | {"asked": amount, "appraised": amount, "content_no": project["content"]}))
    [work] = first["contribution"]
    for code, quantity in project["targets"].items():
        rows.append(("contribution", work | {"target_code": code, "planned": quantity}))
    [owner] = first["project_beneficiary"]
    rows.append(("project_beneficiary", owner | {"beneficiary_id": firm, "line": 1 + place}))
    for table, row in rows:
        if table != "project":
            row["project_id"] = project_id
        marks = ", ".join("?" for _ in row)
        connection.execute(f"REPLACE INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
