"""Money beside the month's own: what the year, earlier months and corrections bring, and what the run itself pays."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.facts.words import STRICT, Flag, Name, PeriodName, Text
from shared.money import Percent, Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxYear:
    """The year before this period, for its settlement: in December, or in the month in which employment ends.

    gross_before and tax_before: of salary and TPP together, without final tax; tpp_tax_before: of it what was taken
    from TPP, which TPP can give back. months: those employed in the year, this one included. missing: months of them
    ("2026-03") of which no salary is known.
    """

    __pydantic_config__ = STRICT

    gross_before: Rupiah
    tax_before: Rupiah
    pension: Rupiah = 0
    months: Annotated[int, Field(strict=True, ge=1, le=12)] = 12
    tpp_tax_before: Rupiah = 0
    zakat: Rupiah = 0
    missing: tuple[PeriodName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """TPP earned in an earlier period, withheld then and due now."""

    __pydantic_config__ = STRICT

    id: Name
    period: Name
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """TPP of an earlier period ("2026-09") that `rule` holds until a decision clears it."""

    __pydantic_config__ = STRICT

    id: Name
    rule: Name
    period: PeriodName
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Money to take back from the net amount, such as the December excess.

    kind "tax": PPh 21 of an earlier month of the same year that could not be taken then.
    """

    __pydantic_config__ = STRICT

    id: Name
    cause: Name
    amount: Rupiah
    kind: Literal["debt", "tax"] = "debt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a recomputed month came to more (or less) than was paid for it, or what is still open of that.

    paid, now: the hashes of the statement that stood and of the recomputed one. kind: of the run that paid it; induk
    stands for susulan as well. contributes: whether contributions fall on it. bpjs_used: what its own month has used
    of the common BPJS base up to now, salary included; None where that is not known, and it counts in the month it is
    paid in. tables: the national tables of its month, named as `Facts.tables`.
    """

    __pydantic_config__ = STRICT

    id: Name
    period: PeriodName
    cause: Name
    amount: Rupiah
    paid: Name
    now: Name
    kind: Literal["induk", "thr", "tpp13", "terusan"] = "induk"
    contributes: Flag = True
    bpjs_used: Rupiah | None = None
    tables: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a run beside the month's own pays: a share of the TPP of these facts, or (0 %) corrections alone.

    period: the month it is paid and taxed in. rule, name and article: what grants it.
    """

    __pydantic_config__ = STRICT

    kind: Literal["thr", "tpp13", "terusan", "kekurangan"]
    rule: Name
    name: Text
    article: Text
    period: PeriodName
    share: Percent
    contributions: Flag = False
    tax_borne_by: Literal["employee", "region"] | None = None
