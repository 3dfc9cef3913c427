"""The guards of the lifecycle: each answers with None or with the sentence that says what is missing."""

from states.facts import Facts, Order
from states.folding import fold
from states.lifecycle import Guard
from states.vocabulary import Authority, Kind, MoneyKind, Route, Source
from states.words import format_date, format_dong

# --- on the facts and the person: they close a step ---------------------------------------------------


def author_does_not_judge(facts: Facts, order: Order) -> str | None:
    if order.by.id == facts.author_id:
        return f"Người lập hồ sơ ({facts.author_name}) không được ghi kết quả này; cần một người khác ghi."
    return None


def beneficiary_unless_group(facts: Facts, order: Order) -> str | None:
    if facts.has_beneficiary or facts.kind is Kind.GROUP:
        return None
    return "Chưa có đơn vị thụ hưởng; hãy ghi đơn vị thụ hưởng (chỉ đề án nhóm được để sau)."


def beneficiary_named(facts: Facts, order: Order) -> str | None:
    if facts.has_beneficiary:
        return None
    return "Chưa có đơn vị thụ hưởng; đề án nhóm phải ghi rõ đơn vị thụ hưởng trước khi ký hợp đồng."


def contributes_to_a_target(facts: Facts, order: Order) -> str | None:
    if facts.quantities:
        return None
    return "Chưa ghi chỉ tiêu mà đề án đóng góp; hãy ghi chỉ tiêu và số lượng của chương trình."


def not_prepaid_yet(facts: Facts, order: Order) -> str | None:
    paid = facts.amount(MoneyKind.PREPAID)
    return f"Đã tạm ứng {format_dong(paid)}; mỗi đề án chỉ tạm ứng một lần." if paid else None


def no_open_adjustment(facts: Facts, order: Order) -> str | None:
    if facts.adjustment_open:
        return "Đang có đề nghị điều chỉnh chưa được quyết định; hãy ghi kết quả điều chỉnh trước."
    return None


def open_adjustment(facts: Facts, order: Order) -> str | None:
    return None if facts.adjustment_open else "Không có đề nghị điều chỉnh nào đang chờ; hãy ghi đề nghị trước."


def cash_balanced(facts: Facts, order: Order) -> str | None:
    """Settling opens when cash given equals what is settled. Basis: design §9, TT 36/2013/TT-BCT Điều 19."""
    due = facts.amount(MoneyKind.ACCEPTED)
    given = facts.outstanding
    if given < due:
        return f"Còn phải thanh toán {format_dong(due - given)} trước khi quyết toán (bước pay)."
    if given > due:
        return f"Đã chi vượt {format_dong(given - due)} so với nghiệm thu; cần thu hồi trước (bước receive_recovery)."
    return None


def money_to_recover(facts: Facts, order: Order) -> str | None:
    if facts.outstanding > 0:
        return None
    return "Không còn tiền phải thu hồi của đề án này; không cần bước thu hồi."


def money_recovered(facts: Facts, order: Order) -> str | None:
    if facts.outstanding > 0:
        return f"Còn phải thu hồi {format_dong(facts.outstanding)}; hãy ghi các lần nộp tiền trước."
    return None


def overpaid(facts: Facts, order: Order) -> str | None:
    excess = _to_recover(facts)
    return None if excess > 0 else "Không có khoản nào phải thu hồi; không cần ghi giấy nộp tiền."


def _to_recover(facts: Facts) -> int:
    """Cash above what the project may keep, in đồng: before settlement that is the accepted support."""
    if facts.amount(MoneyKind.SETTLED) or facts.amount(MoneyKind.RELEASED):
        return facts.outstanding
    return facts.outstanding - facts.amount(MoneyKind.ACCEPTED)


def supplement_overdue(facts: Facts, order: Order) -> str | None:
    """Nobody loses a dossier before its supplement was due; where no rule sets a day, a person decides."""
    due = facts.supplement_due_on
    if due is None or order.today > due:
        return None
    return f"Hạn bổ sung còn đến hết ngày {format_date(due)}; chỉ xác nhận quá hạn sau ngày đó."


def a_step_to_undo(facts: Facts, order: Order) -> str | None:
    if facts.last_step is None:
        return "Không còn bước nào để hủy ghi nhận."
    return None


# --- on what was typed: they stand beside the fields --------------------------------------------------


def missing_items_listed(facts: Facts, order: Order) -> str | None:
    return None if order.missing else "Phải liệt kê ít nhất một mục còn thiếu (--missing)."


def missing_items_answered(facts: Facts, order: Order) -> str | None:
    answered = {str(paper.kind) for paper in order.papers} | {fold(paper.title) for paper in order.papers}
    answered |= {fold(paper.kind.label) for paper in order.papers}
    left = [item for item in facts.missing if item not in answered and fold(item) not in answered]
    if left:
        return "Còn mục chưa bổ sung: " + "; ".join(left) + ". Hãy kèm từng mục (--paper MỤC=TỆP)."
    return None


