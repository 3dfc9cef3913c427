"""Support ceilings in the register: recorded, changed by events, and held against what the steps state."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from models import decisions
from models.append import Origin
from models.ceiling_file import read_ceiling_file
from models.ceilings import add_ceilings, set_ceiling
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.rulebook import rulebook
from models.verify import verify
from states.ceilings import CeilingRule
from states.refusal import Refused
from states.vocabulary import Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND = Source.NATIONAL_FUND
MACHINERY = "50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở; TT 28/2018/TT-BTC Điều 8 khoản 4"
EXCESS = (
    f"Vượt mức hỗ trợ tối đa 60.000.000 đồng ({MACHINERY});"
    " hãy giảm số tiền, hoặc ghi lý do và số quyết định cho phép vượt."
)
DOSSIER = (Paper.DOSSIER, Paper.SUPPORT_REQUEST)


def opened(office: Any, asked: int = 360 * TRIEU, **changes: Any) -> str:
    """A national draft, whose level no province sets; 360 triệu of 900 is 60 above what machinery may get."""
    form = {"route": Route.NATIONAL, "total_cost": 900 * TRIEU}
    amounts = {FUND: asked, Source.COUNTERPART: 100 * TRIEU}
    code: str = office.open(**(form | {"amounts": amounts} | changes))
    return code


def submit(office: Any, code: str, **typed: Any) -> Any:
    return office.step(code, "submit", "an", number="01/TTKC", papers=DOSSIER, **typed)


def appraised(office: Any, **changes: Any) -> str:
    """A project over the ceiling that was let through up to the clearance, each step with its reason."""
    code = opened(office, **changes)
    submit(office, code, override="Dây chuyền đồng bộ")
    office.step(code, "start_appraisal", "binh", number="02/SCT")
    office.step(
        code, "pass_appraisal", "chi", number="03/BB", signer="Lê Minh Chi", override="Hội đồng thẩm định đồng ý"
    )
    return str(office.bring(code, Stage.CLEARED))


def decide(office: Any, *lines: decisions.ApprovalLine, total: int) -> decisions.Approved:
    with office.store.write() as session:
        person = load_person(session, "binh")
        paper = decisions.DecisionPaper("77/QĐ-BCT", office.today, "Nguyễn Văn Bộ", total)
        return decisions.approve(session, lines, paper, by=person, at=office.at, door="test")


def last_event(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        found = session.connection().execute(
            text("SELECT e.body FROM event AS e JOIN project AS p ON p.last_event_id = e.id WHERE p.code = :code"),
            {"code": code},
        )
        body: dict[str, Any] = json.loads(found.scalar_one())
        return body


def change(office: Any, code: str, note: str = "Công văn 12/SCT", **values: Any) -> None:
    with office.store.write() as session:
        set_ceiling(session, code, values, note=note, origin=Origin(office.at, None, "test"))


def add(office: Any, *rules: CeilingRule, note: str = "Văn bản mới") -> None:
    with office.store.write() as session:
        add_ceilings(session, rules, note=note, origin=Origin(office.at, None, "test"))


def level(office: Any, code: str) -> CeilingRule:
    with office.store.read() as session:
        return next(rule for rule in rulebook(session).ceilings if rule.id == code)


# --- held against the steps ---------------------------------------------------------------------------


def test_a_fresh_register_knows_the_shipped_levels_for_its_province(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        book = rulebook(session)

    assert book.ceilings == read_ceiling_file()
    assert book.jurisdiction == "vinh-long"


def test_support_within_a_verified_level_passes_in_silence(office_on_both: Any) -> None:
    done = submit(office_on_both, opened(office_on_both, asked=300 * TRIEU))

    assert (done.to_stage, done.warnings) == (Stage.SUBMITTED, ())


def test_support_above_a_verified_level_is_refused_and_changes_nothing(office_on_both: Any) -> None:
    office = office_on_both
    code = opened(office)
    before = office.facts(code)

    with pytest.raises(Refused) as refused:
        submit(office, code)

    assert refused.value.reasons == (EXCESS,)
    assert office.facts(code) == before


def test_one_dong_above_the_percentage_is_refused_and_the_last_dong_within_is_not(office: Any) -> None:
    odd = 400 * TRIEU + 1
    within, above = opened(office, asked=200 * TRIEU, total_cost=odd), opened(office, 200 * TRIEU + 1, total_cost=odd)

    with pytest.raises(Refused) as refused:
        submit(office, above)

    assert submit(office, within).to_stage is Stage.SUBMITTED
    assert refused.value.reasons[0].startswith("Vượt mức hỗ trợ tối đa 1 đồng")


def test_all_reasons_are_told_at_once(office: Any) -> None:
    with pytest.raises(Refused) as refused:
        office.step(opened(office), "submit", "an", number="01/TTKC", papers=(Paper.DOSSIER,))

    assert [reason.split(";")[0].split(" (")[0] for reason in refused.value.reasons] == [
        "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng",
        "Vượt mức hỗ trợ tối đa 60.000.000 đồng",
    ]


def test_the_amount_typed_with_the_step_is_what_counts(office: Any) -> None:
    lowered = submit(office, opened(office), amounts={FUND: 300 * TRIEU})

    with pytest.raises(Refused) as refused:
        submit(office, opened(office, asked=300 * TRIEU), amounts={FUND: 360 * TRIEU})

    assert lowered.to_stage is Stage.SUBMITTED
    assert refused.value.reasons == (EXCESS,)


def test_an_override_lifts_the_refusal_and_stands_in_the_event(office_on_both: Any) -> None:
    office = office_on_both
    code = opened(office)

    done = submit(office, code, override="Dây chuyền đồng bộ")

    assert (done.to_stage, done.warnings) == (Stage.SUBMITTED, ())
    assert last_event(office, code)["more"] == {"override": "Dây chuyền đồng bộ"}
    assert verify(office.store).ok


def test_an_override_that_was_not_needed_is_not_recorded(office: Any) -> None:
    code = opened(office, asked=300 * TRIEU)

    done = submit(office, code, override="Cho chắc")

    assert done.warnings == ("Số tiền không vượt định mức nên không ghi lý do vượt.",)
    assert last_event(office, code)["more"] == {}


def test_an_override_on_a_step_that_states_no_support_is_refused(office: Any) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)

    with pytest.raises(Refused) as refused:
        office.step(code, "start_appraisal", "binh", number="02", override="Cho chắc")

    assert refused.value.reasons == (
        "Bước «Bắt đầu thẩm định» không nâng mức hỗ trợ; hãy bỏ lý do vượt định mức (--override).",
    )


def test_appraisal_is_held_against_the_ceiling_again(office: Any) -> None:
    code = opened(office)
    submit(office, code, override="Dây chuyền đồng bộ")
    office.step(code, "start_appraisal", "binh", number="02/SCT")

    with pytest.raises(Refused) as refused:
        office.step(code, "pass_appraisal", "chi", number="03/BB", signer="Lê Minh Chi")
    cut = office.step(code, "pass_appraisal", "chi", number="03/BB", signer="Lê Minh Chi", amounts={FUND: 300 * TRIEU})

    assert refused.value.reasons == (EXCESS,)
    assert (cut.to_stage, cut.warnings) == (Stage.APPRAISED, ())


def test_each_line_of_a_decision_needs_its_own_override(office_on_both: Any) -> None:
    office = office_on_both
    # Two machines of different kinds: support given twice would be told beside the ceiling.
    first, second = appraised(office, equipment="Máy đóng gói"), appraised(office, equipment="Lò sấy củi trấu")
    reason = "Bộ đồng ý tại quyết định"

    with pytest.raises(Refused) as refused:
        decide(
            office, decisions.ApprovalLine(first, override=reason), decisions.ApprovalLine(second), total=720 * TRIEU
        )
    lines = [decisions.ApprovalLine(code, override=reason) for code in (first, second)]
    done = decide(office, *lines, total=720 * TRIEU)

    assert refused.value.reasons == (f"{second}: {EXCESS}",)
    assert [(step.to_stage, step.warnings) for step in done.projects] == [(Stage.APPROVED, ())] * 2
    assert last_event(office, second)["more"] == {"override": reason, "decision": done.decision_id}


# --- what cannot be known refuses nobody and is never silent ------------------------------------------


def test_an_unverified_level_warns_and_does_not_refuse(office_on_both: Any) -> None:
    office = office_on_both
    code = opened(office, asked=40 * TRIEU, activity="showroom", total_cost=140 * TRIEU)

    done = submit(office, code)

    verdict, excess = done.warnings
    assert done.to_stage is Stage.SUBMITTED
    assert "chưa kiểm chứng" in verdict
    assert excess.startswith("Vượt mức hỗ trợ tối đa 5.000.000 đồng")


def test_an_override_of_an_unverified_level_is_recorded_too(office: Any) -> None:
    code = opened(office, asked=40 * TRIEU, activity="showroom", total_cost=140 * TRIEU)

    done = submit(office, code, override="Theo thông lệ của tỉnh")

    assert [warning for warning in done.warnings if "Vượt mức" in warning] == []
    assert last_event(office, code)["more"] == {"override": "Theo thông lệ của tỉnh"}


def test_an_activity_without_a_level_warns(office: Any) -> None:
    done = submit(office, opened(office, activity="nuôi tôm"))

    assert done.warnings == (
        "Tại ngày 03/01/2024 chưa có định mức cho hoạt động “nuôi tôm” (không có trong danh mục), nguồn khuyến công "
        "quốc gia; cần nhập quy định rồi tính lại.",
    )


def test_an_activity_is_understood_by_its_label_too(office: Any) -> None:
    with pytest.raises(Refused) as refused:
        submit(office, opened(office, activity="Ứng dụng máy móc tiên tiến, chuyển giao công nghệ"))

    assert refused.value.reasons == (EXCESS,)


def test_a_project_without_a_cost_warns_that_nothing_was_compared(office: Any) -> None:
    done = submit(office, opened(office, asked=900 * TRIEU, total_cost=0))

    assert (done.to_stage, len(done.warnings)) == (Stage.SUBMITTED, 1)
    assert done.warnings[0].startswith("Chưa ghi tổng kinh phí của đề án nên chưa đối chiếu được với mức 50%")


def test_the_local_route_says_that_the_province_has_no_level_of_its_own(office: Any) -> None:
    done = submit(office, office.open())

    [warning] = done.warnings
    assert warning.startswith("Chưa nhập định mức của địa phương (vinh-long) cho “Ứng dụng máy móc")


# --- the cap is granted for each ----------------------------------------------------------------------


def test_a_cap_for_each_workshop_counts_the_workshops_named_and_not_the_target(office: Any) -> None:
    one = opened(office, total_cost=900 * TRIEU, targets={"T2_2": 3})
    with office.store.write() as session:
        second = add_beneficiary(session, BeneficiaryForm(name="Cơ sở Kẹo dừa", kind="household"), office.origin)
    two = opened(office, beneficiaries=(office.beneficiary, second))

    with pytest.raises(Refused) as refused:
        submit(office, one)
    done = submit(office, two)

    assert refused.value.reasons == (EXCESS,)
    assert done.warnings == ("Tính chung cho 2 cơ sở; hãy kiểm tra để mỗi cơ sở không quá 300.000.000 đồng.",)


def test_a_group_that_names_nobody_yet_counts_by_its_target(office: Any) -> None:
    code = opened(office, kind="group", beneficiaries=(), targets={"T2_2": 3}, asked=450 * TRIEU)

    done = submit(office, code)

    assert done.warnings == ("Tính chung cho 3 cơ sở; hãy kiểm tra để mỗi cơ sở không quá 300.000.000 đồng.",)


# --- a project keeps the rules of its time ------------------------------------------------------------


def test_a_new_level_does_not_move_a_project_approved_under_the_old_one(office_on_both: Any) -> None:
    office = office_on_both
    old, waiting = (office.bring(opened(office, asked=280 * TRIEU), Stage.CLEARED) for _ in range(2))
    office.approve(old, total=280 * TRIEU, number="1/QĐ-BCT")
    machinery = level(office, "C-MACHINERY")
    office.at = datetime(2024, 6, 1, 1, tzinfo=UTC)
    change(office, "C-MACHINERY", effective_until=date(2024, 5, 31))
    add(office, replace(machinery, id="C-MACHINERY-2024", cap=200 * TRIEU, effective_from=date(2024, 6, 1)))
    paper = {"number": "5/QĐ", "signer": "Nguyễn Văn Bộ", "note": "Bổ sung máy", "decided_on": date(2024, 6, 2)}

    raised = office.step(old, "amend_approval", "binh", amounts={FUND: 300 * TRIEU}, **paper)
    with pytest.raises(Refused) as too_much:
        office.step(old, "amend_approval", "binh", amounts={FUND: 301 * TRIEU}, **(paper | {"number": "6/QĐ"}))
    with pytest.raises(Refused) as too_late:
        office.approve(waiting, total=280 * TRIEU, number="2/QĐ-BCT")

    assert (raised.warnings, office.facts(old).approved_now()) == ((), 300 * TRIEU)
    assert too_much.value.reasons[0].startswith(f"Vượt mức hỗ trợ tối đa 1.000.000 đồng ({MACHINERY})")
    assert too_late.value.reasons[0].startswith(f"{waiting}: Vượt mức hỗ trợ tối đa 80.000.000 đồng (50%")
    assert verify(office.store).ok


def test_an_amendment_that_lowers_an_overridden_support_needs_no_new_override(office: Any) -> None:
    code = appraised(office)
    decide(office, decisions.ApprovalLine(code, override="Bộ đồng ý"), total=360 * TRIEU)

    lowered = office.step(
        code,
        "amend_approval",
        "binh",
        number="5/QĐ",
        signer="Nguyễn Văn Bộ",
        note="Giảm số máy",
        decided_on=office.today,
        amounts={FUND: 350 * TRIEU},
    )

    assert (lowered.warnings, office.facts(code).approved_now()) == ((), 350 * TRIEU)


# --- changing the levels ------------------------------------------------------------------------------


def test_the_level_of_the_province_wins_on_the_local_route_only(office_on_both: Any) -> None:
    office = office_on_both
    own = replace(
        level(office, "C-MACHINERY"),
        id="C-VL-MACHINERY",
        jurisdiction="vinh-long",
        route=Route.LOCAL,
        cap=250 * TRIEU,
        basis="NQ 11/2025/NQ-HĐND Điều 5",
    )
    add(office, own)

    national = submit(office, opened(office, asked=300 * TRIEU))
    with pytest.raises(Refused) as refused:
        submit(office, office.open())

    assert national.warnings == ()
    assert refused.value.reasons[0].startswith("Vượt mức hỗ trợ tối đa 50.000.000 đồng (50% chi phí hợp lệ, tối đa 250")


def test_a_level_that_would_hold_beside_another_is_refused(office: Any) -> None:
    twin = replace(level(office, "C-MACHINERY"), id="C-TWIN")

    with pytest.raises(Refused) as beside:
        add(office, twin)
    with pytest.raises(Refused) as taken:
        add(office, level(office, "C-MACHINERY"))

    assert beside.value.reasons[0].startswith("Định mức C-MACHINERY và C-TWIN cùng có hiệu lực từ ngày 11/05/2018")
    assert taken.value.reasons[0] == "Định mức C-MACHINERY ghi hai lần; hãy đặt mã khác cho một dòng."


def test_an_unverified_level_is_corrected_and_verified_on_the_word_of_a_document(office_on_both: Any) -> None:
    office = office_on_both

    change(office, "C-SHOWROOM", cap=50 * TRIEU, verified=True, basis="TT 28/2018/TT-BTC Điều 8 khoản 9")

    found = level(office, "C-SHOWROOM")
    assert (found.cap, found.verified, found.doubt) == (50 * TRIEU, True, "")
    assert verify(office.store).ok
    with pytest.raises(Refused):
        submit(office, opened(office, asked=60 * TRIEU, activity="showroom", total_cost=140 * TRIEU))


@pytest.mark.parametrize(
    ("code", "values", "reason"),
    [
        ("C-NOWHERE", {"notes": "x"}, "Không có định mức C-NOWHERE; hãy xem dean rules list."),
        ("C-MACHINERY", {"cap": 400 * TRIEU}, "Định mức C-MACHINERY đã kiểm chứng"),
        ("C-MACHINERY", {"jurisdiction": "vinh-long"}, "Không sửa được jurisdiction của định mức C-MACHINERY"),
        ("C-MACHINERY", {"verified": False}, "Định mức C-MACHINERY phải ghi lý do (doubt)"),
        ("C-MACHINERY", {"effective_until": date(2018, 1, 1)}, "Định mức C-MACHINERY hết hiệu lực trước khi có"),
        ("C-SHOWROOM", {"percent": 0}, "Định mức C-SHOWROOM: percent (percent) không được nhỏ hơn 1"),
        ("C-SHOWROOM", {"cap": 2**63}, "Định mức C-SHOWROOM: cap (cap) không được lớn hơn"),
        ("C-SHOWROOM", {"cap": 35 * TRIEU}, "Không có gì thay đổi so với dữ liệu đang ghi."),
    ],
)
def test_what_may_not_be_changed_is_refused(office: Any, code: str, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        change(office, code, **values)

    assert refused.value.reasons[0].startswith(reason)


def test_a_verified_level_can_be_doubted_and_then_corrected(office: Any) -> None:
    change(office, "C-MACHINERY", verified=False, doubt="đọc nhầm văn bản")
    change(office, "C-MACHINERY", cap=250 * TRIEU)

    assert (level(office, "C-MACHINERY").cap, level(office, "C-MACHINERY").doubt) == (250 * TRIEU, "đọc nhầm văn bản")


@pytest.mark.parametrize("note", ["", "  "])
def test_every_change_needs_its_basis(office: Any, note: str) -> None:
    with pytest.raises(Refused) as changed:
        change(office, "C-MACHINERY", note=note, notes="x")
    with pytest.raises(Refused) as added:
        add(office, replace(level(office, "C-MACHINERY"), id="C-X", effective_from=date(2030, 1, 1)), note=note)

    assert changed.value.reasons == added.value.reasons == ("Phải ghi căn cứ hoặc lý do thay đổi (--basis).",)


def test_a_change_that_was_taken_back_leaves_nothing_in_the_rulebook(office: Any) -> None:
    seen: list[int | None] = []

    with pytest.raises(Refused):
        _change_and_take_back(office, seen)
    # The next event gets the number of the one that was taken back.
    change(office, "C-SHOWROOM", cap=45 * TRIEU)

    assert (seen, level(office, "C-SHOWROOM").cap) == ([1], 45 * TRIEU)


def _change_and_take_back(office: Any, seen: list[int | None]) -> None:
    with office.store.write() as session:
        set_ceiling(session, "C-SHOWROOM", {"cap": 1}, note="Thử", origin=Origin(office.at, None, "test"))
        seen += [rule.cap for rule in rulebook(session).ceilings if rule.id == "C-SHOWROOM"]
        raise Refused("Người dùng đổi ý.")
