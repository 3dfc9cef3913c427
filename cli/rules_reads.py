"""Reads of `dean rules`: which rules there are, what one says, and who changed it."""

from datetime import date
from typing import Any

import click

from cli.in_force import rules_in_force
from cli.lazy import Command
from cli.options import as_json
from cli.output import Column, day, minute, print_fields, print_heading, print_json, print_table
from cli.typed import DAY, Coded, Typed
from states.folding import clean_line
from states.vocabulary import Paper, Route
from states.words import format_dong, format_number

_KIND = Coded(
    "loại quy định",
    {
        "deadline": "thời hạn",
        "ceiling": "định mức",
        "prepayment": "mức tạm ứng",
        "priority": "mức ưu tiên",
        "reminder": "mốc nhắc",
    },
)


def _read_code(value: str) -> str:
    return clean_line(value, "Mã quy định").upper()


rule_code = click.argument("code", metavar="MÃ", type=Typed("mã", _read_code), help="Mã quy định, ví dụ D-CHECK.")


@click.command("list", cls=Command)
@click.option(
    "--kind",
    metavar="LOẠI",
    type=_KIND,
    help="deadline (thời hạn), ceiling (định mức), prepayment (mức tạm ứng), priority (mức ưu tiên), "
    "reminder (mốc nhắc).",
)
@click.option("--on", "on", metavar="NGÀY", type=DAY, help="Chỉ những quy định có hiệu lực ngày này.")
@as_json
def list_(kind: str | None, on: date | None, as_json: bool) -> None:
    """Liệt kê quy định, kể cả những quy định đã hết hiệu lực."""
    from models.queries.rules import rule_list

    with rules_in_force() as in_force:
        found = rule_list(in_force.book, on=on)
    if as_json:
        print_json({name: rows for name, rows in found.items() if kind is None or name == _MANY[kind]})
        return
    for name, (heading, subject, measure, cells) in _SECTIONS.items():
        if kind in (None, name):
            print_heading(heading)
            columns = (Column("Mã"), Column(subject, flexible=True), Column("Tuyến"), Column(measure), *_TAIL)
            print_table(columns, [cells(row) for row in found[_MANY[name]]])


_TAIL = (Column("Hiệu lực"), Column("Tính chất"), Column("Căn cứ", flexible=True))
_SHORT = {None: "cả hai", Route.LOCAL: "ĐP", Route.NATIONAL: "QG"}


def _deadline(row: dict[str, Any]) -> tuple[Any, ...]:
    standing = row["standing"] if row["active"] else f"{row['standing']}, đang tắt"
    return row["code"], row["label"], _SHORT[row["route"]], _term(row), _effect(row), standing, row["basis"]


def _level(row: dict[str, Any]) -> tuple[Any, ...]:
    whose = "" if row["jurisdiction"] == "national" else f"{row['jurisdiction']}, "
    standing = f"{whose}{'đã kiểm chứng' if row['verified'] else 'chưa kiểm chứng'}"
    return row["code"], row["label"], _SHORT[row["route"]], row["level"], _effect(row), standing, row["basis"]


def _reminder(row: dict[str, Any]) -> tuple[Any, ...]:
    standing = "đã kiểm chứng" if row["verified"] else "chưa kiểm chứng"
    standing = standing if row["active"] else f"{standing}, đang tắt"
    level = f"{row['level']}{', gửi ngay' if row['urgent'] else ''}"
    return row["code"], _counted(row), _SHORT[row["route"]], level, _effect(row), standing, row["basis"]


def _counted(row: dict[str, Any]) -> str:
    return row["clock"] or ("mọi hạn" if row["counts"] == "ladder" else "mọi đề án")


_SECTIONS = {
    "deadline": ("Thời hạn", "Việc", "Thời hạn", _deadline),
    "ceiling": ("Định mức hỗ trợ", "Hoạt động", "Mức", _level),
    "prepayment": ("Mức tạm ứng", "Hoạt động", "Mức", _level),
    "priority": ("Mức ưu tiên", "Tiêu chí", "Mức", _level),
    "reminder": ("Mốc nhắc", "Nhắc về", "Khi nào, ai", _reminder),
}
_MANY = {
    "deadline": "deadlines",
    "ceiling": "ceilings",
    "prepayment": "prepayments",
    "priority": "priorities",
    "reminder": "reminders",
}


