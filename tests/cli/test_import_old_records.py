"""`dean import --old-records`: vouched for, previewed, refused by cell, confirmed, corrected with a reason."""

import io
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

HEAD = ("TT", "Tên đề án", "Năm", "Nội dung", "Đơn vị thực hiện", "Địa điểm", "KCĐP (triệu đồng)", "Quyết toán")
GOOD = (1, "Hỗ trợ máy sấy lúa", 2022, 2, "ttkc", "huyện Vũng Liêm", 300, 280, "Đã quyết toán")
BAD = (2, "Hỗ trợ máy ép", 2023, 2, "ttkc", "huyện Mang Thít", 200, 0, "Đang thực hiện")
VOUCHED = ("--old-records", "--vouched-by", "chi", "--basis", "Sổ theo dõi 2021-2025")


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in (("SỔ ĐỀ ÁN",), ("ĐVT: triệu đồng",), (*HEAD, "Tình trạng"), *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


@pytest.fixture
def dean_later(office: Any, dean: Any) -> Any:
    dean.set(today="2026-08-03")
    return dean


def test_a_preview_names_who_vouches_and_writes_nothing(dean_later: Any) -> None:
    dean, file = dean_later, dean_later.file("so-cu.xlsx", book(GOOD))
    before = dean.events()

    answer = dean("import", file, "--by", "binh", *VOUCHED)

    assert (answer.code, dean.events(), dean.kept_files()) == (0, before, [])
    assert "Sổ cũ Lê Minh Chi xác nhận, căn cứ Sổ theo dõi 2021-2025" in answer.lines
    assert "Kết quả 1 mới, 0 cập nhật, 0 không đổi, 0 lỗi" in answer.lines


def test_confirming_shows_one_line_of_history_and_the_mark_everywhere(dean_later: Any) -> None:
    dean, file = dean_later, dean_later.file("so-cu.xlsx", book(GOOD))

    done = dean("import", file, "--by", "binh", "--confirm", *VOUCHED)
    again = dean("import", file, "--by", "binh", "--confirm", *VOUCHED)
    code = "KC-VL-2022-001"
    told = dean("project", "history", code)

    assert done.lines == [
        "Đã nhập 1 đề án từ sổ cũ, sửa 0 đề án đã nhập; 0 dòng không đổi.",
        f"Mã mới: {code}",
    ]
    assert again.lines == ["Tệp này đã nhập ngày 03/08/2026 bởi Trần Thị Bình; không có gì đổi, không ghi gì thêm."]
    assert told.lines[0] == f"{code}: 1 sự kiện"
    assert told.lines[2] == "1 Nhập từ sổ cũ, Lê Minh Chi xác nhận, căn cứ Sổ theo dõi 2021-2025 (Đã quyết toán)"
    assert "Sổ cũ Lê Minh Chi (chi) xác nhận, căn cứ Sổ theo dõi 2021-2025" in dean("project", "show", code).lines
    assert any("Đã quyết toán (sổ cũ)" in line for line in dean("project", "list").lines)
    [row] = dean("project", "list", "--json").json
    assert (row["old_record"], row["settled"]) == (True, 280_000_000)
    closed = dean("why-not", code, "settle", "--by", "dung")
    assert "nhập từ sổ cũ" in " ".join([*closed.lines, closed.err])
    assert (dean("verify").code, dean("reconcile").code) == (0, 0)


def test_rows_that_have_not_ended_are_refused_by_cell_and_marked(dean_later: Any) -> None:
    dean, file = dean_later, dean_later.file("so-cu.xlsx", book(GOOD, BAD))
    before, marked = dean.events(), Path(file).with_name("danh-dau.xlsx")

    answer = dean("import", file, "--by", "binh", "--confirm", "--marked", str(marked), *VOUCHED)

    assert (answer.code, dean.events(), dean.kept_files()) == (1, before, [])
    assert "I5: Tình trạng “Đang thực hiện”: sổ cũ chỉ nhận đề án đã kết thúc" in answer.err
    cell = openpyxl.load_workbook(marked)["Sheet"]["I5"]
    assert (cell.fill.start_color.rgb, "sổ cũ chỉ nhận" in cell.comment.text) == ("FFFFC7CE", True)


def test_other_figures_are_refused_with_the_code_and_taken_with_a_reason(dean_later: Any) -> None:
    dean = dean_later
    dean("import", dean.file("mot.xlsx", book(GOOD)), "--by", "binh", "--confirm", *VOUCHED)
    other = dean.file("hai.xlsx", book((*GOOD[:7], 250, GOOD[8])))

    refused = dean("import", other, "--by", "binh", "--confirm", *VOUCHED)
    taken = dean("import", other, "--by", "binh", "--confirm", "--correct", "Cộng nhầm", *VOUCHED)

    assert (refused.code, "Đề án KC-VL-2022-001 đã nhập từ sổ cũ và ghi khác" in refused.err) == (1, True)
    assert taken.lines == ["Đã nhập 0 đề án từ sổ cũ, sửa 1 đề án đã nhập; 0 dòng không đổi."]
    assert dean("project", "show", "KC-VL-2022-001", "--json").json["funding"][0]["settled"] == 250_000_000
    assert (dean("verify").code, dean("reconcile").code) == (0, 0)


def test_scripts_get_who_vouches(dean_later: Any) -> None:
    answer = dean_later("import", dean_later.file("so.xlsx", book(GOOD)), "--by", "binh", "--json", *VOUCHED)

    assert (answer.json["vouched_by"], answer.json["basis"]) == ("chi", "Sổ theo dõi 2021-2025")


def test_wrong_use_and_wrong_people_are_told(dean_later: Any) -> None:
    dean, file = dean_later, dean_later.file("so.xlsx", book(GOOD))

    assert dean("import", file, "--by", "binh", "--old-records").code == 2
    assert dean("import", file, "--by", "binh", "--basis", "Sổ").code == 2
    assert "không nhập sổ cũ được" in dean("import", file, "--by", "an", *VOUCHED).err
    own = ("--old-records", "--vouched-by", "binh", "--basis", "Sổ")
    assert "không tự xác nhận" in dean("import", file, "--by", "binh", *own).err
