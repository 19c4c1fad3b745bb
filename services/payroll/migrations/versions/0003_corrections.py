"""Kinds of run with terms of their own, and corrections of paid months."""

from alembic import op

from shared.migrations import let_worker, protect, service_name

revision = "0003_corrections"
down_revision = "0002_receipts"
branch_labels = None
depends_on = None

TABLES = ("correction_causes", "correction_chunks", "corrections", "correction_lines", "correction_set_aside")
# what was found and what was paid of it is added to and never changed
KEPT = ("correction_causes", "corrections", "correction_lines")


def upgrade() -> None:
    for statement in _CORRECTIONS.split(";\n"):
        op.execute(statement)
    protect(*TABLES)
    let_worker("SELECT", "correction_chunks")  # the loop finds what waits, whosever it is
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEPT)} FROM {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_CORRECTIONS = """
ALTER TABLE runs ADD COLUMN terms jsonb;
ALTER TABLE run_chunks ADD COLUMN failures integer NOT NULL DEFAULT 0;
ALTER TABLE run_chunks ADD COLUMN failure text;
CREATE TABLE correction_causes (
    tenant_id text NOT NULL,
    cause_id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    reference jsonb NOT NULL,
    noted_at timestamptz NOT NULL,
    CONSTRAINT pk_correction_causes PRIMARY KEY (tenant_id, cause_id)
);
CREATE UNIQUE INDEX uq_correction_causes_tenant_id_kind_key ON correction_causes (tenant_id, kind, key);
CREATE TABLE correction_chunks (
    tenant_id text NOT NULL,
    cause_id uuid NOT NULL,
    chunk integer NOT NULL,
    period text NOT NULL,
    rank integer NOT NULL,
    employees uuid[] NOT NULL,
    stage text NOT NULL,
    looked_at integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    differing integer NOT NULL DEFAULT 0,
    set_aside integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    failure text,
    done_at timestamptz,
    CONSTRAINT pk_correction_chunks PRIMARY KEY (tenant_id, cause_id, chunk)
);
CREATE INDEX ix_correction_chunks_tenant_id_period ON correction_chunks (tenant_id, period) WHERE stage <> 'done';
CREATE TABLE corrections (
    tenant_id text NOT NULL,
    employee_id uuid NOT NULL,
    period text NOT NULL,
    number integer NOT NULL,
    correction_id uuid NOT NULL,
    cause_id uuid NOT NULL,
    cause text NOT NULL,
    changes jsonb NOT NULL,
    statement_id uuid NOT NULL,
    earlier_id uuid,
    hash_before text NOT NULL,
    tpp_before bigint NOT NULL,
    tpp_after bigint NOT NULL,
    difference bigint NOT NULL,
    policy_hash text NOT NULL,
    facts bytea NOT NULL,
    activity_ids bytea NOT NULL,
    inputs_hash text NOT NULL,
    body bytea NOT NULL,
    statement_hash text NOT NULL,
    computed_at timestamptz NOT NULL,
    CONSTRAINT pk_corrections PRIMARY KEY (tenant_id, employee_id, period, number),
    CONSTRAINT ck_corrections_difference_adds_up CHECK (difference = tpp_after - tpp_before)
);
CREATE UNIQUE INDEX uq_corrections_tenant_id_correction_id ON corrections (tenant_id, correction_id);
CREATE INDEX ix_corrections_tenant_id_period_correction_id ON corrections (tenant_id, period, correction_id);
CREATE TABLE correction_lines (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    correction_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT pk_correction_lines PRIMARY KEY (tenant_id, run_id, correction_id)
);
CREATE INDEX ix_correction_lines_tenant_id_correction_id ON correction_lines (tenant_id, correction_id);
CREATE TABLE correction_set_aside (
    tenant_id text NOT NULL,
    cause_id uuid NOT NULL,
    period text NOT NULL,
    employee_id uuid NOT NULL,
    reason text NOT NULL,
    remedy text NOT NULL,
    CONSTRAINT pk_correction_set_aside PRIMARY KEY (tenant_id, cause_id, period, employee_id)
)
"""
