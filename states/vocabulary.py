"""The words of the trade, each code with its Vietnamese label: states, stages, routes, bodies, roles, money, papers."""

from enum import StrEnum


class Labelled(StrEnum):
    """A code that is stored and scripted against, with the words that people read."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class State(Labelled):
    """The last milestone reached; it never goes backwards. Basis: Decision 3082/QĐ-UBND V.1, TT 36/2013/TT-BCT."""

    PROPOSED = "proposed", "Đề xuất"
    APPRAISED = "appraised", "Thẩm định"
    APPROVED = "approved", "Phê duyệt"
    IMPLEMENTED = "implemented", "Thực hiện"
    SETTLED = "settled", "Quyết toán"

    @property
    def rank(self) -> int:
        return STATE_ORDER.index(self)


STATE_ORDER: tuple[State, ...] = tuple(State)


class Stage(Labelled):
    """What is going on inside a state, and the seven ends."""

    DRAFT = "draft", "Nháp"
    SUBMITTED = "submitted", "Đã nộp"
    RETURNED = "returned", "Chờ bổ sung hồ sơ"
    APPRAISING = "appraising", "Đang thẩm định cấp cơ sở"
    APPRAISED = "appraised", "Đạt thẩm định ở Sở"
    REVIEWING = "reviewing", "Cấp trên đang thẩm định"
    REVIEW_RETURNED = "review_returned", "Chờ bổ sung cho cấp trên"
    CLEARED = "cleared", "Đạt thẩm định, chờ phê duyệt"
    WAITLISTED = "waitlisted", "Chờ bố trí vốn"
    APPROVED = "approved", "Trong kế hoạch"
    CONTRACTED = "contracted", "Đã ký hợp đồng"
    UNDERWAY = "underway", "Đang thực hiện"
    SUSPENDED = "suspended", "Tạm dừng"
    AWAITING_ACCEPTANCE = "awaiting_acceptance", "Chờ nghiệm thu"
    ACCEPTANCE_FAILED = "acceptance_failed", "Nghiệm thu không đạt"
    ACCEPTED = "accepted", "Đã nghiệm thu"
    SETTLING = "settling", "Đang quyết toán"
    SETTLED = "settled", "Đã quyết toán"
    REJECTED = "rejected", "Không đạt thẩm định"
    WITHDRAWN = "withdrawn", "Đã rút hồ sơ"
    LAPSED = "lapsed", "Hết hạn bổ sung"
    STOPPED = "stopped", "Ngừng triển khai"
    RECOVERING = "recovering", "Đang thu hồi kinh phí"
    RECOVERED = "recovered", "Đã thu hồi xong"
    WRITTEN_OFF = "written_off", "Đã xóa nợ theo quyết định"


class Route(Labelled):
    """Which chain decides. Basis: TT 36/2013/TT-BCT Điều 8 (national); Decision 3082 VI.1 (local)."""

    LOCAL = "local", "Khuyến công địa phương"
    NATIONAL = "national", "Khuyến công quốc gia"


class Source(Labelled):
    """Who pays."""

    NATIONAL_FUND = "national_fund", "KC quốc gia"
    LOCAL_FUND = "local_fund", "KC địa phương"
    COUNTERPART = "counterpart", "Đối ứng"


#: A project has exactly one state fund at a time, the one of its route.
STATE_FUND: dict[Route, Source] = {Route.LOCAL: Source.LOCAL_FUND, Route.NATIONAL: Source.NATIONAL_FUND}


class Kind(Labelled):
    """A group project may be approved without a beneficiary, not contracted. Basis: TT 36/2013/TT-BCT Điều 10."""

    ORDINARY = "ordinary", "Đề án thường"
    GROUP = "group", "Đề án nhóm"
    MODEL = "model", "Đề án điểm"


class Authority(Labelled):
    """The body that decides; bodies outside the department do not log in, an officer records their paper."""

    UNIT = "unit", "Đơn vị thực hiện"
    DEPARTMENT = "department", "Sở Công Thương"
    FINANCE_DEPARTMENT = "finance_department", "Sở Tài chính"
    PROVINCE = "province", "UBND tỉnh"
    AGENCY = "agency", "Cục quản lý khuyến công"
    MINISTRY = "ministry", "Bộ Công Thương"


class Role(Labelled):
    """Who works with the system."""

    CENTRE_OFFICER = "centre_officer", "Cán bộ đơn vị thực hiện"
    COORDINATOR = "coordinator", "Điều phối viên của Sở"
    LEADER = "leader", "Lãnh đạo Sở"
    FINANCE = "finance", "Kế toán của Sở"
    COMMUNE_VIEWER = "commune_viewer", "Cán bộ xã (chỉ xem)"
    AUDITOR = "auditor", "Thanh tra, kiểm toán (chỉ xem)"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class MoneyKind(Labelled):
    """What an amount says. The first six are levels (what stands now), the others are flows (what moved)."""

    ASKED = "asked", "Đề nghị"
    APPRAISED = "appraised", "Thẩm định"
    APPROVED = "approved", "Phê duyệt"
    ADJUSTED = "adjusted", "Điều chỉnh (tăng, giảm)"
    CONTRACTED = "contracted", "Hợp đồng"
    ACCEPTED = "accepted", "Nghiệm thu"
    ALLOTTED = "allotted", "Giao vốn"
    PREPAID = "prepaid", "Tạm ứng"
    PAID = "paid", "Thanh toán"
    SETTLED = "settled", "Quyết toán"
    RELEASED = "released", "Hủy dự toán, trả lại kế hoạch"
    RECOVERED = "recovered", "Thu hồi"


class Change(Labelled):
    """What an adjustment request asks for. Basis: TT 36/2013/TT-BCT Điều 11, as amended by TT 17/2018/TT-BCT."""

    INCREASE_SUPPORT = "increase_support", "Tăng tổng kinh phí hỗ trợ"
    CHANGE_CONTENT = "change_content", "Thay đổi nội dung hoạt động"
    CARRY_TO_NEXT_YEAR = "carry_to_next_year", "Chuyển thực hiện sang năm ngân sách sau"
    ADDITIONAL_PROJECT = "additional_project", "Bổ sung đề án"
    STOP = "stop", "Ngừng triển khai"
    CHANGE_PLACE = "change_place", "Thay đổi địa điểm"
    CHANGE_BENEFICIARY = "change_beneficiary", "Thay đổi đơn vị thụ hưởng"
    CHANGE_PARTNER = "change_partner", "Thay đổi đơn vị phối hợp"
    CHANGE_TIME_WITHIN_YEAR = "change_time_within_year", "Thay đổi thời gian trong năm ngân sách"
    OTHER_NOT_INCREASING = "other_not_increasing", "Thay đổi khác không làm tăng kinh phí hỗ trợ"


class RequestStatus(Labelled):
    """What became of an adjustment request; the project itself only carries a flag while one is open."""

    OPEN = "open", "Đang chờ quyết định"
    APPROVED = "approved", "Đã được đồng ý"
    REFUSED = "refused", "Không được đồng ý"
    CLOSED = "closed", "Khép lại vì đề án ngừng triển khai"
    WITHDRAWN = "withdrawn", "Hủy vì ghi nhầm"


class Outcome(Labelled):
    """The result of a facility acceptance (nghiệm thu cơ sở)."""

    PASSED = "passed", "Đạt"
    FAILED = "failed", "Không đạt"


class Paper(Labelled):
    """The documents the steps ask for. Basis: domain notes §2.2; sources V/P/U as listed there."""

    SUBMISSION_LETTER = "submission_letter", "công văn đề nghị"
    DOSSIER = "dossier", "đề án khuyến công"
    SUPPORT_REQUEST = "support_request", "văn bản đề nghị hỗ trợ của đơn vị thụ hưởng"
    REGISTRATION_LIST = "registration_list", "báo cáo đăng ký và Mẫu số 2"
    SUPPLEMENT_NOTE = "supplement_note", "phiếu yêu cầu bổ sung"
    SUPPLEMENT = "supplement", "hồ sơ bổ sung"
    COMPLETENESS_CHECKLIST = "completeness_checklist", "phiếu kiểm tra thành phần hồ sơ"
    APPRAISAL_MINUTES = "appraisal_minutes", "biên bản thẩm định"
    FORM_2 = "form_2", "bảng tổng hợp Mẫu số 2"
    APPRAISAL_REPORT = "appraisal_report", "báo cáo kết quả thẩm định cấp cơ sở"
    ESTIMATE = "estimate", "dự toán kinh phí"
    PROPOSAL_LETTER = "proposal_letter", "tờ trình"
    REVIEW_RESULT = "review_result", "văn bản kết quả thẩm định của cấp trên"
    APPROVAL_DECISION = "approval_decision", "quyết định phê duyệt và phụ lục"
    AMENDING_DECISION = "amending_decision", "quyết định điều chỉnh"
    ALLOTMENT_DECISION = "allotment_decision", "quyết định giao dự toán"
    FUNDS_NOTICE = "funds_notice", "giấy báo có hoặc thông báo vốn về"
    CONTRACT = "contract", "hợp đồng"
    CONTRACT_ANNEX = "contract_annex", "phụ lục hợp đồng"
    SUPPORT_CONTRACT = "support_contract", "hợp đồng hỗ trợ với chủ đầu tư"
    INVESTOR_CONTRACT = "investor_contract", "hợp đồng giữa chủ đầu tư và nhà thầu"
    PROGRESS_REPORT = "progress_report", "báo cáo tiến độ khối lượng"
    WORK_PLAN = "work_plan", "kế hoạch tổ chức thực hiện"
    PREPAYMENT_REQUEST = "prepayment_request", "đề nghị tạm ứng"
    ADJUSTMENT_REQUEST = "adjustment_request", "văn bản đề nghị điều chỉnh"
    ADJUSTMENT_CONFIRMATION = "adjustment_confirmation", "văn bản của Sở xác nhận đề nghị điều chỉnh"
    SUSPENSION_DECISION = "suspension_decision", "quyết định tạm dừng"
    RESUMPTION_DECISION = "resumption_decision", "quyết định cho tiếp tục thực hiện"
    FORM_3B = "form_3b", "báo cáo khối lượng và kinh phí (Mẫu 3b)"
    FORM_5A = "form_5a", "biên bản nghiệm thu cơ sở (Mẫu 5a)"
    FAILURE_MINUTES = "failure_minutes", "biên bản nghiệm thu không đạt"
    REPAIR_REPORT = "repair_report", "báo cáo khắc phục"
    FORM_9 = "form_9", "giấy đề nghị thanh toán (Mẫu 9)"
    VOUCHERS = "vouchers", "bảng kê chứng từ"
    PAYMENT_ORDER = "payment_order", "chứng từ chuyển tiền"
    LIQUIDATION_MINUTES = "liquidation_minutes", "biên bản thanh lý"
    DEFECT_NOTE = "defect_note", "văn bản nêu sai sót của hồ sơ quyết toán"
    STOP_DECISION = "stop_decision", "quyết định ngừng triển khai"
    REFUND_DEMAND = "refund_demand", "văn bản yêu cầu hoàn trả"
    RECOVERY_DECISION = "recovery_decision", "quyết định thu hồi"
    RECEIPT = "receipt", "giấy nộp tiền"
    WRITE_OFF_DECISION = "write_off_decision", "quyết định xóa nợ"
    WITHDRAWAL_LETTER = "withdrawal_letter", "văn bản xin rút hồ sơ"
    REROUTE_LETTER = "reroute_letter", "văn bản chuyển nguồn kinh phí"
    CORRECTION_NOTE = "correction_note", "phiếu sửa sai sót"
    OTHER = "other", "tài liệu khác"
