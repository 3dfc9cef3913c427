"""Bulk approval: one decision number over a list of projects, all or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlmodel import Session

from models.append import SELF, Draft, Origin, append
from models.deadlines import move_clocks
from models.decision_rows import entered_again, line_row, to_enter_again
from models.ledger import Advanced, advanced, draft_all, taken
from models.loading import Loaded, load_projects
from models.papers import paper_lines
from models.plan.lines import outside_the_plan
from models.rulebook import rulebook
from states.actions import Action, Entry
from states.facts import Enclosure, Order, Person
from states.folding import nfc
from states.refusal import Refused
from states.steps.terms import BY_APPROVER
from states.vocabulary import Authority, MoneyKind, Source
from states.words import format_dong


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One line of the annex. `amounts` in đồng per source; what is not given is approved as appraised.

    `override` is the reason to go above the support ceiling; the decision itself is what allows it. `seen_version` is
    the version of the project that the person looked at; None where nobody says.
    """

    code: str
    amounts: Mapping[Source, int] = field(default_factory=dict)
    note: str = ""
    override: str = ""
    seen_version: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """A decision as printed. `total` is the state support of *our* lines, `annex_total` the printed grand total.

    `counterpart_total` is what the annex prints as the counterpart of our lines; None where nobody compares it.
    """

    number: str
    decided_on: date
    signer: str
    total: int
    authority: Authority | None = None
    annex_total: int | None = None
    papers: tuple[Enclosure, ...] = ()
    counterpart_total: int | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """What a bulk approval wrote: the decision's id, its total in đồng, and each project's step."""

    decision_id: int
    number: str
    total: int
    projects: tuple[Advanced, ...]


def approve(
    session: Session,
    lines: Sequence[ApprovalLine],
    paper: DecisionPaper,
    *,
    by: Person,
    at: datetime,
    door: str = "system",
    os_user: str = "",
    plan: int | None = None,
    plan_year: int | None = None,
) -> Approved:
    """Approve every project of a list under one decision, or raise Refused with every reason of every line.

    Once a plan is proposed only its lines are approved; `plan` is the plan by whose own step this happens, and
    `plan_year` its year: the work of its lines belongs to that year, also where the decision is signed in December.

    The state support of the lines must equal the decision's total to the đồng. The decision row comes first,
    then the projects in the order of their ids, all in the caller's transaction.

    Basis: TT 36/2013/TT-BCT Điều 6; Decision 3082/QĐ-UBND VI.1.
    """
    paper = replace(paper, number=" ".join(nfc(paper.number).split()))
    loaded = _load(session, lines)
    authority = _authority(paper, loaded.values())
    again = to_enter_again(session, paper.number, paper.decided_on, authority, [item.id for item in loaded.values()])
    orders = {line.code: _order(line, paper, authority, by, at, plan_year) for line in lines}
    book = rulebook(session)
    drafts, warnings, reasons = draft_all(session, loaded, orders, book)
    total = sum(_support(loaded[line.code], line) for line in lines)
    if plan is None:
        reasons += outside_the_plan(session, loaded.values())
    if total != paper.total:
        reasons.append(
            f"Tổng hỗ trợ của {len(lines)} dòng là {format_dong(total)}, quyết định ghi {format_dong(paper.total)}, "
            f"chênh lệch {format_dong(abs(total - paper.total))}; hãy đối chiếu từng dòng với phụ lục."
        )
    counterpart = sum(_counterpart(loaded[line.code], line) for line in lines)
    if paper.counterpart_total not in (None, counterpart):
        reasons.append(
            f"Tổng đối ứng của {len(lines)} dòng là {format_dong(counterpart)}, phụ lục ghi "
            f"{format_dong(paper.counterpart_total or 0)}; hãy đối chiếu từng dòng với phụ lục."
        )
    if paper.annex_total is not None and paper.annex_total < paper.total:
        reasons.append(
            f"Tổng cộng của cả phụ lục {format_dong(paper.annex_total)} nhỏ hơn tổng của tỉnh "
            f"{format_dong(paper.total)}; hãy kiểm tra lại hai số."
        )
    if reasons:
        raise Refused(*reasons)
    origin = Origin(at, by.id, door, os_user)
    decision_id = _write_decision(session, lines, loaded, paper, authority, origin, again, plan)
    for draft in drafts.values():
        draft.more["decision"] = decision_id
    written = append(session, list(drafts.values()), origin)
    events = dict(zip(drafts, written, strict=True))
    moves = [
        (loaded[code].id, taken(loaded[code], Action.APPROVE, drafts[code], event)) for code, event in events.items()
    ]
    move_clocks(session, moves, book)
    projects = tuple(
        advanced(loaded[code], Action.APPROVE, drafts[code], event, warnings[code]) for code, event in events.items()
    )
    return Approved(decision_id, paper.number, total, projects)


