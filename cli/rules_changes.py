"""Changes of `dean rules`: a rule changed, or new ones entered from a file, always on the word of a document."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.calendar import refuse_others
from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, by_writer
from cli.output import print_json
from cli.rules_reads import rule_code
from cli.typed import AMOUNT, DAY, Member, Typed, line, whole_number
from states.folding import quoted
from states.refusal import Refused
from states.vocabulary import Paper
from states.words import format_number

if TYPE_CHECKING:
    from cli.door import Writing


def _read_day_of_year(value: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})", value.strip())
    if found and 1 <= int(found[2]) <= 12 and 1 <= int(found[1]) <= (28 if int(found[2]) == 2 else 30):
        return int(found[1]), int(found[2])
    raise Refused(f"Ngày trong năm {quoted(value)} không hợp lệ; hãy gõ ngày/tháng có ở mọi năm, ví dụ 15/06.")


def _read_workdays(value: str) -> int:
    found = re.fullmatch(r"([+-]?)([0-9]{1,2})", value.strip().replace("−", "-"), re.ASCII)
    if found and int(found[2]) <= _FARTHEST:
        return int(found[2]) * (-1 if found[1] == "-" else 1)
    raise Refused(
        f"Số ngày làm việc {quoted(value)} không hợp lệ; hãy gõ từ -{_FARTHEST} (trước hạn) đến {_FARTHEST} (quá hạn)."
    )


#: How far from its deadline a rung may stand, in workdays.
_FARTHEST = 60
_BASIS = click.option(
    "--basis", metavar="VĂN BẢN", required=True, type=line("Căn cứ"), help="Căn cứ hoặc lý do của thay đổi."
)


@click.command("set", cls=Command)
@rule_code
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
@click.option(
    "--workdays",
    metavar="N",
    type=Typed("số ngày", _read_workdays),
    help="Mốc nhắc theo hạn: số ngày làm việc, âm là trước hạn, dương là quá hạn.",
)
@click.option(
    "--every", metavar="N", type=whole_number("Số ngày", 1, 250), help="Mốc nhắc lặp lại: cứ N ngày làm việc một lần."
)
@click.option("--urgent/--no-urgent", default=None, help="Mốc nhắc: gửi ngay, hoặc vào thư buổi sáng.")
@click.option("--active/--inactive", default=None, help="Mốc nhắc: dùng, hoặc tắt.")
@click.option("--label", metavar="CHỮ", type=line("Tên"), help="Tên gọi của quy định.")
@click.option("--from", "starts_on", metavar="NGÀY", type=DAY, help="Từ ngày này; thời hạn nội bộ: sớm nhất ngày mai.")
@click.option("--until", metavar="NGÀY", type=DAY, help="Ngày cuối có hiệu lực.")
@click.option("--verified/--unverified", default=None, help="Đã đọc văn bản gốc, hoặc chưa.")
@click.option("--doubt", metavar="CHỮ", type=line("Lý do"), help="Vì sao chưa kiểm chứng (trừ thời hạn).")
@_BASIS
@by_writer
@as_json
def set_(code: str, basis: str, by: str | None, as_json: bool, **given: Any) -> None:
    """Sửa một quy định. Quản trị hoặc lãnh đạo ghi, luôn kèm căn cứ.

    Thời hạn theo luật không sửa được, chỉ ghi ngày hết hiệu lực. Thời hạn nội bộ mới áp dụng từ ngày mai, hạn
    đang chạy giữ nguyên. Định mức, mức tạm ứng, mức ưu tiên, mốc nhắc đã kiểm chứng giữ nguyên số; mức mới là một
    dòng mới (dean rules add). Khi sửa số hoặc xác nhận một mức, --basis thành căn cứ của mức đó.
    """
    from models.queries.rules import CEILING, PREPAYMENT, PRIORITY, REMINDER, rule_named
    from models.rulebook import rulebook

    wanted = {name: value for name, value in given.items() if value not in (None, ())}
    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others(writing.person)
        kind, _ = rule_named(rulebook(writing.session), code)
        changes = {
            CEILING: _set_ceiling,
            PREPAYMENT: _set_prepayment,
            PRIORITY: _set_priority,
            REMINDER: _set_reminder,
        }
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
_OF_REMINDER = ("workdays", "every", "urgent", "active")
_COLUMN = {"starts_on": "effective_from", "until": "effective_until"}
#: What makes a level another one, or certain: then the document given is the level's own basis.
_RESTATING = frozenset({"percent", "cap", "per", "progress", "papers", "points", "jobs", "workdays", "every", "urgent"})


def _set_ceiling(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.ceilings import set_ceiling

    _refuse_unfit(code, wanted, {"length", "on_day", "progress", "papers", *_OF_PRIORITY, *_OF_REMINDER}, "định mức")
    set_ceiling(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _set_prepayment(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.prepayments import set_prepayment

    _refuse_unfit(code, wanted, {"length", "on_day", *_OF_CEILING, *_OF_PRIORITY, *_OF_REMINDER}, "mức tạm ứng")
    set_prepayment(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _set_priority(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.priorities import set_priority

    unfit = {"length", "on_day", "percent", *_OF_CEILING, "progress", "papers", *_OF_REMINDER}
    _refuse_unfit(code, wanted, unfit, "mức ưu tiên")
    set_priority(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _set_reminder(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.reminders.rules import set_reminder

    unfit = {"length", "on_day", "percent", *_OF_CEILING, "progress", "papers", *_OF_PRIORITY}
    _refuse_unfit(code, wanted, unfit, "mốc nhắc")
    set_reminder(writing.session, code, _restated(wanted, basis), note=basis, origin=writing.origin)
    return code


def _restated(wanted: dict[str, Any], basis: str) -> dict[str, Any]:
    values = {_COLUMN.get(name, name): value for name, value in wanted.items()}
    return values | ({"basis": basis} if _RESTATING & set(values) or values.get("verified") else {})


def _set_deadline_rule(writing: "Writing", code: str, wanted: dict[str, Any], basis: str) -> str:
    from models.calendars import set_rule
    from models.deadline_rules import set_pace

    unfit = {"percent", *_OF_CEILING, *_OF_PRIORITY, *_OF_REMINDER, "doubt", "progress", "papers"}
    _refuse_unfit(code, wanted, unfit, "thời hạn")
    if wanted.keys() & {"length", "on_day", "starts_on"}:
        _refuse_unfit(code, wanted, {"until", "verified", "label"}, "thời hạn, khi ghi thời hạn mới")
        return set_pace(writing.session, code, **wanted, note=basis, origin=writing.origin)
    values = {_COLUMN.get(name, name): value for name, value in wanted.items()}
    values |= {"verified": int(values["verified"])} if "verified" in values else {}
    set_rule(writing.session, code, values, note=basis, origin=writing.origin)
    return code


#: Options of two words: what is typed for yes and for no.
_PAIRS = {"urgent": ("urgent", "no-urgent"), "active": ("active", "inactive")}


def _refuse_unfit(code: str, wanted: dict[str, Any], unfit: set[str], what: str) -> None:
    flags = {"starts_on": "--from", "on_day": "--on-day", "papers": "--paper"}
    flags |= {name: f"--{yes if wanted.get(name) else no}" for name, (yes, no) in _PAIRS.items()}
    if found := [flags.get(name, f"--{name}") for name in wanted if name in unfit]:
        raise Refused(f"{code} là {what}, không ghi {', '.join(found)}; hãy bỏ các tùy chọn đó.")


@click.command(cls=Command)
@click.option("--ceilings", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp định mức, mẫu như tệp kèm theo.")
@click.option(
    "--prepayments", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp mức tạm ứng, mẫu như tệp kèm theo."
)
@click.option(
    "--priorities", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp mức ưu tiên, mẫu như tệp kèm theo."
)
@click.option("--reminders", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp mốc nhắc, mẫu như tệp kèm theo.")
@click.option("--deadlines", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp thời hạn, mẫu như tệp kèm theo.")
@_BASIS
@by_writer
@as_json
def add(basis: str, by: str | None, as_json: bool, **files: Path | None) -> None:
    """Ghi thêm quy định từ một tệp YAML: tất cả các dòng, hoặc không dòng nào.

    Mẫu của tệp có ở đầu các tệp ceilings.yaml, prepayments.yaml, priorities.yaml, reminders.yaml và
    deadline_rules.yaml trong models/reference. Quy định mới không được trùng hiệu lực với quy định cũ: hãy ghi ngày
    hết hiệu lực của quy định cũ trước (dean rules set MÃ --until).
    """
    given = [(kind, path) for kind, path in files.items() if path is not None]
    if len(given) != 1:
        sentence = "Ghi --ceilings, --prepayments, --priorities, --reminders hoặc --deadlines TỆP: đúng một tệp."
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


def _add_reminders(writing: "Writing", path: Path, basis: str) -> tuple[list[str], int]:
    from models.reminder_file import read_reminder_file
    from models.reminders.rules import add_reminder

    reminders = read_reminder_file(path)
    add_reminder(writing.session, *reminders, note=basis, origin=writing.origin)
    return [reminder.id for reminder in reminders], 0


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
    "reminders": _add_reminders,
    "deadlines": _add_deadlines,
}
