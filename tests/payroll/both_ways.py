"""Statements of many months, a line each: `python -m tests.payroll.both_ways`. First whether the rules are compiled.

Run with compiled rules and with their sources (`TAKAR_COMPILED=0`), all but the first line must be the same. Months are
drawn by a seed, so that both draw the same.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from services.payroll.rules import Facts, Policy, canonical, check, evaluate, facts_from
from services.payroll.rules.cases import facts_of_case, read_cases
from shared.compiled import is_compiled
from tests.payroll.strategies import documents, people

DRAWN = 150
EVERY = 4  # of the cases, every policy meets one in so many
REGIONS = Path(__file__).parents[2] / "deploy" / "policies"


def said(policy: Policy, facts: Facts) -> str:
    """A hash of the statement's bytes, or which error there was: one that is not computed is told as well."""
    try:
        return hashlib.sha256(canonical(evaluate(policy, facts))).hexdigest()
    except Exception as error:
        return repr(error)


def crossed() -> Iterator[str]:
    """Every region's policies over facts of every region's cases."""
    cases = [read_cases(file.read_bytes()) for file in sorted(REGIONS.glob("*/cases/*.yaml"))]
    everybody = [facts_of_case(one, at) for one in cases for at in range(len(one.file.cases))]
    for at, file in enumerate(sorted(REGIONS.glob("*/policy*.yaml"))):
        policy = check(file.read_bytes())
        assert isinstance(policy, Policy), file
        for facts in everybody[at % EVERY :: EVERY]:
            yield f"{file.parent.name} {facts.employee.id} {said(policy, facts)}"


def drawn() -> list[str]:
    """Arbitrary policies over arbitrary people."""
    found = list[str]()

    @seed(1905)
    @settings(
        max_examples=DRAWN,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documents(), people())
    def draw(document: dict[str, Any], person: dict[str, Any]) -> None:
        policy = check(json.dumps(document))
        assert isinstance(policy, Policy)
        found.append(f"drawn {policy.hash} {said(policy, facts_from(person))}")

    draw()
    return found


def main() -> None:
    print("compiled" if is_compiled("services.payroll.rules.evaluate") else "sources")
    for line in (*crossed(), *drawn()):
        print(line)


if __name__ == "__main__":
    main()
