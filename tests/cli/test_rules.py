"""dean rules: office paces and levels change by events, law by its next text."""

from datetime import UTC, datetime
from typing import Any

import pytest

MILLION = 1_000_000


def test_rules_are_listed_by_kind_and_day_with_basis_and_dates(dean: Any) -> None:
    everything = dean("rules", "list", "--json").json
    ceilings, prepayments = (
        dean("rules", "list", "--kind", kind, "--json").json for kind in ("ceiling", "mức tạm ứng")
    )
    old, before, after = (
        dean("rules", "list", "--on", day, "--json").json for day in ("1/6/2018", "9/2/2014", "10/2/2014")
    )

    rows = [*everything["deadlines"], *everything["ceilings"], *everything["prepayments"]]
    assert [row["code"] for row in rows if not (row["basis"] and row["effective_from"])] == []
    assert ceilings == {"ceilings": everything["ceilings"]}
    assert prepayments == {"prepayments": everything["prepayments"]}
    assert [row["code"] for row in old["deadlines"] if row["clock"] == "D-REG"] == ["D-REG-OLD"]
    assert [row["code"] for row in before["prepayments"]] == []
    assert "P-TRAINING" in [row["code"] for row in after["prepayments"]]
    assert "D-15" in dean("rules", "list").out


def test_a_rule_shows_what_it_says_and_who_changed_it(office: Any, dean: Any) -> None:
    changed = dean("rules", "set", "c-machinery", "--notes", "Mỗi cơ sở một lần", "--basis", "CV 5/SCT", "--by", "chi")

    shown, printed = dean("rules", "show", "C-MACHINERY", "--json").json, dean("rules", "show", "C-MACHINERY").out

    assert changed.code == 0, changed.err
    assert (shown["percent"], shown["cap"], shown["notes"]) == (50, 300 * MILLION, "Mỗi cơ sở một lần")
    assert [(row["recorded_by"], row["note"], row["changes"]) for row in shown["changes"][1:]] == [
        (
            "chi",
            "CV 5/SCT",
            [{"field": "notes", "old": "Đồng Tháp tính mức này cho mỗi lần hỗ trợ", "new": "Mỗi cơ sở một lần"}],
        )
    ]
    assert "Lê Minh Chi: CV 5/SCT" in printed
    assert dean("rules", "show", "D-15").code == 0
    assert dean("rules", "show", "X-1").err.splitlines()[-1] == "Không có quy định X-1; hãy xem dean rules list."


def test_an_office_pace_changes_for_the_clocks_that_start_later(office: Any, dean: Any) -> None:
    running = office.submitted_in_2026()
    dean.set(today="2026-03-03")

    done = dean("rules", "set", "D-CHECK", "--length", "2", "--basis", "QĐ 15/QĐ-SCT", "--by", "giang", "--json")
    later = office.bring(office.open(plan_year=2025), "submitted")

    def deadline(code: str) -> tuple[str, str, str]:
        [row] = dean("deadline", "list", code, "--json").json
        return row["rule"], row["due_on"], row["basis"]

    assert done.json == {"code": "D-CHECK-20260304"}
    assert deadline(running) == ("D-CHECK", "2026-03-10", "Quy định nội bộ")
    assert deadline(later) == ("D-CHECK-20260304", "2026-03-06", "QĐ 15/QĐ-SCT")
    assert dean("deadline", "rebuild").code == 0
    assert dean("rules", "show", "D-CHECK", "--json").json["effective_until"] == "2026-03-03"


def test_an_office_pace_that_waits_is_corrected_in_place(office: Any, dean: Any) -> None:
    dean.set(today="2026-03-03")
    base = ("--basis", "QĐ 15/QĐ-SCT", "--by", "giang")
    dean("rules", "set", "D-CHECK", "--length", "2", "--from", "1/4/2026", *base)

    again = dean("rules", "set", "D-CHECK-20260401", "--length", "3", *base, "--json")
    ended = dean("rules", "set", "D-CHECK", "--length", "4", *base)

    found = dean("rules", "show", "D-CHECK-20260401", "--json").json
    assert (again.json, found["length"]) == ({"code": "D-CHECK-20260401"}, 3)
    assert (ended.code, ended.err.splitlines()[-1]) == (
        1,
        "Quy định D-CHECK đã có ngày hết hiệu lực 31/03/2026; "
        "hãy sửa quy định đang áp dụng cho D-CHECK (dean rules list).",
    )


