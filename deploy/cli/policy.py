"""`takar policy`: what can be said of a policy document without a database."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.cli._regions import Failure, NoRegion, Outcome, read_file, regions_in
from services.payroll.rules import Policy, PolicyDocument, Problem, Unreadable, check
from services.payroll.rules.cases import CaseFile
from services.payroll.rules.difference import differences
from services.payroll.rules.national import check_table, is_national, table_schema
from services.payroll.rules.schema import schema_of

app = typer.Typer(help="Policy documents: a region's rules as data.", no_args_is_help=True)

PolicyFile = Annotated[Path, typer.Argument(metavar="FILE", help="A policy document (YAML).")]


@app.callback()
def policy() -> None:
    """Policy documents: a region's rules as data."""


@app.command("check")
def check_file(file: PolicyFile) -> None:
    """Say whether a policy, or a national table, is whole: every fault with its place and what to do."""
    if is_national(read_bytes(file)):
        _check_table(file)
        return
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


def _check_table(file: Path) -> None:
    checked = check_table(read_bytes(file))
    if isinstance(checked, tuple):
        refuse(file, checked)
    document, console = checked.document, Console()
    console.print(f"[green]whole[/] {document.name}, edition {document.edition} ({escape(document.article)})")
    console.print(f"in force from {document.effective_from}, sha256 {checked.hash}", soft_wrap=True)


@app.command("difference")
def difference(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The policy as it was.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The policy as it shall be.")],
) -> None:
    """Say in words how one policy differs from another."""
    found = differences(load(before).document, load(after).document)
    for one in found:
        print(one.said().id)
    if not found:
        print("keduanya sama")


@app.command("schema")
def schema(
    cases: Annotated[bool, typer.Option("--cases", help="The schema of a case file instead.")] = False,
    national: Annotated[bool, typer.Option("--national", help="The schema of a national table instead.")] = False,
) -> None:
    """Print the document's JSON Schema, for an editor to complete and check with."""
    said = schema_of(CaseFile, "takar.cases/1") if cases else schema_of(PolicyDocument, "takar.policy/1")
    said = table_schema() if national else said
    sys.stdout.write(json.dumps(said, indent=2, ensure_ascii=False) + "\n")


@app.command("test")
def try_regions(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="DIR|FILE...", help="Folders of regions, a region's document, or single case files."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Check every region's documents whole and run their cases; leaves with 1 when anything differs."""
    try:
        tested = list(regions_in(paths))
    except NoRegion as error:
        typer.echo(f"{error}. See deploy/policies/README.md for how a region's folder looks.", err=True)
        raise typer.Exit(1) from None
    if as_json:
        sys.stdout.write(json.dumps(_as_json(tested), indent=2) + "\n")
    else:
        _show(Console(), tested)
    if any(region.failures for region in tested):
        raise typer.Exit(1)


def _show(console: Console, tested: list[Outcome]) -> None:
    table = Table("region", "in force from", "cases", "passed", box=None, pad_edge=False)
    for region in tested:
        dates = ", ".join(sorted(f"{one.document.effective_from}" for one in region.documents.values()))
        colour = "red" if region.failures else "green"
        passed = f"[{colour}]{region.passed}[/]"
        table.add_row(escape(region.region), dates, str(region.cases), passed)
    for column in table.columns[2:]:
        column.justify = "right"
    console.print(table)
    for region in tested:
        for failure in region.failures:
            _show_failure(console, failure)
    total, all_passed = sum(one.cases for one in tested), sum(one.passed for one in tested)
    console.print(f"{len(tested)} regions, {total} cases, {all_passed} passed")


def _show_failure(console: Console, failure: Failure) -> None:
    case = f" {failure.case}" if failure.case else ""
    head = f"[red]{escape(str(failure.file))}[/]{escape(case)}, [bold]{escape(failure.said.place)}[/]"
    console.print(head, soft_wrap=True)
    said = failure.said
    if isinstance(said, Problem):
        console.print(f"  {escape(said.message)}\n  {escape(said.remedy)}", soft_wrap=True)
    else:
        why = f"  ({said.why})" if said.why else ""
        console.print(f"  expected {escape(said.expected)}\n  got      {escape(said.got + why)}", soft_wrap=True)


def _as_json(tested: list[Outcome]) -> dict[str, object]:
    """The whole result as plain data: regions with their documents, cases, passed, failures; and the sums."""
    return {
        "cases": sum(one.cases for one in tested),
        "passed": sum(one.passed for one in tested),
        "regions": [
            {
                "region": one.region,
                "documents": [
                    {
                        "file": str(file),
                        "name": policy.document.name,
                        "region": policy.document.region,
                        "effective_from": policy.document.effective_from.isoformat(),
                        "sha256": policy.hash,
                    }
                    for file, policy in one.documents.items()
                ],
                "cases": one.cases,
                "passed": one.passed,
                "failures": [
                    {"file": str(failure.file), "case": failure.case} | failure.said._asdict()
                    for failure in one.failures
                ],
            }
            for one in tested
        ],
    }


def load(file: Path) -> Policy:
    """The checked policy in a file; prints what is wrong and leaves with 1 otherwise."""
    checked = check(read_bytes(file))
    if isinstance(checked, tuple):
        refuse(file, checked)
    return checked


def read_bytes(file: Path) -> bytes:
    """The file's bytes, no more than a document may have; leaves with 1 when it cannot be read."""
    try:
        return read_file(file)
    except Unreadable as error:
        refuse(file, error.problems)


def refuse(file: Path, problems: tuple[Problem, ...]) -> NoReturn:
    """Print the problems of a file and leave with 1."""
    console = Console(stderr=True)
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    console.print(f"[red]refused[/] {escape(str(file))}: {count}", soft_wrap=True)
    for problem in problems:
        console.print(f"  [bold]{escape(problem.place)}[/]: {escape(problem.message)}", soft_wrap=True)
        console.print(f"    {escape(problem.remedy)}", soft_wrap=True)
    raise typer.Exit(1)
