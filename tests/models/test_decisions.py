"""One decision over many projects: all or nothing, checked to the đồng, one transaction."""

import unicodedata
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from models import decisions
from models.decisions import ApprovalLine, Approved, DecisionPaper
from models.loading import load_person
from models.verify import verify
from states.facts import Enclosure
from states.refusal import Refused
from states.vocabulary import Authority, MoneyKind, Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND


def cleared(office: Any, number: int = 1, **changes: Any) -> list[str]:
    """Projects that wait for approval, each appraised at 300 triệu."""
    codes = [office.open(**changes) for _ in range(number)]
    for code in codes:
        office.bring(code, Stage.CLEARED)
    return codes


def approve(office: Any, *lines: ApprovalLine, by: str = "binh", **printed: Any) -> Approved:
    """Approve lines under the province's decision 980 of today, of 300 triệu a line unless told otherwise."""
    office.at += timedelta(days=1)
    paper = {
        "number": "980/QĐ-UBND",
        "decided_on": office.today,
        "signer": "Lê Quang Trung",
        "total": 300 * TRIEU * len(lines),
    } | printed
    with office.store.write() as session:
        person = load_person(session, by)
        return decisions.approve(session, lines, DecisionPaper(**paper), by=person, at=office.at, door="test")


def lines(*codes: str) -> list[ApprovalLine]:
    return [ApprovalLine(code) for code in codes]


# --- what one decision writes -----------------------------------------------------------------------------------


def test_ten_projects_are_approved_under_one_number(office_on_both: Any) -> None:
    codes = cleared(office_on_both, 10)

    approved = approve(office_on_both, *lines(*codes))

    assert [advanced.code for advanced in approved.projects] == codes
    assert {office_on_both.stage(code) for code in codes} == {Stage.APPROVED}
    assert approved.total == 3000 * TRIEU
    with office_on_both.store.read() as session:
        [row] = session.connection().execute(text("SELECT number, total, signer, authority FROM decision")).all()
        assert tuple(row) == ("980/QĐ-UBND", 3000 * TRIEU, "Lê Quang Trung", "province")
        granted = session.connection().execute(
            text("SELECT source, count(*), sum(amount) FROM decision_line GROUP BY source ORDER BY source")
        )
        assert [tuple(map(str, line)) for line in granted] == [
            ("counterpart", "10", "3500000000"),
            ("local_fund", "10", "3000000000"),
        ]
    assert verify(office_on_both.store).problems == ()


def test_line_may_grant_less_than_was_appraised(office: Any) -> None:
    full, cut = cleared(office, 2)

    approve(office, ApprovalLine(full), ApprovalLine(cut, {FUND: 56_250_000}, "Giảm số máy"), total=356_250_000)

    facts = office.facts(cut)
    assert (facts.amount(MoneyKind.APPRAISED), facts.amount(MoneyKind.APPROVED)) == (300 * TRIEU, 56_250_000)
    assert office.facts(full).amount(MoneyKind.APPROVED) == 300 * TRIEU


def test_annex_total_of_a_minister_speaks_of_other_provinces_too(office: Any) -> None:
    [code] = cleared(office, route=Route.NATIONAL)

    approve(office, *lines(code), number="3300/QĐ-BCT", annex_total=94_000 * TRIEU)

    with office.store.read() as session:
        [row] = session.connection().execute(text("SELECT authority, total, annex_total FROM decision")).all()
    assert tuple(row) == ("ministry", 300 * TRIEU, 94_000 * TRIEU)


def test_decision_keeps_its_paper_once_and_each_project_its_number(office: Any) -> None:
    codes = cleared(office, 2)
    scan = Enclosure(Paper.APPROVAL_DECISION, number="980/QĐ-UBND", sha256="ab" * 32, size=12, file_name="qd980.pdf")

    approve(office, *lines(*codes), papers=(scan,))

    with office.store.read() as session:
        rows = session.connection().execute(
            text("SELECT subject_kind, number, sha256 FROM paper WHERE kind = 'approval_decision' ORDER BY event_id")
        )
        assert [tuple(row) for row in rows] == [
            ("decision", "980/QĐ-UBND", "ab" * 32),
            ("project", "980/QĐ-UBND", ""),
            ("project", "980/QĐ-UBND", ""),
        ]


def test_order_of_the_list_does_not_matter(office: Any) -> None:
    codes = cleared(office, 3)

    approved = approve(office, *lines(*reversed(codes)))

    assert [advanced.code for advanced in approved.projects] == codes


