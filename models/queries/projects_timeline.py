"""When projects reached their milestones and when their deadlines fall, for a drawing of one page of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.queries.projects_sought import run
from models.rulebook import rulebook
from states.actions import Action, Entry
from states.facts import OFFICE_TIME
from states.lifecycle import ENDS, STATES_OF
from states.vocabulary import Stage, State


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the life of a project after a milestone; `until` is None while it lasts."""

    state: State | None
    since: date
    until: date | None


@dataclass(slots=True)
class Life:
    """The life of a project: from its draft over its milestones to its end, and the deadlines that still run.

    A span without a state is the time of the draft.
    """

    spans: list[Span] = field(default_factory=list)
    ended_on: date | None = None
    deadlines: list[dict[str, Any]] = field(default_factory=list)

    def reached(self, state: State) -> date | None:
        return next((span.since for span in self.spans if span.state is state), None)


def lives_of(session: Session, ids: Sequence[int]) -> dict[int, Life]:
    """The lives of the projects of a page."""
    lives = {id_: Life() for id_ in ids}
    events: dict[int, list[dict[str, Any]]] = {}
    for row in run(session, _EVENTS, {"ids": list(ids)}):
        events.setdefault(row["subject_id"], []).append(row)
    for id_, rows in events.items():
        _tell(lives[id_], rows)
    labels = {rule.code: rule.label for rule in rulebook(session).rules}
    for row in run(session, _DEADLINES, {"ids": list(ids)}):
        lives[row["project_id"]].deadlines.append(
            {
                "label": labels[row["rule"]],
                "due_on": date.fromisoformat(row["rolled_on"]),
                "provisional": bool(row["provisional"]),
            }
        )
    return lives


# Only a compensating step has to be read whole: it names the event that it takes back.
_EVENTS = """
    SELECT subject_id, id, action, to_stage, decided_on, recorded_at,
           CASE WHEN action = 'revert' THEN body END AS body
    FROM event WHERE subject_kind = 'project' AND subject_id IN :ids ORDER BY subject_id, seq"""
_DEADLINES = """
    SELECT project_id, rule, rolled_on, provisional FROM deadline
    WHERE project_id IN :ids AND status <> 'closed' AND status = 'open' ORDER BY rolled_on"""


def _tell(life: Life, rows: list[dict[str, Any]]) -> None:
    """Draw a life from its events; of an old record nobody knows the days of its steps, so nothing is drawn."""
    if any(row["action"] == Entry.BRING_IN for row in rows):
        return
    undone = {json.loads(row["body"])["more"]["reverts"] for row in rows if row["body"]}
    standing = [row for row in rows if row["id"] not in undone and row["action"] != Action.REVERT and row["to_stage"]]
    starts: list[tuple[State | None, date]] = []
    stage = Stage.DRAFT
    for row in standing:
        stage = Stage(row["to_stage"])
        states = STATES_OF[stage]
        # A draft proposes nothing yet; an end keeps the milestone that was reached.
        state = states[0] if len(states) == 1 and stage is not Stage.DRAFT else None
        if not starts or (state and state.rank > (starts[-1][0].rank if starts[-1][0] else -1)):
            starts.append((state, _day(row)))
    ends = standing and stage in ENDS
    life.ended_on = _day(standing[-1]) if ends else None
    nexts = [since for _, since in starts[1:]]
    for (state, since), until in zip(starts, [*nexts, life.ended_on], strict=True):
        # A paper may be older than the entry before it: a span never ends before it begins.
        first = min(since, until) if until else since
        life.spans.append(Span(state, first, until))


def _day(row: dict[str, Any]) -> date:
    if row["decided_on"]:
        return date.fromisoformat(row["decided_on"])
    return datetime.fromisoformat(row["recorded_at"]).astimezone(OFFICE_TIME).date()
