"""From the accepted work to the settled money: payment, refund, dossier, liquidation."""

from datetime import date, timedelta

from flows.jobs.demonstration_days import workdays_later
from flows.jobs.demonstration_endings import instalments
from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_lives import Life, supplements
from flows.jobs.demonstration_works import receive_funds
from states.actions import Action


def settle(life: Life) -> None:
    """Bring the cash to what was accepted, hand in the dossier and settle."""
    accepted_on = life.day
    receive_funds(life)
    _pay(life)
    _delay(life, accepted_on)
    _submit(life)
    _liquidate(life)


def _pay(life: Life) -> None:
    due = life.accepted - life.prepaid
    if life.fate is Fate.DOSSIER_OVERDUE:
        # Nothing has come from the unit yet: it is still to ask for the money, and to hand in the dossier.
        life.not_before(date(life.work_year + 1, 1, 22))
    if due:
        life.wait(2, 5, by=date(life.work_year + 1, 1, 9))
    if due > 0:
        life.step(Action.PAY, life.desk.finance, "UNC", amounts={life.fund: due})
    elif due < 0:
        _refund(life, -due)


def _refund(life: Life, owed: int) -> None:
    """Demand back what was prepaid above the accepted support, and receive it in two instalments."""
    schedule = instalments(life, owed, days=(14, 28))
    note = "Tạm ứng cao hơn giá trị nghiệm thu; đề nghị hoàn trả theo hai kỳ"
    life.step(Action.DEMAND_REFUND, life.desk.finance, "CV", note=note, instalments=schedule)
    for instalment in schedule:
        life.not_before(instalment.due_on - timedelta(days=6))
        life.wait(1, 2)
        life.step(Action.RECEIVE_RECOVERY, life.desk.finance, "GNT", amounts={life.fund: instalment.amount})


def _delay(life: Life, accepted_on: date) -> None:
    """Some dossiers come later than the fifteen days of TT 36/2013/TT-BCT Điều 18."""
    if life.fate is Fate.LATE:
        life.not_before(accepted_on + timedelta(days=15))
    elif life.fate is Fate.STRAIGHT and life.draw(1, 12, "slow dossier") == 1:
        life.wait(11, 16, by=date(life.work_year + 1, 1, 9))
    elif life.fate is Fate.DOSSIER_OVERDUE:
        life.not_before(date(life.work_year + 1, 1, 26))


def _submit(life: Life) -> None:
    """Hand in the dossier, once every project of the contract is accepted or no longer holds it up."""
    life.wait(1, 5, by=date(life.work_year + 1, 1, 13))
    if life.partners:
        last = max(partner.done_on for partner in life.partners)
        life.not_before(workdays_later(last, 1))
    life.step(Action.SUBMIT_SETTLEMENT, life.desk.author, "ĐNTT")
    if life.fate is Fate.SETTLEMENT_RETURNED:
        life.wait(3, 6)
        note = "Bảng kê chứng từ lệch với giá trị nghiệm thu"
        missing = ("Bảng kê chứng từ đã đối chiếu", "Hóa đơn còn thiếu của đơn vị cung cấp")
        life.step(Action.RETURN_SETTLEMENT, life.desk.coordinator, "CV", note=note, missing=missing)
        life.wait(3, 8)
        life.step(Action.SUBMIT_SETTLEMENT, life.desk.author, "ĐNTT", sheets=supplements(missing))


def _liquidate(life: Life) -> None:
    january = date(life.work_year + 1, 1, 1)
    # Provincial money is settled by the year: what comes in from the autumn on waits until January.
    # Basis: TT 28/2018/TT-BTC (settlement with the department) and the closing of the budget on 31/01.
    if life.day >= (date(life.work_year, 11, 10) if life.is_national else date(life.work_year, 10, 5)):
        life.not_before(january + timedelta(days=3))
    life.wait(4, 12, by=january + timedelta(days=18))
    if life.fate is Fate.STILL_SETTLING:
        life.not_before(january + timedelta(days=20))
    life.step(Action.SETTLE, life.desk.finance, "BBTL")
