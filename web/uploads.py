"""Files that come with a form: checked, named, and ready to be recorded as papers."""

import hashlib
from dataclasses import dataclass, field, replace

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
    """Put the file of a field into the bundle as this paper; False where none was chosen.

    A file that cannot be taken is a mistake of its field.
    """
    upload = form.upload(name)
    if upload is None:
        return False
    try:
        # One byte more than may come, so that a file which is too large shows.
        content = upload.file.read(LARGEST_UPLOAD + 1)
        file_name = clean_file_name(upload.filename or "")
        file_kind(file_name, content)
    except Refused as refused:
        form.mistaken(name, *refused.reasons)
        return False
    digest = hashlib.sha256(content).hexdigest()
    bundle.add(replace(enclosure, sha256=digest, size=len(content), file_name=file_name), content)
    return True


def paper_choices() -> list[tuple[str, str]]:
    """For a form that asks which kind of paper a file is: value and words, the usual ones by name, the rest last."""
    said = ((str(kind), t(kind.label)) for kind in Paper)
    return [(code, label[:1].upper() + label[1:]) for code, label in said]
