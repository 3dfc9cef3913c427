"""What the writing commands record: papers, approvals, edits, people."""

from typing import Any

import pytest

MEGABYTE = 1024 * 1024


def _submit(code: str, *papers: str) -> tuple[str, ...]:
    return (
        "advance",
        code,
        "submit",
        "--by",
        "an",
        "--number",
        "1",
        *(w for paper in papers for w in ("--paper", paper)),
    )


def test_a_paper_is_named_by_code_by_label_or_as_what_was_asked_for(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "submitted")
    office.step(code, "return", "binh", number="2", note="Thiếu", missing=("Ảnh nhà xưởng", "estimate", "hợp đồng"))

    answer = dean(
        *("advance", code, "resubmit", "--by", "an"),
        *("--paper", f"anh nha xuong={dean.file('anh.jpg')}", "--paper", "dự toán kinh phí", "--paper", "CONTRACT"),
    )

    papers = dean("project", "history", code, "--json").json["events"][-1]["papers"]
    assert answer.code == 0, answer.err
    assert [(paper["kind"], paper["title"], paper["file_name"]) for paper in papers] == [
        ("other", "Ảnh nhà xưởng", "anh.jpg"),
        ("estimate", "dự toán kinh phí", ""),
        ("contract", "hợp đồng", ""),
    ]


def test_a_bare_file_is_the_one_paper_that_is_lacking(office: Any, dean: Any) -> None:
    code = office.open()
    file = dean.file("tệp quét.pdf")

    several = dean(*_submit(code, file))
    single = dean(*_submit(code, file, "support_request"))
    act = dean("advance", code, "start_appraisal", "--by", "binh", "--number", "02", "--paper", file)

    assert several.code == 1
    assert "dossier (đề án khuyến công), support_request (văn bản đề nghị hỗ trợ của đơn vị thụ hưởng)" in several.err
    assert (single.code, act.code) == (0, 0), single.err + act.err
    papers = dean("project", "show", code, "--json").json["papers"]
    assert {paper["kind"]: paper["file_name"] for paper in papers if paper["file_name"]} == {
        "dossier": "tệp quét.pdf",
        "completeness_checklist": "tệp quét.pdf",
    }


def test_a_refused_step_keeps_no_file(office: Any, dean: Any) -> None:
    code = office.open()
    file = dean.file("de-an.pdf")

    refused = dean(*_submit(code, f"dossier={file}"))
    taken = dean(*_submit(code, f"dossier={file}", "support_request"))

    assert (refused.code, taken.code) == (1, 0)
    assert len(dean.kept_files()) == 1
    assert dean("verify").code == 0


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "rỗng; hãy chọn tệp có nội dung"), (b"x" * (50 * MEGABYTE + 1), "lớn hơn 50 MB")]
)
def test_a_file_that_says_nothing_or_too_much_is_refused(office: Any, dean: Any, content: bytes, sentence: str) -> None:
    code = office.open()

    answer = dean("project", "attach", code, "--by", "an", "--paper", f"dossier={dean.file('tệp.pdf', content)}")

    assert answer.code == 1
    assert sentence in answer.err
    assert dean.kept_files() == []


def test_a_second_paper_of_a_kind_is_its_next_version(office: Any, dean: Any) -> None:
    code = office.open()

    for name in ("bản đầu.pdf", "bản sửa.pdf"):
        assert dean("project", "attach", code, "--by", "an", "--paper", f"dossier={dean.file(name, name)}").code == 0

    papers = dean("project", "show", code, "--json").json["papers"]
    assert [(paper["version"], paper["file_name"]) for paper in papers] == [(1, "bản đầu.pdf"), (2, "bản sửa.pdf")]


def _decision(*words: str, total: str = "600tr") -> tuple[str, ...]:
    printed = ("--decision", "980/QĐ-UBND", "--decided-on", "01/03/2024", "--signer", "Lê Quang Trung")
    return ("approve", *printed, "--total", total, "--by", "binh", *words)


