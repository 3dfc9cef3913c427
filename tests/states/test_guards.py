"""Every guard with an example that passes and one that does not, and the sentence in which it says so."""

import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import pytest

from states import guards
from states.actions import Action
from states.facts import Asked, Enclosure, Facts, Instalment, LastStep, Order, Person, Request
from states.lifecycle import Guard
from states.steps import STEPS
from states.vocabulary import Authority, Change, Kind, MoneyKind, Paper, Role, Route, Source, Stage, State

TRIEU = 1_000_000
FACTS = Facts(
    code="KC-VL-2024-001",
    route=Route.LOCAL,
    kind=Kind.ORDINARY,
    state=State.APPROVED,
    stage=Stage.UNDERWAY,
    plan_year=2024,
    work_year=2024,
    unit_id=7,
    author_id=1,
    author_name="Nguyễn Văn An",
)
AN = Person(1, "an", "Nguyễn Văn An", Role.CENTRE_OFFICER, unit_id=7)
BINH = Person(2, "binh", "Trần Thị Bình", Role.COORDINATOR)
ORDER = Order(Action.ACCEPT, BINH, datetime(2024, 6, 3, 2, 0, tzinfo=UTC))
NATIONAL = {"route": Route.NATIONAL}


def money(**trieu: int) -> dict[str, Any]:
    """Money of the local fund by kind, in triệu đồng."""
    return {"money": {(Source.LOCAL_FUND, MoneyKind(kind)): amount * TRIEU for kind, amount in trieu.items()}}


def typed(local_fund: int, **more: int) -> dict[str, Any]:
    """Amounts as typed, in triệu đồng."""
    amounts = {"local_fund": local_fund} | more
    return {"amounts": {Source(source): amount * TRIEU for source, amount in amounts.items()}}


def request(*kinds: str, confirmed: bool = False, next_year: bool = False) -> dict[str, Any]:
    """An open adjustment request of these kinds."""
    asked = Asked(kinds=frozenset(Change(kind) for kind in kinds), next_year=next_year)
    return {"adjustment_open": True, "request": Request(5, asked, confirmed)}


def due(*instalments: tuple[date, int]) -> dict[str, Any]:
    """A schedule by which money comes back, in triệu đồng."""
    return {"instalments": tuple(Instalment(day, amount * TRIEU) for day, amount in instalments)}


@dataclass(frozen=True)
class Example:
    """A guard, what makes it content, what does not, and its sentence."""

    guard: Guard
    says: str
    refused_facts: Mapping[str, Any] = field(default_factory=dict)
    refused_order: Mapping[str, Any] = field(default_factory=dict)
    passed_facts: Mapping[str, Any] = field(default_factory=dict)
    passed_order: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return getattr(self.guard, "__qualname__", "guard").split(".")[0]


LAST = LastStep(99, Action.ACCEPT, "Nghiệm thu đạt", Stage.AWAITING_ACCEPTANCE, recorder_id=BINH.id)
NAMED = {11: "Cơ sở Tân Phát", 12: "Hợp tác xã Long Hồ"}
ABOVE_APPROVED = guards.at_most(MoneyKind.ACCEPTED, MoneyKind.APPROVED)
ABOVE_ASKED = guards.at_most(MoneyKind.APPRAISED, MoneyKind.ASKED)

