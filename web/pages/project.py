"""One đề án: where it stands, what can be done next and why not, and everything that the register knows of it."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi.responses import Response

from flows.jobs.papers.letters.making import possible
from flows.jobs.papers.letters.offering import unverified
from models.copying import COPYABLE
from models.desk.comments import remarks
from models.loading import load_project
from models.more_facts import with_all
from models.queries import history, people, show_project
from models.queries.adjustments import adjustments
from models.queries.deadlines import deadlines_of
from models.queries.histories import milestones
from models.queries.judged import Choice, choices, is_grave
from models.queries.papers import papers_of
from models.store import Session
from models.waterfall import WATERFALL, project_waterfall
from states.actions import Action
from states.activities import ACTIVITIES
from states.facts import Person
from states.lifecycle import ENDS
from states.vocabulary import Role, Route, Source, Stage
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.project_new import AUTHORS
from web.reasons import on_pages
from web.rendering import address
from web.roles import EVERYONE, OFFICE, RECORDERS
from web.uploads import paper_choices

pages = Pages()

LATEST = 6


@pages.show("/projects/{code}", who=EVERYONE, label="Một đề án")
def project_page(visit: AtDesk, code: str) -> Response:
    return shown(visit, code, Fields())


def shown(visit: Visit, code: str, form: Fields, status: int = 200) -> Response:
    """The page of a project, with a form on it that was refused or none. Raises Refused for a hidden project."""
    me = visit.person
    with visit.reading() as session:
        values = _read(session, visit, code)
        sheet = values["sheet"]
        # Nothing is written about an old record: its papers were made elsewhere.
        letters = [] if sheet["vouched"] else possible(me, Stage(sheet["stage"]))
        about = {"unit": sheet["unit"]["name"], "programme": sheet["programme"]["code"]}
        unsure = unverified(session, letters, route=Route(sheet["route"]), on=visit.today, **about)
    return visit.page(
        "project/page.html",
        status=status,
        form=form,
        path=_path,
        grave=is_grave,
        is_main=_is_main,
        may_edit=me.role in RECORDERS,
        may_copy=me.role in AUTHORS and Stage(sheet["stage"]) in COPYABLE,
        may_comment=me.role in OFFICE,
        letters=letters,
        unverified=unsure,
        is_ended=Stage(sheet["stage"]) in ENDS,
        activities=ACTIVITIES,
        paper_choices=paper_choices,
        on_page=on_pages,
        pieces_of=mention_pieces,
        **values,
    )


def _read(session: Session, visit: Visit, code: str) -> dict[str, Any]:
    me = visit.person
    sheet = show_project(session, code, reader=me, today=visit.today)
    loaded = with_all(session, load_project(session, code))
    here, elsewhere = choices(session, loaded, me, visit.at)
    events = history(session, code, reader=me)
    money = project_waterfall(session, code, as_of=visit.today, reader=me)
    every_deadline = deadlines_of(session, code, as_of=visit.today, every=True)
    return {
        "sheet": sheet,
        "contract_id": loaded.contract_id,
        "open_steps": [choice for choice in here if choice.is_open],
        "closed_steps": [choice for choice in here if not choice.is_open],
        "elsewhere": elsewhere,
        "track": milestones(events),
        "events": list(reversed(events[-LATEST:])),
        "event_count": len(events),
        "money": money,
        "money_rows": _money_rows(money),
        "papers": papers_of(session, code, reader=me),
        "requests": adjustments(session, code=code, reader=me),
        "past_deadlines": [row for row in every_deadline if row["status"] == "closed"],
        "remarks": remarks(session, code, reader=me),
        "colleagues": _colleagues(session, me, sheet["unit"]["code"]),
    }


def _path(choice: Choice, code: str) -> str:
    """Where a step is recorded: an approval stands on a list, every other one has its own form here."""
    if choice.step.action is Action.APPROVE:
        return address("/approvals", code=code)
    return f"/projects/{code}/steps/{choice.step.action}"


def _is_main(choice: Choice) -> bool:
    """Does the step lead on along the straight road?"""
    return choice.step.target is not None and not is_grave(choice.step)


def _money_rows(money: dict[str, Any]) -> list[dict[str, Any]]:
    """One row per kind of money that somebody recorded, by source, with the part of the largest amount for the bars."""
    sources = [str(source) for source in Source if any(money["sources"][str(source)].values())]
    largest = max((money["sources"][source][kind] for source in sources for kind in WATERFALL), default=0)
    return [
        {
            "kind": str(kind),
            "label": kind.label,
            "amounts": {source: money["sources"][source][kind] for source in sources},
            "bars": {
                source: max(money["sources"][source][kind], 0) * 100 // largest if largest else 0 for source in sources
            },
            "all": money["total"]["all"][kind],
        }
        for kind in WATERFALL
        if any(money["sources"][source][kind] for source in sources)
    ]


def _colleagues(session: Session, me: Person, unit: str) -> list[dict[str, Any]]:
    """Who can be mentioned: everybody of the office, and of the units the one that carries the project out."""
    if me.role not in OFFICE:
        return []
    everyone = (row for row in people(session) if row["active"] and row["role"] != Role.COMMUNE_VIEWER)
    return [row for row in everyone if row["role"] != Role.CENTRE_OFFICER or row["unit"] == unit]


_MENTION = re.compile(r"((?<![\w@])@[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)")


def mention_pieces(words: str, mentions: list[str]) -> Iterator[tuple[str, bool]]:
    """A remark in pieces of text, each with whether it mentions a person."""
    for piece in _MENTION.split(words):
        if piece:
            yield piece, piece.startswith("@") and piece[1:] in mentions
