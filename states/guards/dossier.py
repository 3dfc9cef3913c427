"""What the dossier must hold, and what is still missing in it."""

from states.facts import Facts, Order
from states.folding import fold
from states.words import format_date


def contributes_to_a_target(facts: Facts, order: Order) -> str | None:
    if facts.quantities:
        return None
    return "Chưa ghi chỉ tiêu mà đề án đóng góp; hãy ghi chỉ tiêu và số lượng của chương trình."


def supplement_overdue(facts: Facts, order: Order) -> str | None:
    """Nobody loses a dossier before its supplement was due; where no rule sets a day, a person decides."""
    due = facts.supplement_due_on
    if due is None or order.today > due:
        return None
    return f"Hạn bổ sung còn đến hết ngày {format_date(due)}; chỉ xác nhận quá hạn sau ngày đó."


def missing_items_listed(facts: Facts, order: Order) -> str | None:
    return None if order.missing else "Phải liệt kê ít nhất một mục còn thiếu (--missing)."


def missing_items_answered(facts: Facts, order: Order) -> str | None:
    answered = {str(paper.kind) for paper in order.papers} | {fold(paper.title) for paper in order.papers}
    answered |= {fold(paper.kind.label) for paper in order.papers}
    left = [item for item in facts.missing if item not in answered and fold(item) not in answered]
    if left:
        return "Còn mục chưa bổ sung: " + "; ".join(left) + ". Hãy kèm từng mục (--paper MỤC=TỆP)."
    return None
