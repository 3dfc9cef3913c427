"""What a person should know of a file before confirming it, though nothing of it is an error."""

from collections.abc import Iterable, Iterator

from documents.reading import Sheet, column_name
from states.imports.heads import Head
from states.imports.layout import Layout

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
