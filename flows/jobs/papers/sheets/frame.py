"""What every working paper says of itself, and how it becomes a file."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from flows.jobs.papers.letters.making import PDF_TYPE, PaperForm, file_name, plain, printed
from flows.jobs.papers.tables.frame import UNVERIFIED, File, Occasion, cut_off_now
from states.refusal import Refused
from states.words import format_date

if TYPE_CHECKING:
    from documents.sheets import Block


def sheet_file(
    occasion: Occasion,
    kind: str,
    name: str,
    form: PaperForm,
    *,
    title: str,
    subtitles: Sequence[str],
    blocks: Sequence["Block"],
) -> File:
    """Set a working paper. Raises Refused for Word, in which there is none, and where an archive lacks a letter."""
    from documents.sheets import Paper, pdf

    if form is PaperForm.DOCX:
        raise Refused("Bản này chỉ có dạng PDF; hãy dùng --pdf hoặc --pdf-a.")
    scope = (f"Trong phạm vi xem của {occasion.reader.name}",) if occasion.reader is not None else ()
    paper = Paper(
        occasion.issuer,
        plain(title),
        [*(plain(words) for words in subtitles), *scope],
        cut_off_now(occasion.session).words(occasion.at),
        occasion.at,
        occasion.mark,
        blocks,
    )
    content = printed(lambda: pdf(paper, archive=form is PaperForm.PDF_A))
    return File(file_name(occasion, kind, name, form), PDF_TYPE, content)


def day(iso: str | None, blank: str = "") -> str:
    return format_date(date.fromisoformat(iso[:10])) if iso else blank


def sure(words: str, verified: bool) -> str:
    """Words of a rule or a programme; what nobody has checked says so."""
    return words if verified else f"{words} ({UNVERIFIED})"
