"""What rules fall on, and the floors and ceilings of it."""

from dataclasses import dataclass

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.document.cuts import Limit
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.parts import codes
from services.payroll.rules.wholeness.report import Report


@dataclass(frozen=True, slots=True)
class Targets:
    """The codes of all parts and of all criteria."""

    parts: frozenset[str]
    criteria: frozenset[str]

    @classmethod
    def of(cls, document: PolicyDocument) -> "Targets":
        """Those of a document."""
        parts = set(codes(document.parts))
        for criterion in document.criteria:
            parts.update(codes(criterion.parts or ()))
        return cls(frozenset(parts), frozenset(one.code for one in document.criteria))

    def inspect(self, hits: str | tuple[str, ...], path: Path, report: Report) -> None:
        """Every code that a rule hits is one part's or one criterion's."""
        for at, code in enumerate(() if isinstance(hits, str) else hits):
            if code in self.parts and code in self.criteria:
                message = f"{code!r} is a part and a criterion as well"
                report.add((*path, "hits", at), message, "Rename one of them, so that it is plain what is hit")
            elif code not in self.parts and code not in self.criteria:
                remedy = "Name one of parts or criteria, or total"
                report.add((*path, "hits", at), f"there is no part {code!r} and no such criterion", remedy)


def inspect(document: PolicyDocument, targets: Targets, report: Report) -> None:
    """Floors and ceilings: one bound each, in one unit, of a target that exists."""
    report.unique(("limits",), (rule.id for rule in document.limits), "limit")
    bounds: dict[object, int] = {}
    for at, rule in enumerate(document.limits):
        path: Path = ("limits", at)
        targets.inspect(rule.hits, path, report)
        if report.one_of(path, {"at_least": rule.at_least, "at_most": rule.at_most}, "limit"):
            _bound(rule, path, report)
        same = (rule.hits, rule.at_least is None, rule.when and rule.when.model_dump_json())
        if bounds.setdefault(same, at) != at:
            report.add(path, f"limit {bounds[same] + 1} bounds the same already", "Keep one of them")


def _bound(rule: Limit, path: Path, report: Report) -> None:
    name, cut = ("at_least", rule.at_least) if rule.at_least else ("at_most", rule.at_most)
    if cut is None:
        return
    if cut.rupiah is None and rule.of is None:
        report.add(path, "a percentage of what is not said", "Say of: full or earned")
    if cut.rupiah is not None and rule.of is not None:
        report.add((*path, "of"), "rupiah are not a share of anything", "Take `of` out, or write a percentage")
    if rule.hits == "total_with_additions" and rule.of == "earned":
        report.add((*path, "of"), "what additions gave at the end was not earned by performance", "Write of: full")
    if cut.share > 1 and name == "at_least":
        report.add((*path, name), f"{cut} is more than there is", "Write at most 100 %")
    if name == "at_least" and not cut.share and not cut.rupiah:
        report.add((*path, name), "nothing is paid less than nothing", "Give a bound, or take the limit out")
