"""Contracts: sign one over several projects at once, and read what each holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.append import Draft, Origin, append
from models.companions import join_contract
from models.contract_rows import ContractHead, contract_lines, enter
from models.deadlines import move_clocks
from models.ledger import Advanced, advanced, draft_all, taken
from models.loading import Loaded, day_of, load_projects
from models.rulebook import rulebook
from models.stale import refuse_stale
from models.statement import Statement
from states.actions import Action
from states.facts import Enclosure, Order, Person
from states.folding import nfc
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Authority, Source
from states.words import format_dong


@dataclass(frozen=True, slots=True)
class ContractedProject:
    """One project of a contract. `amounts` in đồng per source; what is not given is contracted as approved.

    `seen_version` is the version that the person looked at; None where nobody says.
    """

    code: str
    amounts: Mapping[Source, int] = field(default_factory=dict)
    note: str = ""
    seen_version: int | None = None


@dataclass(frozen=True, slots=True)
class ContractPaper:
    """A contract as printed. `total` is the state support of all its projects; None where it prints no total."""

    number: str
    signed_on: date
    signer: str
    total: int | None = None
    party_a: str = ""
    party_b: str = ""
    papers: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signing wrote: the contract's id, its number, the state support signed now in đồng, each step."""

    contract_id: int
    number: str
    total: int
    projects: tuple[Advanced, ...]


def sign(
    session: Session,
    lines: Sequence[ContractedProject],
    paper: ContractPaper,
    *,
    by: Person,
    at: datetime,
    door: str = "system",
    os_user: str = "",
) -> Signed:
    """Sign one contract over one or several projects, or raise Refused with every reason of every project.

    All or nothing. The projects must be of one route and one executing unit; each signs within its approval and
    with its beneficiary named. The contract comes first, then the projects in the order of their ids.

    Basis: TT 36/2013/TT-BCT Điều 15; domain notes §2.2, S8.
    """
    paper = replace(paper, number=" ".join(nfc(paper.number).split()))
    loaded = _load(session, lines)
    book = rulebook(session)
    orders = {line.code: _order(line, paper, by, at) for line in lines}
    for line in lines:
        refuse_stale(session, loaded[line.code], line.seen_version)
    drafts, warnings, reasons = draft_all(session, loaded, orders, book)
    total = sum(row["amount"] for draft in drafts.values() for row in _support(draft))
    if not reasons and paper.total is not None and total != paper.total:
        reasons.append(
            f"Tổng hỗ trợ của {len(lines)} đề án là {format_dong(total)}, hợp đồng ghi {format_dong(paper.total)}, "
            f"chênh lệch {format_dong(abs(total - paper.total))}; hãy đối chiếu từng đề án với hợp đồng."
        )
    if reasons:
        raise Refused(*reasons)
    origin = Origin(at, by.id, door, os_user)
    rows = [row for draft in drafts.values() for row in contract_lines(draft.lines["money_entry"])]
    contract_id = enter(session, _head(paper, loaded.values()), rows, origin)
    for code, draft in drafts.items():
        join_contract(draft, loaded[code], contract_id)
    written = dict(zip(drafts, append(session, list(drafts.values()), origin), strict=True))
    moves = [
        (loaded[code].id, taken(loaded[code], Action.SIGN_CONTRACT, drafts[code], event))
        for code, event in written.items()
    ]
    move_clocks(session, moves, book)
    projects = tuple(
        advanced(loaded[code], Action.SIGN_CONTRACT, drafts[code], event, warnings[code])
        for code, event in written.items()
    )
    return Signed(contract_id, paper.number, total, projects)


