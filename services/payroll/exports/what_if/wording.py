"""What a what-if says in words, Indonesian and English."""

from typing import NamedTuple

from services.payroll.exports.wording import month
from services.payroll.rules.what_if import Band, WhatIf
from services.payroll.rules.words import Said, rupiah
from shared.money import digits


class Told(NamedTuple):
    """A title, what a screen reader says, and the lines under the title."""

    title: Said
    desc: Said
    lines: tuple[Said, ...]


def told(found: WhatIf) -> Told:
    """The what-if in a few sentences."""
    total = found.report.total
    change = total.after - total.before
    share = percent(change, total.before)
    title = Said(f"Andai: {found.draft_name}", f"What if: {found.draft_name}")
    people = counted(total.people)
    of = Said(
        f"TPP {month(found.period)}, run {found.run_kind}, {people.id}; yang berlaku: {found.policy_name}",
        f"TPP of {found.period}, run {found.run_kind}, {people.en}; in force: {found.policy_name}",
    )
    sums = f"TPP {rupiah(total.before)} → {rupiah(total.after)} ({signed(change)}, {share})"
    gross = total.gross_after - total.gross_before
    cost = Said(f"{sums}; biaya daerah {signed(gross)}", f"{sums}; cost to the region {signed(gross)}")
    same = total.people - total.winners - total.losers
    sides = Said(
        f"naik: {counted(total.winners).id}; turun: {counted(total.losers).id}; tetap: {counted(same).id}"
        + (f"; tidak dapat dihitung: {counted(found.report.blocked).id}" if found.report.blocked else ""),
        f"more: {counted(total.winners).en}; less: {counted(total.losers).en}; the same: {counted(same).en}"
        + (f"; could not be computed: {counted(found.report.blocked).en}" if found.report.blocked else ""),
    )
    lines = (of, cost, sides)
    desc = Said(". ".join(one.id for one in lines), ". ".join(one.en for one in lines))
    return Told(title, desc, lines)


def band_name(band: Band) -> Said:
    """ "naik 5 sampai 10 %", "turun lebih dari 50 %", "tetap"."""
    if band.low == 0 and band.high == 0:
        return Said("tetap", "unchanged")
    up = band.low is not None and band.low >= 0
    edges = sorted(abs(edge) for edge in (band.low, band.high) if edge is not None)
    word = Said("naik", "up") if up else Said("turun", "down")
    if len(edges) == 1:
        return Said(f"{word.id} lebih dari {edges[0]} %", f"{word.en} more than {edges[0]} %")
    return Said(f"{word.id} {edges[0]} sampai {edges[1]} %", f"{word.en} {edges[0]} to {edges[1]} %")


def counted(people: int) -> Said:
    """ "1.234 orang"."""
    return Said(f"{digits(people)} orang", f"{people:,} {'person' if people == 1 else 'people'}")


def signed(amount: int) -> str:
    """ "+Rp 1.000", "-Rp 1.000"."""
    return f"{'-' if amount < 0 else '+'}{rupiah(abs(amount))}"


def percent(change: int, whole: int) -> str:
    """To a tenth, towards zero: "+2,5 %"; a dash where nothing was paid before."""
    if not whole:
        return "—"
    tenths = abs(change) * 1000 // whole
    return f"{'-' if change < 0 else '+'}{tenths // 10},{tenths % 10} %"
