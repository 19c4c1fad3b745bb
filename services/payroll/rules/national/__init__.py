"""The nation's own tables, dated and the same for every region: TER, PTKP, Pasal 17, final rates, contributions."""

from services.payroll.rules.national.annual import Annual, Untaxed, annual
from services.payroll.rules.national.book import (
    Book,
    arranged,
    book,
    contributions,
    final_tax,
    in_force,
    income_tax,
    pins,
    tables,
)
from services.payroll.rules.national.brackets import Layers, Table, Ter
from services.payroll.rules.national.checking import FORMAT, check_table, is_national, table_schema
from services.payroll.rules.national.documents import Contributions, FinalTax, Group, IncomeTax

__all__ = [
    "FORMAT",
    "Annual",
    "Book",
    "Contributions",
    "FinalTax",
    "Group",
    "IncomeTax",
    "Layers",
    "Table",
    "Ter",
    "Untaxed",
    "annual",
    "arranged",
    "book",
    "check_table",
    "contributions",
    "final_tax",
    "in_force",
    "income_tax",
    "is_national",
    "pins",
    "table_schema",
    "tables",
]
