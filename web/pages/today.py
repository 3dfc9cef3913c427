"""Hôm nay: what is due, whose turn it is, and what happened, each row one click away from the step that solves it."""

from datetime import datetime, time
from typing import Any

from fastapi.responses import Response

from models.columns import instant_text
from models.desk.comments import mentions_of
from models.desk.denials import denials
from models.queries import today as mornings
from models.queries.histories import ENTRY_LABELS
from models.seals import seals
from models.slots import overdue
from models.store import Session
from states.actions import Action
from states.facts import OFFICE_TIME, Person
from states.steps import STEP
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk, Visit
from web.rendering import address
from web.roles import EVERYONE, RECORDERS
from web.steps import step_path

pages = Pages()

#: Rows of a section, and of one that is paged.
SOME, PAGE = 8, 15
LABELS = {str(action): step.label for action, step in STEP.items()} | {
    str(e): label for e, label in ENTRY_LABELS.items()
}
#: Further back a list is for the list of projects, which is made for it.
FARTHEST = 1_000
#: For how many days a mention stays on the page.
MENTIONED_DAYS = 14


@pages.show("/", who=EVERYONE, label="Hôm nay")
def today_page(visit: AtDesk, step: str = "", offset: int = 0, others: str = "", behind: int = 0) -> Response:
    me = visit.person
    with visit.reading() as session:
        since = mornings.last_workday(session, visit.today)
        shown: dict[str, Any] = {
            "due": mornings.due(session, me, as_of=visit.today, limit=SOME) if mornings.has_deadlines(me) else {},
            "mine": _mine(session, visit, _action(step), _bounded(offset)) if me.role in RECORDERS else None,
            "others": _others(session, visit, _action(others), _bounded(behind)) if _waits(me) else None,
            "requests": mornings.open_requests(session, me, limit=SOME) if _waits(me) else [],
            "changes": mornings.changes_since(session, me, since=since, limit=SOME * 2),
            "mentions": _mentions(session, visit),
        }
        shown |= _auditors(session) if me.role is Role.AUDITOR else {}
        shown |= _administrators(session, visit) if me.role is Role.ADMINISTRATOR else {}
    mine, other = _action(step), _action(others)
    shown |= {
        "step": mine,
        "offset": _bounded(offset),
        "next_mine": _around("step", mine, "offset", _bounded(offset), PAGE, "mine"),
        "other": other,
        "behind": _bounded(behind),
        "next_other": _around("others", other, "behind", _bounded(behind), SOME, "others"),
    }
    return visit.page("today.html", since=since, path=step_path, may=_may(me), labels=LABELS, **shown)


def _around(name: str, step: Action | None, place: str, offset: int, size: int, anchor: str) -> list[str]:
    """The addresses of the page before and of the page after."""
    firsts = (max(offset - size, 0), offset + size)
    return [address("/", **{name: step, place: first or None}) + f"#{anchor}" for first in firsts]


def _mine(session: Session, visit: Visit, step: Action | None, offset: int) -> mornings.Awaited:
    return mornings.waiting_on(session, visit.person, at=visit.at, limit=PAGE, offset=offset, step=step)


def _others(session: Session, visit: Visit, step: Action | None, offset: int) -> mornings.Awaited:
    return mornings.waiting_elsewhere(session, visit.person, at=visit.at, limit=SOME, offset=offset, step=step)


def _waits(person: Person) -> bool:
    """Auditors and administrators wait for nobody."""
    return person.role in RECORDERS or person.role is Role.COMMUNE_VIEWER


def _action(typed: str) -> Action | None:
    """The step that a list is narrowed to; a word that names none narrows nothing."""
    return Action(typed) if typed in set(Action) else None


def _bounded(offset: int) -> int:
    return min(max(offset, 0), FARTHEST)


def _may(person: Person) -> frozenset[str]:
    """The steps that the person's role may record."""
    return frozenset(str(action) for action, step in STEP.items() if person.role in step.recorders)


def _mentions(session: Session, visit: Visit) -> list[dict[str, Any]]:
    begins = visit.today.toordinal() - MENTIONED_DAYS
    since = datetime.combine(visit.today.fromordinal(begins), time.min, OFFICE_TIME)
    return mentions_of(session, visit.person, since=instant_text(since))[:SOME]


def _auditors(session: Session) -> dict[str, Any]:
    return {
        "events": mornings.latest_events(session, limit=SOME * 2),
        "denied": denials(session, limit=SOME),
        "sealed": list(reversed(seals(session, newest=3))),
    }


def _administrators(session: Session, visit: Visit) -> dict[str, Any]:
    return {
        "missed": overdue(session, at=visit.at)[:SOME],
        "dead": mornings.undelivered(session, limit=SOME),
        "locked_out": mornings.without_password(session),
    }
