"""Whose a machine's number is, by date: a number may pass to another person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PinTerm:
    """From `valid_from` to `valid_to`, both included; None: open."""

    employee_id: UUID
    valid_from: date
    valid_to: date | None = None


def plain_pin(text: str) -> str:
    """Machines and people pad numbers with blanks or zeros, and not always the same way: they are taken off."""
    pin = text.strip()
    return (pin.lstrip("0") or "0") if pin.isdigit() else pin


def mapped(held: Iterable[PinTerm], new: PinTerm) -> tuple[PinTerm, ...]:
    """A number's terms after a new one: earlier ones end the day before it, one of the same day gives way.

    Where a later term is known already, the new one lasts until that begins. By date.
    """
    others = [term for term in held if term.valid_from != new.valid_from]
    before = [_ended(term, new.valid_from - _DAY) for term in others if term.valid_from < new.valid_from]
    after = [term for term in others if term.valid_from > new.valid_from]
    if after:
        new = _ended(new, min(term.valid_from for term in after) - _DAY)
    return tuple(sorted([*before, new, *after], key=lambda term: term.valid_from))


def held_on(terms: Iterable[PinTerm], day: date) -> bool:
    """Whether the number was somebody's on a day."""
    return any(term.valid_from <= day and (term.valid_to is None or day <= term.valid_to) for term in terms)


def _ended(term: PinTerm, last: date) -> PinTerm:
    return term if term.valid_to is not None and term.valid_to <= last else replace(term, valid_to=last)
