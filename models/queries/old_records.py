"""What is said of old records: who vouches for each and on what basis, and what was told beside the figures."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from models.queries.projects_orders import FUND
from models.queries.scope import Where, readable_by
from states.actions import Entry
from states.facts import Person

_CHUNK = 5_000


def vouched_for(session: Session, project_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Of each old record among these projects what its newest `bring_in` says; others are left out."""
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(project_ids), _CHUNK):
        where = Where()
        where.add("e.subject_id IN :ids", ids=list(project_ids[start : start + _CHUNK]))
        for row in where.rows(session, _BROUGHT_IN):
            found[row["subject_id"]] = told(json.loads(row["body"])["more"], row["code"], row["name"])
    return found


_BROUGHT_IN = f"""
    SELECT e.subject_id, e.body, n.code, n.name
    FROM event AS e JOIN project AS p ON p.id = e.subject_id LEFT JOIN person AS n ON n.id = p.vouched_by
    WHERE e.subject_kind = 'project' AND e.action = '{Entry.BRING_IN}' AND {{where}} ORDER BY e.seq"""


def told(more: Mapping[str, Any], code: str | None, name: str | None) -> dict[str, Any]:
    """What an event that brought a project in says, with the person who vouches by code and name."""
    return {
        "by": code,
        "by_name": name,
        "basis": more["basis"],
        "status": more["status"],
        "decision": more["approval"]["number"],
        "decided_on": more["approval"]["on"],
        "settled_on": more["ended_on"],
        "place_then": more["place_then"],
        "import": more.get("import"),
        "row": more.get("row"),
        "sha256": more.get("sha256"),
        "cells": more.get("cells", {}),
    }


def old_records_in(session: Session, programme: str, reader: Person | None = None) -> dict[str, int]:
    """How many old records of a programme the reader sees, and what they settled of state money, in đồng."""
    where = readable_by(reader)
    where.add("g.code = :programme AND p.vouched_by IS NOT NULL", programme=programme)
    [row] = where.rows(session, _COUNTED)
    return {name: int(row[name]) for name in ("projects", "settled")}


_COUNTED = f"""
    SELECT count(*) AS projects, coalesce(sum(f.settled), 0) AS settled
    FROM project AS p JOIN programme AS g ON g.id = p.programme_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = {FUND}
    WHERE {{where}}"""
