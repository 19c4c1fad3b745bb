"""From a statement's lines to a tree whose amounts add up, every node with what it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from services.payroll.rules.evaluate import Policy
from services.payroll.rules.explanation.evidence import Evidence
from services.payroll.rules.explanation.node import Node
from services.payroll.rules.facts import Facts
from services.payroll.rules.labels import HEADINGS, called
from services.payroll.rules.statement import Line, Result, Warned
from services.payroll.rules.warned import warning_of
from services.payroll.rules.words import Said, formula_of, rupiah
from shared.money import parse_percent, round_to

# which lines stand under which heading, in the order of reading; those of TPP first
_OF_TPP: Sequence[tuple[str, frozenset[str]]] = (
    ("deductions", frozenset({"deduction"})),
    ("additions", frozenset({"addition", "floor", "ceiling", "rounding", "share"})),
)
_AFTER_TPP: Sequence[tuple[str, frozenset[str]]] = (
    ("withholding", frozenset({"suspended", "released", "forfeited"})),
    ("corrections", frozenset({"correction"})),
    ("settlement", frozenset({"contribution", "tax_allowance", "tax", "recovery"})),
)
_KNOWN = frozenset({"base", "part"}).union(*(kinds for _, kinds in (*_OF_TPP, *_AFTER_TPP)))


def explain(policy: Policy, body: Mapping[str, Any], facts: Facts) -> Node:
    """The tree of a statement. `body`: its plain form (`Statement.to_dict`, or the stored JSON, read).

    `facts` and `policy` are those it was computed from. The root is the net amount; lines that no sum counts
    (bases) are evidence.
    """
    return _Telling(policy, body, facts).tree()


class _Telling:
    def __init__(self, policy: Policy, body: Mapping[str, Any], facts: Facts) -> None:
        self.policy, self.body = policy, body
        self.evidence = Evidence(policy, facts)
        self.lines: list[Line] = body["lines"]
        self.paths = {leaf.code: leaf.path for leaf in policy.compiled.leaves}
        self.bases = {criterion.code: self._base(criterion.code) for criterion in policy.document.criteria}
        self.shown: set[str] = set()

    def _base(self, criterion: str) -> Fraction:
        """The exact full amount of a criterion, what is added to its base included."""
        of = [line for line in self.lines if line["kind"] == "base" and _criterion_of(line) == criterion]
        return sum((Fraction(line["inputs"].get("exact", line["amount"])) for line in of), Fraction(0))

    def tree(self) -> Node:
        totals = self.body["totals"]
        gross, taken = rupiah(totals["gross"]), rupiah(totals["deductions"])
        others = frozenset(line["kind"] for line in self.lines) - _KNOWN
        after = [self._section(name, kinds) for name, kinds in (*_AFTER_TPP, ("other", others))]
        policy = self.body["policy"]
        return Node(
            kind="net",
            label=HEADINGS["net"],
            amount=int(totals["net"]),
            article=self.policy.document.legal_basis.title,
            formula=Said(f"bruto {gross} - potongan {taken}", f"gross {gross} - deductions {taken}"),
            inputs={"totals": totals, "policy": policy, "period": self.body["period"]},
            parts=(self._tpp(int(totals["tpp"])), *(one for one in after if one.parts)),
            evidence=(*map(_warning, self.body["warnings"]), *self.evidence.exemptions()),
        )

    def _tpp(self, amount: int) -> Node:
        parts = _heading("parts", tuple(self._criterion(code) for code in self.bases))
        others = [self._section(name, kinds) for name, kinds in _OF_TPP]
        return Node(
            kind="tpp",
            label=HEADINGS["tpp"],
            amount=amount,
            parts=tuple(one for one in (parts, *others) if one.parts),
        )

    def _section(self, name: str, kinds: frozenset[str]) -> Node:
        return _heading(name, tuple(self._line(at) for at, line in enumerate(self.lines) if line["kind"] in kinds))

    def _criterion(self, code: str) -> Node:
        """A ground for TPP: its bases, and what its parts earned of them."""
        bases = [line for line in self.lines if line["kind"] == "base" and _criterion_of(line) == code]
        rule = next(one for one in self.policy.document.criteria if one.code == code)
        parts = tuple(
            self._line(at)
            for at, line in enumerate(self.lines)
            if line["kind"] == "part" and line["inputs"]["criterion"] == code
        )
        return Node(
            kind="criterion",
            label=called(rule.name),
            amount=sum(one.amount or 0 for one in parts),
            rule=code,
            article=rule.article,
            parts=parts,
            evidence=tuple(self.evidence.of_base(line) for line in bases),
        )

    def _line(self, at: int) -> Node:
        line = self.lines[at]
        return Node(
            kind=line["kind"],
            label=called(line["name"]),
            amount=int(line["amount"]),
            rule=line["rule"],
            article=line["article"],
            formula=formula_of(line, self._taken_of(at)),
            inputs=line["inputs"],
            evidence=tuple(self._behind(line)),
        )

    def _behind(self, line: Line) -> Iterator[Node]:
        if line["kind"] == "part":
            yield from (self._result(result) for result in self.body["results"] if result["part"] == line["rule"])
        if line["kind"] == "deduction":
            yield from self.evidence.caps_of(line["rule"])
        yield from self.evidence.behind(line.get("refs"))

    def _result(self, result: Result) -> Node:
        """Criteria share their parts: the activities behind a result stand where it is first told."""
        told = self.evidence.of_result(result)
        if result["part"] in self.shown:
            return replace(told, evidence=())
        self.shown.add(result["part"])
        return told

    def _taken_of(self, at: int) -> str | None:
        """The amount a part or a percentage was taken of; None where the lines alone do not tell it.

        A cut names its base only where base times share is the cut: not where a limit or an empty part held it.
        """
        line = self.lines[at]
        if line["kind"] == "part":
            return _written(self.bases[line["inputs"]["criterion"]])
        if line["kind"] != "deduction" or "percent" not in line["inputs"]:
            return None
        base, cells = self._base_of_cut(at)
        share = parse_percent(line["inputs"]["percent"])
        if base is None or abs(round_to(base * share, 1, "half_up") + int(line["amount"])) > cells:
            return None
        return _written(base)

    def _base_of_cut(self, at: int) -> tuple[Fraction | None, int]:
        """What a percentage looks at, and how many amounts were rounded on the way."""
        given = self.lines[at]["inputs"]
        parts = [line for line in self.lines if line["kind"] == "part" and self._hit(line, given["hits"])]
        match given.get("of"):
            case "full":
                shares = [(line["inputs"]["criterion"], parse_percent(line["inputs"]["weight"])) for line in parts]
                return sum((self.bases[code] * share for code, share in shares), Fraction(0)), len(parts)
            case "earned":
                return Fraction(sum(int(line["amount"]) for line in parts)), len(parts)
            case "remaining" if given["hits"] == "total":
                before = [line for line in self.lines[:at] if line["kind"] in ("part", "deduction")]
                return Fraction(sum(int(line["amount"]) for line in before)), len(before)
            case _:
                return None, 0

    def _hit(self, part: Line, hits: str | list[str]) -> bool:
        return hits == "total" or not set(hits).isdisjoint(self.paths.get(part["rule"], (part["rule"],)))


def _heading(name: str, parts: tuple[Node, ...]) -> Node:
    amount = sum(one.amount or 0 for one in parts)
    return Node(kind="section", label=HEADINGS[name], amount=amount, parts=parts)


def _criterion_of(base: Line) -> str:
    """Bases by the table carry their criterion's code as rule; what is added to a base names it."""
    return str(base["inputs"].get("criterion", base["rule"]))


def _written(amount: Fraction) -> str:
    return str(amount.numerator) if amount.denominator == 1 else f"{amount.numerator}/{amount.denominator}"


def _warning(said: Warned) -> Node:
    label = HEADINGS["blocking" if said["blocking"] else "warning"]
    return Node(kind="warning", label=label, rule=said["code"], formula=warning_of(said))
