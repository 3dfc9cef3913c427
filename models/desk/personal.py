"""How a person likes the pages: small settings by name, kept for the next visit."""

from sqlmodel import Session

from models.statement import Statement


def personal(session: Session, person_id: int, name: str) -> str:
    """What the person chose, or nothing."""
    rows = _READ.rows(session, person=person_id, name=name)
    return str(rows[0].value) if rows else ""


def keep_personal(session: Session, person_id: int, name: str, value: str) -> None:
    """Keep what the person chose."""
    _KEEP.run(session, [{"person": person_id, "name": name, "value": value}])


_READ = Statement("SELECT value FROM personal_setting WHERE person_id = :person AND name = :name")
_KEEP = Statement("""
    INSERT INTO personal_setting (person_id, name, value) VALUES (:person, :name, :value)
    ON CONFLICT (person_id, name) DO UPDATE SET value = excluded.value""")
