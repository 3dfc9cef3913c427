"""PDF from a Typst source of ours and plain values, with the fonts that the typesetter brings and no others.

The values reach the source as JSON, so nothing that a person typed is ever read as markup.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

#: The only one of the typesetter's fonts that looks like Times and has every Vietnamese letter. Its bold italic has
#: not (ư, Ơ and Ư are missing), so the sources write bold italic in weight 600: see page.typ.
FAMILY = "Libertinus Serif"

SOURCES = Path(__file__).parent / "typeset"
#: For archives: fonts inside, text that can be searched, the order of reading written down (ISO 19005-2, level A).
ARCHIVE: Final = "a-2a"
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_NO_GLYPH = re.compile(r"could not be displayed")


class UnprintableError(Exception):
    """A letter that is in none of the fonts: an archive must show every letter, so it takes none of these."""


def pdf(source: str, values: Mapping[str, Any], *, archive: bool = False) -> bytes:
    """Set one of our sources (`letter` is documents/typeset/letter.typ), which reads `values` with page.typ's `given`.

    `made_at` among the values, an aware instant or its ISO text, is the moment written into the file; the same
    values make the same bytes. Raises UnprintableError, for archives only.
    """
    made_at = values.get("made_at", _NO_MOMENT)
    moment = made_at if isinstance(made_at, datetime) else datetime.fromisoformat(made_at)
    written = json.dumps({**values, "made_at": moment.isoformat()}, ensure_ascii=False)
    try:
        return typst.compile(
            SOURCES / f"{source}.typ",
            root=SOURCES,
            font_paths=_fonts(),
            sys_inputs={"values": written},
            pdf_standards=[ARCHIVE] if archive else [],
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        if archive and _NO_GLYPH.search(error.message):
            raise UnprintableError(error.message) from error
        raise


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside the typesetter: what a machine has installed must not change what a paper looks like."""
    return typst.Fonts(include_system_fonts=False)
