"""Numbers, accounts, sessions, grants, attempts; with messaging and the directory."""

from alembic import op

from shared.migrations import create_shared_tables_0001, protect, service_name

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE nips (
    tenant_id text NOT NULL,
    nip text NOT NULL,
    employee_id uuid NOT NULL,
    left_on date,
    CONSTRAINT pk_nips PRIMARY KEY (tenant_id, nip),
    CONSTRAINT ck_nips_digits CHECK (nip ~ '^[0-9]{18}$')
);
CREATE INDEX ix_nips_tenant_id_employee_id ON nips (tenant_id, employee_id);
CREATE TABLE accounts (
    tenant_id text NOT NULL,
    account_id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    employee_id uuid,
    password_hash text,
    one_time_digest bytea,
    one_time_until timestamptz,
    disabled boolean NOT NULL,
    revocations bigint NOT NULL,
    revoked_before timestamptz,
    made_at timestamptz NOT NULL,
    password_set_at timestamptz,
    CONSTRAINT pk_accounts PRIMARY KEY (tenant_id, account_id),
    CONSTRAINT uq_accounts_tenant_id_login UNIQUE (tenant_id, login),
    CONSTRAINT uq_accounts_tenant_id_employee_id UNIQUE (tenant_id, employee_id)
);
CREATE TABLE sessions (
    tenant_id text NOT NULL,
    session_id uuid NOT NULL,
    account_id uuid NOT NULL,
    begun_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    address text NOT NULL,
    device text NOT NULL,
    must_set_password boolean NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT pk_sessions PRIMARY KEY (tenant_id, session_id)
);
CREATE INDEX ix_sessions_tenant_id_account_id ON sessions (tenant_id, account_id);
CREATE TABLE refresh_tokens (
    tenant_id text NOT NULL,
    digest bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (tenant_id, digest)
);
CREATE INDEX ix_refresh_tokens_tenant_id_session_id ON refresh_tokens (tenant_id, session_id);
CREATE TABLE grants (
    tenant_id text NOT NULL,
    grant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    unit_id uuid,
    valid_from date NOT NULL,
    valid_to date,
    given_by uuid,
    given_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_grants PRIMARY KEY (tenant_id, grant_id),
    CONSTRAINT ck_grants_days CHECK (valid_to IS NULL OR valid_to >= valid_from - 1),
    CONSTRAINT ck_grants_another CHECK (given_by IS DISTINCT FROM account_id)
);
CREATE INDEX ix_grants_tenant_id_account_id ON grants (tenant_id, account_id);
CREATE TABLE login_attempts (
    key bytea CONSTRAINT pk_login_attempts PRIMARY KEY,
    due_at timestamptz NOT NULL
);
CREATE INDEX ix_login_attempts_due_at ON login_attempts (due_at)
"""


def upgrade() -> None:
    create_shared_tables_0001()
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    protect("nips", "accounts", "sessions", "refresh_tokens", "grants")
    # The platform's operator lists the regions, and numbers that two regions claim; nobody else sees across.
    for table in ("identity_tenants", "nips"):
        op.execute(
            f"CREATE POLICY platform_select ON {table} FOR SELECT TO {service_name()}_app "
            "USING ((SELECT current_setting('app.tenant')) = '00')"
        )
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE DELETE, TRUNCATE ON grants FROM {role}")
