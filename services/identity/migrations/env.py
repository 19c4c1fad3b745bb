"""How Alembic reaches identity's database."""

from services.identity.tables import Base
from shared.db import SharedBase
from shared.migrations import run_env

run_env(Base.metadata, SharedBase.metadata)
