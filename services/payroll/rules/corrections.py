"""Corrections: what a run pays or takes back for earlier months, and how two statements of one month differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from services.payroll.rules.document.runs import Recovery
from services.payroll.rules.facts import Correction, Facts
from services.payroll.rules.statement import Line, Warned, line_of, ordered
from services.payroll.rules.warned import warned
from shared.money import percent_text

ALL = Fraction(1)
LONGEST_CAUSE = 300
MONTHLY = "induk"
WHAT = {MONTHLY: "TPP", "thr": "THR", "tpp13": "TPP ketiga belas", "terusan": "TPP terusan"}
"""What a correction is of, by the kind of run that paid it."""


@dataclass(slots=True)
class Corrected:
    """Whole rupiah that corrections add to what is payable, with a line each; negative: more is taken than paid.

    settled: each correction with what of it is paid or taken back now.
    """

    amount: int = 0
    settled: list[tuple[Correction, int]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


def corrected(corrections: Sequence[Correction], payable: int, recovery: Recovery | None) -> Corrected:
    """What earlier months were paid too little is paid whole; too much is taken back, the oldest month first.

    Never more is taken than there is, nor than the policy's share of it; the rest stays open for the next run.
    """
    done = Corrected()
    in_order = sorted(corrections, key=lambda one: (one.amount < 0, one.period, one.id))
    for one in in_order:
        if one.amount < 0:
            room = _room(payable + done.amount, payable, recovery, done)
            _add(done, one, -min(-one.amount, room), recovery)
        else:
            _add(done, one, one.amount, None)
    return done


def _room(left: int, payable: int, recovery: Recovery | None, done: Corrected) -> int:
    """What may still be taken back."""
    if recovery is None:
        return max(0, left)
    taken = sum(-int(line["amount"]) for line in done.lines if line["amount"].startswith("-"))
    given = sum(int(line["amount"]) for line in done.lines) + taken
    most = (payable + given) * recovery.at_most.numerator // recovery.at_most.denominator
    return max(0, min(left, most - taken))


def _add(done: Corrected, one: Correction, amount: int, recovery: Recovery | None) -> None:
    inputs = {"cause": one.cause, "now": one.now, "open": str(one.amount), "paid": one.paid, "period": one.period}
    article = ""
    if recovery is not None:
        article = recovery.article
        share = recovery.at_most
        inputs["at_most"] = percent_text(share.numerator, share.denominator)
    if one.kind != MONTHLY:
        inputs["kind"] = one.kind
    done.amount += amount
    done.settled.append((one, amount))
    name = f"Koreksi {WHAT[one.kind]} {one.period}"
    done.lines.append(line_of("correction", amount, ordered(inputs), rule=one.id, name=name, article=article))
    if amount != one.amount:
        done.warnings.append(warned("correction-open", what=name, amount=str(amount - one.amount)))


class Change(NamedTuple):
    """A fact that differs between two computations of a month, in words that are the same in both languages."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what} {self.before} menjadi {self.after}"


def changes(before: Facts, after: Facts) -> list[Change]:
    """Which facts of the month differ, by what people call them; the policy is not among the facts."""
    if any(one.id == EARLY for one in before.exemptions) and not any(one.id == EARLY for one in after.exemptions):
        return [Change("pembayaran di muka 100 %", "dihitung di muka", "realisasi")]
    pairs = zip(_told(before), _told(after), strict=True)
    return [Change(what, old, new) for (what, old), (_, new) in pairs if old != new]


EARLY = "dibayar-awal"
"""The id of the exemption by which a month paid early counts as filled."""


