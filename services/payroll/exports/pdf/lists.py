"""The nominative list and the recap of a run, as offices sign them: rows, totals, the amount in words."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from services.payroll.exports.pdf.typesetting import typeset
from services.payroll.exports.records import Exported, Office, Paid, Totals
from services.payroll.exports.settings import ExportSettings, Signatory
from services.payroll.exports.wording import KINDS, in_words, month, rupiah
from shared.errors import Refused
from shared.money import digits

MOST_CRITERIA = 6  # more do not fit beside the other columns: the rest stand together

MOST_ROWS = 2000  # a quarter of a megabyte a row while it is set
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


class _Money(NamedTuple):
    """A column of amounts: its name, and what of a statement stands in it."""

    name: str
    of: Callable[[Paid], int]
    group: str = ""


def nominative_pdf(run: Exported, settings: ExportSettings, *, office: str | None = None) -> bytes:
    """The nominative list: a section an OPD; `office`: of one alone, by its code.

    Raises Refused for a whole run that is too large for one document.
    """
    if office is None and len(run.paid) > MOST_ROWS:
        raise Refused(f"{len(run.paid)} statements are too many for one document: ask for nominative.zip, or by office")
    return typeset("lists", nominative_data(run, settings, office=office), made_at=run.made_at, tagged=False)


def nominative_zip(run: Exported, settings: ExportSettings) -> bytes:
    """A nominative list an office, each a document of its own as offices sign them, and the region's recap."""
    offices = enumerate(run.offices(), start=1)
    named = {
        f"{number:03}-{_UNSAFE.sub('_', one.code or one.name)[:60]}.pdf": nominative_pdf(run, settings, office=one.code)
        for number, one in offices
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (named | {"rekapitulasi.pdf": recap_pdf(run, settings)}).items():
            archive.writestr(zipfile.ZipInfo(name), content)  # dated 1980, whenever it is made
    return held.getvalue()


def recap_pdf(run: Exported, settings: ExportSettings) -> bytes:
    """A line an OPD, and the region's total."""
    return typeset("lists", recap_data(run, settings), made_at=run.made_at, tagged=False)


def nominative_data(run: Exported, settings: ExportSettings, *, office: str | None = None) -> dict[str, Any]:
    """What the template sets. Without `office` the last section is the region's recap, equal to the run's totals."""
    chosen = [one for one in run.offices() if office in (None, one.code)]
    sections = [_nominative(run, settings, one) for one in chosen]
    if office is None:
        sections.append(_recap(run, settings))
    return _document(run, f"Daftar nominatif TPP {month(run.period)}", sections)


def recap_data(run: Exported, settings: ExportSettings) -> dict[str, Any]:
    return _document(run, f"Rekapitulasi TPP {month(run.period)}", [_recap(run, settings)])


def _document(run: Exported, title: str, sections: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": title,
        "region": run.region,
        "footer": f"{run.region} · TPP {KINDS.get(run.kind, run.kind)} {run.period} · run {run.run_id}",
        "draft": not run.final,
        "sections": list(sections),
    }


def _money(run: Exported) -> list[_Money]:
    """The columns that hold anything in this run; those that are paid first, then those that are taken."""
    codes = [code for code in run.criteria if any(one.by_criterion().get(code) for one in run.paid)]
    single, rest = (
        (codes, []) if len(codes) <= MOST_CRITERIA else (codes[: MOST_CRITERIA - 1], codes[MOST_CRITERIA - 1 :])
    )
    paid = [_Money(run.criteria[code], _criterion(code), "Penghasilan") for code in single]
    paid.append(_Money("TPP", _criterion(""), "Penghasilan"))
    if rest:
        paid.append(_Money("Kriteria lain", _criteria(rest), "Penghasilan"))
    paid += [
        _Money("Tunj. PPh", lambda one: one.tax_allowance, "Penghasilan"),
        _Money("Iuran pemberi kerja", lambda one: one.employer, "Penghasilan"),
    ]
    taken = [
        _Money("Iuran pemberi kerja", lambda one: one.employer, "Potongan"),
        _Money("Iuran pegawai", lambda one: one.taken("contribution", payer="employee"), "Potongan"),
        _Money("PPh 21", lambda one: one.tax, "Potongan"),
        _Money("Pemulihan", lambda one: one.taken("recovery"), "Potongan"),
    ]
    return [
        *(one for one in paid if any(map(one.of, run.paid))),
        _Money("Jumlah kotor", lambda one: one.gross, "Penghasilan"),
        *(one for one in taken if any(map(one.of, run.paid))),
        _Money("Jumlah potongan", lambda one: one.deductions, "Potongan"),
        _Money("Jumlah bersih", lambda one: one.net),
    ]


def _criterion(code: str) -> Callable[[Paid], int]:
    return lambda one: one.by_criterion().get(code, 0)


def _criteria(codes: Sequence[str]) -> Callable[[Paid], int]:
    return lambda one: sum(one.by_criterion().get(code, 0) for code in codes)


def _nominative(run: Exported, settings: ExportSettings, office: Office) -> dict[str, Any]:
    money = _money(run)
    first = [_text("No", width=2.2), _text("Nama / NIP", 3.2), _text("Gol.", width=3), _text("Jabatan / kelas", 2.6)]
    last = [_text("Rekening", 2.2), _text("Tanda tangan", 1.5)]
    rows = [_row(number, one, money) for number, one in enumerate(office.paid, start=1)]
    totals = ["", "Jumlah", "", "", *(digits(sum(map(column.of, office.paid))) for column in money), "", ""]
    return {
        "title": f"Daftar nominatif tambahan penghasilan pegawai ({KINDS.get(run.kind, run.kind)})",
        "subtitle": f"Bulan {month(run.period)}",
        "facts": [["Perangkat daerah", f"{office.name} ({office.code})" if office.code else office.name]],
        "columns": [*first, *(_amounts(one.name, totals[at]) for at, one in enumerate(money, start=4)), *last],
        "groups": _groups(len(first), money, len(last)),
        "rows": rows,
        "totals": totals,
        "size": 7.5 if len(money) <= 9 else 6.5,
        **_closing(run, settings, office.totals, settings.signing_for(office.code)),
    }


def _row(number: int, one: Paid, money: Sequence[_Money]) -> list[Any]:
    account = [one.account.number, one.account.bank_name] if one.account else ["belum ada rekening"]
    return [
        str(number),
        [one.name, one.nip],
        one.golongan,
        [one.position, f"kelas {one.kelas}"],
        *(digits(column.of(one)) for column in money),
        account,
        f"{number}.",
    ]


def _groups(before: int, money: Sequence[_Money], after: int) -> list[dict[str, Any]]:
    """The header's upper row: which columns are paid, which are taken."""
    found = [{"name": "", "span": before}]
    for column in money:
        if found[-1]["name"] == column.group:
            found[-1]["span"] = int(str(found[-1]["span"])) + 1
        else:
            found.append({"name": column.group, "span": 1})
    return [*found[:-1], {"name": "", "span": 1 + after}]


def _text(name: str, share: float | None = None, *, width: float | None = None) -> dict[str, Any]:
    return {"name": name, "share": share, "width": width, "right": False}


def _amounts(name: str, widest: str) -> dict[str, Any]:
    """As wide as its total or the longest word of its name, in em of the list's own letters."""
    longest_word = max(map(len, name.split()))
    return {"name": name, "share": None, "width": max(0.5 * len(widest), 0.6 * longest_word), "right": True}


def _recap(run: Exported, settings: ExportSettings) -> dict[str, Any]:
    money, offices = _money(run), run.offices()
    columns = [_text("No", width=2.4), _text("Kode", 1.0), _text("Perangkat daerah", 4.0)]
    rows = [
        [
            str(number),
            one.code,
            one.name,
            digits(one.totals.count),
            *(digits(sum(map(column.of, one.paid))) for column in money),
        ]
        for number, one in enumerate(offices, start=1)
    ]
    sums = [digits(sum(map(column.of, run.paid))) for column in money]
    totals = ["", "", "Jumlah", digits(run.totals.count), *sums]
    counted = [
        _amounts("Pegawai", totals[3]),
        *(_amounts(one.name, total) for one, total in zip(money, sums, strict=True)),
    ]
    return {
        "title": f"Rekapitulasi tambahan penghasilan pegawai ({KINDS.get(run.kind, run.kind)})",
        "subtitle": f"Bulan {month(run.period)}",
        "facts": [["Perangkat daerah", digits(len(offices))], ["Dasar", run.policy]],
        "columns": [*columns, *counted],
        "groups": _groups(4, money, 0),
        "rows": rows,
        "totals": totals,
        "size": 8.5 if len(money) <= 9 else 7,
        **_closing(run, settings, run.totals, settings.signing_for("")),
        "notes": [f"Sidik (digest) {run.digest}", f"Akar Merkle {run.root}", f"Kebijakan {run.policy_hash}"],
    }


def _closing(run: Exported, settings: ExportSettings, totals: Totals, people: Sequence[Signatory]) -> dict[str, Any]:
    year = run.period[:4]
    return {
        "sums": [
            ["Jumlah pegawai", digits(totals.count)],
            ["Jumlah kotor", rupiah(totals.gross)],
            ["Jumlah potongan", rupiah(totals.deductions)],
            ["Jumlah bersih", rupiah(totals.net)],
            ["Hash total rekening", totals.hash_total],
        ],
        "words": in_words(totals.net),
        "notes": [],
        "signatories": [{"title": one.title, "name": one.name, "nip": one.nip, "rank": one.rank} for one in people],
        "place": f"{settings.place or '.' * 30}, {'.' * 30} {year}",
    }
