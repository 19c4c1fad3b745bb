"""HTTP in, commands and queries out. No rule and no SQL lives here."""

from fastapi import FastAPI

from services.activity.api import activities, approvals, periods, plans
from shared.http import new_api
from shared.settings import Settings

ROUTERS = (plans.router, activities.router, approvals.router, periods.router)


def create_app(settings: Settings | None = None) -> FastAPI:
    return new_api("activity", settings or Settings(service="activity"), ROUTERS)
