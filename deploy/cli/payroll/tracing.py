"""`takar payroll trace`: from an activity, or a day, to the rupiah it moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, in_database
from deploy.cli.payroll.finding import TenantOption, wherever
from deploy.cli.payroll.tree import grow_moved, signed
from services.payroll.queries.explanations import employee_by_nip
from services.payroll.queries.trace import ActivityTrace, Traced, trace_activity, trace_day
from services.payroll.rules.counterfactual import Moved
from services.payroll.rules.words import rupiah


def trace_work(
    activity: Annotated[UUID | None, typer.Argument(metavar="ACTIVITY", help="An approved activity's id.")] = None,
    nip: Annotated[str, typer.Option(help="With --day: whose.")] = "",
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Instead of an activity: a day.")] = None,
    database: DatabaseOption = "",
    tenant: TenantOption = "",
) -> None:
    """Follow an activity, or all of a day, to the statement lines it moved, the run, and the acknowledgement."""
    console = Console()
    if activity is not None and day is None:
        _print_activity(console, _of_activity(database, tenant, activity))
    elif day is not None and nip and activity is None:
        found = _of_day(database, tenant, nip, day)
        console.print(_drawn(f"[bold]{day:%Y-%m-%d}[/], NIP {escape(nip)}", found))
    else:
        raise typer.BadParameter("name an activity, or a day with --nip and --day")


def _of_activity(database: str, tenant: str, activity: UUID) -> ActivityTrace:
    async def read(session: AsyncSession, tenant_id: str) -> ActivityTrace:
        return await trace_activity(session, tenant_id, activity)

    return in_database("payroll", database, lambda sessions: wherever(sessions, tenant, read, f"activity {activity}"))


def _of_day(database: str, tenant: str, nip: str, day: datetime) -> tuple[Traced, ...]:
    async def read(session: AsyncSession, tenant_id: str) -> tuple[Traced, ...]:
        employee_id = await employee_by_nip(session, tenant_id, nip, f"{day:%Y-%m}")
        return await trace_day(session, tenant_id, employee_id, day.date())

    return in_database("payroll", database, lambda sessions: wherever(sessions, tenant, read, f"a statement of {nip}"))


def _print_activity(console: Console, found: ActivityTrace) -> None:
    minutes = "approval withdrawn" if found.withdrawn else f"{found.minutes} minutes"
    head = f"[bold]activity {found.activity_id}[/]\n{found.work_date}, {minutes}, employee {found.employee_id}"
    console.print(_drawn(head, found.statements))


def _drawn(head: str, statements: Sequence[Traced]) -> Tree:
    tree = Tree(head)
    if not statements:
        tree.add("in no statement: no run has counted it")
    for one in statements:
        _grow(tree, one)
    return tree


def _grow(tree: Tree, one: Traced) -> None:
    moved = one.net - one.net_without
    branch = tree.add(
        f"statement {one.statement_id}, {one.period}\n"
        f"net {rupiah(one.net)}, without it {rupiah(one.net_without)}: it moved [bold]{signed(moved)}[/]"
        if one.counted
        else f"statement {one.statement_id}, {one.period}: settles the month of it"
    )
    grow_moved(branch, [_turned(line) for line in one.moved])
    for line in one.corrections:
        branch.add(f"{escape(line['name'])}: {rupiah(line['amount'])} ({escape(line['inputs']['cause'])})")
    branch.add(f"run {one.kind} {one.run_id}, {one.state}{_on_feed(one)}")


def _turned(line: Moved) -> Moved:
    """From what the line would be without it to what it is."""
    return line._replace(amount=line.would_be, would_be=line.amount)


def _on_feed(one: Traced) -> str:
    if one.feed_sequence is None:
        return ""
    said = f"; number {one.feed_sequence} on the region's feed"
    if one.acknowledged is None:
        return f"{said}, not acknowledged yet"
    agreed = "booked as stated" if one.acknowledged.agrees else "booked OTHERWISE"
    return f"{said}, {agreed} by {escape(one.acknowledged.booked_by)} on {one.acknowledged.heard_at:%Y-%m-%d %H:%M} UTC"
