"""Programmes: targets and money, roll-ups with the rows behind each number, the forecast, money from step to step."""

from datetime import date
from typing import Annotated

from fastapi import Query

from models.desk.publication import publish
from models.forecasting import programme_forecast
from models.mart.shelf import shelf_of
from models.programme_figures import programme_figures
from models.queries import all_duplicates
from models.queries.adjustments import adjustments
from models.queries.recoveries import recoveries
from models.rollups import read_cutoff, rollup_by
from models.rollups.row_page import Behind, row_page
from models.status import programme_heads, programme_status
from models.waterfall import programme_waterfall, year_waterfall
from states.rollups import By, Step
from states.scopes import Scope
from states.vocabulary import Role, Route, Source
from web.api.asked import AnyYear, Json, Limit, Words
from web.api.bodies import Body
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.plan_frame import Year
from web.roles import EVERYONE, OFFICE, PROVINCE

endpoints = Endpoints(tags=["programmes"])


class PublicationBody(Body):
    """Whether the programme has a public page."""

    shown: bool


@endpoints.read("/programmes", who=EVERYONE, label="Các chương trình")
def listed(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"programmes": programme_heads(session)}


@endpoints.read("/programmes/{code}", who=EVERYONE, label="Chỉ tiêu và kinh phí của chương trình")
def figures(visit: AtDesk, code: str) -> Json:
    """Targets and money as far as the person may see projects, with the cut-off; a large register answers of last
    night."""
    shelf = shelf_of(visit.desk.settings.home, demonstration=visit.desk.is_demonstration)
    with visit.reading() as session:
        return programme_figures(session, code, shelf=shelf, reader=visit.person)


@endpoints.read("/programmes/{code}/status", who=PROVINCE, label="Tiến độ chương trình, kèm đề án sau mỗi chỉ tiêu")
def status(visit: AtDesk, code: str, projects: bool = False) -> Json:
    with visit.reading() as session:
        return programme_status(session, code, with_projects=projects)


@endpoints.read("/programmes/{code}/rollup", who=EVERYONE, label="Số liệu tổng hợp theo một chiều")
def rollup(visit: AtDesk, code: str, by: By = By.CONTENT, year: AnyYear = None, as_of: date | None = None) -> Json:
    """Plan, approval, work and settlement by content, source, place, unit or month, added up in two ways."""
    with visit.reading() as session:
        return rollup_by(session, code, by, as_of=as_of or visit.today, year=year, reader=visit.person)


@endpoints.read("/programmes/{code}/rows", who=EVERYONE, label="Các đề án đứng sau một số của chương trình")
def rows(
    visit: AtDesk,
    code: str,
    step: Step = Step.APPROVED,
    by: By | None = None,
    key: Words = "",
    source: Source | None = None,
    year: AnyYear = None,
    after: Words = "",
    limit: Limit = 50,
) -> Json:
    """The projects behind a figure and what each adds; `next` asks for those that follow."""
    with visit.reading() as session:
        behind = Behind(step, by, key, source, year)
        found = row_page(session, code, behind, after=after, limit=limit, reader=visit.person)
        return found | {"cutoff": read_cutoff(session).as_json()}


@endpoints.read("/programmes/{code}/forecast", who=PROVINCE, label="Dự báo chỉ tiêu của chương trình")
def forecast(visit: AtDesk, code: str, as_of: date | None = None) -> Json:
    with visit.reading() as session:
        return programme_forecast(session, code, as_of=as_of or visit.today, today=visit.today)


@endpoints.read("/programmes/{code}/waterfall", who=EVERYONE, label="Dòng tiền của chương trình")
def waterfall(visit: AtDesk, code: str, projects: bool = False) -> Json:
    with visit.reading() as session:
        return programme_waterfall(session, code, with_projects=projects, reader=visit.person)


@endpoints.write(
    "/programmes/{code}/publication",
    who=frozenset({Role.LEADER}),
    scope=Scope.STEPS,
    label="Mở hoặc đóng trang công khai của chương trình",
)
def publication(visit: AtDesk, code: str, body: PublicationBody) -> Json:
    with visit.writing() as session:
        publish(session, code, shown=body.shown, by=visit.person, origin=visit.origin)
    return {"programme": code, "shown": body.shown}


# --- across programmes --------------------------------------------------------------------------------


@endpoints.read("/years/{year}/waterfall", who=EVERYONE, label="Dòng tiền của một năm kế hoạch")
def year_money(visit: AtDesk, year: Year, route: Route | None = None, projects: bool = False) -> Json:
    with visit.reading() as session:
        return year_waterfall(session, year, route=route, with_projects=projects, reader=visit.person)


@endpoints.read("/duplicates", who=OFFICE, label="Dò trùng hỗ trợ trong cả sổ")
def duplicates(visit: AtDesk, year: AnyYear = None) -> Json:
    """Pairs of projects by which support may be given twice, of which the person sees the later one."""
    with visit.reading() as session:
        return {"duplicates": all_duplicates(session, year=year, reader=visit.person)}


@endpoints.read("/adjustments", who=EVERYONE, label="Đề nghị điều chỉnh")
def asked(visit: AtDesk, project: Annotated[str | None, Query(max_length=64)] = None, open: bool = False) -> Json:
    with visit.reading() as session:
        return {"requests": adjustments(session, code=project, only_open=open, reader=visit.person)}


@endpoints.read("/recoveries", who=EVERYONE, label="Đề án còn tiền phải thu hồi")
def to_recover(visit: AtDesk, as_of: date | None = None) -> Json:
    with visit.reading() as session:
        return {"projects": recoveries(session, as_of=as_of or visit.today, reader=visit.person)}
