"""Registers as offices have them, written by other programs, come in without anybody touching code.

The sources in `ugly/` are LibreOffice's flat files; LibreOffice writes the workbooks from them, as an office would.
"""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from flows.jobs.imports.confirming import confirm
from flows.jobs.imports.old_records import OldBook
from flows.jobs.imports.preview import Preview, preview
from models.append import Origin
from models.loading import load_person
from models.queries import show_project
from states.imports.wanted import Defaults
from states.vocabulary import Source

SOURCES = Path(__file__).parent / "ugly"
TRIEU = 1_000_000
FORMATS = {"xlsx": "xlsx", "xls": "xls:MS Excel 97", "ods": "ods"}


@pytest.fixture(scope="module")
def workbooks(libreoffice: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each source in each format that LibreOffice writes."""
    folder = tmp_path_factory.mktemp("ugly")
    sources = sorted(SOURCES.glob("*.fods"))
    made = [path for to in FORMATS.values() for path in libreoffice(sources, to, folder)]
    return {path.name: path.read_bytes() for path in made}


def seen(office: Any, content: bytes, name: str, **chosen: Any) -> Preview:
    with office.store.read() as session:
        by = load_person(session, "binh")
        return preview(session, content, name, by=by, today=office.today, defaults=Defaults(**chosen))


def told(found: Preview) -> list[tuple[Any, ...]]:
    """Row, name, content, days and money in triệu, as they were understood."""
    return [
        (
            row.number,
            row.name,
            row.wanted.content,
            str(row.wanted.route),
            row.wanted.values.get("starts_on"),
            row.wanted.values.get("ends_on"),
            {str(source): amount / TRIEU for source, amount in row.wanted.amounts.items() if amount},
        )
        for row in found.rows
    ]


def prove_it_comes_in(office: Any, content: bytes, name: str, opened: int, **chosen: Any) -> None:
    with office.store.write() as session:
        by = load_person(session, "binh")
        origin = Origin(office.at, by.id, "test")
        done = confirm(
            session,
            content,
            name,
            files=office.store.files,
            by=by,
            origin=origin,
            today=office.today,
            defaults=Defaults(**chosen),
        )
    assert len(done.opened) == opened
    office.prove()


@pytest.mark.parametrize("to", FORMATS)
def test_a_yearly_list_with_titles_groups_formulas_and_signatures(
    office: Any, workbooks: dict[str, bytes], to: str
) -> None:
    content, name = workbooks[f"ke-hoach.{to}"], f"ke-hoach.{to}"

    found = seen(office, content, name, unit="ttkc")

    assert [str(error) for error in found.errors] == []
    assert told(found) == [
        (11, "Hỗ trợ ứng dụng máy sấy lúa", 2, "local", date(2024, 7, 1), date(2024, 9, 30), money(195.75, 204.25)),
        (12, "Hỗ trợ ứng dụng máy đóng gói", 2, "local", date(2024, 3, 1), date(2024, 11, 30), money(300, 350)),
        (
            13,
            "Hỗ trợ dây chuyền sản xuất nước mắm",
            2,
            "national",
            date(2024, 1, 1),
            date(2024, 12, 31),
            {"national_fund": 411, "counterpart": 500},
        ),
        (15, "Hỗ trợ đăng ký nhãn hiệu chả lụa", 3, "local", date(2024, 8, 1), date(2024, 8, 31), money(35, 35)),
    ]
    assert [row.wanted.unit for row in found.rows] == ["ttkc"] * 4
    assert [row.wanted.values["total_cost"] / TRIEU for row in found.rows] == [400, 650, 911, 70]
    assert [sentence for _, sentence, is_warning in found.remarks if is_warning] == []
    prove_it_comes_in(office, content, name, 4, unit="ttkc")


def money(fund: float, counterpart: float) -> dict[str, float]:
    return {str(Source.LOCAL_FUND): fund, str(Source.COUNTERPART): counterpart}


@pytest.mark.parametrize("to", FORMATS)
def test_a_tracking_list_with_text_amounts_mixed_dates_and_repeated_heads(
    office: Any, workbooks: dict[str, bytes], to: str
) -> None:
    content, name = workbooks[f"theo-doi.{to}"], f"theo-doi.{to}"
    chosen: dict[str, Any] = {"plan_year": 2024, "route": "local"}

    found = seen(office, content, name, **chosen)

    assert [str(error) for error in found.errors] == []
    assert told(found) == [
        (3, "Hỗ trợ máy xát gạo", 2, "local", date(2024, 3, 1), date(2024, 9, 30), money(300, 350)),
        (4, "Hỗ trợ máy ép dầu", 2, "local", date(2024, 4, 1), date(2024, 11, 30), money(250, 300)),
        (6, "Hỗ trợ máy cưa", 2, "local", date(2024, 4, 1), date(2024, 12, 31), {"local_fund": 200}),
    ]
    assert [[firm.kind for firm in row.wanted.fresh] for row in found.rows] == [
        ["enterprise"],
        ["cooperative"],
        ["enterprise"],
    ]
    assert [one.head for one in found.columns if not one.label] == ["Cán bộ theo dõi"]
    prove_it_comes_in(office, content, name, 3, **chosen)


@pytest.mark.parametrize("to", FORMATS)
def test_an_old_register_with_districts_that_are_gone_and_a_head_over_two_rows(
    office: Any, workbooks: dict[str, bytes], to: str
) -> None:
    content, name = workbooks[f"so-cu.{to}"], f"so-cu.{to}"
    office.at = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
    chosen = Defaults(programme="KC-VL-2021-2025")
    book = OldBook("chi", "Sổ theo dõi 2021-2025")

    with office.store.read() as session:
        binh = load_person(session, "binh")
        found = preview(session, content, name, by=binh, today=office.today, defaults=chosen, book=book)
    with office.store.write() as session:
        origin = Origin(office.at, binh.id, "test")
        kept = {"files": office.store.files, "today": office.today, "defaults": chosen, "book": book}
        done = confirm(session, content, name, by=binh, origin=origin, **kept)

    ends = [(row.wanted.plan_year, row.wanted.end) for row in found.rows if row.wanted.end]
    assert [str(error) for error in found.errors] == []
    assert [
        (year, str(end.stage), (end.approved or 0) / TRIEU, (end.settled or 0) / TRIEU, end.settled_on)
        for year, end in ends
    ] == [
        (2021, "settled", 300, 280, date(2021, 12, 20)),
        (2022, "settled", 1000, 1000, None),
        (2023, "stopped", 200, 0, None),
        (2025, "settled", 35, 35, date(2025, 10, 5)),
    ]
    assert [(end.decision, end.decided_on) for _, end in ends][:2] == [
        ("512/QĐ-UBND", date(2021, 3, 15)),
        ("1480/QĐ-BCT", None),
    ]
    assert [one.head for one in found.columns if not one.label] == ["Cán bộ"]
    assert [sentence for _, sentence, is_warning in found.remarks if is_warning] == []
    with office.store.read() as session:
        places = [show_project(session, code)["vouched"]["place_then"] for code in done.opened]
    assert places == [
        "huyện Vũng Liêm, tỉnh Vĩnh Long",
        "thị trấn Cái Nhum, huyện Mang Thít, tỉnh Vĩnh Long",
        "huyện Mang Thít, tỉnh Vĩnh Long",
        "phường Bình Minh, tỉnh Vĩnh Long",
    ]
    office.prove()


def test_a_list_in_text_with_decimal_commas(office: Any) -> None:
    content = (SOURCES / "danh-sach.csv").read_bytes()

    found = seen(office, content, "danh-sach.csv", unit="ttkc")

    assert [str(error) for error in found.errors] == []
    assert [(name, route, amounts) for _, name, _, route, _, _, amounts in told(found)] == [
        ("Hỗ trợ máy sấy; máy xát", "local", {"local_fund": 195.75}),
        ("Hỗ trợ dây chuyền tinh bột", "national", {"national_fund": 1000}),
    ]
    assert [sentence for _, sentence, is_warning in found.remarks if is_warning] == []
    prove_it_comes_in(office, content, "danh-sach.csv", 2, unit="ttkc")


def test_a_workbook_of_openpyxl_with_groups_by_route_and_a_wrong_total(office: Any) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "KH 2024"
    rows: list[list[Any]] = [
        ["KẾ HOẠCH NĂM 2024"],
        ["STT", "TÊN ĐỀ ÁN", "ĐV THỰC HIỆN", "ĐƠN VỊ THỤ HƯỞNG", "MỨC HỖ TRỢ (1.000 đồng)", "GHI CHÚ"],
        ["A", "KHUYẾN CÔNG QUỐC GIA"],
        ["I", "Nhóm 2"],
        [1, "Mô hình trình diễn sấy thăng hoa", "Trung tâm Khuyến công", "Cơ sở Tàu hủ ky Mỹ Hòa", 1_000_000, None],
        ["B", "KHUYẾN CÔNG ĐỊA PHƯƠNG"],
        ["I", "Nhóm 2"],
        [1, "Máy cắt tàu hủ", "Trung tâm Khuyến công", "Cơ sở Tàu hủ ky Mỹ Hòa", "250.000", "chuyển tiếp"],
        ["TỔNG CỘNG", None, None, None, 1_350_000],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.freeze_panes = "A3"
    written = io.BytesIO()
    made.save(written)

    found = seen(office, written.getvalue(), "kh.xlsx")

    assert [(name, content, route, amounts) for _, name, content, route, _, _, amounts in told(found)] == [
        ("Mô hình trình diễn sấy thăng hoa", 2, "national", {"national_fund": 1000}),
        ("Máy cắt tàu hủ", 2, "local", {"local_fund": 250}),
    ]
    assert [(place, sentence) for place, sentence, is_warning in found.remarks if is_warning] == [
        (
            "E9",
            "Dòng “TỔNG CỘNG” ghi 1.350.000.000 đồng, cộng 2 dòng phía trên được 1.250.000.000 đồng; hãy kiểm tra.",
        )
    ]
    prove_it_comes_in(office, written.getvalue(), "kh.xlsx", 2)


def test_a_workbook_of_xlsxwriter_with_formulas_dates_and_two_columns_of_days(office: Any) -> None:
    written = io.BytesIO()
    made = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet, day = made.add_worksheet("Sổ"), made.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("B2:H2", "SỔ ĐỀ ÁN 2024")
    sheet.write_row("B4", ["Năm", "Đề án", "Nội dung", "Cấp", "Thời gian", "", "Dự toán (triệu đồng)", "DN đối ứng"])
    sheet.write_row("B5", ["", "", "", "", "Từ ngày", "Đến ngày", "", "(triệu đồng)"])
    sheet.write_row("B6", [2024, "Hỗ trợ máy tráng bánh", 2, "KC địa phương"])
    sheet.write_datetime("F6", date(2024, 5, 2), day)
    sheet.write_string("G6", "31/10/2024")
    sheet.write_formula("H6", "=300+350", None, 650)
    sheet.write_number("I6", 350)
    made.close()

    found = seen(office, written.getvalue(), "so.xlsx", unit="hoi")

    assert [str(error) for error in found.errors] == []
    assert told(found) == [
        (6, "Hỗ trợ máy tráng bánh", 2, "local", date(2024, 5, 2), date(2024, 10, 31), {"counterpart": 350})
    ]
    assert found.rows[0].wanted.values["total_cost"] == 650 * TRIEU
    prove_it_comes_in(office, written.getvalue(), "so.xlsx", 1, unit="hoi")
