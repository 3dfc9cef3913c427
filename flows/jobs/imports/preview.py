"""What an import would do, row by row and cell by cell. Nothing is written."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from documents.packages import UnreadableError
from documents.reading import Sheet, Workbook, address, column_name, read_workbook
from documents.round_trip import HandedOut, handed_out
from flows.jobs.imports.handing_out import HANDED_OUT, handed_out_cells
from flows.jobs.imports.judging import Judge
from flows.jobs.imports.merging import Conflict, added_in_place, code_of, completed, merge, refuse_idle
from flows.jobs.imports.noticing import Doubts, hidden_parts
from flows.jobs.imports.old_records import Old, OldBook, opened_book
from flows.jobs.imports.rows import CellError, Outcome, Row, cell_error
from flows.jobs.page_words import on_page
from models.imports.known import known_names
from models.imports.standing import (
    imported_before,
    unit_of,
)
from models.people import refuse_others_than
from models.project_checks import AUTHORS
from models.rulebook import rulebook
from models.store import Session
from states.facts import Person
from states.imports.head_words import ONLY_OLD, Field
from states.imports.heads import Head, find_head
from states.imports.known import Known, NewFirm
from states.imports.layout import Layout, lay_out
from states.imports.row_reader import RowReader
from states.imports.wanted import Defaults, Trouble, Wanted
from states.refusal import Refused
from states.vocabulary import Role

UNSAVED = (
    "Ô có công thức chưa lưu kết quả nên không biết giá trị; hãy mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi nhập."
)


@dataclass(frozen=True, slots=True)
class Understood:
    """One column: its letter, its head as it was typed, and what it was taken for (empty: not used)."""

    letter: str
    head: str
    label: str
    unit: str = ""


@dataclass(slots=True)
class Preview:
    """A file before it is confirmed. `remarks` are (address, sentence, is it a warning)."""

    file_name: str
    sha256: str
    size: int
    workbook: Workbook
    sheet: str
    head_row: int
    programme: str
    columns: list[Understood]
    rows: list[Row]
    remarks: list[tuple[str, str, bool]] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    #: Cells that were changed both in a workbook that was handed out and in the register, still to be decided.
    conflicts: list[Conflict] = field(default_factory=list)
    #: Who vouches for the rows of an old register, and on what basis.
    old: Old | None = None
    #: The names of the beneficiaries of the register by their numbers.
    known: Mapping[int, str] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def errors(self) -> list[CellError]:
        return [error for row in self.rows for error in row.errors]

    @property
    def changes_anything(self) -> bool:
        return any(row.outcome in (Outcome.NEW, Outcome.CHANGED) for row in self.rows)

    @property
    def corrected(self) -> list[str]:
        """Codes of dossiers handed in that the file corrects: that wants a reason."""
        return [row.code or "" for row in self.rows if row.is_handed_in and row.outcome is Outcome.CHANGED]

    @property
    def may_correct(self) -> bool:
        """Does the file correct such a dossier, or would it by a cell that is still to be decided?"""
        undecided = {conflict.code for conflict in self.conflicts}
        return bool(self.corrected) or any(row.is_handed_in and row.code in undecided for row in self.rows)

    @property
    def untaxed(self) -> list[NewFirm]:
        """Beneficiaries that nobody knows, without a tax code: they are written down only where a person says so."""
        taken = (row for row in self.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED))
        return list({firm.key: firm for row in taken for firm in row.wanted.fresh if not firm.tax_code}.values())

    def told_of(self, firm: NewFirm) -> str:
        """A new beneficiary, with the known ones that its name may mean."""
        alike = ", ".join(f"số {number} “{self.known[number]}”" for number in firm.alike)
        return f"“{firm.name}”" + (f" (gần giống: {alike})" if alike else "")

    def marks(self) -> dict[str, dict[tuple[int, int], str]]:
        """The faulty cells of the sheet, in words without commands; a fault of a whole row is put on its first cell."""
        cells: dict[tuple[int, int], str] = {}
        for row in self.rows:
            for error in row.errors:
                place = (row.number - 1, error.column or 0)
                said = on_page(error.sentence)
                cells[place] = f"{cells[place]}\n{said}" if place in cells else said
        return {self.sheet: cells}


def preview(
    session: Session,
    content: bytes,
    file_name: str,
    *,
    by: Person,
    today: date,
    defaults: Defaults | None = None,
    sheet: str = "",
    choices: Mapping[str, str] | None = None,
    book: OldBook | None = None,
) -> Preview:
    """Read a workbook and tell what importing it would do; with a `book` its rows are ended projects.

    `choices` decide by address whose cell counts where a workbook that was handed out and the register both changed.
    Raises Refused for a person who opens no projects, for a file that cannot be read, and for one without a register.
    """
    refuse_others_than(by, *AUTHORS)
    old = None if book is None else opened_book(session, by, book, today)
    try:
        workbook = read_workbook(content, file_name)
        base = handed_out(workbook)
    except UnreadableError as error:
        raise Refused(str(error)) from error
    known = known_names(session)
    defaults = _with_own_unit(session, by, defaults or Defaults())
    if base is not None:
        defaults = completed(defaults, base.made_for)
    targets = sorted({code for programme in known.programmes.values() for code in programme.targets})
    found, head = _register(workbook, targets, sheet)
    try:
        programme = known.programme_of(_year(found, head, defaults), defaults.programme)
    except Refused as refused:
        raise Refused(*refused.reasons, *_faulty_cells(found, head, known, defaults)) from refused
    layout = lay_out(found.rows, head, found.merged, programme.contents)
    if base is None:
        refuse_idle(choices or {}, ())
    conflicts = [] if base is None else _merged(session, by, layout, head, base, choices or {})
    reader = RowReader(head, known, programme, defaults, are_old=old is not None)
    wanted = [reader.read(listed) for listed in layout.listed]
    _find_unsaved(found, head, wanted)
    rows = Judge(session, by, known, programme, old).rows(wanted)
    if old is None:
        Doubts(rulebook(session), programme, today).note(rows)
    digest = hashlib.sha256(content).hexdigest()
    return Preview(
        file_name=file_name,
        sha256=digest,
        size=len(content),
        workbook=workbook,
        sheet=found.name,
        head_row=head.last + 1,
        programme=programme.code,
        columns=list(_understood(head, are_old=old is not None)),
        rows=rows,
        remarks=[*hidden_parts(found, head, layout), *_remarks(layout)],
        before=imported_before(session, digest),
        conflicts=conflicts,
        old=old,
        known=known.beneficiaries,
    )


def _faulty_cells(sheet: Sheet, head: Head, known: Known, defaults: Defaults) -> list[str]:
    """Cells that no programme could take, told together with the programme that is missing."""
    if not known.programmes:
        return []
    programme = list(known.programmes.values())[-1]
    reader = RowReader(head, known, programme, defaults)
    wanted = [reader.read(listed) for listed in lay_out(sheet.rows, head, sheet.merged, programme.contents).listed]
    _find_unsaved(sheet, head, wanted)
    of_programme = {column.index for column in head.columns if column.field in (Field.CONTENT, Field.TARGET)}
    faults = [
        str(cell_error(one.row, trouble))
        for one in wanted
        for trouble in one.troubles
        if trouble.column is not None and trouble.column not in of_programme
    ]
    more = [f"… và {len(faults) - _MOST_TOLD} ô lỗi khác."] if len(faults) > _MOST_TOLD else []
    return faults[:_MOST_TOLD] + more


#: Faulty cells that are told beside a programme that is missing.
_MOST_TOLD = 30


def _merged(
    session: Session,
    by: Person,
    layout: Layout,
    head: Head,
    base: HandedOut,
    choices: Mapping[str, str],
) -> list[Conflict]:
    """Leave only cells to be taken in the rows of a workbook that was handed out; answer what is to be decided."""
    codes = {code for one in layout.listed if (code := code_of(one, head))} | set(base.rows)
    now = handed_out_cells(session, by, sorted(codes))
    merged = merge(layout.listed, head, HANDED_OUT, base.rows, now, choices)
    layout.listed[:] = added_in_place(merged.listed, head, base.made_for.get("place"))
    layout.remarks += merged.remarks
    return merged.conflicts


def _with_own_unit(session: Session, by: Person, defaults: Defaults) -> Defaults:
    """A centre officer writes for the own unit, whether the file says so or not."""
    if defaults.unit or by.role is not Role.CENTRE_OFFICER:
        return defaults
    return Defaults(
        defaults.programme,
        defaults.plan_year,
        unit_of(session, by.unit_id),
        defaults.route,
        defaults.activity,
        defaults.content,
    )


def _register(workbook: Workbook, targets: list[str], wanted: str) -> tuple[Sheet, Head]:
    """The sheet that holds the register. Raises Refused where there is none, or more than one."""
    sheets = [sheet for sheet in workbook.visible if not wanted or sheet.name == wanted]
    if not sheets:
        names = ", ".join(f"«{sheet.name}»" for sheet in workbook.visible)
        raise Refused(f"Không có trang «{wanted}» trong tệp; hãy chọn một trong: {names}.")
    found: list[tuple[Sheet, Head]] = []
    refusals: list[Refused] = []
    for sheet in sheets:
        try:
            found.append((sheet, find_head(sheet.rows, sheet.merged, targets)))
        except Refused as refused:
            refusals.append(refused)
    if not found:
        raise refusals[0]
    if len(found) > 1:
        names = ", ".join(f"«{sheet.name}»" for sheet, _ in found)
        raise Refused(f"Tệp có nhiều trang là danh sách đề án: {names}; hãy chọn trang (--sheet) và nhập từng trang.")
    return found[0]


def _year(sheet: Sheet, head: Head, defaults: Defaults) -> int | None:
    """A year by which the programme is found: the one chosen, that of the titles, or the first of the rows."""
    if defaults.plan_year or head.year:
        return defaults.plan_year or head.year
    from states.imports.cells import read_year
    from states.reading import read_code

    readers: tuple[tuple[Field, Callable[[Any], int]], ...] = (
        (Field.PLAN_YEAR, read_year),
        (Field.CODE, lambda value: int(read_code(str(value)).split("-")[-2])),
    )
    for name, reader in readers:
        column = head.column(name)
        for row in sheet.rows[head.last + 1 :] if column else ():
            try:
                return reader(row[column.index])  # type: ignore[union-attr]
            except Refused:
                continue
    return None


def _find_unsaved(sheet: Sheet, head: Head, wanted: Iterable[Wanted]) -> None:
    columns = {column.index for column in head.columns}
    rows = {one.row: one for one in wanted} if sheet.unsaved else {}
    for row, column in sorted(sheet.unsaved):
        if row in rows and column in columns:
            rows[row].troubles.append(Trouble(column, UNSAVED))


def _understood(head: Head, *, are_old: bool) -> Iterable[Understood]:
    units = {1: "đồng", 10**3: "nghìn đồng", 10**6: "triệu đồng", 10**9: "tỷ đồng"}
    columns = [
        (column.index, column.head, column.field.label, units.get(column.scale or 0, ""))
        for column in head.columns
        if are_old or column.field not in ONLY_OLD
    ]
    if not are_old:
        columns += [(column.index, column.head, "", "") for column in head.columns if column.field in ONLY_OLD]
    columns += [(index, text, "", "") for index, text in head.unknown]
    for index, text, label, unit in sorted(columns):
        yield Understood(column_name(index), text, label, unit)


def _remarks(layout: Layout) -> list[tuple[str, str, bool]]:
    return [
        (
            address(remark.row, remark.column) if remark.column is not None else f"Dòng {remark.row + 1}",
            remark.sentence,
            remark.is_warning,
        )
        for remark in layout.remarks
    ]
