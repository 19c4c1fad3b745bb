"""The organisation of the two regions, as data: a provincial office with a UPT and a korwil, and a regency's OPD."""

from collections.abc import Iterator
from datetime import date

from deploy.demo.office.model import Office, Post, Unit


def papua_barat() -> Office:
    """74 people: a Dinas in Manokwari, its UPTD in Teluk Bintuni and its coordinator in Fakfak."""
    units = (
        Unit("92.01", "Dinas Perhubungan Provinsi Papua Barat", "opd", None, "umum", "kantor-manokwari"),
        Unit("92.01.01", "Sekretariat", "bagian", "92.01", "umum", "kantor-manokwari"),
        Unit("92.01.02", "Bidang Lalu Lintas dan Angkutan Jalan", "bagian", "92.01", "darat", "kantor-manokwari"),
        Unit("92.01.03", "Bidang Pelayaran", "bagian", "92.01", "laut", "kantor-manokwari"),
        Unit("92.01.04", "Bidang Penerbangan Perintis", "bagian", "92.01", "udara", "kantor-manokwari"),
        Unit("92.01.05", "Bidang Pengembangan dan Keselamatan", "bagian", "92.01", "darat", "kantor-manokwari"),
        Unit("92.01.06", "UPTD Pelabuhan Penyeberangan Teluk Bintuni", "upt", "92.01", "laut", "uptd-bintuni"),
        Unit("92.01.07", "Koordinator Wilayah Fakfak", "korwil", "92.01", "darat", "korwil-fakfak"),
    )
    head = "KADIS"
    posts = [
        Post(head, "Kepala Dinas Perhubungan", "jpt_pratama", 15, "92.01", None, "II.a"),
        Post("SEKDIS", "Sekretaris Dinas", "administrator", 12, "92.01.01", head, "III.a"),
        Post("KASUBBAG-UK", "Kepala Subbagian Umum dan Kepegawaian", "pengawas", 9, "92.01.01", "SEKDIS", "IV.a"),
        Post("KASUBBAG-KEU", "Kepala Subbagian Keuangan", "pengawas", 9, "92.01.01", "SEKDIS", "IV.a"),
        Post("BENDAHARA", "Bendahara Pengeluaran", "pelaksana", 7, "92.01.01", "KASUBBAG-KEU"),
        Post("VERIFIKATOR", "Verifikator Keuangan", "pelaksana", 7, "92.01.01", "KASUBBAG-KEU"),
        Post("AUDITOR", "Auditor Ahli Pertama", "jf_keahlian", 8, "92.01.01", "SEKDIS"),
        *_staff("UK", "92.01.01", "KASUBBAG-UK", jf=0, s1=2, d3=2, sma=2),
        *_division("LLAJ", "92.01.02", "Lalu Lintas dan Angkutan Jalan", head),
        *_division("LAUT", "92.01.03", "Pelayaran", head),
        *_division("UDARA", "92.01.04", "Penerbangan Perintis", head),
        *_division("KESEL", "92.01.05", "Pengembangan dan Keselamatan", head),
        Post("KA-UPTD", "Kepala UPTD Pelabuhan Penyeberangan", "administrator", 11, "92.01.06", head, "III.b"),
        Post("KASUBBAG-TU", "Kepala Subbagian Tata Usaha UPTD", "pengawas", 8, "92.01.06", "KA-UPTD", "IV.b"),
        *_staff("UPTD", "92.01.06", "KASUBBAG-TU", jf=0, s1=2, d3=3, sma=4),
        Post("KORWIL", "Koordinator Wilayah Fakfak", "pengawas", 9, "92.01.07", head, "IV.a"),
        *_staff("KORWIL", "92.01.07", "KORWIL", jf=1, s1=2, d3=3, sma=3),
    ]
    return Office(
        tenant_id="92",
        name="Provinsi Papua Barat",
        kind="provinsi",
        zone="Asia/Jayapura",
        bank=("132", "Bank Papua"),
        units=units,
        posts=tuple(posts),
        people=(),
        holidays=((date(2026, 10, 12), "Hari jadi provinsi (contoh)"),),
        remote=frozenset({"92.01.06", "92.01.07"}),
    )


def bangka_barat() -> Office:
    """240 people in ten OPD under the Sekretaris Daerah."""
    units, posts = list(_SEKRETARIAT_UNITS), list(_SEKRETARIAT_POSTS)
    for code, slug, name, short, trade, size in _OPD:
        site = "kecamatan" if trade == "kecamatan" else "kantor-terpadu"
        units += _units(code, name, trade, site)
        posts += list(_agency(code, slug, short, size, trade))
    return Office(
        tenant_id="19.05",
        name="Kabupaten Bangka Barat",
        kind="kabupaten",
        zone="Asia/Jakarta",
        bank=("120", "Bank Sumsel Babel"),
        units=tuple(units),
        posts=tuple(posts),
        people=(),
    )


