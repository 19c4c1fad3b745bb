"""A month of a small office as payroll hears it: plans, work, attendance, appraisals, and the closings of both."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from services.payroll.commands.appraisals import reconcile_announced_appraisals
from services.payroll.commands.chunks import work_round
from services.payroll.worker import HANDLERS
from shared.auth.policy import Role
from shared.db import Sessions
from shared.events import Event, decode
from shared.events.activity import (
    ActivityApproved,
    AttendanceDaySettled,
    PeriodClosed,
    PeriodTotals,
    PlanApproved,
)
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed, AppraisalTotals
from shared.events.identity import BankAccount, EmployeeChanged
from shared.events.payroll import PayrollReconciliationRequested
from shared.ledger.leaves import leaf_of
from shared.ledger.reconciliation import reconcile_waiting
from shared.merkle import root
from shared.period import period
from shared.words import Apel, Capacity, LeaveKind, Predikat, Presence, Rating
from tests.support.ledger import closing_root
from tests.support.service import TENANT, Hearing, Office, an_id, hear, organisation, token_for

PERIOD = "2026-10"
POLICIES = Path(__file__).parents[2] / "deploy" / "examples" / "policies"
AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SATURDAY = 5


def policy_text(tenant_id: str = TENANT, name: str = "jambi-kind") -> str:
    """An example document as if it were a region's own."""
    text = (POLICIES / f"{name}.yaml").read_text()
    return "\n".join(f'region: "{tenant_id}"' if line.startswith("region:") else line for line in text.splitlines())


def salt_of(*names: object) -> str:
    return hashlib.sha256("|".join(str(name) for name in names).encode()).hexdigest()


@dataclass
class Month:
    """One office's month. Change it before asking for `events`; `closings` follow from what is in it."""

    office: Office
    code: str = PERIOD
    close_seq: int = 1
    activities: list[ActivityApproved] = field(default_factory=list)
    days: list[AttendanceDaySettled] = field(default_factory=list)
    appraisals: list[AppraisalFinalized] = field(default_factory=list)
    plans: list[PlanApproved] = field(default_factory=list)
    in_default: tuple[UUID, ...] = ()

    @property
    def facts(self) -> list[Event]:
        return [*self.plans, *self.activities, *self.days, *self.appraisals]

    @property
    def closed(self) -> PeriodClosed:
        """Activity's closing on exactly what the month holds."""
        records = [*self.activities, *self.days]
        of = period(self.code)
        return PeriodClosed(
            tenant_id=self.office.tenant_id,
            occurred_at=AT,
            version=self.close_seq,
            period=self.code,
            close_seq=self.close_seq,
            first_day=of.first_day,
            last_day=of.last_day,
            totals=PeriodTotals(
                activities=len(self.activities),
                minutes=sum(one.minutes for one in self.activities),
                attendance_days=len(self.days),
                employees=len({one.employee_id for one in records}),
            ),
            root=closing_root(records),
            closed_by=an_id("closer"),
        )

    @property
    def appraised(self) -> AppraisalPeriodClosed:
        """Appraisal's closing on exactly what the month holds."""
        results = sorted(self.appraisals, key=lambda one: one.employee_id)
        counted = {predikat: sum(one.predikat is predikat for one in results) for predikat in Predikat}
        return AppraisalPeriodClosed(
            tenant_id=self.office.tenant_id,
            occurred_at=AT,
            version=self.close_seq,
            period=self.code,
            close_seq=self.close_seq,
            activity_close_seq=self.close_seq,
            totals=AppraisalTotals(
                employees=len(self.office.everyone),
                appraisals=len(results),
                by_predikat={predikat: count for predikat, count in counted.items() if count},
            ),
            root=root(leaf_of(one) for one in results).hex(),
            evaluators_in_default=self.in_default,
            closed_by=an_id("closer"),
        )

    @property
    def events(self) -> list[Event]:
        """All of it, the office first and the closings last."""
        return [*self.office.events, *self.facts, self.closed, self.appraised]


def office_with_banks(tenant_id: str = TENANT, staff: int = 1) -> Office:
    """The small office, everybody with an account."""
    office = organisation(tenant_id, staff=staff)
    events: list[Event] = []
    for number, event in enumerate(office.events):
        if isinstance(event, EmployeeChanged):
            bank = BankAccount(
                bank_code="120", bank_name="BPD Sumsel Babel", number=f"15000{number:05}", holder=event.name
            )
            events.append(event.model_copy(update={"bank": bank}))
        else:
            events.append(event)
    return Office(
        office.tenant_id, office.unit_id, office.section_id, office.head, office.supervisor, office.staff, tuple(events)
    )


