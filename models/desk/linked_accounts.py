"""Accounts of the office's account server, each belonging to one person of the register. None makes a person."""

from datetime import datetime

from sqlmodel import Session

from models.columns import instant_text
from models.loading import load_person
from models.statement import Statement
from states.facts import Person
from states.folding import quoted
from states.refusal import Refused


def person_of_account(session: Session, account: str, email: str, *, at: datetime) -> tuple[Person, bool]:
    """The person to whom an account belongs, and whether it was linked just now.

    An account that is new here belongs to the one person with its e-mail address, which the server has proved (empty
    where it has not). Raises Refused for an account of nobody, of several, of somebody locked, or of somebody who has
    another one.
    """
    found = _BY_ACCOUNT.rows(session, account=account)
    if found:
        return _unlocked(load_person(session, found[0].code)), False
    if not email:
        raise Refused("Cổng đăng nhập chưa xác nhận địa chỉ thư của tài khoản này; hãy xác nhận ở cổng rồi thử lại.")
    fitting = _BY_EMAIL.rows(session, email=email)
    if len(fitting) != 1:
        several = "nhiều người" if fitting else "chưa người nào"
        raise Refused(f"Địa chỉ {quoted(email)} là của {several} trong sổ; hãy nhờ quản trị ghi đúng địa chỉ thư.")
    person = _unlocked(load_person(session, fitting[0].code))
    if not _LINK.rows(session, person=person.id, account=account, at=instant_text(at)):
        raise Refused(f"{person.name} đã nối với một tài khoản khác của cổng; hãy nhờ quản trị xem lại.")
    return person, True


def _unlocked(person: Person) -> Person:
    if not person.active:
        raise Refused(f"Tài khoản của {person.name} đã khóa; hãy nhờ quản trị mở lại.")
    return person


_BY_ACCOUNT = Statement(
    "SELECT p.code FROM credential AS c JOIN person AS p ON p.id = c.person_id WHERE c.oidc_subject = :account"
)
_BY_EMAIL = Statement(
    "SELECT p.code FROM contact AS c JOIN person AS p ON p.id = c.person_id WHERE lower(c.email) = :email"
)
_LINK = Statement("""
    INSERT INTO credential (person_id, password_hash, changed_at, totp_secret, totp_step, recovery_hashes, oidc_subject)
    VALUES (:person, '', :at, '', 0, '', :account)
    ON CONFLICT (person_id) DO UPDATE SET oidc_subject = excluded.oidc_subject
    WHERE credential.oidc_subject IS NULL RETURNING person_id""")


def unlink_account(session: Session, person_id: int) -> None:
    """Forget the account of a person, so that another one may take its place. Raises Refused where there is none."""
    if not _UNLINK.rows(session, person=person_id):
        raise Refused("Người này chưa nối với tài khoản nào của cổng đăng nhập.")


_UNLINK = Statement("""
    UPDATE credential SET oidc_subject = NULL WHERE person_id = :person AND oidc_subject IS NOT NULL
    RETURNING person_id""")
