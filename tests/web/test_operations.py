"""Operations: what ran and what did not, last night, the post, backups; and running a job by hand."""

import json
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.jobs import by_hand
from flows.jobs.housekeeping import Housekeeper
from flows.jobs.night import Nights
from flows.jobs.running import run_slot
from flows.jobs.settings import Settings
from models.slots import begin, slot_list
from states.slots import Job
from tests.web.reading import read


def settings_of(office: Any) -> Settings:
    return Settings(_env_file=None, home=office.store.files.parent)


def run_night(office: Any) -> None:
    nights = Nights(office.store, settings_of(office))
    nights.run(now=lambda: office.at, as_of=office.today)


def test_office_without_a_run_says_what_to_do(web: Any) -> None:
    page = read(web.by("giang").get("/operations").text)

    assert "Chưa có đêm nào chạy xong. Hãy chạy Việc ban đêm ngay" in page.text
    assert [row[3] for row in page.tables[0][1:4]] == ["chưa chạy lần nào"] * 3


def test_last_night_is_told_check_by_check(web: Any) -> None:
    run_night(web.office)

    page = read(web.by("em").get("/operations").text)

    assert page.tables[1][1:] == [
        ["Kiểm tra sổ", "Mọi sự kiện, dòng và tệp đúng như đã ghi."],
        ["Đối chiếu số tiền", "Mọi số tiền giống nhau ở mọi nơi, đúng từng đồng."],
        ["Niêm phong", "Mọi niêm khớp với các sự kiện."],
        ["Số liệu tổng hợp", "Hai cách cộng cho cùng kết quả nên số liệu được công bố."],
    ]
    assert "02/01/2024: " in page.text


def test_night_that_found_a_fault_says_where(web: Any) -> None:
    with web.office.store.writer.connect() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE person SET name = 'Ai Đó' WHERE code = 'an'")
        connection.commit()
    run_night(web.office)

    page = read(web.by("em").get("/operations").text)

    assert page.tables[1][1][1].endswith("sai lệch")
    assert page.tables[1][2][1] == "Mọi số tiền giống nhau ở mọi nơi, đúng từng đồng."


def test_missed_runs_stand_at_the_top(web: Any) -> None:
    run_night(web.office)
    web.office.at += timedelta(days=2)

    page = read(web.by("giang").get("/operations").text)

    assert "Việc ban đêm, 03/01/2024: chưa bắt đầu" in page.text


def test_one_run_shows_what_it_kept(web: Any) -> None:
    run_night(web.office)

    page = read(web.by("em").get("/operations/runs/nightly/2024-01-02").text)

    assert "Chạy muộn" in page.text or "Đã chạy" in page.text
    assert '"faults": 0' in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/operations/runs/nightly/2024-01-02", 404),
        ("/operations/runs/nothing/2024-01-02", 422),
        ("/operations/runs/nightly/x", 422),
    ],
)
def test_run_that_is_not_there_is_not_found(web: Any, path: str, status: int) -> None:
    assert web.by("em").get(path).status_code == status


def test_failed_run_says_why(web: Any) -> None:
    def broken(_on: date, _at: Any) -> dict[str, Any]:
        raise ValueError("hết đĩa")

    with pytest.raises(ValueError, match="hết đĩa"):
        run_slot(web.office.store, Job.HOUSEKEEPING, web.office.today, broken, now=lambda: web.office.at)

    page = read(web.by("giang").get("/operations").text)

    assert page.tables[0][3][3].startswith("Lỗi")
    assert "hết đĩa" in page.tables[0][3][3]


def test_backups_are_listed(web: Any) -> None:
    keeper = Housekeeper(web.office.store, settings_of(web.office))
    run_slot(web.office.store, Job.HOUSEKEEPING, web.office.today, keeper.work, now=lambda: web.office.at)

    assert "02/01/2024: " in read(web.by("giang").get("/operations").text).text
    assert "Chưa có bản sao lưu nào" not in web.by("giang").get("/operations").text


def test_runs_are_narrowed_to_one_job(web: Any) -> None:
    run_night(web.office)
    with web.office.store.write() as session:
        begin(session, Job.REMINDERS, web.office.today, worker="test:1", at=web.office.at)

    page = read(web.by("giang").get("/operations?job=reminders").text)

    assert [row[0] for row in page.tables[-1][1:]] == ["Nhắc việc buổi sáng"]
    assert web.by("giang").get("/operations?job=nothing").status_code == 200


def test_job_is_run_by_hand_in_a_process_of_its_own(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_hand, "PATIENCE", 120.0)

    answer = web.by("giang").post("/operations/run/housekeeping")

    assert (answer.status_code, answer.headers["location"]) == (303, "/operations")
    with web.office.store.read() as session:
        [row] = slot_list(session)
    assert (row["job"], row["status"] in ("ran", "late")) == ("housekeeping", True)
    assert json.loads(row["result"])["problems"] == []
    assert (web.office.store.files.parent / "logs" / "by-hand.log").exists()


def test_run_that_takes_long_goes_on_without_the_page(office: Any) -> None:
    code = by_hand.run_by_hand(settings_of(office), Job.DELIVER, patience=0.0)

    assert code is None
    for waiting in threading.enumerate():
        if waiting.name == "by hand":
            waiting.join(120)


@pytest.mark.parametrize(("who", "status"), [("binh", 422), ("em", 403), ("chi", 403), ("hanh", 403), (None, 303)])
def test_running_is_for_administrators_and_coordinators(web: Any, who: str | None, status: int) -> None:
    answer = web.by(who).post("/operations/run/nothing")

    assert answer.status_code == status
    assert not Path(web.office.store.files.parent / "logs").exists()


def test_button_is_shown_to_whom_it_serves(web: Any) -> None:
    pages = {who: web.by(who).get("/operations").text.count("/operations/run/") for who in ("giang", "binh", "em")}

    assert pages == {"giang": 4, "binh": 4, "em": 0}
