"""`takar payroll receipt NIP PERIOD` and `receipt-keys`: what an employee checks a statement by, without us."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, console, in_database
from deploy.cli.payroll.finding import PeriodArgument, TenantOption, wherever
from services.payroll.queries.explanations import statements_of
from services.payroll.queries.receipts import receipt
from shared.checkpoint import Log, ReceiptKeys, Signer, verifier_keys
from shared.errors import NotFound, Refused


def write_receipt(
    *,
    nip: Annotated[str, typer.Argument(metavar="NIP", help="Whose, by the NIP they were paid under.")],
    period: PeriodArgument,
    out: Annotated[Path | None, typer.Option(help="Where to write it; without it, to the terminal.")] = None,
    database: DatabaseOption = "",
    tenant: TenantOption = "",
    run: Annotated[UUID | None, typer.Option(help="One run, where the period has several.")] = None,
    since: Annotated[int | None, typer.Option(min=1, help="Also show that the log grew from this checkpoint.")] = None,
) -> None:
    """Write the receipt of an employee's statement, for deploy/verify/takar_verify.py."""

    async def read(session: AsyncSession, tenant_id: str) -> bytes:
        found = [
            (row, of) for row, of in await statements_of(session, tenant_id, nip, period) if run in (None, of.run_id)
        ]
        if not found:
            raise NotFound(f"run {run} holds no statement of {nip} for {period}")
        if len(found) > 1:
            named = ", ".join(f"{of.kind} {of.run_id}" for _, of in found)
            raise Refused(f"{nip} has several statements of {period}: name one by --run: {named}")
        return await receipt(session, tenant_id, found[0][0], since=since)

    what = f"a statement of {nip} of {period}"
    document = in_database("payroll", database, lambda sessions: wherever(sessions, tenant, read, what))
    if out is None:
        sys.stdout.buffer.write(document + b"\n")
        return
    out.write_bytes(document)
    console.print(f"{out}: check it with deploy/verify/takar_verify.py {out} --key KEYS", soft_wrap=True)


def show_receipt_keys(
    *,
    key: Annotated[str, typer.Option(envvar="TAKAR_RECEIPT_KEY", help="Payroll's private key, JWK.")] = "",
    keys: Annotated[str, typer.Option(envvar="TAKAR_RECEIPT_KEYS", help="The published keys, JSON.")] = "",
    tenant: Annotated[str, typer.Option(help="Print them as other C2SP tools take them, for this region.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what the verifier takes as --key.")] = False,
) -> None:
    """Print the public keys that receipts are checked by: days and fingerprint, for the notice board."""
    try:
        published = Signer.given(key, keys).published if key else ReceiptKeys.model_validate_json(keys)
    except ValueError as error:
        raise typer.BadParameter(f"TAKAR_RECEIPT_KEY or TAKAR_RECEIPT_KEYS is not usable: {error}") from None
    if as_json:
        print(published.model_dump_json(by_alias=True))
    elif tenant:
        print("\n".join(verifier_keys(Log.STATEMENTS, tenant, published.keys)))
    else:
        for one in published.keys:
            print(f"{one.first_day or '-':<11} {one.until or '-':<11} SHA-256 {one.fingerprint}")
