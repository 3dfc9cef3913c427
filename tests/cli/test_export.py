"""`dean export`: into which file, in which form, and what is never written over."""

import json
from typing import Any

import pytest

PROGRAMME = "KC-VL-2021-2025"


def names(dean: Any) -> list[str]:
    """The files in the folder in which the command is typed, without those of the register."""
    return sorted(path.name for path in dean.home.iterdir() if path.is_file() and "dean.db" not in path.name)


def test_every_table_is_written_under_its_own_name(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "approved")

    answers = [
        dean("export", *words)
        for words in (
            ("register", "--year", "2024", "--csv"),
            ("plan", "2024", "--route", "local"),
            ("consolidated", "2024", "--route", "national", "--pdf"),
            ("programme", PROGRAMME, "--csv", "--part", "2"),
            ("settlement",),
            ("reminders", "--csv"),
            ("calendar", code, "--ics"),
        )
    ]

    assert [answer.code for answer in answers] == [0] * 7
    assert {line for answer in answers for line in answer.lines} == {f"Đã ghi {name}" for name in names(dean)}
    assert names(dean) == [
        "danh-muc-de-an_20240603.csv",
        f"han-{code.lower()}.ics",
        "ke-hoach-2024-dia-phuong_20240603.xlsx",
        "quyet-toan-kc-vl-2021-2025_20240603.xlsx",
        "so-nhac-viec_20240603.csv",
        "tien-do-kc-vl-2021-2025_20240603.csv",
        "tong-hop-mau-2-2024-quoc-gia_20240603.pdf",
    ]
    assert "Dự toán chương trình" in (dean.home / "tien-do-kc-vl-2021-2025_20240603.csv").read_text("utf-8-sig")


def test_json_goes_to_stdout_and_says_what_the_list_says(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "approved")

    answer = dean("export", "register", "--json", "--stage", "approved")

    listed = dean("project", "list", "--json").json
    assert (answer.json["table"], [row["code"] for row in answer.json["rows"]]) == ("register", [code])
    assert answer.json["rows"][0].items() >= listed[0].items()
    assert answer.json["filters"] == {"stage": "approved"}
    assert names(dean) == []


def test_file_that_is_there_is_not_written_over(office: Any, dean: Any) -> None:
    dean.file("danh-muc.csv", "của người khác")

    refused = dean("export", "register", "--output", "danh-muc.csv")
    kept = (dean.home / "danh-muc.csv").read_text()
    forced = dean("export", "register", "--output", "danh-muc.csv", "--force")

    assert (refused.code, refused.err.splitlines()[-1]) == (
        1,
        "Đã có tệp “danh-muc.csv”; hãy ghi tên khác (--output) hoặc thêm --force để ghi đè.",
    )
    assert kept == "của người khác"
    assert (forced.code, (dean.home / "danh-muc.csv").read_bytes()[:3]) == (0, b"\xef\xbb\xbf")
    assert names(dean) == ["danh-muc.csv"]


def test_name_of_the_file_says_the_form_and_a_folder_takes_the_usual_name(office: Any, dean: Any) -> None:
    (dean.home / "gui").mkdir()

    dean("export", "register", "--output", "a.json")
    dean("export", "register", "--output", "gui", "--pdf")
    streamed = dean("export", "register", "--output", "-", "--csv")

    assert json.loads((dean.home / "a.json").read_text())["rows"] == []
    assert [path.name for path in (dean.home / "gui").iterdir()] == ["danh-muc-de-an_20240603.pdf"]
    assert streamed.out.startswith('\ufeff"STT"')


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("register", "--csv", "--pdf"), 2, "Hãy chọn một dạng: --xlsx, --csv, --pdf, --json."),
        (("plan", "2024", "--now", "--version", "1"), 2, "Ghi --now hoặc --version, không ghi cả hai."),
        (("plan", "2024", "--version", "1"), 1, "hãy chọn tuyến địa phương hoặc quốc gia"),
        (("plan", "2024", "--route", "local", "--version", "1"), 1, "hãy"),
        (("programme", "KC-KHÔNG"), 1, "Không có chương trình"),
        (("settlement", "--route", "local"), 1, "Hãy chọn một chương trình"),
        (("programme", "--csv", "--part", "9"), 1, "Biểu này có 3 phần (1: Chỉ tiêu; 2: Kinh phí; 3: Theo năm)"),
        (("calendar", "KC-VL-2024-999"), 1, "Không có đề án"),
        (("mart",), 1, "Chưa có tệp số liệu nào"),
    ],
)
def test_what_cannot_be_made_is_told_and_leaves_no_file(
    office: Any, dean: Any, words: tuple[str, ...], code: int, told: str
) -> None:
    answer = dean("export", *words)

    assert (answer.code, told in answer.err) == (code, True)
    assert names(dean) == []


def test_scope_of_by_holds(office: Any, dean: Any) -> None:
    code = office.bring(office.open(place="vlm-p-long-chau"), "approved")
    office.bring(office.open(), "approved")

    seen = {who: dean("export", "register", "--json", "--by", who).json["rows"] for who in ("hanh", "yen", "binh")}
    money = {who: dean("export", "settlement", "--json", "--by", who).json["total"]["all"]["approved"] for who in seen}

    assert {who: [row["code"] for row in rows] for who, rows in seen.items() if who != "binh"} == {
        "hanh": [code],
        "yen": [],
    }
    assert money == {"hanh": 650_000_000, "yen": 0, "binh": 1_300_000_000}


def test_open_data_of_the_night_are_copied_and_described(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")
    dean("mart", "make")

    copied = dean("export", "mart")
    told = dean("export", "mart", "--json").json

    [name] = [name for name in names(dean) if name.startswith("so-lieu")]
    assert (copied.code, name) == (0, "so-lieu-khuyen-cong_2024-06-03.db")
    assert (dean.home / name).read_bytes() == (dean.home / "marts" / "2024-06-03.db").read_bytes()
    assert (told["profile"], told["bytes"]) == ("data-package", (dean.home / name).stat().st_size)


def test_frozen_report_is_written(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")
    dean.set(today="2025-01-08")
    assert dean("report", "freeze", "năm", "2024", "--by", "binh").code == 0

    answer = dean("export", "report", "năm", "2024", "--pdf")

    assert (answer.code, names(dean)) == (0, ["bao-cao_20231215-20241214_lan-1_20250108.pdf"])


def test_exporting_changes_nothing(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")
    before = office.everything()

    for words in (("register",), ("plan", "2024"), ("settlement", "--year", "2024"), ("programme", PROGRAMME)):
        assert dean("export", *words).code == 0

    assert office.everything() == before
