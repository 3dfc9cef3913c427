"""A person's own workbook handed back with red cells."""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from documents.marking import mark_workbook
from documents.reading import read_workbook

RED = "FFFFC7CE"


def saved(made: Any) -> bytes:
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def test_marked_cells_are_red_with_the_sentence_and_the_rest_stays() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["A1"], sheet["B1"], sheet["B2"] = "Tên đề án", "Số tiền", "khoảng 500tr"
    sheet["A2"] = "=1+1"
    sheet.column_dimensions["A"].width = 41
    content = saved(made)

    marked = mark_workbook(content, read_workbook(content, "so.xlsx"), {"Sheet": {(1, 1): "Hãy gõ đúng số tiền."}})

    back = openpyxl.load_workbook(io.BytesIO(marked))["Sheet"]
    assert (back["B2"].fill.start_color.rgb, back["B2"].comment.text) == (RED, "Hãy gõ đúng số tiền.")
    assert (back["A2"].value, back["B1"].fill.fill_type, back.column_dimensions["A"].width) == ("=1+1", None, 41)


def test_a_cell_inside_a_merged_range_is_marked_where_the_range_shows() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "Đơn vị"
    made.active.merge_cells("A1:A3")
    content = saved(made)

    marked = mark_workbook(content, read_workbook(content, "so.xlsx"), {"Sheet": {(2, 0): "Không có đơn vị này."}})

    assert openpyxl.load_workbook(io.BytesIO(marked))["Sheet"]["A1"].comment.text == "Không có đơn vị này."


def test_other_formats_come_back_as_a_new_workbook_in_which_text_stays_text() -> None:
    content = "Tên đề án;Số tiền\n=1+1;khoảng 500tr\n".encode()

    marked = mark_workbook(content, read_workbook(content, "so.csv"), {"CSV": {(1, 1): "Hãy gõ đúng số tiền."}})

    back = openpyxl.load_workbook(io.BytesIO(marked))["CSV"]
    assert [(cell.value, cell.data_type) for cell in back[2]] == [("=1+1", "s"), ("khoảng 500tr", "s")]
    assert back["B2"].comment.text == "Hãy gõ đúng số tiền."


def test_a_second_sentence_joins_the_comment_of_the_person() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "Tên đề án"
    made.active["A1"].comment = openpyxl.comments.Comment("Hỏi lại chị Lan", "Lan")
    content = saved(made)

    marked = mark_workbook(content, read_workbook(content, "so.xlsx"), {"Sheet": {(0, 0): "Thiếu tên."}})

    assert openpyxl.load_workbook(io.BytesIO(marked))["Sheet"]["A1"].comment.text == "Hỏi lại chị Lan\nThiếu tên."
