"""Activities: as employees send them, as they are answered and shown, and what superiors decide."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.activity.commands.cases import Decided, Decision
from services.activity.rules.approval import State
from services.activity.rules.entries import Entry, Outcome, Verdict, span_of
from services.activity.rules.filing import DAY_MINUTES
from services.activity.schemas.common import Answer, Form, TimeOfDay, Unit, WorkDate, minutes_of, time_of
from services.activity.tables import ActivityRow
from shared.events.activity import ActivityKind
from shared.quantity import Quantity
from shared.texts import Note
from shared.words import Capacity

Link = Annotated[str, Field(max_length=1000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
TUSI = "tusi"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class EntryForm(Form):
    """An activity: start and end, or minutes, or both where there was a break between.

    An end that is not after its start is on the next day. `client_id` is made once for each entry by whoever sends
    it: sending the same again, at whatever time, counts once. kind: a word of the region's rules, such as lembur; most
    work has none, it is tugas dan fungsi (tusi).
    """

    client_id: UUID
    work_date: WorkDate
    start: TimeOfDay | None = None
    end: TimeOfDay | None = None
    minutes: int | None = Field(default=None, ge=1, le=DAY_MINUTES)
    result_id: UUID
    text: Note
    quantity: Quantity | None = None
    quantity_unit: Unit | None = None
    evidence_link: Link | None = None
    evidence_sha256: Sha256 | None = None
    kind: ActivityKind | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("give both start and end, or neither")
        if self.start is None and self.minutes is None:
            raise ValueError("give start and end, or minutes")
        if (self.quantity is None) != (self.quantity_unit is None):
            raise ValueError("give a quantity with its quantity_unit")
        if self.minutes is not None and self.minutes > self._span_minutes():
            raise ValueError("minutes are more than there are between start and end")
        return self

    def _span_minutes(self) -> int:
        span = self._span()
        return span[1] - span[0] if span else DAY_MINUTES

    def _span(self) -> tuple[int, int] | None:
        if self.start is None or self.end is None:
            return None
        return span_of(minutes_of(self.start), minutes_of(self.end))

    def entry(self) -> Entry:
        """The values the rules work on."""
        start_minute, end_minute = self._span() or (None, None)
        return Entry(
            client_id=self.client_id,
            work_date=self.work_date,
            minutes=self.minutes or self._span_minutes(),
            result_id=self.result_id,
            text=self.text,
            start_minute=start_minute,
            end_minute=end_minute,
            quantity=self.quantity,
            quantity_unit=self.quantity_unit,
            evidence_link=self.evidence_link,
            evidence_sha256=self.evidence_sha256,
            kind=None if self.kind == TUSI else self.kind,
        )


class BatchForm(Form):
    """A day's entries, or what a phone gathered without signal."""

    entries: list[EntryForm] = Field(min_length=1, max_length=1000)


class EntryAnswer(Answer):
    """What became of an entry; `reason`: why it was refused."""

    client_id: UUID
    activity_id: UUID | None
    outcome: Outcome
    reason: str | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> "EntryAnswer":
        refused = verdict.outcome is Outcome.REFUSED
        return cls(
            client_id=verdict.entry.client_id,
            activity_id=None if refused else verdict.activity_id,
            outcome=verdict.outcome,
            reason=verdict.reason,
        )


class BatchAnswer(Answer):
    """Counts, and an answer for each entry in the order sent."""

    stored: int
    already_stored: int
    refused: int
    entries: list[EntryAnswer]

    @classmethod
    def of(cls, verdicts: list[Verdict]) -> "BatchAnswer":
        outcomes = [verdict.outcome for verdict in verdicts]
        return cls(
            stored=outcomes.count(Outcome.STORED),
            already_stored=outcomes.count(Outcome.ALREADY_STORED),
            refused=outcomes.count(Outcome.REFUSED),
            entries=[EntryAnswer.of(verdict) for verdict in verdicts],
        )


class ActivityAnswer(Answer):
    """An activity as it stands. `minutes` counts in the month of `work_date` once it is approved."""

    activity_id: UUID
    employee_id: UUID
    client_id: UUID
    work_date: date
    start: str | None
    end: str | None
    minutes: int
    result_id: UUID
    text: str
    quantity: Quantity | None
    quantity_unit: str | None
    evidence_link: str | None
    evidence_sha256: str | None
    kind: str | None
    filed_at: datetime
    state: State
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    capacity: Capacity | None = None
    reason: str | None = None

    @classmethod
    def of(cls, row: ActivityRow) -> "ActivityAnswer":
        own = {name: getattr(row, name) for name in cls.model_fields if name not in {"start", "end"}}
        return cls(start=time_of(row.start_minute), end=time_of(row.end_minute), **own)

    @classmethod
    def of_stored(cls, employee_id: UUID, verdict: Verdict, filed_at: datetime) -> "ActivityAnswer":
        """Of an entry that was stored just now: what `of` says of its row."""
        entry = verdict.entry
        own = {name: getattr(entry, name) for name in _OF_ENTRY}
        return cls(
            activity_id=verdict.activity_id,
            employee_id=employee_id,
            start=time_of(entry.start_minute),
            end=time_of(entry.end_minute),
            filed_at=filed_at,
            state=State.WAITING,
            **own,
        )


_OF_ENTRY = (
    "client_id",
    "work_date",
    "minutes",
    "result_id",
    "text",
    "quantity",
    "quantity_unit",
    "evidence_link",
    "evidence_sha256",
    "kind",
)


class ActivityPage(Answer):
    """`next`: the cursor to send as `after` for the page that follows; missing on the last one."""

    activities: list[ActivityAnswer]
    next: str | None = None

    @classmethod
    def of(cls, rows: Sequence[ActivityRow], limit: int) -> "ActivityPage":
        last = rows[-1] if len(rows) == limit else None
        return cls(
            activities=[ActivityAnswer.of(row) for row in rows],
            next=f"{last.work_date}_{last.activity_id}" if last else None,
        )


class DecidedAnswer(Answer):
    activity_id: UUID
    decision: Decision
    reason: str | None = None


class DecidedList(Answer):
    """How many were decided as asked, how many refused, and an answer for each id in the order sent."""

    done: int
    refused: int
    activities: list[DecidedAnswer]

    @classmethod
    def of(cls, decided: list[Decided]) -> "DecidedList":
        refused = sum(one.decision is Decision.REFUSED for one in decided)
        return cls(
            done=len(decided) - refused,
            refused=refused,
            # of thousands, each already of the right types: checking them again takes longer than deciding
            activities=[
                DecidedAnswer.model_construct(activity_id=one.activity_id, decision=one.decision, reason=one.reason)
                for one in decided
            ],
        )
