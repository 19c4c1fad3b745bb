"""Contributions: BPJS, JKK, JKM, pension, Tapera, zakat, each with its base, rate and payer."""

from fractions import Fraction
from typing import Any, NamedTuple

from services.payroll.rules.conditions import applies
from services.payroll.rules.document import Contribution, PolicyDocument
from services.payroll.rules.facts import Consent, Facts
from services.payroll.rules.measures import text
from services.payroll.rules.national import contributions
from services.payroll.rules.settlement.months import by_month, for_other_months, without_contribution
from services.payroll.rules.settlement.sums import Settlement
from services.payroll.rules.statement import line_of, ordered
from shared.money import round_ratio

BPJS = "bpjs_kesehatan"
_OWN_COLUMNS = ("jkk", "jkm", "iuran_pensiun", "jht", "tapera")


class Owed(NamedTuple):
    """What a contribution comes to, and the numbers behind it."""

    amount: int
    inputs: dict[str, Any]


def contribute(to: Settlement, document: PolicyDocument, facts: Facts, rule: Contribution) -> None:
    """Add a contribution's lines: the employer's is added and taken again, the employee's is taken."""
    consent = consent_of(rule.consent, facts) if rule.consent else None
    if (rule.consent and consent is None) or not applies(rule.when, facts):
        return
    due, inputs = _owed(to, document, facts, rule, consent)
    inputs |= _named(rule, consent)
    if rule.shown:
        inputs["shown"] = str(due)
    inputs = ordered(inputs)
    if rule.shown:
        to.lines.append(line_of("contribution", 0, inputs, rule=rule.id, name=rule.name, article=rule.article))
        return
    if rule.payer == "employer":
        to.employer += due
        to.taxable_shares += due if rule.taxable else 0
        to.lines.append(line_of("contribution", due, inputs, rule=rule.id, name=rule.name, article=rule.article))
    else:
        due = to.affordable(due, rule.id)
        to.employee += due
    to.lines.append(line_of("contribution", -due, inputs, rule=rule.id, name=rule.name, article=rule.article))


def consent_of(kind: str, facts: Facts) -> Consent | None:
    """The consent of this kind in force on the period's last day; of several the one that began last."""
    held = [
        one
        for one in facts.consents
        if one.kind == kind and one.valid_from <= facts.end and (one.valid_to is None or one.valid_to >= facts.end)
    ]
    return max(held, key=lambda one: (one.valid_from, one.id), default=None)


def sipd_column(rule: Contribution) -> str | None:
    """The column of SIPD's sheet where a contribution belongs; None where it has none of its own."""
    if rule.column is not None or rule.scheme is None:
        return rule.column or ("zakat" if rule.consent == "zakat" else None)
    if rule.scheme == BPJS:
        return "iuran_pemberi_kerja" if rule.payer == "employer" else "bpjs_1"
    return rule.scheme if rule.payer == "employer" and rule.scheme in _OWN_COLUMNS else None


def _named(rule: Contribution, consent: Consent | None) -> dict[str, Any]:
    said: dict[str, Any] = {} if (column := sipd_column(rule)) is None else {"column": column}
    if rule.scheme is not None:
        said["scheme"] = rule.scheme
    if consent is not None:
        said["consent"] = consent.id
    return said


def _owed(to: Settlement, document: PolicyDocument, facts: Facts, rule: Contribution, consent: Consent | None) -> Owed:
    if rule.rupiah is not None:
        return Owed(rule.rupiah, {"payer": rule.payer})
    amount = _amount(to, facts, rule)
    if rule.scheme is not None:
        rate, base, limits = _by_scheme(to, facts, rule, amount)
    else:
        stated = consent.percent if consent else None
        rate, base, limits = rule.rate or Fraction(0) if stated is None else stated, amount, {}
    months = list(by_month(to, rule.scheme, rule)) if to.settled and rule.scheme and _shared(rule) else []
    over, under = base * rate.numerator, rate.denominator
    if months:
        exact = sum((one.base * one.rate for one in months), Fraction(over, under))
        over, under = exact.numerator, exact.denominator
    rounding = document.rounding.contributions
    due = round_ratio(over, under, rounding.unit, rounding.mode)
    if due < 0:
        to.warn("contribution-overpaid", rule=rule.id, amount=str(-due))
    said = {"base": str(base), "of": rule.of, "payer": rule.payer, "percent": text(rate)} | limits
    if months:
        said["months"] = [one.inputs for one in months]
    return Owed(max(0, due), said)


def _shared(rule: Contribution) -> bool:
    """Whether salary and TPP use one ceiling and floor together."""
    return rule.scheme == BPJS and rule.of in ("tpp", "tpp_after_tax")


def _amount(to: Settlement, facts: Facts, rule: Contribution) -> int:
    """The rupiah a contribution is a share of, before ceiling and floor."""
    salary = facts.salary
    own = to.payable
    if to.settled:
        own -= without_contribution(to) + (for_other_months(to) if _shared(rule) else 0)
    match rule.of:
        case "tpp":
            return max(0, own)
        case "tpp_after_tax":
            return max(0, own - max(0, to.tax) + max(0, to.tax_allowance))
        case "salary":
            return max(0, salary.gross)
        case "gaji_pokok":
            return max(0, salary.gaji_pokok)
        case "pension_base":
            return max(0, salary.pension_base)


def _by_scheme(to: Settlement, facts: Facts, rule: Contribution, amount: int) -> tuple[Fraction, int, dict[str, Any]]:
    """Rate and base by the nation's table. What salary and earlier runs used of ceiling and floor is used up."""
    found = contributions(to.book, rule.scheme) if rule.scheme else None
    if found is None:
        to.warn("contribution-table-missing", blocking=True, scheme=str(rule.scheme), on=facts.taxed_on.isoformat())
        return Fraction(0), 0, {}
    table, law = found
    to.uses(table)
    shared = _shared(rule)
    used = max(0, facts.salary.bpjs_base) + max(0, facts.earlier.bpjs_base) if shared else 0
    floor = law.floor if rule.floor is None else rule.floor
    base = max(amount, floor - used) if amount else 0
    limits: dict[str, Any] = {}
    if law.ceiling is not None:
        base = min(base, max(0, law.ceiling - used))
        limits = {"ceiling": str(law.ceiling)}
    if shared:
        limits["used_on_salary"] = str(used)
    if floor:
        limits["floor"] = str(floor)
    return law.employer if rule.payer == "employer" else law.employee, base, limits
