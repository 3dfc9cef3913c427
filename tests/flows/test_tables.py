"""The office's tables: they say what the queries say, add up to the ledger, and keep to the reader's scope."""

import csv
import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from documents.tables import Book, Sheet, sums_of
from flows.jobs.papers.calendars import calendar_file
from flows.jobs.papers.open_data import description, mart_name, newest_mart
from flows.jobs.papers.tables.frame import Form, Occasion, Table, made
from flows.jobs.papers.tables.plans import Chosen, consolidated_table, plan_table
from flows.jobs.papers.tables.programmes import programme_table
from flows.jobs.papers.tables.register import register_table
from flows.jobs.papers.tables.reminders import Wanted, reminders_table
from flows.jobs.papers.tables.settlements import settlement_table
from models.loading import load_person
from models.mart import publish, shelf_of
from models.plan import life
from models.plan.steps import Door, Letter
from models.queries import list_projects
from models.queries.projects_sought import Sought
from models.reminders.reports import told
from models.reminders.sweep import sweep
from models.rollups import read_cutoff
from models.status import programme_status
from models.waterfall import programme_waterfall
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage

PROGRAMME = "KC-VL-2021-2025"
TRIEU = 1_000_000
LOCAL_2024 = (PROGRAMME, 2024, Route.LOCAL)


class Reading:
    """One view of an office's register, for a person or for nobody in particular."""

    def __init__(self, office: Any, session: Any, code: str | None, *, demonstration: bool = False) -> None:
        self.session, self.office = session, office
        reader = load_person(session, code) if code else None
        self.occasion = Occasion(session, reader, office.at, demonstration)


def drawn(table: Table) -> tuple[Book, list[list[tuple[Any, ...]]]]:
    """A book whose iterators have been gone through: of each sheet the rows."""
    book = table.book()
    return book, [[tuple(row) for group in sheet.groups for row in group.rows] for sheet in book.sheets]


def column(sheet: Sheet, rows: list[tuple[Any, ...]], key: str) -> list[Any]:
    place = [each.key for each in sheet.columns].index(key)
    return [row[place] for row in rows]


def sums(sheet: Sheet, rows: list[tuple[Any, ...]]) -> dict[str, int]:
    """The sums of a sheet by the keys of its columns."""
    added = sums_of(sheet, rows)
    return {sheet.columns[place].key: added.at(place) for place in sheet.summed}


def build_plan(office: Any) -> None:
    office.at = datetime.fromisoformat("2024-02-01T02:00:00+00:00")
    with office.store.write() as session:
        life.build(session, *LOCAL_2024, door=Door(load_person(session, "binh"), office.at, "test"))


def propose_plan(office: Any) -> None:
    office.at = datetime.fromisoformat("2024-02-05T02:00:00+00:00")
    letter = Letter("50/TTr-SCT", date(2024, 2, 5), signer="Hồ Văn Khoa", note="")
    with office.store.write() as session:
        door = Door(load_person(session, "binh"), office.at, "test")
        life.propose(session, *LOCAL_2024, letter=letter, door=door)


# --- the register -------------------------------------------------------------------------------------


def test_register_tells_the_projects_of_the_list(office: Any) -> None:
    settled = office.bring(office.open(starts_on=date(2024, 1, 15), ends_on=date(2024, 11, 30)), "settled")
    office.open()

    with office.store.read() as session:
        occasion = Reading(office, session, "binh").occasion
        table = register_table(occasion, Sought(stage=Stage.SETTLED))
        book, [rows] = drawn(table)
        listed = list_projects(session, stage=Stage.SETTLED)

    [sheet] = book.sheets
    assert column(sheet, rows, "code") == [row["code"] for row in listed] == [settled]
    assert column(sheet, rows, "beneficiaries") == ["Cơ sở Tàu hủ ky Mỹ Hòa"]
    assert column(sheet, rows, "starts_on") == [date(2024, 1, 15)]
    assert sums(sheet, rows) == {
        "total_cost": 650 * TRIEU,
        **{kind: listed[0][kind] for kind in ("asked", "appraised", "approved", "accepted", "settled")},
        "counterpart": 350 * TRIEU,
    }
    assert sheet.subtitles == ("Lọc theo: đã quyết toán",)
    assert table.file_name(Form.XLSX) == f"danh-muc-de-an_{office.today:%Y%m%d}.xlsx"


