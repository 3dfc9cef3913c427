"""Hôm nay: each role finds its own work, each row leads to the step, and nobody sees what is not theirs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.desk.comments import remark
from models.loading import load_person
from tests.web.reading import Page, read


def morning(web: Any, who: str, address: str = "/") -> Page:
    answer = web.by(who).get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def at_noon(web: Any, day: str) -> None:
    web.office.at = datetime.fromisoformat(f"{day}T05:00:00+00:00")


@pytest.mark.parametrize(
    ("stage", "who", "address"),
    [
        ("draft", "an", "/projects/{code}/steps/submit"),
        ("submitted", "binh", "/projects/{code}/steps/start_appraisal"),
        ("appraising", "chi", "/projects/{code}/steps/pass_appraisal"),
        ("appraised", "binh", "/projects/{code}/steps/send_to_finance"),
        ("cleared", "chi", "/approvals?code={code}"),
        ("approved", "binh", "/contracts/new?code={code}"),
        ("contracted", "an", "/projects/{code}/steps/start"),
        ("underway", "an", "/projects/{code}/steps/report_completion"),
        ("awaiting_acceptance", "chi", "/projects/{code}/steps/accept"),
        ("accepted", "dung", "/projects/{code}/steps/pay"),
    ],
)
def test_row_leads_to_the_step_that_is_awaited(web: Any, stage: str, who: str, address: str) -> None:
    code = web.office.bring(web.office.open(), stage)

    page = morning(web, who)

    assert address.format(code=code) in page.addresses


def test_settlement_waits_for_the_cashier_once_everything_is_paid(web: Any) -> None:
    code = web.office.bring(web.office.open(), "settling")

    page = morning(web, "dung")

    assert f"/projects/{code}/steps/settle" in page.addresses
    assert f"/projects/{code}/steps/pay" not in page.addresses


def test_author_is_not_asked_to_judge_the_own_dossier(web: Any) -> None:
    code = web.office.bring(web.office.open(by="binh"), "appraising")

    mine, another = morning(web, "binh"), morning(web, "bach")

    assert f"/projects/{code}/steps/pass_appraisal" not in mine.addresses
    assert f"/projects/{code}/steps/pass_appraisal" in another.addresses


def test_project_at_another_body_waits_for_others_with_its_name(web: Any) -> None:
    code = web.office.bring(web.office.open(), "reviewing")

    page = morning(web, "binh")

    [row] = [row for table in page.tables for row in table if code in row[0] and "Sở Tài chính" in row]
    assert row[1] == "Sở Tài chính đang thẩm định"
    assert f"/projects/{code}/steps/pass_review" in page.addresses


@pytest.mark.parametrize("who", ["yen", "hanh"])
def test_outsiders_see_no_name_and_no_count(web: Any, who: str) -> None:
    code = web.office.bring(web.office.open(name="Đề án kín"), "submitted")
    at_noon(web, "2024-03-01")

    page = morning(web, who)

    assert "Đề án kín" not in page.text
    assert code not in page.text
    assert [text for text in page.texts if text in ("1", "2")] == []


def test_own_unit_sees_what_waits_for_the_department(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    page = morning(web, "an")

    [row] = [row for table in page.tables for row in table if "Điều phối viên của Sở" in row]
    assert code in row[0]


def test_deadlines_stand_in_the_horizon_of_their_safe_day(web: Any) -> None:
    code = web.office.submitted_in_2026()

    horizons = {}
    for day in ("2026-03-03", "2026-03-06", "2026-03-11"):
        at_noon(web, day)
        titles = morning(web, "binh").text
        cut = [titles.index(head) for head in ("Đến hạn trong 3 ngày làm việc", "Đang chờ tôi")]
        horizons[day] = [
            name
            for name, part in (("overdue", titles[: cut[0]]), ("near", titles[cut[0] : cut[1]]))
            if code in part.split("đang chờ tôi")[-1]
        ]

    assert horizons == {"2026-03-03": ["near"], "2026-03-06": ["near"], "2026-03-11": ["overdue"]}


def test_overdue_deadline_leads_to_the_step_that_stops_it(web: Any) -> None:
    code = web.office.submitted_in_2026()
    at_noon(web, "2026-03-12")

    page = morning(web, "binh")

    assert "quá hạn 2 ngày làm việc" in page.text
    assert page.addresses.count(f"/projects/{code}/steps/start_appraisal") == 2


def test_changes_tell_what_others_did_since_the_last_workday(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    theirs, own = morning(web, "binh"), morning(web, "an")

    told = [row[1] for table in theirs.tables for row in table if "Nguyễn Văn An" in row]
    assert told == ["Nộp hồ sơ số 01/TTKC → Đã nộp", "Lập đề án → Nháp"]
    assert code in theirs.text
    assert [row for table in own.tables for row in table if "Nguyễn Văn An" in row] == []


def test_changes_of_one_decision_are_one_row(web: Any) -> None:
    codes = [web.office.bring(web.office.open(equipment=f"Máy {n}"), "cleared") for n in range(3)]
    web.office.approve(*codes, total=900_000_000)

    page = morning(web, "chi")

    [row] = [row for table in page.tables for row in table if "số 980/QĐ-UBND" in " ".join(row)]
    assert "và 2 đề án khác" in row[2]


def test_mention_reaches_the_person_and_nobody_else(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")
    with web.office.store.write() as session:
        remark(session, code, "Nhờ @chi xem giá máy", by=load_person(session, "binh"), origin=web.office.origin)

    assert "Nhờ @chi xem giá máy" in morning(web, "chi").text
    assert "Nhờ @chi xem giá máy" not in morning(web, "chau").text


def test_waiting_list_is_narrowed_to_one_step_and_paged(web: Any) -> None:
    for number in range(17):
        web.office.open(name=f"Nháp số {number:02d}")
    web.office.bring(web.office.open(name="Đã trả lại"), "underway")

    narrowed, second = morning(web, "an", "/?step=report_completion"), morning(web, "an", "/?offset=15")

    assert "Nháp số 00" not in narrowed.text
    assert "Đã trả lại" in narrowed.text
    assert "Dòng 16–18" in second.text


def test_open_request_waits_for_its_confirmation_and_then_for_the_approver(web: Any) -> None:
    from states.facts import Asked
    from states.vocabulary import Change, Source

    code = web.office.bring(web.office.open(), "underway")
    asked = Asked(frozenset({Change.OTHER_NOT_INCREASING}), amounts={Source.LOCAL_FUND: 250_000_000})
    web.office.step(code, "request_adjustment", "an", number="20/TTKC", note="Giá máy giảm", asked=asked)

    before = morning(web, "chi")
    web.office.step(code, "confirm_adjustment", "chi", number="21/SCT", signer="Lê Minh Chi")
    after = morning(web, "chi")

    assert f"/projects/{code}/steps/confirm_adjustment" in before.addresses
    assert f"/projects/{code}/steps/approve_adjustment" in after.addresses
    assert "UBND tỉnh" in after.text


def test_auditor_sees_events_denials_and_seals(web: Any) -> None:
    web.office.bring(web.office.open(), "submitted")
    web.by("hanh").get("/approvals")

    page = morning(web, "em")

    assert "Nộp hồ sơ" in page.text
    assert "GET /approvals" in page.text
    assert "Sổ chưa được niêm phong lần nào" in page.text


def test_administrator_sees_who_cannot_sign_in(web: Any) -> None:
    page = morning(web, "giang")

    assert "Bùi Trường Giang (giang)" in page.text
    assert "Mọi lần chạy định kỳ đều đúng hẹn." in page.text


def test_everything_is_said_in_english_too(web: Any) -> None:
    web.office.bring(web.office.open(), "submitted")
    browser = web.by("binh")
    browser.post("/language", data={"language": "en"})

    text = read(browser.get("/").text).text

    assert "Waiting for me" in text
    assert "Đang chờ tôi" not in text


def test_strange_addresses_change_nothing(web: Any) -> None:
    page = morning(web, "binh", "/?step=nonsense&offset=-5&behind=999999999999999999999")

    assert "Đang chờ tôi" in page.text


@pytest.mark.parametrize("who", ["an", "binh", "chi", "dung", "em", "giang", "hanh", "yen"])
def test_page_opens_on_both_databases(web_on_both: Any, who: str) -> None:
    office = web_on_both.office
    for stage in ("submitted", "appraising", "cleared", "underway", "accepted"):
        office.bring(office.open(equipment=f"Máy {stage}"), stage)
    office.at += timedelta(days=1)
    assert office.at.tzinfo == UTC

    assert web_on_both.by(who).get("/").status_code == 200
