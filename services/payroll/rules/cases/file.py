"""The format of a case file: what an official writes down, and the line on which it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, ValidationError, WithJsonSchema

from services.payroll.rules.document.values import Code, Strict, Text
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.reading import Path, Source, read
from shared.money import LIMIT, Percent, parse_spoken_rupiah

Amount = Annotated[
    int,
    PlainValidator(parse_spoken_rupiah),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": ["integer", "string"], "minimum": -LIMIT, "maximum": LIMIT}),
]
Totals = dict[
    Literal[
        "tpp",
        "suspended",
        "released",
        "corrected",
        "payable",
        "gross",
        "contributions",
        "tax",
        "recovered",
        "deductions",
        "net",
        "unrecovered",
    ],
    Amount,
]


class Expected(Strict):
    """What must come out; whatever is not named is not looked at. Amounts in whole rupiah.

    lines: by the id of a rule (of a part, a criterion) the sum of its lines, negative when it takes; `BK/disiplin`
    is the line of one criterion. A rule that takes nothing has 0. results: how well a part was filled.
    warnings: codes that must be among them. refused: words of the reason for which the facts, or the case's own
    policy, are refused.
    """

    lines: dict[Text, Amount] = Field(default_factory=dict)
    totals: Totals = Field(default_factory=dict)
    criteria: dict[Code, Amount] = Field(default_factory=dict)
    results: dict[Code, Percent] = Field(default_factory=dict)
    warnings: tuple[Code, ...] = ()
    blocked: Annotated[bool, Field(strict=True)] | None = None
    suspended_until: Text | None = None
    refused: Text | None = None


class Case(Strict):
    """One person's month and what it pays.

    like: another case of the file whose facts these begin with. policy: a document of the region's folder to use
    instead of the one in force on the month's first day. because: the arithmetic, by hand from the article.
    """

    id: Code
    name: Text
    like: Code | None = None
    source: Text | None = None
    because: Text | None = None
    policy: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.ya?ml$")] | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    expect: Expected


class CaseFile(Strict):
    """Cases of one region; `facts` is what all of them begin with."""

    format: Literal["takar.cases/1"]
    facts: dict[str, Any] = Field(default_factory=dict)
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Cases:
    """A file that was read, and where everything in it stands."""

    file: CaseFile
    source: Source

    def begins_with(self, at: int) -> list[Path]:
        """Where the facts of a case are written: what all share, then those it is like, then its own."""
        by_id = {case.id: number for number, case in enumerate(self.file.cases)}
        chain = [at]
        while (like := self.file.cases[chain[-1]].like) is not None:
            chain.append(by_id[like])
        return [("facts",), *(("cases", number, "facts") for number in reversed(chain))]


def read_cases(document: bytes | str) -> Cases:
    """The cases of a YAML file. Raises Unreadable naming every fault, its line and what to do."""
    source = read(document)
    if not isinstance(source.value, dict):
        raise Unreadable((Problem("document", "it holds no cases", "Begin with format: takar.cases/1"),))
    try:
        file = CaseFile.model_validate(source.value)
    except ValidationError as error:
        raise Unreadable(tuple(source.problem(one) for one in error.errors())) from None
    if problems := tuple(_faults(file, source)):
        raise Unreadable(problems)
    return Cases(file, source)


def _faults(file: CaseFile, source: Source) -> Iterator[Problem]:
    likes = {case.id: case.like for case in file.cases}
    seen: set[str] = set()
    for at, case in enumerate(file.cases):
        if case.id in seen:
            yield Problem(source.place(("cases", at, "id")), f"case {case.id!r} stands twice", "Rename one of them")
        seen.add(case.id)
        if not case.expect.model_fields_set:
            remedy = "Name at least one line or total, such as totals: {tpp: 4000000}"
            yield Problem(source.place(("cases", at, "expect")), "the case expects nothing", remedy)
        if case.like is not None and case.like not in likes:
            place = source.place(("cases", at, "like"))
            yield Problem(place, f"there is no case {case.like!r} in this file", "Name the id of one")
        elif _in_a_circle(case.id, likes):
            place = source.place(("cases", at, "like"))
            yield Problem(place, f"{case.id!r} is like itself in the end", "Let one of them stand by itself")


def _in_a_circle(case: str, likes: dict[str, str | None]) -> bool:
    seen, like = {case}, likes[case]
    while like is not None and like in likes:
        if like in seen:
            return True
        seen.add(like)
        like = likes[like]
    return False