def test_a_fixed_office_day_and_a_sleeping_rule_can_be_set(office: Any, dean: Any) -> None:
    dean.set(today="2026-03-03")
    base = ("--basis", "QĐ 15/QĐ-SCT", "--by", "giang", "--json")

    moved = dean("rules", "set", "D-NEXTYEAR", "--on-day", "15/5", *base)
    woken = dean("rules", "set", "D-REP25", "--length", "1", *base)

    rules = {row["code"]: row for row in dean("rules", "list", "--on", "5/3/2026", "--json").json["deadlines"]}
    assert (moved.json, woken.json) == ({"code": "D-NEXTYEAR-20260304"}, {"code": "D-REP25-20260304"})
    assert (rules["D-NEXTYEAR-20260304"]["month"], rules["D-NEXTYEAR-20260304"]["day"]) == (5, 15)
    assert rules["D-REP25-20260304"]["standing"] == "nội bộ"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("D-15", "--length", "30"), "Quy định D-15 là luật (TT 36/2013/TT-BCT Điều 18); không sửa được."),
        (("D-CHECK", "--length", "3", "--from", "3/3/2026"), "Thời hạn nội bộ mới áp dụng từ ngày mai trở đi"),
        (("D-CHECK", "--on-day", "1/6"), "Quy định D-CHECK tính theo số ngày (--length)"),
        (("D-NEXTYEAR", "--length", "3"), "Quy định D-NEXTYEAR tính theo ngày và tháng (--on-day)"),
        (("D-CHECK", "--until", "1/3/2026"), "Ngày hết hiệu lực 01/03/2026 đã qua"),
        (("D-CHECK", "--cap", "1tr"), "D-CHECK là thời hạn, không ghi --cap; hãy bỏ các tùy chọn đó."),
        (("D-CHECK", "--length", "3", "--verified"), "D-CHECK là thời hạn, khi ghi thời hạn mới, không ghi --verified"),
        (("D-CHECK", "--paper", "vouchers"), "D-CHECK là thời hạn, không ghi --paper; hãy bỏ các tùy chọn đó."),
        (("C-SHOWROOM", "--length", "3"), "C-SHOWROOM là định mức, không ghi --length; hãy bỏ các tùy chọn đó."),
        (("C-SHOWROOM", "--progress", "3"), "C-SHOWROOM là định mức, không ghi --progress; hãy bỏ các tùy chọn đó."),
        (("P-TRAINING", "--cap", "1tr"), "P-TRAINING là mức tạm ứng, không ghi --cap; hãy bỏ các tùy chọn đó."),
        (("P-TRAINING", "--percent", "80"), "Mức tạm ứng P-TRAINING đã kiểm chứng"),
        (("C-MACHINERY", "--cap", "400tr"), "Định mức C-MACHINERY đã kiểm chứng"),
        (("C-MACHINERY",), "Không có gì thay đổi so với dữ liệu đang ghi."),
        (("D-15",), "Không có gì thay đổi so với dữ liệu đang ghi."),
        (("X-1", "--length", "3"), "Không có quy định X-1; hãy xem dean rules list."),
    ],
)
def test_rules_refuse_what_would_rewrite_the_past(
    office: Any, dean: Any, words: tuple[str, ...], sentence: str
) -> None:
    dean.set(today="2026-03-03")
    before = dean.events()

    answer = dean("rules", "set", *words, "--basis", "QĐ 15/QĐ-SCT", "--by", "giang")

    assert (answer.code, answer.out, dean.events()) == (1, "", before)
    assert answer.err.splitlines()[-1].startswith(sentence)


def test_changing_a_rule_needs_a_basis_a_person_and_the_right_role(office: Any, dean: Any) -> None:
    without = dean("rules", "set", "D-CHECK", "--length", "3", "--by", "giang")
    nobody = dean("rules", "set", "D-CHECK", "--length", "3", "--basis", "QĐ 15")
    officer = dean("rules", "set", "D-CHECK", "--length", "3", "--basis", "QĐ 15", "--by", "binh")

    assert (without.code, nobody.code, officer.code) == (2, 2, 1)
    assert "Thiếu tùy chọn --basis" in without.err
    assert "Chưa biết ai ghi" in nobody.err
    assert officer.err.splitlines()[-1].endswith("cần: Lãnh đạo Sở, Quản trị hệ thống.")


