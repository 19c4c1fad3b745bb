"""Periods and the salary side over HTTP."""

from typing import Any

from pydantic import BaseModel

from services.payroll.commands.salaries import Imported
from services.payroll.queries.periods import PeriodStanding

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"  # a month of this century: years that no calendar has are refused at the door


class LinkOut(BaseModel):
    """A closing (`stated`) and our own count of it (`held`)."""

    state: str
    close_seq: int | None
    stated: dict[str, Any] | None
    held: dict[str, Any]


class PeriodOut(BaseModel):
    """What payroll holds of a period; it may be paid for when both links are reconciled."""

    period: str
    activity: LinkOut
    appraisal: LinkOut
    salaries: int

    @classmethod
    def of(cls, standing: PeriodStanding) -> "PeriodOut":
        return cls.model_validate(standing, from_attributes=True)


class RowFault(BaseModel):
    """A row that was not taken: row and column, what is wrong, and what to do."""

    row: int | None
    place: str
    value: str | None
    message: str
    remedy: str


class ImportOut(BaseModel):
    """What the file did, or in a dry run would do."""

    dry_run: bool
    rows: int
    added: int
    changed: int
    unchanged: int
    faults: list[RowFault]

    @classmethod
    def of(cls, imported: Imported, *, dry_run: bool) -> "ImportOut":
        return cls(
            dry_run=dry_run,
            rows=imported.rows,
            added=imported.added,
            changed=imported.changed,
            unchanged=imported.unchanged,
            faults=[RowFault.model_validate(fault, from_attributes=True) for fault in imported.faults],
        )
