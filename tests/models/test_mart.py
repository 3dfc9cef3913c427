"""The mart: the same content from both databases, open to any tool, compared night to night, kept as long as needed."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.mart import Published, about, difference, mart_on, marts, prune, publish, shelf_of
from models.mart.shelf import reasons_to_keep
from models.mart.views import VIEWS
from models.mart.writing import content_hash, opened
from models.seals import seal_up_to
from states.folding import fold
from states.refusal import Refused
from states.vocabulary import Stage

TRIEU = 1_000_000
AS_OF = date(2024, 6, 30)
NIGHT = datetime(2024, 6, 30, 18, 30, tzinfo=UTC)


def published(office: Any, home: Path, *, as_of: date = AS_OF, at: datetime = NIGHT) -> Published:
    return publish(office.store, home, as_of=as_of, at=at)


def rows(place: Path, sql: str) -> list[tuple[Any, ...]]:
    with opened(place) as mart:
        return mart.execute(sql).fetchall()


def some_projects(office: Any) -> list[str]:
    """A draft, one settled, one under way."""
    return [
        office.open(),
        office.bring(office.open(place="vlm-p-long-chau"), Stage.SETTLED),
        office.bring(office.open(name="Hỗ trợ ứng dụng thiết bị đóng gói"), Stage.UNDERWAY),
    ]


# --- content ------------------------------------------------------------------------------------------


def test_mart_says_what_the_register_says(office_on_both: Any, tmp_path: Path) -> None:
    draft, settled, underway = some_projects(office_on_both)

    made = published(office_on_both, tmp_path)

    assert (made.agrees, made.path) == (True, tmp_path / "marts" / "2024-06-30.db")
    assert made.path is not None
    assert rows(
        made.path, "SELECT code, asked, approved_now, settled, counterpart FROM project_money ORDER BY code"
    ) == [
        (settled, *[300 * TRIEU] * 3, 350 * TRIEU),
        (underway, 300 * TRIEU, 300 * TRIEU, 0, 350 * TRIEU),
    ]
    assert rows(made.path, "SELECT settled, settled_projects FROM programme_funnel WHERE source = 'total'") == [
        (650 * TRIEU, 1)
    ]
    assert rows(made.path, "SELECT planned, settled FROM target_progress WHERE code = 'T2_2' AND planned") == [(2, 1)]
    heads = rows(
        made.path, "SELECT p.code, h.action, h.to_stage FROM event_head AS h JOIN project AS p ON p.id = project_id"
    )
    assert heads == [(settled, "settle", "settled"), (underway, "start", "underway")]
    assert draft not in {code for (code,) in rows(made.path, "SELECT code FROM project")}


def test_every_view_can_be_read(office: Any, tmp_path: Path) -> None:
    some_projects(office)

    place = published(office, tmp_path).path

    assert place is not None
    answered = {view.name: rows(place, f"SELECT count(*) FROM {view.name}")[0][0] for view in VIEWS}
    assert answered == {
        "project_money": 2,
        "programme_funnel": 3,
        "target_progress": 29,
        "open_deadline": answered["open_deadline"],
        "plan_project": 0,
    }


def test_tables_are_strict_and_explained(office: Any, tmp_path: Path) -> None:
    place = published(office, tmp_path).path

    assert place is not None
    listed = rows(
        place, "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view')"
    )
    tables = {name for name, strict in listed if strict}
    assert tables | {view.name for view in VIEWS} == {name for name, _ in listed if not name.startswith("sqlite_")}
    explained = {name for (name,) in rows(place, "SELECT name FROM _tables")}
    assert explained == tables | {view.name for view in VIEWS} | {"project_fts"}
    for table in tables:
        named = {name for (name,) in rows(place, f"SELECT name FROM pragma_table_info('{table}')")}
        assert named == {name for (name,) in rows(place, f"SELECT name FROM _columns WHERE table_name = '{table}'")}
    [(declared,)] = rows(place, "SELECT sql FROM sqlite_master WHERE name = 'money'")
    assert "-- Tiền của đề án theo nguồn, đồng" in declared


def test_mart_names_nobody(office: Any, tmp_path: Path) -> None:
    some_projects(office)

    place = published(office, tmp_path).path

    assert place is not None
    content = place.read_bytes().decode("utf-8", errors="ignore")
    # Officers, signers and beneficiaries with their tax codes.
    told = [name for name in ("Nguyễn Văn An", "Lê Minh Chi", "Mỹ Hòa", "9900912345") if name in content]
    assert told == []


def test_projects_are_found_without_accents(office: Any, tmp_path: Path) -> None:
    _, settled, underway = some_projects(office)

    place = published(office, tmp_path).path
    assert place is not None

    def found(words: str) -> list[str]:
        sql = (
            "SELECT code FROM project WHERE id IN (SELECT rowid FROM project_fts WHERE project_fts MATCH ?) ORDER BY id"
        )
        with opened(place) as mart:
            return [code for (code,) in mart.execute(sql, (words,))]

    assert found("thiet bi") == [settled, underway]
    assert found("thiết bị") == [settled, underway]
    assert found(fold("ỨNG DỤNG thiết bị Đóng gói")) == [settled, underway]
    assert found("long chau") == [settled]
    assert found("khong co") == []


# --- one content, one hash ----------------------------------------------------------------------------


def test_same_register_gives_the_same_content_on_both_databases(
    office: Any, postgres_office: Any, tmp_path: Path
) -> None:
    for each in (office, postgres_office):
        some_projects(each)
        with each.store.write() as session:
            seal_up_to(session, b"key", AS_OF - timedelta(days=1))

    sqlite = published(office, tmp_path / "sqlite")
    postgres = published(postgres_office, tmp_path / "postgres", at=NIGHT + timedelta(hours=3))

    assert sqlite.path is not None
    assert sqlite.content_hash == postgres.content_hash
    assert rows(sqlite.path, "SELECT count(*) > 0 FROM seal") == [(1,)]


def test_content_hash_changes_with_the_register_and_not_with_the_hour(office: Any, tmp_path: Path) -> None:
    *_, underway = some_projects(office)

    first = published(office, tmp_path)
    again = published(office, tmp_path, at=NIGHT + timedelta(hours=5))
    office.step(underway, "report_completion", "an", number="08/BC", papers=("vouchers",))
    later = published(office, tmp_path)

    assert first.content_hash == again.content_hash != later.content_hash


def test_seal_of_the_night_itself_changes_nothing(office: Any, tmp_path: Path) -> None:
    some_projects(office)

    before = published(office, tmp_path)
    with office.store.write() as session:
        seal_up_to(session, b"key", AS_OF - timedelta(days=1))
    sealed_before = published(office, tmp_path)
    with office.store.write() as session:
        seal_up_to(session, b"key", AS_OF)
    sealed = published(office, tmp_path)

    assert before.content_hash != sealed_before.content_hash == sealed.content_hash


def test_changed_row_shows_in_the_hash(office: Any, tmp_path: Path) -> None:
    some_projects(office)
    place = published(office, tmp_path).path
    assert place is not None
    whole = about(place)

    with closing(sqlite3.connect(place)) as mart:
        mart.execute("UPDATE money SET settled = settled + 1 WHERE source = 'local_fund'")
        mart.commit()

    assert (whole["intact"], about(place)["intact"]) == (True, False)


# --- the file -----------------------------------------------------------------------------------------


def test_file_is_alone_and_opens_where_nothing_can_be_written(office: Any, tmp_path: Path) -> None:
    some_projects(office)
    made = published(office, tmp_path)
    assert made.path is not None
    made.path.chmod(0o444)
    made.path.parent.chmod(0o555)

    try:
        with closing(sqlite3.connect(f"file:{made.path}?mode=ro", uri=True)) as mart:
            facts = [mart.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "integrity_check")]
            digest = content_hash(mart)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                mart.execute("DELETE FROM money")
    finally:
        made.path.parent.chmod(0o755)

    assert (facts, digest) == (["delete", "ok"], made.content_hash)
    assert os.listdir(made.path.parent) == ["2024-06-30.db"]


_CRASHING = """
import os, sys
from datetime import UTC, date, datetime
from pathlib import Path
from models.mart import publish
from models.store import open_store

