"""What was done to how people sign in: for auditors, and for whoever wonders why a door opened or closed.

No event of the ledger tells it, because a password is nothing that the register says of a person.
"""

from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.columns import instant_text
from models.queries.scope import PAGE, Where, page
from models.statement import Statement
from states.vocabulary import Labelled


class AccessAct(Labelled):
    """Something that changes how a person signs in, or ends what they had opened."""

    INVITED = "invited", "Lập đường dẫn đặt mật khẩu"
    PASSWORD = "password", "Đặt mật khẩu"
    SECOND_FACTOR = "second_factor", "Bật xác thực hai bước"
    SECOND_FACTOR_OFF = "second_factor_off", "Tắt xác thực hai bước của mình"
    SECOND_FACTOR_RESET = "second_factor_reset", "Quản trị bỏ xác thực hai bước"
    RECOVERY_CODES = "recovery_codes", "Lập mã dự phòng mới"
    RECOVERY_CODE_USED = "recovery_code_used", "Đăng nhập bằng mã dự phòng"
    SIGNED_OUT = "signed_out", "Đăng xuất mọi trình duyệt"
    KEYS_WITHDRAWN = "keys_withdrawn", "Thu hồi mã truy cập và đường dẫn lịch"
    ACCOUNT_UNLINKED = "account_unlinked", "Bỏ nối tài khoản của cổng đăng nhập"
    ACCOUNT_LINKED = "account_linked", "Nối với tài khoản của cổng đăng nhập"


def note_access(session: Session, act: AccessAct, *, person_id: int, origin: Origin, address: str = "") -> None:
    """Keep what was done to a person's way of signing in, and by whom (nobody in particular: at the terminal)."""
    row = {"at": instant_text(origin.at), "act": str(act), "person": person_id, "by": origin.by, "door": origin.door}
    _NOTE.run(session, [row | {"os_user": origin.os_user[:100], "address": address[:100]}])


_NOTE = Statement(
    "INSERT INTO access_note (at, act, person_id, by_id, door, os_user, address) "
    "VALUES (:at, :act, :person, :by, :door, :os_user, :address)"
)


def access_log(session: Session, *, who: str | None = None, limit: int = PAGE, offset: int = 0) -> list[dict[str, Any]]:
    """One page of what was done, the latest first; with `who` only to one person, by code."""
    where = Where()
    if who:
        where.add("p.code = :who", who=who)
    return [row | {"label": AccessAct(row["act"]).label} for row in where.rows(session, _LIST, **page(limit, offset))]


_LIST = """
    SELECT n.id, n.at, n.act, p.code AS person, p.name AS person_name, b.code AS by_code, b.name AS by_name, n.door,
           n.os_user, n.address
    FROM access_note AS n JOIN person AS p ON p.id = n.person_id LEFT JOIN person AS b ON b.id = n.by_id
    WHERE {where} ORDER BY n.id DESC LIMIT :limit OFFSET :offset"""
