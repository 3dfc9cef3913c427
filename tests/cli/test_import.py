"""`dean import`: preview, refusal by cell, marked file, confirmation."""

import io
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]

HEAD = ("STT", "Tên đề án", "Nội dung", "Đơn vị thực hiện", "Thời gian", "KCĐP (triệu đồng)", "Đối ứng (triệu đồng)")


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in (("DANH MỤC ĐỀ ÁN NĂM 2024",), (), HEAD, *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


GOOD = (1, "Hỗ trợ máy sấy lúa", 2, "ttkc", "quý III", 300, 350)
BAD = (2, "Hỗ trợ máy xát", 2, "ttkc", "quý III", "khoảng 500tr", 350)


def test_a_preview_is_the_default_and_writes_nothing(office: Any, dean: Any) -> None:
    file, before = dean.file("so.xlsx", book(GOOD)), dean.events()

    answer = dean("import", file, "--by", "an")

    assert (answer.code, dean.events(), dean.kept_files()) == (0, before, [])
    assert "Cột hiểu được A số thứ tự; B tên đề án; C nội dung; D đơn vị thực hiện" in " ".join(answer.lines)
    assert "Kết quả 1 mới, 0 cập nhật, 0 không đổi, 0 lỗi" in answer.lines
    assert answer.lines[-1] == "Chưa ghi gì; ghi bằng --confirm."


def test_confirming_writes_and_a_second_time_changes_nothing(office: Any, dean: Any) -> None:
    file = dean.file("so.xlsx", book(GOOD))

    first, events = dean("import", file, "--by", "an", "--confirm"), dean.events()
    second = dean("import", file, "--by", "an", "--confirm")

    assert first.lines == ["Đã lập 1 đề án mới, cập nhật 0 đề án; 0 dòng không đổi.", "Mã mới: KC-VL-2024-001"]
    assert second.lines == ["Tệp này đã nhập ngày 03/06/2024 bởi Nguyễn Văn An; không có gì đổi, không ghi gì thêm."]
    assert (dean.events(), len(dean.kept_files())) == (events, 1)
    assert dean("verify").code == 0


def test_a_faulty_cell_keeps_all_rows_out_and_is_marked_in_the_persons_own_file(office: Any, dean: Any) -> None:
    file, before = dean.file("so.xlsx", book(GOOD, BAD)), dean.events()
    marked = Path(file).with_name("danh-dau.xlsx")

    answer = dean("import", file, "--by", "an", "--confirm", "--marked", str(marked))

    assert (answer.code, dean.events(), dean.kept_files()) == (1, before, [])
    assert "F5: Số tiền “khoảng 500tr” chưa phải con số chính xác; hãy gõ đúng số tiền" in answer.err
    cell = openpyxl.load_workbook(marked)["Sheet"]["F5"]
    assert (cell.fill.start_color.rgb, cell.comment.text[:9]) == ("FFFFC7CE", "Số tiền “")


def test_a_marked_file_never_replaces_another(office: Any, dean: Any) -> None:
    content = book(BAD)
    file = dean.file("so.xlsx", content)

    answer = dean("import", file, "--by", "an", "--marked", file)

    assert (answer.code, "dean không ghi đè" in answer.err) == (1, True)
    assert Path(file).read_bytes() == content


def test_scripts_get_rows_cells_and_sentences(office: Any, dean: Any) -> None:
    answer = dean("import", dean.file("so.xlsx", book(GOOD, BAD)), "--by", "an", "--json")

    rows = answer.json["rows"]
    assert [(row["row"], row["outcome"], [error["cell"] for error in row["errors"]]) for row in rows] == [
        (4, "new", []),
        (5, "wrong", ["F5"]),
    ]


def test_wrong_use_is_told(office: Any, dean: Any) -> None:
    file = dean.file("so.xlsx", book(GOOD))

    assert dean("import", file, "--by", "an", "--preview", "--confirm").code == 2
    assert dean("import", file).code == 2
    assert "Không có tệp" in dean("import", "khong-co.xlsx", "--by", "an").err
    assert "không được làm việc này" in dean("import", file, "--by", "em").err


def test_a_workbook_handed_out_comes_back_and_asks_for_cells_changed_on_both_sides(office: Any, dean: Any) -> None:
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    exported = dean("export", "commune", "--unit", "ttkc", "--xlsx", "--by", "an", "--output", "xa.xlsx")
    untouched = dean("import", "xa.xlsx", "--by", "an", "--confirm")
    book = openpyxl.load_workbook("xa.xlsx")
    book["Đề án"]["I5"] = "Đoàn Thanh niên"
    book.save("xa.xlsx")
    dean("project", "edit", code, "--partner", "Hội Phụ nữ", "--by", "an")

    asked = dean("import", "xa.xlsx", "--by", "an", "--confirm")
    taken = dean("import", "xa.xlsx", "--by", "an", "--confirm", "--choose", "I5=theirs")

    assert (exported.code, untouched.code) == (0, 0)
    assert untouched.lines == ["Cả 1 dòng đều đúng như trong sổ; không có gì thay đổi, không ghi gì thêm."]
    assert (asked.code, "I5: đơn vị phối hợp" in asked.err, "(--choose I5=ours hoặc I5=theirs)" in asked.err) == (
        1,
        True,
        True,
    )
    assert taken.lines == ["Đã lập 0 đề án mới, cập nhật 1 đề án; 0 dòng không đổi."]
    assert dean("project", "show", code, "--json").json["partner"] == "Đoàn Thanh niên"


def test_a_correction_of_what_was_handed_in_asks_for_a_reason(office: Any, dean: Any) -> None:
    code = office.bring(office.open(name="Hỗ trợ máy sấy lúa"), "submitted")
    head = ("Mã đề án", "Tên đề án")
    made = openpyxl.Workbook()
    for row in (("DANH MỤC NĂM 2024",), head, (code, "Hỗ trợ máy sấy lúa ST25")):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    file = dean.file("so.xlsx", written.getvalue())

    shown = dean("import", file, "--by", "binh")
    silent = dean("import", file, "--by", "binh", "--confirm")
    taken = dean("import", file, "--by", "binh", "--confirm", "--note", "Ghi nhầm tên")

    sentence = f"Tệp sửa 1 đề án đã nộp ({code}); hãy ghi một lý do sửa cho cả tệp (--note)."
    assert (shown.lines[-1], silent.code, sentence in silent.err, taken.code) == (
        f"Chưa ghi gì. {sentence}",
        1,
        True,
        0,
    )


def test_an_empty_list_is_told_and_beneficiaries_are_added_on_request(office: Any, dean: Any) -> None:
    head = ("Tên đề án", "Nội dung", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "KCĐP (triệu đồng)")
    made = openpyxl.Workbook()
    for row in (("DANH MỤC NĂM 2024",), head, ("Hỗ trợ máy sấy lúa", 2, "ttkc", "Xưởng Gốm Lan", 300)):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    file = dean.file("so.xlsx", written.getvalue())

    empty = dean("import", dean.file("trong.xlsx", book()), "--by", "an")
    asked = dean("import", file, "--by", "an", "--json")
    taken = dean("import", file, "--by", "an", "--confirm", "--new-beneficiaries")

    assert empty.lines[-1] == "Không có dòng đề án nào dưới tiêu đề; hãy kiểm tra tệp."
    assert asked.json["new_beneficiaries"] == [{"name": "Xưởng Gốm Lan", "alike": []}]
    assert taken.lines[0] == "Đã lập 1 đề án mới, cập nhật 0 đề án; 0 dòng không đổi."
