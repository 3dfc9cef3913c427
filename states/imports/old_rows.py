"""What the row of an old register says of an end: how it ended, what was approved, what was settled of it."""

import re
from datetime import date
from functools import partial

from states.folding import fold, quoted
from states.imports.cells import read_line, read_money, read_span
from states.imports.head_words import Field
from states.imports.heads import Value
from states.imports.row_cells import Cells
from states.imports.wanted import OldEnd, Trouble, Wanted
from states.old_records import read_end
from states.refusal import Refused
from states.vocabulary import STATE_FUND

_NUMBERED = re.compile(r"(?:quyết định|qđ)?\s*(?:số)?\s*[:.]?\s*(?P<number>[0-9]+[^\s,;]*/[^\s,;]+)", re.IGNORECASE)
_DATED = re.compile(r"(?:ngày\s*)?(?P<day>[0-9]{1,2}\s*[/.-]\s*[0-9]{1,2}\s*[/.-]\s*[0-9]{4})", re.IGNORECASE)


def read_end_of(cells: Cells, wanted: Wanted) -> None:
    """Read the columns that only an old register has; what it must say and does not is lacking in the row."""
    wanted.end = OldEnd()
    _read_stage(cells, wanted, wanted.end)
    _read_approved(cells, wanted, wanted.end)
    _read_settled(cells, wanted, wanted.end)
    _read_decision(cells, wanted.end)
    if settled_on := cells.read(Field.SETTLED_ON, _read_day):
        wanted.end.settled_on = settled_on
        cells.place(Field.SETTLED_ON, "settled_on")


def _read_stage(cells: Cells, wanted: Wanted, end: OldEnd) -> None:
    cells.place(Field.STAGE, "stage")
    if cells.value(Field.STAGE) is None:
        _lacks(wanted, "stage", "Thiếu tình trạng; hãy thêm cột «Tình trạng», ví dụ «Đã quyết toán» hoặc «Dừng».")
        return
    end.status = cells.read(Field.STAGE, partial(read_line, what="tình trạng")) or ""
    end.stage = cells.read(Field.STAGE, lambda value: read_end(str(value)))
    if end.stage and fold(end.status) != fold(end.stage.label):
        wanted.notes.append(f"Tình trạng {quoted(end.status)} được hiểu là {end.stage.label}.")


def _read_approved(cells: Cells, wanted: Wanted, end: OldEnd) -> None:
    """Where a column says what was approved, the one of the fund says what was asked; alone, it says the approved."""
    fund = STATE_FUND[wanted.route] if wanted.route else None
    in_fund = wanted.amounts.get(fund) if fund else None
    told = cells.read(Field.APPROVED, lambda value: read_money(value, cells.scale(Field.APPROVED)))
    if told is not None:
        end.approved, end.asked = told, in_fund or 0
        cells.place(Field.APPROVED, "approved")
    elif cells.value(Field.APPROVED) is None:
        end.approved = in_fund
        if fund and str(fund) in wanted.places:
            wanted.places["approved"] = wanted.places[str(fund)]
    if end.approved is None:
        for name in (Field.SUPPORT, Field.NATIONAL_FUND, Field.LOCAL_FUND, Field.APPROVED):
            cells.place(name, "approved")
        sentence = "Thiếu kinh phí được phê duyệt; hãy thêm cột «Kinh phí phê duyệt» hoặc «Kinh phí hỗ trợ»."
        _lacks(wanted, "approved", sentence)


def _read_settled(cells: Cells, wanted: Wanted, end: OldEnd) -> None:
    """What was paid and what was settled of it are one amount once a project is closed; either says the other."""
    settled = cells.read(Field.SETTLED, lambda value: read_money(value, cells.scale(Field.SETTLED)))
    paid = cells.read(Field.PAID, lambda value: read_money(value, cells.scale(Field.PAID)))
    cells.place(Field.PAID, "settled")
    if paid is None or cells.value(Field.SETTLED) is not None:
        cells.place(Field.SETTLED, "settled")
    if settled is not None and paid is not None and settled != paid:
        cells.fail(
            Field.PAID,
            "Số đã chi khác số quyết toán, còn phải trả hoặc thu hồi thì đề án chưa kết thúc; hãy kiểm tra hai ô.",
        )
    end.settled = paid if settled is None else settled
    if settled is None and paid is not None:
        wanted.notes.append("Số quyết toán được hiểu bằng số đã chi.")
    if end.settled is None:
        sentence = "Thiếu số đã quyết toán; hãy thêm cột «Kinh phí quyết toán» (dừng mà chưa chi đồng nào thì ghi 0)."
        _lacks(wanted, "settled", sentence)


def _read_decision(cells: Cells, end: OldEnd) -> None:
    text = cells.read(Field.DECISION, partial(read_line, what="quyết định phê duyệt"))
    if text:
        numbered, dated = _NUMBERED.search(text), _DATED.search(text)
        end.decision = numbered["number"] if numbered else text
        cells.place(Field.DECISION, "decision")
        if dated:
            end.decided_on = cells.read(Field.DECISION, lambda _: _read_day(re.sub(r"\s", "", dated["day"])))
            cells.place(Field.DECISION, "decided_on")
    if day := cells.read(Field.DECIDED_ON, _read_day):
        end.decided_on = day
        cells.place(Field.DECIDED_ON, "decided_on")


def _read_day(value: Value) -> date:
    """One whole day: a month or a year is no day of a paper."""
    span = read_span(value, None)
    if span.first != span.last:
        raise Refused(f"Ngày {quoted(str(value))} chưa đủ ngày, tháng, năm; hãy gõ dạng 15/03/2022.")
    return span.first


def _lacks(wanted: Wanted, told: str, sentence: str) -> None:
    """Say what an old register has to tell; a cell that holds something else has its own sentence already."""
    column = wanted.places.get(told)
    if column is None or not any(trouble.column == column for trouble in wanted.troubles):
        wanted.troubles.append(Trouble(column, sentence))
