"""Báo cáo: frozen by a coordinator, proposed upon, signed by a leader, compared with what is known today."""

from datetime import date, datetime
from typing import Any

import pytest

from models.verify import verify
from tests.web.reading import read

TRIEU = 1_000_000
SIGNING = {"number": "45/BC-SCT", "signed_on": "19/03/2024", "signer": "Lê Minh Chi"}


@pytest.fixture
def code(web: Any) -> str:
    """A project accepted on 01/03/2024; today is 18/03/2024."""
    office = web.office
    found: str = office.bring(office.open(), "awaiting_acceptance")
    office.at = datetime.fromisoformat("2024-02-29T02:00:00+00:00")
    done = {"amounts": {"local_fund": 300 * TRIEU, "counterpart": 350 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(found, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", **done)
    office.at = datetime.fromisoformat("2024-03-18T02:00:00+00:00")
    return found


def frozen(web: Any, period: str = "tháng 3/2024") -> str:
    answer = web.by("binh").post("/reports", data={"period": period})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def allot_late(web: Any, code: str) -> None:
    """Enter on 20/03 what was allotted on 10/03."""
    web.office.at = datetime.fromisoformat("2024-03-19T02:00:00+00:00")
    amounts = {"amounts": {"local_fund": 50 * TRIEU}}
    web.office.step(code, "allot", "dung", number="7/QĐ", decided_on=date(2024, 3, 10), **amounts)


def test_coordinator_freezes_a_period_and_everyone_of_the_province_reads_it(web: Any, code: str) -> None:
    path = frozen(web)

    page = read(web.by("em").get(path).text)

    assert page.title.startswith("Báo cáo tháng: tháng 03 năm 2024")
    [target] = [row for row in page.tables[0] if row[0] == "T2_2"]
    assert target[-5:] == ["1", "1", "1", "1", "1"]
    assert f"/projects/{code}" in page.addresses
    assert "chưa kiểm chứng" in page.text
    listed = read(web.by("em").get("/reports").text)
    assert [row[0] for row in listed.tables[0][1:]] == ["tháng 03 năm 2024 Báo cáo tháng"]


def test_refused_freeze_keeps_what_was_typed_beside_the_sentence(web: Any, code: str) -> None:
    browser = web.by("binh")

    early = browser.post("/reports", data={"period": "năm 2024", "programme": "KC-VL-2021-2025"})
    unreadable = browser.post("/reports", data={"period": "tháng ba"})

    assert (early.status_code, unreadable.status_code) == (409, 409)
    assert read(early.text).form("/reports").fields["period"] == ["năm 2024"]
    assert read(early.text).form("/reports").fields["programme"] == ["KC-VL-2021-2025"]
    assert "Kỳ năm 2024 đến ngày 14/12/2024 mới hết; hãy chốt số liệu từ ngày đó." in early.text
    assert "mistake-period" in unreadable.text


@pytest.mark.parametrize("person", ["an", "hanh"])
def test_reports_are_closed_to_those_who_see_a_part_of_the_province(web: Any, code: str, person: str) -> None:
    path = frozen(web)
    browser = web.by(person)

    answers = [browser.get(each) for each in ("/reports", path, f"{path}/differences")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any(code in answer.text for answer in answers)
    assert "/reports" not in read(browser.get("/me").text).addresses


@pytest.mark.parametrize("person", ["chi", "em", "giang", "dung"])
def test_only_a_coordinator_freezes(web: Any, code: str, person: str) -> None:
    assert web.by(person).post("/reports", data={"period": "tháng 3/2024"}).status_code == 403


def test_proposals_are_written_beside_the_figures_until_the_signature(web: Any, code: str) -> None:
    path = frozen(web)
    coordinator, leader = web.by("binh"), web.by("chi")
    before = read(leader.get(path).text).text

    first = coordinator.post(f"{path}/proposals", data={"proposals": "Xin bổ sung vốn.\r\nXin gia hạn."})
    again = coordinator.post(f"{path}/proposals", data={"proposals": "Xin bổ sung vốn.\nXin gia hạn."})
    web.office.at = datetime.fromisoformat("2024-03-19T03:00:00+00:00")
    leader = web.by("chi")
    signed = leader.post(f"{path}/sign", data=SIGNING)
    late = web.by("binh").post(f"{path}/proposals", data={"proposals": "Xin thêm nữa."})

    assert "Người lập báo cáo chưa ghi đề xuất." in before
    assert (first.status_code, again.status_code, signed.status_code, late.status_code) == (303, 409, 303, 409)
    assert "đã ký, số 45/BC-SCT, nên không sửa đề xuất" in late.text
    assert "Xin thêm nữa." in late.text
    page = read(leader.get(path).text)
    assert ("Xin gia hạn." in page.text, "Trần Thị Bình ghi lúc 18/03/2024" in page.text) == (True, True)
    assert "số 45/BC-SCT, ngày 19/03/2024, Lê Minh Chi" in page.text
    assert verify(web.office.store).problems == ()


def test_proposals_are_shown_as_text_and_never_as_code(web: Any, code: str) -> None:
    path = frozen(web)

    web.by("binh").post(f"{path}/proposals", data={"proposals": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in web.by("binh").get(path).text


def test_refused_signature_keeps_what_was_typed(web: Any, code: str) -> None:
    path = frozen(web)
    leader = web.by("chi")

    early = leader.post(f"{path}/sign", data=SIGNING | {"signed_on": "17/03/2024"})
    empty = leader.post(f"{path}/sign", data={"number": "1/BC"})

    assert (early.status_code, empty.status_code) == (409, 409)
    assert read(early.text).form(f"{path}/sign").fields["number"] == ["45/BC-SCT"]
    assert "mistake-signed_on" in early.text
    assert ("mistake-signer" in empty.text, "mistake-signed_on" in empty.text) == (True, True)


def test_differences_name_the_cells_and_the_events_that_changed_them(web: Any, code: str) -> None:
    path = frozen(web)
    same = read(web.by("binh").get(f"{path}/differences").text)
    allot_late(web, code)

    page = read(web.by("binh").get(f"{path}/differences").text)

    assert "Không ô nào khác: số liệu vẫn như vậy." in same.text
    [row] = [row for row in page.tables[0] if row[0] == f"{code}: kinh phí, KC địa phương, Giao vốn, trong kỳ"]
    assert row[1:3] == ["0", "50.000.000"]
    assert page.tables[1][1][1] == code


def test_next_issue_is_compared_with_the_one_before(web: Any, code: str) -> None:
    first = frozen(web)
    allot_late(web, code)
    second = frozen(web)

    page = read(web.by("binh").get(f"{second}/differences?issue=1").text)
    old = read(web.by("chi").get(first).text)
    missing = web.by("binh").get(f"{second}/differences?issue=7")

    [row] = [row for row in page.tables[0] if row[0] == f"{code}: kinh phí, KC địa phương, Giao vốn, trong kỳ"]
    assert row[1:] == ["50.000.000", "0"]
    assert old.links["Mở lần phát hành 2"] == second
    assert not any(form.action.endswith("/sign") for form in old.forms)
    assert missing.status_code == 404


def test_projects_behind_a_figure_are_listed(web: Any, code: str) -> None:
    path = frozen(web)
    browser = web.by("binh")

    of_target, of_other = (read(browser.get(f"{path}?target={target}").text) for target in ("T2_2", "T1_1"))

    assert (of_target.tables[-1][1][0].split()[0], "Không có đề án nào trong phần này." in of_other.text) == (
        code,
        True,
    )


def test_unknown_report_is_not_found(web: Any) -> None:
    assert web.by("binh").get("/reports/999999").status_code == 404
