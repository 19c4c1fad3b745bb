"""What a person should look at: each warning's sentence in both languages, made from the values it keeps."""

from services.payroll.rules.statement import Warned
from services.payroll.rules.words.measures import PREDIKAT_MISSING
from services.payroll.rules.words.said import Given, Said, Sayer, rupiah


def warned(code: str, *, blocking: bool = False, **inputs: str) -> Warned:
    """A warning with its entries in canonical order. `message` is its English sentence."""
    kept = {name: inputs[name] for name in sorted(inputs)}
    return {"blocking": blocking, "code": code, "inputs": kept, "message": _SAID[code](kept).en}


def warning_of(said: Warned) -> Said:
    """The warning's sentence."""
    return _SAID[said["code"]](said["inputs"])


def _base_missing(given: Given) -> Said:
    what, kelas = given["criterion"], given["kelas"]
    return Said(
        f"{what} tidak punya basis untuk kelas {kelas} dalam aturan atau data ini: tidak dibayar",
        f"{what} has no base for kelas {kelas} in this policy or these facts: nothing is paid for it",
    )


def _carried_forward(given: Given) -> Said:
    what, amount = given["what"], rupiah(given["amount"])
    return Said(
        f"{what}: {amount} belum dapat dipotong dan dibawa ke masa berikutnya",
        f"{what}: {amount} could not be taken and is carried to the next period",
    )


def _correction_open(given: Given) -> Said:
    what, amount = given["what"], rupiah(given["amount"])
    return Said(
        f"{what}: {amount} belum dapat ditarik kembali dan tetap terbuka untuk pembayaran berikutnya",
        f"{what}: {amount} could not be taken back yet and stays open for the next run",
    )


def _contribution_overpaid(given: Given) -> Said:
    what, amount = given["rule"], rupiah(given["amount"])
    return Said(
        f"{what}: {amount} terlalu banyak diiurkan untuk bulan-bulan lalu; "
        "yang menyelesaikannya penyelenggara jaminan, bukan TPP",
        f"{what}: {amount} was contributed too much for earlier months; the scheme settles it, not TPP",
    )


def _contribution_table_missing(given: Given) -> Said:
    scheme = given["scheme"]
    if "period" in given:
        return Said(
            f"tidak ada tabel {scheme} yang berlaku pada {given['period']}: tidak ada yang dipotong untuknya",
            f"no table of {scheme} holds in {given['period']}: nothing is taken for it",
        )
    return Said(
        f"tidak ada tabel {scheme} yang berlaku pada {given['on']}: tidak ada yang dipotong",
        f"no table of {scheme} holds on {given['on']}: nothing is taken",
    )


def _pension_unknown(_: Given) -> Said:
    return Said(
        "iuran pensiun tahun ini tidak diketahui: iuran itu mengurangi pajak",
        "no iuran pensiun is known of this year: it would lower the tax",
    )


def _predikat_missing(given: Given) -> Said:
    reason, paid = given["reason"], given["paid"]
    why = PREDIKAT_MISSING[reason].id
    return Said(f"belum ada predikat ({why}): dibayar sebagai {paid}", f"no predikat ({reason}): paid as {paid}")


def _ptkp_unknown(given: Given) -> Said:
    ptkp, on = given["ptkp"], given["on"]
    return Said(
        f"status PTKP {ptkp!r} tidak ada dalam tabel pajak {on}",
        f"PTKP status {ptkp!r} is not in the tax table of {on}",
    )


def _rating_missing(given: Given) -> Said:
    rating, paid = given["rating"], given["paid"]
    if "given" not in given:
        return Said(f"belum ada nilai '{rating}': dibayar sebagai {paid}", f"no rating '{rating}': paid as {paid}")
    value = given["given"]
    return Said(
        f"'{rating}' bernilai '{value}', yang tidak punya baris: dibayar sebagai {paid}",
        f"'{rating}' is rated '{value}', without a row: paid as {paid}",
    )


def _salary_unknown(_: Given) -> Said:
    return Said(
        "gaji bulan ini tidak diketahui: pajak dihitung seperti atas TPP saja",
        "no salary is known of this month: the tax is taken as on TPP alone",
    )


def _score_missing(given: Given) -> Said:
    score, paid = given["score"], given["paid"]
    return Said(f"belum ada angka '{score}': dibayar sebagai {paid}", f"no score '{score}': paid as {paid}")


def _tax_over_withheld(given: Given) -> Said:
    amount = rupiah(given["amount"])
    return Said(
        f"pajak tahun ini terlalu banyak dipotong {amount} melebihi yang dapat dikembalikan TPP: "
        "gaji yang mengembalikan",
        f"{amount} of tax was withheld too much this year beyond what TPP can give back: salary returns it",
    )


def _tax_rate_missing(given: Given) -> Said:
    golongan, status = given["golongan"], given["status_asn"]
    return Said(
        f"golongan {golongan!r} seorang {status} tidak punya tarif pajak final",
        f"golongan {golongan!r} of a {status} has no final tax rate",
    )


def _tax_year_missing(given: Given) -> Said:
    if "months" in given:
        months = given["months"]
        return Said(
            f"gaji {months} tidak diketahui: pajak setahun tidak dapat dihitung",
            f"no salary is known of {months}: the year cannot be settled",
        )
    return Said(
        "penghasilan dan pajak setahun tidak diketahui: dipakai TER, bukan Pasal 17",
        "the year's gross and tax are not known: TER used instead of Pasal 17",
    )


_SAID: dict[str, Sayer] = {
    "base-missing": _base_missing,
    "carried-forward": _carried_forward,
    "contribution-overpaid": _contribution_overpaid,
    "contribution-table-missing": _contribution_table_missing,
    "correction-open": _correction_open,
    "pension-unknown": _pension_unknown,
    "predikat-missing": _predikat_missing,
    "ptkp-unknown": _ptkp_unknown,
    "rating-missing": _rating_missing,
    "salary-unknown": _salary_unknown,
    "score-missing": _score_missing,
    "tax-over-withheld": _tax_over_withheld,
    "tax-rate-missing": _tax_rate_missing,
    "tax-year-missing": _tax_year_missing,
}
CODES = frozenset(_SAID)
