"""Ended đề án out of an old register: read by cell, vouched for, brought in by one event each."""

import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from pypdf import PdfReader
from sqlalchemy import text

from flows.jobs.imports.confirming import Imported, confirm
from flows.jobs.imports.old_records import OldBook
from flows.jobs.imports.preview import Preview, preview
from flows.jobs.imports.rows import Outcome
from flows.jobs.papers.letters.making import PaperForm
from flows.jobs.papers.open_data import newest_mart
from flows.jobs.papers.sheets.dossier import dossier_file
from flows.jobs.papers.tables.frame import Occasion
from flows.jobs.papers.tables.register import register_table
from flows.jobs.papers.tables.settlements import settlement_table
from models.append import Origin
from models.loading import load_person
from models.mart import publish, shelf_of
from models.queries import history, show_project
from models.queries.projects_sought import Sought
from models.report.freezing import freeze
from states.imports.wanted import Defaults
from states.periods import read_period
from states.refusal import Refused

PROGRAMME = "KC-VL-2021-2025"
HEAD = [
    *("TT", "Tên đề án", "Năm", "Nội dung", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm"),
    *("Quyết định phê duyệt", "KCĐP (triệu đồng)", "Đối ứng (triệu đồng)", "Kinh phí quyết toán (triệu đồng)"),
    *("T2_2", "Tình trạng"),
]
DRYER = [
    *(1, "Hỗ trợ máy sấy lúa", 2022, 2, "Trung tâm Khuyến công", None, "huyện Vũng Liêm"),
    *("QĐ số 512/QĐ-UBND ngày 15/3/2022", 300, 350.5, 280, 1, "Đã thanh lý"),
]
PRESS = [
    *(2, "Hỗ trợ máy ép gạch", 2023, 2, "Trung tâm Khuyến công", None, "xã Chánh An, huyện Mang Thít"),
    *("", 200, None, 0, None, "Dừng"),
]
BOOK = OldBook("chi", "Sổ theo dõi đề án 2021-2025 của Trung tâm")


def workbook(*rows: list[Any], head: list[Any] | None = None) -> bytes:
    made = openpyxl.Workbook()
    for row in (["TRUNG TÂM KHUYẾN CÔNG"], ["SỔ ĐỀ ÁN ĐÃ KẾT THÚC"], [], head or HEAD, *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def row_of(**changes: Any) -> list[Any]:
    """The dryer with other cells, by the first words of their heads."""
    cells = dict(zip(HEAD, DRYER, strict=True))
    return list((cells | {next(h for h in HEAD if h.startswith(k)): v for k, v in changes.items()}).values())


@pytest.fixture
def later(office: Any) -> Any:
    """The office in 2026, when the years of the old register are over."""
    office.at = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
    return office


def seen(office: Any, content: bytes, by: str = "binh", book: OldBook = BOOK, **more: Any) -> Preview:
    with office.store.read() as session:
        person = load_person(session, by)
        chosen = {"defaults": Defaults(programme=PROGRAMME), "today": office.today, "book": book} | more
        return preview(session, content, "sổ cũ.xlsx", by=person, **chosen)


def take(office: Any, content: bytes, by: str = "binh", book: OldBook = BOOK, **more: Any) -> Imported:
    with office.store.write() as session:
        person = load_person(session, by)
        chosen = {"defaults": Defaults(programme=PROGRAMME), "today": office.today, "book": book} | more
        origin = Origin(office.at, person.id, "test")
        return confirm(session, content, "sổ cũ.xlsx", by=person, origin=origin, files=office.store.files, **chosen)


def errors(office: Any, content: bytes, **more: Any) -> list[str]:
    return [str(error) for error in seen(office, content, **more).errors]


def one(office: Any, statement: str, **values: Any) -> Any:
    with office.store.read() as session:
        return session.connection().execute(text(statement), values).scalar_one()


def test_a_preview_tells_how_each_row_was_understood_and_writes_nothing(later: Any) -> None:
    before = later.everything()

    found = seen(later, workbook(DRYER, PRESS))

    assert [(row.outcome, row.name, row.errors) for row in found.rows] == [
        (Outcome.NEW, "Hỗ trợ máy sấy lúa", []),
        (Outcome.NEW, "Hỗ trợ máy ép gạch", []),
    ]
    assert [row.notes[-1] for row in found.rows] == [
        "Tình trạng “Đã thanh lý” được hiểu là Đã quyết toán.",
        "Tình trạng “Dừng” được hiểu là Ngừng triển khai.",
    ]
    assert [one.label for one in found.columns if one.letter in "HKM"] == [
        "quyết định phê duyệt",
        "kinh phí đã quyết toán",
        "giai đoạn",
    ]
    assert later.everything() == before


def test_confirming_writes_one_event_a_row_with_file_row_cells_voucher_and_basis(later: Any) -> None:
    content = workbook(DRYER, PRESS)

    done = take(later, content)

    assert done.sentence == "Đã nhập 2 đề án từ sổ cũ, sửa 0 đề án đã nhập; 0 dòng không đổi."
    bodies = "SELECT body FROM event WHERE subject_kind = 'project' AND subject_id = (SELECT min(id) FROM project)"
    more = json.loads(one(later, bodies))["more"]
    sha256 = one(later, "SELECT sha256 FROM import_file")
    assert (more["import"], more["sha256"], more["row"], more["basis"]) == (done.import_id, sha256, 5, BOOK.basis)
    assert (more["cells"]["settled"], more["cells"]["approved"], more["cells"]["stage"]) == ("K5", "I5", "M5")
    assert more["vouched_by"] == one(later, "SELECT id FROM person WHERE code = 'chi'")
    assert (later.store.files / sha256[:2] / sha256).read_bytes() == content
    noted = "Nhập từ tệp sổ cũ.xlsx; Sổ cũ: Lê Minh Chi xác nhận, căn cứ Sổ theo dõi đề án 2021-2025 của Trung tâm"
    assert one(later, "SELECT note FROM event WHERE subject_kind = 'import_file'") == noted
    with later.store.read() as session:
        [event] = history(session, done.opened[0])
        sheet = show_project(session, done.opened[0])
    assert (event["action"], event["vouched"]["status"]) == ("bring_in", "Đã thanh lý")
    assert sheet["vouched"]["place_then"] == "huyện Vũng Liêm, tỉnh Vĩnh Long"
    later.prove()


def test_the_same_file_again_and_the_same_rows_in_another_file_write_nothing(later: Any) -> None:
    content = workbook(DRYER, PRESS)
    take(later, content)
    before = later.everything()

    again, other = take(later, content), take(later, workbook(PRESS, DRYER))

    assert (again.import_id, again.unchanged, other.import_id, other.unchanged) == (0, 2, 0, 2)
    assert again.sentence.startswith("Tệp này đã nhập ngày 03/08/2026 bởi Trần Thị Bình")
    assert later.everything() == before


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (
            {"Tình": "Đang thực hiện"},
            "M5: Tình trạng “Đang thực hiện”: sổ cũ chỉ nhận đề án đã kết thúc; đề án đang làm hãy nhập như thường rồi "
            "đi từng bước.",
        ),
        ({"Tình": None}, "M5: Thiếu tình trạng; hãy thêm cột «Tình trạng»"),
        ({"Kinh": None}, "K5: Thiếu số đã quyết toán; hãy thêm cột «Kinh phí quyết toán»"),
        ({"KCĐP": None}, "I5: Thiếu kinh phí được phê duyệt; hãy thêm cột «Kinh phí phê duyệt»"),
        ({"Kinh": 301}, "K5: Số quyết toán 301.000.000 đồng lớn hơn số được phê duyệt 300.000.000 đồng"),
        ({"Kinh": 0}, "K5: Đề án đã quyết toán phải có số quyết toán lớn hơn 0 đồng"),
        ({"Kinh": "khoảng 280tr"}, "K5: Số tiền “khoảng 280tr” chưa phải con số chính xác"),
        ({"Năm": 2026}, "C5: Năm kế hoạch 2026 nằm ngoài chương trình KC-VL-2021-2025"),
        ({"Địa": "huyện Không Có"}, "G5: Không có đơn vị hành chính “huyện Không Có”"),
        ({"Quyết": "QĐ 512/QĐ-UBND ngày 15/3/2030"}, "H5: Ngày quyết định 15/03/2030 ở tương lai"),
    ],
)
def test_each_fault_names_its_cell_and_nothing_comes_in(later: Any, cells: dict[str, Any], error: str) -> None:
    content, before = workbook(row_of(**cells), PRESS), later.everything()

    found = errors(later, content)
    with pytest.raises(Refused):
        take(later, content)

    assert found[0].startswith(error)
    assert later.everything() == before
    assert list(later.store.files.rglob("*")) == []


