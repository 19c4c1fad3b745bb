"""From TPP to what reaches the bank: withholding, contributions, tax, recoveries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from services.payroll.rules import national
from services.payroll.rules.conditions import applies
from services.payroll.rules.corrections import corrected
from services.payroll.rules.document import Contribution, PolicyDocument
from services.payroll.rules.facts import Facts, Recovery
from services.payroll.rules.instalments import from_net
from services.payroll.rules.measures import text
from services.payroll.rules.occurrences import Occurrences
from services.payroll.rules.statement import Line, Warned, line_of, ordered, warned
from services.payroll.rules.withholding import withhold
from shared.money import round_ratio, round_to

THOUSAND = 1000
GROUPS = ("I", "II", "III", "IV")


@dataclass(slots=True)
class Settlement:
    """Sums in whole rupiah, growing as each step is taken."""

    tpp: int
    lines: list[Line] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    suspended: int = 0
    suspended_until: str | None = None
    released: int = 0
    corrected: int = 0
    employer: int = 0
    employee: int = 0
    tax: int = 0
    tax_allowance: int = 0
    recovered: int = 0
    unrecovered: int = 0

    @property
    def payable(self) -> int:
        return self.tpp - self.suspended + self.released + self.corrected

    @property
    def gross(self) -> int:
        return self.payable + self.employer + self.tax_allowance

    @property
    def deductions(self) -> int:
        return self.employer + self.employee + self.tax + self.recovered


def settle(document: PolicyDocument, facts: Facts, found: Occurrences, tpp: int) -> Settlement:
    """Everything between TPP and the net amount, which is never below zero."""
    to = Settlement(tpp)
    payment = facts.payment
    if payment is None:
        held = withhold(document, facts, found, tpp)
        to.suspended, to.suspended_until, to.released = held.suspended, held.until, held.released
        to.lines += held.lines
    if facts.corrections:
        _correct(to, document, facts)
    contributions = document.contributions if payment is None or payment.contributions else ()
    for rule in contributions:
        if rule.of == "tpp":
            _contribute(to, document, facts, rule, to.payable)
    _tax(to, document, facts)
    for rule in contributions:
        if rule.of == "tpp_after_tax":
            _contribute(to, document, facts, rule, max(0, to.payable - to.tax + to.tax_allowance))
    _recover(to, facts, from_net(document, facts))
    return to


def _correct(to: Settlement, document: PolicyDocument, facts: Facts) -> None:
    """Differences of earlier months: they are taxed, as rapel is, with the month in which they are paid."""
    done = corrected(facts.corrections, to.payable, document.runs.recovery if document.runs else None)
    to.corrected = done.amount
    to.lines += done.lines
    to.warnings += done.warnings


def _contribute(to: Settlement, document: PolicyDocument, facts: Facts, rule: Contribution, amount: int) -> None:
    if (rule.consent and not _consents(rule.consent, facts)) or not applies(rule.when, facts):
        return
    if rule.rupiah is not None:
        due, inputs = rule.rupiah, {"payer": rule.payer}
    else:
        rate, base, limits = _rate_and_base(to, facts, rule, amount)
        rounding = document.rounding.contributions
        due = round_ratio(base * rate.numerator, rate.denominator, rounding.unit, rounding.mode)
        inputs = ordered({"base": str(base), "payer": rule.payer, "percent": text(rate)} | limits)
    if rule.payer == "employer":
        to.employer += due
        to.lines.append(line_of("contribution", due, inputs, rule=rule.id, name=rule.name, article=rule.article))
    else:
        due = _affordable(to, due, rule.id)
        to.employee += due
    to.lines.append(line_of("contribution", -due, inputs, rule=rule.id, name=rule.name, article=rule.article))


def _consents(flag: str, facts: Facts) -> bool:
    return flag in facts.employee.flags or any(flag in one.flags for one in facts.segments)


def _rate_and_base(
    to: Settlement, facts: Facts, rule: Contribution, amount: int
) -> tuple[Fraction, int, dict[str, Any]]:
    if rule.scheme is None:
        return rule.rate or Fraction(0), amount, {}
    table = national.bpjs_kesehatan(facts.taxed_on)
    if table is None:
        message = f"no BPJS Kesehatan table for {facts.start}: nothing is taken"
        to.warnings.append(warned("bpjs-table-missing", message, blocking=True))
        return Fraction(0), 0, {}
    used = max(0, facts.salary.bpjs_base)
    floor = table.floor if rule.floor is None else rule.floor
    base = min(max(amount, floor - used), max(0, table.ceiling - used)) if amount else 0
    rate = table.employer if rule.payer == "employer" else table.employee
    return rate, base, {"ceiling": str(table.ceiling), "used_on_salary": str(used)}


def _affordable(to: Settlement, amount: int, what: str) -> int:
    """At most what is left of the net amount; the rest is carried and shown."""
    left = max(0, to.gross - to.deductions)
    if amount <= left:
        return amount
    to.unrecovered += amount - left
    message = f"{what}: Rp {amount - left} could not be taken and is carried to the next period"
    to.warnings.append(warned("carried-forward", message))
    return left


def _tax(to: Settlement, document: PolicyDocument, facts: Facts) -> None:
    rule = document.tax
    if rule.mode == "none":
        return
    computed = _final_tax(to, document, facts) if rule.mode == "final" else _ter_tax(to, document, facts)
    if computed is None:
        return
    amount, inputs = computed
    borne_by = (facts.payment.tax_borne_by if facts.payment else None) or rule.borne_by
    if borne_by == "region":
        to.tax_allowance = amount
        to.lines.append(
            line_of("tax_allowance", amount, ordered(inputs), rule="tax", name="Tunjangan PPh 21", article=rule.article)
        )
    to.tax = _affordable(to, amount, "PPh 21")
    inputs = ordered(inputs | {"mode": rule.mode})
    to.lines.append(line_of("tax", -to.tax, inputs, rule="tax", name="PPh 21", article=rule.article))


def golongan_group(document: PolicyDocument, facts: Facts) -> str | None:
    """The group I to IV by which final tax is taken; PPPK only by the policy's own mapping."""
    employee = facts.employee
    if employee.status_asn in ("PPPK", "PPPK_PARUH_WAKTU"):
        return (document.tax.pppk or {}).get(employee.golongan)
    group = employee.golongan.split("/")[0]
    return group if group in GROUPS else None


