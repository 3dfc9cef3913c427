"""Money that has to come back: every project that still owes some, and one project with its schedule and receipts."""

from datetime import date
from typing import Any

from sqlmodel import Session

from models.loading import Loaded, load_projects
from models.money_days import money_days
from models.queries.scope import readable_by
from models.waterfall import Open, project_waterfall
from states.actions import Action
from states.facts import Person
from states.guards.settlement import to_recover
from states.lifecycle import stage_label
from states.steps import STEP
from states.vocabulary import MoneyKind

#: Where cash may stand above what the project may keep, and somebody still expects it back.
_OWING = STEP[Action.RECEIVE_RECOVERY].sources | STEP[Action.START_RECOVERY].sources


def recoveries(session: Session, *, as_of: date, reader: Person | None = None) -> list[dict[str, Any]]:
    """The projects with money to come back, in đồng: schedule, receipts and what is overdue on a day.

    The one whose next instalment is due first stands first, those without a schedule last.
    """
    where = readable_by(reader)
    where.add("p.stage IN :owing", owing=sorted(_OWING))
    where.add("f.prepaid + f.paid - f.settled - f.recovered > 0")
    names = {row["code"]: row["name"] for row in where.rows(session, _CANDIDATES)}
    if not names:
        return []
    found = load_projects(session, list(names))
    rows = [_row(session, loaded, names[code], as_of) for code, loaded in found.items() if to_recover(loaded.facts) > 0]
    return sorted(rows, key=lambda row: (row["next_due_on"] is None, row["next_due_on"] or "", row["project"]))


_CANDIDATES = """
    SELECT DISTINCT p.code, p.name FROM project AS p JOIN funding AS f ON f.project_id = p.id WHERE {where}"""


def _row(session: Session, loaded: Loaded, name: str, as_of: date) -> dict[str, Any]:
    facts = loaded.facts
    recovery = money_days(session, loaded.id, as_of=as_of)["recovery"]
    waiting = [part["due_on"] for part in recovery["due"] if part["left"]]
    return {
        "project": facts.code,
        "name": name,
        "stage": str(facts.stage),
        "stage_label": stage_label(facts.stage, facts.route),
        "to_recover": to_recover(facts),
        "received": recovery["received"],
        "overdue": recovery["overdue"],
        "next_due_on": min(waiting, default=None),
        "due": recovery["due"],
    }


def recovery(session: Session, code: str, *, as_of: date, reader: Person | None = None) -> dict[str, Any]:
    """One project: what has to come back in đồng, the schedule with what came in for it, and each receipt.

    Raises Refused for a project that the reader may not see.
    """
    told = project_waterfall(session, code, as_of=as_of, reader=reader)
    owed = sum(row["amount"] for row in told["open"] if row["kind"] == Open.TO_RECOVER)
    receipts = [entry for entry in told["entries"] if entry["kind"] == MoneyKind.RECOVERED and not entry["undone"]]
    head = {name: told["scope"][name] for name in ("project", "name", "stage", "stage_label")}
    return head | {"to_recover": owed, "recovery": told["recovery"], "receipts": receipts}
