"""What `evaluate` answers: totals, and every line with the numbers and days it rests on."""

from typing import Any, NamedTuple, NotRequired, TypedDict

from pydantic_core import to_json

Refs = dict[str, list[str]]


class Line(TypedDict):
    """One amount in whole rupiah (a string of digits, negative when it is taken away) and why.

    kind: base, part, deduction, addition, floor, ceiling, rounding, share, suspended, released, forfeited, correction,
    contribution, tax, tax_allowance, recovery. `inputs` are the formula's numbers; `refs` the work dates and ids
    behind them.
    """

    kind: str
    rule: str
    name: str
    article: str
    amount: str
    inputs: dict[str, Any]
    refs: NotRequired[Refs]


class Result(TypedDict):
    """How well a part was filled: the measure's share and its numbers."""

    part: str
    article: str
    share: str
    inputs: dict[str, Any]
    refs: NotRequired[Refs]


class Warned(TypedDict):
    """Something a person should look at; `blocking` when the amount cannot be right without it.

    `inputs` are the values of its sentence (services.payroll.rules.warned); `message` is that sentence in English.
    """

    code: str
    inputs: dict[str, str]
    message: str
    blocking: bool


def ordered(entries: dict[str, Any]) -> dict[str, Any]:
    """The same entries in the order of RFC 8785, so that writing them needs no sorting."""
    return {name: entries[name] for name in sorted(entries)}


def line_of(
    kind: str,
    amount: int | str,
    inputs: dict[str, Any],
    *,
    rule: str,
    name: str,
    article: str = "",
    refs: Refs | None = None,
) -> Line:
    """A line with its entries in canonical order; `inputs` come in that order already."""
    said = str(amount)
    if refs:
        return {
            "amount": said,
            "article": article,
            "inputs": inputs,
            "kind": kind,
            "name": name,
            "refs": refs,
            "rule": rule,
        }
    return {"amount": said, "article": article, "inputs": inputs, "kind": kind, "name": name, "rule": rule}


def result_of(part: str, article: str, share: str, inputs: dict[str, Any], *, refs: Refs) -> Result:
    """A part's result with its entries in canonical order."""
    if refs:
        return {"article": article, "inputs": ordered(inputs), "part": part, "refs": refs, "share": share}
    return {"article": article, "inputs": ordered(inputs), "part": part, "share": share}


class Statement(NamedTuple):
    """One employee's allowance of one period, in whole rupiah.

    tpp: earned this period. payable = tpp - suspended + released + corrected. gross = payable + what the region adds
    (employer's contributions, borne tax). net = gross - deductions. unrecovered: could not be taken, and
    is carried to the next period; of it unrecovered_tax is PPh 21. corrected: differences of earlier months, paid or
    (negative) taken back. tables: the national tables used, with their hashes. taxable and year_tax: what this adds to
    the year's income and tax, both 0 where tax is final. tax is below 0 where the settlement of the year gives back.
    """

    employee_id: str
    nip: str
    start: str
    end: str
    region: str
    policy: str
    policy_hash: str
    results: list[Result]
    lines: list[Line]
    criteria: dict[str, int]
    tpp: int
    suspended: int
    suspended_until: str | None
    released: int
    corrected: int
    payable: int
    gross: int
    contributions: int
    tax: int
    recovered: int
    deductions: int
    net: int
    unrecovered: int
    warnings: list[Warned]
    tables: dict[str, dict[str, str]]
    taxable: int
    year_tax: int
    tax_allowance: int
    unrecovered_tax: int

    @property
    def blocked(self) -> bool:
        """Whether a person must decide before this may be paid."""
        return any(warning["blocking"] for warning in self.warnings)

    def to_dict(self) -> dict[str, Any]:
        """The statement as stored: amounts as strings, otherwise text, whole numbers, lists and objects."""
        return {
            "criteria": {code: str(self.criteria[code]) for code in sorted(self.criteria)},
            "employee_id": self.employee_id,
            "format": "takar.statement/1",
            "lines": self.lines,
            "nip": self.nip,
            "period": {"end": self.end, "start": self.start},
            "policy": {"hash": self.policy_hash, "name": self.policy, "region": self.region},
            "results": self.results,
            "suspended_until": self.suspended_until,
            "tables": {name: self.tables[name] for name in sorted(self.tables)},
            "totals": {
                "contributions": str(self.contributions),
                "corrected": str(self.corrected),
                "deductions": str(self.deductions),
                "gross": str(self.gross),
                "net": str(self.net),
                "payable": str(self.payable),
                "recovered": str(self.recovered),
                "released": str(self.released),
                "suspended": str(self.suspended),
                "tax": str(self.tax),
                "tax_allowance": str(self.tax_allowance),
                "taxable": str(self.taxable),
                "tpp": str(self.tpp),
                "unrecovered": str(self.unrecovered),
                "unrecovered_tax": str(self.unrecovered_tax),
                "year_tax": str(self.year_tax),
            },
            "warnings": self.warnings,
        }


def canonical(statement: Statement) -> bytes:
    """The statement as RFC 8785 canonical JSON: the same inputs give the same bytes, everywhere.

    All entries are made in canonical order and no number is a float, so a plain, fast writer suffices; a
    property test holds it against the rfc8785 library.
    """
    return to_json(statement.to_dict())
