"""The page of a programme for everybody: what a night has published of it, and nothing that no decision has granted."""

from typing import Any

from fastapi.responses import JSONResponse, Response

from models.desk.publication import is_published
from models.mart.reading import Night, newest_night, night_count, night_projects
from models.mart.shelf import shelf_of
from models.programme_figures import published_figures
from states.refusal import Refused
from states.vocabulary import Source
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.programme_charts import STEP_LABELS, STEPS, WIDEST, goal_of, money_stacks, running_lines, target_bars
from web.rendering import address
from web.roles import ANYONE

pages = Pages()

#: What was only asked for is nobody's but the office's.
PUBLIC_STEPS = STEPS[1:]
PAGE = 100


@pages.show("/public/{code}.json", who=ANYONE, label="Số liệu công khai của chương trình (JSON)")
def public_json(visit: AtDesk, code: str, after: str = "") -> Response:
    night = _night_of(visit, code)
    if night is None:
        return JSONResponse({"programme": code, "cutoff": None, "projects": []})
    told = _figures(visit, code, night)
    projects, following = _projects(night, code, after)
    more = address(f"/public/{code}.json", after=following) if following else None
    return JSONResponse(told | {"projects": projects, "projects_total": night_count(night, code), "next": more})


@pages.show("/public/{code}", who=ANYONE, label="Trang công khai của chương trình")
def public_page(visit: AtDesk, code: str, after: str = "") -> Response:
    night = _night_of(visit, code)
    if night is None:
        return visit.page("public/nothing.html", code=code)
    found = _figures(visit, code, night)
    projects, following = _projects(night, code, after)
    return visit.page(
        "public/programme.html",
        code=code,
        found=found,
        projects=projects,
        count=night_count(night, code),
        after=after,
        next=address(f"/public/{code}", after=following) if following else "",
        steps=PUBLIC_STEPS,
        step_labels=STEP_LABELS,
        sources=[*((str(source), source.label) for source in Source), ("total", "Cộng")],
        goal_of=goal_of,
        bars=target_bars([target | {"planned": 0} for target in found["targets"]]),
        widest=WIDEST,
        stacks=money_stacks(found["money"]),
        lines=running_lines(found),
    )


def _night_of(visit: Visit, code: str) -> Night | None:
    """The newest published night. Raises Refused, in the same words for unknown and closed, where there is no page."""
    with visit.reading() as session:
        if not is_published(session, code):
            raise Refused("Không có trang công khai này; hãy kiểm tra địa chỉ.")
    return newest_night(shelf_of(visit.desk.settings.home, demonstration=visit.desk.is_demonstration))


def _figures(visit: Visit, code: str, night: Night) -> dict[str, Any]:
    with visit.reading() as session:
        return published_figures(session, code, night, PUBLIC_STEPS) | {"province": visit.desk.about["province"]}


def _projects(night: Night, code: str, after: str) -> tuple[list[dict[str, Any]], str]:
    rows = night_projects(night, code, after=after[:60], limit=PAGE + 1)
    return rows[:PAGE], rows[PAGE - 1]["code"] if len(rows) > PAGE else ""
