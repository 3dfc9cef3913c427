"""The form of a step, made from its row of the lifecycle table: which fields it has, and what each proposes."""

from dataclasses import dataclass, field
from typing import Any

from models.ceilings import OVERRIDABLE
from models.loading import Loaded, load_project
from models.more_facts import with_all
from models.prepayments import prepayment_limit
from models.queries import show_project
from models.queries.choosing import place_choices, target_choices
from models.queries.judged import Choice, choice_of
from models.rulebook import rulebook
from models.store import Session
from states import guards
from states.actions import Action
from states.facts import Facts, Order
from states.judge import OUTSIDE, completed
from states.lifecycle import Field, Step
from states.named_papers import named_paper
from states.proposing import money_sources, proposed_amounts, proposed_quantities
from states.vocabulary import Kind, Outcome, Paper, Source
from web.desk import Visit


@dataclass(frozen=True, slots=True)
class PaperField:
    """A paper that the step asks for or takes. `need`: `missing` on the file, the step's own `act`, or `more`."""

    name: str
    kind: Paper
    title: str
    need: str
    is_on_file: bool = False


@dataclass(frozen=True, slots=True)
class FigureField:
    """An amount or a quantity with what the form proposes; `about` is its source or target."""

    name: str
    about: str
    label: str
    proposed: int | None
    unit: str = ""


@dataclass(slots=True)
class StepForm:
    """All that the page of one step shows beside what was typed."""

    sheet: dict[str, Any]
    loaded: Loaded
    choice: Choice
    bodies: list[tuple[str, str]]
    body: str
    is_outside: bool
    amounts: list[FigureField] = field(default_factory=list)
    quantities: list[FigureField] = field(default_factory=list)
    papers: list[PaperField] = field(default_factory=list)
    beneficiaries: list[tuple[str, str]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, str]] = field(default_factory=list)
    prepayment: dict[str, Any] | None = None

    @property
    def code(self) -> str:
        return self.facts.code

    @property
    def facts(self) -> Facts:
        return self.loaded.facts

    @property
    def step(self) -> Step:
        return self.choice.step

    @property
    def place_options(self) -> list[tuple[str, str]]:
        return [(place["code"], place["name"]) for place in self.places]

    @property
    def takes_override(self) -> bool:
        return self.step.action in OVERRIDABLE

    @property
    def takes_cost(self) -> bool:
        """A project accepted share by share has its costs already."""
        return self.has(Field.COST) and bool(self.amounts)

    @property
    def must_have_paper(self) -> bool:
        """Must the number and the day of the paper be typed? The department's own steps are dated today."""
        return self.is_outside or self.step.action is Action.SIGN_CONTRACT

    def has(self, item: Field) -> bool:
        return item in self.step.takes


def step_form(session: Session, visit: Visit, code: str, action: Action) -> StepForm:
    """Read the form of a step as it stands now. Raises Refused for a project that the person may not see."""
    sheet = show_project(session, code, reader=visit.person)
    loaded = with_all(session, load_project(session, code), action)
    choice = choice_of(session, loaded, action, visit.person, visit.at)
    facts, step = loaded.facts, choice.step
    order = completed(step, facts, Order(action, visit.person, visit.at))
    allowed = step.authorities.get(facts.route, ())
    form = StepForm(
        sheet=sheet,
        loaded=loaded,
        choice=choice,
        bodies=[(str(body), body.label) for body in allowed],
        body=str(order.authority or ""),
        is_outside=bool(allowed) and (order.authority or allowed[0]) in OUTSIDE,
    )
    if not choice.is_open:
        return form
    if action is Action.PREPAY:
        form.prepayment = prepayment_limit(rulebook(session), loaded, visit.today)
    form.amounts = _amounts(step, facts, order, form.prepayment)
    form.quantities = _quantities(step, facts, sheet)
    form.papers = _papers(step, facts, form.prepayment)
    if form.has(Field.BENEFICIARY):
        form.beneficiaries = [(str(who), _share(who, facts)) for who in facts.named if not facts.shares.get(who)]
    if form.has(Field.ASKED):
        form.targets = target_choices(session, sheet["programme"]["code"])
        form.places = place_choices(session, on=visit.today)
    return form


def _amounts(step: Step, facts: Facts, order: Order, prepayment: dict[str, Any] | None) -> list[FigureField]:
    proposed: dict[Source, int] = proposed_amounts(facts, order)
    if prepayment is not None and prepayment["allowed"]:
        proposed = {facts.fund: prepayment["allowed"]}
    return [
        FigureField(f"amount_{source}", str(source), source.label, proposed.get(source))
        for source in money_sources(step, facts)
    ]