def _cleared(office: Any, number: int) -> list[str]:
    return [office.bring(office.open(), "cleared") for _ in range(number)]


def test_a_list_is_approved_under_one_decision(office: Any, dean: Any) -> None:
    codes = _cleared(office, 2)
    scan = dean.file("quyết định.pdf")

    answer = dean(*_decision(*codes, "--annex-total", "1,5 tỷ", "--paper", scan, "--json"))

    [decision] = dean("decision", "list", "--json").json
    assert answer.code == 0, answer.err
    assert [(step["project"], step["to"]) for step in answer.json["projects"]] == [(code, "approved") for code in codes]
    assert (decision["total"], decision["annex_total"], decision["projects"]) == (600_000_000, 1_500_000_000, codes)
    assert (dean("verify").code, len(dean.kept_files())) == (0, 1)


@pytest.mark.parametrize(
    "content",
    [
        "{0}\n{1}\n",
        "\ufeffMã đề án;Số tiền\n{0};300.000.000\n\n# ghi chú\n{1};300tr;đợt 1\n",
        'code,amount\r\n{0},300000000\r\n{1},"300,000,000"\r\n',
        "{0}\t300tr\n{1}\t300 000 000\n",
    ],
)
def test_a_list_is_read_from_a_file_as_offices_write_it(office: Any, dean: Any, content: str) -> None:
    codes = _cleared(office, 2)
    file = dean.file("danh mục.csv", content.format(*codes))

    answer = dean(*_decision("--from-file", file))

    assert answer.code == 0, answer.err
    assert [office.stage(code) for code in codes] == ["approved", "approved"]


def test_a_wrong_list_is_refused_line_by_line_and_approves_nothing(office: Any, dean: Any) -> None:
    codes = _cleared(office, 2)
    unreadable = dean.file("hỏng.csv", f"{codes[0]};300tr\n{codes[1]};1.5tr\nkhông phải mã\n")
    short = dean.file("thiếu.csv", f"{codes[0]};300tr\n{codes[1]};299tr\n")
    binary = dean.file("danh mục.xlsx", b"PK\x03\x04\xff\xfe")
    empty = dean.file("trống.csv", "\n# chưa có gì\n")
    before = dean.events()

    answers = [dean(*_decision("--from-file", file)) for file in (unreadable, short, binary, empty)]

    assert [answer.code for answer in answers] == [1, 1, 1, 1]
    assert [line.partition(":")[0] for line in answers[0].err.splitlines()] == ["Dòng 2", "Dòng 3"]
    assert "chênh lệch 1.000.000 đồng" in answers[1].err
    assert "hãy lưu lại tệp ở dạng CSV UTF-8" in answers[2].err
    assert "không có dòng nào" in answers[3].err
    assert (dean.events(), [office.stage(code) for code in codes]) == (before, ["cleared", "cleared"])


def test_an_amount_beside_a_code_cuts_the_support(office: Any, dean: Any) -> None:
    [code] = _cleared(office, 1)

    answer = dean(*_decision(f"{code}=250tr", total="250tr"))

    [fund] = [row for row in dean("project", "show", code, "--json").json["funding"] if row["source"] == "local_fund"]
    assert (answer.code, fund["appraised"], fund["approved"]) == (0, 300_000_000, 250_000_000)


def test_the_os_user_stands_beside_the_claimed_name(office: Any, dean: Any) -> None:
    code = office.open()

    assert dean("project", "edit", code, "--name", "Tên mới", "--by", "an").code == 0

    event = dean("project", "history", code, "--json").json["events"][-1]
    assert (event["recorded_by"], event["door"], bool(event["os_user"])) == ("an", "cli", True)


def test_dean_by_names_who_writes(office: Any, dean: Any) -> None:
    code = office.open()
    dean.set(by="an")

    answer = dean("project", "edit", code, "--name", "Tên mới")

    assert answer.code == 0
    assert dean("project", "show", code, "--json").json["name"] == "Tên mới"


