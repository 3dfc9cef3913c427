"""Official papers in Word and in PDF: the same words, the layout of Nghị định 30/2020, typed text stays text."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader

from documents.letters.fields import listed
from documents.letters.filling import filled
from documents.letters.kinds import LETTERS
from documents.letters.parts import Letter
from documents.letters.word import check, word
from documents.letters.word_templates import FONT, default_template
from documents.typeset import pdf

HOSTILE = "{{ x }} {% for %} <w:p>&</w:p> #set text(red) *bold* _nghiêng_ \"kép\" 'đơn' [x] $y$"
#: The longest amount that a paper has to hold.
MOST = "99.999.999.999"
SETTLED = ("payment_request", "liquidation_minutes")
AMOUNTS = dict.fromkeys(("support", "contracted", "accepted", "prepaid", "paid", "payable"), MOST)
LONG = "Hợp tác xã Sản xuất, Thương mại và Dịch vụ " * 12


def values_of(letter: Letter, **given: Any) -> dict[str, Any]:
    """A value for each field, its own name unless something is given for a leaf of that name; two of several."""

    def made(fields: Any, name: str = "") -> Any:
        if isinstance(fields, str):
            return given.get(name.rpartition(".")[2], f"‹{name}›")
        if isinstance(fields, list):
            return [made(fields[0], f"{name}.{number}") for number in (1, 2)]
        return {key: made(value, f"{name}.{key}".lstrip(".")) for key, value in fields.items()}

    return made(letter.fields) | {"made_at": "2026-01-20T05:00:00+00:00"}  # type: ignore[no-any-return]


def words_of(content: bytes) -> str:
    """The text of a PDF without the spaces, which every typesetter puts elsewhere, and without page numbers."""
    return "".join(printed(content).split())


def printed(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def texts_of(letter: Letter, values: dict[str, Any]) -> list[str]:
    """Every text that the paper must show."""
    found = filled(letter, values)
    texts: list[str] = [found["title"], found["about"], found["addressee"], found["number"]]
    # Papers between parties tell their day in their text.
    texts += [found["place_and_day"]] if letter.head == "office" else []
    if not letter.signers:
        texts += [f"- {recipient};" for recipient in found["recipients"]]
    for block in found["blocks"]:
        texts += [block.get("lead", ""), block.get("text", "")]
        texts += [*block.get("head", ()), *block.get("total", ()), *(c for row in block.get("rows", ()) for c in row)]
    return ["".join(text.split()) for text in texts if text]


@pytest.fixture(scope="module")
def opened(libreoffice: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each kind as Word file, hostile text in it, as LibreOffice prints it."""
    folder = tmp_path_factory.mktemp("letters")
    for kind, letter in LETTERS.items():
        values = values_of(letter, name=HOSTILE, beneficiary=LONG, **AMOUNTS)
        (folder / f"{kind}.docx").write_bytes(word(values, default_template(letter)))
    made = libreoffice([folder / f"{kind}.docx" for kind in LETTERS], "pdf", folder)
    return {path.stem: path.read_bytes() for path in made}


@pytest.mark.parametrize("kind", LETTERS)
def test_both_forms_show_every_word_also_hostile_and_long_ones(kind: str, opened: dict[str, bytes]) -> None:
    letter = LETTERS[kind]
    values = values_of(letter, name=HOSTILE, beneficiary=LONG, **AMOUNTS)

    by_word, by_typst = words_of(opened[kind]), words_of(pdf("letter", filled(letter, values)))

    wanted = texts_of(letter, values)
    assert len(wanted) > 10
    # In narrow columns a page break or a second line of a neighbour falls between the pieces of one text.
    short = [text for text in wanted if len(text) < 40]
    for told in (by_word, by_typst):
        assert [text for text in short if text not in told] == []
    hostile = "".join(HOSTILE.split())
    is_there = any(hostile in text for text in wanted)
    assert (hostile in by_word, hostile in by_typst) == (is_there, is_there)


@pytest.mark.parametrize("kind", ["proposal_letter", "approval_decision", "contract", *SETTLED])
def test_an_amount_is_never_broken(kind: str, opened: dict[str, bytes]) -> None:
    letter = LETTERS[kind]
    by_typst = pdf("letter", filled(letter, values_of(letter, name=HOSTILE, beneficiary=LONG, **AMOUNTS)))

    for made in (opened[kind], by_typst):
        assert printed(made).count(MOST) == words_of(made).count(MOST) >= 3


@pytest.mark.parametrize("kind", LETTERS)
def test_a_default_template_is_clean_and_names_only_its_fields(kind: str) -> None:
    letter = LETTERS[kind]

    assert check(letter, default_template(letter)) == []
    assert default_template(letter) == default_template(letter)
    assert len(dict(listed(letter.fields))) >= 20


@pytest.mark.parametrize("kind", LETTERS)
def test_the_sheet_is_that_of_the_decree(kind: str) -> None:
    document = Document(io.BytesIO(default_template(LETTERS[kind])))

    section, *annexes = document.sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins if margin] == [20, 20, 30, 20]
    assert [round(side / Mm(1)) for side in (section.page_width, section.page_height) if side] == [210, 297]
    assert document.styles["Normal"].font.name == FONT
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    for annex in annexes:
        assert (annex.page_width, annex.page_height) == (section.page_height, section.page_width)
        assert annex.header.is_linked_to_previous
        assert not annex.different_first_page_header_footer


@pytest.mark.parametrize("kind", LETTERS)
def test_a_paper_leaves_number_and_day_to_the_records_office_and_ends_as_papers_end(kind: str) -> None:
    letter = LETTERS[kind]
    values = values_of(letter, number="Số:         /KH", place_and_day="Vĩnh Long, ngày … tháng … năm …")

    told = words_of(pdf("letter", filled(letter, values)))

    assert "Số:/KH" in told
    assert "./." in told
    if letter.head == "office":
        assert "VĩnhLong,ngày…tháng…năm…" in told
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAMĐộclập-Tựdo-Hạnhphúc" in told


def test_grounds_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    letter = LETTERS["approval_decision"]

    blocks = filled(letter, values_of(letter))["blocks"]

    grounds = [block["text"] for block in blocks if block.get("style") == "basis"]
    assert [text[-1] for text in grounds] == [";", "."]


def test_the_signatures_stand_before_the_annex() -> None:
    letter = LETTERS["approval_decision"]

    kinds = [block["kind"] for block in filled(letter, values_of(letter))["blocks"]]

    assert kinds.index("signatures") + 1 == kinds.index("page")
    assert kinds.count("signatures") == 1


def test_pages_are_numbered_from_the_second_on() -> None:
    letter = LETTERS["approval_decision"]
    made = pdf("letter", filled(letter, values_of(letter, mark="")))

    first, second = (page.extract_text().strip() for page in list(PdfReader(io.BytesIO(made)).pages)[:2])

    assert not first.startswith("1")
    assert second.startswith("2")


def test_the_same_values_make_the_same_word_file_and_it_carries_its_cut_off() -> None:
    letter = LETTERS["contract"]
    values, template = values_of(letter, cut_off="Số liệu đến 12:00"), default_template(letter)

    first = word(values, template)

    assert first == word(values, template)
    assert Document(io.BytesIO(first)).core_properties.comments == "Số liệu đến 12:00"
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert b"{{" not in packed.read("word/document.xml")
