"""The yearly plan: priority rules, plans with their lines and kept versions, forks; and frozen reports."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "priority_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("points", BIG, nullable=False),
        sa.Column("jobs", BIG, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("effective_from", Day(), nullable=False),
        sa.Column("effective_until", Day(), nullable=True),
        sa.CheckConstraint(
            "activity IN ('conference', 'new_enterprise', 'demonstration_model', 'model_replication', 'cleaner_production_model', 'machinery', 'production_line', 'product_selection', 'product_selection_district', 'product_selection_region', 'product_selection_nation', 'fair_organisation', 'fair_participation', 'fair_abroad', 'trademark', 'showroom', 'consulting', 'packaging', 'broadcasting', 'publication', 'association', 'cluster_linkage', 'cluster_planning', 'cluster_infrastructure', 'cluster_pollution_treatment', 'pollution_treatment', 'interest_support', 'ministry_delegation', 'study_abroad', 'training', 'study_tour', 'collaborator_network')",
            name=op.f("ck_priority_rule_activity_known"),
        ),
        sa.CheckConstraint(
            "criterion IN ('model_project', 'difficult_area', 'specially_difficult_area', 'new_rural_commune', 'farm_machinery', 'farm_processing', 'supporting_industry', 'cleaner_production', 'typical_product', 'key_product', 'export_market', 'local_material', 'labour_intensive', 'women_owned', 'ethnic_minority_owned')",
            name=op.f("ck_priority_rule_criterion_known"),
        ),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_priority_rule_route_known")),
        sa.CheckConstraint("jobs >= 0", name=op.f("ck_priority_rule_jobs_not_negative")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_priority_rule_points_not_negative")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_priority_rule_verified_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_priority_rule_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("year", BIG, nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_plan_route_known")),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'appraised', 'approved', 'closed')", name=op.f("ck_plan_status_known")
        ),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_plan_revision_not_negative")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_plan_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("programme_id", "year", "route", name=op.f("uq_plan_programme_id_year_route")),
        sqlite_strict=True,
    )
    op.create_table(
        "report",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_on", Day(), nullable=False),
        sa.Column("last_on", Day(), nullable=False),
        sa.Column("issue", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cutoff_event", BIG, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("signed_on", Day(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('month', 'quarter', 'half_year', 'year', 'programme')", name=op.f("ck_report_kind_known")
        ),
        sa.CheckConstraint("status IN ('frozen', 'signed')", name=op.f("ck_report_status_known")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_report_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint(
            "programme_id",
            "kind",
            "first_on",
            "last_on",
            "issue",
            name=op.f("uq_report_programme_id_kind_first_on_last_on_issue"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "plan_fork",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'proposed', 'dropped')", name=op.f("ck_plan_fork_status_known")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_fork_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_fork")),
        sa.UniqueConstraint("plan_id", "name", name=op.f("uq_plan_fork_plan_id_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan_version",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("no", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("cutoff_event", BIG, nullable=False),
        sa.Column("cutoff_on", Day(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'appraised', 'approved', 'closed')",
            name=op.f("ck_plan_version_status_known"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_plan_version_event_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "no", name=op.f("uq_plan_version_plan_id_no")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan_fork_line",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("fork_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.Column("months", BIG, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_plan_fork_line_source_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_plan_fork_line_amount_not_negative")),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_plan_fork_line_direction_known")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_plan_fork_line_event_id")),
        sa.ForeignKeyConstraint(["fork_id"], ["plan_fork.id"], name=op.f("fk_plan_fork_line_fork_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_plan_fork_line_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_plan_fork_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_plan_fork_line_fork", "plan_fork_line", ["fork_id", "project_id"])

    op.create_table(
        "plan_line",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_plan_line_source_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_plan_line_amount_not_negative")),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_plan_line_direction_known")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_plan_line_event_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_line_plan_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_plan_line_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_plan_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_plan_line_plan", "plan_line", ["plan_id", "project_id"])
    op.create_index("ix_plan_line_project", "plan_line", ["project_id"])