def only_own_sources(facts: Facts, order: Order) -> str | None:
    wrong = [s.label for s in order.amounts if s not in (facts.fund, Source.COUNTERPART)]
    if wrong:
        return (
            f"Đề án {facts.route.label.lower()} chỉ dùng nguồn {facts.fund.label} và đối ứng, "
            f"không dùng {', '.join(wrong)}; muốn đổi nguồn, hãy chuyển nguồn (reroute)."
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
        return _over(f"{kind.label} {format_dong(given)}", given - allowed, f"số {ceiling.label.lower()}", allowed)

    return guard


def support_left(kind: MoneyKind, standing: MoneyKind) -> Guard:
    """Refuse a positive result that grants nothing; where nothing is typed, the standing amount is granted."""

    def guard(facts: Facts, order: Order) -> str | None:
        if order.amounts.get(facts.fund, facts.amount(standing)) > 0:
            return None
        return f"{kind.label} 0 đồng là không hỗ trợ; hãy ghi số tiền, hoặc ghi không đạt hay chờ bố trí vốn."

    return guard


def _over(what: str, excess: int, limit: str, allowed: int) -> str | None:
    if excess <= 0:
        return None
    return f"{what} vượt {limit} {format_dong(allowed)} là {format_dong(excess)}; hãy ghi không quá mức đó."


def allotment_within_approval(facts: Facts, order: Order) -> str | None:
    total = facts.amount(MoneyKind.ALLOTTED) + order.amounts.get(facts.fund, 0)
    return _over(
        f"Tổng vốn giao {format_dong(total)}",
        total - facts.approved_now(),
        "số phê duyệt",
        facts.approved_now(),
    )


def prepayment_within_contract(facts: Facts, order: Order) -> str | None:
    """A prepayment stays within the contract, and within the support where an adjustment brought that below it."""
    given, approved = order.amounts.get(facts.fund, 0), facts.approved_now()
    limit, allowed = "giá trị hợp đồng", facts.amount(MoneyKind.CONTRACTED)
    if approved < allowed:
        limit, allowed = "số phê duyệt", approved
    return _over(f"Tạm ứng {format_dong(given)}", given - allowed, limit, allowed)


def payment_within_acceptance(facts: Facts, order: Order) -> str | None:
    """A payment never brings cash above what is due: the accepted support, or what was settled at a stop."""
    given = order.amounts.get(facts.fund, 0)
    due = max(-_to_recover(facts), 0)
    return _over(f"Thanh toán {format_dong(given)}", given - due, "số còn phải trả", due)


def recovery_within_excess(facts: Facts, order: Order) -> str | None:
    given, due = order.amounts.get(facts.fund, 0), max(_to_recover(facts), 0)
    return _over(f"Số nộp {format_dong(given)}", given - due, "số phải thu hồi", due)


def not_below_cash_given(facts: Facts, order: Order) -> str | None:
    new = order.amounts.get(facts.fund)
    given = facts.outstanding
    if new is None or new >= given:
        return None
    return f"Số mới {format_dong(new)} thấp hơn số đã chi {format_dong(given)}; hãy thu hồi phần chênh trước."


def increase_needs_the_approver(facts: Facts, order: Order) -> str | None:
    """Only the body that approves plans may raise support. Basis: TT 36/2013/TT-BCT Điều 11; Decision 3082 VI.11."""
    approver = Authority.MINISTRY if facts.route is Route.NATIONAL else Authority.PROVINCE
    if order.amounts.get(facts.fund, 0) > facts.approved_now() and order.authority is not approver:
        return f"Tăng mức hỗ trợ phải do {approver.label} quyết định (--authority {approver})."
    return None


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
        "khối lượng chỉ được tính đến hết năm, trừ khi đã có quyết định chuyển năm (carry_over) từ trước."
    )


def carried_before_year_end(facts: Facts, order: Order) -> str | None:
    """Work is carried from its own year to the next one, before that year ends. Basis: Luật NSNN Điều 64."""
    if order.effective_on.year < facts.work_year:
        return f"Đề án đã được chuyển sang năm {facts.work_year}; mỗi năm chỉ chuyển một lần, trong chính năm đó."
    if order.effective_on.year <= facts.work_year:
        return None
    return f"Quyết định chuyển năm phải có trước hết ngày 31/12/{facts.work_year}."


def another_recorder(facts: Facts, order: Order) -> str | None:
    if facts.last_step and facts.last_step.recorder_id == order.by.id:
        return "Người đã ghi bước này không được tự hủy; cần một lãnh đạo khác hoặc người khác ghi bước hủy."
    return None


def settlement_is_what_was_accepted(facts: Facts, order: Order) -> str | None:
    for source in (facts.fund, Source.COUNTERPART):
        due = facts.amount(MoneyKind.ACCEPTED, source)
        given = order.amounts.get(source, due)
        if given != due:
            return f"Số quyết toán phải bằng số nghiệm thu {format_dong(due)}; đang ghi {format_dong(given)}."
    return None


def signer_is_not_the_author(facts: Facts, order: Order) -> str | None:
    if order.signer and fold(order.signer) == fold(facts.author_name):
        return f"Người ký ({order.signer}) là người lập hồ sơ; kết quả phải do người khác ký."
    return None


UNDOABLE_BY_ANOTHER = (a_step_to_undo, another_recorder)
JUDGED_BY_ANOTHER = (author_does_not_judge,)
