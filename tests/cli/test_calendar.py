"""dean calendar: counting days with a register and without, and changing the days."""

from typing import Any

import pytest

SHIPPED = "Chưa có sổ: dùng lịch và quy định kèm theo phần mềm."


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


def test_a_new_day_off_moves_the_deadlines_and_says_whose(office: Any, dean: Any) -> None:
    code = office.submitted_in_2026()
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