def _told(facts: Facts) -> Iterator[tuple[str, str]]:
    employee = facts.employee
    share = facts.payment.share if facts.payment else ALL
    yield "bagian yang dibayar", percent_text(share.numerator, share.denominator)
    yield "jabatan", ", ".join(f"{one.position} ({one.start.day}-{one.end.day})" for one in facts.segments)
    yield "kelas jabatan", _steps(str(one.kelas) for one in facts.segments)
    yield "unit", _steps(one.unit for one in facts.segments)
    yield "status", f"{employee.status_asn} {employee.golongan}"
    yield "Plt/Plh", ", ".join(f"kelas {one.kelas}, {one.workdays} hari" for one in facts.acting) or "tidak ada"
    yield "predikat", (facts.predikat or facts.predikat_missing or "tidak ada").replace("_", " ")
    minutes = sum(day.minutes for day in facts.activities)
    yield "kegiatan disetujui", f"{sum(day.count for day in facts.activities)} ({minutes} menit)"
    yield "kehadiran", "; ".join(sorted(map(_day, facts.attendance))) or "tanpa kejadian"
    yield "hari kerja", str(facts.workdays)
    yield "atasan menilai", "ya" if employee.assessed_staff else "tidak"
    scores = ", ".join(
        f"{name} {percent_text(share.numerator, share.denominator)}" for name, share in sorted(facts.scores.items())
    )
    yield "nilai", scores or "tidak ada"
    yield "sejak Januari", ", ".join(f"{event} {count}" for event, count in sorted(facts.ytd.items())) or "tidak ada"
    decided = [one.kind for one in facts.penalties] + [one.kind for one in facts.incidents]
    decided += [one.kind for one in facts.instalments] + [one.id for one in facts.exemptions]
    yield "keputusan", ", ".join(sorted(decided)) or "tidak ada"


def _steps(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _day(day: Any) -> str:
    said = [f"terlambat {day.late_minutes}"] if day.late_minutes else []
    said += [f"pulang cepat {day.early_minutes}"] if day.early_minutes else []
    said += ["tanpa rekam masuk"] if day.missing_in else []
    said += ["tanpa rekam pulang"] if day.missing_out else []
    said += [name.replace("_", " ") for name in (day.absence, day.leave, *day.apel_missed) if name]
    return f"{day.work_date:%m-%d} {', '.join(said) or 'hadir'}"


def cause_in_words(title: str, changed: Sequence[Change]) -> str:
    """One sentence for the line: what happened, and the facts that changed by it."""
    said = f"{title}: {'; '.join(map(str, changed))}" if changed else title
    return said if len(said) <= LONGEST_CAUSE else said[: LONGEST_CAUSE - 3] + "..."


class LineDifference(NamedTuple):
    """A line as it stood and as it is now, in whole rupiah; None where there was none. `inputs`: of both."""

    kind: str
    rule: str
    name: str
    article: str
    before: int | None
    after: int | None
    inputs_before: Mapping[str, Any] | None
    inputs_after: Mapping[str, Any] | None

    @property
    def difference(self) -> int:
        return (self.after or 0) - (self.before or 0)


def line_differences(before: Sequence[Line], after: Sequence[Line]) -> list[LineDifference]:
    """Every line whose amount or numbers differ, in the order of the statement as it is now."""
    old, new = _keyed(before), _keyed(after)
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if was and now and (was["amount"], was["inputs"]) == (now["amount"], now["inputs"]):
            continue
        line = now or was
        if line is None:
            continue
        found.append(
            LineDifference(
                kind=line["kind"],
                rule=line["rule"],
                name=line["name"],
                article=line["article"],
                before=int(was["amount"]) if was else None,
                after=int(now["amount"]) if now else None,
                inputs_before=was["inputs"] if was else None,
                inputs_after=now["inputs"] if now else None,
            )
        )
    return found


def _keyed(lines: Sequence[Line]) -> dict[tuple[str, str, str, int], Line]:
    """A rule may have several lines: they are told apart by their criterion, then by their place."""
    keyed: dict[tuple[str, str, str, int], Line] = {}
    for line in lines:
        named = line["kind"], line["rule"], str(line["inputs"].get("criterion", ""))
        place = sum(key[:3] == named for key in keyed)
        keyed[(*named, place)] = line
    return keyed
