"""dean plan fork and compare: trying out in words and in JSON."""

from datetime import date
from typing import Any

import pytest

TRIEU = 1_000_000
LOCAL = ("2024", "--route", "local")
DAYS = {"starts_on": date(2024, 4, 1), "ends_on": date(2024, 9, 30)}


@pytest.fixture
def planned(office: Any, dean: Any) -> list[str]:
    """Two projects in the draft of 2024."""
    workshops = [office.workshop(f"Cơ sở {place}") for place in range(2)]
    codes = [office.bring(office.open(beneficiaries=(each,), **DAYS), "cleared") for each in workshops]
    assert dean("plan", "build", *LOCAL, "--by", "binh").code == 0
    return codes


def _fork(dean: Any, *words: str) -> Any:
    return dean("plan", "fork", *LOCAL, "--name", "Ít tiền", *words, "--by", "binh")


def test_fork_is_tried_shown_and_listed(planned: list[str], dean: Any) -> None:
    first, second = planned

    made = _fork(dean, "--drop", second, "--money", f"{first}=200tr", "--shift", f"{first}=+2", "--json")

    assert made.code == 0, made.err
    assert [(line["code"], line["money"]["local_fund"], line["months"]) for line in made.json["lines"]] == [
        (first, 200 * TRIEU, 2)
    ]
    assert list(made.json["load"]) == ["2024-06", "2024-11", "2024-12", "2025-01"]
    listed = dean("plan", "fork", *LOCAL, "--json").json
    assert [(row["name"], row["lines"], row["support"]) for row in listed] == [("Ít tiền", 1, 200 * TRIEU)]
    assert _fork(dean, "--json").json == made.json


def test_fork_is_told_in_tables(planned: list[str], dean: Any) -> None:
    shown = _fork(dean, "--drop", planned[1], "--note", "Nếu chỉ được cấp một nửa")

    assert shown.code == 0, shown.err
    assert shown.lines[:2] == [
        "Phương án “Ít tiền” («Đang thử»), kế hoạch năm 2024, khuyến công địa phương",
        "Nếu chỉ được cấp một nửa",
    ]
    assert "Việc đến hạn theo tháng (dự kiến)" in shown.lines
    [april] = [line for line in shown.lines if line.startswith("04/2024")]
    assert april.split(None, 2) == ["04/2024", "1", "Ký hợp đồng và bắt đầu 1"]


def test_two_sides_stand_beside_each_other(planned: list[str], dean: Any) -> None:
    _fork(dean, "--drop", planned[1], "--note", "Để năm sau")

    told = dean("plan", "compare", *LOCAL, "Ít tiền")
    found = dean("plan", "compare", *LOCAL, "Ít tiền", "--json").json

    assert told.code == 0, told.err
    assert told.lines[0] == "Kế hoạch năm 2024, khuyến công địa phương: “kế hoạch” và “Ít tiền”"
    [row] = [line for line in told.lines if line.startswith(planned[1])]
    assert "300  –  -300" in " ".join(row.split()).replace(" – ", "  –  ")
    assert found["projects"][0]["support"] == {"left": 300 * TRIEU, "right": 0, "change": -300 * TRIEU}
    assert (found["left"]["fork"], found["right"]["fork"]) == (None, "Ít tiền")


def test_fork_becomes_the_draft(planned: list[str], dean: Any) -> None:
    _fork(dean, "--drop", planned[1])

    done = _fork(dean, "--propose", "--json")

    assert done.code == 0, done.err
    assert (done.json["status"], done.json["version"], done.json["lines"]) == ("draft", 2, 1)
    again = _fork(dean, "--drop", planned[0])
    assert again.code == 1
    assert "không đổi được nữa" in again.err
    assert dean("verify").code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--shift", "KC-VL-2024-001=mai"), "Số tháng “mai” không hợp lệ"),
        (("--propose", "--discard"), "--propose và --discard không đi với nhau"),
        (("--propose", "--drop", "KC-VL-2024-001"), "Sửa phương án và kết thúc phương án là hai lần ghi"),
        (("--propose",), "không có phương án “Ít tiền”"),
        (("--from", "Lạ"), "không có phương án “Lạ”"),
        (("--drop", "KC-VL-2024-777"), "KC-VL-2024-777: không phải ứng viên"),
    ],
)
def test_what_cannot_be_tried_is_refused(planned: list[str], dean: Any, words: tuple[str, ...], sentence: str) -> None:
    refused = _fork(dean, *words)

    assert refused.code in (1, 2)
    assert sentence in refused.err
    assert dean("plan", "fork", *LOCAL, "--json").json == []


def test_changes_without_a_name_are_refused(planned: list[str], dean: Any) -> None:
    refused = dean("plan", "fork", *LOCAL, "--drop", planned[0], "--by", "binh")

    assert (refused.code, "Hãy ghi tên phương án (--name TÊN)." in refused.err) == (1, True)


def test_comparison_with_an_unknown_fork_is_refused(planned: list[str], dean: Any) -> None:
    refused = dean("plan", "compare", *LOCAL, "Lạ")

    assert (refused.code, "không có phương án “Lạ”" in refused.err) == (1, True)
