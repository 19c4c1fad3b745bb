"""The contracts between services: every event there is, and how bytes become one again."""

from shared.events import activity, allowance, appraisal, identity, payroll
from shared.events.envelope import CONTENT_TYPE, MAX_BYTES, Event, TenantId, Unreadable, decode_with, encode

# written out, not collected: the one place where all events can be seen
CATALOGUE: tuple[type[Event], ...] = (
    identity.TenantConfigured,
    identity.UnitChanged,
    identity.PositionChanged,
    identity.EmployeeChanged,
    identity.SessionRevoked,
    activity.PlanApproved,
    activity.ActivityApproved,
    activity.ApprovalWithdrawn,
    activity.AttendanceDaySettled,
    activity.PeriodClosed,
    activity.PeriodReopened,
    appraisal.AppraisalFinalized,
    appraisal.AppraisalPeriodClosed,
    appraisal.ReconciliationRequested,
    payroll.PayrollReconciliationRequested,
    payroll.AllowanceCalculated,
    payroll.RunClosed,
    payroll.RunApproved,
    allowance.AllowanceFinalized,
    allowance.AllowanceRunFinalized,
    allowance.AllowanceAcknowledged,
)
BY_TYPE: dict[str, type[Event]] = {event.type: event for event in CATALOGUE}


def decode(payload: bytes) -> Event:
    """The event in `payload`. Raises Unreadable with the reason."""
    return decode_with(BY_TYPE, payload)


__all__ = [
    "BY_TYPE",
    "CATALOGUE",
    "CONTENT_TYPE",
    "MAX_BYTES",
    "Event",
    "TenantId",
    "Unreadable",
    "decode",
    "encode",
]
