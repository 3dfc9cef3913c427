"""The second factor: a code of six digits from the person's telephone, and recovery codes for when it is lost.

The register keeps a seed, and the secret follows from it with the key that lies outside the database: whoever gets a
copy of the database alone cannot compute codes. Of recovery codes only hashes are kept.
"""

import base64
import hmac
import re
import secrets
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.refusal import Refused
from states.vocabulary import Labelled

#: Seconds for which a code stands; a telephone's clock may be one step ahead or behind.
STEP, SLACK = 30, 1
#: Recovery codes are written down on paper: no letter in them looks like another one.
CODES, _GROUPS, _GROUP, _ALPHABET = 10, 3, 5, "abcdefghjkmnpqrstuvwxyz23456789"
_SEED = re.compile(r"[0-9a-f]{32}")


class Proof(Labelled):
    """By what a second factor was shown."""

    CODE = "code", "Mã trên điện thoại"
    RECOVERY = "recovery", "Mã dự phòng"


def new_seed() -> str:
    """What a new secret is made of."""
    return secrets.token_hex(16)


def is_seed(text: str) -> bool:
    return _SEED.fullmatch(text) is not None


def secret_of(key: bytes, seed: str) -> str:
    """The secret of a seed, as authenticator apps take it (base32). Raises Refused for what is no seed."""
    if not is_seed(seed):
        raise Refused("Trang cài đặt này không còn dùng được; hãy mở lại trang rồi quét mã mới.")
    return base64.b32encode(hmac.digest(key, f"second factor\0{seed}".encode(), "sha256")[:20]).decode()


def enrolment_uri(secret: str, *, code: str, title: str) -> str:
    """What the square on the page says to an authenticator app."""
    from pyotp import TOTP

    return TOTP(secret, interval=STEP).provisioning_uri(name=code, issuer_name=title)


def step_of(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """The time step that a typed code belongs to, later than the last one used; None where there is none."""
    from pyotp import HOTP

    digits, now, found = re.sub(r"\s", "", typed), int(at.timestamp()) // STEP, None
    for step in range(now - SLACK, now + SLACK + 1):
        # Every step is compared, so that the time it takes tells nothing.
        if hmac.compare_digest(HOTP(secret).at(step).encode(), digits.encode()) and step > after:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Codes to be shown once; each of 75 bits, so a fast hash of it is enough."""
    groups = range(_GROUPS)
    return ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in groups) for _ in range(CODES)]


def _hash(code: str) -> str:
    return sha256(re.sub(r"[\s-]", "", code).casefold().encode()).hexdigest()


def recovery_codes_left(session: Session, person_id: int) -> int | None:
    """How many recovery codes are left; None where no second factor is set up."""
    found = _READ.rows(session, person=person_id)
    return len(found[0].recovery_hashes.split()) if found and found[0].totp_secret else None


_READ = Statement("SELECT totp_secret, totp_step, recovery_hashes FROM credential WHERE person_id = :person")


def set_up(
    session: Session, key: bytes, person_id: int, seed: str, typed: str, codes: list[str], *, at: datetime
) -> None:
    """Turn the second factor on with the first code that the telephone shows.

    Raises Refused when the code is wrong, or when one is set up already.
    """
    found = _READ.rows(session, person=person_id)
    if found and found[0].totp_secret:
        raise Refused("Xác thực hai bước đã bật; muốn đổi điện thoại, hãy tắt rồi bật lại.")
    step = step_of(secret_of(key, seed), typed, at=at, after=int(found[0].totp_step) if found else 0)
    if step is None:
        raise Refused("Mã 6 số không đúng; hãy gõ mã đang hiện trên điện thoại, và kiểm tra giờ của điện thoại.")
    values = {"person": person_id, "seed": seed, "step": step, "hashes": " ".join(map(_hash, codes))}
    _SET.run(session, [values | {"at": instant_text(at)}])


_SET = Statement("""
    INSERT INTO credential (person_id, password_hash, changed_at, totp_secret, totp_step, recovery_hashes)
    VALUES (:person, '', :at, :seed, :step, :hashes)
    ON CONFLICT (person_id) DO UPDATE SET totp_secret = excluded.totp_secret, totp_step = excluded.totp_step,
        recovery_hashes = excluded.recovery_hashes""")


def prove(session: Session, key: bytes, person_id: int, typed: str, *, at: datetime) -> Proof | None:
    """Use a code of the telephone, or a recovery code, up; None where it is neither. Each works once.

    Call it inside the transaction that opens the session: of two browsers with one code the first one gets in.
    """
    found = _READ.rows(session, person=person_id)
    if not found or not found[0].totp_secret:
        return None
    step = step_of(secret_of(key, found[0].totp_secret), typed, at=at, after=int(found[0].totp_step))
    if step is not None and _USE_STEP.rows(session, person=person_id, step=step):
        return Proof.CODE
    was, mine = found[0].recovery_hashes, _hash(typed)
    rest = " ".join(one for one in was.split() if one != mine)
    if rest != was and _USE_CODE.rows(session, person=person_id, was=was, rest=rest):
        return Proof.RECOVERY
    return None


_USE_STEP = Statement(
    "UPDATE credential SET totp_step = :step WHERE person_id = :person AND totp_step < :step RETURNING totp_step"
)
_USE_CODE = Statement(
    "UPDATE credential SET recovery_hashes = :rest WHERE person_id = :person AND recovery_hashes = :was "
    "RETURNING person_id"
)


def renew_recovery_codes(session: Session, person_id: int, codes: list[str]) -> None:
    """Put new recovery codes in the place of all old ones. Raises Refused where no second factor is set up."""
    if not _RENEW.rows(session, person=person_id, hashes=" ".join(map(_hash, codes))):
        raise Refused("Chưa bật xác thực hai bước nên chưa có mã dự phòng; hãy bật trước.")


_RENEW = Statement(
    "UPDATE credential SET recovery_hashes = :hashes WHERE person_id = :person AND totp_secret <> '' "
    "RETURNING person_id"
)


def remove_second_factor(session: Session, person_id: int) -> None:
    """Turn it off; the last step used stays, so that old codes stay worth nothing. Raises Refused where it is off."""
    if not _REMOVE.rows(session, person=person_id):
        raise Refused("Người này chưa bật xác thực hai bước; không có gì để bỏ.")


_REMOVE = Statement(
    "UPDATE credential SET totp_secret = '', recovery_hashes = '' WHERE person_id = :person AND totp_secret <> '' "
    "RETURNING person_id"
)
