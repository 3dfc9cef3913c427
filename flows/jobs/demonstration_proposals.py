"""From the first draft to the plan: how the projects of the demonstration are proposed, appraised and approved."""

from datetime import date

from flows.jobs.demonstration_days import workday_from
from flows.jobs.demonstration_fates import FILED, SUPPORTED_BEFORE, Fate
from flows.jobs.demonstration_lives import Amending, Life, Opening, Sheet, supplements
from flows.jobs.demonstration_plans import OPENED_ON, REGISTRATIONS, next_decision
from states.actions import Action
from states.vocabulary import Paper, Route, Source
from states.words import format_dong

#: Smaller requests are not worth a cut.
_WORTH_TRIMMING = 100_000_000
_MISSING = (
    ("Báo giá thiết bị của ba nhà cung cấp", "Văn bản cam kết vốn đối ứng"),
    ("Bản sao giấy chứng nhận đăng ký hoạt động",),
    ("Thuyết minh tính mới của thiết bị so với dây chuyền đang dùng", "Bảng dự toán chi tiết"),
    ("Giấy xác nhận địa điểm thực hiện của địa phương",),
)


def propose(life: Life) -> bool:
    """Take a project from its draft into a plan; False when it ends, or waits, on the way."""
    return _submit(life) and _supplement(life) and _appraise(life) and _review(life) and _find_money(life)


def _submit(life: Life) -> bool:
    proposal, author = life.proposal, life.desk.author
    life.day = _first_day(life)
    # The classic slip of Telex: one d too few, and the đ is a d.
    name = proposal.name.replace("tự động", "tự dộng") if life.fate is Fate.CORRECTED else proposal.name
    life.happens(author, Opening(proposal, life.route, name))
    if life.is_national:
        _register(life)
    life.wait(3, 14)
    dossier = Sheet(Paper.DOSSIER, text=_dossier(life) if life.key in FILED else "")
    life.step(Action.SUBMIT, author, "ĐN", sheets=(dossier, Sheet(Paper.SUPPORT_REQUEST)))
    if life.fate is Fate.CORRECTED:
        life.wait(2, 6)
        life.happens(life.desk.coordinator, Amending({"name": proposal.name}, "Sửa lỗi gõ trong tên đề án"))
    if life.fate is Fate.WITHDRAWN_EARLY:
        life.wait(4, 9)
        life.step(Action.WITHDRAW, author, "CV", note="Cơ sở đã tự trang trải, không còn nhu cầu hỗ trợ")
        return False
    return True


def _first_day(life: Life) -> date:
    year = life.proposal.year
    opens, days = date(year - 1, 10, 4), 95
    if life.is_national:
        opens, days = date(year - 1, 2, 15), 90
    elif life.fate is Fate.WAITLISTED_THEN_FUNDED:
        opens, days = date(year - 1, 7, 3), 10
    elif life.fate is Fate.STRAIGHT and life.draw(1, 5, "second round") == 1:
        # A second round in spring; UBND decides on it in August, in a supplementary plan.
        opens, days = date(year, 3, 18), 35
    if opens <= OPENED_ON:
        # What was in hand when the register was opened is entered in its first weeks.
        opens, days = OPENED_ON, 10 if life.is_national else 50
    return workday_from(date.fromordinal(opens.toordinal() + 1 + life.draw(0, days, "first day")))


def _register(life: Life) -> None:
    letter = REGISTRATIONS[life.proposal.year]
    life.wait(1, 1)
    life.not_before(letter.issued_on)
    life.step(Action.REGISTER, life.desk.coordinator, number=letter.number, decided_on=letter.issued_on)
    # Dossiers follow in July, once the department knows which registered projects fit the budget.
    life.not_before(date(letter.issued_on.year, 7, 1))


def _supplement(life: Life) -> bool:
    """Return the dossier as often as its fate wants, each time with another list of what is missing."""
    times = {
        Fate.RETURNED: 1,
        Fate.RETURNED_TWICE: 2,
        Fate.RETURNED_AT_BOTH_LEVELS: 1,
        Fate.LAPSED: 1,
        Fate.STILL_APPRAISING: 1,
        Fate.STILL_APPRAISED: 1,
    }.get(life.fate, 0)
    for time in range(times):
        if time == 1:
            _start_appraisal(life)
        life.wait(2, 6)
        missing = _MISSING[life.draw(0, len(_MISSING) - 1, f"missing {time}")]
        note = "Hồ sơ chưa đủ thành phần để thẩm định" if time == 0 else "Hội đồng thẩm định yêu cầu làm rõ"
        life.step(Action.RETURN, life.desk.coordinator, "PYC", note=note, missing=missing)
        if life.fate is Fate.LAPSED:
            life.wait(35, 45)
            life.step(Action.LAPSE, life.desk.coordinator, note="Đã nhắc hai lần, đơn vị không gửi bổ sung")
            return False
        if life.fate in (Fate.STILL_APPRAISING, Fate.STILL_APPRAISED):
            # The reorganisation of 2025 kept many dossiers waiting.
            life.not_before(date(life.proposal.year, 12, 8))
        life.wait(4, 11)
        life.step(Action.RESUBMIT, life.desk.author, sheets=supplements(missing))
    return True


