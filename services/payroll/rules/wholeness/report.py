"""Where the checks write down what they find."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.payroll.rules.problems import Problem
from services.payroll.rules.reading import Path, Source


@dataclass
class Report:
    """Problems of one document, each placed by its path."""

    source: Source
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.source.place(path), message, remedy))

    def unique(self, path: Path, names: Iterable[str], what: str) -> None:
        """Each name may stand once."""
        seen: set[str] = set()
        for at, name in enumerate(names):
            if name in seen:
                self.add((*path, at), f"{what} {name!r} stands twice", "Rename one of them")
            seen.add(name)

    def one_of(self, path: Path, given: Mapping[str, object], what: str) -> bool:
        """Exactly one of several ways is used."""
        used = [name for name, value in given.items() if value is not None]
        if len(used) == 1:
            return True
        said = f"{' and '.join(used)} stand together" if used else "nothing is said"
        self.add(path, f"{what}: {said}", f"Use exactly one of {', '.join(given)}")
        return False


Rows = Sequence[tuple[int, int | None]]


def cover(report: Report, path: Path, rows: Rows, first: int, *, unit: str) -> None:
    """Rows of whole numbers must follow each other from `first` on without gap, overlap or dead row."""
    next_free: int | None = first
    for at, (low, high) in enumerate(rows):
        place = (*path, at)
        row = f"row {at + 1} ({low} to {'any' if high is None else high})"
        if high is not None and high < low:
            report.add(place, f"{row} ends before it begins", "Exchange its from and to")
            continue
        if next_free is None or (high is not None and high < next_free):
            remedy = "Take it out, or give the rows before it an end (to) below it"
            report.add(place, f"{row} can never be reached: rows before it take its {unit}", remedy)
            continue
        if low < next_free:
            remedy = f"Let it begin at {next_free}, or end the row before at {low - 1}"
            report.add(place, f"{row} overlaps the rows before it at {low} to {next_free - 1} {unit}", remedy)
        elif low > next_free:
            remedy = f"Begin it at {next_free}, or add a row for them (cut: 0 % if they cost nothing)"
            report.add(place, f"a gap: {next_free} to {low - 1} {unit} belong to no row", remedy)
        next_free = None if high is None else high + 1
    if next_free is not None:
        remedy = "Take the `to` out of the last row"
        report.add((*path, len(rows) - 1), f"a gap: {next_free} {unit} and more belong to no row", remedy)
