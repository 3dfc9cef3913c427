"""Lists that a person keeps under a name: the query of an address, so that it can be sent to a colleague as well."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.folding import clean_line
from states.refusal import Refused

#: More than this is no longer a choice.
MOST_VIEWS, LONGEST_NAME, LONGEST_QUERY = 40, 80, 2_000


def save_view(session: Session, person_id: int, page: str, name: str, query: str, *, at: datetime) -> str:
    """Keep a list under a name; the same name again means the new list. Answers the name as it is kept.

    Raises Refused for no name, a long one, too many filters or too many lists.
    """
    said = clean_line(name, "tên bộ lọc")
    if len(said) > LONGEST_NAME:
        raise Refused(f"Tên bộ lọc dài quá {LONGEST_NAME} ký tự; hãy đặt tên ngắn hơn.")
    if len(query) > LONGEST_QUERY:
        raise Refused("Bộ lọc này quá dài để lưu; hãy bớt điều kiện.")
    kept = [row["name"] for row in views_of(session, person_id)]
    if said not in kept and len(kept) >= MOST_VIEWS:
        raise Refused(f"Đã có {MOST_VIEWS} bộ lọc; hãy xóa bớt rồi lưu.")
    row = {"person": person_id, "page": page, "name": said, "query": query, "at": instant_text(at)}
    # A name is one list, whatever page it was saved on.
    _FORGET_NAME.run(session, [{"person": person_id, "name": said}])
    _SAVE.run(session, [row])
    return said


def views_of(session: Session, person_id: int) -> list[dict[str, Any]]:
    """The lists that a person keeps, by name."""
    rows = [row._asdict() for row in _LIST.rows(session, person=person_id)]
    return sorted(rows, key=lambda row: row["name"].casefold())


def drop_view(session: Session, person_id: int, view_id: int) -> str:
    """Forget a list of the person; answers its name. Raises Refused when it is not, or no longer, theirs."""
    found = _ONE.rows(session, person=person_id, id=view_id)
    if not found:
        raise Refused("Bộ lọc này không còn; hãy tải lại trang.")
    _DROP.run(session, [{"person": person_id, "id": view_id}])
    return str(found[0].name)


_LIST = Statement("SELECT id, page, name, query FROM saved_view WHERE person_id = :person")
_ONE = Statement("SELECT name FROM saved_view WHERE person_id = :person AND id = :id")
_DROP = Statement("DELETE FROM saved_view WHERE person_id = :person AND id = :id")
_FORGET_NAME = Statement("DELETE FROM saved_view WHERE person_id = :person AND name = :name")
_SAVE = Statement("""
    INSERT INTO saved_view (person_id, page, name, query, made_at) VALUES (:person, :page, :name, :query, :at)""")
