"""The words and the bounded values that facts are said in."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field

StatusAsn = Literal["CPNS", "PNS", "PPPK", "PPPK_PARUH_WAKTU"]
Predikat = Literal["sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"]
PredikatMissing = Literal["no_plan", "supervisor_silent", "not_due"]
Expectation = Literal["di_atas_ekspektasi", "sesuai_ekspektasi", "di_bawah_ekspektasi"]
Capacity = Literal["Plt", "Plh", "Pj"]

Event = Literal[
    "late",
    "early",
    "missing_in",
    "missing_out",
    "absent",
    "leave",
    "out",
    "permitted_out",
    "apel",
    "penalty",
    "incident",
    "instalment",
    "unassessed",
]

STRICT = ConfigDict(extra="forbid")

Name = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=2000)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=10**9)]
Kelas = Annotated[int, Field(strict=True, ge=1, le=17)]
Flag = Annotated[bool, Field(strict=True)]
PeriodName = Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]


def _written(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("write a date as 2026-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Covered = Annotated[str, Field(max_length=300, pattern=rf"^({'|'.join(get_args(Event))}|part:.+|rule:.+)$")]
