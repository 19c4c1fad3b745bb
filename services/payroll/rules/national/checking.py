"""Whether a national table is whole: every amount and every status has exactly one rate."""

import hashlib
from fractions import Fraction
from typing import Annotated, Any

import rfc8785
from pydantic import Field, TypeAdapter, ValidationError

from services.payroll.rules.national.brackets import Layers, Table, Ter
from services.payroll.rules.national.documents import Brackets, Contributions, FinalTax, IncomeTax, NationalTable
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.reading import Path, Source, read
from services.payroll.rules.wholeness.payment import PPPK
from services.payroll.rules.wholeness.report import Report

FORMAT = "takar.national/1"
GROUPS = ("I", "II", "III", "IV")
STATUSES = tuple(f"{status}/{dependants}" for status in ("TK", "K") for dependants in range(4))
_DOCUMENT: TypeAdapter[NationalTable] = TypeAdapter(Annotated[NationalTable, Field(discriminator="kind")])


def check_table(document: bytes | str) -> Table | tuple[Problem, ...]:
    """The table, ready for use, or every problem found, each with its place in the document and what to do."""
    try:
        source = read(document)
        if not isinstance(source.value, dict):
            return (Problem("document", "it holds no table", f"Begin with format: {FORMAT}"),)
        parsed = _DOCUMENT.validate_python(source.value)
    except Unreadable as error:
        return error.problems
    except ValidationError as error:
        # pydantic names the kind as the first step of a place; people look for the entry itself
        return tuple(_problem(source, one) for one in error.errors())
    report = Report(source)
    _INSPECT[type(parsed)](parsed, report)
    return tuple(report.problems) or _table(parsed)


def is_national(document: bytes | str) -> bool:
    """Whether a document says of itself that it is a national table; what cannot be read is none."""
    try:
        value = read(document).value
    except Unreadable:
        return False
    return isinstance(value, dict) and str(value.get("format", "")).startswith("takar.national/")


def table_schema() -> dict[str, Any]:
    """The JSON Schema of a national table, for an editor."""
    return _DOCUMENT.json_schema()


def _problem(source: Source, error: Any) -> Problem:
    steps = error["loc"]
    return source.problem(error | {"loc": steps[1:]} if len(steps) > 1 else error)


def _table(parsed: NationalTable) -> Table:
    canonical = rfc8785.dumps(parsed.model_dump(mode="json"))
    hashed = hashlib.sha256(canonical).hexdigest()
    if not isinstance(parsed, IncomeTax):
        return Table(parsed, hashed)
    ter = {name: Ter.of(rows) for name, rows in parsed.ter.items()}
    return Table(parsed, hashed, ter, Layers.of(parsed.pasal17.brackets))


def _brackets(rows: Brackets, path: Path, report: Report) -> None:
    """Rows follow each other upwards to the end of all amounts, and more income is never taxed at less."""
    reached = -1
    for at, row in enumerate(rows):
        _below_all(row.rate, (*path, at, "rate"), report)
        if at and row.rate < rows[at - 1].rate:
            report.add((*path, at, "rate"), f"row {at + 1} taxes more income at a lower rate", "Correct the rate")
        if row.up_to is None and at + 1 < len(rows):
            message = f"rows after row {at + 1} can never be reached: it has no end"
            report.add((*path, at, "up_to"), message, "Give it its upper bound, or take the rows after it out")
            return
        if row.up_to is not None and row.up_to <= reached:
            message = f"row {at + 1} (up to {row.up_to}) can never be reached: rows before it go to {reached}"
            report.add((*path, at, "up_to"), message, "Order the rows by their upper bound, each above the last")
            continue
        reached = reached if row.up_to is None else row.up_to
    if rows[-1].up_to is not None:
        message = f"a gap: amounts above {reached} belong to no row"
        report.add((*path, len(rows) - 1, "up_to"), message, "Write up_to: null in the last row")


def _below_all(rate: Fraction, path: Path, report: Report) -> None:
    if rate >= 1:
        report.add(path, "a tax of 100 % leaves nothing, and no allowance can make up for it", "Correct the rate")


def _income_tax(table: IncomeTax, report: Report) -> None:
    for status in STATUSES:
        for name, entries in (("ptkp", table.ptkp), ("category", table.category)):
            if status not in entries:
                report.add((name,), f"PTKP status {status} is missing", "Add its row")
    for status, category in table.category.items():
        if status not in table.ptkp:
            message = f"the row of {status} can never be reached"
            report.add(("category", status), message, "Add it to ptkp, or take it out")
        if category not in table.ter:
            message = f"there is no TER table {category}"
            report.add(("category", status), message, f"Name one of {', '.join(table.ter)}")
    for category in set(table.ter) - set(table.category.values()):
        report.add(("ter", category), "no PTKP status leads to this table", "Take it out, or correct category")
    for category, rows in table.ter.items():
        _brackets(rows, ("ter", category), report)
    _brackets(table.pasal17.brackets, ("pasal17", "brackets"), report)


def _final_tax(table: FinalTax, report: Report) -> None:
    for group in GROUPS:
        if group not in table.rates:
            report.add(("rates",), f"golongan {group} has no rate", "Add its row; 0 % says that nothing is taken")
    for group, rate in table.rates.items():
        _below_all(rate, ("rates", group), report)
    for golongan in PPPK:
        if golongan not in table.pppk:
            report.add(("pppk",), f"PPPK golongan {golongan} has no group", "Map every golongan I to XVII")
    for golongan in table.pppk:
        if golongan not in PPPK:
            report.add(("pppk", golongan), "PPPK has no such golongan", "Write I to XVII")


def _contributions(table: Contributions, report: Report) -> None:
    if table.ceiling is not None and table.floor > table.ceiling:
        report.add(("floor",), f"the floor is above the ceiling of {table.ceiling}", "Exchange or correct them")
    if table.ceiling == 0:
        report.add(("ceiling",), "a ceiling of 0 takes nothing from anybody", "Write null for no ceiling, or 0 % rates")


_INSPECT: dict[type, Any] = {IncomeTax: _income_tax, FinalTax: _final_tax, Contributions: _contributions}
