"""What approved circumstances make of an employee's facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter

from services.payroll.rules.circumstances.rows import CircumstanceKind
from services.payroll.rules.facts import Exemption, Facts, Incident, Instalment, Penalty, Release, Segment
from shared.money import parse_percent

T = TypeVar("T")
Workdays = Callable[[date, date], int]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stated:
    """An approved circumstance that reaches into the period. `nearness`: 0 everybody's, 1 a unit's, 2 the person's."""

    id: str
    kind: CircumstanceKind
    valid_from: date
    valid_to: date | None
    nearness: int
    content: Mapping[str, Any]


def with_circumstances(
    facts: Facts, stated: Sequence[Stated], workdays: Workdays, positions: Mapping[str, str]
) -> Facts:
    """The facts with everything stated. `workdays` counts them between two days; `positions`: codes by acting post.

    Of two scores, amounts, attributes, ratings or points of one name the nearer counts (person, unit, region), then the
    later.
    """
    ordered = sorted(stated, key=lambda one: (one.nearness, one.valid_from, one.id))
    named = {kind: _named(ordered, kind) for kind in _NAMED}
    points = {name: int(content["points"]) for name, content in named[CircumstanceKind.NILAI_JABATAN].items()}
    flags = [one for one in ordered if one.kind is CircumstanceKind.TANDA]
    attributes = {name: said["word"] for name, said in named[CircumstanceKind.ATRIBUT].items()}
    lasting = tuple(dict.fromkeys(one.content["name"] for one in flags if _whole(one, facts)))
    return replace(
        facts,
        employee=replace(
            facts.employee,
            flags=(*facts.employee.flags, *lasting),
            attributes=facts.employee.attributes | attributes,
        )
        if lasting or attributes
        else facts.employee,
        segments=tuple(
            _pointed(piece, points)
            for segment in facts.segments
            for piece in _pieces(segment, [one for one in flags if not _whole(one, facts)], workdays)
        ),
        acting=tuple(_pointed(one, points, positions.get(one.id, "")) for one in facts.acting),
        exemptions=(*facts.exemptions, *_of(ordered, CircumstanceKind.PENGECUALIAN, _EXEMPTION)),
        penalties=(*facts.penalties, *_of(ordered, CircumstanceKind.HUKUMAN, _PENALTY)),
        incidents=(*facts.incidents, *_of(ordered, CircumstanceKind.KEJADIAN, _INCIDENT)),
        instalments=(*facts.instalments, *_of(ordered, CircumstanceKind.ANGSURAN, _INSTALMENT)),
        releases=(*facts.releases, *_of(ordered, CircumstanceKind.PELEPASAN, _RELEASE)),
        scores=facts.scores
        | {name: parse_percent(said["share"]) for name, said in named[CircumstanceKind.SKOR].items()},
        ratings=facts.ratings | {name: said["word"] for name, said in named[CircumstanceKind.PENILAIAN].items()},
        amounts=facts.amounts | {name: int(said["rupiah"]) for name, said in named[CircumstanceKind.JUMLAH].items()},
    )


_NAMED = (
    CircumstanceKind.SKOR,
    CircumstanceKind.JUMLAH,
    CircumstanceKind.ATRIBUT,
    CircumstanceKind.PENILAIAN,
    CircumstanceKind.NILAI_JABATAN,
)
_EXEMPTION, _PENALTY, _INCIDENT = TypeAdapter(Exemption), TypeAdapter(Penalty), TypeAdapter(Incident)
_INSTALMENT, _RELEASE = TypeAdapter(Instalment), TypeAdapter(Release)


def _named(stated: Sequence[Stated], kind: CircumstanceKind) -> dict[str, Mapping[str, Any]]:
    return {one.content["name"]: one.content for one in stated if one.kind is kind}


def _of(stated: Sequence[Stated], kind: CircumstanceKind, adapter: TypeAdapter[T]) -> Iterator[T]:
    return (adapter.validate_python({"id": one.id, **one.content}) for one in stated if one.kind is kind)


def _whole(one: Stated, facts: Facts) -> bool:
    return one.valid_from <= facts.start and (one.valid_to is None or one.valid_to >= facts.end)


def _pieces(segment: Segment, flags: Sequence[Stated], workdays: Workdays) -> Iterator[Segment]:
    """The segment cut where a flag begins or ends, each piece with the flags that hold on its days."""
    cuts = {segment.start}
    for one in flags:
        after = None if one.valid_to is None else one.valid_to + _DAY
        cuts.update(day for day in (one.valid_from, after) if day and segment.start < day <= segment.end)
    starts = sorted(cuts)
    if len(starts) == 1 and not any(_holds(one, segment.start) for one in flags):
        yield segment
        return
    for start, after in zip(starts, [*starts[1:], segment.end + _DAY], strict=True):
        held = tuple(one.content["name"] for one in flags if _holds(one, start))
        end = after - _DAY
        yield replace(
            segment, start=start, end=end, workdays=workdays(start, end), flags=(*segment.flags, *dict.fromkeys(held))
        )


def _holds(one: Stated, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)


def _pointed(held: Any, points: Mapping[str, int], code: str = "") -> Any:
    """The segment or acting post with the points of its position, where they are stated."""
    found = points.get(code or getattr(held, "attributes", {}).get("position_code", ""))
    return held if found is None else replace(held, nilai_jabatan=found)
