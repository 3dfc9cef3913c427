"""The figures of a programme for a page: live, of the night, of one reader; and the rows behind them by pages."""

from pathlib import Path
from typing import Any

import pytest

from models.loading import load_person
from models.mart import publish, shelf_of
from models.mart.reading import newest_night, night_count, night_projects
from models.programme_figures import programme_figures, published_figures
from models.rollups import rows_behind
from models.rollups.row_page import Behind, row_page
from models.status import programme_status
from states.refusal import Refused
from states.rollups import By, Step
from states.vocabulary import Source

P = "KC-VL-2021-2025"


@pytest.fixture
def played(office_on_both: Any) -> Any:
    """Projects of both units that stopped, settled, or were only asked for."""
    office = office_on_both
    for stage in ("submitted", "approved", "accepted", "settled"):
        office.bring(office.open(beneficiaries=(office.workshop(f"Cơ sở {stage}"),)), stage)
    office.open()
    national = {"route": "national", "content": 3, "activity": "trademark", "targets": {"T3_4": 2}}
    office.bring(office.open(beneficiaries=(office.workshop("Nhãn hiệu"),), **national), "accepted")
    return office


def figures(office: Any, reader: str | None = None, **more: Any) -> dict[str, Any]:
    shelf = shelf_of(office.store.files.parent, demonstration=False)
    with office.store.read() as session:
        person = load_person(session, reader) if reader else None
        return programme_figures(session, P, shelf=shelf, reader=person, **more)


def make_mart(office: Any) -> Path:
    published = publish(office.store, office.store.files.parent, as_of=office.today, at=office.at)
    assert published.path is not None
    return published.path


def test_live_figures_are_those_of_the_status(played: Any) -> None:
    with played.store.read() as session:
        status = programme_status(session, P, with_projects=False)

    found = figures(played)

    assert [found[name] for name in ("money", "contents", "targets")] == [
        status[name] for name in ("money", "contents", "targets")
    ]
    assert (found["night"], found["limited_to"]) == (None, None)


def test_large_register_gets_the_figures_of_the_night(played: Any) -> None:
    live = figures(played, live_up_to=1)
    make_mart(played)
    on = played.today
    played.bring(played.open(beneficiaries=(played.workshop("Sau đêm"),)), "submitted")

    night = figures(played, live_up_to=1)

    names = ("money", "contents", "targets", "years", "months")
    assert [night[name] for name in names] == [live[name] for name in names]
    assert (live["night"], night["night"]) == (None, on.isoformat())
    assert figures(played)["money"] != night["money"]


def test_reader_with_a_scope_gets_the_own_sums_whatever_the_size(played: Any) -> None:
    make_mart(played)

    own, foreign = figures(played, "an", live_up_to=1), figures(played, "yen", live_up_to=1)

    assert own["money"] == figures(played)["money"]
    assert [sums["approved"] for sums in foreign["money"].values()] == [0, 0, 0, 0]
    assert foreign["money"]["total"]["budget"] == 74_975_000_000
    assert (own["limited_to"], foreign["limited_to"]) == ("Nguyễn Văn An", "Phạm Thị Yến")
    assert (foreign["years"], foreign["months"]) == ([], [])


def test_remembered_sums_are_those_of_the_last_event(played: Any) -> None:
    before = figures(played, "an", live_up_to=1)

    same = figures(played, "an", live_up_to=1)
    played.bring(played.open(beneficiaries=(played.workshop("Sau đó"),)), "submitted")
    after = figures(played, "an", live_up_to=1)

    assert same == before
    assert after["cutoff"]["event"] > before["cutoff"]["event"]
    assert after["money"]["local_fund"]["planned"] == before["money"]["local_fund"]["planned"] + 300_000_000


def test_running_sums_end_where_the_funnel_stands(played: Any) -> None:
    found = figures(played)

    for part in (found["years"], found["months"]):
        assert part[-1]["sum"] == {step: found["money"]["total"][step] for step in part[-1]["sum"]}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    ("by", "key", "source"),
    [
        (By.CONTENT, "2", None),
        (By.CONTENT, "2", Source.LOCAL_FUND),
        (By.SOURCE, "national_fund", None),
        (By.TARGET, "T2_2", None),
        (By.UNIT, "ttkc", None),
        (By.COMMUNE, "none", None),
        (By.STATE, "implemented", None),
        (By.MONTH, "2024-01", None),
    ],
)
def test_rows_page_by_page_are_the_rows_behind(
    played: Any, by: By, key: str, source: Source | None, step: Step
) -> None:
    with played.store.read() as session:
        behind = rows_behind(session, P, by, key, step, source=source)

        found, after = [], ""
        while True:
            page = row_page(session, P, Behind(step, by, key, source), after=after, limit=2)
            found += page["rows"]
            if not (after := page["next"]):
                break

    assert [(row["code"], row["amount"]) for row in found] == [(row["project"], row["amount"]) for row in behind]


def test_rows_of_a_year_of_papers_and_of_all(played: Any) -> None:
    with played.store.read() as session:
        year = row_page(session, P, Behind(Step.APPROVED, By.MONTH, "2024"))["rows"]
        everything = row_page(session, P, Behind(Step.APPROVED))["rows"]

    total = figures(played)["money"]["total"]["approved"]
    assert [sum(row["amount"] for row in rows) for rows in (year, everything)] == [total, total]


def test_rows_keep_to_the_scope_of_the_reader(played: Any) -> None:
    with played.store.read() as session:
        rows = [
            row_page(session, P, Behind(Step.PLANNED), reader=load_person(session, who))["rows"]
            for who in ("an", "yen")
        ]

    assert [len(part) for part in rows] == [5, 0]


@pytest.mark.parametrize(
    "behind",
    [
        Behind(Step.APPROVED, By.MONTH, "2024-13"),
        Behind(Step.APPROVED, By.TARGET, "T9"),
        Behind(Step.APPROVED, By.UNIT, "x"),
    ],
)
def test_part_that_is_none_is_refused(office: Any, behind: Behind) -> None:
    with office.store.read() as session, pytest.raises(Refused):
        row_page(session, P, behind)


def test_newest_night_is_the_last_file_that_is_a_mart(played: Any) -> None:
    made = make_mart(played)
    (made.parent / "2099-01-01.db").write_bytes(b"not a database at all, but long enough to be read as one")

    night = newest_night(made.parent)

    assert night is not None
    assert (night.place, night.as_of) == (made, played.today.isoformat())
    assert newest_night(made.parent / "nowhere") is None


def test_published_figures_tell_only_what_was_granted(played: Any) -> None:
    make_mart(played)
    night = newest_night(shelf_of(played.store.files.parent, demonstration=False))
    assert night is not None

    with played.store.read() as session:
        found = published_figures(session, P, night, ("approved", "implemented", "settled"))
    projects = night_projects(night, P, limit=100)

    assert "planned" not in str(found)
    assert found["money"]["total"]["approved"] == figures(played)["money"]["total"]["approved"]
    assert {row["state"] for row in projects} <= {"approved", "implemented", "settled"}
    assert (len(projects), night_count(night, P)) == (4, 4)
    assert [row["code"] for row in night_projects(night, P, after=projects[1]["code"], limit=100)] == [
        row["code"] for row in projects[2:]
    ]
