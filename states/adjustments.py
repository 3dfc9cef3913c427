"""Who may approve a change of an approved project: it depends on the route and on what changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from states.reading import read_labelled
from states.refusal import Refused
from states.vocabulary import Authority, Labelled, Route


class Change(Labelled):
    """What an adjustment request asks for. Basis: TT 36/2013/TT-BCT Điều 11, as amended by TT 17/2018/TT-BCT."""

    INCREASE_SUPPORT = "increase_support", "Tăng tổng kinh phí hỗ trợ"
    CHANGE_CONTENT = "change_content", "Thay đổi nội dung hoạt động"
    CARRY_TO_NEXT_YEAR = "carry_to_next_year", "Chuyển thực hiện sang năm ngân sách sau"
    ADDITIONAL_PROJECT = "additional_project", "Bổ sung đề án"
    STOP = "stop", "Ngừng triển khai"
    CHANGE_PLACE = "change_place", "Thay đổi địa điểm"
    CHANGE_BENEFICIARY = "change_beneficiary", "Thay đổi đơn vị thụ hưởng"
    CHANGE_PARTNER = "change_partner", "Thay đổi đơn vị phối hợp"
    CHANGE_TIME_WITHIN_YEAR = "change_time_within_year", "Thay đổi thời gian trong năm ngân sách"
    OTHER_NOT_INCREASING = "other_not_increasing", "Thay đổi khác không làm tăng kinh phí hỗ trợ"


#: On the national route; every other change is for the agency to decide.
FOR_THE_MINISTRY = frozenset(
    {
        Change.INCREASE_SUPPORT,
        Change.CHANGE_CONTENT,
        Change.CARRY_TO_NEXT_YEAR,
        Change.ADDITIONAL_PROJECT,
        Change.STOP,
    }
)

NATIONAL_BASIS = "TT 36/2013/TT-BCT Điều 11 (sửa đổi tại TT 17/2018/TT-BCT Điều 1 khoản 10, 11)"
LOCAL_BASIS = "QĐ 3082/QĐ-UBND mục VI.11"
DELEGATION = (
    "Một số tỉnh ủy quyền cho cấp dưới quyết định một số loại điều chỉnh (chưa kiểm chứng);"
    " nếu có văn bản ủy quyền, hãy ghi số văn bản khi ghi quyết định."
)


@dataclass(frozen=True, slots=True)
class AuthorityRule:
    """Who decides a change, and on what basis."""

    authority: Authority
    basis: str
    verified: bool
    warnings: tuple[str, ...] = ()


def read_change(text: str) -> Change:
    """Read a kind of change by its code or its label, accents optional. Raises Refused with every code there is."""
    return read_labelled(Change, text, "loại điều chỉnh")


def adjustment_authority(route: Route, changes: Iterable[Change]) -> AuthorityRule:
    """Name who approves a request; of several changes in one request the highest body decides all.

    Raises Refused for a request that changes nothing.
    """
    asked = frozenset(changes)
    if not asked:
        raise Refused(f"Chưa nêu nội dung điều chỉnh; hãy chọn ít nhất một trong: {', '.join(Change)}.")
    if route is Route.LOCAL:
        return AuthorityRule(Authority.PROVINCE, LOCAL_BASIS, verified=True, warnings=(DELEGATION,))
    authority = Authority.MINISTRY if asked & FOR_THE_MINISTRY else Authority.AGENCY
    return AuthorityRule(authority, NATIONAL_BASIS, verified=True)
