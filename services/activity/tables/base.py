"""The base of activity's own tables."""

from sqlalchemy.orm import DeclarativeBase

from shared.db import naming


class Base(DeclarativeBase):
    metadata = naming()
