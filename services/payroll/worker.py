"""Payroll's worker: the copies it keeps, the runs it calculates and states, the acknowledgements it hears."""

from services.payroll.commands.acknowledgements import note_acknowledgements
from services.payroll.commands.appraisals import reconcile_announced_appraisals
from services.payroll.commands.causes import (
    note_closings,
    note_employee_changes,
    note_new_appraisals,
    note_position_changes,
    note_reopenings,
)
from services.payroll.commands.chunks import work_round
from services.payroll.commands.corrections import correct_round
from services.payroll.queries.watching import measure_chases
from shared.compiled import is_compiled
from shared.directory.commands import DIRECTORY_HANDLERS
from shared.events import Event
from shared.events.activity import PeriodReopened
from shared.events.allowance import AllowanceAcknowledged
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed
from shared.events.identity import EmployeeChanged, PositionChanged
from shared.events.payroll import PayrollReconciliationRequested
from shared.handlers import Handler
from shared.kafka import Worker, serve
from shared.ledger.commands import LEDGER_HANDLERS
from shared.ledger.reconciliation import reconcile_waiting
from shared.telemetry import RULES_COMPILED

HANDLERS: dict[type[Event], Handler] = {
    **DIRECTORY_HANDLERS,
    **LEDGER_HANDLERS,
    EmployeeChanged: note_employee_changes,
    PositionChanged: note_position_changes,
    PeriodReopened: note_reopenings,
    AppraisalFinalized: note_new_appraisals,
    AppraisalPeriodClosed: note_closings,
    AllowanceAcknowledged: note_acknowledgements,
}

LOOPS = {
    "runs": (work_round, 0.2),
    "corrections": (correct_round, 0.5),
    "reconcile": (reconcile_waiting(PayrollReconciliationRequested), 1.0),
    "appraisals": (reconcile_announced_appraisals, 1.0),
    "chases": (measure_chases, 60.0),
}

# regions come while we run: their acknowledgement topics are found by their name
WORKER = Worker(
    "payroll",
    HANDLERS,
    LOOPS,
    topics=["identity.events", "activity.events", "appraisal.events"],
    pattern=r"allowance-ack\.v1\..+",
)

RULES_COMPILED.labels("payroll").set(is_compiled("services.payroll.rules.evaluate"))

if __name__ == "__main__":
    serve(WORKER)
