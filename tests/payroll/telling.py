"""What people were told of months that were paid: the explanation of each recorded statement, and its what-ifs.

Whoever objects to an amount argues from the explanation they read. It must still read so when the objection is heard,
by whatever code stands then. Where a change is meant to tell it in other words, record again:

    python -m tests.payroll.telling
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import rfc8785
from pydantic import TypeAdapter

from services.payroll.rules import Policy, check, evaluate, facts_from
from services.payroll.rules.counterfactual import Alternatives, alternatives
from services.payroll.rules.explanation import Node, explain
from tests.payroll.people import example, policy
from tests.payroll.recording import recorded

FOLDER = Path(__file__).parent / "recorded"
HASHES, READ = FOLDER / "tellings.json", FOLDER / "telling.txt"
_ALTERNATIVES = TypeAdapter(Alternatives)


def told(record: dict[str, Any]) -> list[str]:
    """Hashes of the explanation of a recorded statement and of what else could have been paid."""
    checked, facts = check(json.dumps(record["policy"])), facts_from(record["facts"])
    assert isinstance(checked, Policy)
    tree = explain(checked, evaluate(checked, facts).to_dict(), facts)
    could = _ALTERNATIVES.dump_json(alternatives(checked, facts))
    return [hashlib.sha256(said).hexdigest() for said in (rfc8785.dumps(tree.to_dict()), could)]


def told_in_full() -> str:
    """The whole explanation of the Jambi example and what else could have been paid, as people read it."""
    rules, facts = policy("jambi-kind"), example("jambi-kind-t1")
    lines = list(_lines(explain(rules, evaluate(rules, facts).to_dict(), facts), 0))
    could = alternatives(rules, facts)
    for one in could.offered:
        lines.append(f"{one.title.id} / {one.title.en}: {one.changed.id} / {one.changed.en}: {one.net_difference}")
        lines += [f"  {line.kind} {line.name}: {line.amount} -> {line.would_be}" for line in one.moved]
    lines += [f"{one.title.id} / {one.title.en}: {one.reason.id} / {one.reason.en}" for one in could.not_offered]
    return "\n".join(lines) + "\n"


def _lines(node: Node, depth: int) -> Any:
    said = f"{node.formula.id} / {node.formula.en}" if node.formula else ""
    told = [node.kind, f"{node.label.id} / {node.label.en}", node.amount, node.rule, node.article, said]
    yield "  " * depth + " | ".join(str(one) for one in told if one not in (None, ""))
    for one in (*node.parts, *node.evidence):
        yield from _lines(one, depth + 1)


def main() -> None:
    """Write down what is told now."""
    HASHES.write_text(json.dumps([told(record) for record in recorded()], indent=0) + "\n")
    READ.write_text(told_in_full())


if __name__ == "__main__":
    main()
