"""Words that every part of a policy document shares."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

from services.payroll.rules.facts import StatusAsn
from shared.money import LIMIT, digits, parse_percent, parse_spoken_rupiah, percent_text

_PERCENT_PATTERN = r"^[0-9]{1,9}([.,][0-9]{1,9})? ?%$|^[0-9]{1,9} ?/ ?[0-9]{1,9}$"
_KELAS = re.compile(r"[1-9]|1[0-7]")


class Strict(BaseModel):
    """A part of the document: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Cut:
    """How much: a share ("2.5 %", `rupiah` None) or an amount ("Rp 66.000")."""

    share: Fraction
    rupiah: int | None = None

    def __str__(self) -> str:
        if self.rupiah is not None:
            return f"Rp {digits(self.rupiah)}"
        return percent_text(self.share.numerator, self.share.denominator)

    @property
    def unit(self) -> str:
        return "percent" if self.rupiah is None else "rupiah"


def _cut(value: object) -> Cut:
    if isinstance(value, Cut):
        return value
    if isinstance(value, str) and value.startswith("Rp"):
        amount = parse_spoken_rupiah(value)
        if amount < 0:
            raise ValueError("a cut is written without a minus sign")
        return Cut(Fraction(0), amount)
    try:
        return Cut(parse_percent(value))
    except ValueError:
        raise ValueError("write the unit with the number: 2.5 % or Rp 66.000") from None


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _kelas_key(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 17:
        return value
    if isinstance(value, str) and _KELAS.fullmatch(value):
        return int(value)
    raise ValueError("a kelas jabatan is a whole number from 1 to 17")


def _money(value: object) -> int:
    amount = parse_spoken_rupiah(value)
    if amount < 0:
        raise ValueError("this amount cannot be negative")
    return amount


Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"), BeforeValidator(_as_text)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), BeforeValidator(_as_text)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=10**9)]
Positive = Annotated[int, Field(strict=True, ge=1, lt=10**9)]
KelasKey = Annotated[int, PlainValidator(_kelas_key), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 17})]
Money = Annotated[
    int,
    PlainValidator(_money),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": ["integer", "string"], "minimum": 0, "maximum": LIMIT, "pattern": r"^(Rp ?)?[0-9]+(\.[0-9]{3})*$"}
    ),
]
CutValue = Annotated[
    Cut,
    PlainValidator(_cut),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"{_PERCENT_PATTERN}|^Rp ?[0-9]+(\.[0-9]{{3}})*$",
            "examples": ["2.5 %", "Rp 66.000"],
        }
    ),
]


def share(value: Any) -> Fraction:
    """A percentage between 0 and 100."""
    parsed = parse_percent(value)
    if not 0 <= parsed <= 1:
        raise ValueError("this share lies between 0 % and 100 %")
    return parsed


Share = Annotated[
    Fraction,
    PlainValidator(share),
    PlainSerializer(lambda value: percent_text(value.numerator, value.denominator), return_type=str),
    WithJsonSchema({"type": "string", "pattern": _PERCENT_PATTERN, "examples": ["60 %", "1/3"]}),
]


class When(Strict):
    """To whom a rule applies: every condition given must hold; a list means any of it."""

    status_asn: tuple[StatusAsn, ...] | None = None
    golongan: tuple[Text, ...] | None = None
    """I/a to IV/e (PNS and CPNS), I to XVII (PPPK)."""
    kelas: tuple[KelasKey, ...] | None = None
    unit: tuple[Text, ...] | None = None
    position: tuple[Text, ...] | None = None
    flags: tuple[Text, ...] | None = None
    """Of the employee or of the position: tugas_belajar, mpp, tpg, ... as the facts name them."""
    without_flags: tuple[Text, ...] | None = None
    """None of these flags."""
    supervisor: Annotated[bool, Field(strict=True)] | None = None
    appointed_months_below: Positive | None = None
    """Appointed less than so many whole months before the period's end: PPPK in their first year."""
    months: tuple[Annotated[int, Field(strict=True, ge=1, le=12)], ...] | None = None
    """Only in these calendar months."""
    attributes: dict[Text, tuple[Text, ...]] = {}
    """Of the employee or of the position: eselon, jenis_jabatan, unit_code, ... each with the values that count."""

    @cached_property
    def about_person(self) -> bool:
        """Whether anything is asked of the employee or the month."""
        asked = (self.status_asn, self.golongan, self.supervisor, self.appointed_months_below, self.months)
        return any(one is not None for one in asked)

    @cached_property
    def about_post(self) -> bool:
        """Whether anything is asked of the position, or of flags and attributes that it may have."""
        asked = (self.kelas, self.unit, self.position, self.flags, self.without_flags)
        return bool(self.attributes) or any(one is not None for one in asked)


class Article(Strict):
    """What every rule carries: its id, a name for the slip, its article or source."""

    id: Code
    """Once in its list; statements, exemptions and caps name the rule by it."""
    name: Text
    """As it stands on the slip."""
    article: Text
    """Where the regulation says so."""


Mode = Literal["half_up", "floor", "ceil", "half_even"]
