"""The chart of a what-if: how many win and lose by how much, the cost by class, the units that change most."""

from collections.abc import Sequence

from services.payroll.exports.what_if.svg import FAINT, Drawing
from services.payroll.exports.what_if.wording import band_name, counted, percent, signed, told
from services.payroll.rules.what_if import Band, Group, WhatIf
from services.payroll.rules.words import Language, Said, rupiah

# told apart also by those who see no red and green; every bar says in words what it is
LOSS, GAIN, SAME, BEFORE = "#b35806", "#2166ac", "#8a8a8a", "#bdbdbd"
WIDTH, LEFT, RIGHT = 1060, 230, 760
MOST_UNITS = 12
SHORT = 30

_DISTRIBUTION = Said("Perubahan TPP per pegawai", "Change of TPP by employee")
_BY_CLASS = Said(
    "Biaya per kelas jabatan (bruto): sebelum (abu-abu, atas) dan sesudah (biru, bawah)",
    "Cost by class (gross): before (grey, above) and after (blue, below)",
)
_BY_UNIT = Said("Unit kerja dengan perubahan biaya terbesar (bruto)", "Units whose cost changes most (gross)")
_KELAS = Said("kelas", "class")
_BEFORE, _AFTER = Said("sebelum", "before"), Said("sesudah", "after")


def chart(found: WhatIf, language: Language = "id") -> bytes:
    """The chart as SVG. Bars carry their numbers as text, so that nothing is told by length or colour alone."""
    words = told(found)
    drawing = Drawing(WIDTH, words.title.in_(language), words.desc.in_(language))
    drawing.text(24, 36, words.title.in_(language), size=19, bold=True)
    for number, line in enumerate(words.lines):
        drawing.text(24, 60 + 20 * number, line.in_(language), ink=FAINT)
    y = _distribution(drawing, found.report.bands, 72 + 20 * len(words.lines), language)
    y = _classes(drawing, found.report.classes, y, language)
    y = _units(drawing, found.report.units, y, language)
    return drawing.svg(y)


def _heading(drawing: Drawing, y: int, said: Said, language: Language) -> int:
    drawing.text(24, y + 26, said.in_(language), size=15, bold=True)
    return y + 40


def _distribution(drawing: Drawing, bands: Sequence[Band], y: int, language: Language) -> int:
    y = _heading(drawing, y, _DISTRIBUTION, language)
    most = max((band.people for band in bands), default=0) or 1
    for band in bands:
        name, people = band_name(band).in_(language), counted(band.people).in_(language)
        fill = (
            SAME
            if band.high == 0 and band.low == 0
            else GAIN
            if (band.low or 0) >= 0 and band.low is not None
            else LOSS
        )
        width = (RIGHT - LEFT) * band.people // most
        drawing.text(LEFT - 10, y + 15, name, anchor="end")
        drawing.bar(LEFT, y + 2, width=width, height=17, fill=fill, told=f"{name}: {people}")
        amount = f", {signed(band.difference)}" if band.difference else ""
        drawing.text(LEFT + width + 8, y + 15, f"{people}{amount}")
        y += 23
    return y + 8


def _classes(drawing: Drawing, classes: Sequence[Group], y: int, language: Language) -> int:
    y = _heading(drawing, y, _BY_CLASS, language)
    most = max((max(one.gross_before, one.gross_after) for one in classes), default=0) or 1
    for one in classes:
        name = f"{_KELAS.in_(language)} {int(one.name)} ({counted(one.people).in_(language)})"
        drawing.text(LEFT - 10, y + 17, name, anchor="end")
        for at, (amount, fill, when) in enumerate(
            ((one.gross_before, BEFORE, _BEFORE), (one.gross_after, GAIN, _AFTER))
        ):
            width = (RIGHT - LEFT) * amount // most
            words = f"{name}, {when.in_(language)}: {rupiah(amount)}"
            drawing.bar(LEFT, y + 1 + 12 * at, width=width, height=10, fill=fill, told=words)
        words = f"{rupiah(one.gross_after)} ({_difference(one)})"
        drawing.text(RIGHT + 8, y + 17, words, size=12)
        y += 30
    return y + 8


def _units(drawing: Drawing, units: Sequence[Group], y: int, language: Language) -> int:
    """Bars to the left for less, to the right for more, from an axis in the middle."""
    y = _heading(drawing, y, _BY_UNIT, language)
    shown = sorted(units, key=lambda one: (-abs(one.gross_after - one.gross_before), one.name))[:MOST_UNITS]
    most = max((abs(one.gross_after - one.gross_before) for one in shown), default=0) or 1
    middle = (LEFT + RIGHT) // 2
    drawing.line(middle, y, y + 23 * len(shown))
    for one in shown:
        change = one.gross_after - one.gross_before
        width = (RIGHT - LEFT) // 2 * abs(change) // most
        words = f"{one.name} ({counted(one.people).in_(language)}): {_difference(one)}"
        x, fill = (middle, GAIN) if change >= 0 else (middle - width, LOSS)
        drawing.text(
            LEFT - 10, y + 15, one.name if len(one.name) <= SHORT else f"{one.name[: SHORT - 1]}…", anchor="end"
        )
        drawing.bar(x, y + 2, width=width, height=17, fill=fill, told=words)
        drawing.text(RIGHT + 8, y + 15, _difference(one), size=12)
        y += 23
    return y + 24


def _difference(one: Group) -> str:
    change = one.gross_after - one.gross_before
    return f"{signed(change)}, {percent(change, one.gross_before)}"
