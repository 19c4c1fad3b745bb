"""Noting what may change what was paid: each cause once, in the transaction that takes it in, with whom to look at.

What is looked at are runs that were not given up; the work waits until a run is approved, so that what changes while
it is under way is not missed.
"""

from services.payroll.commands.causes.closings import note_closings, note_new_appraisals, note_reopenings
from services.payroll.commands.causes.master_data import note_employee_changes, note_position_changes
from services.payroll.commands.causes.noting import RANK, Cause, note_causes
from services.payroll.commands.causes.policies import note_policy

__all__ = [
    "RANK",
    "Cause",
    "note_causes",
    "note_closings",
    "note_employee_changes",
    "note_new_appraisals",
    "note_policy",
    "note_position_changes",
    "note_reopenings",
]
