"""Append events and apply what they say. Nothing else in the project writes a guarded table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlmodel import Session, SQLModel

from models.chain import FORM, GENESIS, canonical, digest, plain
from models.searching import refresh
from models.statement import Statement
from models.tables import BALANCES, LINES, SUBJECTS
from states.effects import QuantityKind
from states.vocabulary import MoneyKind

#: Stands in a line for the id of the event's own subject, which is not known before the event has its number.
SELF = "$self"

_SUBJECT_TABLES: Mapping[str, str] = {str(t.__tablename__): str(t.__tablename__) for t in SUBJECTS}
_COLUMNS: Mapping[str, frozenset[str]] = {
    str(t.__tablename__): frozenset(SQLModel.metadata.tables[str(t.__tablename__)].columns.keys())
    for t in (*SUBJECTS, *LINES, *BALANCES)
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Who enters something, when, and through which door. At a terminal the name is a claim: the OS user is kept."""

    at: datetime
    by: int | None
    door: str = "system"
    os_user: str = ""


@dataclass(slots=True)
class Draft:
    """An event to be: what it sets on its subject, what was there before, and the lines it appends.

    `subject_id` None opens a new subject, whose id becomes the event's number. `more` holds what only this
    kind of event says (the event undone, the items missing). A project's event also names the sources and
    targets for which it is the first, so that their balances are opened.
    """

    kind: str
    action: str
    subject_id: int | None = None
    version: int = 0
    previous: str = GENESIS
    set: dict[str, Any] = field(default_factory=dict)
    was: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    opens_sources: tuple[str, ...] = ()
    opens_targets: tuple[str, ...] = ()
    from_stage: str | None = None
    to_stage: str | None = None
    decided_on: date | None = None
    authority: str | None = None
    number: str = ""
    signer: str = ""
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Appended:
    """The event written: its number, its subject, the subject's new version and the event's hash."""

    event_id: int
    subject_id: int
    seq: int
    hash: str


def append(session: Session, drafts: Sequence[Draft], origin: Origin) -> list[Appended]:
    """Number, chain and store events, then apply them to their subjects, lines and balances.

    The caller has judged them and holds their subjects' locks. One counter row numbers all events without
    gaps inside the same transaction; it is taken last, so that it is held only for the writing itself.
    """
    if not drafts:
        return []
    last: int = _NUMBERS.one(session, n=len(drafts)).last_event_id
    batch = _Batch()
    written = [batch.add(draft, last - len(drafts) + 1 + place, origin) for place, draft in enumerate(drafts)]
    batch.write(session)
    return written


_NUMBERS = Statement("UPDATE ledger_head SET last_event_id = last_event_id + :n WHERE id = 1 RETURNING last_event_id")


