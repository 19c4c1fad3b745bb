"""A regency as a scenario speaks of it: who reports, approves, closes, pays; HTTP and waiting are inside."""

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx

from deploy.demo.office.model import Office, Person, Post, Unit
from deploy.demo.office.people import with_people
from deploy.demo.office.plans import with_plans
from deploy.demo.office.sheets import as_csv, people, pins, plans, posts, salaries, units
from deploy.examples import payroll_consumer
from shared.auth.policy import Role
from shared.period import Period
from tests.support.deployment import Deployment
from tests.support.service import headers, token_for

T = TypeVar("T")
MEETS = "sesuai_ekspektasi"
VALUES = ("BP", "AK", "KO", "HA", "LO", "AD", "KB")
MACHINE = "mesin-1"


def small_office(tenant_id: str, name: str, kind: str, zone: str, staff: int) -> Office:
    """A dinas with a head, a secretary, and `staff` of one bidang under its head."""
    unit = Unit("1.01", "Dinas Contoh", "opd", None, "umum", MACHINE)
    section = Unit("1.01.1", "Bidang Contoh", "bagian", "1.01", "darat", MACHINE)
    of_office = (
        Post("KADIS", "Kepala Dinas", "jpt_pratama", 14, "1.01", None, "II.b"),
        Post("SEKDIS", "Sekretaris Dinas", "administrator", 12, "1.01", "KADIS", "III.a"),
        Post("KABID", "Kepala Bidang", "administrator", 11, "1.01.1", "KADIS", "III.b"),
        Post("ANALIS", "Analis", "pelaksana", 7, "1.01.1", "KABID", None, staff),
    )
    bare = Office(tenant_id, name, kind, zone, ("120", "Bank Contoh"), (unit, section), of_office, ())
    return with_plans(with_people(bare))


