"""How one policy document differs from another, in words: what was added, taken out, or is otherwise."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.words import Said, rupiah

_KEYS = ("id", "code")
_MONEY = re.compile(r"(^|\.)(by_class\.\d+|basic\.\d+|rupiah|rupiah_per_point|floor)$")
_UNSAID = {"region", "format"}


class Difference(NamedTuple):
    """One place of the document: `place` as check names it, `rule` the name of the rule it is in, if it is in one.

    before, after: the values in words; None where it is not there.
    """

    place: str
    rule: str | None
    before: str | None
    after: str | None

    def said(self) -> Said:
        """In a sentence."""
        where = f"{self.rule}: {self.place}" if self.rule else self.place
        if self.before is None:
            return Said(f"{where}: ditambahkan, {self.after}", f"{where}: added, {self.after}")
        if self.after is None:
            return Said(f"{where}: dihapus (semula {self.before})", f"{where}: taken out (it was {self.before})")
        return Said(f"{where}: {self.before} menjadi {self.after}", f"{where}: {self.before} to {self.after}")


def differences(before: PolicyDocument, after: PolicyDocument) -> list[Difference]:
    """All that differs, in the order of the newer document; empty where both say the same."""
    return list(_between("", None, _plain(before), _plain(after)))


def _plain(document: PolicyDocument) -> dict[str, Any]:
    said = document.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {name: value for name, value in said.items() if name not in _UNSAID}


def _between(place: str, rule: str | None, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _entries(place, after.get("name", rule) if _keyed(after) else rule, before, after)
    elif isinstance(before, list) and isinstance(after, list) and _all_keyed([*before, *after]):
        yield from _entries(place, rule, _by_key(before), _by_key(after))
    else:
        yield Difference(place, rule, _value(place, before), _value(place, after))


def _entries(place: str, rule: str | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in [*after, *(key for key in before if key not in after)]:
        where = f"{place}.{key}" if place else str(key)
        if key not in before:
            yield Difference(where, _rule_of(after[key], rule), None, _value(where, after[key]))
        elif key not in after:
            yield Difference(where, _rule_of(before[key], rule), _value(where, before[key]), None)
        else:
            yield from _between(where, rule, before[key], after[key])


def _rule_of(value: Any, rule: str | None) -> str | None:
    name = value.get("name") if isinstance(value, Mapping) else None
    return str(name) if name else rule


def _keyed(value: Mapping[str, Any]) -> bool:
    return any(key in value for key in _KEYS)


def _all_keyed(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(one, Mapping) and _keyed(one) for one in values)


def _by_key(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(next(one[key] for key in _KEYS if key in one)): one for one in values}


def _value(place: str, value: Any) -> str:
    """A value as a person reads it: rupiah as rupiah, a rule by what it says."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(f'{place}.{key}', one)}" for key, one in value.items())
    if isinstance(value, list):
        return "; ".join(_value(place, one) for one in value) or "-"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if _MONEY.search(place) and str(value).isdigit():
        return rupiah(str(value))
    return str(value)
