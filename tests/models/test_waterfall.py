"""Where the money stands, by hand with figures: projects, contracts, years, programmes; and how long it took."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models import contracts
from models.contracts import ContractedProject, ContractPaper
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.retold import retell
from models.waterfall import (
    SUMS,
    contract_waterfall,
    programme_waterfall,
    project_waterfall,
    year_waterfall,
)
from states.facts import Asked, Instalment
from states.refusal import Refused
from states.vocabulary import Change, Kind, MoneyKind, Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND, OWN = Source.LOCAL_FUND, Source.COUNTERPART
PROGRAMME = "KC-VL-2021-2025"


def on(office: Any, day: str, code: str, action: str, by: str, **typed: Any) -> None:
    """Take one step in the morning of a day."""
    office.at = datetime.fromisoformat(f"{day}T02:00:00+00:00") - timedelta(days=1)
    office.step(code, action, by, **typed)


def money(support: int, own: int | None = None) -> dict[Source, int]:
    """Amounts in triệu."""
    return {FUND: support * TRIEU} | ({} if own is None else {OWN: own * TRIEU})


def accept(office: Any, day: str, code: str, support: int, own: int) -> None:
    done = {"amounts": money(support, own), "quantities": {"T2_2": 1}}
    on(office, day, code, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", **done)


def prepay(office: Any, day: str, code: str, support: int) -> None:
    papers = {"papers": ("prepayment_request",), "amounts": money(support)}
    on(office, day, code, "prepay", "dung", number="20/UNC", decided_on=date.fromisoformat(day), **papers)


def settle(office: Any, day: str, code: str) -> None:
    on(office, day, code, "submit_settlement", "an", number="11/ĐNTT")
    on(office, day, code, "settle", "dung", number="12/TL", signer="Lê Minh Chi")


def of(office: Any, code: str, as_of: str = "2024-12-31") -> dict[str, Any]:
    with office.store.read() as session:
        return project_waterfall(session, code, as_of=date.fromisoformat(as_of))


def in_trieu(sums: dict[str, int]) -> dict[str, int]:
    """What is not zero, in triệu; every amount here is a whole number of them."""
    assert all(amount % TRIEU == 0 for amount in sums.values())
    return {name: amount // TRIEU for name, amount in sums.items() if amount}


def still_open(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(row["kind"], row["source"], row["amount"] // TRIEU) for row in found["open"]]


# --- one project --------------------------------------------------------------------------------------


def test_approved_300_accepted_280_leaves_280_to_pay_and_20_released(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    accept(office, "2024-06-03", code, 280, 350)

    accepted = of(office, code)
    on(office, "2024-06-10", code, "pay", "dung", number="10/UNC", amounts=money(280))
    settle(office, "2024-06-12", code)
    settled = of(office, code)

    assert still_open(accepted) == [
        ("not_settled", "local_fund", 300),
        ("not_settled", "counterpart", 350),
        ("to_pay", "local_fund", 280),
    ]
    assert (accepted["closed"], settled["closed"], settled["open"]) == (False, True, [])
    assert in_trieu(settled["sources"]["local_fund"]) == {
        "asked": 300,
        "appraised": 300,
        "approved": 300,
        "contracted": 300,
        "accepted": 280,
        "paid": 280,
        "settled": 280,
        "released": 20,
    }
    assert in_trieu(settled["sources"]["counterpart"]) == {
        **dict.fromkeys(("asked", "appraised", "approved", "contracted", "accepted", "paid", "settled"), 350)
    }
    assert in_trieu(settled["total"]["state"]) == in_trieu(settled["sources"]["local_fund"])
    assert settled["total"]["all"]["settled"] == 630 * TRIEU


def test_approved_200_prepaid_140_accepted_130_recovers_10_in_cash_and_releases_70(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(amounts=money(200, 350)), Stage.UNDERWAY)
    prepay(office, "2024-03-01", code, 140)
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    accept(office, "2024-06-03", code, 130, 400)
    overpaid = of(office, code)

    on(office, "2024-06-10", code, "receive_recovery", "dung", number="1/GNT", amounts=money(10))
    settle(office, "2024-06-12", code)
    settled = of(office, code)

    assert still_open(overpaid) == [
        ("not_settled", "local_fund", 200),
        ("not_settled", "counterpart", 350),
        ("cash_not_settled", "local_fund", 130),
        ("to_recover", "local_fund", 10),
    ]
    assert in_trieu(settled["sources"]["local_fund"]) == {
        "asked": 200,
        "appraised": 200,
        "approved": 200,
        "contracted": 200,
        "prepaid": 140,
        "accepted": 130,
        "settled": 130,
        "released": 70,
        "recovered": 10,
        "returned": 10,
    }
    assert in_trieu(settled["sources"]["counterpart"])["adjusted"] == 50
    assert (settled["closed"], settled["open"]) == (True, [])


def test_project_before_its_approval_is_open_for_what_it_asks(office: Any) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)

    found = of(office, code)

    assert still_open(found) == [("not_approved", "local_fund", 300), ("not_approved", "counterpart", 350)]
    assert (found["closed"], found["scope"]["contract"]) == (False, None)


def test_rejected_project_has_nothing_open(office: Any) -> None:
    code = office.bring(office.open(), Stage.APPRAISING)
    paper = {"number": "03/BB", "signer": "Lê Minh Chi", "note": "Không đúng đối tượng"}
    office.step(code, "fail_appraisal", "chi", **paper)

    found = of(office, code)

    assert (found["closed"], found["open"]) == (True, [])


def stopped(office: Any) -> str:
    """Prepaid 100 triệu, stopped on 01/04/2024 with nothing to show for it."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    prepay(office, "2024-03-01", code, 100)
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    on(office, "2024-04-01", code, "stop", "binh", decided_on=date(2024, 4, 1), **stop)
    return code


