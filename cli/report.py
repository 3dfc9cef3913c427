"""`dean report`: freeze the figures of a period, show and sign them, and compare them with what is known today."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json, by_reader, by_writer
from cli.output import Column, day, print_json, print_table
from cli.typed import DAY, line, whole_number
from states.refusal import Refused
from states.words import format_date

period_typed = click.argument(
    "period",
    metavar="KỲ…",
    nargs=-1,
    required=True,
    help='Kỳ báo cáo: "tháng 3/2024", "quý 1/2024", "6 tháng đầu năm 2024", "năm 2024" hoặc "giai đoạn".',
)
programme = click.option(
    "--programme", metavar="MÃ", type=line("Mã chương trình"), help="Bỏ trống thì lấy chương trình của kỳ báo cáo."
)
issue = click.option(
    "--issue", metavar="N", type=whole_number("Lần phát hành", 1, 9999), help="Lần phát hành; bỏ trống là lần cuối."
)


@click.group(cls=Group)
def report() -> None:
    """Báo cáo theo kỳ: chốt số liệu, xem, ký, so với hôm nay.

    Báo cáo đã chốt không bao giờ đổi; những gì ghi sau hiện ở dean report diff.
    """


@report.command()
@period_typed
@programme
@by_writer
@as_json
def freeze(period: tuple[str, ...], programme: str | None, by: str | None, as_json: bool) -> None:
    """Chốt số liệu của một kỳ (điều phối viên), từ ngày cuối của kỳ trở đi.

    Tính theo ngày trên văn bản đến hết kỳ và những gì đã ghi vào sổ đến lúc chốt. Chốt lại là lần phát hành sau.
    """
    from cli.report_pages import print_head
    from models.report.freezing import freeze as freeze_
    from models.report.periods import other_programme, report_period

    with open_desk() as desk, desk.writing(by) as writing:
        code, reported = report_period(writing.session, " ".join(period), programme, desk.today)
        found = freeze_(writing.session, code, reported, by=writing.person, origin=writing.origin)
        before = other_programme(writing.session, code, reported)
    if programme is None and before is not None:
        notice(
            f"Lưu ý: kỳ này bắt đầu ngày {format_date(reported.first)}, khi chương trình {before} còn chạy; đề án của"
            f" chương trình đó báo cáo riêng (dean report freeze {reported.label} --programme {before})."
        )
    if as_json:
        print_json(found.head())
        return
    click.echo(f"Đã chốt số liệu {reported.label}.")
    print_head(found.head(), found.body)


@report.command()
@period_typed
@programme
@issue
@by_reader
@as_json
def show(period: tuple[str, ...], programme: str | None, issue: int | None, by: str | None, as_json: bool) -> None:
    """Xem một báo cáo đã chốt, sau khi đối chiếu mã băm của nội dung."""
    from cli.report_pages import print_report
    from models.report.periods import report_period
    from models.report.proposing import proposals_of
    from models.report.rows import read_report

    with open_desk() as desk, desk.reading(by) as view:
        code, reported = report_period(view.session, " ".join(period), programme, desk.today)
        found = read_report(view.session, code, reported, issue=issue, reader=view.reader)
        proposals = proposals_of(view.session, found)
    if as_json:
        print_json(found.head() | {"proposals": proposals.plain(), "body": found.body})
    else:
        print_report(found.head(), found.body, proposals.words)


@report.command("list")
@programme
@as_json
def list_(programme: str | None, as_json: bool) -> None:
    """Liệt kê các báo cáo đã chốt, kỳ mới nhất trước."""
    from models.report.rows import list_reports

    with open_desk() as desk, desk.reading() as view:
        rows = list_reports(view.session, programme)
    if as_json:
        print_json(rows)
        return
    columns = [Column("Chương trình"), Column("Kỳ", flexible=True), Column("Lần", right=True), Column("Từ ngày")]
    columns += [Column("Đến ngày"), Column("Hạn sớm nhất"), Column("Tình trạng"), Column("Số"), Column("Ngày ký")]
    print_table(
        columns,
        [
            [
                row["programme"],
                row["label"],
                row["issue"],
                day(row["first_on"]),
                day(row["last_on"]),
                day(row["due"]["on"]) if row["due"] else None,
                row["status_label"],
                row["number"],
                day(row["signed_on"]),
            ]
            for row in rows
        ],
    )


@report.command()
@period_typed
@programme
@issue
@click.option("--text", "words", metavar="CHỮ", help='Đề xuất, kiến nghị; để trống ("") là bỏ những gì đã ghi.')
@click.option("--file", "path", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp chữ (UTF-8) thay cho --text.")
@by_writer
@as_json
def propose(
    period: tuple[str, ...],
    programme: str | None,
    issue: int | None,
    words: str | None,
    path: Path | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Ghi đề xuất, kiến nghị của một báo cáo đã chốt, chưa ký (điều phối viên); số liệu giữ nguyên."""
    from models.report.periods import report_period
    from models.report.proposing import propose as propose_
    from models.report.rows import read_report

    if (words is None) is (path is None):
        raise click.UsageError("Ghi --text CHỮ hoặc --file TỆP: đúng một cách.", click.get_current_context())
    written = words if words is not None else _text_of(path)
    with open_desk() as desk, desk.writing(by) as writing:
        code, reported = report_period(writing.session, " ".join(period), programme, desk.today)
        frozen = read_report(writing.session, code, reported, issue=issue)
        found = propose_(writing.session, frozen, written, by=writing.person, origin=writing.origin)
    if as_json:
        print_json(frozen.head() | {"proposals": found.plain()})
    else:
        click.echo(f"Đã ghi đề xuất, kiến nghị của báo cáo {reported.label}, lần phát hành {frozen.row['issue']}.")


