"""A whole life of a đề án by the command line alone: from an empty folder to the settled project."""

from typing import Any

import pytest


def _furnish(dean: Any) -> None:
    assert dean("init", "--admin", "giang", "--admin-name", "Bùi Trường Giang").code == 0
    by_admin = ("--by", "giang")
    assert dean("unit", "add", "ttkc", "--name", "Trung tâm Khuyến công", *by_admin).code == 0
    assert dean("unit", "add", "sct", "--name", "Sở Công Thương", "--office", *by_admin).code == 0
    people = (
        ("an", "Nguyễn Văn An", "centre_officer", "--unit", "ttkc"),
        ("binh", "Trần Thị Bình", "coordinator", "--unit", "sct"),
        ("chi", "Lê Minh Chi", "leader"),
        ("dung", "Phan Tiến Dũng", "finance"),
    )
    for code, name, role, *more in people:
        assert dean("user", "add", code, "--name", name, "--role", role, *more, *by_admin).code == 0
    rules = ("--prepayments", dean.file("tam-ung.yaml", PREPAYMENTS), "--basis", "QĐ 12/QĐ-UBND")
    assert dean("rules", "add", *rules, "--by", "giang").code == 0


def _open(dean: Any, route: str) -> str:
    beneficiary = dean(
        *("beneficiary", "add", "--name", "Cơ sở Tàu hủ ky Mỹ Hòa", "--kind", "household"),
        *("--tax-code", "9900912345", "--place", "vl-x-my-hoa", "--by", "an", "--json"),
    )
    fund = {"local": "local_fund", "national": "national_fund"}[route]
    opened = dean(
        *("project", "add", "--by", "an", "--name", "Hỗ trợ máy đóng gói tàu hủ ky", "--route", route),
        *("--year", "2024", "--content", "2", "--activity", "machinery", "--place", "vl-x-my-hoa"),
        *("--beneficiary", str(beneficiary.json["id"]), "--amount", f"{fund}=300tr"),
        *("--amount", "counterpart=350.000.000", "--target", "t2_2=1", "--total-cost", "650 triệu", "--json"),
    )
    assert opened.code == 0, opened.err
    return str(opened.json["project"])


def _roads(code: str, route: str, dossier: str) -> list[tuple[str, ...]]:
    """The straight road of a route as it would be typed, each step a day later than the one before."""
    national = route == "national"

    def step(action: str, by: str, number: str, *more: str) -> tuple[str, ...]:
        return ("advance", code, action, "--by", by, "--number", number, *more)

    send = (
        step("send_to_agency", "binh", "04/BC-SCT", "--signer", "Lê Minh Chi", "--paper", "form_2")
        if national
        else step(
            "gui so tai chinh tham dinh", "binh", "04/TTr-SCT", "--signer", "Lê Minh Chi", "--paper", "dự toán kinh phí"
        )
    )
    return [
        step("submit", "an", "01/TTKC", "--paper", f"dossier={dossier}", "--paper", "support_request"),
        step("start-appraisal", "binh", "02/SCT"),
        step("pass_appraisal", "chi", "03/BB-SCT", "--signer", "Lê Minh Chi"),
        send,
        step("pass_review", "binh", "05/KQ", "--signer", "Hồ Văn Khoa", "--decided-on", "2024-06-07"),
        (
            *("approve", code, "--decision", "980/QĐ", "--decided-on", "08/06/2024", "--signer", "Lê Quang Trung"),
            *("--total", "300tr", "--by", "binh"),
        ),
        (
            *("contract", "sign", code, "--number", "06/HĐ", "--signed-on", "09/06/2024", "--signer", "Lê Minh Chi"),
            *("--total", "300tr", "--by", "chi"),
        ),
        step("start", "an", "07/KH"),
        *([] if national else [_prepayment(code)]),
        step("report_completion", "an", "08/BC", "--paper", "vouchers"),
        (
            *("accept", code, "--by", "chi", "--number", "09/BBNT", "--signer", "Lê Minh Chi"),
            *("--cost", "650tr", "--quantity", "T2_2=1"),
        ),
        ("pay", code, "--amount", "300tr" if national else "210tr", *money("10/UNC"), *_on(national, 13)),
        step("submit_settlement", "an", "11/ĐNTT"),
        ("settle", code, "--signer", "Lê Minh Chi", *money("12/TL"), *_on(national, 15)),
    ]


def money(number: str) -> tuple[str, ...]:
    """Who records money, and the number of the paper."""
    return ("--by", "dung", "--number", number)


def _prepayment(code: str) -> tuple[str, ...]:
    return ("prepay", code, "--amount", "90tr", "--paper", "prepayment_request", *money("07/UNC"))


#: No share of a prepayment is shipped for the local route: the province's own rule is entered first.
PREPAYMENTS = """schema_version: 1
rows:
  - {id: P-VL, activity: null, jurisdiction: vinh-long, route: local, percent: 50, basis: "QĐ 12/QĐ-UBND Điều 5",
     verified: true, effective_from: 2024-01-01, effective_until: null}
"""


def _on(national: bool, day: int) -> tuple[str, ...]:
    return ("--decided-on", f"{day:02d}/06/2024") if national else ()


@pytest.mark.parametrize(("route", "version", "prepaid", "paid"), [("local", 15, 90, 210), ("national", 14, 0, 300)])
def test_a_life_from_init_to_settled_needs_nothing_but_the_command_line(
    dean: Any, route: str, version: int, prepaid: int, paid: int
) -> None:
    _furnish(dean)
    code = _open(dean, route)
    dossier = dean.file("Đề án.pdf")

    for day, words in enumerate(_roads(code, route, dossier), start=3):
        dean.set(today=f"2024-06-{day:02d}")
        answer = dean(*words)
        assert answer.code == 0, (words, answer.err)

    sheet = dean("project", "show", code, "--json").json
    [state_money] = [row for row in sheet["funding"] if row["source"] != "counterpart"]
    assert (sheet["state"], sheet["stage"], sheet["version"]) == ("settled", "settled", version)
    assert [state_money[kind] // 1_000_000 for kind in ("approved", "prepaid", "paid", "settled", "recovered")] == [
        *(300, prepaid, paid),
        *(300, 0),
    ]
    assert dean("waterfall", code, "--json").json["closed"] is True
    assert dean("verify", "--json").json["ok"] is True
    target = next(t for t in dean("programme", "status", "--json").json["targets"] if t["code"] == "T2_2")
    assert [target[step] for step in ("planned", "approved", "implemented", "settled")] == [1, 1, 1, 1]


def test_a_settled_life_can_be_read_back_on_both_time_axes(dean: Any) -> None:
    _furnish(dean)
    code = _open(dean, "local")
    dossier = dean.file("de-an.pdf")
    for day, words in enumerate(_roads(code, "local", dossier), start=3):
        dean.set(today=f"2024-06-{day:02d}")
        assert dean(*words).code == 0

    decided = dean("project", "show", code, "--as-of", "07/06/2024", "--json").json
    known = dean("project", "show", code, "--known-on", "2024-06-03", "--json").json
    events = dean("project", "history", code, "--json").json["events"]

    assert (decided["stage"], decided["as_of"], known["stage"]) == ("cleared", "2024-06-07", "submitted")
    assert [event["action"] for event in events[:3]] == ["open", "submit", "start_appraisal"]
    assert {event["door"] for event in events} == {"cli"}
    assert [paper["file_name"] for paper in events[1]["papers"] if paper["file_name"]] == ["de-an.pdf"]
