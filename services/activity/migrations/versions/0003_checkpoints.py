"""The signed heads of each region's log of closings, and the closings' trees."""

from alembic import op

from shared.migrations import protect

revision = "0003_checkpoints"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    protect("checkpoints", "closing_trees")
    for role in ("activity_app", "activity_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON checkpoints, closing_trees FROM {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_TABLES = """
CREATE TABLE checkpoints (
    tenant_id text NOT NULL,
    size bigint NOT NULL,
    period text NOT NULL,
    close_seq integer NOT NULL,
    entry bytea NOT NULL,
    leaf bytea NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    key_id text NOT NULL,
    signed_at timestamptz NOT NULL,
    CONSTRAINT pk_checkpoints PRIMARY KEY (tenant_id, size)
);
CREATE UNIQUE INDEX uq_checkpoints_tenant_id_period ON checkpoints (tenant_id, period, close_seq);
CREATE TABLE closing_trees (
    tenant_id text NOT NULL,
    code text NOT NULL,
    close_seq integer NOT NULL,
    employees bytea NOT NULL,
    leaves bytea NOT NULL,
    CONSTRAINT pk_closing_trees PRIMARY KEY (tenant_id, code, close_seq)
)
"""
