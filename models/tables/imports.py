"""Files that came into the register whole."""

from sqlalchemy import Index

from models.columns import not_negative
from models.tables.base import Subject, big, table, text


class ImportFile(Subject, table=True):
    """A workbook that was imported once, after its preview was confirmed. The file itself is a paper of this row.

    `opened`, `amended` and `unchanged` count its rows by what became of them.
    """

    __tablename__ = "import_file"
    __table_args__ = table(not_negative("opened", "amended", "unchanged"), Index("ix_import_file_sha256", "sha256"))

    sha256: str = text()
    file_name: str = text()
    sheet: str = text()
    opened: int = big()
    amended: int = big()
    unchanged: int = big()
