"""What every table of the office shares: for whom and when it is made, up to when it knows the register, its forms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models.queries.places import bodies
from models.rollups import read_cutoff
from models.store import Session
from states.facts import OFFICE_TIME, Person
from states.refusal import Refused
from states.vocabulary import Authority, Labelled, Route
from states.words import format_date, format_number

# The writers of files take a quarter of a second to import.
if TYPE_CHECKING:
    from documents.tables import Book, Sheet

MARK = "MINH HỌA: số liệu không có thật"
UNIT = "Đơn vị tính: đồng"
SIGNERS = ("Người lập biểu", "Thủ trưởng đơn vị")
#: Routes in the names of files.
ROUTE_STEMS = {Route.LOCAL: "dia-phuong", Route.NATIONAL: "quoc-gia"}
UNVERIFIED = "chưa kiểm chứng"


class Form(Labelled):
    """The forms in which a table is handed over."""

    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"
    PDF = "pdf", "PDF"
    JSON = "json", "JSON"


MEDIA_TYPES = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
    Form.PDF: "application/pdf",
    Form.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """One view of the register, for whom it is read and at which instant. Nobody in particular reads everything."""

    session: Session
    reader: Person | None
    at: datetime
    is_demonstration: bool

    @property
    def today(self) -> date:
        return self.at.astimezone(OFFICE_TIME).date()

    @property
    def issuer(self) -> str:
        """The department under its name of the day."""
        return bodies(self.session).name(Authority.DEPARTMENT, self.today.isoformat(), "") or ""

    @property
    def mark(self) -> str:
        return MARK if self.is_demonstration else ""


@dataclass(frozen=True, slots=True)
class CutOff:
    """Up to which event figures know the register; `frozen_on` where they were kept earlier and do not follow it."""

    event: int
    frozen_on: date | None = None

    def words(self, at: datetime) -> str:
        local = at.astimezone(OFFICE_TIME)
        made = f"{local:%H:%M} ngày {format_date(local.date())} (giờ Việt Nam)"
        event = f"sự kiện {format_number(self.event)}"
        if self.frozen_on is not None:
            return f"Số liệu chốt ngày {format_date(self.frozen_on)}, đến {event}; lập biểu lúc {made}"
        return f"Số liệu đến {made}, {event}"

    def plain(self, at: datetime) -> dict[str, Any]:
        on = self.frozen_on or at.astimezone(OFFICE_TIME).date()
        return {"event": self.event, "on": on.isoformat(), "frozen": self.frozen_on is not None}


def cut_off_now(session: Session) -> CutOff:
    """The end of the register as this view sees it."""
    return CutOff(read_cutoff(session).event)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be written: its sheets are drawn, and its rows read, when a form asks for them.

    `plain` are the values for programs; rows that come one by one stand in it as an iterator.
    """

    name: str
    stem: str
    occasion: Occasion
    cut_off: CutOff
    sheets: Callable[[], tuple["Sheet", ...]]
    plain: Callable[[], dict[str, Any]]

    def file_name(self, form: Form) -> str:
        """Says what, of which day and, in the demonstration, that it is one."""
        local = self.occasion.at.astimezone(OFFICE_TIME)
        before = "MINH-HOA_" if self.occasion.is_demonstration else ""
        return f"{before}{self.stem}_{local:%Y%m%d}.{form}"

    def book(self) -> "Book":
        from documents.tables import Book

        told = self.occasion
        return Book(told.issuer, self.sheets(), self.cut_off.words(told.at), told.at, told.mark)

    def values(self) -> dict[str, Any]:
        """The whole as values for programs, with what says where they are from."""
        told = self.occasion
        head = {
            "table": self.name,
            "made_at": told.at.astimezone(OFFICE_TIME).isoformat(timespec="seconds"),
            "cutoff": self.cut_off.plain(told.at),
            "demonstration": told.is_demonstration,
            "read_as": told.reader.code if told.reader else None,
        }
        return head | self.plain()


@dataclass(frozen=True, slots=True)
class File:
    """A paper as a file, to be saved or sent. `doubts` are for whoever has it made: what it holds unchecked."""

    name: str
    media_type: str
    content: bytes
    doubts: tuple[str, ...] = ()


def made(table: Table, form: Form, part: int = 0) -> File:
    """Write a table in a form, while its view of the register is open. Raises Refused as `pieces` does."""
    return File(table.file_name(form), MEDIA_TYPES[form], b"".join(pieces(table, form, part)))


def pieces(table: Table, form: Form, part: int = 0) -> Iterator[bytes]:
    """The same in pieces, for tables that are longer than the memory; `part` is the sheet that CSV writes.

    Raises Refused for a table of more rows than the form holds, and for a part that it does not have.
    """
    from documents.tables import TooLongError

    try:
        yield from _pieces(table, form, part)
    except TooLongError as error:
        other = Form.CSV.label if form is Form.XLSX else Form.XLSX.label
        raise Refused(
            f"{form.label} chứa nhiều nhất {format_number(error.most)} dòng; hãy lọc bớt hoặc lấy dạng {other}."
        ) from None


def _pieces(table: Table, form: Form, part: int) -> Iterator[bytes]:
    if form is Form.JSON:
        from documents.json import lines

        yield from lines(table.values())
        return
    book = table.book()
    if form is Form.CSV:
        from documents.csv import lines as csv_lines

        if not 0 <= part < len(book.sheets):
            names = "; ".join(f"{number}: {sheet.name}" for number, sheet in enumerate(book.sheets, start=1))
            raise Refused(f"Biểu này có {len(book.sheets)} phần ({names}); hãy chọn một phần trong số đó.")
        yield from csv_lines(book, part)
    elif form is Form.XLSX:
        from documents.xlsx import write

        yield write(book)
    else:
        from documents.table_pages import pdf

        yield pdf(book)


def day_of(iso: str | None) -> date | None:
    """A day of a row, as a table takes it."""
    return date.fromisoformat(iso[:10]) if iso else None


def local_day_of(iso: str | None) -> date | None:
    """The office's day of an instant of a row."""
    return datetime.fromisoformat(iso).astimezone(OFFICE_TIME).date() if iso else None


def limited(limited_to: str | None) -> tuple[str, ...]:
    """The line that says whose scope left something out."""
    return (f"Chỉ gồm đề án trong phạm vi xem của {limited_to}",) if limited_to else ()
