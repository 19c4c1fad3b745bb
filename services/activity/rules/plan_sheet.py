"""SKP sheets: one row an indicator, the rows of a person one plan. A plan with a faulty row stays out whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid5

from services.activity.rules.plans import (
    Approach,
    Aspect,
    IndicatorDraft,
    PlanContent,
    ResultDraft,
    ResultKind,
)
from services.activity.rules.sheets import Column
from shared.errors import Fault
from shared.sheets import Row

COLUMNS = (
    Column("nip"),
    Column("rhk", also=("rencana hasil kerja",)),
    Column("jenis", required=False),
    Column("rhk atasan", required=False, also=("rhk pimpinan", "rhk pimpinan yang diintervensi")),
    Column("aspek"),
    Column("indikator", also=("indikator kinerja individu", "iki")),
    Column("target"),
    Column("satuan"),
    Column("bobot", required=False),
)
_LONGEST = {"rhk": 2000, "rhk atasan": 2000, "indikator": 2000, "target": 2000, "satuan": 60}
_NUMBER = re.compile(r"^\d{1,10}(\.\d{1,4})?$", re.ASCII)
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SheetIndicator:
    row: int
    aspect: Aspect
    text: str
    target: str
    unit: str


@dataclass
class SheetResult:
    row: int
    kind: ResultKind
    text: str
    superior_text: str
    weight: Decimal | None
    indicators: list[SheetIndicator] = field(default_factory=list)


@dataclass
class SheetPlan:
    """A person's rows; `row` is the first of them."""

    nip: str
    row: int
    results: dict[str, SheetResult] = field(default_factory=dict)

    @property
    def approach(self) -> Approach:
        """Kuantitatif where any target is a number, for then all must be."""
        targets = [one.target for result in self.results.values() for one in result.indicators]
        return Approach.KUANTITATIF if any(map(_NUMBER.match, targets)) else Approach.KUALITATIF


def read_plans(rows: Sequence[Row]) -> tuple[dict[str, SheetPlan], list[Fault]]:
    """Whole plans by NIP, and every fault with its row and column. A result's rows need not follow each other."""
    plans: dict[str, SheetPlan] = {}
    found: list[Fault] = []
    faulty: set[str] = set()
    for row in rows:
        if row_faults := _faults(row):
            found += row_faults
            faulty.add(row.cells["nip"])
        else:
            found += _take(plans.setdefault(row.cells["nip"], SheetPlan(row.cells["nip"], row.number)), row)
    for plan in plans.values():
        found += _mixed_targets(plan)
    faulty |= {plan.nip for plan in plans.values() if any(fault.row in _rows(plan) for fault in found)}
    return {nip: plan for nip, plan in plans.items() if nip not in faulty}, found


def plain(text: str) -> str:
    """Texts that differ in case or blanks alone name the same result."""
    return " ".join(text.lower().split())


def content_of(plan: SheetPlan, plan_id: UUID, known: dict[str, UUID], links: dict[str, UUID]) -> PlanContent:
    """The plan as the service keeps it.

    `known`: ids of results it has already, `links`: of the superior's, both by plain text. New ones get an id that
    the same sheet gives again.
    """
    results = []
    for key, result in plan.results.items():
        result_id = known.get(key) or uuid5(plan_id, key)
        results.append(
            ResultDraft(
                result_id=result_id,
                kind=result.kind,
                text=result.text,
                indicators=tuple(_indicator(result_id, one, plan.approach) for one in result.indicators),
                superior_result_id=links.get(plain(result.superior_text)) if result.superior_text else None,
                weight=result.weight,
            )
        )
    return PlanContent(plan.approach, tuple(results))


def _indicator(result_id: UUID, one: SheetIndicator, approach: Approach) -> IndicatorDraft:
    numeric = approach is Approach.KUANTITATIF
    return IndicatorDraft(
        indicator_id=uuid5(result_id, f"{one.aspect}|{plain(one.text)}"),
        aspect=one.aspect,
        text=one.text,
        unit=one.unit,
        target=Decimal(one.target) if numeric else None,
        target_text=None if numeric else one.target,
    )


def _faults(row: Row) -> list[Fault]:
    found = [
        _fault(row, column, "it is empty", f"fill in {column}")
        for column in ("nip", "rhk", "aspek", "indikator", "target", "satuan")
        if not row.cells[column]
    ]
    for column, longest in _LONGEST.items():
        if len(row.cells[column]) > longest or _UNSTORABLE.search(row.cells[column]):
            found.append(_fault(row, column, f"over {longest} characters, or unprintable ones", "shorten or retype it"))
    for column, words in (("aspek", Aspect), ("jenis", ResultKind)):
        value = row.cells[column].lower()
        if value and value not in set(words):
            found.append(_fault(row, column, "it is not known", f"write one of: {', '.join(words)}"))
    if row.cells["bobot"] and not _NUMBER.match(row.cells["bobot"]):
        found.append(_fault(row, "bobot", "it is no percentage", "write a number such as 25 or 12.5"))
    return found


def _take(plan: SheetPlan, row: Row) -> list[Fault]:
    """Put a sound row into its plan; what contradicts the result's earlier rows is a fault."""
    cells = row.cells
    key = plain(cells["rhk"])
    result = SheetResult(
        row=row.number,
        kind=ResultKind(cells["jenis"].lower() or "utama"),
        text=cells["rhk"],
        superior_text=cells["rhk atasan"],
        weight=Decimal(cells["bobot"]) if cells["bobot"] else None,
    )
    held = plan.results.setdefault(key, result)
    aspect = Aspect(cells["aspek"].lower())
    indicator = SheetIndicator(row.number, aspect, cells["indikator"], cells["target"], cells["satuan"])
    twice = any((one.aspect, plain(one.text)) == (aspect, plain(indicator.text)) for one in held.indicators)
    held.indicators.append(indicator)
    if twice:
        return [_fault(row, "indikator", "this result has the indicator twice", "take one of the rows out")]
    if held is not result and (cells["bobot"] and result.weight != held.weight):
        return [_fault(row, "bobot", f"row {held.row} gives the result another weight", "give a result one weight")]
    if held is not result and cells["rhk atasan"] and plain(cells["rhk atasan"]) != plain(held.superior_text):
        return [_fault(row, "rhk atasan", f"row {held.row} derives the result from another", "name one result")]
    return []


def _mixed_targets(plan: SheetPlan) -> list[Fault]:
    if plan.approach is Approach.KUALITATIF:
        return []
    return [
        Fault(
            "column target",
            "other rows of this SKP have numbers here",
            "give a number in all rows (kuantitatif) or in none (kualitatif)",
            value=one.target[:200],
            row=one.row,
        )
        for result in plan.results.values()
        for one in result.indicators
        if not _NUMBER.match(one.target)
    ]


def _rows(plan: SheetPlan) -> set[int]:
    return {one.row for result in plan.results.values() for one in result.indicators}


def _fault(row: Row, column: str, message: str, remedy: str) -> Fault:
    value = _UNSTORABLE.sub("?", row.cells[column][:200])
    return Fault(f"column {column}", message, remedy, value=value or None, row=row.number)
