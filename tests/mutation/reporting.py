"""What a run found: the table of docs/mutation.md and the mutants nobody noticed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from tests.mutation.mutants import ROOM, Mutant, difference
from tests.mutation.running import KILLED, SURVIVED, TIMEOUT, UNTESTED

Results = Mapping[str, Sequence[str]]
NOT_RUN = "not run"


def result_of(mutant: Mutant, results: Results) -> str:
    """What became of it; a result of the function as it was before does not count."""
    result, made_of, _ = results.get(mutant.name, (NOT_RUN, mutant.hash, ""))
    return result if made_of == mutant.hash else NOT_RUN


def interval(killed: int, tried: int) -> tuple[float, float]:
    """95 % interval of a share by Wilson, in percent."""
    z, share = 1.96, killed / tried
    middle, half = share + z * z / (2 * tried), z * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return 100 * (middle - half) / (1 + z * z / tried), 100 * (middle + half) / (1 + z * z / tried)


def report(mutants: Sequence[Mutant], results: Results) -> None:
    """The table, and the even sample: as many of the order by chance as were tried without a gap."""
    said = [result_of(mutant, results) for mutant in mutants]
    even = said.index(NOT_RUN) if NOT_RUN in said else len(said)
    print(_sentence(said[:even], len(said)), "\n")
    rows: dict[str, Counter[str]] = {}
    for mutant, result in zip(mutants, said, strict=True):
        rows.setdefault(mutant.module, Counter())[result] += 1
    print("| module | mutants | killed | survived | not run | score |\n|---|---:|---:|---:|---:|---:|")
    for module, row in [*sorted(rows.items()), ("all", Counter(said))]:
        killed, lived = row[KILLED] + row[TIMEOUT], row[SURVIVED] + row[UNTESTED]
        score = f"{100 * killed / (killed + lived):.1f} %" if killed + lived else ""
        print(f"| {module} | {row.total()} | {killed} | {lived} | {row[NOT_RUN]} | {score} |")


def _sentence(even: Sequence[str], of: int) -> str:
    if not even:
        return "No even sample was tried."
    killed = sum(result in (KILLED, TIMEOUT) for result in even)
    score = f"**{killed} killed, {len(even) - killed} survived: {100 * killed / len(even):.1f} %**"
    if len(even) == of:
        return f"All {of} mutants were tried: {score}."
    low, high = interval(killed, len(even))
    return f"Even sample: {len(even)} of {of} mutants: {score} (95 % interval {low:.1f} to {high:.1f} %)."


def survivors(mutants: Iterable[Mutant], results: Results) -> None:
    """What nobody noticed."""
    for mutant in sorted(mutants, key=lambda one: (one.module, one.function, int(one.name.rpartition("_")[2]))):
        result = result_of(mutant, results)
        if result in (SURVIVED, UNTESTED):
            print(mutant.name.removeprefix(ROOM), result, *difference(mutant), sep="\n")