def a_month(
    tenant_id: str = TENANT,
    *,
    staff: int = 1,
    code: str = PERIOD,
    minutes: int = 330,
    predikat: Predikat = Predikat.BAIK,
) -> Month:
    """A month in which everybody worked every weekday without a fault; the head too has a predikat."""
    month = Month(office_with_banks(tenant_id, staff), code)
    for person in month.office.everyone:
        month.plans.append(plan_of(tenant_id, person.employee_id, person.position_id, code))
        month.appraisals.append(appraisal_of(tenant_id, person.employee_id, code, predikat))
        for day in period(code).days():
            if day.weekday() < SATURDAY:
                month.days.append(day_of(tenant_id, person.employee_id, day))
                month.activities.append(activity_of(tenant_id, person.employee_id, day, minutes))
    return month


def plan_of(tenant_id: str, employee_id: UUID, position_id: UUID, code: str) -> PlanApproved:
    return PlanApproved(
        tenant_id=tenant_id,
        occurred_at=AT,
        employee_id=employee_id,
        plan_id=an_id(tenant_id, "plan", employee_id),
        position_id=position_id,
        first_day=date(int(code[:4]), 1, 1),
        last_day=date(int(code[:4]), 12, 31),
        approach="kuantitatif",
        results=(),
        approved_by=an_id("approver"),
        capacity=Capacity.DEFINITIF,
    )


def activity_of(
    tenant_id: str, employee_id: UUID, day: date, minutes: int = 330, *, number: int = 1, version: int = 1
) -> ActivityApproved:
    return ActivityApproved(
        tenant_id=tenant_id,
        occurred_at=AT,
        version=version,
        employee_id=employee_id,
        activity_id=an_id(tenant_id, "activity", employee_id, day, number),
        work_date=day,
        period=f"{day:%Y-%m}",
        minutes=minutes,
        result_id=an_id(tenant_id, "result", employee_id),
        approved_by=an_id("approver"),
        capacity=Capacity.DEFINITIF,
        salt=salt_of("activity", employee_id, day, number),
    )


def day_of(
    tenant_id: str,
    employee_id: UUID,
    day: date,
    *,
    presence: Presence = Presence.PRESENT,
    leave_kind: LeaveKind | None = None,
    scheduled: bool = True,
    late: int = 0,
    early: int = 0,
    missing_in: bool = False,
    missing_out: bool = False,
    apel: Apel = Apel.NONE,
    version: int = 1,
) -> AttendanceDaySettled:
    return AttendanceDaySettled(
        tenant_id=tenant_id,
        occurred_at=AT,
        version=version,
        employee_id=employee_id,
        work_date=day,
        period=f"{day:%Y-%m}",
        scheduled=scheduled,
        presence=presence,
        leave_kind=leave_kind,
        late_minutes=late,
        early_minutes=early,
        missing_in=missing_in,
        missing_out=missing_out,
        apel=apel,
        salt=salt_of("day", employee_id, day),
    )


def appraisal_of(
    tenant_id: str, employee_id: UUID, code: str, predikat: Predikat = Predikat.BAIK, *, version: int = 1
) -> AppraisalFinalized:
    return AppraisalFinalized(
        tenant_id=tenant_id,
        occurred_at=AT,
        version=version,
        employee_id=employee_id,
        period=code,
        hasil_kerja=Rating.SESUAI,
        perilaku_kerja=Rating.SESUAI,
        predikat=predikat,
        evaluator_id=an_id("evaluator"),
        capacity=Capacity.DEFINITIF,
        salt=salt_of("appraisal", employee_id, code),
    )


def changed_day(month: Month, employee_id: UUID, day: date, **change: object) -> None:
    """Let one employee-day of the month be otherwise."""
    at = next(n for n, one in enumerate(month.days) if one.employee_id == employee_id and one.work_date == day)
    month.days[at] = month.days[at].model_copy(update=change)


async def tell(sessions: Sessions, events: Iterable[Event]) -> Hearing:
    """Deliver facts as payroll's worker hears them (sessions of the worker)."""
    hearing = hear(sessions, HANDLERS)
    await hearing(*events)
    return hearing


