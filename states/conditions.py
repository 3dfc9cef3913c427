"""What must hold for a step, in the words of the office: the guards of the lifecycle table, for people to read."""

from collections.abc import Mapping

from states.lifecycle import Guard, Step

#: By the name of the guard; a guard that is made for its step by that of its maker.
_WORDS: Mapping[str, str] = {
    # dossier
    "contributes_to_a_target": "đã ghi chỉ tiêu của chương trình mà đề án đóng góp",
    "supplement_overdue": "đã qua hạn bổ sung hồ sơ",
    "missing_items_listed": "liệt kê các mục còn thiếu",
    "missing_items_answered": "đã bổ sung mọi mục còn thiếu",
    # people
    "author_does_not_judge": "người ghi không phải người lập hồ sơ",
    "another_recorder": "người ghi không phải người đã ghi bước bị hủy",
    "signer_is_not_the_author": "người ký không phải người lập hồ sơ",
    "beneficiary_unless_group": "đã có đơn vị thụ hưởng (đề án nhóm để sau được)",
    "beneficiary_named": "đã ghi rõ đơn vị thụ hưởng",
    "a_step_to_undo": "còn bước để hủy",
    # money
    "only_own_sources": "chỉ ghi tiền vốn nhà nước của đề án và đối ứng",
    "support_asked": "số đề nghị hỗ trợ lớn hơn 0",
    "amount_given": "đã ghi số tiền",
    "one_state_amount_only": "chỉ ghi vốn nhà nước, không ghi đối ứng",
    "at_most": "số tiền không vượt mức đã ghi ở bước trước",
    "support_left": "số hỗ trợ lớn hơn 0",
    "allotment_within_approval": "tổng giao vốn không vượt số phê duyệt",
    "funds_allotted": "đã giao vốn",
    "contract_has_value": "hợp đồng có giá trị",
    "contract_covers_prepayment": "giá trị hợp đồng không dưới số đã tạm ứng",
    "contract_covers_accepted": "giá trị hợp đồng không dưới số đã nghiệm thu",
    "not_prepaid_yet": "chưa tạm ứng lần nào",
    "prepayment_within_contract": "tạm ứng không vượt hợp đồng và số phê duyệt",
    "not_below_cash_given": "không dưới số tiền đã giao, đã chi",
    "not_below_accepted": "không dưới số đã nghiệm thu",
    # adjustment
    "no_open_adjustment": "không có đề nghị điều chỉnh đang chờ",
    "open_adjustment": "có đề nghị điều chỉnh đang chờ",
    "request_is_complete": "đề nghị ghi đủ nội dung điều chỉnh",
    "not_confirmed_yet": "Sở chưa xác nhận đề nghị",
    "confirmed_by_the_department": "Sở đã xác nhận đề nghị",
    "not_a_stop": "đề nghị không phải là ngừng triển khai",
    "decided_by_whom_the_change_needs": "do cơ quan có thẩm quyền với loại điều chỉnh quyết định",
    "refused_by_whom_it_lies_with": "do cơ quan đang giữ đề nghị từ chối",
    "increase_needs_the_approver": "tăng hỗ trợ do cơ quan phê duyệt kế hoạch quyết định",
    "after_the_request": "ngày văn bản không trước ngày đề nghị hoặc xác nhận",
    "support_remains": "mức hỗ trợ sau điều chỉnh lớn hơn 0",
    "year_carried_in_time": "chuyển năm trước khi năm cũ kết thúc",
    # acceptance
    "quantities_for_own_targets": "số lượng chỉ ghi cho chỉ tiêu của đề án",
    "quantity_accepted": "đã ghi số lượng nghiệm thu",
    "accepted_within_the_year": "nghiệm thu trong năm thực hiện",
    "carried_before_year_end": "chuyển năm trước ngày 31/12",
    "group_project": "là đề án nhóm",
    "share_of_the_project": "đơn vị thụ hưởng có trong đề án và chưa có kết quả",
    "share_within_approval": "tổng các phần không vượt số phê duyệt",
    "accepted_within_contract": "số nghiệm thu không vượt hợp đồng",
    "something_accepted": "có ít nhất một chỉ tiêu đạt",
    "every_share_judged": "mọi đơn vị thụ hưởng đã có kết quả",
    "shares_are_the_whole": "đã nghiệm thu từng đơn vị thì không ghi lại số chung",
    "unless_by_shares": "nghiệm thu một lần thì ghi đủ số tiền và số lượng",
    # settlement
    "contract_accepted": "mọi đề án của hợp đồng đã nghiệm thu",
    "cash_balanced": "tiền đã chi bằng số quyết toán",
    "settlement_is_what_was_accepted": "số quyết toán bằng số đã nghiệm thu",
    "payment_within_acceptance": "tổng chi không vượt số được hưởng",
    "something_to_pay": "còn tiền phải chi",
    "kept_with_evidence": "phần giữ lại có nghiệm thu hoặc chứng từ",
    "overpaid": "đã chi quá số được giữ",
    "money_to_recover": "còn tiền phải thu hồi",
    "money_recovered": "đã thu hồi đủ",
    "recovery_within_excess": "số thu không quá số phải thu hồi",
    "instalments_add_up": "các kỳ hoàn trả cộng lại bằng số phải thu hồi",
}


def condition(guard: Guard) -> str:
    """What a guard asks for. Raises KeyError for one that nobody put into words."""
    return _WORDS[guard.__qualname__.partition(".")[0]]


def conditions(step: Step) -> list[str]:
    """What must hold for a step: of the project and the person first, then of what is typed."""
    told = [condition(guard) for guard in (*step.closes, *step.needs)]
    told += ["có số văn bản và người ký"] if step.signed else []
    told += ["ghi lý do"] if step.noted else []
    return list(dict.fromkeys(told))
