"""Column types that mean the same on SQLite (STRICT) and PostgreSQL."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, CheckConstraint, Date, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

#: Ids, đồng and counts: a single cụm công nghiệp already exceeds 32 bits.
BIG = BigInteger().with_variant(Integer(), "sqlite")
#: Text that is compared by its bytes, whatever language the database was made for.
BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")


class Day(TypeDecorator[date]):
    """A legal day. ISO text on SQLite, DATE on PostgreSQL."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Instant(TypeDecorator[datetime]):
    """An aware instant with microseconds. UTC text ending in Z on SQLite, TIMESTAMPTZ on PostgreSQL."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return instant_text(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value


def instant_text(at: datetime) -> str:
    """Write an aware instant as the ledger hashes it: UTC, always six digits of microseconds."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class CodeText(TypeDecorator[StrEnum]):
    """A code of the vocabulary. transitions knows stages by member and not by string, so members come back."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.codes(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.codes(value)


def one_of(column: str, codes: type[StrEnum]) -> CheckConstraint:
    """Constrain a text column to the codes of the vocabulary."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def flag(*columns: str) -> list[CheckConstraint]:
    """Constrain integer columns to 0 and 1, the same on both databases."""
    return [CheckConstraint(f"{column} IN (0, 1)", name=f"{column}_flag") for column in columns]


def not_negative(*columns: str) -> list[CheckConstraint]:
    return [CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative") for column in columns]
