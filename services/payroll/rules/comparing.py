"""Why somebody's allowance differs from the one before, in words: what of the facts and the rules is not the same."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from services.payroll.rules.facts import Facts
from services.payroll.rules.words import Said, rupiah
from shared.money import digits


class Basis(NamedTuple):
    """What a statement was computed from. policy_hash: of the rules it was computed by."""

    facts: Facts
    policy_hash: str


def reasons(before: Basis, now: Basis) -> list[Said]:
    """What differs, the weightiest first; empty where neither facts nor rules explain it."""
    said = [_changed(look, before.facts, now.facts) for look in _LOOKS]
    found = [one for one in said if one is not None]
    if before.policy_hash != now.policy_hash:
        short = (before.policy_hash[:8], now.policy_hash[:8])
        found.append(Said(f"aturan {short[0]} menjadi {short[1]}", f"policy {short[0]} to {short[1]}"))
    return found


class _Look(NamedTuple):
    """One thing to look at: its name, and its value in words."""

    id: str
    en: str
    value: Callable[[Facts], str]


def _changed(look: _Look, before: Facts, now: Facts) -> Said | None:
    old, new = look.value(before), look.value(now)
    return None if old == new else Said(f"{look.id} {old} menjadi {new}", f"{look.en} {old} to {new}")


def _held(values: Sequence[str]) -> str:
    """What was held through the month, one after another."""
    return " + ".join(dict.fromkeys(values)) or "-"


_LOOKS = (
    _Look("kelas", "class", lambda facts: _held([str(one.kelas) for one in facts.segments])),
    _Look("jabatan", "position", lambda facts: _held([one.position for one in facts.segments])),
    _Look("status", "status", lambda facts: facts.employee.status_asn),
    _Look("golongan", "golongan", lambda facts: facts.employee.golongan),
    _Look("predikat", "predikat", lambda facts: facts.predikat or facts.predikat_missing or "-"),
    _Look("hari kerja", "workdays", lambda facts: str(sum(one.workdays for one in facts.segments))),
    _Look("menit kinerja", "approved minutes", lambda facts: digits(sum(one.minutes for one in facts.activities))),
    _Look(
        "hari tidak hadir", "days absent", lambda facts: str(sum(one.absence is not None for one in facts.attendance))
    ),
    _Look("hari cuti", "days of leave", lambda facts: str(sum(one.leave is not None for one in facts.attendance))),
    _Look("menit terlambat", "minutes late", lambda facts: str(sum(one.late_minutes for one in facts.attendance))),
    _Look("menit pulang cepat", "minutes early", lambda facts: str(sum(one.early_minutes for one in facts.attendance))),
    _Look(
        "lupa absen", "missing punches", lambda facts: str(sum(d.missing_in + d.missing_out for d in facts.attendance))
    ),
    _Look("apel ditinggalkan", "apel missed", lambda facts: str(sum(len(one.apel_missed) for one in facts.attendance))),
    _Look("Plt/Plh", "acting posts", lambda facts: _held([f"{one.capacity} {one.kelas}" for one in facts.acting])),
    _Look("hukuman disiplin", "penalties", lambda facts: _held([one.kind for one in facts.penalties])),
    _Look("angsuran", "instalments", lambda facts: _held([rupiah(one.monthly) for one in facts.instalments])),
    _Look("TPP tertunda", "TPP carried over", lambda facts: rupiah(sum(one.amount for one in facts.carried))),
    _Look("koreksi", "corrections", lambda facts: rupiah(sum(one.amount for one in facts.corrections))),
    _Look("penagihan", "recoveries", lambda facts: rupiah(sum(one.amount for one in facts.recoveries))),
    _Look("gaji kotor", "gross salary", lambda facts: rupiah(facts.salary.gross)),
    _Look("PTKP", "PTKP", lambda facts: facts.employee.ptkp),
)
