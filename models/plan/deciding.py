"""What is decided over a plan: the approval of its lines, the adjustments after it, and its close."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from models.decisions import ApprovalLine, Approved, DecisionPaper
from models.decisions import approve as decide
from models.plan.lines import Wanted, reasons_of_lines
from models.plan.rows import lines_of
from models.plan.scope import Section, members
from models.plan.standing import NOT_GRANTED, Standing, held_lines, load_plan
from models.plan.steps import Door, Letter, PlanTaken, refuse_letter, refuse_step, take
from models.queries.scope import Where
from states.lifecycle import ENDS, LEFT_THE_PLAN
from states.planning import PlanStep
from states.refusal import Refused
from states.steps.terms import BY_APPROVER
from states.vocabulary import STATE_FUND, Route, Source, Stage
from states.words import format_dong

Line = Mapping[str, Any]


def approve(
    session: Session,
    programme: str,
    year: int,
    route: Route,
    paper: DecisionPaper,
    *,
    door: Door,
    amounts: Mapping[str, Mapping[Source, int]] | None = None,
    leave_out: Collection[str] = (),
    overrides: Mapping[str, str] | None = None,
) -> PlanTaken:
    """Approve the plan and with it every line that is not approved yet, by one decision, all or nothing.

    A line is approved as the plan has it unless `amounts` (đồng by source) says otherwise, with the reason for which it
    was taken into the plan; `leave_out` are lines that the decision does not grant. Raises Refused with every reason.
    """
    plan = load_plan(session, programme, year, route)
    lines = held_lines(session, plan.key, plan.held)
    by_code = {line["code"]: line for line in lines}
    granted, above = dict(amounts or {}), dict(overrides or {})
    reasons = refuse_step(plan, PlanStep.APPROVE, door)
    reasons += [
        f"{code}: không có trong kế hoạch; hãy kiểm tra mã (dean plan show {plan.command})."
        for code in sorted({*granted, *leave_out, *above} - set(by_code))
    ]
    reasons += [
        f"{code}: đã được phê duyệt nên không để ngoài quyết định được; hãy bỏ --without."
        for code in leave_out
        if code in by_code and by_code[code]["approved"]
    ]
    reasons += _against_amounts({*granted, *above}, leave_out, by_code)
    letter = _letter(plan, paper)
    reasons += refuse_letter(session, plan, letter, door, needs=("number", "decided_on", "signer"))
    if reasons:
        raise Refused(*reasons)
    pending = [line for line in lines if not line["approved"] and line["code"] not in leave_out]
    whys = reasons_of_lines(session, plan.id) if plan.id else {}
    asked = [
        ApprovalLine(
            line["code"],
            _amounts(line) | dict(granted.get(line["code"], {})),
            note=whys.get(line["id"], ""),
            override=above.get(line["code"], ""),
        )
        for line in pending
    ]
    decision = _decide(session, plan, asked, lines, paper, door)
    out = {by_code[code]["id"]: Wanted({}, f"{NOT_GRANTED} {paper.number}") for code in leave_out}
    wanted, told = follow(session, replace(plan, held={at: held for at, held in plan.held.items() if at not in out}))
    return _taken(session, plan, PlanStep.APPROVE, door, decision, wanted=wanted | out, letter=letter, told=told)


def _against_amounts(typed: Collection[str], leave_out: Collection[str], lines: Mapping[str, Line]) -> list[str]:
    """Amounts and overrides that this decision would pass over in silence."""
    reasons = []
    for code in sorted(typed):
        if code in leave_out:
            reasons.append(f"{code}: vừa không duyệt (--without) vừa ghi số duyệt (--amount, --override); hãy giữ một.")
        elif code in lines and lines[code]["approved"]:
            reasons.append(
                f"{code}: đã được phê duyệt trước nên quyết định này không đổi số tiền; hãy bỏ --amount, --override."
            )
    return reasons


def _letter(plan: Standing, paper: DecisionPaper) -> Letter:
    return Letter(paper.number, paper.decided_on, paper.signer, authority=paper.authority or BY_APPROVER[plan.route][0])


def _amounts(line: Line) -> dict[Source, int]:
    return {Source(source): amount for source, amount in line["money"].items()}


def _decide(
    session: Session,
    plan: Standing,
    asked: Sequence[ApprovalLine],
    lines: Iterable[Line],
    paper: DecisionPaper,
    door: Door,
) -> Approved | None:
    """Approve lines under the decision; where all were approved before, only its total is held against them."""
    if asked:
        where: dict[str, Any] = {
            "door": door.door,
            "os_user": door.os_user,
            "plan": plan.id,
            "plan_year": plan.key.year,
        }
        return decide(session, asked, paper, by=door.by, at=door.at, **where)
    fund = str(STATE_FUND[plan.route])
    total = sum(line["money"].get(fund, 0) for line in lines)
    if not plan.held:
        raise Refused(f"Kế hoạch không còn đề án nào; hãy trả lại rồi tổng hợp lại (dean plan return {plan.command}).")
    if total != paper.total:
        raise Refused(
            f"Mọi đề án trong kế hoạch đã được phê duyệt, tổng hỗ trợ {format_dong(total)}; quyết định ghi "
            f"{format_dong(paper.total)}, hãy đối chiếu lại."
        )
    return None


def _taken(
    session: Session,
    plan: Standing,
    step: PlanStep,
    door: Door,
    decision: Approved | None,
    **more: Any,
) -> PlanTaken:
    warnings: list[str] = []
    if decision is not None:
        more["more"] = {"decision": decision.decision_id}
        warnings = [f"{step.code}: {warning}" for step in decision.projects for warning in step.warnings]
    return take(session, plan, step, door, **more, warnings=warnings)


# --- after the approval -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """A line that no longer is what its project says: what it will hold, and the sentence that says so."""

    project_id: int
    wanted: Wanted
    sentence: str


def follow(session: Session, plan: Standing) -> tuple[dict[int, Wanted], list[str]]:
    """What brings the lines of a plan to what their projects now say, each with a sentence.

    Amounts changed by adjustments are taken over. A stopped project goes out, or stays with what it may keep; one that
    ended without an approval goes out. A line not approved yet stays as it is.
    """
    found = [one for line in _live(session, plan) if (one := _followed(line, plan.held[line["id"]]))]
    return {one.project_id: one.wanted for one in found}, [one.sentence for one in found]


def _live(session: Session, plan: Standing) -> list[dict[str, Any]]:
    return lines_of(session, plan.key, dict.fromkeys(plan.held, Section.NEW))


def _followed(line: Line, held: Mapping[Source, int]) -> Followed | None:
    label = line["stage_label"]
    if not line["approved"]:
        if Stage(line["stage"]) not in ENDS:
            return None
        return Followed(line["id"], Wanted({}, f"«{label}»"), f"{line['code']}: bỏ khỏi kế hoạch («{label}»).")
    now = _amounts(line)
    if line["ended"]:
        now = {source: amount - line["released"].get(source, 0) for source, amount in now.items()}
        now = {source: amount for source, amount in now.items() if amount}
    if now == held:
        return None
    if not now:
        return Followed(line["id"], Wanted({}, f"«{label}»"), f"{line['code']}: bỏ khỏi kế hoạch («{label}»).")
    why = f"«{label}», giữ phần đã nghiệm thu" if line["ended"] else "Theo số phê duyệt hiện hành"
    sums = f"{_money_words(held)} → {_money_words(now)}"
    return Followed(line["id"], Wanted(now, why), f"{line['code']}: {sums} ({why[:1].lower()}{why[1:]}).")


def _money_words(amounts: Mapping[Source, int]) -> str:
    """What the state gives, and beside it the counterpart: the total of a decision is of the state's money alone."""
    counterpart = amounts.get(Source.COUNTERPART, 0)
    support = f"hỗ trợ {format_dong(sum(amounts.values()) - counterpart)}"
    return f"{support} (đối ứng {format_dong(counterpart)})" if counterpart else support


