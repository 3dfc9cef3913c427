"""dean adjust: what is asked, who decides, what was decided, old beside new."""

from typing import Any

import pytest

from cli.main import dean as root

MILLION = 1_000_000


def _request(code: str, *more: str, note: str = "Giảm quy mô") -> tuple[str, ...]:
    return ("adjust", "request", code, "--number", "9/ĐN", "--note", note, "--by", "an", *more)


def _confirm(code: str) -> tuple[str, ...]:
    return ("adjust", "confirm", code, "--number", "10/SCT", "--signer", "Lê Minh Chi", "--by", "chi")


def _decide(code: str, answer: str, *more: str) -> tuple[str, ...]:
    paper = ("--number", "77/QĐ-CTĐP", "--decided-on", "03/06/2024", "--signer", "Ngô Quang Trung")
    return ("adjust", answer, code, *paper, "--note", "Theo đề nghị", "--by", "binh", *more)


def test_the_agency_lowers_a_support_on_the_national_route(office: Any, dean: Any) -> None:
    code = office.bring(office.open(route="national"), "underway")

    asked = dean(*_request(code, "--amount", "250tr", "--ends-on", "30/11/2024", "--place", "vl-x-my-hoa"), "--json")
    confirmed = dean(*_confirm(code))
    decided = dean(*_decide(code, "approve", "--amount", "240tr"), "--json")

    [request] = dean("adjust", "show", code, "--json").json["requests"]
    sheet = dean("project", "show", code, "--json").json
    assert [answer.code for answer in (asked, confirmed, decided)] == [0, 0, 0], asked.err + decided.err
    assert (asked.json["request"]["authority"], asked.json["request"]["status"]) == ("agency", "open")
    assert [(row["field"], row["old"], row["new"], row["granted"]) for row in request["changes"][:2]] == [
        ("national_fund", 300 * MILLION, 250 * MILLION, 240 * MILLION),
        ("ends_on", None, "2024-11-30", "2024-11-30"),
    ]
    assert (request["status"], request["decision"]["number"], request["confirmed"]["signer"]) == (
        *("approved", "77/QĐ-CTĐP"),
        "Lê Minh Chi",
    )
    assert decided.json["money"]["approved"] == 240 * MILLION
    assert (sheet["ends_on"], sheet["adjustment_open"]) == ("2024-11-30", False)
    assert dean("verify").code == 0


def test_old_and_new_stand_side_by_side(office: Any, dean: Any) -> None:
    code = office.bring(office.open(place="vl-x-my-hoa"), "approved")
    more = ("--partner", "Hội Nông dân", "--target", "T2_2=2", "--kind", "change_partner")

    asked = dean(*_request(code, *more))
    printed = dean("adjust", "show", code)

    assert asked.lines[1] == "Cơ quan quyết định: UBND tỉnh (QĐ 3082/QĐ-UBND mục VI.11)."
    assert printed.lines[0] == f"{code}: đề nghị số 9/ĐN ngày 03/06/2024 – Chờ Sở xác nhận"
    assert printed.lines[1] == "Nội dung Thay đổi nội dung hoạt động; Thay đổi đơn vị phối hợp"
    assert printed.lines[-2:] == ["Chỉ tiêu T2_2 1 2", "Đơn vị phối hợp – Hội Nông dân"]


def test_named_beneficiaries_are_replaced_by_decision_only(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "contracted")
    other = dean("beneficiary", "add", "--name", "HTX Rau sạch", "--kind", "cooperative", "--by", "an", "--json").json[
        "id"
    ]

    swapped = dean("project", "edit", code, "--beneficiary", str(other), "--by", "binh", "--note", "Đổi")
    asked = dean(*_request(code, "--beneficiary", str(other)), "--json")
    steps = [dean(*_confirm(code)), dean(*_decide(code, "approve"))]

    assert f"hãy ghi đề nghị điều chỉnh (dean adjust request {code} --beneficiary SỐ)." in swapped.err
    assert asked.json["request"]["changes"] == [
        {
            "field": "beneficiaries",
            "label": "Đơn vị thụ hưởng",
            "old": f"số {office.beneficiary}: Cơ sở Tàu hủ ky Mỹ Hòa",
            "new": f"số {other}: HTX Rau sạch",
            "granted": None,
        }
    ]
    assert [step.code for step in steps] == [0, 0], steps[-1].err
    assert [row["id"] for row in dean("project", "show", code, "--json").json["beneficiaries"]] == [other]
    assert "Sửa Đơn vị thụ hưởng: “Cơ sở Tàu hủ ky Mỹ Hòa” → “HTX Rau sạch”" in dean("project", "history", code).lines


