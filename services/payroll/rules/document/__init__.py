"""The grammar of a policy document: what a region may say, and in which words."""

from services.payroll.rules.document.cuts import (
    AsStated,
    Cap,
    Deduction,
    Later,
    Limit,
    Threshold,
    Tier,
    Withholding,
)
from services.payroll.rules.document.earnings import (
    Addition,
    Band,
    Base,
    Criterion,
    Entitlement,
    Measure,
    Part,
    Proration,
    SupervisorDuty,
)
from services.payroll.rules.document.policy import Contribution, PolicyDocument, Rounding, Tax
from services.payroll.rules.document.selecting import Beyond, MadeUp, Selector
from services.payroll.rules.document.values import Cut, Strict, When

__all__ = [
    "Addition",
    "AsStated",
    "Band",
    "Base",
    "Beyond",
    "Cap",
    "Contribution",
    "Criterion",
    "Cut",
    "Deduction",
    "Entitlement",
    "Later",
    "Limit",
    "MadeUp",
    "Measure",
    "Part",
    "PolicyDocument",
    "Proration",
    "Rounding",
    "Selector",
    "Strict",
    "SupervisorDuty",
    "Tax",
    "Threshold",
    "Tier",
    "When",
    "Withholding",
]
