"""One rule: what it says, who changed it on whose word, and the forms that change it; and entering new ones."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response

from models.calendars import RULERS
from models.queries.rules import CEILING, DEADLINE, PREPAYMENT, PRIORITY, REMINDER, rule_changes, rule_named
from models.rule_changes import add_rules, change_rule
from models.rulebook import rulebook
from models.shipped import REFERENCE
from models.stale import Stale
from states.folding import clean_line
from states.reading import read_amount, read_date, read_day_of_year, read_id, read_quantity, read_workdays
from states.refusal import Refused
from states.vocabulary import Paper
from states.words import format_date
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.rules import tabs
from web.pages.rules_dated import HEADS, row_in_words
from web.roles import EVERYONE

pages = Pages()

MAY_CHANGE = frozenset(RULERS)
#: Bytes of a file of rules; ours have some thirty thousand.
LARGEST_FILE = 1024 * 1024
MANY = {
    DEADLINE: "deadlines",
    CEILING: "ceilings",
    PREPAYMENT: "prepayments",
    PRIORITY: "priorities",
    REMINDER: "reminders",
}
FILES = {
    "deadlines": "deadline_rules.yaml",
    "ceilings": "ceilings.yaml",
    "prepayments": "prepayments.yaml",
    "priorities": "priorities.yaml",
    "reminders": "reminders.yaml",
}


def _line(what: str) -> Callable[[str], str]:
    return lambda typed: clean_line(typed, what)


#: How each thing that may be said of a rule is typed: its label, its reader, and how it stands in the row.
_READ: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "percent": ("Tỷ lệ (%)", read_quantity, "percent"),
    "cap": ("Mức trần (đồng)", read_amount, "cap"),
    "per": ("Mức trần tính cho mỗi", _line("Đơn vị tính"), "per"),
    "condition": ("Điều kiện", _line("Điều kiện"), "condition"),
    "notes": ("Ghi chú", _line("Ghi chú"), "notes"),
    "progress": ("Phải xong trên (% khối lượng)", read_quantity, "progress"),
    "points": ("Số điểm", read_quantity, "points"),
    "jobs": ("Từ bao nhiêu lao động dự kiến", read_quantity, "jobs"),
    "workdays": ("Số ngày làm việc (âm là trước hạn)", read_workdays, "workdays"),
    "every": ("Cứ bao nhiêu ngày làm việc", read_quantity, "every"),
    "length": ("Thời hạn mới (số ngày)", read_quantity, "length"),
    "on_day": ("Hạn cố định mới (ngày/tháng)", read_day_of_year, "on_day"),
    "label": ("Tên gọi", _line("Tên"), "label"),
    "starts_on": ("Từ ngày", read_date, "effective_from"),
    "until": ("Ngày cuối có hiệu lực", read_date, "effective_until"),
    "doubt": ("Vì sao chưa kiểm chứng", _line("Lý do"), "doubt"),
}
_CHOICES = {
    "verified": ("Tình trạng", "đã kiểm chứng", "chưa kiểm chứng", "verified"),
    "urgent": ("Gửi", "ngay, trong giờ làm việc", "vào thư buổi sáng", "urgent"),
    "active": ("Đang dùng", "dùng", "tắt", "active"),
}
_REMARKS = {CEILING: ("condition", "notes"), REMINDER: ("active",)}
_NUMBERS = {
    CEILING: ("percent", "cap", "per"),
    PREPAYMENT: ("percent", "progress"),
    PRIORITY: ("points", "jobs"),
    REMINDER: ("workdays", "every", "urgent"),
}


def fields_of(kind: str, row: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Which fields the forms of a rule have, by form: what the models let change, and nothing they would refuse."""
    if kind == DEADLINE:
        if row["statutory"]:
            return {"remarks": ("until", "verified")}
        length = "on_day" if row["unit"] == "date" else "length"
        return {"pace": (length, "starts_on"), "remarks": ("label", "until", "verified")}
    remarks = ("until", "verified", "doubt", *_REMARKS.get(kind, ()))
    if row["verified"]:
        return {"remarks": remarks}
    numbers = _NUMBERS[kind]
    if kind == REMINDER:
        numbers = ("workdays" if row["workdays"] is not None else "every", "urgent")
    return {"remarks": (*numbers, "label", "starts_on", *remarks)}


@pages.show("/rules/code/{code}", who=EVERYONE, label="Một quy định")
def one_rule(visit: AtDesk, code: str) -> Response:
    return _shown(visit, code, {})


def _shown(visit: Visit, code: str, forms: dict[str, Fields], status: int = 200) -> Response:
    with visit.reading() as session:
        kind, row = rule_named(rulebook(session), code)
        changes = rule_changes(session, kind, code)
    may_change = visit.person.role in MAY_CHANGE
    parts = fields_of(kind, row) if may_change else {}
    return visit.page(
        "rules/one.html",
        status=status,
        tabs=tabs,
        many=MANY[kind],
        heads=HEADS[MANY[kind]],
        row=row_in_words(row),
        papers=[Paper(paper).label for paper in row.get("papers", ())],
        changes=changes,
        version=changes[-1]["seq"],
        forms=[(part, forms.get(part, Fields()), _inputs(names, row)) for part, names in parts.items()],
        statutory=kind == DEADLINE and row["statutory"],
        locked=kind != DEADLINE and row["verified"],
    )