def test_what_was_paid_must_be_what_was_settled(later: Any) -> None:
    head = [*HEAD[:10], "Đã giải ngân (triệu đồng)", *HEAD[10:]]

    unlike = errors(later, workbook([*DRYER[:10], 300, *DRYER[10:]], head=head))
    [row] = seen(later, workbook([*DRYER[:10], 280, None, *DRYER[11:]], head=head)).rows

    assert [found.partition(";")[0] for found in unlike] == [
        "K5: Số đã chi khác số quyết toán, còn phải trả hoặc thu hồi thì đề án chưa kết thúc"
    ]
    assert (row.errors, row.wanted.end.settled if row.wanted.end else 0) == ([], 280_000_000)
    assert "Số quyết toán được hiểu bằng số đã chi." in row.notes


def test_a_column_of_approved_money_makes_that_of_the_fund_what_was_asked(later: Any) -> None:
    head = [*HEAD[:9], "Kinh phí được duyệt (triệu đồng)", *HEAD[9:]]

    [code] = take(later, workbook([*DRYER[:9], 290, *DRYER[9:]], head=head)).opened

    with later.store.read() as session:
        [fund, _] = show_project(session, code)["funding"]
    assert (fund["asked"], fund["approved"], fund["settled"]) == (300_000_000, 290_000_000, 280_000_000)
    later.prove()