@pytest.mark.parametrize(("who", "seen"), [(None, 2), ("binh", 2), ("an", 2), ("yen", 0), ("hanh", 1)])
def test_register_keeps_to_the_readers_scope(office_on_both: Any, who: str | None, seen: int) -> None:
    office = office_on_both
    office.bring(office.open(place="vlm-p-long-chau"), "submitted")
    office.bring(office.open(), "submitted")

    with office.store.read() as session:
        table = register_table(Reading(office, session, who).occasion, Sought())
        plain = json.loads(made(table, Form.JSON).content)
        book, [rows] = drawn(table)

    assert (len(plain["rows"]), len(rows)) == (seen, seen)
    assert sums(book.sheets[0], rows)["asked"] == seen * 300 * TRIEU
    assert (plain["limited_to"] is not None, book.sheets[0].subtitles != ()) == ((who in ("an", "yen", "hanh")),) * 2


def test_register_of_several_steps_has_every_project_once(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.queries.projects_whole._STEP", 2)
    codes = [office.open() for _ in range(5)]

    with office.store.read() as session:
        plain = json.loads(made(register_table(Reading(office, session, None).occasion, Sought()), Form.JSON).content)

    assert [row["code"] for row in plain["rows"]] == codes


def test_register_that_is_too_long_for_a_page_is_refused(office: Any) -> None:
    office.open(), office.open()

    with office.store.read() as session, pytest.raises(Refused) as refused:
        register_table(Reading(office, session, None).occasion, Sought(), at_most=1)

    assert refused.value.reasons[0].startswith("Danh sách này có 2 đề án; trang tải nhiều nhất 1.")


def test_every_form_says_up_to_when_and_that_it_is_a_demonstration(office: Any) -> None:
    office.open()

    with office.store.read() as session:
        occasion = Reading(office, session, None, demonstration=True).occasion
        files = {form: made(register_table(occasion, Sought()), form) for form in Form}
        event = read_cutoff(session).event

    plain = json.loads(files[Form.JSON].content)
    [head, line] = csv.reader(StringIO(files[Form.CSV].content.decode("utf-8-sig"), newline=""))
    assert plain["cutoff"] == {"event": event, "on": office.today.isoformat(), "frozen": False}
    assert plain["demonstration"] is True
    assert (head[-1], "giờ Việt Nam" in line[-1], "MINH HỌA" in line[-1]) == ("Số liệu đến", True, True)
    assert {file.name.startswith("MINH-HOA_danh-muc-de-an_") for file in files.values()} == {True}
    assert {form: file.content[:4] for form, file in files.items() if form in (Form.XLSX, Form.PDF)} == {
        Form.XLSX: b"PK\x03\x04",
        Form.PDF: b"%PDF",
    }


# --- the plan -----------------------------------------------------------------------------------------


def test_plan_adds_up_by_content_place_unit_and_route(office: Any) -> None:
    office.bring(office.open(place="vlm-p-long-chau"), "cleared")
    elsewhere = {"name": "Hỗ trợ lò sấy", "equipment": "lò sấy", "beneficiaries": (office.workshop("Cơ sở Sấy"),)}
    office.bring(office.open(**elsewhere), "cleared")
    build_plan(office)

    with office.store.read() as session:
        table = plan_table(Reading(office, session, "binh").occasion, Chosen(2024, Route.LOCAL))
        plan = table.plain()
        book, [lines, _, envelope, targets] = drawn(table)
        parts = {group.title: [tuple(row) for row in group.rows] for group in table.book().sheets[1].groups}

    head = ["STT", "Tên đề án", "Nội dung", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm", "Thời gian"]
    head += ["Tổng kinh phí", "KC quốc gia", "KC địa phương", "Đối ứng", "Mức ưu tiên", "Ghi chú"]
    assert [each.title for each in book.sheets[0].columns] == head
    assert [sheet.name for sheet in book.sheets] == ["Danh mục", "Tổng hợp", "So với kinh phí", "So với chỉ tiêu"]
    money = plan["totals"]["money"]
    assert sums(book.sheets[0], lines) == {"total_cost": 1300 * TRIEU} | money
    assert set(parts) == {"Theo nội dung", "Theo địa bàn", "Theo đơn vị thực hiện", "Theo tuyến"}
    for rows in parts.values():
        assert sums(book.sheets[1], rows) == {"projects": 2, **money, "total": plan["totals"]["total"]}
    assert sums(book.sheets[2], envelope)["remaining"] == sum(row["remaining"] for row in plan["envelope"])
    assert column(book.sheets[3], targets, "adds") == [row["adds"] for row in plan["targets"]]


def test_kept_version_stays_as_it_was_and_says_so(office: Any) -> None:
    office.bring(office.open(), "cleared")
    build_plan(office)
    propose_plan(office)
    office.bring(office.open(), "cleared")

    with office.store.read() as session:
        occasion = Reading(office, session, "binh").occasion
        first, newest, now = (
            plan_table(occasion, Chosen(2024, Route.LOCAL, **which)) for which in ({"version": 1}, {}, {"now": True})
        )
        told = [
            (table.values()["version"], len(drawn(table)[1][0]), table.values()["cutoff"])
            for table in (first, newest, now)
        ]
        names = [table.file_name(Form.PDF) for table in (first, now)]

    assert [(version, lines) for version, lines, _ in told] == [(1, 1), (2, 1), (None, 2)]
    assert [cut["frozen"] for _, _, cut in told] == [True, True, False]
    assert told[0][2]["on"] == "2024-02-01"
    day = f"{office.today:%Y%m%d}"
    assert names == [f"ke-hoach-2024-dia-phuong-v1_{day}.pdf", f"ke-hoach-2024-dia-phuong_{day}.pdf"]


@pytest.mark.parametrize(("who", "lines"), [("hanh", 1), ("yen", 0)])
def test_reader_with_a_scope_gets_the_own_lines_and_no_totals(office: Any, who: str, lines: int) -> None:
    office.bring(office.open(place="vlm-p-long-chau"), "cleared")
    hidden = office.bring(office.open(name="Đề án của người khác"), "cleared")
    build_plan(office)

    with office.store.read() as session:
        occasion = Reading(office, session, who).occasion
        tables = [plan_table(occasion, Chosen(2024, Route.LOCAL, now=now)) for now in (False, True)]
        files = [made(table, form).content.decode("utf-8") for table in tables for form in (Form.CSV, Form.JSON)]
        shown = [drawn(table) for table in tables]

    assert [[sheet.name for sheet in book.sheets] for book, _ in shown] == [["Danh mục"]] * 2
    assert [len(rows) for _, [rows] in shown] == [lines] * 2
    assert [
        word for word in (hidden, "Đề án của người khác", "totals", "envelope") if any(word in f for f in files)
    ] == []


def test_what_stands_now_is_no_plan_and_names_the_plan_on_record(office: Any) -> None:
    office.bring(office.open(), "cleared")
    build_plan(office)
    propose_plan(office)

    with office.store.read() as session:
        occasion = Reading(office, session, "binh").occasion
        both, kept = (plan_table(occasion, Chosen(2024, route)).book().sheets for route in (None, Route.LOCAL))
        [group] = both[0].groups
        [row] = group.rows
        priority = next(n for n, each in enumerate(both[0].columns) if each.key == "priority")

    assert [sheet.titles[0] for sheet in both] == [
        "Danh mục đề xuất khuyến công năm 2024",
        "Tổng hợp danh mục đề xuất khuyến công năm 2024",
        "Danh mục đề xuất năm 2024 so với kinh phí chương trình",
        "Danh mục đề xuất năm 2024 so với chỉ tiêu chương trình",
    ]
    assert kept[0].titles[0] == "Kế hoạch khuyến công năm 2024"
    [note] = both[0].notes
    assert note.startswith("Đã có kế hoạch khuyến công địa phương: đã trình, văn bản số ")
    assert tuple(row)[priority] == "Không"


def test_version_needs_a_route(office: Any) -> None:
    with office.store.read() as session, pytest.raises(Refused, match="hãy chọn tuyến"):
        plan_table(Reading(office, session, None).occasion, Chosen(2024, None, version=1))


def test_consolidated_list_says_that_its_columns_are_not_verified(office: Any) -> None:
    code = office.bring(office.open(route="national", objectives="Tăng năng suất", expected_jobs=7), "reviewing")

    with office.store.read() as session:
        book, [rows] = drawn(consolidated_table(Reading(office, session, None).occasion, Chosen(2024, Route.NATIONAL)))

    [sheet] = book.sheets
    assert "chưa kiểm chứng" in sheet.subtitles[-1]
    assert (column(sheet, rows, "code"), column(sheet, rows, "objectives")) == ([code], ["Tăng năng suất"])
    assert sums(sheet, rows) == {
        "jobs": 7, "total_cost": 650 * TRIEU, "national_fund": 300 * TRIEU, "local_fund": 0, "counterpart": 350 * TRIEU
    }  # fmt: skip


# --- figures ------------------------------------------------------------------------------------------


def test_programme_table_says_what_its_status_says(office: Any) -> None:
    office.bring(office.open(), "settled")
    office.bring(office.open(), "approved")

    with office.store.read() as session:
        table = programme_table(Reading(office, session, "em").occasion, PROGRAMME, shelf=Path("none"))
        book, [targets, money, years] = drawn(table)
        status = programme_status(session, PROGRAMME)

    steps = ("planned", "approved", "implemented", "settled")
    assert {key: sums(book.sheets[1], money)[key] for key in ("budget", *steps)} == status["money"]["total"]
    assert [row[4:8] for row in targets] == [tuple(row[step] for step in steps) for row in status["targets"]]
    assert sums(book.sheets[2], years)["settled"] == status["money"]["total"]["settled"]


def test_programme_table_of_a_commune_adds_up_its_own_projects(office: Any) -> None:
    office.bring(office.open(place="vlm-p-long-chau"), "approved")
    office.bring(office.open(), "approved")

    with office.store.read() as session:
        table = programme_table(Reading(office, session, "hanh").occasion, PROGRAMME, shelf=Path("none"))
        book, [_, money, _] = drawn(table)

    assert sums(book.sheets[1], money)["approved"] == 650 * TRIEU
    assert "Chỉ gồm đề án trong phạm vi xem của Ngô Mỹ Hạnh" in book.sheets[1].subtitles


def test_settlement_adds_up_to_the_ledger_and_leaves_nothing_of_what_is_closed(office: Any) -> None:
    settled = office.bring(office.open(), "settled")
    underway = office.bring(office.open(), "underway")
    office.step(
        underway,
        "prepay",
        "dung",
        number="28/UNC",
        amounts={Source.LOCAL_FUND: 100 * TRIEU},
        papers=("prepayment_request",),
    )

    with office.store.read() as session:
        table = settlement_table(Reading(office, session, "dung").occasion, programme=PROGRAMME)
        book, [each, contents, _] = drawn(table)
        ledger = programme_waterfall(session, PROGRAMME)["total"]["all"]

    del ledger["returned"]
    assert sums(book.sheets[0], each) == sums(book.sheets[1], contents) == ledger
    left = {code: [(row[-2], row[-1]) for row in each if row[1] == code] for code in (settled, underway)}
    assert left[settled] == [(0, 0), (0, 0)]
    assert left[underway] == [(300 * TRIEU, 100 * TRIEU), (350 * TRIEU, 0)]


@pytest.mark.parametrize(("who", "projects"), [("hanh", 1), ("yen", 0), ("an", 2)])
def test_settlement_keeps_to_the_readers_scope(office: Any, who: str, projects: int) -> None:
    office.bring(office.open(place="vlm-p-long-chau"), "approved")
    office.bring(office.open(), "approved")

    with office.store.read() as session:
        table = settlement_table(Reading(office, session, who).occasion, year=2024, route=Route.LOCAL)
        book, [each, contents, _] = drawn(table)

    assert (
        sums(book.sheets[0], each)["approved"] == sums(book.sheets[1], contents)["approved"] == projects * 650 * TRIEU
    )


def test_settlement_asks_for_one_thing(office: Any) -> None:
    with office.store.read() as session:
        occasion = Reading(office, session, None).occasion
        for which in ({}, {"programme": PROGRAMME, "year": 2024}, {"programme": PROGRAMME, "route": Route.LOCAL}):
            with pytest.raises(Refused, match="Hãy chọn một chương trình"):
                settlement_table(occasion, **which)


# --- reminders, calendars, open data ------------------------------------------------------------------


def test_reminders_are_those_of_the_ledger(office: Any) -> None:
    office.submitted_in_2026()
    with office.store.write() as session:
        sweep(session, as_of=date(2026, 3, 5), at=datetime.fromisoformat("2026-03-05T01:00:00+00:00"))

    with office.store.read() as session:
        table = reminders_table(Reading(office, session, "em").occasion, Wanted(who="binh"))
        book, [rows, counts] = drawn(table)
        ledger = told(session, who="binh")
        nothing = drawn(reminders_table(Reading(office, session, "em").occasion, Wanted(since=date(2027, 1, 1))))

    assert len(ledger) > 0
    assert column(book.sheets[0], rows, "rule") == [row["rule_label"] for row in ledger]
    assert sum(column(book.sheets[1], counts, "n")) == len(ledger)
    assert nothing[1][0] == []


def test_calendar_of_a_project_is_that_projects_and_only_for_who_sees_it(office: Any) -> None:
    code = office.submitted_in_2026()
    other = office.bring(office.open(), "submitted")
    more: dict[str, Any] = {"as_of": date(2026, 3, 5), "base_url": "http://127.0.0.1"}

    with office.store.read() as session:
        file = calendar_file(session, code, reader=load_person(session, "an"), **more)
        with pytest.raises(Refused):
            calendar_file(session, code, reader=load_person(session, "yen"), **more)

    text = file.content.decode()
    assert (file.name, text.count("BEGIN:VEVENT") > 0) == (f"han-{code.lower()}.ics", True)
    assert (code in text, other in text) == (True, False)


def test_open_data_describe_every_column(office: Any, tmp_path: Path) -> None:
    office.bring(office.open(), "settled")
    publish(office.store, tmp_path, as_of=office.today, at=office.at)

    place = newest_mart(shelf_of(tmp_path, demonstration=False))
    told_of = description(place, demonstration=False)

    projects = next(each for each in told_of["resources"] if each["name"] == "project")
    assert (projects["rows"], projects["path"], told_of["intact"]) == (1, mart_name(place, demonstration=False), True)
    assert {"name": "code", "type": "string"}.items() <= projects["schema"]["fields"][1].items()
    assert all(field["description"] for each in told_of["resources"] for field in each["schema"]["fields"])


def test_missing_open_data_are_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Chưa có tệp số liệu nào"):
        newest_mart(tmp_path)
