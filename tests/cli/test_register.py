"""Making a register, choosing one, and what keeps one shut."""

from typing import Any

import pytest
from sqlalchemy import text

from models.store import open_store


def test_init_makes_a_register_that_is_never_written_over(dean: Any) -> None:
    made = dean("init", "--admin", "giang", "--admin-name", "Bùi Trường Giang")
    before = dean.events()
    again = dean("init")

    assert (made.code, again.code, dean.events()) == (0, 1, before)
    assert again.err.startswith("DEAN_TODAY=2024-06-03")
    assert dean("user", "show", "giang", "--json").json["role"] == "administrator"


def test_init_needs_both_the_code_and_the_name_of_the_administrator(dean: Any) -> None:
    answer = dean("init", "--admin", "giang")

    assert answer.code == 2
    assert not (dean.home / "dean.db").exists()


def test_the_first_person_of_a_register_is_an_administrator(dean: Any) -> None:
    assert dean("init").code == 0

    other = dean("user", "add", "an", "--name", "An", "--role", "finance")
    first = dean("user", "add", "giang", "--name", "Giang", "--role", "administrator")
    second = dean("user", "add", "chi", "--name", "Chi", "--role", "administrator")

    assert (other.code, first.code, second.code) == (1, 0, 2)
    assert "người đầu tiên phải là quản trị (--role administrator)" in other.err


def test_without_a_register_every_command_says_how_to_make_one(dean: Any) -> None:
    for words in (("project", "list"), ("verify",), ("programme", "status"), ("advance", "KC-VL-2024-001", "submit")):
        answer = dean(*words)

        assert answer.code == 1
        assert "hãy tạo sổ của đơn vị bằng dean init, hoặc sổ minh họa bằng dean demo." in answer.err
    assert list(dean.home.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"today": "hôm nay"}, "DEAN_TODAY=“hôm nay” không dùng được; hãy đặt một ngày dạng 2026-08-05"),
        ({"demo": "có"}, "DEAN_DEMO=“có” không dùng được; hãy đặt 1 hoặc 0"),
        ({"notify_mode": "gửi"}, "hãy đặt off, redirect hoặc live"),
        ({"database_url": "không phải địa chỉ"}, "hãy kiểm tra DEAN_DATABASE_URL"),
        ({"database_url": "nosuch://db"}, "hãy kiểm tra DEAN_DATABASE_URL"),
        (
            {"database_url": "postgresql+psycopg://a:secret@127.0.0.1:1/db"},
            "hãy kiểm tra DEAN_HOME và DEAN_DATABASE_URL",
        ),
    ],
)
@pytest.mark.parametrize("words", [("project", "list"), ("init",), ("demo",)])
def test_a_wrong_setting_is_a_sentence(dean: Any, settings: dict[str, str], sentence: str, words: tuple[str]) -> None:
    dean.set(**settings)

    answer = dean(*words)

    assert (answer.code, answer.out) == (1, "")
    assert sentence in answer.err
    assert "secret" not in answer.err


@pytest.mark.parametrize("words", [("init",), ("demo",)])
def test_a_home_that_cannot_be_made_is_a_sentence(dean: Any, words: tuple[str]) -> None:
    dean.set(home=dean.file("một tệp") + "/bên dưới")

    answer = dean(*words)

    assert answer.code == 1
    assert "một phần của đường dẫn là tệp, không phải thư mục" in answer.err


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look like one" * 100])
def test_a_file_that_is_no_register_is_a_sentence(dean: Any, content: bytes) -> None:
    dean.file("dean.db", content)

    answer = dean("project", "list")

    assert answer.code == 1
    assert "Không đọc được sổ" in answer.err
    assert "hoặc tạo sổ bằng dean init." in answer.err


