"""Files that come with a form: checked, named, and ready to be recorded as papers."""

import hashlib
from dataclasses import dataclass, field, replace

from starlette.datastructures import UploadFile

from states.facts import Enclosure
from states.file_kinds import LARGEST_UPLOAD, clean_file_name, file_kind
from states.refusal import Refused
from states.vocabulary import Paper
from web.fields import Fields
from web.words import t


@dataclass(slots=True)
class Bundle:
    """Papers to record, and the contents of those that came as files."""

    enclosures: list[Enclosure] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    def add(self, enclosure: Enclosure, content: bytes | None = None) -> None:
        self.enclosures.append(enclosure)
        if content is not None:
            self.contents.append(content)


def take_paper(form: Fields, bundle: Bundle, name: str, enclosure: Enclosure) -> bool:
    """Put the file of a field, or the one that waits for it, into the bundle as this paper; False where there is none.

    A file that cannot be taken is a mistake of its field.
    """
    try:
        if (came := _came(form, name)) is None:
            return False
    except Refused as refused:
        form.mistaken(name, *refused.reasons)
        return False
    file_name, content = came
    digest = hashlib.sha256(content).hexdigest()
    bundle.add(replace(enclosure, sha256=digest, size=len(content), file_name=file_name), content)
    return True


def _came(form: Fields, name: str) -> tuple[str, bytes] | None:
    """Name and bytes of a field's file. Raises Refused for one that cannot be taken, or that waits no longer."""
    if upload := form.upload(name):
        return _read(upload)
    if form.waiting is None or name not in form.held:
        return None
    digest, file_name = form.held.pop(name)
    content = form.waiting.take(digest)
    file_name = clean_file_name(file_name)
    file_kind(file_name, content)
    form.held[name] = digest, file_name
    return file_name, content


def _read(upload: UploadFile) -> tuple[str, bytes]:
    upload.file.seek(0)
    # One byte more than may come, so that a file which is too large shows.
    content = upload.file.read(LARGEST_UPLOAD + 1)
    file_name = clean_file_name(upload.filename or "")
    file_kind(file_name, content)
    return file_name, content


def hold_files(form: Fields) -> None:
    """Let the files of a form that is shown again wait for its next sending: browsers forget what was chosen."""
    if form.waiting is None:
        return
    for name, upload in form.uploads():
        try:
            file_name, content = _read(upload)
        except Refused:
            continue
        form.held[name] = form.waiting.put(content), file_name


def paper_choices() -> list[tuple[str, str]]:
    """For a form that asks which kind of paper a file is: value and words, the usual ones by name, the rest last."""
    said = ((str(kind), t(kind.label)) for kind in Paper)
    return [(code, label[:1].upper() + label[1:]) for code, label in said]
