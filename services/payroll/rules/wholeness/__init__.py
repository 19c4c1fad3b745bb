"""Whether a policy is whole: nothing open, nothing twice, nothing that can never happen."""

from collections.abc import Iterator

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.problems import Problem
from services.payroll.rules.reading import Source
from services.payroll.rules.wholeness import bases, conditions, cuts, parts, payment, runs
from services.payroll.rules.wholeness.report import Report


def faults(document: PolicyDocument, source: Source) -> Iterator[Problem]:
    """Every fault of a document that is well formed, in the order of the document."""
    report = Report(source)
    for inspect in (bases.inspect, conditions.inspect, parts.inspect, cuts.inspect, payment.inspect, runs.inspect):
        inspect(document, report)
    yield from report.problems
