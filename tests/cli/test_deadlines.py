"""dean due and dean deadline: what is due, and the sheet on which it can be recounted."""

from typing import Any

import pytest
from sqlalchemy import text


def spoil(office: Any, sql: str) -> None:
    with office.store.write() as session:
        session.connection().execute(text(sql))


def test_due_lists_the_overdue_with_all_promised_fields(office: Any, dean: Any) -> None:
    code = office.submitted_in_2026()

    found = dean("due", "--as-of", "13/3/2026", "--json").json
    printed = dean("due", "--as-of", "13/3/2026")

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
    assert printed.out.splitlines()[0] == "Tính đến 13/03/2026:"
    assert printed.lines[-1].endswith("10/03/2026 10/03/2026 Quá hạn 3 ngày làm việc nội bộ Quy định nội bộ")


def test_due_looks_as_far_ahead_as_asked_and_from_today(office: Any, dean: Any) -> None:
    office.submitted_in_2026()
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
    codes = [office.submitted_in_2026() for _ in range(3)]
    dean.set(today="2026-06-15")

    pages = [dean("due", "--limit", "2", "--offset", str(offset), "--json") for offset in (0, 2)]

    shown = [row["project"] for page in pages for row in page.json]
    assert shown == [codes[0], codes[1], None, codes[2]]
    assert "--offset 2" in pages[0].err
    assert "Còn nữa" not in pages[1].err


def test_due_shows_the_work_of_one_person_or_unit(office: Any, dean: Any) -> None:
    code = office.submitted_in_2026()
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
    code = office.submitted_in_2026()
    office.step(code, "return", "binh", number="TB1", note="Thiếu", missing=("báo giá",))
    dean.set(today="2026-03-05")

    running = dean("deadline", "list", code, "--json").json
    everything = dean("deadline", "list", code, "--all", "--json").json
    printed = dean("deadline", "list", code, "--all")
    other = office.submitted_in_2026()
    office.step(other, "start_appraisal", "binh", number="02/SCT")
    ended = dean("deadline", "list", other, "--all", "--json").json

    assert [(row["kind"], row["left"]) for row in running] == [
        ("D-SUPP", "Còn 9 ngày làm việc"),
        ("D-CHECK", "Tạm dừng"),
    ]
    assert everything == running
    assert "Bổ sung hồ sơ 18/03/2026 18/03/2026 Còn 9 ngày làm việc nội bộ Quy định nội bộ" in printed.lines
    assert [(row["kind"], row["left"]) for row in ended] == [
        ("D-CHECK", "Xong đúng hạn"),
        ("D-APPR", "Còn 14 ngày làm việc"),
    ]


def test_the_proof_sheet_can_be_recounted_by_hand(office: Any, dean: Any) -> None:
    code = office.submitted_in_2026()
    office.step(code, "start_appraisal", "binh", number="02/SCT")

    [sheet] = dean("deadline", "proof", code, "--clock", "d-check", "--json").json
    printed = dean("deadline", "proof", code, "--clock", "D-CHECK")

    lines = printed.lines
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
    code = office.submitted_in_2026()

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
    code = office.submitted_in_2026()
    right = dean("deadline", "list", code, "--json").json
    spoil(office, "UPDATE deadline SET rolled_on = '2026-12-31', safe_on = '2026-12-31'")

    first, second = dean("deadline", "rebuild", "--json"), dean("deadline", "rebuild")

    assert (first.code, first.json) == (1, {"ok": False, "wrong": 1})
    assert (second.code, second.out) == (0, "Mọi hạn đều đúng theo sự kiện; không phải sửa gì.\n")
    assert dean("deadline", "list", code, "--json").json == right


def test_lists_of_projects_show_the_most_urgent_deadline(office: Any, dean: Any) -> None:
    code = office.submitted_in_2026()
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
