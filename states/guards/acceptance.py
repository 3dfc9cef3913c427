"""The acceptance of the work: quantities, days, and the shares of a group project."""

from states.actions import Action
from states.facts import Facts, Order
from states.guards.money import over
from states.lifecycle import Guard
from states.vocabulary import Kind, MoneyKind
from states.words import format_date, format_dong


def quantities_for_own_targets(facts: Facts, order: Order) -> str | None:
    strange = sorted(set(order.quantities) - set(facts.quantities))
    if strange:
        own = ", ".join(sorted(facts.quantities)) or "không có"
        return f"Đề án không đóng góp cho chỉ tiêu {', '.join(strange)}; chỉ tiêu của đề án: {own}."
    return None


def quantity_accepted(facts: Facts, order: Order) -> str | None:
    silent = sorted(set(facts.quantities) - set(order.quantities))
    if silent:
        return "Phải ghi số lượng nghiệm thu: " + ", ".join(f"--quantity {t}=…" for t in silent) + "."
    return None


def accepted_within_the_year(facts: Facts, order: Order) -> str | None:
    """Only work done by 31/12 is booked to the year. Basis: Luật NSNN 83/2015/QH13 Điều 64."""
    if order.effective_on.year <= facts.work_year:
        return None
    return (
        f"Nghiệm thu ngày {format_date(order.effective_on)} sau 31/12/{facts.work_year}; "
        "khối lượng chỉ được tính đến hết năm, trừ khi đã có quyết định chuyển năm (carry_over) từ trước. "
        "Phần làm xong trong năm được ghi nhận ở bước ngừng triển khai (stop)."
    )


def carried_before_year_end(facts: Facts, order: Order) -> str | None:
    """Work is carried from its own year to the next one, before that year ends. Basis: Luật NSNN Điều 64."""
    if order.effective_on.year < facts.work_year:
        if facts.work_year == facts.plan_year:
            return f"Đề án thực hiện trong năm {facts.work_year}; quyết định chuyển năm phải có trong chính năm đó."
        return f"Đề án đã được chuyển sang năm {facts.work_year}; mỗi năm chỉ chuyển một lần, trong chính năm đó."
    if order.effective_on.year <= facts.work_year:
        return None
    return f"Quyết định chuyển năm phải có trước hết ngày 31/12/{facts.work_year}."


def group_project(facts: Facts, order: Order) -> str | None:
    if facts.kind is Kind.GROUP:
        return None
    return "Chỉ đề án nhóm nghiệm thu từng đơn vị thụ hưởng; đề án này nghiệm thu một lần (bước accept)."


def share_of_the_project(facts: Facts, order: Order) -> str | None:
    names = "; ".join(f"{number} = {name}" for number, name in facts.named.items()) or "chưa có"
    if order.beneficiary_id is None:
        return f"Phải ghi nghiệm thu cho đơn vị thụ hưởng nào (--beneficiary); đơn vị của đề án: {names}."
    if order.beneficiary_id not in facts.named:
        return f"Đơn vị thụ hưởng {order.beneficiary_id} không thuộc đề án; đơn vị của đề án: {names}."
    if facts.shares.get(order.beneficiary_id):
        name = facts.named[order.beneficiary_id]
        return f"{name} đã nghiệm thu đạt; mỗi đơn vị chỉ nghiệm thu đạt một lần, ghi nhầm thì hủy bước đó (revert)."
    return None


def share_within_approval(facts: Facts, order: Order) -> str | None:
    total = facts.amount(MoneyKind.ACCEPTED) + order.amounts.get(facts.fund, 0)
    allowed = facts.approved_now()
    return over(f"Tổng nghiệm thu {format_dong(total)}", total - allowed, "số phê duyệt", allowed)


def accepted_within_contract(facts: Facts, order: Order) -> str | None:
    """What is accepted is paid under the contract; more needs an annex first. Basis: TT 36/2013/TT-BCT Điều 15, 18."""
    before = facts.amount(MoneyKind.ACCEPTED) if order.action is Action.ACCEPT_SHARE else 0
    total, signed = before + order.amounts.get(facts.fund, 0), facts.amount(MoneyKind.CONTRACTED)
    if total <= signed or facts.approved_now() <= signed:
        return None
    return (
        f"Nghiệm thu {format_dong(total)} vượt giá trị hợp đồng {format_dong(signed)}; "
        "hãy ký phụ lục hợp đồng (bước amend_contract) trước, hoặc ghi không quá giá trị hợp đồng."
    )


def something_accepted(facts: Facts, order: Order) -> str | None:
    """A passed acceptance counts towards at least one target; without quantities it is a failed one."""
    typed = {target: number for target, number in order.quantities.items() if target in facts.quantities}
    if not facts.quantities or set(facts.quantities) - set(typed) or any(typed.values()):
        return None
    return (
        "Nghiệm thu đạt phải có số lượng lớn hơn 0 ở ít nhất một chỉ tiêu; nếu không đạt, hãy ghi nghiệm thu không đạt."
    )


def every_share_judged(facts: Facts, order: Order) -> str | None:
    """Once shares are accepted one by one, each named beneficiary has a result before the project has one."""
    left = [name for number, name in facts.named.items() if number not in facts.shares]
    if not facts.shares:
        return None
    if not left:
        return None if any(facts.shares.values()) else _ALL_FAILED
    return f"Chưa có kết quả nghiệm thu của: {'; '.join(left)}. Hãy ghi từng đơn vị (accept_share hoặc fail_share)."


_ALL_FAILED = "Mọi đơn vị thụ hưởng đều không đạt; hãy ghi nghiệm thu không đạt cho cả đề án (fail_acceptance)."


def shares_are_the_whole(facts: Facts, order: Order) -> str | None:
    if not facts.shares or not (order.amounts or order.quantities or order.cost):
        return None
    accepted = format_dong(facts.amount(MoneyKind.ACCEPTED))
    return f"Đã nghiệm thu từng đơn vị, tổng hỗ trợ {accepted}; hãy bỏ số tiền, số lượng và chi phí ở bước này."


def unless_by_shares(guard: Guard) -> Guard:
    """Ask only where the project is accepted as a whole."""

    def asked(facts: Facts, order: Order) -> str | None:
        return None if facts.shares else guard(facts, order)

    return asked
