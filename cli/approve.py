"""`dean approve`: approve a list of projects under one decision."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.door import DOOR, open_desk, os_user
from cli.lazy import Command
from cli.options import as_json, by_writer
from cli.output import print_json
from cli.papers import bare_file_as, paper_option, read_papers, record
from cli.step import as_read, on_state_funds, tell_warnings
from cli.typed import AMOUNT, AUTHORITY, DAY, line, once_each, pair
from states.folding import clean_line, fold, quoted
from states.reading import read_amount, read_code
from states.refusal import Refused
from states.vocabulary import Authority, Paper
from states.words import amount_in_words_dong, format_dong

if TYPE_CHECKING:
    from cli.door import Writing
    from models.decisions import ApprovalLine, Approved


class _Line(NamedTuple):
    """One line of the annex as typed: the state support in đồng where it is printed, a note, and an override."""

    code: str
    amount: int | None
    note: str
    override: str = ""


@click.command(cls=Command)
@click.argument("codes", metavar="MÃ…", nargs=-1, help="Mã đề án, hoặc MÃ=SỐ TIỀN khi khác số đã thẩm định.")
@click.option(
    "--decision", metavar="SỐ", required=True, type=line("Số quyết định"), help="Số quyết định, ví dụ 980/QĐ-UBND."
)
@click.option("--decided-on", metavar="NGÀY", required=True, type=DAY, help="Ngày quyết định.")
@click.option("--signer", metavar="HỌ TÊN", required=True, type=line("Người ký"), help="Người ký quyết định.")
@click.option(
    "--total",
    metavar="TIỀN",
    required=True,
    type=AMOUNT,
    help="Tổng hỗ trợ của các dòng thuộc sổ này, khớp đến từng đồng.",
)
@click.option("--annex-total", metavar="TIỀN", type=AMOUNT, help="Tổng in trên phụ lục, nếu gồm cả tỉnh khác.")
@click.option(
    "--authority",
    metavar="CƠ QUAN",
    type=AUTHORITY,
    help="UBND tỉnh (province) hoặc Bộ (ministry); bỏ trống thì theo tuyến.",
)
@click.option(
    "--from-file",
    metavar="TỆP",
    type=click.Path(path_type=Path),
    help="Danh mục, mỗi dòng MÃ[;SỐ TIỀN[;GHI CHÚ[;LÝ DO VƯỢT ĐỊNH MỨC]]].",
)
@click.option(
    "--override",
    "overrides",
    metavar="MÃ=LÝ DO",
    type=pair("Lý do vượt định mức", "mã=lý do", read_code, lambda text: clean_line(text, "Lý do vượt định mức")),
    multiple=True,
    help="Lý do một đề án được hỗ trợ vượt định mức theo quyết định này; ghi nhiều lần được.",
)
@paper_option
@by_writer
@as_json
def approve(
    codes: tuple[str, ...],
    decision: str,
    decided_on: date,
    signer: str,
    total: int,
    annex_total: int | None,
    authority: Authority | None,
    from_file: Path | None,
    overrides: tuple[tuple[str, str], ...],
    papers: tuple[str, ...],
    by: str | None,
    as_json: bool,
) -> None:
    """Phê duyệt một danh mục đề án theo một quyết định.

    Một dòng sai thì không dòng nào được ghi, và mọi lý do được liệt kê.
    """
    from models import decisions

    if bool(codes) == (from_file is not None):
        raise click.UsageError("Ghi các mã đề án, hoặc --from-file TỆP: một trong hai.", click.get_current_context())
    lines = _read_lines(
        [(f"Tham số {n}", code) for n, code in enumerate(codes, 1)] if codes else _file_lines(from_file)
    )
    lines = _overridden(lines, once_each(overrides, "--override"))
    bundle = read_papers([bare_file_as(Paper.APPROVAL_DECISION, text) for text in papers])
    paper = decisions.DecisionPaper(decision, decided_on, signer, total, authority, annex_total, bundle.enclosures)
    with open_desk() as desk:

        def entry(writing: "Writing") -> "Approved":
            wanted = _with_funds(writing.session, lines)
            return decisions.approve(
                writing.session, wanted, paper, by=writing.person, at=desk.at, door=DOOR, os_user=os_user()
            )

        done = record(desk, by, bundle, entry)
    tell_warnings(done.projects)
    if as_json:
        print_json(
            {"decision": done.number, "total": done.total, "projects": [as_read(step) for step in done.projects]}
        )
        return
    click.echo(f"Đã phê duyệt {len(done.projects)} đề án theo quyết định {done.number}: {format_dong(done.total)}")
    click.echo(f"({amount_in_words_dong(done.total)}).")
    for step in done.projects:
        click.echo(f"  {step.code}  phiên bản {step.version}")


def _overridden(lines: list[_Line], overrides: dict[str, str]) -> list[_Line]:
    """Put each --override on its line. Raises Refused for a code that is not on the list."""
    if strange := sorted(set(overrides) - {line.code for line in lines}):
        raise Refused(f"Lý do vượt định mức ghi cho {', '.join(strange)} không có trong danh mục; hãy kiểm tra mã.")
    return [line._replace(override=overrides.get(line.code, line.override)) for line in lines]


def _file_lines(path: Path | None) -> list[tuple[str, str]]:
    """The lines of a list with their places; blank lines, remarks (#) and a head line are left out."""
    assert path is not None
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"Tệp {quoted(str(path))} không phải UTF-8; hãy lưu lại tệp ở dạng CSV UTF-8.") from error
    rows = [(f"Dòng {n}", text.strip()) for n, text in enumerate(content.splitlines(), 1)]
    rows = [(place, text) for place, text in rows if text and not text.startswith("#")]
    if rows and fold(re.split(r"[;\t,]", rows[0][1])[0]).strip('"') in _HEADS:
        rows = rows[1:]
    if not rows:
        raise Refused(f"Tệp {quoted(str(path))} không có dòng nào; hãy ghi mỗi dòng một mã đề án.")
    return rows


_HEADS = frozenset({"ma", "ma de an", "ma so", "code"})


def _read_lines(rows: list[tuple[str, str]]) -> list[_Line]:
    """Read every line. Raises Refused with the place of each line that cannot be read."""
    lines, reasons = [], []
    for place, text in rows:
        try:
            lines.append(_read_line(text))
        except Refused as refused:
            reasons += [f"{place}: {reason}" for reason in refused.reasons]
    if reasons:
        raise Refused(*reasons)
    return lines


def _read_line(text: str) -> _Line:
    """Read CODE[;AMOUNT[;NOTE[;OVERRIDE]]]. A comma separates only the code, because amounts may hold commas."""
    mark = next((mark for mark in (";", "\t", "=", ",") if mark in text), None)
    cells = (
        [cell.strip().strip('"').strip() for cell in text.split(mark, 1 if mark in (",", "=") else 3)]
        if mark
        else [text]
    )
    cells += [""] * (4 - len(cells))
    amount = read_amount(cells[1]) if cells[1] else None
    note = clean_line(cells[2], "Ghi chú") if cells[2] else ""
    override = clean_line(cells[3], "Lý do vượt định mức") if cells[3] else ""
    return _Line(read_code(cells[0]), amount, note, override)


def _with_funds(session: Any, lines: list[_Line]) -> list["ApprovalLine"]:
    from models.decisions import ApprovalLine

    amounts = on_state_funds(session, {line.code: line.amount for line in lines})
    return [ApprovalLine(line.code, amounts[line.code], line.note, line.override) for line in lines]
