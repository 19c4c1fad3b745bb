"""What a person should look at: each warning's sentence in both languages, made from the values it keeps."""

from collections.abc import Mapping

from services.payroll.rules.statement import Warned
from services.payroll.rules.words.measures import PREDIKAT_MISSING
from services.payroll.rules.words.said import Language, Said, rupiah

# of several, the first whose values are all there
SENTENCES: Mapping[str, tuple[Said, ...]] = {
    "base-missing": (
        Said(
            "{criterion} tidak punya basis untuk kelas {kelas} dalam aturan atau data ini: tidak dibayar",
            "{criterion} has no base for kelas {kelas} in this policy or these facts: nothing is paid for it",
        ),
    ),
    "carried-forward": (
        Said(
            "{what}: {amount} belum dapat dipotong dan dibawa ke masa berikutnya",
            "{what}: {amount} could not be taken and is carried to the next period",
        ),
    ),
    "contribution-overpaid": (
        Said(
            "{rule}: {amount} terlalu banyak diiurkan untuk bulan-bulan lalu; "
            "yang menyelesaikannya penyelenggara jaminan, bukan TPP",
            "{rule}: {amount} was contributed too much for earlier months; the scheme settles it, not TPP",
        ),
    ),
    "contribution-table-missing": (
        Said(
            "tidak ada tabel {scheme} yang berlaku pada {period}: tidak ada yang dipotong untuknya",
            "no table of {scheme} holds in {period}: nothing is taken for it",
        ),
        Said(
            "tidak ada tabel {scheme} yang berlaku pada {on}: tidak ada yang dipotong",
            "no table of {scheme} holds on {on}: nothing is taken",
        ),
    ),
    "correction-open": (
        Said(
            "{what}: {amount} belum dapat ditarik kembali dan tetap terbuka untuk pembayaran berikutnya",
            "{what}: {amount} could not be taken back yet and stays open for the next run",
        ),
    ),
    "pension-unknown": (
        Said(
            "iuran pensiun tahun ini tidak diketahui: iuran itu mengurangi pajak",
            "no iuran pensiun is known of this year: it would lower the tax",
        ),
    ),
    "predikat-missing": (
        Said("belum ada predikat ({reason}): dibayar sebagai {paid}", "no predikat ({reason}): paid as {paid}"),
    ),
    "ptkp-unknown": (
        Said(
            "status PTKP {ptkp!r} tidak ada dalam tabel pajak {on}",
            "PTKP status {ptkp!r} is not in the tax table of {on}",
        ),
    ),
    "rating-missing": (
        Said(
            "{rating!r} bernilai {given!r}, yang tidak punya baris: dibayar sebagai {paid}",
            "{rating!r} is rated {given!r}, without a row: paid as {paid}",
        ),
        Said("belum ada nilai {rating!r}: dibayar sebagai {paid}", "no rating {rating!r}: paid as {paid}"),
    ),
    "salary-unknown": (
        Said(
            "gaji bulan ini tidak diketahui: pajak dihitung seperti atas TPP saja",
            "no salary is known of this month: the tax is taken as on TPP alone",
        ),
    ),
    "score-missing": (Said("belum ada angka {score!r}: dibayar sebagai {paid}", "no score {score!r}: paid as {paid}"),),
    "tax-over-withheld": (
        Said(
            "pajak tahun ini terlalu banyak dipotong {amount} melebihi yang dapat dikembalikan TPP: "
            "gaji yang mengembalikan",
            "{amount} of tax was withheld too much this year beyond what TPP can give back: salary returns it",
        ),
    ),
    "tax-rate-missing": (
        Said(
            "golongan {golongan!r} seorang {status_asn} tidak punya tarif pajak final",
            "golongan {golongan!r} of a {status_asn} has no final tax rate",
        ),
    ),
    "tax-year-missing": (
        Said(
            "gaji {months} tidak diketahui: pajak setahun tidak dapat dihitung",
            "no salary is known of {months}: the year cannot be settled",
        ),
        Said(
            "penghasilan dan pajak setahun tidak diketahui: dipakai TER, bukan Pasal 17",
            "the year's gross and tax are not known: TER used instead of Pasal 17",
        ),
    ),
}


def warned(code: str, *, blocking: bool = False, **inputs: str) -> Warned:
    """A warning with its entries in canonical order. `message` is its English sentence."""
    kept = {name: inputs[name] for name in sorted(inputs)}
    return {"blocking": blocking, "code": code, "inputs": kept, "message": _said(code, kept, "en")}


def warning_of(said: Warned) -> Said:
    """The warning's sentence."""
    code, inputs = said["code"], said["inputs"]
    return Said(_said(code, inputs, "id"), _said(code, inputs, "en"))


def _said(code: str, inputs: Mapping[str, str], language: Language) -> str:
    shown = {name: _shown(name, value, language) for name, value in inputs.items()}
    *several, last = SENTENCES[code]
    for sentence in several:
        try:
            return sentence.in_(language).format_map(shown)
        except KeyError:
            continue
    return last.in_(language).format_map(shown)


def _shown(name: str, value: str, language: Language) -> str:
    if name == "amount":
        return rupiah(value)
    return PREDIKAT_MISSING[value].in_(language) if name == "reason" else value
