"""The declarative base of payroll's own tables."""

from sqlalchemy.orm import DeclarativeBase

from shared.db import naming


class Base(DeclarativeBase):
    """Rows hold data only; `tenant_id` is the first column of every key."""

    metadata = naming()
