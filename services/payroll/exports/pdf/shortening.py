"""The explanation as it is printed: one line in place of the criteria of which somebody has nothing."""

from collections.abc import Sequence
from dataclasses import replace

from services.payroll.rules.explanation import Node
from services.payroll.rules.words import Said

_Evidence = dict[str, tuple[Node, ...]]


def shortened(node: Node) -> Node:
    """The same amounts; criteria whose base is nothing are counted and named in one line, their parts left out.

    A criterion that is worth something and earned nothing stays, as does one that a status or an exemption makes
    nothing of: why nothing is paid is told. The activities told under what is left out are told under the next that
    shares their part.
    """
    nothing = [one for one in node.parts if is_nothing(one)]
    if not nothing:
        return replace(node, parts=tuple(map(shortened, node.parts)))
    moving = _told_under(nothing)
    kept = [_taking(one, moving) for one in node.parts if not is_nothing(one)]
    return replace(node, parts=(*kept, _in_one_line(nothing)))


def is_nothing(node: Node) -> bool:
    """Whether it is a criterion that is worth nothing in any position of the month, whatever was done."""
    return node.kind == "criterion" and not node.amount and all(map(_is_no_base, node.evidence))


def _is_no_base(base: Node) -> bool:
    return base.amount == 0 and all(segment["full"] == "0" for segment in base.inputs.get("segments", ()))


def _told_under(criteria: Sequence[Node]) -> _Evidence:
    results = [result for one in criteria for part in one.parts for result in part.evidence]
    return {result.rule: result.evidence for result in results if result.kind == "result" and result.evidence}


def _taking(criterion: Node, moving: _Evidence) -> Node:
    """With what its parts' results rest on, as far as it is still to be told: each is told once."""
    parts = [replace(part, evidence=tuple(_resting(one, moving) for one in part.evidence)) for part in criterion.parts]
    return replace(criterion, parts=tuple(parts))


def _resting(result: Node, moving: _Evidence) -> Node:
    if result.kind != "result" or result.rule not in moving:
        return result
    return replace(result, evidence=moving.pop(result.rule))


def _in_one_line(criteria: Sequence[Node]) -> Node:
    names = ", ".join(one.label.id for one in criteria)
    named = ", ".join(one.label.en for one in criteria)
    return Node(
        kind="without_effect",
        label=Said(f"{len(criteria)} kriteria tidak berpengaruh", f"{len(criteria)} criteria without effect"),
        formula=Said(f"{names}: dasarnya Rp 0 bulan ini", f"{named}: the base is Rp 0 this month"),
    )
