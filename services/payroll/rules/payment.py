"""A share of a month's TPP, as THR, TPP-13 and terusan pay it; the line says by what article."""

from services.payroll.rules.allowance import Allowance
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Payment
from services.payroll.rules.statement import line_of
from shared.money import percent_text, round_ratio, split


def paid_share(document: PolicyDocument, earned: Allowance, payment: Payment) -> Allowance:
    """The share of what was earned, and of each criterion, rounded as TPP is; the lines still add up to TPP."""
    share, rounding = payment.share, document.rounding.tpp
    tpp = round_ratio(earned.tpp * share.numerator, share.denominator, rounding.unit, rounding.mode)
    criteria = dict(zip(earned.criteria, split(tpp, list(earned.criteria.values())), strict=True))
    inputs = {
        "paid_in": payment.period,
        "percent": percent_text(share.numerator, share.denominator),
        "tpp": str(earned.tpp),
    }
    line = line_of("share", tpp - earned.tpp, inputs, rule=payment.rule, name=payment.name, article=payment.article)
    return Allowance(tpp, criteria, earned.results, [*earned.lines, line], earned.warnings)


def nothing(document: PolicyDocument) -> Allowance:
    """No TPP of the month itself: a run of kind kekurangan pays corrections alone."""
    return Allowance(0, {criterion.code: 0 for criterion in document.criteria}, [], [], [])
