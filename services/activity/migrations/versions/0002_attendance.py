"""Calendars, machines and punches, decisions on attendance, settled days."""

from alembic import op

from shared.migrations import let_worker, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE calendar_decisions (
    tenant_id text NOT NULL,
    decision_id uuid NOT NULL,
    kind text NOT NULL,
    unit_id uuid,
    employee_id uuid,
    first_day date NOT NULL,
    last_day date,
    content jsonb NOT NULL,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawal_reason text,
    CONSTRAINT pk_calendar_decisions PRIMARY KEY (tenant_id, decision_id),
    CONSTRAINT ck_calendar_decisions_kind
        CHECK (kind IN ('holiday', 'work_hours', 'special_hours', 'ramadan', 'apel', 'window')),
    CONSTRAINT ck_calendar_decisions_scope CHECK (unit_id IS NULL OR employee_id IS NULL),
    CONSTRAINT ck_calendar_decisions_days CHECK (last_day IS NULL OR last_day >= first_day)
);
CREATE INDEX ix_calendar_decisions_tenant_id_kind_first_day ON calendar_decisions (tenant_id, kind, first_day);
CREATE TABLE attendance_machines (
    tenant_id text NOT NULL,
    serial text NOT NULL,
    unit_id uuid NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamptz NOT NULL,
    CONSTRAINT pk_attendance_machines PRIMARY KEY (tenant_id, serial)
);
CREATE TABLE attendance_pins (
    tenant_id text NOT NULL,
    serial text NOT NULL,
    pin text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    employee_id uuid NOT NULL,
    mapped_by uuid NOT NULL,
    mapped_at timestamptz NOT NULL,
    CONSTRAINT pk_attendance_pins PRIMARY KEY (tenant_id, serial, pin, valid_from),
    CONSTRAINT ck_attendance_pins_days CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX ix_attendance_pins_tenant_id_employee_id ON attendance_pins (tenant_id, employee_id);
CREATE TABLE attendance_punches (
    tenant_id text NOT NULL,
    serial text NOT NULL,
    pin text NOT NULL,
    punched_at timestamptz NOT NULL,
    status smallint,
    verify smallint,
    CONSTRAINT pk_attendance_punches PRIMARY KEY (tenant_id, serial, pin, punched_at)
) PARTITION BY RANGE (punched_at);
CREATE TABLE attendance_imports (
    tenant_id text NOT NULL,
    serial text NOT NULL,
    sha256 bytea NOT NULL,
    file_name text NOT NULL,
    lines integer NOT NULL,
    stored integer NOT NULL,
    refused integer NOT NULL,
    imported_by uuid NOT NULL,
    imported_at timestamptz NOT NULL,
    CONSTRAINT pk_attendance_imports PRIMARY KEY (tenant_id, serial, sha256)
);
CREATE TABLE attendance_decisions (
    tenant_id text NOT NULL,
    decision_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    kind text NOT NULL,
    detail text,
    excuses text[] NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    reference text,
    letter boolean NOT NULL DEFAULT true,
    inpatient boolean NOT NULL DEFAULT false,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawal_reason text,
    CONSTRAINT pk_attendance_decisions PRIMARY KEY (tenant_id, decision_id),
    CONSTRAINT ck_attendance_decisions_kind CHECK (kind IN ('leave', 'duty', 'excuse', 'refusal')),
    CONSTRAINT ck_attendance_decisions_detail CHECK ((kind = 'excuse') = (detail IS NULL)),
    CONSTRAINT ck_attendance_decisions_days CHECK (last_day >= first_day),
    CONSTRAINT ck_attendance_decisions_four_eyes CHECK (decided_by <> employee_id)
);
CREATE INDEX ix_attendance_decisions_tenant_id_employee_id
    ON attendance_decisions (tenant_id, employee_id, first_day);
CREATE TABLE attendance_outings (
    tenant_id text NOT NULL,
    outing_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    permitted boolean NOT NULL,
    reference text,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawal_reason text,
    CONSTRAINT pk_attendance_outings PRIMARY KEY (tenant_id, outing_id),
    CONSTRAINT ck_attendance_outings_moments CHECK (ended_at > started_at),
    CONSTRAINT ck_attendance_outings_four_eyes CHECK (decided_by <> employee_id)
);
CREATE INDEX ix_attendance_outings_tenant_id_employee_id ON attendance_outings (tenant_id, employee_id, work_date);
CREATE TABLE attendance_incidents (
    tenant_id text NOT NULL,
    incident_id uuid NOT NULL,
    unit_id uuid,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawal_reason text,
    CONSTRAINT pk_attendance_incidents PRIMARY KEY (tenant_id, incident_id),
    CONSTRAINT ck_attendance_incidents_moments CHECK (ended_at > started_at)
);
CREATE TABLE attendance_apel_rolls (
    tenant_id text NOT NULL,
    work_date date NOT NULL,
    employee_id uuid NOT NULL,
    attended boolean NOT NULL,
    listed_by uuid NOT NULL,
    listed_at timestamptz NOT NULL,
    CONSTRAINT pk_attendance_apel_rolls PRIMARY KEY (tenant_id, work_date, employee_id)
);
CREATE TABLE attendance_days (
    tenant_id text NOT NULL,
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
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
    excused_minutes integer NOT NULL,
    out_minutes integer,
    permitted_out_minutes integer,
    letter boolean,
    inpatient boolean,
    leave_refused boolean,
    version integer NOT NULL,
    salt text NOT NULL,
    leaf bytea NOT NULL,
    settled_at timestamptz NOT NULL,
    CONSTRAINT pk_attendance_days PRIMARY KEY (tenant_id, employee_id, work_date)
) PARTITION BY RANGE (work_date);
CREATE TABLE attendance_settlements (
    tenant_id text NOT NULL,
    settlement_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    employees uuid[],
    again boolean NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    done_to uuid,
    people integer NOT NULL,
    days integer NOT NULL,
    changed integer NOT NULL,
    told text,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    touched_at timestamptz NOT NULL,
    CONSTRAINT pk_attendance_settlements PRIMARY KEY (tenant_id, settlement_id),
    CONSTRAINT ck_attendance_settlements_state CHECK (state IN ('waiting', 'done', 'refused', 'failed')),
    CONSTRAINT ck_attendance_settlements_days CHECK (last_day >= first_day)
);
CREATE INDEX ix_attendance_settlements_waiting ON attendance_settlements (touched_at) WHERE state = 'waiting'
"""

_YEARS = range(2026, 2031)


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    _partition("attendance_punches")
    _partition("attendance_days")
    protect(
        "calendar_decisions",
        "attendance_machines",
        "attendance_pins",
        "attendance_punches",
        "attendance_imports",
        "attendance_decisions",
        "attendance_outings",
        "attendance_incidents",
        "attendance_apel_rolls",
        "attendance_days",
        "attendance_settlements",
    )
    let_worker("SELECT", "attendance_settlements")  # the loop finds what waits, whosever it is


def _partition(table: str) -> None:
    """A part for each month, and one for what is earlier or later; the parts are reached through their parent alone."""
    for year in _YEARS:
        for month in range(1, 13):
            following = f"{year + month // 12}-{month % 12 + 1:02}-01"
            op.execute(
                f"CREATE TABLE {table}_{year}_{month:02} PARTITION OF {table} "
                f"FOR VALUES FROM ('{year}-{month:02}-01') TO ('{following}')"
            )
    op.execute(f"CREATE TABLE {table}_others PARTITION OF {table} DEFAULT")
    for role in ("activity_app", "activity_worker"):
        op.execute(
            "DO $$ DECLARE part regclass; BEGIN "
            f"FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '{table}'::regclass LOOP "
            f"EXECUTE format('REVOKE ALL ON %s FROM {role}', part); END LOOP; END $$"
        )