def test_figures_that_differ_are_refused_with_the_code_unless_a_reason_is_given(later: Any) -> None:
    take(later, workbook(DRYER, PRESS))
    content = workbook(row_of(Kinh=250), PRESS)

    [refused] = errors(later, content)
    [changed, same] = seen(later, content, book=OldBook("dung", "Biên bản 5", "Cộng nhầm")).rows
    done = take(later, content, book=OldBook("dung", "Biên bản 5", "Cộng nhầm"))

    assert refused == (
        "B5: Đề án KC-VL-2022-001 đã nhập từ sổ cũ và ghi khác (kinh phí đã quyết toán: 280.000.000 đồng → 250.000.000 "
        "đồng); nếu dòng này mới đúng, hãy nhập lại kèm lý do sửa (--correct LÝ_DO)."
    )
    assert (changed.outcome, changed.changes[0].address, same.outcome) == (Outcome.CHANGED, "K5", Outcome.SAME)
    assert (done.amended, done.unchanged) == (("KC-VL-2022-001",), 1)
    with later.store.read() as session:
        first, second = history(session, "KC-VL-2022-001")
    assert (first["vouched"]["by"], second["vouched"]["by"]) == ("chi", "dung")
    assert second["note"] == "Cộng nhầm (Nhập từ bảng «sổ cũ.xlsx»)"
    later.prove()


def test_a_project_that_was_worked_on_here_is_not_written_over(later: Any) -> None:
    later.at = datetime(2022, 5, 2, 2, 0, tzinfo=UTC)
    code = later.open(name="Hỗ trợ máy sấy lúa", plan_year=2022, beneficiaries=())
    later.at = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)

    assert errors(later, workbook(DRYER), book=OldBook("chi", "Sổ", "Sửa")) == [
        f"B5: Đề án {code} được lập và làm trong hệ thống; sổ cũ không ghi đè lên, hãy bỏ dòng này."
    ]


