"""Quy định: the lifecycle, dated rules with their flags, the calculator, and changes on the word of a document."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.queries.rules import rule_named
from models.rulebook import rulebook
from states.conditions import condition, conditions
from states.lifecycle import STATES_OF
from states.steps import STEPS
from states.vocabulary import Route, Stage
from tests.web.reading import read
from web.lifecycle import draw


def rule(web: Any, code: str) -> dict[str, Any]:
    with web.office.store.read() as session:
        _, row = rule_named(rulebook(session), code)
    return row


# --- the lifecycle ------------------------------------------------------------------------------------


def test_table_has_every_step_with_who_decides_who_records_and_on_what_basis(web: Any) -> None:
    page = read(web.by("hanh").get("/rules").text)

    rows = {row[0]: row for row in page.tables[0][1:]}
    assert len(rows) == len(STEPS)
    approve = rows["Phê duyệt trong kế hoạch approve"]
    assert approve[2] == "ĐP: UBND tỉnh; QG: Bộ Công Thương"
    assert approve[1].endswith("→ Trong kế hoạch")
    assert "người ghi không phải người lập hồ sơ" in approve[5]
    assert "3082" in approve[7]


def test_table_is_filtered_by_route_role_and_stage(web: Any) -> None:
    page = read(web.by("an").get("/rules?route=national&role=finance&stage=accepted").text)

    shown = {row[0].rpartition(" ")[2] for row in page.tables[0][1:]}
    wanted = {
        str(step.action)
        for step in STEPS
        if Route.NATIONAL in step.authorities and "finance" in step.recorders and Stage.ACCEPTED in step.sources
    }
    assert shown == wanted
    assert "pay" in shown


def test_every_guard_has_words() -> None:
    guards = {guard for step in STEPS for guard in (*step.closes, *step.needs)}

    assert all(condition(guard) for guard in guards)
    assert all(len(set(conditions(step))) == len(conditions(step)) for step in STEPS)


@pytest.mark.parametrize("route", list(Route))
def test_drawing_has_every_stage_once_and_stays_inside_its_frame(route: Route) -> None:
    drawing = draw(route)

    assert sorted(box.stage for box in drawing.boxes) == sorted(Stage)
    assert all(0 < box.x < drawing.width and 0 < box.y < drawing.height for box in drawing.boxes)
    places = {(box.x, box.y) for box in drawing.boxes}
    assert len(places) == len(STATES_OF)
    assert {arrow.label for arrow in drawing.arrows} <= {step.label for step in STEPS if route in step.authorities}


def test_drawing_names_the_stages_as_the_route_does(web: Any) -> None:
    browser = web.by("em")

    local, national = (browser.get(f"/rules/drawing?route={route}").text for route in Route)

    assert ("Sở Tài chính đang" in local, "Cục đang thẩm" in national) == (True, True)
    assert "Sở Tài chính đang" not in national


# --- lists and one rule -------------------------------------------------------------------------------


@pytest.mark.parametrize("many", ["deadlines", "ceilings", "prepayments", "priorities", "reminders"])
def test_lists_say_what_is_in_force_and_what_nobody_verified(web: Any, many: str) -> None:
    page = read(web.by("hanh").get(f"/rules/{many}").text)
    everything = read(web.by("hanh").get(f"/rules/{many}?every=1").text)
    long_ago = read(web.by("hanh").get(f"/rules/{many}?in_force=01/01/1990").text)

    assert 0 < len(page.tables[-1]) <= len(everything.tables[-1])
    assert "Không có quy định nào có hiệu lực ngày 01/01/1990." in long_ago.text


def test_unverified_rule_is_marked_in_the_list_and_on_its_page(web: Any) -> None:
    browser = web.by("an")

    [row] = [row for row in read(browser.get("/rules/deadlines").text).tables[0] if row[0] == "D-CHECK"]
    page = browser.get("/rules/code/D-CHECK").text

    assert row[2:6] == ["cả hai", "5 ngày làm việc", "từ 10/02/2014", "nội bộ chưa kiểm chứng"]
    assert "chưa kiểm chứng" in page
    assert read(page).forms[-1].action != "/rules/code/D-CHECK"


@pytest.mark.parametrize("code", ["D-15", "C-MACHINERY", "P-VL", "N-T1"])
def test_each_kind_of_rule_has_a_page_and_a_form_for_who_may_change_it(web: Any, code: str) -> None:
    answer = web.by("giang").get(f"/rules/code/{code}")

    assert answer.status_code == 200
    assert read(answer.text).form(f"/rules/code/{code}").fields["part"] == ["remarks"]


def test_unknown_rule_is_not_found(web: Any) -> None:
    assert web.by("an").get("/rules/code/D-NOTHING").status_code == 404


# --- changes ------------------------------------------------------------------------------------------


def test_office_pace_gets_a_successor_from_a_coming_day(web: Any) -> None:
    first = web.office.today + timedelta(days=7)
    typed = {"part": "pace", "length": "7", "starts_on": f"{first:%d/%m/%Y}", "basis_pace": "QĐ 5/QĐ-SCT"}

    answer = web.by("chi").post("/rules/code/D-CHECK", data=typed)

    successor = f"D-CHECK-{first:%Y%m%d}"
    assert (answer.status_code, answer.headers["location"]) == (303, f"/rules/code/{successor}")
    assert (rule(web, successor)["length"], rule(web, "D-CHECK")["effective_until"]) == (
        7,
        (first - timedelta(days=1)).isoformat(),
    )


def test_rule_is_verified_and_its_page_says_on_whose_word(web: Any) -> None:
    browser = web.by("giang")
    form = read(browser.get("/rules/code/N-T1").text).form("/rules/code/N-T1")

    done = browser.post("/rules/code/N-T1", data=form.filled(verified="yes", basis_remarks="QĐ 9/QĐ-SCT"))

    assert done.status_code == 303, done.text
    assert (rule(web, "N-T1")["verified"], rule(web, "N-T1")["doubt"]) == (True, "")
    assert "QĐ 9/QĐ-SCT" in read(browser.get("/rules/code/N-T1").text).tables[-1][-1]


def test_numbers_of_a_verified_level_have_no_field(web: Any) -> None:
    form = read(web.by("giang").get("/rules/code/P-VL").text).form("/rules/code/P-VL")

    smuggled = web.by("giang").post("/rules/code/P-VL", data=form.filled(percent="90", basis_remarks="x"))

    assert "percent" not in form.fields
    assert smuggled.status_code == 409
    assert rule(web, "P-VL")["percent"] == 70


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"part": "pace", "length": "7", "basis_pace": ""}, "mistake-basis_pace"),
        ({"part": "pace", "length": "bảy", "basis_pace": "x"}, "mistake-length"),
        ({"part": "pace", "length": "7", "starts_on": "01/01/2020", "basis_pace": "x"}, "áp dụng từ ngày mai trở đi"),
        ({"part": "remarks", "basis_remarks": "x"}, "Không có gì thay đổi"),
        ({"part": "", "length": "7", "basis_": "x"}, "Không có gì thay đổi"),
    ],
)
def test_refused_change_keeps_what_was_typed(web: Any, typed: dict[str, str], sentence: str) -> None:
    answer = web.by("chi").post("/rules/code/D-CHECK", data=typed)

    assert answer.status_code == 409
    assert rule(web, "D-CHECK")["length"] == 5
    if typed["part"]:
        assert sentence in answer.text
        shown = [form for form in read(answer.text).forms if form.fields.get("part") == [typed["part"]]]
        assert shown[0].fields.get("length", [""]) == [typed.get("length", "")] or typed["part"] == "remarks"


@pytest.mark.parametrize("person", ["an", "binh", "em", "hanh", "dung"])
def test_rules_are_changed_by_leaders_and_administrators_only(web: Any, person: str) -> None:
    browser = web.by(person)
    typed = {"part": "pace", "length": "7", "basis_pace": "x"}

    answers = [browser.post("/rules/code/D-CHECK", data=typed), browser.post("/rules/new"), browser.get("/rules/new")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


NEW = """schema_version: 1
rows:
  - id: C-VL-MACHINERY
    activity: machinery
    label: Ứng dụng máy móc (tỉnh)
    jurisdiction: vinh-long
    route: local
    percent: 40
    cap: 250000000
    per: cơ sở
    base: eligible_cost
    basis: NQ 11/2025/NQ-HĐND
    verified: true
    effective_from: 2024-01-01
