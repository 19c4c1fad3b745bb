"""Random policy documents and random facts: what the grammar can say, drawn, not picked from examples.

`documents()` draws whole documents as plain data, each of them without a fault; `people(document)` draws facts as
plain data that the document can be computed with. In CI the seeds are fixed and the examples few (`some`); with
TAKAR_EXAMPLES=20 every property tries twenty times as many, from other seeds.
"""

from tests.payroll.strategies.facts import people
from tests.payroll.strategies.policies import documents
from tests.payroll.strategies.words import some

__all__ = ["documents", "people", "some"]
