"""How much support the law allows for an activity: ceilings as dated rules, and what a sum is measured against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from states.folding import fold, quoted
from states.reading import read_labelled
from states.refusal import Refused
from states.vocabulary import Labelled, Route
from states.words import format_date, format_dong, format_number

#: The table of the ministry. Every other jurisdiction is a province, whose people's council sets its own levels.
NATIONAL = "national"


class Activity(Labelled):
    """What a project does, as far as the level of support depends on it. Basis: TT 28/2018/TT-BTC Điều 8."""

    CONFERENCE = "conference", "Hội nghị, hội thảo, diễn đàn"
    NEW_ENTERPRISE = "new_enterprise", "Hỗ trợ thành lập doanh nghiệp công nghiệp nông thôn"
    DEMONSTRATION_MODEL = "demonstration_model", "Mô hình trình diễn kỹ thuật, sản phẩm mới"
    MODEL_REPLICATION = "model_replication", "Nhân rộng mô hình đang hoạt động có hiệu quả"
    CLEANER_PRODUCTION_MODEL = "cleaner_production_model", "Mô hình thí điểm sản xuất sạch hơn"
    MACHINERY = "machinery", "Ứng dụng máy móc tiên tiến, chuyển giao công nghệ"
    PRODUCTION_LINE = "production_line", "Ứng dụng dây chuyền công nghệ"
    PRODUCT_SELECTION = "product_selection", "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh"
    PRODUCT_SELECTION_DISTRICT = (
        "product_selection_district",
        "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp huyện",
    )
    PRODUCT_SELECTION_REGION = (
        "product_selection_region",
        "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp khu vực",
    )
    PRODUCT_SELECTION_NATION = (
        "product_selection_nation",
        "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp quốc gia",
    )
    FAIR_ORGANISATION = "fair_organisation", "Tổ chức hội chợ, triển lãm trong nước"
    FAIR_PARTICIPATION = "fair_participation", "Gian hàng tham gia hội chợ, triển lãm trong nước"
    FAIR_ABROAD = "fair_abroad", "Tham gia hội chợ, triển lãm ở nước ngoài"
    TRADEMARK = "trademark", "Xây dựng và đăng ký nhãn hiệu"
    SHOWROOM = "showroom", "Đầu tư phòng trưng bày sản phẩm"
    CONSULTING = "consulting", "Tư vấn lập dự án đầu tư, marketing, quản lý sản xuất"
    PACKAGING = "packaging", "Tư vấn thiết kế mẫu mã, bao bì đóng gói"
    BROADCASTING = "broadcasting", "Chương trình truyền hình, truyền thanh"
    PUBLICATION = "publication", "Bản tin, ấn phẩm, tài liệu tuyên truyền"
    ASSOCIATION = "association", "Thành lập hiệp hội, hội ngành nghề"
    CLUSTER_LINKAGE = "cluster_linkage", "Xây dựng cụm liên kết doanh nghiệp công nghiệp"
    CLUSTER_PLANNING = "cluster_planning", "Lập quy hoạch chi tiết cụm công nghiệp"
    CLUSTER_INFRASTRUCTURE = "cluster_infrastructure", "Đầu tư kết cấu hạ tầng cụm công nghiệp"
    CLUSTER_POLLUTION_TREATMENT = "cluster_pollution_treatment", "Xử lý ô nhiễm môi trường tại cụm công nghiệp"
    POLLUTION_TREATMENT = "pollution_treatment", "Xử lý ô nhiễm môi trường tại cơ sở"
    INTEREST_SUPPORT = "interest_support", "Hỗ trợ lãi suất vốn vay cho cơ sở di dời hoặc đầu tư mới"
    MINISTRY_DELEGATION = "ministry_delegation", "Tham gia đoàn công tác do Bộ Công Thương tổ chức"
    STUDY_ABROAD = "study_abroad", "Khảo sát, học tập kinh nghiệm ở nước ngoài"
    TRAINING = "training", "Tập huấn nghiệp vụ khuyến công"
    STUDY_TOUR = "study_tour", "Tham quan, học tập kinh nghiệm trong nước"
    COLLABORATOR_NETWORK = "collaborator_network", "Mạng lưới cộng tác viên khuyến công"


ACTIVITIES: dict[str, str] = {activity.value: activity.label for activity in Activity}


class Base(Labelled):
    """What the percentage is taken of, and so what has to be given as the cost."""

    ELIGIBLE_COST = "eligible_cost", "chi phí hợp lệ"
    INTEREST = "interest", "lãi vay đã trả trong 2 năm đầu"
    AIR_TICKETS = "air_tickets", "tiền vé máy bay"


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingRule:
    """One level of support: `percent` of the base and at most `cap` đồng for each `per`; None is no such limit.

    `route` None serves both. Both effective days belong to the rule. `doubt` says why a level is not verified.
    """

    id: str
    activity: Activity
    label: str
    jurisdiction: str
    route: Route | None
    percent: int | None
    cap: int | None
    per: str
    base: Base
    basis: str
    verified: bool
    doubt: str
    condition: str
    notes: str
    effective_from: date
    effective_until: date | None

    @property
    def level(self) -> str:
        """The level in words: "50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở"."""
        share = [] if self.percent is None else [f"{self.percent}% {self.base.label}"]
        cap = [] if self.cap is None else [f"tối đa {format_dong(self.cap)}/{self.per}"]
        return ", ".join(share + cap)

    def is_in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)

    def serves(self, route: Route) -> bool:
        return self.route is None or self.route is route


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A sum measured against the rule in force, amounts in đồng.

    `percent`, `cap` and `per` are the rule's own words; `quantity` says how many times the cap was granted.
    Without a rule nobody can say what is allowed: `allowed` and `over` are None and `ok` is false.
    """

    allowed: int | None
    over: int | None
    ok: bool
    percent: int | None = None
    cap: int | None = None
    quantity: int = 1
    rule_id: str | None = None
    per: str = ""
    base: Base | None = None
    level: str = ""
    basis: str = ""
    jurisdiction: str = ""
    condition: str = ""
    verified: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """The permission to go above a ceiling: why, and the number of the decision that says so."""

    reason: str
    decision_number: str


