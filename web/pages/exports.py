"""Tables as files: the same job functions as `dean export`, within the visitor's scope; the page that lists them."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import FileResponse, Response

from flows.jobs.imports.handing_out import offline_workbook
from flows.jobs.papers.calendars import calendar_file
from flows.jobs.papers.open_data import MEDIA_TYPE, description_file, mart_name, newest_mart
from flows.jobs.papers.tables.frame import MEDIA_TYPES, File, Form, Occasion, Table, made
from flows.jobs.papers.tables.plans import Chosen, consolidated_table, plan_table
from flows.jobs.papers.tables.programmes import programme_table
from flows.jobs.papers.tables.register import register_table
from flows.jobs.papers.tables.reminders import Wanted, reminders_table
from flows.jobs.papers.tables.reports import report_table
from flows.jobs.papers.tables.settlements import settlement_table
from models.mart import marts, shelf_of
from models.report.rows import report_numbered
from models.status import programme_heads
from models.store import Session
from states.posting import ObligationStatus
from states.reading import read_code
from states.refusal import Refused
from states.vocabulary import Route
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.plan_frame import MOST_CANDIDATES, Year
from web.pages.projects_asked import read_asked
from web.pages.reminders import WATCHERS
from web.pages.reminders_ledger import read_subject
from web.pages.reports_one import Id
from web.rendering import address
from web.roles import EVERYONE, PROVINCE

pages = Pages()

#: So many rows are written while somebody waits; the terminal has the time for more.
MOST_ROWS = 50_000
#: Forms that pages offer; programs take JSON from the interface for programs.
OFFERED = (Form.XLSX, Form.CSV, Form.PDF)
#: Nights that the page lists.
_NIGHTS = 12

Version = Annotated[int | None, Query(ge=1, le=1_000_000)]
AnyYear = Annotated[int | None, Query(ge=2000, le=2100)]
Part = Annotated[int, Query(ge=1, le=99)]


def occasion_of(visit: Visit, session: Session) -> Occasion:
    """For whom and when a table is made."""
    return Occasion(session, visit.person, visit.at, visit.desk.is_demonstration)


def sent(file: File) -> Response:
    """A file that is to be saved, and not kept by anything on its way."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}", "Cache-Control": "no-store"}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _sent(table: Table, form: Form, part: int = 1) -> Response:
    return sent(made(table, form, part - 1))


# --- tables -------------------------------------------------------------------------------------------


@pages.show("/exports/register/{form}", who=EVERYONE, label="Tải danh mục đề án")
def register(visit: AtDesk, form: Form) -> Response:
    asked = read_asked(visit.request.query_params)
    refuse_mistakes(asked.form)
    with visit.reading() as session:
        return _sent(register_table(occasion_of(visit, session), asked.sought, at_most=MOST_ROWS), form)


def refuse_mistakes(form: Fields) -> None:
    """Raise Refused for filters that cannot be understood: a file that leaves one out would say something wrong."""
    if form.mistakes:
        raise Refused(*(sentence for sentences in form.mistakes.values() for sentence in sentences))


@pages.show("/exports/plan/{year}/{route}/{form}", who=EVERYONE, label="Tải kế hoạch năm")
def plan(
    visit: AtDesk,
    year: Year,
    route: Route,
    form: Form,
    programme: str = "",
    version: Version = None,
    now: bool = False,
    part: Part = 1,
) -> Response:
    chosen = Chosen(year, route, programme or None, version, now)
    with visit.reading() as session:
        return _sent(plan_table(occasion_of(visit, session), chosen, at_most=MOST_CANDIDATES), form, part)


@pages.show("/exports/consolidated/{year}/{route}/{form}", who=EVERYONE, label="Tải bảng tổng hợp đề án (Mẫu số 2)")
def consolidated(
    visit: AtDesk,
    year: Year,
    route: Route,
    form: Form,
    programme: str = "",
    version: Version = None,
    now: bool = False,
) -> Response:
    chosen = Chosen(year, route, programme or None, version, now)
    with visit.reading() as session:
        return _sent(consolidated_table(occasion_of(visit, session), chosen, at_most=MOST_CANDIDATES), form)


