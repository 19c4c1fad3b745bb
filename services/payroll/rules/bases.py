"""The full amount of each criterion: class tables, segments of the month, entitlement, acting at the base."""

from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from services.payroll.rules.conditions import applies, months_since
from services.payroll.rules.document import Addition, Base, Criterion, PolicyDocument
from services.payroll.rules.facts import Acting, Facts, Segment
from services.payroll.rules.measures import text
from services.payroll.rules.positions import ALL, NONE, share, weighed
from services.payroll.rules.statement import Line, Warned, line_of, ordered
from services.payroll.rules.warned import warned
from shared.money import round_to


class Bases(NamedTuple):
    """Exact rupiah per criterion, in the document's order, with their lines.

    of_segments: of each criterion, what each segment (by date) brings, without additions.
    """

    amounts: list[Fraction]
    lines: list[Line]
    warnings: list[Warned]
    of_segments: list[list[Fraction]]


def full_bases(document: PolicyDocument, facts: Facts) -> Bases:
    """What each criterion would pay before performance and deductions."""
    weighed_segments = weighed(document.proration, facts)
    factors = [_entitled(document, facts, segment) for segment, _ in weighed_segments]
    found = Bases([], [], [], [])
    instead, rounding = _instead(document, facts), document.proration.rounding
    for criterion in document.criteria:
        shown: list[dict[str, Any]] = []
        parts = list[Fraction]()
        for (segment, weight), (factor, reasons) in zip(weighed_segments, factors, strict=True):
            acted = instead[1] if instead and instead[0].criterion in (None, criterion.code) else None
            known = _of_segment(document, criterion, facts, segment, acted)
            if known is None and weight * factor:
                found.warnings.append(_no_base(criterion, (acted or segment).kelas))
            whole = known or NONE
            part = whole if weight is ALL and factor is ALL else whole * weight * factor
            if rounding and weight is not ALL:
                part = Fraction(round_to(part, rounding.unit, rounding.mode))
            parts.append(part)
            shown.append(_segment_inputs(segment, whole, weight, factor, reasons))
        inputs: dict[str, Any] = {"segments": shown}
        if instead:
            inputs["acted_instead"] = instead[1].id
        amount = parts[0] if len(parts) == 1 else sum(parts, NONE)
        found.amounts.append(amount)
        found.of_segments.append(parts)
        found.lines.append(
            _base_line(amount, inputs, rule=criterion.code, name=criterion.name, article=criterion.article)
        )
    _add_at_base(document, facts, found)
    return found


def _base_line(amount: Fraction, inputs: dict[str, Any], *, rule: str, name: str, article: str) -> Line:
    """The base to the nearest rupiah; `exact` keeps what the parts are taken of, where that is a fraction."""
    if amount.denominator == 1:
        said = inputs if len(inputs) == 1 else ordered(inputs)
        return line_of("base", amount.numerator, said, rule=rule, name=name, article=article)
    inputs["exact"] = _shown(amount)
    whole = round_to(amount, 1, "half_up")
    return line_of("base", whole, ordered(inputs), rule=rule, name=name, article=article)


def _shown(amount: Fraction) -> str:
    return str(amount.numerator) if amount.denominator == 1 else f"{amount.numerator}/{amount.denominator}"


def _segment_inputs(
    segment: Segment, whole: Fraction, weight: Fraction, factor: Fraction, reasons: list[str]
) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    if reasons:
        inputs = {"entitlement": reasons, "factor": text(factor)}
    if weight is ALL:
        return inputs | {"full": _shown(whole), "kelas": segment.kelas}
    inputs |= {"end": segment.end.isoformat(), "full": _shown(whole), "kelas": segment.kelas}
    inputs |= {"start": segment.start.isoformat(), "weight": text(weight), "workdays": segment.workdays}
    return ordered(inputs)


def _entitled(document: PolicyDocument, facts: Facts, segment: Segment) -> tuple[Fraction, list[str]]:
    factor, reasons = ALL, list[str]()
    for rule in document.entitlement:
        if applies(rule.when, facts, segment):
            factor = factor * rule.pays
            reasons.append(rule.id)
    return factor, reasons


def _of_segment(
    document: PolicyDocument,
    criterion: Criterion,
    facts: Facts,
    segment: Segment,
    acted: Acting | None,
) -> Fraction | None:
    """The criterion's full base in a segment, or in the post acted instead; None when it is not known."""
    if not applies(criterion.when, facts, segment):
        return NONE
    base = criterion.base
    if criterion.variants:
        base = next((one.base for one in criterion.variants if applies(one.when, facts, segment)), base)
    post = acted or segment
    return base_amount(document, base, post.kelas, post.nilai_jabatan, facts)


def _no_base(criterion: Criterion, kelas: int) -> Warned:
    return warned("base-missing", blocking=True, criterion=criterion.code, kelas=str(kelas))


