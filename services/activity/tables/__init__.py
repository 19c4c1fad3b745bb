"""Rows of the activity service, and the statements that commands and queries share."""

from services.activity.tables.activities import ActivityRow, DelegationRow, TargetRow
from services.activity.tables.base import Base
from services.activity.tables.periods import ClosingRow, PeriodRow, SettingsRow
from services.activity.tables.plans import PlanIndicatorRow, PlanResultRow, PlanRow, PlanVersionRow

__all__ = [
    "ActivityRow",
    "Base",
    "ClosingRow",
    "DelegationRow",
    "PeriodRow",
    "PlanIndicatorRow",
    "PlanResultRow",
    "PlanRow",
    "PlanVersionRow",
    "SettingsRow",
    "TargetRow",
]
