"""A program that asks twice gets one effect: the key of a request is stored in the transaction of its effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.refusal import Refused

#: How long a key is remembered; housekeeping forgets older ones.
REMEMBERED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that wants to happen once: whose, its key, and what was asked."""

    person_id: int
    key: str
    request_hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the first request. `status` 0 says that it was done and its answer lost on the way."""

    status: int
    answer: str


class AlreadyDone(Exception):
    """The effect of this request is in the register already."""


def kept_answer(session: Session, claim: Claim) -> Kept | None:
    """The answer of an earlier request under the key, or None. Raises Refused where it asked for something else."""
    rows = _FIND.rows(session, person=claim.person_id, key=claim.key)
    if not rows:
        return None
    if rows[0].request_hash != claim.request_hash:
        raise Refused("Idempotency-Key này đã dùng cho một yêu cầu khác; hãy dùng khóa mới.")
    return Kept(rows[0].status, rows[0].answer)


_FIND = Statement("SELECT request_hash, status, answer FROM idempotency_key WHERE person_id = :person AND key = :key")


def claim_key(session: Session, claim: Claim) -> None:
    """Take the key inside the transaction of the effect. Raises AlreadyDone where another request has taken it."""
    row = {"person": claim.person_id, "key": claim.key, "hash": claim.request_hash, "at": instant_text(claim.at)}
    if not _CLAIM.rows(session, **row):
        raise AlreadyDone


_CLAIM = Statement("""
    INSERT INTO idempotency_key (person_id, key, request_hash, status, answer, at)
    VALUES (:person, :key, :hash, 0, '', :at) ON CONFLICT (person_id, key) DO NOTHING RETURNING key""")


def keep_answer(session: Session, claim: Claim, status: int, answer: str) -> None:
    """Keep the answer of a request whose effect is in the register."""
    _KEEP.run(session, [{"person": claim.person_id, "key": claim.key, "status": status, "answer": answer}])


_KEEP = Statement(
    "UPDATE idempotency_key SET status = :status, answer = :answer WHERE person_id = :person AND key = :key"
)
