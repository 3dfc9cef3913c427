"""Templates of papers that are the office's own."""

from sqlalchemy import UniqueConstraint

from models.columns import not_negative
from models.tables.base import Subject, big, table, text


class LetterTemplate(Subject, table=True):
    """The template of one kind of paper; without `sha256` it is the one that we ship.

    The file that is used stands in the home of the office; each that was recorded is a paper of this row.
    """

    __tablename__ = "letter_template"
    __table_args__ = table(not_negative("size"), UniqueConstraint("kind"))

    kind: str = text()
    sha256: str = text()
    file_name: str = text()
    size: int = big()
