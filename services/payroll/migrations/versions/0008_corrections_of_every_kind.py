"""Corrections of THR, TPP-13 and terusan beside those of a month's own TPP; what runs settled, found by person."""

from alembic import op

revision = "0008_corrections_of_every_kind"
down_revision = "0007_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _EVERY_KIND.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("a published migration is not taken back: write the next one")


_EVERY_KIND = """
ALTER TABLE correction_chunks ADD COLUMN kind text NOT NULL DEFAULT 'induk';
ALTER TABLE corrections ADD COLUMN kind text NOT NULL DEFAULT 'induk';
ALTER TABLE corrections ADD COLUMN base_month text;
ALTER TABLE corrections ADD COLUMN contributes boolean NOT NULL DEFAULT true;
ALTER TABLE corrections DROP CONSTRAINT pk_corrections;
ALTER TABLE corrections ADD CONSTRAINT pk_corrections PRIMARY KEY (tenant_id, employee_id, period, kind, number);
ALTER TABLE correction_set_aside ADD COLUMN kind text NOT NULL DEFAULT 'induk';
ALTER TABLE correction_set_aside DROP CONSTRAINT pk_correction_set_aside;
ALTER TABLE correction_set_aside
    ADD CONSTRAINT pk_correction_set_aside PRIMARY KEY (tenant_id, cause_id, period, kind, employee_id);
CREATE INDEX ix_correction_lines_tenant_id_run_id_employee_id ON correction_lines (tenant_id, run_id, employee_id)
"""