def adjust(
    session: Session,
    programme: str,
    year: int,
    route: Route,
    *,
    door: Door,
    letter: Letter | None = None,
    add: Sequence[ApprovalLine] = (),
    paper: DecisionPaper | None = None,
) -> PlanTaken:
    """Adjust an approved plan: add projects by a supplementary decision, and follow what became of its lines.

    Added projects that an earlier decision approved need no new one. Raises Refused with every reason, and when nothing
    would change.
    """
    plan = load_plan(session, programme, year, route)
    told = _letter(plan, paper) if paper is not None else letter or Letter()
    reasons = refuse_step(plan, PlanStep.ADJUST, door)
    reasons += refuse_letter(session, plan, told, door, needs=("number", "signer") if paper else ())
    added = _added(session, plan, add, reasons)
    pending = [line for line in add if line.code in added and not added[line.code]["approved"]]
    if pending and paper is None:
        reasons.append(
            "Bổ sung đề án cần quyết định; hãy ghi số, ngày, người ký và tổng hỗ trợ "
            "(--decision, --decided-on, --signer, --total)."
        )
    if paper is not None and not pending:
        reasons.append("Không có đề án nào chờ phê duyệt theo quyết định này; hãy bỏ --decision hoặc ghi --add MÃ.")
    if reasons:
        raise Refused(*reasons)
    decision = None
    if paper is not None:
        where: dict[str, Any] = {
            "door": door.door,
            "os_user": door.os_user,
            "plan": plan.id,
            "plan_year": plan.key.year,
        }
        decision = decide(session, pending, paper, by=door.by, at=door.at, **where)
    wanted, sentences = follow(session, plan)
    if added:
        by_decision = f"Bổ sung theo {paper.number}" if paper else "Bổ sung, đã phê duyệt trước"
        for line in lines_of(session, plan.key, {line["id"]: Section.NEW for line in added.values()}):
            wanted[line["id"]] = Wanted(_amounts(line), by_decision)
            sentences.append(f"{line['code']}: bổ sung {_money_words(_amounts(line))}.")
    if not wanted:
        raise Refused("Kế hoạch đã khớp với các đề án; không có gì để điều chỉnh.")
    changed = {"wanted": wanted, "letter": told, "told": sentences, "revision": plan.revision + 1}
    return _taken(session, plan, PlanStep.ADJUST, door, decision, **changed)


