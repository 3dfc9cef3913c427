"""Who may judge or undo, and who benefits."""

from states.facts import Facts, Order
from states.folding import fold
from states.vocabulary import Kind


def author_does_not_judge(facts: Facts, order: Order) -> str | None:
    if order.by.id == facts.author_id:
        return f"Người lập hồ sơ ({facts.author_name}) không được ghi kết quả này; cần một người khác ghi."
    return None


def another_recorder(facts: Facts, order: Order) -> str | None:
    if facts.last_step and facts.last_step.recorder_id == order.by.id:
        return "Người đã ghi bước này không được tự hủy; cần một lãnh đạo khác hoặc người khác ghi bước hủy."
    return None


def signer_is_not_the_author(facts: Facts, order: Order) -> str | None:
    if order.signer and fold(order.signer) == fold(facts.author_name):
        return f"Người ký ({order.signer}) là người lập hồ sơ; kết quả phải do người khác ký."
    return None


def beneficiary_unless_group(facts: Facts, order: Order) -> str | None:
    if facts.has_beneficiary or facts.kind is Kind.GROUP:
        return None
    return "Chưa có đơn vị thụ hưởng; hãy ghi đơn vị thụ hưởng (chỉ đề án nhóm được để sau)."


def beneficiary_named(facts: Facts, order: Order) -> str | None:
    if facts.has_beneficiary:
        return None
    return "Chưa có đơn vị thụ hưởng; đề án nhóm phải ghi rõ đơn vị thụ hưởng trước khi ký hợp đồng."


def a_step_to_undo(facts: Facts, order: Order) -> str | None:
    if facts.last_step is None:
        return "Không còn bước nào để hủy ghi nhận."
    return None
