"""The register as a table: every đề án of a list with the same filters as the list itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.tables.frame import UNIT, Occasion, Table, cut_off_now, day_of, limited
from models.queries.projects_pages import narrowed
from models.queries.projects_sought import Conditions, Sought, conditions
from models.queries.projects_sums import exact_count_of
from models.queries.projects_whole import whole_list
from models.queries.scope import readable_by
from states.old_records import marked
from states.refusal import Refused
from states.vocabulary import Route
from states.words import format_date, format_number

if TYPE_CHECKING:
    from documents.tables import Row, Sheet

ROUTES = {Route.LOCAL: "ĐP", Route.NATIONAL: "QG"}
#: The words of filters before their values.
_FILTERS = {
    "programme": "chương trình",
    "year": "năm kế hoạch",
    "content": "nội dung",
    "unit": "đơn vị thực hiện",
    "place": "địa bàn",
}


def register_table(occasion: Occasion, sought: Sought, *, at_most: int | None = None) -> Table:
    """The projects that filters leave, within the reader's scope, in the order of their codes.

    Raises Refused for a filter that names nothing, and for more projects than `at_most`.
    """
    session, reader = occasion.session, occasion.reader
    found = narrowed(session, conditions(session, sought, reader=reader, today=occasion.today))
    count = exact_count_of(session, found).n
    if at_most is not None and count > at_most:
        raise Refused(
            f"Danh sách này có {format_number(count)} đề án; trang tải nhiều nhất {format_number(at_most)}. Hãy lọc "
            "bớt, hoặc nhờ quản trị tải bằng lệnh dean export register trên máy chủ."
        )
    limited_to = reader.name if reader is not None and readable_by(reader).conditions else None
    return Table(
        "register",
        "danh-muc-de-an",
        occasion,
        cut_off_now(session),
        lambda: (_sheet(sought, limited_to, _read(occasion, found)),),
        lambda: {"filters": _plain(sought), "limited_to": limited_to, "rows": _read(occasion, found)},
    )


def _read(occasion: Occasion, found: Conditions) -> Iterator[dict[str, Any]]:
    return whole_list(occasion.session, found, today=occasion.today)


def _plain(sought: Sought) -> dict[str, Any]:
    return {name: getattr(sought, name) for name in sought.__slots__ if getattr(sought, name) is not None}


def filter_words(sought: Sought) -> str:
    """The filters of a list in words; empty where there is none."""
    told = [f"{label} {value}" for name, label in _FILTERS.items() if (value := getattr(sought, name)) is not None]
    told += [each.label.lower() for each in (sought.state, sought.stage, sought.deadline) if each is not None]
    told += [sought.route.label] if sought.route else []
    told += [f"có chữ «{sought.words}»"] if sought.words else []
    return "; ".join(told)


def _sheet(sought: Sought, limited_to: str | None, rows: Iterable[Mapping[str, Any]]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet, amount

    fund = "Kinh phí khuyến công"
    columns = (
        Column("no", "STT", Kind.WHOLE, 5),
        Column("code", "Mã đề án", width=17),
        Column("name", "Tên đề án", width=34),
        Column("content", "Nội dung", Kind.WHOLE, 6),
        Column("year", "Năm kế hoạch", Kind.WHOLE, 7),
        Column("route", "Tuyến", width=6),
        Column("unit", "Đơn vị thực hiện", width=18),
        Column("beneficiaries", "Đơn vị thụ hưởng", width=20),
        Column("place", "Địa điểm", width=15),
        Column("starts_on", "Bắt đầu", Kind.DATE, 11),
        Column("ends_on", "Kết thúc", Kind.DATE, 11),
        amount("total_cost", "Tổng kinh phí", width=14),
        *(amount(key, title, band=fund, width=13) for key, title in _MONEY.items()),
        amount("counterpart", "Đối ứng", width=13),
        Column("stage", "Giai đoạn", width=14),
        Column("due_on", "Hạn gần nhất", Kind.DATE, 11),
    )
    words = filter_words(sought)
    return Sheet(
        name="Danh mục đề án",
        titles=("Danh mục đề án khuyến công",),
        subtitles=(*((f"Lọc theo: {words}",) if words else ()), *limited(limited_to)),
        unit=UNIT,
        columns=columns,
        groups=iter([Group(_row(number, row) for number, row in enumerate(rows, start=1))]),
        notes=("Kinh phí phê duyệt là số sau điều chỉnh; đối ứng là số của mốc đã đạt sau cùng.",),
        frozen=3,
    )


_MONEY = {
    "asked": "Đề nghị",
    "appraised": "Thẩm định",
    "approved": "Phê duyệt",
    "accepted": "Nghiệm thu",
    "settled": "Quyết toán",
}


def _row(number: int, row: Mapping[str, Any]) -> "Row":
    deadline = row["deadline"] or {}
    return (
        *(number, row["code"], row["name"], row["content"], row["plan_year"], ROUTES[Route(row["route"])]),
        *(row["unit_name"], "; ".join(row["beneficiaries"]), row["place_name"]),
        *(day_of(row["starts_on"]), day_of(row["ends_on"]), row["total_cost"]),
        *(row[key] for key in _MONEY),
        *(row["counterpart"], marked(row["stage_label"], is_old=row["old_record"]), day_of(deadline.get("due_on"))),
    )


def life_words(starts_on: str | None, ends_on: str | None) -> str:
    """From when to when a project works, in one cell."""
    first, last = day_of(starts_on), day_of(ends_on)
    return " – ".join(format_date(day) for day in (first, last) if day is not None)
