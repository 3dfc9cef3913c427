"""Guessing passwords is made slow: after some failures a name, or an address, rests for a while."""

from datetime import datetime, timedelta

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.refusal import Refused

#: So many failures within this time, and the name rests. An address may serve a whole office behind one router.
WINDOW = timedelta(minutes=15)
FAILURES_OF_A_NAME, FAILURES_OF_AN_ADDRESS = 5, 50
#: The rows by which an attempt was counted.
Attempt = tuple[int, ...]


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


def claim_attempt(session: Session, name: str, address: str, *, at: datetime) -> Attempt:
    """Count an attempt as failed before it is judged: a hundred sent at once are no more than so many.

    Raises Refused as `refuse_guessing` does.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two attempts that are counted at once would each see only the other's past.
        session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(3082011)")
    refuse_guessing(session, name, address, at=at)
    abouts = (f"name:{name}", f"address:{address}")
    return tuple(_NOTE.one(session, about=about, at=instant_text(at)).id for about in abouts)


def forgive(session: Session, name: str, attempt: Attempt = ()) -> None:
    """Forget the failures of a name that has signed in, and that its attempt came from the address."""
    _FORGIVE.run(session, [{"about": f"name:{name}"}])
    for one in attempt:
        _TAKE_BACK.run(session, [{"id": one}])


_NOTE = Statement("INSERT INTO login_failure (about, at) VALUES (:about, :at) RETURNING id")
_FORGIVE = Statement("DELETE FROM login_failure WHERE about = :about")
_TAKE_BACK = Statement("DELETE FROM login_failure WHERE id = :id")
