"""What a national table may say: one document is one law's table from one day on."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.document.values import Money, Positive, Share, Strict, Text

Group = Literal["I", "II", "III", "IV"]
Scheme = Literal["bpjs_kesehatan", "jkk", "jkm", "iuran_pensiun", "jht", "tapera"]


class Bracket(Strict):
    """Up to and including this amount, this rate; the last row has no end (`up_to: null`)."""

    up_to: Money | None
    rate: Share


Brackets = Annotated[tuple[Bracket, ...], Field(min_length=1)]


class _Dated(Strict):
    """edition: 1, or more where an earlier document of the same day was wrong; older runs keep theirs."""

    format: Literal["takar.national/1"]
    effective_from: date
    edition: Positive = 1
    article: Text


class BiayaJabatan(Strict):
    """Cost of office: a share of gross, at most so much for each month worked."""

    article: Text
    rate: Share
    monthly_limit: Money


class Pasal17(Strict):
    """The year's rates on taxable income; each layer is taxed at its own."""

    article: Text
    brackets: Brackets


class IncomeTax(_Dated):
    """PPh 21 that counts to the year: TER by category, PTKP, Pasal 17.

    category: the TER table of each PTKP status. ter: the month's rate on the whole gross, by its bracket.
    """

    kind: Literal["income_tax"]
    biaya_jabatan: BiayaJabatan
    ptkp: dict[Text, Money]
    category: dict[Text, Text]
    pasal17: Pasal17
    ter: Annotated[dict[Text, Brackets], Field(min_length=1)]

    @property
    def name(self) -> str:
        return "income_tax"


class FinalTax(_Dated):
    """PPh 21 final by golongan group. pppk: the group of a PPPK golongan, for policies that say `pppk: default`."""

    kind: Literal["final_tax"]
    rates: dict[Group, Share]
    pppk: dict[Text, Group]

    @property
    def name(self) -> str:
        return "final_tax"


class Contributions(_Dated):
    """Shares of employer and employee, and the least and highest base of all pay together (null: none)."""

    kind: Literal["contribution"]
    scheme: Scheme
    employer: Share
    employee: Share
    ceiling: Money | None = None
    floor: Money = 0

    @property
    def name(self) -> str:
        return self.scheme


NationalTable = IncomeTax | FinalTax | Contributions