def test_a_level_is_verified_on_the_word_of_its_text(office: Any, dean: Any) -> None:
    text_read = "TT 28/2018/TT-BTC Điều 8 khoản 9"

    done = dean("rules", "set", "C-SHOWROOM", "--cap", "50tr", "--verified", "--basis", text_read, "--by", "giang")

    found = dean("ceiling", "showroom", "--cost", "140tr", "--ask", "40tr", "--route", "national", "--json").json
    assert (done.out, done.code) == (f"Đã sửa C-SHOWROOM ({text_read}).\n", 0)
    assert (found["ok"], found["cap"], found["verified"], found["basis"]) == (True, 50 * MILLION, True, text_read)
    assert found["warnings"] == []


LEVEL = """
schema_version: 1
rows:
  - {id: C-VL-MACHINERY, activity: machinery, jurisdiction: vinh-long, route: local, percent: 50, cap: 250000000,
     per: "cơ sở", basis: "NQ 11/2025/NQ-HĐND Điều 5", verified: true, effective_from: 2025-07-10}
"""
SHARE = """
schema_version: 1
rows:
  - {id: P-VL-MACHINERY, activity: machinery, jurisdiction: vinh-long, route: local, percent: 40, progress: 20,
     papers: [progress_report], basis: "QĐ 7/QĐ-UBND", verified: true, effective_from: 2025-07-10}
"""
LAW = """
schema_version: 1
rules:
  - {id: D-22JAN-2026, clock: D-22JAN, label: "Quyết toán không muộn hơn ngày 15/01 năm sau", route: national,
     unit: date, month: 1, day: 15, year: work, year_offset: 1, roll: none, basis: "TT mới", statutory: true,
     verified: true, active: true, effective_from: 2026-03-03, effective_until: null}
"""


def test_the_province_enters_its_own_levels_from_a_file(office: Any, dean: Any) -> None:
    file = dean.file("levels.yaml", LEVEL)
    add = ("rules", "add", "--ceilings", file, "--basis", "NQ 11/2025/NQ-HĐND")

    officer, done, twice = (dean(*add, "--by", by, "--json") for by in ("binh", "giang", "giang"))

    asked = ("ceiling", "machinery", "--cost", "1 tỷ", "--ask", "300tr", "--json", "--on")
    new, old = (dean(*asked, day).json for day in ("10/7/2025", "9/7/2025"))
    assert (officer.code, done.json, twice.code) == (1, {"codes": ["C-VL-MACHINERY"], "moved": 0}, 1)
    assert (new["allowed"], new["jurisdiction"], new["warnings"]) == (250 * MILLION, "vinh-long", [])
    assert (old["allowed"], old["jurisdiction"]) == (300 * MILLION, "national")


def test_the_province_enters_its_own_prepayments_from_a_file(office: Any, dean: Any) -> None:
    add = ("rules", "add", "--prepayments", dean.file("shares.yaml", SHARE), "--basis", "QĐ 7/QĐ-UBND")

    officer, done, twice = (dean(*add, "--by", by, "--json") for by in ("binh", "giang", "giang"))

    shown, printed = dean("rules", "show", "P-VL-MACHINERY", "--json").json, dean("rules", "show", "p-vl-machinery")
    assert (officer.code, done.json, twice.code) == (1, {"codes": ["P-VL-MACHINERY"], "moved": 0}, 1)
    assert (shown["kind"], shown["percent"], shown["progress"], shown["papers"]) == (
        "prepayment",
        40,
        20,
        ["progress_report"],
    )
    assert [(row["recorded_by"], row["note"]) for row in shown["changes"]] == [("giang", "QĐ 7/QĐ-UBND")]
    assert "Giấy tờ báo cáo tiến độ khối lượng" in printed.lines
    assert "Khối lượng trên 20%" in printed.lines


