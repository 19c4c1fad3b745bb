"""Rows of the activity service; beside them, statements that commands and queries share."""

from services.activity.tables.activities import ActivityRow, DelegationRow, TargetRow
from services.activity.tables.attendance import (
    ApelRollRow,
    AttendanceDayRow,
    AttendanceDecisionRow,
    IncidentRow,
    LogImportRow,
    MachineRow,
    OutingRow,
    PinRow,
    PunchRow,
    SettlementRow,
)
from services.activity.tables.base import Base
from services.activity.tables.calendar import CalendarDecisionRow
from services.activity.tables.checkpoints import CheckpointRow, ClosingTreeRow
from services.activity.tables.periods import ClosingRow, PeriodRow, SettingsRow
from services.activity.tables.plans import PlanIndicatorRow, PlanResultRow, PlanRow, PlanVersionRow

__all__ = [
    "ActivityRow",
    "ApelRollRow",
    "AttendanceDayRow",
    "AttendanceDecisionRow",
    "Base",
    "CalendarDecisionRow",
    "CheckpointRow",
    "ClosingRow",
    "ClosingTreeRow",
    "DelegationRow",
    "IncidentRow",
    "LogImportRow",
    "MachineRow",
    "OutingRow",
    "PeriodRow",
    "PinRow",
    "PlanIndicatorRow",
    "PlanResultRow",
    "PlanRow",
    "PlanVersionRow",
    "PunchRow",
    "SettingsRow",
    "SettlementRow",
    "TargetRow",
]
