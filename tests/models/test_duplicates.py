"""Support given twice in the register: which earlier project is named, to whom, and what is passed over."""

from datetime import timedelta
from typing import Any

import pytest

from models import queries
from models.append import Origin
from models.duplicates import warnings_of
from models.forms import BeneficiaryForm
from models.loading import load_person, load_project
from models.people import add_beneficiary
from models.projects import amend
from models.verify import verify
from states.refusal import Refused
from states.vocabulary import Route, Stage

PACKER, DRYER = "Máy đóng gói hút chân không", "Máy sấy thăng hoa"
OWNER = "Cơ sở Tàu hủ ky Mỹ Hòa"
OLD_PLACE, NEW_PLACE, OTHER_PLACE = "vl-p-phuong-9", "vlm-p-long-chau", "vlm-p-thanh-duc"


def _open(office: Any, **changes: Any) -> str:
    code: str = office.open(**({"equipment": PACKER} | changes))
    return code


def _submitted(office: Any, **changes: Any) -> str:
    code = _open(office, **changes)
    by = changes.get("by", "an")
    office.step(code, "submit", by, number="01/TTKC", papers=("dossier", "support_request"))
    return code


def _other_unit(**changes: Any) -> dict[str, Any]:
    return {"by": "yen", "unit": "hoi"} | changes


def _found(office: Any, code: str, by: str | None = None) -> list[dict[str, Any]]:
    with office.store.read() as session:
        reader = load_person(session, by) if by else None
        return queries.duplicates_of(session, code, reader=reader)


def _codes(office: Any, code: str) -> list[tuple[str, str]]:
    return [(row["code"], row["certainty"]) for row in _found(office, code)]


def _all(office: Any, by: str | None = None, **filters: Any) -> list[tuple[str, str]]:
    with office.store.read() as session:
        reader = load_person(session, by) if by else None
        rows = queries.all_duplicates(session, reader=reader, **filters)
        return [(row["project"]["code"], row["code"]) for row in rows]


def _warned(office: Any, code: str, by: str | None = None) -> tuple[str, ...]:
    with office.store.read() as session:
        reader = load_person(session, by) if by else None
        return warnings_of(session, load_project(session, code), reader)


def _beneficiary(office: Any, name: str, **more: Any) -> int:
    with office.store.write() as session:
        form = BeneficiaryForm(name=name, kind="household", **more)
        return add_beneficiary(session, form, office.origin, distinct=True)


def _amend(office: Any, code: str, **typed: Any) -> None:
    office.at += timedelta(days=1)
    beneficiaries = typed.pop("beneficiaries", None)
    with office.store.write() as session:
        person = load_person(session, "an")
        amend(session, code, typed, by=person, origin=Origin(office.at, person.id, "test"), beneficiaries=beneficiaries)


# --- what is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "earlier",
    [
        {"plan_year": 2023},
        {"route": Route.NATIONAL},
        _other_unit(),
        _other_unit(plan_year=2023, route=Route.NATIONAL, activity="production_line"),
        {"plan_year": 2025},
    ],
    ids=["other year", "other route", "other unit", "other in everything", "later year"],
)
def test_the_same_machine_for_the_same_beneficiary_is_found(office_on_both: Any, earlier: dict[str, Any]) -> None:
    office = office_on_both
    before = _submitted(office, **earlier)
    code = _open(office, equipment="may dong goi – hut chan khong")

    assert _codes(office, code) == [(before, "same")]


def test_the_earlier_project_is_told_with_year_route_stage_and_money(office_on_both: Any) -> None:
    office = office_on_both
    before = office.bring(_open(office, plan_year=2023, route=Route.NATIONAL), Stage.CONTRACTED)
    code = _open(office)

    sentence = (
        f"Trùng hỗ trợ: {OWNER} có đề án {before} (kế hoạch năm 2023, khuyến công quốc gia, «Đã ký hợp đồng»), "
        f"“{PACKER}”, được phê duyệt 300.000.000 đồng; hãy đối chiếu trước khi phê duyệt."
    )
    assert _found(office, code) == [
        {
            "code": before,
            "name": "Hỗ trợ ứng dụng máy móc thiết bị đóng gói",
            "plan_year": 2023,
            "route": "national",
            "route_label": "Khuyến công quốc gia",
            "stage": "contracted",
            "stage_label": "Đã ký hợp đồng",
            "equipment": PACKER,
            "beneficiary": OWNER,
            "recognised_by": "record",
            "asked": 300_000_000,
            "approved": 300_000_000,
            "certainty": "same",
            "certainty_label": "Trùng hỗ trợ",
            "hidden": False,
            "sentence": sentence,
        }
    ]
    assert _warned(office, code) == (sentence,)


