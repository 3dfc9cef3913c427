"""`dean mart`: made, listed, shown, compared, thinned out; and our functions in the shell of sqlite-utils."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

TRIEU = 1_000_000


def test_mart_is_made_listed_and_shown(office: Any, dean: Any) -> None:
    office.bring(office.open(), "settled")

    made = dean("mart", "make", "--as-of", "30/06/2024", "--json").json
    again = dean("mart", "make", "--as-of", "2024-06-30")
    listed = dean("mart", "list", "--json").json
    shown = dean("mart", "show", "30/06/2024")

    place = dean.home / "marts" / "2024-06-30.db"
    assert (made["path"], made["agrees"], made["differences"]) == (str(place), True, [])
    assert again.lines == [f"Đã lập {place}", f"Dấu nội dung: {made['content_hash']}"]
    assert [(each["date"], each["bytes"], each["kept"]) for each in listed] == [
        ("2024-06-30", place.stat().st_size, "35 đêm gần nhất")
    ]
    assert shown.code == 0
    assert f"Dấu nội dung {made['content_hash']} (còn nguyên)" in shown.lines
    assert "project 1" in shown.lines


def test_changed_mart_is_told(office: Any, dean: Any) -> None:
    office.bring(office.open(), "settled")
    dean("mart", "make")
    with closing(sqlite3.connect(dean.home / "marts" / "2024-06-03.db")) as mart:
        mart.execute("UPDATE project SET stage = 'stopped'")
        mart.commit()

    shown = dean("mart", "show", "2024-06-03")

    assert (shown.code, "ĐÃ BỊ SỬA sau khi lập" in shown.out) == (1, True)


def test_two_nights_are_compared(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "underway")
    dean("mart", "make", "--as-of", "2024-06-01")
    office.step(code, "report_completion", "an", number="08/BC", papers=("vouchers",))
    new = office.bring(office.open(), "submitted")
    dean("mart", "make", "--as-of", "2024-06-02")

    told = dean("mart", "diff", "2024-06-01", "2024-06-02")
    same = dean("mart", "diff", "01/06/2024", "01/06/2024")

    assert told.lines[0].startswith("01/06/2024 → 02/06/2024 (sự kiện ")
    assert [line for line in told.lines if line.startswith((code, new))] == [
        f"{new} Hỗ trợ ứng dụng máy móc thiết bị đóng gói Đã nộp",
        f"{code} Hỗ trợ ứng dụng máy móc thiết bị đóng gói Đang thực hiện Chờ nghiệm thu",
        f"{new} Đối ứng Đề nghị 0 350.000.000 350.000.000",
        f"{new} KC địa phương Đề nghị 0 300.000.000 300.000.000",
    ]
    assert told.lines[-1] == "Đối ứng Đề nghị 350.000.000 700.000.000 350.000.000"
    assert same.lines[-1] == "Không đề án nào đổi."


def test_figures_that_differ_make_no_mart(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")
    with office.store.writer.begin() as connection:
        connection.execute(text("UPDATE funding SET approved = approved + 1 WHERE source = 'local_fund'"))

    made, told = dean("mart", "make"), dean("mart", "make", "--json")

    assert (made.code, told.code, told.json["path"], told.json["agrees"]) == (1, 1, None, False)
    assert made.err.splitlines()[1].startswith("Hai cách cộng số liệu tổng hợp không khớp nên không công bố;")
    assert not (dean.home / "marts").exists()


def test_missing_night_is_refused(office: Any, dean: Any) -> None:
    missing = dean("mart", "show", "2024-06-03")

    assert (missing.code, missing.err.splitlines()[-1]) == (1, "Chưa có tệp số liệu nào; hãy lập bằng dean mart make.")


def test_pruning_shows_first_and_removes_then(office: Any, dean: Any) -> None:
    shelf = dean.home / "marts"
    shelf.mkdir()
    for n in range(40):
        (shelf / f"{date(2024, 1, 1) + timedelta(days=n)}.db").touch()

    shown = dean("mart", "prune", "--dry-run")
    before = len(list(shelf.iterdir()))
    removed = dean("mart", "prune", "--json").json

    # The five oldest nights of January go, none of which ends a month.
    assert (before, len(list(shelf.iterdir()))) == (40, 35)
    assert shown.lines == [*(f"Sẽ xóa {place}" for place in removed["removed"]), "5 tệp."]
    assert sorted(Path(place).name for place in removed["removed"]) == [f"2024-01-0{n}.db" for n in range(1, 6)]


def test_shell_of_sqlite_utils_has_our_functions() -> None:
    sql = (
        "SELECT fold('Đóng gói THIẾT BỊ') AS folded, dong(1234567) AS dong, dong(NULL) AS empty, "
        "ngay('2026-08-05') AS day, ngay('2026-08-04T18:00:00.000000Z') AS instant, "
        "workdays_between('2026-02-10', '2026-03-03') AS workdays"
    )

    ran = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "memory", sql], check=True, capture_output=True, text=True
    )

    assert json.loads(ran.stdout) == [
        {
            "folded": "dong goi thiet bi",
            "dong": "1.234.567 đồng",
            "empty": None,
            "day": "05/08/2026",
            "instant": "05/08/2026",
            "workdays": 10,
        }
    ]
