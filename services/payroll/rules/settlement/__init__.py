"""From TPP to what reaches the bank: withholding, contributions, tax, recoveries."""

from services.payroll.rules.settlement.settling import settle
from services.payroll.rules.settlement.sums import Settlement

__all__ = ["Settlement", "settle"]
