"""From the plan to the settled or recovered money: how the projects of the demonstration are carried out."""

from datetime import date, timedelta

from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_lives import Amending, Life, Sheet
from states.actions import Action
from states.vocabulary import Authority, Kind, Paper, Source
from states.words import format_dong

#: Prepayments are whole hundred thousands of đồng.
_PREPAYMENT_UNIT = 100_000
#: Works and machines get the lower share. Basis for the works: TT 36/2013/TT-BCT Điều 15.
_INVESTMENTS = frozenset(
    {
        "cluster_infrastructure",
        "machinery",
        "production_line",
        "demonstration_model",
        "cleaner_production_model",
        "pollution_treatment",
    }
)
_SHARES = {True: 30, False: 50}
#: A firm that buys another machine spends a fifth more, in percent of what was approved.
_INCREASE = 120
_CARRIED = (Fate.CARRIED_OVER, Fate.CARRIED_OVER_ASKING, Fate.CARRIED_OVER_READY)
_AT_YEAR_END = (Fate.LATE, Fate.DOSSIER_OVERDUE, Fate.STILL_SETTLING)
_RECOVERED = (Fate.STOPPED_RECOVERED, Fate.STOPPED_RECOVERING)
#: Who gets prepaid whatever the draw says, because the fate is about that money.
_PREPAID = (*_RECOVERED, Fate.OVERPAID)


def carry_out(life: Life) -> None:
    """Take an approved project through contract, work and acceptance to the end that its fate has for it."""
    _prepare(life)
    if life.fate is Fate.STOPPED_UNPAID:
        life.wait(20, 30)
        _stop(life, "Cơ sở ngừng sản xuất, không còn khả năng thực hiện", kept=0)
        return
    _start(life)
    if life.fate in _RECOVERED:
        _stop_and_recover(life)
        return
    _meet_troubles(life)
    _complete(life)
    _accept(life)
    _pay(life)
    _settle(life)


def _prepare(life: Life) -> None:
    """Name the beneficiaries of a group, sign the contract, receive the money."""
    if life.fate is Fate.APPROVAL_AMENDED:
        life.wait(2, 5)
        _change_support(life, Action.AMEND_APPROVAL, 97, "Phụ lục in nhầm mức hỗ trợ, nay đính chính")
    is_group = life.proposal.kind is Kind.GROUP
    if is_group:
        life.wait(2, 5)
        note = "Chọn được cơ sở tham gia sau khi kế hoạch được duyệt"
        life.happens(life.desk.author, Amending({}, note, beneficiaries=life.proposal.beneficiaries))
    # Most sign as soon as they are in the plan; some wait until the money is there, and are late.
    if life.fate is Fate.STRAIGHT and life.draw(1, 9, "slow contract") == 1:
        _allot(life)
        life.wait(1, 8)
        life.step(Action.SIGN_CONTRACT, life.desk.coordinator, "HĐ")
    else:
        life.wait(2, 4) if is_group else life.wait(3, 9)
        life.step(Action.SIGN_CONTRACT, life.desk.coordinator, "HĐ")
        _allot(life)


def _allot(life: Life) -> None:
    assert life.decision is not None
    allotment = life.decision.allotment
    life.not_before(allotment.issued_on)
    life.wait(1, 4)
    life.step(
        Action.ALLOT,
        life.desk.finance,
        number=allotment.number,
        decided_on=allotment.issued_on,
        amounts={life.fund: life.granted},
    )


def _start(life: Life) -> None:
    life.wait(1, 6)
    life.step(Action.START, life.desk.author, "KH")
    if life.fate not in _PREPAID and life.draw(0, 2, "prepaid") == 0:
        return
    share = _SHARES[life.proposal.activity in _INVESTMENTS]
    life.prepaid = life.granted * share // 100 // _PREPAYMENT_UNIT * _PREPAYMENT_UNIT
    life.wait(4, 12)
    request = (Sheet(Paper.PREPAYMENT_REQUEST),)
    life.step(Action.PREPAY, life.desk.finance, "UNC", sheets=request, amounts={life.fund: life.prepaid})


def _change_support(life: Life, action: Action, percent: int, note: str) -> None:
    """Bring the support to a share of what stood, in whole thousands; the firm's part follows it upwards only."""
    new = life.granted * percent // 100_000 * 1000
    amounts = {life.fund: new}
    authority = Authority.AGENCY if life.is_national else Authority.PROVINCE
    if new > life.granted:
        life.counterpart = life.counterpart * percent // 100
        amounts[Source.COUNTERPART] = life.counterpart
    life.granted = new
    life.step(action, life.desk.coordinator, "QĐ", authority=authority, amounts=amounts, note=note)


