"""`dean import`: an office's own register comes in from a workbook, previewed first, then confirmed whole."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, by_writer
from cli.output import Column, print_fields, print_heading, print_json, print_table
from cli.typed import CONTENT, ROUTE, YEAR, line, once_each, pair
from states.folding import quoted
from states.refusal import Refused

if TYPE_CHECKING:
    from flows.jobs.imports.old_records import OldBook
    from flows.jobs.imports.preview import Preview

#: Rows and errors that a terminal shows; --json and the marked file have all.
_SHOWN = 40


@click.command("import", cls=Command)
@click.argument(
    "file", metavar="TỆP", type=click.Path(path_type=Path), help="Bảng tính: .xlsx, .xls, .ods, hoặc .csv (UTF-8)."
)
@click.option("--preview", "only_preview", is_flag=True, help="Chỉ xem trước, không hỏi và không ghi gì.")
@click.option("--confirm", "confirmed", is_flag=True, help="Ghi luôn nếu không có lỗi nào; có lỗi thì không ghi gì.")
@click.option(
    "--marked",
    metavar="TỆP.xlsx",
    type=click.Path(path_type=Path),
    help="Ghi lại bảng với các ô lỗi tô đỏ, kèm lời giải.",
)
@click.option("--sheet", metavar="TRANG", default="", help="Trang cần nhập, khi tệp có nhiều trang.")
@click.option("--programme", metavar="MÃ", type=line("Mã chương trình"), help="Chương trình, khi chưa rõ.")
@click.option("--year", "plan_year", metavar="NĂM", type=YEAR, help="Năm kế hoạch của những dòng không ghi năm.")
@click.option("--unit", metavar="MÃ", type=line("Mã đơn vị"), help="Đơn vị thực hiện khi dòng không ghi.")
@click.option("--route", metavar="TUYẾN", type=ROUTE, help="Tuyến khi dòng không ghi: local hoặc national.")
@click.option("--activity", metavar="MÃ", type=line("Hoạt động"), help="Hoạt động khi dòng không ghi.")
@click.option("--content", metavar="SỐ", type=CONTENT, help="Nội dung của chương trình khi dòng không ghi.")
@click.option(
    "--choose",
    "choices",
    metavar="Ô=BÊN",
    type=pair("Lựa chọn", "ô=bên", str.upper, str.lower),
    multiple=True,
    help="Ô mà cả sổ và tệp đều đã sửa: J5=ours (giữ sổ) hoặc J5=theirs (lấy theo tệp); ghi nhiều lần được.",
)
@click.option(
    "--old-records", "are_old", is_flag=True, help="Sổ cũ: đề án đã quyết toán hoặc đã dừng, có người xác nhận."
)
@click.option("--vouched-by", metavar="MÃ", type=line("Mã người xác nhận"), help="Ai xác nhận sổ cũ (khác người nhập).")
@click.option("--basis", metavar="CĂN CỨ", type=line("Căn cứ"), help="Căn cứ xác nhận: sổ, quyết định, biên bản nào.")
@click.option(
    "--correct", metavar="LÝ DO", type=line("Lý do sửa"), help="Sửa dòng sổ cũ đã nhập mà ghi khác, kèm lý do."
)
@click.option("--note", metavar="LÝ DO", type=line("Lý do"), help="Lý do sửa, khi tệp sửa đề án đã nộp.")
@click.option(
    "--new-beneficiaries",
    "adds_firms",
    is_flag=True,
    help="Ghi mới các đơn vị thụ hưởng không có mã số thuế mà bản xem trước nêu tên.",
)
@by_writer
@as_json
def import_(
    file: Path,
    only_preview: bool,
    confirmed: bool,
    marked: Path | None,
    sheet: str,
    choices: tuple[tuple[str, str], ...],
    are_old: bool,
    vouched_by: str | None,
    basis: str | None,
    correct: str | None,
    note: str | None,
    adds_firms: bool,
    by: str | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Nhập danh sách đề án từ bảng tính của đơn vị: xem trước, rồi ghi tất cả hoặc không ghi gì.

    Dòng có mã đề án thì cập nhật, dòng mới thành bản nháp; ô trống thì giữ nguyên điều đang ghi. Nhập lại cùng một tệp
    không ghi gì thêm. Không có --preview hay --confirm thì xem trước, rồi hỏi nếu đang ở màn hình lệnh.

    Với --old-records, mỗi dòng là một đề án đã kết thúc trước khi có hệ thống: ghi bằng đúng một việc «Nhập từ sổ cũ»
    nêu ai xác nhận và căn cứ nào, không bịa bước nào đã làm.
    """
    from states.imports.wanted import Defaults

    if only_preview and confirmed:
        raise click.UsageError("Ghi --preview hoặc --confirm, không ghi cả hai.", click.get_current_context())
    content = _content(file)
    wanted: dict[str, Any] = {
        "defaults": Defaults(**_chosen(chosen)),
        "sheet": sheet,
        "choices": once_each(choices, "--choose"),
        "book": _book(are_old, vouched_by, basis, correct),
    }
    answers: dict[str, Any] = {"note": note or "", "adds_firms": adds_firms}
    with open_desk() as desk:
        from flows.jobs.imports.confirming import confirm, refuse_errors, unanswered
        from flows.jobs.imports.preview import preview
        from flows.jobs.imports.telling import as_values

        with desk.reading(by) as view:
            if view.reader is None:
                raise click.UsageError(
                    "Chưa biết ai nhập: hãy thêm --by MÃ (hoặc đặt DEAN_BY).", click.get_current_context()
                )
            seen = preview(view.session, content, file.name, by=view.reader, today=desk.today, **wanted)
        if marked is not None:
            _write_marked(marked, content, seen)
        unsaid = unanswered(seen, **answers)
        if not as_json and not confirmed:
            _print(seen, unsaid)
        if confirmed:
            refuse_errors(seen)
        if not confirmed and (only_preview or unsaid or not _is_wanted(seen)):
            if as_json:
                print_json(as_values(seen))
            return
        with desk.writing(by) as writing:
            done = confirm(
                writing.session,
                content,
                file.name,
                files=desk.store.files,
                by=writing.person,
                origin=writing.origin,
                today=desk.today,
                sha256=seen.sha256,
                **answers,
                **wanted,
            )
    if as_json:
        answer = {"import": done.import_id, "opened": done.opened, "amended": done.amended, "unchanged": done.unchanged}
        print_json(answer | {"sha256": seen.sha256})
    else:
        click.echo(done.sentence)
        if done.opened:
            click.echo(f"Mã mới: {done.opened[0]}" + (f" … {done.opened[-1]}" if len(done.opened) > 1 else ""))


