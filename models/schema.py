"""Which revision of the schema this program needs, known without loading Alembic."""

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from models.store import Store, unreachable
from states.refusal import Refused

#: The newest migration; a test compares it with the files.
REVISION = "0008"


def refuse_other_revision(store: Store) -> None:
    """Refuse a database whose schema is not the one this program writes.

    A database without a revision is no register; what is wrong with it is for its first reader to say.
    """
    found = revision_of(store)
    if found in (None, REVISION):
        return
    if str(found) < REVISION:
        raise Refused(f"Sổ có cấu trúc {found}, chương trình cần {REVISION}; hãy sao lưu sổ rồi chạy dean upgrade.")
    raise Refused(f"Sổ có cấu trúc {found} mới hơn chương trình ({REVISION}); hãy cập nhật chương trình.")


def revision_of(store: Store) -> str | None:
    """The revision that the database says, or None where there is no register.

    Raises Refused when the database cannot be read.
    """
    try:
        with store.read() as session:
            connection = session.connection()
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        raise unreachable(error) from error
    return str(found) if found is not None else None
