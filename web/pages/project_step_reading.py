"""Read the form of a step as it was sent into what an order holds; each mistake stands beside its field."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models import contracts, ledger
from models.codes import id_of
from models.ledger import Advanced
from models.store import Session
from states.actions import Action
from states.facts import Asked, Enclosure, Instalment, Order
from states.folding import clean_line
from states.lifecycle import Field
from states.reading import read_date, read_id, read_quantity
from states.vocabulary import Authority, Change, Paper, Source
from web.desk import DOOR, Visit
from web.fields import Fields
from web.pages.project_picking import picked
from web.pages.project_step_form import StepForm
from web.uploads import Bundle, take_paper

#: So many rows for instalments a fresh form has; a button adds as many again.
INSTALMENT_ROWS = 4
MOST_ROWS = 60
#: The columns of a project that a request may change, beside days, cost and place, which are read in their own ways.
ASKED_LINES = ("activity", "equipment", "partner")
ASKED_TEXTS = ("objectives", "scope")
ASKED_DAYS = ("starts_on", "ends_on")


@dataclass(slots=True)
class StepTyped:
    """What was typed for a step: values of the order, papers with their files, and what only some steps have."""

    values: dict[str, Any]
    bundle: Bundle
    place: str = ""
    party_a: str = ""
    party_b: str = ""


def read_step(form: StepForm, typed: Fields) -> StepTyped:
    """Read everything that the form of this step holds; what cannot be read stands in `typed.mistakes`."""
    signs = form.step.action is Action.SIGN_CONTRACT
    bundle = _papers(form, typed)
    values: dict[str, Any] = {
        "seen_version": typed.read("seen", read_id, required="Hãy mở lại đề án rồi làm lại bước này."),
        "authority": typed.code("authority", Authority) if len(form.bodies) > 1 else None,
        "number": typed.line("number", "số hợp đồng" if signs else "số văn bản", required=signs),
        "decided_on": typed.day("decided_on", required="Hãy ghi ngày ký." if signs else ""),
        "signer": typed.line("signer", "người ký", required=signs),
        "note": paragraph(typed, "note", "lý do"),
        "amounts": _figures(form, typed),
        "quantities": _quantities(form, typed),
        "override": paragraph(typed, "override", "lý do vượt định mức") if form.takes_override else "",
        "missing": _missing(typed) if form.has(Field.MISSING) else (),
        "cost": typed.amount("cost") if form.takes_cost else None,
        "progress": _progress(typed) if form.has(Field.PROGRESS) else None,
        "beneficiary_id": typed.read("beneficiary_id", read_id) if form.has(Field.BENEFICIARY) else None,
        "instalments": _instalments(typed) if form.has(Field.INSTALMENTS) else (),
    }
    found = StepTyped(values, bundle)
    if form.has(Field.ASKED):
        values["asked"], found.place = _asked(form, typed), typed.typed("asked_place").strip()
    if signs:
        found.party_a, found.party_b = typed.line("party_a", "bên A"), typed.line("party_b", "bên B")
    return found


def take_step(session: Session, visit: Visit, form: StepForm, typed: StepTyped) -> Advanced:
    """Record the step in the transaction, by the function that records it from a terminal. Raises Refused."""
    values, papers = dict(typed.values), tuple(typed.bundle.enclosures)
    if form.step.action is Action.SIGN_CONTRACT:
        return _sign(session, visit, form.code, typed, papers)
    if typed.place:
        asked: Asked = values["asked"]
        columns = {**asked.columns, "place_id": id_of(session, "place", typed.place)}
        values["asked"] = Asked(
            asked.kinds, asked.amounts, asked.targets, columns, asked.beneficiaries, asked.next_year
        )
    order = Order(form.step.action, visit.person, visit.at, papers=papers, **values)
    return ledger.advance(session, form.code, order, door=DOOR)


def _sign(session: Session, visit: Visit, code: str, typed: StepTyped, papers: tuple[Enclosure, ...]) -> Advanced:
    values = typed.values
    line = contracts.ContractedProject(code, values["amounts"], values["note"], values["seen_version"])
    paper = contracts.ContractPaper(
        values["number"],
        values["decided_on"],
        values["signer"],
        party_a=typed.party_a,
        party_b=typed.party_b,
        papers=papers,
    )
    [done] = contracts.sign(session, [line], paper, by=visit.person, at=visit.at, door=DOOR).projects
    return done


def paragraph(typed: Fields, name: str, what: str) -> str:
    """A text of one line that may be typed on several: sentences are joined, nothing invisible is taken."""
    return typed.read(name, lambda text: clean_line(" ".join(text.splitlines()), what)) or ""


def _figures(form: StepForm, typed: Fields) -> dict[Source, int]:
    read = {Source(figure.about): typed.amount(figure.name) for figure in form.amounts}
    return {source: amount for source, amount in read.items() if amount is not None}


def _quantities(form: StepForm, typed: Fields) -> dict[str, int]:
    read = {figure.about: typed.read(figure.name, read_quantity) for figure in form.quantities}
    return {target: quantity for target, quantity in read.items() if quantity is not None}


def _missing(typed: Fields) -> tuple[str, ...]:
    def lines(text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(clean_line(line, "Mục còn thiếu") for line in text.splitlines() if line.strip()))

    return typed.read("missing", lines) or ()


def _progress(typed: Fields) -> int | None:
    def percent(text: str) -> int:
        return read_quantity(text.removesuffix("%").strip())

    return typed.read("progress", percent)


def rows_of_instalments(typed: Fields) -> range:
    """The numbers of the rows that the form shows, so many more as were asked for."""
    shown = typed.typed("instalment_rows", INSTALMENT_ROWS)
    rows = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 4 else INSTALMENT_ROWS
    return range(1, min(max(rows, INSTALMENT_ROWS) + INSTALMENT_ROWS * typed.ticked("more"), MOST_ROWS) + 1)


def _instalments(typed: Fields) -> tuple[Instalment, ...]:
    found = []
    for row in rows_of_instalments(typed):
        day: date | None = typed.read(f"due_day_{row}", read_date)
        amount = typed.amount(f"due_amount_{row}")
        if day is not None and amount is not None:
            found.append(Instalment(day, amount))
        elif (day is None) is not (amount is None) and not typed.mistakes:
            typed.mistaken(f"due_day_{row}", "Mỗi kỳ hạn phải có cả ngày và số tiền.")
    days = [part.due_on for part in found]
    if len(set(days)) < len(days):
        typed.mistaken("instalments", "Có hai kỳ hạn cùng một ngày; hãy gộp lại thành một.")
    return tuple(sorted(found, key=lambda part: part.due_on))


# --- papers -------------------------------------------------------------------------------------------


def _papers(form: StepForm, typed: Fields) -> Bundle:
    bundle = Bundle()
    for paper in form.papers:
        enclosure = Enclosure(paper.kind, title=paper.title if paper.kind is Paper.OTHER else "")
        if not take_paper(typed, bundle, paper.name, enclosure) and typed.ticked(f"has_{paper.name}"):
            bundle.add(enclosure)
    kind = typed.code("extra_kind", Paper)
    title = typed.line("extra_title", "tên giấy tờ")
    if kind is not None:
        if not take_paper(typed, bundle, "extra_file", Enclosure(kind, title=title)) and typed.ticked("has_extra_file"):
            bundle.add(Enclosure(kind, title=title))
    elif typed.upload("extra_file") or "extra_file" in typed.held or title:
        typed.mistaken("extra_kind", "Hãy chọn đây là giấy tờ gì.")
    return bundle


# --- what an adjustment asks for ----------------------------------------------------------------------


def _asked(form: StepForm, typed: Fields) -> Asked:
    facts = form.facts
    kinds = {change for change in map(_change, typed.every("kind")) if change is not None}
    amounts = {
        source: amount
        for source in facts.own_sources
        if (amount := typed.amount("asked_amount" if source is facts.fund else "asked_counterpart")) is not None
    }
    targets = {
        row["code"]: number
        for row in form.targets
        if (number := typed.read(f"asked_target_{row['code']}", read_quantity)) is not None
    }
    columns: dict[str, Any] = {name: typed.line(f"asked_{name}", "giá trị mới") for name in ASKED_LINES}
    columns |= {name: paragraph(typed, f"asked_{name}", "giá trị mới") for name in ASKED_TEXTS}
    columns |= {name: typed.day(f"asked_{name}") for name in ASKED_DAYS}
    columns["total_cost"] = typed.amount("asked_total_cost")
    standing = tuple(row["id"] for row in form.sheet["beneficiaries"])
    named = picked(typed, standing)
    return Asked(
        kinds=frozenset(kinds),
        amounts=amounts,
        targets=targets,
        columns={name: value for name, value in columns.items() if value not in (None, "")},
        beneficiaries=None if set(named) == set(standing) else named,
        next_year=Change.CARRY_TO_NEXT_YEAR in kinds,
    )


def _change(code: str) -> Change | None:
    try:
        return Change(code)
    except ValueError:
        return None
