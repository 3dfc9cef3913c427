"""Adjustment requests: complete, confirmed by the department, decided by whom the change needs."""

from states.adjustments import adjustment_authority, refused_request
from states.facts import Asked, Facts, Order
from states.guards.acceptance import carried_before_year_end
from states.vocabulary import Authority, Change, Route
from states.words import format_date


def no_open_adjustment(facts: Facts, order: Order) -> str | None:
    if facts.adjustment_open:
        return "Đang có đề nghị điều chỉnh chưa được quyết định; hãy ghi kết quả điều chỉnh trước."
    return None


def open_adjustment(facts: Facts, order: Order) -> str | None:
    return None if facts.adjustment_open else "Không có đề nghị điều chỉnh nào đang chờ; hãy ghi đề nghị trước."


def request_is_complete(facts: Facts, order: Order) -> str | None:
    reasons = refused_request(facts, order.asked or Asked())
    return " ".join(reasons) or None


def not_confirmed_yet(facts: Facts, order: Order) -> str | None:
    confirmed = facts.request is not None and facts.request.confirmed
    return "Sở đã xác nhận đề nghị này; hãy ghi kết quả điều chỉnh." if confirmed else None


def confirmed_by_the_department(facts: Facts, order: Order) -> str | None:
    """Basis: TT 36/2013/TT-BCT Điều 11, as amended by TT 17/2018/TT-BCT: the department confirms a request."""
    if facts.request is None or facts.request.confirmed:
        return None
    return "Đề nghị chưa có xác nhận của Sở Công Thương; hãy ghi văn bản xác nhận (bước confirm_adjustment) trước."


def not_a_stop(facts: Facts, order: Order) -> str | None:
    if facts.request is not None and Change.STOP in facts.request.asked.kinds:
        return "Đề nghị ngừng triển khai được quyết định bằng bước ngừng triển khai (stop)."
    return None


def decided_by_whom_the_change_needs(facts: Facts, order: Order) -> str | None:
    """What the ministry must decide, the agency may not. Basis: TT 36/2013/TT-BCT Điều 11."""
    if facts.request is None or order.authority is None:
        return None
    rule = adjustment_authority(facts.route, facts.request.asked.kinds)
    if order.authority is Authority.MINISTRY or order.authority is rule.authority:
        return None
    kinds = "; ".join(kind.label for kind in Change if kind in facts.request.asked.kinds)
    return f"«{kinds}» phải do {rule.authority.label} quyết định ({rule.basis}); hãy ghi --authority {rule.authority}."


def refused_by_whom_it_lies_with(facts: Facts, order: Order) -> str | None:
    if facts.request is None or order.authority is None:
        return None
    if (order.authority is Authority.DEPARTMENT) is not facts.request.confirmed:
        return None
    if facts.request.confirmed:
        return "Sở đã xác nhận đề nghị này nên không tự từ chối; hãy ghi quyết định của cấp trên."
    return "Đề nghị chưa được Sở xác nhận và gửi đi; nếu Sở không đồng ý, hãy ghi --authority department."


def increase_needs_the_approver(facts: Facts, order: Order) -> str | None:
    """Only the body that approves plans may raise support. Basis: TT 36/2013/TT-BCT Điều 11; Decision 3082 VI.11."""
    approver = Authority.MINISTRY if facts.route is Route.NATIONAL else Authority.PROVINCE
    if order.amounts.get(facts.fund, 0) > facts.approved_now() and order.authority is not approver:
        return f"Tăng mức hỗ trợ phải do {approver.label} quyết định (--authority {approver})."
    return None


def after_the_request(facts: Facts, order: Order) -> str | None:
    """Request, confirmation and decision follow each other; a decision dated back would defeat the year's end."""
    if facts.request is None or facts.request.since is None or order.effective_on >= facts.request.since:
        return None
    return (
        f"Ngày {format_date(order.effective_on)} trước ngày đề nghị hoặc ngày Sở xác nhận "
        f"({format_date(facts.request.since)}); hãy kiểm tra lại ngày trên văn bản."
    )


def support_remains(facts: Facts, order: Order) -> str | None:
    if order.amounts.get(facts.fund) != 0:
        return None
    return "Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy ghi bước ngừng triển khai (stop)."


def year_carried_in_time(facts: Facts, order: Order) -> str | None:
    carries = facts.request is not None and facts.request.asked.next_year
    return carried_before_year_end(facts, order) if carries else None
