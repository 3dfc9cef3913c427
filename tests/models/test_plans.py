"""The life of a yearly plan: its steps, its versions, and what it lets decisions approve."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.chain import digest
from models.decisions import ApprovalLine, DecisionPaper
from models.loading import load_person
from models.plan import life
from models.plan.figures import plan_figures
from models.plan.life import Door, Letter
from models.plan.ranking import TIE_OUTSIDE, rank_plan
from models.plan.reads import plan_list, plan_version, shown_plan
from models.plan.steps import PlanTaken
from models.projects import amend
from states.facts import Asked
from states.refusal import Refused
from states.vocabulary import Paper, Route, Source

TRIEU = 1_000_000
PROGRAMME = "KC-VL-2021-2025"
FUND = Source.LOCAL_FUND
PROVINCE = {"signer": "Lê Quang Trung"}


class Desk:
    """The plan of 2024 on the local route, step by step, each a day after the last one."""

    def __init__(self, office: Any, year: int = 2024, route: Route = Route.LOCAL) -> None:
        self.office, self.year, self.route = office, year, route

    def take(self, step: Any, by: str, **typed: Any) -> PlanTaken:
        self.office.at += timedelta(days=1)
        with self.office.store.write() as session:
            door = Door(load_person(session, by), self.office.at, "test")
            taken: PlanTaken = step(session, PROGRAMME, self.year, self.route, door=door, **typed)
            return taken

    def build(self, by: str = "binh", **typed: Any) -> PlanTaken:
        return self.take(life.build, by, **typed)

    def propose(self, by: str = "binh", **paper: Any) -> PlanTaken:
        return self.take(life.propose, by, letter=self.letter("50/TTr-SCT", **paper))

    def appraise(self, by: str = "bach", **paper: Any) -> PlanTaken:
        return self.take(life.appraise, by, letter=self.letter("60/STC", **paper))

    def letter(self, usual: str, **changes: Any) -> Letter:
        day = (self.office.at + timedelta(days=1)).date()
        return Letter(**({"number": usual, "decided_on": day, "signer": "Hồ Văn Khoa"} | changes))

    def paper(self, total: int, number: str = "980/QĐ-UBND") -> DecisionPaper:
        day = (self.office.at + timedelta(days=1)).date()
        return DecisionPaper(number, day, "Lê Quang Trung", total * TRIEU)

    def approve(self, total: int, by: str = "binh", **typed: Any) -> PlanTaken:
        return self.take(life.approve, by, paper=self.paper(total), **typed)

    def approved(self, total: int) -> PlanTaken:
        """Build, propose, appraise and approve."""
        self.build()
        self.propose()
        self.appraise()
        return self.approve(total)

    def read(self, no: int | None = None, reader: str | None = None) -> dict[str, Any]:
        with self.office.store.read() as session:
            person = load_person(session, reader) if reader else None
            return plan_version(session, PROGRAMME, self.year, self.route, no, reader=person)

    def codes(self, no: int | None = None) -> list[str]:
        return [line["code"] for line in self.read(no)["lines"]]


def cleared(office: Any, number: int = 2, **changes: Any) -> list[str]:
    """Projects of as many workshops, ready for a plan."""
    codes = []
    for place in range(number):
        firm = office.workshop(f"Cơ sở {office.at:%j%H}-{place}")
        codes.append(office.bring(office.open(beneficiaries=(firm,), **changes), "cleared"))
    return codes


# --- the straight road --------------------------------------------------------------------------------


def test_plan_goes_from_draft_to_closed_and_keeps_every_version(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    first, second = cleared(office)

    steps = [desk.build(), desk.propose(), desk.appraise(), desk.approve(600)]
    for code in (first, second):
        office.bring(code, "settled")
    steps.append(desk.take(life.close, "chi"))

    assert [(step.status, step.version, step.revision) for step in steps] == [
        ("draft", 1, 0),
        ("proposed", 2, 0),
        ("appraised", 3, 0),
        ("approved", 4, 0),
        ("closed", 5, 0),
    ]
    assert [desk.read(no)["status"] for no in range(1, 6)] == [str(step.status) for step in steps]
    assert [desk.read(no)["hash"] for no in range(1, 6)] == [step.hash for step in steps]
    office.prove()


def test_approval_of_a_plan_is_one_decision_over_its_lines(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    codes = cleared(office)

    done = desk.approved(600)

    assert [office.stage(code) for code in codes] == ["approved", "approved"]
    [decision] = _rows(office, "SELECT id, number, total FROM decision")
    assert (decision["number"], decision["total"]) == ("980/QĐ-UBND", 600 * TRIEU)
    [event] = _rows(office, "SELECT body FROM event WHERE subject_kind = 'decision'")
    assert f'"plan":{done.plan_id}' in event["body"]
    [own] = _rows(office, f"SELECT body FROM event WHERE id = {done.event_id}")
    assert f'"decision":{decision["id"]}' in own["body"]
    assert (done.lines, done.support) == (2, 600 * TRIEU)


def _rows(office: Any, sql: str) -> list[dict[str, Any]]:
    with office.store.read() as session:
        return [dict(row) for row in session.connection().execute(text(sql)).mappings()]


def test_bulk_approval_is_all_or_nothing(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    first, second = cleared(office)
    desk.build()
    desk.propose()
    desk.appraise()
    office.step(second, "waitlist", "binh", number="36/SCT", note="Hết vốn")

    with office.refusing(
        f"{second}: Bước «Phê duyệt trong kế hoạch» chỉ làm được khi đề án ở giai đoạn "
        "«Đạt thẩm định, chờ phê duyệt»; hiện đề án ở giai đoạn «Chờ bố trí vốn»."
    ):
        desk.approve(600)

    assert office.stage(first) == "cleared"


def test_approval_is_refused_where_the_total_differs(office: Any) -> None:
    desk = Desk(office)
    cleared(office)
    desk.build()
    desk.propose()
    desk.appraise()

    with office.refusing(
        "Tổng hỗ trợ của 2 dòng là 600.000.000 đồng, quyết định ghi 599.000.000 đồng, chênh lệch 1.000.000 đồng; "
        "hãy đối chiếu từng dòng với phụ lục."
    ):
        desk.approve(599)


def test_decision_may_grant_less_and_leave_lines_out(office: Any) -> None:
    desk = Desk(office)
    first, second = cleared(office)
    desk.build()
    desk.propose()
    desk.appraise()

    done = desk.approve(250, amounts={first: {FUND: 250 * TRIEU}}, leave_out=(second,))

    assert [(line["code"], line["money"]) for line in desk.read()["lines"]] == [
        (first, {"local_fund": 250 * TRIEU, "counterpart": 350 * TRIEU})
    ]
    assert (done.support, office.stage(second)) == (250 * TRIEU, "cleared")
    assert [(line["code"], line["blockers"]) for line in desk.read()["blocked"]] == [
        (second, ["Không được duyệt tại 980/QĐ-UBND."])
    ]
    office.prove()


def test_decision_passes_over_no_amount_in_silence(office: Any) -> None:
    desk = Desk(office)
    before, left = cleared(office)
    office.approve(before)
    desk.build()
    desk.propose()
    desk.appraise()

    with pytest.raises(Refused) as refused:
        desk.approve(
            300, amounts={left: {FUND: 250 * TRIEU}, before: {FUND: 200 * TRIEU}}, leave_out=(left,), overrides={}
        )

    assert refused.value.args == (
        f"{before}: đã được phê duyệt trước nên quyết định này không đổi số tiền; hãy bỏ --amount, --override.",
        f"{left}: vừa không duyệt (--without) vừa ghi số duyệt (--amount, --override); hãy giữ một.",
    )


# --- who, and when ------------------------------------------------------------------------------------


def test_who_proposed_does_not_record_the_appraisal(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()
    desk.propose("binh")

    with office.refusing(
        "Người ghi việc trình kế hoạch (Trần Thị Bình) không ghi kết quả thẩm định; cần người khác ghi."
    ):
        desk.appraise("binh")

    assert desk.appraise("bach").status == "appraised"


@pytest.mark.parametrize("person", ["an", "dung", "em", "giang", "hanh"])
def test_only_coordinators_and_leaders_record(office: Any, person: str) -> None:
    cleared(office, 1)

    with pytest.raises(Refused) as refused:
        Desk(office).build(person)

    assert refused.value.reasons[0].endswith(
        "không được ghi bước «Tổng hợp lại danh mục»; cần: Điều phối viên của Sở, Lãnh đạo Sở."
    )


def test_step_out_of_its_status_is_refused(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()
    desk.propose()

    with office.refusing(
        "Bước «Phê duyệt» chỉ làm được khi kế hoạch «Đã thẩm định»; "
        "kế hoạch năm 2024, khuyến công địa phương hiện «Đã trình»."
    ):
        desk.approve(300)
    with office.refusing(
        "Bước «Tổng hợp lại danh mục» chỉ làm được khi kế hoạch «Đang lập»; "
        "kế hoạch năm 2024, khuyến công địa phương hiện «Đã trình»."
    ):
        desk.build()


def test_steps_before_a_draft_are_refused(office: Any) -> None:
    with office.refusing(
        "Chưa có kế hoạch năm 2024, khuyến công địa phương; hãy tổng hợp trước (dean plan build 2024 --route local)."
    ):
        Desk(office).propose()


def test_letter_must_be_whole_and_its_day_in_order(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()

    with office.refusing("Phải ghi số văn bản (--number).", "Phải ghi người ký văn bản (--signer)."):
        desk.propose(number="", signer="")
    tomorrow = office.at.date() + timedelta(days=9)
    with pytest.raises(Refused, match="ở tương lai"):
        desk.propose(decided_on=tomorrow)
    desk.propose()
    with pytest.raises(Refused, match="trước bước «Trình kế hoạch» của kế hoạch"):
        desk.appraise(decided_on=date(2024, 1, 2))


def test_empty_draft_is_not_proposed(office: Any) -> None:
    desk = Desk(office)
    office.bring(office.open(), "submitted")
    desk.build()

    with office.refusing("Kế hoạch chưa có đề án nào; hãy tổng hợp lại (dean plan build 2024 --route local)."):
        desk.propose()


def test_returned_plan_is_built_and_proposed_again(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()
    desk.propose()

    with office.refusing("Phải ghi lý do (--note)."):
        desk.take(life.put_back, "chi", letter=Letter())
    desk.take(life.put_back, "chi", letter=Letter(note="Sở Tài chính yêu cầu rà soát"))
    later = cleared(office, 1)
    desk.build()

    assert desk.propose().lines == 2
    assert later[0] in desk.codes()


# --- the draft ----------------------------------------------------------------------------------------


def test_draft_takes_candidates_in_the_order_of_their_priority(office: Any) -> None:
    desk = Desk(office)
    plain, farm = cleared(office, 1), cleared(office, 1, priorities=("farm_processing",))
    office.bring(office.open(), "submitted")

    done = desk.build()

    kept = desk.read()
    assert desk.codes() == [*farm, *plain]
    assert [line["rank"]["points"] for line in kept["lines"]] == [10, 0]
    assert [line["code"] for line in kept["blocked"]] == ["KC-VL-2024-003"]
    assert done.lines == 2


def test_draft_follows_the_register_when_it_is_built_again(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    first, second = cleared(office)
    desk.build()
    office.step(first, "withdraw", "an", number="70/TTKC", note="Không còn nhu cầu")

    with office.refusing(
        f"{first}: nay «Đã rút hồ sơ», không còn trong danh mục; hãy tổng hợp lại (dean plan build 2024 --route local)."
    ):
        desk.propose()
    desk.build()

    assert desk.codes() == [second]
    assert desk.codes(1) == [first, second]
    office.prove()


def test_possible_duplicate_enters_with_a_reason_that_stays(office: Any) -> None:
    desk = Desk(office)
    first = office.bring(office.open(equipment="Máy đóng gói"), "cleared")
    second = office.bring(office.open(equipment="Máy đóng gói"), "cleared")

    without = desk.build().lines
    reason = {first: "Máy thứ hai cho xưởng mới", second: "Máy thứ hai cho xưởng mới"}
    with_reason = desk.build(despite=reason).lines

    assert (without, with_reason, desk.build().lines) == (0, 2, 2)
    assert [line["why"] for line in desk.read()["lines"]] == ["Máy thứ hai cho xưởng mới"] * 2


def test_reason_cannot_waive_a_missing_appraisal(office: Any) -> None:
    desk = Desk(office)
    code = office.bring(office.open(), "submitted")

    with pytest.raises(Refused) as refused:
        desk.build(despite={code: "Cần gấp", "KC-VL-2024-999": "Cần gấp"})

    assert set(refused.value.reasons) == {
        f"{code}: không bị nghi trùng nên không cần lý do; hãy bỏ --include.",
        "KC-VL-2024-999: không phải đề án của năm và tuyến này; hãy kiểm tra mã (dean plan show).",
    }


def test_candidate_left_out_is_listed_as_such(office: Any) -> None:
    desk = Desk(office)
    first, second = cleared(office)

    desk.build(leave_out=(first,))

    assert desk.codes() == [second]
    [left] = desk.read()["blocked"]
    assert (left["code"], left["blockers"]) == (first, ["Đủ điều kiện nhưng không được chọn vào kế hoạch."])


# --- versions -----------------------------------------------------------------------------------------


def test_annex_of_a_version_stays_identical_whatever_happens_since(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    first, second = cleared(office)
    desk.approved(600)
    before = desk.read(4)
    office.bring(first, "underway")
    office.ask(first, Asked(amounts={FUND: 250 * TRIEU}))
    amending = {"number": "990/QĐ-UBND", "note": "Giảm hỗ trợ", "decided_on": _tomorrow(office), **PROVINCE}
    office.step(first, "approve_adjustment", "binh", **amending)
    office.step(second, "stop", "binh", number="991/QĐ", note="Giải thể", decided_on=_tomorrow(office), **PROVINCE)
    with office.store.write() as session:
        binh = load_person(session, "binh")
        amend(session, first, {"name": "Tên khác"}, by=binh, origin=office.origin, note="Sai tên")
    desk.take(life.adjust, "chi")

    assert desk.read(4) == before
    after = desk.read()
    assert (after["version"], after["revision"], after["totals"]["projects"]) == (5, 1, 1)
    assert [(line["name"], line["money"]["local_fund"]) for line in after["lines"]] == [("Tên khác", 250 * TRIEU)]
    office.prove()


def _tomorrow(office: Any) -> date:
    day: date = (office.at + timedelta(days=1)).date()
    return day


def test_version_that_was_changed_is_not_printed(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()
    with office.store.writer.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER plan_version_keeps_update")
        connection.exec_driver_sql("UPDATE plan_version SET body = replace(body, 'Cơ sở', 'Cơ Sở')")
        connection.commit()

    with pytest.raises(Refused, match="không khớp mã băm"):
        desk.read()


def test_version_that_was_changed_with_its_hash_is_not_printed(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()
    with office.store.writer.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER plan_version_keeps_update")
        body = connection.exec_driver_sql("SELECT body FROM plan_version").scalar_one().replace("Cơ sở", "Cơ Sở")
        connection.exec_driver_sql("UPDATE plan_version SET body = ?, sha256 = ?", (body, digest(body)))
        connection.commit()

    with pytest.raises(Refused, match="không khớp mã băm"):
        desk.read()


def test_version_says_up_to_which_event_it_saw(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)

    done = desk.build()

    assert desk.read()["cutoff_event"] == done.event_id - 1


def test_totals_of_a_version_are_those_of_its_lines(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 2)
    desk.build(leave_out=(cleared(office, 1)[0],))

    kept = desk.read()

    assert (kept["totals"]["projects"], kept["totals"]["money"]["local_fund"]) == (2, 600 * TRIEU)
    [cell] = [c for c in kept["envelope"] if (c["content"], c["source"]) == (2, "local_fund")]
    assert cell["this_year"] == 600 * TRIEU
    [target] = [target for target in kept["targets"] if target["code"] == "T2_2"]
    assert (target["adds"], target["missing"]) == (2, 48)


def test_unknown_version_is_refused(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()

    with pytest.raises(Refused) as refused:
        desk.read(7)

    assert refused.value.reasons == (
        "Kế hoạch năm 2024, khuyến công địa phương có 1 phiên bản, không có phiên bản 7; hãy ghi --version 1 đến 1.",
    )


def test_reader_with_a_scope_gets_the_own_lines_only(office: Any) -> None:
    desk = Desk(office)
    own = cleared(office, 1, place="vlm-p-long-chau")
    cleared(office, 1)
    desk.build()

    seen = desk.read(reader="hanh")

    assert [line["code"] for line in seen["lines"]] == own
    assert seen["limited_to"] == "Ngô Mỹ Hạnh"


def test_reader_with_a_scope_learns_nothing_of_others_from_a_kept_sentence(office: Any) -> None:
    desk, firm = Desk(office), office.workshop("Hợp tác xã Dừa Xanh")
    machine = {"equipment": "máy sấy dừa", "beneficiaries": (firm,)}
    other = office.bring(office.open(**machine), "cleared")
    own = office.bring(office.open(place="vlm-p-long-chau", **machine), "cleared")
    desk.build(despite={own: "Hai xưởng", other: "Hai xưởng"})

    [whole] = [line for line in desk.read()["lines"] if line["code"] == own]
    [seen] = desk.read(reader="hanh")["lines"]

    assert any("đề nghị 300.000.000 đồng" in sentence for sentence in whole["blockers"])
    assert seen["blockers"] == [
        f"Trùng hỗ trợ: đã có đề án {other} ngoài phạm vi xem của bạn; hãy hỏi điều phối viên của Sở."
    ]
    assert other in whole["rank"]["tie"]
    assert seen["rank"]["tie"] == TIE_OUTSIDE


def test_reader_with_a_scope_sees_the_place_among_all(office: Any) -> None:
    cleared(office, 1)
    own = cleared(office, 1, place="vlm-p-long-chau")

    with office.store.read() as session:
        ranking = rank_plan(session, PROGRAMME, 2024, Route.LOCAL, on=office.today, reader=load_person(session, "hanh"))

    assert [(one.position, one.candidate.code, one.tie) for one in ranking.placed] == [(2, own[0], TIE_OUTSIDE)]


# --- the gate of the approvals ------------------------------------------------------------------------


def test_project_outside_a_proposed_plan_is_not_approved(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    cleared(office, 1)
    desk.build()
    [late] = cleared(office, 1)
    desk.propose()

    with pytest.raises(Refused) as refused:
        office.approve(late)

    assert refused.value.reasons == (
        f"{late}: không có trong kế hoạch năm 2024, khuyến công địa phương (đã trình); "
        "hãy trả lại kế hoạch rồi tổng hợp lại (dean plan return 2024 --route local).",
    )


def test_project_outside_an_approved_plan_comes_by_an_adjustment(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    cleared(office, 1)
    desk.approved(300)
    [late] = cleared(office, 1)

    with pytest.raises(Refused) as refused:
        office.approve(late, number="981/QĐ-UBND")
    done = desk.take(life.adjust, "binh", add=(ApprovalLine(late),), paper=desk.paper(300, "981/QĐ-UBND"))

    assert refused.value.reasons == (
        f"{late}: không có trong kế hoạch năm 2024, khuyến công địa phương (đã phê duyệt); "
        f"hãy bổ sung vào kế hoạch (dean plan adjust 2024 --route local --add {late}).",
    )
    assert (office.stage(late), done.revision, done.lines) == ("approved", 1, 2)
    assert done.changes == (f"{late}: bổ sung hỗ trợ 300.000.000 đồng (đối ứng 350.000.000 đồng).",)
    office.prove()


def test_line_of_a_plan_is_approved_directly_and_other_routes_are_free(office: Any) -> None:
    desk = Desk(office)
    [code] = cleared(office, 1)
    desk.build()
    desk.propose()
    [national] = cleared(office, 1, route=Route.NATIONAL)

    office.approve(code)
    office.approve(national, number="55/QĐ-BCT", signer="Thứ trưởng")

    assert [office.stage(each) for each in (code, national)] == ["approved", "approved"]


def test_draft_of_a_plan_binds_nobody(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.build()
    [late] = cleared(office, 1)

    office.approve(late)

    assert office.stage(late) == "approved"


def test_project_approved_before_the_plan_joins_it_without_a_second_decision(office: Any) -> None:
    desk = Desk(office)
    before, new = cleared(office)
    office.approve(before)

    desk.build()
    desk.propose()
    desk.appraise()
    taken = desk.take(life.approve, "binh", paper=desk.paper(300, "985/QĐ-UBND"))

    assert (taken.lines, taken.support, office.stage(new)) == (2, 600 * TRIEU, "approved")


# --- after the approval -------------------------------------------------------------------------------


def test_adjustment_without_anything_to_change_is_refused(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.approved(300)

    with office.refusing("Kế hoạch đã khớp với các đề án; không có gì để điều chỉnh."):
        desk.take(life.adjust, "binh")


def test_project_carried_on_is_not_added_to_the_plan_of_the_later_year(office_on_both: Any) -> None:
    office = office_on_both
    [carried] = cleared(office, 1)
    Desk(office).approved(300)
    office.bring(carried, "underway")
    office.step(carried, "carry_over", "binh", number="40/QĐ", note="Chậm", decided_on=_tomorrow(office), **PROVINCE)
    office.at = office.at.replace(year=2025)
    own = cleared(office, 1, plan_year=2025)
    later = Desk(office, 2025)
    later.approved(300)

    with office.refusing(
        f"{carried}: đã được phê duyệt trong kế hoạch năm trước nên chỉ là đề án chuyển tiếp, không tính lại; hãy bỏ "
        "khỏi --add."
    ):
        later.take(life.adjust, "binh", add=(ApprovalLine(carried),))

    assert (later.codes(), [line["code"] for line in later.read()["carried_lines"]]) == (own, [carried])


def test_project_that_waited_stands_in_the_plan_that_was_approved_before_its_year(office_on_both: Any) -> None:
    office = office_on_both
    [code] = cleared(office, 1)
    office.step(code, "waitlist", "binh", number="36/SCT", note="Hết vốn")
    office.at = office.at.replace(month=12, day=5)
    office.step(code, "fund", "binh", number="37/SCT", note="Có vốn")
    desk = Desk(office, 2025)

    taken = desk.approved(300)

    with office.store.read() as session:
        views = [plan_figures(session, PROGRAMME, year) for year in (2025, 2026)]
        work_year = session.connection().execute(text("SELECT work_year FROM project WHERE code = :c"), {"c": code})
        assert work_year.scalar_one() == 2025
    assert (office.at.year, taken.lines, desk.codes()) == (2024, 1, [code])
    assert [[(line["code"], line["section"]) for line in view["lines"]] for view in views] == [[(code, "waiting")], []]
    assert [view["totals"]["projects"] for view in views] == [1, 0]


def test_addition_needs_a_decision(office: Any) -> None:
    desk = Desk(office)
    cleared(office, 1)
    desk.approved(300)
    [late] = cleared(office, 1)

    with office.refusing(
        "Bổ sung đề án cần quyết định; hãy ghi số, ngày, người ký và tổng hỗ trợ "
        "(--decision, --decided-on, --signer, --total)."
    ):
        desk.take(life.adjust, "binh", add=(ApprovalLine(late),))


def test_stopped_project_leaves_the_plan_unless_it_keeps_something(office: Any) -> None:
    desk = Desk(office)
    gone, kept = cleared(office)
    desk.approved(600)
    for code, amounts in ((gone, {}), (kept, {FUND: 80 * TRIEU})):
        office.bring(code, "underway")
        stop = {"number": f"{code}/QĐ", "note": "Giải thể", "decided_on": _tomorrow(office), **PROVINCE}
        office.step(code, "stop", "binh", amounts=amounts, papers=(Paper.FORM_5A,) if amounts else (), **stop)

    done = desk.take(life.adjust, "binh")

    assert [(line["code"], line["money"]) for line in desk.read()["lines"]] == [(kept, {"local_fund": 80 * TRIEU})]
    assert done.changes == (
        f"{gone}: bỏ khỏi kế hoạch («Ngừng triển khai»).",
        f"{kept}: hỗ trợ 300.000.000 đồng (đối ứng 350.000.000 đồng) → hỗ trợ 80.000.000 đồng («Ngừng triển khai», giữ "
        "phần đã nghiệm thu).",
    )
    office.prove()


def test_pending_changes_are_shown_before_they_are_taken_over(office: Any) -> None:
    desk = Desk(office)
    [code] = cleared(office, 1)
    desk.approved(300)
    office.step(code, "stop", "binh", number="9/QĐ", note="Giải thể", decided_on=_tomorrow(office), **PROVINCE)

    with office.store.read() as session:
        shown = shown_plan(session, PROGRAMME, 2024, Route.LOCAL)

    assert shown is not None
    assert shown["pending"] == [f"{code}: bỏ khỏi kế hoạch («Ngừng triển khai»)."]


def test_plan_closes_only_when_each_line_came_to_an_end(office_on_both: Any) -> None:
    office, desk = office_on_both, Desk(office_on_both)
    settled, running, carried = cleared(office, 3)
    desk.approved(900)
    office.bring(settled, "settled")
    office.bring(carried, "underway")
    office.step(carried, "carry_over", "binh", number="40/QĐ", note="Chậm", decided_on=_tomorrow(office), **PROVINCE)

    with office.refusing(f"{running}: còn «Trong kế hoạch»; hãy quyết toán, ngừng hoặc chuyển năm rồi khép kế hoạch."):
        desk.take(life.close, "binh")
    office.step(running, "stop", "binh", number="9/QĐ", note="Giải thể", decided_on=_tomorrow(office), **PROVINCE)
    done = desk.take(life.close, "binh")

    assert (done.status, done.lines) == ("closed", 2)
    assert desk.codes() == [settled, carried]
    office.prove()


def test_list_of_plans_tells_where_each_stands(office: Any) -> None:
    desk = Desk(office)
    cleared(office)
    desk.approved(600)

    with office.store.read() as session:
        [listed] = plan_list(session)

    told = ("programme", "year", "route", "status", "revision", "version", "lines", "support", "number")
    assert [listed[name] for name in told] == [
        *(PROGRAMME, 2024, "local", "approved", 0, 4, 2, 600 * TRIEU, "980/QĐ-UBND")
    ]


def test_list_of_plans_names_the_decision_after_the_close(office: Any) -> None:
    desk = Desk(office)
    [code] = cleared(office, 1)
    desk.approved(300)
    office.bring(code, "settled")
    desk.take(life.close, "binh", letter=Letter(note="Xong"))

    with office.store.read() as session:
        [listed] = plan_list(session)

    assert (listed["status"], listed["number"]) == ("closed", "980/QĐ-UBND")
