"""Tables as files for programs: the same as the pages and `dean export`, in the form that is asked for."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from fastapi.responses import FileResponse, Response

from flows.jobs.papers.calendars import calendar_file
from flows.jobs.papers.open_data import MEDIA_TYPE, description, mart_name, newest_mart
from flows.jobs.papers.tables.frame import Form, Table, made
from flows.jobs.papers.tables.plans import Chosen, consolidated_table, plan_table
from flows.jobs.papers.tables.programmes import programme_table
from flows.jobs.papers.tables.register import register_table
from flows.jobs.papers.tables.reminders import Wanted, reminders_table
from flows.jobs.papers.tables.reports import report_table
from flows.jobs.papers.tables.settlements import settlement_table
from models.queries.projects_sought import Due, Sought
from models.report.rows import report_numbered
from states.posting import ObligationStatus
from states.reading import read_code
from states.vocabulary import Route, Stage, State
from web.api.asked import AnyYear, Day, Id, Json
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.exports import MOST_ROWS, occasion_of, sent, shelf, to_fill_in
from web.pages.plan_frame import MOST_CANDIDATES, Year
from web.pages.reminders import WATCHERS
from web.roles import EVERYONE, PROVINCE

endpoints = Endpoints(tags=["exports"])

Text = Annotated[str | None, Query(max_length=200)]
Code = Annotated[str, Path(max_length=64)]
#: The sheet that CSV writes of a table with several.
Part = Annotated[int, Query(ge=1, le=99, description="Phần của biểu, với CSV")]
Version = Annotated[int | None, Query(ge=1, le=1_000_000)]


def _sent(table: Table, form: Form, part: int = 1) -> Response:
    return sent(made(table, form, part - 1))


@endpoints.read("/exports/register", who=EVERYONE, label="Tải danh mục đề án", response_class=Response)
def register(
    visit: AtDesk,
    form: Form = Form.JSON,
    words: Text = None,
    programme: Text = None,
    year: AnyYear = None,
    state: State | None = None,
    stage: Stage | None = None,
    route: Route | None = None,
    content: Annotated[int | None, Query(ge=0, le=99)] = None,
    unit: Text = None,
    place: Text = None,
    deadline: Due | None = None,
) -> Response:
    """Every project that the filters leave, within the scope of the token's owner."""
    sought = Sought(programme, year, state, stage, route, content, unit, place, words, deadline)
    with visit.reading() as session:
        return _sent(register_table(occasion_of(visit, session), sought, at_most=MOST_ROWS), form)


@endpoints.read("/exports/plan/{year}/{route}", who=EVERYONE, label="Tải kế hoạch năm", response_class=Response)
def plan(
    visit: AtDesk,
    year: Year,
    route: Route,
    form: Form = Form.JSON,
    programme: Text = None,
    version: Version = None,
    now: bool = False,
    part: Part = 1,
) -> Response:
    """A kept version of a plan, the newest unless one is named, or the candidates of now."""
    chosen = Chosen(year, route, programme, version, now)
    with visit.reading() as session:
        return _sent(plan_table(occasion_of(visit, session), chosen, at_most=MOST_CANDIDATES), form, part)


@endpoints.read(
    "/exports/consolidated/{year}/{route}",
    who=EVERYONE,
    label="Tải bảng tổng hợp đề án (Mẫu số 2)",
    response_class=Response,
)
def consolidated(
    visit: AtDesk,
    year: Year,
    route: Route,
    form: Form = Form.JSON,
    programme: Text = None,
    version: Version = None,
    now: bool = False,
) -> Response:
    """The list that goes to the agency; the columns of its form were never verified."""
    chosen = Chosen(year, route, programme, version, now)
    with visit.reading() as session:
        return _sent(consolidated_table(occasion_of(visit, session), chosen, at_most=MOST_CANDIDATES), form)


@endpoints.read("/exports/programme/{code}", who=EVERYONE, label="Tải tình hình chương trình", response_class=Response)
def programme(visit: AtDesk, code: Code, form: Form = Form.JSON, part: Part = 1) -> Response:
    """Targets and money from plan to settlement."""
    with visit.reading() as session:
        return _sent(programme_table(occasion_of(visit, session), code, shelf=shelf(visit)), form, part)


@endpoints.read("/exports/settlement", who=EVERYONE, label="Tải bảng quyết toán", response_class=Response)
def settlement(
    visit: AtDesk,
    form: Form = Form.JSON,
    programme: Text = None,
    year: AnyYear = None,
    route: Route | None = None,
    part: Part = 1,
) -> Response:
    """The money of each project and source, of a programme or of a plan year."""
    with visit.reading() as session:
        occasion = occasion_of(visit, session)
        table = settlement_table(occasion, programme=programme, year=year, route=route, at_most=MOST_ROWS)
        return _sent(table, form, part)


@endpoints.read("/exports/reminders", who=WATCHERS, label="Tải sổ nhắc việc", response_class=Response)
def reminders(
    visit: AtDesk,
    form: Form = Form.JSON,
    since: Day | None = None,
    until: Day | None = None,
    who: Text = None,
    project: Text = None,
    rule: Text = None,
    status: ObligationStatus | None = None,
) -> Response:
    """What became of every reminder of a choice."""
    wanted = Wanted(since, until, who, project, rule, status)
    with visit.reading() as session:
        return _sent(reminders_table(occasion_of(visit, session), wanted, at_most=MOST_ROWS), form)


@endpoints.read("/exports/reports/{number}", who=PROVINCE, label="Tải một báo cáo đã chốt", response_class=Response)
def report(visit: AtDesk, number: Id, form: Form = Form.JSON, part: Part = 1) -> Response:
    """A frozen report: exactly what was frozen."""
    with visit.reading() as session:
        found = report_numbered(session, number, reader=visit.person)
        return _sent(report_table(occasion_of(visit, session), found), form, part)


@endpoints.read("/exports/commune", who=EVERYONE, label="Tải bảng để điền khi không vào mạng", response_class=Response)
def commune(visit: AtDesk, place: Text = None, unit: Text = None) -> Response:
    """An Excel file of the projects of a place or a unit; filled in, it comes back by POST /imports/preview."""
    return sent(to_fill_in(visit, place, unit))


@endpoints.read(
    "/exports/calendar/{code}", who=EVERYONE, label="Tải lịch các hạn của một đề án", response_class=Response
)
def calendar(visit: AtDesk, code: Code) -> Response:
    """The open deadlines of a project (iCalendar)."""
    demonstration = visit.desk.is_demonstration
    base_url = visit.desk.settings.base_url
    with visit.reading() as session:
        found = calendar_file(
            session,
            read_code(code),
            reader=visit.person,
            as_of=visit.today,
            base_url=base_url,
            demonstration=demonstration,
        )
    return sent(found)


@endpoints.read("/exports/mart", who=PROVINCE, label="Tải tệp số liệu của một đêm", response_class=Response)
def mart(visit: AtDesk, on: date | None = None) -> Response:
    """The open data of a night (SQLite), the newest unless one is named."""
    place = newest_mart(shelf(visit), on)
    return FileResponse(
        place, media_type=MEDIA_TYPE, filename=mart_name(place, demonstration=visit.desk.is_demonstration)
    )


@endpoints.read("/exports/mart/description", who=PROVINCE, label="Mô tả tệp số liệu (Data Package)")
def mart_description(visit: AtDesk, on: date | None = None) -> Json:
    """The tables and columns of a night's open data, with their meanings."""
    return description(newest_mart(shelf(visit), on), demonstration=visit.desk.is_demonstration)