@pages.show("/exports/programme/{code}/{form}", who=EVERYONE, label="Tải tình hình chương trình")
def programme(visit: AtDesk, code: str, form: Form, part: Part = 1) -> Response:
    with visit.reading() as session:
        return _sent(programme_table(occasion_of(visit, session), code, shelf=shelf(visit)), form, part)


@pages.show("/exports/settlement/{form}", who=EVERYONE, label="Tải bảng quyết toán")
def settlement(
    visit: AtDesk, form: Form, programme: str = "", year: AnyYear = None, route: Route | None = None, part: Part = 1
) -> Response:
    which: dict[str, Any] = {"programme": programme or None, "year": year, "route": route}
    with visit.reading() as session:
        return _sent(settlement_table(occasion_of(visit, session), **which, at_most=MOST_ROWS), form, part)


@pages.show("/exports/reminders/{form}", who=WATCHERS, label="Tải sổ nhắc việc")
def reminders(visit: AtDesk, form: Form) -> Response:
    typed = Fields(visit.request.query_params)
    wanted = Wanted(
        since=typed.day("since"),
        until=typed.day("until"),
        who=typed.line("who", "mã người dùng") or None,
        project=typed.read("project", read_subject),
        rule=typed.line("rule", "mã mốc nhắc") or None,
        status=typed.code("status", ObligationStatus),
    )
    refuse_mistakes(typed)
    with visit.reading() as session:
        return _sent(reminders_table(occasion_of(visit, session), wanted, at_most=MOST_ROWS), form)


@pages.show("/exports/reports/{number}/{form}", who=PROVINCE, label="Tải một báo cáo đã chốt")
def report(visit: AtDesk, number: Id, form: Form, part: Part = 1) -> Response:
    with visit.reading() as session:
        found = report_numbered(session, number, reader=visit.person)
        return _sent(report_table(occasion_of(visit, session), found), form, part)


def to_fill_in(visit: Visit, place: str | None, unit: str | None) -> File:
    """The projects of a place or a unit that the visitor may see, to be filled in and imported again."""
    with visit.reading() as session:
        name, content = offline_workbook(
            session, reader=visit.person, today=visit.today, place=place or None, unit=unit or None
        )
    return File(name, MEDIA_TYPES[Form.XLSX], content)


# --- calendars and open data --------------------------------------------------------------------------


@pages.show("/exports/calendar/{code}", who=EVERYONE, label="Tải lịch các hạn của một đề án")
def calendar(visit: AtDesk, code: str) -> Response:
    more: dict[str, Any] = {"base_url": visit.desk.settings.base_url, "demonstration": visit.desk.is_demonstration}
    with visit.reading() as session:
        return sent(calendar_file(session, read_code(code), reader=visit.person, as_of=visit.today, **more))


def shelf(visit: Visit) -> Any:
    """Where the marts of this register lie."""
    return shelf_of(visit.desk.settings.home, demonstration=visit.desk.is_demonstration)


@pages.show("/exports/mart", who=PROVINCE, label="Tải tệp số liệu của một đêm")
def mart(visit: AtDesk, on: date | None = None) -> Response:
    place = newest_mart(shelf(visit), on)
    name = mart_name(place, demonstration=visit.desk.is_demonstration)
    # A published file never changes: while it is sent, a newer one only takes its name.
    return FileResponse(place, media_type=MEDIA_TYPE, filename=name)


@pages.show("/exports/mart/description", who=PROVINCE, label="Tải mô tả tệp số liệu (Data Package)")
def mart_description(visit: AtDesk, on: date | None = None) -> Response:
    return sent(description_file(newest_mart(shelf(visit), on), demonstration=visit.desk.is_demonstration))


# --- the page that lists them -------------------------------------------------------------------------


@pages.show("/exports", who=PROVINCE, label="Tải số liệu")
def exports(visit: AtDesk) -> Response:
    with visit.reading() as session:
        programmes = programme_heads(session)
    return visit.page(
        "exports/list.html",
        programmes=sorted(programmes, key=lambda head: -int(head["start_year"])),
        routes=list(Route),
        years=lambda head: range(min(head["end_year"], visit.today.year + 1), head["start_year"] - 1, -1),
        nights=marts(shelf(visit))[:_NIGHTS],
        may_read_reminders=visit.person.role in WATCHERS,
        address=address,
    )