def base_amount(
    document: PolicyDocument, base: Base, kelas: int, nilai_jabatan: int | None, facts: Facts
) -> Fraction | None:
    """The base of one post; None where the table, the point value or the salary is not known."""
    if base.by_class is not None:
        amount = base.by_class.get(kelas)
        return None if amount is None else whole_rupiah(amount)
    if base.percent_of_basic is not None:
        given = base.percent_of_basic
        part = given.get(kelas) if isinstance(given, dict) else given
        basic = (document.basic or {}).get(kelas)
        return None if part is None or basic is None else part * basic
    if base.stated is not None:
        stated = facts.amounts.get(base.stated)
        return None if stated is None else Fraction(max(0, stated))
    if base.rupiah_per_point is not None:
        return None if nilai_jabatan is None else Fraction(base.rupiah_per_point * nilai_jabatan)
    times = (base.gaji_pokok_times or {}).get(kelas)
    return None if times is None else times * max(0, facts.salary.gaji_pokok)


@lru_cache(maxsize=1024)  # of a table's few amounts, one a class
def whole_rupiah(amount: int) -> Fraction:
    """The amount as an exact number."""
    return Fraction(amount)


def acting_for(rule: Addition, facts: Facts) -> Acting | None:
    """The acting post that meets a rule's capacity, level and least workdays; the longest held counts."""
    fitting = [
        one
        for one in facts.acting
        if rule.acting
        and one.capacity in rule.acting
        and rule.level in (None, one.level)
        and one.workdays >= rule.minimum_workdays
        and (rule.minimum_months is None or _whole_months(one, facts) >= rule.minimum_months)
    ]
    return max(fitting, key=lambda one: (one.workdays, one.kelas, one.id), default=None)


def _whole_months(acting: Acting, facts: Facts) -> int:
    """Whole months held by the end of the period; none where nobody says since when."""
    since, after = acting.since, facts.end + timedelta(days=1)
    if since is None:
        return 0
    return months_since(since.year, since.month, after.year, after.month) - (after.day < since.day)


def due(rule: Addition, facts: Facts) -> tuple[bool, Acting | None]:
    """Whether an addition is due, and for which acting post."""
    if not applies(rule.when, facts):
        return False, None
    if rule.acting is None:
        return True, None
    acting = acting_for(rule, facts)
    return acting is not None, acting


def acted_base(document: PolicyDocument, rule: Addition, acting: Acting, facts: Facts) -> Fraction:
    """The acted post's full base over the rule's criterion, or over all."""
    bases = [
        base_amount(document, criterion.base, acting.kelas, acting.nilai_jabatan, facts)
        for criterion in document.criteria
        if rule.criterion in (None, criterion.code)
    ]
    return sum((amount or NONE for amount in bases), NONE)


def _instead(document: PolicyDocument, facts: Facts) -> tuple[Addition, Acting] | None:
    for rule in document.additions:
        if rule.acted_instead:
            holds, acting = due(rule, facts)
            if holds and acting:
                return rule, acting
    return None


def added_amount(
    document: PolicyDocument, rule: Addition, acting: Acting | None, facts: Facts, own: Fraction
) -> Fraction:
    """What an addition gives, exact; `own` is the employee's own base that it looks at."""
    if rule.acted_share is not None and acting is not None:
        whole = rule.acted_share * acted_base(document, rule, acting, facts)
    elif rule.base_share is not None:
        whole = rule.base_share * own
    else:
        whole = Fraction(rule.rupiah or 0)
    if rule.prorated and acting is not None:
        return whole * share(acting.workdays, facts.workdays) if facts.workdays else NONE
    return whole


def _add_at_base(document: PolicyDocument, facts: Facts, found: Bases) -> None:
    codes = [criterion.code for criterion in document.criteria]
    for rule in document.additions:
        if rule.at != "base" or rule.acted_instead or not any(found.amounts):
            continue
        holds, acting = due(rule, facts)
        if not holds:
            continue
        at = codes.index(rule.criterion) if rule.criterion in codes else 0
        own = found.amounts[at] if rule.criterion else sum(found.amounts, NONE)
        amount = added_amount(document, rule, acting, facts, own)
        found.amounts[at] += amount
        inputs = {"criterion": codes[at]} | addition_inputs(rule, acting)
        found.lines.append(_base_line(amount, inputs, rule=rule.id, name=rule.name, article=rule.article))


def addition_inputs(rule: Addition, acting: Acting | None) -> dict[str, Any]:
    """The numbers behind an addition."""
    inputs: dict[str, Any] = {}
    if acting is not None:
        inputs = {"acting": acting.id, "kelas": acting.kelas, "workdays": acting.workdays}
    if rule.prorated:
        inputs["prorated"] = True
    percent = rule.acted_share if rule.acted_share is not None else rule.base_share
    return inputs if percent is None else inputs | {"percent": text(percent)}
