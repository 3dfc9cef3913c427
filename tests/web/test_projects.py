"""The lists of projects: filters, orders, columns, kept lists, choices, board and time line; nothing that is hidden."""

import re
from typing import Any

import pytest

from models.patience import patiently
from models.queries.scope import LARGEST_PAGE
from states.vocabulary import Route, Source, Stage
from tests.web.reading import Page, read
from web.pages.projects import PAGE
from web.pages.projects_asked import COLUMNS

TRIEU = 1_000_000
PLACE, OTHER_PLACE = "vlm-p-long-chau", "vlm-p-thanh-duc"


def seen(browser: Any, path: str, status: int = 200) -> Page:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text
    return read(answer.text)


def codes(page: Page) -> list[str]:
    """The codes of the first table's rows, in their order."""
    found = (re.search(r"KC-VL-\d{4}-\d{3}", " ".join(row)) for row in page.tables[0][1:]) if page.tables else ()
    return [match[0] for match in found if match]


def few(office: Any) -> list[str]:
    """A draft of each unit, one submitted with a beneficiary of its own, and one that is settled."""
    return [
        office.open(name="Máy ép dầu", place=PLACE),
        office.open(by="yen", unit="hoi", name="Bí mật của Hội", plan_year=2025, beneficiaries=()),
        office.bring(
            office.open(
                name="Âm thanh",
                place=OTHER_PLACE,
                beneficiaries=(office.workshop("Hợp tác xã Dừa sáp"),),
                amounts={Source.LOCAL_FUND: 100 * TRIEU, Source.COUNTERPART: 350 * TRIEU},
            ),
            Stage.SUBMITTED,
        ),
        office.bring(
            office.open(name="Lò nung", route=Route.NATIONAL, place=PLACE, beneficiaries=(office.workshop("Gốm"),)),
            Stage.SETTLED,
        ),
    ]


# --- filters ------------------------------------------------------------------------------------------


def test_list_is_filtered_by_everything_that_it_offers(web: Any) -> None:
    press, secret, sound, kiln = few(web.office)
    browser = web.by("binh")

    shown = {
        query: codes(seen(browser, f"/projects?{query}"))
        for query in (
            "",
            "state=settled",
            "stage=draft",
            "year=2025",
            "route=national",
            "content=2",
            "content=3",
            "unit=hoi",
            f"place={PLACE}",
            "programme=KC-VL-2021-2025",
            "words=dua+sap",
            "words=MÁY ÉP",
            "deadline=overdue",
            "deadline=none",
            "stage=draft&year=2024",
        )
    }

    assert shown == {
        "": [secret, kiln, sound, press],
        "state=settled": [kiln],
        "stage=draft": [secret, press],
        "year=2025": [secret],
        "route=national": [kiln],
        "content=2": [secret, kiln, sound, press],
        "content=3": [],
        "unit=hoi": [secret],
        f"place={PLACE}": [kiln, press],
        "programme=KC-VL-2021-2025": [secret, kiln, sound, press],
        "words=dua+sap": [sound],
        "words=MÁY ÉP": [press],
        "deadline=overdue": [sound],
        "deadline=none": [secret, kiln, press],
        "stage=draft&year=2024": [press],
    }


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("year=hai+nghìn", "Năm phải là một số"),
        ("state=unknown", "không có trong danh sách"),
        ("unit=x", "Không có đơn vị «x»"),
        ("place=%07", "ký tự không in được"),
        ("words=%CC%81", "Chưa có từ khóa"),
        ("words=" + "a" * 300, "Từ khóa quá dài"),
        ("sort=colour", "Không xếp được theo cột này"),
        ("after=nonsense", "hãy mở lại danh sách"),
        ("before=1~x~3", "hãy mở lại danh sách"),
    ],
)
@pytest.mark.parametrize("path", ["/projects", "/projects/timeline"])
def test_filter_that_cannot_be_understood_says_so_and_keeps_what_was_typed(
    web: Any, path: str, query: str, sentence: str
) -> None:
    web.office.open()

    page = seen(web.by("binh"), f"{path}?{query}&route=local", 400)

    assert sentence in page.text
    assert codes(page) == []
    assert next(form for form in page.forms if "year" in form.options).fields["route"] == ["local"]


def test_empty_list_says_what_to_do(web: Any) -> None:
    page = seen(web.by("binh"), "/projects?words=khong+co")

    assert "Không có đề án nào như vậy; hãy bớt điều kiện" in page.text
    assert page.links["Xem mọi đề án"] == "/projects"


