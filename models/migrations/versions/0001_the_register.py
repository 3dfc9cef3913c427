"""The register: ledger, people, programmes, projects, money."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("weekend", sa.Text(), nullable=False),
        sa.Column("weekend_basis", sa.Text(), nullable=False),
        sa.Column("weekend_verified", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("jurisdiction", name=op.f("uq_calendar_jurisdiction")),
        sqlite_strict=True,
    )
    op.create_table(
        "ceiling_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("percent", BIG, nullable=True),
        sa.Column("cap", BIG, nullable=True),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("effective_from", Day(), nullable=False),
        sa.Column("effective_until", Day(), nullable=True),
        sa.CheckConstraint(
            "activity IN ('conference', 'new_enterprise', 'demonstration_model', 'model_replication', 'cleaner_production_model', 'machinery', 'production_line', 'product_selection', 'product_selection_district', 'product_selection_region', 'product_selection_nation', 'fair_organisation', 'fair_participation', 'fair_abroad', 'trademark', 'showroom', 'consulting', 'packaging', 'broadcasting', 'publication', 'association', 'cluster_linkage', 'cluster_planning', 'cluster_infrastructure', 'cluster_pollution_treatment', 'pollution_treatment', 'interest_support', 'ministry_delegation', 'study_abroad', 'training', 'study_tour', 'collaborator_network')",
            name=op.f("ck_ceiling_rule_activity_known"),
        ),
        sa.CheckConstraint(
            "base IN ('eligible_cost', 'interest', 'air_tickets')", name=op.f("ck_ceiling_rule_base_known")
        ),
        sa.CheckConstraint("cap IS NULL OR per <> ''", name=op.f("ck_ceiling_rule_cap_for_each")),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_ceiling_rule_route_known")),
        sa.CheckConstraint("cap >= 0", name=op.f("ck_ceiling_rule_cap_not_negative")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_ceiling_rule_percent_of_the_base")),
        sa.CheckConstraint("percent IS NOT NULL OR cap IS NOT NULL", name=op.f("ck_ceiling_rule_says_something")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_ceiling_rule_verified_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceiling_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_ceiling_rule_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "deadline_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("length", BIG, nullable=True),
        sa.Column("month", BIG, nullable=True),
        sa.Column("day", BIG, nullable=True),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("year_offset", BIG, nullable=False),
        sa.Column("before", BIG, nullable=False),
        sa.Column("roll", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("statutory", BIG, nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.Column("effective_from", Day(), nullable=False),
        sa.Column("effective_until", Day(), nullable=True),
        sa.CheckConstraint("(unit <> 'date') = (length IS NOT NULL)", name=op.f("ck_deadline_rule_length_complete")),
        sa.CheckConstraint(
            "(unit = 'date') = (month IS NOT NULL AND day IS NOT NULL)", name=op.f("ck_deadline_rule_date_complete")
        ),
        sa.CheckConstraint("roll IN ('forward', 'safe', 'none')", name=op.f("ck_deadline_rule_roll_known")),
        sa.CheckConstraint("unit IN ('workdays', 'days', 'date')", name=op.f("ck_deadline_rule_unit_known")),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_deadline_rule_active_flag")),
        sa.CheckConstraint("before IN (0, 1)", name=op.f("ck_deadline_rule_before_flag")),
        sa.CheckConstraint("statutory IN (0, 1)", name=op.f("ck_deadline_rule_statutory_flag")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_deadline_rule_verified_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_deadline_rule_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("decided_on", Day(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("total", BIG, nullable=False),
        sa.Column("annex_total", BIG, nullable=True),
        sa.CheckConstraint(
            "authority IN ('unit', 'department', 'finance_department', 'province', 'agency', 'ministry')",
            name=op.f("ck_decision_authority_known"),
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_decision_total_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("authority", "number", "decided_on", name=op.f("uq_decision_authority_number_decided_on")),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=True),
        sa.Column("to_stage", sa.Text(), nullable=True),
        sa.Column("decided_on", Day(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", BIG, nullable=True),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_strict=True,
    )
    op.create_index("ix_event_recorded_at", "event", ["recorded_at"], unique=False)
    op.create_index("uq_event_subject", "event", ["subject_kind", "subject_id", "seq"], unique=True)

    op.create_table(
        "ledger_head",
        sa.Column("id", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "lifecycle_edge",
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=False),
        sa.Column("to_stage", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("action", "from_stage", "to_stage", name=op.f("pk_lifecycle_edge")),
        sqlite_strict=True,
    )
    op.create_table(
        "place",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("valid_from", Day(), nullable=True),
        sa.Column("valid_to", Day(), nullable=True),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_place_verified_flag")),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_place_folded_name", "place", ["folded_name"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", Day(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("start_year", BIG, nullable=False),
        sa.Column("end_year", BIG, nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.CheckConstraint("start_year <= end_year", name=op.f("ck_programme_years_in_order")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_programme_verified_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "register",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("is_demonstration", BIG, nullable=False),
        sa.CheckConstraint("is_demonstration IN (0, 1)", name=op.f("ck_register_is_demonstration_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sqlite_strict=True,
    )
    op.create_table(
        "unit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("executes", BIG, nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_unit_active_flag")),
        sa.CheckConstraint("executes IN (0, 1)", name=op.f("ck_unit_executes_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "beneficiary",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("women_owned", BIG, nullable=False),
        sa.Column("ethnic_minority_owned", BIG, nullable=False),
        sa.CheckConstraint("ethnic_minority_owned IN (0, 1)", name=op.f("ck_beneficiary_ethnic_minority_owned_flag")),
        sa.CheckConstraint("women_owned IN (0, 1)", name=op.f("ck_beneficiary_women_owned_flag")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_beneficiary_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_beneficiary_tax_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_beneficiary_folded_name", "beneficiary", ["folded_name"], unique=False)

    op.create_table(
        "body",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("valid_from", Day(), nullable=True),
        sa.Column("valid_to", Day(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_body_verified_flag")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_body_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sqlite_strict=True,
    )
    op.create_table(
        "budget",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("content_no", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_budget_source_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_budget_amount_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_budget_event_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_budget_programme_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_budget")),
        sa.UniqueConstraint(
            "programme_id", "content_no", "source", name=op.f("uq_budget_programme_id_content_no_source")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "calendar_entry",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("calendar_id", BIG, nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("swap_with", Day(), nullable=True),
        sa.Column("verified", BIG, nullable=False),
        sa.Column("switchable", BIG, nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint("kind IN ('off', 'work')", name=op.f("ck_calendar_entry_kind_known")),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_calendar_entry_active_flag")),
        sa.CheckConstraint("switchable IN (0, 1)", name=op.f("ck_calendar_entry_switchable_flag")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_calendar_entry_verified_flag")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], name=op.f("fk_calendar_entry_calendar_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_calendar_entry_event_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_calendar_entry")),
        sqlite_strict=True,
    )
    op.create_index("ix_calendar_entry_day", "calendar_entry", ["calendar_id", "day"], unique=False)

    op.create_table(
        "calendar_year",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("calendar_id", BIG, nullable=False),
        sa.Column("year", BIG, nullable=False),
        sa.Column("confirmed", BIG, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint("confirmed IN (0, 1)", name=op.f("ck_calendar_year_confirmed_flag")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], name=op.f("fk_calendar_year_calendar_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_calendar_year_event_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_calendar_year")),
        sqlite_strict=True,
    )
    op.create_table(
        "content",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("no", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_content_event_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_content_programme_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_content")),
        sa.UniqueConstraint("programme_id", "no", name=op.f("uq_content_programme_id_no")),
        sqlite_strict=True,
    )
    op.create_table(
        "paper",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", Day(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('submission_letter', 'dossier', 'support_request', 'registration_list', 'supplement_note', 'supplement', 'completeness_checklist', 'appraisal_minutes', 'form_2', 'appraisal_report', 'estimate', 'proposal_letter', 'review_result', 'approval_decision', 'amending_decision', 'allotment_decision', 'contract', 'work_plan', 'prepayment_request', 'adjustment_request', 'suspension_decision', 'form_3b', 'form_5a', 'failure_minutes', 'repair_report', 'form_9', 'vouchers', 'payment_order', 'liquidation_minutes', 'defect_note', 'stop_decision', 'recovery_decision', 'receipt', 'write_off_decision', 'withdrawal_letter', 'reroute_letter', 'correction_note', 'other')",
            name=op.f("ck_paper_kind_known"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_paper_size_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paper_event_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_paper")),
        sqlite_strict=True,
    )
    op.create_index("ix_paper_sha256", "paper", ["sha256"], unique=False)
    op.create_index("ix_paper_subject", "paper", ["subject_kind", "subject_id", "kind"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint(
            "role IN ('centre_officer', 'coordinator', 'leader', 'finance', 'commune_viewer', 'auditor', 'administrator')",
            name=op.f("ck_person_role_known"),
        ),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_person_active_flag")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_person_place_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "place_successor",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("successor_id", BIG, nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_place_successor_event_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_place_successor_place_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["place.id"], name=op.f("fk_place_successor_successor_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_place_successor")),
        sqlite_strict=True,
    )
    op.create_index("ix_place_successor_place", "place_successor", ["place_id", "successor_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("content_no", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_aliases", sa.Text(), nullable=False),
        sa.Column("quantity", BIG, nullable=True),
        sa.Column("quantity_min", BIG, nullable=True),
        sa.Column("quantity_max", BIG, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_target_event_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_target_programme_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_target")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_target_programme_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "contact",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
        sqlite_strict=True,
    )
    op.create_table(
        "project",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("serial", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("content_no", BIG, nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("plan_year", BIG, nullable=False),
        sa.Column("work_year", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("starts_on", Day(), nullable=True),
        sa.Column("ends_on", Day(), nullable=True),
        sa.Column("total_cost", BIG, nullable=False),
        sa.Column("expected_jobs", BIG, nullable=False),
        sa.Column("expected_revenue", BIG, nullable=False),
        sa.Column("expected_effect", sa.Text(), nullable=False),
        sa.Column("priorities", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("resume_stage", sa.Text(), nullable=True),
        sa.Column("adjustment_open", BIG, nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("counted", BIG, nullable=False),
        sa.Column("decided_on", Day(), nullable=True),
        sa.Column("moved_at", Instant(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('ordinary', 'group', 'model')", name=op.f("ck_project_kind_known")),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_project_route_known")),
        sa.CheckConstraint(
            "state || '/' || stage IN ('proposed/draft', 'proposed/submitted', 'proposed/returned', 'proposed/appraising', 'appraised/appraised', 'appraised/reviewing', 'appraised/review_returned', 'appraised/cleared', 'appraised/waitlisted', 'approved/approved', 'approved/contracted', 'approved/underway', 'approved/suspended', 'approved/awaiting_acceptance', 'approved/acceptance_failed', 'implemented/accepted', 'implemented/settling', 'settled/settled', 'proposed/rejected', 'appraised/rejected', 'proposed/withdrawn', 'appraised/withdrawn', 'proposed/lapsed', 'appraised/lapsed', 'approved/stopped', 'implemented/stopped', 'approved/recovering', 'implemented/recovering', 'approved/recovered', 'implemented/recovered', 'approved/written_off', 'implemented/written_off')",
            name=op.f("ck_project_state_fits_stage"),
        ),
        sa.CheckConstraint("adjustment_open IN (0, 1)", name=op.f("ck_project_adjustment_open_flag")),
        sa.CheckConstraint("counted IN (0, 1)", name=op.f("ck_project_counted_flag")),
        sa.CheckConstraint("expected_jobs >= 0", name=op.f("ck_project_expected_jobs_not_negative")),
        sa.CheckConstraint("expected_revenue >= 0", name=op.f("ck_project_expected_revenue_not_negative")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_project_days_in_order")
        ),
        sa.CheckConstraint("total_cost >= 0", name=op.f("ck_project_total_cost_not_negative")),
        sa.CheckConstraint("work_year >= plan_year", name=op.f("ck_project_work_year_in_order")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_project_author_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_project_place_id")),
        sa.ForeignKeyConstraint(
            ["programme_id", "content_no"],
            ["content.programme_id", "content.no"],
            name=op.f("fk_project_programme_id_content_no"),
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_project_programme_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_project_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
        sa.UniqueConstraint(
            "programme_id", "plan_year", "serial", name=op.f("uq_project_programme_id_plan_year_serial")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_project_stage_moved", "project", ["stage", "moved_at"], unique=False)

    op.create_table(
        "contribution",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("target_code", sa.Text(), nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("plan_year", BIG, nullable=False),
        sa.Column("counted", BIG, nullable=False),
        sa.Column("planned", BIG, nullable=False),
        sa.Column("approved", BIG, nullable=False),
        sa.Column("accepted", BIG, nullable=False),
        sa.Column("settled", BIG, nullable=False),
        sa.CheckConstraint("accepted >= 0", name=op.f("ck_contribution_accepted_not_negative")),
        sa.CheckConstraint("approved >= 0", name=op.f("ck_contribution_approved_not_negative")),
        sa.CheckConstraint("counted IN (0, 1)", name=op.f("ck_contribution_counted_flag")),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_contribution_planned_not_negative")),
        sa.CheckConstraint("settled >= 0", name=op.f("ck_contribution_settled_not_negative")),
        sa.ForeignKeyConstraint(
            ["programme_id", "target_code"],
            ["target.programme_id", "target.code"],
            name=op.f("fk_contribution_programme_id_target_code"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_contribution_project_id")),
        sa.PrimaryKeyConstraint("project_id", "target_code", name=op.f("pk_contribution")),
        sqlite_strict=True,
    )
    op.create_index("ix_contribution_rollup", "contribution", ["programme_id", "target_code"], unique=False)

    op.create_table(
        "deadline",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("started_by", BIG, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("plan_year", BIG, nullable=False),
        sa.Column("work_year", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_on", Day(), nullable=False),
        sa.Column("printed_on", Day(), nullable=True),
        sa.Column("rolled_on", Day(), nullable=True),
        sa.Column("safe_on", Day(), nullable=True),
        sa.Column("provisional", BIG, nullable=False),
        sa.Column("paused_units", BIG, nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("stopped_on", Day(), nullable=True),
        sa.Column("stopped_by", BIG, nullable=True),
        sa.CheckConstraint("(status = 'paused') = (printed_on IS NULL)", name=op.f("ck_deadline_days_unless_paused")),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_deadline_route_known")),
        sa.CheckConstraint("status IN ('open', 'paused', 'closed')", name=op.f("ck_deadline_status_known")),
        sa.CheckConstraint("paused_units >= 0", name=op.f("ck_deadline_paused_units_not_negative")),
        sa.CheckConstraint("provisional IN (0, 1)", name=op.f("ck_deadline_provisional_flag")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_deadline_project_id")),
        sa.PrimaryKeyConstraint("project_id", "clock", "started_by", name=op.f("pk_deadline")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_deadline_open",
        "deadline",
        ["safe_on", "rolled_on", "project_id", "clock", "rule"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_deadline_project", "deadline", ["project_id"], unique=False)

    op.create_table(
        "decision_line",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("decision_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_decision_line_source_known")
        ),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_decision_line_direction_known")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_decision_line_amount_not_negative")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_line_decision_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_decision_line_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_decision_line_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_decision_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_decision_line_decision", "decision_line", ["decision_id", "project_id"], unique=False)
    op.create_index("ix_decision_line_project", "decision_line", ["project_id"], unique=False)

    op.create_table(
        "funding",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("content_no", BIG, nullable=False),
        sa.Column("plan_year", BIG, nullable=False),
        sa.Column("counted", BIG, nullable=False),
        sa.Column("asked", BIG, nullable=False),
        sa.Column("appraised", BIG, nullable=False),
        sa.Column("approved", BIG, nullable=False),
        sa.Column("adjusted", BIG, nullable=False),
        sa.Column("contracted", BIG, nullable=False),
        sa.Column("accepted", BIG, nullable=False),
        sa.Column("allotted", BIG, nullable=False),
        sa.Column("prepaid", BIG, nullable=False),
        sa.Column("paid", BIG, nullable=False),
        sa.Column("settled", BIG, nullable=False),
        sa.Column("released", BIG, nullable=False),
        sa.Column("recovered", BIG, nullable=False),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_funding_source_known")
        ),
        sa.CheckConstraint("accepted >= 0", name=op.f("ck_funding_accepted_not_negative")),
        sa.CheckConstraint("allotted >= 0", name=op.f("ck_funding_allotted_not_negative")),
        sa.CheckConstraint("appraised >= 0", name=op.f("ck_funding_appraised_not_negative")),
        sa.CheckConstraint("approved + adjusted >= 0", name=op.f("ck_funding_approved_now_not_negative")),
        sa.CheckConstraint("approved >= 0", name=op.f("ck_funding_approved_not_negative")),
        sa.CheckConstraint("asked >= 0", name=op.f("ck_funding_asked_not_negative")),
        sa.CheckConstraint("contracted >= 0", name=op.f("ck_funding_contracted_not_negative")),
        sa.CheckConstraint("counted IN (0, 1)", name=op.f("ck_funding_counted_flag")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_funding_paid_not_negative")),
        sa.CheckConstraint("prepaid >= 0", name=op.f("ck_funding_prepaid_not_negative")),
        sa.CheckConstraint("recovered >= 0", name=op.f("ck_funding_recovered_not_negative")),
        sa.CheckConstraint("released >= 0", name=op.f("ck_funding_released_not_negative")),
        sa.CheckConstraint("settled >= 0", name=op.f("ck_funding_settled_not_negative")),
        sa.ForeignKeyConstraint(
            ["programme_id", "content_no"],
            ["content.programme_id", "content.no"],
            name=op.f("fk_funding_programme_id_content_no"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_funding_project_id")),
        sa.PrimaryKeyConstraint("project_id", "source", name=op.f("pk_funding")),
        sqlite_strict=True,
    )
    op.create_index("ix_funding_rollup", "funding", ["programme_id", "content_no", "source"], unique=False)

    op.create_table(
        "money_entry",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("beneficiary_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.CheckConstraint(
            "kind IN ('asked', 'appraised', 'approved', 'adjusted', 'contracted', 'accepted', 'allotted', 'prepaid', 'paid', 'settled', 'released', 'recovered')",
            name=op.f("ck_money_entry_kind_known"),
        ),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_money_entry_source_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_money_entry_amount_not_negative")),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_money_entry_direction_known")),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_money_entry_beneficiary_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_money_entry_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_money_entry_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_money_entry")),
        sqlite_strict=True,
    )
    op.create_index("ix_money_entry_project", "money_entry", ["project_id"], unique=False)

    op.create_table(
        "project_beneficiary",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("beneficiary_id", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_project_beneficiary_direction_known")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_project_beneficiary_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_project_beneficiary_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_beneficiary_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_project_beneficiary")),
        sqlite_strict=True,
    )
    op.create_index("ix_project_beneficiary_beneficiary", "project_beneficiary", ["beneficiary_id"], unique=False)
    op.create_index("ix_project_beneficiary_project", "project_beneficiary", ["project_id"], unique=False)

    op.create_table(
        "quantity_entry",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("target_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.CheckConstraint(
            "kind IN ('planned', 'approved', 'accepted', 'settled')", name=op.f("ck_quantity_entry_kind_known")
        ),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_quantity_entry_direction_known")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_quantity_entry_quantity_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_quantity_entry_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_quantity_entry_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_quantity_entry")),
        sqlite_strict=True,
    )
    op.create_index("ix_quantity_entry_project", "quantity_entry", ["project_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("a register is never taken apart; restore a backup instead")
