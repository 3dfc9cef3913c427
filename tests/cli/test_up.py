"""dean up: the watch alone until it is told to stop, and what is refused before it starts; dean run housekeeping."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from models.slots import begin, slot_list
from states.slots import Job

PATIENCE = 60


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def web_port() -> int:
    return free_port()


@pytest.fixture
def watch(office: Any, tmp_path: Path, web_port: int) -> Iterator["subprocess.Popen[str]"]:
    """`dean up --no-prefect` on the small office, on the noon of a working day."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DEAN_")}
    environment |= {"DEAN_HOME": str(tmp_path), "DEAN_DATABASE_URL": office.store.url, "DEAN_TODAY": "2024-03-01"}
    command = [sys.executable, "-m", "cli.main", "up", "--no-prefect", "--web-port", str(web_port)]
    process = subprocess.Popen(
        command, env=environment, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    yield process
    process.kill()
    process.communicate()


def hear(process: "subprocess.Popen[str]", *expected: str) -> list[str]:
    """What the process says until it has said all of this, in whatever order."""
    assert process.stdout is not None
    said: list[str] = []
    while not set(expected) <= set(said):
        line = process.stdout.readline()
        assert line, said
        said.append(line.strip())
    return said


@pytest.mark.skipif(os.name != "posix", reason="is stopped by a signal")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_watch_and_web_do_their_work_and_stop_when_told(
    office: Any, watch: "subprocess.Popen[str]", web_port: int, how: signal.Signals
) -> None:
    work = [
        "Bộ canh việc đang chạy, mỗi phút một lượt. Bấm Ctrl-C để dừng.",
        "Việc ban đêm ngày 01/03/2024: chạy muộn.",
        "Dọn dẹp, sao lưu ngày 01/03/2024: chạy muộn.",
        "Nhắc việc buổi sáng ngày 01/03/2024: chạy muộn.",
    ]
    said = hear(watch, *work, "Trang làm việc: đã chạy.")
    with urlopen(f"http://127.0.0.1:{web_port}/login") as page:
        title = page.read().decode()

    watch.send_signal(how)

    rest, errors = watch.communicate(timeout=PATIENCE)
    assert [line for line in said if line in work] == work
    assert said[0] == f"Trang làm việc: http://127.0.0.1:{web_port}, sẵn sàng sau vài giây."
    assert "<title>Đăng nhập" in title
    assert (watch.returncode, rest, "Traceback" in errors) == (0, "Đã dừng.\n", False)
    with socket.socket() as knock:
        assert knock.connect_ex(("127.0.0.1", web_port)) != 0
    with office.store.read() as session:
        assert len(slot_list(session)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process of the pages by /proc")
def test_pages_come_back_when_their_process_is_killed(watch: "subprocess.Popen[str]", web_port: int) -> None:
    hear(watch, "Trang làm việc: đã chạy.")
    [web] = [pid for pid in children_of(watch.pid) if b"web" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]

    os.kill(web, signal.SIGKILL)

    said = hear(watch, "Trang làm việc: đã chạy lại.")
    assert any(line.startswith("Trang làm việc: dừng bất ngờ (mã -9)") for line in said)
    with urlopen(f"http://127.0.0.1:{web_port}/login") as page:
        assert page.status == 200


def children_of(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


@pytest.mark.skipif(os.name != "posix", reason="is stopped by a signal")
def test_new_office_is_told_how_its_administrator_comes_in(watch: "subprocess.Popen[str]", web_port: int) -> None:
    assert watch.stdout is not None
    _, told = watch.stdout.readline(), watch.stdout.readline().strip()
    hear(watch, "Trang làm việc: đã chạy.")

    opening, _, link = told.rpartition(" ")
    with urlopen(link) as page:
        shown = page.read().decode()

    assert opening == "Chưa ai có mật khẩu. Quản trị giang đặt mật khẩu ở đây:"
    assert link.startswith(f"http://127.0.0.1:{web_port}/invite/")
    assert "Đường dẫn này đặt mật khẩu cho Bùi Trường Giang" in shown


@pytest.mark.parametrize("option", ["--port", "--web-port"])
def test_nothing_starts_on_a_port_that_is_taken(office: Any, dean: Any, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        port = taken.getsockname()[1]
        # The other port must be free for the refusal to be about this one.
        other = "--web-port" if option == "--port" else "--port"
        refused = dean("up", option, str(port), other, str(free_port()))

    assert (refused.code, f"Cổng {port} đang có chương trình khác dùng" in refused.err) == (1, True)
    assert f"({option})" in refused.err


def test_nothing_starts_without_a_register(dean: Any) -> None:
    refused = dean("up", "--no-prefect")

    assert (refused.code, "Chưa có sổ" in refused.err) == (1, True)


def test_housekeeping_backs_up_and_says_where(office: Any, dean: Any) -> None:
    printed = dean("run", "housekeeping")
    scripted = dean("run", "housekeeping", "--json").json

    assert (printed.code, "Đã sao lưu và kiểm tra" in printed.out) == (0, True)
    assert (scripted["backup"]["file"], scripted["problems"]) == ("2024-06-03.db", [])
    assert (dean.home / "backups" / "2024-06-03.db").exists()


def test_housekeeping_tells_that_the_register_is_not_the_one_of_the_backup(office: Any, dean: Any) -> None:
    office.open()
    dean("run", "housekeeping")
    with office.store.writer.connect() as connection:
        for (trigger,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        newest = "(SELECT max(id) FROM event)"
        connection.exec_driver_sql(f"UPDATE event SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE id = {newest}")
        connection.commit()

    told = dean("run", "housekeeping")

    assert told.code == 1
    assert "CẢNH BÁO: Bản sao lưu 2024-06-03.db có sự kiện" in told.out


def test_night_of_a_day_that_runs_elsewhere_is_refused(office: Any, dean: Any) -> None:
    with office.store.write() as session:
        begin(session, Job.NIGHTLY, date(2024, 6, 3), worker="other:7", at=datetime(2024, 6, 3, 4, tzinfo=UTC))

    refused = dean("run", "nightly")

    assert (refused.code, refused.err.splitlines()[-1]) == (1, "Việc ban đêm ngày 03/06/2024 đang được other:7 chạy.")


def test_night_is_mailed_when_asked_or_says_why_not(office: Any, dean: Any) -> None:
    told = dean("run", "nightly", "--mail")

    assert (told.code, told.err.splitlines()[-1].partition(":")[0]) == (0, "Không gửi được")
