"""The default template of each kind as a Word file, built here from what the kind says."""

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from documents.letters.filling import signed
from documents.letters.packing import still
from documents.letters.parts import Column, Each, Letter, Line, NewPage, Part, Rows, Signatures

FONT = "Times New Roman"


def default_template(letter: Letter) -> bytes:
    """Build the template of a kind: A4, margins 20/20/30/20 mm, Times New Roman, fields where the words will stand."""
    document = Document()
    _sheet(document, letter)
    _head(document, letter)
    for part in signed(letter):
        _part(document, part, letter)
    document.core_properties.title = letter.label
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001
    written = io.BytesIO()
    document.save(written)
    return still(written.getvalue())


def _sheet(document: Any, letter: Letter) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _marked(section.first_page_header.paragraphs[0])
    numbered = section.header.paragraphs[0]
    numbered.alignment = ALIGN.CENTER
    _field(numbered, "PAGE")
    _marked(section.header.add_paragraph())


def _lay_down(annex: Any) -> None:
    """Turn the sheet with its margins, the binding edge up; its first page has a number as any other."""
    annex.orientation = WD_ORIENTATION.LANDSCAPE
    annex.page_width, annex.page_height = Mm(297), Mm(210)
    annex.top_margin, annex.bottom_margin = Mm(30), Mm(20)
    annex.left_margin, annex.right_margin = Mm(25), Mm(25)
    annex.different_first_page_header_footer = False


