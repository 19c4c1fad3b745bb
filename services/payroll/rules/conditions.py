"""To whom a rule applies."""

from services.payroll.rules.document import When
from services.payroll.rules.facts import Facts, Segment


def months_since(start_year: int, start_month: int, year: int, month: int) -> int:
    """Whole calendar months from one month to another."""
    return (year - start_year) * 12 + month - start_month


def applies(when: When | None, facts: Facts, segment: Segment | None = None) -> bool:
    """Whether all conditions hold, in the segment given or in any of the period's."""
    if when is None:
        return True
    if when.about_person and not _employee(when, facts):
        return False
    if not when.about_post:
        return True
    if segment is not None:
        return _segment(when, facts, segment)
    return any([_segment(when, facts, one) for one in facts.segments])


def _employee(when: When, facts: Facts) -> bool:
    employee = facts.employee
    if when.status_asn is not None and employee.status_asn not in when.status_asn:
        return False
    if when.golongan is not None and employee.golongan not in when.golongan:
        return False
    if when.supervisor is not None and employee.is_supervisor is not when.supervisor:
        return False
    if when.months is not None and facts.start.month not in when.months:
        return False
    if when.appointed_months_below is not None:
        since = employee.appointed_on
        return (
            since is not None
            and months_since(since.year, since.month, facts.end.year, facts.end.month) - (facts.end.day < since.day)
            < when.appointed_months_below
        )
    return True


def _segment(when: When, facts: Facts, segment: Segment) -> bool:
    return (
        (when.kelas is None or segment.kelas in when.kelas)
        and (when.unit is None or segment.unit in when.unit)
        and (when.position is None or segment.position in when.position)
        and (when.flags is None or _flagged(when.flags, facts, segment))
        and (when.without_flags is None or not _flagged(when.without_flags, facts, segment))
        and (not when.attributes or _described(when, facts, segment))
    )


def _flagged(flags: tuple[str, ...], facts: Facts, segment: Segment) -> bool:
    return any(flag in facts.employee.flags or flag in segment.flags for flag in flags)


def _described(when: When, facts: Facts, segment: Segment) -> bool:
    attributes = facts.employee.attributes | segment.attributes
    return all(attributes.get(name) in values for name, values in when.attributes.items())
