"""The keys that outlive a browser: personal tokens and calendar addresses, withdrawn all at once."""

from datetime import datetime

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement


def withdraw_keys(session: Session, person_id: int, *, at: datetime) -> int:
    """Withdraw every token and calendar address of a person, who may have lost them; answers how many there were."""
    given = {"person": person_id, "at": instant_text(at)}
    return sum(len(statement.rows(session, **given)) for statement in _WITHDRAW)


_WITHDRAW = (
    Statement(
        "UPDATE api_token SET revoked_at = :at WHERE person_id = :person AND revoked_at IS NULL RETURNING person_id"
    ),
    Statement("UPDATE feed SET revoked_at = :at WHERE person_id = :person AND revoked_at IS NULL RETURNING person_id"),
)
