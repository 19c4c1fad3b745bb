"""Folders of regions: policy documents, and the cases that they must pay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from services.payroll.rules import Policy, Problem, Unreadable, check
from services.payroll.rules.cases import Cases, Difference, read_cases, try_case
from services.payroll.rules.reading import LARGEST_BYTES

_DOCUMENTS = ("policy*.yaml", "policy*.yml")
_CASES = ("*.yaml", "*.yml")


class Failure(NamedTuple):
    """A case that came out differently, or a fault of a file: where, and what to do."""

    file: Path
    case: str
    said: Difference | Problem


@dataclass
class Outcome:
    """What one region's folder came to."""

    region: str
    documents: dict[Path, Policy] = field(default_factory=dict)
    cases: int = 0
    passed: int = 0
    failures: list[Failure] = field(default_factory=list)


class NoRegion(ValueError):
    """A path that leads to no policy document; says what was looked for."""


def regions_in(paths: Sequence[Path]) -> Iterator[Outcome]:
    """Every region in folders, of documents and of single case files, tested; in the order of their names.

    Raises NoRegion for a path without a policy document.
    """
    wanted: dict[Path, set[Path] | None] = {}
    for path in paths:
        for folder, files in _folders(path):
            before = wanted.setdefault(folder, files)
            wanted[folder] = None if before is None or files is None else before | files
    for folder in sorted(wanted):
        yield _tested(folder, wanted[folder])


def _folders(path: Path) -> list[tuple[Path, set[Path] | None]]:
    """The regions a path means: itself or those beneath, or that of a file; with the case files it narrows them to."""
    if path.is_dir():
        found = {document.parent for pattern in _DOCUMENTS for document in path.rglob(pattern)}
        found = {folder for folder in found if not _documents(folder.parent)}  # cases and refused are a region's own
        if not found:
            raise NoRegion(f"{path} holds no policy.yaml, nor does a folder in it")
        return [(folder, None) for folder in found]
    if path.is_file() and path.parent.name == "cases" and _documents(path.parent.parent):
        return [(path.parent.parent, {path})]
    if path in _documents(path.parent):
        return [(path.parent, None)]
    raise NoRegion(f"{path} is neither a region's folder, its policy.yaml, nor a file in its folder cases")


def _documents(folder: Path) -> list[Path]:
    return sorted(file for pattern in _DOCUMENTS for file in folder.glob(pattern) if file.is_file())


def _tested(folder: Path, only: set[Path] | None) -> Outcome:
    to = Outcome(folder.resolve().name)
    for file in _documents(folder):
        checked = _checked(file)
        if isinstance(checked, Policy):
            to.documents[file] = checked
        else:
            to.failures += [Failure(file, "", problem) for problem in checked]
    files = sorted(only or {file for pattern in _CASES for file in (folder / "cases").glob(pattern)})
    if not files:
        remedy = f"Add one, such as {folder / 'cases' / 'cases.yaml'}"
        to.failures.append(Failure(folder, "", Problem("cases", "the region has no case", remedy)))
    if len(to.documents) == len(_documents(folder)):
        _try_all(to, folder, files)
    return to


def _try_all(to: Outcome, folder: Path, files: Sequence[Path]) -> None:
    ids: dict[str, Path] = {}
    for file in files:
        try:
            cases = read_cases(read_file(file))
        except Unreadable as error:
            to.failures += [Failure(file, "", problem) for problem in error.problems]
            continue
        for at, case in enumerate(cases.file.cases):
            if case.id in ids:
                message = f"case {case.id!r} stands also in {ids[case.id].name}"
                place = cases.source.place(("cases", at, "id"))
                to.failures.append(Failure(file, case.id, Problem(place, message, "Rename one of them")))
            ids[case.id] = file
            _try_one(to, folder, file, cases, at)


def _try_one(to: Outcome, folder: Path, file: Path, cases: Cases, at: int) -> None:
    case = cases.file.cases[at]
    own = _checked(folder / case.policy) if case.policy else None
    tried = try_case(cases, at, to.documents.values(), own)
    to.cases += 1
    to.passed += tried.passed
    to.failures += [Failure(file, case.id, problem) for problem in tried.problems]
    to.failures += [Failure(file, case.id, difference) for difference in tried.differences]


def _checked(file: Path) -> Policy | tuple[Problem, ...]:
    try:
        return check(read_file(file))
    except Unreadable as error:
        return error.problems


def read_file(file: Path) -> bytes:
    """The file's bytes, no more than a document may have. Raises Unreadable when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        problem = Problem("file", error.strerror or "it cannot be read", "Check its name and rights")
        raise Unreadable((problem,)) from None