EXAMPLES = [
    Example(
        guards.supplement_overdue,
        "Hạn bổ sung còn đến hết ngày 03/06/2024; chỉ xác nhận quá hạn sau ngày đó.",
        refused_facts={"supplement_due_on": date(2024, 6, 3)},
        passed_facts={"supplement_due_on": date(2024, 6, 2)},
    ),
    Example(
        guards.author_does_not_judge,
        "Người lập hồ sơ (Nguyễn Văn An) không được ghi kết quả này; cần một người khác ghi.",
        refused_order={"by": AN},
        passed_order={"by": BINH},
    ),
    Example(
        guards.beneficiary_unless_group,
        "Chưa có đơn vị thụ hưởng; hãy ghi đơn vị thụ hưởng (chỉ đề án nhóm được để sau).",
        passed_facts={"kind": Kind.GROUP},
    ),
    Example(
        guards.beneficiary_unless_group,
        "Chưa có đơn vị thụ hưởng; hãy ghi đơn vị thụ hưởng (chỉ đề án nhóm được để sau).",
        refused_facts={"kind": Kind.MODEL},
        passed_facts={"has_beneficiary": True},
    ),
    Example(
        guards.beneficiary_named,
        "Chưa có đơn vị thụ hưởng; đề án nhóm phải ghi rõ đơn vị thụ hưởng trước khi ký hợp đồng.",
        refused_facts={"kind": Kind.GROUP},
        passed_facts={"has_beneficiary": True},
    ),
    Example(
        guards.contributes_to_a_target,
        "Chưa ghi chỉ tiêu mà đề án đóng góp; hãy ghi chỉ tiêu và số lượng của chương trình.",
        passed_facts={"quantities": {"T2_2": 1}},
    ),
    Example(
        guards.not_prepaid_yet,
        "Đã tạm ứng 90.000.000 đồng; mỗi đề án chỉ tạm ứng một lần.",
        refused_facts=money(prepaid=90),
        passed_facts=money(approved=300),
    ),
    Example(
        guards.no_open_adjustment,
        "Đang có đề nghị điều chỉnh chưa được quyết định; hãy ghi kết quả điều chỉnh trước.",
        refused_facts={"adjustment_open": True},
    ),
    Example(
        guards.open_adjustment,
        "Không có đề nghị điều chỉnh nào đang chờ; hãy ghi đề nghị trước.",
        passed_facts={"adjustment_open": True},
    ),
    Example(
        guards.cash_balanced,
        "Còn phải thanh toán 110.000.000 đồng trước khi quyết toán (bước pay).",
        refused_facts=money(accepted=200, prepaid=90),
        passed_facts=money(accepted=200, prepaid=90, paid=110),
    ),
    Example(
        guards.cash_balanced,
        "Đã chi vượt 10.000.000 đồng so với nghiệm thu; cần thu hồi trước (bước receive_recovery).",
        refused_facts=money(accepted=200, prepaid=210),
        passed_facts=money(accepted=200, prepaid=210, recovered=10),
    ),
    Example(
        guards.money_to_recover,
        "Không còn tiền phải thu hồi của đề án này; không cần bước thu hồi.",
        refused_facts=money(prepaid=50, settled=50),
        passed_facts=money(prepaid=140, settled=50),
    ),
    Example(
        guards.money_recovered,
        "Còn phải thu hồi 30.000.000 đồng; hãy ghi các lần nộp tiền trước.",
        refused_facts=money(prepaid=140, settled=50, recovered=60),
        passed_facts=money(prepaid=140, settled=50, recovered=90),
    ),
    Example(
        guards.overpaid,
        "Không có khoản nào phải thu hồi của đề án này.",
        refused_facts=money(prepaid=90, accepted=200),
        passed_facts=money(prepaid=210, accepted=200),
    ),
    Example(
        guards.overpaid,
        "Không có khoản nào phải thu hồi của đề án này.",
        refused_facts=money(prepaid=140, settled=140, released=160),
        passed_facts=money(prepaid=140, released=300),
    ),
    Example(
        guards.a_step_to_undo,
        "Không còn bước nào để hủy ghi nhận.",
        passed_facts={"last_step": LAST},
    ),
    Example(
        guards.another_recorder,
        "Người đã ghi bước này không được tự hủy; cần một lãnh đạo khác hoặc người khác ghi bước hủy.",
        refused_facts={"last_step": LAST},
        passed_facts={"last_step": replace(LAST, recorder_id=3)},
    ),
    Example(
        guards.missing_items_listed,
        "Phải liệt kê ít nhất một mục còn thiếu (--missing).",
        passed_order={"missing": ("Báo giá thiết bị",)},
    ),
    Example(
        guards.missing_items_answered,
        "Còn mục chưa bổ sung: Báo giá thiết bị; estimate. Hãy kèm từng mục (--paper MỤC=TỆP).",
        refused_facts={"missing": ("Báo giá thiết bị", "estimate", "vouchers")},
        refused_order={"papers": (Enclosure(Paper.VOUCHERS),)},
        passed_facts={"missing": ("Báo giá thiết bị", "estimate", "Bảng kê chứng từ")},
        passed_order={
            "papers": (
                Enclosure(Paper.OTHER, title="BÁO GIÁ thiết bị"),
                Enclosure(Paper.ESTIMATE),
                Enclosure(Paper.VOUCHERS),
            )
        },
    ),
    Example(
        guards.only_own_sources,
        "Đề án khuyến công địa phương chỉ dùng nguồn KC địa phương và đối ứng, không dùng KC quốc gia; "
        "muốn đổi nguồn, hãy chuyển nguồn (reroute).",
        refused_facts={"stage": Stage.APPRAISED},
        refused_order=typed(200, national_fund=1),
        passed_facts={"stage": Stage.APPRAISED},
        passed_order=typed(200, counterpart=350),
    ),
    Example(
        guards.only_own_sources,
        "Đề án khuyến công địa phương chỉ dùng nguồn KC địa phương và đối ứng, không dùng KC quốc gia; "
        "hãy kiểm tra nguồn.",
        refused_order=typed(200, national_fund=1),
        passed_order=typed(200, counterpart=350),
    ),
    Example(
        guards.support_asked,
        "Chưa ghi số tiền đề nghị hỗ trợ; hãy ghi --amount local_fund=… (đồng).",
        passed_facts=money(asked=300),
    ),
    Example(
        guards.support_asked,
        "Chưa ghi số tiền đề nghị hỗ trợ; hãy ghi --amount local_fund=… (đồng).",
        refused_facts=money(asked=300),
        refused_order=typed(0),
        passed_order=typed(300),
    ),
    Example(
        guards.amount_given,
        "Phải ghi số tiền của nguồn KC địa phương (--amount local_fund=…).",
        refused_order={"amounts": {Source.COUNTERPART: 350 * TRIEU}},
        passed_order=typed(1),
    ),
    Example(
        guards.one_state_amount_only,
        "Khoản này chỉ ghi cho vốn nhà nước; hãy bỏ số tiền đối ứng.",
        refused_order=typed(90, counterpart=1),
        passed_order=typed(90),
    ),
    Example(
        ABOVE_APPROVED,
        "Nghiệm thu 281.000.000 đồng vượt số phê duyệt 280.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
        refused_facts=money(approved=300, adjusted=-20),
        refused_order=typed(281),
        passed_facts=money(approved=300, adjusted=-20),
        passed_order=typed(280),
    ),
    Example(
        ABOVE_ASKED,
        "Thẩm định 301.000.000 đồng vượt số đề nghị 300.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
        refused_facts=money(asked=300),
        refused_order=typed(301),
        passed_facts=money(asked=300),
    ),
    Example(
        guards.support_left(MoneyKind.APPROVED, MoneyKind.APPRAISED),
        "Phê duyệt 0 đồng là không hỗ trợ; hãy ghi số tiền, hoặc ghi không đạt hay chờ bố trí vốn.",
        refused_facts=money(appraised=300),
        refused_order=typed(0),
        passed_facts=money(appraised=300),
    ),
    Example(
        guards.allotment_within_approval,
        "Tổng vốn giao 310.000.000 đồng vượt số phê duyệt 300.000.000 đồng là 10.000.000 đồng; "
        "hãy ghi không quá mức đó.",
        refused_facts=money(approved=300, allotted=200),
        refused_order=typed(110),
        passed_facts=money(approved=300, allotted=200),
        passed_order=typed(100),
    ),
    Example(
        guards.prepayment_within_contract,
        "Tạm ứng 281.000.000 đồng vượt giá trị hợp đồng 280.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
        refused_facts=money(approved=300, contracted=280),
        refused_order=typed(281),
        passed_facts=money(approved=300, contracted=280),
        passed_order=typed(280),
    ),
    Example(
        guards.prepayment_within_contract,
        "Tạm ứng 150.000.000 đồng vượt số phê duyệt 100.000.000 đồng là 50.000.000 đồng; hãy ghi không quá mức đó.",
        refused_facts=money(approved=300, adjusted=-200, contracted=300),
        refused_order=typed(150),
        passed_facts=money(approved=300, adjusted=-200, contracted=300),
        passed_order=typed(100),
    ),
    Example(
        guards.payment_within_acceptance,
        "Thanh toán 111.000.000 đồng vượt số còn phải trả 110.000.000 đồng là 1.000.000 đồng; "
        "hãy ghi không quá mức đó.",
        refused_facts=money(accepted=200, prepaid=90),
        refused_order=typed(111),
        passed_facts=money(accepted=200, prepaid=90),
        passed_order=typed(110),
    ),
    Example(
        guards.payment_within_acceptance,
        "Thanh toán 11.000.000 đồng vượt số còn phải trả 10.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
        refused_facts=money(accepted=200, prepaid=90, settled=100, released=200),
        refused_order=typed(11),
        passed_facts=money(accepted=200, prepaid=90, settled=100, released=200),
        passed_order=typed(10),
    ),
    Example(
        guards.recovery_within_excess,
        "Số nộp 51.000.000 đồng vượt số phải thu hồi 50.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
        refused_facts=money(accepted=200, prepaid=250),
        refused_order=typed(51),
        passed_facts=money(accepted=200, prepaid=250),
        passed_order=typed(50),
    ),
    Example(
        guards.not_below_cash_given,
        "Số mới 89.000.000 đồng thấp hơn số đã chi 90.000.000 đồng; hãy ghi không thấp hơn số đã chi, "
        "phần chi vượt được tính khi nghiệm thu và thu hồi sau đó.",
        refused_facts=money(approved=300, prepaid=90),
        refused_order=typed(89),
        passed_facts=money(approved=300, prepaid=90),
        passed_order=typed(90),
    ),
    Example(
        guards.not_below_accepted,
        "Số mới 199.000.000 đồng thấp hơn số đã nghiệm thu 200.000.000 đồng; hãy ghi không thấp hơn.",
        refused_facts=money(approved=300, accepted=200),
        refused_order=typed(199),
        passed_facts=money(approved=300, accepted=200),
        passed_order=typed(200),
    ),
    Example(
        guards.increase_needs_the_approver,
        "Tăng mức hỗ trợ phải do UBND tỉnh quyết định (--authority province).",
        refused_facts=money(approved=300),
        refused_order=typed(301) | {"authority": Authority.AGENCY},
        passed_facts=money(approved=300),
        passed_order=typed(300) | {"authority": Authority.AGENCY},
    ),
    Example(
        guards.increase_needs_the_approver,
        "Tăng mức hỗ trợ phải do Bộ Công Thương quyết định (--authority ministry).",
        refused_facts=NATIONAL,
        refused_order={"amounts": {Source.NATIONAL_FUND: 1}, "authority": Authority.AGENCY},
        passed_facts=NATIONAL,
        passed_order={"amounts": {Source.NATIONAL_FUND: 1}, "authority": Authority.MINISTRY},
    ),
    Example(
        guards.quantities_for_own_targets,
        "Đề án không đóng góp cho chỉ tiêu T2_1, T9_9; chỉ tiêu của đề án: T2_2.",
        refused_facts={"quantities": {"T2_2": 1}},
        refused_order={"quantities": {"T9_9": 1, "T2_1": 1, "T2_2": 1}},
        passed_facts={"quantities": {"T2_2": 1}},
        passed_order={"quantities": {"T2_2": 3}},
    ),
    Example(
        guards.quantity_accepted,
        "Phải ghi số lượng nghiệm thu: --quantity T2_1=…, --quantity T2_2=….",
        refused_facts={"quantities": {"T2_2": 1, "T2_1": 2}},
        passed_facts={"quantities": {"T2_2": 1}},
        passed_order={"quantities": {"T2_2": 0}},
    ),
    Example(
        guards.accepted_within_the_year,
        "Nghiệm thu ngày 01/01/2025 sau 31/12/2024; khối lượng chỉ được tính đến hết năm, "
        "trừ khi đã có quyết định chuyển năm (carry_over) từ trước. "
        "Phần làm xong trong năm được ghi nhận ở bước ngừng triển khai (stop).",
        refused_order={"decided_on": date(2025, 1, 1)},
        passed_order={"decided_on": date(2024, 12, 31)},
    ),
    Example(
        guards.accepted_within_the_year,
        "Nghiệm thu ngày 01/01/2026 sau 31/12/2025; khối lượng chỉ được tính đến hết năm, "
        "trừ khi đã có quyết định chuyển năm (carry_over) từ trước. "
        "Phần làm xong trong năm được ghi nhận ở bước ngừng triển khai (stop).",
        refused_facts={"work_year": 2025},
        refused_order={"decided_on": date(2026, 1, 1)},
        passed_facts={"work_year": 2025},
        passed_order={"decided_on": date(2025, 1, 1)},
    ),
    Example(
        guards.carried_before_year_end,
        "Quyết định chuyển năm phải có trước hết ngày 31/12/2024.",
        refused_order={"decided_on": date(2025, 1, 2)},
        passed_order={"decided_on": date(2024, 12, 31)},
    ),
    Example(
        guards.carried_before_year_end,
        "Đề án đã được chuyển sang năm 2025; mỗi năm chỉ chuyển một lần, trong chính năm đó.",
        refused_facts={"work_year": 2025},
        refused_order={"decided_on": date(2024, 12, 31)},
        passed_facts={"work_year": 2025},
        passed_order={"decided_on": date(2025, 12, 31)},
    ),
    Example(
        guards.carried_before_year_end,
        "Đề án thực hiện trong năm 2025; quyết định chuyển năm phải có trong chính năm đó.",
        refused_facts={"plan_year": 2025, "work_year": 2025},
        refused_order={"decided_on": date(2024, 12, 31)},
        passed_facts={"plan_year": 2025, "work_year": 2025},
        passed_order={"decided_on": date(2025, 1, 1)},
    ),
    Example(
        guards.settlement_is_what_was_accepted,
        "Số quyết toán phải bằng số nghiệm thu 200.000.000 đồng; đang ghi 199.000.000 đồng.",
        refused_facts=money(accepted=200),
        refused_order=typed(199),
        passed_facts=money(accepted=200),
        passed_order=typed(200),
    ),
    Example(
        guards.signer_is_not_the_author,
        "Người ký (Nguyen Van An) là người lập hồ sơ; kết quả phải do người khác ký.",
        refused_order={"signer": "Nguyen Van An"},
        passed_order={"signer": "Lê Minh Chi"},
    ),
    Example(
        guards.funds_allotted,
        "Chưa ghi giao vốn; hãy ghi quyết định giao dự toán (bước allot) trước.",
        refused_facts=money(approved=300),
        passed_facts=money(approved=300, allotted=1),
    ),
    Example(
        guards.contract_covers_prepayment,
        "Giá trị mới 139.000.000 đồng thấp hơn số đã tạm ứng 140.000.000 đồng; hãy ghi không thấp hơn.",
        refused_facts=money(contracted=200, prepaid=140),
        refused_order=typed(139),
        passed_facts=money(contracted=200, prepaid=140),
        passed_order=typed(140),
    ),
    Example(
        guards.contract_covers_prepayment,
        "Giá trị mới 0 đồng thấp hơn số đã tạm ứng 140.000.000 đồng; hãy ghi không thấp hơn.",
        refused_facts=money(contracted=200, prepaid=140),
        refused_order=typed(0),
        passed_facts=money(contracted=200, prepaid=140),
        passed_order={"amounts": {Source.COUNTERPART: 0}},
    ),
    Example(
        guards.contract_covers_accepted,
        "Giá trị mới 89.000.000 đồng thấp hơn số đã nghiệm thu 90.000.000 đồng; hãy ghi không thấp hơn.",
        refused_facts=money(contracted=200, accepted=90),
        refused_order=typed(89),
        passed_facts=money(contracted=200, accepted=90),
        passed_order=typed(90),
    ),
    Example(
        guards.contract_covers_accepted,
        "Giá trị mới 119.000.000 đồng thấp hơn số đã nghiệm thu 120.000.000 đồng; hãy ghi không thấp hơn.",
        refused_facts=money(contracted=200, accepted=120),
        refused_order=typed(119),
        passed_facts=money(contracted=200, accepted=120),
        passed_order=typed(120),
    ),
    *(
        Example(
            guards.contract_has_value,
            "Hợp đồng hỗ trợ không thể có 0 đồng KC địa phương; hãy ghi số tiền hoặc bỏ trống để lấy số duyệt.",
            refused_order=typed(0, counterpart=350),
            passed_order=order,
        )
        for order in (typed(1), {"amounts": {Source.COUNTERPART: 0}})
    ),
    Example(
        guards.accepted_within_contract,
        "Nghiệm thu 281.000.000 đồng vượt giá trị hợp đồng 280.000.000 đồng; hãy ký phụ lục hợp đồng "
        "(bước amend_contract) trước, hoặc ghi không quá giá trị hợp đồng.",
        refused_facts=money(approved=300, contracted=280),
        refused_order=typed(281),
        passed_facts=money(approved=300, contracted=280),
        passed_order=typed(280),
    ),
    Example(
        guards.accepted_within_contract,
        "Nghiệm thu 281.000.000 đồng vượt giá trị hợp đồng 280.000.000 đồng; hãy ký phụ lục hợp đồng "
        "(bước amend_contract) trước, hoặc ghi không quá giá trị hợp đồng.",
        refused_facts=money(approved=300, contracted=280, accepted=180),
        refused_order=typed(101) | {"action": Action.ACCEPT_SHARE},
        passed_facts=money(approved=300, contracted=280, accepted=180),
        passed_order=typed(100) | {"action": Action.ACCEPT_SHARE},
    ),
    Example(
        guards.something_accepted,
        "Nghiệm thu đạt phải có số lượng lớn hơn 0 ở ít nhất một chỉ tiêu; nếu không đạt, "
        "hãy ghi nghiệm thu không đạt.",
        refused_facts={"quantities": {"T2_1": 2, "T2_2": 1}},
        refused_order={"quantities": {"T2_1": 0, "T2_2": 0, "T9_9": 1}},
        passed_facts={"quantities": {"T2_1": 2, "T2_2": 1}},
        passed_order={"quantities": {"T2_1": 0, "T2_2": 1}},
    ),
    Example(
        guards.something_to_pay,
        "Không còn khoản nào phải thanh toán cho đề án này.",
        refused_facts=money(accepted=200, prepaid=90, paid=110),
        passed_facts=money(accepted=200, prepaid=90, paid=109),
    ),
    Example(
        guards.something_to_pay,
        "Không còn khoản nào phải thanh toán cho đề án này.",
        refused_facts=money(accepted=200, settled=200, released=100, prepaid=200),
        passed_facts=money(accepted=200, settled=200, released=100, prepaid=90),
    ),
    Example(
        guards.kept_with_evidence,
        "Giữ lại 141.000.000 đồng nhiều hơn số đã nghiệm thu hoặc đã chi 140.000.000 đồng; hãy kèm biên bản "
        "nghiệm thu phần đã làm (--paper form_5a=TỆP) hoặc ghi không quá số đó.",
        refused_facts=money(approved=200, prepaid=140, accepted=120),
        refused_order=typed(141),
        passed_facts=money(approved=200, prepaid=140, accepted=120),
        passed_order=typed(140),
    ),
    Example(
        guards.kept_with_evidence,
        "Giữ lại 151.000.000 đồng nhiều hơn số đã nghiệm thu hoặc đã chi 150.000.000 đồng; hãy kèm biên bản "
        "nghiệm thu phần đã làm (--paper form_5a=TỆP) hoặc ghi không quá số đó.",
        refused_facts=money(approved=200, prepaid=140, accepted=150),
        refused_order=typed(151) | {"papers": (Enclosure(Paper.STOP_DECISION),)},
        passed_facts=money(approved=200, prepaid=140, accepted=150),
        passed_order=typed(151) | {"papers": (Enclosure(Paper.STOP_DECISION), Enclosure(Paper.FORM_5A))},
    ),
    Example(
        guards.after_the_request,
        "Ngày 02/06/2024 trước ngày đề nghị hoặc ngày Sở xác nhận (03/06/2024); hãy kiểm tra lại ngày trên văn bản.",
        refused_facts={"request": Request(5, Asked(), True, date(2024, 6, 3))},
        refused_order={"decided_on": date(2024, 6, 2)},
        passed_facts={"request": Request(5, Asked(), True, date(2024, 6, 3))},
        passed_order={"decided_on": date(2024, 6, 3)},
    ),
    Example(
        guards.group_project,
        "Chỉ đề án nhóm nghiệm thu từng đơn vị thụ hưởng; đề án này nghiệm thu một lần (bước accept).",
        refused_facts={"kind": Kind.MODEL},
        passed_facts={"kind": Kind.GROUP},
    ),
    Example(
        guards.share_of_the_project,
        "Phải ghi nghiệm thu cho đơn vị thụ hưởng nào (--beneficiary); đơn vị của đề án: "
        "11 = Cơ sở Tân Phát; 12 = Hợp tác xã Long Hồ.",
        refused_facts={"named": NAMED},
        passed_facts={"named": NAMED},
        passed_order={"beneficiary_id": 11},
    ),
    Example(
        guards.share_of_the_project,
        "Đơn vị thụ hưởng 13 không thuộc đề án; đơn vị của đề án: chưa có.",
        refused_order={"beneficiary_id": 13},
        passed_facts={"named": NAMED | {13: "Cơ sở Phước Hậu"}},
        passed_order={"beneficiary_id": 13},
    ),
    Example(
        guards.share_of_the_project,
        "Hợp tác xã Long Hồ đã nghiệm thu đạt; mỗi đơn vị chỉ nghiệm thu đạt một lần, "
        "ghi nhầm thì hủy bước đó (revert).",
        refused_facts={"named": NAMED, "shares": {11: False, 12: True}},
        refused_order={"beneficiary_id": 12},
        passed_facts={"named": NAMED, "shares": {11: False, 12: True}},
        passed_order={"beneficiary_id": 11},
    ),
    Example(
        guards.share_within_approval,
        "Tổng nghiệm thu 281.000.000 đồng vượt số phê duyệt 280.000.000 đồng là 1.000.000 đồng; "
        "hãy ghi không quá mức đó.",
        refused_facts=money(approved=300, adjusted=-20, accepted=180),
        refused_order=typed(101),
        passed_facts=money(approved=300, adjusted=-20, accepted=180),
        passed_order=typed(100, counterpart=900),
    ),
    Example(
        guards.every_share_judged,
        "Chưa có kết quả nghiệm thu của: Hợp tác xã Long Hồ. Hãy ghi từng đơn vị (accept_share hoặc fail_share).",
        refused_facts={"kind": Kind.GROUP, "named": NAMED, "shares": {11: True}},
        passed_facts={"kind": Kind.GROUP, "named": NAMED, "shares": {11: True, 12: False}},
    ),
    Example(
        guards.every_share_judged,
        "Chưa có kết quả nghiệm thu của: Cơ sở Tân Phát. Hãy ghi từng đơn vị (accept_share hoặc fail_share).",
        refused_facts={"kind": Kind.GROUP, "named": NAMED, "shares": {12: False}},
        passed_facts={"kind": Kind.GROUP, "named": NAMED},
    ),
    Example(
        guards.every_share_judged,
        "Mọi đơn vị thụ hưởng đều không đạt; hãy ghi nghiệm thu không đạt cho cả đề án (fail_acceptance).",
        refused_facts={"kind": Kind.GROUP, "named": NAMED, "shares": {11: False, 12: False}},
        passed_facts={"kind": Kind.GROUP, "named": NAMED, "shares": {11: False, 12: True}},
    ),
    Example(
        guards.shares_are_the_whole,
        "Đã nghiệm thu từng đơn vị, tổng hỗ trợ 180.000.000 đồng; hãy bỏ số tiền, số lượng và chi phí ở bước này.",
        refused_facts=money(accepted=180) | {"shares": {11: True}},
        refused_order=typed(180),
        passed_facts=money(accepted=180) | {"shares": {11: True}},
    ),
    *(
        Example(
            guards.shares_are_the_whole,
            "Đã nghiệm thu từng đơn vị, tổng hỗ trợ 0 đồng; hãy bỏ số tiền, số lượng và chi phí ở bước này.",
            refused_facts={"shares": {11: False}},
            refused_order=order,
            passed_order=order,
        )
        for order in ({"quantities": {"T2_2": 1}}, {"cost": 400 * TRIEU})
    ),
    Example(
        guards.unless_by_shares(guards.amount_given),
        "Phải ghi số tiền của nguồn KC địa phương (--amount local_fund=…).",
        passed_facts={"shares": {11: True}},
    ),
    Example(
        guards.request_is_complete,
        "Chưa ghi địa điểm mới cho «Thay đổi địa điểm». Chưa ghi đơn vị phối hợp mới cho «Thay đổi đơn vị phối hợp».",
        refused_order={"asked": Asked(kinds=frozenset({Change.CHANGE_PARTNER, Change.CHANGE_PLACE}))},
        passed_order={"asked": Asked(columns={"place_id": 71, "partner": "Công ty Tiến Phát"})},
    ),
    Example(
        guards.request_is_complete,
        "Chưa nêu nội dung điều chỉnh; hãy ghi --kind, một trong: increase_support, change_content, "
        "carry_to_next_year, additional_project, stop, change_place, change_beneficiary, change_partner, "
        "change_time_within_year, other_not_increasing.",
        passed_order={"asked": Asked(kinds=frozenset({Change.STOP}))},
    ),
    Example(
        guards.not_confirmed_yet,
        "Sở đã xác nhận đề nghị này; hãy ghi kết quả điều chỉnh.",
        refused_facts=request("change_place", confirmed=True),
        passed_facts=request("change_place"),
    ),
    Example(
        guards.confirmed_by_the_department,
        "Đề nghị chưa có xác nhận của Sở Công Thương; hãy ghi văn bản xác nhận (bước confirm_adjustment) trước.",
        refused_facts=request("change_place"),
        passed_facts=request("change_place", confirmed=True),
    ),
    Example(
        guards.not_a_stop,
        "Đề nghị ngừng triển khai được quyết định bằng bước ngừng triển khai (stop).",
        refused_facts=request("stop", confirmed=True),
        passed_facts=request("change_content", confirmed=True),
    ),
    Example(
        guards.decided_by_whom_the_change_needs,
        "«Thay đổi nội dung hoạt động; Thay đổi địa điểm» phải do Bộ Công Thương quyết định (TT 36/2013/TT-BCT "
        "Điều 11 (sửa đổi tại TT 17/2018/TT-BCT Điều 1 khoản 10, 11)); hãy ghi --authority ministry.",
        refused_facts=NATIONAL | request("change_place", "change_content", confirmed=True),
        refused_order={"authority": Authority.AGENCY},
        passed_facts=NATIONAL | request("change_place", "change_content", confirmed=True),
        passed_order={"authority": Authority.MINISTRY},
    ),
    Example(
        guards.decided_by_whom_the_change_needs,
        "«Thay đổi địa điểm» phải do UBND tỉnh quyết định (QĐ 3082/QĐ-UBND mục VI.11); hãy ghi --authority province.",
        refused_facts=request("change_place", confirmed=True),
        refused_order={"authority": Authority.AGENCY},
        passed_facts=request("change_place", confirmed=True),
        passed_order={"authority": Authority.PROVINCE},
    ),
    Example(
        guards.refused_by_whom_it_lies_with,
        "Sở đã xác nhận đề nghị này nên không tự từ chối; hãy ghi quyết định của cấp trên.",
        refused_facts=request("change_place", confirmed=True),
        refused_order={"authority": Authority.DEPARTMENT},
        passed_facts=request("change_place", confirmed=True),
        passed_order={"authority": Authority.PROVINCE},
    ),
    Example(
        guards.refused_by_whom_it_lies_with,
        "Đề nghị chưa được Sở xác nhận và gửi đi; nếu Sở không đồng ý, hãy ghi --authority department.",
        refused_facts=request("change_place"),
        refused_order={"authority": Authority.PROVINCE},
        passed_facts=request("change_place"),
        passed_order={"authority": Authority.DEPARTMENT},
    ),
    Example(
        guards.support_remains,
        "Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy ghi bước ngừng triển khai (stop).",
        refused_order=typed(0),
        passed_order=typed(1, counterpart=0),
    ),
    Example(
        guards.support_remains,
        "Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy ghi bước ngừng triển khai (stop).",
        refused_order=typed(0, counterpart=350),
        passed_order={"amounts": {Source.COUNTERPART: 350 * TRIEU}},
    ),
    Example(
        guards.year_carried_in_time,
        "Quyết định chuyển năm phải có trước hết ngày 31/12/2024.",
        refused_facts=request("carry_to_next_year", confirmed=True, next_year=True),
        refused_order={"decided_on": date(2025, 1, 2)},
        passed_facts=request("carry_to_next_year", confirmed=True, next_year=True),
        passed_order={"decided_on": date(2024, 12, 31)},
    ),
    Example(
        guards.year_carried_in_time,
        "Quyết định chuyển năm phải có trước hết ngày 31/12/2024.",
        refused_facts=request("carry_to_next_year", confirmed=True, next_year=True),
        refused_order={"decided_on": date(2025, 1, 2)},
        passed_facts=request("change_place", confirmed=True),
        passed_order={"decided_on": date(2025, 1, 2)},
    ),
    Example(
        guards.contract_accepted,
        "Cùng hợp đồng còn đề án chưa nghiệm thu: KC-VL-2024-002, KC-VL-2024-003; "
        "hồ sơ quyết toán nộp khi mọi đề án của hợp đồng đã nghiệm thu, ngừng hoặc chuyển năm.",
        refused_facts={"contract_waits_for": ("KC-VL-2024-002", "KC-VL-2024-003")},
    ),
    Example(
        guards.instalments_add_up,
        "Tổng các kỳ hoàn trả là 49.000.000 đồng, phải thu hồi 50.000.000 đồng; "
        "chênh lệch 1.000.000 đồng, hãy ghi lại các kỳ (--due NGÀY=TIỀN).",
        refused_facts=money(accepted=200, prepaid=250),
        refused_order=due((date(2024, 6, 30), 30), (date(2024, 9, 30), 19)),
        passed_facts=money(accepted=200, prepaid=250),
        passed_order=due((date(2024, 6, 3), 30), (date(2024, 9, 30), 20)),
    ),
    Example(
        guards.instalments_add_up,
        "Tổng các kỳ hoàn trả là 91.000.000 đồng, phải thu hồi 90.000.000 đồng; "
        "chênh lệch 1.000.000 đồng, hãy ghi lại các kỳ (--due NGÀY=TIỀN).",
        refused_facts=money(accepted=50, prepaid=140, settled=50, released=150),
        refused_order=due((date(2024, 6, 30), 91)),
        passed_facts=money(accepted=50, prepaid=140, settled=50, released=150),
    ),
    Example(
        guards.instalments_add_up,
        "Mỗi kỳ hoàn trả phải lớn hơn 0 đồng (--due NGÀY=TIỀN).",
        refused_facts=money(accepted=200, prepaid=250),
        refused_order=due((date(2024, 6, 30), 50), (date(2024, 9, 30), 0)),
        passed_facts=money(accepted=200, prepaid=250),
        passed_order=due((date(2024, 6, 30), 50)),
    ),
    Example(
        guards.instalments_add_up,
        "Kỳ hoàn trả 02/06/2024 trước ngày văn bản; hãy kiểm tra lại ngày.",
        refused_facts=money(accepted=200, prepaid=250),
        refused_order=due((date(2024, 6, 2), 50)),
        passed_facts=money(accepted=200, prepaid=250),
        passed_order=due((date(2024, 6, 2), 50)) | {"decided_on": date(2024, 6, 1)},
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{n}-{example.name}" for n, example in enumerate(EXAMPLES)])
def test_guard_says_what_is_wrong_and_is_silent_when_it_is_right(example: Example) -> None:
    refused = example.guard(replace(FACTS, **example.refused_facts), replace(ORDER, **example.refused_order))
    passed = example.guard(replace(FACTS, **example.passed_facts), replace(ORDER, **example.passed_order))

    assert (refused, passed) == (example.says, None)


def _written() -> Iterator[str]:
    """Every guard, and every function that makes one, in the modules of the package."""
    for found in pkgutil.iter_modules(guards.__path__, f"{guards.__name__}."):
        module = import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            signature = inspect.signature(function)
            is_guard = list(signature.parameters) == ["facts", "order"] or signature.return_annotation == Guard
            if is_guard and function.__module__ == module.__name__:
                yield name


def test_no_guard_goes_without_an_example() -> None:
    assert {example.name for example in EXAMPLES} == set(_written())


def test_no_guard_is_written_that_guards_nothing() -> None:
    hung = [guard for step in STEPS for guard in (*step.closes, *step.needs)]

    assert set(_written()) - {Example(guard, "").name for guard in hung} == set()


def test_sentences_are_vietnamese_and_finished() -> None:
    said = [example.says for example in EXAMPLES]

    unfinished = [says for says in said if not says.lstrip("«")[0].isupper() or says[-1] not in ".)"]

    assert unfinished == []


def test_settlement_speaks_of_no_other_counterpart_than_the_accepted_one() -> None:
    facts = replace(FACTS, money={(Source.COUNTERPART, MoneyKind.ACCEPTED): 350 * TRIEU})

    same = guards.settlement_is_what_was_accepted(facts, replace(ORDER, amounts={Source.COUNTERPART: 350 * TRIEU}))
    other = guards.settlement_is_what_was_accepted(facts, replace(ORDER, amounts={Source.COUNTERPART: 351 * TRIEU}))

    assert same is None
    assert other == "Số quyết toán phải bằng số nghiệm thu 350.000.000 đồng; đang ghi 351.000.000 đồng."
