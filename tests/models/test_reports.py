"""Reports with a cut-off: what they count, that a frozen one never changes, and what became different since."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models import projects
from models.append import Origin
from models.calendars import set_days
from models.chain import canonical, digest
from models.loading import load_person
from models.report.differences import differences
from models.report.figures import figures, flat, programme_of
from models.report.freezing import freeze, sign
from models.report.rows import Report, list_reports, read_report
from models.verify import verify
from states.actions import Entry
from states.periods import Period, read_period
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage

TRIEU = 1_000_000
FUND, OWN = Source.LOCAL_FUND, Source.COUNTERPART
PROGRAMME = "KC-VL-2021-2025"
MARCH = read_period("tháng 3/2024")
YEAR = read_period("năm 2024")
PAPER = {"number": "45/BC-SCT", "signer": "Lê Minh Chi"}


def on(office: Any, day: str, code: str, action: str, by: str, **typed: Any) -> None:
    """Take one step in the morning of a day."""
    office.at = datetime.fromisoformat(f"{day}T02:00:00+00:00") - timedelta(days=1)
    office.step(code, action, by, **typed)


def pay(office: Any, day: str, code: str, amount: int) -> None:
    paid = {"decided_on": date.fromisoformat(day), "amounts": {FUND: amount * TRIEU}}
    on(office, day, code, "pay", "dung", number=f"{day}/UNC", **paid)


def accept(office: Any, day: str, code: str, support: int = 300) -> None:
    done = {"amounts": {FUND: support * TRIEU, OWN: 350 * TRIEU}, "quantities": {"T2_2": 1}}
    on(office, day, code, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", **done)


def accepted(office: Any, day: str) -> str:
    """A project of 2024 that is accepted on a day."""
    code: str = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    accept(office, day, code)
    return code


def frozen(office: Any, day: str, reported: Period = MARCH, by: str = "binh") -> Report:
    at = datetime.fromisoformat(f"{day}T03:00:00+00:00")
    with office.store.write() as session:
        person = load_person(session, by)
        return freeze(session, PROGRAMME, reported, by=person, origin=Origin(at, person.id, "test"))


def signed(office: Any, day: str, report: Report, by: str = "chi", **typed: Any) -> Report:
    at = datetime.fromisoformat(f"{day}T03:00:00+00:00")
    paper = PAPER | {"signed_on": date.fromisoformat(day)} | typed
    with office.store.write() as session:
        person = load_person(session, by)
        return sign(session, report, **paper, by=person, origin=Origin(at, person.id, "test"))


def read(office: Any, reported: Period = MARCH, **more: Any) -> Report:
    with office.store.read() as session:
        return read_report(session, PROGRAMME, reported, **more)


def counted(office: Any, reported: Period) -> dict[str, Any]:
    with office.store.read() as session:
        return figures(session, programme_of(session, PROGRAMME), reported)


def changed(office: Any, report: Report) -> dict[str, tuple[Any, Any, list[str]]]:
    """The changed cells: the old value, the new one, and the steps that changed it."""
    with office.store.read() as session:
        found = differences(session, report)
    assert found["same"] == (found["changes"] == [])
    return {
        row["cell"]: (row["was"], row["now"], [event["action"] for event in row["events"]]) for row in found["changes"]
    }


# --- what is counted ----------------------------------------------------------------------------------


def test_period_ends_on_day_14_and_the_next_begins_on_day_15(office_on_both: Any) -> None:
    office = office_on_both
    first, second = (office.bring(office.open(), Stage.AWAITING_ACCEPTANCE) for _ in range(2))
    accept(office, "2024-03-14", first)
    accept(office, "2024-03-15", second)

    march, april = (counted(office, read_period(f"tháng {month}/2024")) for month in (3, 4))

    targets = {"planned": 2, "period": 1, "year": 1, "cumulative": 1, "estimate": 2}
    assert march["targets"]["T2_2"] == targets
    assert april["targets"]["T2_2"] == targets | {"year": 2, "cumulative": 2}
    assert {code: row["stage"] for code, row in march["projects"].items()} == {
        first: "accepted",
        second: "awaiting_acceptance",
    }
    assert march["projects"][first]["money"]["local_fund"]["accepted"] == {
        "period": 300 * TRIEU,
        "year": 300 * TRIEU,
        "cumulative": 300 * TRIEU,
    }
    assert april["projects"][first]["money"]["local_fund"]["accepted"]["period"] == 0


def test_year_begins_on_15_december_of_the_year_before(office_on_both: Any) -> None:
    office = office_on_both
    codes = [office.bring(office.open(), Stage.AWAITING_ACCEPTANCE) for _ in range(2)]
    for day, code in zip(("2024-12-14", "2024-12-15"), codes, strict=True):
        accept(office, day, code)

    this_year, next_year = counted(office, YEAR), counted(office, read_period("năm 2025"))
    whole = counted(office, read_period("giai đoạn 2021-2025"))

    assert [this_year["targets"]["T2_2"][name] for name in ("planned", "year", "estimate")] == [2, 1, 2]
    assert [next_year["targets"]["T2_2"][name] for name in ("planned", "year", "cumulative")] == [0, 1, 2]
    assert whole["targets"]["T2_2"] == dict.fromkeys(("planned", "period", "year", "cumulative", "estimate"), 2)


def test_plan_done_and_estimate_follow_what_stands(office: Any) -> None:
    """One paid in part, one approved, one cleared, one waiting for money, one of next year, one never handed in."""
    paid = accepted(office, "2024-03-01")
    pay(office, "2024-03-05", paid, 200)
    office.at = datetime(2024, 2, 1, tzinfo=UTC)
    approved, cleared = office.bring(office.open(), Stage.APPROVED), office.bring(office.open(), Stage.CLEARED)
    waiting = office.bring(office.open(), Stage.CLEARED)
    office.step(waiting, "waitlist", "chi", number="30/SCT", note="Chưa bố trí được vốn")
    office.at = datetime(2024, 3, 11, tzinfo=UTC)
    later = office.bring(office.open(plan_year=2025), Stage.SUBMITTED)
    draft = office.open()

    found = counted(office, MARCH)

    assert set(found["projects"]) == {paid, approved, cleared, waiting}
    assert {later, draft}.isdisjoint(found["projects"])
    assert found["targets"]["T2_2"] == {"planned": 4, "period": 1, "year": 1, "cumulative": 1, "estimate": 3}
    fund = found["totals"]["money"]["local_fund"]
    assert (fund["planned"] // TRIEU, fund["expected"] // TRIEU) == (1200, 900)
    assert fund["paid"] == dict.fromkeys(("period", "year", "cumulative"), 200 * TRIEU)
    assert found["contents"]["2"]["money"] == found["totals"]["money"]
    assert found["contents"]["1"]["money"]["local_fund"]["planned"] == 0


def test_totals_are_those_of_an_independent_sum_over_the_entries(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office, "2024-02-20")
    pay(office, "2024-03-10", code, 100)
    pay(office, "2024-04-10", code, 200)
    on(office, "2024-04-11", code, "revert", "bach", number="31/SCT", note="Ghi nhầm ngày")
    pay(office, "2024-03-14", code, 150)
    national = office.bring(office.open(route=Route.NATIONAL), Stage.CONTRACTED)
    assert national

    for reported in (MARCH, read_period("quý 1/2024"), read_period("6 tháng đầu năm 2024"), YEAR):
        found = counted(office, reported)["totals"]["money"]
        for span, first in (("period", reported.first), ("cumulative", date(2000, 1, 1))):
            told = {(source, kind): cell[span] for source, kinds in found.items() for kind, cell in _flows(kinds)}
            assert {key: amount for key, amount in told.items() if amount} == independent(office, first, reported.last)


def _flows(kinds: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(kind, cell) for kind, cell in kinds.items() if isinstance(cell, dict)]


def independent(office: Any, first: date, last: date) -> dict[tuple[str, str], int]:
    """The entries of steps between two days, added up by SQL without those that were taken back."""
    with office.store.read() as session:
        rows = session.connection().execute(text("SELECT body FROM event WHERE action = 'revert'")).scalars()
        undone = {json.loads(body)["more"]["reverts"] for body in rows}
        entries = session.connection().execute(
            text("""
                SELECT m.event_id, m.source, CASE WHEN m.kind = 'adjusted' THEN 'approved' ELSE m.kind END AS kind,
                       m.amount * m.direction AS amount
                FROM money_entry AS m JOIN event AS e ON e.id = m.event_id
                WHERE e.decided_on BETWEEN :first AND :last AND e.action <> 'revert'
                  AND m.kind NOT IN ('asked', 'appraised', 'contracted')"""),
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        sums: dict[tuple[str, str], int] = {}
        for row in entries:
            if row.event_id not in undone:
                sums[row.source, row.kind] = sums.get((row.source, row.kind), 0) + row.amount
    return {key: amount for key, amount in sums.items() if amount}


def test_difficulties_are_those_of_the_last_day(office_on_both: Any) -> None:
    office = office_on_both
    late = office.bring(office.open(), Stage.SUBMITTED)
    suspended, stopped = (office.bring(office.open(), Stage.UNDERWAY) for _ in range(2))
    on(office, "2024-03-01", suspended, "suspend", "chi", number="1/QĐ", signer="Lê Minh Chi", note="Chờ mặt bằng")
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    on(office, "2024-03-12", stopped, "stop", "binh", decided_on=date(2024, 3, 12), **stop)

    february, march, april = (counted(office, read_period(f"tháng {month}/2024")) for month in (2, 3, 4))

    found = {code: row.get("difficulties", {}) for code, row in march["projects"].items()}
    [(clock, overdue)] = found[late].items()
    assert (overdue["kind"], overdue["label"], clock[:2]) == ("overdue", "Quá hạn", "D-")
    assert overdue["day"] < "2024-03-14"
    assert found[suspended]["suspended"] == {
        "kind": "suspended",
        "label": "Đang tạm dừng",
        "what": "Chờ mặt bằng",
        "day": "2024-03-01",
    }
    assert found[stopped]["stopped"]["what"] == "Cơ sở giải thể"
    assert march["totals"]["difficulties"] == {"overdue": 1, "suspended": 1, "stopped": 1}
    assert "suspended" not in february["totals"].get("difficulties", {})
    # A stop is told in the period in which it was decided; what stands still is told again.
    assert april["totals"]["difficulties"].get("stopped", 0) == 0
    assert april["totals"]["difficulties"]["suspended"] == 1


# --- what is frozen stays -----------------------------------------------------------------------------


def test_frozen_report_stays_the_same_bytes_whatever_is_entered_later(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office, "2024-03-01")
    other = office.bring(office.open(), Stage.SUBMITTED)
    report = frozen(office, "2024-03-18")

    pay(office, "2024-03-20", code, 300)
    on(office, "2024-03-21", code, "revert", "bach", number="31/SCT", note="Ghi nhầm")
    on(office, "2024-03-22", code, "revert", "bach", number="32/SCT", note="Biên bản bị hủy")
    with office.store.write() as session:
        binh = load_person(session, "binh")
        changes = {"name": "Hỗ trợ máy tráng bánh"}
        origin = Origin(office.at, binh.id, "test")
        projects.amend(session, other, changes, by=binh, origin=origin, note="Gõ nhầm tên")

    assert read(office).row["body"] == report.row["body"]
    assert report.row["sha256"] == digest(report.row["body"])
    assert report.row["body"] == canonical(report.body)
    assert report.row["cutoff_event"] == report.id - 1
    assert verify(office.store).problems == ()


def test_differences_name_every_changed_cell_and_the_events_that_changed_it(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office, "2024-03-01")
    report = frozen(office, "2024-03-18")
    assert changed(office, report) == {}

    # After the period: nothing of March changes.
    pay(office, "2024-03-20", code, 100)
    assert changed(office, report) == {}
    # Of March, but entered after the freeze.
    pay(office, "2024-03-21", code, 1)
    late = {"decided_on": date(2024, 3, 10), "amounts": {FUND: 50 * TRIEU}}
    on(office, "2024-03-25", code, "allot", "dung", number="7/QĐ", **late)

    spans = ("period", "year", "cumulative")
    groups = (f"projects/{code}", "contents/2", "totals")
    assert changed(office, report) == {
        f"{group}/money/local_fund/allotted/{span}": (0, 50 * TRIEU, ["allot"]) for group in groups for span in spans
    }


def test_differences_after_a_revert_and_a_second_acceptance_name_both(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office, "2024-03-01")
    report = frozen(office, "2024-03-18")
    on(office, "2024-03-22", code, "revert", "bach", number="32/SCT", note="Biên bản bị hủy")
    taken_back = changed(office, report)
    done = {"amounts": {FUND: 280 * TRIEU, OWN: 350 * TRIEU}, "quantities": {"T2_2": 1}, "decided_on": date(2024, 3, 1)}
    again = {"number": "10/BBNT", "signer": "Lê Minh Chi"}
    on(office, "2024-03-23", code, "accept", "chi", **again, **done)

    put_right = changed(office, report)

    assert taken_back["targets/T2_2/period"] == (1, 0, ["revert"])
    assert taken_back[f"projects/{code}/stage"] == ("accepted", "awaiting_acceptance", ["revert"])
    assert taken_back["totals/projects/accepted/period"] == (1, 0, ["revert"])
    # The quantity is what it was; only the support is another one.
    paths = {path.removeprefix(f"projects/{code}/") for path in put_right if path.startswith("projects/")}
    spans = {f"money/local_fund/accepted/{span}" for span in ("period", "year", "cumulative")}
    assert paths == spans | {"money/local_fund/expected"}
    assert put_right["totals/money/local_fund/accepted/period"] == (300 * TRIEU, 280 * TRIEU, ["revert", "accept"])


def test_differences_see_a_project_entered_late(office_on_both: Any) -> None:
    office = office_on_both
    report = frozen(office, "2024-03-18")
    office.at = datetime(2024, 3, 18, 4, 0, tzinfo=UTC)
    code = office.open()
    papers = {"papers": ("dossier", "support_request"), "decided_on": date(2024, 3, 11)}
    office.step(code, "submit", "an", number="01/TTKC", **papers)

    found = changed(office, report)

    assert found["totals/projects/planned"] == (0, 1, ["submit"])
    assert found["targets/T2_2/planned"] == (0, 1, ["submit"])
    assert found["totals/money/local_fund/planned"] == (0, 300 * TRIEU, ["submit"])
    assert found[f"projects/{code}/stage"] == (None, "submitted", ["submit"])


def test_differences_see_a_corrected_name(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SUBMITTED)
    report = frozen(office, "2024-03-18")
    with office.store.write() as session:
        binh = load_person(session, "binh")
        origin = Origin(datetime(2024, 3, 19, tzinfo=UTC), binh.id, "test")
        changes = {"name": "Hỗ trợ máy tráng bánh"}
        projects.amend(session, code, changes, by=binh, origin=origin, note="Gõ nhầm tên")

    found = changed(office, report)

    name = f"projects/{code}/name"
    assert found == {name: ("Hỗ trợ ứng dụng máy móc thiết bị đóng gói", "Hỗ trợ máy tráng bánh", [str(Entry.CORRECT)])}


def test_differences_name_the_calendar_where_it_moved_a_deadline(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open()
    on(office, "2024-03-04", code, "submit", "an", number="01/TTKC", papers=("dossier", "support_request"))
    report = frozen(office, "2024-03-18")
    [clock] = report.body["figures"]["projects"][code]["difficulties"]
    with office.store.write() as session:
        days = {date(2024, 3, day): "off" for day in (5, 6, 7, 8)}
        origin = Origin(datetime(2024, 3, 19, tzinfo=UTC), None, "test")
        set_days(session, days, name="Nghỉ bù", basis="Thông báo 12/TB", origin=origin)

    found = changed(office, report)

    assert found["totals/difficulties/overdue"] == (1, 0, [str(Entry.CORRECT)])
    assert {cell.removeprefix(f"projects/{code}/") for cell in found} - {"totals/difficulties/overdue"} == {
        f"difficulties/{clock}/{name}" for name in ("kind", "label", "what", "day")
    }
    assert all(row[2] == [str(Entry.CORRECT)] for row in found.values())


def test_next_issue_takes_up_what_changed_and_leaves_the_first(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office, "2024-03-01")
    first = frozen(office, "2024-03-18")
    with office.refusing(
        "Số liệu tháng 03 năm 2024 không đổi so với lần phát hành 1 (chốt ngày 18/03/2024); hãy dùng lại báo cáo đó"
        " (dean report show)."
    ):
        frozen(office, "2024-03-19")
    late = {"decided_on": date(2024, 3, 10), "amounts": {FUND: 50 * TRIEU}}
    on(office, "2024-03-25", code, "allot", "dung", number="7/QĐ", **late)

    second = frozen(office, "2024-03-26")

    assert (first.row["issue"], second.row["issue"], read(office).id) == (1, 2, second.id)
    assert read(office, issue=1).row["body"] == first.row["body"]
    assert changed(office, second) == {}
    assert changed(office, read(office, issue=1)) != {}
    with office.store.read() as session:
        assert [(row["issue"], row["status"]) for row in list_reports(session)] == [(2, "frozen"), (1, "frozen")]
    with pytest.raises(Refused) as refused:
        read(office, issue=3)
    assert refused.value.reasons == ("Báo cáo tháng 03 năm 2024 có 2 lần phát hành; hãy ghi --issue trong số đó.",)


# --- who, when ----------------------------------------------------------------------------------------


def test_only_a_coordinator_freezes_and_not_before_the_last_day(office_on_both: Any) -> None:
    office = office_on_both
    for by, name in (("chi", "Lê Minh Chi (Lãnh đạo Sở)"), ("an", "Nguyễn Văn An (Cán bộ đơn vị thực hiện)")):
        with office.refusing(f"{name} không được làm việc này; cần: Điều phối viên của Sở."):
            frozen(office, "2024-03-18", by=by)
    with office.refusing("Kỳ tháng 03 năm 2024 đến ngày 14/03/2024 mới hết; hãy chốt số liệu từ ngày đó."):
        frozen(office, "2024-03-13")
    with office.refusing(
        f"Kỳ tháng 12 năm 2020 ở trước chương trình {PROGRAMME} (2021–2025); hãy chọn kỳ hoặc chương trình khác"
        " (--programme)."
    ):
        frozen(office, "2024-03-18", read_period("tháng 12/2020"))
    with office.refusing(f"Chương trình {PROGRAMME} là giai đoạn 2021-2025; hãy gõ đúng giai đoạn đó."):
        frozen(office, "2026-03-18", read_period("giai đoạn 2021-2024"))

    assert frozen(office, "2024-03-14").row["issue"] == 1


def test_leader_signs_what_the_coordinator_froze(office_on_both: Any) -> None:
    office = office_on_both
    report = frozen(office, "2024-03-18")

    found = signed(office, "2024-03-19", report)

    head = found.head()
    assert {name: head[name] for name in ("status", "number", "signer", "signed_on", "issue")} == {
        "status": "signed",
        "number": "45/BC-SCT",
        "signer": "Lê Minh Chi",
        "signed_on": "2024-03-19",
        "issue": 1,
    }
    assert found.row["body"] == report.row["body"]
    assert verify(office.store).problems == ()
    with office.refusing(
        "Báo cáo tháng 03 năm 2024, lần phát hành 1 đã ký, số 45/BC-SCT; muốn đổi số liệu, hãy chốt lần phát hành sau."
    ):
        signed(office, "2024-03-20", found)


def test_signing_is_refused_to_others_on_other_days_and_for_old_issues(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office, "2024-03-01")
    report = frozen(office, "2024-03-18")
    with office.refusing("Trần Thị Bình (Điều phối viên của Sở) không được làm việc này; cần: Lãnh đạo Sở."):
        signed(office, "2024-03-19", report, by="binh")
    with office.refusing("Ngày ký 17/03/2024 ở trước ngày chốt số liệu 18/03/2024; hãy ghi ngày trên văn bản đã ký."):
        signed(office, "2024-03-19", report, signed_on=date(2024, 3, 17))
    with office.refusing("Ngày ký 20/03/2024 chưa đến; hãy ghi khi văn bản đã ký."):
        signed(office, "2024-03-19", report, signed_on=date(2024, 3, 20))
    late = {"decided_on": date(2024, 3, 10), "amounts": {FUND: 50 * TRIEU}}
    on(office, "2024-03-25", code, "allot", "dung", number="7/QĐ", **late)
    frozen(office, "2024-03-26")

    with office.refusing(
        "Báo cáo tháng 03 năm 2024, lần phát hành 1 đã được thay bằng lần phát hành 2; hãy ký lần đó."
    ):
        signed(office, "2024-03-27", report)


def test_who_froze_a_report_does_not_sign_it_even_as_a_leader(office: Any) -> None:
    from models.people import change_person

    report = frozen(office, "2024-03-18")
    with office.store.write() as session:
        change_person(session, "binh", {"role": "leader"}, office.origin, note="Bổ nhiệm")

    with office.refusing("Trần Thị Bình đã chốt số liệu báo cáo này; hãy để lãnh đạo khác ghi việc ký."):
        signed(office, "2024-03-19", report, by="binh")


def test_reader_of_a_part_of_the_province_is_refused(office: Any) -> None:
    frozen(office, "2024-03-18")
    with office.store.read() as session:
        readers = {code: load_person(session, code) for code in ("an", "hanh", "em", "dung")}

    for code in ("an", "hanh"):
        with pytest.raises(Refused) as refused:
            read(office, reader=readers[code])
        assert refused.value.args[0].startswith("Báo cáo nói về đề án của cả tỉnh, ")
    assert read(office, reader=readers["em"]).id == read(office, reader=readers["dung"]).id


def test_report_that_nobody_froze_is_refused(office: Any) -> None:
    with pytest.raises(Refused) as refused:
        read(office)

    assert refused.value.reasons == ("Chưa chốt báo cáo tháng 03 năm 2024; hãy chốt bằng dean report freeze.",)


# --- behind the ledger's back -------------------------------------------------------------------------


@pytest.mark.parametrize("with_hash", [False, True])
def test_tampered_body_is_found_by_verify_and_at_reading(office: Any, tmp_path: Path, with_hash: bool) -> None:
    code = accepted(office, "2024-03-01")
    report = frozen(office, "2024-03-18")
    forged = report.body
    forged["figures"]["targets"]["T2_2"]["period"] = 2
    body = canonical(forged)
    with sqlite3.connect(tmp_path / "dean.db") as connection:
        connection.execute("UPDATE report SET body = ?", (body,))
        if with_hash:
            connection.execute("UPDATE report SET sha256 = ?", (digest(body),))

    with pytest.raises(Refused) as refused:
        read(office)

    assert code in body
    assert refused.value.reasons == (
        f"Nội dung báo cáo số {report.id} không khớp với mã băm lúc chốt: sổ đã bị sửa ngoài hệ thống; hãy chạy"
        " dean verify và khôi phục từ bản sao lưu.",
    )
    assert {problem.table for problem in verify(office.store).problems} == {"report"}


def test_every_cell_is_a_number_or_a_text_of_one_project(office: Any) -> None:
    accepted(office, "2024-03-01")

    found = dict(flat(counted(office, MARCH)))

    texts = {path[0] for path, value in found.items() if isinstance(value, str)}
    assert texts == {"projects"}
