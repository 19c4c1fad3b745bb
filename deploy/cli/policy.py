"""`takar policy`: what can be said of a policy document without a database."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from services.payroll.rules import Policy, PolicyDocument, Problem, check
from services.payroll.rules.reading import LARGEST_BYTES

app = typer.Typer(help="Policy documents: a region's rules as data.", no_args_is_help=True)

PolicyFile = Annotated[Path, typer.Argument(metavar="FILE", help="A policy document (YAML).")]


@app.callback()
def policy() -> None:
    """Policy documents: a region's rules as data."""


@app.command("check")
def check_file(file: PolicyFile) -> None:
    """Say whether a policy is whole: every fault with its place and what to do."""
    checked = load(file)
    document = checked.document
    until = f" to {document.effective_to}" if document.effective_to else ""
    console = Console()
    console.print(f"[green]whole[/] {escape(document.name)} (region {escape(document.region)})")
    console.print(f"in force from {document.effective_from}{until}, sha256 {checked.hash}", soft_wrap=True)
    console.print(
        f"{len(document.criteria)} criteria, {len(checked.compiled.leaves)} parts, "
        f"{len(document.deductions)} deductions, tax {document.tax.mode}"
    )


@app.command("schema")
def schema() -> None:
    """Print the document's JSON Schema, for an editor to complete and check with."""
    sys.stdout.write(json.dumps(PolicyDocument.model_json_schema(), indent=2) + "\n")


def load(file: Path) -> Policy:
    """The checked policy in a file; prints what is wrong and leaves with 1 otherwise."""
    checked = check(read_bytes(file))
    if isinstance(checked, tuple):
        refuse(file, checked)
    return checked


def read_bytes(file: Path) -> bytes:
    """The file's bytes, no more than a document may have; leaves with 1 when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        refuse(file, (Problem("file", error.strerror or "it cannot be read", "Check its name and rights"),))


def refuse(file: Path, problems: tuple[Problem, ...]) -> NoReturn:
    """Print the problems of a file and leave with 1."""
    console = Console(stderr=True)
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    console.print(f"[red]refused[/] {escape(str(file))}: {count}", soft_wrap=True)
    for problem in problems:
        console.print(f"  [bold]{escape(problem.place)}[/]: {escape(problem.message)}", soft_wrap=True)
        console.print(f"    {escape(problem.remedy)}", soft_wrap=True)
    raise typer.Exit(1)
