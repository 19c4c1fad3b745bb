"""Alembic for every service: one env, row-level security, and the tables all services share.

Run as the service's owner role. A migration states its tables in SQL; tests compare the result with the metadata.
"""

import asyncio
from importlib.util import find_spec
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

LOCK_TIMEOUT = "5s"


def config(service: str, url: str) -> Config:
    spec = find_spec(f"services.{service}")
    if spec is None or spec.origin is None:
        raise ValueError(f"there is no service {service!r}")
    settings = Config()
    settings.set_main_option("script_location", str(Path(spec.origin).parent / "migrations"))
    settings.attributes["url"] = url
    settings.attributes["service"] = service
    return settings


def upgrade(service: str, url: str) -> None:
    """Bring a service's database to the newest state. `url`: postgresql+asyncpg://, the owner's. Not in a loop."""
    command.upgrade(config(service, url), "head")


def run_env(*metadata: MetaData) -> None:
    """What a service's migrations/env.py calls, with its own metadata."""
    settings = context.config

    def migrate(connection: Connection) -> None:
        context.configure(connection=connection, target_metadata=list(metadata), compare_type=True)
        with context.begin_transaction():
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            context.run_migrations()

    async def connect_and_migrate() -> None:
        engine = create_async_engine(settings.attributes["url"], poolclass=pool.NullPool)
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
            await connection.commit()
        await engine.dispose()

    asyncio.run(connect_and_migrate())


def service_name() -> str:
    """The service whose migrations are running; its roles are `<service>_app` and `<service>_worker`."""
    return str(context.config.attributes["service"])


def protect(*tables: str) -> None:
    """Force row-level security: a transaction sees and writes the rows of the tenant it has entered, no others.

    The sub-select is evaluated once a statement; an unset tenant is an error or sees nothing, never everything.
    """
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table} "
            "USING (tenant_id = (SELECT current_setting('app.tenant'))) "
            "WITH CHECK (tenant_id = (SELECT current_setting('app.tenant')))"
        )


def let_worker(action: str, *tables: str) -> None:
    """The worker may do this to the rows of every tenant: relaying, parking and keeping aside span tenants."""
    check = "" if action in {"SELECT", "DELETE"} else " WITH CHECK (true)"
    using = "" if action == "INSERT" else " USING (true)"
    for table in tables:
        op.execute(
            f"CREATE POLICY worker_{action.lower()} ON {table} FOR {action} TO {service_name()}_worker{using}{check}"
        )


