"""The yearly plan as tables: its list by content, its totals, what the programme has left; and the consolidated list.

Basis of the columns: domain notes §3.2; those of Mẫu số 2 were never seen, which the table says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.tables.frame import (
    ROUTE_STEMS,
    SIGNERS,
    UNIT,
    UNVERIFIED,
    CutOff,
    Occasion,
    Table,
    cut_off_now,
    day_of,
    limited,
)
from flows.jobs.papers.tables.register import life_words
from models.plan.choices import candidates_up_to
from models.plan.reads import live_plan, plan_list, plan_version, shown_plan
from models.plan.scope import Section
from models.status import programme_of_year
from states.refusal import Refused
from states.vocabulary import Kind as ProjectKind
from states.vocabulary import Route, Source
from states.words import format_number

if TYPE_CHECKING:
    from documents.tables import Column, Row, Sheet

#: What a program gets instead of sums that tell of projects outside a scope.
_OF_ALL = ("totals", "carried", "envelope", "targets", "drafts")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which plan: a route, or both as they stand; a kept version, the newest, or the candidates of now."""

    year: int
    route: Route | None = None
    programme: str | None = None
    version: int | None = None
    now: bool = False


def plan_table(occasion: Occasion, chosen: Chosen, *, at_most: int | None = None) -> Table:
    """The plan of a year with the columns of its annex, its totals by content, place and unit, and the programme's.

    A reader with a scope gets the list of the own projects and none of the totals. Raises Refused for a plan or
    version that is not there, and, before it judges the candidates of now, for more of them than `at_most`.
    """
    plan = _read(occasion, chosen, at_most)
    kept = _kept(occasion, chosen, plan)
    return _table(occasion, chosen, plan, "plan", "ke-hoach", lambda: tuple(_plan_sheets(plan, kept)))


def consolidated_table(occasion: Occasion, chosen: Chosen, *, at_most: int | None = None) -> Table:
    """The consolidated list that goes to the agency, after Mẫu số 2. Raises Refused as `plan_table` does."""
    plan = _read(occasion, chosen, at_most)
    return _table(occasion, chosen, plan, "consolidated", "tong-hop-mau-2", lambda: (_consolidated(plan),))


def _read(occasion: Occasion, chosen: Chosen, at_most: int | None) -> dict[str, Any]:
    session, reader = occasion.session, occasion.reader
    programme = programme_of_year(session, chosen.year, chosen.programme)
    if chosen.route is None and chosen.version is not None:
        raise Refused("Phiên bản là của kế hoạch một tuyến; hãy chọn tuyến địa phương hoặc quốc gia.")
    found: dict[str, Any] | None = None
    if chosen.route is not None and chosen.version is not None:
        found = plan_version(session, programme, chosen.year, chosen.route, chosen.version, reader=reader)
    elif chosen.route is not None and not chosen.now:
        found = shown_plan(session, programme, chosen.year, chosen.route, reader=reader)
    if found is None:
        if at_most is not None and not candidates_up_to(session, programme, chosen.year, at_most):
            raise Refused(
                f"Năm {chosen.year} có hơn {format_number(at_most)} đề án nên trang không xét từng đề án được; hãy nhờ "
                "quản trị tải bằng lệnh dean export trên máy chủ."
            )
        found = live_plan(session, programme, chosen.year, chosen.route, reader=reader)
    return found