@pytest.mark.parametrize(
    "change",
    [{"equipment": DRYER}, {"activity": "Việc khác"}, {"equipment": "", "name": "Hỗ trợ ứng dụng máy sấy"}],
    ids=["other machine", "other class", "other machine by its name"],
)
def test_another_machine_is_nothing_to_tell(office_on_both: Any, change: dict[str, Any]) -> None:
    office = office_on_both
    _submitted(office, plan_year=2023, **change)
    code = _open(office)

    assert _found(office, code) == []
    assert _warned(office, code) == ()


def test_the_same_machine_for_another_beneficiary_is_nothing_to_tell(office_on_both: Any) -> None:
    office = office_on_both
    other = _beneficiary(office, "Cơ sở Bánh tráng Ba Phát", tax_code="9900912346")
    _submitted(office, plan_year=2023, beneficiaries=(other,))
    nobody = _open(office, beneficiaries=())
    code = _open(office)

    assert [_found(office, each) for each in (code, nobody)] == [[], []]


def test_names_speak_where_the_equipment_is_not_told(office_on_both: Any) -> None:
    office = office_on_both
    before = _submitted(office, plan_year=2023, equipment="", name="Hỗ trợ máy đóng gói cho Cơ sở Mỹ Hòa")
    code = _open(office)

    [row] = _found(office, code)

    assert (row["code"], row["certainty"], row["equipment"]) == (before, "likely", None)
    assert row["sentence"].startswith(f"Có thể trùng hỗ trợ: {OWNER} có đề án {before}")
    assert "“Hỗ trợ máy đóng gói cho Cơ sở Mỹ Hòa”, đề nghị 300.000.000 đồng;" in row["sentence"]


# --- which projects count -----------------------------------------------------------------------------


def test_a_draft_is_not_yet_support(office_on_both: Any) -> None:
    office = office_on_both
    _open(office, plan_year=2023)
    code = _submitted(office)

    assert _found(office, code) == []


@pytest.mark.parametrize(
    ("stage", "action", "by"),
    [
        (Stage.SUBMITTED, "withdraw", "an"),
        (Stage.APPRAISING, "fail_appraisal", "chi"),
        (Stage.RETURNED, "lapse", "binh"),
    ],
)
def test_what_ended_without_support_never_counts(office_on_both: Any, stage: Stage, action: str, by: str) -> None:
    office = office_on_both
    before = _submitted(office, plan_year=2023)
    code = _open(office)
    assert _codes(office, code) == [(before, "same")]

    if stage is Stage.APPRAISING:
        office.step(before, "start_appraisal", "binh", number="02/SCT")
    if stage is Stage.RETURNED:
        office.step(before, "return", "binh", number="02/SCT", note="Thiếu báo giá", missing=("Báo giá",))
        office.at += timedelta(days=60)
    office.step(before, action, by, number="03/SCT", signer="Lê Minh Chi", note="Không đủ điều kiện")

    assert [_found(office, each) for each in (code, before)] == [[], []]


def test_what_was_stopped_after_its_approval_counts(office_on_both: Any) -> None:
    office = office_on_both
    before = office.bring(_open(office, plan_year=2023), Stage.APPROVED)
    day = (office.at + timedelta(days=1)).date()
    office.step(before, "stop", "binh", number="9/QĐ", signer="Lê Quang Trung", note="Ngừng sản xuất", decided_on=day)
    code = _open(office)

    [row] = _found(office, code)

    assert (row["code"], row["stage"], row["approved"]) == (before, "stopped", 300_000_000)