@dataclass
class Regency:
    """One region on a deployment. `policy`: the document. `staff` are those of the bidang, `boss` is their superior."""

    deployment: Deployment
    office: Office
    policy: str
    ids: dict[str, str] = field(default_factory=dict)  # employee ids by NIP
    runs: dict[str, str] = field(default_factory=dict)  # by period

    @property
    def tenant_id(self) -> str:
        return self.office.tenant_id

    @property
    def head(self) -> Person:
        return self.office.at("KADIS")

    @property
    def secretary(self) -> Person:
        return self.office.at("SEKDIS")

    @property
    def boss(self) -> Person:
        return self.office.at("KABID")

    @property
    def staff(self) -> list[Person]:
        return [one for one in self.office.people if one.post.code == "ANALIS"]

    async def begins(self) -> None:
        """The region is added, its office imported, its SKP agreed on, its policy put in force."""
        told = {"name": self.office.name, "kind": self.office.kind, "zone": self.office.zone}
        operator = token_for("00", [Role.OPERATOR])
        answer = await self._client("identity").put(f"/tenants/{self.tenant_id}", json=told, headers=headers(operator))
        assert answer.is_success, answer.text
        for kind, rows in (("units", units), ("positions", posts), ("employees", people)):
            file = {"file": (f"{kind}.csv", as_csv(rows(self.office)))}
            told = await self.does("admin", "identity", "POST", f"/imports/{kind}", files=file)
            assert not told["faults"], told["faults"]
        page = await self.does("admin", "identity", "GET", "/employees", params={"limit": 500})
        self.ids = {one["nip"]: one["employee_id"] for one in page["employees"]}
        await self.settled()
        await self._agrees_on_plans()
        await self._installs_machine()
        draft = await self.does("bendahara", "payroll", "POST", "/policies", json={"document": self.policy})
        await self.does("verifikator", "payroll", "POST", f"/policies/{draft['hash']}/approval")
        await self.settled()

    async def reports(self, who: Person, day: date, *, minutes: int = 300, text: str = "Menyusun laporan") -> str:
        """One activity of a day; its id."""
        entry = {
            "client_id": str(uuid4()),
            "work_date": day.isoformat(),
            "minutes": minutes,
            "result_id": await self._a_result_of(who, day),
            "text": text,
        }
        stored = await self.does(who, "activity", "POST", "/activities", json=entry)
        return str(stored["activity_id"])

    async def approves(self, boss: Person, *activities: str) -> None:
        """All of them, or the test fails with the reason."""
        answer = await self.does(boss, "activity", "POST", "/activities/approvals", json={"ids": list(activities)})
        assert answer["refused"] == 0, answer["activities"]

    async def attend(self, days: Sequence[date], *, late: Sequence[tuple[Person, date, str]] = ()) -> None:
        """Everybody punches on these days, in time but for those who came `late`: who, on which day, when."""
        came = {(who.nip, day): at for who, day, at in late}
        lines = "".join(
            f"{who.pin:>9}\t{day} {at}:00\t0\t1\t0\t0\r\n"
            for who in self.office.people
            for day in days
            for at in (came.get((who.nip, day), "07:20"), "16:35")
        )
        report = await self.does(
            "admin",
            "activity",
            "POST",
            "/attendance/logs",
            files={"file": ("attlog.dat", lines.encode())},
            data={"serial": MACHINE},
        )
        assert report["refused"] == 0, report

    async def closes(self, month: Period) -> Any:
        """The month's days settled and its activities closed; the closing."""
        days = {"first_day": month.first_day.isoformat(), "last_day": month.last_day.isoformat()}
        job = await self.does("admin", "activity", "POST", "/attendance/settlements", json=days)
        path = f"/attendance/settlements/{job['settlement_id']}"
        await self.eventually(lambda: self.does("admin", "activity", "GET", path), lambda one: one["state"] == "done")
        return (await self.does("admin", "activity", "POST", f"/periods/{month.code}/closing"))["closings"][-1]

    async def reopens(self, month: Period, reason: str) -> None:
        await self.does("admin", "activity", "POST", f"/periods/{month.code}/reopening", json={"reason": reason})

    async def is_reconciled(self, month: Period, close_seq: int = 1) -> Any:
        """Payroll's own count of the month's work, once both readers hold what that closing says."""
        path, wanted = f"/periods/{month.code}", ("reconciled", close_seq)
        await self.eventually(
            lambda: self.does("admin", "appraisal", "GET", path),
            lambda shown: (shown["activity_state"], shown["activity_close_seq"]) == wanted,
        )
        payroll = await self.eventually(
            lambda: self.does("admin", "payroll", "GET", path),
            lambda shown: (shown["activity"]["state"], shown["activity"]["close_seq"]) == wanted,
        )
        return payroll["activity"]["held"]

    async def appraises(self, month: Period, **hasil: str) -> None:
        """Everybody as expected, but the posts named; then the month's appraisals are closed."""
        for leader, under in ((self.boss, self.staff), (self.head, [self.secretary, self.boss])):
            entries = [self._appraisal(one, hasil.get(one.post.code, MEETS)) for one in under]
            path = f"/appraisals/{month.code}/finalizations"
            answer = await self.does(leader, "appraisal", "POST", path, json={"entries": entries})
            assert answer["refused"] == 0, answer["entries"]
        reason = {"reason": "kepala dinilai di luar aplikasi"}
        await self.does("admin", "appraisal", "POST", f"/periods/{month.code}/closing", json=reason)
        path = f"/periods/{month.code}"
        await self.eventually(
            lambda: self.does("admin", "payroll", "GET", path), lambda one: one["appraisal"]["state"] == "reconciled"
        )

    async def pays(self, month: Period) -> Any:
        """Salaries imported, a run calculated, verified, approved and published by different people; the run."""
        file = {"file": ("gaji.csv", as_csv(salaries(self.office)))}
        told = await self.does("bendahara", "payroll", "POST", f"/periods/{month.code}/salaries", files=file)
        assert not told["faults"], told["faults"]
        run = await self.does("bendahara", "payroll", "POST", "/runs", json={"period": month.code})
        self.runs[month.code] = run["run_id"]
        await self.eventually(lambda: self.run(month), lambda one: one["state"] == "calculated")
        path = f"/runs/{run['run_id']}"
        await self.does("verifikator", "payroll", "POST", f"{path}/verification", json={})
        seen = await self.does("admin", "payroll", "GET", f"{path}/comparison")
        await self.does("admin", "payroll", "POST", f"{path}/approval", json={"seen": seen["digest"]})
        await self.does("bendahara", "payroll", "POST", f"{path}/publication")
        return await self.eventually(lambda: self.run(month), lambda one: one["state"] == "published")

    async def books(self, month: Period, ledger: Path) -> list[tuple[str, int]]:
        """The region's payroll system books what is on its topic and acknowledges it; (NIP, net) of its lines."""
        login = self.deployment.kafka.tenant(self.tenant_id)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, payroll_consumer.__file__, "--tenant", self.tenant_id, "--once"),
            *("--bootstrap", self.deployment.kafka.bootstrap, "--user", login.user),
            *("--prefix", self.deployment.kafka.prefix, "--ledger", str(ledger)),
            env={**os.environ, "PAYROLL_PASSWORD": login.password},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        await self.eventually(lambda: self.run(month), lambda one: one["state"] == "acknowledged")
        with closing(sqlite3.connect(ledger)) as read:
            return read.execute("SELECT nip, net FROM lines ORDER BY nip").fetchall()

    async def run(self, month: Period) -> Any:
        return await self.does("bendahara", "payroll", "GET", f"/runs/{self.runs[month.code]}")

    async def statement_of(self, who: Person, month: Period) -> Any:
        """As the employee sees it."""
        own = await self.does(who, "payroll", "GET", "/statements")
        [statement_id] = [one["statement_id"] for one in own if one["period"] == month.code]
        return await self.does(who, "payroll", "GET", f"/statements/{statement_id}")

    async def settled(self) -> None:
        """Every event stated anywhere has been noted by those who read it."""
        await self.deployment.settled()

    async def eventually(self, ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool], within_s: float = 30) -> T:
        """The first answer that holds; AssertionError with the last one when time is up."""
        ends = time.monotonic() + within_s
        while not holds(answer := await ask()):
            assert time.monotonic() < ends, f"not within {within_s} s; the last answer was {answer}"
            await asyncio.sleep(0.05)
        return answer

    async def does(self, who: Person | str, service: str, method: str, path: str, **parts: Any) -> Any:
        """What somebody's request answers; AssertionError with the problem where it is refused."""
        answer = await self.tries(who, service, method, path, **parts)
        assert answer.is_success, f"{method} {service}{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def tries(self, who: Person | str, service: str, method: str, path: str, **parts: Any) -> httpx.Response:
        """The answer, whatever it is. `who`: an employee, or a role held by somebody else each."""
        return await self._client(service).request(method, path, headers=headers(self._token(who)), **parts)

    def _token(self, who: Person | str) -> str:
        if isinstance(who, Person):
            return token_for(self.tenant_id, employee_id=UUID(self.ids[who.nip]), name=who.name)
        role, account_id = _ACCOUNTS[who]
        return token_for(self.tenant_id, [role], account_id=account_id, name=who)

    def _client(self, service: str) -> httpx.AsyncClient:
        return self.deployment.clients[service]

    async def _agrees_on_plans(self) -> None:
        days = {"first_day": "2026-01-02", "last_day": "2026-12-31"}
        file = {"file": ("skp.csv", as_csv(plans(self.office)))}
        told = await self.does("admin", "activity", "POST", "/plans/import", files=file, params=days)
        assert not told["faults"], told["faults"]
        levels: list[tuple[Person | str, list[Person]]] = [
            ("second", [self.head]),
            (self.head, [self.secretary, self.boss]),
            (self.boss, self.staff),
        ]
        for who, under in levels:
            ids = [(await self._plan_of(one, date(2026, 9, 1)))["plan_id"] for one in under]
            answer = await self.does(who, "activity", "POST", "/plans/approvals", json={"ids": ids})
            assert answer["refused"] == 0, answer["plans"]

    async def _plan_of(self, who: Person, day: date) -> Any:
        page = await self.does(who, "activity", "GET", "/plans", params={"day": day.isoformat()})
        return page["plans"][0]

    async def _a_result_of(self, who: Person, day: date) -> str:
        plan = await self._plan_of(who, day)
        return str(plan["results"][0]["result_id"])

    async def _installs_machine(self) -> None:
        listed = await self.does("admin", "identity", "GET", "/units")
        unit_id = next(one["unit_id"] for one in listed if one["code"] == "1.01")
        machine = {"unit_id": unit_id, "name": "Mesin kantor"}
        await self.does("admin", "activity", "PUT", f"/attendance/machines/{MACHINE}", json=machine)
        file = {"file": ("pin.csv", as_csv(pins(self.office)))}
        told = await self.does("admin", "activity", "POST", "/attendance/pins/imports", files=file)
        assert not told["faults"], told["faults"]

    def _appraisal(self, who: Person, hasil: str) -> dict[str, Any]:
        values = {value: {"rating": MEETS} for value in VALUES}
        ratings = {"hasil_kerja": hasil, "perilaku_kerja": MEETS, "values": values, "reason": "sesuai laporan"}
        return {"employee_id": self.ids[who.nip], "ratings": ratings}


# somebody else each, who is no employee; two admins, for nobody approves what they imported
_ACCOUNTS = {
    "admin": (Role.ADMIN, uuid4()),
    "second": (Role.ADMIN, uuid4()),
    "bendahara": (Role.BENDAHARA, uuid4()),
    "verifikator": (Role.VERIFIKATOR, uuid4()),
}


def workdays(month: Period) -> Sequence[date]:
    """Monday to Friday of a month that has no holiday."""
    days = (month.first_day + timedelta(days=n) for n in range((month.last_day - month.first_day).days + 1))
    return [day for day in days if day.weekday() < 5]
