"""The sums of a settlement, growing as each step is taken, and what can still be taken."""

from dataclasses import dataclass, field

from services.payroll.rules.facts import Correction
from services.payroll.rules.national import Book, Table
from services.payroll.rules.statement import Line, Warned
from services.payroll.rules.warned import warned


@dataclass(slots=True)
class Settlement:
    """Whole rupiah. taxable, year_tax: what counts to the year's income tax; both 0 where tax is final.

    tax is below 0 where the year's settlement gives back. taxable_shares: the employer's contributions that are
    income. unrecovered_tax: of unrecovered, what was due to the year. settled: the corrections paid or taken back now,
    each with its amount.
    """

    tpp: int
    book: Book
    lines: list[Line] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    suspended: int = 0
    suspended_until: str | None = None
    released: int = 0
    corrected: int = 0
    settled: list[tuple[Correction, int]] = field(default_factory=list)
    employer: int = 0
    employee: int = 0
    taxable_shares: int = 0
    tax: int = 0
    tax_allowance: int = 0
    taxable: int = 0
    year_tax: int = 0
    settled_year: bool = False
    recovered: int = 0
    unrecovered: int = 0
    unrecovered_tax: int = 0

    @property
    def payable(self) -> int:
        return self.tpp - self.suspended + self.released + self.corrected

    @property
    def gross(self) -> int:
        return self.payable + self.employer + self.tax_allowance

    @property
    def deductions(self) -> int:
        return self.employer + self.employee + self.tax + self.recovered

    def uses(self, table: Table) -> None:
        """The statement names a national table that its amounts rest on."""
        self.tables[table.document.name] = table.named

    def warn(self, code: str, *, blocking: bool = False, **inputs: str) -> None:
        self.warnings.append(warned(code, blocking=blocking, **inputs))

    def affordable(self, amount: int, what: str) -> int:
        """At most what is left of the net amount; the rest is carried to the next period and shown."""
        left = max(0, self.gross - self.deductions)
        if amount <= left:
            return amount
        self.unrecovered += amount - left
        self.warn("carried-forward", what=what, amount=str(amount - left))
        return left
