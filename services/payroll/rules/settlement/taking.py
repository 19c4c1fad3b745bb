"""PPh 21: which tax a policy means, who bears it, and what of it is taken or given back."""

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts, TaxYear
from services.payroll.rules.national import final_tax, income_tax
from services.payroll.rules.settlement.dues import Due, Law, final_due, golongan_group, gross_up, ter_due, year_due
from services.payroll.rules.settlement.sums import Settlement
from services.payroll.rules.statement import line_of, ordered

DECEMBER = 12
PENSIONED = ("CPNS", "PNS")


def take_tax(to: Settlement, document: PolicyDocument, facts: Facts) -> None:
    """Take the tax, or give back what was too much; where the region bears it, add the allowance for it first."""
    rule = document.tax
    base = to.payable + to.taxable_shares - (to.employee if rule.of == "tpp_less_contributions" else 0)
    if rule.mode != "final":
        to.taxable = base
    due = _due(to, document, facts, base) if rule.mode != "none" else None
    if due is None:
        return
    borne = borne_by_region(document, facts)
    allowance = gross_up(due) if borne else 0
    amount, inputs = due.tax(allowance), due.inputs(allowance) | {"mode": rule.mode}
    if beyond := due.beyond(allowance):
        to.warn("tax-over-withheld", amount=str(beyond))
    if borne:
        inputs["allowance"] = str(allowance)
        to.tax_allowance = allowance
        name = "Tunjangan PPh 21"
        to.lines.append(
            line_of("tax_allowance", allowance, ordered(inputs), rule="tax", name=name, article=rule.article)
        )
    to.tax = _taken(to, amount, final=rule.mode == "final")
    if rule.mode != "final":
        to.taxable += allowance
        to.year_tax = to.tax
    to.lines.append(line_of("tax", -to.tax, ordered(inputs), rule="tax", name="PPh 21", article=rule.article))


def borne_by_region(document: PolicyDocument, facts: Facts) -> bool:
    """Whether the region bears the tax, by what grants this kind of payment or else by the policy."""
    return ((facts.payment.tax_borne_by if facts.payment else None) or document.tax.borne_by) == "region"


def _taken(to: Settlement, amount: int, *, final: bool) -> int:
    taken = to.affordable(amount, "PPh 21")
    if not final:
        to.unrecovered_tax += amount - taken
    return taken


def _due(to: Settlement, document: PolicyDocument, facts: Facts, base: int) -> Due | None:
    if document.tax.mode == "final":
        return _final(to, document, facts, base)
    if document.tax.settlement == "pasal17":
        if facts.tax_year is not None:
            return _year(to, document, facts, base, facts.tax_year)
        if facts.taxed_on.month == DECEMBER:
            to.warn("tax-year-missing", blocking=True)
    return _ter(to, document, facts, base)


def _final(to: Settlement, document: PolicyDocument, facts: Facts, base: int) -> Due | None:
    held = final_tax(to.book)
    group = golongan_group(document, facts, held[1]) if held else None
    if held is None or group is None:
        employee = facts.employee
        to.warn("tax-rate-missing", blocking=True, golongan=employee.golongan, status_asn=employee.status_asn)
        return None
    table, law = held
    to.uses(table)
    return final_due(document, facts, base, group=group, rate=law.rates[group])


def _ter(to: Settlement, document: PolicyDocument, facts: Facts, base: int) -> Due | None:
    held = income_tax(to.book)
    if held is None or facts.employee.ptkp not in held[1].category:
        _unknown_ptkp(to, facts)
        return None
    table, law = held
    to.uses(table)
    if not facts.salary.gross:
        to.warn("salary-unknown")
    return ter_due(document, facts, base, table.ter[law.category[facts.employee.ptkp]])


def _year(to: Settlement, document: PolicyDocument, facts: Facts, base: int, year: TaxYear) -> Due | None:
    held = income_tax(to.book)
    if held is None or facts.employee.ptkp not in held[1].ptkp:
        _unknown_ptkp(to, facts)
        return None
    table, law = held
    to.uses(table)
    to.settled_year = True
    if year.missing:
        to.warn("tax-year-missing", blocking=True, months=", ".join(year.missing))
    if facts.employee.status_asn in PENSIONED and not year.pension + facts.salary.pension:
        to.warn("pension-unknown")
    refundable = max(0, year.tpp_tax_before) + max(0, facts.earlier.tax)
    if borne_by_region(document, facts):
        refundable = min(refundable, max(0, to.payable))
    return year_due(document, facts, base, year, by=Law(table, law), floor=-refundable)


def _unknown_ptkp(to: Settlement, facts: Facts) -> None:
    to.warn("ptkp-unknown", blocking=True, ptkp=facts.employee.ptkp, on=facts.taxed_on.isoformat())
