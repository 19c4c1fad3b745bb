"""Who is paid, in which posts, and what they agreed to."""

from dataclasses import dataclass, field
from typing import Literal

from services.payroll.rules.facts.words import STRICT, Capacity, Day, Flag, Kelas, Name, StatusAsn, Whole
from shared.money import Percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """Who is paid, as master data says for the period. `flags` hold for the whole period."""

    __pydantic_config__ = STRICT

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

    __pydantic_config__ = STRICT

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A second post held as Plt, Plh or Pj since a day; `workdays` are those acted in the period."""

    __pydantic_config__ = STRICT

    id: Name
    capacity: Capacity
    level: Literal["same", "higher", "lower"]
    kelas: Kelas
    workdays: Whole
    since: Day | None = None
    nilai_jabatan: Whole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A subordinate's month: approved minutes and own workdays, for the blend of a supervisor's result."""

    __pydantic_config__ = STRICT

    id: Name
    minutes: Whole
    workdays: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A dated consent to be contributed for ("zakat"): since when, until when, and how much where it says so."""

    __pydantic_config__ = STRICT

    id: Name
    kind: Name
    valid_from: Day
    valid_to: Day | None = None
    percent: Percent | None = None