def _meet_troubles(life: Life) -> None:
    match life.fate:
        case Fate.DECREASED:
            _ask(life, "Giá thiết bị trúng chào hàng thấp hơn dự toán, đề nghị giảm mức hỗ trợ")
            _change_support(life, Action.APPROVE_ADJUSTMENT, 91, "Giảm mức hỗ trợ theo giá mua thực tế")
        case Fate.INCREASED:
            _ask(life, "Cơ sở mua thêm một máy cùng loại, đề nghị tăng mức hỗ trợ trong mức trần")
            # The ceiling is measured on the whole cost, so the new one is recorded before the decision.
            cost = {"total_cost": (life.granted + life.counterpart) * _INCREASE // 100}
            life.happens(life.desk.coordinator, Amending(cost, "Ghi tổng kinh phí theo hồ sơ đề nghị điều chỉnh"))
            life.wait(3, 6)
            _change_support(life, Action.APPROVE_ADJUSTMENT, _INCREASE, "Tăng mức hỗ trợ theo tổng vốn đầu tư mới")
        case Fate.ADJUSTMENT_REFUSED:
            _ask(life, "Giá thiết bị tăng, đề nghị tăng mức hỗ trợ")
            note = "Ngân sách không bố trí thêm; cơ sở tự bảo đảm phần tăng"
            life.step(Action.REFUSE_ADJUSTMENT, life.desk.coordinator, "CV", note=note)
        case Fate.SUSPENDED:
            life.wait(6, 12)
            note = "Nhà xưởng ngập do triều cường, tạm dừng lắp đặt"
            life.step(Action.SUSPEND, life.desk.leader, "QĐ", note=note)
            life.wait(20, 30)
            life.step(Action.RESUME, life.desk.leader, note="Nhà xưởng đã khắc phục xong, tiếp tục lắp đặt")
        case fate if fate in _CARRIED:
            _carry_over(life)


def _ask(life: Life, note: str) -> None:
    life.wait(6, 14)
    life.step(Action.REQUEST_ADJUSTMENT, life.desk.author, "TTr", note=note)
    life.wait(6, 11)


def _carry_over(life: Life) -> None:
    life.not_before(date(life.work_year, 12, 8))
    life.wait(1, 8)
    note = "Thiết bị về chậm do dịch bệnh" if life.work_year == 2021 else "Khối lượng không kịp hoàn thành trong năm"
    life.step(Action.CARRY_OVER, life.desk.coordinator, "QĐ", note=f"{note}, chuyển sang năm {life.work_year + 1}")
    life.work_year += 1
    if life.fate is Fate.CARRIED_OVER_ASKING:
        life.not_before(date(life.work_year, 1, 12))
        life.step(Action.REQUEST_ADJUSTMENT, life.desk.author, "TTr", note="Đề nghị giảm mức hỗ trợ theo giá mua")
        life.not_before(date(life.work_year, 2, 9))
        _change_support(life, Action.APPROVE_ADJUSTMENT, 94, "Giảm mức hỗ trợ theo giá mua thực tế")
    elif life.fate is Fate.CARRIED_OVER_READY:
        life.not_before(date(life.work_year, 1, 14))
    else:
        life.not_before(date(life.work_year, 3, 1))


def _complete(life: Life) -> None:
    year = life.work_year
    if life.fate in _AT_YEAR_END:
        life.not_before(date(year, 12, 15))
        life.wait(0, 3)
    elif life.fate is Fate.CARRIED_OVER_READY:
        life.wait(1, 1)
    else:
        # National money comes early in the year, so its works may take longer.
        life.wait(25, 150 if life.is_national else 75, by=date(year, 12, 5))
    life.step(Action.REPORT_COMPLETION, life.desk.author, "BC")
    if life.fate is Fate.FAILED_ACCEPTANCE:
        life.wait(3, 6)
        note = "Máy chạy thử chưa đạt công suất ghi trong hợp đồng"
        life.step(Action.FAIL_ACCEPTANCE, life.desk.coordinator, "BB", note=note)
        life.wait(8, 14)
        life.step(Action.RETRY_ACCEPTANCE, life.desk.author, "BC")


def _accept(life: Life) -> None:
    year = life.work_year
    if life.fate in _AT_YEAR_END:
        life.not_before(date(year, 12, 27))
        life.wait(0, 2, by=date(year, 12, 31))
    else:
        life.wait(3, 9, by=date(year, 12, 24))
    life.accepted, quantity = _measured(life)
    if life.fate is Fate.MISTYPED_ACCEPTANCE:
        # One digit was mistyped; a colleague saw it soon after.
        _record_acceptance(life, life.accepted - 10_000_000, quantity)
        life.wait(1, 2)
        note = "Ghi nhầm số tiền nghiệm thu so với biên bản; hủy để ghi lại"
        life.step(Action.REVERT, life.desk.colleague, "PSS", note=note)
        life.wait(1, 1)
    _record_acceptance(life, life.accepted, quantity)


def _measured(life: Life) -> tuple[int, int]:
    """The support that the accepted work deserves, and its quantity: now and then less than was granted."""
    quantity = life.proposal.quantity
    if life.fate is Fate.OVERPAID:
        return life.granted * 40 // 100_000 * 1000, quantity
    if life.fate is not Fate.STRAIGHT or life.draw(1, 7, "measured") > 1:
        return life.granted, quantity
    return life.granted * (100 - life.draw(2, 10, "short by")) // 100_000 * 1000, max(quantity - 1, 1)


def _record_acceptance(life: Life, support: int, quantity: int) -> None:
    amounts = {life.fund: support}
    if life.counterpart:
        amounts[Source.COUNTERPART] = life.counterpart * support // life.granted
    life.step(
        Action.ACCEPT,
        life.desk.coordinator,
        "BBNT",
        amounts=amounts,
        quantities={life.proposal.target: quantity},
        sheets=(Sheet(Paper.FORM_5A),),
    )


def _pay(life: Life) -> None:
    """Bring the cash to what was accepted, one way or the other."""
    accepted_on, due = life.day, life.accepted - life.prepaid
    if due:
        life.wait(2, 5, by=date(life.work_year + 1, 1, 9))
    if due > 0:
        life.step(Action.PAY, life.desk.finance, "UNC", amounts={life.fund: due})
    elif due < 0:
        life.step(Action.RECEIVE_RECOVERY, life.desk.finance, "GNT", amounts={life.fund: -due})
    # Some dossiers come later than the fifteen days of TT 36/2013/TT-BCT Điều 18.
    if life.fate is Fate.LATE:
        life.not_before(accepted_on + timedelta(days=15))
    elif life.fate is Fate.STRAIGHT and life.draw(1, 12, "slow dossier") == 1:
        life.wait(11, 16, by=date(life.work_year + 1, 1, 9))
    if life.fate is Fate.DOSSIER_OVERDUE:
        life.not_before(date(life.work_year + 1, 1, 26))


def _settle(life: Life) -> None:
    january = date(life.work_year + 1, 1, 1)
    life.wait(1, 5, by=january + timedelta(days=12))
    life.step(Action.SUBMIT_SETTLEMENT, life.desk.author, "ĐNTT", sheets=(Sheet(Paper.VOUCHERS),))
    if life.fate is Fate.SETTLEMENT_RETURNED:
        life.wait(3, 6)
        note = "Bảng kê chứng từ lệch với giá trị nghiệm thu"
        missing = ("Bảng kê chứng từ đã đối chiếu",)
        life.step(Action.RETURN_SETTLEMENT, life.desk.coordinator, "CV", note=note, missing=missing)
        life.wait(3, 8)
        life.step(Action.SUBMIT_SETTLEMENT, life.desk.author, "ĐNTT", sheets=(Sheet(Paper.VOUCHERS),))
    # Provincial money is settled by the year: what comes in from the autumn on waits until January.
    # Basis: TT 28/2018/TT-BTC (settlement with the department) and the closing of the budget on 31/01.
    if life.day >= (date(life.work_year, 11, 10) if life.is_national else date(life.work_year, 10, 5)):
        life.not_before(january + timedelta(days=3))
    life.wait(4, 12, by=january + timedelta(days=18))
    if life.fate is Fate.STILL_SETTLING:
        life.not_before(january + timedelta(days=20))
    life.step(Action.SETTLE, life.desk.finance, "BBTL")


def _stop(life: Life, note: str, *, kept: int) -> None:
    life.step(Action.STOP, life.desk.coordinator, "QĐ", note=note, amounts={life.fund: kept})


def _stop_and_recover(life: Life) -> None:
    still_open = life.fate is Fate.STOPPED_RECOVERING
    if still_open:
        life.not_before(date(life.work_year, 11, 17))
    life.wait(12, 20)
    # Where part of the work was done, that part of the support stays with the firm.
    kept = life.prepaid // 4 // _PREPAYMENT_UNIT * _PREPAYMENT_UNIT if still_open else 0
    _stop(life, "Cơ sở chuyển nhượng nhà xưởng, không tiếp tục thực hiện", kept=kept)
    life.wait(8, 14)
    owed = life.prepaid - kept
    life.step(
        Action.START_RECOVERY, life.desk.coordinator, "QĐ", note=f"Thu hồi {format_dong(owed)} kinh phí đã tạm ứng"
    )
    first = owed * 2 // 5 // _PREPAYMENT_UNIT * _PREPAYMENT_UNIT
    for amount in (first, owed - first):
        life.wait(7, 12)
        life.step(Action.RECEIVE_RECOVERY, life.desk.finance, "GNT", amounts={life.fund: amount})
        if still_open:
            life.not_before(date(life.work_year + 1, 2, 25))
    life.wait(1, 3)
    life.step(Action.CLOSE_RECOVERY, life.desk.finance)
