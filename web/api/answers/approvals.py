"""Answers about decisions and contracts."""

from web.api.answers.common import AMOUNTS, DEADLINE, PAPER, TAKEN, money
from web.api.answers.glossary import count, dong, text, yes
from web.api.answers.parts import codes, joined, many, paged, row, sentences

_DECISION = row("id number decided_on signer authority total annex_total? projects authority_label")
_WAITING = row(
    "id code version name route stage plan_year unit_name asked appraised counterpart granted stage_label is_cleared",
    granted=dong("State support as it would be granted"),
)
_PLAN = row(
    "id programme programme_name year route status status_label is_ready", is_ready=yes("May it be decided as a whole?")
)
_PAPERS = many(PAPER)
_CONTRACT = row(
    "id number signed_on signer route unit unit_name party_b total route_label projects running deadline?",
    running=count("Of these, whose work is not accepted"),
    deadline=DEADLINE,
)
_CASH = row(
    "source approved contracted prepaid accepted paid settled released recovered payable? to_recover?",
    payable=dong("Accepted and still to be paid"),
)
_PROJECT_OF_CONTRACT = row(
    "code name stage stage_label contracted money waiting_for?",
    contracted=AMOUNTS,
    money=_CASH,
    waiting_for=row("action label reasons", reasons=sentences("What keeps the step closed")),
)

ANSWERS = {
    "approvals_waiting": row("projects plans", projects=many(_WAITING), plans=many(_PLAN)),
    "approvals_approve": row(
        "id decision total projects", decision=text("Number of the decision"), projects=many(TAKEN)
    ),
    "approvals_listed": paged("decisions", _DECISION),
    "approvals_one": joined(
        _DECISION,
        row(
            "lines sums papers",
            lines=many(row("code name unit_name stage stage_label money note", money=AMOUNTS)),
            sums=AMOUNTS,
            papers=_PAPERS,
        ),
    ),
    "contracts_listed": paged("contracts", _CONTRACT),
    "contracts_signable": row(
        "projects",
        projects=many(
            row("code name route stage plan_year version unit unit_name granted counterpart stage_label"),
        ),
    ),
    "contracts_sign": row("id contract total projects", contract=text("Number of the contract"), projects=many(TAKEN)),
    "contracts_one": row(
        "number signed_on signer authority route unit party_a party_b total projects waits_for deadlines papers",
        unit=text("Name of the implementing unit"),
        projects=many(_PROJECT_OF_CONTRACT),
        waits_for=codes("Projects whose work is not accepted: the settlement waits for them"),
        deadlines=many(DEADLINE),
        papers=_PAPERS,
    ),
    "contracts_history": row(
        "contract events",
        contract=count("Number of the row"),
        events=many(
            row(
                "id seq action recorded_at decided_on? number note hash by_name? label signer lines",
                lines=many(row("code source_label amount", amount=dong("What came, or went when negative"))),
            )
        ),
    ),
    "contracts_waterfall": money(""),
}
FILES = {"approvals_paper": ("application/octet-stream",), "contracts_paper": ("application/octet-stream",)}
