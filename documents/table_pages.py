"""Tables as pages to print: the same book as a PDF."""

from collections.abc import Mapping
from typing import Any

from documents.tables import Book, Group, Kind, Sheet, Sums, TooLongError, bands, sums_of, written
from documents.typeset import pdf as typeset

MEDIA_TYPE = "application/pdf"
#: A paper of more rows is read by nobody, and would keep the typesetter busy for minutes.
MOST_ROWS = 5_000
#: The sizes of type, and so many letters of width one line of a page takes in the largest.
_LARGEST, _SMALLEST, _LETTERS = 10.0, 6.0, 150


def pdf(book: Book, *, archive: bool = False) -> bytes:
    """All tables of a book, each from a new page on. Raises TooLongError for more than MOST_ROWS rows."""
    values: Mapping[str, Any] = {
        "made_at": book.made_at,
        "issuer": book.issuer,
        "cut_off": book.cut_off,
        "mark": book.mark or None,
        "sheets": [_sheet(sheet) for sheet in book.sheets],
    }
    return typeset("table", values, archive=archive)


def _sheet(sheet: Sheet) -> dict[str, Any]:
    total, lines = Sums(), []
    for group in sheet.groups:
        lines += _group(sheet, group, total)
        if len(lines) > MOST_ROWS:
            raise TooLongError(MOST_ROWS)
    if sheet.total and sheet.summed:
        lines.append(_sums(sheet, sheet.total, total))
    width = sum(column.width for column in sheet.columns)
    return {
        "titles": [title.upper() for title in sheet.titles],
        "subtitles": list(sheet.subtitles),
        "unit": sheet.unit,
        "size": max(min(_LARGEST * _LETTERS / width, _LARGEST), _SMALLEST),
        "widths": [column.width for column in sheet.columns],
        "aligned": [_aligned(column.kind) for column in sheet.columns],
        "bands": [list(band) for band in bands(sheet.columns)] if any(c.band for c in sheet.columns) else [],
        "heads": [column.title for column in sheet.columns],
        "lines": lines,
        "notes": list(sheet.notes),
        "signers": [signer.upper() for signer in sheet.signers],
    }


def _aligned(kind: Kind) -> str:
    if kind in (Kind.DATE, Kind.WHOLE):
        return "center"
    return "left" if kind is Kind.TEXT else "right"


def _group(sheet: Sheet, group: Group, total: Sums) -> list[dict[str, Any]]:
    rows = []
    for row in group.rows:
        rows.append(row)
        total.add(sheet, row)
        if len(rows) > MOST_ROWS:
            raise TooLongError(MOST_ROWS)
    head = [_sums(sheet, group.title, sums_of(sheet, rows))] if group.title else []
    kinds = [column.kind for column in sheet.columns]
    return head + [{"span": 0, "cells": [written(*pair) for pair in zip(row, kinds, strict=True)]} for row in rows]


def _sums(sheet: Sheet, label: str, sums: Sums) -> dict[str, Any]:
    """A line of sums; its head takes `span` columns."""
    span = sheet.label_span
    rest = range(span, len(sheet.columns))
    cells = [written(sums.at(n), sheet.columns[n].kind) if sheet.columns[n].summed else "" for n in rest]
    return {"span": span, "cells": [label, *cells]}