def jurisdiction_of(province: str) -> str:
    """The name under which a province's own levels stand: "Vĩnh Long" is vinh-long."""
    return fold(province).replace(" ", "-")


def read_activity(text: str) -> Activity:
    """Read an activity by its code or its label, accents optional. Raises Refused with every code there is."""
    return read_labelled(Activity, text, "hoạt động")


def ceiling(
    rules: Iterable[CeilingRule],
    activity: str,
    *,
    cost: int,
    ask: int,
    route: Route,
    on: date,
    jurisdiction: str,
    quantity: int = 1,
) -> Ceiling:
    """Measure the `ask` against min(percent of cost, cap), rounded down to whole đồng.

    `on` is the date of the approving decision: a later change of the rules moves no project approved before.
    `cost` is the rule's base; support never exceeds it, also where the law gives no percentage. `quantity` is
    the number of cơ sở, doanh nghiệp, … that share the sum, each with a cap of its own.
    Raises Refused for two rules in force at once, ValueError for a negative amount or no quantity.
    """
    if min(cost, ask) < 0 or quantity < 1:
        raise ValueError(f"cost and ask must not be negative, quantity at least one: {cost}, {ask}, {quantity}")
    rule = rule_for(rules, activity, route=route, on=on, jurisdiction=jurisdiction)
    if rule is None:
        return Ceiling(allowed=None, over=None, ok=False, quantity=quantity, warnings=(_no_level(activity, route, on),))
    share = cost * (100 if rule.percent is None else rule.percent) // 100
    allowed = share if rule.cap is None else min(share, rule.cap * quantity)
    over = max(0, ask - allowed)
    return Ceiling(
        allowed=allowed,
        over=over,
        ok=over == 0,
        percent=rule.percent,
        cap=rule.cap,
        quantity=quantity,
        rule_id=rule.id,
        per=rule.per,
        base=rule.base,
        level=rule.level,
        basis=rule.basis,
        jurisdiction=rule.jurisdiction,
        condition=rule.condition,
        verified=rule.verified,
        warnings=_warnings(rule, route=route, jurisdiction=jurisdiction, quantity=quantity),
    )


def rule_for(
    rules: Iterable[CeilingRule], activity: str, *, route: Route, on: date, jurisdiction: str
) -> CeilingRule | None:
    """Find the rule in force: the province's own on the local route, else the national one.

    Basis: NQ 11/2025/NQ-HĐND and the like for the province; TT 28/2018/TT-BTC Điều 8 is the frame and the default.
    """
    tables = [jurisdiction, NATIONAL] if route is Route.LOCAL else [NATIONAL]
    found = [r for r in rules if r.activity == activity and r.serves(route) and r.is_in_force(on)]
    for table in tables:
        own = [rule for rule in found if rule.jurisdiction == table]
        if len(own) > 1:
            raise Refused(*contradictions(own))
        if own:
            return own[0]
    return None


