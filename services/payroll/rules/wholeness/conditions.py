"""Conditions: nobody is excluded by mistake, and no rule waits for someone who cannot exist."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from services.payroll.rules.document import PolicyDocument, When
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.payment import PPPK
from services.payroll.rules.wholeness.report import Report

_PNS = re.compile(r"(I|II|III|IV)/[a-e]")


def inspect(document: PolicyDocument, report: Report) -> None:
    """Every `when` of the document."""
    for path, when in _conditions(document, ()):
        _when(when, document, path, report)
    for at, rule in enumerate(document.entitlement):
        if rule.pays == 1:
            remedy = "Take it out: who is not named is paid in full"
            report.add(("entitlement", at, "pays"), "100 % changes nothing", remedy)


def _conditions(value: object, path: Path) -> Iterator[tuple[Path, When]]:
    """Every condition with its place, in the order of the document."""
    if isinstance(value, When):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _conditions(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from _conditions(one, (*path, at))


def _when(when: When, document: PolicyDocument, path: Path, report: Report) -> None:
    for name in type(when).model_fields:
        if getattr(when, name) == ():
            report.add((*path, name), "an empty list is met by nobody", "Name some, or take it out")
    for at, kelas in enumerate(when.kelas or ()):
        if kelas not in document.classes:
            message = f"class {kelas} does not exist here: this is never met"
            report.add((*path, "kelas", at), message, "Add it to `classes`, or take it out")
    for at, golongan in enumerate(when.golongan or ()):
        if not (_PNS.fullmatch(golongan) or golongan in PPPK):
            remedy = "Write I/a to IV/e, or for PPPK I to XVII"
            report.add((*path, "golongan", at), f"there is no golongan {golongan!r}", remedy)
    if when.flags and set(when.flags) <= set(when.without_flags or ()):
        report.add((*path, "flags"), "nobody can meet it: every flag is also excluded", "Take out one of the lists")
    if when.status_asn and when.golongan and not _possible(when):
        message = "nobody can meet it: none of these golongan belongs to these statuses"
        report.add((*path, "golongan"), message, "PNS and CPNS have I/a to IV/e, PPPK I to XVII")


def _possible(when: When) -> bool:
    statuses = when.status_asn or ()
    pns = any(status in ("PNS", "CPNS") for status in statuses)
    pppk = any(status in ("PPPK", "PPPK_PARUH_WAKTU") for status in statuses)
    return any(pns if _PNS.fullmatch(golongan) else pppk for golongan in when.golongan or ())
