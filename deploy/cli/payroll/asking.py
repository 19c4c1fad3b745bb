"""`takar payroll what-if`: a draft policy over a past month, from the database, without keeping anything."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, in_database
from deploy.cli.payroll.evaluating import LanguageOption
from deploy.cli.payroll.finding import PeriodOption, in_region
from deploy.cli.payroll.tree import signed
from deploy.cli.policy import load, read_bytes
from services.payroll.exports.what_if import chart, what_if_workbook
from services.payroll.exports.what_if.wording import band_name, percent, told
from services.payroll.queries.what_if import run_to_compare, what_if
from services.payroll.rules.what_if import Group, WhatIf
from services.payroll.rules.words import Language, Said, rupiah
from shared.period import period as period_named

SHOWN = 10


def what_if_draft(
    *,
    tenant: Annotated[str, typer.Option(help="The region, as 19.05.")],
    period: PeriodOption,
    policy: Annotated[Path, typer.Option(help="The draft (YAML).")],
    database: DatabaseOption = "",
    run: Annotated[UUID | None, typer.Option(help="One run; without it, the period's induk run.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write everybody by name to this file.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Write the chart to this file.")] = None,
    language: LanguageOption = "id",
) -> None:
    """Try a draft policy on everybody whom a past month's run paid: winners, losers, cost. Nothing is stored."""
    load(policy)  # every fault with its line, before any database is asked
    document = read_bytes(policy).decode()

    async def read(session: AsyncSession, tenant_id: str) -> WhatIf:
        return await what_if(session, await run_to_compare(session, tenant_id, period, run), document)

    found = in_database("payroll", database, lambda sessions: in_region(sessions, tenant, read))
    _tell(Console(), found, language)
    if xlsx:
        # the same month and draft, the same bytes
        made_at = datetime.combine(period_named(period).last_day, time(), UTC)
        xlsx.write_bytes(what_if_workbook(found, made_at=made_at))
    if svg:
        svg.write_bytes(chart(found, language))


def _tell(console: Console, found: WhatIf, language: Language) -> None:
    words = told(found)
    console.print(f"[bold]{escape(words.title.in_(language))}[/]", soft_wrap=True)
    for line in words.lines:
        console.print(escape(line.in_(language)), soft_wrap=True)
    console.print(_distribution(found, language))
    console.print(_groups(Said("kelas", "class").in_(language), found.report.classes))
    units = sorted(found.report.units, key=lambda one: (-abs(one.gross_after - one.gross_before), one.name))
    console.print(_groups(Said("unit kerja", "unit").in_(language), units[:SHOWN]))
    console.print(_people(found))
    for one in found.blocked[:SHOWN]:
        console.print(f"[red]{escape(one.nip)} {escape(one.name)}[/]: {escape(one.why)}", soft_wrap=True)


def _distribution(found: WhatIf, language: Language) -> Table:
    table = Table("", "", "", box=None, show_header=False)
    most = max((band.people for band in found.report.bands), default=0) or 1
    for band in found.report.bands:
        bar = "█" * (30 * band.people // most)
        table.add_row(band_name(band).in_(language), f"{band.people:>7}", bar)
    return table


def _groups(name: str, groups: Sequence[Group]) -> Table:
    table = Table(name, "pegawai", "naik", "turun", "bruto", "selisih", "")
    for one in groups:
        change = one.gross_after - one.gross_before
        sums = (rupiah(one.gross_after), signed(change), percent(change, one.gross_before))
        table.add_row(escape(one.name), str(one.people), str(one.winners), str(one.losers), *sums)
    return table


def _people(found: WhatIf) -> Table:
    """The most changed of both sides, and the line that makes most of it."""
    table = Table("NIP", "nama", "kelas", "TPP", "selisih", "sebab terbesar")
    for one in (*found.report.losers[:SHOWN], *found.report.winners[:SHOWN]):
        because = next(iter(found.reasons.get(one.employee_id, ())), None)
        why = f"{because.name} {signed(because.after - because.before)}" if because else ""
        row = (one.nip, one.name, str(one.kelas), rupiah(one.after), signed(one.difference), why)
        table.add_row(*map(escape, row))
    return table
