"""HTTP in, commands and queries out. No rule and no SQL lives here."""

from fastapi import FastAPI

from services.activity.api import (
    activities,
    approvals,
    attendance,
    calendar,
    delegations,
    periods,
    plan_import,
    plan_reads,
    plans,
    recaps,
    receipts,
    settings,
    targets,
)
from shared.http import new_api
from shared.http.signed_log import signer_of
from shared.settings import Settings

ROUTERS = (
    activities.router,  # tried in turn: what is asked most comes first
    plans.router,
    plan_import.router,
    plan_reads.router,
    targets.router,
    approvals.router,
    delegations.router,
    attendance.router,
    calendar.router,
    periods.router,
    receipts.router,
    recaps.router,
    settings.router,
)


def create_app(given: Settings | None = None) -> FastAPI:
    """The app, alone or mounted; settings come from the environment where none are given.

    Raises ValueError where TAKAR_RECEIPT_KEY holds no Ed25519 private key: closings are signed.
    """
    settings = given or Settings(service="activity")
    app = new_api("activity", settings, ROUTERS)
    app.state.signer = signer_of(settings)
    return app
