"""The kinds of official papers, in the order in which a project meets them."""

from documents.letters.carrying_out import ACCEPTANCE_MINUTES, CONTRACT_PAPER, LIQUIDATION_MINUTES, PAYMENT_REQUEST
from documents.letters.parts import Letter
from documents.letters.planning import APPROVAL_DECISION, PROPOSAL_LETTER
from documents.letters.reviewing import APPRAISAL_MINUTES, REMINDER_LETTER, SUPPLEMENT_NOTE

LETTERS: dict[str, Letter] = {
    letter.kind: letter
    for letter in (
        SUPPLEMENT_NOTE,
        APPRAISAL_MINUTES,
        PROPOSAL_LETTER,
        APPROVAL_DECISION,
        CONTRACT_PAPER,
        ACCEPTANCE_MINUTES,
        PAYMENT_REQUEST,
        LIQUIDATION_MINUTES,
        REMINDER_LETTER,
    )
}
