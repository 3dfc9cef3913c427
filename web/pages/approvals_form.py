"""The form of an approval: the list to approve, what was typed for it, and each refusal beside its field."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from models.decisions import ApprovalLine, DecisionPaper
from models.plan import life
from models.queries import cleared as lists
from models.store import Session
from states.facts import Enclosure
from states.pasting import pasted_lines
from states.reading import read_amount
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Authority, Paper, Route, Source, Stage
from web.desk import Visit
from web.fields import Fields
from web.pages.calendar import read_year
from web.uploads import Bundle, take_paper

#: What a person calls a field, in the reasons of the rules.
BESIDE = {
    "total": ("quyết định ghi", "tổng hỗ trợ"),
    "annex_total": ("cả phụ lục",),
    "counterpart_total": ("tổng đối ứng",),
    "decided_on": ("ngày quyết định", "ngày văn bản"),
    "signer": ("người ký",),
    "number": ("đã được ghi", "số văn bản", "số quyết định"),
    "authority": ("cơ quan quyết định", " quyết định, không phải "),
}


#: Rows that a page shows unless all are asked for: an annex of this province is shorter.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Annex:
    """What stands on the page: the projects that may be approved, in the plan of a year or by themselves."""

    route: Route
    year: int | None
    plan: dict[str, Any] | None
    rows: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    plans: list[dict[str, Any]]
    has_more: bool = False

    @property
    def known(self) -> dict[str, dict[str, Any]]:
        return {row["code"]: row for row in self.rows}


def annex_of(session: Session, visit: Visit, asked: Fields, codes: Iterable[str]) -> Annex:
    """Read what an address or a form asks for. Projects named by their codes stand on the list whatever they are."""
    me, named = visit.person, lists.by_code(session, visit.person, codes)
    route = asked.code("route", Route) or (Route(named[0]["route"]) if named else Route.LOCAL)
    plans = lists.plans_in_way(session, route)
    plan = next((plan for plan in plans if str(plan["id"]) == asked.typed("plan")), None)
    typed = asked.typed("year").strip()
    year = read_year(typed) if typed else None
    if plan is not None:
        return Annex(route, None, plan, lists.lines_to_approve(session, me, plan), [], plans)
    most = lists.MOST_LINES if asked.ticked("all") else SHOWN
    found = lists.cleared(session, me, route=route, year=year, limit=most)
    rows = {row["code"]: row for row in (*found[:most], *named)}
    waiting = lists.cleared(session, me, route=route, year=year, stage=Stage.WAITLISTED, limit=SHOWN)
    return Annex(route, year, None, [rows[code] for code in sorted(rows)], waiting[:SHOWN], plans, len(found) > most)


@dataclass(slots=True)
class Typed:
    """What was typed: lines of the annex, the decision, and its file."""

    lines: list[ApprovalLine]
    paper: DecisionPaper | None
    bundle: Bundle = field(default_factory=Bundle)


def read_form(form: Fields, annex: Annex) -> Typed:
    """Read the whole form; what cannot be read stands in its mistakes."""
    codes, known = list(dict.fromkeys(form.every("code"))), annex.known
    if not codes:
        form.mistaken("", "Chưa chọn đề án nào; hãy đánh dấu các đề án có trong phụ lục, hoặc dán danh sách.")
    lines = [_line(form, code, Route(known[code]["route"]) if code in known else annex.route) for code in codes]
    bundle = Bundle()
    take_paper(form, bundle, "decision_file", Enclosure(Paper.APPROVAL_DECISION))
    number = form.line("number", "số quyết định", required=True)
    decided_on = form.day("decided_on", required="Hãy ghi ngày quyết định.")
    signer = form.line("signer", "người ký", required=True)
    total = form.amount("total", required="Hãy ghi tổng hỗ trợ in trên phụ lục.")
    authority = form.code("authority", Authority)
    annex_total, counterpart = form.amount("annex_total"), form.amount("counterpart_total")
    if form.mistakes or decided_on is None or total is None:
        return Typed(lines, None, bundle)
    paper = DecisionPaper(
        number, decided_on, signer, total, authority, annex_total, tuple(bundle.enclosures), counterpart
    )
    return Typed(lines, paper, bundle)


def _line(form: Fields, code: str, route: Route) -> ApprovalLine:
    amount = form.read(f"amount-{code}", read_amount)
    amounts = {} if amount is None else {STATE_FUND[route]: amount}
    note, override = form.line(f"note-{code}", "ghi chú"), form.line(f"override-{code}", "lý do vượt định mức")
    return ApprovalLine(code, amounts, note, override)


def sums(annex: Annex, lines: Iterable[ApprovalLine], form: Fields) -> list[dict[str, Any]]:
    """The ticked lines against what the decision prints, source by source, in đồng; `printed` None: nothing printed."""
    known, chosen = annex.known, list(lines)
    fund = STATE_FUND[annex.route]
    support = sum(line.amounts.get(fund, known[line.code]["granted"]) for line in chosen if line.code in known)
    counterpart = sum(known[line.code]["counterpart"] for line in chosen if line.code in known)
    rows = [(fund, support, "total"), (Source.COUNTERPART, counterpart, "counterpart_total")]
    return [
        {"label": source.label, "sum": total, "printed": printed, "left": None if printed is None else total - printed}
        for source, total, name in rows
        for printed in [_printed(form, name)]
    ]


def _printed(form: Fields, name: str) -> int | None:
    try:
        return read_amount(form.typed(name)) if form.typed(name).strip() else None
    except Refused:
        return None


# --- doing it -----------------------------------------------------------------------------------------


def plan_changes(annex: Annex, lines: Iterable[ApprovalLine]) -> dict[str, Any]:
    """What the approval of a plan is told: amounts that differ from the plan, what is left out, and overrides."""
    chosen = {line.code: line for line in lines}
    fund = STATE_FUND[annex.route]
    return {
        "amounts": {
            code: line.amounts
            for code, line in chosen.items()
            if fund in line.amounts and line.amounts[fund] != annex.known.get(code, {}).get("granted")
        },
        "leave_out": [code for code in annex.known if code not in chosen],
        "overrides": {code: line.override for code, line in chosen.items() if line.override},
    }


def door_of(visit: Visit, name: str) -> life.Door:
    return life.Door(visit.person, visit.at, name)


def filled(form: Fields, annex_codes: Iterable[str]) -> dict[str, Any]:
    """What the form says once the pasted list is put into it: its codes ticked, its amounts and notes beside them."""
    lines = pasted_lines(form.typed("pasted"), in_trieu=form.typed("unit") == "trieu")
    typed = kept(form, [*annex_codes, *(line.code for line in lines)])
    typed["code"] = [line.code for line in lines]
    for line in lines:
        if line.amount is not None:
            typed[f"amount-{line.code}"] = f"{line.amount:,}".replace(",", ".")
        if line.note:
            typed[f"note-{line.code}"] = line.note
    return typed


_FIELDS = ("number", "decided_on", "signer", "total", "annex_total", "counterpart_total", "authority", "unit", "pasted")


def kept(form: Fields, codes: Iterable[str]) -> dict[str, Any]:
    """Everything that was typed, to be shown again with other ticks."""
    names = [*_FIELDS, "route", "year", "plan", "all"]
    names += [f"{name}-{code}" for code in codes for name in ("amount", "note", "override")]
    typed: dict[str, Any] = {name: form.typed(name) for name in names if form.typed(name)}
    return typed | form.held_fields() | {"code": form.every("code"), "sent": "1"}
