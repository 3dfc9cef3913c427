"""A national project without money goes over to the local fund: old lines closed, new lines opened, both kept."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from models.queries.histories import history
from states.refusal import Refused
from states.vocabulary import Authority, MoneyKind, Paper, Route, Source, Stage

TRIEU = 1_000_000
NATIONAL, LOCAL = Source.NATIONAL_FUND, Source.LOCAL_FUND
LETTER = {"number": "512/CTĐP-KC", "note": "Cục chưa bố trí được vốn năm 2024"}


def entries(office: Any, code: str) -> list[tuple[str, str, int]]:
    """The state money written for a project in the order of writing, in triệu đồng with its sign."""
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT m.source, m.kind, m.amount * m.direction / 1000000 FROM money_entry AS m "
                "JOIN project AS p ON p.id = m.project_id "
                "WHERE p.code = :code AND m.source <> 'counterpart' ORDER BY m.event_id, m.line"
            ),
            {"code": code},
        )
        return [(row[0], row[1], int(row[2])) for row in rows]


def waitlisted(office: Any) -> str:
    code: str = office.bring(office.open(route=Route.NATIONAL), Stage.CLEARED)
    assert office.record("2024-02-01", code, "waitlist", "chi", note="Bộ chưa bố trí vốn") == "waitlisted"
    return code


def go_local(office: Any, code: str) -> None:
    signed = {"signer": "Lê Minh Chi"}
    papers = (Paper.ESTIMATE,)
    assert office.record("2024-03-05", code, "send_to_finance", "chi", number="7/TTr", papers=papers, **signed)
    result = {"number": "500/STC", "decided_on": date(2024, 3, 20), "signer": "Phạm Văn Tài"}
    cut = {LOCAL: 260 * TRIEU}
    assert office.record("2024-03-22", code, "pass_review", "binh", amounts=cut, **result) == "cleared"
    office.at = datetime.fromisoformat("2024-05-23T02:00:00+00:00")
    office.approve(code, total=260 * TRIEU)
    assert office.record("2024-06-05", code, "sign_contract", "chi", number="17/HĐ", **signed) == "contracted"
    assert office.record("2024-06-10", code, "start", "an", number="18/KH") == "underway"
    assert (
        office.record("2024-09-10", code, "report_completion", "an", number="61/BC", papers=(Paper.VOUCHERS,))
        == "awaiting_acceptance"
    )
    works = {"amounts": {LOCAL: 260 * TRIEU, Source.COUNTERPART: 350 * TRIEU}, "quantities": {"T2_2": 1}}
    assert office.record("2024-10-08", code, "accept", "chi", number="82/BB", **works, **signed) == "accepted"
    assert office.record("2024-10-15", code, "submit_settlement", "an", number="71/ĐNTT") == "settling"
    paid = {LOCAL: 260 * TRIEU}
    assert office.record("2024-10-28", code, "pay", "dung", number="UNC 2", amounts=paid) == "settling"
    assert office.record("2024-11-05", code, "settle", "dung", number="95/TL", **signed) == "settled"


def test_rerouted_project_closes_the_national_lines_and_settles_the_local_ones(office_on_both: Any) -> None:
    office = office_on_both
    code = waitlisted(office)

    stage = office.record("2024-03-01", code, "reroute", "chi", **LETTER)
    rerouted = office.facts(code)
    go_local(office, code)

    assert (stage, rerouted.route, rerouted.state) == ("appraised", Route.LOCAL, "appraised")
    assert {
        (source, kind): rerouted.amount(kind, source) // TRIEU
        for source in (NATIONAL, LOCAL)
        for kind in (MoneyKind.ASKED, MoneyKind.APPRAISED)
    } == {
        (NATIONAL, MoneyKind.ASKED): 0,
        (NATIONAL, MoneyKind.APPRAISED): 0,
        (LOCAL, MoneyKind.ASKED): 300,
        (LOCAL, MoneyKind.APPRAISED): 300,
    }
    assert entries(office, code) == [
        ("national_fund", "asked", 300),
        ("national_fund", "appraised", 300),
        ("national_fund", "asked", -300),
        ("local_fund", "asked", 300),
        ("national_fund", "appraised", -300),
        ("local_fund", "appraised", 300),
        ("local_fund", "appraised", -40),
        ("local_fund", "approved", 260),
        ("local_fund", "contracted", 260),
        ("local_fund", "accepted", 260),
        ("local_fund", "paid", 260),
        ("local_fund", "settled", 260),
    ]
    facts = office.facts(code)
    assert (facts.stage, facts.outstanding) == ("settled", 0)
    assert office.waterfall(code, NATIONAL) == {}
    assert office.waterfall(code, LOCAL) == {
        "asked": 300,
        "appraised": 260,
        "approved": 260,
        "contracted": 260,
        "accepted": 260,
        "paid": 260,
        "settled": 260,
    }
    office.prove()


def test_history_keeps_both_routes(office: Any) -> None:
    code = waitlisted(office)
    office.record("2024-03-01", code, "reroute", "chi", **LETTER)
    signed = {"number": "7/TTr", "signer": "Lê Minh Chi", "papers": (Paper.ESTIMATE,)}
    office.record("2024-03-05", code, "send_to_finance", "chi", **signed)

    with office.store.read() as session:
        told = history(session, code)[4:]

    assert [(event["label"], event["from_label"], event["to_label"]) for event in told] == [
        ("Gửi Cục thẩm định", "Đạt thẩm định cấp cơ sở", "Cục đang thẩm định cấp Bộ"),
        ("Cấp trên thẩm định đạt", "Cục đang thẩm định cấp Bộ", "Đạt thẩm định cấp Bộ, chờ phê duyệt"),
        ("Chuyển sang chờ bố trí vốn", "Đạt thẩm định cấp Bộ, chờ phê duyệt", "Chờ bố trí vốn"),
        ("Chuyển nguồn quốc gia ↔ địa phương", "Chờ bố trí vốn", "Đạt thẩm định ở Sở"),
        ("Gửi Sở Tài chính thẩm định", "Đạt thẩm định ở Sở", "Sở Tài chính đang thẩm định"),
    ]


def test_rerouted_project_takes_only_steps_and_money_of_its_new_route(office: Any) -> None:
    code = waitlisted(office)
    office.record("2024-03-01", code, "reroute", "chi", **LETTER)
    report = {"number": "16/BC", "signer": "Lê Minh Chi", "papers": (Paper.FORM_2,)}

    with pytest.raises(Refused) as old_step:
        office.record("2024-03-05", code, "send_to_agency", "chi", **report)
    signed = {"number": "7/TTr", "signer": "Lê Minh Chi", "papers": (Paper.ESTIMATE,)}
    office.record("2024-03-05", code, "send_to_finance", "chi", **signed)
    result = {"number": "500/STC", "decided_on": date(2024, 3, 20), "signer": "Phạm Văn Tài"}
    with pytest.raises(Refused) as old_money:
        office.record("2024-03-22", code, "pass_review", "binh", amounts={NATIONAL: 300 * TRIEU}, **result)

    assert old_step.value.args == (
        "Bước «Gửi Cục thẩm định» chỉ dùng cho khuyến công quốc gia; đề án này thuộc khuyến công địa phương.",
    )
    assert old_money.value.args == (
        "Đề án khuyến công địa phương chỉ dùng nguồn KC địa phương và đối ứng, không dùng KC quốc gia; "
        "muốn đổi nguồn, hãy chuyển nguồn (reroute).",
    )


def test_only_a_leader_reroutes_and_only_with_the_letter_and_a_reason(office: Any) -> None:
    code = waitlisted(office)

    with pytest.raises(Refused) as refused:
        office.record("2024-03-01", code, "reroute", "binh")

    assert refused.value.args == (
        "Điều phối viên của Sở không được ghi bước «Chuyển nguồn quốc gia ↔ địa phương»; cần: Lãnh đạo Sở.",
        "Phải ghi lý do (--note).",
        "Thiếu văn bản chuyển nguồn kinh phí; hãy ghi số (--number) hoặc kèm tệp (--paper reroute_letter=TỆP).",
        "Người có thể ghi bước này: Lê Minh Chi (chi), Võ Thị Châu (chau).",
    )


def test_reroute_is_undone_with_its_money_and_its_route(office: Any) -> None:
    code = waitlisted(office)
    before = office.facts(code)
    office.record("2024-03-01", code, "reroute", "chi", **LETTER)

    stage = office.record("2024-03-02", code, "revert", "chau", number="1/PSS", note="Cục đã bố trí vốn")

    after = office.facts(code)
    assert (stage, after.route, after.stage) == ("waitlisted", Route.NATIONAL, Stage.WAITLISTED)
    assert {key: amount for key, amount in after.money.items() if amount} == {
        key: amount for key, amount in before.money.items() if amount
    }
    assert office.record("2024-03-04", code, "fund", "chi", note="Cục đã bố trí vốn") == "cleared"


def test_local_project_may_go_over_to_the_national_fund_too(office: Any) -> None:
    code = office.bring(office.open(), Stage.APPRAISED)
    office.record("2024-03-01", code, "reroute", "chi", **LETTER)

    with pytest.raises(Refused) as refused:
        office.approve(code, authority=Authority.MINISTRY)

    assert office.facts(code).amount(MoneyKind.ASKED, NATIONAL) == 300 * TRIEU
    assert refused.value.args == (
        f"{code}: Bước «Phê duyệt trong kế hoạch» chỉ làm được khi đề án ở giai đoạn "
        "«Đạt thẩm định cấp Bộ, chờ phê duyệt»; hiện đề án ở giai đoạn «Đạt thẩm định cấp cơ sở».",
    )
