"""`dean up`: everything that runs by itself, in one process tree, until Ctrl-C."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from cli.door import Desk, notice, open_desk
from cli.lazy import Command
from cli.typed import whole_number
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
@click.option("--beside-prefect", is_flag=True, hidden=True, help="Chỉ làm những gì Prefect để trễ (dean up tự dùng).")
def up(no_prefect: bool, port: int, beside_prefect: bool) -> None:
    """Chạy mọi việc định kỳ cho đến khi bấm Ctrl-C.

    Gồm lịch chạy của Prefect trên máy này, và bộ canh việc làm bù, báo người vận hành khi lịch không chạy. Mọi thứ chỉ
    nghe ở 127.0.0.1. Phần nào chết thì được chạy lại.
    """
    with open_desk() as desk, _told_to_stop() as stop:
        if no_prefect:
            _watch(desk, stop, beside_prefect=beside_prefect)
        else:
            _supervise(desk, port, stop)
    _say("Đã dừng.")


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


def _supervise(desk: Desk, port: int, stop: Event) -> None:
    from flows.jobs.supervising import Supervisor, office_parts, prefect_environment, refuse_taken_port

    refuse_taken_port(port)
    home = desk.settings.home
    logs = home / "logs"
    _say(f"Lịch và lịch sử chạy (Prefect): http://127.0.0.1:{port}, sẵn sàng sau khoảng 10–60 giây.")
    _say(f"Nhật ký: {logs}. Bấm Ctrl-C để dừng.")
    desk.store.close()
    Supervisor(office_parts(port), prefect_environment(home, port), logs, _say, stop).run()


def _watch(desk: Desk, stop: Event, *, beside_prefect: bool) -> None:
    from flows.jobs.mistakes import told
    from flows.jobs.settings import clock
    from flows.jobs.watching import PATIENCE, watch_once

    patience = PATIENCE if beside_prefect else timedelta(0)
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
