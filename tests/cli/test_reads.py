"""What the reading commands print, for people and for scripts."""

from typing import Any

import pytest

from states.actions import Action


def _reads(code: str) -> list[tuple[str, ...]]:
    return [
        ("project", "list"),
        ("project", "search", "máy"),
        ("project", "show", code),
        ("project", "history", code),
        ("why-not", code),
        ("waterfall", code),
        ("waterfall", "--year", "2024"),
        ("waterfall", "--programme", "KC-VL-2021-2025"),
        ("reconcile",),
        ("contract", "list"),
        ("contract", "show", f"{code}/HĐ"),
        ("prepay", code, "--check"),
        ("accept", code, "--check", "--cost", "100tr"),
        ("settle", code, "--check"),
        ("recover", "show", code),
        ("programme", "list"),
        ("programme", "status"),
        ("decision", "list"),
        ("user", "list"),
        ("user", "show", "an"),
        ("unit", "list"),
        ("place", "list"),
        ("place", "show", "vl-x-my-hoa"),
        ("beneficiary", "list"),
        ("beneficiary", "duplicates"),
        ("words", "1"),
        ("lifecycle",),
        ("verify",),
        ("settings",),
        ("permissions",),
        ("permissions", "--role", "auditor"),
        ("run", "nightly"),
        ("remind", "--dry-run"),
        ("notify", "channels"),
        ("template", "list"),
        ("template", "fields", "contract"),
        ("template", "check"),
        ("export", "register"),
        ("export", "plan", "2024"),
        ("export", "consolidated", "2024", "--route", "national"),
        ("export", "programme"),
        ("export", "settlement"),
        ("export", "reminders"),
    ]


def test_every_read_answers_people_in_text_and_scripts_in_json(office: Any, dean: Any) -> None:
    code = office.bring(office.open(place="vl-x-my-hoa"), "contracted")

    for words in _reads(code):
        printed, scripted = dean(*words), dean(*words, "--json")

        assert (words, printed.code, scripted.code) == (words, 0, 0)
        assert printed.out.strip()
        assert scripted.json is not None


def test_show_has_the_promised_fields(office: Any, dean: Any) -> None:
    code = office.bring(office.open(place="vl-x-my-hoa"), "contracted")

    sheet = dean("project", "show", code, "--json").json

    assert (sheet["state"], sheet["stage"], sheet["version"]) == ("approved", "contracted", 8)
    assert [(row["kind"], row["left"]) for row in sheet["deadlines"]] == [("D-END", "Còn 149 ngày làm việc")]
    assert sheet["place"]["name"] == "xã Mỹ Hòa, thị xã Bình Minh, tỉnh Vĩnh Long (nay: phường Cái Vồn)"
    assert [beneficiary["name"] for beneficiary in sheet["beneficiaries"]] == ["Cơ sở Tàu hủ ky Mỹ Hòa"]
    assert [(row["source"], row["asked"], row["contracted"]) for row in sheet["funding"]] == [
        ("local_fund", 300_000_000, 300_000_000),
        ("counterpart", 350_000_000, 350_000_000),
    ]
    assert sheet["last_step"]["authority_label"] == "Sở Công Thương tỉnh Vĩnh Long"


def test_the_printed_sheet_leaves_out_money_that_nobody_recorded(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "appraised")

    printed = dean("project", "show", code).out

    [heads] = [line.split() for line in printed.splitlines() if line.startswith("Nguồn")]
    assert heads == ["Nguồn", "Đề", "nghị", "Thẩm", "định"]


def test_the_printed_sheet_names_next_steps_for_roles_or_for_one_person(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "submitted")

    for_roles, for_one = dean("project", "show", code).out, dean("project", "show", code, "--by", "an").out

    assert "Điều phối viên của Sở" in for_roles.partition("Bước tiếp theo")[2]
    assert "start_appraisal (Bắt đầu thẩm định)" in for_roles
    assert for_one.partition("Bước tiếp theo")[2].strip().endswith("Nguyễn Văn An (an)  withdraw (Rút hồ sơ)")


