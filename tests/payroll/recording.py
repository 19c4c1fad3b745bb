"""Statements as they came out when they were recorded: policy, facts, and the hash of the statement's bytes.

A month that was paid is recomputed years later by whatever code stands then, and must give the same bytes. Where a
change is meant to change what statements say (a new number on a line), record again and say so in the CHANGELOG:

    python -m tests.payroll.recording
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given

from services.payroll.rules import Policy, Statement, canonical, check, evaluate, facts_from, formula, measured
from tests.payroll.strategies import documents, people, some

FILE = Path(__file__).parent / "recorded" / "statements.jsonl"
KEPT = 48


class Told(NamedTuple):
    """What is recorded of a statement: its hash, the hash of its sentences, and its lines to find a difference by."""

    sha256: str
    sentences: str
    lines: list[list[str]]


def told(statement: Statement) -> Told:
    """The record of a statement."""
    said = [formula(line, language) for line in statement.lines for language in ("id", "en")]
    said += [measured(result, language) for result in statement.results for language in ("id", "en")]
    lines = [[line["kind"], line["rule"], line["amount"]] for line in statement.lines]
    return Told(_hash(canonical(statement)), _hash("\n".join(said).encode()), lines)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def recorded() -> Iterator[dict[str, Any]]:
    """The records, each with `policy`, `facts` and `told`."""
    return map(json.loads, FILE.read_text().splitlines())


def evaluated(record: dict[str, Any]) -> Statement:
    """The same statement by the code as it is now."""
    policy = check(json.dumps(record["policy"]))
    assert isinstance(policy, Policy), "\n".join(map(str, policy))
    return evaluate(policy, facts_from(record["facts"]))


def computed(record: dict[str, Any]) -> Told:
    """What is to be recorded of it."""
    return told(evaluated(record))


def _features(record: dict[str, Any]) -> set[str]:
    """What a statement shows: of every line, result and warning its kind, its numbers' names, and its words."""
    statement = evaluated(record).to_dict()
    found = {f"warns {one['code']}" for one in statement["warnings"]}
    for line in statement["lines"]:
        sign = (int(line["amount"]) > 0) - (int(line["amount"]) < 0)
        found |= {f"{line['kind']} {sign} {said}" for said in _words(line["inputs"])}
    for result in statement["results"]:
        found |= {f"result {said}" for said in _words(result["inputs"])}
    return found


def _words(inputs: Any, above: str = "") -> Iterator[str]:
    """Paths of a record's numbers, and its values where they are words."""
    if isinstance(inputs, dict):
        for name, inner in inputs.items():
            yield from _words(inner, f"{above}.{name}")
    elif isinstance(inputs, list):
        for inner in inputs:
            yield from _words(inner, f"{above}[]")
    else:
        yield f"{above}={inputs}" if isinstance(inputs, str) and inputs.isalpha() else above


def main() -> None:
    """Draw months, and write down those that together show the most."""
    drawn: list[dict[str, Any]] = []

    @some(1200)
    @given(documents(), people())
    def draw(document: dict[str, Any], person: dict[str, Any]) -> None:
        drawn.append({"policy": document, "facts": person})

    draw()
    shown = [_features(record) for record in drawn]
    kept, seen = list[dict[str, Any]](), set[str]()
    for _ in range(KEPT):
        best = max(range(len(drawn)), key=lambda at: len(shown[at] - seen))
        seen |= shown[best]
        kept.append(drawn[best] | {"told": computed(drawn[best])._asdict()})
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in kept))


if __name__ == "__main__":
    main()
