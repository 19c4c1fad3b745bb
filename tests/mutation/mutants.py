"""The mutants there are: made by mutmut into ./mutants, each with the lines it changes."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.trampoline import set_mutant_under_test

from tests.mutation.rooms import function_of

ROOM = "services.payroll.rules."
FOLDER = Path("services/payroll/rules")
HERE = Path("mutants")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant by mutmut's name; `lines`: those it changes, counted from the function's `def`, which is 0."""

    name: str
    function: str
    hash: str
    lines: tuple[int, ...]

    @property
    def module(self) -> str:
        """ "settlement.dues"."""
        return self.name.removeprefix(ROOM).rpartition(".")[0]


def make(children: int) -> None:
    """Write the mutants into ./mutants, beside a copy of everything that the tests import."""
    set_mutant_under_test("mutant_generation")
    HERE.mkdir(exist_ok=True)
    for old in (HERE / FOLDER).rglob("*.py"):
        if not old.relative_to(HERE).exists():  # the module has another name now
            for file in (old, *(old.with_name(old.name + ending) for ending in (".meta", ".spans"))):
                file.unlink(missing_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(children)


def known() -> list[Mutant]:
    """Every mutant, in an order by chance that is always the same: what comes first is an even sample of all."""
    found = [one for meta in sorted((HERE / FOLDER).rglob("*.meta")) for one in _of_file(meta)]
    return sorted(found, key=lambda one: hashlib.sha256(one.name.encode()).digest())


def _of_file(meta: Path) -> Iterator[Mutant]:
    said = json.loads(meta.read_text())
    names = list(said["exit_code_by_key"])
    short = [name.rpartition(".")[2] for name in names]
    texts = _texts(meta.relative_to(HERE).with_suffix(""), [*short, *sorted({_original(name) for name in short})])
    for name, mutant in zip(names, short, strict=True):
        function = function_of(name)
        lines = _changed(texts[_original(mutant)], texts[mutant], mutant)
        yield Mutant(name, function, said["hash_by_function_name"][function_of(mutant)], lines)


def _texts(source: Path, names: list[str]) -> dict[str, str]:
    spans = MutantLineSpans.load(source)
    if spans is None:
        raise FileNotFoundError(f"no spans of {source}: make the mutants again")
    # a span begins with the blank lines before the function
    return {name: text.lstrip("\n") for name, text in zip(names, spans.read_function_sources(names), strict=True)}


def difference(mutant: Mutant) -> list[str]:
    """The lines as they are and as the mutant has them."""
    name = mutant.name.rpartition(".")[2]
    texts = _texts(FOLDER / (mutant.module.replace(".", "/") + ".py"), [name, _original(name)])
    pairs = zip(texts[_original(name)].splitlines(), texts[name].splitlines(), strict=False)
    changed = [pair for at, pair in enumerate(pairs) if at in mutant.lines]
    return [f"- {before.strip()}" for before, _ in changed] + [f"+ {after.strip()}" for _, after in changed]


def _original(mutant: str) -> str:
    return mutant.rpartition("__mutmut_")[0] + "__mutmut_orig"


def _changed(before: str, after: str, mutant: str) -> tuple[int, ...]:
    old, new = before.splitlines(), after.replace(mutant, _original(mutant)).splitlines()
    found = [at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]]
    return tuple(found if len(old) == len(new) else found[:1]) or (0,)
