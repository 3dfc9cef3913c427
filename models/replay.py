"""Rebuild rows from what the events say. Nothing here is shared with the code that wrote them.

Pure functions over plain values: `models.verify` reads the rows and compares them with what is rebuilt here.
A mistake of the writer would be repeated by its own code, so hashing, encoding and folding are written again.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlmodel import SQLModel

from models.problem import Finding, Key, Problem, Row, columns_of, differs, named, shown
from models.tables import BALANCES, LINES, SUBJECTS
from states.actions import Entry
from states.folding import fold
from states.machine import all_edges, stage_pairs
from states.vocabulary import STATE_FUND, Source, Stage

SUBJECT_TABLES = tuple(str(table.__tablename__) for table in SUBJECTS)
LINE_TABLES = tuple(str(table.__tablename__) for table in LINES)
BALANCE_TABLES = tuple(str(table.__tablename__) for table in BALANCES)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: columns_of(table) for table in ("event", *SUBJECT_TABLES, *LINE_TABLES, *BALANCE_TABLES)
}
#: Columns that hold 64-bit integers; all others hold text.
_INTEGERS: Mapping[str, frozenset[str]] = {
    table: frozenset(
        c.name for c in SQLModel.metadata.tables[table].columns if isinstance(c.type, BigInteger | Integer)
    )
    for table in COLUMNS
}
_REQUIRED: Mapping[str, frozenset[str]] = {
    table: frozenset(c.name for c in SQLModel.metadata.tables[table].columns if not c.nullable) - {"event_id", "line"}
    for table in LINE_TABLES
}
#: Of each balance: the entries it sums, the column it sums by, and the column that is summed.
_BALANCES = {
    "funding": ("money_entry", "source", "amount"),
    "contribution": ("quantity_entry", "target_code", "quantity"),
}

_RENAMED = {"subject_kind": "kind", "subject_id": "subject", "from_stage": "from", "to_stage": "to"}
#: Columns of an event and the key of its body that each repeats.
_REPEATED = tuple((c, _RENAMED.get(c, c)) for c in COLUMNS["event"] if c not in ("body", "hash"))
_STORED = itemgetter(*(column for column, _ in _REPEATED))
_SAID = itemgetter(*(key for _, key in _REPEATED))
_TEXT, _OPTIONAL_TEXT = (str,), (str, type(None))
#: What a body holds, and the types that each of its values may have.
_BODY: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("form", "id", "subject", "seq"), (int,)),
    **dict.fromkeys(("kind", "previous", "action", "recorded_at", "door", "os_user"), _TEXT),
    **dict.fromkeys(("number", "signer", "note"), _TEXT),
    **dict.fromkeys(("from", "to", "decided_on", "authority"), _OPTIONAL_TEXT),
    "recorded_by": (int, type(None)),
    **dict.fromkeys(("set", "was", "more", "lines"), (dict,)),
}
_VALUES = itemgetter(*_BODY)
_FORMS = (1,)
_NO_PREVIOUS = "0" * 64

EDGES = frozenset((action, source and str(source), str(target)) for action, source, target in all_edges())
_PAIRS = {(str(state), str(stage)) for state, stage in stage_pairs()}
#: Columns that hold the folded text of others, for search.
_FOLDED = {"project": ("search_text", ("code", "name", "objectives"))}
#: Of subjects other than projects.
_ENTRIES = frozenset(str(entry) for entry in Entry if entry is not Entry.BRING_IN)
_FUND_OF = {str(route): str(source) for route, source in STATE_FUND.items()}
_CLOSED = frozenset(map(str, (Stage.SETTLED, Stage.STOPPED, Stage.RECOVERING, Stage.RECOVERED, Stage.WRITTEN_OFF)))
_CASH_BALANCED = frozenset({str(Stage.SETTLED), str(Stage.RECOVERED)})


@dataclass(slots=True)
class Replayed:
    """One subject as its events tell it: its row, the lines they wrote and, for a project, its balances.

    `whole` is False when an event could not be read: then the row cannot be rebuilt, only the other events' lines.
    """

    kind: str
    id: int
    whole: bool = True
    version: int = 0
    last_event_id: int = 0
    stage: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, dict[Key, Row]] = field(default_factory=dict)
    sums: dict[str, dict[str, dict[str, int]]] = field(default_factory=lambda: {table: {} for table in _BALANCES})
    events: list[int] = field(default_factory=list)

    def take(self, event_id: int, body: Mapping[str, Any]) -> None:
        """Apply one event."""
        self.version, self.last_event_id, self.stage = body["seq"], body["id"], body["to"]
        self.events.append(event_id)
        self.columns.update(body["set"])
        for table, rows in body["lines"].items():
            kept = self.lines.setdefault(table, {})
            for line, row in enumerate(rows, start=1):
                full = row | {"event_id": event_id, "line": line}
                kept[event_id, line] = tuple(map(full.get, COLUMNS[table]))
        if self.kind == "project":
            self._add_up(body)

    def _add_up(self, body: Mapping[str, Any]) -> None:
        if self.version == 1 and (fund := _FUND_OF.get(self.columns.get("route", ""))):
            # A project is opened with a row for each of its own sources, also where nothing was asked.
            self.sums["funding"] = {fund: {}, str(Source.COUNTERPART): {}}
        for table, (entries, by, value) in _BALANCES.items():
            for row in body["lines"].get(entries, ()):
                sums = self.sums[table].setdefault(row[by], {})
                sums[row["kind"]] = sums.get(row["kind"], 0) + row[value] * row["direction"]

    def row(self) -> Row:
        full = self.columns | {"id": self.id, "version": self.version, "last_event_id": self.last_event_id}
        return tuple(map(full.get, COLUMNS[self.kind]))

    def balances(self, table: str) -> dict[Key, Row]:
        """What the balance rows of a project must be; columns that are no sum repeat the project's."""
        _, by, _ = _BALANCES[table]
        unmoved = dict.fromkeys(COLUMNS[table], 0) | self.columns
        return {
            (self.id, name): tuple(map((unmoved | sums | {"project_id": self.id, by: name}).get, COLUMNS[table]))
            for name, sums in self.sums[table].items()
        }


