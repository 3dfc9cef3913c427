"""The log: every event found again, one proved on the page, seals checked, denials and sign-ins kept."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from models.desk.denials import APART, denials, note_denial
from models.loading import load_person
from models.queries import events as events_module
from models.reminders.links import secret_key
from models.seals import seal_up_to
from tests.web.reading import read


def numbers(page: Any) -> list[int]:
    """The events that a page of the log lists."""
    return [int(found) for found in re.findall(r'href="/log/events/(\d+)"', page.text)]


@pytest.fixture
def project(web: Any) -> str:
    code: str = web.office.bring(web.office.open(), "submitted")
    return code


def test_newest_events_come_first_with_words(web: Any, project: str) -> None:
    page = web.by("em").get("/log")

    found = numbers(page)
    assert found == sorted(found, reverse=True)
    first = read(page.text).tables[0][1]
    assert first[2:] == ["Nguyễn Văn An", f"{project} Đề án", "Nộp hồ sơ đến: Đã nộp", "01/TTKC 03/01/2024"]


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("kind=project", ["Nộp hồ sơ đến: Đã nộp", "Lập đề án đến: Nháp"]),
        ("kind=project&action=submit", ["Nộp hồ sơ đến: Đã nộp"]),
        ("person=an", ["Nộp hồ sơ đến: Đã nộp", "Lập đề án đến: Nháp"]),
        ("person=an&since=03/01/2024", ["Nộp hồ sơ đến: Đã nộp"]),
        ("person=an&until=02/01/2024", ["Lập đề án đến: Nháp"]),
        ("person=an&since=04/01/2024", []),
        ("person=an&until=2020-01-01", []),
        ("person=yen", []),
    ],
)
def test_events_are_found_by_kind_person_action_and_day(web: Any, project: str, query: str, actions: list[str]) -> None:
    page = read(web.by("em").get(f"/log?{query}").text)

    assert [row[4] for row in (page.tables[0][1:] if page.tables else [])] == actions


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("person=nobody", "Không có người dùng «nobody»"),
        ("kind=nothing", "Không có loại hồ sơ này"),
        ("since=32/01/2024", "không có trong lịch"),
        ("before=x", "không hợp lệ"),
    ],
)
def test_filter_that_cannot_be_read_is_said_and_kept(web: Any, query: str, why: str) -> None:
    answer = web.by("em").get(f"/log?{query}")

    name, _, value = query.partition("=")
    assert (answer.status_code, why in answer.text) == (400, True)
    assert name in ("kind", "before") or f'value="{value}"' in answer.text


def test_pages_follow_each_other_to_the_first_event(web: Any, project: str) -> None:
    browser, path, found = web.by("em"), "/log", []
    while path:
        page = browser.get(path)
        found += numbers(page)
        path = read(page.text).links.get("Cũ hơn →", "")

    assert found == list(range(max(found), 0, -1))


def test_rare_event_is_reached_piece_by_piece(web: Any, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "WINDOW", 100)
    browser, path, found, pages = web.by("em"), "/log?kind=register", [], 0
    while path:
        page = browser.get(path)
        found += numbers(page)
        path = read(page.text).links.get("Cũ hơn →", "")
        pages += 1

    assert found == [1]
    assert pages > 3


def test_event_shows_its_canonical_body_and_proves_its_subject(web: Any, project: str) -> None:
    browser = web.by("em")
    newest = numbers(browser.get("/log"))[0]

    plain = browser.get(f"/log/events/{newest}")
    proved = browser.get(f"/log/events/{newest}?verify=1")

    body = next(row for row in web.office.everything()["event"] if row[0] == newest)
    assert body[-1] in plain.text
    assert "khớp với nội dung" in plain.text
    assert "Nguyên vẹn: 2 sự kiện nối liền nhau" in proved.text


def test_event_that_was_changed_behind_the_ledgers_back_is_found(web: Any, project: str) -> None:
    browser = web.by("em")
    newest = numbers(browser.get("/log"))[0]
    with web.office.store.writer.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_keeps_update")
        connection.exec_driver_sql(f"UPDATE event SET body = replace(body, '01/TTKC', '99/TTKC') WHERE id = {newest}")
        connection.commit()

    page = browser.get(f"/log/events/{newest}?verify=1")

    assert "sự kiện này đã bị sửa ngoài sổ" in page.text
    assert "nội dung không khớp với mã băm" in page.text


def test_row_that_no_event_explains_is_found(web: Any, project: str) -> None:
    browser = web.by("em")
    newest = numbers(browser.get("/log?kind=project"))[0]
    with web.office.store.writer.connect() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE funding SET asked = asked + 1")
        connection.commit()

    assert "funding" in browser.get(f"/log/events/{newest}?verify=1").text


def test_event_that_is_not_there_is_not_found(web: Any) -> None:
    assert web.by("em").get("/log/events/999999").status_code == 404


def test_log_and_proof_on_both_databases(web_on_both: Any) -> None:
    web_on_both.office.bring(web_on_both.office.open(), "submitted")
    browser = web_on_both.by("em")
    newest = numbers(browser.get("/log?since=02/01/2024&until=31/12/2030"))[0]

    assert "Nguyên vẹn: 2 sự kiện" in browser.get(f"/log/events/{newest}?verify=1").text
    assert [browser.get(f"/log/{part}").status_code for part in ("seals", "denials", "access")] == [200, 200, 200]


# --- seals --------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(web: Any, project: str) -> Any:
    key = secret_key(web.office.store.files.parent / "seal.key")
    with web.office.store.write() as session:
        seal_up_to(session, key, web.office.today)
    web.office.at += timedelta(days=1)
    return web


def test_seals_are_checked_when_the_page_is_opened(sealed: Any) -> None:
    page = read(sealed.by("em").get("/log/seals").text)

    assert "2 niêm gần nhất nguyên vẹn" in page.text
    assert [row[1] for row in page.tables[0][1:]] == ["03/01/2024", "02/01/2024"]
    assert page.tables[0][1][4] == "mã và sự kiện khớp"


def test_event_names_the_seal_that_holds_it(sealed: Any) -> None:
    assert "niêm 1, ngày 02/01/2024" in sealed.by("em").get("/log/events/1").text


def test_broken_seal_is_named(sealed: Any) -> None:
    with sealed.office.store.writer.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_keeps_update")
        connection.exec_driver_sql("UPDATE event SET hash = substr(hash, 2) || '0' WHERE id = 3")
        connection.commit()

    page = sealed.by("em").get("/log/seals")

    assert "1 niêm có sai lệch" in page.text
    assert "Niêm 1: các sự kiện không còn như lúc niêm" in read(page.text).text


def test_seals_without_their_key_say_what_to_do(web: Any) -> None:
    assert "Chưa có khóa niêm nên chưa kiểm tra được" in web.by("em").get("/log/seals").text


def test_few_events_are_hashed_again_where_a_seal_holds_many(sealed: Any) -> None:
    from models.seals import check_newest

    key = secret_key(sealed.office.store.files.parent / "seal.key")
    with sealed.office.store.read() as session:
        checked = check_newest(session, key, newest=5, most_events=10)

    assert [(one.seal.no, one.is_whole, one.problems) for one in checked] == [(2, True, ()), (1, False, ())]


# --- denials and sign-ins -----------------------------------------------------------------------------


def test_denials_are_listed_for_those_who_watch(web: Any) -> None:
    web.by("hanh").get("/operations")

    rows = read(web.by("em").get("/log/denials").text).tables[0][1:]

    assert rows == [
        [
            "02/01/2024 08:00",
            "Ngô Mỹ Hạnh",
            "GET /operations",
            "Cán bộ xã (chỉ xem) không mở được trang «Vận hành».",
            "testclient",
            "1",
        ]
    ]


def test_hidden_project_that_is_asked_for_is_kept(web: Any, project: str) -> None:
    answer = web.by("yen").get(f"/projects/{project}")

    rows = read(web.by("giang").get("/log/denials?person=yen").text).tables[0][1:]
    assert answer.status_code == 404
    assert [row[1:3] for row in rows] == [["Phạm Thị Yến", f"GET /projects/{project}"]]


def test_what_was_done_to_sign_ins_is_listed(web: Any) -> None:
    web.by("giang").post("/people/an/invite")

    rows = read(web.by("em").get("/log/access").text).tables[0][1:]

    assert [row[1:4] for row in rows] == [["Lập đường dẫn đặt mật khẩu", "Nguyễn Văn An", "Bùi Trường Giang"]]


@pytest.mark.parametrize("path", ["/log/denials", "/log/access"])
def test_denials_and_sign_ins_are_for_auditors_and_administrators(web: Any, path: str) -> None:
    answers = {who: web.by(who).get(path).status_code for who in ("em", "giang", "chi", "binh", "an", "hanh")}

    assert answers == {"em": 200, "giang": 200, "chi": 403, "binh": 403, "an": 403, "hanh": 403}


def deny(web: Any, path: str, route: str = "") -> None:
    with web.office.store.write() as session:
        whose = {"at": web.office.at, "person_id": load_person(session, "hanh").id, "address": "203.0.113.9"}
        note_denial(session, method="GET", path=path, route=route or path, reason="Không được.", **whose)


def test_same_denial_again_is_counted_and_adds_no_row(web_on_both: Any) -> None:
    browser = web_on_both.by("hanh")
    for _ in range(30):
        browser.get("/operations")

    rows = read(web_on_both.by("em").get("/log/denials").text).tables[0][1:]

    assert [row[2::3] for row in rows] == [["GET /operations", "30 đến 02/01/2024 08:00"]]


def test_loop_over_addresses_of_one_route_is_counted_and_fills_no_disk(web_on_both: Any) -> None:
    for number in range(100):
        deny(web_on_both, f"/projects/KC-{number}", "/projects/{code}")

    with web_on_both.office.store.read() as session:
        rows = denials(session, limit=1000)
    assert (len(rows), sum(row["times"] for row in rows)) == (APART + 1, 100)
    assert rows[0]["path"] == "/projects/{code} (…)"


def test_denial_of_another_day_is_another_row(web: Any) -> None:
    for _ in range(2):
        deny(web, "/operations")
        web.office.at += timedelta(days=1)

    with web.office.store.read() as session:
        assert [row["times"] for row in denials(session)] == [1, 1]


def test_long_lists_of_denials_are_paged(web: Any) -> None:
    for number in range(51):
        deny(web, f"/page{number}")

    first = read(web.by("em").get("/log/denials").text)
    second = read(web.by("em").get(first.links["Trang sau →"]).text)

    assert [len(page.tables[0]) - 1 for page in (first, second)] == [50, 1]


def test_days_are_those_of_the_office(web: Any, project: str) -> None:
    web.office.at = web.office.at.replace(hour=17, minute=30)  # 00:30 of the next day in Viet Nam
    web.office.open()

    page = read(web.by("em").get(f"/log?kind=project&since={date(2024, 1, 4):%d/%m/%Y}").text)

    assert [row[1] for row in page.tables[0][1:]] == ["04/01/2024 00:30"]
