"""The oracle's third part, from TPP to the net amount: withheld, released, corrected, contributions, tax, debts."""

from fractions import Fraction
from math import floor

from tests.payroll.slow_amounts import rounded
from tests.payroll.slow_cuts import applies, cut_value, exempted, instalment, month_number, percent, quantity, selected
from tests.payroll.slow_tpp import CATEGORY, FINAL, LAYERS, PPPK, PTKP, TER

CEILING = 12_000_000
BPJS = {"employer": "4 %", "employee": "1 %"}


class _Purse:
    """What is paid, and what can still be taken of it."""

    def __init__(self, payable, corrections):
        self.corrections = corrections
        self.payable, self.employer, self.employee, self.taxable = payable, 0, 0, 0
        self.tax, self.allowance, self.recovered, self.unrecovered = 0, 0, 0, 0

    @property
    def gross(self):
        return self.payable + self.employer + self.allowance

    @property
    def net(self):
        return self.gross - self.employer - self.employee - self.tax - self.recovered

    def take(self, amount):
        taken = min(amount, max(0, self.net))
        self.unrecovered += amount - taken
        return taken


def settled(document, facts, events, tpp, owed):
    """The amounts of a statement after its TPP; `owed` of instalments that it could not bear."""
    suspended = _suspended(document, facts, events, tpp)
    released = sum(one.amount for one in facts.carried) + _cleared(document, facts)
    corrections = _corrected(document, facts, tpp - suspended + released)
    corrected = sum(amount for _, amount in corrections)
    purse = _Purse(tpp - suspended + released + corrected, corrections)
    for rule in document["contributions"]:
        if rule["of"] != "tpp_after_tax":
            _contribute(document, facts, purse, rule)
    settles = _tax(document, facts, purse)
    for rule in document["contributions"]:
        if rule["of"] == "tpp_after_tax":
            _contribute(document, facts, purse, rule)
    _recover(document, facts, purse, settles)
    return {
        "suspended": suspended,
        "released": released,
        "corrected": corrected,
        "payable": purse.payable,
        "gross": purse.gross,
        "contributions": purse.employer + purse.employee,
        "tax": purse.tax,
        "tax_allowance": purse.allowance,
        "recovered": purse.recovered,
        "net": purse.net,
        "unrecovered": purse.unrecovered + owed,
    }


def _suspended(document, facts, events, tpp):
    """Where several hold, the one that holds longest takes first, until nothing is left."""
    held = 0
    long = [rule for rule in document["withholding"] if rule["until"] == "cleared"]
    later = [rule for rule in document["withholding"] if isinstance(rule["until"], dict)]
    later.sort(key=lambda rule: -rule["until"]["months"])
    for rule in [*long, *later, *(one for one in document["withholding"] if one["until"] == "next_month")]:
        free = any(
            f"rule:{rule['id']}" in one.covers and one.start <= facts.end and one.end >= facts.start
            for one in facts.exemptions
        )
        if free or not applies(rule.get("when"), facts):
            continue
        if (
            "measure" in rule
            and sum(quantity(one, selected(one, events)) for one in rule["measure"]) <= rule["more_than"]
        ):
            continue
        share = rounded(tpp * percent(rule["holds"]), 1, document["rounding"]["tpp"]["mode"])
        held += min(share, tpp - held)
    return held


def _cleared(document, facts):
    """What was held until a decision cleared it, if that came before it was forfeited."""
    terms = {rule["id"]: rule.get("forfeits_after_months") for rule in document["withholding"]}
    paid = 0
    for held in facts.held:
        year, month = map(int, held.period.split("-"))
        for one in facts.releases:
            fits = one.held == held.id if one.held else one.rule == held.rule
            age = month_number(one.on) - year * 12 - month
            if fits and one.on <= facts.end and age <= (terms.get(held.rule) or 10**6):
                paid += held.amount
                break
    return paid


def _corrected(document, facts, payable):
    """Too little of earlier months is paid whole; too much taken back as far as there is money and a share allows."""
    given = sum(max(0, one.amount) for one in facts.corrections)
    room = payable + given
    if "runs" in document:
        room = min(room, floor((payable + given) * percent(document["runs"]["recovery"]["at_most"])))
    settled = [(one, one.amount) for one in facts.corrections if one.amount >= 0]
    for one in sorted((one for one in facts.corrections if one.amount < 0), key=lambda one: (one.period, one.id)):
        taken = min(-one.amount, max(0, room))
        room -= taken
        settled.append((one, -taken))
    return sorted(settled, key=lambda pair: (pair[0].amount < 0, pair[0].period, pair[0].id))


