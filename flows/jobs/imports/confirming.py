"""A previewed file taken in: the same bytes, one transaction, through the same doors as the pages. All or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.jobs.imports.comparing import NOTE
from flows.jobs.imports.old_records import OldBook, cells_of
from flows.jobs.imports.preview import Preview, preview
from flows.jobs.imports.rows import Outcome, Row
from models.append import Origin
from models.forms import BeneficiaryForm, ProjectForm
from models.imports.files import imported_paper, record_import
from models.old_records import Correction, OldRecordForm, Vouching, bring_in, correct_old_record
from models.people import add_beneficiary
from models.projects import amend, open_project
from models.store import Session, keep_file
from states.facts import Person
from states.imports.known import NewFirm
from states.imports.wanted import Defaults
from states.refusal import Refused
from states.words import format_date

#: How many errors a refusal lists; the marked file has them all.
_MOST_LISTED = 50
_MOST_NAMED = 10
NO_ROWS = "Không có dòng đề án nào dưới tiêu đề; hãy kiểm tra tệp."


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `import_id` is 0 where the file changed nothing and nothing was written."""

    import_id: int
    opened: tuple[str, ...]
    amended: tuple[str, ...]
    unchanged: int
    sentence: str


def confirm(
    session: Session,
    content: bytes,
    file_name: str,
    *,
    files: Path,
    by: Person,
    origin: Origin,
    today: date,
    defaults: Defaults | None = None,
    sheet: str = "",
    choices: Mapping[str, str] | None = None,
    book: OldBook | None = None,
    sha256: str | None = None,
    note: str = "",
    adds_firms: bool = False,
) -> Imported:
    """Take a file in, inside the caller's transaction.

    `sha256` is the hash of the file that was previewed; `note` says why dossiers that were handed in are corrected, and
    `adds_firms` that unknown beneficiaries without a tax code are new ones. Raises Refused for other bytes, with every
    cell that cannot be taken, and for what was not said; then nothing is written. The file is kept in `files` last of
    all, before the caller commits.
    """
    seen = preview(
        session, content, file_name, by=by, today=today, defaults=defaults, sheet=sheet, choices=choices, book=book
    )
    if sha256 is not None and sha256 != seen.sha256:
        raise Refused("Tệp gửi lên khác tệp đã xem trước; hãy xem trước lại rồi xác nhận.")
    refuse_errors(seen)
    if not seen.rows:
        raise Refused(NO_ROWS)
    if unsaid := unanswered(seen, note=note, adds_firms=adds_firms):
        raise Refused(*unsaid)
    if not seen.changes_anything:
        return Imported(0, (), (), len(seen.rows), _nothing(seen))
    import_id = record_import(
        session,
        imported_paper(file_name, seen.sha256, seen.size),
        seen.sheet,
        opened=seen.count(Outcome.NEW),
        amended=seen.count(Outcome.CHANGED),
        unchanged=seen.count(Outcome.SAME),
        origin=origin,
        note=_vouched(seen),
    )
    read_in = {"import": import_id, "sha256": seen.sha256}
    said = f"{note.strip()} ({NOTE} «{file_name}»)" if note.strip() else f"{NOTE} «{file_name}»"
    taker = (_Taker if seen.old is None else _OldTaker)(session, by, origin, today, said, read_in)
    imported = taker.take(seen, import_id)
    keep_file(files, content)
    return imported


def refuse_errors(seen: Preview) -> None:
    """Raise Refused with the cells that cannot be taken, and those that wait for a choice."""
    errors = [str(error) for error in (*seen.errors, *seen.conflicts)]
    if not errors:
        return
    more = len(errors) - _MOST_LISTED
    rest = [f"… và {more} lỗi khác; hãy tải tệp đã đánh dấu (--marked) để xem hết."] if more > 0 else []
    raise Refused(*errors[:_MOST_LISTED], *rest)


def unanswered(seen: Preview, *, note: str, adds_firms: bool) -> list[str]:
    """What the person has still to say before the file is taken in."""
    unsaid = []
    if seen.corrected and not note.strip():
        some = ", ".join(seen.corrected[:_MOST_NAMED]) + (" …" if len(seen.corrected) > _MOST_NAMED else "")
        unsaid.append(
            f"Tệp sửa {len(seen.corrected)} đề án đã nộp ({some}); hãy ghi một lý do sửa cho cả tệp (--note)."
        )
    if seen.untaxed and not adds_firms:
        named = "; ".join(map(seen.told_of, seen.untaxed[:_MOST_NAMED])) + (
            " …" if len(seen.untaxed) > _MOST_NAMED else ""
        )
        unsaid.append(
            f"Tệp nêu {len(seen.untaxed)} đơn vị thụ hưởng chưa có trong danh mục và không có mã số thuế: {named}. "
            "Hãy sửa thành tên đã có, hoặc xác nhận ghi mới các đơn vị này (--new-beneficiaries)."
        )
    return unsaid


