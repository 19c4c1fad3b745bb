"""A region's log of closings in memory, signed as activity signs it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.activity.rules.receipts import Kind, entry_of, receipt_of
from shared.checkpoint import Checkpoint, Signer, text_hash
from shared.checkpoint import Log as LogName
from shared.events.activity import ActivityApproved, AttendanceDaySettled, PeriodClosed
from shared.ledger.leaves import employee_leaf, leaf_of, sort_key_of
from shared.merkle import root
from shared.signed_log.documents import checkpoint_document, entry_leaf, in_log, log_document, since_of
from tests.support.appraisal import approved, closing, settled
from tests.support.receipts import SIGNED_AT, key_of
from tests.support.service import TENANT, an_id

Fact = ActivityApproved | AttendanceDaySettled
MARCH = "2026-03"


@dataclass
class Month:
    """A closing in the log: its facts in their order, its entry, its checkpoint."""

    facts: list[Fact]
    closed: PeriodClosed
    entry: bytes
    note: str

    def of(self, employee_id: UUID) -> list[Fact]:
        return [fact for fact in self.facts if fact.employee_id == employee_id]

    @property
    def employees(self) -> list[UUID]:
        return sorted({fact.employee_id for fact in self.facts})

    def records(self, employee_id: UUID) -> bytes:
        return b"".join(leaf_of(fact) for fact in self.of(employee_id))

    @property
    def leaves(self) -> list[bytes]:
        return [employee_leaf(one, self.records(one)) for one in self.employees]


@dataclass
class RecordLog:
    """A region's log of records: `close` closes March once more."""

    tenant_id: str = TENANT
    signer: Signer = field(default_factory=lambda: Signer(key_of()))
    months: list[Month] = field(default_factory=list)

    @property
    def leaves(self) -> list[bytes]:
        return [entry_leaf(month.entry) for month in self.months]

    def close(self, people: int = 3, activities: int = 4, days: int = 3, *, other: bool = False) -> Month:
        """So many records of each; `other`: another closing of the same place."""
        size, who = len(self.months) + 1, [an_id("employee", number) for number in range(people)]
        told = 100 * size + (50 if other else 0)
        facts: list[Fact] = [approved(one, told + n, minutes=30 + n) for one in who for n in range(activities)]
        facts += [settled(one, date(2026, 3, 2 + n), version=size) for one in who for n in range(days)]
        facts.sort(key=sort_key_of)
        closed = closing(facts, tenant_id=self.tenant_id, close_seq=size)
        entry, previous = entry_of(closed), text_hash(self.months[-1].note) if self.months else None
        head, at = root([*self.leaves, entry_leaf(entry)]), SIGNED_AT + timedelta(days=size)
        note = self.signer.sign(Checkpoint(LogName.RECORDS, self.tenant_id, size, head, previous, MARCH, size, at))
        self.months.append(Month(facts, closed, entry, note))
        return self.months[-1]

    def receipt(
        self, month: int, person: int, record: int, *, size: int | None = None, since: int | None = None
    ) -> bytes:
        """As activity's receipt routes send it; months, people and their records counted from 0."""
        of, size = self.months[month], size or month + 1
        who = of.employees[person]
        fact = of.of(who)[record]
        kind: Kind = "activity" if isinstance(fact, ActivityApproved) else "day"
        return receipt_of(
            kind,
            fact.content,
            employee_id=who,
            index=record,
            records=of.records(who),
            place=person,
            employees=of.leaves,
            in_log=in_log(of.entry, month, self.leaves[:size], self.months[size - 1].note, self._since(size, since)),
        )

    def head(self, size: int | None = None, since: int | None = None) -> bytes:
        """As GET /checkpoints/latest and /checkpoints/consistency send it."""
        size = size or len(self.months)
        return checkpoint_document(self.months[size - 1].note, self._since(size, since))

    @property
    def listed(self) -> bytes:
        """As GET /checkpoints sends it."""
        return log_document([(month.note, month.entry) for month in self.months])

    def _since(self, size: int, since: int | None) -> dict[str, Any] | None:
        return since_of(self.months[since - 1].note, since, self.leaves[:size]) if since else None
