"""A head of office tries to change what is closed, and is told why not."""

from typing import Any

from deploy.demo import paying
from deploy.demo.console import DemoError
from deploy.demo.door import Login
from deploy.demo.ratings import ABOVE, ratings_of
from deploy.demo.region import HEADS, PERIOD, Region

_NO = (403, 404, 409)


async def try_all(region: Region) -> list[tuple[str, int, str]]:
    """What was tried, the status, and the sentence of the problem. Raises DemoError where anything succeeds."""
    head = region.login(HEADS[region.tenant_id])
    under = next(one for one in region.office.people if one.post.reports_to == HEADS[region.tenant_id])
    employee = region.ids[under.nip]
    appraised = {"ratings": {**ratings_of(under.nip), "hasil_kerja": ABOVE}, "reason": "Perintah kepala"}
    statement = (await paying.own_statement(region, under))["statement_id"]
    attempts: list[tuple[str, Login, str, str, Any]] = [
        (
            f"approves an activity of {under.name} after the closing",
            head,
            "POST",
            f"/activity/activities/{region.left_waiting}/approval",
            None,
        ),
        (
            f"raises the appraisal of {under.name} after the closing",
            head,
            "POST",
            f"/appraisal/appraisals/{PERIOD}/{employee}/corrections",
            appraised,
        ),
        ("reopens the month", head, "POST", f"/activity/periods/{PERIOD}/reopening", {"reason": "Perintah kepala"}),
        (f"looks at the statement of {under.name}", head, "GET", f"/payroll/statements/{statement}", None),
        ("starts a run of their own", head, "POST", "/payroll/runs", {"period": PERIOD}),
        (
            "has the treasurer start the run over",
            region.treasurer,
            "POST",
            "/payroll/runs",
            {"period": PERIOD},
        ),
        (
            "has the admin give up the approved run",
            region.admin,
            "POST",
            f"/payroll/runs/{region.run_id}/cancellation",
            {"reason": "Perintah kepala"},
        ),
    ]
    return [await _refused(*one) for one in attempts]


async def _refused(what: str, login: Login, method: str, path: str, body: Any) -> tuple[str, int, str]:
    answer = await login.attempt(method, path, json=body)
    if answer.status_code not in _NO or answer.headers["content-type"] != "application/problem+json":
        raise DemoError(f"a head of office {what}: {answer.status_code} {answer.text[:300]}")
    return what, answer.status_code, answer.json()["detail"]
