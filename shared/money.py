"""Money and percentages: whole rupiah, exact rationals, one rounding function, no float anywhere."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

RoundingMode = Literal["half_up", "floor", "ceil", "half_even"]
ROUNDING_MODES: tuple[str, ...] = get_args(RoundingMode)


def digits(number: int) -> str:
    """As it is written in the country: 1234567 is "1.234.567"."""
    return f"{number:,}".replace(",", ".")


LIMIT = 10**15
_PATTERN = r"^-?[0-9]{1,15}$"
_RUPIAH = re.compile(r"-?[0-9]{1,15}")
_SPOKEN = re.compile(r"Rp ?(-?(?:[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4}))")
_PERCENT = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,9})?) ?%")
_RATIO = re.compile(r"([0-9]{1,9}) ?/ ?([0-9]{1,9})")


def parse_rupiah(value: object) -> int:
    """Whole rupiah from an int or a string of digits such as "-1250000".

    Raises ValueError for floats, booleans, exponents, blanks, underscores and digits of other scripts.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < LIMIT:
            return value
    elif isinstance(value, str) and _RUPIAH.fullmatch(value):
        return int(value)
    raise ValueError("write whole rupiah as digits, such as 1250000")


def parse_spoken_rupiah(value: object) -> int:
    """As `parse_rupiah`, and also the written form "Rp 66.000"."""
    if isinstance(value, str) and (found := _SPOKEN.fullmatch(value)):
        return int(found[1].replace(".", ""))
    return parse_rupiah(value)


def parse_percent(value: object) -> Fraction:
    """An exact share from "2.5 %", "2,5%" or "1/3"; a bare number has no unit and is refused (ValueError)."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        if found := _PERCENT.fullmatch(value):
            return Fraction(found[1].replace(",", ".")) / 100
        if (found := _RATIO.fullmatch(value)) and int(found[2]):
            return Fraction(int(found[1]), int(found[2]))
    raise ValueError("write a percentage with its sign, such as 2.5 %, or a fraction such as 1/3")


@lru_cache(maxsize=4096)
def percent_text(numerator: int, denominator: int = 1) -> str:
    """The share as people write it: "2.5 %", or "1/3" where no short decimal is exact."""
    share = Fraction(numerator, denominator)
    for digits in range(10):
        scaled, rest = divmod(share.numerator * 10 ** (digits + 2), share.denominator)
        if not rest:
            sign, whole = ("-", -scaled) if scaled < 0 else ("", scaled)
            text = str(whole).rjust(digits + 1, "0")
            return f"{sign}{text[:-digits]}.{text[-digits:]} %" if digits else f"{sign}{text} %"
    return f"{share.numerator}/{share.denominator}"


class _RupiahSchema:
    """In JSON a string of digits; in Python an int."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        parse = core_schema.no_info_plain_validator_function(parse_rupiah)
        return core_schema.json_or_python_schema(
            json_schema=core_schema.chain_schema([core_schema.str_schema(strict=True), parse]),
            python_schema=parse,
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": _PATTERN}


Rupiah = Annotated[int, _RupiahSchema()]
Percent = Annotated[
    Fraction,
    PlainValidator(parse_percent),
    PlainSerializer(lambda share: percent_text(share.numerator, share.denominator), return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2.5 %", "1/3"]}),
]


def round_ratio(numerator: int, denominator: int, unit: int, mode: RoundingMode) -> int:
    """`numerator / denominator` to a whole multiple of `unit` rupiah; the only place where money is rounded.

    half_up goes away from zero at the half, half_even to the even multiple; floor and ceil go down and up.
    """
    size = denominator * unit
    below, rest = divmod(numerator, size)
    if not rest or mode == "floor":
        return below * unit
    if mode == "ceil":
        return (below + 1) * unit
    over_half = 2 * rest - size
    half_goes_up = numerator > 0 if mode == "half_up" else below % 2 == 1
    up = over_half > 0 or (over_half == 0 and half_goes_up)
    return (below + 1) * unit if up else below * unit


def round_to(amount: Fraction, unit: int, mode: RoundingMode) -> int:
    """`amount` to a whole multiple of `unit` rupiah."""
    return round_ratio(amount.numerator, amount.denominator, unit, mode)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` in proportion to non-negative `weights`, to the last rupiah, by the largest remainder.

    Equal remainders go to the earlier place. Without any weight everything falls to the first place.
    """
    whole = sum(weights)
    if not whole or len(weights) == 1:
        return [total, *[0] * (len(weights) - 1)] if weights else []
    pairs = [divmod(total * weight, whole) for weight in weights]
    shares = [share for share, _ in pairs]
    left = total - sum(shares)
    for place in sorted(range(len(pairs)), key=lambda at: -pairs[at][1])[:left]:
        shares[place] += 1
    return shares


def apportion(total: int, exact: Sequence[int], denominator: int) -> list[int]:
    """Whole numbers near each `exact / denominator` that add up to `total`, by the largest remainder.

    `total` is the sum of the exact values, rounded either way; values may be negative.
    """
    pairs = [divmod(value, denominator) for value in exact]
    shares = [share for share, _ in pairs]
    left = total - sum(shares)
    for place in sorted(range(len(pairs)), key=lambda at: -pairs[at][1])[:left]:
        shares[place] += 1
    return shares
