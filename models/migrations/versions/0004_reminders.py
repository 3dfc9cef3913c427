"""Reminders: rules, answers, the ledger of obligations, the outbox and every attempt to send."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_state",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.Column("paused_until", Instant(), nullable=True),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'zalobot', 'zalooa', 'zalozns', 'webhook')",
            name=op.f("ck_channel_state_channel_known"),
        ),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_state")),
        sqlite_strict=True,
    )
    op.create_table(
        "channel_token",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("renewed_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'zalobot', 'zalooa', 'zalozns', 'webhook')",
            name=op.f("ck_channel_token_channel_known"),
        ),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_token")),
        sqlite_strict=True,
    )
    op.create_table(
        "incoming_message",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("wrong", BIG, nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'zalobot', 'zalooa', 'zalozns', 'webhook')",
            name=op.f("ck_incoming_message_channel_known"),
        ),
        sa.CheckConstraint("wrong IN (0, 1)", name=op.f("ck_incoming_message_wrong_flag")),
        sa.PrimaryKeyConstraint("channel", "message_id", name=op.f("pk_incoming_message")),
        sqlite_strict=True,
    )
    op.create_index("ix_incoming_message_read_at", "incoming_message", ["read_at"])

    op.create_table(
        "reminder_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("workdays", BIG, nullable=False),
        sa.Column("every", BIG, nullable=False),
        sa.Column("urgent", BIG, nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("effective_from", Day(), nullable=False),
        sa.Column("effective_until", Day(), nullable=True),
        sa.CheckConstraint(
            "activity IN ('conference', 'new_enterprise', 'demonstration_model', 'model_replication', 'cleaner_production_model', 'machinery', 'production_line', 'product_selection', 'product_selection_district', 'product_selection_region', 'product_selection_nation', 'fair_organisation', 'fair_participation', 'fair_abroad', 'trademark', 'showroom', 'consulting', 'packaging', 'broadcasting', 'publication', 'association', 'cluster_linkage', 'cluster_planning', 'cluster_infrastructure', 'cluster_pollution_treatment', 'pollution_treatment', 'interest_support', 'ministry_delegation', 'study_abroad', 'training', 'study_tour', 'collaborator_network')",
            name=op.f("ck_reminder_rule_activity_known"),
        ),
        sa.CheckConstraint(
            "audience IN ('owner', 'supervisor', 'next_level')", name=op.f("ck_reminder_rule_audience_known")
        ),
        sa.CheckConstraint("kind IN ('ladder', 'inactivity', 'waiting')", name=op.f("ck_reminder_rule_kind_known")),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_reminder_rule_route_known")),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_reminder_rule_active_flag")),
        sa.CheckConstraint("every >= 0", name=op.f("ck_reminder_rule_every_not_negative")),
        sa.CheckConstraint("urgent IN (0, 1)", name=op.f("ck_reminder_rule_urgent_flag")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_reminder_rule_verified_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_reminder_rule_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "used_link",
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_used_link")),
        sqlite_strict=True,
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until_on", Day(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'snooze') = (until_on IS NOT NULL)", name=op.f("ck_acknowledgement_snoozed_until_a_day")
        ),
        sa.CheckConstraint("kind IN ('acknowledge', 'snooze')", name=op.f("ck_acknowledgement_kind_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acknowledgement_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sqlite_strict=True,
    )
    op.create_index("ix_acknowledgement_about", "acknowledgement", ["about", "person_id"])

    op.create_table(
        "address",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('email', 'zalobot', 'zalooa', 'zalozns', 'webhook')", name=op.f("ck_address_channel_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_person_id")),
        sa.PrimaryKeyConstraint("person_id", "channel", name=op.f("pk_address")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_address_channel_address")),
        sqlite_strict=True,
    )
    op.create_table(
        "link_code",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('email', 'zalobot', 'zalooa', 'zalozns', 'webhook')", name=op.f("ck_link_code_channel_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_link_code_person_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('email', 'zalobot', 'zalooa', 'zalozns', 'webhook')", name=op.f("ck_outbox_channel_known")
        ),
        sa.CheckConstraint(
            "letter IN ('digest', 'urgent', 'escalation', 'operator', 'test')", name=op.f("ck_outbox_letter_known")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'leased', 'sent', 'dead', 'replaced', 'expired', 'cancelled')",
            name=op.f("ck_outbox_status_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_not_negative")),
        sa.ForeignKeyConstraint(["parent_id"], ["outbox.id"], name=op.f("fk_outbox_parent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["not_before"],
        sqlite_where=sa.text("status IN ('waiting', 'leased')"),
        postgresql_where=sa.text("status IN ('waiting', 'leased')"),
    )

    op.create_index("ix_outbox_parent", "outbox", ["parent_id"])

    op.create_index("ix_outbox_person", "outbox", ["person_id", "made_at"])

    op.create_table(
        "preference",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("urgent_at_once", BIG, nullable=False),
        sa.Column("in_charge", BIG, nullable=False),
        sa.CheckConstraint("in_charge IN (0, 1)", name=op.f("ck_preference_in_charge_flag")),
        sa.CheckConstraint("urgent_at_once IN (0, 1)", name=op.f("ck_preference_urgent_at_once_flag")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preference_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("person_id", name=op.f("uq_preference_person_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "stand_in",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("substitute_id", BIG, nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("until_on", Day(), nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_stand_in_active_flag")),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_stand_in_days_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stand_in_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_stand_in_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
        sqlite_strict=True,
    )
    op.create_index("ix_stand_in_person", "stand_in", ["person_id"])

    op.create_table(
        "attempt",
        sa.Column("outbox_id", BIG, nullable=False),
        sa.Column("no", BIG, nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_attempt_outbox_id")),
        sa.PrimaryKeyConstraint("outbox_id", "no", name=op.f("pk_attempt")),
        sqlite_strict=True,
    )
    op.create_table(
        "reminder",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("urgent", BIG, nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("swept_on", Day(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("covered_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outbox_id", BIG, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('owner', 'supervisor', 'next_level')", name=op.f("ck_reminder_audience_known")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'covered', 'queued', 'told', 'cancelled', 'untold')",
            name=op.f("ck_reminder_status_known"),
        ),
        sa.CheckConstraint("urgent IN (0, 1)", name=op.f("ck_reminder_urgent_flag")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_reminder_outbox_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reminder")),
        sqlite_strict=True,
    )
    op.create_index("ix_reminder_about", "reminder", ["about"])

    op.create_index("ix_reminder_outbox", "reminder", ["outbox_id"])

    op.create_index("ix_reminder_person", "reminder", ["person_id", "swept_on"])

    op.create_index(
        "ix_reminder_waiting",
        "reminder",
        ["person_id"],
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
