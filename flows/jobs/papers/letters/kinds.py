"""The kinds of papers: when each may be written, by whom, and what makes the values of its fields.

A paper is a draft for signing: making one records nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flows.jobs.papers.letters import contracts, dossier, lists
from flows.jobs.papers.letters.writing import Values, Writing
from states.actions import Action
from states.steps import STEP
from states.vocabulary import Role, Stage

_COORDINATION = frozenset({Role.COORDINATOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class LetterKind:
    """`stages` are those in which a project has such a paper before it; `of` what it may be written for."""

    who: frozenset[Role]
    stages: frozenset[Stage]
    needs: str
    values: Callable[[Writing], Values]
    of: tuple[str, ...] = ("project",)


#: By the kinds of documents/letters; `needs` says what has to be on record before.
LETTER_KINDS: dict[str, LetterKind] = {
    "supplement_note": LetterKind(
        STEP[Action.RETURN].recorders,
        frozenset({Stage.SUBMITTED, Stage.RETURNED, Stage.REVIEW_RETURNED}),
        "đề án có nội dung phải bổ sung",
        dossier.supplement_note,
    ),
    "appraisal_minutes": LetterKind(
        STEP[Action.PASS_APPRAISAL].recorders,
        frozenset({Stage.APPRAISING, Stage.APPRAISED, Stage.REJECTED}),
        "đề án đã vào thẩm định",
        dossier.appraisal_minutes,
    ),
    "proposal_letter": LetterKind(
        STEP[Action.SEND_TO_FINANCE].recorders,
        frozenset({Stage.APPRAISED, Stage.CLEARED}),
        "đề án đạt thẩm định, hoặc danh mục chờ phê duyệt của một năm (NĂM/local, NĂM/national)",
        lists.proposal_letter,
        ("project", "list"),
    ),
    "approval_decision": LetterKind(
        STEP[Action.APPROVE].recorders,
        frozenset({Stage.CLEARED}),
        "danh mục chờ phê duyệt của một năm, hoặc số một quyết định đã ghi",
        lists.approval_decision,
        ("project", "list", "decision"),
    ),
    "contract": LetterKind(
        STEP[Action.SIGN_CONTRACT].recorders,
        frozenset({Stage.APPROVED}),
        "đề án đã được phê duyệt, có đơn vị thụ hưởng, hoặc số một hợp đồng đã ký",
        contracts.contract,
        ("project", "contract"),
    ),
    "acceptance_minutes": LetterKind(
        STEP[Action.ACCEPT].recorders,
        frozenset({Stage.AWAITING_ACCEPTANCE, Stage.ACCEPTANCE_FAILED, Stage.ACCEPTED}),
        "đề án đã báo cáo hoàn thành",
        contracts.acceptance_minutes,
    ),
    "payment_request": LetterKind(
        STEP[Action.SUBMIT_SETTLEMENT].recorders,
        contracts.AFTER_WORK,
        "đề án hoặc hợp đồng đã nghiệm thu và còn số phải thanh toán",
        contracts.payment_request,
        ("project", "contract"),
    ),
    "liquidation_minutes": LetterKind(
        STEP[Action.SETTLE].recorders,
        frozenset({Stage.SETTLING}),
        "hợp đồng mà mọi đề án đã nghiệm thu hoặc đã kết thúc",
        contracts.liquidation_minutes,
        ("project", "contract"),
    ),
    "reminder_letter": LetterKind(
        _COORDINATION,
        frozenset(Stage) - {Stage.DRAFT},
        "đề án có thời hạn đang chạy",
        dossier.reminder_letter,
    ),
}
