"""Dated facts that no service states, by the office's files."""

from alembic import op

from shared.migrations import protect, service_name

revision = "0006_circumstances"
down_revision = "0005_what_ifs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _CIRCUMSTANCES.split(";\n"):
        op.execute(statement)
    protect("circumstance_files", "circumstances")
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON circumstances FROM {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_CIRCUMSTANCES = """
CREATE TABLE circumstance_files (
    tenant_id text NOT NULL,
    file_id uuid NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    rows integer NOT NULL,
    state text NOT NULL,
    imported_by uuid NOT NULL,
    imported_at timestamptz NOT NULL,
    approved_by uuid,
    approved_at timestamptz,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_because text,
    CONSTRAINT pk_circumstance_files PRIMARY KEY (tenant_id, file_id)
);
CREATE UNIQUE INDEX uq_circumstance_files_tenant_id_sha256 ON circumstance_files (tenant_id, sha256)
    WHERE state <> 'withdrawn';
CREATE TABLE circumstances (
    tenant_id text NOT NULL,
    circumstance_id uuid NOT NULL,
    file_id uuid NOT NULL,
    row integer NOT NULL,
    kind text NOT NULL,
    employee_id uuid,
    unit_code text,
    valid_from date NOT NULL,
    valid_to date,
    author text NOT NULL,
    reason text NOT NULL,
    content jsonb NOT NULL,
    CONSTRAINT pk_circumstances PRIMARY KEY (tenant_id, circumstance_id)
);
CREATE INDEX ix_circumstances_tenant_id_employee_id ON circumstances (tenant_id, employee_id);
CREATE INDEX ix_circumstances_tenant_id_file_id ON circumstances (tenant_id, file_id)
"""
