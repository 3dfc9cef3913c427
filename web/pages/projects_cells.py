"""The rows of a list and the options of its filters as HTML.

They are written here and not in a template: a page holds hundreds of cells, and calling a macro for each was most of
the time that people waited. Whatever comes from the register is escaped.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from states.old_records import MARK
from web import words
from web.pages.projects_asked import COLUMNS, MONEY
from web.words import day, dong, instant, left_kind, left_words, t

Row = dict[str, Any]


def body(rows: Iterable[Row], columns: Sequence[str], *, ticks: bool | None) -> Markup:
    """The rows of a table, with a box to tick (`ticks`: is it ticked?) or, where that is None, with a number."""
    heads = [(CELLS[name], f' data-label="{escape(t(COLUMNS[name]))}"') for name in columns]
    choose = str(escape(t("Chọn {code}", code="\0")))
    mark = f' <span class="mark">{escape(t(MARK))}</span>'
    made = []
    for number, row in enumerate(rows, start=1):
        code, name = escape(row["code"]), escape(row["name"])
        if ticks is None:
            first = f'<td data-label="{escape(t("STT"))}">{number}</td>'
        else:
            ticked = " checked" if ticks else ""
            said = choose.replace("\0", code)
            box = f'<input type="checkbox" name="code" value="{code}"{ticked} aria-label="{said}">'
            first = f'<td class="tickbox">{box}</td>'
        cells = "".join(cell(row, label) for cell, label in heads)
        old = mark if row["old_record"] else ""
        link = f'<a href="/projects/{code}">{name}</a><span class="sub">{code}{old}</span>'
        made.append(f'<tr>{first}<th scope="row">{link}</th>{cells}</tr>\n')
    return Markup("".join(made))


def options(pairs: Iterable[tuple[Any, str]], chosen: Any, empty: str) -> Markup:
    """The options of a filter, in the language that is spoken; `empty` is the one that filters nothing."""
    told = tuple((str(value), text) for value, text in pairs)
    return _options(told, "" if chosen is None else str(chosen), empty, words.language())


@lru_cache(maxsize=500)
def _options(pairs: tuple[tuple[str, str], ...], chosen: str, empty: str, _language: str) -> Markup:
    made = [f'<option value="">{escape(empty)}</option>']
    for value, text in pairs:
        selected = " selected" if value == chosen else ""
        made.append(f'<option value="{escape(value)}"{selected}>{escape(t(text))}</option>')
    return Markup("".join(made))


def grouped(groups: Iterable[tuple[str, Iterable[tuple[Any, str]]]], chosen: Any, empty: str) -> Markup:
    """The options of a filter in groups with a name each."""
    made = [f'<option value="">{escape(empty)}</option>']
    for label, pairs in groups:
        inside = options(pairs, chosen, "").removeprefix('<option value=""></option>')
        made.append(f'<optgroup label="{escape(t(label))}">{inside}</optgroup>')
    return Markup("".join(made))


# --- cells --------------------------------------------------------------------------------------------


def _money(kind: str) -> Callable[[Row, str], str]:
    return lambda row, label: f'<td class="amount"{label}>{dong(row[kind]) if row[kind] else "–"}</td>'


def _plain(name: str) -> Callable[[Row, str], str]:
    return lambda row, label: f"<td{label}>{escape(row[name] or '–')}</td>"


def _stage(row: Row, label: str) -> str:
    return f'<td class="at"{label}>{_badge(row["stage"], row["stage_label"], words.language())}</td>'


@lru_cache(maxsize=200)
def _badge(stage: str, label: str, _language: str) -> str:
    return f'<span class="stage stage-{escape(stage)}">{escape(t(label))}</span>'


def _deadline(row: Row, label: str) -> str:
    due = row["deadline"]
    if due is None:
        return f"<td{label}>–</td>"
    if due["due_on"] is None:
        return f'<td{label}>{escape(t("tạm dừng"))}<span class="sub">{_rule(due, words.language())}</span></td>'
    left = f'<span class="left left-{left_kind(due)}">{escape(left_words(due))}</span>'
    return f'<td{label}>{left}<span class="sub">{day(due["due_on"])}, {_rule(due, words.language())}</span></td>'


def _rule(due: Row, language: str) -> str:
    return _rule_text(due["label"], bool(due["verified"]), bool(due["provisional"]), language)


@lru_cache(maxsize=500)
def _rule_text(label: str, verified: bool, provisional: bool, _language: str) -> str:
    """What a deadline is, with the marks of what is not certain about it."""
    said = str(escape(t(label)))
    if not verified:
        title = escape(t("Chưa kiểm chứng với văn bản gốc"))
        said += f' <abbr class="unverified" title="{title}">{escape(t("chưa kiểm chứng"))}</abbr>'
    return said + (f" {escape(t('(tạm tính)'))}" if provisional else "")


def _year(row: Row, label: str) -> str:
    carried = row["work_year"] != row["plan_year"]
    more = f'<span class="sub">{escape(t("làm năm {year}", year=row["work_year"]))}</span>' if carried else ""
    return f"<td{label}>{row['plan_year']}{more}</td>"


def _unit(row: Row, label: str) -> str:
    return f'<td class="unit"{label}>{escape(row["unit_name"])}</td>'


def _route(row: Row, label: str) -> str:
    return f"<td{label}>{escape(t(row['route_label']))}</td>"


def _moved(row: Row, label: str) -> str:
    return f'<td class="nowrap"{label}>{instant(row["moved_at"])[:10]}</td>'


CELLS: dict[str, Callable[[Row, str], str]] = {
    "stage": _stage,
    "deadline": _deadline,
    "unit": _unit,
    "place": _plain("place_name"),
    "year": _year,
    "route": _route,
    "content": _plain("content"),
    **{kind: _money(kind) for kind in MONEY},
    "moved": _moved,
}
