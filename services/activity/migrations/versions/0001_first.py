"""Plans, activities, delegations, periods and settings."""

from alembic import op

from shared.migrations import create_shared_tables_0001, protect

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE plans (
    tenant_id text NOT NULL,
    plan_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    position_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    CONSTRAINT pk_plans PRIMARY KEY (tenant_id, plan_id)
);
CREATE INDEX ix_plans_tenant_id_employee_id ON plans (tenant_id, employee_id);
CREATE TABLE plan_versions (
    tenant_id text NOT NULL,
    plan_id uuid NOT NULL,
    version bigint NOT NULL,
    employee_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    approach text NOT NULL,
    state text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    submitted_at timestamptz,
    decided_by uuid,
    decided_at timestamptz,
    capacity text,
    reason text,
    CONSTRAINT pk_plan_versions PRIMARY KEY (tenant_id, plan_id, version),
    CONSTRAINT ck_plan_versions_state CHECK (state IN ('draft', 'submitted', 'returned', 'approved'))
);
CREATE INDEX ix_plan_versions_tenant_id_employee_id ON plan_versions (tenant_id, employee_id);
CREATE TABLE plan_results (
    tenant_id text NOT NULL,
    plan_id uuid NOT NULL,
    version bigint NOT NULL,
    result_id uuid NOT NULL,
    place smallint NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    superior_result_id uuid,
    weight numeric,
    CONSTRAINT pk_plan_results PRIMARY KEY (tenant_id, plan_id, version, result_id),
    CONSTRAINT ck_plan_results_kind CHECK (kind IN ('utama', 'tambahan'))
);
CREATE INDEX ix_plan_results_tenant_id_result_id ON plan_results (tenant_id, result_id);
CREATE TABLE plan_indicators (
    tenant_id text NOT NULL,
    plan_id uuid NOT NULL,
    version bigint NOT NULL,
    result_id uuid NOT NULL,
    indicator_id uuid NOT NULL,
    place smallint NOT NULL,
    aspect text NOT NULL,
    text text NOT NULL,
    target numeric,
    target_text text,
    unit text NOT NULL,
    CONSTRAINT pk_plan_indicators PRIMARY KEY (tenant_id, plan_id, version, result_id, indicator_id),
    CONSTRAINT ck_plan_indicators_aspect CHECK (aspect IN ('kuantitas', 'kualitas', 'waktu', 'biaya'))
);
CREATE TABLE activities (
    tenant_id text NOT NULL,
    activity_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    client_id uuid NOT NULL,
    work_date date NOT NULL,
    start_minute smallint,
    end_minute smallint,
    minutes smallint NOT NULL,
    result_id uuid NOT NULL,
    quantity numeric,
    quantity_unit text,
    text text NOT NULL,
    evidence_link text,
    evidence_sha256 text,
    kind text,
    sent_digest bytea NOT NULL,
    filed_at timestamptz NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    capacity text,
    reason text,
    leaf bytea,
    CONSTRAINT pk_activities PRIMARY KEY (tenant_id, activity_id),
    CONSTRAINT ck_activities_state CHECK (state IN ('waiting', 'returned', 'approved')),
    CONSTRAINT ck_activities_minutes CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT ck_activities_leaf CHECK ((state = 'approved') = (leaf IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX ix_activities_tenant_id_employee_id_work_date ON activities (tenant_id, employee_id, work_date);
CREATE INDEX ix_activities_waiting ON activities (tenant_id, employee_id, work_date) WHERE state = 'waiting';
CREATE TABLE targets (
    tenant_id text NOT NULL,
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    place smallint NOT NULL,
    result_id uuid NOT NULL,
    text text NOT NULL,
    quantity numeric,
    quantity_unit text,
    CONSTRAINT pk_targets PRIMARY KEY (tenant_id, employee_id, work_date, place)
);
CREATE TABLE delegations (
    tenant_id text NOT NULL,
    delegation_id uuid NOT NULL,
    superior_id uuid NOT NULL,
    delegate_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    reason text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_delegations PRIMARY KEY (tenant_id, delegation_id)
);
CREATE INDEX ix_delegations_tenant_id_delegate_id ON delegations (tenant_id, delegate_id);
CREATE INDEX ix_delegations_tenant_id_superior_id ON delegations (tenant_id, superior_id);
CREATE TABLE periods (
    tenant_id text NOT NULL,
    code text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    state text NOT NULL,
    close_seq integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_periods PRIMARY KEY (tenant_id, code),
    CONSTRAINT ck_periods_state CHECK (state IN ('open', 'closed'))
);
CREATE TABLE closings (
    tenant_id text NOT NULL,
    code text NOT NULL,
    close_seq integer NOT NULL,
    supersedes integer,
    activities integer NOT NULL,
    minutes bigint NOT NULL,
    attendance_days integer NOT NULL,
    employees integer NOT NULL,
    root bytea NOT NULL,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    reopened_by uuid,
    reopened_at timestamptz,
    reason text,
    CONSTRAINT pk_closings PRIMARY KEY (tenant_id, code, close_seq)
);
CREATE TABLE settings (
    tenant_id text NOT NULL,
    valid_from date NOT NULL,
    filing_window_days smallint,
    daily_cap_minutes smallint NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (tenant_id, valid_from)
)
"""


def upgrade() -> None:
    create_shared_tables_0001()
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    protect(
        "plans",
        "plan_versions",
        "plan_results",
        "plan_indicators",
        "activities",
        "targets",
        "delegations",
        "periods",
        "closings",
        "settings",
    )