def test_a_request_waits_for_the_department_and_then_for_the_right_body(office: Any, dean: Any) -> None:
    code = office.bring(office.open(route="national"), "contracted")
    assert dean(*_request(code, "--amount", "310tr", note="Giá tăng")).code == 0

    [waiting] = dean("adjust", "list", "--open", "--json").json
    unconfirmed = dean(*_decide(code, "approve", "--authority", "ministry"))
    refused_too_early = dean(*_decide(code, "refuse", "--authority", "ministry"))
    assert dean(*_confirm(code)).code == 0
    by_the_agency = dean(*_decide(code, "approve", "--authority", "Cục"))
    refused = dean(*_decide(code, "refuse"), "--json")

    [closed] = dean("adjust", "list", "--json").json
    assert (waiting["authority"], waiting["confirmed"]) == ("ministry", None)
    assert "Đề nghị chưa có xác nhận của Sở Công Thương" in unconfirmed.err
    assert "hãy ghi --authority department" in refused_too_early.err
    assert "phải do Bộ Công Thương quyết định" in by_the_agency.err
    assert (refused.code, closed["status"], closed["changes"][0]["granted"]) == (0, "refused", None), refused.err
    assert dean("adjust", "list", "--open").err.splitlines()[-1] == "Không có đề nghị điều chỉnh nào."
    assert dean("prepay", code, "--check", "--json").json["source"] == "national_fund"


def test_carrying_over_is_a_kind_and_keeps_the_plan_year(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "underway")

    asked = dean(*_request(code, "--kind", "carry_to_next_year", note="Máy về chậm"), "--json")
    steps = [dean(*_confirm(code)), dean(*_decide(code, "approve"))]

    sheet = dean("project", "show", code, "--json").json
    assert [step.code for step in steps] == [0, 0], steps[-1].err
    assert [row["field"] for row in asked.json["request"]["changes"]] == ["work_year"]
    assert (sheet["plan_year"], sheet["work_year"]) == (2024, 2025)


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "nothing asked": ((), 1, "Chưa nêu nội dung điều chỉnh; hãy ghi --kind"),
    "a kind without its value": (("--kind", "change_place"), 1, "Chưa ghi địa điểm mới cho «Thay đổi địa điểm»."),
    "an unknown kind": (("--kind", "sơn lại"), 2, "không hiểu “sơn lại”"),
    "the amount that stands": (("--amount", "300tr"), 1, "Giá trị mới giống giá trị đang ghi: local_fund"),
    "money of the other fund": (("--amount", "national_fund=1tr"), 1, "Đề án không dùng nguồn KC quốc gia"),
    "no support left": (("--amount", "0"), 1, "hãy đề nghị --kind stop"),
    "an approximate amount": (("--amount", "gần 200tr"), 1, "chưa phải con số chính xác"),
    "the fund twice": (("--amount", "200tr", "--amount", "local_fund=190tr"), 1, "--amount local_fund ghi hai lần"),
    "a stop with something else": (("--kind", "stop", "--partner", "Hội"), 1, "không đi cùng thay đổi khác"),
    "an unknown place": (("--place", "khong"), 1, "Không có đơn vị hành chính «khong»"),
    "an unknown beneficiary": (("--beneficiary", "999999"), 1, "Không có đơn vị thụ hưởng số 999999"),
    "an unknown target": (("--target", "T9_9=1"), 1, "không có chỉ tiêu T9_9"),
    "the next year by its days": (("--ends-on", "01/03/2025"), 1, "hãy ghi thêm --kind carry_to_next_year"),
    "days in the wrong order": (
        ("--starts-on", "01/10/2024", "--ends-on", "01/09/2024"),
        1,
        "Ngày bắt đầu sau ngày kết thúc",
    ),
    "an additional project": (("--kind", "additional_project"), 1, "phê duyệt theo quyết định bổ sung"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_that_says_too_little_or_too_much_changes_nothing(office: Any, dean: Any, case: str) -> None:
    more, code, sentence = REFUSED[case]
    project = office.bring(office.open(), "approved")
    before = dean.events()

    answer = dean(*_request(project, *more))

    assert (answer.code, answer.out, dean.events()) == (code, "", before)
    assert sentence in answer.err, answer.err


def test_advance_points_to_the_command_for_requests(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "approved")

    step = dean("advance", code, "request_adjustment", "--by", "an", "--number", "1", "--note", "Đổi")
    typed = dean("advance", code, "request_adjustment", "--kind", "stop", "--by", "an")

    assert (step.code, typed.code) == (1, 1)
    assert f"hãy dùng dean adjust request {code} --kind" in step.err
    assert "hãy dùng dean adjust request" in typed.err


def test_requests_are_seen_within_the_scope_only(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "approved")
    assert dean(*_request(code, "--partner", "Hội Nông dân")).code == 0

    seen = {who: dean("adjust", "list", "--by", who, "--json").json for who in ("an", "yen", "hanh", "em")}

    assert {who: len(rows) for who, rows in seen.items()} == {"an": 1, "yen": 0, "hanh": 0, "em": 1}
    assert dean("adjust", "show", code, "--by", "yen").code == 1


def test_the_old_name_of_the_group_still_leads_to_the_same_command() -> None:
    ctx = root.make_context("dean", ["adjustment", "authority"])
    old, new = (root.get_command(ctx, name) for name in ("adjustment", "adjust"))

    assert old is new
    assert "adjustment" not in root.list_commands(ctx)
