"""Limits on spending, set by decree: added, never edited."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.payroll.tables import LimitKind, LimitRow
from shared.unit_of_work import UnitOfWork


class Limit(NamedTuple):
    """`subject`: a kelas jabatan ("7"), or an office's code; `amount` in whole rupiah; `source`: the decree."""

    kind: LimitKind
    subject: str
    valid_from: date
    amount: int
    source: str


async def set_limits(uow: UnitOfWork, limits: Sequence[Limit], *, by: UUID, now: datetime) -> None:
    """Set limits from their days on. Where one stands for the same subject and day, the new one holds."""
    rows = [{"tenant_id": uow.tenant_id, "set_by": by, "set_at": now} | one._asdict() for one in dict.fromkeys(limits)]
    await uow.session.execute(insert(LimitRow).on_conflict_do_nothing(), rows)
