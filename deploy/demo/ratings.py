"""How the supervisors of the demo rate their staff: from a seed, with one who stays silent."""

import random
from collections.abc import Mapping
from typing import Any

VALUES = ("BP", "AK", "KO", "HA", "LO", "AD", "KB")
ABOVE, MEETS, BELOW = "di_atas_ekspektasi", "sesuai_ekspektasi", "di_bawah_ekspektasi"
SILENT = {"92": ("KABID-UDARA", "ADM-UDARA")}  # an evaluator, and the post whose first holder is left unappraised

# PermenPANRB 6/2022, the quadrant: (hasil kerja, perilaku kerja)
_MATRIX = {
    (ABOVE, ABOVE): "sangat_baik",
    (ABOVE, MEETS): "baik",
    (MEETS, ABOVE): "baik",
    (MEETS, MEETS): "baik",
    (BELOW, ABOVE): "butuh_perbaikan",
    (BELOW, MEETS): "butuh_perbaikan",
    (ABOVE, BELOW): "kurang",
    (MEETS, BELOW): "kurang",
    (BELOW, BELOW): "sangat_kurang",
}
_USUAL = (
    *[(MEETS, MEETS)] * 70,
    *[(ABOVE, ABOVE)] * 12,
    *[(ABOVE, MEETS)] * 8,
    *[(MEETS, ABOVE)] * 5,
    *[(BELOW, MEETS)] * 4,
    (MEETS, BELOW),
)


def predikat_of(nip: str) -> str:
    return _MATRIX[_rated(nip)]


def ratings_of(nip: str) -> Mapping[str, Any]:
    """What the evaluator writes about somebody."""
    hasil, perilaku = _rated(nip)
    feedback = {"feedback": "Perlu memperbaiki sikap terhadap rekan dan warga."} if perilaku == BELOW else {}
    return {
        "hasil_kerja": hasil,
        "perilaku_kerja": perilaku,
        "values": {value: {"rating": perilaku, **feedback} for value in VALUES},
        "reason": "Berdasarkan laporan harian yang disetujui, kehadiran, dan umpan balik rekan kerja.",
        "feedback": "Pertahankan ketepatan waktu penyelesaian." if hasil != BELOW else "Target belum tercapai.",
    }


def _rated(nip: str) -> tuple[str, str]:
    return random.Random(f"rating {nip}").choice(_USUAL)