def _quantities(step: Step, facts: Facts, sheet: dict[str, Any]) -> list[FigureField]:
    if Field.QUANTITIES not in step.takes or (step.action is Action.ACCEPT and facts.shares):
        return []
    names = {row["code"]: row for row in sheet["targets"]}
    proposed = proposed_quantities(facts, step.action)
    return [
        FigureField(
            f"quantity_{target}",
            target,
            names[target]["name"] if target in names else target,
            proposed.get(target),
            names[target]["unit"] if target in names else "",
        )
        for target in facts.quantities
    ]


def _share(who: int, facts: Facts) -> str:
    judged = f" ({Outcome.FAILED.label.lower()} lần trước)" if who in facts.shares else ""
    return f"{facts.named[who]}{judged}"


def _papers(step: Step, facts: Facts, prepayment: dict[str, Any] | None) -> list[PaperField]:
    """The papers in the order in which they are asked for: on file or not, items to supplement, the step's own."""
    also = [Paper(kind) for kind in prepayment.get("papers", ())] if prepayment else []
    waived = {Paper.SUPPORT_REQUEST} if facts.kind is Kind.GROUP and not facts.has_beneficiary else set()
    fields = [
        PaperField(
            f"paper_{kind}",
            kind,
            kind.label,
            "more" if kind in facts.papers or kind in waived else "missing",
            kind in facts.papers,
        )
        for kind in dict.fromkeys((*step.papers, *also))
    ]
    if guards.missing_items_answered in step.needs:
        fields += _items(facts, {paper.kind for paper in fields})
    if step.action is Action.STOP:
        fields.append(PaperField(f"paper_{Paper.FORM_5A}", Paper.FORM_5A, Paper.FORM_5A.label, "more"))
    if step.act is not None and step.act not in {paper.kind for paper in fields if paper.kind is not Paper.OTHER}:
        fields.append(PaperField(f"paper_{step.act}", step.act, step.act.label, "act"))
    return fields


def _items(facts: Facts, given: set[Paper]) -> list[PaperField]:
    """What was asked for and is still missing: a kind of paper where the item names one, else under its own title."""
    fields = []
    for number, item in enumerate(facts.missing, start=1):
        paper = named_paper(item, facts.missing)
        assert paper is not None
        if paper.kind is Paper.OTHER:
            fields.append(PaperField(f"item_{number}", Paper.OTHER, item, "missing"))
        elif paper.kind not in given:
            fields.append(PaperField(f"paper_{paper.kind}", paper.kind, paper.kind.label, "missing"))
    return fields


def marks(form: StepForm) -> dict[str, tuple[str, ...]]:
    """Which words of a refusal belong to which field of this form; the first field that fits has it."""
    found: dict[str, tuple[str, ...]] = {
        "authority": ("phải ghi cơ quan quyết định", "hãy ghi cơ quan quyết định") if len(form.bodies) > 1 else ()
    }
    for paper in form.papers:
        title = paper.title.casefold()
        found[paper.name] = (f"thiếu {title};", f"kèm {title}", *((title,) if paper.need == "missing" else ()))
    if any(paper.kind is Paper.FORM_5A for paper in form.papers):
        found[f"paper_{Paper.FORM_5A}"] += ("kèm biên bản nghiệm thu phần đã làm",)
    found |= {name: words for name, words in _ABOUT.items() if form.has(Field(name))}
    found |= {
        "signer": ("người ký",),
        "decided_on": ("phải ghi ngày", "ngày quyết định", "nghiệm thu ngày", "quyết định chuyển năm", "lại ngày trên"),
        "number": ("số văn bản", "số hợp đồng", "hợp đồng số"),
        "note": ("phải ghi lý do",),
        "override": ("vượt mức hỗ trợ", "lý do vượt", "định mức") if form.takes_override else (),
    }
    if form.quantities:
        found[form.quantities[0].name] = ("số lượng", "chỉ tiêu")
    for place, amount in enumerate(form.amounts):
        found[amount.name] = (f"nguồn {amount.label.casefold()}", *(() if place else _ABOUT_MONEY))
    if form.has(Field.ASKED):
        found |= {"asked_amount": ("mức hỗ trợ", "giảm hỗ trợ", "0 đồng"), "kind": ("điều chỉnh", "«", "thay đổi")}
    return {name: words for name, words in found.items() if words}


#: Words about what only some steps take, by the field's code.
_ABOUT: dict[str, tuple[str, ...]] = {
    Field.MISSING: ("mục còn thiếu",),
    Field.BENEFICIARY: ("nghiệm thu cho đơn vị thụ hưởng nào", "không thuộc đề án", "mỗi đơn vị chỉ nghiệm thu"),
    Field.INSTALMENTS: ("hoàn trả",),
    Field.COST: ("chi phí hợp lệ",),
    Field.PROGRESS: ("khối lượng",),
}
_ABOUT_MONEY = ("số tiền", "số mới", "giá trị mới", "vượt", "số quyết toán", "giữ lại", "0 đồng")
