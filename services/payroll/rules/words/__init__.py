"""The formula of a line in words, Indonesian and English, made from the numbers the line keeps."""

from services.payroll.rules.statement import Line, Result
from services.payroll.rules.words import earned, measures, settled
from services.payroll.rules.words.said import Given, Language, Said, rupiah

__all__ = ["Language", "Said", "formula", "formula_of", "measured", "measured_of", "rupiah"]

_LINES = earned.LINES | settled.LINES


def formula_of(line: Line, base: str | None = None) -> Said:
    """How the line's amount came about. `base`: the rupiah a part or a cut was taken of, where they are known."""
    given = line["inputs"] if base is None else {**line["inputs"], "taken_of": base}
    return _LINES.get(line["kind"], _plain)(given)


def formula(line: Line, language: Language = "id") -> str:
    """How the line's amount came about, in one sentence."""
    return formula_of(line).in_(language)


def measured_of(result: Result) -> Said:
    """How a part's share came about."""
    return measures.result(result["inputs"], result["share"])


def measured(result: Result, language: Language = "id") -> str:
    """How a part's share came about, in one sentence."""
    return measured_of(result).in_(language)


def _plain(given: Given) -> Said:
    """The numbers as they stand, for a kind of line that has no sentence."""
    text = ", ".join(f"{name} {value}" for name, value in given.items())
    return Said(text, text)
