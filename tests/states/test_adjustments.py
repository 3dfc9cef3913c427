"""Who approves an adjustment: the table of the circular, written out by hand."""

from itertools import combinations

import pytest

from states.adjustments import AuthorityRule, Change, adjustment_authority, read_change
from states.refusal import Refused
from states.vocabulary import Authority, Route

MINISTRY, AGENCY = Authority.MINISTRY, Authority.AGENCY
WHO_DECIDES = {
    "increase_support": MINISTRY,
    "change_content": MINISTRY,
    "carry_to_next_year": MINISTRY,
    "additional_project": MINISTRY,
    "stop": MINISTRY,
    "change_place": AGENCY,
    "change_beneficiary": AGENCY,
    "change_partner": AGENCY,
    "change_time_within_year": AGENCY,
    "other_not_increasing": AGENCY,
}


def test_every_kind_of_change_is_in_the_table() -> None:
    assert [str(change) for change in Change] == list(WHO_DECIDES)


@pytest.mark.parametrize(("change", "authority"), WHO_DECIDES.items())
def test_national_change_goes_to_the_ministry_or_the_agency(change: str, authority: Authority) -> None:
    found = adjustment_authority(Route.NATIONAL, [Change(change)])

    assert found == AuthorityRule(
        authority,
        "TT 36/2013/TT-BCT Điều 11 (sửa đổi tại TT 17/2018/TT-BCT Điều 1 khoản 10, 11)",
        verified=True,
    )


@pytest.mark.parametrize("change", Change)
def test_local_change_goes_to_the_province_and_delegation_is_not_silent(change: Change) -> None:
    found = adjustment_authority(Route.LOCAL, [change])

    assert (found.authority, found.basis, found.verified) == (
        Authority.PROVINCE,
        "QĐ 3082/QĐ-UBND mục VI.11",
        True,
    )
    assert found.warnings == (
        "Một số tỉnh ủy quyền cho cấp dưới quyết định một số loại điều chỉnh (chưa kiểm chứng);"
        " nếu có văn bản ủy quyền, hãy ghi số văn bản khi ghi quyết định.",
    )


def test_of_several_changes_the_highest_body_decides_all() -> None:
    answers = {
        pair: adjustment_authority(Route.NATIONAL, [Change(change) for change in pair]).authority
        for pair in combinations(WHO_DECIDES, 2)
    }

    assert answers == {
        pair: MINISTRY if MINISTRY in (WHO_DECIDES[pair[0]], WHO_DECIDES[pair[1]]) else AGENCY for pair in answers
    }
    assert adjustment_authority(Route.NATIONAL, Change).authority is MINISTRY


@pytest.mark.parametrize("route", Route)
def test_request_that_changes_nothing_is_refused(route: Route) -> None:
    with pytest.raises(Refused) as refused:
        adjustment_authority(route, [])

    assert refused.value.reasons == (
        f"Chưa nêu nội dung điều chỉnh; hãy chọn ít nhất một trong: {', '.join(WHO_DECIDES)}.",
    )


@pytest.mark.parametrize("typed", ["change_place", "Thay đổi địa điểm", "thay doi dia diem"])
def test_change_is_read_by_code_and_by_label(typed: str) -> None:
    assert read_change(typed) is Change.CHANGE_PLACE


def test_unknown_change_is_refused_with_every_code() -> None:
    with pytest.raises(Refused) as refused:
        read_change("đổi tên")

    assert refused.value.reasons == (
        f"Không có loại điều chỉnh “đổi tên”; hãy chọn một trong: {', '.join(WHO_DECIDES)}.",
    )
