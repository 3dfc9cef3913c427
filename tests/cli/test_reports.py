"""`dean report`: freeze, show, list, sign, compare; as text and as JSON; and who is refused."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

TRIEU = 1_000_000


@pytest.fixture
def code(office: Any, dean: Any) -> str:
    """A project accepted on 01/03/2024; today is 18/03/2024."""
    dean.set(today="2024-03-18")
    found: str = office.bring(office.open(), "awaiting_acceptance")
    office.at = datetime.fromisoformat("2024-02-29T02:00:00+00:00")
    done = {"amounts": {"local_fund": 300 * TRIEU, "counterpart": 350 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(found, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", **done)
    return found


def allot_late(office: Any, code: str) -> None:
    """Enter on 20/03 what was allotted on 10/03."""
    office.at = datetime.fromisoformat("2024-03-19T02:00:00+00:00")
    amounts = {"amounts": {"local_fund": 50 * TRIEU}}
    office.step(code, "allot", "dung", number="7/QĐ", decided_on=date(2024, 3, 10), **amounts)
    assert office.today == date(2024, 3, 18) + timedelta(days=2)


def test_report_is_frozen_shown_signed_and_compared(office: Any, dean: Any, code: str) -> None:
    frozen = dean("report", "freeze", "tháng 3/2024", "--by", "binh")
    shown = dean("report", "show", "tháng", "3/2024")
    signing = ("--number", "45/BC-SCT", "--signed-on", "18/03/2024", "--signer", "Lê Minh Chi")
    signed = dean("report", "sign", "tháng 3/2024", *signing, "--by", "chi")
    same = dean("report", "diff", "tháng 3/2024")
    allot_late(office, code)
    changed = dean("report", "diff", "tháng 3/2024")

    assert [answer.code for answer in (frozen, shown, signed, same, changed)] == [0] * 5
    assert "Đã chốt số liệu tháng 03 năm 2024." in frozen.lines
    assert "Kỳ từ 15/02/2024 đến 14/03/2024 (NĐ 09/2019/NĐ-CP)" in frozen.lines
    assert any(line.startswith("Hạn nộp sớm nhất 15/03/2024") for line in frozen.lines)
    [target] = [line for line in shown.lines if line.startswith("T2_2 lượt")]
    assert target.endswith("50 1 1 1 1 1")
    assert "(để người lập báo cáo ghi)" in shown.lines
    assert signed.lines == ["Đã ghi báo cáo tháng 03 năm 2024, lần phát hành 1, ký số 45/BC-SCT."]
    assert same.lines[0].endswith("số liệu hôm nay vẫn như vậy.")
    assert changed.lines[0].endswith("9 ô nay đã khác. Báo cáo đã chốt giữ nguyên.")
    cell = f"{code}: kinh phí, KC địa phương, Giao vốn, trong kỳ 0 {50 * TRIEU:,}".replace(",000", ".000")
    assert any(line.startswith(cell) for line in changed.lines)


def test_reports_answer_scripts_in_json(office: Any, dean: Any, code: str) -> None:
    frozen = dean("report", "freeze", "quý 4/2023", "--by", "binh", "--json").json
    dean("report", "freeze", "tháng 3/2024", "--by", "binh")
    allot_late(office, code)

    shown = dean("report", "show", "thang 3/2024", "--json").json
    listed = dean("report", "list", "--json").json
    different = dean("report", "diff", "tháng 3/2024", "--json").json

    assert (frozen["kind"], frozen["first_on"], frozen["last_on"]) == ("quarter", "2023-09-15", "2023-12-14")
    assert shown["body"]["figures"]["targets"]["T2_2"]["period"] == 1
    assert shown["body"]["cutoff_event"] == shown["cutoff_event"]
    assert [(row["label"], row["issue"], row["status"]) for row in listed] == [
        ("tháng 03 năm 2024", 1, "frozen"),
        ("quý IV năm 2023", 1, "frozen"),
    ]
    [row] = [row for row in different["changes"] if row["cell"] == "totals/money/local_fund/allotted/period"]
    assert (row["was"], row["now"], [event["action"] for event in row["events"]]) == (0, 50 * TRIEU, ["allot"])


def test_frozen_report_prints_the_same_after_later_entries(office: Any, dean: Any, code: str) -> None:
    dean("report", "freeze", "năm 2023", "--by", "binh")
    dean("report", "freeze", "tháng 3/2024", "--by", "binh")
    before = [dean("report", "show", *words).out for words in (("tháng 3/2024",), ("tháng 3/2024", "--json"))]
    allot_late(office, code)
    dean.set(today="2024-03-21")

    after = [dean("report", "show", *words).out for words in (("tháng 3/2024",), ("tháng 3/2024", "--json"))]

    assert after == before
    assert dean("report", "show", "năm 2023").code == 0
    assert dean("report", "list").lines[2].startswith("KC-VL-2021-2025 tháng 03 năm 2024 1 15/02/2024 14/03/2024")


def test_whole_programme_is_reported_after_its_last_day(dean: Any, code: str) -> None:
    early = dean("report", "freeze", "giai đoạn", "--by", "binh")
    dean.set(today="2025-12-31")
    whole = dean("report", "freeze", "giai đoạn", "--by", "binh")

    assert early.err.splitlines()[-1] == (
        "Kỳ giai đoạn 2021–2025 đến ngày 31/12/2025 mới hết; hãy chốt số liệu từ ngày đó."
    )
    assert (early.code, whole.code) == (1, 0)
    assert not any(line.startswith("Hạn nộp") for line in whole.lines)
    assert dean("report", "show", "giai đoạn").code == 0


def test_refusals_leave_nothing_behind(dean: Any, code: str) -> None:
    before = dean.events()

    by_leader = dean("report", "freeze", "tháng 3/2024", "--by", "chi")
    unknown = dean("report", "show", "tháng 3/2024")
    unreadable = dean("report", "freeze", "tháng ba", "--by", "binh")
    nobody = dean("report", "freeze", "tháng 3/2024")

    assert [answer.code for answer in (by_leader, unknown, unreadable, nobody)] == [1, 1, 1, 2]
    assert by_leader.err.splitlines()[-1] == (
        "Lê Minh Chi (Lãnh đạo Sở) không được làm việc này; cần: Điều phối viên của Sở."
    )
    assert unknown.err.splitlines()[-1] == ("Chưa chốt báo cáo tháng 03 năm 2024; hãy chốt bằng dean report freeze.")
    assert unreadable.err.splitlines()[-1].startswith("Không đọc được kỳ báo cáo")
    assert dean.events() == before


def test_viewer_of_one_commune_reads_no_report_of_the_province(dean: Any, code: str) -> None:
    dean("report", "freeze", "tháng 3/2024", "--by", "binh")

    hidden, open_ = (dean("report", "show", "tháng 3/2024", "--by", by) for by in ("hanh", "em"))

    assert (hidden.code, open_.code) == (1, 0)
    assert hidden.err.splitlines()[-1].startswith("Báo cáo nói về đề án của cả tỉnh, Ngô Mỹ Hạnh")


def test_first_window_of_a_programme_names_the_one_before(office: Any, dean: Any, code: str) -> None:
    dean.set(today="2026-01-20")
    office.at = datetime.fromisoformat("2026-01-05T02:00:00+00:00")
    new = {"programme": "KC-VL-2026-2030", "plan_year": 2026, "content": 0, "targets": {"T0_1": 1}}
    office.bring(office.open(**new), "submitted")

    first = dean("report", "freeze", "tháng 1/2026", "--by", "binh")
    named = dean("report", "freeze", "tháng 1/2026", "--programme", "KC-VL-2021-2025", "--by", "binh")

    assert [answer.code for answer in (first, named)] == [0, 0]
    assert "KC-VL-2026-2030" in first.out
    told = (
        "Lưu ý: kỳ này bắt đầu ngày 15/12/2025, khi chương trình KC-VL-2021-2025 còn chạy; đề án của chương trình đó "
        "báo cáo riêng (dean report freeze tháng 01 năm 2026 --programme KC-VL-2021-2025)."
    )
    assert told in first.err
    assert "Lưu ý" not in named.err


def test_proposals_are_written_from_a_text_or_a_file_and_stand_in_the_report(
    dean: Any, code: str, tmp_path: Any
) -> None:
    dean("report", "freeze", "tháng 3/2024", "--by", "binh")
    path = tmp_path / "de-xuat.txt"
    path.write_text("Xin bổ sung vốn.\nXin gia hạn.", encoding="utf-8")

    typed = dean("report", "propose", "tháng 3/2024", "--text", "Xin bổ sung vốn.", "--by", "binh")
    filed = dean("report", "propose", "tháng", "3/2024", "--file", path, "--by", "binh", "--json").json
    shown = dean("report", "show", "tháng 3/2024")

    assert typed.lines == ["Đã ghi đề xuất, kiến nghị của báo cáo tháng 03 năm 2024, lần phát hành 1."]
    assert filed["proposals"]["words"] == "Xin bổ sung vốn.\nXin gia hạn."
    assert "Xin gia hạn." in shown.lines
    assert dean("report", "show", "tháng 3/2024", "--json").json["body"]["proposals"] == ""


def test_proposals_are_given_one_way_and_from_a_file_that_can_be_read(dean: Any, code: str, tmp_path: Any) -> None:
    dean("report", "freeze", "tháng 3/2024", "--by", "binh")

    neither = dean("report", "propose", "tháng 3/2024", "--by", "binh")
    missing = dean("report", "propose", "tháng 3/2024", "--file", tmp_path / "gone.txt", "--by", "binh")

    assert (neither.code, missing.code) == (2, 1)
    assert missing.err.splitlines()[-1] == "Không đọc được tệp gone.txt; hãy kiểm tra đường dẫn và bảng mã UTF-8."
