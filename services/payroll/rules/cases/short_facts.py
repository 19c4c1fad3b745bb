"""From what an official writes to whole facts: `like` laid over `like`, and what a case need not say."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from services.payroll.rules.cases.file import Cases
from services.payroll.rules.facts import Facts
from services.payroll.rules.facts_format import FORMAT, facts_in
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.reading import Path, Source
from shared.period import period

_PERSON = {
    "id": "018f3c1e-0000-7000-8000-000000000001",
    "nip": "198609262015051001",
    "name": "Contoh",
    "status_asn": "PNS",
    "golongan": "III/b",
    "ptkp": "TK/0",
}
_POST: dict[str, Any] = {"position": "Analis", "unit": "Dinas Contoh"}
_DATED = {"attendance": "work_date", "activities": "work_date", "incidents": "on", "penalties": "effective_from"}
_FROM_FIRST_DAY = {
    "activities": "work_date",
    "incidents": "on",
    "penalties": "effective_from",
    "exemptions": "start",
    "instalments": "start",
    "consents": "valid_from",
}
_PLAIN: dict[str, dict[str, Any]] = {
    "activities": {"count": 1},
    "acting": {"id": "acting", "capacity": "Plt"},
    "carried": {"id": "carried"},
    "recoveries": {"id": "recovery"},
    "exemptions": {"id": "exemption"},
    "incidents": {"id": "incident"},
    "penalties": {"id": "penalty"},
    "instalments": {"id": "instalment"},
    "corrections": {"id": "correction", "paid": "-", "now": "-"},
    "staff": {"id": "staff"},
    "consents": {"id": "consent"},
}
_SATURDAY = 5


def facts_of_case(cases: Cases, at: int) -> Facts:
    """The facts of the case at a place of the file. Raises Unreadable with places in the file.

    Left out: a PNS III/b, TK/0, predikat baik, one post all month, Monday to Friday are workdays, no event.
    """
    return facts_in(_written_out(_laid_over(cases, at)))


def _laid_over(cases: Cases, at: int) -> Source:
    """All layers in one: mappings are joined, everything else is replaced by the later layer."""
    joined = Source({}, {(): cases.source.lines.get(("cases", at), 0)})
    for prefix in cases.begins_with(at):
        value = _at(cases.source.value, prefix)
        _join(joined.value, value)
        written = len(prefix)
        joined.lines |= {
            path[written:]: line for path, line in cases.source.lines.items() if path[:written] == prefix != path
        }
    return joined


def _at(value: Any, path: Path) -> dict[str, Any]:
    for step in path:
        value = value[step] if isinstance(step, int) else value.get(step, {})
    return value if isinstance(value, dict) else {}


def _join(into: dict[str, Any], value: dict[str, Any]) -> None:
    for key, entry in value.items():
        if isinstance(entry, dict) and isinstance(into.get(key), dict):
            _join(into[key], entry)
        else:
            into[key] = deepcopy(entry)


def _written_out(source: Source) -> Source:
    facts: dict[str, Any] = source.value
    start, end = _span(source)
    facts |= {"format": FORMAT, "start": start.isoformat(), "end": end.isoformat()}
    if isinstance(facts.setdefault("employee", {}), dict):
        facts["employee"] = _PERSON | facts["employee"]
    facts.setdefault("predikat", "baik")
    facts.setdefault("workdays", _weekdays(start, end))
    _write_segments(facts, start, end)
    for key in sorted(_PLAIN.keys() | _DATED.keys()):
        if isinstance(facts.get(key), list):
            _write_list(key, source, start, end)
    return source


def _span(source: Source) -> tuple[date, date]:
    """The first and last day: of `month: 2026-10`, or as `start` and `end` say."""
    facts = source.value
    try:
        if "month" in facts:
            of_month = period(str(facts.pop("month")))
            return of_month.first_day, of_month.last_day
        return date.fromisoformat(facts["start"]), date.fromisoformat(facts["end"])
    except KeyError:
        raise _refused(source, ("facts",), "the case names no month", "Write month: 2026-10") from None
    except (ValueError, TypeError):
        known = ("month",) if ("month",) in source.lines else ("start",)
        raise _refused(source, known, "this names no days", "Write month: 2026-10") from None


def _refused(source: Source, path: Path, message: str, remedy: str) -> Unreadable:
    return Unreadable((Problem(source.place(path), message, remedy),))


def _weekdays(start: date, end: date) -> int:
    days = max(0, (end - start).days + 1)
    return sum((start + timedelta(days=day)).weekday() < _SATURDAY for day in range(days))


def _write_segments(facts: dict[str, Any], start: date, end: date) -> None:
    """One post for the whole period from `kelas`, `position`, `unit`, `nilai_jabatan`; or the segments given."""
    post = _POST | {key: facts.pop(key) for key in ("position", "unit", "kelas", "nilai_jabatan") if key in facts}
    whole = {"start": start.isoformat(), "end": end.isoformat()}
    segments = facts.setdefault("segments", [{}])
    for at, given in enumerate(segments if isinstance(segments, list) else ()):
        if isinstance(given, dict):
            segment = post | whole | given
            segments[at] = {"workdays": _workdays_of(segment, whole, facts["workdays"])} | segment


def _workdays_of(segment: dict[str, Any], whole: dict[str, str], workdays: Any) -> Any:
    if segment | whole == segment:
        return workdays
    try:
        return _weekdays(date.fromisoformat(segment["start"]), date.fromisoformat(segment["end"]))
    except (ValueError, TypeError):
        return 0


def _write_list(key: str, source: Source, start: date, end: date) -> None:
    """Every entry with what it need not say; one of several `days` becomes an entry for each."""
    entries: list[Any] = []
    lines: dict[Path, int] = {}
    for at, entry in enumerate(source.value[key]):
        for one in _of_days(key, entry, (key, at), source, start) if isinstance(entry, dict) else (entry,):
            lines[key, len(entries)] = source.lines.get((key, at), 0)
            entries.append(_with_plain(key, one, len(entries), start, end) if isinstance(one, dict) else one)
    source.value[key] = entries
    kept = {path: line for path, line in source.lines.items() if path[:1] != (key,) or len(path) == 1}
    source.lines.clear()
    source.lines.update(kept | lines)


def _of_days(key: str, entry: dict[str, Any], path: Path, source: Source, start: date) -> Iterator[dict[str, Any]]:
    """`day: 5` and `days: [5, 6]` are days of the month in which the period begins."""
    named = [name for name in ("day", "days") if name in entry]
    if not named or key not in _DATED:
        yield entry
        return
    said = entry[named[0]]
    rest = {name: value for name, value in entry.items() if name != named[0]}
    for day in said if isinstance(said, list) else [said]:
        try:
            on = start.replace(day=day)
        except (ValueError, TypeError):
            message = f"{day!r} is no day of {start:%Y-%m}"
            raise _refused(source, (*path, named[0]), message, "Write day: 5, or days: [5, 6, 7]") from None
        yield {_DATED[key]: on.isoformat()} | rest


def _with_plain(key: str, entry: dict[str, Any], number: int, start: date, end: date) -> dict[str, Any]:
    plain = dict(_PLAIN.get(key, {}))
    if number and "id" in plain:
        plain["id"] = f"{plain['id']}-{number + 1}"
    if key in _FROM_FIRST_DAY:
        plain[_FROM_FIRST_DAY[key]] = start.isoformat()
    if key == "exemptions":
        plain["end"] = end.isoformat()
    return plain | entry
