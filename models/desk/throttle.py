"""Guessing is made slow for whoever guesses, and for nobody else.

A stranger who guesses rests by name and address: everybody else comes in meanwhile. Guesses at one name from many
addresses are slowed to one a minute, except in a browser in which that person signed in before. What needs a
password or an open session already, the second factor and one's own password, is counted by the person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.refusal import Refused

#: So many failures within this time, and the guesser rests. An address may serve a whole office behind one router.
WINDOW = timedelta(minutes=15)
FAILURES, FAILURES_OF_AN_ADDRESS = 5, 50
#: After so many failures at one name, from wherever, strangers may try it this often.
FAILURES_OF_A_NAME, SLOWED_TO = 25, timedelta(minutes=1)
#: The rows by which an attempt was counted.
Attempt = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """Under what an attempt is counted, and how many failures each of it bears. `slowed` bears more, but slowly."""

    limits: tuple[tuple[str, int], ...]
    slowed: str = ""

    @property
    def abouts(self) -> tuple[str, ...]:
        return (*(about for about, _ in self.limits), *((self.slowed,) if self.slowed else ()))


def at_the_door(name: str, address: str, device: str = "") -> Guess:
    """A sign-in with a password; `device` is the mark of a browser in which the person signed in before."""
    if device:
        return Guess(((f"device:{device}", FAILURES),))
    place = _network(address)
    return Guess(
        ((f"pair:{name}@{place}", FAILURES), (f"address:{place}", FAILURES_OF_AN_ADDRESS)), slowed=f"name:{name}"
    )


def second_factor(name: str) -> Guess:
    """A code of six digits: who gets so far knows the password, so guesses from everywhere count together."""
    return Guess(((f"code:{name}", FAILURES),))


def own_password(name: str) -> Guess:
    """The password asked for again in a browser that is signed in."""
    return Guess(((f"own:{name}", FAILURES),))


def _network(address: str) -> str:
    """What one household or office holds of addresses: of IPv6 that is a network, not a number."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else str(known)


def claim_attempt(session: Session, guess: Guess, *, at: datetime) -> Attempt:
    """Count an attempt as failed before it is judged: a hundred sent at once are no more than so many.

    Raises Refused where too many have failed lately.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two attempts that are counted at once would each see only the other's past.
        session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(3082011)")
    _refuse_guessing(session, guess, at)
    return tuple(_NOTE.one(session, about=about, at=instant_text(at)).id for about in guess.abouts)


def _refuse_guessing(session: Session, guess: Guess, at: datetime) -> None:
    for about, most in guess.limits:
        if _failures(session, about, at - WINDOW) >= most:
            minutes = int(WINDOW.total_seconds() // 60)
            raise Refused(
                f"Đã sai quá nhiều lần; hãy đợi {minutes} phút rồi thử lại, hoặc nhờ quản trị gửi đường dẫn đặt lại."
            )
    slowed = guess.slowed
    if not slowed or _failures(session, slowed, at - WINDOW) < FAILURES_OF_A_NAME:
        return
    if _failures(session, slowed, at - SLOWED_TO):
        raise Refused(
            "Tên này đang bị thử mật khẩu từ nhiều nơi nên mỗi phút chỉ nhận một lần; hãy đợi một phút rồi thử lại, "
            "hoặc đăng nhập ở trình duyệt bạn từng dùng."
        )


def _failures(session: Session, about: str, since: datetime) -> int:
    return int(_COUNT.one(session, about=about, since=instant_text(since)).failures)


_COUNT = Statement("SELECT count(*) AS failures FROM login_failure WHERE about = :about AND at > :since")


def forgive(session: Session, guess: Guess, attempt: Attempt) -> None:
    """Forget the failures of a guesser who was right in the end; of what is shared only this attempt."""
    _FORGIVE.run(session, [{"about": guess.limits[0][0]}])
    for one in attempt:
        _TAKE_BACK.run(session, [{"id": one}])


def forgive_everywhere(session: Session, name: str) -> None:
    """Forget what failed under a name that has a new password: whoever was refused may try that one at once."""
    for about in (f"name:{name}", f"own:{name}"):
        _FORGIVE.run(session, [{"about": about}])
    _FORGIVE_PAIRS.run(session, [{"start": f"pair:{name}@"}])


_NOTE = Statement("INSERT INTO login_failure (about, at) VALUES (:about, :at) RETURNING id")
_FORGIVE = Statement("DELETE FROM login_failure WHERE about = :about")
_FORGIVE_PAIRS = Statement("DELETE FROM login_failure WHERE substr(about, 1, length(:start)) = :start")
_TAKE_BACK = Statement("DELETE FROM login_failure WHERE id = :id")
