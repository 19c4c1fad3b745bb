"""The shared tables, things that are written, and effects that are applied."""

from alembic import op

from shared.migrations import create_shared_tables_0001, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables_0001()
    op.execute(
        "CREATE TABLE things (tenant_id text NOT NULL, thing_id uuid NOT NULL, employee_id uuid NOT NULL, "
        "version bigint NOT NULL, CONSTRAINT pk_things PRIMARY KEY (tenant_id, thing_id))"
    )
    op.execute(
        "CREATE TABLE effects (id bigint GENERATED ALWAYS AS IDENTITY, tenant_id text NOT NULL, "
        "activity_id uuid NOT NULL, version bigint NOT NULL, minutes integer NOT NULL, "
        "CONSTRAINT pk_effects PRIMARY KEY (tenant_id, id))"
    )
    protect("things", "effects")
