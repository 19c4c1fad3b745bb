"""What a person should look at is said in the employee's language, with the values it is about."""

import pytest

from services.payroll.rules.warned import SENTENCES, warned, warning_of

SAID = [
    (
        "base-missing",
        {"criterion": "BK", "kelas": "16"},
        "BK tidak punya basis untuk kelas 16 dalam aturan atau data ini: tidak dibayar",
        "BK has no base for kelas 16 in this policy or these facts: nothing is paid for it",
    ),
    (
        "carried-forward",
        {"what": "TGR", "amount": "1250000"},
        "TGR: Rp 1.250.000 belum dapat dipotong dan dibawa ke masa berikutnya",
        "TGR: Rp 1.250.000 could not be taken and is carried to the next period",
    ),
    (
        "contribution-overpaid",
        {"rule": "bpjs-1", "amount": "300"},
        "bpjs-1: Rp 300 terlalu banyak diiurkan untuk bulan-bulan lalu; yang menyelesaikannya penyelenggara jaminan, "
        "bukan TPP",
        "bpjs-1: Rp 300 was contributed too much for earlier months; the scheme settles it, not TPP",
    ),
    (
        "contribution-table-missing",
        {"scheme": "jkm", "on": "2010-01-01"},
        "tidak ada tabel jkm yang berlaku pada 2010-01-01: tidak ada yang dipotong",
        "no table of jkm holds on 2010-01-01: nothing is taken",
    ),
    (
        "contribution-table-missing",
        {"scheme": "jkm", "period": "2010-01"},
        "tidak ada tabel jkm yang berlaku pada 2010-01: tidak ada yang dipotong untuknya",
        "no table of jkm holds in 2010-01: nothing is taken for it",
    ),
    (
        "correction-open",
        {"what": "Koreksi TPP 2026-03", "amount": "250"},
        "Koreksi TPP 2026-03: Rp 250 belum dapat ditarik kembali dan tetap terbuka untuk pembayaran berikutnya",
        "Koreksi TPP 2026-03: Rp 250 could not be taken back yet and stays open for the next run",
    ),
    (
        "pension-unknown",
        {},
        "iuran pensiun tahun ini tidak diketahui: iuran itu mengurangi pajak",
        "no iuran pensiun is known of this year: it would lower the tax",
    ),
    (
        "predikat-missing",
        {"reason": "supervisor_silent", "paid": "baik"},
        "belum ada predikat (atasan belum menilai): dibayar sebagai baik",
        "no predikat (the supervisor has not rated): paid as baik",
    ),
    (
        "ptkp-unknown",
        {"ptkp": "K/9", "on": "2026-10-01"},
        "status PTKP 'K/9' tidak ada dalam tabel pajak 2026-10-01",
        "PTKP status 'K/9' is not in the tax table of 2026-10-01",
    ),
    (
        "rating-missing",
        {"rating": "perilaku", "paid": "0 %"},
        "belum ada nilai 'perilaku': dibayar sebagai 0 %",
        "no rating 'perilaku': paid as 0 %",
    ),
    (
        "rating-missing",
        {"rating": "perilaku", "given": "luar biasa", "paid": "0 %"},
        "'perilaku' bernilai 'luar biasa', yang tidak punya baris: dibayar sebagai 0 %",
        "'perilaku' is rated 'luar biasa', without a row: paid as 0 %",
    ),
    (
        "salary-unknown",
        {},
        "gaji bulan ini tidak diketahui: pajak dihitung seperti atas TPP saja",
        "no salary is known of this month: the tax is taken as on TPP alone",
    ),
    (
        "score-missing",
        {"score": "sakip", "paid": "80 %"},
        "belum ada angka 'sakip': dibayar sebagai 80 %",
        "no score 'sakip': paid as 80 %",
    ),
    (
        "tax-over-withheld",
        {"amount": "338000"},
        "pajak tahun ini terlalu banyak dipotong Rp 338.000 melebihi yang dapat dikembalikan TPP: gaji yang "
        "mengembalikan",
        "Rp 338.000 of tax was withheld too much this year beyond what TPP can give back: salary returns it",
    ),
    (
        "tax-rate-missing",
        {"golongan": "V/a", "status_asn": "PNS"},
        "golongan 'V/a' seorang PNS tidak punya tarif pajak final",
        "golongan 'V/a' of a PNS has no final tax rate",
    ),
    (
        "tax-year-missing",
        {},
        "penghasilan dan pajak setahun tidak diketahui: dipakai TER, bukan Pasal 17",
        "the year's gross and tax are not known: TER used instead of Pasal 17",
    ),
    (
        "tax-year-missing",
        {"months": "2026-02, 2026-03"},
        "gaji 2026-02, 2026-03 tidak diketahui: pajak setahun tidak dapat dihitung",
        "no salary is known of 2026-02, 2026-03: the year cannot be settled",
    ),
]


@pytest.mark.parametrize(("code", "inputs", "indonesian", "english"), SAID)
def test_a_warning_is_a_sentence_in_both_languages(code, inputs, indonesian, english):
    one = warned(code, **inputs)
    assert warning_of(one) == (indonesian, english)
    assert one["message"] == english
    assert list(one["inputs"]) == sorted(inputs)


def test_every_warning_is_among_them():
    assert {code for code, *_ in SAID} == set(SENTENCES)
