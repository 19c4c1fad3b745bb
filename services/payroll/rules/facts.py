"""What payroll knows of one employee in one period: the input of `evaluate`, frozen into a run.

Amounts are whole rupiah, minutes and days whole numbers, shares exact fractions.
Everything that can cost or earn money keeps its date, and its id where it has one.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field

from shared.money import Percent, Rupiah

StatusAsn = Literal["CPNS", "PNS", "PPPK", "PPPK_PARUH_WAKTU"]
Predikat = Literal["sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"]
PredikatMissing = Literal["no_plan", "supervisor_silent", "not_due"]
Expectation = Literal["di_atas_ekspektasi", "sesuai_ekspektasi", "di_bawah_ekspektasi"]
Capacity = Literal["Plt", "Plh", "Pj"]

Event = Literal[
    "late",
    "early",
    "missing_in",
    "missing_out",
    "absent",
    "leave",
    "out",
    "permitted_out",
    "apel",
    "penalty",
    "incident",
    "instalment",
    "unassessed",
]

_STRICT = ConfigDict(extra="forbid")

Name = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=2000)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=10**9)]
Kelas = Annotated[int, Field(strict=True, ge=1, le=17)]
Flag = Annotated[bool, Field(strict=True)]
PeriodName = Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]


def _written(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("write a date as 2026-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Covered = Annotated[str, Field(max_length=300, pattern=rf"^({'|'.join(get_args(Event))}|part:.+|rule:.+)$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """Who is paid, as master data says for the period. `flags` hold for the whole period."""

    __pydantic_config__ = _STRICT

    id: Name
    nip: Name
    name: Name
    status_asn: StatusAsn
    golongan: Name
    ptkp: Name
    is_supervisor: Flag = False
    assessed_staff: Flag = True
    appointed_on: Day | None = None
    flags: tuple[Name, ...] = ()
    attributes: dict[Name, Name] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the period in one position; `flags` such as "tugas_belajar" hold for the stretch.

    is_supervisor: where the positions of a month differ in it; else the employee's holds.
    """

    __pydantic_config__ = _STRICT

    start: Day
    end: Day
    position: Name
    kelas: Kelas
    unit: Name
    workdays: Whole
    nilai_jabatan: Whole | None = None
    is_supervisor: Flag | None = None
    flags: tuple[Name, ...] = ()
    attributes: dict[Name, Name] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class ActivityDay:
    """Approved activities of one work date, of one kind, approved on one day, with the ids behind the sum.

    Never changed, as all facts; only not `frozen`, which makes the twenty of a month cost as much as parsing them.
    """

    __pydantic_config__ = _STRICT

    work_date: Day
    minutes: Whole
    count: Whole
    kind: Name = "tusi"
    approved_on: Day | None = None
    ids: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceDay:
    """One settled employee-day. `absence` and `leave` name the kind; duty counts as present.

    `stayed_minutes` after the end of work; `out_minutes` away without permission, `permitted_minutes` with it.
    Of leave: `letter`, whether its letter was handed in; `inpatient` (rawat inap).
    """

    __pydantic_config__ = _STRICT

    work_date: Day
    id: Name = ""
    expected: Flag = True
    late_minutes: Whole = 0
    early_minutes: Whole = 0
    out_minutes: Whole = 0
    permitted_minutes: Whole = 0
    stayed_minutes: Whole = 0
    missing_in: Flag = False
    missing_out: Flag = False
    absence: Name | None = None
    leave: Name | None = None
    letter: Flag = False
    inpatient: Flag = False
    duty: Flag = False
    after_holiday: Flag = False
    apel_expected: Whole = 0
    apel_missed: tuple[Name, ...] = ()

    def __hash__(self) -> int:
        """Of what tells most days apart: the hash of all fields takes longer than what is kept by it."""
        away = (self.absence is None) + 2 * (self.leave is None) + 4 * self.duty + 8 * self.apel_expected
        missing = 16 * self.missing_in + 32 * self.missing_out + away
        return hash(self.work_date) + 64 * (self.late_minutes + 1440 * self.early_minutes) + missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A disciplinary decision (hukuman disiplin), the day it takes effect, and its last day if it was lifted."""

    __pydantic_config__ = _STRICT

    id: Name
    kind: Name
    effective_from: Day
    effective_to: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Any other dated cause of a cut: a raid, a missed rapat paripurna, an instalment of TGR."""

    __pydantic_config__ = _STRICT

    id: Name
    kind: Name
    on: Day
    times: Whole = 1
    minutes: Whole = 0
    rupiah: Rupiah = 0
    percent: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """A debt (TGR) paid off: `monthly` from the month of `start` on, until `total` is reached."""

    __pydantic_config__ = _STRICT

    id: Name
    kind: Name
    start: Day
    monthly: Rupiah
    total: Rupiah
    author: Name
    reason: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A subordinate's month: approved minutes and own workdays, for the blend of a supervisor's result."""

    __pydantic_config__ = _STRICT

    id: Name
    minutes: Whole
    workdays: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """What the salary side (gaji) already paid, taxed and used of the BPJS base in the period."""

    __pydantic_config__ = _STRICT

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

    __pydantic_config__ = _STRICT

    gross: Rupiah = 0
    tax: Rupiah = 0
    bpjs_base: Rupiah = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A dated consent to be contributed for ("zakat"): since when, until when, and how much where it says so."""

    __pydantic_config__ = _STRICT

    id: Name
    kind: Name
    valid_from: Day
    valid_to: Day | None = None
    percent: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxYear:
    """The year before this period, for its settlement: in December, or in the month in which employment ends.

    gross_before and tax_before: of salary and TPP together, without final tax; tpp_tax_before: of it what was taken
    from TPP, which TPP can give back. months: those employed in the year, this one included. missing: months of them
    ("2026-03") of which no salary is known.
    """

    __pydantic_config__ = _STRICT

    gross_before: Rupiah
    tax_before: Rupiah
    pension: Rupiah = 0
    months: Annotated[int, Field(strict=True, ge=1, le=12)] = 12
    tpp_tax_before: Rupiah = 0
    zakat: Rupiah = 0
    missing: tuple[PeriodName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A second post held as Plt, Plh or Pj since a day; `workdays` are those acted in the period."""

    __pydantic_config__ = _STRICT

    id: Name
    capacity: Capacity
    level: Literal["same", "higher", "lower"]
    kelas: Kelas
    workdays: Whole
    since: Day | None = None
    nilai_jabatan: Whole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """TPP earned in an earlier period, withheld then and due now."""

    __pydantic_config__ = _STRICT

    id: Name
    period: Name
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """TPP of an earlier period ("2026-09") that `rule` holds until a decision clears it."""

    __pydantic_config__ = _STRICT

    id: Name
    rule: Name
    period: PeriodName
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A decision, with author and reason, that what `rule` holds is cleared; with `held` only that one amount."""

    __pydantic_config__ = _STRICT

    id: Name
    rule: Name
    on: Day
    author: Name
    reason: Name
    held: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Money to take back from the net amount, such as the December excess.

    kind "tax": PPh 21 of an earlier month of the same year that could not be taken then.
    """

    __pydantic_config__ = _STRICT

    id: Name
    cause: Name
    amount: Rupiah
    kind: Literal["debt", "tax"] = "debt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a recomputed month came to more (or less) than was paid for it, or what is still open of that.

    paid, now: the hashes of the statement that stood and of the recomputed one. kind: of the run that paid it; induk
    stands for susulan as well. contributes: whether contributions fall on it. bpjs_used: what its own month has used
    of the common BPJS base up to now, salary included; None where that is not known, and it counts in the month it is
    paid in. tables: the national tables of its month, named as `Facts.tables`.
    """

    __pydantic_config__ = _STRICT

    id: Name
    period: PeriodName
    cause: Name
    amount: Rupiah
    paid: Name
    now: Name
    kind: Literal["induk", "thr", "tpp13", "terusan"] = "induk"
    contributes: Flag = True
    bpjs_used: Rupiah | None = None
    tables: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a run beside the month's own pays: a share of the TPP of these facts, or (0 %) corrections alone.

    period: the month it is paid and taxed in. rule, name and article: what grants it.
    """

    __pydantic_config__ = _STRICT

    kind: Literal["thr", "tpp13", "terusan", "kekurangan"]
    rule: Name
    name: Text
    article: Text
    period: PeriodName
    share: Percent
    contributions: Flag = False
    tax_borne_by: Literal["employee", "region"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A dated exemption, with author and reason: what `covers` names costs nothing between the days.

    covers: events; `rule:<id>` of a deduction or withholding; `part:<code>`, whose `workdays` within these days
    count as filled (all of them when the days span the whole period).
    """

    __pydantic_config__ = _STRICT

    id: Name
    covers: tuple[Covered, ...]
    start: Day
    end: Day
    author: Name
    reason: Name
    workdays: Whole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything `evaluate` may know.

    ytd: days or times before the period within the year, by event ("absent"), by event and kind
    ("leave:sakit"), with "@after_holiday" behind for those after a holiday only, with ".minutes" for minutes.
    tables: the national tables to compute with, by the first digits of their hashes; none means those in force.
    ratings: appraised in words, such as perilaku. scores: as shares. amounts: rupiah set for this person.
    """

    __pydantic_config__ = _STRICT

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