def _book(are_old: bool, vouched_by: str | None, basis: str | None, correct: str | None) -> "OldBook | None":
    """Who vouches for an old register and on what basis; None for a register of projects at work."""
    given = {"--vouched-by": vouched_by, "--basis": basis, "--correct": correct}
    if not are_old:
        if stray := [name for name, value in given.items() if value]:
            sentence = f"{', '.join(stray)} chỉ dùng với --old-records."
            raise click.UsageError(sentence, click.get_current_context())
        return None
    if not vouched_by or not basis:
        sentence = 'Sổ cũ cần người xác nhận và căn cứ: --vouched-by MÃ_NGƯỜI --basis "…".'
        raise click.UsageError(sentence, click.get_current_context())
    from flows.jobs.imports.old_records import OldBook

    return OldBook(vouched_by, basis, correct or "")


def _chosen(chosen: dict[str, Any]) -> dict[str, Any]:
    """What was said beside the file; the activity by its code or its label."""
    from states.activities import read_activity

    said = {name: value for name, value in chosen.items() if value is not None}
    return said | ({"activity": str(read_activity(said["activity"]))} if "activity" in said else {})


def _content(file: Path) -> bytes:
    from documents.reading import LARGEST_WORKBOOK

    if not file.is_file():
        raise Refused(f"Không có tệp {quoted(str(file))}; hãy kiểm tra đường dẫn.")
    with file.open("rb") as stream:
        # One byte more than may come, so that a file which is too large shows.
        return stream.read(LARGEST_WORKBOOK + 1)


