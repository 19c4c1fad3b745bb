"""What may be done: rating, appraising, correcting, closing; and what other services' facts lead to."""

from services.appraisal.commands.closing import close_appraisals, reopen_appraisals
from services.appraisal.commands.deciding import Entry
from services.appraisal.commands.drafting import save_draft
from services.appraisal.commands.finalizing import Outcome, correct, finalize
from services.appraisal.commands.listening import answer_requests, take_period_closings, take_period_reopenings
from services.appraisal.commands.settings import decide_settings

__all__ = [
    "Entry",
    "Outcome",
    "answer_requests",
    "close_appraisals",
    "correct",
    "decide_settings",
    "finalize",
    "reopen_appraisals",
    "save_draft",
    "take_period_closings",
    "take_period_reopenings",
]
