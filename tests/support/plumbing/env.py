"""Alembic's entry for the plumbing tests' own small service."""

from shared.db import SharedBase
from shared.migrations import run_env

run_env(SharedBase.metadata)