def _load(session: Session, lines: Sequence[ApprovalLine]) -> dict[str, Loaded]:
    if not lines:
        raise Refused("Danh mục phê duyệt trống; hãy ghi ít nhất một mã đề án.")
    twice = [code for code, times in Counter(line.code for line in lines).items() if times > 1]
    loaded = load_projects(session, list({line.code for line in lines}), lock=True)
    unknown = [line.code for line in lines if line.code not in loaded]
    reasons = [f"{code}: ghi hai lần trong danh mục; hãy bỏ một dòng." for code in twice]
    reasons += [f"{code}: không có đề án này; hãy kiểm tra mã (dean project search)." for code in unknown]
    if reasons:
        raise Refused(*reasons)
    return loaded


def _authority(paper: DecisionPaper, loaded: Iterable[Loaded]) -> Authority:
    """The body that decides. A list over both routes has two, so it cannot be one decision."""
    possible = {authority for project in loaded for authority in BY_APPROVER[project.facts.route]}
    if paper.authority is not None:
        return paper.authority
    if len(possible) > 1:
        raise Refused(
            "Danh mục có cả đề án địa phương và quốc gia; hãy tách thành hai quyết định, "
            "UBND tỉnh cho đề án địa phương và Bộ Công Thương cho đề án quốc gia."
        )
    return possible.pop()


def _order(
    line: ApprovalLine, paper: DecisionPaper, authority: Authority, by: Person, at: datetime, plan_year: int | None
) -> Order:
    return Order(
        action=Action.APPROVE,
        by=by,
        at=at,
        decided_on=paper.decided_on,
        authority=authority,
        number=paper.number,
        signer=paper.signer,
        note=line.note,
        amounts=line.amounts,
        override=line.override,
        seen_version=line.seen_version,
        listed_year=plan_year,
    )


def _support(project: Loaded, line: ApprovalLine) -> int:
    """State support that the line grants, in đồng."""
    fund = project.facts.fund
    return line.amounts.get(fund, project.facts.amount(MoneyKind.APPRAISED))


def _counterpart(project: Loaded, line: ApprovalLine) -> int:
    """What others pay beside the grant, in đồng."""
    return line.amounts.get(Source.COUNTERPART, project.facts.amount(MoneyKind.APPRAISED, Source.COUNTERPART))


def _write_decision(
    session: Session,
    lines: Sequence[ApprovalLine],
    loaded: Mapping[str, Loaded],
    paper: DecisionPaper,
    authority: Authority,
    origin: Origin,
    again: int | None,
    plan: int | None,
) -> int:
    rows = [row for line in lines for row in _lines(loaded[line.code], line)]
    more: dict[str, object] = {} if plan is None else {"plan": plan}
    if again is not None:
        draft = entered_again(session, again, rows, paper.total)
        draft.more |= more
        append(session, [draft], origin)
        return again
    values = {
        "number": paper.number,
        "decided_on": paper.decided_on,
        "signer": paper.signer,
        "authority": str(authority),
        "total": paper.total,
        "annex_total": paper.annex_total,
    }
    draft = Draft(
        "decision",
        str(Entry.OPEN),
        set=values,
        lines={"decision_line": rows, "paper": paper_lines("decision", SELF, paper.papers, {})},
        decided_on=paper.decided_on,
        authority=str(authority),
        number=paper.number,
        signer=paper.signer,
        more=more,
    )
    return append(session, [draft], origin)[0].subject_id


def _lines(project: Loaded, line: ApprovalLine) -> list[dict[str, object]]:
    appraised = {
        source: project.facts.amount(MoneyKind.APPRAISED, source) for source in (project.facts.fund, Source.COUNTERPART)
    }
    granted = appraised | dict(line.amounts)
    return [line_row(project.id, source, amount, line.note) for source, amount in granted.items() if amount]
