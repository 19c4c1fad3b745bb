"""Frozen facts: the canonical JSON that a run hashes and keeps, and the short way from it back to facts.

The way back checks nothing again, because a run wrote and hashed the bytes itself. `facts_from` reads the same data
with every check; both give equal facts (a test holds them against each other), and recomputation takes that one.

The ids of approved activities are kept beside the JSON: they are as many bytes as all the rest, and no amount and no
statement rests on them; who explains, or follows one activity, reads both.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from json import JSONEncoder
from types import NoneType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic_core import from_json

from services.payroll.rules.facts import ActivityDay, AttendanceDay, Facts
from services.payroll.rules.facts_format import facts_from, facts_to_dict
from shared.money import Percent, Rupiah, parse_percent

Reader = Callable[[Any], Any]
_ALIKE = frozenset({ActivityDay, AttendanceDay})  # few days differ: one object serves all who had the same


# sorted keys and no blanks: equal facts have equal bytes, and so the same hash
_canonical = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_PLACE = '"activities":"@"'  # as JSON this stands nowhere else: a quote inside a text is escaped
_ID_BYTES = 16


class Frozen(NamedTuple):
    """What is kept of one employee's facts, and what `inputs_hash` is of.

    facts: their canonical JSON, `takar.facts/1` without the ids of activities. activity_ids: those ids, 16 bytes each,
    of the first activity day as many as its `count`, then of the second, and so on.
    """

    facts: bytes
    activity_ids: bytes = b""

    @property
    def hash(self) -> str:
        """SHA-256 in hex of the length of `facts` (8 bytes, big-endian), `facts`, and `activity_ids`.

        Two different pairs never give the same bytes to hash. PostgreSQL says the same:
        encode(sha256(int8send(length(facts)) || facts || activity_ids), 'hex').
        """
        return sha256(len(self.facts).to_bytes(8) + self.facts + self.activity_ids).hexdigest()

    def whole(self) -> Facts:
        """The facts, checked, with the ids. Raises ValueError where either is not what a run writes."""
        return with_ids(facts_from(from_json(self.facts)), self.activity_ids)


def with_ids(facts: Facts, activity_ids: bytes) -> Facts:
    """The facts, each activity day with its ids. Raises ValueError where the ids are not as many as the days count."""
    if len(activity_ids) != _ID_BYTES * sum(day.count for day in facts.activities):
        raise ValueError("the ids are not as many as the activities")
    if not activity_ids:
        return facts
    ids = [str(UUID(bytes=activity_ids[at : at + _ID_BYTES])) for at in range(0, len(activity_ids), _ID_BYTES)]
    days, at = list[ActivityDay](), 0
    for day in facts.activities:
        days.append(replace(day, ids=tuple(ids[at : at + day.count])))
        at += day.count
    return replace(facts, activities=tuple(days))


def frozen_bytes(facts: Facts, activities: str = "") -> bytes:
    """The canonical JSON of facts. `activities`: those of facts that have none, in JSON and canonical already."""
    plain = facts_to_dict(facts)
    if not activities:
        return _canonical(plain).encode()
    return _canonical(plain | {"activities": "@"}).replace(_PLACE, f'"activities":{activities}', 1).encode()


def activities_from(activities: str) -> tuple[ActivityDay, ...]:
    """The activities in their frozen JSON."""
    return tuple(_ACTIVITY(one) for one in from_json(activities, cache_strings="keys"))


def frozen_facts(facts: bytes) -> Facts:
    """The facts in a run's frozen bytes, without ids; TypeError or ValueError where they are not what a run writes."""
    plain = from_json(facts, cache_strings="keys")
    del plain["format"]
    read: Facts = _FACTS(plain)
    return read


_SCALARS: tuple[tuple[Any, Reader], ...] = ((Rupiah, int), (Percent, parse_percent), (date, date.fromisoformat))


def _reader(hint: Any) -> Reader | None:
    """What makes a value of this type from its JSON; None where JSON's value is the value."""
    scalar = next((reader for kind, reader in _SCALARS if kind == hint), None)
    if scalar or is_dataclass(hint):
        return scalar or _of_class(hint)
    origin, of = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _of_list(_reader(of[0]))
    if origin is dict:
        return _of_mapping(_reader(of[1]))
    inner = [one for one in of[:1] if origin is Annotated] or [one for one in of if NoneType in of]
    return next((reader for one in inner if (reader := _reader(one))), None)


def _of_list(each: Reader | None) -> Reader:
    return tuple if each is None else lambda items: tuple(map(each, items))


def _of_mapping(each: Reader | None) -> Reader | None:
    return None if each is None else lambda items: {name: each(value) for name, value in items.items()}


def _of_class(kind: Any) -> Reader:
    hints = get_type_hints(kind, include_extras=True)
    readers = [(one.name, reader) for one in fields(kind) if (reader := _reader(hints[one.name]))]

    def read(plain: dict[str, Any]) -> Any:
        for name, reader in readers:
            if plain.get(name) is not None:
                plain[name] = reader(plain[name])
        return kind(**plain)

    return _shared(read) if kind in _ALIKE else read


def _shared(read: Reader) -> Reader:
    """One object for all that are equal: facts never change. Found by its JSON, so that it is read once."""

    @lru_cache(maxsize=16_384)
    def make(*items: tuple[str, Any]) -> Any:
        return read(dict(items))

    def share(plain: dict[str, Any]) -> Any:
        try:
            return make(*plain.items())
        except TypeError:  # a list in it has no hash
            return read(plain)

    return share


_FACTS, _ACTIVITY = _of_class(Facts), _of_class(ActivityDay)