def check_support(found: Ceiling, override: Override | None = None) -> tuple[str, ...]:
    """Say what forbids the sum; nothing when it stays within the ceiling or a complete override lifts it."""
    if found.ok:
        return ()
    if override is None:
        return (_excess(found),)
    gaps = []
    if not override.reason.strip():
        gaps.append("Chưa ghi lý do vượt định mức; hãy ghi lý do.")
    if not override.decision_number.strip():
        gaps.append("Chưa ghi số quyết định cho phép vượt định mức; hãy ghi số quyết định.")
    return (_excess(found), *gaps) if gaps else ()


def contradictions(rules: Sequence[CeilingRule]) -> tuple[str, ...]:
    """Name what cannot stand in a table: a rule that says nothing, or two rules for one activity on one day."""
    seen: set[str] = set()
    reasons = [reason for rule in rules for reason in _faults(rule)]
    for rule in rules:
        if rule.id in seen:
            reasons.append(f"Định mức {rule.id} ghi hai lần; hãy đặt mã khác cho một dòng.")
        seen.add(rule.id)
    for one, other in combinations(rules, 2):
        if one.jurisdiction == other.jurisdiction and _overlap(one, other):
            day = format_date(max(one.effective_from, other.effective_from))
            reasons.append(
                f"Định mức {one.id} và {other.id} cùng có hiệu lực từ ngày {day} cho “{one.label}”;"
                " hãy sửa ngày hiệu lực của một trong hai."
            )
    return tuple(reasons)


def _overlap(one: CeilingRule, other: CeilingRule) -> bool:
    if one.activity is not other.activity or not any(one.serves(route) and other.serves(route) for route in Route):
        return False
    last = min(one.effective_until or date.max, other.effective_until or date.max)
    return max(one.effective_from, other.effective_from) <= last


def _faults(rule: CeilingRule) -> list[str]:
    faults = []
    if rule.percent is None and rule.cap is None:
        faults.append("không có tỷ lệ và cũng không có mức trần; hãy ghi ít nhất một.")
    if rule.cap is not None and not rule.per:
        faults.append("có mức trần nhưng chưa ghi tính cho cái gì; hãy ghi per (cơ sở, mô hình, …).")
    if not rule.basis:
        faults.append("chưa ghi căn cứ; hãy ghi văn bản và điều khoản.")
    if rule.effective_until is not None and rule.effective_until < rule.effective_from:
        faults.append("hết hiệu lực trước khi có hiệu lực; hãy sửa ngày.")
    if rule.verified == bool(rule.doubt):
        faults.append("phải ghi lý do (doubt) khi chưa kiểm chứng, và bỏ lý do khi đã kiểm chứng.")
    if rule.jurisdiction != NATIONAL and rule.route is not Route.LOCAL:
        faults.append("là định mức của địa phương nên chỉ dùng cho khuyến công địa phương; hãy ghi route: local.")
    return [f"Định mức {rule.id} {fault}" for fault in faults]


def _no_level(activity: str, route: Route, on: date) -> str:
    named = ACTIVITIES.get(activity)
    what = f"“{named}”" if named else f"hoạt động {quoted(activity)} (không có trong danh mục)"
    return (
        f"Tại ngày {format_date(on)} chưa có định mức cho {what}, nguồn {route.label.lower()};"
        " cần nhập quy định rồi tính lại."
    )


def _warnings(rule: CeilingRule, *, route: Route, jurisdiction: str, quantity: int) -> tuple[str, ...]:
    warnings = []
    if not rule.verified:
        warnings.append(
            f"Mức {rule.level} ({rule.basis}) chưa kiểm chứng: {rule.doubt}; hãy đối chiếu văn bản gốc trước khi dùng."
        )
    if rule.base is not Base.ELIGIBLE_COST:
        warnings.append(f"Mức này tính trên {rule.base.label}; hãy nhập chi phí là {rule.base.label}.")
    if route is Route.LOCAL and rule.jurisdiction == NATIONAL and jurisdiction != NATIONAL:
        warnings.append(
            f"Chưa nhập định mức của địa phương ({jurisdiction}) cho “{rule.label}” nên đang dùng định mức"
            f" quốc gia ({rule.basis}); cần nhập nghị quyết của HĐND tỉnh."
        )
    if quantity > 1 and rule.cap is not None:
        warnings.append(
            f"Tính chung cho {format_number(quantity)} {rule.per}; hãy kiểm tra để mỗi {rule.per}"
            f" không quá {format_dong(rule.cap)}."
        )
    return tuple(warnings)


def _excess(found: Ceiling) -> str:
    if found.over is None:
        return "Chưa có định mức để so sánh; hãy nhập quy định, hoặc ghi lý do và số quyết định cho phép."
    return (
        f"Vượt mức hỗ trợ tối đa {format_dong(found.over)} ({found.level}; {found.basis});"
        " hãy giảm số tiền, hoặc ghi lý do và số quyết định cho phép vượt."
    )
