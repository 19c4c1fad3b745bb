"""A month in several positions: which share of the period each segment's position pays."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from services.payroll.rules.document import Proration
from services.payroll.rules.facts import Facts, Segment

NONE = Fraction(0)
ALL = Fraction(1)


def weighed(proration: Proration, facts: Facts) -> list[tuple[Segment, Fraction]]:
    """Every segment by date, with the share of the period that is paid by its position."""
    if len(facts.segments) == 1 and proration.by == "workdays" and facts.workdays:
        return [(facts.segments[0], share(facts.segments[0].workdays, facts.workdays))]
    segments = sorted(facts.segments, key=lambda segment: (segment.start, segment.end))
    least = proration.minimum_workdays
    counted = segments if least is None else _long_enough(segments, least)
    chosen: Segment | None
    match proration.by:
        case "workdays" if facts.workdays:
            return _shared(segments, counted, [segment.workdays for segment in segments], facts.workdays)
        case "calendar_days":
            days = [_days(segment, facts) for segment in segments]
            return _shared(segments, counted, days, (facts.end - facts.start).days + 1)
        case "workdays":
            chosen = counted[0]
        case "first_day":
            chosen = counted[0] if segments[0].start <= facts.start else None
        case "last_day":
            chosen = counted[-1] if segments[-1].end >= facts.end else None
        case "longest":
            chosen = max(segments, key=lambda segment: _days(segment, facts))
    return [(segment, ALL if segment is chosen else NONE) for segment in segments]


def _long_enough(segments: Sequence[Segment], least: int) -> list[Segment]:
    """For each segment the one whose position counts: itself, or the one before it, the first the one after."""
    found = list[Segment]()
    for at, segment in enumerate(segments):
        if segment.workdays >= least:
            found.append(segment)
        elif found:
            found.append(found[-1])
        else:
            found.append(next((later for later in segments[at:] if later.workdays >= least), segment))
    return found


def _shared(
    segments: Sequence[Segment], counted: Sequence[Segment], days: Sequence[int], whole: int
) -> list[tuple[Segment, Fraction]]:
    return [
        (segment, share(sum(own for own, one in zip(days, counted, strict=True) if one is segment), whole))
        for segment in segments
    ]


def share(days: int, whole: int) -> Fraction:
    """At most all of it."""
    return ALL if days >= whole else Fraction(days, whole)


def _days(segment: Segment, facts: Facts) -> int:
    first, last = max(segment.start, facts.start), min(segment.end, facts.end)
    return max(0, (last - first + timedelta(days=1)).days)
