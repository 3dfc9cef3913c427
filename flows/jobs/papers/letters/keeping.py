"""A template of the office taken into its home, or taken away: checked first, recorded, and put there whole."""

import hashlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.jobs.papers.letters.templates import exported, folder, letter_of, own_template
from flows.jobs.settings import Settings
from models.append import Origin
from models.letter_templates import KEEPERS, record_template, recorded_templates
from models.people import refuse_others_than
from models.recording import record_with_files
from models.store import Session, Store
from states.facts import Enclosure, Person
from states.refusal import Refused
from states.vocabulary import Paper


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where templates stand, and by whom and in which transactions they are recorded.

    The file is put in its place after it was recorded: a machine that stops in between leaves the old one in use, and
    doing it again puts that right.
    """

    settings: Settings
    store: Store
    writing: Callable[[], AbstractContextManager[Session]]
    by: Person
    origin: Origin

    def use(self, kind: str, content: bytes, file_name: str) -> None:
        """Make a file the template of a kind.

        Raises Refused with everything that is wrong with it, and where it is the template already; then nothing is
        written.
        """
        refuse_others_than(self.by, *KEEPERS)
        letter = letter_of(kind)
        refuse_unusable(letter.kind, content)
        place = folder(self.settings) / f"{letter.kind}.docx"
        digest = hashlib.sha256(content).hexdigest()
        if place.is_file() and place.read_bytes() == content and self._recorded(letter.kind) == digest:
            raise Refused("Tệp này đang là mẫu của cơ quan rồi; không có gì thay đổi.")
        paper = Enclosure(Paper.OTHER, f"Mẫu {letter.label}", sha256=digest, size=len(content), file_name=file_name)

        def entry(session: Session) -> None:
            if recorded_templates(session).get(letter.kind, {}).get("sha256") != digest:
                record_template(session, letter.kind, paper, by=self.by, origin=self.origin)

        record_with_files(self.writing, self.store.files, [content], entry)
        _put(place, content)

    def use_ours(self, kind: str) -> None:
        """Go back to the template that we ship. The office's own stays among the papers of the register."""
        refuse_others_than(self.by, *KEEPERS)
        letter = letter_of(kind)
        place = own_template(folder(self.settings), letter.kind)
        recorded = self._recorded(letter.kind)
        if place is None and not recorded:
            raise Refused(f"{letter.label} đang dùng mẫu của phần mềm; không có gì thay đổi.")
        if recorded or recorded is None:
            with self.writing() as session:
                record_template(session, letter.kind, None, by=self.by, origin=self.origin)
        if place is not None:
            place.unlink(missing_ok=True)

    def _recorded(self, kind: str) -> str | None:
        """The hash of the file that was recorded last; empty where ours was, None where nothing ever was."""
        with self.store.read() as session:
            row: dict[str, Any] | None = recorded_templates(session).get(kind)
        return None if row is None else row["sha256"]


def refuse_unusable(kind: str, content: bytes) -> None:
    """Raise Refused with everything for which a file cannot be the template of a kind."""
    from documents.letters.word import check

    letter = letter_of(kind)
    if wrong := check(letter, content):
        raise Refused(f"Tệp chưa dùng làm mẫu «{letter.label}» được; hãy sửa các điểm sau rồi gửi lại.", *wrong)


def template_in_use(settings: Settings, kind: str) -> tuple[str, bytes]:
    """The template that papers of a kind are written with now: file name and content."""
    letter = letter_of(kind)
    own = own_template(folder(settings), letter.kind)
    return exported(kind) if own is None else (own.name, own.read_bytes())


def _put(place: Path, content: bytes) -> None:
    """Put a file in its place at once: whoever writes a paper meanwhile has the old one or the new one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(place)