@pytest.mark.parametrize(
    ("by", "book", "words"),
    [
        ("an", BOOK, "không nhập sổ cũ được; cần: Điều phối viên của Sở"),
        ("chi", BOOK, "không được làm việc này"),
        ("giang", BOOK, "không được làm việc này"),
        ("hanh", BOOK, "không được làm việc này"),
        ("binh", OldBook("binh", "Sổ"), "không tự xác nhận; hãy ghi một người khác"),
        ("binh", OldBook("em", "Sổ"), "không xác nhận sổ cũ được"),
        ("binh", OldBook("khong-co", "Sổ"), "Không có người dùng «khong-co»"),
        ("binh", OldBook("", "Sổ"), "Phải ghi ai xác nhận sổ cũ"),
        ("binh", OldBook("chi", " "), "Phải ghi căn cứ xác nhận"),
    ],
)
def test_who_may_not_is_told(later: Any, by: str, book: OldBook, words: str) -> None:
    with pytest.raises(Refused, match=words):
        seen(later, workbook(DRYER), by, book)


def test_an_officer_vouches_for_the_own_unit_only(later: Any) -> None:
    content = workbook(DRYER)

    assert errors(later, content, book=OldBook("an", "Sổ")) == []
    assert [found[:38] for found in errors(later, content, book=OldBook("yen", "Sổ"))] == [
        "E5: Phạm Thị Yến chỉ làm việc với đề á"
    ]


def test_firms_with_a_tax_code_are_written_down_with_the_record(later: Any) -> None:
    head = [*HEAD, "MST"]
    content = workbook([*row_of(**{"Đơn vị thụ": "Công ty TNHH Hưng Thịnh"}), "1500123456"], head=head)

    [code] = take(later, content).opened

    with later.store.read() as session:
        assert [firm["tax_code"] for firm in show_project(session, code)["beneficiaries"]] == ["1500123456"]
    later.prove()


def test_columns_of_the_end_are_left_unread_in_a_list_of_projects_at_work(later: Any) -> None:
    with later.store.read() as session:
        binh = load_person(session, "binh")
        chosen = Defaults(programme=PROGRAMME)
        found = preview(session, workbook(DRYER), "sổ.xlsx", by=binh, today=later.today, defaults=chosen)

    assert [one.head for one in found.columns if not one.label] == [
        "Quyết định phê duyệt",
        "Kinh phí quyết toán (triệu đồng)",
        "Tình trạng",
    ]
    assert [row.outcome for row in found.rows] == [Outcome.NEW]


# --- what is printed and exported ---------------------------------------------------------------------


def test_tables_and_the_dossier_carry_the_mark(later: Any) -> None:
    code, _ = take(later, workbook(DRYER, PRESS)).opened

    with later.store.read() as session:
        occasion = Occasion(session, load_person(session, "binh"), later.at, False)
        listed = register_table(occasion, Sought()).book()
        closed = settlement_table(occasion, programme=PROGRAMME).book()
        cells = [
            [str(cell) for sheet in book.sheets for group in sheet.groups for row in group.rows for cell in row]
            for book in (listed, closed)
        ]
        dossier = dossier_file(occasion, code, PaperForm.PDF)

    assert [sorted({cell for cell in found if "(sổ cũ)" in cell}) for found in cells] == [
        ["Ngừng triển khai (sổ cũ)", "Đã quyết toán (sổ cũ)"]
    ] * 2
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(dossier.content)).pages).split())
    assert "Quyết toán: Đã quyết toán (sổ cũ)" in told
    assert "Lê Minh Chi xác nhận, căn cứ Sổ theo dõi đề án 2021-2025 của Trung tâm" in told


def test_open_data_and_the_report_of_a_year_hold_what_was_settled_before_its_cut_off(
    later: Any, tmp_path: Path
) -> None:
    head = [*HEAD, "Ngày quyết toán"]
    take(later, workbook([*DRYER, date(2022, 11, 20)], [*PRESS, None], head=head))

    publish(later.store, tmp_path, as_of=later.today, at=later.at)
    with closing(sqlite3.connect(newest_mart(shelf_of(tmp_path, demonstration=False)))) as mart:
        rows = mart.execute("SELECT code, old_record FROM project ORDER BY code").fetchall()
    with later.store.write() as session:
        binh = load_person(session, "binh")
        origin = Origin(later.at, binh.id, "test")
        frozen = freeze(session, PROGRAMME, read_period("năm 2022"), by=binh, origin=origin)

    assert rows == [("KC-VL-2022-001", 1), ("KC-VL-2023-001", 1)]
    assert '"cumulative": 280000000' in json.dumps(frozen.body)
    later.prove()