def test_stopped_project_stays_open_until_its_money_is_back(office_on_both: Any) -> None:
    office = office_on_both
    code = stopped(office)
    before = of(office, code)
    on(office, "2024-04-05", code, "start_recovery", "binh", number="29/QĐ-SCT", signer="Lê Minh Chi")
    on(office, "2024-05-05", code, "receive_recovery", "dung", number="1/GNT", amounts=money(100))
    back = of(office, code)
    office.step(code, "close_recovery", "dung")

    recovered = of(office, code)

    assert still_open(before) == [("to_recover", "local_fund", 100)]
    assert in_trieu(before["sources"]["local_fund"])["released"] == 300
    # The money is back, but nobody has said so yet.
    assert (back["open"], back["closed"]) == ([], False)
    assert (recovered["open"], recovered["closed"]) == ([], True)


def test_written_off_debt_is_told_on_a_closed_project(office: Any) -> None:
    code = stopped(office)
    paper = {"number": "1200/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Chủ cơ sở đã chết"}
    on(office, "2024-05-05", code, "write_off", "chi", decided_on=date(2024, 5, 5), **paper)

    found = of(office, code)

    assert still_open(found) == [("written_off", "local_fund", 100)]
    assert (found["closed"], found["sources"]["local_fund"]["cash_balance"]) == (True, 100 * TRIEU)


