"""Contracts as rows: opened with the first project that signs, joined by the next, changed by annexes, taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from models.append import SELF, Draft, Origin, append
from models.chain import plain
from models.loading import Loaded, day_of
from models.papers import paper_lines
from models.queries.letterheads import letterhead
from models.statement import Statement
from models.subjects import row_of
from states.actions import Entry
from states.facts import Enclosure
from states.folding import fold
from states.refusal import Refused
from states.vocabulary import Authority, MoneyKind, Route, Source
from states.words import format_date

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContractHead:
    """A contract as printed on its first page. Parties left empty are the deciding body and the executing unit."""

    number: str
    signed_on: date
    signer: str
    authority: Authority
    route: Route
    unit_id: int
    party_a: str = ""
    party_b: str = ""
    papers: tuple[Enclosure, ...] = ()


def contract_lines(entries: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The lines that a contract gets from the entries of a project: what it contracts, adds or takes back."""
    return [
        {key: row[key] for key in ("project_id", "source", "amount", "direction")}
        for row in entries
        if row["kind"] == MoneyKind.CONTRACTED
    ]


def enter(session: Session, head: ContractHead, rows: list[Row], origin: Origin) -> int:
    """Write projects under a contract, opening it when its number is new, and return its id.

    Raises Refused when the number is known on another day, with another unit or on the other route: numbers start
    anew each year (Nghị định 30/2020/NĐ-CP), so that is a mistake of typing.
    """
    known = _known(session, head)
    if known is None:
        return append(session, [_opened(session, head, rows)], origin)[0].subject_id
    append(session, [changed(session, known.id, rows, _head_values(session, head) if known.is_empty else {})], origin)
    return known.id


class _Known(NamedTuple):
    """A contract that has this number. An empty one was taken back as a whole, so its number is free again."""

    id: int
    is_empty: bool


def _known(session: Session, head: ContractHead) -> _Known | None:
    if session.get_bind().dialect.name == "postgresql":
        # Two people who enter one new contract share no row yet; the ledger's counter must stay free for others.
        key = f"contract {head.authority} {fold(head.number)}"
        session.connection().execute(_ONE_AT_A_TIME, {"key": key})
    same = [
        row
        for row in _OF_AUTHORITY.rows(session, authority=str(head.authority))
        if fold(row.number) == fold(head.number) and str(row.signed_on)[:4] == f"{head.signed_on:%Y}"
    ]
    if not same:
        return None
    [row] = same
    signed_on = day_of(row.signed_on)
    if not row.projects or (signed_on, row.route, row.unit_id) == (head.signed_on, str(head.route), head.unit_id):
        return _Known(int(row.id), not row.projects)
    assert signed_on is not None
    raise Refused(
        f"Đã có hợp đồng {row.number} ngày {format_date(signed_on)} với {row.unit} ({Route(row.route).label.lower()}); "
        "mỗi số chỉ dùng cho một hợp đồng trong năm. Hãy kiểm tra số, ngày ký và đơn vị thực hiện."
    )


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_OF_AUTHORITY = Statement("""
    SELECT c.id, c.number, c.signed_on, c.route, c.unit_id, u.name AS unit,
           (SELECT count(*) FROM project AS p WHERE p.contract_id = c.id) AS projects
    FROM contract AS c JOIN unit AS u ON u.id = c.unit_id WHERE c.authority = :authority""")


def _opened(session: Session, head: ContractHead, rows: list[Row]) -> Draft:
    return Draft(
        "contract",
        str(Entry.OPEN),
        set=_head_values(session, head) | {"total": _support(rows)},
        lines={
            "contract_line": [row | {"contract_id": SELF} for row in rows],
            "paper": paper_lines("contract", SELF, head.papers, {}),
        },
        decided_on=head.signed_on,
        authority=str(head.authority),
        number=head.number,
        signer=head.signer,
    )


def _head_values(session: Session, head: ContractHead) -> dict[str, Any]:
    return {
        "number": head.number,
        "signed_on": head.signed_on,
        "signer": head.signer,
        "authority": str(head.authority),
        "route": str(head.route),
        "unit_id": head.unit_id,
        "party_a": head.party_a or letterhead(session, head.authority, head.signed_on.isoformat()).name,
        "party_b": head.party_b or _UNIT.one(session, id=head.unit_id).name,
    }


_UNIT = Statement("SELECT name FROM unit WHERE id = :id")


def changed(
    session: Session, contract_id: int, rows: list[Row], head: Mapping[str, Any] = MappingProxyType({})
) -> Draft:
    """The event that adds lines to a contract or takes them back, and writes its first page anew where it was empty.

    The caller holds the lock of the contract.
    """
    row = row_of(session, "contract", contract_id, lock=True)
    values = {**head, "total": row["total"] + _support(rows)}
    set_ = {column: value for column, value in values.items() if plain(row[column]) != plain(value)}
    return Draft(
        "contract",
        str(Entry.CORRECT),
        contract_id,
        row["version"],
        row["previous"],
        set=set_,
        was={column: row[column] for column in set_},
        lines={"contract_line": [line | {"contract_id": contract_id} for line in rows]},
    )


def _support(rows: Sequence[Row]) -> int:
    """State support of lines, in đồng."""
    return sum(row["amount"] * row["direction"] for row in rows if row["source"] != Source.COUNTERPART)


def head_of(loaded: Loaded, authority: Authority, number: str, signed_on: date, signer: str) -> ContractHead:
    """The contract that a project signs by itself, with the usual parties."""
    return ContractHead(number, signed_on, signer, authority, loaded.facts.route, loaded.facts.unit_id)
