"""A statement as a tree: the total, its lines, their rules and formulas, down to days and approved activities.

It is made of what the computation recorded: amounts, rules and numbers are the statement's, days and
activities those of its frozen facts. Nothing is computed a second time.
"""

from services.payroll.rules.explanation.node import Node
from services.payroll.rules.explanation.tree import explain

__all__ = ["Node", "explain"]