def _term(row: dict[str, Any]) -> str:
    if row["unit"] == "date":
        return f"{'trước ngày ' if row['before'] else ''}{row['day']:02d}/{row['month']:02d}"
    return f"{format_number(row['length'])} {'ngày làm việc' if row['unit'] == 'workdays' else 'ngày'}"


def _effect(row: dict[str, Any]) -> str:
    until = f" đến {day(row['effective_until'])}" if row["effective_until"] else ""
    return f"từ {day(row['effective_from'])}{until}"


@click.command(cls=Command)
@rule_code
@as_json
def show(code: str, as_json: bool) -> None:
    """Xem một quy định và ai đã sửa nó, theo văn bản nào."""
    from models.queries.rules import rule_changes, rule_named

    with rules_in_force() as in_force:
        kind, row = rule_named(in_force.book, code)
        changes = [] if in_force.session is None else rule_changes(in_force.session, kind, code)
    if as_json:
        print_json(row | {"changes": changes})
        return
    click.echo(f"{row['code']}  {row['label']}")
    print_fields(_fields(row))
    if changes:
        print_heading("Đã ghi")
        for change in changes:
            who = change["recorded_by_name"] or "hệ thống"
            click.echo(f"  {minute(change['recorded_at'])}  {who}{': ' if change['note'] else ''}{change['note']}")
            for each in change["changes"]:
                click.echo(f"      {each['field']}: {each['old']} → {each['new']}")


def _fields(row: dict[str, Any]) -> list[tuple[str, Any]]:
    common = [("Tuyến", _SHORT[row["route"]]), ("Hiệu lực", _effect(row)), ("Căn cứ", row["basis"])]
    if row["kind"] == "deadline":
        rolls = {"forward": "sang ngày làm việc tiếp theo", "safe": "về ngày làm việc liền trước", "none": "giữ nguyên"}
        own = [("Đồng hồ", row["clock"]), ("Thời hạn", _term(row)), ("Gặp ngày nghỉ", rolls[row["roll"]])]
        return [*own, *common, ("Tính chất", row["standing"]), ("Đang dùng", row["active"])]
    whose = [("Hoạt động", row["activity"] or row["label"]), ("Của", row["jurisdiction"])]
    checked = "đã kiểm chứng" if row["verified"] else f"chưa kiểm chứng: {row['doubt']}"
    if row["kind"] == "reminder":
        return [*_reminder_fields(row), *common, ("Tình trạng", checked), ("Đang dùng", row["active"])]
    if row["kind"] == "priority":
        jobs = f"từ {format_number(row['jobs'])} lao động dự kiến" if row["jobs"] else None
        own = [("Tiêu chí", row["criterion"]), ("Của", row["jurisdiction"]), ("Mức", row["level"]), ("Tự đạt", jobs)]
        return [*own, *common, ("Tình trạng", checked)]
    if row["kind"] == "prepayment":
        papers = ", ".join(Paper(paper).label for paper in row["papers"])
        share = f"{row['percent']}% số nhỏ hơn giữa số phê duyệt và giá trị hợp đồng"
        progress = f"trên {row['progress']}%" if row["progress"] else None
        own = [*whose, ("Tỷ lệ", share), ("Khối lượng", progress), ("Giấy tờ", papers)]
        return [*own, *common, ("Tình trạng", checked)]
    cap = None if row["cap"] is None else f"{format_dong(row['cap'])}/{row['per']}"
    percent = None if row["percent"] is None else f"{row['percent']}%"
    own = [*whose, ("Tỷ lệ", percent), ("Mức trần", cap), ("Điều kiện", row["condition"])]
    return [*own, *common, ("Tình trạng", checked), ("Ghi chú", row["notes"])]


def _reminder_fields(row: dict[str, Any]) -> list[tuple[str, Any]]:
    sent = "ngay, trong giờ làm việc" if row["urgent"] else "vào thư buổi sáng"
    return [("Nhắc về", _counted(row)), ("Khi nào", row["level"]), ("Ai", row["audience_label"]), ("Gửi", sent)]
