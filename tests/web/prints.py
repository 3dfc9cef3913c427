"""What Chromium puts on paper, read back from its PDF as a person leafs through it."""

import unicodedata
from dataclasses import dataclass
from io import BytesIO

from playwright.sync_api import Page
from pypdf import PdfReader

#: Points of A4, the short and the long side; half a point is a rounding.
A4 = (595, 842)


@dataclass(frozen=True)
class Sheet:
    """One side of paper: its size in points, and its text."""

    width: float
    height: float
    text: str

    @property
    def is_a4(self) -> bool:
        sides = sorted((self.width, self.height))
        return all(abs(side - wanted) < 1 for side, wanted in zip(sides, A4, strict=True))

    def says(self, words: str) -> bool:
        """Does the sheet hold these words? A PDF breaks lines and parts syllables where it likes."""
        return squeezed(words) in squeezed(self.text)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def printed(page: Page) -> list[Sheet]:
    """Print the page as it stands, with the size of paper that it asks for."""
    reader = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    return [
        Sheet(float(sheet.mediabox.width), float(sheet.mediabox.height), sheet.extract_text()) for sheet in reader.pages
    ]
