"""Every row of the lifecycle table once in a real browser: its button on the project's page, its form, what it did."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from models.queries import history
from states.actions import Action
from states.steps import STEP, STEPS
from states.words import format_date
from tests.web.browsing import axe_violations, sideways
from tests.web.test_project_steps import CASES, TRIEU, as_typed_in_fields, typed_of

pytestmark = pytest.mark.browser

#: How long a phone is: the forms must fit it.
PHONE = 360


def test_no_row_of_the_table_is_forgotten() -> None:
    assert {str(step.action) for step in STEPS} - set(CASES) == set()


def last_event(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        return history(session, code)[-1]


def press_the_button(page: Page, code: str, label: str) -> None:
    page.goto(f"/projects/{code}")
    page.locator("ul.next").get_by_role("link", name=label, exact=True).click()


def unfold(page: Page) -> None:
    folded = page.locator("form.step details:not([open]) > summary")
    while folded.count():
        folded.first.click()


def fill(page: Page, fields: dict[str, Any]) -> None:
    """Put into the form what its fields are to hold; amounts and quantities that are not told become empty."""
    form = page.locator("form.step")
    for proposed in form.locator("input[name^=amount_], input[name^=quantity_]").all():
        if proposed.get_attribute("name") not in fields:
            proposed.fill("")
    for name, typed in fields.items():
        values = typed if isinstance(typed, list) else [typed]
        if form.locator(f"select[name='{name}']").count():
            form.locator(f"select[name='{name}']").select_option(typed)
        elif form.locator(f"input[type=checkbox][name='{name}']").count():
            for value in values:
                form.locator(f"input[type=checkbox][name='{name}'][value='{value}']").check()
        else:
            form.locator(f"[name='{name}']").fill(str(typed))


@pytest.mark.parametrize("action", [action for action in CASES if action != "approve"])
def test_step_is_recorded_by_its_button_and_its_form(surfer: Any, action: str) -> None:
    office, case, step = surfer.office, CASES[action], STEP[Action(action)]
    code = case.bring(office)
    office.at += timedelta(days=1)
    typed = typed_of(office, action, case)
    page = surfer.open(case.by, width=PHONE)

    press_the_button(page, code, step.label)
    unfold(page)
    found = (axe_violations(page), sideways(page))
    names = page.locator("form.step [name]").evaluate_all("all => all.map(one => one.name)")
    fill(page, as_typed_in_fields(typed, set(names)))
    page.locator("form.step button.main").click()

    assert found == ([], 0)
    assert re.search(f"/projects/{code}$", page.url), page.locator("#main").inner_text()
    assert page.get_by_role("status").first.inner_text().startswith(f"Đã ghi «{step.label}»")
    assert last_event(office, code)["action"] == action


def test_approval_is_recorded_by_its_button_and_the_list(surfer: Any) -> None:
    office = surfer.office
    code = CASES["approve"].bring(office)
    office.at += timedelta(days=1)
    page = surfer.open("binh", width=PHONE)

    press_the_button(page, code, STEP[Action.APPROVE].label)
    found = (axe_violations(page), sideways(page))
    page.get_by_label("Số quyết định").fill("980/QĐ-UBND")
    page.get_by_label("Ngày quyết định").fill(format_date(office.today))
    page.get_by_label("Người ký").fill("Lê Quang Trung")
    page.get_by_label("Tổng hỗ trợ của tỉnh trên phụ lục").fill(str(300 * TRIEU))
    page.get_by_role("button", name="Phê duyệt danh mục").click()
    page.wait_for_url("**/approvals/decisions/*")

    assert found == ([], 0)
    assert last_event(office, code)["action"] == "approve"
    assert str(office.stage(code)) == "approved"
