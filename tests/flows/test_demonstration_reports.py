"""The demonstration in its reports and forecasts: every sum of money counted a second time, the verdict of March."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import text

from models.forecasting import programme_forecast
from models.report.figures import figures, programme_of
from models.store import Store
from states.periods import read_period

PROGRAMME = "KC-VL-2021-2025"
TODAY = date(2026, 11, 23)


def forecast_on(register: Store, day: date) -> dict[str, Any]:
    with register.read() as session:
        return programme_forecast(session, PROGRAMME, as_of=day, today=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "tháng 3/2024",
        "tháng 1/2023",
        "quý 4/2022",
        "6 tháng đầu năm 2024",
        "năm 2024",
        "năm 2025",
        "giai đoạn 2021-2025",
    ],
)
def test_money_of_a_period_equals_an_independent_sum_for_every_cell(register: Store, typed: str) -> None:
    reported = read_period(typed)
    with register.read() as session:
        found = figures(session, programme_of(session, PROGRAMME), reported)
        first = date(2000, 1, 1) if typed.startswith("giai") else reported.first
        spans = {"period": first, "cumulative": date(2000, 1, 1)}
        wanted = {span: _independent(session, since, reported.last) for span, since in spans.items()}

    for span, sums in wanted.items():
        told = {
            (number, source, kind): cell[span]
            for number, content in found["contents"].items()
            for source, kinds in content["money"].items()
            for kind, cell in kinds.items()
            if isinstance(cell, dict)
        }
        assert {key: amount for key, amount in told.items() if amount} == sums
        quantities = {code: row[span] for code, row in found["targets"].items() if row[span]}
        assert quantities == wanted_quantities(register, spans[span], reported.last)


def _independent(session: Any, first: date, last: date) -> dict[tuple[str, str, str], int]:
    sums: dict[tuple[str, str, str], int] = {}
    for row in _entries(session, "money_entry", "m.source, m.kind, m.amount * m.direction AS number", first, last):
        kind = {"adjusted": "approved"}.get(row.kind, row.kind)
        if kind not in ("asked", "appraised", "contracted"):
            key = str(row.content_no), row.source, kind
            sums[key] = sums.get(key, 0) + row.number
    return {key: amount for key, amount in sums.items() if amount}


def wanted_quantities(register: Store, first: date, last: date) -> dict[str, int]:
    sums: dict[str, int] = {}
    columns = "m.target_code, m.kind, m.quantity * m.direction AS number"
    with register.read() as session:
        for row in _entries(session, "quantity_entry", columns, first, last):
            if row.kind == "accepted":
                sums[row.target_code] = sums.get(row.target_code, 0) + row.number
    return {code: number for code, number in sums.items() if number}


def _entries(session: Any, table: str, columns: str, first: date, last: date) -> list[Any]:
    """The entries of the steps between two days, without what was taken back."""
    reverts = session.connection().execute(text("SELECT body FROM event WHERE action = 'revert'")).scalars()
    undone = {json.loads(body)["more"]["reverts"] for body in reverts}
    rows = session.connection().execute(
        text(f"""
            SELECT m.event_id, p.content_no, {columns} FROM {table} AS m
            JOIN event AS e ON e.id = m.event_id JOIN project AS p ON p.id = m.project_id
            WHERE e.decided_on BETWEEN :first AND :last AND e.action <> 'revert'"""),
        {"first": first.isoformat(), "last": last.isoformat()},
    )
    return [row for row in rows if row.event_id not in undone]


def test_parts_of_a_report_add_up_to_the_whole(register: Store) -> None:
    with register.read() as session:
        found = figures(session, programme_of(session, PROGRAMME), read_period("giai đoạn 2021-2025"))

    for source, kinds in found["totals"]["money"].items():
        for part in ("contents", "projects"):
            rows = [row["money"][source] for row in found[part].values() if source in row.get("money", {})]
            assert {kind: _sum(rows, kind) for kind in kinds} == kinds
    for code, row in found["targets"].items():
        rows = [project["targets"][code] for project in found["projects"].values() if code in project["targets"]]
        assert {name: sum(each[name] for each in rows) for name in row} == row


def _sum(rows: list[dict[str, Any]], kind: str) -> Any:
    if kind in ("planned", "expected"):
        return sum(row[kind] for row in rows)
    return {span: sum(row[kind][span] for row in rows) for span in ("period", "year", "cumulative")}


def test_a_year_is_its_months_and_its_halves(register: Store) -> None:
    with register.read() as session:
        programme = programme_of(session, PROGRAMME)

        def paid(typed: str) -> int:
            return int(
                figures(session, programme, read_period(typed))["totals"]["money"]["local_fund"]["paid"]["period"]
            )

        year = paid("năm 2024")
        months = sum(paid(f"tháng {month}/2024") for month in range(1, 13))
        halves = paid("6 tháng đầu năm 2024") + paid("6 tháng cuối năm 2024")

    assert year == months == halves > 0


def test_march_says_what_december_would_say_too_late(register: Store) -> None:
    found = {row["code"]: row for row in forecast_on(register, date(2023, 3, 15))["targets"]}

    assert {code for code, row in found.items() if row["verdict"] == "missed"} == {"T6_4"}
    assert (found["T2_2"]["goal"], found["T2_2"]["accepted"], found["T2_2"]["verdict"]) == (50, 20, "at_risk")
    assert found["T2_2"]["low"] <= found["T2_2"]["expected"] <= found["T2_2"]["high"]


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_forecast_stands_on_projects_that_add_up(register: Store, year: int) -> None:
    day = date(year, 3, 15)

    found = forecast_on(register, day)

    assert found["closed_years"] == list(range(2021, year))
    for target in found["targets"]:
        behind = target["projects"]
        assert target["accepted"] == sum(row["quantity"] for row in behind["accepted"])
        waiting = [row for row in behind["waiting"] if row["year"] <= year]
        assert target["approved"] == sum(row["approved"] for row in waiting)
        assert target["planned"] == sum(row["planned"] for row in waiting)
        assert target["accepted"] == wanted_quantities(register, date(2000, 1, 1), day).get(target["code"], 0)


def test_method_is_nearer_than_the_straight_line_over_all_targets(register: Store) -> None:
    tested = [row["back_test"] for row in forecast_on(register, date(2024, 3, 15))["targets"]]

    method, naive = (sum(Fraction(row[name]) for row in tested) for name in ("method_error", "naive_error"))

    assert method < naive / 2
