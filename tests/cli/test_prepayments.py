"""dean prepay: how much may be prepaid and why, and the prepayment itself."""

from typing import Any

MILLION = 1_000_000


def _contracted(office: Any, **changes: Any) -> str:
    return str(office.bring(office.open(**changes), "underway"))


def _prepay(code: str, amount: str, *more: str, number: str = "1/UNC") -> tuple[str, ...]:
    papers = ("--paper", "prepayment_request")
    return ("prepay", code, "--amount", amount, "--number", number, *papers, "--by", "dung", *more)


def test_check_says_how_much_and_why_and_writes_nothing(office: Any, dean: Any) -> None:
    code = _contracted(office)
    before = dean.events()

    found, printed = dean("prepay", code, "--check", "--json").json, dean("prepay", code, "--check")

    assert [found[key] for key in ("allowed", "percent", "base", "rule", "open", "reasons", "source")] == [
        *(210 * MILLION, 70, 300 * MILLION),
        *("P-VL", True, [], "local_fund"),
    ]
    assert printed.lines[:3] == [
        f"{code}: ngày 03/06/2024 mức tạm ứng tối đa là 210.000.000 đồng",
        "(Hai trăm mười triệu đồng).",
        "Cách tính 70% giá trị hợp đồng 300.000.000 đồng",
    ]
    assert "Thiếu đề nghị tạm ứng; hãy kèm theo (--paper prepayment_request=TỆP)." in printed.lines
    assert dean.events() == before


def test_check_says_what_stands_in_the_way(office: Any, dean: Any) -> None:
    approved = office.bring(office.open(), "approved")
    national = _contracted(office, route="national")

    early, unknown = (dean("prepay", code, "--check", "--json").json for code in (approved, national))

    assert (early["allowed"], early["open"], unknown["allowed"], unknown["open"]) == (None, False, None, False)
    assert early["reasons"][-1] == "Chưa ký hợp đồng; hãy ký rồi tạm ứng."
    [no_rule] = unknown["reasons"]
    assert no_rule.startswith("Tại ngày 03/06/2024 chưa có mức tạm ứng cho “Ứng dụng máy móc")
    assert f"{national}: ngày 03/06/2024 chưa xác định được mức tạm ứng." in dean("prepay", national, "--check").lines


def test_a_project_is_prepaid_once_within_the_rule(office: Any, dean: Any) -> None:
    code = _contracted(office)

    over = dean(*_prepay(code, "210.000.001"))
    done = dean(*_prepay(code, "210tr"))
    again = dean(*_prepay(code, "1tr", number="2/UNC"))

    standing = dean("prepay", code, "--check", "--json").json
    assert [answer.code for answer in (over, done, again)] == [1, 0, 1]
    assert "vượt mức tối đa 210.000.000 đồng (70% giá trị hợp đồng 300.000.000 đồng" in over.err
    assert done.lines[-1] == ("Phê duyệt 300.000.000 đồng; hợp đồng 300.000.000 đồng; tạm ứng 210.000.000 đồng.")
    assert "Đã tạm ứng 210.000.000 đồng; mỗi đề án chỉ tạm ứng một lần." in again.err
    assert (standing["prepaid"], standing["open"]) == (210 * MILLION, False)


def test_an_industrial_cluster_is_prepaid_beyond_half_of_the_work(office: Any, dean: Any) -> None:
    code = _contracted(office, route="national", activity="cluster_infrastructure", total_cost=2_000 * MILLION)
    contracts = ("support_contract", "investor_contract", "progress_report")
    prepay = _prepay(code, "90tr", "--decided-on", "03/06/2024", *(w for kind in contracts for w in ("--paper", kind)))

    checked = dean("prepay", code, "--check")
    silent = dean(*prepay)
    half = dean(*prepay, "--progress", "50")
    enough = dean(*prepay, "--progress", "60", "--json")

    assert "Khối lượng phải trên 50% (--progress)" in checked.lines
    assert [answer.code for answer in (silent, half, enough)] == [1, 1, 0], enough.err
    assert "hãy ghi tỷ lệ đã hoàn thành theo báo cáo (--progress N)." in silent.err
    assert "Mới hoàn thành 50% khối lượng được hỗ trợ, phải trên 50%" in half.err
    assert enough.json["money"]["prepaid"] == 90 * MILLION


def test_advance_takes_the_progress_too(office: Any, dean: Any) -> None:
    code = _contracted(office)
    typed = ("--amount", "local_fund=90tr", "--number", "1/UNC", "--paper", "prepayment_request", "--by", "dung")

    done = dean("advance", code, "prepay", *typed, "--progress", "30")
    stray = dean("advance", code, "suspend", "--progress", "30", "--number", "1", "--note", "Chờ", "--by", "chi")

    assert (done.code, stray.code) == (0, 1), done.err
    assert "không ghi tỷ lệ khối lượng (--progress); hãy bỏ mục đó." in stray.err
