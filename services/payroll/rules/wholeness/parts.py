"""Parts: weights that total 100 %, each filled by exactly one thing, measures that cover every case."""

from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

from services.payroll.rules.document import Measure, Part, PolicyDocument
from services.payroll.rules.document.earnings import (
    Attendance,
    Blend,
    ByPredikat,
    ByRating,
    Full,
    Minutes,
    Reports,
    Score,
    Staff,
)
from services.payroll.rules.facts import Expectation, Predikat, PredikatMissing
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.report import Report
from shared.money import percent_text

APPRAISED = ("hasil", "perilaku")


def inspect(document: PolicyDocument, report: Report) -> None:
    """The common parts, and those of criteria with parts of their own."""
    _parts(document.parts, ("parts",), report)
    _unique_leaves(document.parts, ("parts",), report)
    for at, criterion in enumerate(document.criteria):
        if criterion.parts is not None:
            _parts(criterion.parts, ("criteria", at, "parts"), report)
            _unique_leaves(criterion.parts, ("criteria", at, "parts"), report)
    if all(criterion.parts is not None for criterion in document.criteria):
        message = "no criterion uses these parts: each has its own"
        report.add(("parts",), message, "Take the parts out of one criterion")


def _text(share: Fraction) -> str:
    return percent_text(share.numerator, share.denominator)


def codes(parts: Sequence[Part]) -> list[str]:
    """The codes of parts and of the parts within them."""
    return [code for part in parts for code in (part.code, *codes(part.parts or ()))]


def _unique_leaves(parts: Sequence[Part], path: Path, report: Report) -> None:
    named = codes(parts)
    for code in sorted({code for code in named if named.count(code) > 1}):
        report.add(path, f"part {code!r} stands twice", "Rename one of them")


def _parts(parts: Sequence[Part], path: Path, report: Report) -> None:
    total = sum((part.weight for part in parts), Fraction(0))
    if total != 1:
        shown = " + ".join(_text(part.weight) for part in parts)
        report.add(path, f"the weights {shown} total {_text(total)}", "Let them total 100 %")
    for at, part in enumerate(parts):
        _part(part, (*path, at), report)


def _part(part: Part, path: Path, report: Report) -> None:
    if part.weight == 0:
        report.add((*path, "weight"), f"part {part.code!r} weighs nothing", "Give it a weight, or take it out")
    if part.parts is not None:
        own = (part.measure, part.bands, part.supervisor_duty, part.supervisor_measure, part.by_segment)
        if any(one is not None for one in own):
            message = f"part {part.code!r} has parts of its own and a measure as well"
            report.add(path, message, "Put the measure into the inner parts")
        _parts(part.parts, (*path, "parts"), report)
        return
    if part.measure is None:
        remedy = "Add a measure; {kind: full} pays it whole before deductions"
        report.add(path, f"nobody fills part {part.code!r}", remedy)
    else:
        _measure(part.measure, (*path, "measure"), report)
    if part.supervisor_measure is not None:
        _measure(part.supervisor_measure, (*path, "supervisor_measure"), report)
    _bands(part, path, report)


def _measure(measure: Measure, path: Path, report: Report) -> None:
    match measure:
        case ByPredikat():
            _predikat(measure, path, report)
        case Minutes() | Staff():
            ways = {"per_workday": measure.per_workday, "per_month": measure.per_month}
            report.one_of(path, ways, "target of minutes")
            if isinstance(measure, Minutes) and measure.without and measure.per_month is not None:
                message = "a target for the month does not follow the days"
                report.add((*path, "without"), message, "Give per_workday, or take `without` out")
        case Reports():
            if measure.without and measure.target != "workdays":
                message = "a fixed target does not follow the days"
                report.add((*path, "without"), message, "Write target: workdays, or take `without` out")
        case ByRating():
            _rating(measure, path, report)
        case Blend():
            total = sum((part.weight for part in measure.of), Fraction(0))
            if total != 1:
                report.add((*path, "of"), f"the weights total {_text(total)}", "Let them total 100 %")
            for at, part in enumerate(measure.of):
                _measure(part.measure, (*path, "of", at, "measure"), report)
        case _:
            pass


def _predikat(measure: ByPredikat, path: Path, report: Report) -> None:
    for predikat in get_args(Predikat):
        if predikat not in measure.pays:
            report.add((*path, "pays"), f"a gap: predikat {predikat} has no row", "Say what it pays")
    for reason in get_args(PredikatMissing):
        paid = measure.missing.get(reason)
        if paid is None:
            message = f"a gap: nothing is said for a missing predikat ({reason})"
            report.add((*path, "missing"), message, "Say what is paid then: a share or a predikat")
            continue
        share = measure.pays.get(paid) if isinstance(paid, str) else paid
        least = measure.pays.get("baik")
        if reason == "supervisor_silent" and share is not None and least is not None and share < least:
            message = f"an employee would lose pay because the supervisor is silent ({_text(share)})"
            remedy = f"Pay at least what baik pays ({_text(least)})"
            report.add((*path, "missing", reason), message, remedy)
    if measure.pays and not any(measure.pays.values()):
        report.add((*path, "pays"), "nobody fills this part: every predikat pays 0 %", "Correct the table")


def _rating(measure: ByRating, path: Path, report: Report) -> None:
    """The ratings of an appraisal have three words (PermenPANRB 6/2022); other ratings are the region's own."""
    if measure.rating in APPRAISED:
        for word in get_args(Expectation):
            if word not in measure.pays:
                report.add((*path, "pays"), f"a gap: {measure.rating} {word} has no row", "Say what it pays")
        for word in measure.pays:
            if word not in get_args(Expectation):
                remedy = f"Write {', '.join(get_args(Expectation))}"
                report.add((*path, "pays", word), f"no {measure.rating} is rated {word!r}", remedy)
    if not any(measure.pays.values()):
        report.add((*path, "pays"), "nobody fills this part: every rating pays 0 %", "Correct the table")


def _most(part: Part) -> Fraction | None:
    """The largest share a part can be filled with; None where nothing limits it."""
    measures = [one for one in (part.measure, part.supervisor_measure) if one is not None]
    known = [_greatest(one) for one in measures]
    limits = [one for one in known if one is not None]
    return max(limits) if limits and len(limits) == len(known) else None


def _greatest(measure: Measure) -> Fraction | None:
    """The largest share a measure can give; None where nothing limits it."""
    match measure:
        case Minutes() | Reports() | Staff() | Score():
            return measure.at_most
        case Full() | Attendance():
            return Fraction(1)
        case ByPredikat():
            return max(measure.pays.values(), default=None)
        case ByRating():
            return max((*measure.pays.values(), measure.missing))
        case Blend():
            return None


def _bands(part: Part, path: Path, report: Report) -> None:
    before: Fraction | None = None
    for at, band in enumerate(part.bands or ()):
        place = (*path, "bands", at)
        if before is None and band.from_ != 0:
            message = f"a gap: results below {_text(band.from_)} belong to no band"
            report.add(place, message, "Begin with from: 0 %")
        elif before is not None and band.from_ <= before:
            message = f"band {at + 1} (from {_text(band.from_)}) can never be reached or overlaps the one before"
            report.add(place, message, "Write bands from the lowest to the highest")
        elif (most := _most(part)) is not None and band.from_ > most:
            message = f"band {at + 1} can never be reached: the measure gives at most {_text(most)}"
            report.add(place, message, "Take it out, or raise at_most")
        before = band.from_
