"""One node of an explanation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.payroll.rules.words import Said

NOTHING = Said("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Something that is paid, taken or known, and why.

    `amount` in whole rupiah, None for what is no money by itself. The amounts of `parts` add up to it, to the
    rupiah. `evidence` is what it rests on (bases, results, days, decisions, activities): it adds up to nothing.
    `inputs` are the numbers of `formula`, as the computation kept them.
    """

    kind: str
    label: Said
    amount: int | None = None
    rule: str = ""
    article: str = ""
    formula: Said = NOTHING
    inputs: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple["Node", ...] = ()
    evidence: tuple["Node", ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the amount a string of digits or None, label and formula in both languages."""
        return {
            "kind": self.kind,
            "label": self.label._asdict(),
            "amount": None if self.amount is None else str(self.amount),
            "rule": self.rule,
            "article": self.article,
            "formula": self.formula._asdict(),
            "inputs": dict(self.inputs),
            "parts": [one.to_dict() for one in self.parts],
            "evidence": [one.to_dict() for one in self.evidence],
        }

    def leaves(self) -> Iterator["Node"]:
        """What the amount is made of in the end."""
        if not self.parts:
            yield self
        for one in self.parts:
            yield from one.leaves()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Node"]]:
        """Every node in the order of reading, with its depth: a node, its evidence, its parts."""
        yield depth, self
        for one in (*self.evidence, *self.parts):
            yield from one.walk(depth + 1)