def _final_tax(to: Settlement, document: PolicyDocument, facts: Facts) -> tuple[int, dict[str, Any]] | None:
    """PP 80/2010: a rate on TPP by golongan."""
    table, group = national.final_rates(facts.taxed_on), golongan_group(document, facts)
    if table is None or group is None:
        message = f"golongan {facts.employee.golongan!r} of a {facts.employee.status_asn} has no final tax rate"
        to.warnings.append(warned("tax-rate-missing", message, blocking=True))
        return None
    rate = table.rates[group]
    base = to.payable - (to.employee if document.tax.of == "tpp_less_contributions" else 0)
    rounding = document.rounding.tax
    amount = round_ratio(base * rate.numerator, rate.denominator, rounding.unit, rounding.mode)
    return amount, {"base": str(base), "golongan": group, "percent": text(rate)}


def _ter_tax(to: Settlement, document: PolicyDocument, facts: Facts) -> tuple[int, dict[str, Any]] | None:
    """PMK 168/2023: the month's rate on salary and TPP together, less the tax already on salary."""
    if document.tax.settlement == "pasal17":
        if facts.tax_year is not None:
            return _year_tax(to, document, facts)
        if facts.taxed_on.month == 12:
            message = "the year's gross and tax are not known: TER used instead of Pasal 17"
            to.warnings.append(warned("tax-year-missing", message, blocking=True))
    ter = national.ter(facts.taxed_on, facts.employee.ptkp)
    if ter is None:
        message = f"PTKP status {facts.employee.ptkp!r} is not in the tax table of {facts.start}"
        to.warnings.append(warned("ptkp-unknown", message, blocking=True))
        return None
    base = to.payable - (to.employee if document.tax.of == "tpp_less_contributions" else 0)
    gross, rounding = facts.salary.gross + base, document.rounding.tax
    whole, rate = ter.tax(gross, rounding.unit, rounding.mode)
    amount = max(0, whole - facts.salary.tax)
    inputs = {
        "salary": str(facts.salary.gross),
        "base": str(base),
        "gross": str(gross),
        "ptkp": facts.employee.ptkp,
        "percent": text(rate),
        "tax_on_gross": str(whole),
        "tax_on_salary": str(facts.salary.tax),
    }
    return amount, inputs


def _year_tax(to: Settlement, document: PolicyDocument, facts: Facts) -> tuple[int, dict[str, Any]] | None:
    """Pasal 17 on the year, less what was taken from January on."""
    year, tables = facts.tax_year, national.tax_tables(facts.taxed_on)
    if year is None or tables is None or facts.employee.ptkp not in tables.ptkp:
        message = f"PTKP status {facts.employee.ptkp!r} is not in the tax table of {facts.start}"
        to.warnings.append(warned("ptkp-unknown", message, blocking=True))
        return None
    gross = year.gross_before + facts.salary.gross + to.payable
    cost = min(gross * tables.biaya_jabatan, Fraction(tables.biaya_jabatan_monthly_limit * year.months))
    ptkp = tables.ptkp[facts.employee.ptkp]
    taxable = max(0, int((gross - cost - year.pension - ptkp) // THOUSAND * THOUSAND))
    rounding = document.rounding.tax
    whole = round_to(national.pasal17(facts.taxed_on, taxable), rounding.unit, rounding.mode)
    inputs = {
        "year_gross": str(gross),
        "ptkp": str(ptkp),
        "taxable": str(taxable),
        "year_tax": str(whole),
        "tax_before": str(year.tax_before),
        "tax_on_salary": str(facts.salary.tax),
    }
    return max(0, whole - year.tax_before - facts.salary.tax), inputs


def _recover(to: Settlement, facts: Facts, instalments: Iterable[Recovery]) -> None:
    for one in sorted((*facts.recoveries, *instalments), key=lambda one: one.id):
        taken = _affordable(to, max(0, one.amount), one.cause)
        to.recovered += taken
        to.lines.append(line_of("recovery", -taken, {"owed": str(one.amount)}, rule=one.id, name=one.cause))
