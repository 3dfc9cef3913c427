"""`dean rules`: deadlines, ceilings, prepayment and priority rules, looked up and changed on the word of a document."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.calendar import refuse_others
from cli.door import open_desk
from cli.in_force import rules_in_force
from cli.lazy import Group
from cli.options import as_json, by_writer
from cli.output import Column, day, minute, print_fields, print_heading, print_json, print_table
from cli.typed import AMOUNT, DAY, Coded, Member, Typed, line, whole_number
from states.folding import clean_line, quoted
from states.refusal import Refused
from states.vocabulary import Paper, Route
from states.words import format_dong, format_number

if TYPE_CHECKING:
    from cli.door import Writing

_KIND = Coded(
    "loại quy định",
    {"deadline": "thời hạn", "ceiling": "định mức", "prepayment": "mức tạm ứng", "priority": "mức ưu tiên"},
)


def _read_code(value: str) -> str:
    return clean_line(value, "Mã quy định").upper()


def _read_day_of_year(value: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})", value.strip())
    if found and 1 <= int(found[2]) <= 12 and 1 <= int(found[1]) <= (28 if int(found[2]) == 2 else 30):
        return int(found[1]), int(found[2])
    raise Refused(f"Ngày trong năm {quoted(value)} không hợp lệ; hãy gõ ngày/tháng có ở mọi năm, ví dụ 15/06.")


_CODE = click.argument("code", metavar="MÃ", type=Typed("mã", _read_code), help="Mã quy định, ví dụ D-CHECK.")
_BASIS = click.option(
    "--basis", metavar="VĂN BẢN", required=True, type=line("Căn cứ"), help="Căn cứ hoặc lý do của thay đổi."
)


@click.group(cls=Group)
def rules() -> None:
    """Quy định về thời hạn, định mức hỗ trợ, mức tạm ứng và mức ưu tiên, có ngày hiệu lực."""


@rules.command("list")
@click.option(
    "--kind",
    metavar="LOẠI",
    type=_KIND,
    help="deadline (thời hạn), ceiling (định mức), prepayment (mức tạm ứng) hoặc priority (mức ưu tiên).",
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


_SECTIONS = {
    "deadline": ("Thời hạn", "Việc", "Thời hạn", _deadline),
    "ceiling": ("Định mức hỗ trợ", "Hoạt động", "Mức", _level),
    "prepayment": ("Mức tạm ứng", "Hoạt động", "Mức", _level),
    "priority": ("Mức ưu tiên", "Tiêu chí", "Mức", _level),
}
_MANY = {"deadline": "deadlines", "ceiling": "ceilings", "prepayment": "prepayments", "priority": "priorities"}


def _term(row: dict[str, Any]) -> str:
    if row["unit"] == "date":
        return f"{'trước ngày ' if row['before'] else ''}{row['day']:02d}/{row['month']:02d}"
    return f"{format_number(row['length'])} {'ngày làm việc' if row['unit'] == 'workdays' else 'ngày'}"


def _effect(row: dict[str, Any]) -> str:
    until = f" đến {day(row['effective_until'])}" if row["effective_until"] else ""
    return f"từ {day(row['effective_from'])}{until}"


@rules.command()
@_CODE
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


@rules.command("set")
@_CODE
@click.option("--length", metavar="N", type=whole_number("Số ngày", 1, 3650), help="Thời hạn nội bộ mới, số ngày.")
@click.option("--on-day", metavar="NGÀY/THÁNG", type=Typed("ngày", _read_day_of_year), help="Hạn nội bộ cố định mới.")
@click.option("--percent", metavar="N", type=whole_number("Tỷ lệ", 1, 100), help="Định mức, tạm ứng: tỷ lệ phần trăm.")
@click.option("--cap", metavar="TIỀN", type=AMOUNT, help="Định mức: mức trần.")
@click.option("--per", metavar="CHỮ", type=line("Đơn vị tính"), help="Định mức: mức trần tính cho mỗi gì.")
@click.option("--condition", metavar="CHỮ", type=line("Điều kiện"), help="Định mức: điều kiện phải xét thêm.")
@click.option("--notes", metavar="CHỮ", type=line("Ghi chú"), help="Định mức: ghi chú.")
@click.option(
    "--progress", metavar="N", type=whole_number("Khối lượng", 0, 99), help="Tạm ứng: phải xong trên N% khối lượng."
)
@click.option(
    "--paper",
    "papers",
    metavar="LOẠI",
    multiple=True,
    type=Member("loại giấy tờ", Paper),
    help="Tạm ứng: loại giấy tờ phải có thêm; nhiều loại thì ghi nhiều lần.",
)
@click.option("--points", metavar="N", type=whole_number("Điểm", 0, 1000), help="Ưu tiên: số điểm.")
@click.option(
    "--jobs", metavar="N", type=whole_number("Số lao động", 0, 100_000), help="Ưu tiên: từ N lao động dự kiến."
)
@click.option("--label", metavar="CHỮ", type=line("Tên"), help="Tên gọi của quy định.")
@click.option("--from", "starts_on", metavar="NGÀY", type=DAY, help="Từ ngày này; thời hạn nội bộ: sớm nhất ngày mai.")
@click.option("--until", metavar="NGÀY", type=DAY, help="Ngày cuối có hiệu lực.")
@click.option("--verified/--unverified", default=None, help="Đã đọc văn bản gốc, hoặc chưa.")
@click.option("--doubt", metavar="CHỮ", type=line("Lý do"), help="Định mức, tạm ứng, ưu tiên: vì sao chưa kiểm chứng.")
@_BASIS
@by_writer
@as_json
def set_(code: str, basis: str, by: str | None, as_json: bool, **given: Any) -> None:
    """Sửa một quy định. Quản trị hoặc lãnh đạo ghi, luôn kèm căn cứ.

    Thời hạn theo luật không sửa được, chỉ ghi ngày hết hiệu lực. Thời hạn nội bộ mới áp dụng từ ngày mai, hạn
    đang chạy giữ nguyên. Định mức, mức tạm ứng, mức ưu tiên đã kiểm chứng giữ nguyên số; mức mới là một dòng mới
    (dean rules add). Khi sửa số hoặc xác nhận một mức, --basis thành căn cứ của mức đó.
    """
    from models.queries.rules import CEILING, PREPAYMENT, PRIORITY, rule_named
    from models.rulebook import rulebook

    wanted = {name: value for name, value in given.items() if value not in (None, ())}
    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others(writing.person)
        kind, _ = rule_named(rulebook(writing.session), code)
        changes = {CEILING: _set_ceiling, PREPAYMENT: _set_prepayment, PRIORITY: _set_priority}
        change = changes.get(kind, _set_deadline_rule)
        now = change(writing, code, wanted, basis)
    if as_json:
        print_json({"code": now})
    elif now == code:
        click.echo(f"Đã sửa {code} ({basis}).")
    else:
        click.echo(f"Đã ghi {now} thay cho {code} ({basis}); hạn đang chạy giữ nguyên.")


_OF_CEILING = ("cap", "per", "condition", "notes")
_OF_PRIORITY = ("points", "jobs")
_COLUMN = {"starts_on": "effective_from", "until": "effective_until"}
#: What makes a level another one, or certain: then the document given is the level's own basis.
_RESTATING = frozenset({"percent", "cap", "per", "progress", "papers", "points", "jobs"})


def _set_ceiling(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.ceilings import set_ceiling

    _refuse_unfit(code, wanted, {"length", "on_day", "progress", "papers", *_OF_PRIORITY}, "định mức")
    set_ceiling(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _set_prepayment(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.prepayments import set_prepayment

    _refuse_unfit(code, wanted, {"length", "on_day", *_OF_CEILING, *_OF_PRIORITY}, "mức tạm ứng")
    set_prepayment(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _set_priority(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.priorities import set_priority

    _refuse_unfit(code, wanted, {"length", "on_day", "percent", *_OF_CEILING, "progress", "papers"}, "mức ưu tiên")
    set_priority(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _restated(wanted: dict[str, Any], basis: str) -> dict[str, Any]:
    values = {_COLUMN.get(name, name): value for name, value in wanted.items()}
    return values | ({"basis": basis} if _RESTATING & set(values) or values.get("verified") else {})


def _set_deadline_rule(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.calendars import set_rule
    from models.deadline_rules import set_pace

    unfit = {"percent", *_OF_CEILING, *_OF_PRIORITY, "doubt", "progress", "papers"}
    _refuse_unfit(code, wanted, unfit, "thời hạn")
    if wanted.keys() & {"length", "on_day", "starts_on"}:
        _refuse_unfit(code, wanted, {"until", "verified", "label"}, "thời hạn, khi ghi thời hạn mới")
        return set_pace(writing.session, code, **wanted, note=basis, origin=writing.origin)
    values = {_COLUMN.get(name, name): value for name, value in wanted.items()}
    values |= {"verified": int(values["verified"])} if "verified" in values else {}
    set_rule(writing.session, code, values, note=basis, origin=writing.origin)
    return code


def _refuse_unfit(code: str, wanted: dict[str, Any], unfit: set[str], what: str) -> None:
    flags = {"starts_on": "--from", "on_day": "--on-day", "papers": "--paper"}
    if found := [flags.get(name, f"--{name}") for name in wanted if name in unfit]:
        raise Refused(f"{code} là {what}, không ghi {', '.join(found)}; hãy bỏ các tùy chọn đó.")


@rules.command()
@click.option("--ceilings", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp định mức, mẫu như tệp kèm theo.")
@click.option(
    "--prepayments", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp mức tạm ứng, mẫu như tệp kèm theo."
)
@click.option(
    "--priorities", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp mức ưu tiên, mẫu như tệp kèm theo."
)
@click.option("--deadlines", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp thời hạn, mẫu như tệp kèm theo.")
@_BASIS
@by_writer
@as_json
def add(basis: str, by: str | None, as_json: bool, **files: Path | None) -> None:
    """Ghi thêm quy định từ một tệp YAML: tất cả các dòng, hoặc không dòng nào.

    Mẫu của tệp có ở đầu các tệp ceilings.yaml, prepayments.yaml, priorities.yaml và deadline_rules.yaml trong
    models/reference. Quy định mới không được trùng hiệu lực với quy định cũ: hãy ghi ngày hết hiệu lực của quy định
    cũ trước (dean rules set MÃ --until).
    """
    given = [(kind, path) for kind, path in files.items() if path is not None]
    if len(given) != 1:
        sentence = "Ghi --ceilings, --prepayments, --priorities hoặc --deadlines TỆP: đúng một tệp."
        raise click.UsageError(sentence, click.get_current_context())
    [(kind, path)] = given
    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others(writing.person)
        codes, moved = _ADD[kind](writing, path, basis)
    if as_json:
        print_json({"codes": codes, "moved": moved})
        return
    click.echo(f"Đã ghi {len(codes)} quy định: {', '.join(codes)} ({basis}).")
    if moved:
        click.echo(f"{format_number(moved)} đề án có hạn tính lại theo quy định mới.")


def _add_ceilings(writing: "Writing", path: Path, basis: str) -> tuple[list[str], int]:
    from models.ceiling_file import read_ceiling_file
    from models.ceilings import add_ceilings

    levels = read_ceiling_file(path)
    add_ceilings(writing.session, levels, note=basis, origin=writing.origin)
    return [level.id for level in levels], 0


def _add_prepayments(writing: "Writing", path: Path, basis: str) -> tuple[list[str], int]:
    from models.prepayment_file import read_prepayment_file
    from models.prepayments import add_prepayment

    shares = read_prepayment_file(path)
    add_prepayment(writing.session, *shares, note=basis, origin=writing.origin)
    return [share.id for share in shares], 0


def _add_priorities(writing: "Writing", path: Path, basis: str) -> tuple[list[str], int]:
    from models.priorities import add_priority
    from models.priority_file import read_priority_file

    priorities = read_priority_file(path)
    add_priority(writing.session, *priorities, note=basis, origin=writing.origin)
    return [priority.id for priority in priorities], 0


def _add_deadlines(writing: "Writing", path: Path, basis: str) -> tuple[list[str], int]:
    """Answer also how many projects got other deadlines by the new rules."""
    from models.deadline_rules import add_deadline_rules
    from models.rule_file import read_rule_file

    terms = read_rule_file(path)
    moved = add_deadline_rules(writing.session, terms, note=basis, origin=writing.origin)
    return [term.id for term in terms], moved


_ADD = {
    "ceilings": _add_ceilings,
    "prepayments": _add_prepayments,
    "priorities": _add_priorities,
    "deadlines": _add_deadlines,
}