def _inputs(names: tuple[str, ...], row: dict[str, Any]) -> list[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    """Name, label, what stands there now, and the choices where it is a choice."""
    told: list[tuple[str, str, str, tuple[tuple[str, str], ...]]] = []
    for name in names:
        if name in _CHOICES:
            label, yes, no, column = _CHOICES[name]
            told.append((name, label, "yes" if row[column] else "no", (("yes", yes), ("no", no))))
        else:
            told.append((name, _READ[name][0], _now(name, row), ()))
    return told


def _now(name: str, row: dict[str, Any]) -> str:
    """What a field says now, as somebody would type it. A new pace starts empty: it is no change of the old one."""
    if name in ("length", "on_day") or (name == "starts_on" and row["kind"] == "deadline"):
        return ""
    value = row[_READ[name][2]]
    if value is None:
        return ""
    return format_date(date.fromisoformat(value)) if name in ("starts_on", "until") else str(value)


@pages.act("/rules/code/{code}", who=MAY_CHANGE, label="Sửa một quy định")
async def change(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_change, visit, code, Fields(await request.form()))


def _change(visit: Visit, code: str, form: Fields) -> Response:
    with visit.reading() as session:
        kind, row = rule_named(rulebook(session), code)
    part = form.typed("part")
    names = fields_of(kind, row).get(part, ())
    wanted = _wanted(form, names, row)
    basis = form.line(f"basis_{part}", "văn bản làm căn cứ hoặc lý do", required=True)
    seen = form.read("seen", read_id)
    if not wanted and not form.mistakes:
        form.mistaken("", "Không có gì thay đổi; hãy sửa một mục rồi gửi.")
    if form.mistakes:
        return _shown(visit, code, {part: form}, 409)
    try:
        with visit.writing() as session:
            who: dict[str, Any] = {"by": visit.person, "origin": visit.origin}
            now = change_rule(session, code, wanted, basis=basis, seen_version=seen, **who)
    except Refused as refused:
        if isinstance(refused, Stale):
            form.propose_anew("seen")
        form.refused(refused)
        return _shown(visit, code, {part: form}, 409)
    told = f"Đã sửa {code}." if now == code else f"Đã ghi {now} thay cho {code}; hạn đang chạy giữ nguyên."
    return visit.go(f"/rules/code/{now}", told=told)


def _wanted(form: Fields, names: tuple[str, ...], row: dict[str, Any]) -> dict[str, Any]:
    """What is typed otherwise than it stands."""
    wanted: dict[str, Any] = {}
    for name, _, now, choices in _inputs(names, row):
        typed = form.typed(name).strip()
        if not typed or typed == now:
            continue
        value = typed == "yes" if choices else form.read(name, _READ[name][1])
        if value is not None:
            wanted[name] = value
    return wanted


# --- new rules ----------------------------------------------------------------------------------------


@pages.show("/rules/new", who=MAY_CHANGE, label="Ghi thêm quy định từ tệp")
def new_page(visit: AtDesk) -> Response:
    return _new(visit, Fields(visit.request.query_params))


def _new(visit: Visit, form: Fields, status: int = 200) -> Response:
    kinds = [(many, HEADS[many][0]) for many in FILES]
    return visit.page("rules/new.html", status=status, form=form, tabs=tabs, kinds=kinds)


@pages.show("/rules/sample/{many}", who=EVERYONE, label="Tệp quy định kèm theo, làm mẫu")
def sample(visit: AtDesk, many: str) -> Response:
    if many not in FILES:
        raise Refused("Không có mẫu như vậy; hãy chọn trong trang ghi thêm quy định.")
    text = (REFERENCE / FILES[many]).read_text(encoding="utf-8")
    answer = PlainTextResponse(text, media_type="text/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILES[many]}"'
    return answer


@pages.act("/rules/new", who=MAY_CHANGE, label="Ghi thêm quy định từ tệp")
async def add(visit: AtDesk, request: Request) -> Response:
    form = Fields(await request.form())
    upload = form.upload("file")
    content = await upload.read(LARGEST_FILE + 1) if upload else b""
    return await run_in_threadpool(_add, visit, form, content)


def _add(visit: Visit, form: Fields, content: bytes) -> Response:
    many, basis = form.typed("kind"), form.line("basis", "văn bản làm căn cứ", required=True)
    content = content or form.typed("rows").encode()
    if many not in FILES:
        form.mistaken("kind", "Hãy chọn loại quy định.")
    if not content.strip():
        form.mistaken("rows", "Hãy chọn một tệp YAML hoặc dán nội dung của nó.")
    if len(content) > LARGEST_FILE:
        form.mistaken("file", "Tệp quá lớn (tối đa 1 MB); hãy kiểm tra có đúng tệp quy định không.")
    if form.mistakes:
        return _new(visit, form, 409)
    try:
        # The readers of rules read files, and name them in what they say.
        with tempfile.TemporaryDirectory() as folder, visit.writing() as session:
            path = Path(folder) / FILES[many]
            path.write_bytes(content)
            added = add_rules(session, many, path, basis=basis, by=visit.person, origin=visit.origin)
    except Refused as refused:
        form.refused(refused)
        return _new(visit, form, 409)
    moved = f" {added.moved} đề án có hạn tính lại theo quy định mới." if added.moved else ""
    told = f"Đã ghi {len(added.codes)} quy định: {', '.join(added.codes)}.{moved}"
    return visit.go(f"/rules/{many}?every=1", told=told)
