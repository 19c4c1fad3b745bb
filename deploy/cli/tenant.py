"""`takar tenant`: adding a region with its first administrator, and the platform's own operators."""

import re
from typing import Annotated

import typer

from deploy.cli._service import DatabaseOption, console, in_database
from deploy.kafka.credentials import Credentials
from deploy.kafka.provision import provision_tenant
from deploy.local.settings import StackSettings
from services.identity.commands.accounts import OneTime
from services.identity.commands.tenants import appoint_admin, configure_tenant
from services.identity.rules.access import PLATFORM, PLATFORM_ZONE
from shared.clock import ZONES, local_date, now
from shared.db import Sessions
from shared.errors import Fault
from shared.nip import check_nip
from shared.settings import Settings
from shared.unit_of_work import unit_of_work
from shared.words import TenantKind

app = typer.Typer(no_args_is_help=True, help="Regions, and who operates the platform.")


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="Kemendagri region code, such as 92 or 19.05.")],
    *,
    name: Annotated[str, typer.Option(help="The region's name.")],
    kind: Annotated[TenantKind, typer.Option(help="provinsi, kabupaten or kota.")],
    zone: Annotated[str, typer.Option(help=f"One of {', '.join(ZONES)}.")],
    admin_nip: Annotated[str, typer.Option(help="NIP of the first administrator (BKPSDM).")],
    admin_name: Annotated[str, typer.Option(help="Their name.")] = "Administrator",
    database: DatabaseOption = "",
) -> None:
    """Add a region, or set its name and kind; its administrator; its topics where Kafka's administrator is known."""
    if not re.fullmatch(r"[0-9]{2}(\.[0-9]{2})?", code) or code == PLATFORM:
        raise typer.BadParameter(f"{code!r} is no region code: two digits, or two and two, such as 19.05")
    if zone not in ZONES:
        raise typer.BadParameter(f"{zone!r} is no zone of Indonesia: one of {', '.join(ZONES)}")
    nip = check_nip(admin_nip)
    if isinstance(nip, Fault):
        raise typer.BadParameter(f"{nip.message}: {nip.remedy}", param_hint="--admin-nip")
    login = nip.text

    async def work(sessions: Sessions) -> tuple[bool, OneTime | None]:
        moment = now()
        async with unit_of_work(sessions, code) as uow:
            changed = await configure_tenant(uow, moment, name, kind, zone)
            return changed, await appoint_admin(uow, moment, login, admin_name, local_date(moment, zone))

    changed, made = in_database("identity", database, work)
    console.print(f"region {code}, {name}: {'configured' if changed else 'as it was'}", highlight=False)
    _hand_over(made, login)
    _provision(code)


@app.command()
def operator(
    login: Annotated[str, typer.Argument(help="The operator's login: a name in small letters.")],
    name: Annotated[str, typer.Option(help="Who it is.")] = "Operator",
    database: DatabaseOption = "",
) -> None:
    """An account of the platform itself (region 00), which may add regions over HTTP."""
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,31}", login):
        raise typer.BadParameter("a login is 3 to 32 small letters, digits, dots or dashes, a letter first")

    async def work(sessions: Sessions) -> OneTime | None:
        moment = now()
        async with unit_of_work(sessions, PLATFORM) as uow:
            return await appoint_admin(uow, moment, login, name, local_date(moment, PLATFORM_ZONE))

    _hand_over(in_database("identity", database, work), login)


def _hand_over(made: OneTime | None, login: str) -> None:
    if made is None:
        console.print(f"account {login} exists already and keeps its password", highlight=False)
        return
    console.print(f"login {made.login}, one-time password {made.password}", highlight=False)
    console.print(f"It is shown here alone, and is good until {made.until:%Y-%m-%d %H:%M} UTC.", highlight=False)


def _provision(code: str) -> None:
    stack = StackSettings()
    if not stack.kafka_bootstrap or not stack.kafka_admin_password:
        console.print("Kafka: not provisioned; TAKAR_KAFKA_BOOTSTRAP and TAKAR_KAFKA_ADMIN_PASSWORD are not set")
        return
    admin = Credentials(stack.kafka_admin_user, stack.kafka_admin_password)
    prefix = Settings().topic_prefix
    login = provision_tenant(stack.kafka_bootstrap, admin, code, prefix=prefix)
    console.print(f"Kafka: {prefix}allowance.v1.{code} and its acknowledgements; the payroll system logs in as")
    console.print(f"{login.user}, password {login.password}", highlight=False, soft_wrap=True)
