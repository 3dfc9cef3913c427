"""Two browsers at one step, and a hand that clicks twice: one recording, and words for whoever was second."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from models.queries import history, search, show_project
from states.facts import Facts
from states.vocabulary import Source, Stage

pytestmark = pytest.mark.browser

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND


def at_step(surfer: Any, who: str, code: str, action: str, **typed: str) -> Page:
    """Open the form of a step and fill it, without sending it yet."""
    page: Page = surfer.open(who)
    page.goto(f"/projects/{code}/steps/{action}")
    for name, text in typed.items():
        page.locator(f"form.step [name={name}]").fill(text)
    return page


def send_together(*pages: Page) -> None:
    """Let every browser send its form before any of them waits for its answer."""
    for page in pages:
        page.evaluate("void setTimeout(() => document.querySelector('form.step').requestSubmit())")
    for page in pages:
        page.wait_for_function("!document.querySelector('form.step') || document.getElementById('mistakes')")


def recorded(office: Any, code: str, action: str) -> list[str]:
    """The numbers of the papers under which an action stands in the register."""
    with office.store.read() as session:
        return [event["number"] for event in history(session, code) if event["action"] == action]


def alert(page: Page) -> str:
    return page.get_by_role("alert").inner_text()


def test_of_two_who_send_at_once_one_wins_and_the_other_is_told(surfer: Any) -> None:
    office = surfer.office
    code = office.bring(office.open(), "submitted")
    typed = {"binh": "02/SCT-B", "bach": "02/SCT-K"}
    pages = {who: at_step(surfer, who, code, "start_appraisal", number=number) for who, number in typed.items()}

    send_together(*pages.values())

    [winner] = [who for who, page in pages.items() if page.url.endswith(f"/projects/{code}")]
    [other] = set(pages) - {winner}
    name = {"binh": "Trần Thị Bình", "bach": "Đỗ Xuân Bách"}[winner]
    assert recorded(office, code, "start_appraisal") == [typed[winner]]
    assert f"vừa được {name} cập nhật (bước «Bắt đầu thẩm định»" in alert(pages[other])
    # The step is closed for the second one now, so what was typed is told beside the reason.
    assert typed[other] in pages[other].locator("#main").inner_text()


def test_who_comes_second_at_another_step_keeps_the_form_and_may_send_it_again(surfer: Any) -> None:
    office = surfer.office
    code = office.bring(office.open(), "approved")
    office.at += timedelta(days=1)
    typed = {"amount_local_fund": "290 triệu", "number": "77/QĐ-UBND", "decided_on": f"{office.today:%d/%m/%Y}"}
    reasons = {"signer": "Lê Quang Trung", "note": "Cắt giảm theo nguồn vốn"}
    leader = at_step(surfer, "chi", code, "amend_approval", **typed, **reasons)
    cashier = at_step(surfer, "dung", code, "allot", number="7/QĐ-STC", amount_local_fund="280 triệu")
    cashier.locator("form.step [name=decided_on]").fill(typed["decided_on"])

    cashier.locator("form.step button.main").click()
    leader.locator("form.step button.main").click()
    told, kept = alert(leader), leader.locator("form.step [name=amount_local_fund]").input_value()
    before = facts(office, code).approved_now()
    leader.locator("form.step button.main").click()

    assert "vừa được Phan Tiến Dũng cập nhật (bước «Giao vốn»" in told
    assert (kept, before) == ("290 triệu", 300 * TRIEU)
    assert leader.get_by_role("status").first.inner_text().startswith("Đã ghi «Sửa quyết định phê duyệt»")
    assert facts(office, code).approved_now() == 290 * TRIEU


def facts(office: Any, code: str) -> Facts:
    return office.facts(code)  # type: ignore[no-any-return]


def test_dossier_edited_by_two_keeps_the_words_of_the_second(surfer: Any) -> None:
    office = surfer.office
    code = office.open()
    pages = {who: surfer.open(who) for who in ("an", "binh")}
    for who, page in pages.items():
        page.goto(f"/projects/{code}/edit")
        page.locator("form.step [name=scope]").fill(f"Theo {who}")
        if page.locator("form.step [name=note]").count():
            page.locator("form.step [name=note]").fill("Bổ sung")

    for page in pages.values():
        page.locator("form.step button.main").click()

    assert "vừa được Nguyễn Văn An cập nhật" in alert(pages["binh"])
    assert pages["binh"].locator("form.step [name=scope]").input_value() == "Theo binh"
    with office.store.read() as session:
        assert show_project(session, code)["scope"] == "Theo an"


def test_list_approved_by_another_is_told_to_who_sends_it_second(surfer: Any) -> None:
    office = surfer.office
    code = office.bring(office.open(), "cleared")
    office.at += timedelta(days=1)
    pages = {who: surfer.open(who) for who in ("binh", "bach")}
    for who, page in pages.items():
        page.goto(f"/approvals?code={code}")
        page.get_by_label("Số quyết định").fill(f"98/QĐ-{who}")
        page.get_by_label("Ngày quyết định").fill(f"{office.today:%d/%m/%Y}")
        page.get_by_label("Người ký").fill("Lê Quang Trung")
        page.get_by_label("Tổng hỗ trợ của tỉnh trên phụ lục").fill("300 triệu")

    for page in pages.values():
        page.get_by_role("button", name="Phê duyệt danh mục").click()
    pages["binh"].wait_for_url("**/approvals/decisions/*")

    assert recorded(office, code, "approve") == ["98/QĐ-binh"]
    assert code in alert(pages["bach"])
    assert pages["bach"].get_by_label("Số quyết định").input_value() == "98/QĐ-bach"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_double_click_records_once(surfer: Any, scripts: bool) -> None:
    office = surfer.office
    code = office.bring(office.open(), "accepted")
    office.at += timedelta(days=1)
    page = surfer.open("dung", scripts=scripts)
    page.goto(f"/projects/{code}/steps/pay")
    page.locator("form.step [name=number]").fill("10/UNC")
    page.locator("form.step [name=amount_local_fund]").fill("100 triệu")

    page.locator("form.step button.main").dblclick()
    page.locator("#mistakes, p.told").first.wait_for()

    assert recorded(office, code, "pay") == ["10/UNC"]
    assert office.stage(code) is Stage.ACCEPTED
    if scripts:
        assert page.get_by_role("status").first.inner_text().startswith("Đã ghi «Thanh toán»")


def test_double_click_opens_one_draft(surfer: Any) -> None:
    page = surfer.open("an")
    page.goto("/projects/new")
    page.get_by_label("Tên đề án").fill("Hỗ trợ máy tách hạt")
    page.locator("#field-content").select_option(index=2)
    page.locator("#field-activity").select_option("machinery")
    page.locator("#field-target_T2_2").fill("1")

    page.get_by_role("button", name="Lưu bản nháp").dblclick()
    page.wait_for_url("**/projects/KC-*")

    with surfer.office.store.read() as session:
        assert len(search(session, "tách hạt")) == 1
