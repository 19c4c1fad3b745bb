"""Payroll's desk for tests of several months: runs approved and published, corrections looked at, policies varied."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from services.payroll.commands.corrections import correct_round
from shared.db import Sessions
from shared.events.activity import ApprovalWithdrawn, PeriodReopened
from tests.support.payroll import AT, Desk, Month, must, policy_text, prepared, tell, work_all
from tests.support.service import TENANT, an_id


def policy_with(name: str, changed: Mapping[str, str], more: str = "", *, tenant_id: str = "19.05") -> str:
    """An example policy with some of its text otherwise, and more at its end."""
    document = policy_text(tenant_id, name)
    for old, new in changed.items():
        assert old in document, old
        document = document.replace(old, new)
    return f"{document}\n{more}"


@dataclass(frozen=True)
class Books:
    """What people of the payroll office do, in one call each."""

    desk: Desk
    client: httpx.AsyncClient
    worker: Sessions

    async def adopt(self, document: str) -> str:
        """Put a document in force, by two people; its hash."""
        drafted = must(await self.client.post("/policies", json={"document": document}, headers=self.desk.treasurer))
        must(await self.client.post(f"/policies/{drafted['hash']}/approval", headers=self.desk.verifier))
        return str(drafted["hash"])

    async def calculated(self, code: str, kind: str = "induk", **given: Any) -> str:
        """A run started and calculated; its id."""
        asked = {"period": code, "kind": kind, **given}
        run_id = must(await self.client.post("/runs", json=asked, headers=self.desk.treasurer))["run_id"]
        await work_all(self.worker)
        return str(run_id)

    async def approve(self, run_id: str) -> None:
        """Verified, approved, and stated to the last allowance."""
        await self.desk.verify(self.client, run_id)
        await self.desk.approve(self.client, run_id)
        await self.desk.publish(self.client, run_id)
        await work_all(self.worker)

    async def run(self, code: str, kind: str = "induk", **given: Any) -> str:
        """A run from its start to the last allowance stated; its id."""
        run_id = await self.calculated(code, kind, **given)
        run = await self.desk.run(self.client, run_id)
        assert run["complete"], run["set_aside"]
        await self.approve(run_id)
        return run_id

    async def cancel(self, run_id: str) -> None:
        given = {"reason": "dimulai lagi"}
        must(await self.client.post(f"/runs/{run_id}/cancellation", json=given, headers=self.desk.treasurer))

    async def refused(self, asked: dict[str, Any], status: int = 409) -> str:
        """The reason for which a run may not be started."""
        answer = await self.client.post("/runs", json=asked, headers=self.desk.treasurer)
        assert answer.status_code == status, answer.text
        return str(answer.json()["detail"])

    async def statement(self, run_id: str, employee_id: UUID) -> Any:
        """An employee's statement in a run."""
        page = must(await self.client.get(f"/runs/{run_id}/statements", headers=self.desk.auditor))
        (one,) = [row for row in page["statements"] if row["employee_id"] == str(employee_id)]
        return must(await self.client.get(f"/statements/{one['statement_id']}", headers=self.desk.auditor))

    async def correct(self) -> int:
        """Let the worker's loop look at all that is ready; how many pieces of work were done."""
        done = 0
        while step := await correct_round(self.worker):
            done += step
        return done

    async def page(self, code: str) -> Any:
        return must(await self.client.get("/corrections", params={"period": code}, headers=self.desk.auditor))

    async def corrections(self, code: str) -> Any:
        return (await self.page(code))["corrections"]

    async def correction(self, correction_id: str) -> Any:
        return must(await self.client.get(f"/corrections/{correction_id}", headers=self.desk.auditor))

    async def withdraw(self, month: Month, employee_id: UUID) -> None:
        """Take back the approvals of somebody's month."""
        await tell(
            self.worker,
            [
                ApprovalWithdrawn(
                    tenant_id=self.desk.tenant_id,
                    occurred_at=AT,
                    version=2,
                    employee_id=employee_id,
                    activity_id=an_id(self.desk.tenant_id, "activity", employee_id, day, 1),
                    work_date=day,
                    period=month.code,
                    withdrawn_by=an_id("approver"),
                    reason="ternyata tidak dikerjakan",
                )
                for day in {one.work_date for one in month.days if one.employee_id == employee_id}
            ],
        )

    async def bodies(self, code: str) -> list[tuple[UUID, bytes]]:
        """The stored statements of a month, as they are in the table."""
        async with self.worker.begin() as session:
            await session.execute(text("SELECT set_config('app.tenant', :t, true)"), {"t": self.desk.tenant_id})
            rows = await session.execute(
                text("SELECT statement_id, body FROM statements WHERE period = :p ORDER BY statement_id"), {"p": code}
            )
            return [(statement_id, body) for statement_id, body in rows.all()]


def staff(month: Month, at: int = 0) -> UUID:
    return month.office.staff[at].employee_id


async def closed_anew(worker: Sessions, month: Month) -> None:
    """The month reopened, with what it holds now, and closed and appraised again."""
    reopened = PeriodReopened(
        tenant_id=TENANT,
        occurred_at=AT,
        period=month.code,
        close_seq=month.close_seq,
        reason="kegiatan terlambat disetujui",
        reopened_by=an_id("admin"),
    )
    await tell(worker, [reopened])
    month.close_seq += 1
    await prepared(worker, month)