def test_a_beneficiary_whose_name_was_withdrawn_no_longer_connects(office_on_both: Any) -> None:
    office = office_on_both
    other = _beneficiary(office, "Cơ sở Bánh tráng Ba Phát")
    before = _submitted(office, plan_year=2023)
    code = _open(office)
    assert _codes(office, code) == [(before, "same")]

    _amend(office, code, beneficiaries=(other,))

    assert _found(office, code) == []


# --- who is the same beneficiary ----------------------------------------------------------------------


def test_a_branch_is_its_firm(office_on_both: Any) -> None:
    office = office_on_both
    branch = _beneficiary(office, "Chi nhánh Bình Tân", tax_code="9900912345-001")
    neighbour = _beneficiary(office, "Cơ sở Ba Phát", tax_code="9900912346-001")
    before = _submitted(office, plan_year=2023, beneficiaries=(branch,))
    _submitted(office, plan_year=2023, beneficiaries=(neighbour,))
    code = _open(office)

    [row] = _found(office, code)
    back = _codes(office, before)

    assert (row["code"], row["beneficiary"], row["recognised_by"]) == (before, "Chi nhánh Bình Tân", "tax_code")
    assert "Chi nhánh Bình Tân (cùng mã số thuế gốc) có đề án" in row["sentence"]
    # The other way round only what counts is found: the project at hand is still a draft.
    assert back == []


def test_two_records_of_one_name_are_one_in_one_place_even_after_its_merger(office_on_both: Any) -> None:
    office = office_on_both
    old, new, elsewhere, unknown = (
        _beneficiary(office, name, place=place)
        for name, place in (
            ("Lò gốm Ba Phát", OLD_PLACE),
            ("LÒ GỐM BA PHÁT", NEW_PLACE),
            ("Lò gốm Ba Phát", OTHER_PLACE),
            ("Lò gốm Ba Phát", None),
        )
    )
    before = _submitted(office, plan_year=2023, beneficiaries=(old,))

    codes = [_open(office, beneficiaries=(who,)) for who in (new, elsewhere, unknown)]

    assert [_codes(office, code) for code in codes] == [[(before, "same")], [], []]


# --- what a step tells --------------------------------------------------------------------------------


def test_each_step_before_the_approval_names_the_earlier_project_and_refuses_nothing(office: Any) -> None:
    before = _submitted(office, plan_year=2023)
    # The level of the national route is verified, so that nothing else is to be warned of.
    code = _open(office, route=Route.NATIONAL)
    signed = {"signer": "Lê Minh Chi"}

    steps = [
        office.step(code, "submit", "an", number="01/TTKC", papers=("dossier", "support_request")),
        office.step(code, "start_appraisal", "binh", number="02/SCT"),
        office.step(code, "pass_appraisal", "chi", number="03/BB", **signed),
        office.step(code, "send_to_agency", "binh", number="04/TTr", papers=("form_2",), **signed),
        office.step(code, "pass_review", "binh", number="05/KQ", decided_on=office.today, **signed),
    ]
    [approved] = office.approve(code).projects

    told = [step.warnings for step in (*steps, approved)]
    assert [len(warnings) for warnings in told] == [1, 0, 1, 0, 1, 1]
    assert f"có đề án {before} (kế hoạch năm 2023, khuyến công địa phương, «Đã nộp»)" in told[-1][0]


def test_a_step_names_three_projects_and_counts_the_others(office: Any) -> None:
    for _ in range(5):
        _submitted(office, plan_year=2023)
    code = _open(office)

    warnings = _warned(office, code)

    assert [sentence.split(" (")[0] for sentence in warnings[:3]] == [
        f"Trùng hỗ trợ: {OWNER} có đề án KC-VL-2023-00{number}" for number in (1, 2, 3)
    ]
    assert warnings[3:] == (f"Còn 2 đề án khác có thể trùng hỗ trợ; hãy xem dean project duplicates {code}.",)