def test_an_edit_replaces_lists_and_keeps_what_was_not_named(office: Any, dean: Any) -> None:
    code = office.open()
    other = dean("beneficiary", "add", "--name", "Hợp tác xã Dừa", "--kind", "hợp tác xã", "--by", "an", "--json").json[
        "id"
    ]

    answer = dean(
        *("project", "edit", code, "--beneficiary", str(other), "--beneficiary", str(other), "--by", "an"),
        *("--priority", "Vùng khó khăn", "--place", "vl-x-my-hoa", "--starts-on", "01/02/2024", "--kind", "nhóm"),
    )

    sheet = dean("project", "show", code, "--json").json
    assert answer.code == 0, answer.err
    assert [beneficiary["id"] for beneficiary in sheet["beneficiaries"]] == [other]
    assert (sheet["priorities"], sheet["starts_on"], sheet["kind"]) == (["Vùng khó khăn"], "2024-02-01", "group")
    assert sheet["total_cost"] == 650_000_000
    changes = dean("project", "history", code, "--json").json["events"][-1]["changes"]
    assert [(c["label"], c["old"], c["new"]) for c in changes if c["field"] in ("place_id", "beneficiaries")] == [
        ("Địa điểm", None, "xã Mỹ Hòa, thị xã Bình Minh, tỉnh Vĩnh Long (nay: phường Cái Vồn)"),
        ("Đơn vị thụ hưởng", "Cơ sở Tàu hủ ky Mỹ Hòa", "Hợp tác xã Dừa"),
    ]


def test_a_draft_is_given_another_content_and_other_targets(office: Any, dean: Any) -> None:
    code = office.open()

    answer = dean(
        *("project", "edit", code, "--content", "3", "--target", "T3_4=2", "--target", "t2_1=5", "--by", "an"),
    )

    assert answer.code == 0, answer.err
    assert office.facts(code).quantities == {"T2_1": 5, "T3_4": 2}
    assert dean("project", "show", code, "--json").json["content"]["no"] == 3
    changes = dean("project", "history", code, "--json").json["events"][-1]["changes"]
    assert [(c["label"], c["old"], c["new"]) for c in changes] == [
        ("Nội dung", 2, 3),
        ("Chỉ tiêu", "T2_2=1", "T2_1=5; T3_4=2"),
    ]
    assert dean("verify").code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--content", "77"), "không có nội dung 77; các nội dung: "),
        (("--target", "T9_9=1"), "không có chỉ tiêu T9_9 (dean programme status)."),
        (("--target", "T2_2=1", "--target", "t2_2=2"), "--target T2_2 ghi hai lần; hãy giữ một lần."),
        (("--target", "T2_2=-1"), "Số lượng “-1” là số âm"),
        (("--content", "2", "--target", "T2_2=1"), "Không có gì thay đổi"),
    ],
)
def test_a_wrong_plan_of_a_draft_is_refused(office: Any, dean: Any, words: tuple[str, ...], sentence: str) -> None:
    code = office.open()
    before = dean.events()

    answer = dean("project", "edit", code, *words, "--by", "an")

    assert answer.code == 1
    assert sentence in answer.err
    assert dean.events() == before


def test_what_was_submitted_keeps_its_plan_and_what_was_approved_its_beneficiary(office: Any, dean: Any) -> None:
    submitted = office.bring(office.open(), "submitted")
    approved = office.bring(office.open(), "approved")
    other = str(
        dean(
            *("beneficiary", "add", "--name", "Hợp tác xã Dừa", "--kind", "hợp tác xã", "--by", "an", "--json"),
        ).json["id"]
    )

    plan = dean("project", "edit", submitted, "--target", "T2_2=3", "--by", "binh", "--note", "Gõ nhầm")
    swapped = dean("project", "edit", approved, "--beneficiary", other, "--by", "an", "--note", "Đổi cơ sở")
    corrected = dean("project", "edit", submitted, "--beneficiary", other, "--by", "binh", "--note", "Ghi nhầm")

    assert (plan.code, swapped.code, corrected.code) == (1, 1, 0)
    assert "chỉ sửa được khi đề án còn là bản nháp" in plan.err
    assert f"hãy ghi đề nghị điều chỉnh (dean adjust request {approved} --beneficiary SỐ)" in swapped.err


