"""What falls on the TPP together with what additions gave at the end, in whole rupiah; lines of cuts and limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.payroll.rules.compiled import LimitRule
from services.payroll.rules.cuts import Fired
from services.payroll.rules.document.policy import TppRounding
from services.payroll.rules.statement import Line, line_of, ordered
from shared.money import round_ratio, split

AFTER_ADDITIONS = 2


@dataclass(slots=True)
class Finishing:
    """`tpp`, its `criteria` and `lines`, as they change; `full` / `fine` is the whole TPP in rupiah."""

    rounding: TppRounding
    shares: int
    tpp: int
    full: int
    fine: int
    criteria: dict[str, int]
    lines: list[Line]
    cut_lines: list[Line] = field(default_factory=list)

    def cut(self, fired: Sequence[Fired]) -> None:
        """Shares of what is left, and rupiah, in the document's order; never below nothing."""
        for one in fired:
            want = one.rupiah or self._rounded(self.tpp * one.share, one.denominator)
            taken = min(want, self.tpp)
            self._change(-taken)
            self.cut_lines.append(cut_line(one, taken))
        self.lines += self.cut_lines

    def limit(self, limits: Sequence[LimitRule]) -> None:
        """Floors, never above the full TPP, and ceilings."""
        for rule in limits:
            if rule.stage != AFTER_ADDITIONS:
                continue
            bound = rule.bound if rule.rupiah else self._rounded(self.full * rule.bound, self.shares * self.fine)
            raised, lowered = min(bound, self.full // self.fine) - self.tpp, bound - self.tpp
            change = max(0, raised) if rule.floor else min(0, lowered)
            if change:
                self._change(change)
                self.lines.append(limit_line(rule, change))

    def _rounded(self, numerator: int, denominator: int) -> int:
        return round_ratio(numerator, denominator, self.rounding.unit, self.rounding.mode)

    def _change(self, amount: int) -> None:
        """The criteria bear it in proportion."""
        shared = split(abs(amount), list(self.criteria.values()))
        for code, part in zip(self.criteria, shared, strict=True):
            self.criteria[code] += part if amount > 0 else -part
        self.tpp += amount


def cut_line(one: Fired, taken: int) -> Line:
    """What a deduction took, and why."""
    rule = one.rule.rule
    inputs = one.inputs
    inputs["hits"] = _hits(rule.hits)
    if one.share:
        inputs["of"] = one.rule.of
    return line_of(
        "deduction", -taken, ordered(inputs), rule=rule.id, name=rule.name, article=rule.article, refs=one.refs
    )


def limit_line(limit: LimitRule, change: int) -> Line:
    """What a floor raised or a ceiling took away."""
    rule = limit.rule
    inputs: dict[str, Any] = {"hits": _hits(rule.hits), "limit": limit.text}
    if not limit.rupiah:
        inputs["of"] = rule.of or "full"
    kind = "floor" if limit.floor else "ceiling"
    return line_of(kind, change, inputs, rule=rule.id, name=rule.name, article=rule.article)


def _hits(hits: str | tuple[str, ...]) -> str | list[str]:
    return hits if isinstance(hits, str) else list(hits)
