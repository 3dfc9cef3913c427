"""The yearly plan: its statuses, and which step leads from one to the next."""

from collections.abc import Mapping
from types import MappingProxyType

from states.vocabulary import Labelled


class PlanStatus(Labelled):
    """How far the plan of a year is. Basis: Decision 3082/QĐ-UBND VI.1; TT 36/2013/TT-BCT Điều 6."""

    DRAFT = "draft", "Đang lập"
    PROPOSED = "proposed", "Đã trình"
    APPRAISED = "appraised", "Đã thẩm định"
    APPROVED = "approved", "Đã phê duyệt"
    CLOSED = "closed", "Đã khép"


class PlanStep(Labelled):
    """What is done with a plan as a whole."""

    BUILD = "build", "Tổng hợp lại danh mục"
    PROPOSE = "propose", "Trình kế hoạch"
    RETURN = "return", "Trả lại để lập lại"
    APPRAISE = "appraise", "Ghi kết quả thẩm định"
    APPROVE = "approve", "Phê duyệt"
    ADJUST = "adjust", "Điều chỉnh, bổ sung"
    CLOSE = "close", "Khép kế hoạch năm"


#: From which statuses a step may be taken, and where it leads.
PLAN_STEPS: Mapping[PlanStep, tuple[frozenset[PlanStatus], PlanStatus]] = MappingProxyType(
    {
        PlanStep.BUILD: (frozenset({PlanStatus.DRAFT}), PlanStatus.DRAFT),
        PlanStep.PROPOSE: (frozenset({PlanStatus.DRAFT}), PlanStatus.PROPOSED),
        PlanStep.RETURN: (frozenset({PlanStatus.PROPOSED, PlanStatus.APPRAISED}), PlanStatus.DRAFT),
        PlanStep.APPRAISE: (frozenset({PlanStatus.PROPOSED}), PlanStatus.APPRAISED),
        PlanStep.APPROVE: (frozenset({PlanStatus.APPRAISED}), PlanStatus.APPROVED),
        PlanStep.ADJUST: (frozenset({PlanStatus.APPROVED}), PlanStatus.APPROVED),
        PlanStep.CLOSE: (frozenset({PlanStatus.APPROVED}), PlanStatus.CLOSED),
    }
)


class ForkStatus(Labelled):
    """What became of a fork."""

    OPEN = "open", "Đang thử"
    PROPOSED = "proposed", "Đã thành danh mục trình"
    DROPPED = "dropped", "Đã bỏ"


class ReportStatus(Labelled):
    """A frozen report waits for its signature; signed it is final."""

    FROZEN = "frozen", "Đã chốt số liệu"
    SIGNED = "signed", "Đã ký"
