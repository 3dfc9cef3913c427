"""What changes while a project of the demonstration is carried out: adjustments, a suspension, another year."""

from collections.abc import Callable, Mapping
from datetime import date

from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_lives import Life, Wish
from states.actions import Action
from states.adjustments import adjustment_authority
from states.vocabulary import Authority, Change, Source

#: What becomes of support, cost and the firm's part, in percent of what stood.
_AMENDED, _LOWER, _LOWER_AGAIN, _HIGHER = 97, 91, 94, 120


def amend_approval(life: Life) -> None:
    """Correct the support that the annex of the decision printed wrongly."""
    life.granted = _percent(life.granted, _AMENDED)
    note = "Phụ lục in nhầm mức hỗ trợ, nay đính chính"
    life.step(
        Action.AMEND_APPROVAL,
        life.desk.coordinator,
        "QĐ",
        amounts={life.fund: life.granted},
        note=note,
    )


def meet_troubles(life: Life) -> None:
    """Let happen to the project what its fate wants before the work is completed; nothing to most of them."""
    if life.fate in _TROUBLES:
        _TROUBLES[life.fate](life)


# --- requests -----------------------------------------------------------------------------------------


def ask(life: Life, note: str, wish: Wish) -> None:
    """Let the unit ask for a change in writing."""
    life.step(Action.REQUEST_ADJUSTMENT, life.desk.author, "TTr", note=note, wish=wish)


def confirm(life: Life) -> None:
    """Let the leader sign that the department agrees with the request and sends it on."""
    life.wait(2, 5)
    life.step(Action.CONFIRM_ADJUSTMENT, life.desk.coordinator, "CV")


def _asked_and_confirmed(life: Life, note: str, wish: Wish) -> None:
    life.wait(6, 14)
    ask(life, note, wish)
    confirm(life)
    life.wait(4, 8)


def _approve(life: Life, note: str, *kinds: Change) -> None:
    """Enter the decision that grants what was asked; the amounts stand in the request."""
    authority = adjustment_authority(life.route, kinds).authority
    life.step(Action.APPROVE_ADJUSTMENT, life.desk.coordinator, "QĐ", authority=authority, note=note)


def _new_sums(life: Life, percent: int) -> Wish:
    """Ask that support, cost and the firm's part become this share of what stood, and reckon with it from now on."""
    life.granted, life.cost = _percent(life.granted, percent), _percent(life.cost, percent)
    life.counterpart = life.cost - life.granted
    amounts = {life.fund: life.granted, Source.COUNTERPART: life.counterpart}
    return Wish(amounts=amounts, columns={"total_cost": life.cost})


def _sign_annex(life: Life) -> None:
    life.wait(2, 5)
    amounts = {life.fund: life.granted, Source.COUNTERPART: life.counterpart}
    note = "Giá trị hợp đồng theo quyết định điều chỉnh"
    life.step(Action.AMEND_CONTRACT, life.desk.coordinator, "PLHĐ", amounts=amounts, note=note)


def _percent(amount: int, percent: int) -> int:
    """A share of an amount, in whole thousands of đồng."""
    return amount * percent // 100_000 * 1000


# --- troubles -----------------------------------------------------------------------------------------


def _decrease(life: Life) -> None:
    wish = _new_sums(life, _LOWER)
    _asked_and_confirmed(life, "Giá thiết bị trúng chào hàng thấp hơn dự toán, đề nghị giảm mức hỗ trợ", wish)
    _approve(life, "Giảm mức hỗ trợ theo giá mua thực tế", Change.OTHER_NOT_INCREASING)
    _sign_annex(life)


def _increase(life: Life) -> None:
    wish = _new_sums(life, _HIGHER)
    _asked_and_confirmed(life, "Cơ sở mua thêm một máy cùng loại, đề nghị tăng mức hỗ trợ trong mức trần", wish)
    _approve(life, "Tăng mức hỗ trợ theo tổng vốn đầu tư mới", Change.INCREASE_SUPPORT)
    _sign_annex(life)


def _move(life: Life) -> None:
    """Another place, and a later start within the year."""
    wish = Wish(
        kinds=frozenset({Change.CHANGE_PLACE, Change.CHANGE_TIME_WITHIN_YEAR}),
        columns={"starts_on": date(life.work_year, 9, 1)},
        place="vl-x-dong-binh",
    )
    note = "Bờ sông cạnh xưởng cũ sạt lở, cơ sở dời dây chuyền sang xưởng mới ở xã Đông Bình"
    _asked_and_confirmed(life, note, wish)
    _approve(life, "Thay đổi địa điểm và thời gian thực hiện trong năm", *wish.kinds)


