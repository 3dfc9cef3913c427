"""Statements of the hot path, run on the driver's cursor inside SQLAlchemy's transaction.

A step is about ten small statements of 10–15 µs each; SQLAlchemy's machinery around one costs 60–80 µs, which
would be most of the step. What is written here once with named parameters runs unchanged on both drivers.
"""

import re
from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any, cast

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
            self._make_row = namedtuple("Row", [column[0] for column in cursor.description])._make
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
        cursor = _driver(session).cursor()
        cursor.executemany(self._sql[_dialect(session)], parameters)
        cursor.close()

    def _execute(self, session: Session, parameters: Parameters) -> Any:
        cursor = _driver(session).cursor()
        cursor.execute(self._sql[_dialect(session)], parameters)
        return cursor


def _driver(session: Session) -> Any:
    """The driver's connection; asking the session for it begins the transaction."""
    return session.connection().connection.dbapi_connection


def _dialect(session: Session) -> str:
    return str(session.get_bind().dialect.name)
