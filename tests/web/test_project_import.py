"""Importing a register in the browser: preview, marked file, confirmation, and who may."""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text

from flows.jobs.imports.handing_out import offline_workbook
from models.loading import load_person
from models.projects import amend
from models.queries import show_project
from tests.web.reading import Page, read

HEAD = ("STT", "Mã đề án", "Tên đề án", "Nội dung", "Đơn vị thực hiện", "Thời gian", "KCĐP (triệu đồng)")
GOOD = (1, None, "Hỗ trợ máy sấy lúa", 2, "ttkc", "quý III", 300)
BAD = (2, None, "Hỗ trợ máy xát", 2, "ttkc", "quý III", "khoảng 500tr")


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in (("DANH MỤC ĐỀ ÁN NĂM 2024",), (), HEAD, *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def sent(browser: Any, content: bytes, name: str = "sổ đề án.xlsx", **chosen: str) -> Any:
    return browser.post("/projects/import", files={"file": (name, content)}, data=chosen)


def seen(browser: Any, content: bytes, **chosen: str) -> Page:
    answer = sent(browser, content, **chosen)
    assert answer.status_code == 200, read(answer.text).text
    return read(answer.text)


def projects(web: Any) -> int:
    with web.office.store.read() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM project")).scalar_one())


def test_a_preview_shows_rows_with_faulty_cells_first_and_writes_nothing(web: Any) -> None:
    before = web.office.everything()

    page = seen(web.by("an"), book(GOOD, BAD))

    rows = next(rows for rows in page.tables if rows[0][0] == "Dòng")
    assert [row[:3] for row in rows[1:]] == [["5", "lỗi", "Hỗ trợ máy xát"], ["4", "mới", "Hỗ trợ máy sấy lúa"]]
    assert rows[1][3].startswith("G5 : Số tiền “khoảng 500tr”") or "G5" in rows[1][3]
    assert [form.action for form in page.forms if form.action.startswith("/projects/import/")] == [
        "/projects/import/marked"
    ]
    assert {k: v for k, v in web.office.everything().items() if k != "web_session"} == {
        k: v for k, v in before.items() if k != "web_session"
    }


def test_confirming_takes_the_previewed_bytes(web: Any) -> None:
    browser = web.by("an")
    form = seen(browser, book(GOOD)).form("/projects/import/confirm")

    answer = browser.post("/projects/import/confirm", data=form.filled())

    assert (answer.status_code, answer.headers["location"], projects(web)) == (303, "/projects", 1)
    assert "Đã lập 1 đề án mới, cập nhật 0 đề án; 0 dòng không đổi." in read(browser.get("/projects").text).text
    web.office.prove()


def test_the_marked_file_is_the_persons_own_with_red_cells(web: Any) -> None:
    browser = web.by("an")
    form = seen(browser, book(GOOD, BAD)).form("/projects/import/marked")

    answer = browser.post("/projects/import/marked", data=form.filled())

    cell = openpyxl.load_workbook(io.BytesIO(answer.content))["Sheet"]["G5"]
    assert (cell.fill.start_color.rgb, cell.comment.text[:7]) == ("FFFFC7CE", "Số tiền")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''s%E1%BB%95")


def test_nobody_confirms_what_another_person_previewed(web: Any) -> None:
    form = seen(web.by("an"), book(GOOD)).form("/projects/import/confirm")

    answer = web.by("binh").post("/projects/import/confirm", data=form.filled())

    assert (answer.status_code, projects(web)) == (409, 0)
    assert "Tệp đã gửi không còn ở đây" in read(answer.text).text


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "0" * 64])
def test_a_hash_that_names_no_waiting_file_is_refused(web: Any, sha256: str) -> None:
    answer = web.by("an").post("/projects/import/confirm", data={"sha256": sha256, "file_name": "a.xlsx"})

    assert answer.status_code == 409


def test_a_file_that_waited_longer_than_a_day_is_gone(web: Any) -> None:
    browser = web.by("an")
    form = seen(browser, book(GOOD)).form("/projects/import/confirm")
    web.office.at = web.office.at.replace(day=web.office.at.day + 2)
    seen(web.by("binh"), book(BAD))

    answer = web.by("an").post("/projects/import/confirm", data=form.filled())

    assert (answer.status_code, projects(web)) == (409, 0)