"""


def test_new_rules_come_from_a_file_or_are_pasted_all_or_none(web: Any) -> None:
    browser = web.by("giang")

    pasted = browser.post("/rules/new", data={"kind": "ceilings", "basis": "NQ 11/2025", "rows": NEW})
    twice = browser.post(
        "/rules/new", data={"kind": "ceilings", "basis": "NQ 11"}, files={"file": ("c.yaml", NEW.encode())}
    )

    assert pasted.status_code == 303, pasted.text
    assert rule(web, "C-VL-MACHINERY")["cap"] == 250_000_000
    assert twice.status_code == 409
    assert "C-VL-MACHINERY" in twice.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "", "basis": "x", "rows": NEW}, "kind"),
        ({"kind": "ceilings", "basis": "", "rows": NEW}, "basis"),
        ({"kind": "ceilings", "basis": "x", "rows": " "}, "rows"),
    ],
)
def test_new_rules_that_are_not_whole_stand_beside_their_field(web: Any, typed: dict[str, str], field: str) -> None:
    answer = web.by("giang").post("/rules/new", data=typed)

    assert answer.status_code == 409
    assert f"mistake-{field}" in answer.text
    assert read(answer.text).form("/rules/new").fields["rows"] == [typed["rows"]]


def test_file_that_is_no_rules_is_refused_without_naming_our_folders(web: Any) -> None:
    answer = web.by("giang").post("/rules/new", data={"kind": "ceilings", "basis": "x", "rows": "a: [1"})

    assert answer.status_code == 409
    assert ("Không đọc được tệp" in answer.text, "/tmp" in answer.text) == (True, False)


@pytest.mark.parametrize("many", ["deadlines", "ceilings", "prepayments", "priorities", "reminders"])
def test_sample_is_the_file_that_ships(web: Any, many: str) -> None:
    answer = web.by("an").get(f"/rules/sample/{many}")

    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "schema_version: 1" in answer.text


@pytest.mark.parametrize("many", ["calendar", "places", "ceilings.yaml"])
def test_nothing_else_is_a_sample(web: Any, many: str) -> None:
    assert web.by("an").get(f"/rules/sample/{many}").status_code == 404


# --- the calculator -----------------------------------------------------------------------------------

ASKED = "/rules/ceilings?activity=machinery&cost=650tr&ask=400tr&route=local&on=20/01/2026"


def test_calculator_says_what_is_allowed_and_what_is_over(web: Any) -> None:
    page = read(web.by("an").get(f"{ASKED}&place=vlm-p-long-chau").text)

    assert "Mức tối đa 300.000.000 đồng" in page.text
    assert "vượt định mức 100.000.000 đồng" in page.text
    assert "/rules/code/C-MACHINERY" in page.addresses
    assert "Long Châu" in page.text
    assert page.form("/rules/ceilings", "get").fields["ask"] == ["400tr"]


def test_place_is_found_by_its_name_and_asked_for_where_several_bear_it(web: Any) -> None:
    browser = web.by("an")

    several = browser.get(f"{ASKED}&place=Nhơn Phú")
    none = browser.get(f"{ASKED}&place=Không Có Xã Này")

    assert (several.status_code, none.status_code) == (400, 400)
    assert ("vl-x-nhon-phu" in several.text, "vlm-x-nhon-phu" in several.text) == (True, True)
    assert ("mistake-place" in several.text, "mistake-place" in none.text) == (True, True)


@pytest.mark.parametrize(
    ("asked", "field"), [("activity=machinery", "cost"), ("activity=flying&cost=1&ask=1", "activity")]
)
def test_calculator_asks_for_what_is_missing(web: Any, asked: str, field: str) -> None:
    answer = web.by("an").get(f"/rules/ceilings?{asked}")

    assert answer.status_code == 400
    assert f"mistake-{field}" in answer.text


def test_ceiling_of_another_day_is_measured_by_the_rule_of_that_day(web: Any) -> None:
    before = web.by("an").get("/rules/ceilings?activity=machinery&cost=650tr&ask=1tr&on=01/01/2001").text

    assert f"Tại ngày {date(2001, 1, 1):%d/%m/%Y} chưa có định mức" in before