def _replace_beneficiary(life: Life) -> None:
    """One firm of a group gives up, another one takes its booth."""
    life.beneficiaries = tuple("b41" if code == "b20" else code for code in life.beneficiaries)
    wish = Wish(kinds=frozenset({Change.CHANGE_BENEFICIARY}), beneficiaries=life.beneficiaries)
    note = "Một cơ sở không còn đủ hàng để trưng bày, đề nghị thay bằng cơ sở khác cùng ngành"
    _asked_and_confirmed(life, note, wish)
    _approve(life, "Thay đơn vị thụ hưởng, không đổi mức hỗ trợ", *wish.kinds)


def _refused_by_department(life: Life) -> None:
    life.wait(6, 14)
    wish = Wish(amounts={life.fund: _percent(life.granted, 104)})
    ask(life, "Tỷ giá tăng, đề nghị tăng mức hỗ trợ", wish)
    life.wait(3, 7)
    note = "Hợp đồng mua máy ký theo giá cố định; đề nghị không có căn cứ nên Sở không xác nhận"
    life.step(Action.REFUSE_ADJUSTMENT, life.desk.coordinator, "CV", authority=Authority.DEPARTMENT, note=note)


def _refused_by_approver(life: Life) -> None:
    wish = Wish(amounts={life.fund: _percent(life.granted, 105)})
    _asked_and_confirmed(life, "Giá thiết bị tăng, đề nghị tăng mức hỗ trợ", wish)
    note = "Ngân sách không bố trí thêm; cơ sở tự bảo đảm phần tăng"
    life.step(Action.REFUSE_ADJUSTMENT, life.desk.coordinator, "CV", authority=Authority.PROVINCE, note=note)


def _suspend(life: Life) -> None:
    life.wait(6, 12)
    note = "Nhà xưởng ngập do triều cường, tạm dừng lắp đặt"
    life.step(Action.SUSPEND, life.desk.leader, "QĐ", note=note)
    life.wait(20, 30)
    life.step(Action.RESUME, life.desk.leader, "QĐ", note="Nhà xưởng đã khắc phục xong, tiếp tục lắp đặt")


def _carry_at_request(life: Life) -> None:
    """The unit asks early enough for the decision to be there before the year ends."""
    year = life.work_year
    life.not_before(date(year, 11, 8))
    life.wait(0, 5)
    late = "Thiết bị về chậm do dịch bệnh" if year == 2021 else "Khối lượng không kịp hoàn thành trong năm"
    wish = Wish(columns={"ends_on": date(year + 1, 6, 30)}, next_year=True)
    ask(life, f"{late}, đề nghị chuyển sang năm {year + 1}", wish)
    confirm(life)
    life.wait(8, 14)
    _approve(life, f"Cho phép thực hiện và giải ngân đến 30/06/{year + 1}", Change.CARRY_TO_NEXT_YEAR)
    life.work_year += 1
    life.not_before(date(life.work_year, 3, 1))


def _carry_over(life: Life) -> None:
    """The province decides on a list of its own, without requests."""
    life.not_before(date(life.work_year, 12, 8))
    life.wait(1, 8)
    note = f"Khối lượng không kịp hoàn thành trong năm, chuyển sang năm {life.work_year + 1}"
    life.step(Action.CARRY_OVER, life.desk.coordinator, "QĐ", note=note)
    life.work_year += 1


def _carry_over_asking(life: Life) -> None:
    _carry_over(life)
    life.not_before(date(life.work_year, 1, 12))
    ask(life, "Đề nghị giảm mức hỗ trợ theo giá mua", _new_sums(life, _LOWER_AGAIN))
    confirm(life)
    life.not_before(date(life.work_year, 2, 9))
    _approve(life, "Giảm mức hỗ trợ theo giá mua thực tế", Change.OTHER_NOT_INCREASING)
    _sign_annex(life)


def _carry_over_ready(life: Life) -> None:
    _carry_over(life)
    life.not_before(date(life.work_year, 1, 14))


_TROUBLES: Mapping[Fate, Callable[[Life], None]] = {
    Fate.DECREASED: _decrease,
    Fate.INCREASED: _increase,
    Fate.PLACE_CHANGED: _move,
    Fate.BENEFICIARY_CHANGED: _replace_beneficiary,
    Fate.REFUSED_BY_DEPARTMENT: _refused_by_department,
    Fate.ADJUSTMENT_REFUSED: _refused_by_approver,
    Fate.SUSPENDED: _suspend,
    Fate.CARRIED_AT_REQUEST: _carry_at_request,
    Fate.CARRIED_OVER_ASKING: _carry_over_asking,
    Fate.CARRIED_OVER_READY: _carry_over_ready,
}
