"""dean pay, dean settle and dean recover: money that is still to pay or has to come back."""

from typing import Any

import pytest

MILLION = 1_000_000


def _underway(office: Any) -> str:
    """A project under way with a contract of 200 triệu."""
    code = str(office.open(amounts={"local_fund": 200 * MILLION, "counterpart": 350 * MILLION}))
    return str(office.bring(code, "underway"))


def _life(dean: Any, *words: tuple[str, ...]) -> list[Any]:
    answers = [dean(*each) for each in words]
    assert [answer.code for answer in answers] == [0] * len(words), [answer.err for answer in answers]
    return answers


def _prepaid(code: str) -> tuple[str, ...]:
    papers = ("--paper", "prepayment_request")
    return ("prepay", code, "--amount", "140tr", "--number", "1/UNC", *papers, "--by", "dung")


def _overpaid(office: Any, dean: Any) -> str:
    """Approved 200, prepaid 140, accepted 130 triệu: 10 have to come back."""
    code = _underway(office)
    _life(
        dean,
        _prepaid(code),
        ("advance", code, "report_completion", "--number", "2/BC", "--paper", "vouchers", "--by", "an"),
        (
            *("accept", code, "--cost", "260tr", "--quantity", "T2_2=1", "--number", "3/BBNT"),
            *("--signer", "Lê Minh Chi", "--by", "chi"),
        ),
    )
    return code


def test_a_whole_life_closes_when_more_was_prepaid_than_accepted(office: Any, dean: Any) -> None:
    code = _overpaid(office, dean)

    before, demanded, received, submitted, settled = _life(
        dean,
        ("settle", code, "--check", "--json"),
        ("recover", "demand", code, "--number", "4/SCT", "--by", "dung", "--json"),
        ("recover", "receive", code, "--amount", "10tr", "--number", "5/GNT", "--by", "dung"),
        ("advance", code, "submit_settlement", "--number", "6/ĐNTT", "--by", "an"),
        ("settle", code, "--number", "7/TL", "--signer", "Lê Minh Chi", "--by", "dung", "--json"),
    )

    found = dean("waterfall", code, "--json").json
    sums = found["sources"]["local_fund"]
    assert (before.json["money"]["payable"], before.json["money"]["to_recover"]) == (0, 10 * MILLION)
    assert demanded.json["action"] == "demand_refund"
    assert "thu hồi 10.000.000 đồng; không còn khoản phải thanh toán hay thu hồi." in received.out
    assert settled.json["money"]["settled"] == 130 * MILLION
    assert [sums[name] // MILLION for name in ("approved", "prepaid", "accepted", "settled", "released")] == [
        *(200, 140, 130),
        *(130, 70),
    ]
    assert (sums["returned"], sums["balance"], sums["cash_balance"]) == (10 * MILLION, 0, 0)
    assert (found["closed"], dean("reconcile").code, dean("verify").code) == (True, 0, 0)
    assert submitted.code == 0


def test_what_is_left_to_pay_is_paid_and_then_settled(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "awaiting_acceptance")
    accept = ("--cost", "600tr", "--quantity", "T2_2=1", "--number", "3/BB", "--signer", "Ký", "--by", "chi")
    assert dean("accept", code, *accept).code == 0
    pay = ("pay", code, "--number", "4/UNC", "--by", "dung")

    checked = dean("settle", code, "--check")
    over, paid = dean(*pay, "--amount", "300.000.001"), dean(*pay, "--amount", "300tr")
    after = dean("settle", code, "--check", "--json").json

    assert "Còn phải thanh toán 300.000.000 đồng." in checked.lines
    assert f"Ghi thanh toán: dean pay {code} --amount 300000000 --number …" in checked.lines
    assert f"Bước tiếp theo: Nộp hồ sơ quyết toán (dean advance {code} submit_settlement)" in checked.lines
    assert (over.code, paid.code) == (1, 0), paid.err
    assert paid.lines[-1].endswith("thanh toán 300.000.000 đồng; không còn khoản phải thanh toán hay thu hồi.")
    assert (after["money"]["payable"], after["next"]["action"]) == (0, "submit_settlement")


def test_settling_waits_for_the_money_that_has_to_come_back(office: Any, dean: Any) -> None:
    code = _overpaid(office, dean)
    _life(dean, ("advance", code, "submit_settlement", "--number", "6/ĐNTT", "--by", "an"))
    before = dean.events()

    checked = dean("settle", code, "--check", "--json").json
    refused = dean("settle", code, "--number", "7/TL", "--signer", "Lê Minh Chi", "--by", "dung")

    assert checked["reasons"] == [
        "Đã chi vượt 10.000.000 đồng so với nghiệm thu; cần thu hồi trước (bước receive_recovery)."
    ]
    assert (refused.code, refused.out, dean.events()) == (1, "", before)
    assert checked["reasons"][0] in refused.err