def test_history_keeps_the_promised_names_and_both_values_of_a_correction(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "submitted")
    corrected = dean("project", "edit", code, "--total-cost", "660tr", "--note", "Gõ nhầm", "--by", "binh")

    event = dean("project", "history", code, "--json").json["events"][-1]
    printed = dean("project", "history", code).out

    assert corrected.code == 0
    promised = (
        *("seq", "action", "from", "to", "decided_on", "recorded_at", "authority"),
        *("recorded_by", "number", "note", "hash"),
    )
    assert [name for name in promised if name not in event] == []
    assert (event["action"], event["recorded_by"], event["door"]) == ("correct", "binh", "cli")
    assert event["changes"] == [
        {"field": "total_cost", "label": "Tổng kinh phí", "old": 650_000_000, "new": 660_000_000}
    ]
    assert "Tổng kinh phí: 650.000.000 → 660.000.000" in printed


def test_why_not_lists_open_steps_and_every_reason_of_a_closed_one(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "submitted")

    one = dean("why-not", code, "start_appraisal", "--by", "an", "--json").json
    everything = dean("why-not", code, "--json").json
    printed = dean("why-not", code).out

    assert (one["project"], one["state"], one["stage"], one["by"]) == (code, "proposed", "submitted", "an")
    [action] = one["actions"]
    assert (action["action"], action["target"], action["open"]) == ("start_appraisal", "appraising", False)
    assert len(action["reasons"]) == 2
    assert {step["action"] for step in everything["actions"]} == set(Action)
    assert {step["action"] for step in everything["actions"] if step["open"]} == {
        "return",
        "start_appraisal",
        "withdraw",
        "revert",
    }
    assert f"Làm được ngay:\n  return – Trả lại để bổ sung\n      lệnh: dean advance {code} return\n" in printed


def test_why_not_says_which_command_records_a_step_and_what_it_takes(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "awaiting_acceptance")

    actions = {row["action"]: row for row in dean("why-not", code, "--json").json["actions"]}
    printed = dean("why-not", code).lines

    accept = actions["accept"]
    assert (accept["command"], list(accept["takes"])) == (f"dean accept {code}", ["amounts", "cost", "quantities"])
    assert actions["fail_acceptance"]["command"] == f"dean accept {code} --failed"
    assert actions["suspend"]["command"] == f"dean advance {code} suspend"
    assert "ghi được: số tiền (--amount); chi phí hợp lệ (--cost); số lượng (--quantity)" in printed


def test_search_ignores_accents_and_wants_every_word(office: Any, dean: Any) -> None:
    office.open(name="Hỗ trợ thiết bị đóng gói")
    office.open(name="Hỗ trợ thiết bị sấy", beneficiaries=())

    found = dean("project", "search", "thiet", "bi", "dong", "goi", "--json").json
    by_beneficiary = dean("project", "search", "tau hu ky", "--json").json
    nothing = dean("project", "search", "thiet bi may bay")

    assert [row["code"] for row in found] == ["KC-VL-2024-001"]
    assert [row["code"] for row in by_beneficiary] == ["KC-VL-2024-001"]
    assert (nothing.code, nothing.out) == (0, "")


def test_lists_are_cut_into_pages(office: Any, dean: Any) -> None:
    for _ in range(3):
        office.open()

    first, second = (dean("project", "list", "--limit", "2", "--offset", offset, "--json") for offset in ("0", "2"))

    assert [row["code"] for row in first.json] == ["KC-VL-2024-001", "KC-VL-2024-002"]
    assert [row["code"] for row in second.json] == ["KC-VL-2024-003"]
    assert "--offset 2" in first.err
    assert "--offset" not in second.err


