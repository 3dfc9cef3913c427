"""Two marts side by side: which projects appeared, which moved, whose money changed, and what that adds up to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.mart.shelf import refuse_unreadable
from states.vocabulary import MoneyKind, Source


def difference(before: Path, after: Path) -> dict[str, Any]:
    """What changed between two nights: `appeared`, `disappeared`, `stages`, `money`, `totals`; amounts in đồng.

    Raises Refused for a file that is no mart.
    """
    for place in (before, after):
        refuse_unreadable(place)
    with _side_by_side(before, after) as both:
        heads = {side: _head(both, side) for side in ("before", "after")}
        return {
            **heads,
            "same": heads["before"]["content_hash"] == heads["after"]["content_hash"],
            "appeared": _rows(both, _ONLY.format(here="after", there="before")),
            "disappeared": _rows(both, _ONLY.format(here="before", there="after")),
            "stages": _rows(both, _STAGES),
            "money": [row for kind in MoneyKind for row in _rows(both, _MONEY.format(kind=kind))],
            "totals": _totals(both),
        }


@contextmanager
def _side_by_side(before: Path, after: Path) -> Iterator[sqlite3.Connection]:
    both = sqlite3.connect("file::memory:", uri=True)
    try:
        both.row_factory = sqlite3.Row
        for name, place in (("before", before), ("after", after)):
            both.execute(f"ATTACH ? AS {name}", (f"{place.absolute().as_uri()}?mode=ro&immutable=1",))
        yield both
    finally:
        both.close()


def _rows(both: sqlite3.Connection, sql: str) -> list[dict[str, Any]]:
    return [dict(row) for row in both.execute(sql)]


def _head(both: sqlite3.Connection, side: str) -> dict[str, Any]:
    meta = {row["key"]: row["value"] for row in both.execute(f"SELECT key, value FROM {side}.meta")}
    told = {name: meta[name] for name in ("as_of", "cutoff_on", "content_hash")}
    return told | {"cutoff_event": int(meta["cutoff_event"])}


def _totals(both: sqlite3.Connection) -> dict[str, Any]:
    """The sums of every kind of money that differ, by source, and the number of projects."""
    sums = {side: {row["source"]: row for row in both.execute(_SUMS.format(side=side))} for side in ("before", "after")}
    money: dict[str, dict[str, dict[str, int]]] = {}
    for source in Source:
        pairs = {
            str(kind): [sums[side][str(source)][str(kind)] if source in sums[side] else 0 for side in sums]
            for kind in MoneyKind
        }
        changed = {kind: {"was": was, "now": now} for kind, (was, now) in pairs.items() if was != now}
        if changed:
            money[str(source)] = changed
    was, now = (both.execute(f"SELECT count(*) FROM {side}.project").fetchone()[0] for side in sums)
    return {"projects": {"was": was, "now": now}, "money": money}


_ONLY = """
    SELECT code AS project, name, stage, stage_label FROM {here}.project
    WHERE id NOT IN (SELECT id FROM {there}.project) ORDER BY id"""
_STAGES = """
    SELECT a.code AS project, a.name, b.stage AS was, b.stage_label AS was_label, a.stage AS now,
           a.stage_label AS now_label, a.decided_on
    FROM after.project AS a JOIN before.project AS b ON b.id = a.id WHERE a.stage <> b.stage ORDER BY a.id"""
#: A project that appeared brings all its money; one that disappeared takes it along.
_MONEY = """
    SELECT coalesce(p.code, q.code) AS project, m.source, '{kind}' AS kind, m.was, m.now FROM (
        SELECT project_id, source, sum(was) AS was, sum(now) AS now FROM (
            SELECT project_id, source, {kind} AS was, 0 AS now FROM before.money
            UNION ALL SELECT project_id, source, 0, {kind} FROM after.money
        ) GROUP BY project_id, source HAVING sum(was) <> sum(now)
    ) AS m LEFT JOIN after.project AS p ON p.id = m.project_id LEFT JOIN before.project AS q ON q.id = m.project_id
    ORDER BY m.project_id, m.source"""
_SUMS = (
    "SELECT source, " + ", ".join(f"sum({kind}) AS {kind}" for kind in MoneyKind) + " FROM {side}.money GROUP BY source"
)
