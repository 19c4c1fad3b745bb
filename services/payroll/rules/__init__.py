"""Payroll's rules: a region's policy document, an employee's facts, and the one function that computes pay."""

from pathlib import Path

from shared.compiled import prefer_compiled

prefer_compiled(__name__, Path(__file__).parent)  # before the first of them is imported

from services.payroll.rules.checking import check, policy_of
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.evaluate import Policy, evaluate
from services.payroll.rules.facts import Facts
from services.payroll.rules.facts_format import facts_from, facts_to_dict, read_facts
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.statement import Line, Result, Statement, canonical
from services.payroll.rules.words import formula, measured

__all__ = [
    "Facts",
    "Line",
    "Policy",
    "PolicyDocument",
    "Problem",
    "Result",
    "Statement",
    "Unreadable",
    "canonical",
    "check",
    "evaluate",
    "facts_from",
    "facts_to_dict",
    "formula",
    "measured",
    "policy_of",
    "read_facts",
]
