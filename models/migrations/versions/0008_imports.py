"""Files that come in: registers from workbooks, with the day from which they are reminded of and who vouches for projects
that came in ended; templates of papers."""

import sqlalchemy as sa
from alembic import op

from models.columns import BIG, Day

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite adds no reference to a table that stands: it is made anew, and the guards after it.
    with op.batch_alter_table("project", table_kwargs={"sqlite_strict": True}) as project:
        project.add_column(sa.Column("remind_from", Day(), nullable=True))
        project.add_column(sa.Column("vouched_by", BIG, nullable=True))
        project.create_foreign_key(project.f("fk_project_vouched_by"), "person", ["vouched_by"], ["id"])
    vouched = sa.text("vouched_by IS NOT NULL")
    op.create_index("ix_project_vouched", "project", ["programme_id"], sqlite_where=vouched, postgresql_where=vouched)
    op.create_table(
        "import_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("opened", BIG, nullable=False),
        sa.Column("amended", BIG, nullable=False),
        sa.Column("unchanged", BIG, nullable=False),
        sa.CheckConstraint("opened >= 0", name=op.f("ck_import_file_opened_not_negative")),
        sa.CheckConstraint("amended >= 0", name=op.f("ck_import_file_amended_not_negative")),
        sa.CheckConstraint("unchanged >= 0", name=op.f("ck_import_file_unchanged_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sqlite_strict=True,
    )
    op.create_index("ix_import_file_sha256", "import_file", ["sha256"])
    op.create_table(
        "letter_template",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("last_event_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_letter_template_size_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
        sa.UniqueConstraint("kind", name=op.f("uq_letter_template_kind")),
        sqlite_strict=True,
    )
