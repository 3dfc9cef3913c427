"""Seals: each night the events up to its end are counted, hashed to one root and signed, chained to the seal before.

The key lies in a file outside the database and the codes go out with the nightly mail. So a forger who rewrites the
ledger consistently, or puts back an old copy, is found by the seals that he cannot make and by the mail that he cannot
call back.

Where a seal ends follows from the events alone (the last one recorded before the midnight that ends the day), so a
night that is sealed late gets the very seal that it would have got in time.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any

from sqlmodel import Session

from models.chain import GENESIS, canonical
from models.columns import instant_text
from models.loading import day_of
from models.statement import Statement
from states.facts import OFFICE_TIME
from states.words import format_date

#: How many event hashes, and how many bodies, are read at once.
_CHUNK, _PAGE = 10_000, 1_000


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal. `root` is the SHA-256 over the hashes of its events in their order; `code` signs all of it."""

    no: int
    business_date: date
    first_event: int
    last_event: int
    count: int
    root: str
    previous: str
    code: str

    @property
    def words(self) -> str:
        """The seal in one line, as the nightly report and its mail print it."""
        events = (
            f"sự kiện {self.first_event}–{self.last_event} ({self.count})" if self.count else "không có sự kiện mới"
        )
        return f"Niêm {self.no}, ngày {format_date(self.business_date)}: {events}, mã {self.code}"

    def as_json(self) -> dict[str, Any]:
        told = ("no", "first_event", "last_event", "count", "root", "previous", "code")
        return {"business_date": self.business_date.isoformat()} | {name: getattr(self, name) for name in told}


def seal_up_to(session: Session, key: bytes, on: date) -> list[Seal]:
    """Seal every night up to that of a business date that has no seal yet, oldest first. Again it seals nothing.

    The first seal reaches back to the first event.
    """
    _only_one(session)
    last = _newest(session)
    if last is None:
        first_on = _first_day(session)
        day = on if first_on is None else min(on, first_on)
    else:
        day = last.business_date + timedelta(days=1)
    made = []
    while day <= on:
        last = _seal(session, key, day, last)
        made.append(last)
        day += timedelta(days=1)
    return made


