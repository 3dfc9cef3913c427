"""Which programmes have a public page."""

from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.codes import id_of
from models.people import refuse_others_than
from models.statement import Statement
from models.subjects import change_subject, open_subject
from states.facts import Person
from states.refusal import Refused
from states.vocabulary import Role


def publish(session: Session, programme: str, *, shown: bool, by: Person, origin: Origin) -> None:
    """Open or close the public page of a programme. For the department's leaders. Raises Refused when it is so."""
    refuse_others_than(by, Role.LEADER)
    programme_id = id_of(session, "programme", programme)
    assert programme_id is not None
    found = _FIND.rows(session, programme=programme_id)
    if found:
        change_subject(session, "publication", found[0].id, {"active": int(shown)}, origin)
    elif shown:
        open_subject(session, "publication", {"programme_id": programme_id, "active": 1}, origin)
    else:
        raise Refused("Trang công khai của chương trình này chưa từng mở.")


_FIND = Statement("SELECT id, active FROM publication WHERE programme_id = :programme")


def is_published(session: Session, programme: str) -> bool:
    """Has the programme a public page now?"""
    return bool(_SHOWN.rows(session, code=programme))


def publications(session: Session) -> list[dict[str, Any]]:
    """Programmes with an open public page."""
    return [row._asdict() for row in _LIST.rows(session)]


_SHOWN = Statement(
    "SELECT 1 AS one FROM publication AS s JOIN programme AS g ON g.id = s.programme_id "
    "WHERE g.code = :code AND s.active = 1"
)
_LIST = Statement(
    "SELECT g.code, g.name FROM publication AS s JOIN programme AS g ON g.id = s.programme_id "
    "WHERE s.active = 1 ORDER BY g.code"
)
