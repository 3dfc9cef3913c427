"""`dean zalo`: link people's accounts, read what they write to the bot, and connect the Official Account."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from cli.door import Desk, notice, open_desk
from cli.lazy import Group
from cli.options import as_json, by_writer
from cli.output import day, minute, print_fields, print_json
from cli.typed import Coded, line
from states.posting import Channel
from states.refusal import Refused
from states.vocabulary import Role

if TYPE_CHECKING:
    from pydantic import SecretStr

    from flows.jobs.linking import Polled

#: How long to wait before asking again a server that did not answer.
_PAUSE_SECONDS = 10
_LINKED = {str(channel): channel.label for channel in (Channel.ZALOBOT, Channel.ZALOOA)}
_code = click.argument("code", metavar="MÃ", type=line("Mã người dùng"), help="Mã người dùng.")
_channel = click.option(
    "--channel",
    metavar="KÊNH",
    type=Coded("kênh", _LINKED),
    default=str(Channel.ZALOBOT),
    help="zalobot (mặc định) hoặc zalooa.",
)


@click.group(cls=Group)
def zalo() -> None:
    """Zalo: liên kết tài khoản của người dùng, đọc tin gửi đến bot, kết nối Zalo OA.

    Viết theo tài liệu công khai của Zalo, chưa thử với dịch vụ thật.
    """


@zalo.command()
@_code
@_channel
@by_writer
@as_json
def link(code: str, channel: str, by: str | None, as_json: bool) -> None:
    """Lấy mã liên kết một lần cho một người: dùng trong mười phút, chỉ in ra lần này.

    Chính người đó hoặc quản trị lấy mã. Ai giữ mã thì nhận được nhắc việc của người đó.
    """
    from flows.jobs.linking import new_code
    from models.reminders.linking import LIFE
    from models.reminders.links import secret_key

    with open_desk() as desk, desk.writing(by) as writing:
        key = secret_key(desk.settings.secret_key_path)
        text = new_code(writing.session, code, Channel(channel), key=key, by=writing.person, at=desk.at)
        ends = (desk.at + LIFE).isoformat()
    if as_json:
        print_json({"person": code, "channel": channel, "text": text, "expires_at": ends})
        return
    click.echo(text)
    click.echo(
        f"Hãy nhắn đúng dòng trên cho {_LINKED[channel]} của đơn vị trước {minute(ends)}.\n"
        f"Sau đó chọn kênh: dean user notify {code} --channel {channel}"
    )


@zalo.command()
@click.option("--once", is_flag=True, help="Chỉ hỏi một lần, không chờ tin; không ghi thì hỏi mãi đến khi bấm Ctrl+C.")
@as_json
def poll(once: bool, as_json: bool) -> None:
    """Hỏi Zalo Bot xem có ai gửi mã liên kết không, rồi liên kết và trả lời người gửi.

    Chỉ dùng khi bot chưa đặt webhook. Mỗi tin Zalo chỉ giao một lần; mất tin thì người gửi phải gửi lại.
    """
    with open_desk() as desk, _no_channel_trouble():
        url = _url(desk.settings.zalobot_url, "DEAN_ZALOBOT_URL", "zalobot://TOKEN")
        if once:
            _tell(_ask(desk, url, wait_seconds=0), as_json)
            return
        while True:
            _again(desk, url, as_json)


def _ask(desk: Desk, url: str, *, wait_seconds: int) -> "Polled":
    from flows.jobs.linking import poll_once
    from flows.jobs.settings import clock
    from models.reminders.links import secret_key

    key = secret_key(desk.settings.secret_key_path)
    return poll_once(desk.store, url, key=key, at=clock(desk.settings), wait_seconds=wait_seconds)


def _again(desk: Desk, url: str, as_json: bool) -> None:
    """Ask and tell what came; a server that does not answer is asked again after a pause."""
    from notifications.outcome import Outcome
    from notifications.zalo_incoming import NotPolled

    try:
        found = _ask(desk, url, wait_seconds=20)
    except NotPolled as failed:
        if failed.delivery.outcome is not Outcome.RETRY:
            raise
        notice(failed.delivery.detail)
        time.sleep(_PAUSE_SECONDS)
    else:
        if found.read:
            _tell(found, as_json)


def _tell(found: "Polled", as_json: bool) -> None:
    if as_json:
        print_json({"read": found.read, "answered": found.answered, "unanswered": found.unanswered})
        return
    lost = f", {found.unanswered} câu trả lời không đến" if found.unanswered else ""
    click.echo(f"Đã đọc {found.read} tin, trả lời {found.answered}{lost}.")


@contextmanager
def _no_channel_trouble() -> Iterator[None]:
    """Turn what the post office says of a channel into a refusal; its sentences hold no token."""
    from notifications.outcome import BadChannel
    from notifications.zalo_incoming import NotPolled

    try:
        yield
    except BadChannel as wrong:
        raise Refused(str(wrong)) from None
    except NotPolled as failed:
        raise Refused(failed.delivery.detail) from None


def _url(secret: "SecretStr | None", name: str, form: str) -> str:
    if secret is None:
        raise Refused(f"Chưa đặt {name}; hãy đặt {form} trong môi trường hoặc tệp .env.")
    return secret.get_secret_value()


@zalo.command()
@_code
@_channel
@by_writer
def unlink(code: str, channel: str, by: str | None) -> None:
    """Gỡ liên kết Zalo của một người; thư điện tử vẫn được gửi."""
    from models.reminders.linking import remove_link

    with open_desk() as desk, desk.writing(by) as writing:
        remove_link(writing.session, code, Channel(channel), by=writing.person)
    click.echo(f"Đã gỡ liên kết {_LINKED[channel]} của {code}.")


@zalo.command()
@as_json
def status(as_json: bool) -> None:
    """Xem kênh Zalo nào đã cấu hình, token còn hạn không, bao nhiêu người đã liên kết."""
    from models.reminders.channel_tokens import token_status
    from models.reminders.linking import link_status
    from notifications.post import check_channel

    with open_desk() as desk, desk.reading() as view:
        links, tokens = link_status(view.session, at=desk.at), token_status(view.session)
        urls = {name: getattr(desk.settings, f"{name}_url") for name in ("zalobot", "zalooa", "zalozns")}
    faults = {name: check_channel(url.get_secret_value()) for name, url in urls.items() if url is not None}
    if as_json:
        print_json({"channels": {name: faults.get(name) for name in urls}, "tokens": tokens, "links": links})
        return
    print_fields([(Channel(name).label, _configured(faults.get(name))) for name in urls])
    for row in tokens:
        print_fields(
            [(f"Token {row['channel']}", f"làm mới {minute(row['renewed_at'])}, đến {day(row['expires_at'])}")]
        )
    troubled = f", {links['troubled']} không gửi được" if links["troubled"] else ""
    click.echo(f"{links['linked']} tài khoản đã liên kết{troubled}; {links['codes']} mã đang chờ.")


def _configured(faults: list[str] | None) -> str:
    if faults is None:
        return "chưa cấu hình"
    return " ".join(faults) or "đã cấu hình"


@zalo.command()
@click.argument("channel", metavar="KÊNH", type=Coded("kênh", {"zalooa": "Zalo OA"}), help="Kênh: zalooa.")
@click.option("--access", metavar="-", required=True, help="Access token; chỉ nhận “-”: đọc từ bàn phím.")
@click.option("--refresh", metavar="-", required=True, help="Refresh token; chỉ nhận “-”: đọc từ bàn phím.")
@by_writer
def token(channel: str, access: str, refresh: str, by: str | None) -> None:
    """Ghi cặp token của Zalo OA: hai dòng ở đầu vào chuẩn, access token trước, refresh token sau.

    Token không nhận trên dòng lệnh, vì lịch sử lệnh và danh sách tiến trình sẽ giữ lại nó.
    """
    from models.people import refuse_others_than
    from models.reminders.channel_tokens import store_tokens

    if (access, refresh) != ("-", "-"):
        sentence = "Không gõ token trên dòng lệnh; hãy ghi --access - --refresh - rồi dán hai dòng."
        raise click.UsageError(sentence, click.get_current_context())
    with open_desk() as desk:
        with desk.writing(by) as writing:
            refuse_others_than(writing.person, Role.ADMINISTRATOR)
        pair = [_secret_line(name) for name in ("Access token", "Refresh token")]
        with desk.writing(by) as writing:
            refuse_others_than(writing.person, Role.ADMINISTRATOR)
            store_tokens(writing.session, Channel(channel), *pair, at=desk.at)
    click.echo(f"Đã ghi token của {Channel(channel).label}.")


def _secret_line(name: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(name, hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()
