"""An old register in the browser: who may, who vouches, what is shown of a project that came in ended."""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text

from tests.web.reading import read

HEAD = ("TT", "Tên đề án", "Năm", "Nội dung", "Đơn vị thực hiện", "Địa điểm", "KCĐP", "Kinh phí quyết toán", "T2_2")
GOOD = (1, "Hỗ trợ máy sấy lúa", 2022, 2, "ttkc", "huyện Vũng Liêm", 300, 280, 1, "Đã quyết toán")
BAD = (2, "Hỗ trợ máy ép", 2023, 2, "ttkc", "huyện Mang Thít", 200, 0, None, "Đang thực hiện")
CODE = "KC-VL-2022-001"
VOUCHED = {"vouched_by": "chi", "basis": "Sổ theo dõi 2021-2025"}


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in (("SỔ ĐỀ ÁN",), ("ĐVT: triệu đồng",), (*HEAD, "Tình trạng"), *rows):
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def sent(browser: Any, content: bytes, **typed: str) -> Any:
    chosen = {"programme": "KC-VL-2021-2025", **VOUCHED, **typed}
    return browser.post("/projects/import/old", files={"file": ("sổ cũ.xlsx", content)}, data=chosen)


def brought_in(web: Any, content: bytes | None = None) -> Any:
    browser = web.by("binh")
    form = read(sent(browser, content or book(GOOD)).text).form("/projects/import/old/confirm")
    return browser.post("/projects/import/old/confirm", data=form.filled())


def projects(web: Any) -> int:
    with web.office.store.read() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM project")).scalar_one())


def test_a_preview_says_who_vouches_and_the_confirmation_keeps_it(web: Any) -> None:
    page = read(sent(web.by("binh"), book(GOOD)).text)

    assert "Lê Minh Chi xác nhận, căn cứ: Sổ theo dõi 2021-2025" in page.text
    assert projects(web) == 0
    answer = brought_in(web)
    assert (answer.status_code, answer.headers["location"], projects(web)) == (303, "/projects", 1)
    web.office.prove()


def test_the_pages_of_an_old_record_show_its_mark_one_line_of_history_and_no_step(web: Any) -> None:
    brought_in(web)

    shown = {person: read(web.by(person).get(f"/projects/{CODE}").text) for person in ("an", "binh", "chi", "dung")}
    told = read(web.by("binh").get(f"/projects/{CODE}/history").text)
    listed = read(web.by("binh").get("/projects").text)
    behind = read(web.by("binh").get("/programme/KC-VL-2021-2025/rows?by=target&key=T2_2&step=implemented").text)
    figures = read(web.by("binh").get("/programme/KC-VL-2021-2025").text)

    line = "Nhập từ sổ cũ, Lê Minh Chi xác nhận, căn cứ Sổ theo dõi 2021-2025"
    for page in shown.values():
        assert "Đề án nhập từ sổ cũ, đã kết thúc trước khi có hệ thống này nên không còn bước nào." in page.text
        assert [link for link in page.links.values() if "/steps/" in link] == []
        assert (line in page.text, "sổ cũ không ghi ngày" in page.text, "chưa tới" in page.text) == (True, True, False)
    assert told.text.count(line) == 1
    assert ("Sổ cũ" in listed.text, "Sổ cũ" in behind.text) == (True, True)
    assert "Trong đó có 1 đề án từ sổ cũ, đã quyết toán 280" in figures.text
    assert "31/12/2022" not in " ".join(page.text for page in (*shown.values(), told, listed))


