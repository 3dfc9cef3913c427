"""Changes of `dean rules`: a rule changed, or new ones entered from a file, always on the word of a document."""

from pathlib import Path
from typing import Any

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, by_writer
from cli.output import print_json
from cli.rules_reads import rule_code
from cli.typed import AMOUNT, DAY, Member, Typed, line, whole_number
from states.reading import read_day_of_year, read_workdays
from states.vocabulary import Paper
from states.words import format_number

_BASIS = click.option(
    "--basis", metavar="VĂN BẢN", required=True, type=line("Căn cứ"), help="Căn cứ hoặc lý do của thay đổi."
)


@click.command("set", cls=Command)
@rule_code
@click.option("--length", metavar="N", type=whole_number("Số ngày", 1, 3650), help="Thời hạn nội bộ mới, số ngày.")
@click.option("--on-day", metavar="NGÀY/THÁNG", type=Typed("ngày", read_day_of_year), help="Hạn nội bộ cố định mới.")
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
    type=Typed("số ngày", read_workdays),
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
    from models.rule_changes import change_rule

    wanted = {name: value for name, value in given.items() if value not in (None, ())}
    with open_desk() as desk, desk.writing(by) as writing:
        who: dict[str, Any] = {"by": writing.person, "origin": writing.origin}
        now = change_rule(writing.session, code, wanted, basis=basis, **who)
    if as_json:
        print_json({"code": now})
    elif now == code:
        click.echo(f"Đã sửa {code} ({basis}).")
    else:
        click.echo(f"Đã ghi {now} thay cho {code} ({basis}); hạn đang chạy giữ nguyên.")


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
    from models.rule_changes import add_rules

    with open_desk() as desk, desk.writing(by) as writing:
        who: dict[str, Any] = {"by": writing.person, "origin": writing.origin}
        added = add_rules(writing.session, kind, path, basis=basis, **who)
    codes, moved = list(added.codes), added.moved
    if as_json:
        print_json({"codes": codes, "moved": moved})
        return
    click.echo(f"Đã ghi {len(codes)} quy định: {', '.join(codes)} ({basis}).")
    if moved:
        click.echo(f"{format_number(moved)} đề án có hạn tính lại theo quy định mới.")
