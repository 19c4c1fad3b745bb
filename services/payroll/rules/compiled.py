"""A policy made ready: parts flattened, shares brought to one denominator, targets resolved to cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from services.payroll.rules.document import Cut, Deduction, Limit, Measure, Part, PolicyDocument, SupervisorDuty
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
    by_segment: bool
    weight_text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion's share in one leaf: where money is earned and cut. Indices, and weight over `weights`."""

    criterion: int
    leaf: int
    weight: int


@dataclass(frozen=True, slots=True)
class CutRule:
    """A deduction with its events, its cells (none: the total), and its cuts.

    stage: 0 for parts, 1 for the total, 2 for the total with additions. Cuts (in rows of from, to, cut, text; in
    `unit`, `each_time`, `by_kind`, `at_most`) count rupiah if `rupiah`, else the numerators of shares over the
    policy's common denominator.
    """

    rule: Deduction
    events: frozenset[str]
    stage: int
    total: bool
    cells: tuple[int, ...]
    rows: tuple[tuple[int, int | None, int, str], ...]
    each_time: tuple[tuple[int, str], ...]
    unit: int
    unit_text: str
    rupiah: bool
    by_kind: dict[str, int]
    at_most: int | None
    of: str
    cap: int | None


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A floor or ceiling with its stage and cells as of a cut; `bound` counts rupiah or a share's numerators."""

    rule: Limit
    stage: int
    cells: tuple[int, ...]
    floor: bool
    bound: int
    rupiah: bool
    text: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """weights and shares are the common denominators of parts and of cuts; cuts and limits come by stage."""

    leaves: tuple[Leaf, ...]
    cells: tuple[Cell, ...]
    weights: int
    shares: int
    cuts: tuple[CutRule, ...]
    caps: tuple[int, ...]
    limits: tuple[LimitRule, ...]
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
    targets = [frozenset((document.criteria[cell.criterion].code, *leaves[cell.leaf].path)) for cell in cells]
    rules = [_cut_rule(rule, document, targets, shares) for rule in document.deductions]
    limits = [_limit_rule(rule, targets, shares) for rule in document.limits]
    return Compiled(
        leaves=tuple(leaves),
        cells=cells,
        weights=weights,
        shares=shares,
        cuts=tuple(sorted(rules, key=lambda rule: rule.stage)),
        caps=tuple(int(cap.at_most * shares) for cap in document.caps),
        limits=tuple(sorted(limits, key=lambda rule: rule.stage)),
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
            by_segment=part.by_segment is True,
            weight_text=percent_text(share.numerator, share.denominator),
        )


def _cuts(rule: Deduction) -> Iterator[Cut]:
    if rule.per_unit:
        yield rule.per_unit
    if rule.threshold:
        yield rule.threshold.cut
    yield from (tier.cut for tier in rule.tiers or ())
    yield from (rule.by_kind or {}).values()
    yield from rule.each_time or ()
    if rule.at_most:
        yield rule.at_most


def _shares(document: PolicyDocument) -> Iterator[Fraction]:
    yield Fraction(1)
    yield from (cap.at_most for cap in document.caps)
    for rule in document.deductions:
        yield from (cut.share for cut in _cuts(rule))
    yield from (bound.share for limit in document.limits for bound in (limit.at_least, limit.at_most) if bound)


STAGES = {"total": 1, "total_with_additions": 2}


def _cells(hits: str | tuple[str, ...], targets: Sequence[frozenset[str]]) -> tuple[int, ...]:
    """The cells of the parts or criteria named; none for the total."""
    if isinstance(hits, str):
        return ()
    return tuple(at for at, named in enumerate(targets) if not named.isdisjoint(hits))


def _limit_rule(rule: Limit, targets: Sequence[frozenset[str]], shares: int) -> LimitRule:
    cut = rule.at_least or rule.at_most or Cut(Fraction(0))
    return LimitRule(
        rule=rule,
        stage=STAGES.get(rule.hits, 0) if isinstance(rule.hits, str) else 0,
        cells=_cells(rule.hits, targets),
        floor=rule.at_least is not None,
        bound=int(cut.share * shares) if cut.rupiah is None else cut.rupiah,
        rupiah=cut.rupiah is not None,
        text=str(cut),
    )


def _cut_rule(rule: Deduction, document: PolicyDocument, targets: Sequence[frozenset[str]], shares: int) -> CutRule:
    def units(cut: Cut) -> int:
        return int(cut.share * shares) if cut.rupiah is None else cut.rupiah

    unit = rule.per_unit or (rule.threshold.cut if rule.threshold else None)
    stage = STAGES.get(rule.hits, 0) if isinstance(rule.hits, str) else 0
    return CutRule(
        rule=rule,
        events=frozenset(selector.event for selector in rule.measure),
        stage=stage,
        total=stage > 0,
        cells=_cells(rule.hits, targets),
        rows=tuple((tier.from_, tier.to, units(tier.cut), str(tier.cut)) for tier in rule.tiers or ()),
        each_time=tuple((units(cut), str(cut)) for cut in rule.each_time or ()),
        unit=units(unit) if unit else 0,
        unit_text=str(unit) if unit else "",
        rupiah=any(cut.rupiah is not None for cut in _cuts(rule)),
        by_kind={kind: units(cut) for kind, cut in (rule.by_kind or {}).items()},
        at_most=None if rule.at_most is None else units(rule.at_most),
        of=rule.of or "full",
        cap=next((at for at, cap in enumerate(document.caps) if rule.id in cap.rules), None),
    )
