"""The slot ledger of the periodic jobs, and seals over the events."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("no", BIG, nullable=False),
        sa.Column("business_date", Day(), nullable=False),
        sa.Column("first_event", BIG, nullable=False),
        sa.Column("last_event", BIG, nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_seal_count_not_negative")),
        sa.CheckConstraint("last_event >= first_event - 1", name=op.f("ck_seal_range_in_order")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_seal")),
        sa.UniqueConstraint("business_date", name=op.f("uq_seal_business_date")),
        sqlite_strict=True,
    )
    op.create_table(
        "slot",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'ran', 'late', 'failed', 'missed', 'skipped')", name=op.f("ck_slot_status_known")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_slot_attempts_not_negative")),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_slot")),
        sqlite_strict=True,
    )
    op.create_index("ix_slot_due", "slot", ["due_at"])