def test_search_of_the_head_leads_to_the_list(web: Any) -> None:
    page = seen(web.by("binh"), "/me")

    assert page.form("/projects", "get").fields["words"] == [""]


# --- order, pages, columns ----------------------------------------------------------------------------


def test_list_is_sorted_by_its_heads(web: Any) -> None:
    press, secret, sound, kiln = few(web.office)
    browser = web.by("binh")

    shown = {
        sort: codes(seen(browser, f"/projects?sort={sort}"))
        for sort in ("code", "-code", "name", "-name", "amount", "-moved", "deadline")
    }

    assert shown["code"] == [press, sound, kiln, secret]
    assert shown["-code"] == shown["code"][::-1]
    assert shown["name"] == [sound, secret, kiln, press]
    assert shown["-name"] == shown["name"][::-1]
    assert shown["amount"][0] == sound
    assert shown["-moved"][0] == kiln
    assert shown["deadline"] == [sound, secret, kiln, press]


def test_heads_turn_the_order_round_and_keep_the_filters(web: Any) -> None:
    web.office.open()

    page = seen(web.by("binh"), "/projects?year=2024&sort=deadline")

    assert page.links["Hạn gần nhất"] == "/projects?year=2024&sort=-deadline"
    assert page.links["theo tên"] == "/projects?year=2024&sort=name"
    assert page.links["theo mã"] == "/projects?year=2024&sort=code"


def test_pages_follow_each_other_and_lead_back(web: Any) -> None:
    everything = [web.office.open(beneficiaries=()) for _ in range(PAGE + 3)][::-1]
    browser = web.by("binh")

    first = seen(browser, "/projects?year=2024")
    second = seen(browser, first.links["Trang sau →"])
    back = seen(browser, second.links["← Trang trước"])

    assert (codes(first), codes(second)) == (everything[:PAGE], everything[PAGE:])
    assert codes(back) == codes(first)
    assert "Trang sau →" not in second.links
    assert second.links["Trang đầu"] == "/projects?year=2024"


def test_columns_of_the_address_win_over_those_of_the_person(web: Any) -> None:
    few(web.office)
    browser = web.by("binh")
    usual = seen(browser, "/projects").tables[0][0]

    told = browser.post(
        "/projects/columns", data={"columns": ["year", "settled"], "page": "/projects", "query": "year=2024"}
    )
    kept = seen(browser, told.headers["location"])
    by_address = seen(browser, "/projects?columns=route,content")

    assert (told.status_code, told.headers["location"]) == (303, "/projects?year=2024")
    assert usual[2:] == ["Giai đoạn", "Hạn gần nhất", "Đơn vị thực hiện", "Kinh phí (đồng)", "Chuyển bước"]
    assert kept.tables[0][0][2:] == ["Năm", "Quyết toán (đồng)"]
    assert by_address.tables[0][0][2:] == ["Tuyến", "Nội dung"]
    assert "columns=route%2Ccontent" in by_address.links["theo tên"]
    assert seen(web.by("chi"), "/projects").tables[0][0] == usual


def test_every_column_shows_its_cells(web: Any) -> None:
    kiln = few(web.office)[3]

    page = seen(web.by("binh"), f"/projects?state=settled&columns={','.join(COLUMNS)}")

    [head, row] = page.tables[0]
    assert len(head) == len(row) == len(COLUMNS) + 2
    shown = dict(zip(COLUMNS, row[2:], strict=True))
    assert kiln in row[1]
    assert (shown["stage"], shown["year"], shown["route"]) == ("Đã quyết toán", "2024", "Khuyến công quốc gia")
    assert [shown[kind] for kind in ("asked", "approved", "settled", "amount")] == ["300.000.000"] * 4


# --- totals -------------------------------------------------------------------------------------------


def test_totals_are_those_of_the_whole_list(web: Any) -> None:
    few(web.office)

    page = seen(web.by("binh"), "/projects?year=2024")

    assert "Tổng của cả danh sách (3 đề án)" in page.text
    assert page.tables[1][1:] == [
        ["KC quốc gia", "300.000.000", "300.000.000", "300.000.000", "300.000.000", "300.000.000"],
        ["KC địa phương", "400.000.000", "0", "0", "0", "0"],
        ["Đối ứng", "1.050.000.000", "350.000.000", "350.000.000", "350.000.000", "350.000.000"],
        ["Cộng", "1.750.000.000", "650.000.000", "650.000.000", "650.000.000", "650.000.000"],
    ]


