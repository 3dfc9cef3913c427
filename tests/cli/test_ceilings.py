"""dean ceiling and dean adjustment: how much may be granted, and who may change it."""

from pathlib import Path
from typing import Any

import pytest

MILLION = 1_000_000


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

    lines = printed.lines
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
    assert "Vượt mức Dây chuyền đồng bộ" in dean("project", "history", code).lines


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
