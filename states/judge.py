"""Judge a step: every reason against it at once, and what would satisfy each."""

from dataclasses import dataclass, replace

from states import guards
from states.actions import Action
from states.adjustments import adjustment_authority
from states.effects import Effects, effects_of
from states.facts import LARGEST_AMOUNT, Facts, Order, Person, Request
from states.lifecycle import Field, Step, stage_label
from states.machine import move
from states.refusal import Refused
from states.steps import STEP, STEPS
from states.vocabulary import Authority, Kind, Paper, Role, Stage
from states.words import format_date

#: Bodies that do not log in: an officer records their paper, so its number and date must be given.
OUTSIDE = frozenset({Authority.FINANCE_DEPARTMENT, Authority.PROVINCE, Authority.AGENCY, Authority.MINISTRY})


#: Guards that another person would pass; the refusal then names who could act.
_ABOUT_THE_PERSON = (guards.author_does_not_judge, guards.another_recorder)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`closed_by` stands in the facts or the person and greys the button; `needs` is what the form still lacks."""

    step: Step
    closed_by: tuple[str, ...]
    needs: tuple[str, ...]
    wrong_person: bool = False

    @property
    def is_open(self) -> bool:
        return not self.closed_by

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.closed_by + self.needs


def judge(facts: Facts, order: Order) -> Judgement:
    """Answer with every failed guard of one step. Nothing is changed."""
    step = STEP[order.action]
    order = completed(step, facts, order)
    out_of_place = _out_of_place(step, facts)
    if out_of_place:
        return Judgement(step, out_of_place, ())
    personal = _personal(step, facts, order)
    by_guards = tuple(reason for guard in step.closes if (reason := guard(facts, order)))
    typed = (
        *_authority(step, facts, order),
        *_dates(facts, order),
        *_papers(step, facts, order),
        *_unasked(step, order),
        *_amounts(order),
    )
    needs = typed + tuple(reason for guard in step.needs if (reason := guard(facts, order)))
    about_person = any(guard in step.closes and guard(facts, order) for guard in _ABOUT_THE_PERSON)
    return Judgement(step, personal + by_guards, needs, wrong_person=bool(personal) or about_person)


def decide(facts: Facts, order: Order) -> Effects:
    """Judge a step and compute what it changes. Raises Refused with every reason.

    A compensating step (`revert`) is judged here and computed where the
    event that it undoes is known.
    """
    judgement = judge(facts, order)
    if judgement.reasons:
        raise Refused(*judgement.reasons)
    return arrive(facts, completed(judgement.step, facts, order))


def arrive(facts: Facts, order: Order) -> Effects:
    """Move the machine and compute what changes. The step must have been judged lawful just before."""
    stage = move(order.action, facts.stage, facts.route, _goal(facts, order.action))
    if stage is None:
        raise AssertionError(f"the machine has no {order.action} from {facts.stage} on the {facts.route} route")
    return effects_of(facts, order, stage)


def why_not(facts: Facts, person: Person, blank: Order) -> list[Judgement]:
    """Judge every step of the table for one person; `blank` is an order in which nothing is typed yet."""
    return [judge(facts, replace(blank, action=step.action, by=person)) for step in STEPS]


def completed(step: Step, facts: Facts, order: Order) -> Order:
    """Fill in what follows from the table and the project where nothing was typed.

    That is the deciding body where there is no choice, and what an open request asks for where it is granted.
    """
    allowed = step.authorities.get(facts.route, ())
    if order.authority is None and len(allowed) == 1:
        order = replace(order, authority=allowed[0])
    if facts.request is None or step.action not in (Action.APPROVE_ADJUSTMENT, Action.REFUSE_ADJUSTMENT):
        return order
    if order.authority is None:
        order = replace(order, authority=_decider(facts, facts.request, step.action))
    if step.action is Action.APPROVE_ADJUSTMENT:
        order = replace(order, amounts={**facts.request.asked.amounts, **order.amounts})
    return order


def _decider(facts: Facts, request: Request, action: Action) -> Authority:
    """Whom the change needs; what is not confirmed yet lies with the department, which may only refuse it."""
    if action is Action.REFUSE_ADJUSTMENT and not request.confirmed:
        return Authority.DEPARTMENT
    return adjustment_authority(facts.route, request.asked.kinds).authority


def _goal(facts: Facts, action: Action) -> Stage | None:
    if action is Action.RESUME:
        return facts.resume_stage
    if action is Action.REVERT and facts.last_step is not None:
        return facts.last_step.from_stage
    return None


#: Why every step of an old record is closed.
FROM_AN_OLD_REGISTER = (
    "Đề án nhập từ sổ cũ, đã kết thúc trước khi có hệ thống này nên không còn bước nào; nếu sổ cũ ghi sai, hãy nhập "
    "lại dòng đó kèm lý do sửa (dean import TỆP --old-records --correct LÝ_DO)."
)


def _out_of_place(step: Step, facts: Facts) -> tuple[str, ...]:
    if facts.is_vouched:
        return (FROM_AN_OLD_REGISTER,)
    if facts.route not in step.authorities:
        return (
            f"Bước «{step.label}» chỉ dùng cho {', '.join(r.label.lower() for r in step.routes)}; "
            f"đề án này thuộc {facts.route.label.lower()}.",
        )
    if facts.stage not in step.sources:
        stages = [stage for stage in Stage if stage in step.sources]
        return (
            f"Bước «{step.label}» chỉ làm được khi đề án ở giai đoạn "
            f"{', '.join(f'«{stage_label(stage, facts.route)}»' for stage in stages)}; "
            f"hiện đề án ở giai đoạn «{stage_label(facts.stage, facts.route)}».",
        )
    return ()


def _personal(step: Step, facts: Facts, order: Order) -> tuple[str, ...]:
    person = order.by
    reasons = []
    if not person.active:
        reasons.append(f"Tài khoản của {person.name} đã khóa; hãy nhờ quản trị mở lại.")
    if person.role not in step.recorders:
        allowed = ", ".join(role.label for role in Role if role in step.recorders)
        reasons.append(f"{person.role.label} không được ghi bước «{step.label}»; cần: {allowed}.")
    reasons.extend(out_of_scope(person, facts.unit_id, facts.place_id))
    return tuple(reasons)


def out_of_scope(person: Person, unit_id: int, place_id: int | None) -> list[str]:
    """Say why a project lies outside a person's unit or area; empty when it lies inside."""
    reasons = []
    if person.role is Role.CENTRE_OFFICER and person.unit_id != unit_id:
        reasons.append(f"{person.name} chỉ làm việc với đề án của đơn vị mình; đề án này thuộc đơn vị khác.")
    if person.place_ids is not None and place_id not in person.place_ids:
        reasons.append(f"{person.name} chỉ phụ trách địa bàn được giao; đề án này ở địa bàn khác.")
    return reasons