@pytest.mark.slow
def test_two_hundred_projects_are_one_transaction(office_on_both: Any) -> None:
    codes = cleared(office_on_both, 200)
    begun: list[Any] = []
    event.listen(office_on_both.store.writer, "begin", begun.append)

    approved = approve(office_on_both, *lines(*codes))

    assert (len(approved.projects), len(begun)) == (len(codes), 1)
    with office_on_both.store.read() as session:
        stages = session.connection().execute(text("SELECT stage, count(*) FROM project GROUP BY stage")).all()
    assert [tuple(row) for row in stages] == [("approved", len(codes))]


# --- all or nothing ---------------------------------------------------------------------------------------------


def test_one_bad_line_stops_the_whole_list_and_every_reason_is_given(office_on_both: Any) -> None:
    good, by_bach = cleared(office_on_both), cleared(office_on_both, by="bach")
    draft = office_on_both.open()

    with office_on_both.refusing(
        f"{by_bach[0]}: Người lập hồ sơ (Đỗ Xuân Bách) không được ghi kết quả này; cần một người khác ghi.",
        f"{by_bach[0]}: Người có thể ghi bước này: Trần Thị Bình (binh), Lê Minh Chi (chi), Võ Thị Châu (chau).",
        f"{draft}: Bước «Phê duyệt trong kế hoạch» chỉ làm được khi đề án ở giai đoạn "
        "«Đạt thẩm định, chờ phê duyệt»; hiện đề án ở giai đoạn «Nháp».",
        "Tổng hỗ trợ của 3 dòng là 600.000.000 đồng, quyết định ghi 900.000.000 đồng, "
        "chênh lệch 300.000.000 đồng; hãy đối chiếu từng dòng với phụ lục.",
    ):
        approve(office_on_both, *lines(*good, *by_bach, draft), by="bach")


def test_total_that_differs_by_one_dong_is_refused(office_on_both: Any) -> None:
    codes = cleared(office_on_both, 2)

    with office_on_both.refusing(
        "Tổng hỗ trợ của 2 dòng là 600.000.000 đồng, quyết định ghi 600.000.001 đồng, chênh lệch 1 đồng; "
        "hãy đối chiếu từng dòng với phụ lục.",
    ):
        approve(office_on_both, *lines(*codes), total=600 * TRIEU + 1)
    assert approve(office_on_both, *lines(*codes)).total == 600 * TRIEU


def test_line_above_the_appraised_amount_is_refused(office: Any) -> None:
    [code] = cleared(office)

    with office.refusing(
        f"{code}: Phê duyệt 301.000.000 đồng vượt số thẩm định 300.000.000 đồng là 1.000.000 đồng; "
        "hãy ghi không quá mức đó.",
    ):
        approve(office, ApprovalLine(code, {FUND: 301 * TRIEU}), total=301 * TRIEU)


def test_line_that_grants_nothing_is_refused(office: Any) -> None:
    [code] = cleared(office)

    with office.refusing(
        f"{code}: Phê duyệt 0 đồng là không hỗ trợ; hãy ghi số tiền, hoặc ghi không đạt hay chờ bố trí vốn.",
    ):
        approve(office, ApprovalLine(code, {FUND: 0}), total=0)


def test_annex_total_below_our_own_lines_is_refused(office: Any) -> None:
    [code] = cleared(office)

    with office.refusing(
        "Tổng cộng của cả phụ lục 299.999.999 đồng nhỏ hơn tổng của tỉnh 300.000.000 đồng; hãy kiểm tra lại hai số.",
    ):
        approve(office, *lines(code), annex_total=300 * TRIEU - 1)


def test_code_listed_twice_and_unknown_codes_are_named(office_on_both: Any) -> None:
    [code] = cleared(office_on_both)

    with office_on_both.refusing(
        f"{code}: ghi hai lần trong danh mục; hãy bỏ một dòng.",
        "KC-VL-2024-998: không có đề án này; hãy kiểm tra mã (dean project search).",
        "KC-VL-2024-999: không có đề án này; hãy kiểm tra mã (dean project search).",
    ):
        approve(office_on_both, *lines(code, "KC-VL-2024-998", code, "KC-VL-2024-999"))


def test_empty_list_is_refused(office: Any) -> None:
    with office.refusing("Danh mục phê duyệt trống; hãy ghi ít nhất một mã đề án."):
        approve(office)


def test_list_over_both_routes_is_two_decisions(office_on_both: Any) -> None:
    local, national = cleared(office_on_both), cleared(office_on_both, route=Route.NATIONAL)

    with office_on_both.refusing(
        "Danh mục có cả đề án địa phương và quốc gia; hãy tách thành hai quyết định, "
        "UBND tỉnh cho đề án địa phương và Bộ Công Thương cho đề án quốc gia.",
    ):
        approve(office_on_both, *lines(*local, *national))
    assert approve(office_on_both, *lines(*local)).total == 300 * TRIEU
    assert approve(office_on_both, *lines(*national), number="3300/QĐ-BCT").total == 300 * TRIEU