def test_whoever_may_not_read_the_earlier_project_is_told_its_code_and_year(office_on_both: Any) -> None:
    office = office_on_both
    before = _submitted(office, **_other_unit(plan_year=2023, place=NEW_PLACE))
    code = _submitted(office, place=OTHER_PLACE)
    blind = (
        f"Trùng hỗ trợ: đã có đề án {before} (kế hoạch năm 2023) ngoài phạm vi xem của bạn; "
        "hãy hỏi điều phối viên của Sở."
    )

    [row] = _found(office, code, by="an")

    assert {name: value for name, value in row.items() if value is not None} == {
        "code": before,
        "plan_year": 2023,
        "certainty": "same",
        "certainty_label": "Trùng hỗ trợ",
        "hidden": True,
        "sentence": blind,
    }
    assert _warned(office, code, by="an") == (blind,)
    assert [_found(office, code, by=by)[0]["hidden"] for by in ("binh", "chi", "dung", "em")] == [False] * 4


def test_a_project_outside_the_scope_is_not_asked_about(office: Any) -> None:
    code = _submitted(office, place=OTHER_PLACE)

    for by in ("yen", "hanh"):
        with pytest.raises(Refused, match=f"Không có đề án {code} trong phạm vi xem"):
            _found(office, code, by=by)


def test_a_commune_sees_the_details_of_its_area_only(office_on_both: Any) -> None:
    office = office_on_both
    inside = _submitted(office, plan_year=2022, place=OLD_PLACE)
    outside = _submitted(office, plan_year=2023, place=OTHER_PLACE)
    code = _submitted(office, place=NEW_PLACE)

    assert [(row["code"], row["hidden"]) for row in _found(office, code, by="hanh")] == [
        (inside, False),
        (outside, True),
    ]


# --- the whole register -------------------------------------------------------------------------------


def test_the_register_lists_each_pair_once_under_the_later_project(office_on_both: Any) -> None:
    office = office_on_both
    branch = _beneficiary(office, OWNER, tax_code="9900912345-001")
    third = _submitted(office, plan_year=2025)
    first = _submitted(office, **_other_unit(plan_year=2023, beneficiaries=(office.beneficiary, branch)))
    second = _submitted(office, route=Route.NATIONAL)
    _submitted(office, plan_year=2022, equipment=DRYER)
    _open(office, plan_year=2025)

    assert _all(office) == [(second, first), (third, first), (third, second)]
    assert [_all(office, year=year) for year in (2023, 2024, 2025)] == [
        [],
        [(second, first)],
        [(third, first), (third, second)],
    ]
    assert [_all(office, by=by) for by in ("an", "yen", "hanh")] == [_all(office), [], []]


def test_the_list_hides_what_the_reader_may_not_see(office: Any) -> None:
    _submitted(office, **_other_unit(plan_year=2023))
    code = _submitted(office)

    with office.store.read() as session:
        [row] = queries.all_duplicates(session, reader=load_person(session, "an"))

    assert (row["project"]["code"], row["project"]["equipment"]) == (code, PACKER)
    assert (row["hidden"], row["equipment"], row["beneficiary"], row["approved"]) == (True, None, None, None)


# --- the column ---------------------------------------------------------------------------------------


def test_equipment_is_written_changed_and_taken_out_by_events(office_on_both: Any) -> None:
    office = office_on_both
    code, without = office.open(equipment=PACKER), office.open()

    _amend(office, code, equipment=DRYER)
    _amend(office, without, equipment=PACKER)
    _amend(office, without, equipment="")

    with office.store.read() as session:
        shown = [queries.show_project(session, each)["equipment"] for each in (code, without)]
        changes = [event["changes"] for event in queries.history(session, code)]
    assert shown == [DRYER, None]
    label = "Máy móc, thiết bị, sản phẩm được hỗ trợ"
    assert changes == [[], [{"field": "equipment", "label": label, "old": PACKER, "new": DRYER}]]
    assert verify(office.store).problems == ()


def test_a_sheet_of_the_past_names_no_duplicates(office: Any) -> None:
    before = _submitted(office, plan_year=2023)
    code = _open(office)

    with office.store.read() as session:
        today = queries.show_project(session, code)
        past = queries.show_project(session, code, as_of=office.today)

    assert ([row["code"] for row in today["duplicates"]], past["duplicates"]) == ([before], [])
    assert (today["equipment"], past["equipment"]) == (PACKER, PACKER)
