"""dean accept: what the cost brings, the whole project and its shares, passed and failed."""

from typing import Any

import pytest

MILLION = 1_000_000
SIGNED = ("--number", "9/BBNT", "--signer", "Lê Minh Chi", "--by", "chi")


def _awaiting(office: Any, **changes: Any) -> str:
    return str(office.bring(office.open(**changes), "awaiting_acceptance"))


def _accept(code: str, *more: str) -> tuple[str, ...]:
    return ("accept", code, *more, *SIGNED)


def test_the_support_follows_from_the_accepted_cost_and_is_told_in_words(office: Any, dean: Any) -> None:
    code = _awaiting(office)

    done = dean(*_accept(code, "--cost", "500tr", "--amount", "counterpart=250tr", "--quantity", "T2_2=1"))

    assert done.code == 0, done.err
    assert done.lines[1:] == [
        "Hỗ trợ nghiệm thu 250.000.000 đồng (Hai trăm năm mươi triệu đồng).",
        "Là số nhỏ nhất của: số phê duyệt 300.000.000 đồng; 50% của chi phí nghiệm thu 500.000.000 đồng là "
        "250.000.000 đồng; mức trần 300.000.000 đồng (TT 28/2018/TT-BTC Điều 8 khoản 4).",
        "Phê duyệt 300.000.000 đồng; hợp đồng 300.000.000 đồng; nghiệm thu 250.000.000 đồng; còn phải thanh toán "
        "250.000.000 đồng.",
    ]
    assert dean("settle", code, "--check", "--json").json["money"]["payable"] == 250 * MILLION


@pytest.mark.parametrize(
    ("cost", "support", "words"),
    [
        ("260tr", 130 * MILLION, "Một trăm ba mươi triệu đồng"),
        ("560tr", 280 * MILLION, "Hai trăm tám mươi triệu đồng"),
        ("2 tỷ", 300 * MILLION, "Ba trăm triệu đồng"),
        (
            "333.333.333",
            166_666_666,
            "Một trăm sáu mươi sáu triệu sáu trăm sáu mươi sáu nghìn sáu trăm sáu mươi sáu đồng",
        ),
    ],
)
def test_check_computes_and_writes_nothing(office: Any, dean: Any, cost: str, support: int, words: str) -> None:
    code = _awaiting(office)
    before = dean.events()

    found = dean("accept", code, "--check", "--cost", cost, "--json").json
    printed = dean("accept", code, "--check", "--cost", cost)

    assert (found["support"], found["support_in_words"], found["open"]) == (support, words, True)
    assert printed.lines[1] == f"({words})."
    assert dean.events() == before


def test_check_before_the_work_is_done_says_what_is_missing(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "underway")

    found = dean("accept", code, "--check", "--cost", "500tr", "--json").json
    unknown = office.bring(office.open(activity="việc khác"), "underway")

    assert (found["support"], found["open"]) == (250 * MILLION, False)
    assert "chỉ làm được khi đề án ở giai đoạn «Chờ nghiệm thu»" in found["reasons"][0]
    assert dean("accept", unknown, "--check", "--cost", "1tr").lines == [
        f"{unknown}: chưa có định mức nên không tự tính được; hãy ghi số hỗ trợ (--amount).",
        "",
        "Chưa nghiệm thu được:",
        found["reasons"][0],
    ]


def test_a_stated_amount_stands_and_is_held_against_the_ceiling(office: Any, dean: Any) -> None:
    code = _awaiting(office)
    cost = ("--cost", "500tr", "--quantity", "T2_2=1")

    over = dean(*_accept(code, *cost, "--amount", "250.000.001"))
    done = dean(*_accept(code, *cost, "--amount", "240tr", "--amount", "counterpart=260tr"), "--json")

    assert (over.code, done.code) == (1, 0), done.err
    assert "Vượt mức hỗ trợ tối đa 1 đồng" in over.err
    assert (done.json["support"], done.json["limit"]) == (240 * MILLION, None)
    [row] = dean("waterfall", code, "--json").json["acceptances"]
    assert (row["cost"], row["support"], row["counterpart"]) == (500 * MILLION, 240 * MILLION, 260 * MILLION)


def test_a_failed_acceptance_is_repaired_and_held_again(office: Any, dean: Any) -> None:
    code = _awaiting(office)
    failed = ("accept", code, "--failed", "--number", "9/BB", "--by", "chi")

    without_reason = dean(*failed)
    answers = [
        dean(*failed, "--note", "Máy chưa chạy thử"),
        dean("advance", code, "retry_acceptance", "--number", "10/BC", "--by", "an"),
        dean(*_accept(code, "--cost", "600tr", "--quantity", "T2_2=1")),
    ]

    rows = dean("waterfall", code, "--json").json["acceptances"]
    assert (without_reason.code, [answer.code for answer in answers]) == (1, [0, 0, 0])
    assert "Phải ghi lý do (--note)." in without_reason.err
    assert "«Chờ nghiệm thu» → «Nghiệm thu không đạt»" in answers[0].out
    assert [(row["outcome"], row["reason"]) for row in rows] == [("failed", "Máy chưa chạy thử"), ("passed", "")]


