"""The ledger of reminders: who was told what, when, over which channel, and why not; and tomorrow's letters, tried."""

from datetime import date
from typing import Any

from fastapi.responses import Response

from flows.jobs.printed_letters import HIDDEN, printed
from flows.jobs.rehearsing import Planned, Rehearsed, rehearse
from models.queries import people
from models.reminders.reports import told, told_counts
from models.rulebook import rulebook
from states.counting import Workdays, add_workdays
from states.posting import ObligationStatus
from states.reading import read_code
from states.refusal import Refused
from states.words import format_date
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.reminders import WATCHERS, tabs

pages = Pages()

LIMIT = 50
#: How far ahead a morning may be tried, in days: letters further off say little.
FARTHEST = 60


@pages.show("/reminders/ledger", who=WATCHERS, label="Sổ nhắc việc")
def ledger(visit: AtDesk) -> Response:
    form = Fields(visit.request.query_params)
    status = form.code("status", ObligationStatus)
    chosen: dict[str, Any] = {
        "who": form.line("who", "mã người dùng") or None,
        "project": form.read("project", read_subject),
        "rule": form.line("rule", "mã mốc nhắc") or None,
        "since": form.day("since"),
        "until": form.day("until"),
    }
    offset = _offset(form.typed("offset"))
    rows: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    with visit.reading() as session:
        everyone, rules = people(session), rulebook(session).reminders
        if not form.mistakes:
            try:
                counts = told_counts(session, **chosen, reader=visit.person)
                rows = told(session, **chosen, status=status, reader=visit.person, limit=LIMIT + 1, offset=offset)
            except Refused as refused:
                form.refused(refused, {"project": ("đề án",), "who": ("người dùng",)})
    names = ("who", "project", "rule", "since", "until")
    return visit.page(
        "reminders/ledger.html",
        status=400 if form.mistakes else 200,
        form=form,
        tabs=tabs,
        rows=rows[:LIMIT],
        has_more=len(rows) > LIMIT,
        counts=[(code, ObligationStatus(code).label, number) for code, number in counts.items() if number],
        chosen={name: form.typed(name) for name in names},
        ended=status,
        people=[(one["code"], f"{one['name']} ({one['code']})") for one in everyone],
        rules=[(rule.id, f"{rule.id}: {rule.label}") for rule in rules],
        limit=LIMIT,
        offset=offset,
    )


def read_subject(typed: str) -> str:
    """The code of a project as the register writes it; a deadline of the year is named as it stands in the ledger."""
    return typed if typed.startswith("D-") else read_code(typed)


def _offset(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0


# --- tomorrow's letters -------------------------------------------------------------------------------


@pages.show("/reminders/rehearsal", who=WATCHERS, label="Xem trước thư nhắc việc")
def rehearsal(visit: AtDesk) -> Response:
    form = Fields(visit.request.query_params)
    on = form.day("day")
    if on is not None and not visit.today <= on <= date.fromordinal(visit.today.toordinal() + FARTHEST):
        form.mistaken("day", f"Hãy chọn ngày từ {format_date(visit.today)}, trong {FARTHEST} ngày tới.")
    with visit.reading() as session:
        everyone = people(session)
        tomorrow = add_workdays(visit.today, Workdays(1), rulebook(session).calendar)
    who = form.typed("who") or None
    found = rehearse(visit.desk.store, as_of=on) if on is not None and not form.mistakes else None
    letters = [each for each in found.letters if who is None or _concerns(each, who)] if found else []
    kept = [row for row in found.kept if who in (None, row["person"], row["read_by"])] if found else []
    return visit.page(
        "reminders/rehearsal.html",
        status=400 if form.mistakes else 200,
        form=form,
        tabs=tabs,
        found=found,
        letters=[(each, _text(visit, found, each)) for each in letters] if found else [],
        kept=kept,
        tomorrow=tomorrow,
        people=[(one["code"], f"{one['name']} ({one['code']})") for one in everyone if one["active"]],
        mode=visit.desk.settings.notify_mode,
    )


def _concerns(planned: Planned, who: str) -> bool:
    return planned.held.person == who or any(row["person"] == who for row in planned.reminders)


def _text(visit: Visit, found: Rehearsed, planned: Planned) -> tuple[str, str]:
    """Subject and words of a letter; the links by which its reader answers are made when it leaves."""
    message = printed(planned.held, visit.desk.settings, found.office_name)
    lines = [line for line in message.text.splitlines() if not line.endswith(HIDDEN)]
    return message.subject, "\n".join(lines).strip()
