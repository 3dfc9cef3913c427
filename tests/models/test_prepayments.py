"""Prepayment rules in the register: recorded, changed by events, and held against prepayments."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.append import Origin
from models.loading import load_project
from models.prepayment_file import read_prepayment_file
from models.prepayments import add_prepayment, prepayment_limit, set_prepayment
from models.rulebook import rulebook
from models.verify import verify
from states.activities import Activity
from states.prepayments import PrepaymentRule
from states.refusal import Refused
from states.vocabulary import STATE_FUND, MoneyKind, Paper, Route, Stage

TRIEU = 1_000_000
BASIS = "TT 36/2013/TT-BCT Điều 15 (sửa đổi tại TT 17/2018/TT-BCT)"
CLUSTER_PAPERS = (Paper.SUPPORT_CONTRACT, Paper.INVESTOR_CONTRACT, Paper.PROGRESS_REPORT)
NO_MACHINERY = (
    "chưa có mức tạm ứng cho “Ứng dụng máy móc tiên tiến, chuyển giao công nghệ”, nguồn khuyến công quốc gia; "
    "hãy nhập quy định (dean rules add --prepayments TỆP) rồi tạm ứng."
)


def underway(office: Any, activity: str = "machinery", route: Route = Route.NATIONAL) -> str:
    """A project at work, with 300 triệu approved, contracted and allotted."""
    code = str(office.bring(office.open(activity=activity, route=route), Stage.UNDERWAY))
    given = {"amounts": {STATE_FUND[route]: 300 * TRIEU}, "decided_on": office.today}
    office.step(code, "allot", "dung", number="1138/QĐ", **given)
    return code


def prepay(office: Any, code: str, amount: int, beside: tuple[Paper, ...] = (), **typed: Any) -> Any:
    """Prepay tomorrow, by a payment order of that day."""
    order = {
        "number": "07/UNC",
        "decided_on": (office.at + timedelta(days=1)).date(),
        "amounts": {STATE_FUND[office.facts(code).route]: amount},
        "papers": (Paper.PREPAYMENT_REQUEST, *beside),
    }
    return office.step(code, "prepay", "dung", **(order | typed))


def refusal(office: Any, *words: Any, **typed: Any) -> tuple[str, ...]:
    """Why a prepayment is refused. Nothing may have changed by it."""
    before = office.everything()
    with pytest.raises(Refused) as refused:
        prepay(office, *words, **typed)
    assert office.everything() == before
    return refused.value.reasons


def change(office: Any, code: str, note: str = "Công văn 12/SCT", **values: Any) -> None:
    with office.store.write() as session:
        set_prepayment(session, code, values, note=note, origin=Origin(office.at, None, "test"))


def add(office: Any, *rules: PrepaymentRule, note: str = "Quy chế mới") -> None:
    with office.store.write() as session:
        add_prepayment(session, *rules, note=note, origin=Origin(office.at, None, "test"))


def rule(office: Any, code: str) -> PrepaymentRule:
    with office.store.read() as session:
        return next(rule for rule in rulebook(session).prepayments if rule.id == code)


def shown(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        return prepayment_limit(rulebook(session), load_project(session, code), office.today)


# --- held against a prepayment ------------------------------------------------------------------------


def test_a_fresh_register_knows_the_shipped_rules_and_the_office_its_own(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        *shipped, own = rulebook(session).prepayments

    assert tuple(shipped) == read_prepayment_file()
    assert (own.id, own.activity, own.route, own.percent) == ("P-VL", None, Route.LOCAL, 70)


def test_the_last_dong_within_the_share_is_prepaid_and_the_next_is_refused(office_on_both: Any) -> None:
    office = office_on_both
    within, above = (underway(office, "training") for _ in range(2))

    done = prepay(office, within, 210 * TRIEU)

    assert (done.to_stage, done.warnings) == (Stage.UNDERWAY, ())
    assert office.facts(within).amount(MoneyKind.PREPAID) == 210 * TRIEU
    assert refusal(office, above, 210 * TRIEU + 1) == (
        "Tạm ứng 210.000.001 đồng vượt mức tối đa 210.000.000 đồng (70% giá trị hợp đồng 300.000.000 đồng;"
        f" {BASIS}); hãy giảm số tiền.",
    )
    assert verify(office.store).ok


def test_nothing_is_prepaid_without_a_rule(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office)

    [reason] = refusal(office, code, 1)

    assert reason.endswith(NO_MACHINERY)
    add(office, replace(rule(office, "P-TRAINING"), id="P-MACHINERY", activity=Activity.MACHINERY, label="Máy móc"))
    assert prepay(office, code, 1).warnings == ()


def test_an_activity_nobody_knows_has_the_rule_for_every_activity_or_none(office: Any) -> None:
    local, national = (underway(office, "nuôi tôm", route) for route in Route)

    assert prepay(office, local, 210 * TRIEU).warnings == ()
    assert "hoạt động “nuôi tôm” (không có trong danh mục)" in refusal(office, national, 1)[0]


def test_an_activity_is_understood_by_its_label_too(office: Any) -> None:
    code = underway(office, "Tập huấn nghiệp vụ khuyến công")

    assert prepay(office, code, 210 * TRIEU).to_stage is Stage.UNDERWAY


def test_a_cluster_needs_more_than_half_of_the_work_and_its_papers(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office, "cluster_infrastructure")

    without = refusal(office, code, 90 * TRIEU)
    half = refusal(office, code, 90 * TRIEU, CLUSTER_PAPERS, progress=50)
    done = prepay(office, code, 90 * TRIEU, CLUSTER_PAPERS, progress=51)

    assert [reason.split(";")[0] for reason in without] == [
        f"Chỉ tạm ứng khi hoàn thành trên 50% khối lượng được hỗ trợ ({BASIS})",
        "Thiếu hợp đồng hỗ trợ với chủ đầu tư",
        "Thiếu hợp đồng giữa chủ đầu tư và nhà thầu",
        "Thiếu báo cáo tiến độ khối lượng",
    ]
    assert [reason.split(" (")[0] for reason in half] == [
        "Mới hoàn thành 50% khối lượng được hỗ trợ, phải trên 50% mới được tạm ứng"
    ]
    assert done.to_stage is Stage.UNDERWAY


def test_papers_on_file_are_not_asked_for_again(office: Any) -> None:
    code = office.bring(office.open(activity="cluster_infrastructure", route=Route.NATIONAL), Stage.CONTRACTED)
    office.step(code, "start", "an", number="07/KH", papers=CLUSTER_PAPERS)
    given = {"amounts": {STATE_FUND[Route.NATIONAL]: 300 * TRIEU}, "decided_on": office.today}
    office.step(code, "allot", "dung", number="1138/QĐ", **given)

    done = prepay(office, code, 90 * TRIEU, progress=60)

    assert (done.to_stage, done.warnings) == (Stage.UNDERWAY, ())


def test_a_stage_that_takes_no_prepayment_is_the_only_reason(office: Any) -> None:
    [reason] = refusal(office, office.open(route=Route.NATIONAL), TRIEU)

    assert reason.startswith("Bước «Tạm ứng» chỉ làm được khi đề án ở giai đoạn")


def test_a_paper_that_every_prepayment_needs_is_asked_for_once(office: Any) -> None:
    code = underway(office, "conference")
    change(office, "P-CONFERENCE", verified=False, doubt="đang đối chiếu")
    change(office, "P-CONFERENCE", papers=(Paper.PREPAYMENT_REQUEST, Paper.VOUCHERS))

    reasons = refusal(office, code, TRIEU, papers=())

    assert reasons == (
        "Thiếu đề nghị tạm ứng; hãy kèm theo (--paper prepayment_request=TỆP).",
        "Thiếu bảng kê chứng từ; hãy kèm theo (--paper vouchers=TỆP).",
    )


def test_a_doubtful_rule_warns_and_still_bounds(office: Any) -> None:
    code = underway(office, "packaging")

    [reason] = refusal(office, code, 211 * TRIEU)
    done = prepay(office, code, 210 * TRIEU)

    assert reason.startswith("Tạm ứng 211.000.000 đồng vượt mức tối đa 210.000.000 đồng")
    assert done.warnings == (
        f"Mức tạm ứng 70% ({BASIS}) chưa kiểm chứng: danh mục đã đọc chỉ ghi tư vấn, tư vấn mẫu mã và bao bì là suy ra;"
        " hãy đối chiếu văn bản gốc trước khi dùng.",
    )


def test_the_rule_of_the_day_of_the_payment_holds(office_on_both: Any) -> None:
    office = office_on_both
    before, late, after = (underway(office, "training") for _ in range(3))
    office.at = datetime(2024, 5, 30, 1, tzinfo=UTC)
    change(office, "P-TRAINING", effective_until=date(2024, 5, 31))
    new = replace(rule(office, "P-TRAINING"), id="P-TRAINING-2024", percent=40, effective_from=date(2024, 6, 1))
    add(office, replace(new, effective_until=None))

    prepay(office, before, 210 * TRIEU)
    prepay(office, late, 210 * TRIEU, decided_on=date(2024, 5, 31))

    assert office.today == date(2024, 6, 1)
    assert "vượt mức tối đa 120.000.000 đồng (40%" in refusal(office, after, 210 * TRIEU)[0]


def test_a_reason_to_exceed_a_ceiling_has_no_place_in_a_prepayment(office: Any) -> None:
    sentence = "Bước «Tạm ứng» không nâng mức hỗ trợ; hãy bỏ lý do vượt định mức (--override)."

    ruled = refusal(office, underway(office, "training"), 300 * TRIEU, override="Cần gấp")
    unruled = refusal(office, underway(office), TRIEU, override="Cần gấp")

    assert (len(ruled), ruled[-1]) == (2, sentence)
    assert (len(unruled), unruled[-1]) == (2, sentence)


# --- shown before it is asked -------------------------------------------------------------------------


def test_the_limit_is_shown_with_what_it_is_a_share_of(office: Any) -> None:
    code = underway(office, "cluster_infrastructure")

    assert shown(office, code) == {
        "allowed": 90 * TRIEU,
        "prepaid": 0,
        "reason": None,
        "rule": "P-CLUSTER-INFRASTRUCTURE",
        "percent": 30,
        "level": "tạm ứng 30% khi hoàn thành trên 50% khối lượng",
        "basis": BASIS,
        "verified": True,
        "doubt": "",
        "progress": 50,
        "papers": ["support_contract", "investor_contract", "progress_report"],
        "warnings": [],
        "base": 300 * TRIEU,
        "base_in_words": "giá trị hợp đồng 300.000.000 đồng",
    }


def test_what_was_prepaid_is_shown_beside_the_limit(office: Any) -> None:
    code = underway(office, route=Route.LOCAL)
    prepay(office, code, 150 * TRIEU)

    found = shown(office, code)

    assert (found["allowed"], found["prepaid"]) == (210 * TRIEU, 150 * TRIEU)


def test_no_limit_is_shown_without_a_rule_or_a_contract(office: Any) -> None:
    unruled = shown(office, underway(office))
    unsigned = shown(office, office.bring(office.open(), Stage.APPROVED))

    assert (unruled["allowed"], unruled["rule"]) == (None, None)
    assert unruled["reason"].endswith(NO_MACHINERY)
    assert (unsigned["allowed"], unsigned["rule"]) == (None, "P-VL")
    assert unsigned["reason"] == "Chưa ký hợp đồng; hãy ký rồi tạm ứng."


# --- changing the rules -------------------------------------------------------------------------------


def test_the_province_enters_a_rule_of_its_own_for_one_activity(office_on_both: Any) -> None:
    office = office_on_both
    own = replace(rule(office, "P-VL"), id="P-VL-MACHINERY", activity=Activity.MACHINERY, percent=50)

    add(office, own)

    machinery, training = (underway(office, activity, Route.LOCAL) for activity in ("machinery", "training"))
    assert "vượt mức tối đa 150.000.000 đồng (50%" in refusal(office, machinery, 210 * TRIEU)[0]
    assert prepay(office, training, 210 * TRIEU).warnings == ()
    assert verify(office.store).ok


def test_a_rule_that_would_hold_beside_another_is_refused(office: Any) -> None:
    twin = replace(rule(office, "P-VL"), id="P-TWIN")

    with pytest.raises(Refused) as beside:
        add(office, twin)
    with pytest.raises(Refused) as taken:
        add(office, replace(twin, id="P-VL", effective_from=date(2010, 1, 1), effective_until=date(2010, 1, 2)))

    assert beside.value.reasons[0].startswith("Mức tạm ứng P-VL và P-TWIN cùng có hiệu lực từ ngày 01/01/2015")
    assert taken.value.reasons == ("Mức tạm ứng P-VL ghi hai lần; hãy đặt mã khác cho một dòng.",)


def test_a_rule_of_the_program_is_read_as_strictly_as_one_of_a_file(office: Any) -> None:
    own = rule(office, "P-VL")

    with pytest.raises(Refused) as refused:
        add(office, replace(own, id="P-X", activity=Activity.MACHINERY, percent=170))

    assert refused.value.reasons == ("Mức tạm ứng P-X: percent (percent) không được lớn hơn 100; hãy ghi lại.",)


def test_a_doubtful_rule_is_corrected_and_verified_on_the_word_of_a_document(office_on_both: Any) -> None:
    office = office_on_both

    change(office, "P-PACKAGING", percent=30, progress=20, papers=(Paper.VOUCHERS,))
    change(office, "P-PACKAGING", verified=True, basis="TT 36/2013/TT-BCT Điều 15 khoản 2")

    found = rule(office, "P-PACKAGING")
    assert (found.percent, found.progress, found.papers) == (30, 20, (Paper.VOUCHERS,))
    assert (found.verified, found.doubt, found.basis) == (True, "", "TT 36/2013/TT-BCT Điều 15 khoản 2")
    assert verify(office.store).ok


@pytest.mark.parametrize(
    ("code", "values", "reason"),
    [
        ("P-NOWHERE", {"percent": 1}, "Không có mức tạm ứng P-NOWHERE; hãy xem dean rules list."),
        ("P-VL", {"percent": 80}, "Mức tạm ứng P-VL đã kiểm chứng (Quy chế của tỉnh (minh họa)) nên không sửa percent"),
        ("P-VL", {"papers": ()}, "Mức tạm ứng P-VL đã kiểm chứng"),
        ("P-VL", {"route": Route.NATIONAL}, "Không sửa được route của mức tạm ứng P-VL"),
        ("P-VL", {"verified": False}, "Mức tạm ứng P-VL phải ghi lý do (doubt)"),
        ("P-PACKAGING", {"percent": 101}, "Mức tạm ứng P-PACKAGING: percent (percent) không được lớn hơn 100"),
        ("P-PACKAGING", {"percent": 70}, "Không có gì thay đổi so với dữ liệu đang ghi."),
        ("P-PACKAGING", {"papers": ()}, "Không có gì thay đổi so với dữ liệu đang ghi."),
    ],
)
def test_what_may_not_be_changed_is_refused(office: Any, code: str, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        change(office, code, **values)

    assert refused.value.reasons[0].startswith(reason)


@pytest.mark.parametrize("note", ["", "  "])
def test_every_change_needs_its_basis(office: Any, note: str) -> None:
    with pytest.raises(Refused) as changed:
        change(office, "P-VL", note=note, effective_until=date(2030, 1, 1))
    with pytest.raises(Refused) as added:
        add(office, replace(rule(office, "P-VL"), id="P-X", activity=Activity.MACHINERY), note=note)

    assert changed.value.reasons == added.value.reasons == ("Phải ghi căn cứ hoặc lý do thay đổi (--basis).",)
