"""Money after the approval: contracts, adjustment requests, acceptances, recoveries, prepayment rules."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prepayment_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("percent", BIG, nullable=False),
        sa.Column("progress", BIG, nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("verified", BIG, nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("effective_from", Day(), nullable=False),
        sa.Column("effective_until", Day(), nullable=True),
        sa.CheckConstraint(
            "activity IN ('conference', 'new_enterprise', 'demonstration_model', 'model_replication', 'cleaner_production_model', 'machinery', 'production_line', 'product_selection', 'product_selection_district', 'product_selection_region', 'product_selection_nation', 'fair_organisation', 'fair_participation', 'fair_abroad', 'trademark', 'showroom', 'consulting', 'packaging', 'broadcasting', 'publication', 'association', 'cluster_linkage', 'cluster_planning', 'cluster_infrastructure', 'cluster_pollution_treatment', 'pollution_treatment', 'interest_support', 'ministry_delegation', 'study_abroad', 'training', 'study_tour', 'collaborator_network')",
            name=op.f("ck_prepayment_rule_activity_known"),
        ),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_prepayment_rule_route_known")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_prepayment_rule_percent_of_the_support")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_prepayment_rule_progress_in_percent")),
        sa.CheckConstraint("verified IN (0, 1)", name=op.f("ck_prepayment_rule_verified_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepayment_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_prepayment_rule_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "contract",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signed_on", Day(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("party_a", sa.Text(), nullable=False),
        sa.Column("party_b", sa.Text(), nullable=False),
        sa.Column("total", BIG, nullable=False),
        sa.CheckConstraint(
            "authority IN ('unit', 'department', 'finance_department', 'province', 'agency', 'ministry')",
            name=op.f("ck_contract_authority_known"),
        ),
        sa.CheckConstraint("route IN ('local', 'national')", name=op.f("ck_contract_route_known")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_contract_total_not_negative")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contract_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("authority", "number", "signed_on", name=op.f("uq_contract_authority_number_signed_on")),
        sqlite_strict=True,
    )
    op.create_table(
        "acceptance",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("beneficiary_id", BIG, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("held_on", Day(), nullable=False),
        sa.Column("cost", BIG, nullable=False),
        sa.Column("support", BIG, nullable=False),
        sa.Column("counterpart", BIG, nullable=False),
        sa.Column("quantities", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.CheckConstraint("outcome IN ('passed', 'failed')", name=op.f("ck_acceptance_outcome_known")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_acceptance_cost_not_negative")),
        sa.CheckConstraint("counterpart >= 0", name=op.f("ck_acceptance_counterpart_not_negative")),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_acceptance_direction_known")),
        sa.CheckConstraint("support >= 0", name=op.f("ck_acceptance_support_not_negative")),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_acceptance_beneficiary_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_acceptance_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_acceptance_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_acceptance")),
        sqlite_strict=True,
    )
    op.create_index("ix_acceptance_project", "acceptance", ["project_id"])

    op.create_table(
        "adjustment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("requested_on", Day(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("confirmed_number", sa.Text(), nullable=False),
        sa.Column("confirmed_on", Day(), nullable=True),
        sa.Column("confirmed_signer", sa.Text(), nullable=False),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("decided_on", Day(), nullable=True),
        sa.Column("decision_signer", sa.Text(), nullable=False),
        sa.Column("granted", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "authority IN ('unit', 'department', 'finance_department', 'province', 'agency', 'ministry')",
            name=op.f("ck_adjustment_authority_known"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'approved', 'refused', 'closed', 'withdrawn')", name=op.f("ck_adjustment_status_known")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_adjustment_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sqlite_strict=True,
    )
    op.create_index("ix_adjustment_project", "adjustment", ["project_id", "status"])

    op.create_table(
        "contract_line",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("contract_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.CheckConstraint(
            "source IN ('national_fund', 'local_fund', 'counterpart')", name=op.f("ck_contract_line_source_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_contract_line_amount_not_negative")),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_contract_line_direction_known")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_line_contract_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_contract_line_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_contract_line_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_contract_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_contract_line_contract", "contract_line", ["contract_id", "project_id"])
    op.create_index("ix_contract_line_project", "contract_line", ["project_id"])

    op.create_table(
        "recovery_due",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("direction", BIG, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_recovery_due_amount_not_negative")),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_recovery_due_direction_known")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_recovery_due_event_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_recovery_due_project_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_recovery_due")),
        sqlite_strict=True,
    )
    op.create_index("ix_recovery_due_project", "recovery_due", ["project_id"])
    # SQLite cannot change a constraint in place: the two tables are made anew, and the guards after them.
    with op.batch_alter_table("project", table_kwargs={"sqlite_strict": True}) as project:
        project.add_column(sa.Column("contract_id", BIG, nullable=True))
        project.add_column(sa.Column("equipment", sa.Text(), nullable=True))
        project.create_index(project.f("ix_project_contract_id"), ["contract_id"])
        project.create_foreign_key(project.f("fk_project_contract_id"), "contract", ["contract_id"], ["id"])
    with op.batch_alter_table("paper", table_kwargs={"sqlite_strict": True}) as paper:
        paper.drop_constraint(paper.f("ck_paper_kind_known"), type_="check")
        paper.create_check_constraint(paper.f("ck_paper_kind_known"), f"kind IN ({_KINDS})")


_KINDS = ", ".join(
    f"'{kind}'"
    for kind in (
        "submission_letter",
        "dossier",
        "support_request",
        "registration_list",
        "supplement_note",
        "supplement",
        "completeness_checklist",
        "appraisal_minutes",
        "form_2",
        "appraisal_report",
        "estimate",
        "proposal_letter",
        "review_result",
        "approval_decision",
        "amending_decision",
        "allotment_decision",
        "funds_notice",
        "contract",
        "contract_annex",
        "support_contract",
        "investor_contract",
        "progress_report",
        "work_plan",
        "prepayment_request",
        "adjustment_request",
        "adjustment_confirmation",
        "suspension_decision",
        "resumption_decision",
        "form_3b",
        "form_5a",
        "failure_minutes",
        "repair_report",
        "form_9",
        "vouchers",
        "payment_order",
        "liquidation_minutes",
        "defect_note",
        "stop_decision",
        "refund_demand",
        "recovery_decision",
        "receipt",
        "write_off_decision",
        "withdrawal_letter",
        "reroute_letter",
        "correction_note",
        "other",
    )
)
