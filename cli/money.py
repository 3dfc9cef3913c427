"""The waterfall of money as a person reads it: one column a source, what is still open in words, days and entries."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from cli.output import NOTHING, Column, day, print_fields, print_heading, print_table
from states.vocabulary import MoneyKind, Route, Source
from states.words import format_dong, format_number

_STATE = (Source.NATIONAL_FUND, Source.LOCAL_FUND)
#: What must run down to nothing, under its steps.
_LEFT = {"balance": "Phê duyệt còn mở", "cash_balance": "Tiền đã chi còn mở"}


def print_waterfall(found: dict[str, Any], *, with_entries: bool) -> None:
    scope = found["scope"]
    for words in _head(scope):
        click.echo(words)
    if scope["limited_to"]:
        click.echo(f"(chỉ gồm đề án trong phạm vi xem của {scope['limited_to']})")
    print_heading("Dòng tiền (đồng)")
    _print_sources(found)
    _print_open(found)
    if scope["kind"] == "project":
        _print_project(found, with_entries=with_entries)
    elif scope["kind"] == "contract":
        _print_projects(found["projects"])
    else:
        _print_contents(found["contents"])
        click.echo("\nTừng đề án đứng sau các số này: thêm --json.")


def _head(scope: dict[str, Any]) -> Iterator[str]:
    counted = f"{format_number(scope['projects'])} đề án, {format_number(scope['closed_projects'])} đã khép"
    match scope["kind"]:
        case "project":
            yield f"{scope['project']}  {scope['name']}"
            contract = scope["contract"]
            signed = f" · hợp đồng {contract['number']} ngày {day(contract['signed_on'])}" if contract else ""
            yield f"{scope['stage_label']} · năm kế hoạch {scope['plan_year']}{signed}"
        case "contract":
            contract = scope["contract"]
            yield f"Hợp đồng {contract['number']} ngày {day(contract['signed_on'])}, {contract['unit']}"
            yield f"{counted}; hỗ trợ theo hợp đồng {format_dong(contract['total'])}"
        case "year":
            route = f", {Route(scope['route']).label.lower()}" if scope["route"] else ""
            yield f"Năm kế hoạch {scope['year']}{route}: {counted}"
        case _:
            yield f"Chương trình {scope['programme']}: {counted}"


# --- sums ---------------------------------------------------------------------------------------------


def _print_sources(found: dict[str, Any]) -> None:
    """Steps run down, sources stand side by side; a source without any money is left out."""
    from models.waterfall import WATERFALL

    used = [source for source in Source if any(found["sources"][source].values())]
    sides = [(source.label, found["sources"][source]) for source in used or [Source.LOCAL_FUND]]
    if set(_STATE) <= set(used):
        sides.append(("Vốn nhà nước", found["total"]["state"]))
    if len(used) > 1:
        sides.append(("Cộng", found["total"]["all"]))
    rows = [[kind.label, *(sums[kind] or NOTHING for _, sums in sides)] for kind in WATERFALL]
    rows += [[label, *(sums[name] for _, sums in sides)] for name, label in _LEFT.items()]
    print_table([Column("Bước"), *(Column(head, right=True) for head, _ in sides)], rows)


def _print_open(found: dict[str, Any]) -> None:
    several = found["scope"]["kind"] != "project"
    print_heading("Đã khép" if found["closed"] else "Còn mở")
    for row in found["open"]:
        behind = f" ({format_number(row['projects'])} đề án)" if several else ""
        click.echo(f"  {row['label']}: {format_dong(row['amount'])} {row['source_label']}{behind}")
    if not found["open"]:
        click.echo("  Không còn khoản nào." if found["scope"]["projects"] else "  Không có đề án nào.")


def _print_contents(contents: list[dict[str, Any]]) -> None:
    if not contents:
        return
    print_heading("Vốn nhà nước theo nội dung (đồng)")
    several = len({content["programme"] for content in contents}) > 1
    columns = [Column("ND", right=True), Column("Nội dung", flexible=True), *_SUM_COLUMNS]
    heads = [f"{row['no']} ({row['programme']})" if several else str(row["no"]) for row in contents]
    print_table(
        columns,
        [[head, row["name"], *_short(row["total"]["state"])] for head, row in zip(heads, contents, strict=True)],
    )


def _print_projects(projects: list[dict[str, Any]]) -> None:
    if not projects:
        return
    print_heading("Vốn nhà nước theo đề án (đồng)")
    columns = [Column("Mã"), Column("Giai đoạn"), *_SUM_COLUMNS]
    print_table(columns, [[row["code"], row["stage_label"], *_short(_state_of(row))] for row in projects])


_SUM_COLUMNS = [
    Column(head, right=True)
    for head in ("Phê duyệt", "Hợp đồng", "Nghiệm thu", "Đã chi", "Quyết toán", "Hủy dự toán", "Thu hồi", "Còn mở")
]


def _short(sums: Mapping[str, int]) -> list[int]:
    approved, given = sums["approved"] + sums["adjusted"], sums["prepaid"] + sums["paid"]
    named = (sums[name] for name in ("settled", "released", "recovered", "balance"))
    return [approved, sums["contracted"], sums["accepted"], given, *named]


def _state_of(project: dict[str, Any]) -> dict[str, int]:
    funds = [project["sources"][source] for source in _STATE if source in project["sources"]]
    return {name: sum(sums[name] for sums in funds) for name in funds[0]}


# --- one project --------------------------------------------------------------------------------------


def _print_project(found: dict[str, Any], *, with_entries: bool) -> None:
    dates = [*_dates(found["dates"])]
    if dates:
        print_heading("Ngày của dòng tiền")
        print_fields(dates)
    _print_acceptances(found["acceptances"])
    print_recovery(found["recovery"])
    if with_entries:
        _print_entries(found["entries"])


#: Each day with the waits that end on it.
_DATES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("contracted_on", "Ký hợp đồng", ()),
    ("allotted_on", "Giao vốn", ()),
    ("arrived_on", "Vốn về", (("allotted_to_arrived", "giao vốn"),)),
    ("prepaid_on", "Tạm ứng", (("arrived_to_prepaid", "vốn về"),)),
    ("accepted_on", "Nghiệm thu", ()),
    ("paid_on", "Thanh toán", (("arrived_to_paid", "vốn về"), ("accepted_to_paid", "nghiệm thu"))),
    ("settled_on", "Quyết toán", ()),
)


def _dates(dates: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, label, waits in _DATES:
        if dates[name]:
            told = [_wait(dates["days"][wait], since) for wait, since in waits if dates["days"][wait] is not None]
            yield label, f"{day(dates[name])}" + (f" ({', '.join(told)})" if told else "")


def _wait(days: int, since: str) -> str:
    if days < 0:
        return f"trước {since} {format_number(-days)} ngày"
    return f"sau {since} {format_number(days)} ngày"


def _print_acceptances(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    print_heading("Nghiệm thu (đồng)")
    heads = ("Chi phí hợp lệ", "Hỗ trợ", "Đối ứng")
    columns = [Column("Ngày"), Column("Đơn vị thụ hưởng", flexible=True), Column("Kết quả")]
    columns += [*(Column(head, right=True) for head in heads), Column("Lý do", flexible=True)]
    print_table(columns, [_acceptance(row) for row in rows])


def _acceptance(row: dict[str, Any]) -> list[Any]:
    amounts = (row[name] or None for name in ("cost", "support", "counterpart"))
    return [day(row["held_on"]), row["beneficiary"] or "cả đề án", row["outcome_label"], *amounts, row["reason"]]


def print_recovery(recovery: dict[str, Any]) -> None:
    if not recovery["due"] and not recovery["received"]:
        return
    print_heading(f"Thu hồi tính đến {day(recovery['as_of'])} (đồng)")
    if recovery["due"]:
        columns = [Column("Hạn nộp"), *(Column(head, right=True) for head in ("Phải nộp", "Đã nộp", "Còn lại"))]
        print_table([*columns, Column("Tình trạng")], [_instalment(row) for row in recovery["due"]])
    received, overdue = (format_dong(recovery[name]) for name in ("received", "overdue"))
    click.echo(f"  Đã nộp {received}; quá hạn {overdue}.")


def _instalment(row: dict[str, Any]) -> list[Any]:
    standing = "quá hạn" if row["overdue"] else "chưa đến hạn" if row["left"] else "đã nộp đủ"
    return [day(row["due_on"]), *(row[name] for name in ("amount", "received", "left")), standing]


def _print_entries(entries: Iterable[dict[str, Any]]) -> None:
    print_heading("Từng khoản tiền (đồng)")
    columns = [Column("Ngày"), Column("Bước"), Column("Khoản"), Column("Nguồn"), Column("Số tiền", right=True)]
    rows = [
        [
            *(day(row["date"]), row["label"] + (" (đã hủy)" if row["undone"] else "")),
            *(MoneyKind(row["kind"]).label, row["source_label"], row["amount"], row["number"], str(row["event"])),
        ]
        for row in entries
    ]
    print_table([*columns, Column("Số văn bản"), Column("Sự kiện", right=True)], rows)