def create_shared_tables_0001() -> None:
    """Messaging and the directory, as every service's first migration makes them."""
    for statement in _SHARED_0001.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for year in range(2026, 2031):
        for month in range(1, 13):
            following = f"{year + month // 12}-{month % 12 + 1:02}-01"
            op.execute(
                f"CREATE TABLE event_log_{year}_{month:02} PARTITION OF event_log "
                f"FOR VALUES FROM ('{year}-{month:02}-01') TO ('{following}')"
            )
    op.execute("CREATE TABLE event_log_later PARTITION OF event_log DEFAULT")
    protect(
        "event_log",
        "inbox_waiting",
        "identity_tenants",
        "identity_units",
        "identity_positions",
        "identity_position_terms",
        "identity_employees",
        "identity_assignments",
        "identity_revocations",
        "quarantine",
    )
    let_worker("SELECT", "event_log", "inbox_waiting", "identity_tenants", "quarantine")
    let_worker("INSERT", "inbox_waiting", "quarantine")
    let_worker("UPDATE", "inbox_waiting", "quarantine")
    let_worker("DELETE", "inbox_waiting")
    # Append-only: not even the worker may change what was said, or what came. The partitions are reached
    # through their parent alone.
    for role in (f"{service_name()}_app", f"{service_name()}_worker"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON event_log FROM {role}")
        op.execute(f"REVOKE DELETE ON quarantine FROM {role}")
        op.execute(
            "DO $$ DECLARE part regclass; BEGIN "
            "FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'event_log'::regclass LOOP "
            f"EXECUTE format('REVOKE ALL ON %s FROM {role}', part); END LOOP; END $$"
        )


_SHARED_0001 = """
CREATE TABLE event_log (
    id bigint GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    tenant_id text NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    version bigint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    payload bytea NOT NULL,
    CONSTRAINT pk_event_log PRIMARY KEY (id, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ix_event_log_tenant_id_key_id ON event_log (tenant_id, key, id);
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_outbox PRIMARY KEY,
    shard smallint NOT NULL,
    log_id bigint NOT NULL,
    log_at timestamptz NOT NULL,
    moved_aside text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX ix_outbox_shard_id ON outbox (shard, id);
CREATE TABLE inbox (
    event_id uuid CONSTRAINT pk_inbox PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ix_inbox_seen_at ON inbox USING brin (seen_at);
CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_quarantine PRIMARY KEY,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea,
    payload bytea,
    headers jsonb NOT NULL,
    tenant_id text,
    reason text NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    redriven_at timestamptz,
    redriven_by text
);
CREATE UNIQUE INDEX uq_quarantine_topic_partition_offset ON quarantine (topic, partition, "offset");
CREATE TABLE inbox_waiting (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_inbox_waiting PRIMARY KEY,
    tenant_id text NOT NULL,
    key text NOT NULL,
    event_id uuid NOT NULL,
    payload bytea NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ix_inbox_waiting_tenant_id_key_id ON inbox_waiting (tenant_id, key, id);
CREATE UNIQUE INDEX uq_inbox_waiting_event_id ON inbox_waiting (event_id);
CREATE TABLE identity_tenants (
    tenant_id text CONSTRAINT pk_identity_tenants PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    zone text NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE identity_units (
    tenant_id text NOT NULL,
    unit_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    parent_id uuid,
    active_from date NOT NULL,
    active_to date,
    version bigint NOT NULL,
    CONSTRAINT pk_identity_units PRIMARY KEY (tenant_id, unit_id)
);
CREATE TABLE identity_positions (
    tenant_id text NOT NULL,
    position_id uuid NOT NULL,
    code text NOT NULL,
    active_to date,
    version bigint NOT NULL,
    CONSTRAINT pk_identity_positions PRIMARY KEY (tenant_id, position_id)
);
CREATE TABLE identity_position_terms (
    tenant_id text NOT NULL,
    position_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    name text NOT NULL,
    jenis_jabatan text NOT NULL,
    kelas_jabatan smallint NOT NULL,
    unit_id uuid NOT NULL,
    reports_to uuid,
    eselon text,
    CONSTRAINT pk_identity_position_terms PRIMARY KEY (tenant_id, position_id, valid_from)
);
CREATE INDEX ix_identity_position_terms_tenant_id_reports_to ON identity_position_terms (tenant_id, reports_to);
CREATE INDEX ix_identity_position_terms_tenant_id_unit_id ON identity_position_terms (tenant_id, unit_id);
CREATE TABLE identity_employees (
    tenant_id text NOT NULL,
    employee_id uuid NOT NULL,
    name text NOT NULL,
    nip text NOT NULL,
    left_on date,
    state jsonb NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT pk_identity_employees PRIMARY KEY (tenant_id, employee_id)
);
CREATE INDEX ix_identity_employees_tenant_id_nip ON identity_employees (tenant_id, nip);
CREATE TABLE identity_assignments (
    tenant_id text NOT NULL,
    assignment_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    position_id uuid NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT pk_identity_assignments PRIMARY KEY (tenant_id, assignment_id)
);
CREATE INDEX ix_identity_assignments_tenant_id_employee_id ON identity_assignments (tenant_id, employee_id);
CREATE INDEX ix_identity_assignments_tenant_id_position_id ON identity_assignments (tenant_id, position_id);
CREATE TABLE identity_revocations (
    tenant_id text NOT NULL,
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    session_id uuid,
    issued_before timestamptz NOT NULL,
    CONSTRAINT pk_identity_revocations PRIMARY KEY (tenant_id, account_id, version)
)
"""
