"""Statements of the hot path, run on the driver's cursor inside SQLAlchemy's transaction.

A step is about ten small statements of 10–15 µs each; SQLAlchemy's machinery around one costs 60–80 µs, which
would be most of the step. What is written here once with named parameters runs unchanged on both drivers.
"""

import re
from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection
from sqlmodel import Session

Parameters = Mapping[str, Any]


class Statement:
    """One SQL text with `:name` parameters. Rows come back as named tuples."""

    __slots__ = ("_make_row", "_sql")

    def __init__(self, sql: str) -> None:
        # A colon pair is PostgreSQL's cast and no parameter; psycopg wants percent signs doubled.
        pyformat = re.sub(r"(?<!:):([a-z_]\w*)", r"%(\1)s", sql.replace("%", "%%"))
        self._sql = {"sqlite": sql, "postgresql": pyformat}
        self._make_row: Any = None

    def rows(self, session: Session, **parameters: Any) -> list[Any]:
        cursor = self._execute(session, parameters)
        if self._make_row is None:
            row_type = cast(Any, namedtuple("Row", [column[0] for column in cursor.description]))
            self._make_row = row_type._make
        found = [self._make_row(row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def one(self, session: Session, **parameters: Any) -> Any:
        """The only row. Raises LookupError when there is not exactly one."""
        found = self.rows(session, **parameters)
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows where one was expected")
        return found[0]

    def run(self, session: Session, parameters: Sequence[Parameters]) -> None:
        """Execute once per mapping of parameters."""
        if len(parameters) == 1:
            self._execute(session, parameters[0]).close()
            return
        connection, dialect = _driver(session)
        cursor = connection.cursor()
        cursor.executemany(self._sql[dialect], parameters)
        cursor.close()

    def _execute(self, session: Session, parameters: Parameters) -> Any:
        connection, dialect = _driver(session)
        cursor = connection.cursor()
        cursor.execute(self._sql[dialect], parameters)
        return cursor


def _driver(session: Session) -> tuple[Any, str]:
    """The driver's connection and the dialect; asking the session for it begins the transaction.

    A session of ours lives for one unit of work, so what it answered once holds until it ends.
    """
    known = session.info.get("driver")
    if known is None:
        bind = session.bind
        connection = bind if isinstance(bind, Connection) else session.connection()
        known = session.info["driver"] = (connection.connection.dbapi_connection, connection.dialect.name)
    return known
