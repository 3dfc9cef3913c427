"""The reads for the doors: what is found, how a past day is rebuilt, and who may see what."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models import queries
from models.append import Origin
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary, add_person
from models.projects import amend
from models.store import open_store
from states.facts import Asked, Person
from states.refusal import Refused
from states.vocabulary import Role, Route, Source, Stage, State

FAR = date(2099, 12, 31)
OLD_PLACE, NEW_PLACE, OTHER_PLACE = "vl-p-phuong-9", "vlm-p-long-chau", "vlm-p-thanh-duc"


def _reader(office: Any, code: str) -> Person:
    with office.store.read() as session:
        return load_person(session, code)


def _list(office: Any, **filters: Any) -> list[str]:
    with office.store.read() as session:
        return [row["code"] for row in queries.list_projects(session, **filters)]


def _show(office: Any, code: str, **axes: Any) -> dict[str, Any]:
    with office.store.read() as session:
        return queries.show_project(session, code, **axes)


def _amend(office: Any, code: str, by: str, **typed: Any) -> None:
    office.at += timedelta(days=1)
    note, beneficiaries = typed.pop("note", ""), typed.pop("beneficiaries", None)
    with office.store.write() as session:
        person = load_person(session, by)
        origin = Origin(office.at, person.id, "test")
        amend(session, code, typed, by=person, origin=origin, note=note, beneficiaries=beneficiaries)


# --- lists --------------------------------------------------------------------------------------------


def test_lists_filter_by_what_a_project_is(office_on_both: Any) -> None:
    office = office_on_both
    local = office.bring(office.open(place=OLD_PLACE), Stage.SUBMITTED)
    national = office.open(by="yen", unit="hoi", route=Route.NATIONAL, plan_year=2025, content=3, targets={"T3_4": 1})
    everything = [local, national]

    assert _list(office) == everything
    assert _list(office, programme="KC-VL-2021-2025") == everything
    assert _list(office, programme="KC-VL-2026-2030") == []
    assert [_list(office, year=year) for year in (2024, 2025, 2023)] == [[local], [national], []]
    assert [_list(office, route=route) for route in Route] == [[local], [national]]
    assert [_list(office, content=content) for content in (2, 3, 4)] == [[local], [national], []]
    assert [_list(office, unit=unit) for unit in ("ttkc", "hoi")] == [[local], [national]]
    assert [_list(office, stage=stage) for stage in (Stage.SUBMITTED, Stage.DRAFT)] == [[local], [national]]
    assert [_list(office, state=state) for state in (State.PROPOSED, State.APPRAISED)] == [everything, []]


def test_a_place_stands_for_all_that_it_took_over(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open(place=OLD_PLACE)
    office.open()

    found = [
        _list(office, place=place) for place in (OLD_PLACE, "vl-tp-vinh-long", "vl", NEW_PLACE, "vlm", OTHER_PLACE)
    ]

    assert found == [[code], [code], [code], [code], [code], []]


@pytest.mark.parametrize("name", ["programme", "unit", "place"])
def test_an_unknown_code_is_refused_and_no_empty_list(office: Any, name: str) -> None:
    with pytest.raises(Refused, match="«không có»; hãy kiểm tra mã"):
        _list(office, **{name: "không có"})


def test_lists_carry_the_state_money_and_labels(office: Any) -> None:
    office.bring(office.open(route=Route.NATIONAL), Stage.REVIEWING)

    with office.store.read() as session:
        [row] = queries.list_projects(session)

    assert [row[kind] for kind in ("asked", "appraised", "approved", "settled")] == [300_000_000, 300_000_000, 0, 0]
    assert (row["state_label"], row["stage_label"]) == ("Thẩm định", "Cục đang thẩm định cấp Bộ")


def test_search_wants_every_word_without_accents(office_on_both: Any) -> None:
    office = office_on_both
    packing = office.open(name="Hỗ trợ thiết bị đóng gói")
    drying = office.open(name="Hỗ trợ thiết bị sấy", beneficiaries=(), objectives="Giảm 100% phế phẩm, x_y")

    def found(words: str) -> list[str]:
        with office.store.read() as session:
            return [row["code"] for row in queries.search(session, words)]

    assert found("thiet bi") == [packing, drying]
    assert found("THIẾT BỊ dong goi") == [packing]
    assert found("goi tau hu ky") == [packing]
    assert found("9900912345") == [packing]
    assert found(drying.lower()) == [drying]
    assert found("thiet bi khac") == []
    assert (found("100%"), found("0%0"), found("x_y"), found("x__y"), found("!")) == ([drying], [], [drying], [], [])


def test_search_forgets_a_beneficiary_whose_name_was_withdrawn(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open()
    with office.store.write() as session:
        form = BeneficiaryForm(name="Hợp tác xã Dừa", kind="cooperative")
        other = add_beneficiary(session, form, office.origin)

    _amend(office, code, "an", beneficiaries=(other,))

    assert [_list(office, words=words) for words in ("tau hu ky", "hop tac xa dua")] == [[], [code]]


def test_search_without_a_word_is_refused(office: Any) -> None:
    with pytest.raises(Refused, match="Chưa có từ khóa; hãy gõ vài từ"):
        _list(office, words="  \u0301 ")


def test_pages_are_bounded(office: Any) -> None:
    codes = [office.open() for _ in range(3)]

    assert _list(office, limit=2) == codes[:2]
    assert _list(office, limit=2, offset=2) == codes[2:]
    for wrong in ({"limit": 0}, {"limit": 5000}, {"offset": -1}, {"offset": 2**63}):
        with pytest.raises(Refused):
            _list(office, **wrong)


# --- who may see what ---------------------------------------------------------------------------------


def test_the_scope_is_part_of_every_read_of_projects(office_on_both: Any) -> None:
    office = office_on_both
    own = office.bring(office.open(place=OTHER_PLACE), Stage.SUBMITTED)
    near = office.bring(office.open(place=OLD_PLACE), Stage.APPROVED)
    foreign_draft = office.open(by="yen", unit="hoi", place=NEW_PLACE)
    seen = {
        "an": {own, near},
        "yen": {foreign_draft},
        "hanh": {near},
        **{code: {own, near, foreign_draft} for code in ("binh", "chi", "dung", "em", "giang")},
    }

    for code, visible in seen.items():
        reader = _reader(office, code)
        with office.store.read() as session:
            assert {row["code"] for row in queries.list_projects(session, reader=reader)} == visible
            assert {row["code"] for row in queries.search(session, "may moc", reader=reader)} == visible
            waiting = queries.waiting_longest(session, at=office.at, reader=reader)
            assert {row["code"] for row in waiting} == visible - {foreign_draft}
            [decision] = queries.decisions(session, reader=reader)
            assert set(decision["projects"]) == visible & {near}
            for project in (own, near, foreign_draft):
                if project in visible:
                    assert queries.show_project(session, project, reader=reader)["code"] == project
                    assert queries.history(session, project, reader=reader)[0]["action"] == "open"
                    queries.refuse_hidden(session, project, reader)
                    continue
                for read in (queries.show_project, queries.history):
                    with pytest.raises(Refused, match=f"Không có đề án {project} trong phạm vi xem của"):
                        read(session, project, reader=reader)
                with pytest.raises(Refused):
                    queries.refuse_hidden(session, project, reader)


def test_a_viewer_sees_beneficiaries_of_the_own_area_only(office_on_both: Any) -> None:
    office = office_on_both
    with office.store.write() as session:
        near = BeneficiaryForm(name="Cơ sở Gần", kind="household", place=OLD_PLACE)
        far = BeneficiaryForm(name="Cơ sở Xa", kind="household", place=OTHER_PLACE)
        for form in (near, far):
            add_beneficiary(session, form, office.origin)

    def names(code: str, words: str | None = None) -> list[str]:
        reader = _reader(office, code)
        with office.store.read() as session:
            return [row["name"] for row in queries.beneficiaries(session, words=words, reader=reader)]

    assert names("hanh") == ["Cơ sở Gần"]
    assert names("an") == names("em") == ["Cơ sở Tàu hủ ky Mỹ Hòa", "Cơ sở Gần", "Cơ sở Xa"]
    assert (names("an", "co so xa"), names("an", "99009")) == (["Cơ sở Xa"], ["Cơ sở Tàu hủ ky Mỹ Hòa"])


# --- sheets, today and on a past day ------------------------------------------------------------------


def _without_axes(sheet: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sheet.items() if key not in ("as_of", "known_on")}


def _returned_and_reverted(office: Any) -> str:
    code = office.bring(office.open(place=OLD_PLACE), Stage.SUBMITTED)
    office.step(code, "return", "binh", number="2", note="Thiếu dự toán", missing=("estimate",))
    office.step(code, "resubmit", "an", papers=("estimate",))
    office.step(code, "start_appraisal", "binh", number="2")
    office.step(code, "fail_appraisal", "chi", number="3", signer="Lê Minh Chi", note="Nhầm đề án")
    office.step(code, "revert", "chau", number="4", note="Ghi nhầm đề án")
    _amend(office, code, "binh", total_cost=660_000_000, note="Gõ nhầm")
    return str(code)


def _rerouted(office: Any) -> str:
    code = office.bring(office.open(route=Route.NATIONAL), Stage.APPRAISED)
    office.step(code, "reroute", "chi", number="4", note="Cục chưa bố trí vốn")
    return str(code)


def _adjusted_and_stopped(office: Any) -> str:
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.ask(code, Asked(amounts={Source.LOCAL_FUND: 200_000_000}, columns={"objectives": "Giảm một máy"}))
    paper = {"number": "9/QĐ", "signer": "Lê Quang Trung"}
    office.at += timedelta(days=1)
    office.step(code, "approve_adjustment", "binh", note="Giảm", decided_on=office.today, **paper)
    office.step(code, "stop", "binh", number="10/QĐ", signer="Ký", note="Thôi", decided_on=office.today)
    return str(code)


LIVES = {
    "settled": lambda office: office.bring(office.open(place=OLD_PLACE), Stage.SETTLED),
    "returned and reverted": _returned_and_reverted,
    "rerouted": _rerouted,
    "adjusted and stopped": _adjusted_and_stopped,
}


@pytest.mark.parametrize("life", LIVES)
def test_the_events_rebuild_the_sheet_as_the_tables_have_it(office_on_both: Any, life: str) -> None:
    code = LIVES[life](office_on_both)

    today, rebuilt = _show(office_on_both, code), _show(office_on_both, code, known_on=FAR)

    assert _without_axes(rebuilt) == _without_axes(today)
    assert [today["as_of"], today["known_on"], rebuilt["known_on"]] == [None, None, "2099-12-31"]


def test_a_step_counts_from_its_paper_on_one_axis_and_from_its_entry_on_the_other(office: Any) -> None:
    code = office.bring(office.open(), Stage.REVIEWING)
    decided = office.today
    office.at += timedelta(days=20)
    office.step(code, "pass_review", "binh", number="5", signer="Ký", decided_on=decided)
    entered = office.today
    day_before = entered - timedelta(days=1)

    by_paper, by_entry = _show(office, code, as_of=decided), _show(office, code, known_on=day_before)
    both = [_show(office, code, as_of=decided, known_on=day)["stage"] for day in (day_before, entered)]

    assert (by_paper["stage"], by_entry["stage"]) == ("cleared", "reviewing")
    assert both == ["reviewing", "cleared"]
    assert (by_paper["last_step"]["action"], by_entry["last_step"]["action"]) == ("pass_review", "send_to_finance")


def test_a_step_taken_back_was_known_but_never_decided(office: Any) -> None:
    code = office.bring(office.open(), Stage.APPRAISING)
    office.step(code, "fail_appraisal", "chi", number="3", signer="Lê Minh Chi", note="Nhầm đề án")
    mistaken = office.today
    office.step(code, "revert", "chau", number="4", note="Ghi nhầm đề án")

    assert _show(office, code, known_on=mistaken)["stage"] == "rejected"
    assert _show(office, code, as_of=mistaken)["stage"] == "appraising"
    assert _show(office, code, as_of=mistaken, known_on=mistaken)["stage"] == "rejected"
    assert _show(office, code)["last_step"]["action"] == "start_appraisal"


def test_a_correction_reaches_back_to_what_it_puts_right(office: Any) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    before = office.today
    _amend(office, code, "binh", total_cost=660_000_000, note="Gõ nhầm")

    assert _show(office, code, as_of=before)["total_cost"] == 660_000_000
    assert _show(office, code, known_on=before)["total_cost"] == 650_000_000


def test_an_edit_counts_from_its_entry_and_not_before(office: Any) -> None:
    code = office.open()
    opened = office.today
    _amend(office, code, "an", total_cost=660_000_000)
    edited = office.today

    assert [_show(office, code, as_of=day)["total_cost"] for day in (opened, edited)] == [650_000_000, 660_000_000]


def test_a_draft_entered_late_stands_with_the_earlier_paper_that_it_was_made_for(office: Any) -> None:
    office.at += timedelta(days=10)
    code = office.open()
    letter = office.today - timedelta(days=5)
    papers = ("dossier", "support_request")
    office.step(code, "submit", "an", number="01", papers=papers, decided_on=letter)

    assert _show(office, code, as_of=letter)["stage"] == "submitted"
    with pytest.raises(Refused, match="chưa có đề án"):
        _show(office, code, as_of=letter - timedelta(days=1))


def test_before_it_was_opened_a_project_does_not_exist(office: Any) -> None:
    code = office.open()

    for axes in ({"as_of": date(2024, 1, 1)}, {"known_on": date(2024, 1, 1)}):
        with pytest.raises(Refused, match=f"Đến ngày 01/01/2024 chưa có đề án {code} trong sổ; hãy chọn một ngày"):
            _show(office, code, **axes)


def test_a_place_is_called_as_it_was_called_then(office: Any) -> None:
    code = office.open(place="vl-p-phuong-2")

    today, then = _show(office, code), _show(office, code, known_on=date(2024, 3, 1))

    old = "phường 2, thành phố Vĩnh Long, tỉnh Vĩnh Long"
    assert today["place"] == {"code": "vl-p-phuong-2", "name": f"{old} (nay: phường Long Châu)"}
    assert then["place"]["name"] == old


# --- history ------------------------------------------------------------------------------------------


def test_history_tells_who_decided_under_the_name_of_that_day(office_on_both: Any) -> None:
    office = office_on_both
    office.at = datetime(2025, 2, 20, 1, tzinfo=UTC)
    code = office.bring(office.open(route=Route.NATIONAL, plan_year=2025, by="yen", unit="hoi"), Stage.DRAFT)
    office.step(code, "submit", "yen", number="01", papers=("dossier", "support_request"))
    office.step(code, "start_appraisal", "binh", number="2")
    office.step(code, "pass_appraisal", "chi", number="3", signer="Lê Minh Chi")
    office.step(code, "send_to_agency", "binh", number="4", signer="Lê Minh Chi", papers=("form_2",))
    for number, day in (("5", 27), ("6", 30)):
        # The agency got its new name on 01/03/2025, between the two papers.
        office.at = datetime(2025, 2, 1, 1, tzinfo=UTC) + timedelta(days=day)
        office.step(
            code, "return_review", "binh", number=number, note="Thiếu", missing=("estimate",), decided_on=office.today
        )
        office.step(code, "resubmit_review", "binh", papers=("estimate",))

    with office.store.read() as session:
        events = queries.history(session, code)

    returned = [event["authority_label"] for event in events if event["action"] == "return_review"]
    assert returned == ["Cục Công Thương địa phương", "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"]
    assert events[1]["authority_label"] == "Hội Doanh nghiệp tỉnh"
    assert (events[0]["authority"], events[0]["authority_label"], events[0]["label"]) == (None, None, "Lập đề án")


def test_history_shows_amounts_papers_and_what_was_taken_back(office_on_both: Any) -> None:
    code = _returned_and_reverted(office_on_both)

    with office_on_both.store.read() as session:
        events = queries.history(session, code)

    by_action = {event["action"]: event for event in events}
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [(line["source"], line["kind"], line["amount"]) for line in events[0]["money"]] == [
        ("local_fund", "asked", 300_000_000),
        ("counterpart", "asked", 350_000_000),
    ]
    assert by_action["return"]["missing"] == ["estimate"]
    assert [paper["kind"] for paper in by_action["resubmit"]["papers"]] == ["estimate"]
    assert (by_action["fail_appraisal"]["undone"], by_action["revert"]["undone"]) == (True, False)
    assert by_action["revert"]["reverts"] == by_action["fail_appraisal"]["seq"]
    assert by_action["correct"]["changes"] == [
        {"field": "total_cost", "label": "Tổng kinh phí", "old": 650_000_000, "new": 660_000_000}
    ]


def test_history_labels_follow_the_route_of_the_day(office: Any) -> None:
    code = _rerouted(office)

    with office.store.read() as session:
        events = queries.history(session, code)

    assert (events[-1]["from_label"], events[-1]["to_label"]) == ("Đạt thẩm định cấp cơ sở", "Đạt thẩm định ở Sở")
    assert {(line["source"], line["kind"]): line["amount"] for line in events[-1]["money"]} == {
        ("national_fund", "asked"): -300_000_000,
        ("local_fund", "asked"): 300_000_000,
        ("national_fund", "appraised"): -300_000_000,
        ("local_fund", "appraised"): 300_000_000,
    }


# --- what waits ---------------------------------------------------------------------------------------


def test_waiting_longest_lists_open_work_by_age(office_on_both: Any) -> None:
    office = office_on_both
    first = office.bring(office.open(), Stage.SUBMITTED)
    office.at += timedelta(days=30)
    second = office.bring(office.open(), Stage.APPRAISING)
    office.open()
    office.bring(office.open(), Stage.SETTLED)

    with office.store.read() as session:
        rows = queries.waiting_longest(session, at=office.at)
        shortened = queries.waiting_longest(session, at=office.at, limit=1)

    assert [row["code"] for row in rows] == [first, second]
    assert [row["code"] for row in shortened] == [first]
    assert rows[0]["days"] - rows[1]["days"] == 32
    assert rows[1]["stage_label"] == "Sở Công Thương đang thẩm định"


# --- the small lists ----------------------------------------------------------------------------------


def test_places_are_found_by_words_level_and_day(office_on_both: Any) -> None:
    def codes(**filters: Any) -> list[str]:
        with office_on_both.store.read() as session:
            return [row["code"] for row in queries.places(session, **filters)]

    assert codes(words="vinh long", level="province") == ["vl", "vlm"]
    assert codes(words="tinh vinh long", on=date(2025, 6, 30)) == ["vl"]
    assert codes(words="tinh vinh long", on=date(2025, 7, 1)) == ["vlm"]
    assert codes(words="khong co") == []
    assert len(codes(limit=10)) == 10


def test_a_place_names_those_before_and_after_it(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        old, new = queries.place(session, OLD_PLACE), queries.place(session, NEW_PLACE)

    assert old["successors"] == [{"code": NEW_PLACE, "name": "phường Long Châu"}]
    assert {row["code"] for row in new["predecessors"]} == {OLD_PLACE, "vl-p-phuong-1", "vl-p-truong-an"}
    assert (new["full_name"], new["successors"]) == ("phường Long Châu, tỉnh Vĩnh Long", [])


def test_people_are_listed_without_contact_data(office_on_both: Any) -> None:
    with office_on_both.store.write() as session:
        add_person(session, "moi", "Người Mới", Role.LEADER, office_on_both.origin, email="moi@so.example")
    with office_on_both.store.read() as session:
        listed = queries.people(session, role=Role.LEADER)
        shown = queries.person(session, "moi")

    assert [row["code"] for row in listed] == ["chi", "chau", "moi"]
    assert "moi@so.example" not in str(listed)
    assert (shown["email"], shown["role_label"], shown["active"]) == ("moi@so.example", "Lãnh đạo Sở", True)


def test_unknown_people_and_places_are_refused(office: Any) -> None:
    with office.store.read() as session:
        for read, code in ((queries.person, "ai"), (queries.place, "đâu")):
            with pytest.raises(Refused, match=f"«{code}»; hãy"):
                read(session, code)


def test_duplicates_are_found_by_folded_name_and_by_the_firms_tax_code(office_on_both: Any) -> None:
    office = office_on_both
    forms = (
        BeneficiaryForm(name="Cơ sở TÀU HỦ KY Mỹ Hoà", kind="household"),
        BeneficiaryForm(name="Công ty Gốm", kind="enterprise", tax_code="9900012345"),
        BeneficiaryForm(name="Chi nhánh Công ty Gốm", kind="enterprise", tax_code="9900012345-001"),
        BeneficiaryForm(name="Một mình", kind="household", tax_code="9900099999"),
    )
    with office.store.write() as session:
        for form in forms:
            add_beneficiary(session, form, office.origin, distinct=True)

    with office.store.read() as session:
        groups = queries.duplicate_beneficiaries(session)

    assert [[row["name"] for row in group] for group in groups] == [
        ["Cơ sở Tàu hủ ky Mỹ Hòa", "Cơ sở TÀU HỦ KY Mỹ Hoà"],
        ["Công ty Gốm", "Chi nhánh Công ty Gốm"],
    ]


def test_beneficiaries_count_the_projects_that_name_them_now(office_on_both: Any) -> None:
    office = office_on_both
    office.open()
    renamed = office.open()
    with office.store.write() as session:
        other = add_beneficiary(session, BeneficiaryForm(name="Cơ sở Khác", kind="household"), office.origin)
    _amend(office, renamed, "an", beneficiaries=(other,))

    with office.store.read() as session:
        counts = {row["name"]: row["projects"] for row in queries.beneficiaries(session)}

    assert counts == {"Cơ sở Tàu hủ ky Mỹ Hòa": 1, "Cơ sở Khác": 1}


def test_decisions_are_listed_with_the_year_and_the_bodys_name(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPROVED)

    with office.store.read() as session:
        [decision] = queries.decisions(session, year=2024)
        others = queries.decisions(session, year=2023)

    assert (decision["authority_label"], decision["projects"]) == ("Ủy ban nhân dân tỉnh Vĩnh Long", [code])
    assert (decision["total"], decision["decided_on"]) == (300_000_000, office.today.isoformat())
    assert others == []


def test_a_register_tells_what_it_is(office_on_both: Any) -> None:
    about = queries.register(office_on_both.store)

    assert about == {"title": "Sổ đề án khuyến công", "province": "Vĩnh Long", "is_demonstration": False}


def test_a_database_that_is_no_register_is_refused(tmp_path: Any) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)

    with pytest.raises(Refused, match="hoặc tạo sổ bằng dean init"):
        queries.register(store)

    store.close()
