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
    settings,
    targets,
)
from shared.http import new_api
from shared.settings import Settings

ROUTERS = (
    plans.router,
    plan_import.router,
    plan_reads.router,
    targets.router,
    activities.router,
    approvals.router,
    delegations.router,
    attendance.router,
    calendar.router,
    periods.router,
    recaps.router,
    settings.router,
)


def create_app(given: Settings | None = None) -> FastAPI:
    return new_api("activity", given or Settings(service="activity"), ROUTERS)