def _marked(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.RIGHT
    run = paragraph.add_run("{{ mark }}")
    run.bold, run.font.size = True, Pt(11)


def _field(paragraph: Paragraph, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        paragraph.add_run()._r.append(element)


def _head(document: Any, letter: Letter) -> None:
    if letter.head == "office":
        _office_head(document, letter)
    else:
        _nation(document.add_paragraph(), document.add_paragraph(), document.add_paragraph(), sides=Mm(50))
    if letter.title:
        _centred(document, letter.title, 14, before=14)
        _centred(document, letter.about, 14)
        if letter.head == "parties":
            _centred(document, "{{ number }}", 13, bold=False)
        if letter.head == "office":
            _rule(document.add_paragraph(), Mm(60))
    if letter.addressee:
        _centred(document, letter.addressee, 14, bold=False, before=8, after=8)


def _office_head(document: Any, letter: Letter) -> None:
    table = _bare_table(document, 2, (66, 94))
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "{%p if issuer.parent %}")
    _write(left.add_paragraph(), "{{ issuer.parent }}", 12, align=ALIGN.CENTER)
    _write(left.add_paragraph(), "{%p endif %}")
    _write(left.add_paragraph(), "{{ issuer.short }}", 12, bold=True, align=ALIGN.CENTER)
    _rule(left.add_paragraph(), Mm(22))
    _nation(right.paragraphs[0], right.add_paragraph(), right.add_paragraph(), sides=Mm(18))
    left, right = table.rows[1].cells
    _write(left.paragraphs[0], "{{ number }}", 13, align=ALIGN.CENTER)
    if not letter.title:
        _write(left.add_paragraph(), letter.about, 12, align=ALIGN.CENTER)
    _write(right.paragraphs[0], "{{ place_and_day }}", 13, italic=True, align=ALIGN.CENTER)


def _nation(name: Paragraph, motto: Paragraph, rule: Paragraph, *, sides: Any) -> None:
    _write(name, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True, align=ALIGN.CENTER)
    _write(motto, "Độc lập - Tự do - Hạnh phúc", 13, bold=True, align=ALIGN.CENTER)
    _rule(rule, sides)


def _centred(
    document: Any, text: str, size: float, *, bold: bool = True, italic: bool = False, before: int = 0, after: int = 0
) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    _write(paragraph, text, size, bold=bold, italic=italic, align=ALIGN.CENTER)


def _write(
    paragraph: Paragraph,
    text: str,
    size: float = 14,
    *,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN | None = None,
) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    if align is not None:
        paragraph.alignment = align


def _rule(paragraph: Paragraph, sides: Any) -> None:
    """A thin line over an almost empty paragraph, shorter than it by `sides` on both ends."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = sides
    shape.line_spacing = Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.add_run().font.size = Pt(2)


# --- its parts ----------------------------------------------------------------------------------------


def _part(document: Any, part: Part | Signatures, letter: Letter) -> None:
    if isinstance(part, Line):
        _line(document.add_paragraph(), part)
    elif isinstance(part, Each):
        _write(document.add_paragraph(), f"{{%p for {part.name} in {part.over} %}}")
        for line in part.lines:
            _line(document.add_paragraph(), line)
        _write(document.add_paragraph(), "{%p endfor %}")
    elif isinstance(part, Rows):
        _rows(document, part)
    elif isinstance(part, NewPage):
        _lay_down(document.add_section(WD_SECTION.NEW_PAGE))
    else:
        _signatures(document, letter)


def _line(paragraph: Paragraph, line: Line) -> None:
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(3)
    if line.style in ("heading", "authority", "centre"):
        upright = line.style != "centre"
        _write(paragraph, line.text, 14, bold=upright, italic=not upright, align=ALIGN.CENTER)
        return
    shape.first_line_indent = Mm(10)
    if line.lead:
        _write(paragraph, f"{line.lead} ", bold=True)
    _write(paragraph, line.text, italic=line.style == "basis", align=ALIGN.LEFT if line.fills_in else ALIGN.JUSTIFY)


_ALIGNED = {"left": ALIGN.LEFT, "centre": ALIGN.CENTER, "right": ALIGN.RIGHT}


def _rows(document: Any, part: Rows) -> None:
    widths = tuple(column.width for column in part.columns)
    table = _bare_table(document, 4 + bool(part.total), widths)
    table.style = "Table Grid"
    _margins(table, Mm(1))
    _repeated(table.rows[0])
    for cell, column in zip(table.rows[0].cells, part.columns, strict=True):
        _write(cell.paragraphs[0], column.head, 12, bold=True, align=ALIGN.CENTER)
    _write(table.rows[1].cells[0].paragraphs[0], f"{{%tr for {part.name} in {part.over} %}}")
    _cells(table.rows[2].cells, part.columns, tuple(column.cell for column in part.columns), bold=False)
    _write(table.rows[3].cells[0].paragraphs[0], "{%tr endfor %}")
    if part.total:
        _cells(table.rows[4].cells, part.columns, part.total, bold=True)


def _margins(table: Any, sides: Any) -> None:
    """Cells with less room at their sides than Word gives, so that narrow columns hold their heads."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(sides.twips))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def _cells(cells: Any, columns: tuple[Column, ...], texts: tuple[str, ...], *, bold: bool) -> None:
    for cell, column, text in zip(cells, columns, texts, strict=True):
        _write(cell.paragraphs[0], text, 12, bold=bold, align=_ALIGNED[column.align])


def _signatures(document: Any, letter: Letter) -> None:
    document.add_paragraph().paragraph_format.line_spacing = Pt(10)
    if letter.signers:
        count = len(letter.signers)
        table = _bare_table(document, 1, (160 // count,) * count)
        for cell, who in zip(table.rows[0].cells, letter.signers, strict=True):
            _write(cell.paragraphs[0], who, 14 if count == 2 else 11, bold=True, align=ALIGN.CENTER)
            _write(cell.add_paragraph(), "(Ký, ghi rõ họ tên)", 12, italic=True, align=ALIGN.CENTER)
            _room_for_signature(cell)
        return
    left, right = _bare_table(document, 1, (75, 85)).rows[0].cells
    _write(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True)
    _write(left.add_paragraph(), "{%p for recipient in recipients %}")
    _write(left.add_paragraph(), "- {{ recipient }};", 11)
    _write(left.add_paragraph(), "{%p endfor %}")
    _write(left.add_paragraph(), "- Lưu: {{ archive }}.", 11)
    _write(right.paragraphs[0], "{%p for words in signing %}")
    _write(right.add_paragraph(), "{{ words }}", 14, bold=True, align=ALIGN.CENTER)
    _write(right.add_paragraph(), "{%p endfor %}")
    _room_for_signature(right)


def _room_for_signature(cell: Any) -> None:
    cell.add_paragraph().paragraph_format.space_before = Mm(24)


def _bare_table(document: Any, rows: int, widths: tuple[int, ...]) -> Any:
    """A table without lines, of fixed widths in millimetres, whose rows do not break over pages."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _repeated(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