async def prepared(sessions: Sessions, month: Month) -> None:
    """A month told whole, and found equal to its closings."""
    await tell(sessions, month.events)
    await reconciled(sessions)


def must(answer: httpx.Response) -> Any:
    """The answer's JSON; fails the test with the problem's text."""
    assert answer.status_code < 300, answer.text
    return answer.json()


async def reconciled(sessions: Sessions) -> None:
    """Let the worker's loops compare what was told with what was closed."""
    await reconcile_waiting(PayrollReconciliationRequested)(sessions)
    await reconcile_announced_appraisals(sessions)


async def work_all(sessions: Sessions, *, most: int = 10_000) -> int:
    """Let the worker's loop do all the chunks that wait; how many."""
    done = 0
    while done < most and (step := await work_round(sessions)):
        done += step
    return done


async def stated(sessions: Sessions, tenant_id: str = TENANT) -> list[Event]:
    """Everything payroll has stated of a region, in its order."""
    async with sessions.begin() as session:
        await session.execute(text("SELECT set_config('app.tenant', :tenant_id, true)"), {"tenant_id": tenant_id})
        rows = await session.scalars(
            text("SELECT payload FROM event_log WHERE tenant_id = :tenant_id ORDER BY id"), {"tenant_id": tenant_id}
        )
        return [decode(payload) for payload in rows]


@dataclass(frozen=True)
class Desk:
    """The people of the payroll office, each with another account; tokens as they would send them."""

    tenant_id: str = TENANT

    def token(self, role: Role | str, who: str = "") -> str:
        return token_for(
            self.tenant_id, [role], account_id=an_id(self.tenant_id, "desk", role, who), name=f"{role} {who}"
        )

    def headers(self, role: Role | str, who: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(role, who)}"}

    @property
    def treasurer(self) -> dict[str, str]:
        return self.headers(Role.BENDAHARA)

    @property
    def verifier(self) -> dict[str, str]:
        return self.headers(Role.VERIFIKATOR)

    @property
    def admin(self) -> dict[str, str]:
        return self.headers(Role.ADMIN)

    async def adopt(self, client: httpx.AsyncClient, name: str = "jambi-kind") -> str:
        """Put an example policy in force, by two people; its hash."""
        given = {"document": policy_text(self.tenant_id, name)}
        drafted = must(await client.post("/policies", json=given, headers=self.treasurer))
        must(await client.post(f"/policies/{drafted['hash']}/approval", headers=self.verifier))
        return str(drafted["hash"])

    async def start(self, client: httpx.AsyncClient, code: str = PERIOD, kind: str = "induk") -> str:
        """Start a run; its id."""
        given = {"period": code, "kind": kind}
        return str(must(await client.post("/runs", json=given, headers=self.treasurer))["run_id"])

    async def run(self, client: httpx.AsyncClient, run_id: str) -> Any:
        return must(await client.get(f"/runs/{run_id}", headers=self.auditor))

    async def verify(self, client: httpx.AsyncClient, run_id: str, **given: bool) -> Any:
        return must(await client.post(f"/runs/{run_id}/verification", json=given, headers=self.verifier))

    async def approve(self, client: httpx.AsyncClient, run_id: str) -> Any:
        return must(await self.try_to_approve(client, run_id, self.admin))

    async def try_to_approve(self, client: httpx.AsyncClient, run_id: str, who: dict[str, str]) -> httpx.Response:
        """The answer to somebody who approves what they have looked at."""
        seen = await client.get(f"/runs/{run_id}/comparison", headers=who)
        digest = seen.json()["digest"] if seen.is_success else "0" * 64
        return await client.post(f"/runs/{run_id}/approval", json={"seen": digest}, headers=who)

    async def publish(self, client: httpx.AsyncClient, run_id: str) -> Any:
        return must(await client.post(f"/runs/{run_id}/publication", headers=self.treasurer))

    async def publish_all(self, client: httpx.AsyncClient, worker: Sessions, code: str = PERIOD) -> str:
        """A run from its start to the last allowance stated; its id."""
        run_id = await self.start(client, code)
        await work_all(worker)
        await self.verify(client, run_id)
        await self.approve(client, run_id)
        await self.publish(client, run_id)
        await work_all(worker)
        return run_id

    @property
    def auditor(self) -> dict[str, str]:
        return self.headers(Role.AUDITOR)
