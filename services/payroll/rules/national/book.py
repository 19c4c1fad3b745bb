"""Which national tables hold: all there are, those in force on a day, those a run was frozen with."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from services.payroll.rules.national.brackets import Table
from services.payroll.rules.national.checking import check_table
from services.payroll.rules.national.documents import Contributions, FinalTax, IncomeTax, Scheme

Book = Mapping[str, Table]
"""Tables by name: income_tax, final_tax, and a contribution's scheme."""

PIN = 16  # hex digits by which frozen facts name a table; the statement names it by all 64

_DATA = "data"


@cache
def tables() -> tuple[Table, ...]:
    """Every table there is, whatever its date. Raises ValueError for one that is not whole."""
    folder = files("services.payroll.rules").joinpath(_DATA)
    found = [_read(file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".yaml")]
    return arranged(found)


def arranged(found: Iterable[Table]) -> tuple[Table, ...]:
    """Tables by name, day and edition. Raises ValueError where two claim the same place."""
    order = {(one.document.name, one.document.effective_from, one.document.edition): one for one in found}
    if len(order) != len(found := tuple(found)):
        raise ValueError("two national tables have the same name, day and edition")
    return tuple(order[key] for key in sorted(order))


def _read(name: str, content: bytes) -> Table:
    checked = check_table(content)
    if not isinstance(checked, Table):
        raise ValueError(f"the national table {name} is not whole: {'; '.join(map(str, checked))}")
    return checked


def in_force(on: date, among: Iterable[Table]) -> Book:
    """Of each name the table that began last, in its last edition; `among` as `arranged`."""
    return {table.document.name: table for table in among if table.document.effective_from <= on}


@lru_cache(maxsize=256)
def book(on: date, pinned: tuple[str, ...] = ()) -> Book:
    """The tables named by `pinned`, or those in force on a day. A pinned table that is not here is left out."""
    if not pinned:
        return in_force(on, tables())
    known = {table.hash[:PIN]: table for table in tables()}
    return {known[pin].document.name: known[pin] for pin in pinned if pin in known}


@lru_cache(maxsize=256)
def pins(on: date) -> tuple[str, ...]:
    """What frozen facts name the tables in force on a day by, so that later documents do not change them."""
    return tuple(sorted(table.hash[:PIN] for table in in_force(on, tables()).values()))


def income_tax(held: Book) -> tuple[Table, IncomeTax] | None:
    """The book's income tax table with its document."""
    table = held.get("income_tax")
    return (table, table.document) if table and isinstance(table.document, IncomeTax) else None


def final_tax(held: Book) -> tuple[Table, FinalTax] | None:
    """The book's final tax table with its document."""
    table = held.get("final_tax")
    return (table, table.document) if table and isinstance(table.document, FinalTax) else None


def contributions(held: Book, scheme: Scheme) -> tuple[Table, Contributions] | None:
    """The book's table of a scheme with its document."""
    table = held.get(scheme)
    return (table, table.document) if table and isinstance(table.document, Contributions) else None
