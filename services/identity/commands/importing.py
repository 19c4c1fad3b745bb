"""Importing an office's lists: the good rows go in together, the bad ones are reported."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.identity.commands import accounts, stating
from services.identity.commands.accounts import OneTime
from services.identity.rules.columns import Row
from services.identity.rules.planning import Organisation, Plan, plan_employees, plan_positions, plan_units
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Imported:
    plan: Plan
    accounts: Sequence[OneTime]

    @property
    def changes(self) -> int:
        return len(self.plan.units) + len(self.plan.positions) + len(self.plan.employees)


async def import_lists(
    uow: UnitOfWork,
    now: datetime,
    lists: Mapping[str, Sequence[Row]],
    since: date,
    *,
    dry_run: bool,
    with_accounts: bool = False,
) -> Imported:
    """Units, then positions, then employees. `since`: the day from which holds what a row gives no day for.

    A dry run plans the same and writes nothing. `with_accounts`: one-time passwords for whoever is in the list as new.
    """
    await stating.hold_organisation(uow)
    plan = Plan(await _organisation(uow), since, now)
    # ten thousand rows take a second or two of computing, in which the process must go on answering
    await asyncio.to_thread(_plan, plan, lists)
    if dry_run:
        return Imported(plan, ())
    newcomers = [one for one in plan.employees.values() if one.version == 1]
    await stating.state_units(uow, list(plan.units.values()))
    await stating.state_positions(uow, list(plan.positions.values()))
    await stating.state_employees(uow, list(plan.employees.values()))
    await accounts.link_accounts(uow, newcomers)
    await accounts.follow_employees(uow, [one for one in plan.employees.values() if one.version > 1])
    made: Sequence[OneTime] = ()
    if with_accounts and newcomers:
        made = await accounts.create_accounts(uow, now, [one.employee_id for one in newcomers])
    return Imported(plan, made)


def _plan(plan: Plan, lists: Mapping[str, Sequence[Row]]) -> None:
    plan_units(plan, lists.get("units", ()))
    plan_positions(plan, lists.get("positions", ()))
    plan_employees(plan, lists.get("employees", ()))


async def _organisation(uow: UnitOfWork) -> Organisation:
    return Organisation(
        tenant_id=uow.tenant_id,
        units=await stating.units(uow.session, uow.tenant_id),
        positions=await stating.positions(uow.session, uow.tenant_id),
        employees=await stating.employees(uow.session, uow.tenant_id),
        numbers=await stating.holders_of(uow.session, uow.tenant_id),
    )
