"""A bank's file as data: which columns, how each is written, what stands before and after, and how it answers.

No bank's format could be read (domain 6.4), so a region writes its own; `templates/` has one of each kind to begin
with.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.texts import Name

RowValue = Literal[
    "number", "nip", "name", "holder", "account", "bank_code", "bank_name", "amount", "unit", "reference", "text"
]
FileValue = Literal["count", "sum", "hash_total", "file_number", "text"]
NUMERIC = frozenset({"number", "amount", "count", "sum"})
Printable = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Header = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Written(_Strict):
    """How a value is written. `text` may hold {period}, {month}, {kind}, {region} and {tenant}.

    width, align and pad are for fixed width; a text that is too long is cut, a number never.
    cents: amounts as 1234567.00, with this mark; without it whole rupiah.
    """

    text: Printable | None = None
    width: Annotated[int, Field(ge=1, le=200)] | None = None
    align: Literal["left", "right"] | None = None
    pad: Annotated[str, StringConstraints(min_length=1, max_length=1, pattern=r"^[\x20-\x7e]$")] = " "
    cents: Literal[".", ","] | None = None


class RowField(Written):
    """A column: its header, and what of a payment it holds."""

    name: Header
    value: RowValue

    @model_validator(mode="after")
    def _text_is_given(self) -> Self:
        if (self.value == "text") != (self.text is not None):
            raise ValueError("give `text` with value: text, and with no other value")
        return self


class FileField(Written):
    """A value of the file as a whole, in the record before or after the payments."""

    value: FileValue

    @model_validator(mode="after")
    def _text_is_given(self) -> Self:
        if (self.value == "text") != (self.text is not None):
            raise ValueError("give `text` with value: text, and with no other value")
        return self


class CsvFile(_Strict):
    """Separated values. `header`: the columns' names in the first line."""

    kind: Literal["csv"]
    delimiter: Literal[";", ",", "|", "\t"] = ";"
    header: bool = True
    encoding: Literal["utf-8", "utf-8-sig", "ascii"] = "utf-8"
    newline: Literal["crlf", "lf"] = "crlf"
    extension: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,8}$")] = "csv"


class FixedFile(_Strict):
    """Fixed width: every field has a width, every record of the payments the same length."""

    kind: Literal["fixed"]
    newline: Literal["crlf", "lf"] = "crlf"
    extension: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,8}$")] = "txt"


class XlsxFile(_Strict):
    """A workbook; `control_sheet`: count, sum and hash total on a second sheet."""

    kind: Literal["xlsx"]
    sheet: Annotated[str, StringConstraints(min_length=1, max_length=31, pattern=r"^[A-Za-z0-9 _\-]+$")] = "Pembayaran"
    control_sheet: bool = True


class ReturnFile(_Strict):
    """What the bank sends back, CSV or XLSX, by the names of its columns.

    paid, rejected, returned: what its status column says, in any case. lists: every payment, or those alone that
    were not made, so that the others count as paid.
    """

    account: Header
    amount: Header
    nip: Header | None = None
    status: Header
    reason: Header
    paid: Annotated[tuple[Word, ...], Field(min_length=1, max_length=20)]
    rejected: Annotated[tuple[Word, ...], Field(min_length=1, max_length=20)]
    returned: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    lists: Literal["all", "failures"] = "all"

    @model_validator(mode="after")
    def _words_differ(self) -> Self:
        words = [word.casefold() for word in (*self.paid, *self.rejected, *self.returned)]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"one word of the status column means two things: {', '.join(twice)}")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that the file must have."""
        named = (self.nip, self.account, self.amount, self.status, self.reason)
        return tuple(column for column in named if column)


class BankTemplate(_Strict):
    """A bank's file. `banks`: the codes of the banks whose accounts it pays; without it, all."""

    format: Literal["takar.bank/1"]
    name: Name
    banks: Annotated[tuple[Word, ...], Field(min_length=1, max_length=200)] | None = None
    file: Annotated[CsvFile | FixedFile | XlsxFile, Field(discriminator="kind")]
    before: Annotated[tuple[FileField, ...], Field(max_length=40)] = ()
    columns: Annotated[tuple[RowField, ...], Field(min_length=1, max_length=40)]
    after: Annotated[tuple[FileField, ...], Field(max_length=40)] = ()
    answer: ReturnFile | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = {"account", "amount"} - {column.value for column in self.columns}
        if missing:
            raise ValueError(f"columns: {' and '.join(sorted(missing))} must be there, or nobody can be paid by it")
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"columns: the name {', '.join(twice)} stands twice")
        if self.file.kind == "fixed":
            lacking = [f"columns.{one.name}" for one in self.columns if one.width is None]
            lacking += [f"before and after: {one.value}" for one in (*self.before, *self.after) if one.width is None]
            if lacking:
                raise ValueError(f"a fixed-width file needs a width for every field: {', '.join(lacking)}")
        return self
