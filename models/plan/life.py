"""The life of a yearly plan: built from the candidates, proposed, returned, appraised; approved, adjusted and closed.

Each step is judged on the plan and on the person, then written as one event that also keeps the plan as it stands.
Basis: Decision 3082/QĐ-UBND VI.1 (local); TT 36/2013/TT-BCT Điều 6, Điều 8 (national).
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session

from models.plan.deciding import adjust, approve, close
from models.plan.lines import Wanted
from models.plan.rows import candidate_lines
from models.plan.scope import Section
from models.plan.standing import Standing, held_lines, load_plan, open_plan, ranked_lines
from models.plan.steps import Door, Letter, PlanTaken, refuse_letter, refuse_step, steps_of, take
from states.planning import PlanStep
from states.refusal import Refused
from states.steps.terms import BY_REVIEWER
from states.vocabulary import Route, Source
from states.words import format_dong

__all__ = ["Door", "Letter", "PlanTaken", "adjust", "appraise", "approve", "build", "close", "propose", "put_back"]


def build(
    session: Session,
    programme: str,
    year: int,
    route: Route,
    *,
    door: Door,
    leave_out: Collection[str] = (),
    despite: Mapping[str, str] | None = None,
    lines: Mapping[int, Wanted] | None = None,
    note: str = "",
) -> PlanTaken:
    """Make the draft of a plan, or make it anew: the candidates that nothing keeps out, by their priority.

    `leave_out` are candidates that shall not enter; `despite` maps those whose only blocker is a possible duplicate to
    the reason for taking them in, which holds for later drafts too. `lines` (by project id) is a list chosen elsewhere,
    a fork that became the proposal; what is blocked does not enter that way either. Raises Refused.
    """
    plan = open_plan(session, programme, year, route)
    candidates = [line for line in candidate_lines(session, plan.key) if line["section"] != Section.CARRIED]
    waived = dict(despite or {})
    reasons = refuse_step(plan, PlanStep.BUILD, door)
    reasons += _refuse_choice(candidates, leave_out, waived)
    chosen = candidates if lines is None else [line for line in candidates if line["id"] in lines]
    entitled = {line["id"] for line in candidates if may_enter(line, {*waived}, plan.held)}
    if lines is not None:
        reasons += _refuse_fork(candidates, lines, entitled)
    if reasons:
        raise Refused(*reasons)
    entering = [line for line in chosen if line["id"] in entitled and line["code"] not in leave_out]
    wanted = {at: Wanted({}, _OUT) for at in plan.held}
    for line in entering:
        why = waived.get(line["code"], "")
        given = lines.get(line["id"]) if lines is not None else None
        wanted[line["id"]] = given or Wanted(amounts_of(line), why)
    ranked = ranked_lines(session, plan, entering, door.today)
    letter = None if not note else Letter(note=note)
    return take(session, plan, PlanStep.BUILD, door, wanted=wanted, letter=letter, ranked=ranked)


_OUT = "Không còn trong danh mục khi tổng hợp lại"


def amounts_of(line: Mapping[str, Any]) -> dict[Source, int]:
    """What a line takes, in đồng by source."""
    return {Source(source): amount for source, amount in line["money"].items()}


def may_enter(line: Mapping[str, Any], waived: Collection[str], held: Collection[int]) -> bool:
    if line["approved"]:
        return not line["ended"]
    hard = [reason for reason in line["blockers"] if reason not in line["flags"]]
    return not hard and (not line["flags"] or line["code"] in waived or line["id"] in held)


def _refuse_choice(
    candidates: Collection[Mapping[str, Any]], leave_out: Collection[str], waived: Mapping[str, str]
) -> list[str]:
    by_code = {line["code"]: line for line in candidates}
    reasons = [
        f"{code}: không phải đề án của năm và tuyến này; hãy kiểm tra mã (dean plan show)."
        for code in sorted({*leave_out, *waived} - set(by_code))
    ]
    for code, why in waived.items():
        if code in by_code and not by_code[code]["flags"]:
            reasons.append(f"{code}: không bị nghi trùng nên không cần lý do; hãy bỏ --include.")
        if not why.strip():
            reasons.append(f"{code}: phải ghi lý do đưa vào kế hoạch (--include MÃ=LÝ DO).")
    return reasons


def _refuse_fork(
    candidates: Collection[Mapping[str, Any]], lines: Mapping[int, Wanted], may_enter: Collection[int]
) -> list[str]:
    reasons = [
        f"{line['code']}: {reason}"
        for line in candidates
        if line["id"] in lines and line["id"] not in may_enter
        for reason in line["blockers"]
    ]
    if strange := set(lines) - {line["id"] for line in candidates}:
        reasons.append(f"Có {len(strange)} đề án không còn là ứng viên của năm này; hãy tạo lại phương án.")
    return reasons


def propose(session: Session, programme: str, year: int, route: Route, *, letter: Letter, door: Door) -> PlanTaken:
    """Propose the draft to the body that appraises it; its lines must still be what the projects say.

    Raises Refused with every reason of every line.
    """
    plan = load_plan(session, programme, year, route)
    reasons = refuse_step(plan, PlanStep.PROPOSE, door)
    reasons += refuse_letter(session, plan, letter, door, needs=("number", "signer"))
    if not plan.held:
        reasons.append(f"Kế hoạch chưa có đề án nào; hãy tổng hợp lại (dean plan build {plan.command}).")
    reasons += refuse_stale_lines(session, plan)
    if reasons:
        raise Refused(*reasons)
    return take(session, plan, PlanStep.PROPOSE, door, wanted={}, letter=letter)


def refuse_stale_lines(session: Session, plan: Standing) -> list[str]:
    """What came between the lines and their projects since the plan was built."""
    again = f"hãy tổng hợp lại (dean plan build {plan.command})"
    reasons = []
    live = {line["id"]: line for line in candidate_lines(session, plan.key)}
    for line in held_lines(session, plan.key, plan.held):
        now = live.get(line["id"])
        if now is None or (now["ended"] and now["approved"]):
            reasons.append(f"{line['code']}: nay «{line['stage_label']}», không còn trong danh mục; {again}.")
            continue
        reasons += [
            f"{line['code']}: {why}" for why in now["blockers"] if why not in now["flags"] and not now["approved"]
        ]
        was, stands = sum(line["money"].values()), sum(now["money"].values())
        if line["money"] != now["money"]:
            reasons.append(
                f"{line['code']}: kế hoạch ghi {format_dong(was)}, hồ sơ nay là {format_dong(stands)}; {again}."
            )
    return reasons


def put_back(session: Session, programme: str, year: int, route: Route, *, letter: Letter, door: Door) -> PlanTaken:
    """Return a proposed or appraised plan to its draft, with the reason. Raises Refused."""
    plan = load_plan(session, programme, year, route)
    reasons = refuse_step(plan, PlanStep.RETURN, door)
    reasons += refuse_letter(session, plan, letter, door, needs=("note",))
    if reasons:
        raise Refused(*reasons)
    return take(session, plan, PlanStep.RETURN, door, wanted={}, letter=letter)


def appraise(session: Session, programme: str, year: int, route: Route, *, letter: Letter, door: Door) -> PlanTaken:
    """Record that the body outside the department appraised the plan. Who proposed it does not record this.

    Raises Refused.
    """
    plan = load_plan(session, programme, year, route)
    [authority] = BY_REVIEWER[route]
    letter = Letter(letter.number, letter.decided_on, letter.signer, letter.note, authority)
    reasons = refuse_step(plan, PlanStep.APPRAISE, door)
    reasons += refuse_letter(session, plan, letter, door, needs=("number", "decided_on", "signer"))
    proposed = [step for step in steps_of(session, plan.id) if step.step is PlanStep.PROPOSE]
    if proposed and proposed[-1].by == door.by.id:
        reasons.append(
            f"Người ghi việc trình kế hoạch ({proposed[-1].by_name}) không ghi kết quả thẩm định; cần người khác ghi."
        )
    if reasons:
        raise Refused(*reasons)
    return take(session, plan, PlanStep.APPRAISE, door, wanted={}, letter=letter)