def test_a_schedule_is_followed_by_its_days(office: Any, dean: Any) -> None:
    code = _overpaid(office, dean)
    schedule = ("--due", "01/08/2024=6tr", "--due", "2024-07-01=4tr")
    _life(
        dean,
        ("recover", "demand", code, *schedule, "--number", "4/SCT", "--by", "dung"),
        ("recover", "receive", code, "--amount", "5tr", "--number", "5/GNT", "--by", "dung"),
    )

    [in_time], [late] = (dean("recover", "list", "--as-of", on, "--json").json for on in ("01/08/2024", "02/08/2024"))
    shown = dean("recover", "show", code, "--as-of", "02/08/2024", "--json").json
    printed = dean("recover", "show", code, "--as-of", "02/08/2024")

    assert (in_time["to_recover"], in_time["received"], in_time["overdue"]) == (5 * MILLION, 5 * MILLION, 0)
    assert (late["overdue"], late["next_due_on"]) == (5 * MILLION, "2024-08-01")
    assert [(part["due_on"], part["left"]) for part in shown["recovery"]["due"]] == [
        ("2024-07-01", 0),
        ("2024-08-01", 5 * MILLION),
    ]
    assert [(row["number"], row["amount"]) for row in shown["receipts"]] == [("5/GNT", 5 * MILLION)]
    assert "Còn phải thu hồi 5.000.000 đồng" in printed.lines
    assert "03/06/2024 5/GNT 5.000.000" in printed.lines


def test_a_stopped_project_gives_everything_back(office: Any, dean: Any) -> None:
    code = _underway(office)
    decision = ("--number", "3/QĐ-UBND", "--decided-on", "03/06/2024", "--signer", "Lê Quang Trung")
    _life(
        dean,
        _prepaid(code),
        ("advance", code, "stop", *decision, "--note", "Cơ sở giải thể", "--by", "binh"),
    )

    [listed] = dean("recover", "list", "--json").json
    early = dean("recover", "close", code, "--by", "dung")
    demanded, _, received, _ = _life(
        dean,
        ("recover", "demand", code, "--number", "4/QĐ-SCT", "--signer", "Lê Minh Chi", "--by", "chi", "--json"),
        ("recover", "receive", code, "--amount", "100tr", "--number", "5/GNT", "--by", "dung"),
        ("recover", "receive", code, "--amount", "40tr", "--number", "6/GNT", "--by", "dung", "--json"),
        ("recover", "close", code, "--by", "dung"),
    )

    assert (listed["stage"], listed["to_recover"], listed["next_due_on"]) == ("stopped", 140 * MILLION, None)
    assert early.code == 1
    assert (demanded.json["action"], demanded.json["to"]) == ("start_recovery", "recovering")
    assert (received.json["money"]["to_recover"], received.json["money"]["recovered"]) == (0, 140 * MILLION)
    assert dean("project", "show", code, "--json").json["stage"] == "recovered"
    assert (dean("recover", "list").code, dean("recover", "list", "--json").json) == (0, [])
    assert dean("waterfall", code, "--json").json["closed"] is True


def test_money_to_come_back_is_seen_within_the_scope_only(office: Any, dean: Any) -> None:
    code = _overpaid(office, dean)

    seen = {who: dean("recover", "list", "--by", who, "--json").json for who in ("an", "yen", "hanh", "em")}

    assert {who: len(rows) for who, rows in seen.items()} == {"an": 1, "yen": 0, "hanh": 0, "em": 1}
    assert [dean(*words, "--by", "yen").code for words in (("recover", "show", code), ("settle", code, "--check"))] == [
        1,
        1,
    ]


REFUSED = {
    "more than has to come back": (
        ("receive", "--amount", "10.000.001"),
        1,
        "vượt số phải thu hồi 10.000.000 đồng là 1",
    ),
    "no amount": (("receive",), 1, "Phải ghi số tiền của nguồn KC địa phương"),
    "a negative amount": (("receive", "--amount", "-1"), 1, "là số âm"),
    "an amount of the other fund": (("receive", "--amount", "national_fund=1tr"), 1, "chỉ dùng nguồn KC địa phương"),
    "the counterpart": (("receive", "--amount", "counterpart=1tr"), 1, "chỉ ghi cho vốn nhà nước"),
    "instalments that do not add up": (("demand", "--due", "01/08/2024=9tr"), 1, "chênh lệch 1.000.000 đồng"),
    "an instalment of nothing": (
        ("demand", "--due", "01/08/2024=10tr", "--due", "02/08/2024=0"),
        1,
        "phải lớn hơn 0 đồng",
    ),
    "an instalment before the paper": (("demand", "--due", "01/05/2024=10tr"), 1, "trước ngày văn bản"),
    "a day twice": (("demand", "--due", "1/8/2024=5tr", "--due", "01/08/2024=5tr"), 1, "ghi hai lần"),
    "an instalment without a day": (("demand", "--due", "10tr"), 1, "thiếu dấu “=”"),
    "an impossible day": (("demand", "--due", "31/02/2025=10tr"), 1, "không có trong lịch"),
    "closing what was never started": (("close",), 1, "chỉ làm được khi đề án ở giai đoạn «Đang thu hồi kinh phí»"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_demand_or_receipt_changes_nothing(office: Any, dean: Any, case: str) -> None:
    (command, *more), code, sentence = REFUSED[case]
    project = _overpaid(office, dean)
    before = dean.events()

    answer = dean("recover", command, project, *more, "--number", "9", "--by", "dung")

    assert (answer.code, answer.out, dean.events()) == (code, "", before)
    assert sentence in answer.err, answer.err
