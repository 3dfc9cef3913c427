"""From the plan to the reported completion: how the projects of the demonstration are carried out."""

from datetime import date

from flows.jobs.demonstration_changes import amend_approval, meet_troubles
from flows.jobs.demonstration_days import workdays_later
from flows.jobs.demonstration_endings import stop_and_recover, stop_at_request
from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_lives import Amending, Life, Sheet
from flows.jobs.demonstration_prepayments import prepayment, prepayment_rule
from states.actions import Action
from states.vocabulary import Kind, Paper

#: Their work is done in the last days of the year.
AT_YEAR_END = (Fate.LATE, Fate.DOSSIER_OVERDUE, Fate.STILL_SETTLING)
_RECOVERED = (Fate.STOPPED_RECOVERED, Fate.STOPPED_RECOVERING, Fate.WRITTEN_OFF)
#: Who gets prepaid whatever the draw says, because the fate is about that money.
_PREPAID = (*_RECOVERED, Fate.OVERPAID)


def prepare(life: Life) -> None:
    """Correct the decision, and name the beneficiaries of a group: what comes before the contract."""
    if life.fate is Fate.APPROVAL_AMENDED:
        life.wait(2, 5)
        amend_approval(life)
    if life.proposal.kind is Kind.GROUP:
        life.wait(2, 5)
        note = "Chọn được cơ sở tham gia sau khi kế hoạch được duyệt"
        life.happens(life.desk.author, Amending({}, note, beneficiaries=life.beneficiaries))


def carry_out(life: Life) -> bool:
    """Take a prepared project through contract and work to its reported completion; False when it is stopped."""
    _sign_and_allot(life)
    if life.fate is Fate.STOPPED_UNPAID:
        stop_at_request(life)
        return False
    _start(life)
    if life.fate in _RECOVERED:
        stop_and_recover(life)
        return False
    meet_troubles(life)
    _complete(life)
    return True


def _sign_and_allot(life: Life) -> None:
    """Sign the contract and get the money allotted; a contract that is shared was signed for all its projects."""
    if life.partners:
        _allot(life)
    # Most sign as soon as they are in the plan; some wait until the money is allotted, and are late.
    elif life.fate is Fate.STRAIGHT and life.draw(1, 9, "slow contract") == 1:
        _allot(life)
        life.wait(1, 8)
        life.step(Action.SIGN_CONTRACT, life.desk.coordinator, "HĐ")
    else:
        life.wait(2, 4) if life.proposal.kind is Kind.GROUP else life.wait(3, 9)
        life.step(Action.SIGN_CONTRACT, life.desk.coordinator, "HĐ")
        _allot(life)


def _allot(life: Life) -> None:
    allotment = life.plan.allotment
    life.not_before(allotment.issued_on)
    life.wait(1, 4)
    life.step(
        Action.ALLOT,
        life.desk.finance,
        number=allotment.number,
        decided_on=allotment.issued_on,
        amounts={life.fund: life.granted},
    )


def receive_funds(life: Life, *, before: date = date.max) -> None:
    """Enter the treasury's notice on the day after it is there, unless that day is not `before` another one."""
    notice = life.plan.funds
    day = workdays_later(max(life.day, notice.issued_on), 1)
    if life.is_funded or day >= before:
        return
    life.is_funded, life.day = True, day
    on = max(notice.issued_on, life.paper_on)
    life.step(Action.RECEIVE_FUNDS, life.desk.finance, number=notice.number, decided_on=on)


def _start(life: Life) -> None:
    life.wait(1, 6)
    life.step(Action.START, life.desk.author, "KH")
    rule = prepayment_rule(life)
    if rule is None or (life.fate not in _PREPAID and life.draw(0, 2, "prepaid") == 0):
        receive_funds(life, before=workdays_later(life.day, 10))
        return
    receive_funds(life)
    life.wait(70, 90) if rule.progress else life.wait(2, 8)
    life.prepaid = prepayment(rule, life)
    life.step(
        Action.PREPAY,
        life.desk.finance,
        "UNC",
        sheets=tuple(Sheet(kind) for kind in (Paper.PREPAYMENT_REQUEST, *rule.papers)),
        amounts={life.fund: life.prepaid},
        progress=rule.progress + life.draw(3, 15, "progress") if rule.progress else None,
    )


def _complete(life: Life) -> None:
    since = life.day
    _work(life)
    reported_on, life.day = life.day, since
    receive_funds(life, before=reported_on)
    life.day = reported_on
    life.step(Action.REPORT_COMPLETION, life.desk.author, "BC", sheets=(Sheet(Paper.VOUCHERS),))
    if life.fate is Fate.FAILED_ACCEPTANCE:
        life.wait(3, 6)
        note = "Máy chạy thử chưa đạt công suất ghi trong hợp đồng"
        life.step(Action.FAIL_ACCEPTANCE, life.desk.coordinator, "BB", note=note)
        life.wait(8, 14)
        life.step(Action.RETRY_ACCEPTANCE, life.desk.author, "BC")


def _work(life: Life) -> None:
    """Let the days pass until the work is done."""
    year = life.work_year
    if life.fate in AT_YEAR_END:
        life.not_before(date(year, 12, 15))
        life.wait(0, 3)
    elif life.fate is Fate.CARRIED_OVER_READY:
        life.wait(1, 1)
    else:
        # National money comes early in the year, so its works may take longer.
        life.wait(25, 150 if life.is_national else 75, by=date(year, 12, 5))
