"""Facts of activity as a reader hears them, a month of a small office, and an appraisal service to play it on."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from services.appraisal.api import create_app
from services.appraisal.worker import HANDLERS
from shared.db import Sessions
from shared.events import Event, decode
from shared.events.activity import (
    ActivityApproved,
    ApprovalWithdrawn,
    AttendanceDaySettled,
    Indicator,
    PeriodClosed,
    PeriodReopened,
    PeriodTotals,
    PlanApproved,
    Result,
)
from shared.events.appraisal import ReconciliationRequested
from shared.ledger.leaves import sort_key_of
from shared.ledger.reconciliation import reconcile_waiting
from shared.unit_of_work import unit_of_work
from shared.words import Capacity, LeaveKind, Presence, Rating
from tests.support.ledger import closing_root
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

MARCH = "2026-03"
STATED_AT = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)

Recorded = ActivityApproved | AttendanceDaySettled


def salt_of(*names: object) -> str:
    return hashlib.sha256("|".join(map(str, names)).encode()).hexdigest()


def approved(
    employee_id: UUID,
    number: int = 1,
    *,
    tenant_id: str = TENANT,
    work_date: date = date(2026, 3, 2),
    minutes: int = 60,
    result_id: UUID | None = None,
    quantity: str | None = None,
    version: int = 1,
) -> ActivityApproved:
    """The employee's activity of that number."""
    return ActivityApproved.model_validate(
        {
            "tenant_id": tenant_id,
            "occurred_at": STATED_AT,
            "version": version,
            "employee_id": employee_id,
            "activity_id": an_id("activity", employee_id, number),
            "work_date": work_date,
            "period": f"{work_date:%Y-%m}",
            "minutes": minutes,
            "result_id": result_id or an_id("result", employee_id),
            "quantity": quantity,
            "quantity_unit": "dokumen" if quantity else None,
            "approved_by": an_id("approver"),
            "capacity": Capacity.DEFINITIF,
            "salt": salt_of(employee_id, number, version),
        }
    )


def withdrawn(approval: ActivityApproved) -> ApprovalWithdrawn:
    """What takes this approval back."""
    return ApprovalWithdrawn(
        tenant_id=approval.tenant_id,
        occurred_at=STATED_AT,
        version=approval.version + 1,
        employee_id=approval.employee_id,
        activity_id=approval.activity_id,
        work_date=approval.work_date,
        period=approval.period,
        withdrawn_by=approval.approved_by,
        reason="logged twice",
    )


def settled(
    employee_id: UUID,
    work_date: date = date(2026, 3, 2),
    *,
    tenant_id: str = TENANT,
    presence: Presence = Presence.PRESENT,
    leave_kind: LeaveKind | None = None,
    late_minutes: int = 0,
    version: int = 1,
) -> AttendanceDaySettled:
    morning = datetime(work_date.year, work_date.month, work_date.day, 0, 30, tzinfo=UTC)
    came = presence is Presence.PRESENT
    return AttendanceDaySettled(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=version,
        employee_id=employee_id,
        work_date=work_date,
        period=f"{work_date:%Y-%m}",
        scheduled=True,
        presence=presence,
        leave_kind=leave_kind,
        expected_in_at=morning,
        expected_out_at=morning + timedelta(hours=9),
        actual_in_at=morning + timedelta(minutes=late_minutes) if came else None,
        actual_out_at=morning + timedelta(hours=9) if came else None,
        late_minutes=late_minutes,
        salt=salt_of(employee_id, work_date, version),
    )


def plan(employee_id: UUID, *, tenant_id: str = TENANT, version: int = 1, target: str = "10") -> PlanApproved:
    """A year's SKP with one result, on which `approved` activities are logged."""
    indicator = Indicator(
        indicator_id=an_id("indicator", employee_id),
        aspect="kuantitas",
        text="Jumlah laporan",
        target=target,  # type: ignore[arg-type]  # the form events take it in
        unit="dokumen",
    )
    return PlanApproved(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=version,
        employee_id=employee_id,
        plan_id=an_id("plan", employee_id),
        position_id=an_id("position"),
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        approach="kuantitatif",
        results=(
            Result(
                result_id=an_id("result", employee_id), kind="utama", text="Laporan tersusun", indicators=(indicator,)
            ),
        ),
        approved_by=an_id("approver"),
        capacity=Capacity.DEFINITIF,
    )


def closing(
    facts: Iterable[Event], *, tenant_id: str = TENANT, period: str = MARCH, close_seq: int = 1
) -> PeriodClosed:
    """How activity closes a period that holds these facts; plans and other periods do not count."""
    newest: dict[str, Recorded] = {}
    for fact in facts:
        if isinstance(fact, ActivityApproved | AttendanceDaySettled) and fact.period == period:
            newest[sort_key_of(fact)] = fact
    held = [newest[key] for key in sorted(newest)]
    activities = [fact for fact in held if isinstance(fact, ActivityApproved)]
    return PeriodClosed(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=2 * close_seq - 1,
        period=period,
        close_seq=close_seq,
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
        supersedes=close_seq - 1 or None,
        totals=PeriodTotals(
            activities=len(activities),
            minutes=sum(fact.minutes for fact in activities),
            attendance_days=len(held) - len(activities),
            employees=len({fact.employee_id for fact in held}),
        ),
        root=closing_root(held),
        closed_by=an_id("closer"),
    )


