"""A region's month in activity: builders of plans and entries, and the requests that make them real."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx

from deploy.local.databases import ServiceUrls
from services.activity.api import create_app
from services.activity.worker import HANDLERS
from shared.auth.policy import Role
from shared.db import Sessions
from tests.support.service import (
    TENANT,
    Hearing,
    Office,
    Person,
    an_id,
    client_for,
    headers,
    hear,
    organisation,
    sessions_on,
    token_for,
)

WORK_DATE = date(2026, 3, 2)  # a Monday
MONTH = "2026-03"


def indicator(**given: Any) -> dict[str, Any]:
    return {"aspect": "kuantitas", "text": "Jumlah dokumen", "target": "12", "unit": "dokumen"} | given


def result(**given: Any) -> dict[str, Any]:
    """A result (RHK) with one indicator, as a plan's form takes it."""
    return {"kind": "utama", "text": "Tersusunnya laporan bulanan", "indicators": [indicator()]} | given


def plan(position_id: UUID, **given: Any) -> dict[str, Any]:
    """A plan for the year 2026 with one result."""
    return {
        "position_id": str(position_id),
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "results": [result()],
    } | given


def entry(result_id: UUID | str, **given: Any) -> dict[str, Any]:
    """An activity of an hour."""
    return {
        "client_id": str(uuid4()),
        "work_date": str(WORK_DATE),
        "minutes": 60,
        "result_id": str(result_id),
        "text": "Menyusun laporan kegiatan",
    } | given


@dataclass
class Region:
    """A small office of a region behind activity's API; each person's requests carry their own token."""

    client: httpx.AsyncClient
    office: Office
    app: Sessions
    worker: Sessions
    tell: Hearing

    @property
    def staff(self) -> Person:
        return self.office.staff[0]

    def admin_token(self) -> str:
        """Of an admin who is no employee."""
        return token_for(self.office.tenant_id, [Role.ADMIN], account_id=an_id(self.office.tenant_id, "admin"))

    async def ask(self, who: Person | str, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """A request as somebody: a person, or the bearer of a token."""
        token = who if isinstance(who, str) else who.token()
        return await self.client.request(method, path, json=body, headers=headers(token), **more)

    async def get(self, who: Person | str, path: str, **params: Any) -> httpx.Response:
        return await self.ask(who, "GET", path, params=params)

    async def post(self, who: Person | str, path: str, body: Any = None) -> httpx.Response:
        return await self.ask(who, "POST", path, body)

    async def done(self, who: Person | str, method: str, path: str, body: Any = None) -> Any:
        """As `ask`, for what must succeed; the answer's body."""
        response = await self.ask(who, method, path, body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def approved_plan(self, person: Person, approver: Person | str, **given: Any) -> dict[str, Any]:
        """Draft, submit and approve a plan, through the API; as it is shown then."""
        made = await self.done(person, "POST", "/plans", plan(person.position_id) | given)
        await self.done(person, "POST", f"/plans/{made['plan_id']}/submission")
        return dict(await self.done(approver, "POST", f"/plans/{made['plan_id']}/approval"))

    async def approved_plans(self) -> dict[UUID, str]:
        """Everybody's plan, derived from the top down; the id of each one's result by employee."""
        head, supervisor = self.office.head, self.office.supervisor
        results = {head.employee_id: _result_of(await self.approved_plan(head, self.admin_token()))}
        for superior, people in ((head, [supervisor]), (supervisor, self.office.staff)):
            derived = [result(superior_result_id=results[superior.employee_id])]
            for person in people:
                shown = await self.approved_plan(person, superior, results=derived)
                results[person.employee_id] = _result_of(shown)
        return results

    async def logged(self, person: Person, entries: Sequence[dict[str, Any]]) -> list[str]:
        """Log entries that must all be stored; their activity ids."""
        answer = await self.done(person, "POST", "/activities/batch", {"entries": list(entries)})
        assert answer["refused"] == 0, answer
        return [one["activity_id"] for one in answer["entries"]]

    async def approve(self, superior: Person | str, ids: Iterable[str]) -> dict[str, Any]:
        return dict(await self.done(superior, "POST", "/activities/approvals", {"ids": list(ids)}))


def _result_of(shown: dict[str, Any]) -> str:
    return str(shown["results"][0]["result_id"])


@asynccontextmanager
async def region_on(
    urls: ServiceUrls, tenant_id: str = TENANT, staff: int = 2, *, known: bool = True, **more: object
) -> AsyncIterator[Region]:
    """A small office whose facts the service has heard; `more`: settings of the API's process."""
    office = organisation(tenant_id, staff)
    async with (
        client_for(create_app, urls, **more) as client,
        sessions_on(urls.app) as app,
        sessions_on(urls.worker) as worker,
    ):
        tell = hear(worker, HANDLERS)
        if known:
            await tell(*office.events)
        yield Region(client, office, app, worker, tell)
