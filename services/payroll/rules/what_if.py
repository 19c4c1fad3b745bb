"""A draft policy over a past month: who would win, who would lose, what it would cost. Amounts in whole rupiah."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pydantic import TypeAdapter

from services.payroll.rules.evaluate import Policy, evaluate
from services.payroll.rules.facts import Facts
from services.payroll.rules.statement import Line

# percent of what was paid: a person is in the band from one edge to the next, away from the middle
EDGES = (0, 5, 10, 20, 50)
QUANTILES = (0, 10, 25, 50, 75, 90, 100)
MOST = 20


class Outcome(NamedTuple):
    """What the draft comes to for one employee; `blocked` says why it could not be paid, or is empty.

    payable: TPP of the month that is paid out; gross: its cost to the region; net: what reaches the bank.
    """

    employee_id: str
    nip: str
    name: str
    unit: str
    kelas: int
    payable: int
    gross: int
    net: int
    blocked: str


class Compared(NamedTuple):
    """An employee under both policies: `before` is what the run paid, `after` what the draft would."""

    employee_id: str
    nip: str
    name: str
    unit: str
    kelas: int
    before: int
    after: int
    gross_before: int
    gross_after: int
    net_before: int
    net_after: int

    @property
    def difference(self) -> int:
        """Of TPP paid out."""
        return self.after - self.before


class Change(NamedTuple):
    """A line under both policies, in rupiah; 0 where one of them has no such line."""

    rule: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Group:
    """People of one unit, one kelas, or all: TPP paid out, cost to the region (gross), and net, before and after."""

    name: str
    people: int
    winners: int
    losers: int
    before: int
    after: int
    gross_before: int
    gross_after: int
    net_before: int
    net_after: int


@dataclass(frozen=True, slots=True)
class Band:
    """How many people's TPP changes by this many percent, and by how much in all.

    From `low` to `high`, the edge away from 0 included; None: without end. Both 0: unchanged.
    """

    low: int | None
    high: int | None
    people: int
    difference: int


@dataclass(frozen=True, slots=True)
class Report:
    """The whole what-if. `quantiles`: of the differences of TPP, by percent of the people; `blocked`: left out."""

    total: Group
    units: tuple[Group, ...]
    classes: tuple[Group, ...]
    bands: tuple[Band, ...]
    quantiles: tuple[tuple[int, int], ...]
    winners: tuple[Compared, ...]
    losers: tuple[Compared, ...]
    blocked: int


class Blocked(NamedTuple):
    """Whom the draft could not pay, and why."""

    nip: str
    name: str
    unit: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A draft over a past month's run: the report, everybody compared, and why the most changed do.

    reasons: by employee id, the lines that make the difference, of the report's winners and losers.
    """

    region: str
    period: str
    run_id: str
    run_kind: str
    policy_hash: str
    policy_name: str
    draft_hash: str
    draft_name: str
    report: Report
    people: tuple[Compared, ...]
    reasons: dict[str, tuple[Change, ...]]
    blocked: tuple[Blocked, ...]


_WHAT_IF = TypeAdapter(WhatIf)


def pack(found: WhatIf) -> bytes:
    """All of it, small: compressed JSON. The same what-if gives the same bytes."""
    return zlib.compress(_WHAT_IF.dump_json(found), level=6)


def unpack(packed: bytes) -> WhatIf:
    """What `pack` was given."""
    return _WHAT_IF.validate_json(zlib.decompress(packed))


def outcome(policy: Policy, facts: Facts) -> Outcome:
    """The draft's result for one employee, by the run's own function."""
    paid, employee = evaluate(policy, facts), facts.employee
    last = max(facts.segments, key=lambda segment: segment.end)
    blocked = "; ".join(one["message"] for one in paid.warnings if one["blocking"]) if paid.blocked else ""
    return Outcome(
        employee.id, employee.nip, employee.name, last.unit, last.kelas, paid.payable, paid.gross, paid.net, blocked
    )


def changes(before: Iterable[Line], after: Iterable[Line]) -> tuple[Change, ...]:
    """The lines that differ between two policies' statements, the greatest difference first. Bases are left out."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    names: dict[tuple[str, str], str] = {}
    for at, lines in enumerate((before, after)):
        for line in lines:
            if line["kind"] != "base":
                key = (line["kind"], line["rule"])
                names[key] = line["name"]
                sums[key][at] += int(line["amount"])
    found = [Change(key[1], names[key], *both) for key, both in sums.items() if both[0] != both[1]]
    return tuple(sorted(found, key=lambda one: (-abs(one.after - one.before), one.rule)))


def report(people: Sequence[Compared], blocked: int = 0) -> Report:
    """Everybody compared, summed up. `blocked`: how many the draft could not pay; they are not among `people`."""
    changed = sorted((one for one in people if one.difference), key=lambda one: (one.difference, one.nip))
    gained = [one for one in reversed(changed) if one.difference > 0]
    return Report(
        total=_group("", people),
        units=_groups(people, lambda one: one.unit),
        classes=_groups(people, lambda one: f"{one.kelas:02d}"),
        bands=_bands(people),
        quantiles=_quantiles(sorted(one.difference for one in people)),
        winners=tuple(gained[:MOST]),
        losers=tuple(one for one in changed[:MOST] if one.difference < 0),
        blocked=blocked,
    )


def _groups(people: Iterable[Compared], of: Callable[[Compared], str]) -> tuple[Group, ...]:
    found: dict[str, list[Compared]] = defaultdict(list)
    for one in people:
        found[of(one)].append(one)
    return tuple(_group(name, found[name]) for name in sorted(found))


def _group(name: str, people: Sequence[Compared]) -> Group:
    return Group(
        name=name,
        people=len(people),
        winners=sum(one.after > one.before for one in people),
        losers=sum(one.after < one.before for one in people),
        before=sum(one.before for one in people),
        after=sum(one.after for one in people),
        gross_before=sum(one.gross_before for one in people),
        gross_after=sum(one.gross_after for one in people),
        net_before=sum(one.net_before for one in people),
        net_after=sum(one.net_after for one in people),
    )


def _bands(people: Iterable[Compared]) -> tuple[Band, ...]:
    """From the greatest loss to the greatest gain; who was paid nothing and now is paid gains without end."""
    count: dict[int, list[int]] = defaultdict(list)
    for one in people:
        count[_band_of(one.difference, one.before)].append(one.difference)
    spans: list[tuple[int | None, int | None]] = [*pairwise(EDGES), (EDGES[-1], None)]
    falls = [(-high if high is not None else None, -low if low is not None else None) for low, high in reversed(spans)]
    every = [*falls, (0, 0), *spans]
    return tuple(
        Band(low, high, len(count[at - len(spans)]), sum(count[at - len(spans)]))
        for at, (low, high) in enumerate(every)
    )


def _band_of(difference: int, before: int) -> int:
    """0 unchanged, 1 to 5 the bands of a gain, -1 to -5 those of a loss."""
    if not difference:
        return 0
    within = sum(abs(difference) * 100 > edge * before for edge in EDGES)
    return within if difference > 0 else -within


def _quantiles(differences: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """By nearest rank: the difference that so many percent of the people do not exceed."""
    if not differences:
        return ()
    last = len(differences) - 1
    return tuple((percent, differences[max(0, -(-percent * (last + 1) // 100) - 1)]) for percent in QUANTILES)
