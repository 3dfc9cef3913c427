"""Commands of `dean user` about reminders: who stands in, and how each person is told."""

from datetime import date
from typing import Any

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, by_writer, note
from cli.output import print_json
from cli.typed import DAY, Member, line
from states.posting import Channel
from states.words import format_date

_code = click.argument("code", metavar="MÃ", type=line("Mã người dùng"), help="Mã người dùng.")


@click.command(cls=Command)
@_code
@click.option("--from", "first_on", metavar="NGÀY", type=DAY, help="Ngày đầu vắng mặt; bỏ trống là hôm nay.")
@click.option("--until", "last_on", metavar="NGÀY", type=DAY, help="Ngày cuối vắng mặt.")
@click.option("--to", "substitute", metavar="MÃ", type=line("Mã người thay"), help="Người đọc nhắc việc thay.")
@click.option("--cancel", is_flag=True, help="Hủy lần vắng sắp tới, hoặc kết thúc sớm lần đang vắng.")
@note
@by_writer
@as_json
def away(
    code: str,
    first_on: date | None,
    last_on: date | None,
    substitute: str | None,
    cancel: bool,
    note: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Ghi người thay khi vắng mặt: nhắc việc của người vắng gửi cho người thay, từ ngày đến ngày.

    Chính người đó, lãnh đạo hoặc quản trị ghi. Người thay phải được xem các đề án của người vắng.
    """
    from models.reminders.absences import end_absence, enter_absence
    from states.standing_in import Absence

    given = (last_on, substitute)
    if cancel is any(given) or (not cancel and not all(given)):
        sentence = "Ghi --until NGÀY --to MÃ để nhờ người thay, hoặc --cancel để hủy."
        raise click.UsageError(sentence, click.get_current_context())
    with open_desk() as desk, desk.writing(by) as writing:
        who: dict[str, Any] = {"by": writing.person, "origin": writing.origin, "note": note or ""}
        if cancel:
            absence = end_absence(writing.session, code, first_on=first_on, **who)
        else:
            assert last_on is not None
            assert substitute is not None
            absence = Absence(person=code, substitute=substitute, first_on=first_on or desk.today, last_on=last_on)
            enter_absence(writing.session, absence, **who)
    if as_json:
        print_json(None if absence is None else absence_row(absence))
    elif absence is None:
        click.echo(f"Đã hủy lần vắng của {code}.")
    elif cancel:
        click.echo(f"{code} đã trở lại; người thay hết nhận nhắc việc sau ngày {format_date(absence.last_on)}.")
    else:
        days = f"từ {format_date(absence.first_on)} đến {format_date(absence.last_on)}"
        click.echo(f"{absence.substitute} nhận nhắc việc thay {code} {days}.")


@click.command(cls=Command)
@_code
@click.option(
    "--channel",
    "channels",
    metavar="KÊNH",
    multiple=True,
    type=Member("kênh", Channel),
    help="email, zalobot, zalooa, zalozns, webhook; ghi nhiều lần theo thứ tự ưu tiên.",
)
@click.option(
    "--urgent/--no-urgent", "urgent_at_once", default=None, help="Việc gấp gửi ngay, hoặc để vào thư buổi sáng."
)
@click.option("--in-charge/--no-in-charge", default=None, help="Lãnh đạo phụ trách: nhận nhắc việc quá hạn trước.")
@note
@by_writer
@as_json
def notify(code: str, note: str | None, by: str | None, as_json: bool, **given: Any) -> None:
    """Chọn cách một người nhận nhắc việc: kênh theo thứ tự, việc gấp, lãnh đạo phụ trách.

    Kênh đầu tiên có địa chỉ được dùng; thư điện tử luôn là kênh cuối. Chính người đó, lãnh đạo hoặc quản trị ghi;
    ai phụ trách thì chỉ lãnh đạo hoặc quản trị ghi.
    """
    from models.reminders.preferences import set_preference

    wanted = {name: value for name, value in given.items() if value not in (None, ())}
    if not wanted:
        sentence = "Ghi --channel, --urgent/--no-urgent hoặc --in-charge/--no-in-charge."
        raise click.UsageError(sentence, click.get_current_context())
    with open_desk() as desk, desk.writing(by) as writing:
        now = set_preference(writing.session, code, **wanted, by=writing.person, origin=writing.origin, note=note or "")
    if as_json:
        print_json(wanted_row(now))
    else:
        click.echo(f"{code}: {wanted_text(now)}.")


def absence_row(absence: Any) -> dict[str, Any]:
    return {
        "person": absence.person,
        "substitute": absence.substitute,
        "from_on": absence.first_on.isoformat(),
        "until_on": absence.last_on.isoformat(),
    }


def wanted_row(wanted: Any) -> dict[str, Any]:
    return {
        "channels": [str(channel) for channel in wanted.channels],
        "urgent_at_once": wanted.urgent_at_once,
        "in_charge": wanted.in_charge,
    }


def wanted_text(wanted: Any) -> str:
    ways = ", ".join(channel.label for channel in wanted.channels)
    urgent = "việc gấp gửi ngay" if wanted.urgent_at_once else "việc gấp vào thư buổi sáng"
    return f"{ways}; {urgent}{'; lãnh đạo phụ trách' if wanted.in_charge else ''}"
