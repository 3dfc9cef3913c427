"""A clerk who writes papers over an office's register, and what stands in them."""

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from flows.jobs.papers.letters import subjects
from flows.jobs.papers.letters.making import PaperForm, letter_file, letter_values
from flows.jobs.papers.tables.frame import File, Occasion
from flows.jobs.settings import Settings
from models.loading import load_person
from states.refusal import Refused


class Clerk:
    """Writes papers over an office's register, for a person or for nobody in particular."""

    def __init__(self, office: Any, home: Path) -> None:
        self.office, self.home = office, home

    def values(self, kind: str, about: str, by: str | None = None, **more: Any) -> dict[str, Any]:
        with self.office.store.read() as session:
            occasion = self.occasion(session, by)
            return letter_values(occasion, kind, subjects.named(occasion, about), **more)

    def file(self, kind: str, about: str, form: PaperForm, by: str | None = None, **settings: Any) -> File:
        made_with = Settings(_env_file=None, home=self.home, **settings)
        with self.office.store.read() as session:
            occasion = self.occasion(session, by)
            return letter_file(occasion, made_with, kind, subjects.named(occasion, about), form)

    def occasion(self, session: Any, by: str | None = None, demonstration: bool = False) -> Occasion:
        reader = load_person(session, by) if by else None
        return Occasion(session, reader, self.office.at, demonstration)

    def refused(self, kind: str, about: str, by: str | None = None) -> str:
        with pytest.raises(Refused) as refused:
            self.values(kind, about, by)
        [reason] = refused.value.reasons
        return reason


def words(file: File) -> str:
    """The text of a file without its spaces."""
    if file.name.endswith(".docx"):
        document = Document(io.BytesIO(file.content))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return "".join("".join([*(p.text for p in document.paragraphs), *cells]).split())
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages).split())
