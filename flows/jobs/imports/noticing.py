"""What a person should know of a file before confirming it, though nothing of it is an error."""

from collections.abc import Iterable, Iterator
from datetime import date

from documents.reading import Sheet, column_name
from flows.jobs.imports.rows import Outcome, Row
from models.ceilings import times_of
from models.forms import LARGEST
from models.rulebook import Rulebook
from states.activities import ACTIVITIES
from states.ceilings import CeilingRule, ceiling, check_support, rule_for
from states.imports.heads import Head
from states.imports.known import ProgrammeNames, usual_content
from states.imports.layout import Layout
from states.imports.wanted import Wanted
from states.vocabulary import STATE_FUND, Route

#: An address, a sentence, and whether it is a warning.
Notice = tuple[str, str, bool]


def hidden_parts(sheet: Sheet, head: Head, layout: Layout) -> Iterator[Notice]:
    """Rows and understood columns that are imported although the person's program does not show them."""
    for first, last in _stretches(one.row for one in layout.listed if one.row in sheet.hidden):
        rows = str(first + 1) if first == last else f"{first + 1}–{last + 1}"
        sentence = "dòng đang ẩn trong tệp (hoặc bị bộ lọc giấu) nhưng vẫn được nhập; nếu không muốn nhập, hãy xóa hẳn."
        yield f"Dòng {rows}", sentence, True
    for column in head.columns:
        if column.index in sheet.hidden_columns:
            sentence = f"cột «{column.head}» đang ẩn trong tệp nhưng vẫn được đọc; nếu không muốn nhập, hãy xóa hẳn."
            yield f"Cột {column_name(column.index)}", sentence, True


def _stretches(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow one another, as first and last."""
    first = last = -1
    for row in sorted(rows):
        if first >= 0 and row == last + 1:
            last = row
            continue
        if first >= 0:
            yield first, last
        first = last = row
    if first >= 0:
        yield first, last


class Doubts:
    """Says of rows that become drafts what their submission will be held against: nothing of it is an error yet."""

    def __init__(self, book: Rulebook, programme: ProgrammeNames, today: date) -> None:
        self._book, self._programme, self._today = book, programme, today
        self._levels: dict[tuple[str, Route], CeilingRule | None] = {}
        self._usual: dict[str, int | None] = {}

    def note(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.outcome is Outcome.NEW:
                row.notes += [f"Lưu ý: {doubt}" for doubt in self._doubts(row.wanted)]

    def _doubts(self, wanted: Wanted) -> Iterator[str]:
        yield from self._excess(wanted)
        usual = self._usual_content(str(wanted.values.get("activity", "")))
        if usual is not None and wanted.content is not None and usual != wanted.content:
            yield f"hoạt động này thường thuộc nội dung {usual}, dòng này ghi nội dung {wanted.content}; hãy kiểm tra."
        ends_on = wanted.values.get("ends_on")
        if ends_on is not None and wanted.plan_year is not None and ends_on.year > wanted.plan_year:
            yield f"ngày kết thúc sau năm kế hoạch {wanted.plan_year}; hãy kiểm tra."

    def _excess(self, wanted: Wanted) -> Iterable[str]:
        activity, route = str(wanted.values.get("activity", "")), wanted.route
        asked = wanted.amounts.get(STATE_FUND[route], 0) if route is not None else 0
        if route is None or not asked or activity not in ACTIVITIES:
            return ()
        rule = self._level(activity, route)
        if rule is None:
            return ()
        found = ceiling(
            [rule],
            activity,
            # A cost that nobody told leaves only the cap to be held against.
            cost=wanted.values.get("total_cost") or LARGEST,
            ask=asked,
            route=route,
            on=self._today,
            jurisdiction=self._book.jurisdiction,
            quantity=times_of(
                rule, named=len(wanted.beneficiaries or ()) + len(wanted.fresh), quantities=wanted.targets or {}
            ),
        )
        return [f"{reason[:1].lower()}{reason[1:]}" for reason in check_support(found)]

    def _level(self, activity: str, route: Route) -> CeilingRule | None:
        key = (activity, route)
        if key not in self._levels:
            self._levels[key] = rule_for(
                self._book.ceilings, activity, route=route, on=self._today, jurisdiction=self._book.jurisdiction
            )
        return self._levels[key]

    def _usual_content(self, activity: str) -> int | None:
        """The content whose name speaks of an activity, where that is clear."""
        if activity not in self._usual:
            self._usual[activity] = usual_content(activity, self._programme.contents)
        return self._usual[activity]
