"""`dean up`: the pages and everything that runs by itself, in one process tree, until Ctrl-C."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import click

from cli.door import Desk, notice, open_desk
from cli.lazy import Command
from cli.typed import whole_number
from cli.user_access import invitation_link
from states.vocabulary import Role
from states.words import format_date

if TYPE_CHECKING:
    from flows.jobs.watching import Round

#: Seconds between two rounds of the watch.
ROUND = 60.0


@click.command(cls=Command)
@click.option(
    "--no-prefect", is_flag=True, help="Không dùng Prefect: chỉ bộ canh việc của chương trình, đủ cho nơi nhỏ."
)
@click.option(
    "--port", metavar="CỔNG", type=whole_number("Cổng", 1, 65_535), default=4200, help="Cổng của Prefect (4200)."
)
@click.option(
    "--web-port",
    metavar="CỔNG",
    type=whole_number("Cổng", 1, 65_535),
    default=8321,
    help="Cổng của trang làm việc (8321).",
)
@click.option("--beside-prefect", is_flag=True, hidden=True, help="Chỉ làm những gì Prefect để trễ (dean up tự dùng).")
def up(no_prefect: bool, port: int, web_port: int, beside_prefect: bool) -> None:
    """Mở trang làm việc và chạy mọi việc định kỳ cho đến khi bấm Ctrl-C.

    Gồm trang làm việc trên trình duyệt, lịch chạy của Prefect trên máy này, và bộ canh việc làm bù, báo người vận hành
    khi lịch không chạy. Mọi thứ chỉ nghe ở 127.0.0.1. Phần nào chết thì được chạy lại.
    """
    with open_desk() as desk, _told_to_stop() as stop:
        if beside_prefect:
            _watch(desk, stop, patient=True)
        elif no_prefect:
            _watch_beside_the_web(_at_home(desk, web_port), web_port, stop)
        else:
            _supervise(_at_home(desk, web_port), port, web_port, stop)
    _say("Đã dừng.")


def _at_home(desk: Desk, web_port: int) -> Desk:
    """The desk with the address that its letters name: the port asked for, unless the office has set an address."""
    from flows.jobs.supervising import refuse_taken_port

    refuse_taken_port(web_port, "--web-port")
    if "base_url" in desk.settings.model_fields_set:
        return desk
    return replace(desk, settings=desk.settings.model_copy(update={"base_url": f"http://127.0.0.1:{web_port}"}))


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """An event that is set by Ctrl-C or by whoever ends the service."""
    stop = Event()
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _supervise(desk: Desk, port: int, web_port: int, stop: Event) -> None:
    from flows.jobs.supervising import Supervisor, office_parts, prefect_environment, refuse_taken_port, web_part

    refuse_taken_port(port)
    home = desk.settings.home
    logs = home / "logs"
    _tell_where(desk, web_port)
    _say(f"Lịch và lịch sử chạy (Prefect): http://127.0.0.1:{port}, sẵn sàng sau khoảng 10–60 giây.")
    _say(f"Nhật ký: {logs}. Bấm Ctrl-C để dừng.")
    desk.store.close()
    environment = prefect_environment(home, port) | {"DEAN_BASE_URL": desk.settings.base_url}
    Supervisor([web_part(web_port), *office_parts(port)], environment, logs, _say, stop).run()


def _watch_beside_the_web(desk: Desk, web_port: int, stop: Event) -> None:
    """Keep the pages up in a process of their own, and watch in this one."""
    from flows.jobs.supervising import FRUGAL, Supervisor, web_part

    home = desk.settings.home.absolute()
    _tell_where(desk, web_port)
    environment = FRUGAL | dict(os.environ) | {"DEAN_HOME": str(home), "DEAN_BASE_URL": desk.settings.base_url}
    supervisor = Supervisor([web_part(web_port)], environment, home / "logs", _say, stop)
    thread = Thread(target=supervisor.run, name="web")
    thread.start()
    try:
        _watch(desk, stop, patient=False)
    finally:
        stop.set()
        thread.join()


def _tell_where(desk: Desk, web_port: int) -> None:
    """Say at which address the pages are; while nobody has a password, also how the first one is chosen."""
    from models.desk.credentials import has_credentials
    from models.queries import people, register

    _say(f"Trang làm việc: http://127.0.0.1:{web_port}, sẵn sàng sau vài giây.")
    with desk.store.read() as session:
        first = next((row["code"] for row in people(session, role=Role.ADMINISTRATOR) if row["active"]), "")
        is_new = not has_credentials(session)
    if register(desk.store)["is_demonstration"]:
        _say("Sổ minh họa: chọn một người trên trang đăng nhập, không cần mật khẩu.")
    elif is_new and not first:
        _say("Sổ chưa có ai; hãy thêm quản trị đầu tiên: dean user add MÃ --name … --role administrator.")
    elif is_new:
        _say(f"Chưa ai có mật khẩu. Quản trị {first} đặt mật khẩu ở đây: {invitation_link(desk, first)}")


def _watch(desk: Desk, stop: Event, *, patient: bool) -> None:
    from flows.jobs.mistakes import told
    from flows.jobs.settings import clock
    from flows.jobs.watching import PATIENCE, watch_once

    patience = PATIENCE if patient else timedelta(0)
    _say("Bộ canh việc đang chạy, mỗi phút một lượt. Bấm Ctrl-C để dừng.")
    while not stop.is_set():
        try:
            _tell(watch_once(desk.store, desk.settings, now=lambda: clock(desk.settings), patience=patience))
        except Exception as mistake:
            # The next round must come: a disk that is full now, or a server that is away, may not be in a minute.
            notice(f"Lượt này không xong: {told(mistake)}")
        stop.wait(ROUND)


def _tell(done: "Round") -> None:
    for ran in done.ran:
        told = ran.status.label.lower() if ran.status else ran.reason
        _say(f"{ran.job.label} ngày {format_date(ran.on)}: {told}.".replace("..", "."))
    if done.handed_over:
        _say(f"Đã chuyển {done.handed_over} thư.")
    if done.alerts:
        _say(f"Đã viết {done.alerts} thư báo người vận hành.")
    for job, mistake in done.mistakes.items():
        notice(f"{job.label}: lỗi của chương trình: {mistake}")


def _say(text: Any) -> None:
    click.echo(text)
    sys.stdout.flush()