@pytest.mark.parametrize(("side", "partner"), [("ours", "Hội Phụ nữ"), ("theirs", "Đoàn Thanh niên")])
def test_cells_changed_on_both_sides_are_chosen_on_the_page(web: Any, side: str, partner: str) -> None:
    office, browser = web.office, web.by("an")
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    with office.store.read() as session:
        an = load_person(session, "an")
        _, handed_out = offline_workbook(session, reader=an, today=office.today, unit="ttkc")
    made = openpyxl.load_workbook(io.BytesIO(handed_out))
    made["Đề án"]["I5"] = "Đoàn Thanh niên"
    written = io.BytesIO()
    made.save(written)
    with office.store.write() as session:
        amend(session, code, {"partner": "Hội Phụ nữ"}, by=an, origin=office.origin)

    form = seen(browser, written.getvalue()).form("/projects/import/confirm")
    unchosen = browser.post("/projects/import/confirm", data=form.filled(choose=None))
    browser.post("/projects/import/confirm", data=form.filled(choose=f"I5={side}"))

    assert (unchosen.status_code, form.options["choose"]) == (409, ["", "I5=ours", "I5=theirs"])
    with office.store.read() as session:
        assert show_project(session, code)["partner"] == partner


def test_what_cannot_be_read_is_refused_beside_the_form(web: Any) -> None:
    browser = web.by("an")

    answers = [
        sent(browser, b"%PDF-1.7"),
        sent(browser, book(GOOD), plan_year="0000"),
        browser.post("/projects/import"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert "Tệp không phải bảng tính" in read(answers[0].text).text
    assert "Hãy chọn tệp bảng tính." in read(answers[2].text).text


@pytest.mark.parametrize("person", ["chi", "dung", "em", "giang", "hanh"])
def test_only_who_opens_projects_imports(web: Any, person: str) -> None:
    browser = web.by(person)

    assert browser.get("/projects/import").status_code == 403
    assert sent(browser, book(GOOD)).status_code == 403
    assert browser.post("/projects/import/confirm", data={}).status_code == 403


def test_the_list_leads_here_for_those_who_may(web: Any) -> None:
    links = [read(web.by(person).get("/projects").text).links for person in ("an", "hanh")]

    assert ["Nhập đề án từ bảng tính" in found for found in links] == [True, False]


def test_an_outsider_learns_nothing_of_a_project_by_its_code(web: Any) -> None:
    code = web.office.open(name="Hỗ trợ máy sấy lúa")

    page = seen(web.by("yen"), book((1, code, "Tên khác", 2, None, None, 300)))

    assert f"Không có đề án {code} trong phạm vi của Phạm Thị Yến" in page.text
    assert "Hỗ trợ máy sấy lúa" not in page.text


def test_the_workbook_to_fill_in_is_asked_for_beside_the_import(web: Any) -> None:
    code, browser = web.office.open(name="Hỗ trợ máy sấy lúa"), web.by("an")
    form = next(one for one in read(browser.get("/projects/import").text).forms if one.action == "/exports/commune")

    answer = browser.get("/exports/commune", params=form.filled())

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Đề án"]
    assert [cell.value for cell in sheet[5]][:3] == [code, "Nháp", "Hỗ trợ máy sấy lúa"]


def test_a_workbook_of_nobody_is_refused_beside_its_field(web: Any) -> None:
    answer = web.by("binh").get("/exports/commune", params={"place": "", "unit": ""})

    page = read(answer.text)
    assert (answer.status_code, "/projects/import" in [form.action for form in page.forms]) == (400, True)
    assert "Chưa rõ bảng của ai; hãy ghi mã địa bàn, hoặc đơn vị." in page.text
    assert web.by("em").get("/exports/commune").status_code == 400


def test_new_beneficiaries_are_ticked_and_corrections_get_a_reason_on_the_page(web: Any) -> None:
    office = web.office
    code = office.bring(office.open(name="Hỗ trợ máy ép"), "submitted")
    browser = web.by("binh")
    made = openpyxl.Workbook()
    head = ("Mã đề án", "Tên đề án", "Nội dung", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "KCĐP (triệu đồng)")
    rows = ((None, "Hỗ trợ máy sấy lúa", 2, "ttkc", "Xưởng Gốm Lan", 300), (code, "Hỗ trợ máy ép dầu"))
    for row in (("DANH MỤC NĂM 2024",), head, *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)

    page = seen(browser, written.getvalue())
    form = page.form("/projects/import/confirm")
    silent = browser.post("/projects/import/confirm", data=form.filled(note=""))
    taken = browser.post("/projects/import/confirm", data=form.filled(note="Ghi nhầm tên", adds_firms="1"))

    assert "“Xưởng Gốm Lan”" in page.text
    assert (silent.status_code, taken.status_code, projects(web)) == (409, 303, 2)
    assert "--" not in read(silent.text).text
    assert "Hãy sửa thành tên đã có, hoặc xác nhận ghi mới các đơn vị này." in read(silent.text).text


def test_a_head_without_rows_is_no_agreement(web: Any) -> None:
    page = seen(web.by("an"), book())

    assert "Không có dòng đề án nào dưới tiêu đề" in page.text
    assert "Mọi dòng đều đúng" not in page.text
