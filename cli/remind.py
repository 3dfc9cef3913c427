"""`dean remind`: what is due is told, or is only shown: tonight's messages, to whom and why."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.door import Desk, notice, open_desk
from cli.lazy import Command
from cli.options import as_json
from cli.output import day, minute, print_heading, print_json
from cli.typed import DAY, line
from states.refusal import Refused
from states.words import format_date

if TYPE_CHECKING:
    from flows.jobs.rehearsing import Planned, Rehearsed
    from flows.jobs.reminding import Reminded

#: How to switch sending on; every command that needs it says so in the same words.
SWITCH_ON = (
    "Để thử, hãy đặt DEAN_NOTIFY_MODE=redirect, DEAN_NOTIFY_REDIRECT=địa chỉ của mình và DEAN_SMTP_URL (mọi thư về một "
    "địa chỉ); để gửi thật, đặt DEAN_NOTIFY_MODE=live."
)


@click.command(cls=Command)
@click.option(
    "--as-of", metavar="NGÀY", type=DAY, help="Nhắc những gì đến hạn nhắc tính đến ngày này; mặc định hôm nay."
)
@click.option("--dry-run", is_flag=True, help="Chỉ in các thư sẽ gửi, cho ai và vì sao; không ghi gì.")
@click.option("--who", metavar="MÃ", type=line("Mã người dùng"), help="Với --dry-run: chỉ xem thư của một người.")
@as_json
def remind(as_of: date | None, dry_run: bool, who: str | None, as_json: bool) -> None:
    """Nhắc việc: tìm những gì đến hạn nhắc và viết thư, hoặc chỉ xem trước (--dry-run).

    Chạy lại bao nhiêu lần cũng không nhắc hai lần; những đêm bị lỡ được nhắc bù. Thư đã viết được gửi bằng dean outbox
    send, từ 07:30 đến 17:00 ngày làm việc.
    """
    if who is not None and not dry_run:
        raise click.UsageError("--who chỉ dùng để xem trước; hãy thêm --dry-run.", click.get_current_context())
    with open_desk() as desk:
        on = as_of or desk.today
        if dry_run:
            _show(desk, on, who, as_json)
        else:
            run_reminders(desk, on, as_json)


def refuse_the_future(desk: Desk, on: date) -> None:
    """Raise Refused for a day that has not come yet."""
    if on > desk.today:
        raise Refused(
            f"Ngày {format_date(on)} chưa đến nên chưa nhắc được; hãy xem trước bằng dean remind --as-of "
            f"{on.isoformat()} --dry-run."
        )


def run_reminders(desk: Desk, on: date, as_json: bool) -> "Reminded":
    """Sweep, write the letters and say what was done. Raises Refused for a day that has not come yet."""
    from flows.jobs.reminding import remind as remind_

    refuse_the_future(desk, on)
    done = remind_(desk.store, desk.settings, as_of=on, at=desk.at)
    if as_json:
        print_json(done.as_json())
    else:
        _print_done(done)
    if done.swept is None:
        notice(SWITCH_ON)
    return done


def _print_done(done: "Reminded") -> None:
    if done.swept is None:
        click.echo(done.reason)
        return
    swept = done.swept
    click.echo(
        f"Ngày {format_date(done.as_of)}: thêm {swept.waiting} nhắc việc, gộp {swept.covered} vào lần nhắc mới hơn, "
        f"bỏ {swept.cancelled} không còn cần."
    )
    if done.reason:
        click.echo(done.reason)
    elif done.letters:
        click.echo(f"Đã viết {done.letters} thư với {done.reminders} nhắc việc; gửi bằng dean outbox send.")
    else:
        click.echo("Không có thư mới.")
    for name in done.unreachable:
        click.echo(
            f"Chưa có cách gửi cho {name}; hãy ghi địa chỉ: dean user edit MÃ --email ĐỊA-CHỈ hoặc dean zalo link MÃ."
        )
    for warning in done.warnings:
        notice(warning)


# --- the rehearsal ------------------------------------------------------------------------------------


def _show(desk: Desk, on: date, who: str | None, as_json: bool) -> None:
    from flows.jobs.rehearsing import rehearse
    from models.codes import id_of

    with desk.reading() as view:
        id_of(view.session, "person", who)
    found = rehearse(desk.store, as_of=on)
    if as_json:
        print_json([row for row in found.as_json() if who in (None, row["recipient"], row["stand_in_for"])])
        return
    _print_rehearsal(desk, found, who)


def _print_rehearsal(desk: Desk, found: "Rehearsed", who: str | None) -> None:
    letters = [each for each in found.letters if who is None or _concerns(each, who)]
    kept = [row for row in found.kept if who in (None, row["person"], row["read_by"])]
    number = sum(len(each.reminders) for each in letters)
    leaves = minute(found.leaves_at.isoformat())
    click.echo(f"Xem trước ngày {format_date(found.as_of)} (không ghi gì): {len(letters)} thư, {number} nhắc việc.")
    if letters:
        click.echo(f"Thư gửi sớm nhất lúc {leaves}.")
    for each in letters:
        _print_letter(desk, found, each)
    if kept:
        print_heading("Chưa vào thư nào")
        for row in kept:
            click.echo(
                f"  {row['read_by_name']} ({row['read_by']}): {row['task']} – {row['project']}; {_why_kept(row)}"
            )
    for warning in found.reminded.warnings:
        notice(warning)
    if desk.settings.notify_mode == "off":
        notice(f"Chế độ gửi đang tắt nên chưa ai được nhắc. {SWITCH_ON}")


def _concerns(planned: "Planned", who: str) -> bool:
    return planned.held.person == who or any(row["person"] == who for row in planned.reminders)


def _why_kept(row: Any) -> str:
    if row["reachable"]:
        return "thư sáng đó đã viết rồi nên vào thư sáng sau."
    return f"chưa có cách gửi; hãy ghi địa chỉ: dean user edit {row['read_by']} --email ĐỊA-CHỈ."


def _print_letter(desk: Desk, found: "Rehearsed", planned: "Planned") -> None:
    from flows.jobs.printed_letters import HIDDEN, printed

    held = planned.held
    print_heading(f"{held.name} ({held.person}) – {held.channel.label} – {held.letter.label}")
    message = printed(held, desk.settings, found.office_name)
    for text in [f"Tiêu đề: {message.subject}", "", *message.text.splitlines()]:
        # Links by which the reader answers are made when the letter leaves.
        if not text.endswith(HIDDEN):
            click.echo(f"    {text}".rstrip())
    click.echo("  Vì sao:")
    for row in planned.reminders:
        until = f", hạn {day(row['due_on'])}" if row["due_on"] else ""
        for_whom = "" if row["person"] == held.person else f"; thay {row['name']}"
        click.echo(f"    mã {row['id']}  {row['project']}{until}: {row['rule_label']} ({row['rule']}){for_whom}")
