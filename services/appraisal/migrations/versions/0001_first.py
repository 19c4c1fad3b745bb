"""Drafts, appraisals, periods, closings and settings; with messaging, the directory and the ledger."""

from alembic import op

from shared.ledger.migrations import create_ledger_tables_0001
from shared.migrations import create_shared_tables_0001, protect, service_name

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE drafts (
    tenant_id text NOT NULL,
    period text NOT NULL,
    employee_id uuid NOT NULL,
    hasil_kerja text,
    perilaku_kerja text,
    judged jsonb NOT NULL,
    reason text,
    feedback text,
    saved_by uuid NOT NULL,
    saved_at timestamptz NOT NULL,
    CONSTRAINT pk_drafts PRIMARY KEY (tenant_id, period, employee_id)
);
CREATE TABLE appraisals (
    tenant_id text NOT NULL,
    period text NOT NULL,
    employee_id uuid NOT NULL,
    version integer NOT NULL,
    hasil_kerja text NOT NULL,
    perilaku_kerja text NOT NULL,
    predikat text NOT NULL,
    matrix_from date NOT NULL,
    judged jsonb NOT NULL,
    reason text NOT NULL,
    feedback text,
    correction text,
    evaluator_id uuid NOT NULL,
    capacity text NOT NULL,
    escalated_from uuid,
    activity_close_seq integer NOT NULL,
    finalized_at timestamptz NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT pk_appraisals PRIMARY KEY (tenant_id, period, employee_id, version)
);
CREATE TABLE appraisal_periods (
    tenant_id text NOT NULL,
    period text NOT NULL,
    status text NOT NULL DEFAULT 'open',
    close_seq integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_appraisal_periods PRIMARY KEY (tenant_id, period),
    CONSTRAINT ck_appraisal_periods_status CHECK (status IN ('open', 'closed'))
);
CREATE TABLE closings (
    tenant_id text NOT NULL,
    period text NOT NULL,
    close_seq integer NOT NULL,
    activity_close_seq integer NOT NULL,
    supersedes integer,
    employees integer NOT NULL,
    appraisals integer NOT NULL,
    by_predikat jsonb NOT NULL,
    root bytea NOT NULL,
    evaluators_in_default uuid[] NOT NULL,
    reason text,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    reopened_by uuid,
    reopened_at timestamptz,
    reopening text,
    CONSTRAINT pk_closings PRIMARY KEY (tenant_id, period, close_seq)
);
CREATE TABLE settings (
    tenant_id text NOT NULL,
    valid_from date NOT NULL,
    evaluator_days smallint NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_settings PRIMARY KEY (tenant_id, valid_from),
    CONSTRAINT ck_settings_evaluator_days CHECK (evaluator_days BETWEEN 0 AND 60)
)
"""


def upgrade() -> None:
    create_shared_tables_0001()
    create_ledger_tables_0001()
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    protect("drafts", "appraisals", "appraisal_periods", "closings", "settings")
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON appraisals FROM {role}")  # corrected by a new version only
        op.execute(f"REVOKE DELETE, TRUNCATE ON closings FROM {role}")
