"""Whether a policy is whole."""

from collections.abc import Iterator

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.problems import Problem
from services.payroll.rules.reading import Source


def faults(document: PolicyDocument, source: Source) -> Iterator[Problem]:
    """Every fault of a document that is well formed."""
    yield from ()
