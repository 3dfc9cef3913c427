"""Lịch làm việc: a year on one sheet, counting with proof, and changes on the word of a document."""

from datetime import date
from typing import Any

import pytest

from models.rulebook import rulebook
from tests.web.reading import read


def works_on(web: Any, day: date) -> bool:
    with web.office.store.read() as session:
        return bool(rulebook(session).calendar.works_on(day))


def test_year_shows_twelve_months_with_days_off_swaps_and_working_saturdays(web: Any) -> None:
    page = read(web.by("hanh").get("/calendar?year=2026").text)

    months, days = page.tables[:12], page.tables[12]
    assert len(page.tables) == 13
    january = [cell for row in months[0] for cell in row]
    assert ("2 N" in january, "10 L" in january, "9" in january) == (True, True, True)
    [swap] = [row for row in days if row[0] == "10/01/2026"]
    assert (swap[2], swap[5]) == ("làm việc", "hoán đổi với 02/01/2026")
    [unsure] = [row for row in days if row[0] == "24/11/2026"]
    assert "chưa kiểm chứng" in unsure[5]
    assert "250 ngày làm việc" in page.text


def test_year_that_is_not_confirmed_says_so(web: Any) -> None:
    assert "chưa xác nhận: mọi hạn tính qua năm này là tạm tính" in web.by("an").get("/calendar?year=2027").text


@pytest.mark.parametrize("year", ["hai nghìn", "1899", "2101", "20260"])
def test_year_that_no_calendar_has_is_refused(web: Any, year: str) -> None:
    assert web.by("an").get(f"/calendar?year={year}").status_code == 400


@pytest.mark.parametrize("year", ["1900", "2100"])
def test_first_and_last_year_can_be_shown(web: Any, year: str) -> None:
    assert web.by("an").get(f"/calendar?year={year}").status_code == 200


def test_term_is_counted_with_the_proof_of_every_day(web: Any) -> None:
    asked = "/calendar/count?how=add&start=09/02/2026&number=10&unit=workdays&roll=forward"

    page = read(web.by("hanh").get(asked).text)

    assert page.text.count("02/03/2026") == 4
    counted = [(row[0], row[2]) for row in page.tables[0][1:] if row[2] != "–"]
    assert (counted[0], counted[4], counted[-1]) == (("10/02/2026", "1"), ("23/02/2026", "5"), ("02/03/2026", "10"))
    [tet] = [row for row in page.tables[0] if row[0] == "17/02/2026"]
    assert tet[2:5] == ["–", "Tết Nguyên đán (mùng 1)", "Thông báo 9441/TB-BNV ngày 16/10/2025"]


def test_days_between_are_counted_both_ways(web: Any) -> None:
    browser = web.by("an")

    forward = read(browser.get("/calendar/count?how=between&first=09/02/2026&last=02/03/2026").text)
    back = read(browser.get("/calendar/count?how=between&first=02/03/2026&last=09/02/2026").text)

    assert ("Ngày làm việc 10" in forward.text, "Ngày làm việc −10" in back.text) == (True, True)
    assert [row[2] for row in forward.tables[0] if row[0] == "02/03/2026"] == ["10"]


def test_question_that_cannot_be_read_keeps_what_was_typed(web: Any) -> None:
    answer = web.by("an").get("/calendar/count?how=add&start=30/02/2026&number=mười&unit=weeks")

    assert answer.status_code == 400
    form = read(answer.text).forms[-2]
    assert (form.fields["start"], form.fields["number"]) == (["30/02/2026"], ["mười"])
    assert all(f"mistake-{name}" in answer.text for name in ("start", "number", "unit"))


def test_swap_is_recorded_and_the_deadlines_that_moved_are_told(web: Any) -> None:
    code = web.office.submitted_in_2026()
    browser = web.by("giang")
    swap = {"day": "06/03/2026", "kind": "off", "swap_with": "14/03/2026", "name": "Nghỉ", "basis": "TB 12/TB-UBND"}

    tried = browser.post("/calendar/days", data=swap | {"check": "1"})
    after_trying = works_on(web, date(2026, 3, 6))
    done = browser.post("/calendar/days", data=swap)

    assert (tried.status_code, after_trying, done.status_code) == (200, True, 303)
    assert f"{code} D-CHECK: 10/03/2026 → 11/03/2026" in tried.text
    assert read(tried.text).form("/calendar/days").fields["basis"] == ["TB 12/TB-UBND"]
    assert (works_on(web, date(2026, 3, 6)), works_on(web, date(2026, 3, 14))) == (False, True)
    shown = browser.get(done.headers["location"]).text
    assert "1 hạn đã dời" in shown
    assert "TB 12/TB-UBND" in read(browser.get("/calendar/changes").text).tables[0][1]


def test_year_is_confirmed_once(web: Any) -> None:
    browser = web.by("chi")

    done = browser.post("/calendar/years", data={"year": "2027", "year_basis": "TB 1/TB-BNV"})
    again = browser.post("/calendar/years", data={"year": "2027", "year_basis": "TB 1/TB-BNV"})

    assert (done.status_code, done.headers["location"]) == (303, "/calendar?year=2027")
    assert again.status_code == 409
    assert "Lịch năm 2027 đã được xác nhận." in again.text
    assert read(again.text).form("/calendar/years").fields["year_basis"] == ["TB 1/TB-BNV"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "", "kind": "off", "basis": "x"}, "day"),
        ({"day": "06/03/2026", "kind": "", "basis": "x"}, "kind"),
        ({"day": "06/03/2026", "kind": "off", "basis": ""}, "basis"),
        ({"day": "06/03/2026", "kind": "off", "basis": "x", "swap_with": "06/03/2026"}, "swap_with"),
    ],
)
def test_refused_change_stands_beside_its_field(web: Any, typed: dict[str, str], field: str) -> None:
    answer = web.by("giang").post("/calendar/days", data=typed)

    assert answer.status_code == 409
    assert f"mistake-{field}" in answer.text


@pytest.mark.parametrize("person", ["an", "binh", "em", "hanh", "dung"])
def test_calendar_is_changed_by_leaders_and_administrators_only(web: Any, person: str) -> None:
    browser = web.by(person)
    day = {"day": "06/03/2026", "kind": "off", "basis": "TB"}

    answers = [browser.post("/calendar/days", data=day), browser.post("/calendar/years", data={"year": "2027"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert works_on(web, date(2026, 3, 6))
    assert not any(form.action == "/calendar/days" for form in read(browser.get("/calendar/changes").text).forms)
