"""Alembic's entry for payroll: everything is in shared.migrations."""

from services.payroll.tables import Base
from shared.db import SharedBase
from shared.ledger.tables import LedgerBase
from shared.migrations import run_env

run_env(Base.metadata, SharedBase.metadata, LedgerBase.metadata)
