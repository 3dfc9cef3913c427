"""`dean comment` and `dean project copy`: words about a project, and starting anew from one that was refused."""

from typing import Any

import pytest


def test_comment_is_written_listed_and_taken_back_by_its_author(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "submitted")

    written = dean("comment", code, "Nhờ @chi xem lại dự toán", "--by", "binh", "--json")
    [row] = written.json
    listed = dean("comment", code)
    foreign = dean("comment", code, "--take-back", str(row["id"]), "--by", "chi")
    taken = dean("comment", code, "--take-back", str(row["id"]), "--by", "binh")

    assert (row["author"], row["mentions"]) == ("binh", ["chi"])
    assert listed.lines[0].startswith(f"{row['id']} Trần Thị Bình (binh), ")
    assert listed.lines[1] == "Nhờ @chi xem lại dự toán"
    assert (foreign.code, foreign.err.splitlines()[-1]) == (1, "Chỉ người viết mới rút được ý kiến của mình.")
    assert (taken.code, taken.out, taken.err.splitlines()[-1]) == (0, "", f"Chưa có ý kiến nào về {code}.")


@pytest.mark.parametrize(
    ("words", "by", "reason"),
    [
        ("Nhờ @aidos xem", "binh", "Không có người dùng «aidos»; hãy kiểm tra tên sau dấu @."),
        ("Nhờ @yen xem", "binh", "Phạm Thị Yến (@yen) không xem được đề án này; hãy bỏ tên đó."),
        ("Xin góp ý", "yen", "Không có đề án KC-VL-2024-001 trong phạm vi xem của Phạm Thị Yến"),
    ],
)
def test_comment_that_nobody_should_read_is_refused(office: Any, dean: Any, words: str, by: str, reason: str) -> None:
    code = office.bring(office.open(), "submitted")

    answer = dean("comment", code, words, "--by", by)

    assert answer.code == 1
    assert reason in answer.err


def test_refused_project_is_copied_into_a_new_draft(office: Any, dean: Any) -> None:
    code = office.bring(office.open(equipment="Máy đóng gói"), "appraising")
    office.step(code, "fail_appraisal", "chi", number="1/BB", signer="Lê Minh Chi", note="Thiếu hiệu quả")

    made = dean("project", "copy", code, "--year", "2025", "--by", "an", "--json").json
    old, new = (dean("project", "show", one, "--json").json for one in (code, made["project"]))

    same = ("name", "equipment", "activity", "route", "kind", "content", "unit", "total_cost", "beneficiaries")
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert (new["stage"], new["plan_year"], new["papers"]) == ("draft", 2025, [])
    assert [(row["source"], row["asked"]) for row in new["funding"]] == [
        (row["source"], row["asked"]) for row in old["funding"]
    ]
    assert dean("project", "history", made["project"], "--json").json["events"][0]["note"] == f"Sao từ đề án {code}"


def test_running_project_is_not_copied(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "underway")

    answer = dean("project", "copy", code, "--by", "an")

    assert answer.code == 1
    assert "chỉ sao được đề án đã kết thúc ở" in answer.err
