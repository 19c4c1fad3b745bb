"""Circumstances over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.payroll.commands.circumstances import Taken
from services.payroll.rules.circumstances import CircumstanceKind
from services.payroll.schemas.periods import RowFault
from services.payroll.tables import CircumstanceFileRow, CircumstanceRow, CircumstanceState


class CircumstanceFileOut(BaseModel):
    """A file: who imported, approved and withdrew it, and why."""

    file_id: UUID
    name: str
    sha256: str
    rows: int
    state: CircumstanceState
    imported_by: UUID
    imported_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None

    @classmethod
    def of(cls, row: CircumstanceFileRow) -> "CircumstanceFileOut":
        return cls.model_validate(row, from_attributes=True)


class CircumstanceOut(BaseModel):
    """One row of a file."""

    circumstance_id: UUID
    row: int
    kind: CircumstanceKind
    employee_id: UUID | None
    unit_code: str | None
    valid_from: date
    valid_to: date | None
    author: str
    reason: str
    content: dict[str, Any]


class CircumstanceFileRows(CircumstanceFileOut):
    """A file with some of its rows."""

    circumstances: list[CircumstanceOut]

    @classmethod
    def with_rows(cls, file: CircumstanceFileRow, rows: Sequence[CircumstanceRow]) -> "CircumstanceFileRows":
        said = CircumstanceFileOut.of(file).model_dump()
        return cls(**said, circumstances=[CircumstanceOut.model_validate(row, from_attributes=True) for row in rows])


class CircumstancesTaken(BaseModel):
    """What an import kept as a draft, or in a dry run would keep; `file` is null in a dry run."""

    dry_run: bool
    file: CircumstanceFileOut | None
    rows: int
    added: int
    faults: list[RowFault]

    @classmethod
    def of(cls, taken: Taken, *, dry_run: bool) -> "CircumstancesTaken":
        return cls(
            dry_run=dry_run,
            file=CircumstanceFileOut.of(taken.file) if taken.file else None,
            rows=taken.rows,
            added=taken.added,
            faults=[RowFault.model_validate(fault, from_attributes=True) for fault in taken.faults],
        )


class Withdrawal(BaseModel):
    """Why a file is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
