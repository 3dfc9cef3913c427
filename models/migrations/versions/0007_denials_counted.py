"""One row a day of the same refusal, and in which letter a person was told of a remark."""

from datetime import timedelta, timezone

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OFFICE = timezone(timedelta(hours=7))


def upgrade() -> None:
    _count_denials()
    op.create_table(
        "mention_told",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("comment_id", BIG, nullable=False),
        sa.Column("outbox_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_mention_told_comment_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_mention_told_outbox_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_told_person_id")),
        sa.PrimaryKeyConstraint("person_id", "comment_id", name=op.f("pk_mention_told")),
        sqlite_strict=True,
    )


def _count_denials() -> None:
    """Make the table anew with its counts; what stood in it happened once each, on the office's day of its instant.

    The rows are numbered anew in their order: nothing refers to them, and PostgreSQL's sequence then goes on behind them.
    """
    old = sa.table(
        "denial",
        sa.column("at", Instant()),
        sa.column("person_id", BIG),
        *(sa.column(name, sa.Text()) for name in ("method", "path", "reason", "address")),
    )
    rows = [dict(row) for row in op.get_bind().execute(sa.select(old).order_by(sa.column("id"))).mappings()]
    op.drop_table("denial")
    made = op.create_table(
        "denial",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("times", BIG, nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_denial_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
        sqlite_strict=True,
    )
    op.create_index("ix_denial_at", "denial", ["at"])
    op.create_index("ix_denial_day", "denial", ["day", "person_id", "route"])
    told = [
        {**row, "last_at": row["at"], "times": 1, "day": row["at"].astimezone(OFFICE).date(), "route": row["path"]}
        for row in rows
    ]
    if told:
        op.bulk_insert(made, told)
