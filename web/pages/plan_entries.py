"""The forms of a plan's steps, read into the entries that the command line makes of its options too."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.decisions import ApprovalLine, DecisionPaper
from models.plan import life
from models.plan.life import Door, Letter, PlanTaken
from models.store import Session
from states.facts import Enclosure
from states.planning import PlanStep
from states.vocabulary import STATE_FUND, Source
from web.fields import Fields
from web.pages.plan_frame import Which

#: Takes the step in a transaction that is open.
Entry = Callable[[Session, Door], PlanTaken]
Rows = Sequence[Mapping[str, Any]]


def read_entry(step: PlanStep, which: Which, form: Fields, rows: Rows, papers: tuple[Enclosure, ...]) -> Entry | None:
    """Read the form of a step; None with the mistakes in the form where it cannot be understood.

    `rows` are the projects that the form listed.
    """
    if step is PlanStep.BUILD:
        return _build(which, form, rows)
    if step is PlanStep.APPROVE:
        return _approve(which, form, rows, papers)
    if step is PlanStep.ADJUST:
        return _adjust(which, form, rows, papers)
    take, letter = _BY_LETTER[step], _letter(form)
    return lambda session, door: take(session, *which.key, letter=letter, door=door)


#: The steps that take nothing but a paper.
_BY_LETTER: Mapping[PlanStep, Callable[..., PlanTaken]] = {
    PlanStep.PROPOSE: life.propose,
    PlanStep.RETURN: life.put_back,
    PlanStep.APPRAISE: life.appraise,
    PlanStep.CLOSE: life.close,
}


def _letter(form: Fields) -> Letter:
    return Letter(
        form.line("number", "số văn bản"),
        form.day("decided_on"),
        form.line("signer", "người ký"),
        form.line("note", "lý do"),
    )


def _build(which: Which, form: Fields, rows: Rows) -> Entry:
    """What is not ticked stays out; a doubt is waived where its row is ticked and says why."""
    ticked = set(form.every("take"))
    despite = {
        row["code"]: form.line(f"why:{row['code']}", "lý do đưa vào")
        for row in rows
        if row["code"] in ticked and row["flags"] and not row["may_enter"]
    }
    left_out = [row["code"] for row in rows if row["code"] not in ticked and row["may_enter"]]

    def entry(session: Session, door: Door) -> PlanTaken:
        return life.build(session, *which.key, door=door, leave_out=left_out, despite=despite)

    return entry


def _approve(which: Which, form: Fields, rows: Rows, papers: tuple[Enclosure, ...]) -> Entry | None:
    pending = [row for row in rows if not row["approved"]]
    ticked = set(form.every("take"))
    left_out = [row["code"] for row in pending if row["code"] not in ticked]
    granted = _amounts(which, form, [row for row in pending if row["code"] in ticked])
    overrides = _overrides(form, rows, ticked)
    paper = _paper(form, papers, "Hãy ghi tổng hỗ trợ của các dòng được duyệt, đúng đến từng đồng.")
    if paper is None:
        return None

    def entry(session: Session, door: Door) -> PlanTaken:
        more: dict[str, Any] = {"amounts": granted, "leave_out": left_out, "overrides": overrides}
        return life.approve(session, *which.key, paper, door=door, **more)

    return entry


def _adjust(which: Which, form: Fields, rows: Rows, papers: tuple[Enclosure, ...]) -> Entry | None:
    """Added projects that wait for their approval make the paper a decision; without one it is a letter."""
    ticked = set(form.every("take"))
    added = [row for row in rows if row["code"] in ticked]
    amounts, overrides = _amounts(which, form, added), _overrides(form, rows, ticked)
    lines = [
        ApprovalLine(row["code"], amounts.get(row["code"], {}), override=overrides.get(row["code"], ""))
        for row in added
    ]
    letter, paper = _letter(form), None
    if form.typed("total").strip() or papers or any(not row["approved"] for row in added):
        paper = _paper(form, papers, "Bổ sung đề án cần tổng hỗ trợ ghi trong quyết định, đúng đến từng đồng.")
        if paper is None:
            return None

    def entry(session: Session, door: Door) -> PlanTaken:
        return life.adjust(session, *which.key, door=door, letter=letter, add=lines, paper=paper)

    return entry


def _paper(form: Fields, papers: tuple[Enclosure, ...], total_wanted: str) -> DecisionPaper | None:
    """The decision of the form, None where something of it is missing or cannot be read."""
    number = form.line("number", "số quyết định", required=True)
    signer = form.line("signer", "người ký", required=True)
    on = form.day("decided_on", required="Hãy ghi ngày quyết định.")
    total, annex = form.amount("total", required=total_wanted), form.amount("annex_total")
    if form.mistakes or on is None or total is None:
        return None
    return DecisionPaper(number, on, signer, total, None, annex, papers)


def _amounts(which: Which, form: Fields, rows: Rows) -> dict[str, dict[Source, int]]:
    """What was typed for the state fund of each row, where it is not what the row says anyway."""
    fund = STATE_FUND[which.route]
    found: dict[str, dict[Source, int]] = {}
    for row in rows:
        amount = form.amount(f"amount:{row['code']}")
        if amount is not None and amount != row["money"].get(str(fund), 0):
            found[row["code"]] = {fund: amount}
    return found


def _overrides(form: Fields, rows: Rows, ticked: set[str]) -> dict[str, str]:
    """Why some go above the ceiling. A reason at a row that is not ticked was typed for nothing, and that is said."""
    found = {}
    for row in rows:
        name, code = f"override:{row['code']}", row["code"]
        if not (why := form.line(name, "lý do vượt định mức")):
            continue
        if code not in ticked:
            form.mistaken(name, f"{code}: có lý do vượt định mức nhưng chưa đánh dấu; hãy đánh dấu hoặc xóa lý do.")
        found[code] = why
    return found