def test_work_accepted_in_january_counts_only_when_it_was_carried_over(office: Any, dean: Any) -> None:
    code = _awaiting(office)
    dean.set(today="2025-01-10")

    late = dean(*_accept(code, "--cost", "600tr", "--quantity", "T2_2=1"))
    dated = dean(*_accept(code, "--cost", "600tr", "--quantity", "T2_2=1", "--decided-on", "31/12/2024"))

    assert (late.code, dated.code) == (1, 0), dated.err
    assert "Nghiệm thu ngày 10/01/2025 sau 31/12/2024" in late.err


def _group(office: Any, dean: Any) -> tuple[str, list[str]]:
    """A group project of three workshops with 300 triệu among them."""
    added = [
        dean("beneficiary", "add", "--name", name, "--kind", "household", "--by", "an", "--json").json["id"]
        for name in ("Cơ sở Hai Lúa", "Cơ sở Út Trà")
    ]
    named = (office.beneficiary, *added)
    code = _awaiting(office, kind="group", beneficiaries=named, targets={"T2_2": 3}, total_cost=900 * MILLION)
    return code, [str(who) for who in named]


def test_a_group_project_is_accepted_share_by_share(office: Any, dean: Any) -> None:
    code, (first, second, third) = _group(office, dean)
    share = ("--quantity", "T2_2=1")

    one = dean(*_accept(code, "--beneficiary", first, "--cost", "240tr", *share), "--json")
    checked = dean("accept", code, "--beneficiary", second, "--check", "--cost", "500tr", "--json").json
    two = dean(*_accept(code, "--beneficiary", second, "--cost", "500tr", *share))
    too_early = dean(*_accept(code))
    failed = dean(
        *("accept", code, "--failed", "--beneficiary", third, "--note", "Chưa lắp", "--number", "1", "--by", "chi")
    )
    whole = dean(*_accept(code), "--json")

    assert (one.json["action"], one.json["support"], one.json["to"]) == (
        *("accept_share", 120 * MILLION),
        "awaiting_acceptance",
    )
    assert (checked["approved"], checked["support"]) == (180 * MILLION, 180 * MILLION)
    assert "Hỗ trợ nghiệm thu 180.000.000 đồng (Một trăm tám mươi triệu đồng)." in two.out
    assert "Chưa có kết quả nghiệm thu của: Cơ sở Út Trà." in too_early.err
    assert [answer.code for answer in (one, two, too_early, failed, whole)] == [0, 0, 1, 0, 0], whole.err
    assert (whole.json["to"], whole.json["support"]) == ("accepted", 300 * MILLION)
    assert [row["beneficiary"] for row in dean("waterfall", code, "--json").json["acceptances"]] == [
        *("Cơ sở Tàu hủ ky Mỹ Hòa", "Cơ sở Hai Lúa"),
        "Cơ sở Út Trà",
    ]


REFUSED = {
    "no figure": (("--quantity", "T2_2=1"), 1, "Phải ghi số tiền của nguồn KC địa phương"),
    "no quantity": (("--cost", "500tr"), 1, "Phải ghi số lượng nghiệm thu: --quantity T2_2=…."),
    "a cost of nothing": (("--cost", "0", "--quantity", "T2_2=1"), 1, "Chi phí hợp lệ phải lớn hơn 0 đồng"),
    "a strange target": (("--cost", "1tr", "--quantity", "T9_9=1"), 1, "không đóng góp cho chỉ tiêu T9_9"),
    "a cost above 2^63": (("--cost", str(2**63), "--quantity", "T2_2=1"), 1, "quá lớn"),
    "a share of an ordinary project": (
        ("--beneficiary", "1", "--cost", "1tr", "--quantity", "T2_2=1"),
        1,
        "Chỉ đề án nhóm nghiệm thu từng đơn vị thụ hưởng",
    ),
    "a day in the future": (
        ("--cost", "500tr", "--quantity", "T2_2=1", "--decided-on", "04/06/2024"),
        1,
        "ở tương lai (hôm nay 03/06/2024)",
    ),
    "signed by the author": (
        ("--cost", "500tr", "--quantity", "T2_2=1", "--signer", "Nguyễn Văn An"),
        1,
        "là người lập hồ sơ; kết quả phải do người khác ký.",
    ),
    "checking without a cost": (("--check",), 2, "--check đi với --cost TIỀN"),
    "checking a failure": (("--check", "--failed", "--cost", "1tr"), 2, "không đi với --failed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_acceptance_changes_nothing(office: Any, dean: Any, case: str) -> None:
    more, code, sentence = REFUSED[case]
    project = _awaiting(office)
    before = dean.events()

    answer = dean("accept", project, "--number", "9", "--signer", "Lê Minh Chi", "--by", "chi", *more)

    assert (answer.code, answer.out, dean.events()) == (code, "", before)
    assert sentence in answer.err, answer.err