def _contribute(document, facts, purse, rule):
    consents = [one for one in facts.consents if one.kind == rule.get("consent")]
    if ("consent" in rule and not consents) or not applies(rule.get("when"), facts) or rule.get("shown"):
        return
    point, salary = document["rounding"]["contributions"], facts.salary
    by_months = "scheme" in rule and rule["of"].startswith("tpp")
    own = purse.payable - sum(
        amount for one, amount in purse.corrections if not one.contributes or (by_months and one.bpjs_used is not None)
    )
    amount = {
        "tpp": max(0, own),
        "tpp_after_tax": max(0, own - max(0, purse.tax) + max(0, purse.allowance)),
        "salary": salary.gross,
        "gaji_pokok": salary.gaji_pokok,
        "pension_base": salary.pension_base,
    }[rule["of"]]
    if "rupiah" in rule:
        due = cut_value(rule["rupiah"])[1]
    else:
        rate = rule.get("rate")
        if "scheme" in rule:
            rate, amount = BPJS[rule["payer"]], _within(facts, rule, amount)
        elif consents and consents[0].percent is not None:
            rate = f"{consents[0].percent.numerator}/{consents[0].percent.denominator}"
        amount += _of_other_months(rule, purse) if by_months else 0
        due = max(0, rounded(amount * percent(rate), point["unit"], point["mode"]))
    if rule["payer"] == "employer":
        purse.employer += due
        purse.taxable += due if rule.get("taxable") else 0
    else:
        purse.employee += purse.take(due)


def _of_other_months(rule, purse):
    """By how much the corrections change the bases of their own months, each within that month's floor and ceiling."""

    def base(whole):
        return min(max(whole, cut_value(rule["floor"])[1] if "floor" in rule else 0) if whole > 0 else 0, CEILING)

    used, changed = {}, 0
    for one, amount in purse.corrections:
        if one.contributes and one.bpjs_used is not None:
            before = used.get(one.period, 0) + max(0, one.bpjs_used)
            changed += base(before + amount) - base(before)
            used[one.period] = used.get(one.period, 0) + amount
    return changed


def _within(facts, rule, amount):
    """Between the floor and the ceiling, less what salary and earlier runs used of them."""
    used = facts.salary.bpjs_base + facts.earlier.bpjs_base if rule["of"].startswith("tpp") else 0
    least = cut_value(rule["floor"])[1] - used if "floor" in rule else 0
    return min(max(amount, least) if amount else 0, max(0, CEILING - used))


def _tax(document, facts, purse):
    """Take or give back the tax; whether the year was settled."""
    rule, point = document["tax"], document["rounding"]["tax"]
    year = facts.tax_year if rule.get("settlement") == "pasal17" else None
    base = purse.payable + purse.taxable - (purse.employee if rule.get("of") == "tpp_less_contributions" else 0)
    if rule["mode"] == "none":
        return False

    def due(allowance):
        if rule["mode"] == "final":
            return rounded((base + allowance) * _final_rate(facts.employee), point["unit"], point["mode"])
        if year is None:
            pay = facts.salary.gross + facts.earlier.gross + base + allowance
            taken = facts.salary.tax + facts.earlier.tax
            return max(0, rounded(pay * _ter(facts, pay), point["unit"], point["mode"]) - taken)
        back = year.tpp_tax_before + facts.earlier.tax
        back = min(back, max(0, purse.payable)) if "borne_by" in rule else back
        taken = year.tax_before + facts.salary.tax + facts.earlier.tax
        whole = rounded(_year(facts, base + allowance), point["unit"], point["mode"])
        return max(-back, whole - taken)

    allowance = 0
    while "borne_by" in rule and due(allowance) != allowance:
        allowance = due(allowance)
    purse.allowance = allowance
    purse.tax = purse.take(due(allowance))
    return year is not None


def _final_rate(employee):
    table = PPPK if employee.status_asn.startswith("PPPK") else FINAL
    return Fraction(table[employee.golongan.split("/")[0]], 100)


def _ter(facts, pay):
    for row in TER[CATEGORY[facts.employee.ptkp]].split():
        top, rate = row.split(":")
        if pay <= int(top) * 1000:
            return Fraction(rate) / 100
    return Fraction(34, 100)


def _year(facts, pay):
    """Pasal 17 on the year, layer by layer."""
    year, salary = facts.tax_year, facts.salary
    gross = year.gross_before + salary.gross + facts.earlier.gross + pay
    rest = gross - min(Fraction(gross, 20), 500_000 * year.months) - year.pension - salary.pension
    taxable = max(0, floor((rest - year.zakat - salary.zakat - PTKP[facts.employee.ptkp] * 1000) / 1000))
    tax, below = Fraction(0), 0
    for top, rate in LAYERS:
        tax += Fraction(max(0, min(taxable, top) - below) * 1000 * rate, 100)
        below = top
    return tax


def _recover(document, facts, purse, settles):
    """Debts and unpaid tax of earlier months, and instalments that no deduction took before tax."""
    kinds = {
        kind
        for rule in document["deductions"]
        for one in rule["measure"]
        if one["event"] == "instalment"
        for kind in one["kinds"]
    }
    owed = [(one.id, one.amount, one.kind) for one in facts.recoveries]
    for one in facts.instalments:
        if one.kind not in kinds and not exempted("instalment", facts.start, facts) and instalment(one, facts):
            owed.append((one.id, instalment(one, facts), "debt"))
    for _, amount, kind in sorted(owed):
        if kind == "tax":
            purse.tax += purse.take(0 if settles else amount)
        else:
            purse.recovered += purse.take(amount)