os.replace = lambda *names: os._exit(9)
store = open_store(sys.argv[1], Path(sys.argv[2]))
publish(store, Path(sys.argv[2]), as_of=date(2024, 6, 30), at=datetime(2024, 6, 30, 19, tzinfo=UTC))
"""


def test_crash_before_the_file_gets_its_name_leaves_the_old_one(office: Any, tmp_path: Path) -> None:
    some_projects(office)
    made = published(office, tmp_path)
    assert made.path is not None
    before = made.path.read_bytes()
    office.open()

    crashed = subprocess.run([sys.executable, "-c", _CRASHING, office.store.url, str(tmp_path)], check=False)

    assert (crashed.returncode, made.path.read_bytes() == before) == (9, True)
    [draft] = [name for name in os.listdir(made.path.parent) if name != made.path.name]
    assert draft.endswith(".part")
    assert published(office, tmp_path).content_hash != made.content_hash


def test_forged_balance_publishes_nothing_and_keeps_the_old_file(office: Any, tmp_path: Path) -> None:
    some_projects(office)
    made = published(office, tmp_path)
    assert made.path is not None
    before = made.path.read_bytes()

    with office.store.writer.begin() as connection:
        connection.execute(text("UPDATE funding SET accepted = accepted + 7 WHERE source = 'counterpart'"))
    refused = published(office, tmp_path)

    assert (refused.path, refused.agrees, refused.content_hash) == (None, False, None)
    assert "lệch 14 đồng" in "".join(refused.reasons)
    assert made.path.read_bytes() == before


def test_marts_of_a_demonstration_lie_apart(tmp_path: Path) -> None:
    assert shelf_of(tmp_path, demonstration=True) != shelf_of(tmp_path, demonstration=False)


# --- night to night -----------------------------------------------------------------------------------


def test_difference_of_two_nights(office: Any, tmp_path: Path) -> None:
    *_, underway = some_projects(office)
    first = published(office, tmp_path).path
    office.step(underway, "report_completion", "an", number="08/BC", papers=("vouchers",))
    done = {"amounts": {"local_fund": 250 * TRIEU, "counterpart": 350 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(underway, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", **done)
    new = office.bring(office.open(), Stage.SUBMITTED)
    second = published(office, tmp_path, as_of=AS_OF + timedelta(days=1)).path
    assert first is not None
    assert second is not None

    found = difference(first, second)

    assert (found["same"], [row["project"] for row in found["appeared"]], found["disappeared"]) == (False, [new], [])
    assert [(row["project"], row["was"], row["now"]) for row in found["stages"]] == [(underway, "underway", "accepted")]
    assert [(row["project"], row["source"], row["kind"], row["was"], row["now"]) for row in found["money"]] == [
        (new, "counterpart", "asked", 0, 350 * TRIEU),
        (new, "local_fund", "asked", 0, 300 * TRIEU),
        (underway, "counterpart", "accepted", 0, 350 * TRIEU),
        (underway, "local_fund", "accepted", 0, 250 * TRIEU),
    ]
    assert found["totals"] == {
        "projects": {"was": 2, "now": 3},
        "money": {
            "local_fund": {
                "asked": {"was": 600 * TRIEU, "now": 900 * TRIEU},
                "accepted": {"was": 300 * TRIEU, "now": 550 * TRIEU},
            },
            "counterpart": {
                "asked": {"was": 700 * TRIEU, "now": 1050 * TRIEU},
                "accepted": {"was": 350 * TRIEU, "now": 700 * TRIEU},
            },
        },
    }


def test_same_night_twice_differs_in_nothing(office: Any, tmp_path: Path) -> None:
    some_projects(office)
    place = published(office, tmp_path).path
    assert place is not None

    found = difference(place, place)

    assert found["same"]
    assert [found[name] for name in ("appeared", "disappeared", "stages", "money")] == [[], [], [], []]


def test_file_that_is_no_mart_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "2024-06-30.db"
    place.write_bytes(b"khong phai tep so lieu" * 100)

    with pytest.raises(Refused, match=r"Không đọc được tệp số liệu 2024-06-30\.db"):
        about(place)


def test_missing_night_is_refused_with_the_nearest(tmp_path: Path) -> None:
    for day in ("2024-06-01", "2024-06-20", "2023-01-01", "2022-01-01"):
        (tmp_path / f"{day}.db").touch()

    with pytest.raises(Refused) as refused:
        mart_on(tmp_path, date(2024, 6, 18))

    assert refused.value.reasons == (
        "Không có tệp số liệu của ngày 18/06/2024; gần nhất có: 20/06/2024, 01/06/2024, 01/01/2023 (dean mart list).",
    )


# --- keeping ------------------------------------------------------------------------------------------


def test_nights_month_ends_and_year_ends_are_kept() -> None:
    every_day = [date(2021, 1, 1) + timedelta(days=n) for n in range((date(2025, 3, 20) - date(2021, 1, 1)).days + 1)]

    kept = reasons_to_keep(every_day)

    nights = {date(2025, 3, 20) - timedelta(days=n) for n in range(35)}
    # April 2023 is the 24th month counted back from March 2025.
    months = {day for day in every_day if (day + timedelta(days=1)).day == 1 and day >= date(2023, 4, 30)}
    years = {date(year, 12, 31) for year in (2021, 2022, 2023, 2024)}
    assert set(kept) == nights | months | years
    assert kept[date(2025, 2, 28)] == "35 đêm gần nhất"
    assert (kept[date(2024, 5, 31)], kept[date(2021, 12, 31)]) == ("cuối tháng", "cuối năm")


def test_after_an_outage_the_last_marts_still_stand() -> None:
    before = [date(2024, 1, 1) + timedelta(days=n) for n in range(20)]

    kept = reasons_to_keep([*before, date(2024, 12, 1)])

    assert len(kept) == 21


def test_pruning_removes_what_nothing_keeps_and_abandoned_drafts(tmp_path: Path) -> None:
    days = [date(2023, 11, 1) + timedelta(days=n) for n in range(60)]
    for day in days:
        (tmp_path / f"{day.isoformat()}.db").touch()
    old, young = tmp_path / ".2023-11-05.7.part", tmp_path / ".2023-12-30.8.part"
    for draft, written in ((old, datetime(2023, 11, 5, tzinfo=UTC)), (young, datetime(2023, 12, 30, 5, tzinfo=UTC))):
        draft.touch()
        os.utime(draft, (written.timestamp(), written.timestamp()))
    others = tmp_path / "ghi-chu.txt"
    others.touch()
    at = datetime(2023, 12, 30, 6, tzinfo=UTC)

    shown = prune(tmp_path, at=at, dry_run=True)
    before = len(list(tmp_path.iterdir()))
    gone = prune(tmp_path, at=at)

    assert (shown, before) == (gone, 63)
    # 60 nights less the 35 newest and the end of November, which is among them; the last of all ends month and year.
    assert len(gone) == 25 + 1
    assert [mart.on for mart in marts(tmp_path)] == sorted(days[25:], reverse=True)
    assert (old.exists(), young.exists(), others.exists()) == (False, True, True)
