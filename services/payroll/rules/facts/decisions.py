"""Dated decisions and causes, each with its id."""

from dataclasses import dataclass

from services.payroll.rules.facts.words import STRICT, Covered, Day, Name, Whole
from shared.money import Percent, Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A disciplinary decision (hukuman disiplin), the day it takes effect, and its last day if it was lifted."""

    __pydantic_config__ = STRICT

    id: Name
    kind: Name
    effective_from: Day
    effective_to: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Any other dated cause of a cut: a raid, a missed rapat paripurna, an instalment of TGR."""

    __pydantic_config__ = STRICT

    id: Name
    kind: Name
    on: Day
    times: Whole = 1
    minutes: Whole = 0
    rupiah: Rupiah = 0
    percent: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """A debt (TGR) paid off: `monthly` from the month of `start` on, until `total` is reached."""

    __pydantic_config__ = STRICT

    id: Name
    kind: Name
    start: Day
    monthly: Rupiah
    total: Rupiah
    author: Name
    reason: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A decision, with author and reason, that what `rule` holds is cleared; with `held` only that one amount."""

    __pydantic_config__ = STRICT

    id: Name
    rule: Name
    on: Day
    author: Name
    reason: Name
    held: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A dated exemption, with author and reason: what `covers` names costs nothing between the days.

    covers: events; `rule:<id>` of a deduction or withholding; `part:<code>`, whose `workdays` within these days
    count as filled (all of them when the days span the whole period).
    """

    __pydantic_config__ = STRICT

    id: Name
    covers: tuple[Covered, ...]
    start: Day
    end: Day
    author: Name
    reason: Name
    workdays: Whole | None = None
