"""Targets of a day, and delegations of approval."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from services.activity.commands.delegations import Delegation
from services.activity.commands.targets import Target
from services.activity.schemas.common import Answer, Form, Unit, WorkDate
from shared.quantity import Quantity
from shared.texts import Note, Reason


class TargetForm(Form):
    result_id: UUID
    text: Note
    quantity: Quantity | None = None
    quantity_unit: Unit | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.quantity is None) != (self.quantity_unit is None):
            raise ValueError("give a quantity with its quantity_unit")
        return self

    def target(self) -> Target:
        return Target(self.result_id, self.text, self.quantity, self.quantity_unit)


class TargetsForm(Form):
    """All targets of a day; they replace those there were."""

    targets: list[TargetForm] = Field(max_length=50)


class TargetAnswer(Answer):
    work_date: date
    result_id: UUID
    text: str
    quantity: Quantity | None
    quantity_unit: str | None


class DelegationForm(Form):
    """`superior_id`: left out, it is oneself; an admin may name another."""

    superior_id: UUID | None = None
    delegate_id: UUID
    first_day: WorkDate
    last_day: WorkDate
    reason: Reason

    def delegation(self, superior_id: UUID) -> Delegation:
        return Delegation(superior_id, self.delegate_id, self.first_day, self.last_day, self.reason)


class DelegationAnswer(Answer):
    """For work dates from first to last, until it is ended."""

    delegation_id: UUID
    superior_id: UUID
    delegate_id: UUID
    first_day: date
    last_day: date
    reason: str
    made_by: UUID
    made_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None
