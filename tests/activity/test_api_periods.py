"""Closing a month on exact totals, also under load, and opening it again."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.activity.commands.approvals import approve_activities
from services.activity.commands.periods import close_period
from shared.auth.caller import Caller, Grant
from shared.auth.policy import Role
from shared.checkpoint import Signer
from shared.db import Sessions
from shared.events.activity import ActivityApproved, PeriodClosed, PeriodReopened
from shared.unit_of_work import unit_of_work
from tests.activity.stating import stated
from tests.support.activity import MONTH, Region, entry
from tests.support.ledger import closing_root
from tests.support.receipts import key_of
from tests.support.service import sessions_on

ADMIN = Role.ADMIN
SIGNER = Signer(key_of())


def caller(region: Region, employee_id: UUID | None, *roles: Role) -> Caller:
    return Caller(
        tenant_id=region.office.tenant_id,
        account_id=uuid4(),
        session_id=uuid4(),
        employee_id=employee_id,
        name="Sari Dewi",
        grants=tuple(Grant(role) for role in roles),
        issued_at=datetime.now(UTC),
    )


async def test_a_period_closes_on_exact_totals_while_approvals_go_on(
    region: Region, results: dict[UUID, str], activity_db: object
) -> None:
    """Approvals before the closing are in its totals, those after it are refused; none is in between."""
    ids = await region.logged(region.staff, [entry(results[region.staff.employee_id], minutes=7) for _ in range(160)])
    supervisor = caller(region, region.office.supervisor.employee_id, Role.PEGAWAI)
    closing_starts = asyncio.Event()

    async def approve(sessions: Sessions, part: list[str], place: int) -> int:
        async with unit_of_work(sessions, region.office.tenant_id) as uow:
            decided = await approve_activities(uow, supervisor, [UUID(one) for one in part], datetime.now(UTC))
            if place == 5:
                closing_starts.set()  # while this and other approvals are not committed yet
            await asyncio.sleep(0)
        return sum(one.decision == "approved" for one in decided)

    async def close(sessions: Sessions) -> PeriodClosed:
        await closing_starts.wait()
        async with unit_of_work(sessions, region.office.tenant_id) as uow:
            return await close_period(uow, caller(region, None, ADMIN), MONTH, datetime.now(UTC), SIGNER)

    async with sessions_on(activity_db.app, pool_size=12) as sessions:  # type: ignore[attr-defined]
        parts = [ids[place : place + 4] for place in range(0, len(ids), 4)]
        closed, *approved = await asyncio.gather(
            close(sessions), *[approve(sessions, part, place) for place, part in enumerate(parts)]
        )

    facts = await stated(region, ActivityApproved)
    assert len(facts) == sum(approved)
    assert (closed.totals.activities, closed.totals.minutes) == (len(facts), 7 * len(facts))
    assert closed.root == closing_root(facts)
    late = await region.approve(region.office.supervisor, ids)
    assert late["refused"] + late["done"] == 160
    assert {one["decision"] for one in late["activities"]} <= {"already_approved", "refused"}


async def test_a_closed_month_takes_nothing_in_and_gives_nothing_out(region: Region, results: dict[UUID, str]) -> None:
    own = results[region.staff.employee_id]
    approved, waiting = await region.logged(region.staff, [entry(own), entry(own)])
    await region.approve(region.office.supervisor, [approved])
    await region.done(region.admin_token(), "POST", f"/periods/{MONTH}/closing")

    supervisor = region.office.supervisor
    for path, body in (
        (f"/activities/{waiting}/approval", None),
        (f"/activities/{waiting}/return", {"reason": "terlambat"}),
        (f"/activities/{approved}/withdrawal", {"reason": "terlambat"}),
    ):
        refused = await region.post(supervisor, path, body)
        assert refused.status_code == 409
        assert "closed" in refused.json()["detail"]
    assert "closed" in (await region.post(region.staff, "/activities", entry(own))).json()["detail"]
    assert (await region.ask(region.staff, "PUT", "/targets/2026-03-02", {"targets": []})).status_code == 409
    assert (await region.get(supervisor, "/activities/waiting")).json()["activities"] == []
    assert (await region.post(region.admin_token(), f"/periods/{MONTH}/closing")).status_code == 409


async def test_a_reopened_month_is_closed_again_with_a_chain(region: Region, results: dict[UUID, str]) -> None:
    admin = region.admin_token()
    first, second = await region.logged(region.staff, [entry(results[region.staff.employee_id]) for _ in range(2)])
    await region.approve(region.office.supervisor, [first])
    await region.done(admin, "POST", f"/periods/{MONTH}/closing")
    reopened = await region.done(admin, "POST", f"/periods/{MONTH}/reopening", {"reason": "Persetujuan terlambat"})
    assert reopened["state"] == "open"
    assert (await region.post(admin, f"/periods/{MONTH}/reopening", {"reason": "lagi"})).status_code == 409
    await region.approve(region.office.supervisor, [second])
    await region.done(admin, "POST", f"/periods/{MONTH}/closing")

    detail = await region.done(region.staff, "GET", f"/periods/{MONTH}")
    assert [(one["close_seq"], one["supersedes"], one["activities"]) for one in detail["closings"]] == [
        (1, None, 1),
        (2, 1, 2),
    ]
    assert (detail["closings"][0]["reason"], detail["closings"][1]["reason"]) == ("Persetujuan terlambat", None)
    assert detail["closings"][0]["reopened_by"] is not None
    closings, [reopening] = await stated(region, PeriodClosed), await stated(region, PeriodReopened)
    assert [(fact.version, fact.close_seq, fact.supersedes) for fact in closings] == [(1, 1, None), (3, 2, 1)]
    assert (reopening.version, reopening.close_seq, reopening.reason) == (2, 1, "Persetujuan terlambat")


async def test_only_an_admin_closes_and_reopens(region: Region) -> None:
    for who in (region.office.head, region.staff.token("kepegawaian")):
        assert (await region.post(who, f"/periods/{MONTH}/closing")).status_code == 403
        assert (await region.post(who, f"/periods/{MONTH}/reopening", {"reason": "ubah"})).status_code == 403


async def test_months_are_listed_newest_first_and_an_untouched_one_is_not_there(region: Region) -> None:
    for code in ("2026-01", "2026-02"):
        await region.done(region.admin_token(), "POST", f"/periods/{code}/closing")
    listed = await region.done(region.staff, "GET", "/periods")
    assert [(one["code"], one["state"]) for one in listed] == [("2026-02", "closed"), ("2026-01", "closed")]
    assert (await region.get(region.staff, "/periods/2026-07")).status_code == 404
    assert (await region.get(region.staff, "/periods/2026-13")).status_code == 422
