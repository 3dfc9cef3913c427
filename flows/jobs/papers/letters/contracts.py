"""What the parties of a contract write: the contract, its acceptance, its payment and its end."""

from dataclasses import replace
from datetime import date

from flows.jobs.papers.letters.grounds import decided
from flows.jobs.papers.letters.projects import BLANK, day, of_all
from flows.jobs.papers.letters.subjects import of_contract
from flows.jobs.papers.letters.writing import SIGNER, Values, Writing
from models.queries.letterheads import approvals_of, letterhead
from states.actions import Action
from states.lifecycle import RUNNING
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Authority, Stage

_WORK_DONE = frozenset(
    {Stage.AWAITING_ACCEPTANCE, Stage.ACCEPTANCE_FAILED, Stage.ACCEPTED, Stage.SETTLING, Stage.SETTLED}
)
AFTER_WORK = frozenset({Stage.ACCEPTED, Stage.SETTLING, Stage.SETTLED})


def contract(writing: Writing) -> Values:
    subject = writing.subject
    if subject.contract is None and any(one.facts.stage is not Stage.APPROVED for one in subject.members):
        raise Refused(
            f"Đề án {subject.name} không ở bước ký hợp đồng (đang ở «{subject.members[0].sheet['stage_label']}»); "
            "hãy ghi quyết định phê duyệt trước."
        )
    nameless = [one.facts.code for one in subject.members if not one.sheet["beneficiaries"]]
    if nameless:
        raise Refused(f"Chưa có đơn vị thụ hưởng của {', '.join(nameless)}; hãy ghi đơn vị thụ hưởng trước khi soạn.")
    members = subject.members
    if subject.contract is not None:
        members = tuple(one.granting(one.amounts["contracted"]) for one in members)
        # A contract that was signed is written again under the law and the names of its day.
        writing = writing.dated(date.fromisoformat(subject.contract["signed_on"]))
    head = writing.head(SIGNER[subject.route], "HĐ")
    return head | of_all(members, writing.on) | _parties(writing) | {"grounds": head["grounds"] + _approved_by(writing)}


def _parties(writing: Writing) -> Values:
    contract, subject = writing.subject.contract or {}, writing.subject
    return {
        "contract": {
            "number": contract.get("number") or BLANK,
            "signed_on": day(contract.get("signed_on")),
            "party_a": _party_a(writing, contract) if contract else writing.body(SIGNER[subject.route]),
            "party_b": contract.get("party_b") or subject.members[0].sheet["unit"]["name"],
        }
    }


def _party_a(writing: Writing, contract: Values) -> str:
    """The body that signed, and the one that stands for it on the day of this paper where it was renamed since."""
    authority, party = Authority(contract["authority"]), str(contract["party_a"])
    signed_as = letterhead(writing.occasion.session, authority, contract["signed_on"]).name
    now = writing.body(authority)
    return f"{party} (nay: {now})" if party == signed_as != now else party


def _approved_by(writing: Writing) -> list[str]:
    rows = approvals_of(writing.occasion.session, [one.facts.code for one in writing.subject.members])
    found = ((row, date.fromisoformat(row["decided_on"])) for row in rows)
    return [decided(f"Quyết định số {row['number']}", on, _decider(writing, row["authority"], on)) for row, on in found]


def _decider(writing: Writing, authority: str, on: date) -> str:
    """A ministry decides by its minister, a province by its committee."""
    body = letterhead(writing.occasion.session, Authority(authority), on.isoformat())
    return f"{body.head} {body.name}" if body.authority is Authority.MINISTRY else body.name


def _signed(writing: Writing) -> list[str]:
    contract = writing.subject.contract
    assert contract is not None
    return [decided(f"Hợp đồng số {contract['number']}", date.fromisoformat(contract["signed_on"]), "")]


def acceptance_minutes(writing: Writing) -> Values:
    one = writing.subject.one
    if one.facts.stage not in _WORK_DONE or writing.subject.contract is None:
        raise Refused(
            f"Đề án {one.facts.code} chưa chờ nghiệm thu (đang ở «{one.sheet['stage_label']}»); hãy ghi bước "
            f"«{STEP[Action.REPORT_COMPLETION].label}» trước."
        )
    head = writing.head(Authority.DEPARTMENT, "BB")
    said = {"grounds": head["grounds"] + _approved_by(writing) + _signed(writing)}
    return head | {"project": one.values(writing.on)} | _parties(writing) | said


def payment_request(writing: Writing) -> Values:
    subject = writing.subject
    accepted = [one for one in subject.members if one.facts.stage in AFTER_WORK]
    if not accepted or subject.contract is None:
        raise Refused(f"«{subject.name}» chưa được nghiệm thu; hãy ghi nghiệm thu đạt trước khi đề nghị thanh toán.")
    owed = tuple(one for one in accepted if one.amounts["payable"])
    if not owed:
        raise Refused(f"«{subject.name}» không còn số phải thanh toán; hãy xem dean settle --check.")
    return (
        writing.head(Authority.UNIT, "ĐN", writing.body(SIGNER[subject.route]))
        | of_all(owed, writing.on)
        | _parties(writing)
    )


def liquidation_minutes(writing: Writing) -> Values:
    subject = writing.subject
    if subject.contract is None:
        raise Refused(f"Đề án {subject.name} chưa có hợp đồng; hãy ghi hợp đồng đã ký trước khi thanh lý.")
    whole = subject
    if not subject.is_list:
        whole = of_contract(writing.occasion, subject.contract["id"])
    running = [one.facts.code for one in whole.members if one.facts.stage in RUNNING]
    if running:
        raise Refused(
            f"Hợp đồng {subject.contract['number']} còn đề án chưa nghiệm thu: {', '.join(running)}; hãy ghi nghiệm "
            "thu hoặc ngừng triển khai trước khi thanh lý."
        )
    wider = replace(writing, subject=whole)
    head = wider.head(SIGNER[whole.route], "BB")
    said = {"grounds": head["grounds"] + _approved_by(wider) + _signed(wider)}
    return head | of_all(whole.members, wider.on) | _parties(wider) | said
