"""Chương trình: the funnel with the rows behind each number, the forecast, the checks, and what outsiders see of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.reading import Page, read

P = "KC-VL-2021-2025"
AT = f"/programme/{P}"


def at_work(web: Any) -> tuple[str, str]:
    """One project accepted, one only handed in; each is of 300 triệu beside 350 of its beneficiary."""
    office = web.office
    done = office.bring(office.open(), "accepted")
    asked = office.bring(office.open(beneficiaries=(office.workshop("Cơ sở khác"),)), "submitted")
    return done, asked


def look(web: Any, path: str = AT, by: str = "binh") -> Page:
    answer = web.by(by).get(path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def row_of(page: Page, head: str) -> list[str]:
    return next(row for table in page.tables for row in table if row and row[0].startswith(head))


def test_room_leads_to_the_programme_in_use(web: Any) -> None:
    at_work(web)

    answer = web.by("binh").get("/programme")

    assert (answer.status_code, answer.headers["location"]) == (303, AT)


def test_targets_and_money_stand_as_a_funnel(web: Any) -> None:
    at_work(web)

    page = look(web)

    assert row_of(page, "T2_2")[2:] == ["50", "2", "1", "1", "0", "2%"]
    [money] = [table for table in page.tables if table[0][:2] == ["Nguồn", "Dự toán"]]
    at = next(place for place, row in enumerate(money) if row[0].startswith("2."))
    assert money[at + 2] == ["KC địa phương", "18.100", "600", "300", "300", "0", "17.800"]
    assert money[-1] == ["Cộng", "74.975", "1.300", "650", "650", "0", "74.325"]
    assert "cộng lại lúc mở trang" in page.text


def test_every_figure_opens_the_projects_that_make_it(web: Any) -> None:
    done, asked = at_work(web)
    page = look(web)

    for path in sorted({path for path in page.addresses if path.startswith(f"{AT}/rows")}):
        rows = look(web, path)
        codes = {code for code in (done, asked) if f"/projects/{code}" in rows.addresses}
        assert codes == ({done, asked} if "step=planned" in path else {done}), path

    planned = look(web, f"{AT}/rows?by=content&key=2&source=local_fund&step=planned")
    assert row_of(planned, "Cộng 2 đề án")[-1] == "600.000.000"


def test_programme_that_was_not_checked_says_so(web: Any) -> None:
    assert "chưa kiểm chứng" in look(web, "/programme/KC-VL-2026-2030").text
    assert "chưa kiểm chứng" not in look(web).text


def test_unknown_programme_and_part_are_not_found(web: Any) -> None:
    browser = web.by("binh")

    paths = ("/programme/X", "/programme/X/rows", "/programme/X/checks", f"{AT}/rows?by=target&key=T9")
    assert [browser.get(path).status_code for path in paths] == [404] * 4
    assert browser.get(f"{AT}/rows?by=month&key=mai").status_code == 404
    assert browser.get(f"{AT}/rows?after=mai").status_code == 404
    assert browser.get(f"{AT}/rows?step=lost").status_code == 400


def test_long_list_of_rows_goes_on_on_the_next_page(web: Any) -> None:
    office = web.office
    codes = [office.bring(office.open(), "submitted") for _ in range(52)]

    first = look(web, f"{AT}/rows?step=planned")
    second = look(web, first.links["Trang sau →"])

    listed = [path.rpartition("/")[2] for page in (first, second) for path in page.addresses if "/projects/KC" in path]
    assert listed == codes


@pytest.mark.parametrize("outsider", ["yen", "hanh"])
def test_outsiders_see_no_figure_of_others(web: Any, outsider: str) -> None:
    done, asked = at_work(web)

    page = look(web, by=outsider)
    rows = look(web, f"{AT}/rows?step=planned", by=outsider)

    assert row_of(page, "T2_2")[2:] == ["50", "0", "0", "0", "0", "0%"]
    assert "1.300" not in page.text
    [money] = [table for table in page.tables if table[0][:2] == ["Nguồn", "Dự toán"]]
    assert money[-1] == ["Cộng", "74.975", "0", "0", "0", "0", "74.975"]
    assert "trong phạm vi xem của" in page.text
    assert (done in rows.text, asked in rows.text) == (False, False)
    assert [web.by(outsider).get(f"{AT}/{sub}").status_code for sub in ("forecast", "checks")] == [403, 403]


def test_officer_sees_the_figures_of_the_own_unit(web: Any) -> None:
    at_work(web)

    assert row_of(look(web, by="an"), "T2_2")[3:5] == ["2", "1"]


# --- the forecast and the checks ----------------------------------------------------------------------


def test_forecast_needs_two_closed_years(web: Any) -> None:
    at_work(web)

    answer = web.by("binh").get(f"{AT}/forecast?on=01/02/2022")

    assert answer.status_code == 409
    assert "năm" in read(answer.text).text


def test_forecast_gives_a_verdict_with_its_reasons(web: Any) -> None:
    office = web.office
    office.at = datetime(2021, 2, 1, 1, 0, tzinfo=UTC)
    for year in (2021, 2022, 2023):
        office.at = datetime(year, 2, 1, 1, 0, tzinfo=UTC)
        firm = office.workshop(f"Cơ sở {year}")
        office.bring(office.open(plan_year=year, beneficiaries=(firm,)), "accepted")
    office.at = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)

    page = look(web, f"{AT}/forecast")
    again = look(web, f"{AT}/forecast")

    row = row_of(page, "T2_2")
    assert row[1:4] == ["Sẽ không đạt", "50", "3"]
    assert "Kiểm lại 3 năm" in row[0]
    assert page.tables == again.tables


def test_checks_tell_of_the_nights_and_check_again(web: Any) -> None:
    at_work(web)

    quiet, checked = look(web, f"{AT}/checks"), look(web, f"{AT}/checks?now=1")

    assert "Chưa có đêm nào chạy" in quiet.text
    assert "Đối chiếu khớp đến từng đồng: 2 đề án" in checked.text


# --- the switch of the public page --------------------------------------------------------------------


def test_leader_opens_and_closes_the_public_page(web: Any) -> None:
    browser = web.by("chi")
    form = read(browser.get(AT).text).form(f"{AT}/publication")

    opened = browser.post(form.action, data={"shown": "1"})
    shown = web.by().get(f"/public/{P}").status_code
    again = browser.post(form.action, data={"shown": "1"})
    closed = browser.post(form.action, data={"shown": "0"})

    assert (opened.status_code, shown, again.status_code, closed.status_code) == (303, 200, 409, 303)
    assert web.by().get(f"/public/{P}").status_code == 404
    web.office.prove()


@pytest.mark.parametrize("by", ["an", "yen", "binh", "dung", "em", "giang", "hanh"])
def test_nobody_else_opens_the_public_page(web: Any, by: str) -> None:
    answer = web.by(by).post(f"{AT}/publication", data={"shown": "1"})

    assert answer.status_code == 403
    assert web.by().get(f"/public/{P}").status_code == 404
    assert f"{AT}/publication" not in [form.action for form in look(web, by=by).forms]
