"""Who may approve a change of an approved project: it depends on the route and on what changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from states.facts import Asked, Facts
from states.reading import read_labelled
from states.refusal import Refused
from states.vocabulary import Authority, Change, Route

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


#: Which kind of change a new value of a column is; what stands here is what a request may ask for.
KIND_OF: Mapping[str, Change] = MappingProxyType(
    {
        "place_id": Change.CHANGE_PLACE,
        "partner": Change.CHANGE_PARTNER,
        "starts_on": Change.CHANGE_TIME_WITHIN_YEAR,
        "ends_on": Change.CHANGE_TIME_WITHIN_YEAR,
        "activity": Change.CHANGE_CONTENT,
        "scope": Change.CHANGE_CONTENT,
        "objectives": Change.CHANGE_CONTENT,
        "equipment": Change.CHANGE_CONTENT,
        "total_cost": Change.OTHER_NOT_INCREASING,
    }
)
#: What has to be typed for a kind of change, in the words of the form.
_NEEDED: Mapping[Change, str] = MappingProxyType(
    {
        Change.INCREASE_SUPPORT: "mức hỗ trợ mới cao hơn mức đang được duyệt",
        Change.CHANGE_CONTENT: "phạm vi, hoạt động, máy móc hoặc số lượng chỉ tiêu mới",
        Change.CARRY_TO_NEXT_YEAR: "việc chuyển sang năm sau",
        Change.CHANGE_PLACE: "địa điểm mới",
        Change.CHANGE_BENEFICIARY: "đơn vị thụ hưởng mới",
        Change.CHANGE_PARTNER: "đơn vị phối hợp mới",
        Change.CHANGE_TIME_WITHIN_YEAR: "ngày bắt đầu hoặc kết thúc mới",
    }
)


def kinds_of(facts: Facts, asked: Asked) -> frozenset[Change]:
    """The kinds of change that follow from the new values, whatever was declared."""
    kinds = {KIND_OF[column] for column in asked.columns if column in KIND_OF}
    if asked.amounts:
        kinds.add(Change.OTHER_NOT_INCREASING)
    if asked.amounts.get(facts.fund, 0) > facts.approved_now():
        # A request that raises the support is no longer one that does not, whatever else it changes.
        kinds = (kinds - {Change.OTHER_NOT_INCREASING}) | {Change.INCREASE_SUPPORT}
    if asked.targets:
        kinds.add(Change.CHANGE_CONTENT)
    if asked.beneficiaries is not None:
        kinds.add(Change.CHANGE_BENEFICIARY)
    if asked.next_year:
        kinds.add(Change.CARRY_TO_NEXT_YEAR)
    return frozenset(kinds)


def refused_request(facts: Facts, asked: Asked) -> list[str]:
    """Why a request cannot be recorded as it is typed; empty when it says clearly what shall change."""
    follows = kinds_of(facts, asked)
    kinds = asked.kinds | follows
    reasons = [
        f"Chưa ghi {needed} cho «{change.label}»."
        for change, needed in _NEEDED.items()
        if change in asked.kinds - follows
    ]
    if not kinds:
        reasons.append(f"Chưa nêu nội dung điều chỉnh; hãy ghi --kind, một trong: {', '.join(Change)}.")
    if Change.ADDITIONAL_PROJECT in kinds:
        reasons.append("Đề án bổ sung là một đề án mới, được phê duyệt theo quyết định bổ sung (dean approve).")
    if Change.INCREASE_SUPPORT in follows and Change.OTHER_NOT_INCREASING in asked.kinds:
        reasons.append("Mức hỗ trợ mới cao hơn mức đang được duyệt; hãy bỏ --kind other_not_increasing.")
    reasons += _against_what_was_accepted(facts, asked)
    if Change.STOP in kinds and len(kinds) > 1:
        reasons.append("Đề nghị ngừng triển khai không đi cùng thay đổi khác; hãy bỏ các thay đổi kia.")
    if strange := [source.label for source in asked.amounts if source not in facts.own_sources]:
        reasons.append(f"Đề án không dùng nguồn {', '.join(strange)}; muốn đổi nguồn, hãy chuyển nguồn (reroute).")
    if asked.amounts.get(facts.fund) == 0:
        reasons.append("Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy đề nghị --kind stop.")
    if asked.beneficiaries == ():
        reasons.append("Đề án đã phê duyệt phải còn ít nhất một đơn vị thụ hưởng.")
    days = [day for name in ("starts_on", "ends_on") if (day := asked.columns.get(name)) is not None]
    if any(day.year > facts.work_year for day in days) and not asked.next_year:
        reasons.append(
            f"Thực hiện sau 31/12/{facts.work_year} là chuyển sang năm ngân sách sau; "
            f"hãy ghi thêm --kind {Change.CARRY_TO_NEXT_YEAR}."
        )
    return reasons


def _against_what_was_accepted(facts: Facts, asked: Asked) -> list[str]:
    """Shares of a group project that were accepted stay, with their quantities."""
    reasons = []
    if asked.beneficiaries is not None:
        gone = [
            name
            for number, name in facts.named.items()
            if facts.shares.get(number) and number not in asked.beneficiaries
        ]
        if gone:
            reasons.append(f"{'; '.join(gone)} đã nghiệm thu đạt nên không thay được; hãy giữ tên trong danh sách.")
    for target, number in asked.targets.items():
        if number < facts.accepted.get(target, 0):
            reasons.append(f"Chỉ tiêu {target} đã nghiệm thu {facts.accepted[target]}; hãy ghi không thấp hơn.")
    return reasons
