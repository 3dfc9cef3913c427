"""Our tables in LibreOffice: it computes every sum anew and comes to ours, and prints what we meant."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl  # type: ignore[import-untyped]
import pytest
from pypdf import PdfReader

from documents import csv, xlsx
from flows.jobs.papers.tables.frame import Occasion, Table
from flows.jobs.papers.tables.plans import Chosen, plan_table
from flows.jobs.papers.tables.programmes import programme_table
from flows.jobs.papers.tables.register import register_table
from flows.jobs.papers.tables.settlements import settlement_table
from models.queries.projects_sought import Sought
from models.store import open_store
from tests.conftest import Office

PROGRAMME = "KC-VL-2021-2025"
#: How LibreOffice reads CSV: cut at commas (44), quoted by (34), UTF-8 (76), from the first line.
COMMAS_IN_UTF8 = "CSV:44,34,76,1"
HOSTILE = '=1+1 "x" <b> & _x0041_'


def without_values(source: Path, target: Path) -> None:
    """Copy a workbook and take away what its formulas carry: whoever shows a value then has computed it."""
    with ZipFile(source) as ours, ZipFile(target, "w", ZIP_DEFLATED) as bare:
        for name in ours.namelist():
            content = ours.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            bare.writestr(name, content)


def tables_of(occasion: Occasion) -> dict[str, Table]:
    return {
        "register": register_table(occasion, Sought()),
        "plan": plan_table(occasion, Chosen(2024, None)),
        "programme": programme_table(occasion, PROGRAMME, shelf=Path("none")),
        "settlement": settlement_table(occasion, programme=PROGRAMME),
    }


def living_office(furnished: tuple[Path, int], folder: Path) -> Office:
    """Projects from proposed to settled, one of them named like a formula."""
    template, beneficiary = furnished
    shutil.copy(template, folder / "dean.db")
    office: Any = Office(open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files"), beneficiary=beneficiary)
    for stage in ("settled", "underway", "cleared"):
        office.bring(office.open(), stage)
    office.bring(office.open(name=HOSTILE, route="national"), "accepted")
    return office  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def written(furnished: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory, libreoffice: Any) -> Any:
    """The folder with our workbooks `<name>.xlsx`, and under `computed` and `printed` what LibreOffice made of them."""
    folder = tmp_path_factory.mktemp("tables")
    office = living_office(furnished, folder)
    bare = folder / "bare"
    bare.mkdir()
    with office.store.read() as session:
        occasion = Occasion(session, None, datetime(2024, 6, 3, 2, 0, tzinfo=UTC), True)
        for name, table in tables_of(occasion).items():
            xlsx.save(table.book(), folder / f"{name}.xlsx")
            without_values(folder / f"{name}.xlsx", bare / f"{name}.xlsx")
        (folder / "lines.csv").write_bytes(csv.write(tables_of(occasion)["register"].book()))
    office.store.close()
    libreoffice(sorted(bare.iterdir()), "xlsx", folder / "computed")
    libreoffice(sorted(folder.glob("*.xlsx")), "pdf", folder / "printed")
    libreoffice([folder / "lines.csv"], "xlsx", folder / "computed", reading=COMMAS_IN_UTF8)
    return folder


NAMES = ("register", "plan", "programme", "settlement")


def formulas_of(path: Path) -> dict[tuple[str, str], Any]:
    """Where formulas stand in a workbook of ours, with the values that they carry."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    }


@pytest.mark.parametrize("name", NAMES)
def test_computed_sums_are_those_of_the_register(written: Path, name: str) -> None:
    carried = formulas_of(written / f"{name}.xlsx")
    computed = openpyxl.load_workbook(written / "computed" / f"{name}.xlsx", data_only=True)

    found = {(sheet, at): computed[sheet][at].value for sheet, at in carried}

    assert len(carried) > 5
    assert found == carried


@pytest.mark.parametrize("name", NAMES)
def test_printed_pages_lie_across_and_say_where_they_are_from(written: Path, name: str) -> None:
    pages = PdfReader(written / "printed" / f"{name}.pdf").pages

    texts = [page.extract_text() for page in pages]
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} == {(842, 595)}
    assert ["sự kiện" in text and "Trang" in text and "MINH HỌA" in text for text in texts] == [True] * len(texts)


def test_text_like_a_formula_is_shown_as_it_was_typed(written: Path) -> None:
    sheets = {
        name: openpyxl.load_workbook(written / "computed" / f"{name}.xlsx").worksheets[0]
        for name in ("register", "lines")
    }

    shown = {
        name: [(cell.value, cell.data_type) for line in sheet.iter_rows() for cell in line if "=1+1" in str(cell.value)]
        for name, sheet in sheets.items()
    }

    # In CSV only an apostrophe keeps a program from computing it.
    assert shown == {"register": [(HOSTILE, "s")], "lines": [(f"'{HOSTILE}", "s")]}


def test_lines_are_read_with_their_letters_and_numbers(written: Path) -> None:
    sheet = openpyxl.load_workbook(written / "computed" / "lines.xlsx").worksheets[0]

    head, *lines = sheet.iter_rows(values_only=True)

    place = {title: at for at, title in enumerate(head)}
    assert [line[place["Kinh phí khuyến công: Đề nghị"]] for line in lines] == [300_000_000] * 4
    assert {line[place["Đơn vị thụ hưởng"]] for line in lines} == {"Cơ sở Tàu hủ ky Mỹ Hòa"}


def test_parts_of_the_plan_are_sheets_of_their_own(written: Path) -> None:
    names = openpyxl.load_workbook(written / "computed" / "plan.xlsx").sheetnames

    assert names == ["Danh mục", "Tổng hợp", "So với kinh phí", "So với chỉ tiêu"]
