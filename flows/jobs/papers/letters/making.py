"""Making an official paper as a Word file or a PDF. The register stays as it is."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flows.jobs.papers.letters.kinds import LETTER_KINDS
from flows.jobs.papers.letters.subjects import Subject
from flows.jobs.papers.letters.templates import folder, letter_of, own_template, template
from flows.jobs.papers.letters.writing import Writing
from flows.jobs.papers.tables.frame import File, Occasion
from flows.jobs.settings import Settings
from states.facts import OFFICE_TIME, Person
from states.refusal import Refused
from states.vocabulary import Labelled, Stage


class PaperForm(Labelled):
    """The forms in which a paper is handed over."""

    DOCX = "docx", "Word"
    PDF = "pdf", "PDF"
    PDF_A = "pdf-a", "PDF/A"


_OF = {
    "project": "mã một đề án",
    "list": "NĂM/local hoặc NĂM/national",
    "decision": "số một quyết định đã ghi",
    "contract": "số một hợp đồng",
}
PDF_TYPE = "application/pdf"
#: What XML and printers do not take; a line break stays.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]|[\ud800-\udfff]")


def letter_file(occasion: Occasion, settings: Settings, kind: str, subject: Subject, form: PaperForm) -> File:
    """Write one paper. Raises Refused where a fact is missing, the person's role does not write it, or a template
    of the office cannot be used.

    A PDF has the words of our own templates: those of the office are Word files and stay Word files.
    """
    letter = letter_of(kind)
    values = plain(
        letter_values(occasion, letter.kind, subject, deputy=settings.paper_deputy, section=settings.paper_section)
    )
    doubts = (*values["doubts"], *([f"{letter.form}."] if letter.form else []))
    name = file_name(occasion, letter.kind, subject.name, form)
    if form is PaperForm.DOCX:
        from documents.letters.word import MEDIA_TYPE, word

        return File(name, MEDIA_TYPE, word(values, template(settings, letter)), doubts)
    from documents.letters.filling import filled
    from documents.typeset import pdf

    words, is_archive = filled(letter, values), form is PaperForm.PDF_A
    return File(name, PDF_TYPE, printed(lambda: pdf("letter", words, archive=is_archive)), doubts)


def letter_values(
    occasion: Occasion, kind: str, subject: Subject, *, deputy: bool = False, section: str = ""
) -> dict[str, Any]:
    """The values of the fields of a paper, all of them words, and its `doubts`, which are no field. Raises Refused."""
    refuse_other_roles(occasion.reader, kind)
    known = LETTER_KINDS[kind]
    if subject.kind not in known.of:
        raise Refused(f"{letter_of(kind).label} soạn cho {' hoặc '.join(_OF[of] for of in known.of)}; hãy ghi lại.")
    return known.values(Writing(occasion, subject, deputy, section))


def refuse_other_roles(reader: Person | None, kind: str) -> None:
    """Refuse a person whose role does not write such papers; told before anything is looked up."""
    letter = letter_of(kind)
    who = LETTER_KINDS[letter.kind].who
    if reader is not None and reader.role not in who:
        roles = ", ".join(sorted(role.label for role in who))
        raise Refused(f"{letter.label} do {roles} soạn; hãy nhờ người có vai trò đó.")


def printed(make: Callable[[], bytes]) -> bytes:
    """Set a PDF. Raises Refused where an archive would lack a letter."""
    from documents.typeset import UnprintableError

    try:
        return make()
    except UnprintableError:
        raise Refused(
            "Có ký tự mà phông chữ của PDF/A không có (ví dụ chữ Hán, biểu tượng); hãy sửa ký tự đó hoặc lấy dạng PDF."
        ) from None


def possible(person: Person, stage: Stage) -> list[tuple[str, str]]:
    """The kinds of paper that a person may write for a project of this stage: code and label."""
    from documents.letters.kinds import LETTERS

    return [
        (kind, LETTERS[kind].label)
        for kind, known in LETTER_KINDS.items()
        if person.role in known.who and stage in known.stages and "project" in known.of
    ]


def possible_of(person: Person, of: str) -> list[tuple[str, str]]:
    """The kinds that a person may write for a list, a decision or a contract."""
    from documents.letters.kinds import LETTERS

    return [
        (kind, LETTERS[kind].label)
        for kind, known in LETTER_KINDS.items()
        if person.role in known.who and of in known.of
    ]


def is_own(settings: Settings, kind: str) -> bool:
    """Does the office have a template of its own for this kind?"""
    return own_template(folder(settings), kind) is not None


def file_name(occasion: Occasion, kind: str, name: str, form: PaperForm) -> str:
    """Says what, about what, of which day and, in the demonstration, that it is one; plain letters only."""
    local = occasion.at.astimezone(OFFICE_TIME)
    before = "MINH-HOA_" if occasion.is_demonstration else ""
    folded = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    about = re.sub(r"[^A-Za-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
    ending = "docx" if form is PaperForm.DOCX else "pdf"
    archive = "_PDFA" if form is PaperForm.PDF_A else ""
    return f"{before}{kind.replace('_', '-')}_{about}_{local:%Y%m%d}{archive}.{ending}"


def plain(values: Any) -> Any:
    """Take out what neither a Word file nor a PDF can hold; what people typed stays otherwise."""
    if isinstance(values, str):
        return _CONTROLS.sub(" ", values)
    if isinstance(values, dict):
        return {name: plain(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [plain(value) for value in values]
    return values
