"""Bank files, what banks and payroll systems answered, and the documents these files are written by."""

from alembic import op

from shared.migrations import protect, service_name

revision = "0004_payments"
down_revision = "0003_corrections"
branch_labels = None
depends_on = None

TABLES = ("export_documents", "bank_files", "payments", "answer_files")
# what went out and what came back is added to and never changed; of a payment, only what became of it
KEPT = ("bank_files", "answer_files")


def upgrade() -> None:
    for statement in _PAYMENTS.split(";\n"):
        op.execute(statement)
    protect(*TABLES)
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEPT)} FROM {role}")
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON payments FROM {role}")
        op.execute(f"GRANT UPDATE (state, reason, answered_at) ON payments TO {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_PAYMENTS = """
CREATE TABLE export_documents (
    tenant_id text NOT NULL,
    hash text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    document text NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT pk_export_documents PRIMARY KEY (tenant_id, hash)
);
CREATE INDEX ix_export_documents_tenant_id_kind_name_set_at ON export_documents (tenant_id, kind, name, set_at);
CREATE TABLE bank_files (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    number integer NOT NULL,
    template text NOT NULL,
    words jsonb NOT NULL,
    count integer NOT NULL,
    net bigint NOT NULL,
    hash_total text NOT NULL,
    sha256 text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_bank_files PRIMARY KEY (tenant_id, run_id, number)
);
CREATE TABLE payments (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    number integer NOT NULL,
    employee_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    line integer NOT NULL,
    reference text NOT NULL,
    nip text NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    bank_code text NOT NULL,
    bank_name text NOT NULL,
    account text NOT NULL,
    holder text NOT NULL,
    amount bigint NOT NULL,
    state text NOT NULL,
    reason text,
    answered_at timestamptz,
    CONSTRAINT pk_payments PRIMARY KEY (tenant_id, run_id, number, employee_id)
);
CREATE UNIQUE INDEX uq_payments_tenant_id_run_id_number_line ON payments (tenant_id, run_id, number, line);
CREATE INDEX ix_payments_tenant_id_statement_id ON payments (tenant_id, statement_id);
CREATE TABLE answer_files (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    number integer NOT NULL,
    sha256 text NOT NULL,
    outcome jsonb NOT NULL,
    imported_by uuid NOT NULL,
    imported_at timestamptz NOT NULL,
    CONSTRAINT pk_answer_files PRIMARY KEY (tenant_id, run_id, number, sha256)
)
"""
