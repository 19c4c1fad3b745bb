"""One transaction, one tenant: rows and the events about them commit together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import outbox
from shared.db import Sessions
from shared.events import Event

_PLAN_ONCE = text("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
_ENTER = text("SELECT set_config('app.tenant', :tenant_id, true)")


class UnitOfWork:
    """A session inside one transaction that sees one tenant's rows; made by `unit_of_work` or the inbox."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self.session = session
        self.tenant_id = tenant_id
        self._stated: list[Event] = []

    async def enter_tenant(self) -> None:
        """Row-level security shows this transaction the rows of one tenant only, until it ends."""
        await self.session.execute(_ENTER, {"tenant_id": self.tenant_id})

    async def plan_once(self) -> None:
        """Until its end, plan statements for any values, not anew for these.

        For those that name thousands of rows by their keys: looking at the values, PostgreSQL takes a tenant it has no
        statistics of for one of two hundred, and reads all of its rows instead.
        """
        await self.session.execute(_PLAN_ONCE)

    def record(self, *events: Event) -> None:
        """State events; they are published if, and only if, this transaction commits."""
        self._stated.extend(events)

    async def settle(self) -> None:
        """Write what is pending, then the facts stated about it: called once, before the commit."""
        await self.session.flush()
        stated, self._stated = self._stated, []
        await outbox.record(self.session, self.tenant_id, stated)


@asynccontextmanager
async def unit_of_work(sessions: Sessions, tenant_id: str) -> AsyncIterator[UnitOfWork]:
    """Commits when the block ends, rolls everything back when it raises."""
    async with sessions.begin() as session:
        uow = UnitOfWork(session, tenant_id)
        await uow.enter_tenant()
        yield uow
        await uow.settle()
