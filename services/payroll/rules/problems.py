"""What is wrong with a document, said so that its author can put it right."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One fault: its place (path and line), what is wrong, and what to do."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.remedy}"


class Unreadable(ValueError):
    """The document cannot be used; `problems` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems
