"""What payroll knows of one employee in one period: the input of `evaluate`, frozen into a run.

Amounts are whole rupiah, minutes and days whole numbers, shares exact fractions.
Everything that can cost or earn money keeps its date, and its id where it has one.
"""

from services.payroll.rules.facts.amounts import Carried, Correction, Held, Payment, Recovery, TaxYear
from services.payroll.rules.facts.days import ActivityDay, AttendanceDay
from services.payroll.rules.facts.decisions import Exemption, Incident, Instalment, Penalty, Release
from services.payroll.rules.facts.month import Earlier, Facts, Salary
from services.payroll.rules.facts.person import Acting, Consent, Employee, Segment, StaffMember
from services.payroll.rules.facts.words import (
    Capacity,
    Covered,
    Day,
    Event,
    Expectation,
    Flag,
    Kelas,
    Name,
    PeriodName,
    Predikat,
    PredikatMissing,
    StatusAsn,
    Text,
    Whole,
)

__all__ = [
    "Acting",
    "ActivityDay",
    "AttendanceDay",
    "Capacity",
    "Carried",
    "Consent",
    "Correction",
    "Covered",
    "Day",
    "Earlier",
    "Employee",
    "Event",
    "Exemption",
    "Expectation",
    "Facts",
    "Flag",
    "Held",
    "Incident",
    "Instalment",
    "Kelas",
    "Name",
    "Payment",
    "Penalty",
    "PeriodName",
    "Predikat",
    "PredikatMissing",
    "Recovery",
    "Release",
    "Salary",
    "Segment",
    "StaffMember",
    "StatusAsn",
    "TaxYear",
    "Text",
    "Whole",
]
