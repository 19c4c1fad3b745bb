"""Values that requests share: days, codes, numbers; each says what is wrong in the user's terms."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.identity.rules import fields
from shared.errors import Fault
from shared.nip import check_nip

Day = Annotated[date, Field(ge=fields.FIRST_DAY, le=fields.LAST_DAY, description="a day, YYYY-MM-DD")]
Code = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z ./_-]{0,119}$"),
    Field(description="the office's own code; it stays for ever", examples=["1.01.01"]),
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _nip(text: str) -> str:
    checked = check_nip(text)
    if isinstance(checked, Fault):
        raise ValueError(f"{checked.message}: {checked.remedy}")
    return checked.text


def _as(rule: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(rule)


NipText = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_nip),
    Field(description="18 digits; blanks and dots are taken out", examples=["198609262015051001"]),
]
Npwp = Annotated[str, StringConstraints(max_length=30), _as(fields.npwp)]
Nik = Annotated[str, StringConstraints(max_length=30), _as(fields.nik)]
Ptkp = Annotated[str, StringConstraints(max_length=10), _as(fields.ptkp)]
AccountNumber = Annotated[str, StringConstraints(max_length=40), _as(fields.account_number)]


class Given(BaseModel):
    """The body of a request; a field we do not know is a mistake we name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Told(BaseModel):
    """The body of an answer."""

    model_config = ConfigDict(from_attributes=True)
