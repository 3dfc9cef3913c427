"""The desk in the browser: signing in, comments, what is public, saved views, tokens of the programming interface."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, BYTEWISE, Day, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _access_notes()
    op.create_table(
        "login_failure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_failure_about", "login_failure", ["about", "at"])

    op.create_table(
        "publication",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_publication_active_flag")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_publication_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_publication_programme_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_on", Day(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_token")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_token_person", "api_token", ["person_id"])

    op.create_table(
        "credential",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=False),
        sa.Column("totp_step", BIG, nullable=False),
        sa.Column("recovery_hashes", sa.Text(), nullable=False),
        sa.Column("oidc_subject", sa.Text(), nullable=True),
        sa.CheckConstraint("totp_step >= 0", name=op.f("ck_credential_totp_step_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
        sa.UniqueConstraint("oidc_subject", name=op.f("uq_credential_oidc_subject")),
        sqlite_strict=True,
    )
    op.create_table(
        "denial",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_denial_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
        sqlite_strict=True,
    )
    op.create_index("ix_denial_at", "denial", ["at"])

    op.create_table(
        "feed",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_feed")),
        sqlite_strict=True,
    )
    op.create_index("ix_feed_person", "feed", ["person_id"])

    op.create_table(
        "idempotency_key",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", BIG, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_idempotency_key_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_idempotency_key_at", "idempotency_key", ["at"])

    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
        sqlite_strict=True,
    )
    op.create_index("ix_invitation_person", "invitation", ["person_id"])

    op.create_table(
        "personal_setting",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_personal_setting_person_id")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_personal_setting")),
        sqlite_strict=True,
    )
    op.create_table(
        "saved_view",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "page", "name", name=op.f("uq_saved_view_person_id_page_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("second_factor", BIG, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.CheckConstraint("second_factor IN (0, 1)", name=op.f("ck_web_session_second_factor_flag")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_session")),
        sqlite_strict=True,
    )
    op.create_index("ix_web_session_person", "web_session", ["person_id"])

    op.create_table(
        "comment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_comment_active_flag")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_comment_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sqlite_strict=True,
    )
    op.create_index("ix_comment_project", "comment", ["project_id"])

    _index_todays_work()
    _find_projects()
    _tell_other_programs()


def _tell_other_programs() -> None:
    """Subscribers to events, and events among what the outbox holds."""
    op.create_table(
        "webhook",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("cursor", BIG, nullable=False),
        sa.Column("outbox_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_webhook_made_by_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_webhook_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_strict": True}) as outbox:
        outbox.drop_constraint(outbox.f("ck_outbox_letter_known"), type_="check")
        letters = "'digest', 'urgent', 'escalation', 'operator', 'test', 'event'"
        outbox.create_check_constraint(outbox.f("ck_outbox_letter_known"), f"letter IN ({letters})")


def _index_todays_work() -> None:
    """What waits for a unit, or stands in a commune, is found without reading the projects of others."""
    op.create_index("ix_project_unit_stage", "project", ["unit_id", "stage", "moved_at"])
    op.create_index("ix_project_place_stage", "project", ["place_id", "stage", "moved_at"])
    # Contracts are listed by the day of their signing.
    op.create_index("ix_contract_signed_on", "contract", ["signed_on"])


def _access_notes() -> None:
    """What was done to how people sign in: no event tells it, and auditors ask."""
    op.create_table(
        "access_note",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("os_user", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_access_note_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_note")),
        sqlite_strict=True,
    )
    op.create_index("ix_access_note_person", "access_note", ["person_id"])


def _find_projects() -> None:
    """What projects are found and sorted by. The rows are filled in after every migration (`models.searching`)."""
    by_code = ["programme_id", "plan_year", "serial", "route", "content_no"]
    op.create_index("ix_project_code_order", "project", [*by_code, "unit_id", "place_id"])
    op.create_index("ix_project_stage_code", "project", ["stage", *by_code, "unit_id", "place_id", "state"])
    op.create_index("ix_project_unit_code", "project", ["unit_id", "stage", *by_code, "place_id", "state"])
    op.create_index("ix_project_place_code", "project", ["place_id", "stage", *by_code, "unit_id", "state"])
    running = sa.text("status <> 'closed'")
    op.create_index(
        "ix_deadline_running",
        "deadline",
        ["project_id", "status", "safe_on", "rolled_on"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_table(
        "project_search",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("name_key", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_search_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_search")),
        sqlite_strict=True,
    )
    op.create_index("ix_project_search_name", "project_search", ["name_key", "project_id"])
