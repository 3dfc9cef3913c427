"""Roll-ups: cells by hand, both ways on both databases, forged rows that stop the publication, rows behind figures."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.loading import load_person
from models.rollups import Rollups, rollup_by, rollups, rows_behind
from models.rollups.cells import Key
from models.rollups.rolled import shown
from states.facts import Asked
from states.refusal import Refused
from states.rollups import By, Step
from states.vocabulary import Change, Paper, Route, Source, Stage, State

TRIEU = 1_000_000
PROGRAMME, AS_OF = "KC-VL-2021-2025", date(2024, 6, 30)


def rolled(office: Any, **more: Any) -> Rollups:
    with office.store.read() as session:
        return rollups(session, PROGRAMME, as_of=AS_OF, **more)


def table(office: Any, by: By, **more: Any) -> dict[str, Any]:
    with office.store.read() as session:
        return rollup_by(session, PROGRAMME, by, as_of=AS_OF, **more)


def funnel(figures: dict[str, Any], column: str = "total") -> list[tuple[int, int]]:
    """Amount in triệu and number of projects of each step of a column."""
    assert all(step["amount"] % TRIEU == 0 for step in figures[column].values())
    return [(step["amount"] // TRIEU, step["projects"]) for step in figures[column].values()]


def by_key(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row["figures"] for row in found["rows"]}


def stop(office: Any, code: str) -> None:
    tomorrow = office.today + timedelta(days=1)
    paper = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    office.step(code, "stop", "binh", decided_on=tomorrow, **paper)


def small_office(office: Any) -> dict[str, str]:
    """A draft, one handed in, one settled, one stopped after approval, a national one, one cut by 50 and carried on."""
    codes = {
        "draft": office.open(),
        "submitted": office.open(by="yen", unit="hoi", place="vlm-p-long-chau"),
        "settled": office.bring(office.open(), Stage.SETTLED),
        "stopped": office.bring(office.open(), Stage.UNDERWAY),
        "national": office.bring(office.open(route=Route.NATIONAL), Stage.ACCEPTED),
        "carried": office.bring(office.open(plan_year=2023), Stage.UNDERWAY),
    }
    papers = (Paper.DOSSIER, Paper.SUPPORT_REQUEST)
    office.step(codes["submitted"], "submit", "yen", number="01/HDN", papers=papers)
    stop(office, codes["stopped"])
    asked = Asked(frozenset({Change.OTHER_NOT_INCREASING}), amounts={Source.LOCAL_FUND: 250 * TRIEU})
    office.ask(codes["carried"], asked)
    paper = {"number": "992/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Đồng ý"}
    granted = {"amounts": {Source.LOCAL_FUND: 250 * TRIEU}, "decided_on": office.today + timedelta(days=1)}
    office.step(codes["carried"], "approve_adjustment", "binh", **paper, **granted)
    paper = {"number": "99/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Về chậm"}
    office.step(codes["carried"], "carry_over", "binh", decided_on=office.today + timedelta(days=1), **paper)
    return codes


def test_cells_are_what_a_person_adds_up(office_on_both: Any) -> None:
    small_office(office_on_both)

    found = rolled(office_on_both)

    assert (found.agrees, found.differences) == (True, ())
    cells = {key: shown(key.by, figures) for key, figures in found.cells.items()}
    # Of 2024: one handed in, one settled, one stopped, one national; each asked 300 and brings 350 of its own.
    assert funnel(cells[Key(By.CONTENT, 2024, 2, "proposed")]) == [(650, 1), (0, 0), (0, 0), (0, 0)]
    assert funnel(cells[Key(By.CONTENT, 2024, 2, "settled")]) == [(650, 1)] * 4
    # The stopped one left the plan and stays approved; nothing was accepted of it.
    assert funnel(cells[Key(By.CONTENT, 2024, 2, "approved")]) == [(0, 0), (650, 1), (0, 0), (0, 0)]
    assert funnel(cells[Key(By.CONTENT, 2024, 2, "implemented")], "national_fund") == [(300, 1)] * 3 + [(0, 0)]
    # What was carried to 2024 still counts for the programme in its plan year, less the 50 that were cut.
    assert funnel(cells[Key(By.CONTENT, 2023, 2, "approved")]) == [(650, 1), (600, 1), (0, 0), (0, 0)]
    assert len([key for key in cells if key.by is By.CONTENT]) == 5


def test_project_with_two_sources_counts_once_in_the_total(office_on_both: Any) -> None:
    small_office(office_on_both)

    sources = table(office_on_both, By.SOURCE, year=2024)

    assert {key: funnel(figures) for key, figures in by_key(sources).items()} == {
        "national_fund": [(300, 1), (300, 1), (300, 1), (0, 0)],
        "local_fund": [(600, 2), (600, 2), (300, 1), (300, 1)],
        "counterpart": [(1050, 3), (1050, 3), (700, 2), (350, 1)],
    }
    assert funnel(sources["total"]) == [(1950, 3), (1950, 3), (1300, 2), (650, 1)]


def test_tables_by_unit_commune_state_and_target_add_up_to_the_same_total(office_on_both: Any) -> None:
    small_office(office_on_both)

    tables = {by: table(office_on_both, by) for by in (By.CONTENT, By.UNIT, By.COMMUNE, By.STATE)}
    targets = by_key(table(office_on_both, By.TARGET))

    whole = [(2600, 4), (2550, 4), (1300, 2), (650, 1)]
    assert [funnel(each["total"]) for each in tables.values()] == [whole] * 4
    assert {key: funnel(figures)[0] for key, figures in by_key(tables[By.UNIT]).items()} == {
        "ttkc": (1950, 3),
        "hoi": (650, 1),
    }
    assert {key: funnel(figures)[0] for key, figures in by_key(tables[By.COMMUNE]).items()} == {
        "vlm-p-long-chau": (650, 1),
        "none": (1950, 3),
    }
    steps = [(step["amount"], step["projects"]) for step in targets["T2_2"]["total"].values()]
    assert steps == [(4, 4), (4, 4), (2, 2), (1, 1)]


def test_months_are_those_of_the_papers(office_on_both: Any) -> None:
    office_on_both.bring(office_on_both.open(), Stage.CLEARED)
    code = "KC-VL-2024-001"
    decided_on = office_on_both.today
    # Recorded a month after the date of the paper.
    office_on_both.at += timedelta(days=31)
    office_on_both.approve(code, decided_on=decided_on)

    months = by_key(table(office_on_both, By.MONTH))

    assert funnel(months[f"{decided_on:%Y-%m}"])[1] == (650, 1)
    assert sum(funnel(figures)[0][0] for figures in months.values()) == 650


def test_what_a_step_taken_back_had_added_is_gone(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.APPROVED)
    office_on_both.step(code, "revert", "bach", number="1/PSS", note="Ghi nhầm đề án")

    found = rolled(office_on_both)

    assert found.agrees
    [cell] = [shown(key.by, figures) for key, figures in found.cells.items() if key.by is By.CONTENT]
    assert funnel(cell) == [(650, 1), (0, 0), (0, 0), (0, 0)]


# --- when the two ways differ -------------------------------------------------------------------------


def forge(office: Any, statement: str) -> None:
    with office.store.writer.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


def test_forged_balance_publishes_nothing_and_names_each_figure(office_on_both: Any) -> None:
    office_on_both.bring(office_on_both.open(), Stage.APPROVED)

    forge(office_on_both, "UPDATE funding SET approved = approved + 1 WHERE source = 'local_fund'")
    found = rolled(office_on_both)

    assert (found.agrees, dict(found.cells), found.as_json()["cells"]) == (False, {}, [])
    told = [(str(a.key.by), a.column, str(a.step), a.balances, a.entries) for a in found.differences]
    right = 300 * TRIEU
    assert told == [(cut, "local_fund", "approved", right + 1, right) for cut in ("content", "commune", "unit")]
    assert found.differences[0].sentence == (
        "KC-VL-2021-2025 năm 2024, nội dung 2, Phê duyệt, KC địa phương, đã phê duyệt: "
        "cộng số dư là 300.000.001 đồng, cộng các khoản đã ghi là 300.000.000 đồng; lệch 1 đồng."
    )


def with_body(office: Any, body: str) -> Rollups:
    """The roll-ups after the first body that tells of money was written over."""
    office.bring(office.open(), Stage.APPROVED)
    told = "SELECT min(id) FROM event WHERE subject_kind = 'project' AND body LIKE '%\"money_entry\"%'"
    office.tamper(f"UPDATE event SET body = '{body}' WHERE id = ({told})")
    return rolled(office)


def test_body_without_the_entries_is_found_by_the_months(office_on_both: Any) -> None:
    found = with_body(office_on_both, '{"money_entry": null}')

    assert {str(apart.key.by) for apart in found.differences} == {"month"}


@pytest.mark.parametrize("body", ['{"money_entry"', '{"lines": {"money_entry": {}}}'], ids=["no_json", "no_list"])
def test_body_that_cannot_be_read_stops_nothing_and_is_found_by_the_months(office_on_both: Any, body: str) -> None:
    found = with_body(office_on_both, body)

    assert {str(apart.key.by) for apart in found.differences} == {"month"}


def test_forged_quantity_flag_and_year_are_found(office_on_both: Any) -> None:
    office = office_on_both
    office.bring(office.open(), Stage.APPROVED)

    forge(office, "UPDATE contribution SET accepted = accepted + 2")
    quantity = [(str(a.key.by), str(a.step), str(a.measure), a.unit) for a in rolled(office).differences]
    forge(office, "UPDATE contribution SET accepted = 0")
    forge(office, "UPDATE funding SET counted = 0")
    flag = {str(a.step) for a in rolled(office).differences}
    forge(office, "UPDATE funding SET counted = 1, plan_year = 2023")
    years = {a.key.year for a in rolled(office).differences}

    assert quantity == [
        ("target", "implemented", "amount", "lượt cơ sở"),
        ("target", "implemented", "projects", "đề án"),
    ]
    assert (flag, years) == ({"planned"}, {2023, 2024})


def test_table_of_forged_figures_is_refused(office_on_both: Any) -> None:
    office = office_on_both
    office.bring(office.open(), Stage.APPROVED)
    forge(office, "UPDATE funding SET settled = 5 WHERE source = 'counterpart'")

    with pytest.raises(Refused) as refused:
        table(office, By.SOURCE)

    assert refused.value.reasons[0].startswith("Hai cách cộng số liệu tổng hợp không khớp nên không công bố;")
    # Amount and projects of the content, and the number of projects over all sources.
    assert "lệch 5 đồng" in refused.value.reasons[1]


def test_empty_register_has_no_cells(office_on_both: Any) -> None:
    office_on_both.open()

    found = rolled(office_on_both)

    assert (found.agrees, dict(found.cells)) == (True, {})


def test_unknown_programme_is_refused(office_on_both: Any) -> None:
    with office_on_both.store.read() as session, pytest.raises(Refused):
        rollups(session, "KC-XX", as_of=AS_OF)


# --- the rows behind ----------------------------------------------------------------------------------


def test_every_figure_names_its_projects(office_on_both: Any) -> None:
    small_office(office_on_both)
    asked = [(by, row) for by in By for row in table(office_on_both, by)["rows"]]

    with office_on_both.store.read() as session:
        for by, row in asked:
            for step in Step:
                behind = rows_behind(session, PROGRAMME, by, row["key"], step)
                said = row["figures"]["total"][str(step)]
                assert (sum(each["amount"] for each in behind), len(behind)) == (said["amount"], said["projects"])


def test_rows_can_be_asked_by_source_state_and_year(office_on_both: Any) -> None:
    codes = small_office(office_on_both)

    with office_on_both.store.read() as session:

        def codes_behind(**only: Any) -> list[str]:
            return [row["project"] for row in rows_behind(session, PROGRAMME, By.CONTENT, "2", Step.APPROVED, **only)]

        assert codes_behind(source=Source.NATIONAL_FUND) == [codes["national"]]
        assert codes_behind(state=State.SETTLED) == [codes["settled"]]
        assert codes_behind(year=2023) == [codes["carried"]]
        with pytest.raises(Refused) as refused:
            rows_behind(session, PROGRAMME, By.UNIT, "khong-co", Step.APPROVED)

    assert refused.value.reasons[0].startswith("Không có đơn vị thực hiện “khong-co” trong KC-VL-2021-2025;")


def test_reader_sees_the_figures_of_the_own_scope(office_on_both: Any) -> None:
    small_office(office_on_both)

    with office_on_both.store.read() as session:
        own, commune, everything = (
            rollup_by(session, PROGRAMME, By.CONTENT, as_of=AS_OF, reader=load_person(session, who))
            for who in ("yen", "hanh", "em")
        )
        works = rollup_by(session, PROGRAMME, By.TARGET, as_of=AS_OF, reader=load_person(session, "hanh"))

    assert [(each["limited_to"], funnel(each["total"])[0]) for each in (own, commune, everything)] == [
        ("Phạm Thị Yến", (650, 1)),
        ("Ngô Mỹ Hạnh", (650, 1)),
        (None, (2600, 4)),
    ]
    assert [row["figures"]["total"]["planned"]["amount"] for row in works["rows"]] == [1]
