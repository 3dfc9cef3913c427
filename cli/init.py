"""`dean init` and `dean demo`: make a register, of the office or of the demonstration."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.door import DOOR, Desk, notice, os_user, read_settings, tell_the_day
from cli.lazy import Command
from cli.typed import SHORT_CODE, line
from cli.user_access import invitation_link
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_number

if TYPE_CHECKING:
    from flows.jobs.settings import Settings
    from models.store import Store


@click.command(cls=Command)
@click.option("--admin", metavar="MÃ", type=SHORT_CODE, help="Mã của người quản trị đầu tiên.")
@click.option("--admin-name", metavar="HỌ TÊN", type=line("Họ tên"), help="Họ tên của người quản trị đầu tiên.")
def init(admin: str | None, admin_name: str | None) -> None:
    """Tạo sổ đề án của đơn vị.

    Sổ mới có sẵn đơn vị hành chính, các cơ quan và chương trình kèm theo phần mềm. Sổ đã có thì không bao giờ bị
    ghi đè.
    """
    from flows.jobs.settings import clock, sqlite_url
    from models.append import Origin
    from models.people import add_person
    from models.setup import initialise

    if (admin is None) != (admin_name is None):
        raise click.UsageError(
            "--admin và --admin-name đi cùng nhau: một mã và một họ tên.", click.get_current_context()
        )
    settings = read_settings()
    tell_the_day(settings)
    at = clock(settings)
    store = _open(settings, sqlite_url(settings.office_database), settings.home / "files")
    try:
        initialise(store, at=at, os_user=os_user())
        if admin and admin_name:
            with store.write() as session:
                origin = Origin(at, None, DOOR, os_user())
                add_person(session, admin, admin_name, Role.ADMINISTRATOR, origin)
        link = invitation_link(Desk(settings, store, at), admin) if admin else ""
    finally:
        store.close()
    click.echo(f"Đã tạo sổ đề án trong {_place(settings, settings.office_database)}.")
    if admin:
        click.echo(f"{admin_name} đặt mật khẩu ở đây, trong 48 giờ, sau khi chạy dean up: {link}")
        click.echo(f"Tiếp theo: thêm đơn vị và người dùng bằng dean unit add và dean user add (--by {admin}).")
    else:
        click.echo("Tiếp theo: ghi người quản trị đầu tiên bằng dean user add MÃ --name … --role administrator.")


@click.command(cls=Command)
@click.option("--if-missing", is_flag=True, help="Đã có sổ minh họa thì thôi, không coi là lỗi.")
def demo(if_missing: bool) -> None:
    """Tạo sổ minh họa trong một cơ sở dữ liệu riêng.

    Sổ minh họa có 165 đề án tự đặt của giai đoạn 2021–2025. Muốn bỏ, hãy xóa tệp của nó.
    """
    from flows.jobs.settings import clock

    settings = read_settings()
    tell_the_day(settings)
    path = settings.demonstration_database
    if settings.database_url is not None:
        played = _play(settings, "", settings.home / "files", clock(settings), if_missing=if_missing)
    elif path.exists():
        if not if_missing:
            raise Refused(f"Đã có sổ minh họa trong {path}; muốn làm lại, hãy xóa tệp đó rồi chạy dean demo.")
        played = ""
    else:
        played = _play_whole(settings, path, clock(settings))
    if not played:
        notice(f"Đã có sổ minh họa trong {_place(settings, path)}.")
        return
    click.echo(f"Đã tạo sổ minh họa trong {_place(settings, path)}: {played}.")
    click.echo("Xem tiếp: dean programme status · dean project list · dean why-not MÃ")


def _play_whole(settings: "Settings", path: Path, at: datetime) -> str:
    """Play into a file beside the right place and move it there: a killed command leaves no half register."""
    from flows.jobs.settings import sqlite_url

    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        played = _play(settings, sqlite_url(draft), settings.home / "demo-files", at, if_missing=False)
        draft.replace(path)
    finally:
        for left in path.parent.glob(f"{draft.name}*"):
            left.unlink()
    return played


def _play(settings: "Settings", url: str, files: Path, at: datetime, *, if_missing: bool) -> str:
    """Play the demonstration and say how much was played; nothing where a register stands already."""
    from flows.jobs.demonstration import load_demonstration
    from models.setup import has_register

    store = _open(settings, url, files)
    try:
        if if_missing and has_register(store):
            return ""
        played = load_demonstration(store, at=at)
    finally:
        store.close()
    return f"{format_number(played.projects)} đề án, {format_number(played.steps)} bước"


def _open(settings: "Settings", url: str, files: Path) -> "Store":
    """Open the database of DEAN_DATABASE_URL, or the file of `url`, whose folder is made."""
    from models.queries import reach
    from models.store import open_store

    settings.home.mkdir(parents=True, exist_ok=True)
    address = url if settings.database_url is None else settings.database_url.get_secret_value()
    store = open_store(address, files)
    reach(store)
    return store


def _place(settings: "Settings", path: Path) -> str:
    # The URL may carry a password, so it is named and not printed.
    return str(path) if settings.database_url is None else "cơ sở dữ liệu của DEAN_DATABASE_URL"
