"""`takar payroll`: computing an allowance by hand, with the same function as the run."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from deploy.cli.policy import load, read_bytes, refuse
from services.payroll.rules import (
    Facts,
    Line,
    Statement,
    Unreadable,
    canonical,
    evaluate,
    formula,
    measured,
    read_facts,
)
from services.payroll.rules.words import Language, rupiah

app = typer.Typer(help="Allowances: compute, explain, recompute.", no_args_is_help=True)

_SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Dasar", "Base", ("base",)),
    ("Bagian", "Parts", ("part",)),
    ("Pengurangan", "Deductions", ("deduction",)),
    ("Tambahan dan pembulatan", "Additions and rounding", ("addition", "rounding")),
    ("Penundaan", "Withholding", ("suspended", "released")),
    ("Iuran, pajak, pemulihan", "Contributions, tax, recoveries", ("contribution", "tax_allowance", "tax", "recovery")),
)
_TOTALS = (
    ("TPP", "TPP", "tpp"),
    ("Ditunda", "Suspended", "suspended"),
    ("Dibayar dari bulan lalu", "Released", "released"),
    ("Bruto", "Gross", "gross"),
    ("Potongan", "Deductions", "deductions"),
    ("Diterima", "Net", "net"),
)


@app.callback()
def payroll() -> None:
    """Allowances: compute, explain, recompute."""


@app.command("evaluate")
def evaluate_file(
    policy: Annotated[Path, typer.Option(help="A policy document (YAML).")],
    facts: Annotated[Path, typer.Option(help="One employee's facts of one period (YAML or JSON).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the statement as canonical JSON.")] = False,
    language: Annotated[Literal["id", "en"], typer.Option(help="Language of the explanation.")] = "id",
) -> None:
    """Compute one employee's allowance from files, explained line by line; no database is used."""
    checked = load(policy)
    try:
        given = read_facts(read_bytes(facts))
    except Unreadable as error:
        refuse(facts, error.problems)
    statement = evaluate(checked, given)
    if as_json:
        sys.stdout.buffer.write(canonical(statement) + b"\n")
        return
    show(Console(), statement, given, language)


def show(console: Console, statement: Statement, facts: Facts, language: Language) -> None:
    """The statement as a tree: total, lines with their formula, the days behind them."""
    english = language == "en"
    employee = facts.employee
    head = f"[bold]{escape(employee.name)}[/] {escape(employee.nip)}, {statement.start} - {statement.end}"
    tree = Tree(f"{head}\n{escape(statement.policy)}")
    results = tree.add("Results" if english else "Hasil")
    for result in statement.results:
        node = results.add(f"{escape(result['part'])}: {escape(measured(result, language))}")
        _add_refs(node, result.get("refs", {}))
    for indonesian, name, kinds in _SECTIONS:
        lines = [line for line in statement.lines if line["kind"] in kinds]
        if lines:
            section = tree.add(name if english else indonesian)
            for line in lines:
                _add_refs(section.add(_said(line, language)), line.get("refs", {}))
    console.print(tree)
    console.print(_totals(statement, english))
    for warning in statement.warnings:
        mark = "[red]![/]" if warning["blocking"] else "[yellow]-[/]"
        console.print(f"{mark} {escape(warning['message'])}")


def _said(line: Line, language: Language) -> str:
    article = f" [dim]({escape(line['article'])})[/]" if line["article"] else ""
    amount = rupiah(line["amount"])
    return f"{escape(line['name'])} [bold]{amount}[/]{article}\n{escape(formula(line, language))}"


def _add_refs(node: Tree, refs: dict[str, list[str]]) -> None:
    for what, ids in refs.items():
        node.add(f"[dim]{what}: {escape(', '.join(ids))}[/]")


def _totals(statement: Statement, english: bool) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for indonesian, name, field in _TOTALS:
        amount: int = getattr(statement, field)
        if amount or field in ("tpp", "net"):
            table.add_row(name if english else indonesian, rupiah(amount))
    return table
