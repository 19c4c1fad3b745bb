"""Payroll's first tables."""

from alembic import op

from shared.ledger.migrations import create_ledger_tables_0001
from shared.migrations import create_shared_tables_0001, let_worker, protect, service_name

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "policies",
    "salaries",
    "consents",
    "appraisal_results",
    "appraisal_periods",
    "runs",
    "run_history",
    "run_chunks",
    "run_inputs",
    "run_set_aside",
    "statements",
    "feeds",
    "allowances",
    "acknowledgements",
)
# what was computed, paid or decided is added to and never changed, not even by us
KEPT = ("run_history", "statements", "allowances")


def upgrade() -> None:
    create_shared_tables_0001()
    create_ledger_tables_0001()
    for statement in _PAYROLL_0001.split(";\n"):
        op.execute(statement)
    protect(*TABLES)
    let_worker("SELECT", "run_chunks", "appraisal_periods")  # the loops find what waits, whosever it is
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEPT)} FROM {role}")


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_PAYROLL_0001 = """
CREATE TABLE policies (
    tenant_id text NOT NULL,
    hash text NOT NULL,
    name text NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    document text NOT NULL,
    state text NOT NULL,
    drafted_by uuid NOT NULL,
    drafted_at timestamptz NOT NULL,
    approved_by uuid,
    approved_at timestamptz,
    CONSTRAINT pk_policies PRIMARY KEY (tenant_id, hash)
);
CREATE INDEX ix_policies_tenant_id_state_effective_from ON policies (tenant_id, state, effective_from);
CREATE TABLE salaries (
    tenant_id text NOT NULL,
    period text NOT NULL,
    employee_id uuid NOT NULL,
    gross bigint NOT NULL,
    tax bigint NOT NULL,
    bpjs_base bigint NOT NULL,
    gaji_pokok bigint NOT NULL,
    pension_base bigint NOT NULL DEFAULT 0,
    pension bigint NOT NULL DEFAULT 0,
    zakat bigint NOT NULL DEFAULT 0,
    tpp_elsewhere bigint NOT NULL DEFAULT 0,
    tpp_elsewhere_tax bigint NOT NULL DEFAULT 0,
    ptkp text,
    imported_by uuid NOT NULL,
    imported_at timestamptz NOT NULL,
    CONSTRAINT pk_salaries PRIMARY KEY (tenant_id, period, employee_id)
);
CREATE TABLE consents (
    tenant_id text NOT NULL,
    consent_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    kind text NOT NULL,
    percent text,
    valid_from date NOT NULL,
    valid_to date,
    reference text,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_consents PRIMARY KEY (tenant_id, consent_id)
);
CREATE INDEX ix_consents_tenant_id_employee_id ON consents (tenant_id, employee_id);
CREATE TABLE appraisal_results (
    tenant_id text NOT NULL,
    period text NOT NULL,
    employee_id uuid NOT NULL,
    predikat text NOT NULL,
    ratings jsonb NOT NULL DEFAULT '{}',
    evaluator_id uuid NOT NULL,
    version bigint NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT pk_appraisal_results PRIMARY KEY (tenant_id, period, employee_id)
);
CREATE TABLE appraisal_periods (
    tenant_id text NOT NULL,
    period text NOT NULL,
    close_seq integer NOT NULL,
    activity_close_seq integer NOT NULL,
    state text NOT NULL,
    employees integer NOT NULL,
    appraisals integer NOT NULL,
    by_predikat jsonb NOT NULL,
    root bytea NOT NULL,
    evaluators_in_default uuid[] NOT NULL,
    announced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_at timestamptz,
    asked integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_appraisal_periods PRIMARY KEY (tenant_id, period)
);
CREATE INDEX ix_appraisal_periods_state ON appraisal_periods (state);
CREATE TABLE runs (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    period text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    policy_hash text NOT NULL,
    activity_close_seq integer NOT NULL,
    appraisal_close_seq integer NOT NULL,
    employees integer NOT NULL,
    workdays jsonb NOT NULL,
    closings integer NOT NULL DEFAULT 0,
    count integer,
    gross bigint,
    deductions bigint,
    net bigint,
    hash_total text,
    root bytea,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    verified_by uuid,
    approved_by uuid,
    first_sequence bigint,
    last_sequence bigint,
    digest text,
    CONSTRAINT pk_runs PRIMARY KEY (tenant_id, run_id)
);
CREATE UNIQUE INDEX uq_runs_tenant_id_period_kind ON runs (tenant_id, period, kind)
    WHERE kind = 'induk' AND state <> 'cancelled';
CREATE TABLE run_history (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    number integer NOT NULL,
    act text NOT NULL,
    state text NOT NULL,
    at timestamptz NOT NULL,
    by uuid,
    note text,
    CONSTRAINT pk_run_history PRIMARY KEY (tenant_id, run_id, number)
);
CREATE TABLE run_chunks (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    chunk integer NOT NULL,
    stage text NOT NULL,
    employees uuid[] NOT NULL,
    done_at timestamptz,
    CONSTRAINT pk_run_chunks PRIMARY KEY (tenant_id, run_id, chunk)
);
CREATE INDEX ix_run_chunks_tenant_id_run_id_chunk ON run_chunks (tenant_id, run_id, chunk) WHERE stage <> 'done';
CREATE TABLE run_inputs (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    facts bytea NOT NULL,
    activity_ids bytea NOT NULL,
    inputs_hash text NOT NULL,
    payee jsonb NOT NULL,
    CONSTRAINT pk_run_inputs PRIMARY KEY (tenant_id, run_id, employee_id)
);
ALTER TABLE run_inputs ALTER COLUMN facts SET STORAGE EXTERNAL;
ALTER TABLE run_inputs ALTER COLUMN activity_ids SET STORAGE EXTERNAL;
CREATE TABLE run_set_aside (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    reason text NOT NULL,
    remedy text NOT NULL,
    CONSTRAINT pk_run_set_aside PRIMARY KEY (tenant_id, run_id, employee_id)
);
CREATE TABLE statements (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    period text NOT NULL,
    payable bigint NOT NULL,
    gross bigint NOT NULL,
    deductions bigint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    suspended bigint NOT NULL,
    suspended_until text,
    unrecovered bigint NOT NULL,
    taxable bigint NOT NULL,
    year_tax bigint NOT NULL,
    inputs_hash text NOT NULL,
    statement_hash text NOT NULL,
    salt bytea NOT NULL,
    leaf bytea NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT pk_statements PRIMARY KEY (tenant_id, run_id, employee_id),
    CONSTRAINT ck_statements_net_adds_up CHECK (net = gross - deductions AND net >= 0)
);
CREATE INDEX ix_statements_tenant_id_employee_id_period ON statements (tenant_id, employee_id, period);
CREATE UNIQUE INDEX uq_statements_tenant_id_statement_id ON statements (tenant_id, statement_id);
CREATE TABLE feeds (
    tenant_id text NOT NULL,
    last_sequence bigint NOT NULL,
    CONSTRAINT pk_feeds PRIMARY KEY (tenant_id)
);
CREATE TABLE allowances (
    tenant_id text NOT NULL,
    feed_sequence bigint NOT NULL,
    run_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    finalized_at timestamptz NOT NULL,
    CONSTRAINT pk_allowances PRIMARY KEY (tenant_id, feed_sequence)
);
CREATE UNIQUE INDEX uq_allowances_tenant_id_run_id_employee_id ON allowances (tenant_id, run_id, employee_id);
CREATE TABLE acknowledgements (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    version bigint NOT NULL,
    count bigint NOT NULL,
    net bigint NOT NULL,
    hash_total text NOT NULL,
    digest text NOT NULL,
    booked_by text NOT NULL,
    agrees boolean NOT NULL,
    heard_at timestamptz NOT NULL,
    CONSTRAINT pk_acknowledgements PRIMARY KEY (tenant_id, run_id)
)
"""
