"""The signed heads of each region's log of approved runs."""

from alembic import op

from shared.migrations import protect, service_name

revision = "0002_receipts"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _CHECKPOINTS.split(";\n"):
        op.execute(statement)
    protect("checkpoints")
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON checkpoints FROM {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_CHECKPOINTS = """
CREATE TABLE checkpoints (
    tenant_id text NOT NULL,
    size bigint NOT NULL,
    run_id uuid NOT NULL,
    period text NOT NULL,
    entry bytea NOT NULL,
    leaf bytea NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    key_id text NOT NULL,
    signed_at timestamptz NOT NULL,
    CONSTRAINT pk_checkpoints PRIMARY KEY (tenant_id, size)
);
CREATE UNIQUE INDEX uq_checkpoints_tenant_id_run_id ON checkpoints (tenant_id, run_id)
"""
