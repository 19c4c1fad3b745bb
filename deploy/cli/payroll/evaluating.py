"""`takar payroll evaluate`: one allowance computed from files, with the same function as the run."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from deploy.cli.payroll.tree import heading, show, show_alternatives
from deploy.cli.policy import load, read_bytes, refuse
from services.payroll.rules import Unreadable, canonical, evaluate, read_facts
from services.payroll.rules.counterfactual import alternatives
from services.payroll.rules.explanation import explain

LanguageOption = Annotated[Literal["id", "en"], typer.Option(help="Language of the explanation.")]
ElseOption = Annotated[bool, typer.Option("--what-else", help="Also what else would have been paid.")]
IdsOption = Annotated[bool, typer.Option("--ids", help="Also the ids of the approved activities.")]


def evaluate_file(
    *,
    policy: Annotated[Path, typer.Option(help="A policy document (YAML).")],
    facts: Annotated[Path, typer.Option(help="One employee's facts of one period (YAML or JSON).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the statement as canonical JSON.")] = False,
    language: LanguageOption = "id",
    what_else: ElseOption = False,
    ids: IdsOption = False,
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
    console, body = Console(), statement.to_dict()
    show(console, heading(body, given.employee), explain(checked, body, given), language, ids=ids)
    if what_else:
        show_alternatives(console, alternatives(checked, given), language)