def test_stopped_project_that_keeps_more_than_it_got_is_still_to_be_paid(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở chuyển nghề"}
    kept = {"amounts": money(60), "quantities": {"T2_2": 1}, "papers": (Paper.FORM_5A,)}
    on(office, "2024-04-01", code, "stop", "binh", decided_on=date(2024, 4, 1), **stop, **kept)
    before = of(office, code)
    on(office, "2024-04-10", code, "pay", "dung", number="10/UNC", amounts=money(60))

    after = of(office, code)

    assert (still_open(before), before["closed"]) == ([("to_pay", "local_fund", 60)], False)
    assert (still_open(after), after["closed"]) == ([], True)
    assert in_trieu(after["sources"]["local_fund"]) == {
        **dict.fromkeys(("asked", "appraised", "approved", "contracted"), 300),
        **dict.fromkeys(("accepted", "paid", "settled"), 60),
        "released": 240,
    }


def test_draft_and_hidden_project_answer_as_other_reads_do(office: Any) -> None:
    code = office.open()
    with office.store.read() as session:
        yen, hanh = (load_person(session, name) for name in ("yen", "hanh"))

        for reader in (yen, hanh):
            with pytest.raises(Refused) as refused:
                project_waterfall(session, code, as_of=office.today, reader=reader)
            assert refused.value.args[0].startswith(f"Không có đề án {code} trong phạm vi xem của {reader.name}")

        assert project_waterfall(session, code, as_of=office.today)["closed"] is False


# --- days, entries, acceptances, recovery -------------------------------------------------------------


def test_days_from_allotment_to_arrival_to_payment_are_counted(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    on(office, "2024-02-01", code, "allot", "dung", number="1/QĐ", decided_on=date(2024, 1, 31), amounts=money(300))
    on(office, "2024-05-10", code, "receive_funds", "dung", number="2/GBC", decided_on=date(2024, 5, 9))
    prepay(office, "2024-05-20", code, 200)
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    accept(office, "2024-06-03", code, 300, 350)
    on(office, "2024-07-01", code, "pay", "dung", number="10/UNC", amounts=money(100))

    dates = of(office, code)["dates"]

    assert {name: dates[name] for name in ("allotted_on", "arrived_on", "prepaid_on", "paid_on", "settled_on")} == {
        "allotted_on": "2024-01-31",
        "arrived_on": "2024-05-09",
        "prepaid_on": "2024-05-20",
        "paid_on": "2024-07-01",
        "settled_on": None,
    }
    assert dates["days"] == {
        "allotted_to_arrived": 99,
        "arrived_to_prepaid": 11,
        "arrived_to_paid": 53,
        "allotted_to_paid": 152,
        "accepted_to_paid": 28,
    }


def test_step_taken_back_leaves_no_date_and_stands_among_the_entries(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    on(office, "2024-02-01", code, "allot", "dung", number="1/QĐ", decided_on=date(2024, 2, 1), amounts=money(300))
    on(office, "2024-02-02", code, "revert", "chau", number="1/PSS", note="Nhầm đề án")
    on(office, "2024-03-01", code, "allot", "dung", number="2/QĐ", decided_on=date(2024, 3, 1), amounts=money(250))

    found = of(office, code)

    entries = [row for row in found["entries"] if row["kind"] == "allotted"]
    assert found["dates"]["allotted_on"] == "2024-03-01"
    assert [(row["date"], row["label"], row["amount"] // TRIEU, row["undone"]) for row in entries] == [
        ("2024-02-01", "Giao vốn", 300, True),
        ("2024-02-02", "Hủy bước ghi nhầm", -300, False),
        ("2024-03-01", "Giao vốn", 250, False),
    ]
    assert [row["number"] for row in entries] == ["1/QĐ", "1/PSS", "2/QĐ"]
    assert found["sources"]["local_fund"]["allotted"] == 250 * TRIEU


def test_receipts_pay_the_instalments_first_in_first_out(office_on_both: Any) -> None:
    office = office_on_both
    code = stopped(office)
    parts = (Instalment(date(2024, 6, 30), 60 * TRIEU), Instalment(date(2024, 5, 31), 40 * TRIEU))
    schedule = {"number": "29/QĐ-SCT", "signer": "Lê Minh Chi", "instalments": parts}
    on(office, "2024-04-05", code, "start_recovery", "binh", **schedule)
    on(office, "2024-05-20", code, "receive_recovery", "dung", number="1/GNT", amounts=money(30))
    on(office, "2024-06-20", code, "receive_recovery", "dung", number="2/GNT", amounts=money(25))

    early, on_the_day, late, last = (
        of(office, code, day)["recovery"] for day in ("2024-05-19", "2024-05-31", "2024-06-01", "2024-07-01")
    )

    assert [(row["due_on"], row["amount"] // TRIEU) for row in early["due"]] == [("2024-05-31", 40), ("2024-06-30", 60)]
    assert (early["received"], early["overdue"]) == (0, 0)
    assert (on_the_day["received"], on_the_day["overdue"]) == (30 * TRIEU, 0)
    assert (late["received"], late["overdue"]) == (30 * TRIEU, 10 * TRIEU)
    assert [(row["received"] // TRIEU, row["left"] // TRIEU, row["overdue"]) for row in last["due"]] == [
        (40, 0, False),
        (15, 45, True),
    ]
    assert last["overdue"] == 45 * TRIEU


def test_new_demand_takes_the_place_of_the_schedule_before(office: Any) -> None:
    code = office.bring(office.open(amounts=money(200, 350)), Stage.UNDERWAY)
    prepay(office, "2024-03-01", code, 140)
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    accept(office, "2024-06-03", code, 130, 350)
    first, second = (Instalment(date(2024, month, 30), amount * TRIEU) for month, amount in ((6, 10), (9, 6)))
    on(office, "2024-06-10", code, "demand_refund", "dung", number="1/CV", instalments=(first,))
    on(office, "2024-06-20", code, "receive_recovery", "dung", number="1/GNT", amounts=money(4))
    on(office, "2024-06-25", code, "demand_refund", "dung", number="2/CV", instalments=(second,))

    recovery = of(office, code)["recovery"]

    assert [(row["due_on"], row["amount"] // TRIEU, row["received"]) for row in recovery["due"]] == [
        ("2024-09-30", 6, 0)
    ]
    assert (recovery["received"], recovery["overdue"]) == (4 * TRIEU, 6 * TRIEU)


def group_project(office: Any) -> tuple[str, int]:
    """A group project of two workshops that waits for its acceptance, and the id of the second one."""
    with office.store.write() as session:
        form = BeneficiaryForm(name="Cơ sở Bánh tráng Cù lao Mây", kind="household")
        second: int = add_beneficiary(session, form, office.origin)
    code = office.open(kind=Kind.GROUP, beneficiaries=(office.beneficiary, second), targets={"T2_2": 2})
    return office.bring(code, Stage.AWAITING_ACCEPTANCE), second


def test_shares_of_a_group_project_are_listed_by_beneficiary(office_on_both: Any) -> None:
    office = office_on_both
    code, second = group_project(office)
    share = {"number": "1/BB", "signer": "Lê Minh Chi", "quantities": {"T2_2": 1}}
    mine = share | {"beneficiary_id": office.beneficiary, "amounts": money(150, 200)}
    on(office, "2024-06-01", code, "accept_share", "chi", **mine)
    failed = {"number": "2/BB", "note": "Máy chưa chạy", "beneficiary_id": second}
    on(office, "2024-06-02", code, "fail_share", "chi", **failed)

    found = of(office, code)

    assert [
        (row["held_on"], row["beneficiary"], row["outcome"], row["support"] // TRIEU, row["counterpart"] // TRIEU)
        for row in found["acceptances"]
    ] == [
        ("2024-06-01", "Cơ sở Tàu hủ ky Mỹ Hòa", "passed", 150, 200),
        ("2024-06-02", "Cơ sở Bánh tráng Cù lao Mây", "failed", 0, 0),
    ]
    assert [row["quantities"] for row in found["acceptances"]] == [{"T2_2": 1}, {}]
    assert found["acceptances"][1]["reason"] == "Máy chưa chạy"
    assert found["sources"]["local_fund"]["accepted"] == 150 * TRIEU


# --- contracts, years, programmes ---------------------------------------------------------------------


def sign(office: Any, *codes: str, number: str = "06/HĐ") -> None:
    office.at += timedelta(days=1)
    with office.store.write() as session:
        lines = [ContractedProject(code) for code in codes]
        paper = ContractPaper(number, office.today, "Lê Minh Chi")
        contracts.sign(session, lines, paper, by=load_person(session, "chi"), at=office.at, door="test")


def test_contract_adds_up_its_three_projects_accepted_on_three_days(office_on_both: Any) -> None:
    office = office_on_both
    codes = [office.bring(office.open(amounts=money(100 * n, 100)), Stage.APPROVED) for n in (1, 2, 3)]
    alone = office.bring(office.open(), Stage.CONTRACTED)
    sign(office, *codes)
    for day, code in zip(("2024-05-02", "2024-05-12", "2024-05-22"), codes, strict=True):
        office.bring(code, Stage.AWAITING_ACCEPTANCE)
        accept(office, day, code, 90, 100)

    with office.store.read() as session:
        found = contract_waterfall(session, "06/HĐ")

    scope = found["scope"]
    assert (scope["contract"]["number"], scope["contract"]["total"]) == ("06/HĐ", 600 * TRIEU)
    assert (scope["projects"], scope["closed_projects"]) == (3, 0)
    assert [row["code"] for row in found["projects"]] == codes
    assert alone not in codes
    assert in_trieu(found["sources"]["local_fund"]) == {
        "asked": 600,
        "appraised": 600,
        "approved": 600,
        "contracted": 600,
        "accepted": 270,
        "balance": 600,
    }
    assert [(row["kind"], row["source"], row["amount"] // TRIEU, row["projects"]) for row in found["open"]] == [
        ("not_settled", "local_fund", 600, 3),
        ("not_settled", "counterpart", 300, 3),
        ("to_pay", "local_fund", 270, 3),
    ]


def test_contracts_of_one_number_are_told_apart_by_their_year(office: Any) -> None:
    first = office.bring(office.open(), Stage.APPROVED)
    sign(office, first)
    office.at = datetime.fromisoformat("2025-01-06T02:00:00+00:00")
    second = office.bring(office.open(plan_year=2025), Stage.APPROVED)
    sign(office, second)

    with office.store.read() as session:
        with pytest.raises(Refused):
            contract_waterfall(session, "06/HĐ")
        with pytest.raises(Refused):
            contract_waterfall(session, "07/HĐ")
        found = [contract_waterfall(session, "06/HĐ", signed_in=year) for year in (2024, 2025)]

    assert [[row["code"] for row in each["projects"]] for each in found] == [[first], [second]]


def test_contract_shows_an_officer_only_the_projects_of_the_own_unit(office: Any) -> None:
    sign(office, office.bring(office.open(), Stage.APPROVED))

    with office.store.read() as session:
        an, yen, em = (load_person(session, name) for name in ("an", "yen", "em"))
        seen = [contract_waterfall(session, "06/HĐ", reader=reader)["scope"] for reader in (an, em)]
        with pytest.raises(Refused) as refused:
            contract_waterfall(session, "06/HĐ", reader=yen)

    assert [(scope["projects"], scope["limited_to"]) for scope in seen] == [(1, "Nguyễn Văn An"), (1, None)]
    assert refused.value.args == ("Không có hợp đồng số «06/HĐ» trong phạm vi xem của Phạm Thị Yến; hãy kiểm tra số.",)


@pytest.fixture
def busy(office_on_both: Any) -> Any:
    return several(office_on_both)


def several(office: Any) -> Any:
    """Five projects of two years, two routes and two contents, one of them a draft and one carried on."""
    office.bring(office.open(), Stage.SETTLED)
    office.bring(office.open(route=Route.NATIONAL), Stage.CONTRACTED)
    carried = office.bring(office.open(name="Nhãn hiệu khoai lang", content=3, targets={"T3_4": 1}), Stage.UNDERWAY)
    paper = {"number": "1500/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Chờ máy", "decided_on": date(2024, 12, 2)}
    on(office, "2024-12-03", carried, "carry_over", "binh", **paper)
    office.open()
    office.bring(office.open(plan_year=2025), Stage.SUBMITTED)
    return office


def test_year_keeps_its_carried_projects_and_leaves_drafts_out(busy: Any) -> None:
    with busy.store.read() as session:
        year, empty = (year_waterfall(session, asked) for asked in (2024, 2031))
        local, national = (year_waterfall(session, 2024, route=route) for route in Route)

    assert [row["code"] for row in year["projects"]] == ["KC-VL-2024-001", "KC-VL-2024-002", "KC-VL-2024-003"]
    assert [row["code"] for row in local["projects"]] == ["KC-VL-2024-001", "KC-VL-2024-003"]
    assert [row["code"] for row in national["projects"]] == ["KC-VL-2024-002"]
    assert (empty["projects"], empty["total"]["all"]["asked"]) == ([], 0)
    assert (year["scope"]["projects"], year["scope"]["closed_projects"]) == (3, 1)


def test_programme_is_the_sum_of_its_years_contents_and_projects(busy: Any) -> None:
    with busy.store.read() as session:
        whole = programme_waterfall(session, PROGRAMME)
        years = [year_waterfall(session, year) for year in (2024, 2025)]
        short = programme_waterfall(session, PROGRAMME, with_projects=False)

    def added(parts: Iterator[dict[str, int]]) -> dict[str, int]:
        listed = list(parts)
        return {name: sum(part[name] for part in listed) for name in SUMS}

    for source in map(str, Source):
        sums = whole["sources"][source]
        assert sums == added(year["sources"][source] for year in years)
        assert sums == added(content["sources"][source] for content in whole["contents"])
        assert sums == added(row["sources"][source] for row in whole["projects"] if source in row["sources"])
    assert [(row["no"], row["total"]["state"]["approved"] // TRIEU) for row in whole["contents"]] == [
        (2, 600),
        (3, 300),
    ]
    assert short == whole | {"projects": []}


def test_commune_viewer_sees_the_programme_of_the_own_area(busy: Any) -> None:
    busy.bring(busy.open(place="vlm-p-long-chau", plan_year=2025), Stage.SUBMITTED)

    with busy.store.read() as session:
        found = programme_waterfall(session, PROGRAMME, reader=load_person(session, "hanh"))

    assert [row["code"] for row in found["projects"]] == ["KC-VL-2025-002"]
    assert found["total"]["all"]["asked"] == 650 * TRIEU
    assert found["scope"]["limited_to"] == "Ngô Mỹ Hạnh"


def test_unknown_programme_is_refused(office: Any) -> None:
    with office.store.read() as session, pytest.raises(Refused) as refused:
        programme_waterfall(session, "KC-XX")

    assert refused.value.args == ("Không có chương trình «KC-XX»; hãy kiểm tra mã.",)


# --- two independent computations ---------------------------------------------------------------------


def adjusted(office: Any) -> str:
    """Approved 300, brought down to 250 on request of May 2024."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    asked = Asked(frozenset({Change.OTHER_NOT_INCREASING}), amounts=money(250))
    on(office, "2024-05-01", code, "request_adjustment", "an", number="1/TTKC", note="Giá máy giảm", asked=asked)
    on(office, "2024-05-02", code, "confirm_adjustment", "chi", number="2/SCT", signer="Lê Minh Chi")
    paper = {"number": "990/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Đồng ý", "decided_on": date(2024, 5, 10)}
    on(office, "2024-05-11", code, "approve_adjustment", "binh", amounts=money(250), **paper)
    return code


def test_events_told_again_say_the_same_sums(office_on_both: Any) -> None:
    office = office_on_both
    codes = [stopped(office), adjusted(office)]
    several(office)

    with office.store.read() as session:
        told = list(retell(session))
        rows = {row["code"]: row["sources"] for row in programme_waterfall(session, PROGRAMME)["projects"]}

    kinds = list(map(str, MoneyKind))
    added = {
        code: {(s, kind): sums[kind] for s, sums in sources.items() for kind in kinds if sums[kind]}
        for code, sources in rows.items()
    }
    retold = {each.columns["code"]: {of: amount for of, amount in each.sums.items() if amount} for each in told}
    # Drafts ask for money too, and stand in no waterfall.
    assert added == {code: sums for code, sums in retold.items() if code in added}
    assert (len(rows), set(codes) <= set(rows)) == (6, True)
