"""The life of a payroll run: which act leads from which state to which, and who may not do it. Values in, values out.

    reconciled -> calculated -> verified -> approved -> publishing -> published -> acknowledged -> paid

`differs`: the region's payroll system booked something else; a person looks. `cancelled`: before approval only.
"""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from shared.errors import Refused


class RunState(StrEnum):
    RECONCILED = "reconciled"  # the period is all here; the run is being calculated
    CALCULATED = "calculated"
    VERIFIED = "verified"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    DIFFERS = "differs"
    ACKNOWLEDGED = "acknowledged"
    PAID = "paid"
    CANCELLED = "cancelled"


class Act(StrEnum):
    CREATE = "created"
    RESUME = "resumed"
    CALCULATE = "calculated"
    VERIFY = "verified"
    APPROVE = "approved"
    PUBLISH = "publishing"
    ANNOUNCE = "published"
    ACKNOWLEDGE = "acknowledged"
    DISPUTE = "differs"
    PAY = "paid"
    CANCEL = "cancelled"


FINAL = (RunState.APPROVED, RunState.PUBLISHING, RunState.PUBLISHED, RunState.DIFFERS, RunState.ACKNOWLEDGED)
FINAL_STATES = tuple(str(state) for state in (*FINAL, RunState.PAID))
"""States of runs whose amounts are owed and no longer in question."""

_BOOKED = (RunState.PUBLISHED, RunState.DIFFERS)
_FROM: Mapping[Act, tuple[RunState, ...]] = {
    Act.RESUME: (RunState.CALCULATED,),
    Act.CALCULATE: (RunState.RECONCILED,),
    Act.VERIFY: (RunState.CALCULATED,),
    Act.APPROVE: (RunState.VERIFIED,),
    Act.PUBLISH: (RunState.APPROVED,),
    Act.ANNOUNCE: (RunState.PUBLISHING,),
    Act.ACKNOWLEDGE: _BOOKED,
    Act.DISPUTE: _BOOKED,
    Act.PAY: (RunState.ACKNOWLEDGED,),
    Act.CANCEL: (RunState.RECONCILED, RunState.CALCULATED, RunState.VERIFIED),
}
_LEADS_TO = {act: RunState(act.value) for act in _FROM if act is not Act.RESUME} | {Act.RESUME: RunState.RECONCILED}


def advance(act: Act, state: RunState) -> RunState:
    """The state an act leads to. Raises Refused, naming the states it may be done in."""
    allowed = _FROM[act]
    if state not in allowed:
        needed = " or ".join(allowed)
        raise Refused(f"the run is {state}; only a run that is {needed} can become {_LEADS_TO[act]}", state=state)
    return _LEADS_TO[act]


def four_eyes(by: UUID, earlier: Mapping[UUID, str]) -> None:
    """Whoever made or verified a run does not pass it on. `earlier`: who did what before."""
    if by in earlier:
        raise Refused(f"you have {earlier[by]} this run; somebody else must take the next step")
