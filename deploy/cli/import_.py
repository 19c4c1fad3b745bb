"""`takar import`: an office's lists of units, positions and employees, through identity's API as an administrator."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.identity.schemas.imports import ImportKind

console = Console()
app = typer.Typer()
SHOWN_AT_MOST = 200


@app.command()
def import_(
    kind: Annotated[ImportKind, typer.Argument(help="organisation: a workbook with sheets Unit, Jabatan, Pegawai.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XLSX or CSV.")],
    *,
    tenant: Annotated[str, typer.Option(help="Region code.")],
    nip: Annotated[str, typer.Option(help="NIP of an administrator of the region.")],
    password: Annotated[str, typer.Option(envvar="TAKAR_PASSWORD", prompt=True, hide_input=True)],
    identity: Annotated[str, typer.Option(envvar="TAKAR_IDENTITY_URL", help="Where identity's API answers.")],
    since: Annotated[str, typer.Option(help="From which day rows without one hold; default: this month's first.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    accounts: Annotated[
        Path | None, typer.Option(help="Make accounts for new employees; their one-time passwords go to this CSV.")
    ] = None,
) -> None:
    """Import an office's list. Bad rows are shown with what to do, the good ones go in; 1 where rows were bad."""
    if accounts is not None and accounts.exists():
        raise typer.BadParameter(f"{accounts} exists: one-time passwords are shown once, and are never written over")
    params = {"dry_run": dry_run, "accounts": accounts is not None} | ({"since": since} if since else {})
    with httpx.Client(base_url=identity, timeout=300) as http:
        token = _said(lambda: http.post("sessions", json={"tenant_id": tenant, "nip": nip, "password": password}))
        if token["must_set_password"]:
            _stop("log in once and set a password of your own first")
        http.headers["Authorization"] = f"Bearer {token['access_token']}"
        told = _send(http, kind, file, params)
    if accounts is not None and told["accounts"]:
        _keep(accounts, told["accounts"])
    _report(told)


def _send(http: httpx.Client, kind: ImportKind, file: Path, params: Mapping[str, Any]) -> Any:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=Console(stderr=True)) as progress,
        progress.open(file, "rb", description=f"{file.name} to {kind}") as content,
    ):
        return _said(lambda: http.post(f"imports/{kind}", files={"file": (file.name, content)}, params=params))


def _said(ask: Callable[[], httpx.Response]) -> Any:
    """The answer's body; a problem is one line and exit status 1."""
    try:
        answer = ask()
    except httpx.HTTPError as error:
        _stop(f"identity does not answer: {error}")
    if answer.is_error:
        try:
            problem = answer.json()
        except ValueError:
            problem = {"detail": answer.text[:200]}
        _stop(f"{answer.status_code}: {problem.get('detail')}")
    return answer.json()


def _stop(line: str) -> NoReturn:
    Console(stderr=True).print(f"takar: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def _keep(path: Path, accounts: Sequence[Mapping[str, Any]]) -> None:
    """Readable by its owner alone: who has a one-time password is that person until they change it."""
    path.touch(mode=0o600, exist_ok=False)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(("NIP", "Nama", "Kata sandi sekali pakai", "Berlaku sampai"))
        writer.writerows((one["login"], one["name"], one["password"], one["until"]) for one in accounts)
    console.print(f"{len(accounts)} one-time passwords are in {path}: hand them out, then erase the file")


def _report(told: Mapping[str, Any]) -> None:
    table = Table("list", "rows", "added", "changed", "unchanged", "refused")
    for name, counts in told["counts"].items():
        table.add_row(name, *[str(counts[of]) for of in ("rows", "added", "changed", "unchanged", "refused")])
    console.print(table)
    _list("cannot be used", told["faults"])
    _list("worth a look", told["notices"])
    console.print(told["summary"], highlight=False)
    if told["faults"]:
        raise typer.Exit(1)


def _list(title: str, faults: Sequence[Mapping[str, Any]]) -> None:
    if not faults:
        return
    table = Table("row", "column", "value", "what is wrong", "what to do", title=title)
    for one in faults[:SHOWN_AT_MOST]:
        table.add_row(str(one["row"] or ""), one["place"], one["value"] or "", one["message"], one["remedy"])
    console.print(table)
    if len(faults) > SHOWN_AT_MOST:
        console.print(f"and {len(faults) - SHOWN_AT_MOST} more: correct these first, then import the file again")
