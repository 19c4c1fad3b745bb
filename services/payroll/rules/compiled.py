"""A policy made ready: parts flattened, shares brought to one denominator, targets resolved to cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from services.payroll.rules.document import Cut, Deduction, Measure, Part, PolicyDocument, SupervisorDuty
from services.payroll.rules.document.earnings import Band
from shared.money import percent_text


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that is filled by a measure; `path` are its code and those of the parts around it."""

    code: str
    name: str
    article: str
    path: tuple[str, ...]
    weight: Fraction
    measure: Measure | None
    supervisor_measure: Measure | None
    bands: tuple[Band, ...] | None
    duty: SupervisorDuty | None
    weight_text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion's share in one leaf: where money is earned and cut. Indices, and weight over `weights`."""

    criterion: int
    leaf: int
    weight: int


@dataclass(frozen=True, slots=True)
class CutRule:
    """A deduction with its events, its cells or the total, and its cuts.

    Cuts (in rows of from, to, cut, text; in `unit`, `by_kind`, `at_most`) count rupiah if `rupiah`, else the
    numerators of shares over the policy's common denominator.
    """

    rule: Deduction
    events: frozenset[str]
    total: bool
    cells: tuple[int, ...]
    rows: tuple[tuple[int, int | None, int, str], ...]
    unit: int
    unit_text: str
    rupiah: bool
    by_kind: dict[str, int]
    at_most: int | None
    of: str
    cap: int | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """weights and shares are the common denominators of parts and of cuts; cuts on parts come first."""

    leaves: tuple[Leaf, ...]
    cells: tuple[Cell, ...]
    weights: int
    shares: int
    cuts: tuple[CutRule, ...]
    caps: tuple[int, ...]
    remaining_rules: int
    uses_daily: bool


def compile_policy(document: PolicyDocument) -> Compiled:
    """The same rules in the form `evaluate` walks; cheap enough to do once per policy, not per employee."""
    leaves: list[Leaf] = []
    spread: list[tuple[int, int]] = []
    common = _add(leaves, document.parts)
    for at, criterion in enumerate(document.criteria):
        own = common if criterion.parts is None else _add(leaves, criterion.parts)
        spread += [(at, leaf) for leaf in own]
    weights = lcm(*(leaf.weight.denominator for leaf in leaves))
    cells = tuple(Cell(at, leaf, int(leaves[leaf].weight * weights)) for at, leaf in spread)
    shares = lcm(*(share.denominator for share in _shares(document)))
    rules = [_cut_rule(rule, document, leaves, cells, shares) for rule in document.deductions]
    return Compiled(
        leaves=tuple(leaves),
        cells=cells,
        weights=weights,
        shares=shares,
        cuts=tuple(sorted(rules, key=lambda rule: rule.total)),
        caps=tuple(int(cap.at_most * shares) for cap in document.caps),
        remaining_rules=sum(rule.of == "remaining" for rule in rules),
        uses_daily=any(rule.of == "daily" for rule in rules),
    )


def _add(leaves: list[Leaf], parts: Sequence[Part]) -> list[int]:
    first = len(leaves)
    leaves += _leaves(parts, (), Fraction(1))
    return list(range(first, len(leaves)))


def _leaves(parts: Sequence[Part], above: tuple[str, ...], weight: Fraction) -> Iterator[Leaf]:
    for part in parts:
        path, share = (*above, part.code), weight * part.weight
        if part.parts is not None:
            yield from _leaves(part.parts, path, share)
            continue
        yield Leaf(
            code=part.code,
            name=part.name,
            article=part.article,
            path=path,
            weight=share,
            measure=part.measure,
            supervisor_measure=part.supervisor_measure,
            bands=part.bands,
            duty=part.supervisor_duty,
            weight_text=percent_text(share.numerator, share.denominator),
        )


def _cuts(rule: Deduction) -> Iterator[Cut]:
    if rule.per_unit:
        yield rule.per_unit
    if rule.threshold:
        yield rule.threshold.cut
    yield from (tier.cut for tier in rule.tiers or ())
    yield from (rule.by_kind or {}).values()
    if rule.at_most:
        yield rule.at_most


def _shares(document: PolicyDocument) -> Iterator[Fraction]:
    yield Fraction(1)
    yield from (cap.at_most for cap in document.caps)
    for rule in document.deductions:
        yield from (cut.share for cut in _cuts(rule))


def _cut_rule(
    rule: Deduction, document: PolicyDocument, leaves: Sequence[Leaf], cells: Sequence[Cell], shares: int
) -> CutRule:
    def units(cut: Cut) -> int:
        return int(cut.share * shares) if cut.rupiah is None else cut.rupiah

    unit = rule.per_unit or (rule.threshold.cut if rule.threshold else None)
    return CutRule(
        rule=rule,
        events=frozenset(selector.event for selector in rule.measure),
        total=rule.hits == "total",
        cells=()
        if rule.hits == "total"
        else tuple(at for at, cell in enumerate(cells) if not set(rule.hits).isdisjoint(leaves[cell.leaf].path)),
        rows=tuple((tier.from_, tier.to, units(tier.cut), str(tier.cut)) for tier in rule.tiers or ()),
        unit=units(unit) if unit else 0,
        unit_text=str(unit) if unit else "",
        rupiah=any(cut.rupiah is not None for cut in _cuts(rule)),
        by_kind={kind: units(cut) for kind, cut in (rule.by_kind or {}).items()},
        at_most=None if rule.at_most is None else units(rule.at_most),
        of=rule.of or "full",
        cap=next((at for at, cap in enumerate(document.caps) if rule.id in cap.rules), None),
    )