def _text_of(path: Path | None) -> str:
    assert path is not None
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"Không đọc được tệp {path.name}; hãy kiểm tra đường dẫn và bảng mã UTF-8.") from None


@report.command()
@period_typed
@programme
@issue
@click.option("--number", metavar="SỐ", type=line("Số văn bản"), required=True, help="Số của báo cáo đã ký.")
@click.option("--signed-on", metavar="NGÀY", type=DAY, required=True, help="Ngày ký trên văn bản.")
@click.option("--signer", metavar="HỌ TÊN", type=line("Người ký"), required=True, help="Người ký báo cáo.")
@by_writer
@as_json
def sign(
    period: tuple[str, ...],
    programme: str | None,
    issue: int | None,
    number: str,
    signed_on: date,
    signer: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Ghi việc ký báo cáo (lãnh đạo, khác người đã chốt số liệu); từ đó báo cáo là bản cuối."""
    from models.report.freezing import sign as sign_
    from models.report.periods import report_period
    from models.report.rows import read_report

    with open_desk() as desk, desk.writing(by) as writing:
        code, reported = report_period(writing.session, " ".join(period), programme, desk.today)
        frozen = read_report(writing.session, code, reported, issue=issue)
        paper: dict[str, Any] = {"number": number, "signed_on": signed_on, "signer": signer}
        found = sign_(writing.session, frozen, **paper, by=writing.person, origin=writing.origin)
    if as_json:
        print_json(found.head())
    else:
        click.echo(f"Đã ghi báo cáo {reported.label}, lần phát hành {found.row['issue']}, ký số {number}.")


@report.command()
@period_typed
@programme
@issue
@by_reader
@as_json
def diff(period: tuple[str, ...], programme: str | None, issue: int | None, by: str | None, as_json: bool) -> None:
    """So báo cáo đã chốt với số liệu hôm nay: từng ô đã đổi và sự kiện làm nó đổi."""
    from cli.report_pages import print_differences
    from models.report.differences import differences
    from models.report.periods import report_period
    from models.report.rows import read_report

    with open_desk() as desk, desk.reading(by) as view:
        code, reported = report_period(view.session, " ".join(period), programme, desk.today)
        found = differences(view.session, read_report(view.session, code, reported, issue=issue, reader=view.reader))
    if as_json:
        print_json(found)
    else:
        print_differences(found)
