"""What the XML of a LibreOffice sheet says beyond its values: errors, formulas without a value, what is hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

#: Further than a sheet that is read reaches, nothing is noted: the last row of a sheet is repeated a million times.
_DEEPEST, _WIDEST = 20_000, 250

_ATTRIBUTES = rb'(?:[^<>"]|"[^"]*")*'
_TOKEN = re.compile(
    rb"<table:(?:"
    rb"(?P<sheet>table)|(?P<column>table-column)|(?P<row>table-row)|(?P<cell>(?:covered-)?table-cell)"
    rb")(?P<said>\s" + _ATTRIBUTES + rb"|/?)>"
)
_NAME = re.compile(rb'table:name="([^"]*)"')
_TIMES = re.compile(rb'table:number-(?:columns|rows)-repeated="([0-9]+)"')
_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_TEXT = re.compile(rb"<text:p[^<>]*>(.*?)</text:p>", re.S)
_TAG = re.compile(rb"<[^<>]*>")
#: How the program shows an error, in a cell or as the text of a formula that failed.
_SHOWN_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]{3}")
_VALUES = (b"office:value=", b"office:date-value=", b"office:time-value=", b"office:boolean-value=")
#: What the other programs call an error that only LibreOffice numbers.
_ANY_FAULT = "#VALUE!"


@dataclass(slots=True)
class OdsSheet:
    """Cells and lines of one sheet, counted from 0."""

    name: str
    unsaved: set[tuple[int, int]] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def ods_sheets(text: bytes) -> dict[str, OdsSheet]:
    """Walk through the content of a spreadsheet, by sheet; nothing is walked where there is nothing to find."""
    if not (b"table:formula" in text or b'calcext:value-type="error"' in text or b"table:visibility" in text):
        return {}
    return {sheet.name: sheet for sheet in _walked(text)}


def _walked(text: bytes) -> Iterator[OdsSheet]:
    # What stands before the first sheet belongs to one without a name, which nobody asks for.
    sheet = OdsSheet("")
    row = below = column = place = 0
    tokens = list(_TOKEN.finditer(text))
    for number, token in enumerate(tokens):
        said = token["said"]
        times = int(found[1]) if (found := _TIMES.search(said)) else 1
        if token["sheet"]:
            yield sheet
            named = _NAME.search(said)
            sheet = OdsSheet(unescape(named[1].decode("utf-8", "replace")) if named else "")
            row = below = place = 0
        elif token["column"]:
            if _HIDDEN.search(said):
                sheet.hidden_columns |= set(range(place, min(place + times, _WIDEST)))
            place += times
        elif token["row"]:
            row, below, column = below, below + times, 0
            if _HIDDEN.search(said):
                sheet.hidden |= set(range(row, min(below, _DEEPEST)))
        else:
            until = tokens[number + 1].start() if number + 1 < len(tokens) else len(text)
            inside = b"" if said.endswith(b"/") else text[token.end() : until]
            if b"table:formula" in said or b"calcext:value-type" in said:
                rows, columns = range(row, min(below, _DEEPEST)), range(column, min(column + times, _WIDEST))
                _note(sheet, said, inside, [(one, other) for one in rows for other in columns])
            column += times
    yield sheet


def _note(sheet: OdsSheet, said: bytes, inside: bytes, places: list[tuple[int, int]]) -> None:
    shown = _shown(inside)
    is_formula = b"table:formula" in said
    if b'calcext:value-type="error"' in said or (is_formula and _SHOWN_ERROR.fullmatch(shown)):
        sheet.faults |= dict.fromkeys(places, shown if shown.startswith("#") else _ANY_FAULT)
    elif is_formula and not _has_value(said, shown):
        sheet.unsaved |= set(places)


def _has_value(said: bytes, shown: str) -> bool:
    """A formula may well say an empty text; then its value is a text, and saved."""
    return b'office:value-type="string"' in said or any(value in said for value in _VALUES) or bool(shown)


def _shown(inside: bytes) -> str:
    found = _TEXT.search(inside)
    return unescape(_TAG.sub(b"", found[1]).decode("utf-8", "replace")).strip() if found else ""
