"""Payroll's API: policies, salaries, runs, statements, the feed."""

from fastapi import FastAPI

from services.payroll.api.feed import router as feed
from services.payroll.api.periods import router as periods
from services.payroll.api.policies import router as policies
from services.payroll.api.runs import router as runs
from services.payroll.api.statements import router as statements
from shared.http import new_api
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app, alone or mounted; settings come from the environment where none are given."""
    return new_api("payroll", settings or Settings(service="payroll"), [policies, periods, runs, statements, feed])
