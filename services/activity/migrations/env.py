"""Alembic's entry for activity's database."""

from services.activity.tables import Base
from shared.db import SharedBase
from shared.migrations import run_env

run_env(Base.metadata, SharedBase.metadata)
