"""A month counted straight from the office's files, for the second computation of the money."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from deploy.demo.by_hand import Month
from deploy.demo.office.model import FIRST_DAY, LAST_DAY, Office
from deploy.demo.office.presence import ENDS, FRIDAY_ENDS, STARTS, workdays

Punched = Mapping[tuple[str, date], Sequence[datetime]]  # by NIP and day, ascending


def months(office: Office, folder: Path, *, apel_by: time) -> dict[str, Month]:
    """By NIP: what the attendance files, the leave list and the salary file say of the month."""
    salaries = {row["NIP"]: row for row in _rows(folder / "gaji.csv")}
    away = {
        (row["NIP"], day): row["Jenis"]
        for row in _rows(folder / "cuti-dan-dinas-luar.csv")
        for day in _days(date.fromisoformat(row["Dari"]), date.fromisoformat(row["Sampai"]))
    }
    punched, flags = _punched(folder), _flags(folder)
    counted: dict[str, Month] = {}
    for person in office.people:
        salary = salaries[person.nip]
        month = counted[person.nip] = Month(
            kelas=person.post.kelas,
            status_asn=person.status_asn,
            golongan=person.golongan,
            ptkp=person.ptkp,
            salary_gross=int(salary["Gaji Kotor"]),
            salary_tax=int(salary["PPh Gaji"]),
            salary_bpjs_base=int(salary["Dasar BPJS"]),
            workdays=len(workdays(office)),
            flags=frozenset(flags.get(person.nip, ())),
        )
        for day in workdays(office):
            _count(month, day, punched.get((person.nip, day), ()), away.get((person.nip, day)), apel_by)
    return counted


def _count(month: Month, day: date, punches: Sequence[datetime], away: str | None, apel_by: time) -> None:
    """One workday: leave and duty stand over punches; nothing at all is absence."""
    if away is not None:
        month.leave += away != "dinas_luar"
        month.duty += away == "dinas_luar"
        return
    starts = datetime.combine(day, STARTS)
    ends = datetime.combine(day, FRIDAY_ENDS if day.weekday() == 4 else ENDS)
    noon = starts + (ends - starts) / 2
    came = next((at for at in punches if at <= noon), None)
    left = next((at for at in reversed(punches) if at > noon), None)
    if day.weekday() == 0 and (came is None or came.time() > apel_by):
        month.apel_missed += 1
    if came is None and left is None:
        month.absent += 1
        return
    if came is not None and (late := (came - starts) // timedelta(minutes=1)) > 0:
        month.late.append(late)
    if left is not None and (early := (ends - left) // timedelta(minutes=1)) > 0:
        month.early.append(early)


def _punched(folder: Path) -> Punched:
    """Each machine's readable lines, by the person its PIN stands for."""
    people = {(row["Mesin"], row["PIN"]): row["NIP"] for row in _rows(folder / "pin.csv")}
    found: dict[tuple[str, date], list[datetime]] = {}
    for file in sorted(folder.glob("*_attlog.dat")):
        site = file.name.removesuffix("_attlog.dat")
        for line in file.read_text().splitlines():
            fields = line.split("\t")
            if len(fields) < 3:
                continue
            at = datetime.strptime(fields[1], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - a machine's local time
            found.setdefault((people[site, fields[0].strip()], at.date()), []).append(at)
    return {key: sorted(moments) for key, moments in found.items()}


def _flags(folder: Path) -> Mapping[str, Sequence[str]]:
    """By NIP: what the office's table says of somebody."""
    found: dict[str, list[str]] = {}
    for row in _rows(folder / "keadaan.csv") if (folder / "keadaan.csv").exists() else ():
        if row["Jenis"] == "tanda":
            found.setdefault(row["NIP"], []).append(row["Kode"])
    return found


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if FIRST_DAY <= day <= LAST_DAY:
            yield day


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))
