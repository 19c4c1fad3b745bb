"""Statements are kept uncompressed: packing them cost PostgreSQL more than all else it does for one (decision 45)."""

from alembic import op

revision = "0009_statements_as_they_are"
down_revision = "0008_corrections_of_every_kind"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE statements ALTER COLUMN body SET STORAGE EXTERNAL")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")
