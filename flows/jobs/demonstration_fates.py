"""What becomes of which project: most go straight to settlement, these show everything else that happens."""

from collections.abc import Mapping
from enum import StrEnum, auto


class Fate(StrEnum):
    STRAIGHT = auto()
    CORRECTED = auto()
    RETURNED = auto()
    RETURNED_TWICE = auto()
    RETURNED_AT_BOTH_LEVELS = auto()
    RETURNED_BY_REVIEW = auto()
    LAPSED = auto()
    WITHDRAWN_EARLY = auto()
    REJECTED = auto()
    REJECTED_BY_REVIEW = auto()
    REROUTED = auto()
    WAITLISTED_THEN_FUNDED = auto()
    STILL_WAITLISTED = auto()
    STILL_APPRAISING = auto()
    #: Appraised a year late; the proposal to the finance department is still to be written when the demonstration ends.
    STILL_APPRAISED = auto()
    APPROVAL_AMENDED = auto()
    DECREASED = auto()
    INCREASED = auto()
    PLACE_CHANGED = auto()
    BENEFICIARY_CHANGED = auto()
    #: The department does not confirm the request.
    REFUSED_BY_DEPARTMENT = auto()
    #: The department confirms the request, and who decides refuses it.
    ADJUSTMENT_REFUSED = auto()
    SUSPENDED = auto()
    #: Carried over at the unit's own request.
    CARRIED_AT_REQUEST = auto()
    #: Carried over, and waiting for the answer to a further request when the demonstration ends.
    CARRIED_OVER_ASKING = auto()
    #: Carried over, and waiting for its acceptance when the demonstration ends.
    CARRIED_OVER_READY = auto()
    #: Stopped at the unit's own request, before any money was given.
    STOPPED_UNPAID = auto()
    STOPPED_RECOVERED = auto()
    #: Stopped; an instalment is overdue when the demonstration ends.
    STOPPED_RECOVERING = auto()
    #: Stopped; half of the money came back, the rest was lost with the firm.
    WRITTEN_OFF = auto()
    FAILED_ACCEPTANCE = auto()
    #: A group project of which one share is accepted only after a repair.
    SHARE_REPAIRED = auto()
    MISTYPED_ACCEPTANCE = auto()
    LATE = auto()
    #: A group project of which two shares fail for good, so that it was prepaid too much.
    OVERPAID = auto()
    SETTLEMENT_RETURNED = auto()
    #: Accepted in the last days of the year; when the demonstration ends, the money was not asked for and the dossier
    #: is overdue.
    DOSSIER_OVERDUE = auto()
    #: The settlement dossier is on the desk when the demonstration ends.
    STILL_SETTLING = auto()


FATES: Mapping[str, Fate] = {
    "machinery/2021/b71": Fate.RETURNED,
    "machinery/2021/b20": Fate.REJECTED,
    "machinery/2021/b46": Fate.REROUTED,
    "machinery/2021/b64": Fate.CARRIED_AT_REQUEST,
    "machinery/2021/b82": Fate.WRITTEN_OFF,
    "machinery/2022/b38": Fate.RETURNED,
    "machinery/2022/b18": Fate.RETURNED_TWICE,
    "machinery/2022/b55": Fate.DECREASED,
    "machinery/2022/b61": Fate.APPROVAL_AMENDED,
    "machinery/2022/b75": Fate.STOPPED_UNPAID,
    "machinery/2022/b31": Fate.LATE,
    "machinery/2022/b17": Fate.CORRECTED,
    "machinery_national/2022/b68": Fate.DECREASED,
    "trademark_national/2022/b43": Fate.RETURNED,
    "fair_national/2022/b32": Fate.SETTLEMENT_RETURNED,
    "packaging/2022/b14": Fate.WITHDRAWN_EARLY,
    "model/2023/b23": Fate.PLACE_CHANGED,
    "machinery/2023/b66": Fate.RETURNED_BY_REVIEW,
    "machinery/2023/b34": Fate.INCREASED,
    "machinery/2023/b28": Fate.STOPPED_RECOVERED,
    "machinery/2023/b50": Fate.SUSPENDED,
    "machinery/2023/b24": Fate.MISTYPED_ACCEPTANCE,
    "machinery/2023/b43": Fate.LATE,
    "fair_local/2023/b23": Fate.SHARE_REPAIRED,
    "trademark_national/2023/b80": Fate.RETURNED_AT_BOTH_LEVELS,
    "trademark_national/2023/b29": Fate.LATE,
    "trademark_local/2023/b67": Fate.LAPSED,
    "packaging/2023/b48": Fate.RETURNED,
    "cluster_works/2023/b85": Fate.CARRIED_AT_REQUEST,
    "machinery/2024/b35": Fate.RETURNED,
    "machinery/2024/b41": Fate.DECREASED,
    "machinery/2024/b49": Fate.REFUSED_BY_DEPARTMENT,
    "machinery/2024/b11": Fate.ADJUSTMENT_REFUSED,
    "machinery/2024/b45": Fate.REJECTED,
    "machinery/2024/b42": Fate.WAITLISTED_THEN_FUNDED,
    "machinery/2024/b47": Fate.FAILED_ACCEPTANCE,
    "machinery/2024/b21": Fate.SETTLEMENT_RETURNED,
    "machinery/2024/b30": Fate.LATE,
    "fair_local/2024/b10": Fate.OVERPAID,
    "fair_national/2024/b84": Fate.BENEFICIARY_CHANGED,
    "trademark_national/2024/b59": Fate.REJECTED_BY_REVIEW,
    "machinery/2025/b15": Fate.STILL_APPRAISED,
    "machinery/2025/b54": Fate.STOPPED_RECOVERING,
    "machinery/2025/b12": Fate.STILL_APPRAISING,
    "machinery/2025/b02": Fate.STILL_WAITLISTED,
    "machinery/2025/b26": Fate.CARRIED_OVER_ASKING,
    "machinery/2025/b03": Fate.CARRIED_OVER_READY,
    "packaging/2025/b75": Fate.DOSSIER_OVERDUE,
    "trademark_national/2025/b84": Fate.STILL_SETTLING,
    "broadcast/2025/s01": Fate.STILL_SETTLING,
}

#: What the firm was supported with before, and why the council found that the second support is none given twice.
SUPPORTED_BEFORE: Mapping[str, str] = {
    "machinery/2024/b76": (
        "Đã đối chiếu dây chuyền nướng bánh cơ sở được khuyến công quốc gia hỗ trợ năm 2023: dây chuyền đó đóng gói "
        "bánh pía, máy này đóng gói bánh in ở xưởng khác, không trùng hỗ trợ"
    ),
    "machinery/2025/b31": (
        "Đã đối chiếu máy tráng bánh được hỗ trợ năm 2022: máy cũ chạy hết công suất, cơ sở đầu tư thêm máy thứ hai "
        "để mở rộng sản xuất, không trùng hỗ trợ"
    ),
}

#: Their dossiers come with a small file, so that the documents of the register can be opened.
FILED = frozenset(
    (
        "machinery/2021/b19",
        "machinery/2022/b22",
        "machinery/2023/b16",
        "machinery/2024/b51",
        "machinery/2025/b04",
        "cluster_works/2023/b85",
    )
)