def reopening(*, tenant_id: str = TENANT, period: str = MARCH, close_seq: int = 1) -> PeriodReopened:
    return PeriodReopened(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=2 * close_seq,
        period=period,
        close_seq=close_seq,
        reason="a day was forgotten",
        reopened_by=an_id("closer"),
    )


def month_of(people: Sequence[UUID], *, tenant_id: str = TENANT) -> list[Event]:
    """A plan, three activities and two days of each person."""
    facts: list[Event] = []
    for employee_id in people:
        facts.append(plan(employee_id, tenant_id=tenant_id))
        for number in (1, 2, 3):
            facts.append(approved(employee_id, number, tenant_id=tenant_id, minutes=60 * number, quantity="2.5"))
        facts.append(settled(employee_id, date(2026, 3, 2), tenant_id=tenant_id))
        facts.append(settled(employee_id, date(2026, 3, 3), tenant_id=tenant_id, late_minutes=12))
    return facts


def ratings(
    hasil: Rating | str = Rating.SESUAI, perilaku: Rating | str = Rating.SESUAI, **more: object
) -> dict[str, Any]:
    """A complete appraisal as a request brings it."""
    values = {value: {"rating": "sesuai ekspektasi"} for value in ("BP", "AK", "KO", "HA", "LO", "AD", "KB")}
    return {
        "hasil_kerja": str(hasil),
        "perilaku_kerja": str(perilaku),
        "values": values,
        "reason": "Laporan bulanan selesai tepat waktu",
        "feedback": "Pertahankan",
    } | more


@dataclass
class Region:
    """One region on an appraisal service: its office, and what its people do over HTTP."""

    client: httpx.AsyncClient
    worker: Sessions
    urls: ServiceUrls
    office: Office
    tell: Hearing

    @property
    def tenant_id(self) -> str:
        return self.office.tenant_id

    @property
    def everyone(self) -> list[UUID]:
        return [person.employee_id for person in self.office.everyone]

    def admin(self) -> str:
        return token_for(self.tenant_id, ["admin"])

    async def month_closed(self, facts: Sequence[Event] | None = None) -> list[Event]:
        """The office's month is heard, closed and reconciled."""
        heard = list(month_of(self.everyone, tenant_id=self.tenant_id) if facts is None else facts)
        await self.tell(*heard, closing(heard, tenant_id=self.tenant_id))
        await self.reconcile()
        return heard

    async def reconcile(self, wait_s: float = 60) -> int:
        """One round of the worker's loop."""
        return await reconcile_waiting(ReconciliationRequested, wait_s=wait_s)(self.worker)

    async def get(self, path: str, token: str) -> httpx.Response:
        return await self.client.get(path, headers=headers(token))

    async def post(self, path: str, token: str, body: object) -> httpx.Response:
        return await self.client.post(path, headers=headers(token), json=body)

    async def put(self, path: str, token: str, body: object) -> httpx.Response:
        return await self.client.put(path, headers=headers(token), json=body)

    async def finalize(self, who: Person, whom: Person, **given: object) -> httpx.Response:
        body = {"ratings": ratings(**given)}  # type: ignore[arg-type]  # the tests say which ratings
        return await self.post(f"/appraisals/{MARCH}/{whom.employee_id}/finalization", who.token(), body)

    async def finalize_all(self) -> None:
        """The head appraises the supervisor, the supervisor the staff; nobody here is above the head."""
        assert (await self.finalize(self.office.head, self.office.supervisor)).status_code == 200
        entries = [{"employee_id": str(one.employee_id), "ratings": ratings()} for one in self.office.staff]
        answer = await self.post(
            f"/appraisals/{MARCH}/finalizations", self.office.supervisor.token(), {"entries": entries}
        )
        assert answer.json()["finalized"] == len(self.office.staff), answer.text

    async def close(self, reason: str | None = "nobody is above the head") -> httpx.Response:
        return await self.post(f"/periods/{MARCH}/closing", self.admin(), {"reason": reason})

    async def stated(self) -> list[Event]:
        """All facts this service has stated about the region, in their order."""
        async with unit_of_work(self.worker, self.tenant_id) as uow:
            payloads = await uow.session.scalars(
                text("SELECT payload FROM event_log WHERE tenant_id = :tenant_id ORDER BY id"),
                {"tenant_id": self.tenant_id},
            )
            return [decode(payload) for payload in payloads.all()]


@asynccontextmanager
async def region_on(urls: ServiceUrls, tenant_id: str = TENANT, *, staff: int = 2) -> AsyncIterator[Region]:
    """An appraisal service that has heard of one region's office."""
    office = organisation(tenant_id, staff)
    async with sessions_on(urls.worker) as worker, client_for(create_app, urls) as client:
        tell = hear(worker, HANDLERS)
        await tell(*office.events)
        yield Region(client, worker, urls, office, tell)
