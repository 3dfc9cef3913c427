"""Priority rules in the register, and the ranking of the candidates of a year by them."""

from datetime import date
from typing import Any

import pytest

from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.plan.ranking import placed_of, rank_plan
from models.priorities import add_priority, set_priority
from models.priority_file import read_priority_file, read_priority_row
from models.rulebook import rulebook, shipped_rulebook
from states.ranking import Ranking, Record
from states.refusal import Refused
from states.vocabulary import Kind, Route, Source

TRIEU = 1_000_000
SIGNED = {"signer": "Lê Minh Chi"}
RULE = {
    "id": "R-VL-OCOP",
    "criterion": "typical_product",
    "jurisdiction": "vinh-long",
    "route": "local",
    "points": 7,
    "basis": "Quy chế của tỉnh (minh họa)",
    "verified": True,
    "effective_from": date(2031, 1, 1),
}


def ranked(office: Any, on: date = date(2024, 6, 1), route: Route = Route.LOCAL) -> Ranking:
    with office.store.read() as session:
        return rank_plan(session, "KC-VL-2021-2025", 2024, route, on=on)


def codes(ranking: Ranking) -> list[str]:
    return [placed.candidate.code for placed in ranking.placed]


def test_register_begins_with_the_shipped_rules(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        known = rulebook(session).priorities

    assert known == read_priority_file() == shipped_rulebook().priorities


def test_rule_is_added_and_changed_by_events(office_on_both: Any) -> None:
    office = office_on_both
    changed = {"effective_until": date(2030, 12, 31)}

    with office.store.write() as session:
        set_priority(session, "R-VL-TYPICAL-PRODUCT-26", changed, note="Nghị quyết mới", origin=office.origin)
        add_priority(session, read_priority_row(RULE), note="Nghị quyết mới", origin=office.origin)

    with office.store.read() as session:
        added = rulebook(session).priorities[-1]
    assert (added.id, added.points, added.verified) == ("R-VL-OCOP", 7, True)
    office.prove()


def test_rule_in_force_beside_another_is_refused(office: Any) -> None:
    with (
        office.refusing(
            "Mức ưu tiên R-VL-TYPICAL-PRODUCT-26 và R-VL-OCOP cùng có hiệu lực từ ngày 01/01/2031 cho "
            "“Sản phẩm công nghiệp nông thôn tiêu biểu”; hãy sửa ngày hiệu lực của một trong hai."
        ),
        office.store.write() as session,
    ):
        add_priority(session, read_priority_row(RULE), note="Nghị quyết mới", origin=office.origin)


def test_candidates_are_ranked_by_what_the_register_knows(office_on_both: Any) -> None:
    office = office_on_both
    plain = office.bring(office.open(), "submitted")
    farm = office.bring(office.open(priorities=("farm_processing",)), "submitted")
    many = office.bring(office.open(expected_jobs=25), "submitted")
    model = office.bring(office.open(kind=Kind.MODEL), "submitted")
    office.open(priorities=("farm_processing",))

    ranking = ranked(office)

    assert codes(ranking) == [farm, many, plain, model]
    assert [placed.points for placed in ranking.placed] == [10, 5, 0, 0]
    assert [line.why for line in placed_of(ranking, many).lines] == ["dự kiến 25 lao động, từ 20 trở lên"]


def _owned_by_a_woman(office: Any) -> int:
    with office.store.write() as session:
        form = BeneficiaryForm(name="Cơ sở Bánh tráng Bà Năm", kind="household", women_owned=True)
        return add_beneficiary(session, form, office.origin)


def test_owner_counts_from_the_day_of_the_decree(office: Any) -> None:
    office.bring(office.open(beneficiaries=(_owned_by_a_woman(office),)), "submitted")

    before, since = (ranked(office, day).placed[0].points for day in (date(2025, 10, 14), date(2025, 10, 15)))

    assert (before, since) == (0, 5)


def test_name_withdrawn_is_no_owner_any_more(office: Any) -> None:
    from models.projects import amend

    code, other = office.open(beneficiaries=(_owned_by_a_woman(office),)), office.workshop("Xưởng khác")
    with office.store.write() as session:
        an = load_person(session, "an")
        amend(session, code, {}, by=an, origin=office.origin, beneficiaries=(other,))
    office.bring(code, "submitted")

    assert ranked(office, date(2025, 12, 1)).placed[0].points == 0


def test_record_of_a_unit_is_what_it_had_done_by_the_day(office_on_both: Any) -> None:
    office = office_on_both
    office.bring(office.open(), "settled")
    settled_on = office.today
    stopped = office.bring(office.open(), "underway")
    stop = {"number": "34/QĐ", "signer": "Lê Quang Trung", "note": "Giải thể", "decided_on": office.today}
    office.step(stopped, "stop", "binh", **stop)
    undone = office.bring(office.open(), "approved")
    office.step(undone, "revert", "chi", number="31/SCT", note="Ghi nhầm")
    office.bring(office.open(), "submitted")

    now = ranked(office, office.today).placed[0].candidate.record
    then = ranked(office, settled_on).placed[0].candidate.record

    assert (now, then) == (Record(approved=2, settled_on_time=1, stopped=1), Record(approved=1, settled_on_time=1))


def test_submission_that_was_undone_does_not_count(office: Any) -> None:
    code = office.bring(office.open(), "submitted")
    office.step(code, "revert", "bach", number="31/SCT", note="Ghi nhầm")
    office.bring(code, "submitted")

    [placed] = ranked(office).placed

    assert placed.candidate.submitted_on == office.today


def test_carried_projects_and_other_routes_are_not_ranked(office: Any) -> None:
    local = office.bring(office.open(), "submitted")
    national = office.bring(office.open(route=Route.NATIONAL, amounts={Source.NATIONAL_FUND: 200 * TRIEU}), "submitted")

    assert (codes(ranked(office)), codes(ranked(office, route=Route.NATIONAL))) == ([local], [national])


def test_project_that_is_not_ranked_cannot_be_explained(office: Any) -> None:
    with pytest.raises(Refused) as refused:
        placed_of(ranked(office), "KC-VL-2024-001")

    assert refused.value.reasons == (
        "“KC-VL-2024-001” không có trong bảng xếp hạng này; hãy kiểm tra mã, năm và tuyến.",
    )