def test_a_schema_without_a_register_can_be_initialised(dean: Any) -> None:
    assert dean("init").code == 0
    store = open_store(f"sqlite:///{dean.home / 'dean.db'}", dean.home / "files")
    with store.writer.connect() as connection:
        connection.execute(text("DROP TRIGGER register_keeps_delete"))
        connection.execute(text("DELETE FROM register"))
        connection.execute(text("COMMIT"))
    store.close()

    answer = dean("project", "list")

    assert answer.code == 1
    assert "Cơ sở dữ liệu chưa có sổ; hãy chạy dean init" in answer.err


def test_the_demonstration_says_what_it_is_and_stays_apart(dean: Any) -> None:
    dean.set(today="2021-06-01")

    made, again, missing = dean("demo"), dean("demo"), dean("demo", "--if-missing")
    listed = dean("project", "list", "--json")

    assert (made.code, again.code, missing.code) == (0, 1, 0)
    assert sorted(path.name for path in dean.home.iterdir() if path.is_file()) == ["demo.db"]
    assert "SỔ MINH HỌA: số liệu không có thật" in listed.err
    assert "DEAN_TODAY=2021-06-01: lệnh này coi hôm nay là 01/06/2021." in listed.err
    assert {row["plan_year"] for row in listed.json} == {2021, 2022}
    assert dean("verify").code == 0


def test_the_offices_register_comes_before_the_demonstration(dean: Any) -> None:
    dean.set(today="2021-06-01")
    assert dean("demo").code == 0
    assert dean("init").code == 0

    office, demonstration = dean("project", "list"), None
    dean.set(demo="1")
    demonstration = dean("project", "list")

    assert "SỔ MINH HỌA" not in office.err
    assert "SỔ MINH HỌA" in demonstration.err


def test_a_demonstration_that_failed_leaves_nothing_behind(dean: Any) -> None:
    dean.set(today="2019-01-01")

    answer = dean("demo")

    assert answer.code == 1
    assert "hãy đặt DEAN_TODAY từ ngày đó trở đi" in answer.err
    assert [path.name for path in dean.home.iterdir()] == []


def test_settings_names_each_source_and_hides_secrets(dean: Any) -> None:
    dean.file(".env", "DEAN_BASE_URL=http://so.example\n")
    dean.set(database_url="postgresql+psycopg://a:secret@127.0.0.1/db")

    answer = dean("settings", "--json")
    printed = dean("settings")

    sources = {row["name"]: row["source"] for row in answer.json["settings"]}
    chosen = ("DEAN_HOME", "DEAN_BASE_URL", "DEAN_DEMO", "DEAN_DATABASE_URL")
    assert [sources[name] for name in chosen] == ["môi trường", "tệp .env", "mặc định", "môi trường"]
    assert "secret" not in answer.out + printed.out


def test_verify_names_the_rows_that_were_edited_behind_the_ledgers_back(office: Any, dean: Any) -> None:
    code = office.open()
    whole = dean("verify", "--json")
    with office.store.writer.connect() as connection:
        connection.execute(text("DROP TRIGGER project_path"))
        connection.execute(text("UPDATE project SET total_cost = 1 WHERE code = :code"), {"code": code})
        connection.execute(text("COMMIT"))

    broken, printed = dean("verify", "--json"), dean("verify")

    assert (whole.code, whole.json["ok"], whole.json["problems"]) == (0, True, [])
    assert (broken.code, broken.json["ok"], printed.code) == (1, False, 1)
    assert "project" in {problem["table"] for problem in broken.json["problems"]}
    assert "total_cost" in printed.out


def test_the_nightly_report_runs_without_a_server(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "submitted")

    printed = dean("run", "nightly", "--as-of", "2024-05-31")
    report = dean("run", "nightly", "--as-of", "2024-05-31", "--json")

    assert printed.out.startswith("Báo cáo đêm 31/05/2024, số liệu ghi đến ngày 03/06/2024\n")
    assert [row["code"] for row in report.json["waiting"]] == [code]
    assert (report.json["as_of"], report.json["verify"]["ok"]) == ("2024-05-31", True)
