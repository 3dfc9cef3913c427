"""The password asked for again, before anything is changed by which a person signs in."""

from models.desk.credentials import has_password, is_password, password_hash_of
from models.desk.throttle import claim_attempt, forgive, own_password
from states.refusal import Refused
from web.desk import Visit
from web.fields import Fields


def wants_password(visit: Visit) -> bool:
    """Has the visitor a password to show? In the demonstration, and with an account of the office, there is none."""
    if visit.desk.is_demonstration:
        return False
    with visit.reading() as session:
        return has_password(session, visit.person.id)


def ask_password(visit: Visit, form: Fields, field: str) -> None:
    """Put what speaks against the password of a field into the form.

    Whoever sits down at a browser left open must not change how its person signs in, nor guess the password there.
    """
    if not wants_password(visit):
        return
    guess = own_password(visit.person.code.lower())
    try:
        with visit.writing() as session:
            attempt = claim_attempt(session, guess, at=visit.at)
            hashed = password_hash_of(session, visit.person.code)
    except Refused as refused:
        form.refused(refused)
        return
    if not is_password(hashed, form.typed(field)):
        form.mistaken(field, "Mật khẩu đang dùng không đúng; hãy gõ lại.")
        return
    with visit.writing() as session:
        forgive(session, guess, attempt)
