"""The document itself: its head, its rules, rounding, tax and contributions."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.document.cuts import Cap, Deduction, Limit, Withholding
from services.payroll.rules.document.earnings import Addition, Criterion, Entitlement, Part, Proration
from services.payroll.rules.document.runs import Runs
from services.payroll.rules.document.values import (
    Article,
    Code,
    KelasKey,
    Mode,
    Money,
    Positive,
    Strict,
    Text,
    When,
)
from shared.money import Percent


class LegalBasis(Strict):
    """The regulation, and where its text was taken from."""

    title: Text
    source: Text


class RoundingPoint(Strict):
    """Mode and unit in rupiah."""

    mode: Mode
    unit: Positive = 1


class TppRounding(RoundingPoint):
    """Where TPP is rounded: every line, every part of a criterion, or the total."""

    at: Literal["line", "part", "total"]


class Rounding(Strict):
    """One rounding point for TPP; tax and contributions are rounded once each."""

    tpp: TppRounding
    tax: RoundingPoint
    contributions: RoundingPoint


class Tax(Strict):
    """How PPh 21 falls on TPP.

    final: PP 80/2010 by golongan, with an explicit rate group for every PPPK golongan, or the stated `default`.
    ter: PMK 168/2023 on salary and TPP together, less the tax already on salary; the year's last month by
    Pasal 17. none: the treasurer computes it elsewhere. borne_by "region": an allowance equal to the tax on TPP and
    allowance together is added.
    """

    mode: Literal["final", "ter", "none"]
    article: Text
    of: Literal["tpp", "tpp_less_contributions"] = "tpp"
    pppk: dict[Text, Literal["I", "II", "III", "IV"]] | Literal["default"] | None = None
    borne_by: Literal["employee", "region"] = "employee"
    settlement: Literal["pasal17", "none"] = "none"


SipdColumn = Literal["iuran_pemberi_kerja", "jkk", "jkm", "tapera", "iuran_pensiun", "jht", "bpjs_1", "zakat", "bulog"]


class Contribution(Article):
    """A contribution. `scheme` takes rate and ceiling from the nation's dated table.

    floor: the least base of salary and TPP together, the regional minimum wage; else the table's.
    payer "employer" is added to gross and deducted again. consent: only with a dated consent of this kind, at the
    percentage that it says or else at `rate`. of: what it is a share of; pension_base is basic salary with family
    allowances. taxable: the employer's share counts as income. shown: calculated and printed, but no money moves.
    column: where SIPD's sheet has it, if not where its scheme belongs.
    """

    payer: Literal["employer", "employee"]
    scheme: Literal["bpjs_kesehatan", "jkk", "jkm", "iuran_pensiun", "jht", "tapera"] | None = None
    rate: Percent | None = None
    rupiah: Money | None = None
    floor: Money | None = None
    of: Literal["tpp", "tpp_after_tax", "salary", "gaji_pokok", "pension_base"] = "tpp"
    consent: Code | None = None
    taxable: Annotated[bool, Field(strict=True)] = False
    shown: Annotated[bool, Field(strict=True)] = False
    column: SipdColumn | None = None
    when: When | None = None


class PolicyDocument(Strict):
    """A region's rules, dated."""

    format: Literal["takar.policy/1"]
    region: Code
    name: Text
    effective_from: date
    effective_to: date | None = None
    legal_basis: LegalBasis
    classes: Annotated[tuple[KelasKey, ...], Field(min_length=1)]
    basic: dict[KelasKey, Money] | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=12)]
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=8)]
    proration: Proration
    entitlement: tuple[Entitlement, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    caps: tuple[Cap, ...] = ()
    limits: tuple[Limit, ...] = ()
    additions: tuple[Addition, ...] = ()
    withholding: tuple[Withholding, ...] = ()
    rounding: Rounding
    tax: Tax
    contributions: tuple[Contribution, ...] = ()
    runs: Runs | None = None
