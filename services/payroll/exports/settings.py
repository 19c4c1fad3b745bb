"""What a region sets for its exports: who signs, where lines go on the SIPD sheet, when to chase; with defaults."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.payroll.exports.sipd_columns import EMPLOYER_COLUMNS, OTHER_COLUMNS
from shared.texts import Name

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[\w.\-/]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signatory(_Strict):
    """Who signs. Without a name a dotted line is left for it. `opd`: of this office only, by its code."""

    title: Name
    name: Name | None = None
    nip: Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")] | None = None
    rank: Name | None = None
    opd: Code | None = None


class SipdSettings(_Strict):
    """Where a policy's lines stand on the SIPD sheet.

    criteria: column by criterion code, where it is not one of BK, TB, KK, KP, PK. items: column by the id of a
    contribution. others: the column of what has none of its own, such as a recovery.
    money: SIPD's own sheets write "1.234.567,00" as text (domain 6.3); number is for those who sum it.
    """

    criteria: Annotated[dict[Code, Literal["BK", "TB", "KK", "KP", "PK"]], Field(max_length=12)] = {}
    items: Annotated[dict[Code, Code], Field(max_length=60)] = {}
    others: Literal["bulog"] = "bulog"
    money: Literal["text", "number"] = "text"

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        known = {*EMPLOYER_COLUMNS, *OTHER_COLUMNS}
        for rule, column in self.items.items():
            if column not in known:
                raise ValueError(f"items.{rule}: there is no column {column!r}; use one of {', '.join(sorted(known))}")
        return self


class AcknowledgementFile(_Strict):
    """What the payroll system's acknowledgement file calls its columns, one row an employee it booked.

    statement_hash: where it sends back the hash of each statement too.
    """

    nip: Name = "NIP"
    account: Name = "Nomor Rekening"
    net: Name = "Bersih"
    statement_hash: Name | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that the file must have."""
        return tuple(one for one in (self.nip, self.account, self.net, self.statement_hash) if one)


class Chasing(_Strict):
    """After how many working days somebody is asked why."""

    acknowledged_within: Annotated[int, Field(ge=0, le=60)] = 3
    paid_within: Annotated[int, Field(ge=0, le=60)] = 5


def _pengguna_anggaran() -> tuple[Signatory, ...]:
    titles = (
        "Kepala OPD selaku Pengguna Anggaran",
        "Pejabat Pelaksana Teknis Kegiatan (PPTK)",
        "Bendahara Pengeluaran",
    )
    return tuple(Signatory(title=title) for title in titles)


class ExportSettings(_Strict):
    """A region's settings. Those it does not give are the defaults stated here.

    place: where lists are signed.
    """

    format: Literal["takar.exports/1"] = "takar.exports/1"
    place: Name | None = None
    signatories: Annotated[tuple[Signatory, ...], Field(min_length=1, max_length=200)] = Field(
        default_factory=_pengguna_anggaran
    )
    sipd: SipdSettings = SipdSettings()
    acknowledgement: AcknowledgementFile = AcknowledgementFile()
    chasing: Chasing = Chasing()

    def signing_for(self, opd: str) -> tuple[Signatory, ...]:
        """Those of an office, where it has its own; else those of the region. At most four sign a page."""
        own = tuple(one for one in self.signatories if one.opd == opd)
        of_region = tuple(one for one in self.signatories if one.opd is None)
        return (own or of_region or _pengguna_anggaran())[:4]
