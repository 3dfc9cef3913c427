"""Settlement and recovery: what is paid, what must come back, and when both are done."""

from states.facts import Facts, Order
from states.guards.money import over
from states.vocabulary import MoneyKind, Paper, Source
from states.words import format_date, format_dong


def contract_accepted(facts: Facts, order: Order) -> str | None:
    """A contract is settled as a whole. Basis: TT 36/2013/TT-BCT Điều 18; domain notes §2.4, T25."""
    if not facts.contract_waits_for:
        return None
    return (
        f"Cùng hợp đồng còn đề án chưa nghiệm thu: {', '.join(facts.contract_waits_for)}; "
        "hồ sơ quyết toán nộp khi mọi đề án của hợp đồng đã nghiệm thu, ngừng hoặc chuyển năm."
    )


def cash_balanced(facts: Facts, order: Order) -> str | None:
    """Settling opens when cash given equals what is settled. Basis: design §9, TT 36/2013/TT-BCT Điều 19."""
    due = facts.amount(MoneyKind.ACCEPTED)
    given = facts.outstanding
    if given < due:
        return f"Còn phải thanh toán {format_dong(due - given)} trước khi quyết toán (bước pay)."
    if given > due:
        return f"Đã chi vượt {format_dong(given - due)} so với nghiệm thu; cần thu hồi trước (bước receive_recovery)."
    return None


def settlement_is_what_was_accepted(facts: Facts, order: Order) -> str | None:
    for source in (facts.fund, Source.COUNTERPART):
        due = facts.amount(MoneyKind.ACCEPTED, source)
        given = order.amounts.get(source, due)
        if given != due:
            return f"Số quyết toán phải bằng số nghiệm thu {format_dong(due)}; đang ghi {format_dong(given)}."
    return None


def payment_within_acceptance(facts: Facts, order: Order) -> str | None:
    """A payment never brings cash above what is due: the accepted support, or what was settled at a stop."""
    given = order.amounts.get(facts.fund, 0)
    due = max(-to_recover(facts), 0)
    return over(f"Thanh toán {format_dong(given)}", given - due, "số còn phải trả", due)


def something_to_pay(facts: Facts, order: Order) -> str | None:
    return None if to_recover(facts) < 0 else "Không còn khoản nào phải thanh toán cho đề án này."


def kept_with_evidence(facts: Facts, order: Order) -> str | None:
    """A stop leaves a project what was accepted, or what it got; more than that only for work that was accepted."""
    kept = order.amounts.get(facts.fund, 0)
    free = max(facts.amount(MoneyKind.ACCEPTED), facts.outstanding)
    if kept <= free or any(paper.kind is Paper.FORM_5A for paper in order.papers):
        return None
    return (
        f"Giữ lại {format_dong(kept)} nhiều hơn số đã nghiệm thu hoặc đã chi {format_dong(free)}; hãy kèm biên bản "
        f"nghiệm thu phần đã làm (--paper {Paper.FORM_5A}=TỆP) hoặc ghi không quá số đó."
    )


def to_recover(facts: Facts) -> int:
    """Cash above what the project may keep, in đồng."""
    return -facts.payable


def overpaid(facts: Facts, order: Order) -> str | None:
    excess = to_recover(facts)
    return None if excess > 0 else "Không có khoản nào phải thu hồi của đề án này."


def money_to_recover(facts: Facts, order: Order) -> str | None:
    if facts.outstanding > 0:
        return None
    return "Không còn tiền phải thu hồi của đề án này; không cần bước thu hồi."


def money_recovered(facts: Facts, order: Order) -> str | None:
    if facts.outstanding > 0:
        return f"Còn phải thu hồi {format_dong(facts.outstanding)}; hãy ghi các lần nộp tiền trước."
    return None


def recovery_within_excess(facts: Facts, order: Order) -> str | None:
    given, due = order.amounts.get(facts.fund, 0), max(to_recover(facts), 0)
    return over(f"Số nộp {format_dong(given)}", given - due, "số phải thu hồi", due)


def instalments_add_up(facts: Facts, order: Order) -> str | None:
    """Where a schedule is given, it covers what must come back to the đồng, and no day lies behind the paper."""
    if not order.instalments:
        return None
    total, due = sum(instalment.amount for instalment in order.instalments), to_recover(facts)
    if any(instalment.amount <= 0 for instalment in order.instalments):
        return "Mỗi kỳ hoàn trả phải lớn hơn 0 đồng (--due NGÀY=TIỀN)."
    if total != due:
        return (
            f"Tổng các kỳ hoàn trả là {format_dong(total)}, phải thu hồi {format_dong(due)}; "
            f"chênh lệch {format_dong(abs(total - due))}, hãy ghi lại các kỳ (--due NGÀY=TIỀN)."
        )
    early = [instalment for instalment in order.instalments if instalment.due_on < order.effective_on]
    if early:
        return f"Kỳ hoàn trả {format_date(early[0].due_on)} trước ngày văn bản; hãy kiểm tra lại ngày."
    return None
