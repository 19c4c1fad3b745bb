"""A region's attendance behind the API: machines, logs as machines write them, settling, and the facts it states."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from services.activity.api import create_app
from services.activity.commands.attendance_jobs import settle_waiting
from services.activity.worker import HANDLERS
from shared.auth.policy import Role
from shared.events import decode
from shared.events.activity import AttendanceDaySettled
from shared.unit_of_work import unit_of_work
from tests.support.activity import Region
from tests.support.service import TENANT, Person, client_for, headers, hear, organisation, sessions_on

SERIAL = "CJDE193560123"
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MONDAY = date(2026, 4, 6)
LIBUR = (date(2026, 4, 3), date(2026, 4, 5))  # Wafat Yesus Kristus, and the Sunday of Easter


def attlog(*punches: tuple[str | int, str]) -> str:
    """A machine's file of (PIN, moment on its clock)."""
    return "".join(f"{pin:>9}\t{at}\t0\t1\t0\t0\r\n" for pin, at in punches)


def full_days(pin: str | int, days: Sequence[date], came: str = "07:20:00", went: str = "16:35:00") -> str:
    """In time and to the end, day by day."""
    return attlog(*[(pin, f"{day} {clock}") for day in days for clock in (came, went)])


def working_april() -> list[date]:
    """The 21 working days of April 2026 by the national calendar."""
    days = [APRIL[0] + timedelta(days=n) for n in range(30)]
    return [day for day in days if day.weekday() < 5 and day not in LIBUR]


@dataclass
class Attendance(Region):
    """`pins`: the number of each person of the office on the machine SERIAL, from 1."""

    @property
    def pins(self) -> dict[Person, int]:
        return {person: number for number, person in enumerate(self.office.everyone, start=1)}

    def pin(self, person: Person) -> int:
        return self.pins[person]

    @property
    def clerk(self) -> str:
        """The token of the head of office as kepegawaian of the unit."""
        return self.office.head.token(Role.KEPEGAWAIAN)

    async def machine(self, *, mapped: bool = True) -> None:
        """A machine of the office; with everybody's number, where `mapped`."""
        form = {"unit_id": str(self.office.unit_id), "name": "Lobi"}
        await self.done(self.admin_token(), "PUT", f"/attendance/machines/{SERIAL}", form)
        if mapped:
            await self.map(*self.pins)

    async def map(self, *people: Person, valid_from: str = "2026-01-01") -> dict[str, Any]:
        pins = [
            {"pin": str(self.pin(one)), "employee_id": str(one.employee_id), "valid_from": valid_from} for one in people
        ]
        path = f"/attendance/machines/{SERIAL}/pins"
        return dict(await self.done(self.admin_token(), "PUT", path, {"pins": pins}))

    async def upload(self, content: str | bytes, path: str = "/attendance/logs", *, token: str = "") -> Any:
        """Send a file as a form; the answer."""
        return await self.client.post(
            path,
            headers=headers(token or self.admin_token()),
            files={"file": ("attlog.dat", content)},
            data={"serial": SERIAL} if path.endswith("logs") else {},
        )

    async def log(self, *contents: str) -> dict[str, Any]:
        """Import a log that must be taken in; the report."""
        response = await self.upload("".join(contents))
        assert response.is_success, response.text
        return dict(response.json())

    async def settle(self, first: date = APRIL[0], last: date = APRIL[1]) -> dict[str, Any]:
        """Ask for days to be settled, and let the worker do it; how it went."""
        asked = await self.done(
            self.admin_token(), "POST", "/attendance/settlements", {"first_day": str(first), "last_day": str(last)}
        )
        await self.work()
        path = f"/attendance/settlements/{asked['settlement_id']}"
        return dict(await self.done(self.admin_token(), "GET", path))

    async def work(self) -> None:
        """Everything that waits is settled."""
        while await settle_waiting(self.worker):
            pass

    async def facts(self) -> list[AttendanceDaySettled]:
        """The days stated so far, in their order."""
        query = text("SELECT payload FROM event_log WHERE tenant_id = :t AND type = :type ORDER BY id")
        async with unit_of_work(self.app, self.office.tenant_id) as uow:
            given = {"t": self.office.tenant_id, "type": AttendanceDaySettled.type}
            found = [decode(payload) for payload in await uow.session.scalars(query, given)]
        return [fact for fact in found if isinstance(fact, AttendanceDaySettled)]

    async def restated(self, before: int) -> set[tuple[Any, str]]:
        """(employee, day) of the facts after the first `before`."""
        return {(fact.employee_id, str(fact.work_date)) for fact in (await self.facts())[before:]}

    async def month(self, person: Person, code: str = "2026-04") -> dict[str, Any]:
        path = f"/attendance/employees/{person.employee_id}/months/{code}"
        return dict(await self.done(person, "GET", path))

    async def day(self, person: Person, day: date = MONDAY) -> dict[str, Any]:
        """A settled day of somebody."""
        month = await self.month(person, f"{day:%Y-%m}")
        return dict(next(one for one in month["days"] if one["work_date"] == str(day)))

    async def leave(self, person: Person, day: date = MONDAY, **given: Any) -> Any:
        """A day of leave, decided by the admin; the response."""
        form = {
            "employee_id": str(person.employee_id),
            "kind": "tahunan",
            "first_day": str(day),
            "last_day": str(day),
            "reference": "850/12/2026",
            "reason": "cuti tahunan",
        }
        return await self.ask(self.admin_token(), "POST", "/attendance/leave", form | given)

    async def decide(self, kind: str, **given: Any) -> dict[str, Any]:
        """A decision on the calendar, for the whole region from 2026 on."""
        form = {"kind": kind, "first_day": "2026-01-01", "reason": "Perbup 12/2025"} | given
        return dict(await self.done(self.admin_token(), "POST", "/calendar/decisions", form))


@asynccontextmanager
async def attendance_on(urls: ServiceUrls, tenant_id: str = TENANT, staff: int = 2) -> AsyncIterator[Attendance]:
    """A small office whose facts the service has heard."""
    office = organisation(tenant_id, staff)
    async with (
        client_for(create_app, urls) as client,
        sessions_on(urls.app) as app,
        sessions_on(urls.worker) as worker,
    ):
        tell = hear(worker, HANDLERS)
        await tell(*office.events)
        yield Attendance(client, office, app, worker, tell)