def _authority(step: Step, facts: Facts, order: Order) -> list[str]:
    allowed = step.authorities[facts.route]
    names = " hoặc ".join(f"{authority.label} ({authority})" for authority in allowed)
    reasons = []
    if order.authority is None:
        reasons.append(f"Phải ghi cơ quan quyết định: {names} (--authority).")
    elif order.authority not in allowed:
        reasons.append(
            f"Trên tuyến {facts.route.label.lower()}, bước «{step.label}» do {names} quyết định, "
            f"không phải {order.authority.label}."
        )
    # Where only outside bodies may decide, their paper is needed whichever of them it was.
    outside = order.authority if order.authority in allowed else allowed[0]
    if outside in OUTSIDE:
        whose = f"của {outside.label}" if order.authority in allowed else "của cơ quan quyết định"
        if order.decided_on is None:
            reasons.append(f"Phải ghi ngày văn bản {whose} (--decided-on dd/mm/yyyy).")
        if not order.number.strip():
            reasons.append(f"Phải ghi số văn bản {whose} (--number).")
    if step.signed and not order.signer.strip():
        reasons.append("Phải ghi người ký văn bản (--signer).")
    if step.noted and not order.note.strip():
        reasons.append("Phải ghi lý do (--note).")
    return reasons


def _dates(facts: Facts, order: Order) -> list[str]:
    reasons = []
    if order.effective_on > order.today:
        reasons.append(
            f"Ngày quyết định {format_date(order.effective_on)} ở tương lai (hôm nay {format_date(order.today)}); "
            "hãy kiểm tra lại ngày trên văn bản."
        )
    if facts.last_decided_on and order.effective_on < facts.last_decided_on:
        reasons.append(
            f"Ngày quyết định {format_date(order.effective_on)} trước bước liền trước "
            f"({format_date(facts.last_decided_on)}); hãy kiểm tra lại ngày trên văn bản."
        )
    return reasons


def _papers(step: Step, facts: Facts, order: Order) -> list[str]:
    given = {paper.kind for paper in order.papers}
    missing = [paper for paper in step.papers if paper not in given and paper not in facts.papers]
    if facts.kind is Kind.GROUP and not facts.has_beneficiary and Paper.SUPPORT_REQUEST in missing:
        missing.remove(Paper.SUPPORT_REQUEST)
    reasons = [f"Thiếu {paper.label}; hãy kèm theo (--paper {paper}=TỆP)." for paper in missing]
    if step.act is not None and step.act not in given and not order.number.strip():
        reasons.append(f"Thiếu {step.act.label}; hãy ghi số (--number) hoặc kèm tệp (--paper {step.act}=TỆP).")
    return reasons


def _unasked(step: Step, order: Order) -> list[str]:
    """What the step does not take is refused: it would be typed and change nothing."""
    reasons = []
    if order.amounts and step.money is None:
        reasons.append(f"Bước «{step.label}» không ghi số tiền; hãy bỏ số tiền (--amount).")
    for item in Field:
        if item not in step.takes and getattr(order, item) not in (None, (), {}):
            reasons.append(f"Bước «{step.label}» không ghi {item.label}; hãy bỏ mục đó.")
    return reasons


def _amounts(order: Order) -> list[str]:
    reasons = [
        f"Số tiền của nguồn {source.label} không được âm; hãy ghi số đồng từ 0 trở lên."
        for source, amount in order.amounts.items()
        if amount < 0
    ]
    if any(quantity < 0 for quantity in order.quantities.values()):
        reasons.append("Số lượng không được âm; hãy ghi số từ 0 trở lên.")
    if order.cost is not None and order.cost <= 0:
        reasons.append("Chi phí hợp lệ phải lớn hơn 0 đồng; nếu chưa biết, hãy bỏ trống (--cost).")
    if order.progress is not None and not 0 <= order.progress <= 100:
        reasons.append("Tỷ lệ khối lượng phải từ 0 đến 100 phần trăm (--progress).")
    numbers = (*order.amounts.values(), *order.quantities.values(), order.cost or 0)
    if any(number > LARGEST_AMOUNT for number in numbers):
        reasons.append("Số quá lớn; hãy kiểm tra lại số tiền hoặc số lượng.")
    return reasons