def test_selection_adds_up_what_was_ticked_and_leads_on(web: Any) -> None:
    press, _, sound, _ = few(web.office)
    browser = web.by("binh")
    ticked = seen(browser, "/projects").form("/projects/selection", "get")

    page = seen(browser, f"/projects/selection?code={press}&code={sound}&code=KC-VL-1999-001")

    assert ticked.fields["code"] == []
    assert page.tables[0][-1][:2] == ["Cộng", "1.100.000.000"]
    assert page.form("/projects/selection", "get").fields["code"] == [press, sound]
    assert "hãy kiểm tra mã: KC-VL-1999-001" in page.text
    assert 'formaction="/approvals"' in browser.get(f"/projects/selection?code={press}").text
    assert 'formaction="/approvals"' not in web.by("an").get(f"/projects/selection?code={press}").text
    assert "Chưa chọn đề án nào" in seen(browser, "/projects/selection").text


def test_whole_list_is_chosen_and_printed(web: Any) -> None:
    press, _, sound, kiln = few(web.office)
    browser = web.by("binh")
    address = seen(browser, "/projects?year=2024").links["Chọn cả danh sách"]

    chosen = seen(browser, address)
    printed = seen(browser, "/projects/print?year=2024&all=1&sort=name&columns=asked")

    assert sorted(chosen.form("/projects/selection", "get").fields["code"]) == sorted([press, sound, kiln])
    assert codes(printed) == [sound, kiln, press]
    assert printed.tables[0][0] == ["STT", "Đề án", "Đề nghị (đồng)"]


def test_too_many_are_not_chosen_at_once(web: Any) -> None:
    browser = web.by("binh")
    query = "&".join(f"code=KC-{number}" for number in range(LARGEST_PAGE + 1))

    answer = browser.get(f"/projects/selection?{query}")

    assert answer.status_code == 400
    assert "hãy lọc danh sách ngắn hơn" in answer.text


# --- kept lists ---------------------------------------------------------------------------------------


def test_list_is_kept_under_a_name_opened_and_forgotten(web: Any) -> None:
    few(web.office)
    browser = web.by("binh")
    page = seen(browser, "/projects?year=2024&sort=name&columns=asked&after=x", 400)
    form = page.form("/projects/views").filled(name="  Năm   nay ")

    kept = browser.post("/projects/views", data=form)
    opened = seen(browser, kept.headers["location"])
    [(name, address)] = [(text, to) for text, to in opened.links.items() if text == "Năm nay"]
    number = next(form.action for form in opened.forms if form.action.startswith("/projects/views/"))
    of_another = web.by("chi").post(number, data={})
    gone = browser.post(number, data=form)

    assert kept.headers["location"] == "/projects?year=2024&sort=name&columns=asked"
    assert address == kept.headers["location"]
    assert "Đã lưu bộ lọc «Năm nay»." in opened.text
    assert of_another.status_code == 409
    assert "Năm nay" not in seen(browser, "/projects").links
    assert (gone.status_code, name) == (303, "Năm nay")


def test_same_name_means_the_new_list(web: Any) -> None:
    browser = web.by("binh")
    for query in ("year=2024", "year=2025"):
        browser.post("/projects/views", data={"name": "Của tôi", "page": "/projects/board", "query": query})

    page = seen(browser, "/projects")

    assert page.links["Của tôi"] == "/projects/board?year=2025"
    assert sum(form.action.startswith("/projects/views/") for form in page.forms) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\x07b", "x" * 81])
def test_name_of_a_kept_list_is_one_short_line(web: Any, name: str) -> None:
    browser = web.by("binh")

    answer = browser.post("/projects/views", data={"name": name, "page": "/projects", "query": ""})

    assert answer.status_code == 409
    assert "Bộ lọc đã lưu 0" in seen(browser, "/projects").text


def test_kept_list_holds_only_what_a_list_understands(web: Any) -> None:
    browser = web.by("binh")

    sent = {"name": "Lạ", "page": "https://evil.example", "query": "year=2024&next=//evil.example&state=<script>"}
    answer = browser.post("/projects/views", data=sent)

    assert answer.headers["location"] == "/projects?year=2024"


# --- board and time line ------------------------------------------------------------------------------


def test_board_has_a_column_for_each_state_with_count_and_sum(web: Any) -> None:
    press, secret, sound, kiln = few(web.office)

    page = seen(web.by("binh"), "/projects/board")

    assert page.links["Đã quyết toán"] == "/projects?state=settled"
    assert "Đã đề xuất 3 đề án 700.000.000 đồng" in page.text
    assert "Đã quyết toán 1 đề án 300.000.000 đồng" in page.text
    assert "Đã phê duyệt 0 đề án Không có đề án nào." in page.text
    assert [address for address in page.addresses if address.startswith("/projects/KC")] == [
        f"/projects/{code}" for code in (secret, sound, press, kiln)
    ]


