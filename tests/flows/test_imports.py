"""Registers that come in from workbooks: what is previewed, what is refused by cell, what is written."""

import io
import json
from datetime import date
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text

from flows.jobs.imports.confirming import Imported, confirm
from flows.jobs.imports.preview import Preview, preview
from flows.jobs.imports.rows import Outcome
from models.append import Origin
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.queries import history, show_project
from models.reminders.sweep import sweep
from models.verify import verify
from states.imports.wanted import Defaults
from states.refusal import Refused
from states.vocabulary import Route, Stage

HEAD = [
    *("STT", "Mã đề án", "Tên ĐA", "Nội dung", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "MST", "Địa điểm"),
    *("Thời gian", "Tổng kinh phí (triệu đồng)", "KCĐP (triệu đồng)", "Đối ứng (triệu đồng)"),
]
DRYER = [
    *(1, None, "Hỗ trợ máy sấy lúa", 2, "Trung tâm Khuyến công", "Cơ sở Tàu hủ ky Mỹ Hòa", None),
    *("xã Mỹ Hòa, thị xã Bình Minh", "quý III", 650.5, 300, 350.5),
]


def book(*rows: list[Any], head: list[Any] | None = None, title: str = "DANH MỤC ĐỀ ÁN NĂM 2024") -> bytes:
    made = openpyxl.Workbook()
    for row in (["SỞ CÔNG THƯƠNG"], [title], [], head or HEAD, *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def row_of(**changes: Any) -> list[Any]:
    """The dryer with other cells, by the words of their heads."""
    cells = dict(zip(HEAD, DRYER, strict=True))
    return list(
        (cells | {next(h for h in HEAD if h.startswith(name)): value for name, value in changes.items()}).values()
    )


def seen(office: Any, content: bytes, by: str = "an", **more: Any) -> Preview:
    with office.store.read() as session:
        return preview(session, content, "sổ.xlsx", by=load_person(session, by), today=office.today, **more)


def errors(office: Any, content: bytes, by: str = "an", **more: Any) -> list[str]:
    return [str(error) for error in seen(office, content, by, **more).errors]


def take(office: Any, content: bytes, by: str = "an", **more: Any) -> Imported:
    with office.store.write() as session:
        person = load_person(session, by)
        typed = {"origin": Origin(office.at, person.id, "test"), "today": office.today, "files": office.store.files}
        return confirm(session, content, "sổ.xlsx", by=person, **typed, **more)


def sheet(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        return show_project(session, code)


def one(office: Any, statement: str, **values: Any) -> Any:
    with office.store.read() as session:
        return session.connection().execute(text(statement), values).scalar_one()


def test_a_preview_tells_what_would_happen_and_writes_nothing(office: Any) -> None:
    before = office.everything()

    found = seen(office, book(DRYER))

    [row] = found.rows
    assert (row.outcome, row.number, row.name, row.errors) == (Outcome.NEW, 5, "Hỗ trợ máy sấy lúa", [])
    assert row.notes == [
        "Hoạt động được hiểu theo tên: Ứng dụng máy móc tiên tiến, chuyển giao công nghệ.",
        "“quý III” được hiểu là từ 01/07/2024 đến 30/09/2024.",
    ]
    assert (found.programme, found.head_row) == ("KC-VL-2021-2025", 4)
    assert office.everything() == before


def test_confirming_opens_projects_through_the_same_door_with_the_file_kept(office: Any) -> None:
    content = book(DRYER)

    done = take(office, content)

    [code] = done.opened
    shown = sheet(office, code)
    assert (shown["stage"], shown["total_cost"], shown["starts_on"], shown["ends_on"]) == (
        "draft",
        650_500_000,
        "2024-07-01",
        "2024-09-30",
    )
    assert [(row["source"], row["asked"]) for row in shown["funding"]] == [
        ("local_fund", 300_000_000),
        ("counterpart", 350_500_000),
    ]
    assert [firm["name"] for firm in shown["beneficiaries"]] == ["Cơ sở Tàu hủ ky Mỹ Hòa"]
    assert shown["place"]["name"].startswith("xã Mỹ Hòa, thị xã Bình Minh")
    body = json.loads(one(office, "SELECT body FROM event WHERE subject_kind = 'project'"))
    sha256 = one(office, "SELECT sha256 FROM import_file")
    assert body["more"] == {"import": done.import_id, "row": 5, "sha256": sha256}
    assert (office.store.files / sha256[:2] / sha256).read_bytes() == content
    assert verify(office.store).problems == ()


def test_the_same_file_again_is_told_and_writes_nothing(office: Any) -> None:
    content = book(DRYER)
    take(office, content)
    before = office.everything()

    again = take(office, content)

    assert (again.import_id, again.opened, again.amended, again.unchanged) == (0, (), (), 1)
    assert again.sentence == ("Tệp này đã nhập ngày 02/01/2024 bởi Nguyễn Văn An; không có gì đổi, không ghi gì thêm.")
    assert office.everything() == before


def test_changed_cells_of_a_known_project_are_shown_old_and_new_and_only_they_are_written(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy lúa", total_cost=650_500_000)
    content = book(row_of(Mã=code, Tổng=700, Đối=350, Thời=None, Địa=None))

    [row] = seen(office, content).rows
    take(office, content)

    assert (row.outcome, [(change.label, change.was, change.now, change.address) for change in row.changes]) == (
        Outcome.CHANGED,
        [("tổng kinh phí", "650.500.000 đồng", "700.000.000 đồng", "J5")],
    )
    assert sheet(office, code)["total_cost"] == 700_000_000
    assert office.facts(code).version == 2


def test_a_row_without_a_code_is_found_again_by_name_year_unit_and_beneficiary(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy lúa")
    other = office.open(name="Hỗ trợ máy sấy lúa", beneficiaries=(office.workshop("Xưởng Lan"),))

    rows = seen(office, book(DRYER, row_of(**{"Đơn vị thụ hưởng": "Xưởng Lan"}))).rows
    unclear = errors(office, book(row_of(**{"Đơn vị thụ hưởng": None})))

    assert [row.code for row in rows] == [code, other]
    assert unclear == [f"C5: Có nhiều đề án cùng tên: {code}, {other}; hãy ghi mã đề án."]


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (
            {"KCĐP": "khoảng 500tr"},
            "K5: Số tiền “khoảng 500tr” chưa phải con số chính xác; hãy gõ đúng số tiền, ví dụ "
            "300.000.000, 300tr hoặc 1,5 tỷ.",
        ),
        ({"Tên": None}, "C5: Thiếu tên đề án; hãy ghi vào cột tên."),
        ({"Nội": 9}, "D5: Nội dung “9” không rõ; hãy ghi số: 1 (Hỗ trợ nâng cao năng lực quản lý)"),
        ({"Địa": "Long Hồ"}, "H5: Địa điểm “Long Hồ” có thể là: "),
        ({"Địa": "xã Không Có"}, "H5: Không có đơn vị hành chính “xã Không Có”"),
        ({"MST": "12345"}, "G5: Mã số thuế “12345” phải gồm 10 chữ số"),
        ({"Đơn vị thực": "Sở Xây dựng"}, "E5: Không có đơn vị thực hiện “Sở Xây dựng”; hãy ghi tên hoặc mã: "),
        ({"Thời": "sau Tết"}, "I5: Thời gian “sau Tết” không đọc được"),
        ({"Mã": "KC-VL-2024-999"}, "B5: Không có đề án KC-VL-2024-999 trong phạm vi của Nguyễn Văn An"),
        ({"Đơn vị thực": "hoi"}, "E5: Nguyễn Văn An chỉ làm việc với đề án của đơn vị mình"),
    ],
)
def test_each_fault_names_its_cell_and_what_to_do(office: Any, cells: dict[str, Any], error: str) -> None:
    [found] = errors(office, book(row_of(**cells)))

    assert found.startswith(error)


def test_one_faulty_cell_keeps_everything_out(office: Any) -> None:
    content = book(DRYER, row_of(Tên="Hỗ trợ máy xát", KCĐP="khoảng 500tr"))
    before = office.everything()

    with pytest.raises(Refused, match="K6: Số tiền"):
        take(office, content)

    assert office.everything() == before
    assert list(office.store.files.rglob("*")) == []


def test_bytes_that_were_not_previewed_are_refused(office: Any) -> None:
    sha256 = seen(office, book(DRYER)).sha256

    with pytest.raises(Refused, match="khác tệp đã xem trước"):
        take(office, book(row_of(Tổng=1)), sha256=sha256)


def test_unknown_firms_with_a_tax_code_are_written_down_once(office: Any) -> None:
    firm = {"Đơn vị thụ": "Công ty TNHH Hưng Thịnh", "MST": 1500123456}
    content = book(row_of(**firm), row_of(Tên="Hỗ trợ máy xát", **firm))

    done = take(office, content)

    named = [sheet(office, code)["beneficiaries"][0] for code in done.opened]
    assert [firm["name"] for firm in named] == ["Công ty TNHH Hưng Thịnh"] * 2
    assert one(office, "SELECT kind FROM beneficiary WHERE tax_code = '1500123456'") == "enterprise"
    assert verify(office.store).problems == ()


def test_a_tax_code_finds_its_firm_whatever_the_name(office: Any) -> None:
    [row] = seen(office, book(row_of(**{"Đơn vị thụ": "Tàu hủ ky Mỹ Hòa (bà Lan)", "MST": "9900912345"}))).rows

    assert row.wanted.beneficiaries == (office.beneficiary,)


def test_unknown_firms_without_a_tax_code_are_named_and_written_down_only_on_request(office: Any) -> None:
    near = {"Đơn vị thụ": "Cơ sở Tàu hủ ky Mỹ Hoà 2"}
    content = book(row_of(**{"Đơn vị thụ": "Xưởng Gốm Lan"}), row_of(Tên="Hỗ trợ máy xát", **near))

    found = seen(office, content)
    before = office.everything()
    with pytest.raises(Refused, match="2 đơn vị thụ hưởng chưa có trong danh mục"):
        take(office, content)
    unwritten = office.everything() == before
    done = take(office, content, adds_firms=True)
    again = take(office, content)

    assert [found.told_of(firm) for firm in found.untaxed] == [
        "“Xưởng Gốm Lan”",
        f"“Cơ sở Tàu hủ ky Mỹ Hoà 2” (gần giống: số {office.beneficiary} “Cơ sở Tàu hủ ky Mỹ Hòa”)",
    ]
    named = [sheet(office, code)["beneficiaries"][0] for code in done.opened]
    assert [(firm["name"], firm["tax_code"]) for firm in named] == [
        ("Xưởng Gốm Lan", None),
        ("Cơ sở Tàu hủ ky Mỹ Hoà 2", None),
    ]
    assert (unwritten, again.import_id, again.unchanged) == (True, 0, 2)
    office.prove()


def test_correcting_what_was_handed_in_wants_one_reason_for_the_file(office: Any) -> None:
    code = office.bring(office.open(name="Hỗ trợ máy sấy lúa"), Stage.SUBMITTED)
    content = book(row_of(Mã=code, Tổng=700, Đối=350, Thời=None, Địa=None))

    with pytest.raises(Refused, match=f"Tệp sửa 1 đề án đã nộp \\({code}\\); hãy ghi một lý do sửa"):
        take(office, content, "binh")
    take(office, content, "binh", note="Sổ giấy ghi khác")

    with office.store.read() as session:
        told = history(session, code)[-1]
    assert (told["label"], told["note"]) == ("Sửa sai sót", "Sổ giấy ghi khác (Nhập từ bảng «sổ.xlsx»)")


def test_a_head_without_rows_is_no_agreement(office: Any) -> None:
    assert seen(office, book()).rows == []
    with pytest.raises(Refused, match="Không có dòng đề án nào dưới tiêu đề"):
        take(office, book())


def test_a_missing_programme_is_told_together_with_the_faulty_cells(office: Any) -> None:
    content = book(row_of(KCĐP="khoảng 500tr", Thời="sau Tết"), title="DANH MỤC ĐỀ ÁN")

    with pytest.raises(Refused) as refused:
        seen(office, content, defaults=Defaults(programme="KC-KHÁC", plan_year=2024))

    assert [reason.partition(" ")[0] for reason in refused.value.reasons] == ["Không", "K5:", "I5:"]


def test_marked_cells_speak_of_the_page(office: Any) -> None:
    head = ["Tên đề án", "Đơn vị thực hiện"]
    found = seen(office, book(["Việc chưa rõ", "ttkc"], head=head))

    said = "\n".join(found.marks()[found.sheet].values())

    assert "Chưa rõ tuyến; hãy thêm cột «Tuyến» hoặc chọn khi nhập." in said
    assert not any(word in said for word in ("--", "dean ", "machinery", "starts_on"))


def test_a_choice_about_nothing_is_refused(office: Any) -> None:
    with pytest.raises(Refused, match="Ô Z9 không có gì phải chọn"):
        seen(office, book(DRYER), choices={"Z9": "theirs"})


def test_what_the_submission_will_be_held_against_is_told_beside_the_row(office: Any) -> None:
    content = book(row_of(KCĐP=1000, Tổng=2000, Đối=1000, Nội=3, Thời="quý III/2024 đến quý I/2025"))

    [row] = seen(office, content).rows

    doubts = [note for note in row.notes if note.startswith("Lưu ý: ")]
    assert (row.outcome, row.errors) == (Outcome.NEW, [])
    assert doubts[0].startswith("Lưu ý: vượt mức hỗ trợ tối đa 700.000.000 đồng")
    assert doubts[1:] == [
        "Lưu ý: hoạt động này thường thuộc nội dung 2, dòng này ghi nội dung 3; hãy kiểm tra.",
        "Lưu ý: ngày kết thúc sau năm kế hoạch 2024; hãy kiểm tra.",
    ]


def test_a_new_project_does_not_lie_in_a_dissolved_commune(office: Any) -> None:
    content = book(row_of(Thời="05/08/2026"), title="DANH MỤC ĐỀ ÁN NĂM 2026")

    found = errors(office, content, defaults=Defaults(programme="KC-VL-2021-2025"))

    heirs = "hãy ghi: phường Cái Vồn, tỉnh Vĩnh Long."
    assert f"H5: Xã Mỹ Hòa không còn từ trước năm kế hoạch 2026; {heirs}" in found


def test_twice_the_same_row_is_an_error(office: Any) -> None:
    assert errors(office, book(DRYER, DRYER)) == [
        "C6: Trùng tên, năm, đơn vị và đơn vị thụ hưởng với dòng 5; hãy bỏ một dòng."
    ]


def test_money_of_a_known_project_moves_by_steps_only(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy lúa")

    [found] = errors(office, book(row_of(Mã=code, KCĐP=320, Đối=350)))

    assert found == (
        f"K5: KC địa phương của {code} trong sổ là 300.000.000 đồng; số tiền chỉ đổi theo bước (nộp lại, thẩm định, "
        "điều chỉnh), không đổi bằng bảng nhập."
    )


def test_the_guards_of_the_pages_hold_in_the_preview_too(office: Any) -> None:
    code = office.bring(office.open(name="Hỗ trợ máy sấy lúa"), Stage.SUBMITTED)
    content = book(row_of(Mã=code, Tổng=700, Đối=350, Thời=None, Địa=None))

    by_officer, by_coordinator = errors(office, content), seen(office, content, "binh")

    assert by_officer == ["J5: Hồ sơ đã nộp; chỉ điều phối viên của Sở sửa được sai sót, kèm lý do."]
    assert [row.outcome for row in by_coordinator.rows] == [Outcome.CHANGED]


@pytest.mark.parametrize("person", ["chi", "dung", "em", "giang", "hanh"])
def test_who_opens_no_projects_imports_none(office: Any, person: str) -> None:
    with pytest.raises(Refused, match="không được làm việc này"):
        seen(office, book(DRYER), person)


def test_projects_of_another_unit_are_neither_found_nor_told(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy lúa")
    content = book(row_of(Mã=code, **{"Đơn vị thực": None}))

    hidden = errors(office, content, "yen")
    missing = errors(office, book(row_of(Mã="KC-VL-2024-777", **{"Đơn vị thực": None})), "yen")
    [fresh] = seen(office, book(row_of(**{"Đơn vị thực": None})), "yen").rows

    assert hidden == [missing[0].replace("KC-VL-2024-777", code)]
    assert (fresh.outcome, fresh.wanted.unit) == (Outcome.NEW, "hoi")


def test_what_the_file_does_not_say_is_chosen_when_it_is_imported(office: Any) -> None:
    head = ["Tên đề án", "Kinh phí hỗ trợ (triệu đồng)"]
    content = book(["Hỗ trợ đầu tư nhà xưởng", 300], head=head, title="DANH MỤC")
    chosen = Defaults(plan_year=2024, unit="ttkc", route=Route.NATIONAL, activity="machinery", content=2)

    lacking = errors(office, content, "binh", defaults=Defaults(plan_year=2024))
    [row] = seen(office, content, "binh", defaults=chosen).rows

    assert [found.partition(";")[0] for found in lacking] == [
        "Dòng 5: Chưa rõ nội dung",
        "Dòng 5: Chưa rõ tuyến",
        "Dòng 5: Chưa rõ đơn vị thực hiện",
        "Dòng 5: Chưa rõ hoạt động",
    ]
    assert (row.outcome, {str(k): v for k, v in row.wanted.amounts.items()}) == (
        Outcome.NEW,
        {"national_fund": 300_000_000},
    )


def test_formulas_without_a_value_are_named(office: Any) -> None:
    assert [found[:14] for found in errors(office, book(row_of(Tổng="=300+350")))] == ["J5: Ô có công "]


def test_rows_and_columns_that_nobody_sees_are_told(office: Any) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(*(row_of(Tên=f"Máy {number}") for number in range(5)))))
    for row in (5, 6, 9):
        made.active.row_dimensions[row].hidden = True
    made.active.column_dimensions["J"].hidden = True
    written = io.BytesIO()
    made.save(written)

    found = seen(office, written.getvalue())

    assert [(place, sentence.partition(" đang ẩn")[0], warns) for place, sentence, warns in found.remarks] == [
        ("Dòng 5–6", "dòng", True),
        ("Dòng 9", "dòng", True),
        ("Cột J", "cột «Tổng kinh phí (triệu đồng)»", True),
    ]


def test_two_sheets_with_registers_ask_which_one(office: Any) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(DRYER)))
    made.copy_worksheet(made.active).title = "Bản sao"
    written = io.BytesIO()
    made.save(written)

    with pytest.raises(Refused, match="Tệp có nhiều trang là danh sách đề án: «Sheet», «Bản sao»"):
        seen(office, written.getvalue())
    assert seen(office, written.getvalue(), sheet="Bản sao").sheet == "Bản sao"