def replay(kind: str, subject_id: int, rows: Sequence[Mapping[str, Any]]) -> Finding[Replayed]:
    """Follow the chain of one subject, its events in order, and return what they say."""
    subject = Replayed(kind, subject_id, whole=kind in SUBJECT_TABLES)
    if not subject.whole:
        yield _wrong(rows[0], f"không có loại hồ sơ {shown(kind)}; sự kiện này không do sổ ghi")
    seq, previous = 0, _NO_PREVIOUS
    for row in rows:
        if row["seq"] != seq + 1:
            yield _wrong(row, f"sau số thứ tự {seq} phải là {seq + 1}; có sự kiện bị xóa hoặc chèn ở giữa")
        digest = _digest(row["body"])
        body = yield from _read(row, digest)
        if body is None:
            subject.whole = False
        else:
            if body["previous"] != previous:
                yield _wrong(row, "không nối với sự kiện trước của hồ sơ; sự kiện trước đã bị sửa, xóa hoặc chèn")
            if subject.whole:
                yield from _follows(row, body, subject)
            subject.take(row["id"], body)
            if subject.whole:
                yield from _arrives(row, subject)
        seq, previous = row["seq"], digest
    if subject.whole:
        yield from _sums_up(subject)
    return subject


def _read(row: Mapping[str, Any], digest: str) -> Finding[dict[str, Any] | None]:
    """Check one stored event by itself: hash, canonical form, and the columns that repeat the body."""
    if digest != row["hash"]:
        yield _wrong(row, "nội dung không khớp với mã băm; nội dung hoặc mã băm đã bị sửa")
    body: dict[str, Any]
    try:
        body = _decoder.decode(row["body"])
    except (ValueError, RecursionError):
        yield _wrong(row, "nội dung không đọc được; cột body đã bị sửa")
        return None
    if not _is_well_formed(body):
        yield _wrong(row, "nội dung không đúng mẫu của sổ; cột body đã bị sửa")
        return None
    if _encoder.encode(body) != row["body"] or not unicodedata.is_normalized("NFC", row["body"]):
        yield _wrong(row, "nội dung không ở dạng chuẩn; cột body đã bị sửa")
    if _STORED(row) != _SAID(body):
        for column, key in _REPEATED:
            if row[column] != body[key]:
                yield differs("event", (row["id"],), column, row[column], body[key])
    return body


