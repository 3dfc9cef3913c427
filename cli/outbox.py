"""`dean outbox`: the letters, what became of each, and what a person may do about it."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.door import Desk, notice, open_desk, os_user
from cli.lazy import Group
from cli.options import as_json, by_reader, by_writer, paging
from cli.output import Column, day, minute, print_fields, print_heading, print_json, print_table
from cli.remind import SWITCH_ON
from cli.typed import DAY, ROW_ID, Member, line, whole_number
from states.posting import Channel, OutboxStatus, ended_as
from states.refusal import Refused

if TYPE_CHECKING:
    from flows.jobs.delivering import Delivered
    from states.facts import Person

workers_option = click.option(
    "--workers",
    metavar="N",
    type=whole_number("Số luồng gửi", 1, 32),
    default=1,
    help="Gửi song song N luồng (mặc định 1).",
)
_number = click.argument("outbox_id", metavar="SỐ", type=ROW_ID, help="Số của thư, xem ở dean outbox list.")


@click.group(cls=Group)
def outbox() -> None:
    """Hộp thư đi: thư chờ gửi, đã gửi, không gửi được; gửi lại, hủy, cho kênh chạy tiếp."""


@outbox.command("list")
@click.option("--status", metavar="TÌNH TRẠNG", type=Member("tình trạng", OutboxStatus), help="waiting, sent, dead…")
@click.option(
    "--channel", metavar="KÊNH", type=Member("kênh", Channel), help="email, zalobot, zalooa, zalozns, webhook."
)
@click.option("--who", metavar="MÃ", type=line("Mã người dùng"), help="Thư của một người.")
@click.option("--since", metavar="NGÀY", type=DAY, help="Thư viết từ ngày này.")
@paging
@by_reader
@as_json
def list_letters(
    status: OutboxStatus | None,
    channel: Channel | None,
    who: str | None,
    since: date | None,
    limit: int,
    offset: int,
    by: str | None,
    as_json: bool,
) -> None:
    """Liệt kê thư, mới nhất trước; không in địa chỉ."""
    from models.reminders.reports import letters

    with open_desk() as desk, desk.reading(by) as view:
        chosen: dict[str, Any] = {"status": status, "channel": channel, "who": who, "since": since}
        rows = letters(view.session, **chosen, reader=view.reader, limit=limit + 1, offset=offset)
    shown = rows[:limit]
    if as_json:
        print_json(shown)
    elif shown:
        columns = [Column("Số", right=True), Column("Viết lúc"), Column("Người nhận"), Column("Kênh")]
        columns += [Column("Thư", flexible=True), Column("Tình trạng"), Column("Lần gửi", right=True)]
        print_table([*columns, Column("Chi tiết", flexible=True)], [_line(row) for row in shown])
    else:
        notice("Không có thư nào như vậy.")
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    who = f"{row['name']} ({row['person']})" if row["person"] else "người vận hành"
    status = row["status_label"]
    if row["status"] == OutboxStatus.WAITING:
        status = f"{status} từ {minute(row['not_before'])}"
    subject = row["subject"] or row["letter_label"]
    return row["id"], minute(row["made_at"]), who, row["channel_label"], subject, status, row["tries"], row["detail"]


@outbox.command()
@_number
@click.option("--text", "part", flag_value="text", help="Chỉ in nội dung chữ như người nhận đọc.")
@click.option("--html", "part", flag_value="html", help="Chỉ in bản HTML.")
@click.option("--raw", "part", flag_value="raw", help="In cả thư điện tử (MIME), không có địa chỉ.")
@by_reader
@as_json
def show(outbox_id: int, part: str | None, by: str | None, as_json: bool) -> None:
    """Xem một thư: gửi ai, qua kênh nào, từng lần gửi, việc nhắc trong thư và nội dung.

    Địa chỉ không in; liên kết trả lời của người nhận được che.
    """
    from flows.jobs.printed_letters import printed, raw
    from models.queries.places import bodies
    from models.reminders.reports import letter, letter_to_print
    from states.vocabulary import Authority

    with open_desk() as desk, desk.reading(by) as view:
        told = letter(view.session, outbox_id, reader=view.reader)
        held = letter_to_print(view.session, outbox_id, reader=view.reader)
        office_name = bodies(view.session).name(Authority.DEPARTMENT, told["made_at"][:10], "") or ""
        message = printed(held, desk.settings, office_name)
        if part == "raw":
            click.echo(raw(message, desk.settings, office_name).replace("\r\n", "\n"), nl=False)
            return
    if part == "html" and message.html is None:
        raise Refused(f"Thư số {outbox_id} đi qua {held.channel.label} nên không có bản HTML; hãy xem bằng --text.")
    if part:
        click.echo(message.html if part == "html" else message.text, nl=False)
    elif as_json:
        print_json(told | {"title": message.subject, "text": message.text})
    else:
        _print_letter(told, message.subject, message.text)


def _print_letter(told: dict[str, Any], subject: str, text: str) -> None:
    replaced, replaces = told["replaced_by"], told["replaces"]
    waits = told["status"] == OutboxStatus.WAITING
    print_fields(
        (
            ("Số", str(told["id"])),
            ("Người nhận", f"{told['name']} ({told['person']})" if told["person"] else "người vận hành"),
            ("Kênh", told["channel_label"]),
            ("Loại", told["letter_label"]),
            ("Tình trạng", told["status_label"]),
            ("Chi tiết", told["detail"]),
            ("Viết lúc", minute(told["made_at"])),
            ("Gửi từ", minute(told["not_before"]) if waits else None),
            ("Hết hạn lúc", minute(told["expires_at"]) if waits and told["expires_at"] else None),
            ("Xong lúc", told["finished_at"] and minute(told["finished_at"])),
            ("Thay cho thư", replaces and f"{replaces['id']} ({replaces['channel_label']})"),
            (
                "Thay bằng thư",
                replaced and f"{replaced['id']} ({replaced['channel_label']}): {replaced['status_label']}",
            ),
            ("Khóa", told["key"]),
        )
    )
    if told["attempts"]:
        print_heading("Các lần gửi")
        columns = [Column("Lần", right=True), Column("Bắt đầu"), Column("Kết quả"), Column("Mã"), Column("Chế độ")]
        columns += [Column("Chi tiết", flexible=True), Column("Mã của nơi nhận"), Column("Tiến trình")]
        print_table(columns, [_attempt(each) for each in told["attempts"]])
    if told["reminders"]:
        print_heading("Nhắc việc trong thư")
        for row in told["reminders"]:
            until = f", hạn {day(row['due_on'])}" if row["due_on"] else ""
            click.echo(f"  mã {row['id']}  {row['project']}{until}: {row['rule_label']}; {row['status_label'].lower()}")
    print_heading("Nội dung")
    for content in [f"Tiêu đề: {subject}", "", *text.splitlines()]:
        click.echo(f"  {content}".rstrip())


def _attempt(each: dict[str, Any]) -> tuple[Any, ...]:
    ended = ended_as(each["outcome"]) if each["ended_at"] else "đang gửi hoặc bị ngắt"
    began = f"{minute(each['begun_at'])}:{each['begun_at'][17:19]}"
    return each["no"], began, ended, each["code"], each["mode"], each["detail"], each["provider_id"], each["worker"]


# --- by hand ------------------------------------------------------------------------------------------


@outbox.command()
@click.argument("ids", metavar="SỐ…", type=ROW_ID, nargs=-1, help="Số của các thư không gửi được.")
@click.option("--all", "every", is_flag=True, help="Mọi thư không gửi được.")
@by_writer
def retry(ids: tuple[int, ...], every: bool, by: str | None) -> None:
    """Gửi lại thư không gửi được (trong giờ làm việc tới)."""
    from models.reminders.by_hand import send_again

    if every is bool(ids):
        raise click.UsageError("Ghi số của thư, hoặc --all cho mọi thư không gửi được.", click.get_current_context())
    with open_desk() as desk:
        _postmaster(desk, by)
        with desk.store.write() as session:
            number, leaves_at = send_again(session, ids, at=desk.at)
    click.echo(f"{number} thư được gửi lại từ {minute(leaves_at.isoformat())}: dean outbox send.")


@outbox.command()
@_number
@click.option(
    "--note", metavar="CHỮ", type=line("Lý do"), required=True, help="Lý do hủy; hiện trong báo cáo nhắc việc."
)
@by_writer
def cancel(outbox_id: int, note: str, by: str | None) -> None:
    """Hủy một thư chưa gửi hoặc không gửi được; các việc trong thư không được nhắc lần này nữa."""
    from models.reminders.by_hand import cancel_letter

    with open_desk() as desk:
        who = _postmaster(desk, by)
        with desk.store.write() as session:
            number = cancel_letter(session, outbox_id, who=who, note=note, at=desk.at)
    click.echo(f"Đã hủy thư số {outbox_id} với {number} nhắc việc.")


@outbox.command()
@click.argument(
    "channel", metavar="KÊNH", type=Member("kênh", Channel), help="email, zalobot, zalooa, zalozns, webhook."
)
@by_writer
def start(channel: Channel, by: str | None) -> None:
    """Cho một kênh đã dừng chạy tiếp, sau khi sửa cấu hình; thư đang chờ sẽ tự đi."""
    from models.reminders.by_hand import let_go_on

    with open_desk() as desk:
        _postmaster(desk, by)
        with desk.store.write() as session:
            waiting = let_go_on(session, channel)
    click.echo(f"Kênh {channel.label} chạy tiếp; {waiting} thư đang chờ: dean outbox send.")


def _postmaster(desk: Desk, by: str | None) -> str:
    """Who interferes: the person named, when the role may, or the user of this machine. Raises Refused."""
    from models.reminders.by_hand import refuse_others_posting

    with desk.reading(by) as view:
        person: Person | None = view.reader
    if person is None:
        return f"Người dùng máy {os_user()}"
    refuse_others_posting(person)
    return person.name


@outbox.command()
@workers_option
@as_json
def send(workers: int, as_json: bool) -> None:
    """Gửi những thư đã đến giờ, cho đến khi hết."""
    with open_desk() as desk:
        run_delivery(desk, workers, as_json)


def run_delivery(desk: Desk, workers: int, as_json: bool) -> None:
    """Drain the outbox and say what became of the letters."""
    from flows.jobs.delivering import drain
    from flows.jobs.settings import clock

    done = drain(desk.store, desk.settings, now=lambda: clock(desk.settings), workers=workers)
    if as_json:
        print_json(done.as_json())
    else:
        _print_delivered(done)
    if desk.settings.notify_mode == "off":
        notice(SWITCH_ON)


def _print_delivered(done: "Delivered") -> None:
    told = [f"{count} {ended_as(outcome)}" for outcome, count in sorted(done.outcomes.items())]
    told += [f"{done.expired} quá giờ (việc còn nợ vào thư sau)"] if done.expired else []
    if told or not done.reason:
        click.echo(f"Thư: {', '.join(told)}." if told else "Không có thư nào đến giờ gửi.")
    if done.reason:
        click.echo(done.reason)
    if set(done.outcomes) - {"ok"}:
        click.echo("Xem từng thư: dean outbox list · dean notify channels")