def test_a_file_that_is_no_workbook_is_refused(office: Any) -> None:
    with pytest.raises(Refused, match="không phải bảng tính"):
        seen(office, b"%PDF-1.7")


def test_nobody_is_reminded_of_what_fell_before_the_import(office: Any) -> None:
    """The check of a dossier that came in late was due before; its unit is not told of the past."""
    office.at = office.at.replace(year=2026, month=3, day=2)
    chosen = Defaults(programme="KC-VL-2021-2025", plan_year=2025)
    content = book([*DRYER, 1], head=[*HEAD, "T2_2"], title="DANH MỤC")
    [imported] = take(office, content, defaults=chosen).opened
    typed = office.open(plan_year=2025)
    for code in (imported, typed):
        office.bring(code, Stage.SUBMITTED)
    office.tamper(f"UPDATE project SET remind_from = '2026-04-01' WHERE code = '{imported}'")

    with office.store.write() as session:
        sweep(session, as_of=date(2026, 3, 20), at=office.at)

    told = "SELECT count(*) FROM reminder WHERE subject = :code AND status = 'waiting'"
    assert (one(office, told, code=imported), one(office, told, code=typed) > 0) == (0, True)
    assert one(office, "SELECT count(*) FROM project WHERE remind_from IS NOT NULL") == 1


def test_imports_work_on_both_databases(office_on_both: Any) -> None:
    with office_on_both.store.write() as session:
        form = BeneficiaryForm(name="Xưởng Mứt gừng", kind="household", tax_code="1500999888")
        add_beneficiary(session, form, office_on_both.origin)
    content = book(DRYER, row_of(Tên="Hỗ trợ máy xát", **{"Đơn vị thụ": None, "MST": "1500999888"}))

    first, second = take(office_on_both, content), take(office_on_both, content)

    assert (len(first.opened), second.unchanged, second.import_id) == (2, 2, 0)
    office_on_both.prove()
