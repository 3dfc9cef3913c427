"""A workbook handed out, filled in elsewhere, and merged on its return."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.jobs.imports.confirming import Imported, confirm
from flows.jobs.imports.handing_out import HANDED_OUT, offline_workbook
from flows.jobs.imports.preview import Preview, preview
from flows.jobs.imports.rows import Outcome
from flows.jobs.papers.tables.frame import Form, Occasion, made
from flows.jobs.papers.tables.register import register_table
from models import projects
from models.append import Origin
from models.loading import load_person
from models.queries import show_project
from models.queries.projects_sought import Sought
from models.store import Store
from states.refusal import Refused

#: The first row of projects, as a program counts.
FIRST = 5


def out(office: Any, by: str = "an", **whose: str) -> bytes:
    with office.store.read() as session:
        whose = whose or {"unit": "ttkc"}
        return offline_workbook(session, reader=load_person(session, by), today=office.today, **whose)[1]


def filled(
    content: bytes, *, drop: int = 0, order: Callable[[list[Any]], list[Any]] | None = None, **cells: Any
) -> bytes:
    """What a commune does with it: type into cells (`name_2` is the column of names in the second row)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Đề án"]
    for cell, value in cells.items():
        name, _, row = cell.rpartition("_")
        sheet.cell(FIRST - 1 + int(row), HANDED_OUT.index(name) + 1).value = value
    if order is not None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST)]
        for number, values in enumerate(order(rows)):
            for place, value in enumerate(values):
                sheet.cell(FIRST + number, place + 1).value = value
    if drop:
        sheet.delete_rows(FIRST - 1 + drop)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def seen(office: Any, content: bytes, by: str = "an", **choices: str) -> Preview:
    with office.store.read() as session:
        return preview(session, content, "xã.xlsx", by=load_person(session, by), today=office.today, choices=choices)


def take(office: Any, content: bytes, **choices: str) -> Imported:
    with office.store.write() as session:
        by = load_person(session, "an")
        origin = Origin(office.at, by.id, "test")
        typed = {"files": office.store.files, "by": by, "origin": origin, "today": office.today}
        return confirm(session, content, "xã.xlsx", choices=choices, **typed)


def amend(office: Any, code: str, **values: Any) -> None:
    with office.store.write() as session:
        by = load_person(session, "an")
        projects.amend(session, code, values, by=by, origin=Origin(office.at, by.id, "test"))


def sheet(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        return show_project(session, code)


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]), max_size=30)
MONEY = st.integers(0, 10**15)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=WORDS.filter(lambda text: bool(text.strip()) and text.isprintable()),
    objectives=WORDS,
    scope=st.sampled_from(["", "=1+1", "#REF!", "khoảng 500tr", "Tổng cộng", "-", "01/02/2024"]),
    total_cost=MONEY,
    expected_jobs=st.integers(0, 10_000),
    days=st.tuples(st.dates(date(2024, 1, 1), date(2024, 6, 30)), st.dates(date(2024, 7, 1), date(2024, 12, 31))),
    place=st.sampled_from([None, "vl-x-my-hoa", "vlm-p-long-chau"]),
)
def test_an_untouched_workbook_changes_nothing(
    office: Any, days: tuple[date, date], place: str | None, **said: Any
) -> None:
    office.open(starts_on=days[0], ends_on=days[1], place=place, **said)
    content = out(office)

    direct, saved_again = seen(office, content), seen(office, filled(content))

    for found in (direct, saved_again):
        assert [str(error) for error in found.errors] == []
        assert {row.outcome for row in found.rows} == {Outcome.SAME}
        assert found.conflicts == []


def test_only_changed_cells_are_taken(office: Any) -> None:
    code = office.open(name="Máy sấy", partner="Hội Nông dân", place="vl-x-my-hoa")
    content = filled(out(office), partner_1="Hội Phụ nữ", starts_on_1="quý II", total_cost_1="700 triệu")
    amend(office, code, name="Máy sấy lúa")

    [row] = seen(office, content).rows
    take(office, content)

    assert [(change.label, change.was, change.now) for change in row.changes] == [
        ("đơn vị phối hợp", "Hội Nông dân", "Hội Phụ nữ"),
        ("tổng kinh phí", "650.000.000 đồng", "700.000.000 đồng"),
        ("bắt đầu", "(trống)", "01/04/2024"),
    ]
    shown = sheet(office, code)
    assert (shown["name"], shown["partner"], shown["total_cost"]) == ("Máy sấy lúa", "Hội Phụ nữ", 700_000_000)
    office.prove()