def test_tabs_keep_the_filters(web: Any) -> None:
    page = seen(web.by("binh"), "/projects/board?year=2024&words=lo")

    assert page.links["Danh sách"] == "/projects?words=lo&year=2024"
    assert page.links["Dòng thời gian"] == "/projects/timeline?words=lo&year=2024"
    assert [text for text, to in page.links.items() if to == "/projects?words=lo&year=2024&state=settled"]


def test_time_line_is_drawn_and_told_in_a_table(web: Any) -> None:
    press, secret, sound, kiln = few(web.office)
    answer = web.by("binh").get("/projects/timeline?sort=code")
    page = read(answer.text)

    rows = {row[0].split()[-1]: row for row in ([re.sub(r",.*", "", row[0]), *row[1:]] for row in page.tables[0][1:])}

    assert list(rows) == [press, sound, kiln, secret]
    assert rows[press][1:6] == ["–"] * 5
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", cell) for cell in rows[kiln][1:6])
    assert answer.text.count('class="bar bar-settled"') == 2  # the legend's and the kiln's
    assert answer.text.count('class="due over"') == 1
    assert "style=" not in answer.text


def test_time_line_of_nothing_is_no_mistake(web: Any) -> None:
    assert "Không có đề án nào như vậy" in seen(web.by("binh"), "/projects/timeline").text


# --- who sees what ------------------------------------------------------------------------------------

VIEWS = (
    "/projects",
    "/projects?words=bi+mat",
    "/projects?sort=name&totals=all",
    "/projects/board",
    "/projects/timeline",
    "/projects/print?all=1",
    "/projects/selection?all=1",
)


@pytest.mark.parametrize("path", VIEWS)
def test_outsiders_see_nothing_of_what_is_hidden(web: Any, path: str) -> None:
    press, secret, sound, _ = few(web.office)

    of_viewer, of_other_unit, of_unit = (web.by(code).get(path).text for code in ("hanh", "an", "yen"))

    assert secret not in of_viewer + of_other_unit
    assert "Bí mật" not in of_viewer + of_other_unit
    assert (secret in of_unit, press in of_unit, sound in of_unit) == (True, False, False)
    assert (press in of_viewer, sound in of_viewer) == (False, False)


def test_counts_and_sums_are_those_of_the_scope(web: Any) -> None:
    few(web.office)

    of_viewer, of_unit = (seen(web.by(code), "/projects") for code in ("hanh", "yen"))

    assert "1 đề án" in of_viewer.text
    assert of_viewer.tables[1][-1][:2] == ["Cộng", "650.000.000"]
    assert of_unit.tables[1][1][:2] == ["KC địa phương", "300.000.000"]


def test_codes_that_were_guessed_are_told_like_unknown_ones(web: Any) -> None:
    _, secret, _, _ = few(web.office)

    page = seen(web.by("hanh"), f"/projects/selection?code={secret}&code=KC-VL-1999-001")

    assert f"hãy kiểm tra mã: {secret}, KC-VL-1999-001." in page.text
    assert codes(page) == []


def test_what_was_typed_is_printed_as_text(web: Any) -> None:
    mark = "<img src=x onerror=alert(1)>"
    web.office.open(name=f"Máy {mark}")
    browser = web.by("binh")
    browser.post("/projects/views", data={"name": mark, "page": "/projects", "query": f"words={mark}"})

    texts = [
        browser.get(path, params={"words": "<img src=x"}).text
        for path in ("/projects", "/projects/board", "/projects/timeline")
    ]

    assert all("&lt;img src=x" in text for text in texts)
    assert not any("<img src=x" in text for text in texts)


def test_totals_of_a_long_list_wait_for_those_of_another(web: Any) -> None:
    """One person who asks for totals again and again takes one thread, and for a few seconds."""
    web.office.open()
    browser = web.by("binh")

    with web.office.store.read() as session, patiently(session, seconds=30):
        busy = browser.get("/projects?totals=all")
    free = browser.get("/projects?totals=all")

    assert (busy.status_code, "Đang cộng một danh sách dài khác; hãy thử lại sau" in busy.text) == (200, True)
    assert (free.status_code, "Đang cộng" in free.text) == (200, False)
