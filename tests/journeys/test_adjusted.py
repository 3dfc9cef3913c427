"""Changes of an approved project: asked, confirmed by the department, decided by the body that the change needs."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from models.queries.adjustments import adjustments
from states.facts import Asked
from states.vocabulary import Authority, Change, Paper, Route, Source, Stage

TRIEU = 1_000_000
NATIONAL, LOCAL, COUNTERPART = Source.NATIONAL_FUND, Source.LOCAL_FUND, Source.COUNTERPART
AGENCY = {"number": "700/CTĐP-KC", "signer": "Đinh Công Thành", "note": "Theo đề nghị của Sở"}
MINISTRY = {"number": "2100/QĐ-BCT", "signer": "Vũ Đức Hải", "note": "Theo đề nghị của Sở"}
PROVINCE = {"number": "1312/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Theo đề nghị của Sở"}
NOT_CONFIRMED = "Đề nghị chưa có xác nhận của Sở Công Thương; hãy ghi văn bản xác nhận (bước confirm_adjustment) trước."


def underway(office: Any, route: Route = Route.NATIONAL, support: int = 200) -> str:
    """A project at work, supported with less than half of its cost; `support` in triệu đồng."""
    fund = NATIONAL if route is Route.NATIONAL else LOCAL
    amounts = {fund: support * TRIEU, COUNTERPART: (650 - support) * TRIEU}
    code: str = office.bring(office.open(route=route, amounts=amounts), Stage.UNDERWAY)
    return code


def ask(office: Any, code: str, asked: Asked, *, confirmed: bool = True) -> None:
    """Ask on 03/06/2024; the department confirms on the next day."""
    request = {"number": "40/TTKC", "note": "Cơ sở xin thay đổi", "asked": asked}
    office.record("2024-06-03", code, "request_adjustment", "an", **request)
    if confirmed:
        confirm(office, code)


def confirm(office: Any, code: str, by: str = "chi") -> None:
    office.record("2024-06-04", code, "confirm_adjustment", by, number="611/SCT", signer="Lê Minh Chi")


def decide(office: Any, code: str, paper: dict[str, str], action: str = "approve_adjustment", **typed: Any) -> str:
    """Record on 24/06/2024 what was decided on 20/06/2024."""
    stage: str = office.record("2024-06-24", code, action, "binh", decided_on=date(2024, 6, 20), **paper, **typed)
    return stage


def requests(office: Any) -> list[dict[str, Any]]:
    """The rows of all requests, oldest first, with their JSON read."""
    with office.store.read() as session:
        rows = session.connection().execute(text("SELECT * FROM adjustment ORDER BY id")).mappings()
        return [{c: json.loads(v) if c in _JSON and v else v for c, v in row.items()} for row in rows]


_JSON = ("kinds", "asked", "was", "granted")


def shown(office: Any, code: str) -> dict[str, Any]:
    """The latest request as people read it."""
    with office.store.read() as session:
        found: dict[str, Any] = adjustments(session, code=code)[0]
    return found


def named(office: Any) -> list[str]:
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT b.name FROM project_beneficiary AS p JOIN beneficiary AS b ON b.id = p.beneficiary_id "
                "GROUP BY b.name HAVING sum(p.direction) > 0 ORDER BY b.name"
            )
        )
        return list(rows.scalars())


# --- the national route: the agency or the ministry ---------------------------------------------------


def test_agency_changes_the_beneficiary_and_old_and_new_are_kept(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office)
    new = office.workshop("Cơ sở Tàu hủ ky Bình Minh")

    ask(office, code, Asked(beneficiaries=(new,)))
    [waiting] = requests(office)
    decide(office, code, AGENCY)

    assert (waiting["status"], waiting["authority"], waiting["kinds"]) == ("open", "agency", ["change_beneficiary"])
    assert (waiting["asked"], waiting["was"]) == (
        {"beneficiaries": [new]},
        {"beneficiaries": [office.beneficiary]},
    )
    [decided] = requests(office)
    assert {column: str(decided[column]) for column in ("status", "decision_number", "decided_on", "authority")} == {
        "status": "approved",
        "decision_number": "700/CTĐP-KC",
        "decided_on": "2024-06-20",
        "authority": "agency",
    }
    assert named(office) == ["Cơ sở Tàu hủ ky Bình Minh"]
    assert not office.facts(code).adjustment_open
    assert [(change["old"], change["granted"]) for change in shown(office, code)["changes"]] == [
        (f"số {office.beneficiary}: Cơ sở Tàu hủ ky Mỹ Hòa", f"số {new}: Cơ sở Tàu hủ ky Bình Minh")
    ]
    office.prove()


def test_only_the_ministry_raises_the_support(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office)
    ask(office, code, Asked(amounts={NATIONAL: 250 * TRIEU}))

    with office.refusing(
        "«Tăng tổng kinh phí hỗ trợ» phải do Bộ Công Thương quyết định (TT 36/2013/TT-BCT Điều 11 (sửa đổi tại "
        "TT 17/2018/TT-BCT Điều 1 khoản 10, 11)); hãy ghi --authority ministry.",
        "Tăng mức hỗ trợ phải do Bộ Công Thương quyết định (--authority ministry).",
    ):
        decide(office, code, AGENCY, authority=Authority.AGENCY)
    decide(office, code, MINISTRY)

    assert office.waterfall(code) == {
        "asked": 200,
        "appraised": 200,
        "approved": 200,
        "adjusted": 50,
        "contracted": 200,
        "balance": 250,
    }
    [request] = requests(office)
    assert (request["authority"], request["was"], request["granted"]) == (
        "ministry",
        {"amounts": {"national_fund": 200 * TRIEU}},
        {"amounts": {"national_fund": 250 * TRIEU}},
    )
    office.prove()


def test_one_major_change_takes_the_whole_request_to_the_ministry(office: Any) -> None:
    code = underway(office)

    ask(office, code, Asked(targets={"T2_2": 2}, columns={"partner": "Sở Nông nghiệp"}))
    decide(office, code, MINISTRY)

    [request] = requests(office)
    assert (request["kinds"], request["authority"]) == (["change_content", "change_partner"], "ministry")
    assert (request["was"]["targets"], request["asked"]["targets"]) == ({"T2_2": 1}, {"T2_2": 2})
    assert office.facts(code).quantities == {"T2_2": 2}
    office.prove()


def test_less_is_granted_than_was_asked_for(office: Any) -> None:
    code = underway(office)
    ask(office, code, Asked(amounts={NATIONAL: 280 * TRIEU}))

    decide(office, code, MINISTRY, amounts={NATIONAL: 240 * TRIEU})

    [change] = shown(office, code)["changes"]
    assert [change[side] // TRIEU for side in ("old", "new", "granted")] == [200, 280, 240]
    assert office.waterfall(code)["adjusted"] == 40
    office.prove()


def test_raised_support_is_held_against_the_level_of_the_law(office: Any) -> None:
    code = underway(office)
    ask(office, code, Asked(amounts={NATIONAL: 301 * TRIEU}))

    with office.refusing(
        "Vượt mức hỗ trợ tối đa 1.000.000 đồng (50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở; "
        "TT 28/2018/TT-BTC Điều 8 khoản 4); hãy giảm số tiền, hoặc ghi lý do và số quyết định cho phép vượt.",
    ):
        decide(office, code, MINISTRY)


# --- confirmed or not ---------------------------------------------------------------------------------


def test_nothing_is_granted_before_the_department_confirmed(office: Any) -> None:
    code = underway(office)
    ask(office, code, Asked(columns={"partner": "Hội Nông dân"}), confirmed=False)

    with office.refusing(NOT_CONFIRMED):
        decide(office, code, AGENCY)
    confirm(office, code)

    assert decide(office, code, AGENCY) == "underway"


def test_department_refuses_what_it_does_not_confirm_and_nothing_later(office: Any) -> None:
    code = underway(office)
    ask(office, code, Asked(columns={"partner": "Hội Nông dân"}), confirmed=False)
    why = {"number": "612/SCT", "signer": "", "note": "Chưa đủ căn cứ"}

    with office.refusing(
        "Đề nghị chưa được Sở xác nhận và gửi đi; nếu Sở không đồng ý, hãy ghi --authority department.",
    ):
        decide(office, code, why, "refuse_adjustment", authority=Authority.AGENCY)
    decide(office, code, why, "refuse_adjustment", authority=Authority.DEPARTMENT)
    [refused] = requests(office)
    ask(office, code, Asked(columns={"partner": "Hội Phụ nữ"}))
    with office.refusing(
        "Sở đã xác nhận đề nghị này nên không tự từ chối; hãy ghi quyết định của cấp trên.",
    ):
        decide(office, code, why, "refuse_adjustment", authority=Authority.DEPARTMENT)
    decide(office, code, why, "refuse_adjustment")

    assert (refused["status"], refused["authority"], refused["granted"]) == ("refused", "department", "")
    assert [(row["status"], row["authority"]) for row in requests(office)] == [
        ("refused", "department"),
        ("refused", "agency"),
    ]
    assert not office.facts(code).adjustment_open
    office.prove()


def test_request_is_confirmed_once_and_by_another_than_the_author(office: Any) -> None:
    code = office.bring(office.open(by="bach", route=Route.NATIONAL), Stage.UNDERWAY)
    ask(office, code, Asked(columns={"partner": "Hội Nông dân"}), confirmed=False)

    with office.refusing(
        "Người lập hồ sơ (Đỗ Xuân Bách) không được ghi kết quả này; cần một người khác ghi.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Lê Minh Chi (chi), Võ Thị Châu (chau).",
    ):
        confirm(office, code, by="bach")
    confirm(office, code)
    with office.refusing("Sở đã xác nhận đề nghị này; hãy ghi kết quả điều chỉnh."):
        confirm(office, code, by="chau")


def test_open_request_holds_up_the_steps_that_it_would_change(office: Any) -> None:
    code = underway(office)
    ask(office, code, Asked(amounts={NATIONAL: 180 * TRIEU}))

    for action, by, typed in (
        ("report_completion", "an", {"papers": (Paper.VOUCHERS,)}),
        ("request_adjustment", "an", {"asked": Asked(next_year=True), "note": "Chậm"}),
    ):
        with office.refusing("Đang có đề nghị điều chỉnh chưa được quyết định; hãy ghi kết quả điều chỉnh trước."):
            office.record("2024-06-10", code, action, by, number="8/BC", **typed)


# --- stop, and what stays -----------------------------------------------------------------------------


def test_requested_stop_is_decided_by_the_ministry_and_closes_the_request(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office)
    ask(office, code, Asked(kinds=frozenset({Change.STOP})))

    with office.refusing("Đề nghị ngừng triển khai được quyết định bằng bước ngừng triển khai (stop)."):
        decide(office, code, MINISTRY)
    stage = decide(office, code, MINISTRY, "stop")

    [request] = requests(office)
    assert (stage, request["status"], request["decision_number"]) == ("stopped", "closed", "2100/QĐ-BCT")
    assert not office.facts(code).adjustment_open
    assert office.waterfall(code) == {
        "asked": 200,
        "appraised": 200,
        "approved": 200,
        "contracted": 200,
        "released": 200,
    }
    office.prove()


def test_stop_comes_with_no_other_change(office: Any) -> None:
    code = underway(office)

    with office.refusing("Đề nghị ngừng triển khai không đi cùng thay đổi khác; hãy bỏ các thay đổi kia."):
        ask(office, code, Asked(kinds=frozenset({Change.STOP}), amounts={NATIONAL: 100 * TRIEU}))


def test_lowered_support_is_followed_by_an_annex_of_the_contract(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office, Route.LOCAL)
    cash = {"papers": (Paper.PREPAYMENT_REQUEST,), "amounts": {LOCAL: 140 * TRIEU}}
    office.record("2024-05-06", code, "prepay", "dung", number="UNC 1", **cash)
    ask(office, code, Asked(amounts={LOCAL: 150 * TRIEU}))

    with office.refusing(
        "Số mới 139.999.999 đồng thấp hơn số đã chi 140.000.000 đồng; hãy ghi không thấp hơn số đã chi, "
        "phần chi vượt được tính khi nghiệm thu và thu hồi sau đó."
    ):
        decide(office, code, PROVINCE, amounts={LOCAL: 140 * TRIEU - 1})
    decide(office, code, PROVINCE)
    annex = {"number": "01/PLHĐ", "signer": "Lê Minh Chi", "note": "Theo quyết định điều chỉnh"}
    with office.refusing(
        "Giá trị mới 139.000.000 đồng thấp hơn số đã tạm ứng 140.000.000 đồng; hãy ghi không thấp hơn."
    ):
        office.record("2024-06-26", code, "amend_contract", "chi", amounts={LOCAL: 139 * TRIEU}, **annex)
    office.record("2024-06-26", code, "amend_contract", "chi", amounts={LOCAL: 150 * TRIEU}, **annex)

    standing = {"asked": 200, "appraised": 200, "approved": 200, "adjusted": -50, "contracted": 150, "prepaid": 140}
    assert office.waterfall(code) == standing | {"balance": 150, "cash_balance": 140}
    assert contract_lines(office) == [("local_fund", 200), ("counterpart", 450), ("local_fund", -50)]
    office.prove()


def contract_lines(office: Any) -> list[tuple[str, int]]:
    with office.store.read() as session:
        rows = session.connection().execute(
            text("SELECT source, amount * direction / 1000000 AS amount FROM contract_line ORDER BY event_id, line")
        )
        return [(row.source, int(row.amount)) for row in rows]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            Asked(kinds=frozenset({Change.CHANGE_PLACE})),
            "Chưa ghi địa điểm mới cho «Thay đổi địa điểm».",
        ),
        (Asked(amounts={LOCAL: 0}), "Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy đề nghị --kind stop."),
        (
            Asked(amounts={LOCAL: 200 * TRIEU}),
            "Giá trị mới giống giá trị đang ghi: local_fund; hãy bỏ hoặc ghi giá trị khác.",
        ),
        (Asked(beneficiaries=()), "Đề án đã phê duyệt phải còn ít nhất một đơn vị thụ hưởng."),
        (Asked(targets={"T9_9": 1}), "Chương trình KC-VL-2021-2025 không có chỉ tiêu T9_9 (dean programme status)."),
    ],
    ids=["no new value", "down to nothing", "as it stands", "nobody named", "unknown target"],
)
def test_request_that_says_nothing_clear_is_refused(office: Any, asked: Asked, sentence: str) -> None:
    code = underway(office, Route.LOCAL)

    with office.refusing(sentence):
        ask(office, code, asked)
