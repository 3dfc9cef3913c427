"""Rules with days of their own: terms, ceilings with their calculator, prepayments, priorities, reminders."""

from datetime import date
from typing import Any

from fastapi.responses import Response

from models.calendars import RULERS
from models.queries import places
from models.queries.places import beneficiary_place
from models.queries.rules import rule_list
from models.rulebook import Rulebook, rulebook
from models.store import Session
from states.activities import Activity
from states.ceilings import Ceiling, ceiling
from states.eligibility import Eligibility, eligibility
from states.reading import read_quantity
from states.refusal import Refused
from states.vocabulary import Route
from states.words import format_number
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.rules import SHORT, tabs
from web.roles import EVERYONE

pages = Pages()

#: The heads of a list: what the page is called, and what the two middle columns hold.
HEADS = {
    "deadlines": ("Thời hạn", "Việc phải làm", "Thời hạn"),
    "ceilings": ("Định mức hỗ trợ", "Hoạt động", "Mức"),
    "prepayments": ("Mức tạm ứng", "Hoạt động", "Mức"),
    "priorities": ("Mức ưu tiên", "Tiêu chí", "Mức"),
    "reminders": ("Mốc nhắc", "Nhắc về", "Khi nào, ai"),
}
#: Candidates that are named where a place was not clear.
CANDIDATES = 8


@pages.show("/rules/deadlines", who=EVERYONE, label="Quy định: thời hạn")
def deadlines_page(visit: AtDesk) -> Response:
    return _listed(visit, "deadlines")


@pages.show("/rules/prepayments", who=EVERYONE, label="Quy định: mức tạm ứng")
def prepayments_page(visit: AtDesk) -> Response:
    return _listed(visit, "prepayments")


@pages.show("/rules/priorities", who=EVERYONE, label="Quy định: mức ưu tiên")
def priorities_page(visit: AtDesk) -> Response:
    return _listed(visit, "priorities")


@pages.show("/rules/reminders", who=EVERYONE, label="Quy định: mốc nhắc")
def reminders_page(visit: AtDesk) -> Response:
    return _listed(visit, "reminders")


@pages.show("/rules/ceilings", who=EVERYONE, label="Quy định: định mức hỗ trợ và tính mức")
def ceilings_page(visit: AtDesk) -> Response:
    return _listed(visit, "ceilings")


def _listed(visit: Visit, many: str) -> Response:
    form = Fields(visit.request.query_params)
    # Two forms stand on one page; each shows again only what was sent with it.
    asked = form if form.typed("activity") else Fields()
    listing = Fields() if form.typed("activity") else form
    on, every = listing.day("in_force"), listing.ticked("every")
    found: dict[str, Any] = {}
    with visit.reading() as session:
        book = rulebook(session)
        if many == "ceilings" and form.typed("activity"):
            found = _measured(session, book, asked, visit.today)
    rows = rule_list(book, on=None if every else on or visit.today)[many]
    return visit.page(
        "rules/dated.html",
        status=400 if asked.mistakes or listing.mistakes else 200,
        form=asked,
        listing=listing,
        tabs=tabs,
        many=many,
        heads=HEADS[many],
        rows=[row_in_words(row) for row in rows],
        on=on or visit.today,
        every=every,
        unverified=sum(not row["verified"] for row in rows),
        activities=[(str(each), each.label) for each in Activity],
        routes=[(str(each), each.label) for each in Route],
        found=found,
        may_change=visit.person.role in RULERS,
    )


def row_in_words(row: dict[str, Any]) -> dict[str, Any]:
    """A rule as a line of its list: whom it serves, what it grants, and what must be said of it."""
    marks = [] if row.get("active", True) else ["đang tắt"]
    if row["kind"] == "deadline":
        subject, level = row["label"], term_in_words(row)
        marks = [row["standing"].partition(",")[0], *marks]
    elif row["kind"] == "reminder":
        subject = counted_in_words(row)
        level = f"{row['level']}{', gửi ngay' if row['urgent'] else ''}"
    else:
        subject, level = row["label"], row["level"]
        marks += [] if row["jurisdiction"] == "national" else [row["jurisdiction"]]
    route = SHORT[Route(row["route"])] if row["route"] else "cả hai"
    return _NOTHING_SAID | row | {"subject": subject, "level": level, "marks": marks, "route_label": route}


#: What only some kinds of rules say.
_NOTHING_SAID = {"condition": "", "notes": "", "doubt": "", "jurisdiction": "", "jobs": 0}


def term_in_words(row: dict[str, Any]) -> str:
    """How long a clock runs: "10 ngày làm việc", "trước ngày 15/06"."""
    if row["unit"] == "date":
        return f"{'trước ngày ' if row['before'] else ''}{row['day']:02d}/{row['month']:02d}"
    return f"{format_number(row['length'])} {'ngày làm việc' if row['unit'] == 'workdays' else 'ngày'}"


def counted_in_words(row: dict[str, Any]) -> str:
    return row["clock"] or ("mọi hạn" if row["counts"] == "ladder" else "mọi đề án")


# --- the calculator -----------------------------------------------------------------------------------


def _measured(session: Session, book: Rulebook, form: Fields, today: date) -> dict[str, Any]:
    """What is allowed for a cost, and whether the place may be supported; empty where something is missing."""
    activity = form.code("activity", Activity, required="Hãy chọn hoạt động.")
    cost = form.amount("cost", required="Hãy ghi chi phí làm căn cứ.")
    ask = form.amount("ask", required="Hãy ghi số đề nghị hỗ trợ.")
    route, on = form.code("route", Route) or Route.LOCAL, form.day("on") or today
    quantity = form.read("quantity", read_quantity)
    if quantity == 0:
        form.mistaken("quantity", "Số lượng phải từ 1 trở lên.")
    where = _place(session, form, on)
    if form.mistakes or activity is None or cost is None or ask is None:
        return {}
    measures: dict[str, Any] = {"route": route, "on": on, "jurisdiction": book.jurisdiction}
    answer: Ceiling = ceiling(book.ceilings, activity, cost=cost, ask=ask, quantity=quantity or 1, **measures)
    return {"answer": answer, "activity": activity, "cost": cost, "ask": ask, "route": route, "on": on, "where": where}


def _place(session: Session, form: Fields, on: date) -> tuple[str, Eligibility] | None:
    typed = form.typed("place").strip()
    if not typed:
        return None
    grade = form.typed("city_grade")
    known: dict[str, Any] = {
        "city_grade": int(grade) if grade in ("0", "1", "2", "3") else None,
        "craft_village": {"yes": True, "no": False}.get(form.typed("craft_village")),
    }
    approved_on = form.day("approved_on")
    try:
        name, place = beneficiary_place(session, _code_of(session, typed), **known)
    except Refused as refused:
        form.refused(refused)
        form.mistakes["place"] = form.mistakes.pop("", [])
        return None
    return name, eligibility(place, on=on, approved_on=approved_on)


def _code_of(session: Session, typed: str) -> str:
    """The code of the one place that was meant. Raises Refused where nobody can say which."""
    found = places(session, words=typed, limit=CANDIDATES + 1)
    exact = [row["code"] for row in found if row["code"] == typed]
    if exact or not found:
        return typed
    if len(found) == 1:
        return str(found[0]["code"])
    named = "; ".join(f"{row['full_name']} – {row['code']}" for row in found[:CANDIDATES])
    more = "…" if len(found) > CANDIDATES else ""
    raise Refused(f"Có nhiều địa bàn như vậy; hãy gõ mã của một địa bàn: {named}{more}.")
