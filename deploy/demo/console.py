"""What the demo shows: steps with progress bars, tables, and the sentence it ends with when something is wrong."""

import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from shared.money import digits

# where it is no terminal (a log, a pipe) it has no width of its own
console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)

_AMOUNT = re.compile(r"(\[bold\])?[-0-9.]*(\[/bold\])?")


class DemoError(Exception):
    """Something is not as it must be; the message says what, in one line."""


def must(holds: bool, otherwise: str) -> None:
    """Every figure the demo shows goes through here. Raises DemoError."""
    if not holds:
        raise DemoError(otherwise)


def equal(what: str, *values: object) -> None:
    """All the same, or DemoError with the values."""
    must(all(value == values[0] for value in values), f"{what} differ: {' / '.join(str(value) for value in values)}")


class Bar:
    """One line of progress."""

    def __init__(self, progress: Progress, what: str, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=total)

    def advance(self, steps: int = 1) -> None:
        self._progress.advance(self._task, steps)

    def describe(self, what: str) -> None:
        self._progress.update(self._task, description=what)


@contextmanager
def step(what: str, total: int | None = None) -> Iterator[Bar]:
    """A line with a bar while it runs, and a tick with its time afterwards."""
    began = time.monotonic()
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=28)]
    if total is not None:
        columns.append(MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=not sys.stdout.isatty()
    ) as progress:
        bar = Bar(progress, what, total)
        yield bar
        said = progress.tasks[0].description
    console.print(f"[green]✓[/green] {said} [dim]{time.monotonic() - began:.1f} s[/dim]")


def heading(text: str) -> None:
    console.print()
    console.rule(f"[bold]{text}[/bold]", align="left", style="cyan")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Figures stand right, words left."""
    shown = Table(header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(head):
        figures = all(_figure(row[number]) for row in rows)
        shown.add_column(name, justify="right" if figures else "left", no_wrap=figures, overflow="fold")
    for row in rows:
        shown.add_row(*(digits(cell) if isinstance(cell, int) else str(cell) for cell in row))
    console.print(shown)


def _figure(cell: object) -> bool:
    return isinstance(cell, int) or (isinstance(cell, str) and _AMOUNT.fullmatch(cell) is not None)
