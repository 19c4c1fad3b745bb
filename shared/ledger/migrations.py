"""The ledger's tables, as appraisal's and payroll's first migration make them."""

from alembic import op

from shared.migrations import let_worker, protect


def create_ledger_tables_0001() -> None:
    """Call it after create_shared_tables_0001()."""
    for statement in _LEDGER_0001.split(";\n"):
        op.execute(statement)
    protect("activity_records", "activity_days", "activity_plans", "activity_periods")
    let_worker("SELECT", "activity_periods")  # the loop finds what waits, whosever it is


_LEDGER_0001 = """
CREATE TABLE activity_records (
    tenant_id text NOT NULL,
    activity_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    period text NOT NULL,
    work_date date NOT NULL,
    minutes smallint,
    result_id uuid,
    quantity numeric(14, 4),
    kind text,
    occurred_at timestamptz,
    version bigint NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,
    leaf bytea,
    CONSTRAINT pk_activity_records PRIMARY KEY (tenant_id, activity_id)
);
CREATE INDEX ix_activity_records_tenant_id_period_employee_id
    ON activity_records (tenant_id, period, employee_id, activity_id);
CREATE TABLE activity_days (
    tenant_id text NOT NULL,
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    period text NOT NULL,
    scheduled boolean NOT NULL,
    presence text NOT NULL,
    leave_kind text,
    expected_in_at timestamptz,
    expected_out_at timestamptz,
    actual_in_at timestamptz,
    actual_out_at timestamptz,
    late_minutes integer NOT NULL,
    early_minutes integer NOT NULL,
    missing_in boolean NOT NULL,
    missing_out boolean NOT NULL,
    apel text NOT NULL,
    out_minutes smallint,
    permitted_out_minutes smallint,
    letter boolean,
    inpatient boolean,
    leave_refused boolean,
    version bigint NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT pk_activity_days PRIMARY KEY (tenant_id, employee_id, work_date)
);
CREATE INDEX ix_activity_days_tenant_id_period_employee_id
    ON activity_days (tenant_id, period, employee_id, work_date);
CREATE TABLE activity_plans (
    tenant_id text NOT NULL,
    plan_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    state jsonb NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT pk_activity_plans PRIMARY KEY (tenant_id, plan_id)
);
CREATE INDEX ix_activity_plans_tenant_id_employee_id ON activity_plans (tenant_id, employee_id);
CREATE TABLE activity_periods (
    tenant_id text NOT NULL,
    period text NOT NULL,
    first_day date,
    last_day date,
    close_seq integer NOT NULL,
    reopened boolean NOT NULL DEFAULT false,
    state text NOT NULL,
    activities integer,
    minutes bigint,
    attendance_days integer,
    employees integer,
    root bytea,
    checkpoint text,
    announced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_at timestamptz,
    asked integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_activity_periods PRIMARY KEY (tenant_id, period)
);
CREATE INDEX ix_activity_periods_state ON activity_periods (state)
"""
