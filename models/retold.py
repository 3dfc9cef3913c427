"""The money told again from the bodies of the events alone, project by project: the second, independent computation.

Nothing here looks at an entry, a balance or a row of a project, and no sum is added up by SQL. Events are read as
they stream by and each project is dropped before the next one, so memory does not grow with the register.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

#: Rows that the driver hands over at a time.
PAGE = 500
LARGEST_ID = 2**63 - 1


@dataclass(slots=True)
class Retold:
    """What the events of one project say of its money, in đồng.

    `columns` are the project's own as the events set them. `entries` are signed amounts by (event, line), each with
    its source and kind; `granted` is what each decision approved, by (decision, source); `adjustments` the requests
    whose approval stands; `demands` what was to come back on the day of each demand with a schedule, by event.
    `unread` are events whose body cannot be read: their money is missing here.
    """

    project_id: int
    columns: dict[str, Any] = field(default_factory=dict)
    entries: dict[tuple[int, int], tuple[str, str, int]] = field(default_factory=dict)
    sums: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    granted: defaultdict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    adjustments: dict[int, int] = field(default_factory=dict)
    demands: dict[int, int] = field(default_factory=dict)
    events: int = 0
    unread: list[int] = field(default_factory=list)

    def take(self, event_id: int, body: Mapping[str, Any]) -> None:
        """Add what one event says."""
        self.columns.update(body["set"])
        more = body["more"]
        decision = more.get("decision")
        for line, row in enumerate(body["lines"].get("money_entry", ()), start=1):
            source, kind, amount = row["source"], row["kind"], row["amount"] * row["direction"]
            self.entries[event_id, line] = source, kind, amount
            self.sums[source, kind] += amount
            if decision is not None and kind == "approved":
                self.granted[decision, source] += amount
        if body["action"] == "approve_adjustment" and "adjustment" in more:
            self.adjustments[event_id] = more["adjustment"]
        if body["action"] == "revert":
            self.adjustments.pop(more["reverts"], None)
        elif body["lines"].get("recovery_due"):
            self.demands[event_id] = self._to_come_back()

    def _to_come_back(self) -> int:
        """State money given above what the project keeps: the accepted support, or what its end settled."""
        sums: defaultdict[str, int] = defaultdict(int)
        for (source, kind), amount in self.sums.items():
            if source != "counterpart":
                sums[kind] += amount
        kept = sums["settled"] if sums["settled"] or sums["released"] else sums["accepted"]
        return sums["prepaid"] + sums["paid"] - sums["recovered"] - kept


def retell(session: Session, *, after: int = 0, until: int = LARGEST_ID) -> Iterator[Retold]:
    """Tell the money of the projects whose ids lie above `after` and up to `until`, in the order of their ids."""
    statement = _EVENTS[session.get_bind().dialect.name]
    pages = session.connection().execute(statement, {"after": after, "until": until}).partitions(PAGE)
    for project_id, events in groupby((row for page in pages for row in page), key=itemgetter(0)):
        told = Retold(project_id)
        for _, event_id, body in events:
            told.events += 1
            try:
                said = body if isinstance(body, str) else str(body, "utf-8")
                if _may_tell(said):
                    told.take(event_id, _decode(said))
            except (ValueError, KeyError, TypeError, AttributeError):
                # A damaged body is a find of `dean verify`; here its money is missing, and the sums will differ.
                told.unread.append(event_id)
        yield told


_decode = json.JSONDecoder().decode


def _may_tell(body: str) -> bool:
    """Is there anything in a body that is taken? Half of all steps move no money, and decoding is most of the work.

    What does not look like a body at all is decoded, and told of. The names are written out: a loop takes thrice as
    long.
    """
    return (
        '"money_entry"' in body
        or '"programme_id"' in body
        or '"plan_year"' in body
        or '"content_no"' in body
        or '"adjustment"' in body
        or '"reverts"' in body
        or '"recovery_due"' in body
        or not (body.startswith('{"action":') and body.endswith("}}"))
    )


def _events(body: str) -> Any:
    sql = f"""
        SELECT subject_id, id, {body} AS body FROM event
        WHERE subject_kind = 'project' AND subject_id > :after AND subject_id <= :until ORDER BY subject_id, seq"""
    return text(sql).execution_options(yield_per=PAGE)


#: SQLite keeps what was written: bytes that are no UTF-8 would stop the driver, so they are decoded event by event.
_EVENTS = {"sqlite": _events("CAST(body AS BLOB)"), "postgresql": _events("body")}