def test_body_that_does_not_approve_a_route_is_refused_line_by_line(office: Any) -> None:
    local, national = cleared(office), cleared(office, route=Route.NATIONAL)

    with office.refusing(
        f"{national[0]}: Trên tuyến khuyến công quốc gia, bước «Phê duyệt trong kế hoạch» do Bộ Công Thương "
        "(ministry) quyết định, không phải UBND tỉnh.",
    ):
        approve(office, *lines(*local, *national), authority=Authority.PROVINCE)


@pytest.mark.parametrize(("by", "role"), [("an", "Cán bộ đơn vị thực hiện"), ("dung", "Kế toán của Sở")])
def test_only_the_office_records_an_approval(office: Any, by: str, role: str) -> None:
    [code] = cleared(office, by="bach")

    with pytest.raises(Refused) as refused:
        approve(office, *lines(code), by=by)

    assert refused.value.reasons[0] == (
        f"{code}: {role} không được ghi bước «Phê duyệt trong kế hoạch»; cần: Điều phối viên của Sở, Lãnh đạo Sở."
    )
    assert office.stage(code) is Stage.CLEARED


def test_decision_without_number_or_signer_is_refused(office: Any) -> None:
    [code] = cleared(office)

    with office.refusing(
        f"{code}: Phải ghi số văn bản của UBND tỉnh (--number).",
        f"{code}: Phải ghi người ký văn bản (--signer).",
        f"{code}: Thiếu quyết định phê duyệt và phụ lục; hãy ghi số (--number) "
        "hoặc kèm tệp (--paper approval_decision=TỆP).",
    ):
        approve(office, *lines(code), number=" ", signer="")


def test_decision_of_tomorrow_and_of_yesteryear_is_refused(office: Any) -> None:
    [code] = cleared(office)
    tomorrow, too_early = office.today + timedelta(days=2), date(2023, 12, 29)

    with office.refusing(
        f"{code}: Ngày quyết định 09/01/2024 ở tương lai (hôm nay 08/01/2024); hãy kiểm tra lại ngày trên văn bản.",
    ):
        approve(office, *lines(code), decided_on=tomorrow)
    with office.refusing(
        f"{code}: Ngày quyết định 29/12/2023 trước bước liền trước (07/01/2024); hãy kiểm tra lại ngày trên văn bản.",
    ):
        approve(office, *lines(code), decided_on=too_early)


# --- once -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["15/QĐ-Bộ", unicodedata.normalize("NFD", "15/QĐ-Bộ"), " 15/QĐ-Bộ "])
def test_decision_is_recorded_once_however_its_number_is_typed(office_on_both: Any, typed: str) -> None:
    first, second = cleared(office_on_both, 2)
    on = office_on_both.today + timedelta(days=1)
    approve(office_on_both, *lines(first), number="15/QĐ-Bộ", decided_on=on)

    with office_on_both.refusing(
        f"Quyết định 15/QĐ-Bộ ngày {on:%d/%m/%Y} đã được ghi; mỗi quyết định chỉ ghi một lần. "
        "Hãy kiểm tra số và ngày, hoặc dùng quyết định bổ sung cho đề án còn lại.",
    ):
        approve(office_on_both, *lines(second), number=typed, decided_on=on)


def test_number_starts_anew_each_year_and_not_each_day(office: Any) -> None:
    first, second = cleared(office, 2)
    approve(office, *lines(first))
    on = office.today

    with office.refusing(
        f"Quyết định 980/QĐ-UBND ngày {on:%d/%m/%Y} đã được ghi; mỗi quyết định chỉ ghi một lần. "
        "Hãy kiểm tra số và ngày, hoặc dùng quyết định bổ sung cho đề án còn lại.",
    ):
        approve(office, *lines(second), decided_on=on + timedelta(days=1))
    office.at += timedelta(days=366)
    approve(office, *lines(second))

    with office.store.read() as session:
        days = session.connection().execute(text("SELECT decided_on FROM decision ORDER BY id")).scalars().all()
    assert [str(day)[:4] for day in days] == ["2024", "2025"]


def test_project_is_approved_once(office: Any) -> None:
    [code] = cleared(office)
    approve(office, *lines(code))

    with office.refusing(
        f"{code}: Bước «Phê duyệt trong kế hoạch» chỉ làm được khi đề án ở giai đoạn «Đạt thẩm định, chờ phê duyệt»; "
        "hiện đề án ở giai đoạn «Trong kế hoạch».",
    ):
        approve(office, *lines(code), number="981/QĐ-UBND")
