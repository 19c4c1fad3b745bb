"""Alembic's entry for appraisal's database."""

from services.appraisal.tables import Base
from shared.db import SharedBase
from shared.ledger.tables import LedgerBase
from shared.migrations import run_env

run_env(Base.metadata, SharedBase.metadata, LedgerBase.metadata)
