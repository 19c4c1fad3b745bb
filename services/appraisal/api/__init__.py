"""The appraisal service over HTTP. No rule and no SQL lives here."""

from fastapi import FastAPI

from services.appraisal.api import appraisals, periods
from shared.http import new_api
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app; settings from the environment where none are given."""
    return new_api("appraisal", settings or Settings(service="appraisal"), [appraisals.router, periods.router])
