"""The settlement as a table: the money of each project and source from the wish to the last đồng, and what is open.

Two equations close per source: approved after adjustments = settled + released, prepaid + paid = settled + recovered.
What is left of each stands beside every line as a live formula. Basis: design §9, "Money".
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.tables.frame import ROUTE_STEMS, SIGNERS, UNIT, Occasion, Table, cut_off_now, limited
from models.waterfall import WATERFALL, programme_waterfall, year_waterfall
from states.old_records import marked
from states.refusal import Refused
from states.vocabulary import MoneyKind, Route, Source
from states.words import format_number

if TYPE_CHECKING:
    from documents.tables import Column, Sheet

#: The short heads of a table with many columns.
_HEADS = {MoneyKind.ADJUSTED: "Điều chỉnh", MoneyKind.RELEASED: "Hủy dự toán"}
_BALANCE = "{approved} + {adjusted} - {settled} - {released}"
_CASH = "{prepaid} + {paid} - {settled} - {recovered}"


def settlement_table(
    occasion: Occasion,
    *,
    programme: str | None = None,
    year: int | None = None,
    route: Route | None = None,
    at_most: int | None = None,
) -> Table:
    """The money of a programme, or of a plan year and perhaps one route of it, as far as the reader sees projects.

    Raises Refused for an unknown programme, where not exactly one is asked for, and for more projects than `at_most`.
    """
    if (programme is None) is (year is None) or (route is not None and year is None):
        raise Refused("Hãy chọn một chương trình, hoặc một năm kế hoạch (và tuyến nếu cần).")

    def read(with_projects: bool) -> dict[str, Any]:
        more: dict[str, Any] = {"with_projects": with_projects, "reader": occasion.reader}
        if programme is not None:
            return programme_waterfall(occasion.session, programme, **more)
        assert year is not None
        return year_waterfall(occasion.session, year, route=route, **more)

    if at_most is not None and (count := read(False)["scope"]["projects"]) > at_most:
        raise Refused(
            f"Phần này có {format_number(count)} đề án; trang tải nhiều nhất {format_number(at_most)}. Hãy chọn một "
            "năm, hoặc nhờ quản trị tải bằng lệnh dean export settlement trên máy chủ."
        )
    found = read(True)
    what = programme.lower() if programme else "-".join(filter(None, (str(year), route and ROUTE_STEMS[route])))
    return Table(
        "settlement",
        f"quyet-toan-{what}",
        occasion,
        cut_off_now(occasion.session),
        lambda: (_projects(found), _contents(found), _open(found)),
        lambda: found,
    )


def _head(found: Mapping[str, Any], title: str) -> dict[str, Any]:
    scope = found["scope"]
    of = f"Chương trình {scope['programme']}" if scope["kind"] == "programme" else f"Năm kế hoạch {scope['year']}"
    if scope.get("route"):
        of += f", {Route(scope['route']).label.lower()}"
    closed = f"{format_number(scope['projects'])} đề án, {format_number(scope['closed_projects'])} đã khép"
    return {"titles": (title, of), "subtitles": (closed, *limited(scope["limited_to"])), "unit": UNIT}


def _money() -> Iterator["Column"]:
    from documents.tables import amount

    for kind in WATERFALL:
        yield amount(str(kind), _HEADS.get(kind, kind.label), width=13)
    yield amount("balance", "Dự toán", band="Còn mở", width=13, formula=_BALANCE)
    yield amount("cash_balance", "Tiền đã chi", band="Còn mở", width=13, formula=_CASH)


def _sums(sums: Mapping[str, int]) -> tuple[int, ...]:
    return (*(sums[str(kind)] for kind in WATERFALL), sums["balance"], sums["cash_balance"])


_EQUATIONS = (
    "Dự toán còn mở = phê duyệt + điều chỉnh − quyết toán − hủy dự toán. "
    "Tiền đã chi còn mở = tạm ứng + thanh toán − quyết toán − thu hồi. Đã khép khi cả hai bằng 0."
)


def _projects(found: Mapping[str, Any]) -> "Sheet":
    """A line for each project and source, by source: their sums are those of the ledger."""
    from documents.tables import Column, Group, Kind, Sheet

    groups = []
    for source in map(str, Source):
        rows = [row for row in found["projects"] if source in row["sources"]]
        told = [_project(number, row, source) for number, row in enumerate(rows, start=1)]
        if told:
            groups.append(Group(told, f"{Source(source).label} ({format_number(len(told))} đề án)"))
    return Sheet(
        name="Theo đề án",
        columns=(
            Column("no", "STT", Kind.WHOLE, 5),
            Column("code", "Mã đề án", width=17),
            Column("name", "Tên đề án", width=30),
            Column("stage", "Giai đoạn", width=13),
            *_money(),
        ),
        groups=iter(groups),
        notes=(_EQUATIONS,),
        signers=SIGNERS,
        grouped_by="Nguồn",
        frozen=3,
        **_head(found, "Bảng quyết toán kinh phí đề án khuyến công"),
    )


def _project(number: int, row: Mapping[str, Any], source: str) -> tuple[Any, ...]:
    stage = marked(row["stage_label"], is_old=row["old_record"])
    return number, row["code"], row["name"], stage, *_sums(row["sources"][source])


def _contents(found: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Sheet

    groups = [
        Group(
            [(source.label, *_sums(content["sources"][str(source)])) for source in Source],
            f"{content['no']}. {content['name']}",
        )
        for content in found["contents"]
    ]
    return Sheet(
        name="Theo nội dung",
        columns=(Column("source", "Nguồn", width=32), *_money()),
        groups=iter(groups),
        notes=(_EQUATIONS,),
        signers=SIGNERS,
        grouped_by="Nội dung",
        **_head(found, "Tổng hợp quyết toán theo nội dung và nguồn"),
    )


def _open(found: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet, amount

    rows = [(row["label"], row["source_label"], row["projects"], row["amount"]) for row in found["open"]]
    return Sheet(
        name="Còn mở",
        columns=(
            Column("why", "Vì sao còn mở", width=60),
            Column("source", "Nguồn", width=20),
            Column("projects", "Số đề án", Kind.NUMBER, 12),
            amount("amount", "Số tiền", width=20),
        ),
        groups=iter([Group(rows)]),
        # The same money may be open for two reasons: approved and not settled, accepted and still to be paid.
        total="",
        **_head(found, "Kinh phí còn mở và lý do"),
    )
