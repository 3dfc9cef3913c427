"""`dean notify`: does a letter reach somebody, which channels work, and who was told what."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.door import Desk, notice, open_desk
from cli.lazy import Group
from cli.options import as_json, by_reader, paging
from cli.output import Column, day, minute, print_fields, print_heading, print_json, print_table
from cli.remind import SWITCH_ON
from cli.typed import CODE, DAY, Member, line
from states.posting import Channel, ObligationStatus, ended_as
from states.refusal import Refused
from states.words import format_date

if TYPE_CHECKING:
    from flows.jobs.settings import Settings
    from flows.jobs.trying import Tried

_channel = click.option(
    "--channel",
    metavar="KÊNH",
    type=Member("kênh", Channel),
    help="email, zalobot, zalooa, zalozns, webhook; bỏ trống là kênh mà nhắc việc của người này đi qua.",
)


@click.group(cls=Group)
def notify() -> None:
    """Kênh gửi: gửi thử, xem kênh nào chạy, và ai đã được nhắc việc gì."""


@notify.command()
@click.argument("code", metavar="MÃ", type=line("Mã người dùng"), help="Mã người dùng.")
@_channel
@as_json
def test(code: str, channel: Channel | None, as_json: bool) -> None:
    """Gửi ngay một thư thử cho một người và cho biết kết quả; mã thoát 1 khi không gửi được.

    Thư thử không chờ giờ làm việc, không tự gửi lại và không kéo theo thư nào khác.
    """
    from flows.jobs.settings import clock
    from flows.jobs.trying import try_channel

    with open_desk() as desk:
        _refuse_switched_off(desk.settings)
        tried = try_channel(desk.store, desk.settings, code, channel, now=lambda: clock(desk.settings))
        stopped = _stopped(desk, tried.channel) if tried.arrived else ""
    if as_json:
        names = ("person", "name", "channel", "mode", "outbox_id", "outcome", "code", "detail")
        print_json({name: getattr(tried, name) for name in names})
    else:
        _print_tried(tried)
    if stopped:
        notice(stopped)
    if not tried.arrived:
        raise click.exceptions.Exit(1)


def _refuse_switched_off(settings: "Settings") -> None:
    if settings.notify_mode == "off":
        raise Refused(f"Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off) nên không gửi thử được. {SWITCH_ON}")


def _stopped(desk: Desk, channel: Channel) -> str:
    from models.reminders.channels import channel_states

    with desk.reading() as view:
        stopped = {row["channel"] for row in channel_states(view.session) if row["stopped_at"]}
    if channel not in stopped:
        return ""
    return (
        f"Kênh {channel.label} đang dừng; thư thử đã đi được nên hãy cho kênh chạy tiếp: dean outbox start {channel}."
    )


def _print_tried(tried: "Tried") -> None:
    where = "địa chỉ chung (DEAN_NOTIFY_REDIRECT)" if tried.mode == "redirect" else f"{tried.name} ({tried.person})"
    what = f"Thư thử số {tried.outbox_id} qua {tried.channel.label} đến {where}"
    code = f" (mã {tried.code})" if tried.code else ""
    detail = f" {tried.detail}" if tried.detail and not tried.arrived else ""
    click.echo(f"{what}: {ended_as(tried.outcome)}{code}.{detail}", err=not tried.arrived)


# --- the channels -------------------------------------------------------------------------------------


@notify.command()
@as_json
def channels(as_json: bool) -> None:
    """Xem từng kênh: đã cấu hình chưa, có đang dừng không và vì sao, bao nhiêu thư chờ hoặc không gửi được.

    Chỉ kiểm tra cách viết của cấu hình; mật khẩu hay token đúng hay sai thì dean notify test mới biết.
    """
    from flows.jobs.channels import MODES, channel_rows

    with open_desk() as desk:
        reason, rows = channel_rows(desk.store, desk.settings, at=desk.at)
    mode = desk.settings.notify_mode
    if as_json:
        shown = [{name: value for name, value in row.items() if name != "form"} for row in rows]
        print_json({"mode": mode, "reason": reason, "channels": shown})
        return
    print_fields([("Chế độ", f"{mode}: {reason or MODES[mode]}")])
    click.echo("")
    columns = [Column("Kênh"), Column("Cấu hình", flexible=True), Column("Hoạt động", flexible=True)]
    columns += [Column("Chờ", right=True), Column("Không gửi được", right=True), Column("Đã gửi", right=True)]
    numbers = ("waiting", "dead", "sent")
    print_table(columns, [[row["label"], _set(row), _running(row), *(row[name] for name in numbers)] for row in rows])
    if mode == "off":
        notice(SWITCH_ON)


def _set(row: dict[str, Any]) -> str:
    if not row["configured"]:
        return f"chưa đặt {row['setting']}={row['form']}"
    return " ".join(row["faults"]) or "đã đặt"


def _running(row: dict[str, Any]) -> str:
    if row["stopped_at"]:
        since = minute(row["stopped_at"])
        return f"DỪNG từ {since}: {row['detail']} Sửa xong: dean outbox start {row['channel']}"
    if row["paused_until"]:
        return f"nghỉ đến {minute(row['paused_until'])}: {row['detail']}"
    return "chạy" if row["configured"] and not row["faults"] else "–"


# --- who was told what --------------------------------------------------------------------------------


@notify.command()
@click.option("--from", "since", metavar="NGÀY", type=DAY, help="Nhắc việc từ ngày này.")
@click.option("--to", "until", metavar="NGÀY", type=DAY, help="Nhắc việc đến hết ngày này.")
@click.option("--who", metavar="MÃ", type=line("Mã người dùng"), help="Của một người, kể cả đọc thay.")
@click.option("--project", metavar="MÃ", type=CODE, help="Của một đề án.")
@paging
@by_reader
@as_json
def report(
    since: date | None,
    until: date | None,
    who: str | None,
    project: str | None,
    limit: int,
    offset: int,
    by: str | None,
    as_json: bool,
) -> None:
    """Báo cáo nhắc việc: ai được nhắc việc gì, khi nào, qua kênh nào, kết quả ra sao; mới nhất trước.

    Nhắc việc đã gộp, đã hủy hoặc không gửi được cũng có, kèm lý do. Cán bộ đơn vị chỉ thấy đề án của đơn vị mình.
    """
    from models.reminders.reports import told, told_counts

    if since is not None and until is not None and until < since:
        raise Refused(f"Từ {format_date(since)} đến {format_date(until)} là ngược; hãy đổi chỗ --from và --to.")
    with open_desk() as desk, desk.reading(by) as view:
        chosen: dict[str, Any] = {"since": since, "until": until, "who": who, "project": project}
        counts = told_counts(view.session, **chosen, reader=view.reader)
        rows = told(view.session, **chosen, reader=view.reader, limit=limit + 1, offset=offset)
    shown = rows[:limit]
    if as_json:
        print_json({"counts": counts, "reminders": shown})
    elif shown:
        _print_told(counts, shown)
    else:
        notice("Chưa có nhắc việc nào như vậy.")
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


def _print_told(counts: dict[str, int], rows: list[dict[str, Any]]) -> None:
    listed = [f"{count} {ObligationStatus(status).label.lower()}" for status, count in counts.items() if count]
    click.echo(f"{sum(counts.values())} nhắc việc: {', '.join(listed)}.")
    for swept_on in dict.fromkeys(row["swept_on"] for row in rows):
        print_heading(f"Ngày {day(swept_on)}")
        columns = [Column("Mã nhắc"), Column("Ai"), Column("Đề án"), Column("Hạn"), Column("Vì sao", flexible=True)]
        columns += [Column("Kết quả", flexible=True)]
        print_table(columns, [_told_line(row) for row in rows if row["swept_on"] == swept_on])


def _told_line(row: dict[str, Any]) -> tuple[Any, ...]:
    reader = row["read_by"]
    instead = f" → {row['read_by_name']} đọc thay" if reader not in (None, row["person"]) else ""
    return row["id"], f"{row['name']}{instead}", row["project"], day(row["due_on"]), row["rule_label"], _result(row)


def _result(row: dict[str, Any]) -> str:
    """What became of a reminder, in one line: told when and how, or why not."""
    parts = [row["status_label"]]
    if row["letter_id"] is not None:
        parts.append(f"{row['channel_label']}, thư số {row['letter_id']}")
    if row["told_at"]:
        parts.append(f"lúc {minute(row['told_at'])}")
    if any(each["mode"] == "redirect" and each["outcome"] == "ok" for each in row["attempts"]):
        parts.append("về địa chỉ chung")
    failed = [each for each in row["attempts"] if each["outcome"] not in ("ok", "")]
    if failed:
        parts.append(f"{len(failed)} lần chưa được: {ended_as(failed[-1]['outcome'])}")
    told = ", ".join(parts)
    return f"{told}. {row['reason']}".strip() if row["reason"] else told