def _nothing(seen: Preview) -> str:
    if seen.before:
        last = seen.before[-1]
        return (
            f"Tệp này đã nhập ngày {format_date(last['on'])} bởi {last['by_name'] or 'hệ thống'}; không có gì đổi, "
            "không ghi gì thêm."
        )
    return f"Cả {len(seen.rows)} dòng đều đúng như trong sổ; không có gì thay đổi, không ghi gì thêm."


def _vouched(seen: Preview) -> str:
    if seen.old is None:
        return ""
    return f"Sổ cũ: {seen.old.vouching.name} xác nhận, căn cứ {seen.old.book.basis.strip()}"


class _Taker:
    """Writes the rows one after the other through the doors; a firm that several rows name is written once."""

    _TOLD = "Đã lập {opened} đề án mới, cập nhật {amended} đề án; {unchanged} dòng không đổi."

    def __init__(
        self, session: Session, by: Person, origin: Origin, today: date, note: str, more: dict[str, Any]
    ) -> None:
        self._session, self._by, self._origin, self._today = session, by, origin, today
        self._note, self._more = note, more
        self._firms: dict[str, int] = {}

    def take(self, seen: Preview, import_id: int) -> Imported:
        opened, amended, reasons = [], [], []
        for row in seen.rows:
            try:
                if row.outcome is Outcome.NEW:
                    opened.append(self._open(row, seen))
                elif row.outcome is Outcome.CHANGED:
                    amended.append(self._amend(row, seen))
            except Refused as refused:
                reasons += [f"Dòng {row.number}: {reason}" for reason in refused.reasons]
        if reasons:
            raise Refused(*reasons[:_MOST_LISTED])
        unchanged = seen.count(Outcome.SAME)
        sentence = self._TOLD.format(opened=len(opened), amended=len(amended), unchanged=unchanged)
        return Imported(import_id, tuple(opened), tuple(amended), unchanged, sentence)

    def _open(self, row: Row, seen: Preview) -> str:
        form = dict(row.form)
        form["beneficiaries"] = self._named(row)
        return open_project(
            self._session,
            ProjectForm.model_validate(form),
            by=self._by,
            origin=self._origin,
            note=self._note,
            remind_from=self._today,
            more=self._more | {"row": row.number},
        )

    def _amend(self, row: Row, seen: Preview) -> str:
        assert row.code is not None
        changes: dict[str, Any] = dict(row.form)
        if row.wanted.fresh:
            changes["beneficiaries"] = self._named(row)
        amend(
            self._session,
            row.code,
            changes.pop("values"),
            by=self._by,
            origin=self._origin,
            note=self._note,
            seen_version=row.version,
            more=self._more | {"row": row.number},
            **changes,
        )
        return row.code

    def _named(self, row: Row) -> tuple[int, ...]:
        return (*(row.wanted.beneficiaries or ()), *(self._firm(firm) for firm in row.wanted.fresh))

    def _firm(self, firm: NewFirm) -> int:
        if firm.key not in self._firms:
            form = BeneficiaryForm(name=firm.name, kind=firm.kind, tax_code=firm.tax_code or None)
            self._firms[firm.key] = add_beneficiary(self._session, form, self._origin)
        return self._firms[firm.key]


class _OldTaker(_Taker):
    """Writes ended projects: each by the one event in which somebody vouches for it."""

    _TOLD = "Đã nhập {opened} đề án từ sổ cũ, sửa {amended} đề án đã nhập; {unchanged} dòng không đổi."

    def _open(self, row: Row, seen: Preview) -> str:
        form = row.form | {"beneficiaries": self._named(row)}
        return bring_in(
            self._session,
            OldRecordForm.model_validate(form),
            self._vouching(row, seen),
            by=self._by,
            origin=self._origin,
            note=self._note,
        )

    def _amend(self, row: Row, seen: Preview) -> str:
        correction = row.form["correction"]
        if row.code is None or not isinstance(correction, Correction) or seen.old is None:
            raise AssertionError("a row of an old register is corrected by its code")
        if row.wanted.fresh:
            correction = replace(correction, beneficiaries=self._named(row))
        correct_old_record(
            self._session,
            row.code,
            correction,
            self._vouching(row, seen),
            by=self._by,
            origin=self._origin,
            note=f"{seen.old.book.correct.strip()} ({self._note})",
            seen_version=row.version,
        )
        return row.code

    def _vouching(self, row: Row, seen: Preview) -> Vouching:
        if seen.old is None:
            raise AssertionError("nobody vouches for a file that is no old register")
        read_in = self._more | {"row": row.number, "cells": cells_of(row.wanted)}
        return Vouching(seen.old.vouching, seen.old.book.basis, read_in)
