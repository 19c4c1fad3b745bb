"""All that is known of one employee in one period."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field

from services.payroll.rules.facts.amounts import Carried, Correction, Held, Payment, Recovery, TaxYear
from services.payroll.rules.facts.days import ActivityDay, AttendanceDay
from services.payroll.rules.facts.decisions import Exemption, Incident, Instalment, Penalty, Release
from services.payroll.rules.facts.person import Acting, Consent, Employee, Segment, StaffMember
from services.payroll.rules.facts.words import STRICT, Day, Flag, Name, Predikat, PredikatMissing, Whole
from shared.money import Percent, Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """What the salary side (gaji) already paid, taxed and used of the BPJS base in the period."""

    __pydantic_config__ = STRICT

    gross: Rupiah = 0
    tax: Rupiah = 0
    bpjs_base: Rupiah = 0
    gaji_pokok: Rupiah = 0
    pension_base: Rupiah = 0  # gaji pokok and family allowances
    pension: Rupiah = 0  # iuran pensiun and JHT taken from salary: not taxed
    zakat: Rupiah = 0  # taken from salary: not taxed


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What earlier runs of the same period paid, took as the year's tax and used of the BPJS base."""

    __pydantic_config__ = STRICT

    gross: Rupiah = 0
    tax: Rupiah = 0
    bpjs_base: Rupiah = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything `evaluate` may know.

    ytd: days or times before the period within the year, by event ("absent"), by event and kind
    ("leave:sakit"), with "@after_holiday" behind for those after a holiday only, with ".minutes" for minutes.
    tables: the national tables to compute with, by the first digits of their hashes; none means those in force.
    ratings: appraised in words, such as perilaku. scores: as shares. amounts: rupiah set for this person.
    """

    __pydantic_config__ = STRICT

    employee: Employee
    start: Day
    end: Day
    workdays: Whole
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    predikat: Predikat | None = None
    plan_exists: Flag = True
    predikat_missing: PredikatMissing | None = None
    activities: tuple[ActivityDay, ...] = ()
    attendance: tuple[AttendanceDay, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    incidents: tuple[Incident, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    acting: tuple[Acting, ...] = ()
    salary: Salary = Salary()
    earlier: Earlier = Earlier()
    consents: tuple[Consent, ...] = ()
    tables: tuple[Name, ...] = ()
    tax_year: TaxYear | None = None
    carried: tuple[Carried, ...] = ()
    held: tuple[Held, ...] = ()
    releases: tuple[Release, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    corrections: tuple[Correction, ...] = ()
    payment: Payment | None = None
    exemptions: tuple[Exemption, ...] = ()
    ytd: dict[Name, Whole] = field(default_factory=dict)
    scores: dict[Name, Percent] = field(default_factory=dict)
    ratings: dict[Name, Name] = field(default_factory=dict)
    amounts: dict[Name, Rupiah] = field(default_factory=dict)
    staff: tuple[StaffMember, ...] = ()

    @property
    def taxed_on(self) -> date:
        """The first day of the month in which the amount is paid and taxed."""
        return self.start if self.payment is None else date.fromisoformat(f"{self.payment.period}-01")
