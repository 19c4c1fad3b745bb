"""Payroll's worker: the copies it keeps, the runs it calculates and states, the acknowledgements it hears."""

from services.payroll.commands.acknowledgements import note_acknowledgements
from services.payroll.commands.appraisals import (
    note_appraisal_closings,
    note_appraisals,
    reconcile_announced_appraisals,
)
from services.payroll.commands.chunks import work_round
from shared.directory.commands import DIRECTORY_HANDLERS
from shared.events import Event
from shared.events.allowance import AllowanceAcknowledged
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed
from shared.events.payroll import PayrollReconciliationRequested
from shared.handlers import Handler
from shared.kafka import Worker, serve
from shared.ledger.commands import LEDGER_HANDLERS
from shared.ledger.reconciliation import reconcile_waiting

HANDLERS: dict[type[Event], Handler] = {
    **DIRECTORY_HANDLERS,
    **LEDGER_HANDLERS,
    AppraisalFinalized: note_appraisals,
    AppraisalPeriodClosed: note_appraisal_closings,
    AllowanceAcknowledged: note_acknowledgements,
}

LOOPS = {
    "runs": (work_round, 0.2),
    "reconcile": (reconcile_waiting(PayrollReconciliationRequested), 1.0),
    "appraisals": (reconcile_announced_appraisals, 1.0),
}

# regions come while we run: their acknowledgement topics are found by their name
WORKER = Worker(
    "payroll",
    HANDLERS,
    LOOPS,
    topics=["identity.events", "activity.events", "appraisal.events"],
    pattern=r"allowance-ack\.v1\..+",
)

if __name__ == "__main__":
    serve(WORKER)
