"""`takar chain` counts every link again on both sides, and sees a rupiah that does not fit."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from deploy.cli.chain import Link, links
from deploy.local.databases import ServiceUrls
from shared.db import Sessions
from shared.directory.commands import DIRECTORY_HANDLERS
from shared.events.allowance import AllowanceAcknowledged, AllowanceRunFinalized
from shared.ledger.commands import LEDGER_HANDLERS
from shared.unit_of_work import unit_of_work
from tests.support.payroll import AT, PERIOD, Desk, Month, a_month, prepared, stated, tell
from tests.support.service import TENANT, hear, sessions_on

DESK = Desk()

_ACTIVITY = text(
    "INSERT INTO closings (tenant_id, code, close_seq, activities, minutes, attendance_days, employees, root,"
    " closed_by, closed_at) VALUES (:t, :p, 1, :activities, :minutes, :attendance_days, :employees, :root, :by, :at)"
)
_APPRAISAL = text(
    "INSERT INTO closings (tenant_id, period, close_seq, activity_close_seq, employees, appraisals, by_predikat, root,"
    " evaluators_in_default, closed_by, closed_at)"
    " VALUES (:t, :p, 1, 1, 3, :appraisals, CAST(:by_predikat AS jsonb), :root, '{}', :by, :at)"
)


async def closed_by_their_owners(activity: Sessions, appraisal: Sessions, month: Month) -> None:
    """What activity and appraisal keep of having closed this month, and appraisal's own copy of it."""
    of = {"t": TENANT, "p": PERIOD, "by": uuid4(), "at": AT}
    closed, appraised = month.closed, month.appraised
    async with unit_of_work(activity, TENANT) as uow:
        values = closed.totals.model_dump() | {"root": bytes.fromhex(closed.root)}
        await uow.session.execute(_ACTIVITY, of | values)
    async with unit_of_work(appraisal, TENANT) as uow:
        counts = {
            "appraisals": appraised.totals.appraisals,
            "by_predikat": appraised.totals.model_dump_json(include={"by_predikat"})[15:-1],
        }
        await uow.session.execute(_APPRAISAL, of | counts | {"root": bytes.fromhex(appraised.root)})
    facts = [*month.office.events, *month.plans, *month.activities, *month.days, month.closed]
    await hear(appraisal, {**DIRECTORY_HANDLERS, **LEDGER_HANDLERS})(*facts)


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    month = a_month()
    await prepared(worker, month)
    await DESK.adopt(client)
    await DESK.publish_all(client, worker)
    (said,) = [event for event in await stated(worker) if isinstance(event, AllowanceRunFinalized)]
    booked = {"count": 3, "net": said.totals.net, "hash_total": said.totals.hash_total, "digest": said.digest}
    answer = AllowanceAcknowledged(
        tenant_id=TENANT, occurred_at=AT, run_id=said.run_id, period=PERIOD, booked_by="SIMGAJI", **booked
    )
    await tell(worker, [answer])
    return month


async def test_every_link_is_equal_until_somebody_changes_an_amount(
    worker: Sessions, payroll_db: ServiceUrls, activity_db: ServiceUrls, appraisal_db: ServiceUrls, month: Month
) -> None:
    async with sessions_on(activity_db.worker) as activity, sessions_on(appraisal_db.worker) as appraisal:
        await closed_by_their_owners(activity, appraisal, month)
        databases = {"activity": activity, "appraisal": appraisal, "payroll": worker}
        found = await links(databases, None, None)
        assert [link.name for link in found] == [
            "activity → appraisal",
            "activity → payroll",
            "appraisal → payroll",
            "run induk → statements",
            "run induk → feed",
            "run induk → region's payroll",
            "run induk → bank",
        ]
        assert [link.differing for link in found] == [[]] * 7
        assert [link.equal for link in found] == [True] * 6 + [False]
        assert found[-1].waits.startswith("payment due ")
        assert await links(databases, "92", None) == []
        async with sessions_on(payroll_db.owner) as owner, unit_of_work(owner, TENANT) as uow:
            await uow.session.execute(
                text(
                    "UPDATE statements SET gross = gross + 1, net = net + 1 WHERE tenant_id = '19.05' AND "
                    "employee_id = (SELECT min(employee_id::text)::uuid FROM statements)"
                )
            )
        broken: list[Link] = [link for link in await links(databases, TENANT, PERIOD) if link.broken]
        assert [(link.name, link.differing) for link in broken] == [
            ("run induk → statements", ["gross", "net"]),
            ("run induk → feed", ["net"]),
        ]
