"""The root that activity closes a period on, worked out from the facts themselves."""

from collections.abc import Iterable
from itertools import groupby

from shared.events.activity import ActivityApproved, AttendanceDaySettled
from shared.ledger.leaves import employee_leaf, leaf_of, sort_key_of
from shared.merkle import root


def closing_root(facts: Iterable[ActivityApproved | AttendanceDaySettled]) -> str:
    """Hex; over one leaf an employee, each over their records."""
    held = groupby(sorted(facts, key=sort_key_of), key=lambda fact: fact.employee_id)
    return root(employee_leaf(who, b"".join(leaf_of(fact) for fact in theirs)) for who, theirs in held).hex()