def _write_marked(place: Path, content: bytes, seen: "Preview") -> None:
    from documents.marking import mark_workbook

    if place.suffix.lower() != ".xlsx":
        raise Refused(f"Tệp đã đánh dấu phải có đuôi .xlsx; hãy ghi --marked {place.stem}.xlsx.")
    if place.exists():
        raise Refused(f"Đã có tệp {quoted(str(place))}; hãy chọn tên khác, dean không ghi đè.")
    place.write_bytes(mark_workbook(content, seen.workbook, seen.marks()))
    click.echo(f"Đã ghi bảng đánh dấu {len(seen.errors)} ô lỗi vào {place}.", err=True)


def _is_wanted(seen: "Preview") -> bool:
    """Ask the person at a terminal; a script says --confirm."""
    if seen.errors or seen.conflicts or not seen.changes_anything or not sys.stdin.isatty():
        return False
    return click.confirm("Ghi vào sổ?", default=False)


def _print(seen: "Preview", unsaid: list[str]) -> None:
    from flows.jobs.imports.confirming import NO_ROWS
    from flows.jobs.imports.rows import Outcome

    used = [f"{one.letter} {one.label}" + (f" ({one.unit})" if one.unit else "") for one in seen.columns if one.label]
    unused = [f"{one.letter} {quoted(one.head)}" for one in seen.columns if not one.label]
    print_fields(
        [
            ("Trang", f"{seen.sheet}, tiêu đề ở dòng {seen.head_row}"),
            ("Chương trình", seen.programme),
            *([("Sổ cũ", _voucher(seen))] if seen.old else []),
            ("Cột hiểu được", "; ".join(used)),
            ("Cột bỏ qua", "; ".join(unused)),
            ("Kết quả", ", ".join(f"{seen.count(outcome)} {outcome.label}" for outcome in Outcome)),
        ]
    )
    for was in seen.before:
        click.echo(f"Tệp này đã nhập trước đây bởi {was['by_name'] or 'hệ thống'}.")
    _print_sentences(seen)
    print_heading("Từng dòng")
    columns = [Column("Dòng", right=True), Column("Việc"), Column("Mã"), Column("Tên", flexible=True)]
    columns.append(Column("Thay đổi, cách hiểu", flexible=True))
    shown = [(row.number, row.outcome.label, row.code, row.name, _told(row)) for row in seen.rows[:_SHOWN]]
    print_table(columns, shown)
    if len(seen.rows) > _SHOWN:
        click.echo(f"… và {len(seen.rows) - _SHOWN} dòng khác (--json in hết).")
    if not seen.rows:
        click.echo(NO_ROWS)
    elif seen.errors:
        click.echo("Chưa ghi gì: hãy sửa các ô lỗi rồi nhập lại.")
    elif seen.conflicts:
        click.echo("Chưa ghi gì: hãy chọn từng ô mà hai bên cùng sửa (--choose).")
    elif unsaid:
        click.echo("\n".join(f"Chưa ghi gì. {sentence}" for sentence in unsaid))
    elif not seen.changes_anything:
        click.echo("Mọi dòng đều đúng như trong sổ; không có gì để ghi.")
    else:
        click.echo("Chưa ghi gì; ghi bằng --confirm.")


def _voucher(seen: "Preview") -> str:
    return f"{seen.old.vouching.name} xác nhận, căn cứ {seen.old.book.basis}" if seen.old else ""


def _print_sentences(seen: "Preview") -> None:
    for address, sentence, is_warning in seen.remarks:
        click.echo(f"{'Lưu ý: ' if is_warning else ''}{address}: {sentence}")
    if seen.errors:
        print_heading("Lỗi")
        for error in seen.errors[:_SHOWN]:
            click.echo(str(error))
        if len(seen.errors) > _SHOWN:
            click.echo(f"… và {len(seen.errors) - _SHOWN} lỗi khác; hãy ghi --marked TỆP.xlsx để xem hết trong bảng.")
    if seen.conflicts:
        print_heading("Hai bên cùng sửa")
        for conflict in seen.conflicts:
            click.echo(str(conflict))


def _told(row: Any) -> str:
    changes = [f"{change.label}: {change.was} → {change.now}" for change in row.changes]
    return "; ".join((*changes, *row.notes))
