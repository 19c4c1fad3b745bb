"""What activity hears, and what its worker does by itself: `python -m services.activity.worker`."""

from services.activity.commands.attendance_jobs import settle_waiting
from services.activity.commands.reconciliation import send_differing_again
from shared.directory.commands import DIRECTORY_HANDLERS
from shared.events import Event
from shared.events.appraisal import ReconciliationRequested
from shared.events.payroll import PayrollReconciliationRequested
from shared.handlers import Handler
from shared.kafka.worker import Loop, Worker, serve

SETTLE_PAUSE_S = 0.5

HANDLERS: dict[type[Event], Handler] = {
    **DIRECTORY_HANDLERS,
    ReconciliationRequested: send_differing_again,
    PayrollReconciliationRequested: send_differing_again,
}
LOOPS: dict[str, tuple[Loop, float]] = {"settlements": (settle_waiting, SETTLE_PAUSE_S)}
WORKER = Worker("activity", HANDLERS, LOOPS)

if __name__ == "__main__":
    serve(WORKER)
