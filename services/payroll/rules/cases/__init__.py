"""Cases beside a policy: facts an official can write, and what they must pay."""

from services.payroll.rules.cases.file import Case, CaseFile, Cases, Expected, read_cases
from services.payroll.rules.cases.running import Difference, Tried, in_force, try_case
from services.payroll.rules.cases.short_facts import facts_of_case

__all__ = [
    "Case",
    "CaseFile",
    "Cases",
    "Difference",
    "Expected",
    "Tried",
    "facts_of_case",
    "in_force",
    "read_cases",
    "try_case",
]