def _added(
    session: Session, plan: Standing, add: Sequence[ApprovalLine], reasons: list[str]
) -> dict[str, dict[str, Any]]:
    """The lines of the projects to add, by code; what speaks against one of them joins the reasons."""
    if not add:
        return {}
    where = Where()
    where.add("p.code IN :codes", codes=sorted({line.code for line in add}))
    ids = {row["id"]: Section.NEW for row in where.rows(session, "SELECT p.id FROM project AS p WHERE {where}")}
    found = {line["code"]: line for line in lines_of(session, plan.key, ids)}
    of_year = members(session, plan.key)
    for line in add:
        known = found.get(line.code)
        if known is None:
            reasons.append(f"{line.code}: không có đề án này; hãy kiểm tra mã (dean project search).")
        elif known["id"] in plan.held:
            reasons.append(f"{line.code}: đã có trong kế hoạch; hãy bỏ khỏi --add.")
        elif known["programme"] != plan.key.programme or known["route"] != plan.route:
            reasons.append(f"{line.code}: thuộc chương trình hoặc tuyến khác; hãy bổ sung vào kế hoạch của tuyến đó.")
        elif known["plan_year"] > plan.key.year:
            reasons.append(f"{line.code}: của năm kế hoạch {known['plan_year']}; hãy đưa vào kế hoạch năm đó.")
        elif known["approved"] and known["ended"]:
            reasons.append(f"{line.code}: nay «{known['stage_label']}»; không bổ sung vào kế hoạch được.")
        elif known["approved"] and of_year.get(known["id"], Section.CARRIED) is Section.CARRIED:
            # Its money and quantities count in the year that approved it, and only there.
            reasons.append(
                f"{line.code}: đã được phê duyệt trong kế hoạch năm trước nên chỉ là đề án chuyển tiếp, không tính lại;"
                " hãy bỏ khỏi --add."
            )
    return found


def close(
    session: Session, programme: str, year: int, route: Route, *, door: Door, letter: Letter | None = None
) -> PlanTaken:
    """Close the plan of a year once each of its lines is settled, ended or carried to a later year.

    The amounts of the lines become those that stand. Raises Refused with every line that is still open.
    """
    plan = load_plan(session, programme, year, route)
    told = letter or Letter()
    reasons = refuse_step(plan, PlanStep.CLOSE, door)
    reasons += refuse_letter(session, plan, told, door)
    reasons += [
        f"{line['code']}: còn «{line['stage_label']}»; hãy quyết toán, ngừng hoặc chuyển năm rồi khép kế hoạch."
        for line in _live(session, plan)
        if Stage(line["stage"]) not in ENDS | LEFT_THE_PLAN and line["work_year"] <= year
    ]
    if reasons:
        raise Refused(*reasons)
    wanted, sentences = follow(session, plan)
    return take(session, plan, PlanStep.CLOSE, door, wanted=wanted, letter=told, told=sentences)