@pytest.mark.parametrize(("side", "partner"), [("ours", "Hội Phụ nữ"), ("theirs", "Đoàn Thanh niên")])
def test_a_cell_changed_on_both_sides_is_shown_and_must_be_chosen(office: Any, side: str, partner: str) -> None:
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    content = filled(out(office), partner_1="Đoàn Thanh niên", scope_1="Hai máy")
    amend(office, code, partner="Hội Phụ nữ")

    [conflict] = seen(office, content).conflicts
    with pytest.raises(Refused) as refused:
        take(office, content)
    take(office, content, **{conflict.address: side})

    assert (conflict.address, conflict.was, conflict.now, conflict.theirs) == (
        "I5",
        "Hội Nông dân",
        "Hội Phụ nữ",
        "Đoàn Thanh niên",
    )
    assert refused.value.reasons == (str(conflict),)
    assert (sheet(office, code)["partner"], sheet(office, code)["scope"]) == (partner, "Hai máy")


def test_a_commune_reads_the_names_of_places_and_may_write_another_one(office: Any) -> None:
    code = office.open(name="Máy sấy", place="vl-x-my-hoa")
    content = out(office)

    cell = openpyxl.load_workbook(io.BytesIO(content))["Đề án"].cell(FIRST, HANDED_OUT.index("place") + 1).value
    [row] = seen(office, filled(content, place_1="phường Long Châu")).rows

    assert cell == "xã Mỹ Hòa, thị xã Bình Minh, tỉnh Vĩnh Long"
    assert [(change.label, change.now.partition(",")[0]) for change in row.changes] == [
        ("địa điểm", "phường Long Châu")
    ]
    assert row.code == code


def test_a_proposal_added_below_takes_what_the_sheet_was_made_for(office: Any) -> None:
    office.open(name="Máy sấy", place="vl-x-my-hoa")
    content = out(office, "binh", place="vl-x-my-hoa")
    cells = openpyxl.load_workbook(io.BytesIO(content))["Đề án"]
    locked = [HANDED_OUT[place] for place, cell in enumerate(cells[FIRST + 1]) if cell.protection.locked]

    found = seen(office, filled(content, name_2="Hỗ trợ máy xát gạo"), "binh")
    added = found.rows[1]

    assert locked == ["code", "stage"]
    assert (added.outcome, added.errors) == (Outcome.NEW, [])
    assert {name: added.form[name] for name in ("plan_year", "unit", "route", "content", "activity", "place")} == {
        "plan_year": 2024,
        "unit": "ttkc",
        "route": "local",
        "content": 2,
        "activity": "machinery",
        "place": "vl-x-my-hoa",
    }


def test_a_choice_for_a_cell_that_nobody_changed_is_refused(office: Any) -> None:
    office.open(name="Máy sấy", partner="Hội Nông dân")

    with pytest.raises(Refused, match="Ô Z9 không có gì phải chọn"):
        seen(office, filled(out(office), partner_1="Hội Phụ nữ"), I5="theirs", Z9="theirs")


def test_the_same_change_on_both_sides_is_none(office: Any) -> None:
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    content = filled(out(office), partner_1="Hội Phụ nữ")
    amend(office, code, partner="Hội Phụ nữ")

    found = seen(office, content)

    assert ([row.outcome for row in found.rows], found.conflicts) == ([Outcome.SAME], [])


def test_removed_emptied_and_reordered_rows_change_nothing_and_are_told(office: Any) -> None:
    first, second = office.open(name="Máy sấy", partner="Hội Nông dân"), office.open(name="Máy ép")
    content = out(office)

    removed = seen(office, filled(content, drop=2))
    emptied = seen(office, filled(content, partner_1=None))
    reordered = seen(office, filled(content, order=lambda rows: rows[::-1]))

    assert [sentence for _, sentence, _ in removed.remarks] == [
        f"Đề án {second} có khi tải về mà không còn dòng trong tệp; sổ giữ nguyên đề án này."
    ]
    assert [(place, sentence) for place, sentence, _ in emptied.remarks] == [
        ("I5", f"đơn vị phối hợp của {first} bị xóa trống trong tệp; sổ giữ nguyên điều đang ghi.")
    ]
    assert [(row.code, row.outcome) for row in reordered.rows] == [(second, Outcome.SAME), (first, Outcome.SAME)]


def test_a_row_copied_twice_is_an_error(office: Any) -> None:
    code = office.open(name="Máy sấy")
    office.open(name="Máy ép")

    found = seen(office, filled(out(office), code_2=code))

    assert [str(error) for error in found.errors] == [f"A6: Trùng đề án {code} với dòng 5; hãy bỏ một dòng."]


