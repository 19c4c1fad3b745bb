"""What every drawn document and every drawn month is made of: the words, amounts and shares of the grammar."""

import os
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

Plain = dict[str, Any]

TIMES = float(os.environ.get("TAKAR_EXAMPLES", "1"))
CLASSES = [7, 8, 9]
DAYS = [date(2026, 10, 1) + timedelta(days=at) for at in range(31)]
CRITERIA = ["BK", "PK", "KK"]
TIMED = ["late", "early", "out", "permitted_out"]
KINDS = {
    "absent": ["tanpa_keterangan", "izin_ditolak"],
    "leave": ["sakit", "tahunan", "besar"],
    "apel": ["apel", "senam"],
    "penalty": ["ringan", "sedang", "berat"],
    "incident": ["razia", "paripurna"],
    "instalment": ["tgr", "koperasi"],
}
PREDIKAT = ["sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"]
WORDS = ["di_atas_ekspektasi", "sesuai_ekspektasi", "di_bawah_ekspektasi"]
MODES = st.sampled_from(["half_up", "floor", "ceil", "half_even"])
UNITS = st.sampled_from([1, 1, 1, 50, 100, 1000])
DECISION = {"author": "BKPSDM", "reason": "SK"}
RULE = {"name": "aturan", "article": "pasal"}
FLAGS = ["tugas_belajar", "mpp", "lhkpn_belum"]

rupiah = st.integers(0, 20_000_000).map(str)
monthly = st.one_of(st.integers(1_000_000, 9_999_999), st.integers(3_000_000, 30_000_000), st.just(0)).map(str)
small_rupiah = st.integers(0, 600_000).map(str)
some_shares = st.sampled_from(["0 %", "1/3", "50 %", "80 %", "93.5 %", "100 %"])
cut_shares = st.sampled_from(["0.25 %", "1 %", "1.5 %", "1/3", "5 %", "30 %", "100 %"])
weights = st.sampled_from(
    [["100 %"], ["60 %", "40 %"], ["1/3", "2/3"], ["40 %", "18 %", "42 %"], ["97 %", "2 %", "1 %"]]
)


def some(examples: int, **said: Any) -> settings:
    """Settings of a property: so many examples, always the same ones unless TAKAR_EXAMPLES asks for more."""
    return settings(
        max_examples=max(2, int(examples * TIMES)),
        derandomize=TIMES <= 1,
        deadline=None,
        database=None,
        phases=tuple(Phase) if TIMES >= 1 else (Phase.generate,),  # a mutant need not be made small
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        **said,
    )


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Plain]:
    """A mapping in which each of these entries may be there."""
    return st.fixed_dictionaries({}, optional=fields)


def maybe(strategy: st.SearchStrategy[Any], most: int = 1, least: int = 0) -> st.SearchStrategy[list[Any]]:
    """None, or up to so many."""
    return st.lists(strategy, min_size=least, max_size=most)


whens = st.sampled_from(
    [
        {"status_asn": ["CPNS"]},
        {"status_asn": ["PPPK", "PPPK_PARUH_WAKTU"]},
        {"golongan": ["III/b", "IX"]},
        {"kelas": [7]},
        {"kelas": [8, 9]},
        {"unit": ["Dinas"]},
        {"position": ["Kepala"]},
        {"flags": ["mpp"]},
        {"flags": ["tugas_belajar", "lhkpn_belum"]},
        {"without_flags": ["mpp"]},
        {"supervisor": True},
        {"appointed_months_below": 12},
        {"months": [10, 12]},
        {"attributes": {"eselon": ["III", "IV"]}},
        {"status_asn": ["PNS"], "supervisor": False},
    ]
)