def _start_appraisal(life: Life) -> None:
    life.wait(2, 6)
    life.step(Action.START_APPRAISAL, life.desk.coordinator, "PKT")


def _appraise(life: Life) -> bool:
    _start_appraisal(life)
    if life.fate is Fate.STILL_APPRAISING:
        return False
    life.wait(5, 12)
    recorder = life.desk.leader if life.draw(0, 2, "who records the minutes") == 0 else life.desk.coordinator
    if life.fate is Fate.REJECTED:
        note = "Thiết bị đề nghị hỗ trợ đã qua sử dụng, không thuộc đối tượng"
        life.step(Action.FAIL_APPRAISAL, recorder, "BBTĐ", note=note)
        return False
    life.step(Action.PASS_APPRAISAL, recorder, "BBTĐ", **_found(life))
    return life.fate is not Fate.STILL_APPRAISED


def _found(life: Life) -> dict[str, object]:
    """What the council writes: a support given before, or what it cuts off a request (the firm makes up for it)."""
    if life.key in SUPPORTED_BEFORE:
        return {"note": SUPPORTED_BEFORE[life.key]}
    is_trimmed = life.fate is Fate.STRAIGHT and life.counterpart > 0 and life.draw(1, 8, "trimmed") == 1
    if life.granted < _WORTH_TRIMMING or not is_trimmed:
        return {}
    asked = life.granted
    life.granted = asked * (100 - life.draw(2, 7, "trimmed by")) // 100_000 * 1000
    life.counterpart += asked - life.granted
    return {
        "amounts": {life.fund: life.granted, Source.COUNTERPART: life.counterpart},
        "note": f"Giảm {format_dong(asked - life.granted)} so với đề nghị, theo giá thẩm định",
    }


def _review(life: Life) -> bool:
    _send_on(life)
    if life.fate in (Fate.RETURNED_BY_REVIEW, Fate.RETURNED_AT_BOTH_LEVELS):
        missing = _MISSING[life.draw(0, len(_MISSING) - 1, "missing in review")]
        life.wait(6, 12)
        life.step(Action.RETURN_REVIEW, life.desk.coordinator, "CV", note="Cần làm rõ dự toán", missing=missing)
        life.wait(5, 10)
        life.step(Action.RESUBMIT_REVIEW, life.desk.coordinator, sheets=supplements(missing))
    life.wait(14, 26) if life.is_national else life.wait(6, 14)
    if life.fate is Fate.REJECTED_BY_REVIEW:
        note = "Sản phẩm đã được hỗ trợ cùng nội dung trong giai đoạn này"
        life.step(Action.FAIL_REVIEW, life.desk.coordinator, "KQTĐ", note=note)
        return False
    life.step(Action.PASS_REVIEW, life.desk.coordinator, "KQTĐ")
    return True


def _send_on(life: Life) -> None:
    life.wait(2, 5)
    if life.is_national:
        life.step(Action.SEND_TO_AGENCY, life.desk.leader, "BC", sheets=(Sheet(Paper.FORM_2),))
    else:
        life.step(Action.SEND_TO_FINANCE, life.desk.leader, "TTr", sheets=(Sheet(Paper.ESTIMATE),))


def _find_money(life: Life) -> bool:
    """Enter the next plan, at once or after waiting for money."""
    waits = (Fate.REROUTED, Fate.WAITLISTED_THEN_FUNDED, Fate.STILL_WAITLISTED)
    if life.fate in waits:
        missed = next_decision(life.route, life.proposal.year, life.day)
        if life.fate is not Fate.WAITLISTED_THEN_FUNDED:
            life.not_before(missed.decided_on)
        life.wait(2, 5)
        note = f"Đạt thẩm định nhưng chưa cân đối được vốn năm {life.proposal.year}"
        life.step(Action.WAITLIST, life.desk.coordinator, note=note)
    if life.fate is Fate.STILL_WAITLISTED:
        return False
    if life.fate is Fate.WAITLISTED_THEN_FUNDED:
        life.not_before(date(life.proposal.year, 3, 4))
        life.step(Action.FUND, life.desk.coordinator, note="Dự toán tỉnh giao đầu năm đã bố trí cho đề án")
    if life.fate is Fate.REROUTED:
        _reroute(life)
    life.decision = next_decision(life.route, life.proposal.year, life.day)
    life.paper_on = life.decision.decided_on
    life.not_before(life.decision.entered_on)
    return True


def _reroute(life: Life) -> None:
    life.wait(4, 8)
    note = "Cục chưa bố trí được vốn, chuyển sang nguồn khuyến công địa phương"
    life.step(Action.REROUTE, life.desk.leader, "CV", note=note)
    life.route = Route.LOCAL
    _send_on(life)
    life.wait(6, 14)
    life.step(Action.PASS_REVIEW, life.desk.coordinator, "KQTĐ")


def _dossier(life: Life) -> str:
    proposal = life.proposal
    return (
        "TÀI LIỆU MINH HỌA, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ\n\n"
        f"Đề án: {proposal.name}\n"
        f"Năm kế hoạch: {proposal.year}\n"
        f"Tổng kinh phí: {format_dong(proposal.cost)}\n"
        f"Đề nghị hỗ trợ: {format_dong(proposal.support)}\n"
        "Người, cơ sở và số tiền trong tài liệu này đều không có thật.\n"
    )