def test_people_are_edited_locked_and_unlocked_by_an_administrator(office: Any, dean: Any) -> None:
    edited = dean("user", "edit", "an", "--email", "an@vinhlong.gov.vn", "--phone", "0912 345 678", "--by", "giang")
    moved = dean("user", "edit", "an", "--unit", "hoi", "--note", "Chuyển công tác", "--by", "giang")
    locked, unlocked = (dean("user", word, "an", "--by", "giang") for word in ("lock", "unlock"))
    outsider = dean("user", "lock", "an", "--by", "binh")

    assert [answer.code for answer in (edited, moved, locked, unlocked, outsider)] == [0, 0, 0, 0, 1]
    shown = dean("user", "show", "an", "--json").json
    assert (shown["email"], shown["unit"], shown["active"]) == ("an@vinhlong.gov.vn", "hoi", True)
    assert dean("verify").code == 0


def test_an_edit_of_a_person_that_says_nothing_is_refused(office: Any, dean: Any) -> None:
    answers = [
        dean("user", "edit", "an", "--by", "giang"),
        dean("user", "edit", "an", "--unit", "ttkc", "--by", "giang"),
        dean("user", "edit", "chi", "--role", "centre_officer", "--by", "giang"),
        dean("user", "edit", "giang", "--role", "leader", "--by", "giang"),
    ]

    assert [answer.code for answer in answers] == [1, 1, 1, 1]
    assert "hãy ghi --unit MÃ" in answers[2].err
    assert "là quản trị cuối cùng" in answers[3].err


def test_units_and_beneficiaries_are_added_by_those_who_may(office: Any, dean: Any) -> None:
    unit = dean("unit", "add", "moi", "--name", "Đơn vị mới", "--office", "--by", "binh")
    twin = dean(
        *("beneficiary", "add", "--name", "Cơ sở tàu hủ ky Mỹ Hoà", "--kind", "household"),
        *("--distinct", "--by", "an"),
    )
    viewer = dean("beneficiary", "add", "--name", "Khác", "--kind", "household", "--by", "hanh")

    assert (unit.code, twin.code, viewer.code) == (0, 0, 1)
    assert [row["executes"] for row in dean("unit", "list", "--json").json if row["code"] == "moi"] == [False]
    [pair] = dean("beneficiary", "duplicates", "--json").json
    assert [row["name"] for row in pair] == ["Cơ sở Tàu hủ ky Mỹ Hòa", "Cơ sở tàu hủ ky Mỹ Hoà"]


def test_a_beneficiary_is_put_right_by_few_and_keeps_what_is_not_typed(office: Any, dean: Any) -> None:
    number = str(office.workshop("Cơ sở Cũ"))

    refused = dean("beneficiary", "edit", number, "--name", "Cơ sở Mới", "--by", "an")
    taken = dean("beneficiary", "edit", number, "--tax-code", "9900912345", "--by", "binh")
    answer = dean(
        "beneficiary", "edit", number, "--name", "Cơ sở Mới", "--women-owned", "--by", "binh", "--note", "Sai"
    )

    [row] = dean("beneficiary", "list", "--words", "co so moi", "--json").json
    assert (refused.code, taken.code, answer.code) == (1, 1, 0)
    assert "Mã số thuế 9900912345 đã có" in taken.err
    assert (row["name"], row["kind"], row["women_owned"]) == ("Cơ sở Mới", "household", True)
    office.prove()
