"""The mart of a night, published whole or not at all: `publish` is what the nightly job and `dean mart make` call."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.columns import instant_text
from models.mart.gathering import gathered
from models.mart.shape import SCHEMA_VERSION
from models.mart.shelf import draft_of, place_of, shelf_of
from models.mart.writing import put_in_place, write_mart
from models.rollups import Rollups, read_cutoff, rollups
from models.rollups.cells import Apart
from models.schema import REVISION
from models.setup import is_demonstration
from models.status import programmes
from models.store import Store


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the mart of a night. Where the two ways differ there is none, and an older file stays."""

    path: Path | None
    agrees: bool
    content_hash: str | None
    differences: tuple[Apart, ...]
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path) if self.path else None,
            "agrees": self.agrees,
            "content_hash": self.content_hash,
            "differences": [apart.as_json() for apart in self.differences],
        }


def publish(store: Store, home: Path, *, as_of: date, at: datetime) -> Published:
    """Write the mart of a business date, if the roll-ups agree in both ways; the same register gives the same content.

    A file of that date is replaced in one stroke: a crash leaves the old one, and no part of the new one.
    """
    with store.read() as session:
        used = [programme["code"] for programme in programmes(session) if programme["projects"]]
        found = [rollups(session, code, as_of=as_of) for code in used]
        differences = tuple(apart for each in found for apart in each.differences)
        if differences:
            reasons = tuple(dict.fromkeys(reason for each in found if not each.agrees for reason in each.reasons))
            return Published(None, False, None, differences, reasons)
        place, digest = _publish(session, home, found, as_of=as_of, at=at)
    return Published(place, True, digest, ())


def _publish(session: Session, home: Path, found: list[Rollups], *, as_of: date, at: datetime) -> tuple[Path, str]:
    shelf = shelf_of(home, demonstration=is_demonstration(session))
    shelf.mkdir(parents=True, exist_ok=True)
    draft, place = draft_of(shelf, as_of, os.getpid()), place_of(shelf, as_of)
    # What a writer of the same number left behind when it crashed.
    draft.unlink(missing_ok=True)
    try:
        rows = gathered(session, found, as_of)
        digest = write_mart(draft, rows, _meta(session, as_of), _made(at))
        put_in_place(draft, place)
    finally:
        draft.unlink(missing_ok=True)
    return place, digest


def _meta(session: Session, as_of: date) -> dict[str, str]:
    """What the content is; part of the content hash."""
    register = session.connection().execute(text("SELECT title, province, is_demonstration FROM register")).one()
    cutoff = read_cutoff(session)
    return {
        "as_of": as_of.isoformat(),
        "cutoff_event": str(cutoff.event),
        "cutoff_on": cutoff.on.isoformat(),
        "demonstration": str(register.is_demonstration),
        "province": register.province,
        "register_revision": REVISION,
        "schema_version": str(SCHEMA_VERSION),
        "title": register.title,
    }


def _made(at: datetime) -> dict[str, str]:
    return {"generator": f"dean {version('dean')}", "made_at": instant_text(at)}
