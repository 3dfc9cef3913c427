"""Contracts, adjustment requests and recoveries as the doors list them, on both databases."""

from datetime import date
from typing import Any

from models.loading import load_person, load_project
from models.queries.acceptances import acceptance_limit
from models.queries.adjustments import adjustments
from models.queries.contracts import contracts
from models.queries.recoveries import recoveries, recovery
from states.facts import Asked, Instalment
from states.vocabulary import Paper, RequestStatus, Source

TRIEU = 1_000_000
SUPPORT = {Source.LOCAL_FUND: 140 * TRIEU}


def _overpaid(office: Any) -> str:
    """Prepaid 140, accepted 130 triệu; 10 have to come back by two days, 3 have come."""
    code = str(office.bring(office.open(), "underway"))
    office.step(code, "prepay", "dung", number="1/UNC", papers=(Paper.PREPAYMENT_REQUEST,), amounts=SUPPORT)
    office.step(code, "report_completion", "an", number="2/BC", papers=(Paper.VOUCHERS,))
    accepted = {"cost": 260 * TRIEU, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="3/BB", signer="Lê Minh Chi", **accepted)
    parts = (Instalment(date(2024, 2, 1), 4 * TRIEU), Instalment(date(2024, 3, 1), 6 * TRIEU))
    office.step(code, "demand_refund", "dung", number="4/CV", instalments=parts)
    office.step(code, "receive_recovery", "dung", number="5/GNT", amounts={Source.LOCAL_FUND: 3 * TRIEU})
    return code


def test_recoveries_name_what_is_overdue_on_a_day(office_on_both: Any) -> None:
    office = office_on_both
    code = _overpaid(office)
    office.bring(office.open(), "accepted")

    with office.store.read() as session:
        listed = {day: recoveries(session, as_of=date(2024, *day)) for day in ((2, 1), (2, 2), (3, 2))}
        shown = recovery(session, code, as_of=date(2024, 2, 2))
        hidden = recoveries(session, as_of=date(2024, 2, 1), reader=load_person(session, "yen"))

    assert {day: [(row["project"], row["overdue"]) for row in rows] for day, rows in listed.items()} == {
        (2, 1): [(code, 0)],
        (2, 2): [(code, 1 * TRIEU)],
        (3, 2): [(code, 7 * TRIEU)],
    }
    assert (shown["to_recover"], [row["amount"] for row in shown["receipts"]]) == (7 * TRIEU, [3 * TRIEU])
    assert hidden == []


def test_contracts_are_listed_by_the_year_of_signing(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), "contracted")

    with office.store.read() as session:
        found = {year: contracts(session, year=year) for year in (None, 2023, 2024)}
        hidden = contracts(session, reader=load_person(session, "hanh"))

    assert {year: [(row["number"], row["projects"], row["total"]) for row in rows] for year, rows in found.items()} == {
        None: [(f"{code}/HĐ", 1, 300 * TRIEU)],
        2023: [],
        2024: [(f"{code}/HĐ", 1, 300 * TRIEU)],
    }
    assert (found[2024][0]["signed_on"], found[2024][0]["authority_label"]) == ("2024-01-09", "Sở Công Thương")
    assert hidden == []


def test_a_request_keeps_the_old_value_beside_the_new_one(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), "approved")
    asked = Asked(columns={"ends_on": date(2024, 11, 30)}, amounts={Source.LOCAL_FUND: 250 * TRIEU})
    office.step(code, "request_adjustment", "an", number="1/ĐN", note="Giảm quy mô", asked=asked)

    with office.store.read() as session:
        [request] = adjustments(session, code=code)
        hidden = adjustments(session, reader=load_person(session, "yen"))

    assert request["status"] == RequestStatus.OPEN
    assert [(row["field"], row["old"], row["new"], row["granted"]) for row in request["changes"]] == [
        ("local_fund", 300 * TRIEU, 250 * TRIEU, None),
        ("ends_on", None, "2024-11-30", None),
    ]
    assert (request["requested_on"], request["confirmed"], request["decision"]) == ("2024-01-09", None, None)
    assert hidden == []


def test_the_limit_of_an_acceptance_is_what_the_step_itself_computes(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), "awaiting_acceptance")
    with office.store.read() as session:
        limit = acceptance_limit(session, load_project(session, code), cost=555_555_555, on=office.today)

    typed = {"cost": 555_555_555, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="9/BB", signer="Lê Minh Chi", **typed)

    assert (limit["by_percent"], limit["cap"], limit["support"]) == (277_777_777, 300 * TRIEU, 277_777_777)
    assert office.facts(code).accepted_support == limit["support"]