class _Batch:
    """Rows collected by statement, so that a decision over a thousand projects is a handful of statements."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.statements: dict[Statement, list[dict[str, Any]]] = {}
        #: Projects and beneficiaries whose names changed, and with them where they are found.
        self.renamed: dict[str, list[int]] = {"project": [], "beneficiary": []}

    def add(self, draft: Draft, event_id: int, origin: Origin) -> Appended:
        subject_id = event_id if draft.subject_id is None else draft.subject_id
        seq = draft.version + 1
        lines = {
            name: [{key: subject_id if item == SELF else plain(item) for key, item in row.items()} for row in rows]
            for name, rows in draft.lines.items()
            if rows
        }
        body = _body(draft, event_id, subject_id, seq, lines, origin)
        text_body = canonical(body)
        row = {column: body[key] for column, key in _EVENT_COLUMNS.items()}
        row["body"], row["hash"] = text_body, digest(text_body)
        self.events.append(row)
        self._subject(draft, event_id, subject_id, seq, body["set"])
        for name, rows in lines.items():
            self._lines(name, rows, event_id)
        if draft.kind == "project":
            self._balances(draft, subject_id, lines)
        if not _NAMES.isdisjoint(draft.set) or "project_beneficiary" in lines:
            self.renamed.get(draft.kind, []).append(subject_id)
        return Appended(event_id, subject_id, seq, row["hash"])

    def write(self, session: Session) -> None:
        _INSERT_EVENT.run(session, self.events)
        for statement, rows in self.statements.items():
            statement.run(session, rows)
        refresh(session, self.renamed["project"], self.renamed["beneficiary"])

    def _put(self, statement: Statement, row: dict[str, Any]) -> None:
        self.statements.setdefault(statement, []).append(row)

    def _subject(self, draft: Draft, event_id: int, subject_id: int, seq: int, values: dict[str, Any]) -> None:
        name = _SUBJECT_TABLES[draft.kind]
        row = values | {"id": subject_id, "version": seq, "last_event_id": event_id}
        make = _insert if draft.subject_id is None else _update
        self._put(make(name, tuple(sorted(row))), row)

    def _lines(self, name: str, rows: list[dict[str, Any]], event_id: int) -> None:
        for line, row in enumerate(rows, start=1):
            full = row | {"event_id": event_id, "line": line}
            self._put(_insert(name, tuple(sorted(full))), full)

    def _balances(self, draft: Draft, project_id: int, lines: dict[str, list[dict[str, Any]]]) -> None:
        """Keep the sums beside the entries: open rows for new sources and targets, add, follow the project."""
        for source in draft.opens_sources:
            self._put(_OPEN_FUNDING, {"project_id": project_id, "source": source})
        for target in draft.opens_targets:
            self._put(_OPEN_CONTRIBUTION, {"project_id": project_id, "target_code": target})
        for source, sums in _sums(lines.get("money_entry", ()), "source", "amount", _MONEY).items():
            self._put(_ADD_FUNDING, {"project_id": project_id, "source": source} | sums)
        for target, sums in _sums(lines.get("quantity_entry", ()), "target_code", "quantity", _QUANTITY).items():
            self._put(_ADD_CONTRIBUTION, {"project_id": project_id, "target_code": target} | sums)
        if draft.subject_id is not None and not _FOLLOWED.isdisjoint(draft.set):
            self._put(_FOLLOW_FUNDING, {"project_id": project_id})
            self._put(_FOLLOW_CONTRIBUTION, {"project_id": project_id})


def _sums(rows: Sequence[dict[str, Any]], by: str, value: str, kinds: tuple[str, ...]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        change = sums.setdefault(row[by], dict.fromkeys(kinds, 0))
        change[row["kind"]] += row[value] * row["direction"]
    return sums


_MONEY = tuple(str(kind) for kind in MoneyKind)
_QUANTITY = tuple(str(kind) for kind in QuantityKind)
#: Columns by which projects and their beneficiaries are found.
_NAMES = frozenset({"search_text", "folded_name", "tax_code"})
#: Columns of a project that its balances repeat, so that a roll-up needs no join.
_FOLLOWED = frozenset({"counted", "programme_id", "content_no", "plan_year"})


def _opening(table: str, key: str, shared: tuple[str, ...], sums: tuple[str, ...]) -> Statement:
    """Open a balance row of a project at zero, with what it repeats of the project."""
    columns = ", ".join(("project_id", key, *shared, *sums))
    values = ", ".join((f"id, :{key}", *shared, *("0" for _ in sums)))
    return Statement(f"INSERT INTO {table} ({columns}) SELECT {values} FROM project WHERE id = :project_id")


def _adding(table: str, key: str, sums: tuple[str, ...]) -> Statement:
    changes = ", ".join(f"{column} = {column} + :{column}" for column in sums)
    return Statement(f"UPDATE {table} SET {changes} WHERE project_id = :project_id AND {key} = :{key}")


def _following(table: str, shared: tuple[str, ...]) -> Statement:
    columns = ", ".join(f"{c} = (SELECT {c} FROM project WHERE id = :project_id)" for c in shared)
    return Statement(f"UPDATE {table} SET {columns} WHERE project_id = :project_id")


_FUNDING_SHARED = ("programme_id", "content_no", "plan_year", "counted")
_CONTRIBUTION_SHARED = ("programme_id", "plan_year", "counted")
_OPEN_FUNDING = _opening("funding", "source", _FUNDING_SHARED, _MONEY)
_OPEN_CONTRIBUTION = _opening("contribution", "target_code", _CONTRIBUTION_SHARED, _QUANTITY)
_ADD_FUNDING = _adding("funding", "source", _MONEY)
_ADD_CONTRIBUTION = _adding("contribution", "target_code", _QUANTITY)
_FOLLOW_FUNDING = _following("funding", _FUNDING_SHARED)
_FOLLOW_CONTRIBUTION = _following("contribution", _CONTRIBUTION_SHARED)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> Statement:
    _known(table, columns)
    return Statement(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(':' + c for c in columns)})")


@cache
def _update(table: str, columns: tuple[str, ...]) -> Statement:
    _known(table, columns)
    changes = ", ".join(f"{c} = :{c}" for c in columns if c != "id")
    return Statement(f"UPDATE {table} SET {changes} WHERE id = :id AND version = :version - 1")


def _known(table: str, columns: tuple[str, ...]) -> None:
    """Column names go into the SQL text, so only those of the tables may."""
    strange = set(columns) - _COLUMNS[table]
    if strange:
        raise KeyError(f"{table} has no columns {sorted(strange)}")


def _body(
    draft: Draft, event_id: int, subject_id: int, seq: int, lines: dict[str, Any], origin: Origin
) -> dict[str, Any]:
    body = {
        "form": FORM,
        "id": event_id,
        "kind": draft.kind,
        "subject": subject_id,
        "seq": seq,
        "previous": draft.previous,
        "action": draft.action,
        "from": draft.from_stage,
        "to": draft.to_stage,
        "decided_on": draft.decided_on,
        "recorded_at": origin.at,
        "recorded_by": origin.by,
        "door": origin.door,
        "os_user": origin.os_user,
        "authority": draft.authority,
        "number": draft.number,
        "signer": draft.signer,
        "note": draft.note,
        "set": draft.set,
        "was": draft.was,
        "more": draft.more,
    }
    written = plain(body)
    written["lines"] = lines
    return written  # type: ignore[no-any-return]


_EVENT_COLUMNS = {
    "id": "id",
    "subject_kind": "kind",
    "subject_id": "subject",
    "seq": "seq",
    "action": "action",
    "from_stage": "from",
    "to_stage": "to",
    "decided_on": "decided_on",
    "recorded_at": "recorded_at",
    "recorded_by": "recorded_by",
    "authority": "authority",
    "number": "number",
    "note": "note",
}
_INSERT_EVENT = Statement(
    f"INSERT INTO event ({', '.join(_EVENT_COLUMNS)}, body, hash) "
    f"VALUES ({', '.join(':' + column for column in _EVENT_COLUMNS)}, :body, :hash)"
)