_SEKRETARIAT_UNITS = (
    Unit("05.01", "Sekretariat Daerah", "opd", None, "umum", "kantor-terpadu"),
    Unit("05.01.01", "Bagian Organisasi", "bagian", "05.01", "umum", "kantor-terpadu"),
    Unit("05.01.02", "Bagian Umum", "bagian", "05.01", "umum", "kantor-terpadu"),
)
_SEKRETARIAT_POSTS = (
    Post("SEKDA", "Sekretaris Daerah", "jpt_pratama", 15, "05.01", None, "II.a"),
    Post("ASISTEN", "Asisten Administrasi Umum", "jpt_pratama", 14, "05.01", "SEKDA", "II.b"),
    Post("KABAG-ORG", "Kepala Bagian Organisasi", "administrator", 12, "05.01.01", "ASISTEN", "III.a"),
    Post("KABAG-UMUM", "Kepala Bagian Umum", "administrator", 12, "05.01.02", "ASISTEN", "III.a"),
    Post("ORG-ANALIS", "Analis Kelembagaan", "pelaksana", 7, "05.01.01", "KABAG-ORG", None, 5),
    Post("UMUM-ADM", "Pengadministrasi Umum", "pelaksana", 5, "05.01.02", "KABAG-UMUM", None, 9),
)
_OPD = (
    ("05.02", "BKPSDM", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "BKPSDM", "kepegawaian", 26),
    ("05.03", "BPKAD", "Badan Pengelolaan Keuangan dan Aset Daerah", "BPKAD", "keuangan", 28),
    ("05.04", "INSP", "Inspektorat Daerah", "Inspektorat", "pengawasan", 20),
    ("05.05", "DINKES", "Dinas Kesehatan", "Dinas Kesehatan", "kesehatan", 30),
    ("05.06", "PUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas PUPR", "pekerjaan_umum", 30),
    ("05.07", "CAPIL", "Dinas Kependudukan dan Pencatatan Sipil", "Dinas Dukcapil", "kependudukan", 24),
    ("05.08", "SATPOL", "Satuan Polisi Pamong Praja", "Satpol PP", "ketertiban", 22),
    ("05.09", "MUNTOK", "Kecamatan Muntok", "Kecamatan Muntok", "kecamatan", 22),
    ("05.10", "JEBUS", "Kecamatan Jebus", "Kecamatan Jebus", "kecamatan", 20),
)


def _units(code: str, name: str, trade: str, site: str) -> Iterator[Unit]:
    yield Unit(code, name, "opd", None, trade, site)
    yield Unit(f"{code}.01", "Sekretariat", "bagian", code, "umum", site)
    yield Unit(f"{code}.02", "Bidang Pelayanan", "bagian", code, trade, site)
    yield Unit(f"{code}.03", "Bidang Pembinaan", "bagian", code, trade, site)


def _agency(code: str, slug: str, name: str, size: int, trade: str) -> Iterator[Post]:
    """A head, a secretary with two subsections, two divisions; the staff fill it up to `size`."""
    camat = trade == "kecamatan"
    title, rank = ("Camat", "administrator") if camat else ("Kepala", "jpt_pratama")
    head, secretary = f"{slug}-KA", f"{slug}-SEK"
    left = size - 9
    yield Post(head, f"{title} {name}", rank, 12 if camat else 14, code, "SEKDA", "III.a" if camat else "II.b")
    yield Post(secretary, f"Sekretaris {name}", "administrator", 11 if camat else 12, f"{code}.01", head, "III.b")
    yield Post(f"{slug}-UK", f"Kasubbag Umum {name}", "pengawas", 9, f"{code}.01", secretary, "IV.a")
    yield Post(f"{slug}-KEU", f"Kasubbag Keuangan {name}", "pengawas", 9, f"{code}.01", secretary, "IV.a")
    for number, part in ((2, "Pelayanan"), (3, "Pembinaan")):
        unit, boss = f"{code}.0{number}", f"{slug}-B{number}"
        yield Post(boss, f"Kepala Bidang {part} {name}", "administrator", 11, unit, head, "III.b")
        yield Post(f"{boss}-JF", f"Analis Kebijakan Ahli Muda {part}", "jf_keahlian", 9, unit, boss)
        yield Post(f"{boss}-S1", f"Pengolah Data {part}", "pelaksana", 7, unit, boss, None, left // 4)
        yield Post(f"{boss}-SMA", f"Pengadministrasi {part}", "pelaksana", 5, unit, boss, None, left // 6)
    rest = left - 2 * (left // 4 + left // 6)
    yield Post(f"{slug}-BEND", f"Bendahara {name}", "pelaksana", 7, f"{code}.01", f"{slug}-KEU")
    yield Post(f"{slug}-D3", f"Pengelola Administrasi {name}", "pelaksana", 6, f"{code}.01", f"{slug}-UK", None, rest)


def _division(slug: str, unit: str, name: str, head: str) -> Iterator[Post]:
    boss = f"KABID-{slug}"
    yield Post(boss, f"Kepala Bidang {name}", "administrator", 11, unit, head, "III.a")
    yield Post(f"JFM-{slug}", f"Analis Kebijakan Ahli Muda {name}", "jf_keahlian", 9, unit, boss)
    yield from _staff(slug, unit, boss, jf=1, s1=2, d3=3, sma=2)


def _staff(slug: str, unit: str, boss: str, *, jf: int, s1: int, d3: int, sma: int) -> Iterator[Post]:
    if jf:
        yield Post(f"JFP-{slug}", "Penguji Kelaikan Ahli Pertama", "jf_keahlian", 8, unit, boss, None, jf)
    yield Post(f"ANALIS-{slug}", "Analis Transportasi", "pelaksana", 7, unit, boss, None, s1)
    yield Post(f"PENGELOLA-{slug}", "Pengelola Data Transportasi", "pelaksana", 6, unit, boss, None, d3)
    yield Post(f"ADM-{slug}", "Pengadministrasi Umum", "pelaksana", 5, unit, boss, None, sma)
