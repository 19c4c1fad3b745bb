"""Builders for identity's tests: a region with an admin, an office's files, people who can log in."""

import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import httpx
import xlsxwriter
from sqlalchemy import select

from deploy.local.databases import ServiceUrls
from services.identity.api import create_app
from shared.auth.policy import Role
from shared.events import Event, decode
from shared.outbox import EventLogRow
from shared.unit_of_work import UnitOfWork, unit_of_work
from tests.support.service import TENANT, an_id, client_for, headers, nip_of, sessions_on, token_for

Fact = TypeVar("Fact", bound=Event)

PASSWORD = "empat belas kerbau menyeberang"
REGION = {"name": "Kabupaten Bangka Barat", "kind": "kabupaten", "zone": "Asia/Jakarta"}
EMPLOYEE_HEADERS = ("NIP", "Nama", "Status", "Golongan", "PTKP")
SINCE = date(2026, 1, 1)


@dataclass
class Client:
    """identity's API as several people use it."""

    http: httpx.AsyncClient
    urls: ServiceUrls
    tenant_id: str = TENANT
    address: str = "192.0.2.1"

    def operator(self) -> dict[str, str]:
        return headers(token_for("00", [Role.OPERATOR]))

    def admin(self, tenant_id: str | None = None) -> dict[str, str]:
        return headers(token_for(tenant_id or self.tenant_id, [Role.ADMIN], account_id=an_id("admin")))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """The region's rows, as the API's role sees them."""
        async with sessions_on(self.urls.app) as sessions, unit_of_work(sessions, self.tenant_id) as uow:
            yield uow

    async def stated(self, kind: type[Fact]) -> list[Fact]:
        """The region's facts of a type, in the order they were stated."""
        async with self.transaction() as uow:
            payloads = await uow.session.scalars(
                select(EventLogRow.payload)
                .where(EventLogRow.tenant_id == self.tenant_id, EventLogRow.type == kind.type)
                .order_by(EventLogRow.id)
            )
            return [event for payload in payloads if isinstance(event := decode(payload), kind)]

    async def add_region(self, tenant_id: str | None = None) -> None:
        path = f"/tenants/{tenant_id or self.tenant_id}"
        answer = await self.http.put(path, json=REGION, headers=self.operator())
        assert answer.status_code == 200, answer.text

    async def get(self, path: str, who: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return await self.http.get(path, headers=who or self.admin(), params=params)

    async def post(self, path: str, body: Any, who: dict[str, str] | None = None) -> httpx.Response:
        return await self.http.post(path, json=body, headers=who or self.admin())

    async def put(self, path: str, body: Any, who: dict[str, str] | None = None) -> httpx.Response:
        return await self.http.put(path, json=body, headers=who or self.admin())

    async def delete(self, path: str, who: dict[str, str] | None = None) -> httpx.Response:
        return await self.http.delete(path, headers=who or self.admin())

    async def add_unit(self, code: str = "1.01", name: str = "Dinas Pendidikan", **more: Any) -> UUID:
        body = {"code": code, "name": name, "kind": "opd", "active_from": str(SINCE)} | _json(more)
        return await self._made("/units", body)

    async def add_position(self, unit_id: UUID, code: str = "KADIS", **more: Any) -> UUID:
        body = {
            "code": code,
            "name": f"Jabatan {code}",
            "jenis_jabatan": "pelaksana",
            "kelas_jabatan": 7,
            "unit_id": str(unit_id),
            "valid_from": str(SINCE),
        } | _json(more)
        return await self._made("/positions", body)

    async def hire(self, number: int = 1, name: str | None = None, **more: Any) -> UUID:
        body = {
            "nip": nip_of(number),
            "name": name or f"Pegawai {number}",
            "status": {"valid_from": str(SINCE), "status_asn": "PNS", "golongan": "III/c"},
        } | more
        return await self._made("/employees", body)

    async def assign(self, employee_id: UUID, position_id: UUID, **more: Any) -> httpx.Response:
        body = {"position_id": str(position_id), "valid_from": str(SINCE)} | _json(more)
        return await self.post(f"/employees/{employee_id}/assignments", body)

    async def one_time(self, employee_id: UUID) -> dict[str, Any]:
        """An account with a one-time password, for an employee."""
        answer = await self.post("/accounts/import", {"employee_ids": [str(employee_id)]})
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["accounts"][0])

    async def log_in(self, nip: str, password: str, tenant_id: str | None = None) -> httpx.Response:
        given = {"tenant_id": tenant_id or self.tenant_id, "nip": nip, "password": password}
        return await self.http.post("/sessions", json=given)

    async def somebody(self, number: int = 1, password: str = PASSWORD) -> dict[str, Any]:
        """An employee who has set a password of their own; their tokens."""
        made = await self.one_time(await self.hire(number))
        first = (await self.log_in(made["login"], made["password"])).json()
        answer = await self.http.put("/me/password", json={"new": password}, headers=headers(first["access_token"]))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def bring(
        self,
        kind: str,
        content: bytes,
        *,
        filename: str = "pegawai.xlsx",
        who: dict[str, str] | None = None,
        **params: Any,
    ) -> httpx.Response:
        """Import a file; by default what it says holds from 2026-01-01."""
        return await self.http.post(
            f"/imports/{kind}",
            files={"file": (filename, content)},
            params={"since": str(SINCE)} | params,
            headers=who or self.admin(),
        )

    async def _made(self, path: str, body: dict[str, Any]) -> UUID:
        answer = await self.post(path, body)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])


@asynccontextmanager
async def identity(
    urls: ServiceUrls, *, tenant_id: str = TENANT, address: str = "192.0.2.1", region: bool = True
) -> AsyncIterator[Client]:
    """identity's API on a database; with a region in it."""
    async with client_for(create_app, urls, address=address) as http:
        client = Client(http, urls, tenant_id, address)
        if region:
            await client.add_region()
        yield client


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """An XLSX with these sheets; cells as given: text, numbers, days."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)
    return file.getvalue()


def employee_rows(count: int, first: int = 1) -> list[tuple[str, ...]]:
    """Rows under EMPLOYEE_HEADERS, all of them good."""
    return [(nip_of(one), f"Pegawai {one}", "PNS", "III/c", "K/1") for one in range(first, first + count)]


def _json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID | date) else value for name, value in values.items()}
