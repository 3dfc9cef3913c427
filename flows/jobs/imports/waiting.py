"""Files between their preview and their confirmation: beside the register, for a day, each for its own person."""

import hashlib
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

from states.facts import Person
from states.refusal import Refused

#: So long a previewed file waits to be confirmed.
KEPT = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def put_aside(home: Path, person: Person, content: bytes, *, at: datetime) -> str:
    """Keep the bytes of a preview and return their SHA-256; what others or earlier days left is cleared away."""
    folder = home / "imports-waiting"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < (at - KEPT).timestamp():
            old.unlink(missing_ok=True)
    sha256 = hashlib.sha256(content).hexdigest()
    place = _place(home, person, sha256)
    draft = place.with_suffix(f".{os.getpid()}.part")
    draft.write_bytes(content)
    os.utime(draft, (at.timestamp(), at.timestamp()))
    draft.replace(place)
    return sha256


def taken_up(home: Path, person: Person, sha256: str) -> bytes:
    """The bytes that this person previewed. Raises Refused when they are not there any more."""
    place = _place(home, person, sha256) if _DIGEST.fullmatch(sha256) else None
    if place is None or not place.is_file():
        raise Refused("Tệp đã xem trước không còn ở đây (giữ một ngày); hãy gửi lại tệp để xem trước.")
    content = place.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("Tệp đã xem trước bị thay đổi; hãy gửi lại tệp để xem trước.")
    return content


def _place(home: Path, person: Person, sha256: str) -> Path:
    return home / "imports-waiting" / f"{person.id}-{sha256}"
