"""Dated facts that no service states: exemptions, penalties, scores, releases, instalments, flags, points."""

from services.payroll.rules.circumstances.applying import Stated, with_circumstances
from services.payroll.rules.circumstances.rows import (
    COLUMNS,
    OPTIONAL,
    Circumstance,
    CircumstanceKind,
    Wrong,
    circumstance_in,
)

__all__ = [
    "COLUMNS",
    "OPTIONAL",
    "Circumstance",
    "CircumstanceKind",
    "Stated",
    "Wrong",
    "circumstance_in",
    "with_circumstances",
]
