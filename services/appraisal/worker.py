"""What the appraisal service hears, and what that leads to. Run: python -m services.appraisal.worker"""

from services.appraisal import commands
from shared.directory.commands import DIRECTORY_HANDLERS
from shared.events import Event
from shared.events.activity import PeriodClosed, PeriodReopened
from shared.events.appraisal import ReconciliationRequested
from shared.events.payroll import PayrollReconciliationRequested
from shared.handlers import Handler
from shared.kafka import Worker, serve
from shared.ledger.commands import LEDGER_HANDLERS
from shared.ledger.reconciliation import reconcile_waiting

HANDLERS: dict[type[Event], Handler] = {
    **DIRECTORY_HANDLERS,
    **LEDGER_HANDLERS,
    PeriodClosed: commands.take_period_closings,
    PeriodReopened: commands.take_period_reopenings,
    PayrollReconciliationRequested: commands.answer_requests,
}
LOOPS = {"reconcile": (reconcile_waiting(ReconciliationRequested), 1.0)}
WORKER = Worker("appraisal", HANDLERS, LOOPS)

if __name__ == "__main__":
    serve(WORKER)
