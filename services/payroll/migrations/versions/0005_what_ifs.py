"""What-if reports."""

from alembic import op

from shared.migrations import protect

revision = "0005_what_ifs"
down_revision = "0004_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _WHAT_IFS_0005.split(";\n"):
        op.execute(statement)
    protect("what_ifs")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_WHAT_IFS_0005 = """
CREATE TABLE what_ifs (
    tenant_id text NOT NULL,
    what_if_id uuid NOT NULL,
    run_id uuid NOT NULL,
    period text NOT NULL,
    policy_hash text NOT NULL,
    draft_hash text NOT NULL,
    draft_name text NOT NULL,
    employees integer NOT NULL,
    difference bigint NOT NULL,
    report bytea NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_what_ifs PRIMARY KEY (tenant_id, what_if_id)
);
CREATE INDEX ix_what_ifs_tenant_id_made_at ON what_ifs (tenant_id, made_at)
"""
