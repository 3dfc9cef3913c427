"""The same list as a board of the five states, and as a time line of its projects."""

from typing import Any

from fastapi.responses import Response

from models.queries.projects import rows_of
from models.queries.projects_pages import page_of
from models.queries.projects_sought import Conditions
from models.queries.projects_sums import count_of, now_of
from models.queries.projects_timeline import lives_of
from models.store import Session
from states.refusal import Refused
from states.vocabulary import State
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.projects import NOTHING, REACHED, Listed, around, found_by, read
from web.pages.projects_asked import Asked
from web.pages.projects_drawing import draw
from web.roles import EVERYONE

pages = Pages()

#: Cards of a column, and projects of one drawing.
CARDS, DRAWN = 8, 25


@pages.show("/projects/board", who=EVERYONE, label="Bảng đề án theo năm trạng thái")
def board_page(visit: AtDesk) -> Response:
    with visit.reading() as session:
        asked = read(visit, session)
        found = found_by(visit, session, asked)
        columns = _columns(visit, session, asked, found) if found else []
        shown = around(visit, session, asked)
    return visit.page("projects/board.html", status=400 if asked.form.mistakes else 200, columns=columns, **shown)


def _columns(visit: Visit, session: Session, asked: Asked, found: Conditions) -> list[dict[str, Any]]:
    """The states that the filters leave, each with its first cards."""
    wanted = [state for state in State if asked.sought.state in (None, state)]
    columns = []
    for state in wanted:
        of_state = found.of_state(state)
        count = count_of(session, of_state)
        page = page_of(session, of_state, asked.sort, limit=CARDS, is_short=count.is_short)
        columns.append(
            {
                "state": state,
                "label": REACHED[state],
                "count": count,
                "now": now_of(session, of_state) if count.is_short else None,
                "cards": rows_of(session, page.ids, today=visit.today),
                "has_more": bool(page.after),
            }
        )
    return columns


@pages.show("/projects/timeline", who=EVERYONE, label="Dòng thời gian của đề án")
def timeline_page(visit: AtDesk) -> Response:
    with visit.reading() as session:
        asked = read(visit, session)
        found = found_by(visit, session, asked)
        listed = _drawn(visit, session, asked, found) if found else NOTHING
        lives = lives_of(session, listed.page.ids)
        shown = around(visit, session, asked)
    rows = [row | {"life": lives[id_]} for id_, row in zip(listed.page.ids, listed.rows, strict=True)]
    return visit.page(
        "projects/timeline.html",
        status=400 if asked.form.mistakes else 200,
        listed=listed,
        rows=rows,
        reached=REACHED,
        drawing=draw(rows, today=visit.today),
        **shown,
    )


def _drawn(visit: Visit, session: Session, asked: Asked, found: Conditions) -> Listed:
    count = count_of(session, found)
    try:
        page = page_of(
            session, found, asked.sort, limit=DRAWN, after=asked.after, before=asked.before, is_short=count.is_short
        )
    except Refused as refused:
        asked.form.refused(refused)
        return NOTHING
    return Listed(count, page, rows_of(session, page.ids, today=visit.today))
