"""What a region may spend: ceilings of classes, budgets of offices; what an approved policy was compared with."""

from alembic import op

from shared.migrations import protect, service_name

revision = "0007_limits"
down_revision = "0006_circumstances"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(_LIMITS)
    op.execute("ALTER TABLE policies ADD COLUMN compared_with text")
    protect("limits")
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON limits FROM {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_LIMITS = """
CREATE TABLE limits (
    tenant_id text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    valid_from date NOT NULL,
    set_at timestamptz NOT NULL,
    amount bigint NOT NULL,
    source text NOT NULL,
    set_by uuid NOT NULL,
    CONSTRAINT pk_limits PRIMARY KEY (tenant_id, kind, subject, valid_from, set_at),
    CONSTRAINT ck_limits_kind CHECK (kind IN ('class_month', 'office_year')),
    CONSTRAINT ck_limits_amount CHECK (amount >= 0)
)
"""
