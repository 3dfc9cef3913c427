"""Files that were sent but not taken yet: beside the register, for a day, each for its own person.

A workbook between its preview and its confirmation; the papers of a form that was refused, so that nobody has to choose
them twice.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from states.facts import Person
from states.refusal import Refused

#: So long a file waits to be taken.
KEPT = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person, under the home of the register."""

    home: Path
    person: Person
    at: datetime

    def put(self, content: bytes) -> str:
        """Keep the bytes that came and return their SHA-256; what others or earlier days left is cleared away."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.iterdir():
            if old.stat().st_mtime < (self.at - KEPT).timestamp():
                old.unlink(missing_ok=True)
        sha256 = hashlib.sha256(content).hexdigest()
        place = self._place(sha256)
        draft = place.with_suffix(f".{os.getpid()}.part")
        draft.write_bytes(content)
        os.utime(draft, (self.at.timestamp(), self.at.timestamp()))
        draft.replace(place)
        return sha256

    def take(self, sha256: str) -> bytes:
        """The bytes that this person sent. Raises Refused when they are not there any more."""
        place = self._place(sha256) if _DIGEST.fullmatch(sha256) else None
        if place is None or not place.is_file():
            raise Refused("Tệp đã gửi không còn ở đây (giữ một ngày); hãy chọn và gửi lại tệp.")
        content = place.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Refused("Tệp đã gửi bị thay đổi trên máy chủ; hãy chọn và gửi lại tệp.")
        return content

    @property
    def _folder(self) -> Path:
        return self.home / "waiting"

    def _place(self, sha256: str) -> Path:
        return self._folder / f"{self.person.id}-{sha256}"
