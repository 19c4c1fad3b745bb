"""Perilaku kerja: the seven BerAKHLAK values and what their ratings suggest for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.words import Rating


class Value(StrEnum):
    """The core values of ASN (SE MenPANRB 20/2021), by their codes."""

    BP = "BP"
    AK = "AK"
    KO = "KO"
    HA = "HA"
    LO = "LO"
    AD = "AD"
    KB = "KB"


@dataclass(frozen=True, slots=True)
class Guide:
    """A value's name and its three panduan perilaku."""

    name: str
    conduct: tuple[str, str, str]


BERAKHLAK: Mapping[Value, Guide] = {
    Value.BP: Guide(
        "Berorientasi Pelayanan",
        (
            "memahami dan memenuhi kebutuhan masyarakat",
            "ramah, cekatan, solutif, dan dapat diandalkan",
            "melakukan perbaikan tiada henti",
        ),
    ),
    Value.AK: Guide(
        "Akuntabel",
        (
            "melaksanakan tugas dengan jujur, bertanggung jawab, cermat, disiplin, dan berintegritas tinggi",
            "menggunakan kekayaan dan barang milik negara secara bertanggung jawab, efektif, dan efisien",
            "tidak menyalahgunakan kewenangan jabatan",
        ),
    ),
    Value.KO: Guide(
        "Kompeten",
        (
            "meningkatkan kompetensi diri untuk menjawab tantangan yang selalu berubah",
            "membantu orang lain belajar",
            "melaksanakan tugas dengan kualitas terbaik",
        ),
    ),
    Value.HA: Guide(
        "Harmonis",
        (
            "menghargai setiap orang apa pun latar belakangnya",
            "suka menolong orang lain",
            "membangun lingkungan kerja yang kondusif",
        ),
    ),
    Value.LO: Guide(
        "Loyal",
        (
            "memegang teguh Pancasila, UUD 1945, setia kepada NKRI serta pemerintahan yang sah",
            "menjaga nama baik sesama ASN, pimpinan, instansi, dan negara",
            "menjaga rahasia jabatan dan negara",
        ),
    ),
    Value.AD: Guide(
        "Adaptif",
        (
            "cepat menyesuaikan diri menghadapi perubahan",
            "terus berinovasi dan mengembangkan kreativitas",
            "bertindak proaktif",
        ),
    ),
    Value.KB: Guide(
        "Kolaboratif",
        (
            "memberi kesempatan kepada berbagai pihak untuk berkontribusi",
            "terbuka dalam bekerja sama untuk menghasilkan nilai tambah",
            "menggerakkan pemanfaatan berbagai sumber daya untuk tujuan bersama",
        ),
    ),
}


def field_of(value: Value) -> str:
    """The name of a value's field in the fact that states an appraisal."""
    return BERAKHLAK[value].name.lower().replace(" ", "_")


_ORDER = (Rating.DI_BAWAH, Rating.SESUAI, Rating.DI_ATAS)


def suggested_perilaku(ratings: Mapping[Value, Rating]) -> Rating | None:
    """What the seven ratings suggest for the whole: their middle, but never above expectation with one below it.

    None until all seven are rated. A suggestion only: the rating is the evaluator's judgement, not an average
    (PermenPANRB 6/2022).
    """
    if set(ratings) != set(Value):
        return None
    ordered = sorted(ratings.values(), key=_ORDER.index)
    middle = ordered[len(ordered) // 2]
    return Rating.SESUAI if middle is Rating.DI_ATAS and ordered[0] is Rating.DI_BAWAH else middle