def _kept(occasion: Occasion, chosen: Chosen, plan: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each plan on record beside the candidates of now, which say something else than it does."""
    if plan["version"] is not None:
        return ()
    rows = plan_list(occasion.session, programme=plan["programme"]["code"], year=chosen.year)
    return tuple(
        f"Đã có kế hoạch {row['route_label'].lower()}: {row['status_label'].lower()}"
        f"{', văn bản số ' + row['number'] if row['number'] else ''}; hãy chọn tuyến để lấy danh mục đó."
        for row in rows
        if chosen.route in (None, Route(row["route"]))
    )


def _table(
    occasion: Occasion,
    chosen: Chosen,
    plan: dict[str, Any],
    name: str,
    stem: str,
    sheets: Callable[[], "tuple[Sheet, ...]"],
) -> Table:
    cut_off = cut_off_now(occasion.session)
    if plan["version"] is not None:
        cut_off = CutOff(plan["cutoff_event"], date.fromisoformat(plan["cutoff_on"]))
    parts = [stem, str(chosen.year), ROUTE_STEMS[chosen.route] if chosen.route else "", f"v{plan['version']}"]
    told = [part for part in (parts if plan["version"] is not None else parts[:3]) if part]
    hidden = _OF_ALL if plan["limited_to"] else ()
    plain = {key: value for key, value in plan.items() if key not in hidden}
    return Table(name, "-".join(told), occasion, cut_off, sheets, lambda: plain)


# --- the list -----------------------------------------------------------------------------------------


def _title(plan: Mapping[str, Any]) -> str:
    """What was kept is a plan; how things stand now is a list of proposals, whatever was approved of it."""
    return "Kế hoạch" if plan["version"] is not None else "Danh mục đề xuất"


def _plan_sheets(plan: Mapping[str, Any], kept: tuple[str, ...]) -> Iterator["Sheet"]:
    from documents.tables import Sheet

    planned = [line for line in plan["lines"] if line["section"] != Section.CARRIED]
    title = f"{_title(plan)} khuyến công năm {plan['year']}"
    head: dict[str, Any] = {
        "unit": UNIT,
        "columns": _annex_columns(),
        "frozen": 2,
        "signers": SIGNERS,
        "grouped_by": "Nội dung",
    }
    titles = (title, plan["programme"]["name"])
    notes = (*([_PRIORITY] if any(line.get("rank") for line in planned) else []), *kept)
    yield Sheet("Danh mục", titles, groups=_groups(planned, _annex_row), subtitles=_about(plan), notes=notes, **head)
    carried = plan.get("carried_lines") or [line for line in plan["lines"] if line["section"] == Section.CARRIED]
    if carried:
        titles = (f"Đề án chuyển tiếp sang năm {plan['year']}", "không tính lại vào kinh phí của năm")
        yield Sheet("Chuyển tiếp", titles, groups=_groups(carried, _annex_row), subtitles=_about(plan), **head)
    if plan["limited_to"] is None:
        yield _totals(plan)
        yield _envelope(plan)
        yield _targets(plan)


_NO_PRIORITY = "Không"
_PRIORITY = "Mức ưu tiên: điểm theo bảng điểm của Sở lúc tổng hợp; «đi trước» là đề án điểm của tuyến quốc gia."


def _about(plan: Mapping[str, Any]) -> tuple[str, ...]:
    route = Route(plan["route"]).label if plan["route"] else "Cả hai tuyến"
    if plan["version"] is None:
        return (f"{route}; danh mục đề xuất theo số liệu hiện nay, chưa lưu phiên bản", *limited(plan["limited_to"]))
    adjusted = f", điều chỉnh lần {plan['revision']}" if plan["revision"] else ""
    number = f", văn bản số {plan['number']}" if plan.get("number") else ""
    status = f"{route}; phiên bản {plan['version']}: {plan['status_label'].lower()}{adjusted}{number}"
    return (status, f"Mã băm {plan['hash']}", *limited(plan["limited_to"]))


def _annex_columns() -> tuple["Column", ...]:
    from documents.tables import Column, Kind, amount

    return (
        Column("no", "STT", Kind.WHOLE, 5),
        Column("name", "Tên đề án", width=36),
        Column("content", "Nội dung", Kind.WHOLE, 6),
        Column("unit", "Đơn vị thực hiện", width=18),
        Column("beneficiaries", "Đơn vị thụ hưởng", width=22),
        Column("place", "Địa điểm", width=15),
        Column("period", "Thời gian", width=13),
        amount("total_cost", "Tổng kinh phí", width=14),
        *(amount(str(source), source.label, width=14) for source in Source),
        Column("priority", "Mức ưu tiên", width=10),
        Column("remark", "Ghi chú", width=20),
    )


def _groups(
    lines: Sequence[Mapping[str, Any]], row: Callable[[int, Mapping[str, Any]], "Row"], by: str = "content"
) -> Iterator[Any]:
    """The lines by content, numbered through; a list without a line has no group."""
    from documents.tables import Group

    ordered = sorted(lines, key=lambda line: line[by])
    numbered = [(line, row(number, line)) for number, line in enumerate(ordered, start=1)]
    for no in dict.fromkeys(line[by] for line in ordered):
        own = [(line, cells) for line, cells in numbered if line[by] == no]
        yield Group([cells for _, cells in own], f"{no}. {own[0][0]['content_name']} ({len(own)} đề án)")


def _annex_row(number: int, line: Mapping[str, Any]) -> "Row":
    waits = "; chờ bố trí vốn từ năm trước" if line["section"] == Section.WAITING else ""
    return (
        *(number, line["name"], line["content"], line["unit_name"], "; ".join(line["beneficiaries"])),
        *(line["place_name"], life_words(line["starts_on"], line["ends_on"]), line["total_cost"]),
        *(line["money"].get(str(source), 0) for source in Source),
        *(_priority(line), f"{line['code']}{waits}"),
    )


def _priority(line: Mapping[str, Any]) -> str:
    rank = line.get("rank") or {}
    if rank.get("goes_first"):
        return "Đi trước"
    if rank.get("points"):
        return f"{rank['points']} điểm"
    return "; ".join(line["priorities"]) or _NO_PRIORITY


# --- its sums -----------------------------------------------------------------------------------------


def _money_columns() -> tuple["Column", ...]:
    from documents.tables import amount

    whole = amount("total", "Cộng", formula=" + ".join(f"{{{source}}}" for source in Source))
    return (*(amount(str(source), source.label) for source in Source), whole)


def _totals(plan: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    totals = plan["totals"]
    parts = {
        "Theo nội dung": [(f"{row['no']}. {row['name']}", row) for row in totals["contents"] if row["projects"]],
        "Theo địa bàn": [(row["name"] or "Chưa ghi địa bàn", row) for row in totals["places"]],
        "Theo đơn vị thực hiện": [(row["name"], row) for row in totals["units"]],
        "Theo tuyến": _by_route(plan),
    }
    return Sheet(
        name="Tổng hợp",
        titles=(f"Tổng hợp {_title(plan).lower()} khuyến công năm {plan['year']}",),
        subtitles=_about(plan),
        unit=UNIT,
        columns=(
            Column("name", "Theo", width=50),
            Column("projects", "Số đề án", Kind.NUMBER, 10, summed=True),
            *_money_columns(),
        ),
        groups=iter([Group([_sum_row(*each) for each in rows], title) for title, rows in parts.items()]),
        # Each part adds up to the whole: a sum over all of them would say it four times.
        total="",
        grouped_by="Theo",
    )


def _by_route(plan: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The same sums by route, from the lines of the plan."""
    rows = []
    for route in Route:
        own = [line for line in plan["lines"] if line["route"] == route and line["section"] != Section.CARRIED]
        money = {str(source): sum(line["money"].get(str(source), 0) for line in own) for source in Source}
        if own:
            rows.append((route.label, {"projects": len(own), "money": money, "total": sum(money.values())}))
    return rows


def _sum_row(name: str, row: Mapping[str, Any]) -> "Row":
    return name, row["projects"], *(row["money"][str(source)] for source in Source), row["total"]


def _envelope(plan: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Sheet, amount

    rows = plan["envelope"]
    names = {row["content"]: f"{row['content']}. {row['name']}" for row in rows}
    return Sheet(
        name="So với kinh phí",
        titles=(f"{_title(plan)} năm {plan['year']} so với kinh phí chương trình", plan["programme"]["name"]),
        subtitles=_about(plan),
        unit=UNIT,
        columns=(
            Column("source", "Nguồn", width=40),
            amount("budget", "Dự toán chương trình", width=18),
            amount("earlier", "Các năm trước đã dùng", width=18),
            amount("this_year", "Kế hoạch này", width=18),
            amount("other_route", "Tuyến kia", width=18),
            amount("remaining", "Còn lại", width=18, formula="{budget} - {earlier} - {this_year} - {other_route}"),
        ),
        groups=iter([Group([_left(row) for row in rows if row["content"] == no], name) for no, name in names.items()]),
        notes=("Còn lại âm là vượt dự toán; dự toán đối ứng là dự kiến, không phải mức trần.",),
        grouped_by="Nội dung",
    )


def _left(row: Mapping[str, Any]) -> "Row":
    amounts = ("budget", "earlier", "this_year", "other_route", "remaining")
    return Source(row["source"]).label, *(row[name] for name in amounts)


def _targets(plan: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    heads = ("Giao", "Các năm trước đã nghiệm thu", "Các năm trước đang làm", "Kế hoạch này", "Tuyến kia", "Còn thiếu")
    numbers = ("quantity", "accepted_before", "open_before", "adds", "other_route", "missing")
    columns = [Column("code", "Mã", width=8), Column("name", "Chỉ tiêu", width=50), Column("unit", "Đơn vị tính")]
    columns += [Column(key, head, Kind.NUMBER, 14) for key, head in zip(numbers, heads, strict=True)]
    rows = [(*(row[key] for key in ("code", "name", "unit", *numbers)),) for row in plan["targets"]]
    return Sheet(
        name="So với chỉ tiêu",
        titles=(f"{_title(plan)} năm {plan['year']} so với chỉ tiêu chương trình", plan["programme"]["name"]),
        subtitles=_about(plan),
        columns=tuple(columns),
        groups=iter([Group(rows)]),
        total="",
    )


# --- the consolidated list ----------------------------------------------------------------------------


def _consolidated(plan: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Kind, Sheet, amount

    planned = [line for line in plan["lines"] if line["section"] != Section.CARRIED]
    columns = (
        Column("no", "STT", Kind.WHOLE, 5),
        Column("name", "Tên đề án", width=30),
        Column("kind", "Loại", width=8),
        Column("unit", "Đơn vị thực hiện", width=16),
        Column("beneficiaries", "Đơn vị thụ hưởng", width=18),
        Column("partner", "Đơn vị phối hợp", width=14),
        Column("place", "Địa điểm", width=14),
        Column("starts_on", "Bắt đầu", Kind.DATE, 11),
        Column("ends_on", "Kết thúc", Kind.DATE, 11),
        Column("objectives", "Mục tiêu", width=22),
        Column("scope", "Nội dung, quy mô", width=22),
        Column("jobs", "Lao động", Kind.NUMBER, 7, summed=True),
        amount("total_cost", "Tổng kinh phí", width=14),
        *(amount(str(source), source.label, width=14) for source in Source),
        Column("stage", "Tình trạng", width=13),
        Column("code", "Mã đề án", width=16),
    )
    return Sheet(
        name="Bảng tổng hợp",
        titles=(f"Bảng tổng hợp đề án khuyến công năm {plan['year']}", "(theo Mẫu số 2 Phụ lục 1 TT 36/2013/TT-BCT)"),
        subtitles=(*_about(plan), f"Cột theo tài liệu nghiệp vụ của Sở; mẫu gốc {UNVERIFIED}"),
        unit=UNIT,
        columns=columns,
        groups=_groups(planned, _consolidated_row),
        notes=(f"Các cột của Mẫu số 2 {UNVERIFIED}: hãy đối chiếu với mẫu của cơ quan nhận trước khi gửi.",),
        signers=SIGNERS,
        grouped_by="Nội dung",
        frozen=2,
    )


def _consolidated_row(number: int, line: Mapping[str, Any]) -> "Row":
    kind = ProjectKind(line["kind"]).label.removeprefix("Đề án ").capitalize()
    return (
        *(number, line["name"], kind, line["unit_name"], "; ".join(line["beneficiaries"]), line["partner"]),
        *(line["place_name"], day_of(line["starts_on"]), day_of(line["ends_on"]), line["objectives"], line["scope"]),
        *(line["expected_jobs"], line["total_cost"]),
        *(line["money"].get(str(source), 0) for source in Source),
        *(line["stage_label"], line["code"]),
    )