def _load(session: Session, lines: Sequence[ContractedProject]) -> dict[str, Loaded]:
    if not lines:
        raise Refused("Hợp đồng chưa có đề án nào; hãy ghi ít nhất một mã đề án.")
    twice = [code for code, times in Counter(line.code for line in lines).items() if times > 1]
    loaded = load_projects(session, list({line.code for line in lines}), lock=True)
    unknown = [line.code for line in lines if line.code not in loaded]
    reasons = [f"{code}: ghi hai lần trong hợp đồng; hãy bỏ một dòng." for code in twice]
    reasons += [f"{code}: không có đề án này; hãy kiểm tra mã (dean project search)." for code in unknown]
    if len({(project.facts.route, project.facts.unit_id) for project in loaded.values()}) > 1:
        reasons.append("Một hợp đồng chỉ gồm đề án cùng tuyến, cùng đơn vị thực hiện; hãy tách thành nhiều hợp đồng.")
    if reasons:
        raise Refused(*reasons)
    return loaded


def _order(line: ContractedProject, paper: ContractPaper, by: Person, at: datetime) -> Order:
    return Order(
        action=Action.SIGN_CONTRACT,
        by=by,
        at=at,
        decided_on=paper.signed_on,
        number=paper.number,
        signer=paper.signer,
        note=line.note,
        amounts=line.amounts,
        papers=paper.papers,
    )


def _support(draft: Draft) -> list[dict[str, Any]]:
    return [row for row in contract_lines(draft.lines["money_entry"]) if row["source"] != Source.COUNTERPART]


def _head(paper: ContractPaper, loaded: Iterable[Loaded]) -> ContractHead:
    first, step = next(iter(loaded)), STEP[Action.SIGN_CONTRACT]
    [authority] = step.authorities[first.facts.route]
    return ContractHead(
        paper.number,
        paper.signed_on,
        paper.signer,
        authority,
        first.facts.route,
        first.facts.unit_id,
        paper.party_a,
        paper.party_b,
        paper.papers,
    )


def contract_list(session: Session, *, year: int | None = None) -> list[dict[str, Any]]:
    """Contracts with the number of their projects and their state support in đồng, newest first."""
    rows = [row for row in _CONTRACTS.rows(session) if year is None or str(row.signed_on)[:4] == str(year)]
    return [_head_read(row) for row in rows]


_CONTRACTS = Statement("""
    SELECT c.*, u.name AS unit, (SELECT count(*) FROM project AS p WHERE p.contract_id = c.id) AS projects
    FROM contract AS c JOIN unit AS u ON u.id = c.unit_id ORDER BY c.signed_on DESC, c.id DESC""")


def _head_read(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "signed_on": day_of(row.signed_on),
        "signer": row.signer,
        "authority": Authority(row.authority),
        "route": row.route,
        "unit": row.unit,
        "unit_id": row.unit_id,
        "party_a": row.party_a,
        "party_b": row.party_b,
        "total": row.total,
        "projects": row.projects,
    }


def contract_of(session: Session, number: str, year: int | None = None) -> dict[str, Any]:
    """One contract by its number, with the projects in it. Raises Refused for an unknown or ambiguous number."""
    wanted = " ".join(nfc(number).split())
    same = [found for found in contract_list(session, year=year) if found["number"] == wanted]
    if not same:
        raise Refused(f"Không có hợp đồng số «{wanted}»; hãy xem dean contract list.")
    if len(same) > 1:
        years = ", ".join(f"{found['signed_on']:%Y}" for found in same)
        raise Refused(f"Có {len(same)} hợp đồng số «{wanted}» (năm {years}); hãy ghi thêm --year.")
    [contract] = same
    lines = [row._asdict() for row in _LINES.rows(session, id=contract["id"])]
    return contract | {"lines": [line | {"amount": int(line["amount"])} for line in lines]}


_LINES = Statement("""
    SELECT p.code, p.name, p.stage, l.source, CAST(sum(l.amount * l.direction) AS BIGINT) AS amount
    FROM contract_line AS l JOIN project AS p ON p.id = l.project_id WHERE l.contract_id = :id
    GROUP BY p.code, p.name, p.stage, l.source HAVING sum(l.amount * l.direction) <> 0 ORDER BY p.code, l.source""")
