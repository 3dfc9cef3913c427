"""Change what a project says: its beneficiaries, its draft's content and targets, its days."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models import projects
from models.append import Origin
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.naming import beneficiaries_of
from models.people import add_beneficiary
from models.queries.histories import history
from models.verify import verify
from states.refusal import Refused
from states.vocabulary import Kind, MoneyKind, Paper, Route, Source, Stage

SUBMITTED = "Hồ sơ đã nộp; chỉ điều phối viên của Sở sửa được sai sót, kèm lý do."
NOTED = "Phải ghi lý do sửa (--note)."
ONLY_A_DRAFT = (
    "Nội dung và chỉ tiêu chỉ sửa được khi đề án còn là bản nháp; "
    "đề án đã nộp thì rút hồ sơ rồi lập đề án khác, đã phê duyệt thì đề nghị điều chỉnh."
)
SUBMISSION = {"number": "1/TTKC", "papers": (Paper.DOSSIER, Paper.SUPPORT_REQUEST)}
UNCHANGED = "Không có gì thay đổi so với dữ liệu đang ghi."


def by_adjustment(code: str, decider: str) -> str:
    return (
        f"Đề án đã được phê duyệt; đơn vị thụ hưởng chỉ thay đổi theo quyết định điều chỉnh của {decider}, "
        f"hãy ghi đề nghị điều chỉnh (dean adjust request {code} --beneficiary SỐ)."
    )


def another(office: Any, name: str = "Hợp tác xã Dừa") -> int:
    with office.store.write() as session:
        return add_beneficiary(session, BeneficiaryForm(name=name, kind="cooperative"), office.origin)


def amend(office: Any, code: str, by: str, **typed: Any) -> None:
    """Change a project a day later; what amend has no name for are columns."""
    office.at += timedelta(days=1)
    named = {word: typed.pop(word) for word in ("note", "beneficiaries", "content", "targets") if word in typed}
    with office.store.write() as session:
        person = load_person(session, by)
        origin = Origin(office.at, person.id, "test")
        projects.amend(session, code, typed, by=person, origin=origin, **named)


def refusals(office: Any, code: str, by: str, **typed: Any) -> tuple[str, ...]:
    """The reasons for which a change is refused; nothing is written then."""
    with office.store.read() as session:
        before = history(session, code)
    with pytest.raises(Refused) as refused:
        amend(office, code, by, **typed)
    with office.store.read() as session:
        assert history(session, code) == before
    return refused.value.reasons


def named(office: Any, code: str) -> list[int]:
    with office.store.read() as session:
        found = session.connection().execute(text("SELECT id FROM project WHERE code = :code"), {"code": code})
        return beneficiaries_of(session, found.scalar_one())


def last_event(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        return history(session, code)[-1]


def balances(office: Any, table: str) -> list[tuple[Any, ...]]:
    columns = {"contribution": "target_code, planned, approved", "funding": "source, content_no, asked"}[table]
    with office.store.read() as session:
        return [tuple(row) for row in session.connection().execute(text(f"SELECT {columns} FROM {table} ORDER BY 1"))]


# --- beneficiaries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "decider"), [(Route.LOCAL, "UBND tỉnh"), (Route.NATIONAL, "Cục quản lý khuyến công")]
)
@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.CONTRACTED, Stage.UNDERWAY])
@pytest.mark.parametrize("by", ["an", "binh"])
def test_beneficiary_of_an_approved_project_changes_only_by_adjustment(
    office: Any, by: str, stage: Stage, route: Route, decider: str
) -> None:
    other = another(office)
    code = office.bring(office.open(route=route), stage)
    reason = by_adjustment(code, decider)

    swapped = refusals(office, code, by, beneficiaries=(other,), note="Đổi cơ sở")
    added = refusals(office, code, by, beneficiaries=(office.beneficiary, other), note="Thêm cơ sở")

    assert (swapped, added) == ((reason,), (reason,))
    assert named(office, code) == [office.beneficiary]


@pytest.mark.parametrize("by", ["an", "binh"])
@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.APPROVED])
def test_group_project_names_more_beneficiaries_until_the_contract(office: Any, stage: Stage, by: str) -> None:
    other = another(office)
    code = office.bring(office.open(kind=Kind.GROUP), stage)

    silent = refusals(office, code, by, beneficiaries=(office.beneficiary, other))
    outsiders = [
        refusals(office, code, who, beneficiaries=(office.beneficiary, other), note="Xét chọn")
        for who in ("chi", "yen", "em")
    ]
    amend(office, code, by, beneficiaries=(other, office.beneficiary), note="Xét chọn")

    assert silent == (NOTED,)
    assert outsiders[0] == (SUBMITTED,)
    assert named(office, code) == [office.beneficiary, other]
    assert (last_event(office, code)["action"], last_event(office, code)["note"]) == ("edit", "Xét chọn")


def test_group_project_loses_no_beneficiary_after_approval(office: Any) -> None:
    other = another(office)
    code = office.bring(office.open(kind=Kind.GROUP), Stage.APPROVED)
    reason = by_adjustment(code, "UBND tỉnh")

    swapped = refusals(office, code, "an", beneficiaries=(other,), note="Cơ sở xin thôi")
    emptied = refusals(office, code, "binh", beneficiaries=(), note="Cơ sở xin thôi")

    assert (swapped, emptied) == ((reason,), (reason,))


def test_group_project_names_nobody_after_the_contract(office: Any) -> None:
    other = another(office)
    code = office.bring(office.open(kind=Kind.GROUP), Stage.CONTRACTED)

    added = refusals(office, code, "binh", beneficiaries=(office.beneficiary, other), note="Xét chọn")

    assert added == (by_adjustment(code, "UBND tỉnh"),)


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.APPRAISING, Stage.CLEARED])
def test_coordinator_corrects_a_beneficiary_until_approval(office: Any, stage: Stage) -> None:
    other = another(office)
    code = office.bring(office.open(), stage)

    others = [refusals(office, code, by, beneficiaries=(other,), note="Ghi nhầm cơ sở") for by in ("an", "chi", "dung")]
    silent = refusals(office, code, "binh", beneficiaries=(other,))
    amend(office, code, "binh", beneficiaries=(other,), note="Ghi nhầm cơ sở")

    assert (others, silent) == ([(SUBMITTED,)] * 3, (NOTED,))
    assert named(office, code) == [other]
    assert last_event(office, code)["action"] == "correct"
    assert verify(office.store).problems == ()


def test_unit_renames_beneficiaries_of_a_dossier_on_its_own_desk(office: Any) -> None:
    other = another(office)
    code = office.bring(office.open(), Stage.SUBMITTED)
    office.step(code, "return", "binh", number="2/SCT", note="Nhầm cơ sở", missing=("dossier",))

    amend(office, code, "an", beneficiaries=(other,))

    assert named(office, code) == [other]


def test_beneficiary_of_an_ended_project_stays(office: Any) -> None:
    other = another(office)
    settled = office.bring(office.open(), Stage.SETTLED)
    withdrawn = office.open()
    office.bring(withdrawn, Stage.SUBMITTED)
    office.step(withdrawn, "withdraw", "an", number="5/TTKC", note="Cơ sở xin thôi")

    reasons = [refusals(office, code, "binh", beneficiaries=(other,), note="Nhầm") for code in (settled, withdrawn)]

    assert [found[0].partition("»")[0] for found in reasons] == [
        f"Ở giai đoạn «{stage.label}" for stage in (Stage.SETTLED, Stage.WITHDRAWN)
    ]


def test_naming_the_same_beneficiaries_again_changes_nothing(office: Any) -> None:
    code = office.bring(office.open(), Stage.APPROVED)

    again = refusals(office, code, "binh", beneficiaries=(office.beneficiary,), note="Ghi lại")

    assert again == (UNCHANGED,)


# --- the plan of a draft ------------------------------------------------------------------------------


def test_draft_changes_its_content_and_targets_with_its_balances(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open(targets={"T2_2": 3, "T2_1": 2})

    amend(office, code, "an", content=3, targets={"T2_2": 1, "T3_4": 5})

    assert office.facts(code).quantities == {"T2_2": 1, "T3_4": 5}
    assert balances(office, "contribution") == [("T2_1", 0, 0), ("T2_2", 1, 0), ("T3_4", 5, 0)]
    assert {content for _, content, _ in balances(office, "funding")} == {3}
    told = last_event(office, code)
    assert [(change["label"], change["old"], change["new"]) for change in told["changes"]] == [
        ("Nội dung", 2, 3),
        ("Chỉ tiêu", "T2_1=2; T2_2=3", "T2_2=1; T3_4=5"),
    ]
    assert told["quantities"] == [
        {"target": "T2_1", "kind": "planned", "quantity": -2},
        {"target": "T2_2", "kind": "planned", "quantity": -2},
        {"target": "T3_4", "kind": "planned", "quantity": 5},
    ]
    assert verify(office.store).problems == ()


def test_target_dropped_from_a_draft_comes_back_on_its_old_balance(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open()

    amend(office, code, "an", targets={"T3_4": 1, "T2_1": 0})
    amend(office, code, "an", targets={"T2_2": 4})

    assert office.facts(code).quantities == {"T2_2": 4}
    assert balances(office, "contribution") == [("T2_2", 4, 0), ("T3_4", 0, 0)]
    assert verify(office.store).problems == ()


def test_draft_without_any_target_left_is_not_submitted(office: Any) -> None:
    code = office.open()
    amend(office, code, "an", targets={"T2_2": 0})

    with pytest.raises(Refused) as refused:
        office.step(code, "submit", "an", **SUBMISSION)

    assert refused.value.reasons == (
        "Chưa ghi chỉ tiêu mà đề án đóng góp; hãy ghi chỉ tiêu và số lượng của chương trình.",
    )


def test_dropped_target_is_neither_approved_nor_accepted(office: Any) -> None:
    code = office.open()
    amend(office, code, "an", targets={"T2_1": 2})

    office.bring(code, Stage.ACCEPTED)

    assert balances(office, "contribution") == [("T2_1", 2, 2), ("T2_2", 0, 0)]
    assert office.facts(code).amount(MoneyKind.ACCEPTED, Source.LOCAL_FUND) == 300_000_000
    assert verify(office.store).problems == ()


def test_plan_of_a_draft_is_checked_as_when_it_was_opened(office: Any) -> None:
    code = office.open()

    unknown = refusals(office, code, "an", content=77, targets={"T9_9": 0})
    with pytest.raises(Refused) as opened:
        office.open(content=77, targets={"T9_9": 0})
    impossible = refusals(office, code, "an", targets={"T2_2": -1, "T2_1": 2**63})

    assert unknown == opened.value.reasons
    assert impossible == ("Số lượng của chỉ tiêu T2_1, T2_2 phải từ 0 đến 9223372036854775807; hãy ghi lại.",)


@pytest.mark.parametrize("plan", [{"content": 3}, {"targets": {"T2_2": 2}}, {"targets": {}}])
def test_plan_changes_in_a_draft_only(office: Any, plan: dict[str, Any]) -> None:
    submitted = office.bring(office.open(), Stage.SUBMITTED)
    returned = office.bring(office.open(), Stage.SUBMITTED)
    office.step(returned, "return", "binh", number="2/SCT", note="Thiếu", missing=("dossier",))

    corrected = refusals(office, submitted, "binh", note="Gõ nhầm", **plan)
    completed = refusals(office, returned, "an", **plan)

    assert (corrected, completed) == ((ONLY_A_DRAFT,), (ONLY_A_DRAFT,))


def test_plan_of_a_draft_is_not_for_outsiders(office: Any) -> None:
    code = office.open()

    reasons = [refusals(office, code, by, targets={"T2_2": 2}) for by in ("yen", "em", "hanh")]

    assert [len(found) > 0 for found in reasons] == [True, True, True]
    assert office.facts(code).quantities == {"T2_2": 1}


def test_plan_that_stands_already_changes_nothing(office: Any) -> None:
    code = office.open()

    assert refusals(office, code, "an", content=2, targets={"T2_2": 1}) == (UNCHANGED,)


@pytest.mark.parametrize("column", ["plan_year", "content_no", "stage"])
def test_columns_outside_the_form_are_refused(office: Any, column: str) -> None:
    code = office.open()

    [reason] = refusals(office, code, "an", **{column: 2025})

    assert reason.startswith(f"Không sửa được {column} ở đây")


# --- days ---------------------------------------------------------------------------------------------


def test_work_does_not_end_before_it_starts(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open(starts_on="2024-03-01", ends_on="2024-09-30")
    reason = "Ngày bắt đầu sau ngày kết thúc; hãy kiểm tra hai ngày."

    late = refusals(office, code, "an", starts_on="2024-10-01")
    early = refusals(office, code, "an", ends_on="2024-02-29")
    amend(office, code, "an", starts_on="2024-10-01", ends_on="2024-10-01")

    assert (late, early) == ((reason,), (reason,))
    assert last_event(office, code)["seq"] == 2


# --- what was approved, delivered, settled ------------------------------------------------------------

LATER = {"starts_on": "2024-03-02", "ends_on": "2024-09-29", "total_cost": 999_000_000}


@pytest.mark.parametrize(
    ("stage", "begins"),
    [
        (Stage.APPROVED, "Đề án đã được phê duyệt; ngày bắt đầu, ngày kết thúc, tổng kinh phí chỉ thay đổi theo"),
        (Stage.UNDERWAY, "Đề án đã được phê duyệt; ngày bắt đầu, ngày kết thúc, tổng kinh phí chỉ thay đổi theo"),
        (Stage.ACCEPTED, "Đề án đã nghiệm thu; ngày bắt đầu, ngày kết thúc, tổng kinh phí là điều đã nghiệm thu"),
        (Stage.SETTLING, "Đề án đã nghiệm thu; ngày bắt đầu, ngày kết thúc, tổng kinh phí là điều đã nghiệm thu"),
        (Stage.SETTLED, "Đề án đã kết thúc; ngày bắt đầu, ngày kết thúc, tổng kinh phí giữ nguyên như đã chốt"),
    ],
)
def test_days_and_cost_are_fixed_from_the_approval_on(office: Any, stage: Stage, begins: str) -> None:
    code = office.bring(office.open(starts_on="2024-03-01", ends_on="2024-09-30"), stage)

    [reason] = refusals(office, code, "binh", note="Gõ nhầm", **LATER)

    assert reason.startswith(begins)


def test_a_settled_project_keeps_its_name(office: Any) -> None:
    settled, accepted = (office.bring(office.open(), stage) for stage in (Stage.SETTLED, Stage.ACCEPTED))

    [reason] = refusals(office, settled, "binh", name="Tên khác", expected_jobs=7, note="Gõ nhầm")
    amend(office, accepted, "binh", name="Tên đúng", note="Gõ nhầm")

    assert reason.startswith("Đề án đã kết thúc; tên đề án, lao động dự kiến giữ nguyên như đã chốt")
    assert last_event(office, accepted)["label"] == "Sửa sai sót"