def _refuse_number(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")


_decoder = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_well_formed(body: Any) -> bool:
    """Is the body made as the ledger makes bodies? What follows may then rely on its keys and types."""
    if not isinstance(body, dict) or body.keys() != _BODY.keys() or body["form"] not in _FORMS:
        return False
    return (
        _are_typed(tuple(map(type, _VALUES(body))))
        and body["kind"] in SUBJECT_TABLES
        and _fits(body["kind"], body["set"])
        and _fits(body["kind"], body["was"])
        and all(table in LINE_TABLES and _are_lines(table, rows) for table, rows in body["lines"].items())
    )


@lru_cache(maxsize=1_000)
def _are_typed(types: tuple[type, ...]) -> bool:
    return all(found in allowed for found, allowed in zip(types, _BODY.values(), strict=True))


def _are_lines(table: str, rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and _fits(table, row, _REQUIRED[table]) for row in rows)


def _fits(table: str, values: Mapping[str, Any], required: frozenset[str] = frozenset()) -> bool:
    """Columns of this table, each with a value that it can hold."""
    return _fits_types(table, tuple(values), tuple(map(type, values.values())), required)


@lru_cache(maxsize=10_000)
def _fits_types(table: str, columns: tuple[str, ...], types: tuple[type, ...], required: frozenset[str]) -> bool:
    """Bodies have few shapes, so each shape is judged once."""
    integers = _INTEGERS[table]
    return required <= set(columns) <= set(COLUMNS[table]) and all(
        found is (int if column in integers else str) or (found is type(None) and column not in required)
        for column, found in zip(columns, types, strict=True)
    )


def _follows(row: Mapping[str, Any], body: Mapping[str, Any], subject: Replayed) -> Iterator[Problem]:
    """Check an event against what stood before it."""
    first = subject.version == 0
    if subject.kind == "project":
        if (body["action"], body["from"], body["to"]) not in EDGES:
            yield _wrong(row, f"vòng đời không có bước {_step(body)}")
        if not first and body["action"] == Entry.BRING_IN and subject.columns.get("vouched_by") is None:
            yield _wrong(row, "ghi như sổ cũ trên đề án đã đi từng bước trong hệ thống")
    elif body["action"] not in _ENTRIES or (body["action"] == Entry.OPEN) != first or body["to"] or body["from"]:
        yield _wrong(row, f"loại hồ sơ này không có bước {_step(body)}")
    if body["from"] != subject.stage:
        yield _wrong(row, f"đi từ {shown(body['from'])} trong khi hồ sơ đang ở {shown(subject.stage)}")
    for column, value in body["was"].items():
        if subject.columns.get(column) != value:
            before = shown(subject.columns.get(column))
            yield _wrong(row, f"ghi giá trị cũ của {column} là {shown(value)}, các sự kiện trước ghi {before}")


def _step(body: Mapping[str, Any]) -> str:
    return f"{shown(body['action'])} từ {shown(body['from'])} đến {shown(body['to'])}"


def _arrives(row: Mapping[str, Any], subject: Replayed) -> Iterator[Problem]:
    """Check where an event of a project arrived: the columns it set say the same as its step."""
    if subject.kind != "project":
        return
    if subject.version == 1 and (row["action"] == Entry.BRING_IN) != (subject.columns.get("vouched_by") is not None):
        yield _wrong(row, "nói ai xác nhận (vouched_by) khác với cách đề án vào sổ")
    state, stage = subject.columns.get("state"), subject.columns.get("stage")
    if stage != subject.stage:
        yield _wrong(row, f"đến giai đoạn {shown(subject.stage)} nhưng đặt cột stage là {shown(stage)}")
    if (state, stage) not in _PAIRS:
        yield _wrong(row, f"để trạng thái {shown(state)} đi với giai đoạn {shown(stage)}; vòng đời không có cặp này")


def _sums_up(subject: Replayed) -> Iterator[Problem]:
    """Check what a subject's last row must satisfy as a whole."""
    if subject.kind in _FOLDED:
        column, sources = _FOLDED[subject.kind]
        expected = fold(" ".join(str(subject.columns.get(source)) for source in sources))
        if subject.columns.get(column) != expected:
            yield differs(subject.kind, (subject.id,), column, subject.columns.get(column), expected)
    if subject.kind in _KEPT:
        yield from _kept(subject)
    if subject.kind == "decision":
        yield from _decided(subject)
    if subject.kind == "project" and subject.stage in _CLOSED:
        yield from _closed(subject)


#: Subjects that keep texts under their SHA-256: which columns, or those of which lines.
_KEPT: Mapping[str, str | None] = {"report": None, "plan": "plan_version"}


def _kept(subject: Replayed) -> Iterator[Problem]:
    """What was signed or approved is the text that is kept: each has the hash that was printed under it."""
    table = _KEPT[subject.kind]
    rows: Iterable[tuple[tuple[int, ...], Mapping[str, Any]]] = [((subject.id,), subject.columns)]
    if table is not None:
        names = COLUMNS[table]
        rows = [(key, dict(zip(names, row, strict=True))) for key, row in subject.lines.get(table, {}).items()]
    for key, row in rows:
        found = hashlib.sha256(str(row["body"]).encode()).hexdigest()
        if found != row["sha256"]:
            yield differs(table or subject.kind, key, "sha256", row["sha256"], found)


def _decided(subject: Replayed) -> Iterator[Problem]:
    """A decision's total is the state support of its lines. Basis: design, "Approval"."""
    names = COLUMNS["decision_line"]
    lines = (dict(zip(names, row, strict=True)) for row in subject.lines.get("decision_line", {}).values())
    granted = sum(line["amount"] * line["direction"] for line in lines if line["source"] in _FUND_OF.values())
    if granted != subject.columns.get("total"):
        yield differs("decision", (subject.id,), "total", subject.columns.get("total"), granted)


def _closed(subject: Replayed) -> Iterator[Problem]:
    """The two equations that close per source. Basis: design §9, "Money"."""
    for source in map(str, Source):
        sums = subject.sums["funding"].get(source, {})

        def added(*kinds: str, sums: Mapping[str, int] = sums) -> int:
            return sum(sums.get(kind, 0) for kind in kinds)

        equations = [(("approved", "adjusted"), ("settled", "released"))]
        if subject.stage in _CASH_BALANCED:
            equations.append((("prepaid", "paid"), ("settled", "recovered")))
        for left, right in equations:
            if added(*left) != added(*right):
                what = (
                    f"{' + '.join(left)} là {added(*left)} đồng, {' + '.join(right)} là {added(*right)} đồng; "
                    "hai vế phải bằng nhau khi đề án đã kết thúc."
                )
                yield Problem("funding", named("funding", (subject.id, source)), what)


def _wrong(row: Mapping[str, Any], what: str) -> Problem:
    subject = f"sự kiện số thứ tự {row['seq']} của {row['subject_kind']} {row['subject_id']}"
    return Problem("event", named("event", (row["id"],)), f"{subject}: {what}.")