FIRST, SECOND, THIRD = (f"KC-VL-2024-00{number}" for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("reader", "codes"),
    [
        (None, {FIRST, SECOND, THIRD}),
        ("an", {FIRST}),
        ("yen", {SECOND, THIRD}),
        ("hanh", {SECOND}),
        ("em", {FIRST, SECOND, THIRD}),
    ],
)
def test_by_and_dean_by_set_the_scope_of_what_is_read(
    office: Any, dean: Any, reader: str | None, codes: set[str]
) -> None:
    office.open()
    second = office.open(by="yen", unit="hoi", place="vlm-p-long-chau")
    office.open(by="yen", unit="hoi", place="vlm-p-long-chau")
    office.step(second, "submit", "yen", number="01", papers=("dossier", "support_request"))

    by_option = dean("project", "list", "--json", *(("--by", reader) if reader else ()))
    if reader:
        dean.set(by=reader)
    by_environment = dean("project", "list", "--json")

    assert {row["code"] for row in by_option.json} == codes
    assert by_environment.json == by_option.json


def test_a_project_outside_the_scope_is_as_good_as_unknown(office: Any, dean: Any) -> None:
    code = office.bring(office.open(place="vlm-p-thanh-duc"), "submitted")

    for words in (("project", "show", code), ("project", "history", code), ("why-not", code)):
        hidden = dean(*words, "--by", "hanh")

        assert (hidden.code, hidden.out) == (1, "")
        assert f"Không có đề án {code} trong phạm vi xem của Ngô Mỹ Hạnh" in hidden.err


def test_programme_status_prints_targets_money_and_the_projects_behind(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "accepted")

    status = dean("programme", "status", "--json").json
    printed = dean("programme", "status", "--projects").out

    [target] = [row for row in status["targets"] if row["code"] == "T2_2"]
    assert [target[step] for step in ("quantity", "planned", "approved", "implemented", "settled")] == [50, 1, 1, 1, 0]
    assert [project["code"] for project in target["projects"]] == [code]
    assert status["money"]["local_fund"]["budget"] == 23_320_000_000
    assert f"T2_2 (1 đề án): {code}" in printed
    assert "không áp dụng" in printed
    assert len([line for line in printed.splitlines() if line.lstrip()[:2].strip().isdigit() and "T" in line]) >= 23


def test_an_unverified_programme_says_so(office: Any, dean: Any) -> None:
    printed = dean("programme", "status", "KC-VL-2026-2030").out

    assert "chưa kiểm chứng" in printed.splitlines()[0]


def test_programme_check_prints_the_sums_or_the_differences(dean: Any) -> None:
    from models.shipped import PROGRAMMES

    source = PROGRAMMES / "vinh-long-2021-2025.yaml"
    wrong = dean.file("sai.yaml", source.read_text(encoding="utf-8").replace("18100", "18101"))

    right, checked = dean("programme", "check", str(source)), dean("programme", "check", str(source), "--json")
    refused = dean("programme", "check", wrong)

    assert right.out.endswith("Các tổng khớp với số in trong văn bản.\n")
    assert checked.json["totals"] == {
        "national_fund": 9_400_000_000,
        "local_fund": 23_320_000_000,
        "counterpart": 42_255_000_000,
        "total": 74_975_000_000,
    }
    assert refused.code == 1
    assert "chênh lệch 1 triệu" in refused.err


def test_a_programme_file_is_loaded_once_and_by_the_office(office: Any, dean: Any) -> None:
    from models.shipped import PROGRAMMES

    content = (PROGRAMMES / "vinh-long-2026-2030.yaml").read_text(encoding="utf-8")
    file = dean.file("moi.yaml", content.replace("KC-VL-2026-2030", "KC-VL-2031-2035"))

    outsider, loaded, again = (dean("programme", "load", file, "--by", by) for by in ("an", "binh", "binh"))

    assert (outsider.code, loaded.code, again.code) == (1, 0, 1)
    assert "KC-VL-2031-2035" in {row["code"] for row in dean("programme", "list", "--json").json}


def test_an_overrun_of_the_budget_is_shown(office: Any, dean: Any) -> None:
    fund = {"local_fund": 251_000_000}
    code = office.open(content=1, activity="conference", targets={"T1_1": 1}, amounts=fund, total_cost=251_000_000)
    office.bring(code, "approved")

    printed = dean("programme", "status").out

    assert "Vượt dự toán: nội dung 1, nguồn KC địa phương, phê duyệt 251 trên 250 triệu, vượt 1 triệu." in printed
