"""Amounts: of the right source, within what stands before them."""

from states.facts import Facts, Order
from states.lifecycle import BEFORE_APPROVAL, Guard
from states.vocabulary import MoneyKind, Source
from states.words import format_dong


def over(what: str, excess: int, limit: str, allowed: int) -> str | None:
    if excess <= 0:
        return None
    return f"{what} vượt {limit} {format_dong(allowed)} là {format_dong(excess)}; hãy ghi không quá mức đó."


def only_own_sources(facts: Facts, order: Order) -> str | None:
    wrong = [s.label for s in order.amounts if s not in facts.own_sources]
    if wrong:
        way = "muốn đổi nguồn, hãy chuyển nguồn (reroute)" if facts.stage in BEFORE_APPROVAL else "hãy kiểm tra nguồn"
        return (
            f"Đề án {facts.route.label.lower()} chỉ dùng nguồn {facts.fund.label} và đối ứng, "
            f"không dùng {', '.join(wrong)}; {way}."
        )
    return None


def support_asked(facts: Facts, order: Order) -> str | None:
    asked = order.amounts.get(facts.fund, facts.amount(MoneyKind.ASKED))
    if asked > 0:
        return None
    return f"Chưa ghi số tiền đề nghị hỗ trợ; hãy ghi --amount {facts.fund}=… (đồng)."


def amount_given(facts: Facts, order: Order) -> str | None:
    if order.amounts.get(facts.fund, 0) > 0:
        return None
    return f"Phải ghi số tiền của nguồn {facts.fund.label} (--amount {facts.fund}=…)."


def one_state_amount_only(facts: Facts, order: Order) -> str | None:
    if Source.COUNTERPART in order.amounts:
        return "Khoản này chỉ ghi cho vốn nhà nước; hãy bỏ số tiền đối ứng."
    return None


def at_most(kind: MoneyKind, ceiling: MoneyKind) -> Guard:
    """Refuse an amount of the state fund above what was recorded one step earlier."""

    def guard(facts: Facts, order: Order) -> str | None:
        given = order.amounts.get(facts.fund, 0)
        allowed = facts.approved_now() if ceiling is MoneyKind.APPROVED else facts.amount(ceiling)
        return over(f"{kind.label} {format_dong(given)}", given - allowed, f"số {ceiling.label.lower()}", allowed)

    return guard


def support_left(kind: MoneyKind, standing: MoneyKind) -> Guard:
    """Refuse a positive result that grants nothing; where nothing is typed, the standing amount is granted."""

    def guard(facts: Facts, order: Order) -> str | None:
        if order.amounts.get(facts.fund, facts.amount(standing)) > 0:
            return None
        return f"{kind.label} 0 đồng là không hỗ trợ; hãy ghi số tiền, hoặc ghi không đạt hay chờ bố trí vốn."

    return guard


def allotment_within_approval(facts: Facts, order: Order) -> str | None:
    total = facts.amount(MoneyKind.ALLOTTED) + order.amounts.get(facts.fund, 0)
    return over(
        f"Tổng vốn giao {format_dong(total)}",
        total - facts.approved_now(),
        "số phê duyệt",
        facts.approved_now(),
    )


def funds_allotted(facts: Facts, order: Order) -> str | None:
    if facts.amount(MoneyKind.ALLOTTED):
        return None
    return "Chưa ghi giao vốn; hãy ghi quyết định giao dự toán (bước allot) trước."


def contract_covers_prepayment(facts: Facts, order: Order) -> str | None:
    given, prepaid = order.amounts.get(facts.fund), facts.amount(MoneyKind.PREPAID)
    if given is None or given >= prepaid:
        return None
    return f"Giá trị mới {format_dong(given)} thấp hơn số đã tạm ứng {format_dong(prepaid)}; hãy ghi không thấp hơn."


def contract_has_value(facts: Facts, order: Order) -> str | None:
    if order.amounts.get(facts.fund) == 0:
        return f"Hợp đồng hỗ trợ không thể có 0 đồng {facts.fund.label}; hãy ghi số tiền hoặc bỏ trống để lấy số duyệt."
    return None


def not_prepaid_yet(facts: Facts, order: Order) -> str | None:
    paid = facts.amount(MoneyKind.PREPAID)
    return f"Đã tạm ứng {format_dong(paid)}; mỗi đề án chỉ tạm ứng một lần." if paid else None


def prepayment_within_contract(facts: Facts, order: Order) -> str | None:
    """A prepayment stays within the contract, and within the support where an adjustment brought that below it."""
    given, approved = order.amounts.get(facts.fund, 0), facts.approved_now()
    limit, allowed = "giá trị hợp đồng", facts.amount(MoneyKind.CONTRACTED)
    if approved < allowed:
        limit, allowed = "số phê duyệt", approved
    return over(f"Tạm ứng {format_dong(given)}", given - allowed, limit, allowed)


def not_below_cash_given(facts: Facts, order: Order) -> str | None:
    new = order.amounts.get(facts.fund)
    given = facts.outstanding
    if new is None or new >= given:
        return None
    return (
        f"Số mới {format_dong(new)} thấp hơn số đã chi {format_dong(given)}; hãy ghi không thấp hơn số đã chi, "
        "phần chi vượt được tính khi nghiệm thu và thu hồi sau đó."
    )


def contract_covers_accepted(facts: Facts, order: Order) -> str | None:
    """Shares of a group project may be accepted already when its contract gets an annex."""
    given, accepted = order.amounts.get(facts.fund), facts.amount(MoneyKind.ACCEPTED)
    if given is None or given >= accepted:
        return None
    return (
        f"Giá trị mới {format_dong(given)} thấp hơn số đã nghiệm thu {format_dong(accepted)}; hãy ghi không thấp hơn."
    )


def not_below_accepted(facts: Facts, order: Order) -> str | None:
    """Shares of a group project may be accepted already when its support is lowered."""
    new, accepted = order.amounts.get(facts.fund), facts.amount(MoneyKind.ACCEPTED)
    if new is None or new >= accepted:
        return None
    return f"Số mới {format_dong(new)} thấp hơn số đã nghiệm thu {format_dong(accepted)}; hãy ghi không thấp hơn."