def _only_one(session: Session) -> None:
    """Two nights at once seal one after the other."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(3082007)")


def _seal(session: Session, key: bytes, on: date, before: Seal | None) -> Seal:
    first = before.last_event + 1 if before else 1
    last = _last_event_of(session, on, at_least=first - 1)
    count, root = _root(session, first, last)
    no, previous = (before.no + 1, before.code) if before else (1, GENESIS)
    said = _said(no, on, first, last, count, root, previous)
    sealed = Seal(no, on, first, last, count, root, previous, _code(key, said))
    _PUT.run(session, [said | {"code": sealed.code}])
    return sealed


def _said(no: int, on: date, first: int, last: int, count: int, root: str, previous: str) -> dict[str, Any]:
    values = {"no": no, "business_date": on.isoformat(), "first_event": first, "last_event": last}
    return values | {"count": count, "root": root, "previous": previous}


def _code(key: bytes, said: dict[str, Any]) -> str:
    return hmac.new(key, canonical(said).encode(), sha256).hexdigest()


_PUT = Statement(
    "INSERT INTO seal (no, business_date, first_event, last_event, count, root, previous, code) "
    "VALUES (:no, :business_date, :first_event, :last_event, :count, :root, :previous, :code)"
)


def _last_event_of(session: Session, on: date, *, at_least: int) -> int:
    """The last event before the first one that was recorded after the day: instants of clocks may lie a little."""
    end = instant_text(datetime.combine(on + timedelta(days=1), time(), OFFICE_TIME))
    found = _FIRST_AFTER.rows(session, end=end, least=at_least)
    if found and found[0].id is not None:
        return int(found[0].id) - 1
    return max(int(_HEAD.one(session).last_event_id), at_least)


_FIRST_AFTER = Statement("SELECT min(id) AS id FROM event WHERE id > :least AND recorded_at >= :end")
_HEAD = Statement("SELECT last_event_id FROM ledger_head")


def _first_day(session: Session) -> date | None:
    found = _FIRST.rows(session)
    if not found:
        return None
    at = found[0].recorded_at
    at = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return at.astimezone(OFFICE_TIME).date()


_FIRST = Statement("SELECT recorded_at FROM event ORDER BY id LIMIT 1")


def _root(session: Session, first: int, last: int) -> tuple[int, str]:
    root, count = sha256(), 0
    for start in range(first, last + 1, _CHUNK):
        rows = _HASHES.rows(session, first=start, last=min(start + _CHUNK - 1, last))
        root.update("".join([f"{event}:{digest}\n" for event, digest in rows]).encode())
        count += len(rows)
    return count, root.hexdigest()


_HASHES = Statement("SELECT id, hash FROM event WHERE id BETWEEN :first AND :last ORDER BY id")


# --- reading and verifying ----------------------------------------------------------------------------


def seals(session: Session, *, newest: int | None = None) -> list[Seal]:
    """The seals, oldest first; with `newest` only so many of the last ones."""
    rows = _SEALS.rows(session, limit=newest or 1_000_000)
    return [_read(row) for row in reversed(rows)]


_SEALS = Statement("SELECT * FROM seal ORDER BY no DESC LIMIT :limit")


def _newest(session: Session) -> Seal | None:
    return next(iter(seals(session, newest=1)), None)


def _read(row: Any) -> Seal:
    on = day_of(row.business_date)
    assert on is not None
    return Seal(row.no, on, row.first_event, row.last_event, row.count, row.root, row.previous, row.code)


@dataclass(frozen=True, slots=True)
class SealProblem:
    """A seal that does not hold, and a sentence that says what of it."""

    no: int
    what: str


def _root_of_bodies(session: Session, first: int, last: int) -> tuple[int, str]:
    """Count and root of some events as their bodies give them; no root where a stored hash is not that of its body.

    The bodies are what is proved. The stored hashes are only what seals are made from, because they are shorter.
    """
    root, count = sha256(), 0
    bodies = _BODIES[session.get_bind().dialect.name]
    for start in range(first, last + 1, _PAGE):
        rows = bodies.rows(session, first=start, last=min(start + _PAGE - 1, last))
        for event, stored, body in rows:
            digest = sha256(body).hexdigest().encode()
            root.update(b"%d:%s\n" % (event, digest if digest == stored else b""))
        count += len(rows)
    return count, root.hexdigest()


def _bodies(hashed: str, body: str) -> Statement:
    return Statement(
        f"SELECT id, {hashed} AS hash, {body} AS body FROM event WHERE id BETWEEN :first AND :last ORDER BY id"
    )


#: As bytes: text that is no longer UTF-8 would stop the driver, and the night with it.
_BODIES = {
    "sqlite": _bodies("CAST(hash AS BLOB)", "CAST(body AS BLOB)"),
    "postgresql": _bodies("convert_to(hash, 'UTF8')", "convert_to(body, 'UTF8')"),
}


def broken_seals(session: Session, key: bytes, *, printed: str = "") -> Iterator[SealProblem]:
    """Recompute every seal from the events. `printed` is a code from a mail: one that is not here was taken away."""
    previous, expected, codes = GENESIS, 1, set()
    for no, seal in enumerate(seals(session), start=1):
        codes.add(seal.code)
        if seal.no != no:
            yield SealProblem(seal.no, f"thiếu niêm {no}; niêm đó đã bị xóa.")
            return
        yield from _broken_chain(key, seal, previous, expected)
        yield from _broken_content(session, seal)
        previous, expected = seal.code, seal.last_event + 1
    if printed and printed not in codes:
        yield SealProblem(0, "không có niêm mang mã đã in; sổ đã bị thay bằng bản khác hoặc bản cũ.")


def _broken_chain(key: bytes, seal: Seal, previous: str, expected: int) -> Iterator[SealProblem]:
    """What is wrong with a seal by itself, behind the one before it."""
    if seal.previous != previous or seal.first_event != expected:
        yield SealProblem(seal.no, "không nối tiếp niêm liền trước; niêm đã bị sửa hoặc thay.")
    said = _said(seal.no, seal.business_date, seal.first_event, seal.last_event, seal.count, seal.root, seal.previous)
    if not hmac.compare_digest(_code(key, said), seal.code):
        yield SealProblem(seal.no, "mã không đúng với khóa niêm; niêm đã bị sửa, hoặc dùng khóa khác.")


def _broken_content(session: Session, seal: Seal) -> Iterator[SealProblem]:
    """What of its events is no longer as it was sealed."""
    count, root = _root_of_bodies(session, seal.first_event, seal.last_event)
    if count != seal.count:
        yield SealProblem(seal.no, f"có {count} sự kiện, lúc niêm là {seal.count}; sự kiện đã bị thêm hoặc bớt.")
    elif root != seal.root:
        yield SealProblem(seal.no, "các sự kiện không còn như lúc niêm; nội dung đã bị ghi lại.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A seal that was looked at: what is wrong, and whether its events were hashed again or only its code."""

    seal: Seal
    problems: tuple[SealProblem, ...]
    is_whole: bool


def check_newest(session: Session, key: bytes, *, newest: int, most_events: int) -> list[Checked]:
    """Check the last seals, newest first, hashing again no more events than `most_events` in all.

    For a page that must answer soon; the night recomputes every seal.
    """
    found = [*reversed(seals(session, newest=newest + 1)), None]
    checked, left = [], most_events
    for seal, older in islice(pairwise(found), newest):
        assert seal is not None
        previous, expected = (older.code, older.last_event + 1) if older else (GENESIS, 1)
        is_next = seal.no == (older.no + 1 if older else 1)
        problems = [] if is_next else [SealProblem(seal.no, "thiếu niêm liền trước; niêm đó đã bị xóa.")]
        problems += _broken_chain(key, seal, previous, expected)
        is_whole = seal.count <= left
        if is_whole:
            left -= seal.count
            problems += _broken_content(session, seal)
        checked.append(Checked(seal, tuple(problems), is_whole))
    return checked
