"""Payroll's API: policies, salaries, runs, statements, the feed."""

from fastapi import FastAPI

from services.payroll.api.circumstances import router as circumstances
from services.payroll.api.consents import router as consents
from services.payroll.api.corrections import router as corrections
from services.payroll.api.explanations import router as explanations
from services.payroll.api.exports import router as exports
from services.payroll.api.feed import router as feed
from services.payroll.api.payments import router as payments
from services.payroll.api.periods import router as periods
from services.payroll.api.policies import router as policies
from services.payroll.api.receipts import router as receipts
from services.payroll.api.reviews import router as reviews
from services.payroll.api.runs import router as runs
from services.payroll.api.statements import router as statements
from services.payroll.api.what_if import router as what_ifs
from services.payroll.commands.runs import CHUNK
from shared.http import new_api
from shared.http.signed_log import signer_of
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app, alone or mounted; settings come from the environment where none are given.

    Raises ValueError where TAKAR_RECEIPT_KEY holds no Ed25519 private key.
    """
    given = settings or Settings(service="payroll")
    of_runs = [runs, reviews, statements, explanations, corrections, receipts, exports, payments, feed]
    app = new_api("payroll", given, [policies, what_ifs, periods, circumstances, consents, *of_runs])
    app.state.signer = signer_of(given)
    app.state.run_chunk = given.run_chunk or CHUNK
    return app