def test_a_doubtful_share_is_corrected_on_the_word_of_its_text(office: Any, dean: Any) -> None:
    text_read = "TT 36/2013/TT-BCT Điều 15 khoản 2"
    words = ("--percent", "30", "--progress", "10", "--paper", "vouchers", "--paper", "progress_report", "--verified")

    guessed = dean("rules", "set", "P-FAIR-BOOTH", "--progress", "5", "--basis", "CV 5/SCT", "--by", "giang")
    done = dean("rules", "set", "p-packaging", *words, "--basis", text_read, "--by", "giang")

    restated = dean("rules", "show", "P-FAIR-BOOTH", "--json").json
    assert (guessed.code, restated["progress"], restated["basis"]) == (0, 5, "CV 5/SCT")
    found = dean("rules", "show", "P-PACKAGING", "--json").json
    [line] = [line for line in dean("rules", "list", "--kind", "prepayment").lines if line.startswith("P-PACKAGING")]
    assert (done.out, done.code) == (f"Đã sửa P-PACKAGING ({text_read}).\n", 0), done.err
    assert (found["percent"], found["progress"], found["papers"]) == (30, 10, ["vouchers", "progress_report"])
    assert (found["verified"], found["doubt"], found["basis"]) == (True, "", text_read)
    assert "QG tạm ứng 30% khi hoàn thành trên 10% khối lượng từ 10/02/2014 đã kiểm chứng" in line


def test_a_new_law_measures_the_clocks_that_started_since_its_day(office: Any, dean: Any) -> None:
    file = dean.file("law.yaml", LAW)
    add = ("rules", "add", "--deadlines", file, "--basis", "TT mới", "--by", "giang")
    office.at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    dean.set(today="2026-03-02")
    beside = dean(*add)
    ended = dean("rules", "set", "D-22JAN", "--until", "2/3/2026", "--basis", "TT mới", "--by", "giang")
    code = office.bring(office.open(plan_year=2025, route="national"), "accepted")

    dean.set(today="2026-03-20")
    done = dean(*add)

    [row] = [row for row in dean("deadline", "list", code, "--json").json if row["kind"] == "D-22JAN"]
    assert (beside.code, ended.code, done.code) == (1, 0, 0), done.err
    assert "Quy định D-22JAN-2026 trùng hiệu lực với D-22JAN" in beside.err
    assert (row["rule"], row["due_on"], row["statutory"]) == ("D-22JAN-2026", "2027-01-15", True)
    assert dean("deadline", "rebuild").code == 0


@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        ((), 2, "Ghi --ceilings, --prepayments, --priorities, --reminders hoặc --deadlines TỆP: đúng một tệp."),
        (("--ceilings", "a.yaml", "--prepayments", "b.yaml"), 2, "đúng một tệp."),
        (("--ceilings", "nowhere.yaml"), 1, "Không đọc được tệp định mức nowhere.yaml"),
        (("--prepayments", "nowhere.yaml"), 1, "Không đọc được tệp mức tạm ứng nowhere.yaml"),
        (("--deadlines", "nowhere.yaml"), 1, "Không đọc được tệp quy định nowhere.yaml"),
    ],
)
def test_a_file_of_rules_that_cannot_be_read_is_refused(
    office: Any, dean: Any, more: tuple[str, ...], code: int, sentence: str
) -> None:
    answer = dean("rules", "add", *more, "--basis", "x", "--by", "giang")

    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err


RUNG = """
schema_version: 1
rows:
  - {id: N-VL-T10, kind: ladder, workdays: -10, clock: D-CHECK, audience: supervisor, basis: "QĐ 15/QĐ-SCT",
     verified: true, effective_from: 2026-03-01}
"""


def test_reminders_are_listed_with_day_and_audience_in_words(dean: Any) -> None:
    rows = {row["code"]: row for row in dean("rules", "list", "--kind", "mốc nhắc", "--json").json["reminders"]}
    printed = dean("rules", "list", "--kind", "reminder")

    assert (rows["N-T7"]["workdays"], rows["N-T7"]["every"], rows["N-T7"]["audience"]) == (-7, None, "owner")
    assert (rows["N-WAIT"]["workdays"], rows["N-WAIT"]["every"], rows["N-WAIT"]["counts"]) == (None, 10, "waiting")
    assert printed.lines[1] == "Mốc nhắc"
    [today] = [line for line in printed.lines if line.startswith("N-T0 ")]
    assert today.startswith("N-T0 mọi hạn cả hai đúng ngày hạn, người phải xử lý, gửi ngay từ 10/02/2014 chưa kiểm")
    assert dean("rules", "list", "--on", "9/2/2014", "--json").json["reminders"] == []


