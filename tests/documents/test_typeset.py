"""PDFs: the same values make the same bytes, one family of fonts, every Vietnamese letter, typed text stays text."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from documents import sheets
from documents.typeset import FAMILY, UnprintableError, pdf

VOWELS = "aàáảãạ ăằắẳẵặ âầấẩẫậ eèéẻẽẹ êềếểễệ iìíỉĩị oòóỏõọ ôồốổỗộ ơờớởỡợ uùúủũụ ưừứửữự yỳýỷỹỵ đ"
LETTERS = f"{VOWELS} {VOWELS.upper()} ₫"
MADE_AT = datetime(2026, 1, 20, 5, 0, tzinfo=UTC)
HOSTILE = "{{ x }} {% for %} <w:p> & #set text(red) *bold* _nghiêng_ $x^2$ @ref \\ \"kép\" 'đơn' [x] // chú thích"


def paper(*words: str) -> sheets.Paper:
    blocks: list[sheets.Block] = [
        sheets.Heading("Mục"),
        *(sheets.Words(text) for text in words),
        sheets.Facts([("Tên", words[0])]),
        sheets.Track([sheets.Milestone("Đề xuất", "01/02/2024"), sheets.Milestone("Thẩm định")]),
        sheets.Bars("Chỉ tiêu", [sheets.Bar("Kế hoạch", "14", 700)], "Kế hoạch 14", goal=650),
        sheets.Table(("Cột",), (1,), ("left",), [(words[0],)], total=("Cộng",), shaded=[0]),
    ]
    return sheets.Paper("Sở Công Thương", "Bản thử", ["phụ đề"], "Số liệu đến 12:00", MADE_AT, "MINH HỌA", blocks)


def letter(**values: Any) -> dict[str, Any]:
    """A letter of one block of each style, each of them with the same words."""
    words = values.pop("words", "chữ")
    styles = ("body", "basis", "centre", "heading", "authority", "item")
    lines = [
        {"kind": "line", "style": style, "lead": "1.", "text": words, "fills_in": style == "item"} for style in styles
    ]
    table = {"kind": "rows", "widths": [160], "align": ["left"], "head": ["Cột"], "rows": [[words]], "total": [words]}
    return {
        "head": "office",
        "title": "BIÊN BẢN",
        "about": words,
        "addressee": words,
        "signers": [],
        "blocks": [*lines, table, {"kind": "signatures"}, {"kind": "page"}],
        "issuer": {"parent": "ỦY BAN\nTỈNH", "short": "SỞ", "name": "Sở", "capitals": "SỞ"},
        "number": "Số:      /BB",
        "place_and_day": "Vĩnh Long, ngày … tháng … năm …",
        "signing": ["GIÁM ĐỐC"],
        "recipients": [words],
        "archive": "VT",
        "mark": "",
        "cut_off": "Số liệu",
        "made_at": MADE_AT.isoformat(),
    } | values


def families(content: bytes) -> set[str]:
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    return {name.partition("-")[0] for name in names}


def text_of(content: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("archive", [False, True])
def test_every_vietnamese_letter_stands_in_one_embedded_family(archive: bool) -> None:
    made = pdf("letter", letter(words=LETTERS), archive=archive)

    assert families(made) == {FAMILY.replace(" ", "")}
    told = text_of(made)
    assert [sign for sign in LETTERS if told.count(sign) < 10] == []


def test_bold_italic_has_the_letters_that_the_font_lacks_in_its_bold_italic() -> None:
    made = pdf("letter", letter())

    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(made)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert [name for name in fonts if "BoldItalic" in name and "Semibold" not in name] == []
    assert "Nơi nhận:" in text_of(made)


def test_the_same_values_make_the_same_bytes() -> None:
    first, second = pdf("letter", letter()), pdf("letter", letter())

    assert first == second
    assert pdf("letter", letter(made_at="2026-01-21T00:00:00+00:00")) != first


def test_pages_are_a4_and_an_archive_says_that_it_is_one() -> None:
    plain, archive = pdf("letter", letter()), pdf("letter", letter(), archive=True)

    for made in (plain, archive):
        sizes = {
            (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
            for page in PdfReader(io.BytesIO(made)).pages
        }
        assert sizes == {(595, 842)}
    assert (b"pdfaid:part" in plain, b"pdfaid:part" in archive) == (False, True)


def test_an_archive_refuses_a_letter_that_no_font_has_and_a_plain_one_is_made() -> None:
    strange = letter(words="Cơ sở 漢字")

    with pytest.raises(UnprintableError):
        pdf("letter", strange, archive=True)

    assert "Cơ sở" in text_of(pdf("letter", strange))


@pytest.mark.parametrize("words", [HOSTILE, "Tên rất dài " * 120])
def test_what_people_typed_is_text_and_never_markup(words: str) -> None:
    as_letter, as_sheet = pdf("letter", letter(words=words)), sheets.pdf(paper(words))

    wanted = "".join(words.split())
    assert wanted in "".join(text_of(as_letter).split())
    assert wanted in "".join(text_of(as_sheet).split())


def test_a_working_paper_says_up_to_when_it_knows_and_that_it_is_a_demonstration() -> None:
    made = sheets.pdf(paper("chữ"), archive=True)

    told = text_of(made)
    assert "Số liệu đến 12:00" in told
    assert "MINH HỌA" in told
    assert "Trang 1/1" in told
    assert families(made) == {FAMILY.replace(" ", "")}
