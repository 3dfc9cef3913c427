"""Time and limits at a terminal: calendar, deadlines, ceilings, adjustments, and the rules behind them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

MILLION = 1_000_000
SHIPPED = "Chưa có sổ: dùng lịch và quy định kèm theo phần mềm."


def submitted(office: Any, **changes: Any) -> str:
    """A project handed in on Tuesday 03/03/2026, in a confirmed calendar: its check ends on 10/03."""
    office.at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    return str(office.bring(office.open(plan_year=2025, **changes), "submitted"))


def plain(printed: str) -> list[str]:
    """The lines with single spaces: what stands in a table, whatever its widths."""
    return [" ".join(line.split()) for line in printed.splitlines()]


def spoil(office: Any, sql: str) -> None:
    with office.store.write() as session:
        session.connection().execute(text(sql))


# --- counting, with a register and without ------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("21/8/2026", "5", "2026-08-27"),
        ("9/2/2026", "10", "2026-03-02"),
        ("31/12/2025", "3", "2026-01-07"),
        ("5/1/2026", "5", "2026-01-10"),
        ("23/4/2026", "10", "2026-05-12"),
    ],
)
def test_worked_examples_come_out_on_a_fresh_machine(dean: Any, start: str, number: str, expected: str) -> None:
    answer = dean("calendar", "add", start, number, "--workdays", "--json")

    days = answer.json["days"]
    assert answer.err.splitlines()[-1] == SHIPPED
    assert {answer.json[key] for key in ("printed_on", "rolled_on", "safe_on")} == {expected}
    assert answer.json["provisional"] is False
    assert [day["ordinal"] for day in days if day["counted"]] == list(range(1, int(number) + 1))
    assert days[-1]["date"] == expected


def test_the_register_answers_with_its_own_calendar(office: Any, dean: Any) -> None:
    before = dean("calendar", "add", "9/2/2026", "10", "--json")
    done = dean("calendar", "set", "24/2/2026", "off", "--basis", "Công điện 12/CĐ", "--by", "giang")

    after = dean("calendar", "add", "9/2/2026", "10", "--json").json

    assert SHIPPED not in before.err
    assert (before.json["printed_on"], done.code, after["printed_on"]) == ("2026-03-02", 0, "2026-03-03")
    assert next(day for day in after["days"] if day["date"] == "2026-02-24")["basis"] == "Công điện 12/CĐ"


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        (("31/1/2026", "1", "--months"), ("2026-02-28", "2026-03-02", "2026-02-27")),
        (("10/2/2026", "5", "--days"), ("2026-02-15", "2026-02-23", "2026-02-13")),
        (("10/2/2026", "5", "--days", "--roll", "safe"), ("2026-02-15", "2026-02-13", "2026-02-13")),
        (("10/2/2026", "5", "--days", "--roll", "none"), ("2026-02-15", "2026-02-15", "2026-02-13")),
    ],
)
def test_days_and_months_roll_as_asked(dean: Any, words: tuple[str, ...], dates: tuple[str, ...]) -> None:
    answer = dean("calendar", "add", *words, "--json").json

    assert (answer["printed_on"], answer["rolled_on"], answer["safe_on"]) == dates


def test_a_year_without_a_confirmed_calendar_makes_the_result_provisional(dean: Any) -> None:
    printed, scripted = (dean("calendar", "add", "28/12/2026", "10", *more) for more in ((), ("--json",)))

    assert scripted.json["provisional"] is True
    assert "Lưu ý: Lịch nghỉ năm 2027 chưa được xác nhận nên kết quả là tạm tính" in printed.err


def test_count_says_how_many_workdays_lie_between(dean: Any) -> None:
    there, back = (dean("calendar", "count", *span, "--json").json for span in (_SPAN, _SPAN[::-1]))
    printed = dean("calendar", "count", *_SPAN)

    assert (there["workdays"], there["days"], back["workdays"]) == (5, 5, -5)
    assert [(day["date"], day["works"]) for day in there["listed"]] == [("2026-01-10", True)]
    assert printed.out.splitlines()[0] == "5 ngày làm việc (5 ngày) sau 05/01/2026 đến hết 10/01/2026."


_SPAN = ("5/1/2026", "10/1/2026")


def test_show_lists_what_departs_from_the_week_with_its_document(dean: Any) -> None:
    year = dean("calendar", "show", "2026", "--json").json
    printed = dean("calendar", "show", "2026").out

    culture = next(day for day in year["days"] if day["date"] == "2026-11-24")
    swap = next(day for day in year["days"] if day["date"] == "2026-08-22")
    assert (year["confirmed"], year["jurisdiction"], year["workdays"]) == (True, "VN", 250)
    assert (culture["active"], culture["verified"], culture["switchable"]) == (False, False, True)
    assert (swap["kind"], swap["swap_with"]) == ("work", "2026-08-31")
    assert "22/08/2026  Thứ Bảy   làm việc  Làm bù dịp Quốc khánh" in printed
    assert "chưa áp dụng, chưa kiểm chứng" in printed


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("add", "30/2/2026", "5"), 1, "Ngày “30/2/2026” không có trong lịch"),
        (("add", "9/2/2026", "-5"), 2, "Không có tùy chọn “-5”"),
        (("add", "9/2/2026", "5,5"), 1, "Số “5,5” không hợp lệ"),
        (("add", "9/2/2026", "100000", "--days"), 1, "nằm ngoài lịch"),
        (("add", "9/2/2026", "5", "--roll", "back"), 2, "không hiểu “back”"),
        (("show", "20266"), 1, "Năm “20266” không hợp lệ"),
        (("set", "24/2/2026", "off", "--by", "giang"), 2, "Thiếu tùy chọn --basis"),
        (("set", "24/2/2026", "maybe", "--basis", "x"), 2, "không hiểu “maybe”"),
        (("set", "24/2/2026", "off", "--with", "24/2/2026", "--basis", "x"), 1, "không hoán đổi với chính nó"),
    ],
)
def test_wrong_questions_about_the_calendar_are_refused(
    office: Any, dean: Any, words: tuple[str, ...], code: int, sentence: str
) -> None:
    answer = dean("calendar", *words)

    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err


# --- changing the calendar ----------------------------------------------------------------------------


def test_a_new_day_off_moves_the_deadlines_and_says_whose(office: Any, dean: Any) -> None:
    code = submitted(office)
    dean.set(today="2026-03-04")

    printed = dean("calendar", "set", "10/3/2026", "off", "--basis", "Công điện 12/CĐ", "--by", "chi")
    scripted = dean(
        "calendar", "set", "11/3/2026", "off", "--with", "14/3/2026", "--basis", "TB 3", "--by", "giang", "--json"
    )

    assert printed.out.splitlines() == [
        "Đã ghi lịch: 10/03/2026 nghỉ (Công điện 12/CĐ).",
        "1 hạn đã dời:",
        f"  {code} D-CHECK: 10/03/2026 → 11/03/2026",
    ]
    assert scripted.json == {
        "count": 1,
        "moved": [{"project": code, "kind": "D-CHECK", "rule": "D-CHECK", "was": "2026-03-11", "now": "2026-03-12"}],
    }
    assert dean("deadline", "rebuild", "--json").json == {"ok": True, "wrong": 0}
    assert dean("verify", "--json").json["ok"] is True


@pytest.mark.parametrize("words", [("set", "10/3/2026", "off"), ("confirm", "2027")])
@pytest.mark.parametrize("by", ["an", "binh", "dung", "em", "hanh"])
def test_only_a_leader_or_an_administrator_changes_the_calendar(
    office: Any, dean: Any, words: tuple[str, ...], by: str
) -> None:
    before = dean.events()

    refused = dean("calendar", *words, "--basis", "Công điện 12/CĐ", "--by", by)
    outsider = dean("calendar", *words, "--basis", "Công điện 12/CĐ", "--by", "nobody")

    assert (refused.code, outsider.code, dean.events()) == (1, 1, before)
    assert refused.err.splitlines()[-1].endswith("cần: Lãnh đạo Sở, Quản trị hệ thống.")


def test_confirming_a_year_takes_the_provisional_mark_away(office: Any, dean: Any) -> None:
    asked = ("calendar", "add", "28/12/2026", "10", "--json")
    before = dean(*asked).json["provisional"]

    done = dean("calendar", "confirm", "2027", "--basis", "Thông báo 7777/TB-BNV", "--by", "giang")
    again = dean("calendar", "confirm", "2027", "--basis", "Thông báo 7777/TB-BNV", "--by", "giang")

    assert (before, done.code, dean(*asked).json["provisional"]) == (True, 0, False)
    assert done.out.splitlines() == ["Đã xác nhận lịch năm 2027 (Thông báo 7777/TB-BNV).", "Không hạn nào dời."]
    assert (again.code, again.err.splitlines()[-1]) == (1, "Lịch năm 2027 đã được xác nhận.")


# --- deadlines ----------------------------------------------------------------------------------------


def test_due_lists_the_overdue_with_all_promised_fields(office: Any, dean: Any) -> None:
    code = submitted(office)

    found = dean("due", "--as-of", "13/3/2026", "--json").json
    printed = dean("due", "--as-of", "13/3/2026").out

    [row] = found
    wanted = ("project", "kind", "due_on", "safe_on", "workdays_left", "statutory", "provisional", "basis")
    assert [row[key] for key in wanted] == [
        code,
        "D-CHECK",
        "2026-03-10",
        "2026-03-10",
        -3,
        False,
        False,
        "Quy định nội bộ",
    ]
    assert printed.splitlines()[0] == "Tính đến 13/03/2026:"
    assert plain(printed)[-1].endswith("10/03/2026 10/03/2026 Quá hạn 3 ngày làm việc nội bộ Quy định nội bộ")


def test_due_looks_as_far_ahead_as_asked_and_from_today(office: Any, dean: Any) -> None:
    submitted(office)
    dean.set(today="2026-03-04")

    near, far = (dean("due", "--within", within, "--json").json for within in ("3", "4"))

    assert (near, [row["left"] for row in far]) == ([], ["Còn 4 ngày làm việc"])
    assert "Không có việc nào quá hạn hoặc đến hạn trong 3 ngày làm việc tới." in dean("due", "--within", "3").err


def test_registration_of_the_year_is_on_the_list_under_its_own_name(office: Any, dean: Any) -> None:
    dean.set(today="2026-06-15")

    [row] = dean("due", "--json").json
    printed = dean("due").out

    assert (row["project"], row["kind"], row["due_on"]) == (None, "D-REG", "2026-06-19")
    assert "Đăng ký đề án khuyến công quốc gia năm 2027" in printed


def test_due_pages_without_losing_a_row(office: Any, dean: Any) -> None:
    codes = [submitted(office) for _ in range(3)]
    dean.set(today="2026-06-15")

    pages = [dean("due", "--limit", "2", "--offset", str(offset), "--json") for offset in (0, 2)]

    shown = [row["project"] for page in pages for row in page.json]
    assert shown == [codes[0], codes[1], None, codes[2]]
    assert "--offset 2" in pages[0].err
    assert "Còn nữa" not in pages[1].err


def test_due_shows_the_work_of_one_person_or_unit(office: Any, dean: Any) -> None:
    code = submitted(office)
    other = office.open(by="yen", unit="hoi", plan_year=2025)
    office.step(other, "submit", "yen", number="01/HDN", papers=("dossier", "support_request"))
    asked = ("due", "--as-of", "13/3/2026", "--json")

    def codes(*more: str) -> list[str]:
        return [row["project"] for row in dean(*asked, *more).json]

    assert sorted(codes()) == [code, other]
    assert (codes("--who", "an"), codes("--unit", "hoi"), codes("--by", "yen")) == ([code], [other], [other])
    assert (codes("--by", "chi", "--who", "yen"), codes("--by", "an", "--who", "an")) == ([other], [code])


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--by", "an", "--who", "yen"), "Nguyễn Văn An chỉ xem được việc trong phạm vi của mình; hãy bỏ --who."),
        (("--who", "nobody"), "Không có người dùng «nobody»; hãy xem danh sách bằng dean user list."),
        (("--unit", "nowhere"), "Không có đơn vị «nowhere»; hãy kiểm tra mã."),
    ],
)
def test_due_refuses_what_it_cannot_answer(office: Any, dean: Any, more: tuple[str, ...], sentence: str) -> None:
    answer = dean("due", *more)

    assert (answer.code, answer.err.splitlines()[-1]) == (1, sentence)


def test_deadlines_of_a_project_run_pause_and_end(office: Any, dean: Any) -> None:
    code = submitted(office)
    office.step(code, "return", "binh", number="TB1", note="Thiếu", missing=("báo giá",))
    dean.set(today="2026-03-05")

    running = dean("deadline", "list", code, "--json").json
    everything = dean("deadline", "list", code, "--all", "--json").json
    printed = dean("deadline", "list", code, "--all").out
    other = submitted(office)
    office.step(other, "start_appraisal", "binh", number="02/SCT")
    ended = dean("deadline", "list", other, "--all", "--json").json

    assert [(row["kind"], row["left"]) for row in running] == [
        ("D-SUPP", "Còn 9 ngày làm việc"),
        ("D-CHECK", "Tạm dừng"),
    ]
    assert everything == running
    assert "Bổ sung hồ sơ 18/03/2026 18/03/2026 Còn 9 ngày làm việc nội bộ Quy định nội bộ" in plain(printed)
    assert [(row["kind"], row["left"]) for row in ended] == [
        ("D-CHECK", "Xong đúng hạn"),
        ("D-APPR", "Còn 14 ngày làm việc"),
    ]


def test_the_proof_sheet_can_be_recounted_by_hand(office: Any, dean: Any) -> None:
    code = submitted(office)
    office.step(code, "start_appraisal", "binh", number="02/SCT")

    [sheet] = dean("deadline", "proof", code, "--clock", "d-check", "--json").json
    printed = dean("deadline", "proof", code, "--clock", "D-CHECK").out

    lines = plain(printed)
    assert [event["action"] for event in sheet["events"]] == ["submit", "start_appraisal"]
    assert sheet["in_time"] is True
    assert f"{code} Kiểm tra thành phần hồ sơ (D-CHECK, nội bộ)" in lines
    assert "Kết thúc 04/03/2026 (đúng hạn)" in lines
    assert any(line.startswith("03/03/2026 Nộp hồ sơ, số 01/TTKC (sự kiện ") for line in lines)
    assert "04/03/2026 Thứ Tư 1 Ngày làm việc Quyết định 188/1999/QĐ-TTg Điều 1 –" in lines
    assert "07/03/2026 Thứ Bảy – Nghỉ hằng tuần Quyết định 188/1999/QĐ-TTg Điều 1 –" in lines
    counted = "hạn theo cách đếm, hạn, ngày an toàn"
    assert f"10/03/2026 Thứ Ba 5 Ngày làm việc Quyết định 188/1999/QĐ-TTg Điều 1 {counted}" in lines


@pytest.mark.parametrize("command", ["list", "proof"])
def test_deadlines_of_a_hidden_project_are_not_shown(office: Any, dean: Any, command: str) -> None:
    code = submitted(office)

    seen, hidden = (dean("deadline", command, code, "--by", by) for by in ("an", "yen"))

    assert (seen.code, hidden.code, hidden.out) == (0, 1, "")
    assert hidden.err.splitlines()[-1].startswith(f"Không có đề án {code} trong phạm vi xem của Phạm Thị Yến")


def test_a_project_without_deadlines_says_so(office: Any, dean: Any) -> None:
    code = office.open()

    listed, proved = dean("deadline", "list", code), dean("deadline", "proof", code, "--clock", "D-15")

    assert (listed.code, proved.code) == (0, 1)
    assert "không có hạn nào đang chạy" in listed.err
    assert f"Đề án {code} không có hạn D-15 nào" in proved.err


def test_rebuild_repairs_what_was_changed_outside_and_exits_with_1(office: Any, dean: Any) -> None:
    code = submitted(office)
    right = dean("deadline", "list", code, "--json").json
    spoil(office, "UPDATE deadline SET rolled_on = '2026-12-31', safe_on = '2026-12-31'")

    first, second = dean("deadline", "rebuild", "--json"), dean("deadline", "rebuild")

    assert (first.code, first.json) == (1, {"ok": False, "wrong": 1})
    assert (second.code, second.out) == (0, "Mọi hạn đều đúng theo sự kiện; không phải sửa gì.\n")
    assert dean("deadline", "list", code, "--json").json == right


def test_lists_of_projects_show_the_most_urgent_deadline(office: Any, dean: Any) -> None:
    code = submitted(office)
    office.open(plan_year=2025)
    dean.set(today="2026-03-12")

    listed = dean("project", "list", "--json").json
    printed = dean("project", "list").out
    found = dean("project", "search", "máy", "--json").json
    sheet = dean("project", "show", code, "--json").json

    assert [(row["code"] == code, row["deadline"] and row["deadline"]["left"]) for row in listed] == [
        (True, "Quá hạn 2 ngày làm việc"),
        (False, None),
    ]
    assert "Quá hạn 2 ngày làm việc" in printed
    assert [row["deadline"] for row in found] == [row["deadline"] for row in listed]
    assert [(row["kind"], row["left"]) for row in sheet["deadlines"]] == [("D-CHECK", "Quá hạn 2 ngày làm việc")]
    assert "Hạn đang chạy" in dean("project", "show", code).out
    assert dean("project", "show", code, "--as-of", "3/3/2026", "--json").json["deadlines"] == []


# --- ceilings and adjustments -------------------------------------------------------------------------


def test_ceiling_answers_with_all_promised_fields(dean: Any) -> None:
    found = dean(
        *("ceiling", "machinery", "--cost", "500tr", "--ask", "260tr", "--route", "national", "--on", "1/6/2025"),
        "--json",
    )

    wanted = ("allowed", "over", "ok", "percent", "cap", "basis", "verified", "warnings")
    assert [found.json[key] for key in wanted] == [
        250 * MILLION,
        10 * MILLION,
        False,
        50,
        300 * MILLION,
        "TT 28/2018/TT-BTC Điều 8 khoản 4",
        True,
        [],
    ]
    assert found.code == 0


def test_ceiling_warns_of_what_is_not_verified(dean: Any) -> None:
    printed = dean("ceiling", "showroom", "--cost", "140tr", "--ask", "40tr")

    lines = plain(printed.out)
    assert "Đề nghị 40.000.000 đồng: vượt định mức" in lines
    assert "Căn cứ TT 28/2018/TT-BTC Điều 8 (chưa kiểm chứng)" in lines
    assert [line.split(" ")[2] for line in printed.err.splitlines() if line.startswith("Lưu ý")] == ["Mức", "Chưa"]


def test_ceiling_before_the_circular_is_unknown(dean: Any) -> None:
    found = dean("ceiling", "machinery", "--cost", "1tr", "--ask", "1tr", "--on", "1/1/2018", "--json").json

    assert (found["allowed"], found["over"], found["ok"]) == (None, None, False)
    assert found["warnings"][0].startswith("Tại ngày 01/01/2018 chưa có định mức")


def test_ceiling_multiplies_the_cap_for_several(dean: Any) -> None:
    asked = ("ceiling", "machinery", "--cost", "2 tỷ", "--ask", "900tr", "--json")

    one, three = dean(*asked).json, dean(*asked, "--quantity", "3").json

    assert (one["allowed"], three["allowed"], three["ok"]) == (300 * MILLION, 900 * MILLION, True)


@pytest.mark.parametrize(
    ("place", "on", "more", "eligible", "basis"),
    [
        ("vlm-p-cai-von", "2025-10-15", (), True, "NĐ 235/2025/NĐ-CP Điều 1 khoản 1"),
        ("vl-x-my-hoa", "2025-06-30", (), True, "TT 28/2018/TT-BTC Điều 2"),
        ("vl-p-phuong-1", "2025-06-30", (), None, "TT 28/2018/TT-BTC Điều 2"),
        ("vl-p-phuong-1", "2025-06-30", ("--city-grade", "2"), True, "TT 28/2018/TT-BTC Điều 2"),
        ("vlm-p-cai-von", "2025-08-01", (), None, "TT 28/2018/TT-BTC Điều 2"),
        ("vl", "2026-01-01", ("--approved-on", "1/6/2025"), True, "NĐ 235/2025/NĐ-CP (điều khoản chuyển tiếp)"),
        ("vl", "2026-01-01", (), None, "NĐ 235/2025/NĐ-CP Điều 1 khoản 1"),
        ("vl", "2026-01-01", ("--craft-village",), True, "NĐ 235/2025/NĐ-CP Điều 1 khoản 1"),
    ],
)
def test_eligibility_of_a_place_changes_on_15_october_2025(
    office: Any, dean: Any, place: str, on: str, more: tuple[str, ...], eligible: bool | None, basis: str
) -> None:
    asked = ("ceiling", "machinery", "--cost", "1 tỷ", "--ask", "1tr", "--place", place, "--on", on, *more)

    found = dean(*asked, "--json").json["eligibility"]
    printed = dean(*asked)

    assert (found["eligible"], found["basis"], found["place"]) == (eligible, basis, place)
    assert bool(found["warnings"]) is (eligible is None)
    assert f"({basis})" in printed.out


def test_places_are_known_without_a_register_too(office: Any, dean: Any, tmp_path: Path) -> None:
    asked = ("ceiling", "machinery", "--cost", "1 tỷ", "--ask", "1tr", "--place", "vl-x-my-hoa", "--on", "1/6/2025")
    with_register = dean(*asked)
    dean.set(home=str(tmp_path / "elsewhere"))

    without = dean(*asked)
    unknown = dean(*asked[:-3], "nowhere")

    assert without.out == with_register.out
    assert (unknown.code, unknown.err.splitlines()[-1]) == (
        1,
        "Không có đơn vị hành chính «nowhere»; hãy tìm bằng dean place list --words TÊN.",
    )


def test_ceiling_of_an_unknown_activity_lists_what_there_is(dean: Any) -> None:
    answer = dean("ceiling", "nuôi tôm", "--cost", "1tr", "--ask", "1tr")

    assert (answer.code, answer.out) == (1, "")
    assert "Không có hoạt động “nuôi tôm”; hãy chọn một trong: conference, " in answer.err


def test_a_step_over_the_ceiling_needs_a_reason_that_the_history_keeps(office: Any, dean: Any) -> None:
    code = office.open(total_cost=400 * MILLION)
    dean.set(today="2024-01-03")
    submit = (
        "advance",
        code,
        "submit",
        "--by",
        "an",
        "--number",
        "1",
        "--paper",
        "dossier",
        "--paper",
        "support_request",
    )

    refused = dean(*submit)
    done = dean(*submit, "--override", "Dây chuyền đồng bộ", "--json")

    event = dean("project", "history", code, "--json").json["events"][-1]
    assert (refused.code, done.code) == (1, 0), done.err
    assert refused.err.splitlines()[-1].startswith("Vượt mức hỗ trợ tối đa 100.000.000 đồng (50% chi phí hợp lệ")
    assert (event["action"], event["override"]) == ("submit", "Dây chuyền đồng bộ")
    assert "Vượt mức Dây chuyền đồng bộ" in plain(dean("project", "history", code).out)


def test_warnings_of_a_step_are_told_on_stderr_and_to_scripts(office: Any, dean: Any) -> None:
    dean.set(today="2024-01-03")
    papers = ("--paper", "dossier", "--paper", "support_request")

    done = dean("advance", office.open(), "submit", "--by", "an", "--number", "1", *papers, "--json")

    [warning] = done.json["warnings"]
    assert warning.startswith("Chưa nhập định mức của địa phương (vinh-long)")
    assert f"Lưu ý: {warning}" in done.err.splitlines()


def test_a_list_is_approved_over_the_ceiling_line_by_line(office: Any, dean: Any) -> None:
    codes = [_cleared_over(office) for _ in range(2)]
    dean.set(today="2024-02-01")
    decision = ("--decision", "980/QĐ", "--decided-on", "1/2/2024", "--signer", "Lê Quang Trung", "--total", "600tr")
    annex = dean.file("annex.csv", f"{codes[0]};300tr;Đợt 1;UBND tỉnh đồng ý\n{codes[1]};300tr\n")
    approve = ("approve", *decision, "--by", "binh", "--from-file", annex)

    refused = dean(*approve)
    stray = dean(*approve, "--override", "KC-VL-2024-099=Đồng ý")
    done = dean(*approve, "--override", f"{codes[1]}=UBND tỉnh đồng ý")

    reasons = [line for line in refused.err.splitlines() if "Vượt mức" in line]
    overrides = [dean("project", "history", code, "--json").json["events"][-1]["override"] for code in codes]
    assert (refused.code, stray.code, done.code) == (1, 1, 0), done.err
    assert [reason.split(":")[0] for reason in reasons] == [codes[1]]
    assert "KC-VL-2024-099 không có trong danh mục" in stray.err
    assert overrides == ["UBND tỉnh đồng ý"] * 2


def _cleared_over(office: Any) -> str:
    """A project of 300 triệu on a cost of 400 that was let through so far."""
    code = str(office.open(total_cost=400 * MILLION))
    papers = ("dossier", "support_request")
    office.step(code, "submit", "an", number="1", papers=papers, override="Dây chuyền đồng bộ")
    office.step(code, "start_appraisal", "binh", number="2")
    office.step(code, "pass_appraisal", "chi", number="3", signer="Lê Minh Chi", override="Hội đồng đồng ý")
    return str(office.bring(code, "cleared"))


@pytest.mark.parametrize(
    ("route", "kinds", "authority"),
    [
        ("national", ("change_place",), "agency"),
        ("national", ("change_place", "stop"), "ministry"),
        ("national", ("Tăng tổng kinh phí hỗ trợ",), "ministry"),
        ("local", ("increase_support",), "province"),
    ],
)
def test_the_highest_body_decides_an_adjustment(dean: Any, route: str, kinds: tuple[str, ...], authority: str) -> None:
    asked = ("adjustment", "authority", "--route", route, *(word for kind in kinds for word in ("--kind", kind)))

    found, printed = dean(*asked, "--json"), dean(*asked)

    assert (found.json["authority"], found.code, printed.code) == (authority, 0, 0)
    assert found.json["basis"]
    assert f"({authority})" in printed.out


def test_an_adjustment_needs_a_route_and_a_known_kind(dean: Any) -> None:
    without, unknown = (
        dean("adjustment", "authority", *more)
        for more in (("--kind", "stop"), ("--route", "local", "--kind", "paint it red"))
    )

    assert (without.code, unknown.code) == (2, 2)
    assert "Thiếu tùy chọn --route" in without.err
    assert "không hiểu “paint it red”" in unknown.err


# --- the rules ----------------------------------------------------------------------------------------


def test_rules_are_listed_by_kind_and_day_with_basis_and_dates(dean: Any) -> None:
    everything = dean("rules", "list", "--json").json
    ceilings = dean("rules", "list", "--kind", "ceiling", "--json").json
    old = dean("rules", "list", "--on", "1/6/2018", "--json").json

    rows = [*everything["deadlines"], *everything["ceilings"]]
    assert [row["code"] for row in rows if not (row["basis"] and row["effective_from"])] == []
    assert ceilings == {"ceilings": everything["ceilings"]}
    assert [row["code"] for row in old["deadlines"] if row["clock"] == "D-REG"] == ["D-REG-OLD"]
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
    running = submitted(office)
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
        (("C-SHOWROOM", "--length", "3"), "C-SHOWROOM là định mức, không ghi --length; hãy bỏ các tùy chọn đó."),
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
        ((), 2, "Ghi --ceilings TỆP hoặc --deadlines TỆP: một trong hai."),
        (("--ceilings", "nowhere.yaml"), 1, "Không đọc được tệp định mức nowhere.yaml"),
        (("--deadlines", "nowhere.yaml"), 1, "Không đọc được tệp quy định nowhere.yaml"),
    ],
)
def test_a_file_of_rules_that_cannot_be_read_is_refused(
    office: Any, dean: Any, more: tuple[str, ...], code: int, sentence: str
) -> None:
    answer = dean("rules", "add", *more, "--basis", "x", "--by", "giang")

    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err
