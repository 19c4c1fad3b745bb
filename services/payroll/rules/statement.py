"""What `evaluate` answers: totals, and every line with the numbers and days it rests on."""

import json
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

Refs = dict[str, list[str]]


class Line(TypedDict):
    """One amount in whole rupiah (a string of digits, negative when it is taken away) and why.

    kind: base, part, deduction, addition, rounding, suspended, released, contribution, tax, tax_allowance,
    recovery. `inputs` are the formula's numbers; `refs` the work dates and ids behind them.
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
    """Something a person should look at; `blocking` when the amount cannot be right without it."""

    code: str
    message: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One employee's allowance of one period, in whole rupiah.

    tpp: earned this period. payable = tpp - suspended + released. gross = payable + what the region adds
    (employer's contributions, borne tax). net = gross - deductions. unrecovered: could not be taken, and
    is carried to the next period.
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
    payable: int
    gross: int
    contributions: int
    tax: int
    recovered: int
    deductions: int
    net: int
    unrecovered: int
    warnings: list[Warned]

    @property
    def blocked(self) -> bool:
        """Whether a person must decide before this may be paid."""
        return any(warning["blocking"] for warning in self.warnings)

    def to_dict(self) -> dict[str, Any]:
        """The statement as stored: amounts as strings, otherwise text, whole numbers, lists and objects."""
        return {
            "format": "takar.statement/1",
            "employee_id": self.employee_id,
            "nip": self.nip,
            "period": {"start": self.start, "end": self.end},
            "policy": {"region": self.region, "name": self.policy, "hash": self.policy_hash},
            "results": self.results,
            "lines": self.lines,
            "criteria": {code: str(amount) for code, amount in self.criteria.items()},
            "totals": {
                "tpp": str(self.tpp),
                "suspended": str(self.suspended),
                "released": str(self.released),
                "payable": str(self.payable),
                "gross": str(self.gross),
                "contributions": str(self.contributions),
                "tax": str(self.tax),
                "recovered": str(self.recovered),
                "deductions": str(self.deductions),
                "net": str(self.net),
                "unrecovered": str(self.unrecovered),
            },
            "suspended_until": self.suspended_until,
            "warnings": self.warnings,
        }


# The standard library's C encoder writes RFC 8785 for what statements hold: no floats, small
# whole numbers, ASCII keys. A property test compares it with the rfc8785 library.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(statement: Statement) -> bytes:
    """The statement as RFC 8785 canonical JSON: the same inputs give the same bytes, everywhere."""
    return _ENCODER.encode(statement.to_dict()).encode()