def test_a_hidden_sheet_that_was_changed_is_refused(office: Any) -> None:
    office.open(name="Máy sấy")
    book = openpyxl.load_workbook(io.BytesIO(out(office)))
    book["dean"]["D2"] = "Máy khác"
    written = io.BytesIO()
    book.save(written)

    with pytest.raises(Refused, match="Trang ẩn của bảng đã bị sửa"):
        seen(office, written.getvalue())


@pytest.mark.parametrize("form", [Form.XLSX, Form.CSV])
def test_the_systems_own_register_comes_in_again_without_a_change(register: Store, form: Form) -> None:
    with register.read() as session:
        tuan = load_person(session, "tuan.dp")
        occasion = Occasion(session, tuan, datetime(2026, 11, 23, 2, 0, tzinfo=UTC), True)
        file = made(register_table(occasion, Sought(year=2025)), form)

        found = preview(session, file.content, file.name, by=tuan, today=date(2026, 11, 23))

    assert [str(error) for error in found.errors] == []
    assert {row.outcome for row in found.rows} == {Outcome.SAME}
    assert not any("tiêu đề nhóm" in sentence for _, sentence, _ in found.remarks)


def lose_sheet(content: bytes, how: str) -> tuple[bytes, str]:
    """What programs and people do to the hidden sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    if how == "removed":
        del book["dean"]
    elif how == "marked otherwise":
        book["dean"]["A1"] = "khác"
    elif how == "emptied":
        book["dean"].delete_rows(1, 100)
    written = io.BytesIO()
    if how == "saved as CSV":
        rows = book["Đề án"].iter_rows(values_only=True)
        lines = [",".join(f'"{cell}"' if cell is not None else "" for cell in row) for row in rows]
        return "\n".join(lines).encode(), "xã.csv"
    book.save(written)
    return written.getvalue(), "xã.xlsx"


@pytest.mark.parametrize("how", ["removed", "marked otherwise", "emptied", "saved as CSV"])
def test_a_workbook_without_its_hidden_sheet_never_becomes_an_ordinary_list(office: Any, how: str) -> None:
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    content, name = lose_sheet(filled(out(office), partner_1="Đoàn Thanh niên"), how)
    amend(office, code, partner="Hội Phụ nữ")

    with office.store.read() as session, pytest.raises(Refused, match="trang ẩn để đối chiếu đã mất"):
        preview(session, content, name, by=load_person(session, "an"), today=office.today)


def test_a_hidden_sheet_that_somebody_shows_still_tells_what_was_handed_out(office: Any) -> None:
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    book = openpyxl.load_workbook(io.BytesIO(filled(out(office), scope_1="Ba máy")))
    book["dean"].sheet_state = "visible"
    written = io.BytesIO()
    book.save(written)
    amend(office, code, partner="Hội Phụ nữ")

    [row] = seen(office, written.getvalue()).rows

    assert [(change.label, change.now) for change in row.changes] == [("quy mô", "Ba máy")]


def test_what_is_handed_out_is_what_the_reader_may_see(office: Any) -> None:
    office.open(name="Máy sấy", place="vlm-p-long-chau")
    office.open("yen", name="Máy ép", unit="hoi", place="vlm-p-long-chau")

    def names(content: bytes) -> list[Any]:
        cells = openpyxl.load_workbook(io.BytesIO(content))["Đề án"]
        column = HANDED_OUT.index("name")
        return [row[column].value for row in cells.iter_rows(min_row=FIRST) if row[column].value is not None]

    assert names(out(office, "binh", place="vlm-p-long-chau")) == ["Máy sấy", "Máy ép"]
    assert names(out(office, "yen", place="vlm-p-long-chau")) == ["Máy ép"]
    with pytest.raises(Refused, match="Không có đề án nào"):
        out(office, "hanh", place="vlm-p-long-chau")
    with pytest.raises(Refused, match="Không có đề án nào"):
        out(office, "yen", unit="ttkc")


def test_cells_to_fill_are_open_and_the_others_locked(office: Any) -> None:
    office.open(name="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(out(office)))
    first = list(book["Đề án"][FIRST])

    assert [HANDED_OUT[place] for place, cell in enumerate(first) if cell.protection.locked] == ["code", "stage"]
    assert (book["Đề án"].protection.sheet, book["dean"].sheet_state) == (True, "veryHidden")
    assert first[HANDED_OUT.index("name")].data_type == "s"
