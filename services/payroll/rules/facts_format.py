"""Facts as plain data: what a run freezes, what an official writes in a file, and what is wrong with either."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.payroll.rules.facts import Facts
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.reading import Source, read

FORMAT = "takar.facts/1"
_FACTS = TypeAdapter(Facts)
_YEARS = range(1990, 2200)


def facts_from(data: Mapping[str, Any]) -> Facts:
    """Facts from plain data (amounts as strings of digits, dates as 2026-01-31, shares as "90 %").

    Raises Unreadable naming every field that is missing, unknown or does not fit.
    """
    return facts_in(Source(dict(data)))


def read_facts(document: bytes | str) -> Facts:
    """Facts from a YAML or JSON file; Unreadable names the field and its line."""
    source = read(document)
    if not isinstance(source.value, dict):
        message = "the facts are not a list of named entries"
        raise Unreadable((Problem("document", message, "Begin with format: takar.facts/1"),))
    return facts_in(source)


def facts_to_dict(facts: Facts) -> dict[str, Any]:
    """The facts as plain data without what is left at its default; `facts_from` gives equal facts back."""
    plain: dict[str, Any] = _FACTS.dump_python(facts, mode="json", exclude_defaults=True)
    return {"format": FORMAT} | plain


def facts_in(source: Source) -> Facts:
    """Facts from a mapping that was read, its places kept; raises Unreadable as `facts_from` does."""
    data = dict(source.value)
    named = data.pop("format", None)
    if named != FORMAT:
        remedy = f"Write format: {FORMAT}"
        raise Unreadable((Problem(source.place(("format",)), f"the format is {named!r}", remedy),))
    try:
        facts = _FACTS.validate_python(data)
    except ValidationError as error:
        raise Unreadable(tuple(source.problem(one) for one in error.errors())) from None
    if problems := tuple(_contradictions(facts, source)):
        raise Unreadable(problems)
    return facts


def _contradictions(facts: Facts, source: Source) -> Iterator[Problem]:
    if facts.start.year not in _YEARS or facts.end.year not in _YEARS or facts.end < facts.start:
        yield Problem(source.place(("end",)), "the period does not end after its start", "Correct its days")
    before = None
    for at, segment in sorted(enumerate(facts.segments), key=lambda pair: pair[1].start):
        place = source.place(("segments", at))
        if segment.end < segment.start or segment.start < facts.start or segment.end > facts.end:
            yield Problem(place, "the segment is not inside the period", "Cut it at the period's days")
        if before is not None and segment.start <= before:
            yield Problem(place, "the segment overlaps another", "Let it begin the day after the other ends")
        before = segment.end
    if sum(segment.workdays for segment in facts.segments) > facts.workdays:
        message = "the segments have more workdays than the period"
        yield Problem(source.place(("workdays",)), message, "Count the workdays of each segment again")
    seen = set()
    for at, day in enumerate(facts.attendance):
        if day.work_date in seen:
            place = source.place(("attendance", at))
            yield Problem(place, f"{day.work_date} stands twice", "Keep one entry a day")
        seen.add(day.work_date)
    for at, exemption in enumerate(facts.exemptions):
        partly = exemption.start > facts.start or exemption.end < facts.end
        if partly and exemption.workdays is None and any(name.startswith("part:") for name in exemption.covers):
            message = "it exempts a part for some days only, and does not say how many workdays they are"
            yield Problem(source.place(("exemptions", at)), message, "Add workdays: those within the period")
