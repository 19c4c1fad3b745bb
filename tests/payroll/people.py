"""Facts and policies for the tests of payroll's rules: a valid one with one call."""

from functools import cache
from pathlib import Path
from typing import Any

from services.payroll.rules import Facts, Policy, Statement, check, facts_from, read_facts

EXAMPLES = Path("deploy/examples")
REGIONS = Path("deploy/policies")
POLICIES = Path(__file__).parent / "policies"


@cache
def policy(name: str) -> Policy:
    """One of the tests' own policies by its file's name, a region's by its folder, or one among the examples."""
    files = (POLICIES / f"{name}.yaml", REGIONS / name / "policy.yaml", EXAMPLES / "policies" / f"{name}.yaml")
    checked = check(next(file for file in files if file.exists()).read_bytes())
    assert isinstance(checked, Policy), "\n".join(map(str, checked))
    return checked


def example(name: str) -> Facts:
    """The facts of an example file."""
    return read_facts((EXAMPLES / "facts" / f"{name}.yaml").read_bytes())


def day(number: int, **said: Any) -> dict[str, Any]:
    """An attendance day of October 2026."""
    return {"work_date": f"2026-10-{number:02d}"} | said


def segment(first: int = 1, last: int = 31, **said: Any) -> dict[str, Any]:
    """A segment of October 2026."""
    plain = {"position": "Analis", "kelas": 7, "unit": "Dinas", "workdays": 21}
    return {"start": f"2026-10-{first:02d}", "end": f"2026-10-{last:02d}"} | plain | said


def plain_facts(*, employee: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """A PNS of class 7 and golongan III/b in October 2026, who has done nothing wrong, as plain data."""
    person = {
        "id": "018f3c1e-0000-7000-8000-0000000000ff",
        "nip": "198609262015051001",
        "name": "Contoh",
        "status_asn": "PNS",
        "golongan": "III/b",
        "ptkp": "K/0",
    }
    plain = {
        "format": "takar.facts/1",
        "employee": person | (employee or {}),
        "start": "2026-10-01",
        "end": "2026-10-31",
        "workdays": 21,
        "segments": [segment()],
        "predikat": "baik",
    }
    return plain | said


def facts(*, employee: dict[str, Any] | None = None, **said: Any) -> Facts:
    """`plain_facts`, read."""
    return facts_from(plain_facts(employee=employee, **said))


def line(statement: Statement, rule: str) -> int:
    """The amount of the only line of a rule, or the sum of its lines."""
    return sum(int(one["amount"]) for one in statement.lines if one["rule"] == rule)


def earning_lines(statement: Statement) -> int:
    """The lines that make up TPP, added up."""
    kinds = ("part", "deduction", "addition", "floor", "ceiling", "rounding")
    return sum(int(one["amount"]) for one in statement.lines if one["kind"] in kinds)
