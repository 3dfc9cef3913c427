"""`dean project duplicates`, and equipment where a project is written and shown."""

from typing import Any

import pytest

PACKER, DRYER = "Máy đóng gói hút chân không", "Máy sấy thăng hoa"
OWNER = "Cơ sở Tàu hủ ky Mỹ Hòa"
HANDED_IN = {"number": "01", "papers": ("dossier", "support_request")}


@pytest.fixture
def pair(office: Any) -> tuple[str, str]:
    """A project of the other unit, already handed in, and a later draft for the same machine."""
    before = office.open(by="yen", unit="hoi", plan_year=2023, equipment=PACKER)
    office.step(before, "submit", "yen", **HANDED_IN)
    return before, office.open(equipment=PACKER)


def _flag(before: str) -> str:
    return (
        f"Trùng hỗ trợ: {OWNER} có đề án {before} (kế hoạch năm 2023, khuyến công địa phương, «Đã nộp»), "
        f"“{PACKER}”, đề nghị 300.000.000 đồng; hãy đối chiếu trước khi phê duyệt."
    )


def _blind(before: str) -> str:
    return (
        f"Trùng hỗ trợ: đã có đề án {before} (kế hoạch năm 2023) ngoài phạm vi xem của bạn; "
        "hãy hỏi điều phối viên của Sở."
    )


def test_the_earlier_project_is_named_for_one_project(dean: Any, pair: tuple[str, str]) -> None:
    before, code = pair

    printed = dean("project", "duplicates", code)
    scripted = dean("project", "duplicates", code, "--json").json

    assert (printed.code, printed.out) == (0, f"{_flag(before)}\n")
    assert scripted["project"] == code
    assert [(row["code"], row["certainty"], row["asked"]) for row in scripted["duplicates"]] == [
        (before, "same", 300_000_000)
    ]


def test_the_sheet_carries_the_flag_and_the_equipment(dean: Any, pair: tuple[str, str]) -> None:
    before, code = pair

    printed, scripted = dean("project", "show", code), dean("project", "show", code, "--json").json

    assert f"Máy móc, thiết bị {PACKER}" in printed.lines
    assert f"Cần đối chiếu để tránh trùng hỗ trợ\n  {_flag(before)}\n" in printed.out
    assert scripted["equipment"] == PACKER
    assert [row["sentence"] for row in scripted["duplicates"]] == [_flag(before)]


def test_another_machine_shows_no_flag(office: Any, dean: Any, pair: tuple[str, str]) -> None:
    code = office.open(equipment=DRYER)

    asked, shown = dean("project", "duplicates", code), dean("project", "show", code)

    assert (asked.code, asked.out) == (0, "Không thấy đề án nào trùng hỗ trợ.\n")
    assert "trùng hỗ trợ" not in shown.out


def test_a_reader_of_one_unit_is_told_code_and_year_only(dean: Any, pair: tuple[str, str]) -> None:
    before, code = pair

    asked, shown = (dean("project", verb, code, "--by", "an") for verb in ("duplicates", "show"))
    outsider = dean("project", "duplicates", code, "--by", "yen")

    assert asked.out == f"{_blind(before)}\n"
    assert _blind(before) in shown.out
    assert (outsider.code, outsider.out) == (1, "")
    assert f"Không có đề án {code} trong phạm vi xem của Phạm Thị Yến" in outsider.err


def test_the_register_is_searched_by_year(office: Any, dean: Any, pair: tuple[str, str]) -> None:
    before, code = pair
    empty = dean("project", "duplicates")
    office.step(code, "submit", "an", **HANDED_IN)

    printed = dean("project", "duplicates")
    by_year = [dean("project", "duplicates", "--year", year, "--json").json for year in ("2023", "2024")]
    by_an = dean("project", "duplicates", "--by", "an")

    assert empty.out == "Không thấy đề án nào trùng hỗ trợ.\n"
    name = "Hỗ trợ ứng dụng máy móc thiết bị đóng gói"
    assert printed.lines[2:] == [f"{code} 2024 {name} Trùng hỗ trợ {before} 2023 ĐP {OWNER} –"]
    assert by_an.lines[2:] == [f"{code} 2024 {name} Trùng hỗ trợ {before} 2023 – – –"]
    assert [[(row["project"]["code"], row["code"]) for row in rows] for rows in by_year] == [[], [(code, before)]]


def test_a_year_is_of_no_use_with_a_code(dean: Any, pair: tuple[str, str]) -> None:
    refused = dean("project", "duplicates", pair[1], "--year", "2024")

    assert (refused.code, refused.out) == (2, "")
    assert "--year chỉ dùng khi dò cả sổ" in refused.err


def test_equipment_is_typed_when_a_project_is_written_and_edited(office: Any, dean: Any) -> None:
    added = dean(
        *("project", "add", "--name", "Hỗ trợ máy đóng gói", "--route", "local", "--year", "2024", "--content", "2"),
        *("--activity", "machinery", "--equipment", f"  {PACKER} ", "--by", "an", "--json"),
    )
    code = added.json["project"]
    before = dean("project", "show", code, "--json").json["equipment"]

    edited = dean("project", "edit", code, "--equipment", DRYER, "--by", "an")
    empty = dean("project", "edit", code, "--equipment", " ", "--by", "an")

    assert (before, edited.code, empty.code) == (PACKER, 0, 1)
    assert f"Máy móc, thiết bị, sản phẩm được hỗ trợ: “{PACKER}” → “{DRYER}”" in dean("project", "history", code).out


def test_a_step_warns_and_is_taken(dean: Any, pair: tuple[str, str]) -> None:
    before, code = pair

    papers = ("--paper", "dossier", "--paper", "support_request")
    taken = dean("advance", code, "submit", "--by", "an", "--number", "1", *papers)

    assert taken.code == 0, taken.err
    assert before in taken.out + taken.err
