"""A statement's explanation in the terminal: the tree, the totals, what else would have been paid."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from services.payroll.rules.counterfactual import Alternatives, Counterfactual, Moved
from services.payroll.rules.explanation import Node
from services.payroll.rules.facts import Employee
from services.payroll.rules.words import Language, Said, rupiah

_TOTALS = (
    (Said("TPP", "TPP"), "tpp"),
    (Said("Ditunda", "Suspended"), "suspended"),
    (Said("Dibayar dari bulan lalu", "Released"), "released"),
    (Said("Koreksi bulan lalu", "Corrections of earlier months"), "corrected"),
    (Said("Bruto", "Gross"), "gross"),
    (Said("Potongan", "Deductions"), "deductions"),
    (Said("Diterima", "Net"), "net"),
)
_ELSE = Said("Andai", "What if")
_NOT = Said("tidak dapat dihitung", "cannot be asked")


def show(console: Console, head: str, tree: Node, language: Language, *, ids: bool = False) -> None:
    """The whole tree and the totals. `ids`: also the ids of the activities of each day."""
    drawn = Tree(head)
    for one in (*tree.evidence, *tree.parts):
        _grow(drawn, one, language, ids=ids, counted=one in tree.parts)
    console.print(drawn)
    console.print(_totals(tree.inputs["totals"], language))


def _grow(above: Tree, node: Node, language: Language, *, ids: bool, counted: bool) -> None:
    if node.kind == "activity" and not ids:
        return
    branch = above.add(_said(node, language, counted=counted))
    for one in node.evidence:
        _grow(branch, one, language, ids=ids, counted=False)
    for one in node.parts:
        _grow(branch, one, language, ids=ids, counted=counted)


def _said(node: Node, language: Language, *, counted: bool) -> str:
    """In one line or two. What adds up stands bright with its amount, what it rests on is dim."""
    label, formula = escape(node.label.in_(language)), escape(node.formula.in_(language))
    article = f" [dim]({escape(node.article)})[/]" if node.article else ""
    if node.kind == "activity":
        return f"[dim]{label} {escape(node.inputs['id'])}[/]"
    if node.kind == "warning":
        return f"[yellow]{label}: {formula}[/]"
    if not counted:
        return f"[dim]{label}{': ' if formula else ''}{formula}[/]{article}"
    amount = f" [bold]{rupiah(node.amount)}[/]" if node.amount is not None else ""
    return f"{label}{amount}{article}" + (f"\n[cyan]{formula}[/]" if formula else "")


def _totals(totals: Mapping[str, str], language: Language) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name, field in _TOTALS:
        if totals[field] != "0" or field in ("tpp", "net"):
            table.add_row(name.in_(language), rupiah(totals[field]))
    return table


def show_alternatives(console: Console, found: Alternatives, language: Language) -> None:
    """Each question with what it would have changed, by line; and the questions that have no answer here."""
    drawn = Tree(f"[bold]{_ELSE.in_(language)}[/]")
    for one in found.offered:
        _grow_alternative(drawn, one, language)
    for refused in found.not_offered:
        title, reason = escape(refused.title.in_(language)), escape(refused.reason.in_(language))
        drawn.add(f"[dim]{title}: {_NOT.in_(language)}, {reason}[/]")
    console.print(drawn)


def _grow_alternative(drawn: Tree, one: Counterfactual, language: Language) -> None:
    title, changed = escape(one.title.in_(language)), escape(one.changed.in_(language))
    net = Said("diterima", "net").in_(language)
    differences = f"TPP {signed(one.tpp_difference)}, {net} [bold]{signed(one.net_difference)}[/]"
    branch = drawn.add(f"{title}: {differences}\n[dim]{changed}[/]")
    grow_moved(branch, one.moved)


def grow_moved(branch: Tree, moved: Sequence[Moved]) -> None:
    """The lines that move, from what they are to what they would be."""
    for line in moved:
        article = f" [dim]({escape(line.article)})[/]" if line.article else ""
        difference = signed(line.would_be - line.amount)
        branch.add(f"{escape(line.name)}: {rupiah(line.amount)} -> {rupiah(line.would_be)} ({difference}){article}")


def signed(amount: int) -> str:
    """An amount with its sign, as people write a difference: "+Rp 80.000"."""
    return f"{'-' if amount < 0 else '+'}{rupiah(abs(amount))}"


def heading(body: Mapping[str, Any], employee: Employee) -> str:
    """Who, when, by which policy. `body`: the statement's plain form."""
    period = body["period"]
    who = f"[bold]{escape(employee.name)}[/] {escape(employee.nip)}"
    return f"{who}, {period['start']} - {period['end']}\n{escape(body['policy']['name'])}"