def test_lists_of_other_shapes_hold_an_old_record_too(web: Any) -> None:
    brought_in(web)
    browser = web.by("binh")

    paths = (
        "/projects/board",
        "/projects/timeline",
        f"/projects/print?code={CODE}",
        f"/projects/selection?code={CODE}",
    )
    answers = [browser.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert all("Hỗ trợ máy sấy lúa" in answer.text for answer in answers)


def test_a_step_that_is_typed_by_hand_is_refused(web: Any) -> None:
    brought_in(web)

    answer = web.by("chi").post(f"/projects/{CODE}/steps/revert", data={"note": "Ghi nhầm"})

    assert answer.status_code == 409
    assert "nhập từ sổ cũ" in read(answer.text).text


def test_remarks_are_welcome_on_an_old_record(web: Any) -> None:
    brought_in(web)
    browser = web.by("chi")
    form = next(form for form in read(browser.get(f"/projects/{CODE}").text).forms if form.action.endswith("/comments"))

    answer = browser.post(form.action, data=form.filled(words="Đã đối chiếu với sổ giấy"))

    assert answer.status_code == 303
    assert "Đã đối chiếu với sổ giấy" in read(browser.get(f"/projects/{CODE}").text).text


def test_rows_that_have_not_ended_come_back_marked(web: Any) -> None:
    browser = web.by("binh")
    page = read(sent(browser, book(GOOD, BAD)).text)

    marked = browser.post("/projects/import/old/marked", data=page.form("/projects/import/old/marked").filled())

    assert "sổ cũ chỉ nhận đề án đã kết thúc; đề án đang làm hãy nhập như thường rồi đi từng bước." in page.text
    cell = openpyxl.load_workbook(io.BytesIO(marked.content))["Sheet"]["J5"]
    assert cell.fill.start_color.rgb == "FFFFC7CE"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"vouched_by": "binh"}, "không tự xác nhận"),
        ({"vouched_by": "em"}, "không xác nhận sổ cũ được"),
        ({"vouched_by": ""}, "Phải ghi ai xác nhận sổ cũ"),
        ({"basis": " "}, "Phải ghi căn cứ xác nhận"),
    ],
)
def test_who_may_not_vouch_is_told_beside_the_form(web: Any, typed: dict[str, str], words: str) -> None:
    answer = sent(web.by("binh"), book(GOOD), **typed)

    assert (answer.status_code, words in read(answer.text).text) == (409, True)


def test_nobody_is_offered_the_own_name_to_vouch(web: Any) -> None:
    form = read(web.by("binh").get("/projects/import/old").text).form("/projects/import/old")

    assert set(form.options["vouched_by"]) == {"", "an", "yen", "bach", "chi", "chau", "dung"}


def test_other_figures_need_a_reason(web: Any) -> None:
    brought_in(web)
    changed = book((*GOOD[:7], 250, *GOOD[8:]))

    refused = read(sent(web.by("binh"), changed).text)
    form = read(sent(web.by("binh"), changed, correct="Cộng nhầm").text).form("/projects/import/old/confirm")
    answer = web.by("binh").post("/projects/import/old/confirm", data=form.filled())

    assert f"Đề án {CODE} đã nhập từ sổ cũ và ghi khác" in refused.text
    assert answer.status_code == 303
    web.office.prove()


@pytest.mark.parametrize("person", ["an", "yen", "chi", "dung", "em", "giang", "hanh"])
def test_only_coordinators_bring_old_records_in(web: Any, person: str) -> None:
    browser = web.by(person)

    assert browser.get("/projects/import/old").status_code == 403
    assert sent(browser, book(GOOD)).status_code == 403
    assert browser.post("/projects/import/old/confirm", data={}).status_code == 403
    assert browser.post("/projects/import/old/marked", data={}).status_code == 403


def test_the_choice_stands_on_the_page_of_imports_for_those_who_may(web: Any) -> None:
    links = [read(web.by(person).get("/projects/import").text).links for person in ("binh", "an")]

    assert ["Sổ cũ: đề án đã kết thúc" in found for found in links] == [True, False]


def test_an_outsider_sees_nothing_of_an_old_record(web: Any) -> None:
    brought_in(web)

    hidden = [web.by(person).get(f"/projects/{CODE}").status_code for person in ("yen", "hanh")]
    own = read(web.by("yen").get("/programme/KC-VL-2021-2025").text)

    assert hidden == [404, 404]
    assert "từ sổ cũ" not in own.text
