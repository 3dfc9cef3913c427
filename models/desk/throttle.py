"""Guessing passwords is made slow: after some failures a name, or an address, rests for a while."""

from datetime import datetime, timedelta

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.refusal import Refused

#: So many failures within this time, and the name rests. An address may serve a whole office behind one router.
WINDOW = timedelta(minutes=15)
FAILURES_OF_A_NAME, FAILURES_OF_AN_ADDRESS = 5, 50


def refuse_guessing(session: Session, name: str, address: str, *, at: datetime) -> None:
    """Raises Refused where too many sign-ins have failed lately for the name or from the address."""
    since = instant_text(at - WINDOW)
    for about, most in ((f"name:{name}", FAILURES_OF_A_NAME), (f"address:{address}", FAILURES_OF_AN_ADDRESS)):
        if _COUNT.one(session, about=about, since=since).failures >= most:
            minutes = int(WINDOW.total_seconds() // 60)
            raise Refused(
                f"Đã sai quá nhiều lần; hãy đợi {minutes} phút rồi thử lại, hoặc nhờ quản trị gửi đường dẫn đặt lại."
            )


_COUNT = Statement("SELECT count(*) AS failures FROM login_failure WHERE about = :about AND at > :since")


def note_failure(session: Session, name: str, address: str, *, at: datetime) -> None:
    """Remember that a sign-in failed."""
    _NOTE.run(session, [{"about": about, "at": instant_text(at)} for about in (f"name:{name}", f"address:{address}")])


def forgive(session: Session, name: str) -> None:
    """Forget the failures of a name after it has signed in."""
    _FORGIVE.run(session, [{"about": f"name:{name}"}])


_NOTE = Statement("INSERT INTO login_failure (about, at) VALUES (:about, :at)")
_FORGIVE = Statement("DELETE FROM login_failure WHERE about = :about")
