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
    fund = {"local": "local_fund", "national": "national_fund"}[route]
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
        step("sign_contract", "chi", "06/HĐ", "--signer", "Lê Minh Chi", "--decided-on", "09/06/2024"),
        step("start", "an", "07/KH"),
        step(
            "prepay", "dung", "07/UNC", "--amount", f"{fund}=90tr", "--paper", "prepayment_request", *_on(national, 11)
        ),
        step("report_completion", "an", "08/BC"),
        step(
            "accept", "chi", "09/BBNT", "--signer", "Lê Minh Chi", "--amount", f"{fund}=300tr", "--quantity", "T2_2=1"
        ),
        step("pay", "dung", "10/UNC", "--amount", f"{fund}=210tr", *_on(national, 14)),
        step("submit_settlement", "an", "11/ĐNTT", "--paper", "vouchers"),
        step("settle", "dung", "12/TL", "--signer", "Lê Minh Chi", *_on(national, 16)),
    ]


def _on(national: bool, day: int) -> tuple[str, ...]:
    return ("--decided-on", f"{day:02d}/06/2024") if national else ()


@pytest.mark.parametrize("route", ["local", "national"])
def test_a_life_from_init_to_settled_needs_nothing_but_the_command_line(dean: Any, route: str) -> None:
    _furnish(dean)
    code = _open(dean, route)
    dossier = dean.file("Đề án.pdf")

    for day, words in enumerate(_roads(code, route, dossier), start=3):
        dean.set(today=f"2024-06-{day:02d}")
        answer = dean(*words)
        assert answer.code == 0, (words, answer.err)

    sheet = dean("project", "show", code, "--json").json
    [state_money] = [row for row in sheet["funding"] if row["source"] != "counterpart"]
    assert (sheet["state"], sheet["stage"], sheet["version"]) == ("settled", "settled", 15)
    assert [state_money[kind] for kind in ("approved", "prepaid", "paid", "settled", "recovered")] == [
        300_000_000,
        90_000_000,
        210_000_000,
        300_000_000,
        0,
    ]
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
