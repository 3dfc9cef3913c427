"""A group project (đề án nhóm): approved before anybody is named, contracted only after."""

from datetime import date, datetime
from typing import Any

import pytest

from models import projects
from models.append import Origin
from models.loading import load_person
from models.queries.histories import history
from states.refusal import Refused
from states.vocabulary import Kind, Paper, Stage

NOT_NAMED = "Chưa có đơn vị thụ hưởng; đề án nhóm phải ghi rõ đơn vị thụ hưởng trước khi ký hợp đồng."
CONTRACT = {"number": "17/HĐ-KC", "signer": "Lê Minh Chi"}


def name_beneficiaries(office: Any, code: str, by: str, *named: int, note: str, **changes: str) -> None:
    with office.store.write() as session:
        person = load_person(session, by)
        origin = Origin(office.at, person.id, "test")
        projects.amend(session, code, changes, by=person, origin=origin, note=note, beneficiaries=named)


def cleared_group(office: Any) -> str:
    office.at = datetime.fromisoformat("2024-01-08T02:00:00+00:00")
    code: str = office.open(kind=Kind.GROUP, beneficiaries=())
    # There is no beneficiary yet, so nobody could have asked for support in writing.
    assert office.record("2024-01-09", code, "submit", "an", number="1/TTKC", papers=(Paper.DOSSIER,)) == "submitted"
    signed = {"signer": "Lê Minh Chi"}
    office.record("2024-01-11", code, "start_appraisal", "binh", number="2/PKT")
    office.record("2024-01-19", code, "pass_appraisal", "chi", number="3/BB-SCT", **signed)
    office.record("2024-01-22", code, "send_to_finance", "chi", number="4/TTr-SCT", papers=(Paper.ESTIMATE,), **signed)
    result = {"number": "310/STC", "decided_on": date(2024, 2, 1), "signer": "Phạm Văn Tài"}
    assert office.record("2024-02-02", code, "pass_review", "binh", **result) == "cleared"
    return code


def approved_group(office: Any) -> str:
    code = cleared_group(office)
    office.at = datetime.fromisoformat("2024-02-28T02:00:00+00:00")
    office.approve(code)
    return code


def test_group_project_is_approved_without_beneficiary_and_contracted_with_one(office_on_both: Any) -> None:
    office = office_on_both
    code = approved_group(office)

    with pytest.raises(Refused) as refused:
        office.record("2024-03-04", code, "sign_contract", "chi", **CONTRACT)
    name_beneficiaries(office, code, "an", office.beneficiary, note="Xét chọn ngày 05/03/2024")
    stage = office.record("2024-03-06", code, "sign_contract", "chi", **CONTRACT)

    assert refused.value.args == (NOT_NAMED,)
    assert stage == "contracted"
    assert office.facts(code).has_beneficiary
    office.prove()


def test_ordinary_project_without_beneficiary_is_not_even_submitted(office: Any) -> None:
    code = office.open(beneficiaries=())

    with pytest.raises(Refused) as refused:
        office.step(code, "submit", "an", number="1/TTKC", papers=(Paper.DOSSIER, Paper.SUPPORT_REQUEST))

    assert refused.value.args == ("Chưa có đơn vị thụ hưởng; hãy ghi đơn vị thụ hưởng (chỉ đề án nhóm được để sau).",)


def test_beneficiary_named_early_brings_its_request_for_support(office: Any) -> None:
    code = office.open(kind=Kind.GROUP)

    with pytest.raises(Refused) as refused:
        office.step(code, "submit", "an", number="1/TTKC", papers=(Paper.DOSSIER,))

    assert refused.value.args == (
        "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng; hãy kèm theo (--paper support_request=TỆP).",
    )


def test_beneficiary_that_was_taken_off_again_counts_as_none(office: Any) -> None:
    code = cleared_group(office)
    # Named twice at once is named once, or taking it off once would not be enough.
    name_beneficiaries(office, code, "an", office.beneficiary, office.beneficiary, note="Xét chọn")
    name_beneficiaries(office, code, "binh", note="Cơ sở xin thôi")
    office.approve(code)

    with pytest.raises(Refused) as refused:
        office.record("2024-03-06", code, "sign_contract", "chi", **CONTRACT)

    assert refused.value.args == (NOT_NAMED,)


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.CONTRACTED])
def test_approved_beneficiary_changes_only_by_adjustment(office: Any, stage: Stage) -> None:
    code = office.bring(office.open(), stage)

    with pytest.raises(Refused) as refused:
        name_beneficiaries(office, code, "binh", note="Cơ sở xin thôi")

    assert refused.value.args == (
        "Đề án đã được phê duyệt; đơn vị thụ hưởng chỉ thay đổi theo quyết định điều chỉnh của UBND tỉnh, "
        f"hãy ghi đề nghị điều chỉnh (dean adjust request {code} --beneficiary SỐ).",
    )


def test_unknown_beneficiary_is_refused(office_on_both: Any) -> None:
    office = office_on_both
    code = approved_group(office)

    with pytest.raises(Refused) as refused:
        name_beneficiaries(office, code, "an", 999_999, 2**63, note="Xét chọn")

    assert refused.value.args == ("Không có đơn vị thụ hưởng số 999999, 9223372036854775808 (dean beneficiary list).",)


def test_naming_is_in_the_history_with_its_reason(office: Any) -> None:
    code = approved_group(office)
    name_beneficiaries(office, code, "an", office.beneficiary, note="Xét chọn ngày 05/03/2024")

    with office.store.read() as session:
        named = history(session, code)[-1]

    assert (named["label"], named["recorded_by"], named["note"], named["from"], named["to"]) == (
        "Sửa hồ sơ",
        "an",
        "Xét chọn ngày 05/03/2024",
        "approved",
        "approved",
    )


def test_naming_a_beneficiary_is_no_way_to_change_the_rest_of_a_submitted_dossier(office: Any) -> None:
    code = approved_group(office)

    with pytest.raises(Refused) as refused:
        name_beneficiaries(office, code, "an", office.beneficiary, note="Xét chọn", name="Tên khác")

    assert refused.value.args == ("Hồ sơ đã nộp; chỉ điều phối viên của Sở sửa được sai sót, kèm lý do.",)
