"""Fingerprint machines, their numbers of employees, and what their logs gave."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.activity.schemas.common import Answer, FaultAnswer, Form, WorkDate
from shared.texts import Name

Serial = Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,40}$", examples=["CJDE193560123"])]
Pin = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,24}$", examples=["1001"])]
Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]


class MachineForm(Form):
    """Without a zone its clock shows the region's."""

    unit_id: UUID
    name: Name
    zone: Zone | None = None


class MachineAnswer(Answer):
    serial: str
    unit_id: UUID
    name: str
    zone: str
    added_by: UUID
    added_at: datetime


class PinForm(Form):
    """From valid_from on the number means this employee, until somebody else has it."""

    pin: Pin
    employee_id: UUID
    valid_from: WorkDate
    valid_to: WorkDate | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class PinsForm(Form):
    pins: Annotated[list[PinForm], Field(min_length=1, max_length=5000)]


class PinAnswer(Answer):
    serial: str
    pin: str
    employee_id: UUID
    valid_from: date
    valid_to: date | None


class MappedAnswer(Answer):
    mapped: int
    unchanged: int
    faults: list[FaultAnswer]


class LogAnswer(Answer):
    """`faults` names the lines that were refused, at most the first 5,000; `refused` counts them all."""

    lines: int
    stored: int
    known: int
    refused: int
    first_day: date | None
    last_day: date | None
    unknown_pins: list[str]
    faults: list[FaultAnswer]


class UnknownPinAnswer(Answer):
    serial: str
    pin: str
    punches: int
    first_at: datetime
    last_at: datetime