def test_reminder_is_changed_and_switched_off_by_events(office: Any, dean: Any) -> None:
    base = ("--basis", "QĐ 15/QĐ-SCT", "--by", "giang")

    moved = dean("rules", "set", "N-T7", "--workdays", "-5", "--urgent", *base)
    silent = dean("rules", "set", "n-wait", "--inactive", *base)
    slower = dean("rules", "set", "N-IDLE", "--every", "30", *base)

    rung, waiting = (dean("rules", "show", code, "--json").json for code in ("N-T7", "N-WAIT"))
    assert [answer.code for answer in (moved, silent, slower)] == [0, 0, 0], moved.err
    assert (rung["workdays"], rung["urgent"], rung["basis"]) == (-5, True, "QĐ 15/QĐ-SCT")
    assert rung["label"] == rung["level"] == "trước hạn 5 ngày làm việc, người phải xử lý"
    assert (waiting["active"], waiting["basis"]) == (False, "Quy định nội bộ")
    assert dean("rules", "show", "N-IDLE", "--json").json["every"] == 30
    assert "N-WAIT" not in [
        row["code"] for row in dean("rules", "list", "--on", "5/3/2026", "--json").json["reminders"]
    ]
    assert "Ai người phải xử lý" in dean("rules", "show", "N-T7").lines
    assert "Gửi ngay, trong giờ làm việc" in dean("rules", "show", "N-T7").lines


def test_office_enters_its_own_rung_from_a_file(office: Any, dean: Any) -> None:
    add = ("rules", "add", "--reminders", dean.file("rungs.yaml", RUNG), "--basis", "QĐ 15/QĐ-SCT")

    officer, done, twice = (dean(*add, "--by", by, "--json") for by in ("binh", "giang", "giang"))

    assert (officer.code, done.json, twice.code) == (1, {"codes": ["N-VL-T10"], "moved": 0}, 1)
    [line] = [line for line in dean("rules", "list", "--kind", "reminder").lines if line.startswith("N-VL-T10")]
    assert "D-CHECK cả hai trước hạn 10 ngày làm việc, lãnh đạo phụ trách" in line


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("N-T7", "--every", "3"), "nhắc theo hạn nên chỉ nhắc một lần; hãy bỏ every và ghi workdays."),
        (("N-WAIT", "--workdays", "3"), "không nhắc theo hạn nên không có clock và workdays; hãy bỏ hai mục đó."),
        (("N-T7", "--workdays", "-3"), "Mốc nhắc N-T7 và N-T3 cùng có hiệu lực từ ngày 10/02/2014"),
        (("N-T7", "--workdays", "61"), "hãy gõ từ -60 (trước hạn) đến 60 (quá hạn)."),
        (("N-T7", "--workdays", "1,5"), "hãy gõ từ -60 (trước hạn) đến 60 (quá hạn)."),
        (("N-T7", "--every", "0"), "hãy gõ một số nguyên từ 1 đến 250."),
        (("N-T7", "--points", "3"), "N-T7 là mốc nhắc, không ghi --points; hãy bỏ các tùy chọn đó."),
        (("D-CHECK", "--inactive"), "D-CHECK là thời hạn, không ghi --inactive; hãy bỏ các tùy chọn đó."),
        (("C-SHOWROOM", "--no-urgent"), "C-SHOWROOM là định mức, không ghi --no-urgent; hãy bỏ các tùy chọn đó."),
        (("N-T7", "--active"), "Không có gì thay đổi so với dữ liệu đang ghi."),
    ],
)
def test_reminder_that_cannot_be_is_refused(office: Any, dean: Any, words: tuple[str, ...], sentence: str) -> None:
    before = dean.events()

    answer = dean("rules", "set", *words, "--basis", "QĐ 15/QĐ-SCT", "--by", "giang")

    assert (answer.code, answer.out, dean.events()) == (1, "", before)
    assert sentence in answer.err
