"""What a draft policy would have paid in a past month: the run's own frozen facts, under another document."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.payroll.inputs.evaluators import MOST_KEPT, Ask, Evaluator, Lost, evaluators, prepare
from services.payroll.queries.policies import policy_row
from services.payroll.queries.runs import run_row
from services.payroll.rules import Line, Policy, check, evaluate, facts_from
from services.payroll.rules.what_if import Blocked, Change, Compared, Outcome, WhatIf, changes, report
from services.payroll.tables import RunRow, WhatIfRow
from shared.errors import Fault, Invalid, NotFound, Refused, TooMany
from shared.words import RunKind

PAGE = 500  # employees sent to a process at once: some megabytes
AHEAD = 6  # pages read before a process takes them: while it starts, or the other way round
MOST_PEOPLE = 200_000
MOST_REASONS = 4  # lines told of one person

Paid = dict[str, tuple[int, int, int, str]]
"""By employee id: payable, gross, net, and the unit."""

_getting_ready = asyncio.Lock()  # held while facts are sent that nobody has asked about yet
_one_at_a_time = threading.Lock()  # of this process: a what-if uses every core


_PAID = text(
    "SELECT employee_id::text, payable, gross, net FROM statements WHERE tenant_id = :tenant_id AND run_id = :run_id"
)
# with its code: every OPD has a "Sekretariat". Not joined to the statements: PostgreSQL takes a run just made for one
# row, and would loop (decision 39)
_UNITS = text(
    """
    SELECT employee_id::text, trim(concat_ws(' ', payee ->> 'unit_code', payee ->> 'unit'))
    FROM run_inputs WHERE tenant_id = :tenant_id AND run_id = :run_id
    """
)
_FROZEN = text(
    """
    SELECT employee_id, facts FROM run_inputs
    WHERE tenant_id = :tenant_id AND run_id = :run_id
      AND employee_id > CAST(:after AS uuid)
    ORDER BY employee_id LIMIT :limit
    """
)
_BOTH = text(
    """
    SELECT i.employee_id::text, i.facts, s.body FROM run_inputs i
    JOIN statements s ON s.tenant_id = i.tenant_id AND s.run_id = i.run_id AND s.employee_id = i.employee_id
    WHERE i.tenant_id = :tenant_id AND i.run_id = :run_id AND i.employee_id = ANY(CAST(:employees AS uuid[]))
    """
)


def draft_of(document: str, tenant_id: str) -> Policy:
    """A draft's checked form. Raises Invalid naming every fault; nothing is stored."""
    policy = check(document)
    if not isinstance(policy, Policy):
        faults = tuple(Fault(problem.place, problem.message, problem.remedy) for problem in policy)
        raise Invalid(f"the policy has {len(faults)} faults", faults)
    if policy.document.region != tenant_id:
        fault = Fault("region", f"the document is for region {policy.document.region}", f"write {tenant_id}")
        raise Invalid("the policy is another region's", (fault,))
    return policy


async def stored_draft(session: AsyncSession, tenant_id: str, policy_hash: str) -> str:
    """The document of a stored policy, draft or approved. Raises NotFound."""
    return (await policy_row(session, tenant_id, policy_hash)).document


async def run_to_compare(session: AsyncSession, tenant_id: str, period: str, run_id: UUID | None) -> RunRow:
    """The run named, or the period's induk run; it must be calculated. Raises NotFound, Refused."""
    if run_id is not None:
        run: RunRow | None = await run_row(session, tenant_id, run_id)
    else:
        run = await session.scalar(
            select(RunRow).where(
                RunRow.tenant_id == tenant_id,
                RunRow.period == period,
                RunRow.kind == RunKind.INDUK,
                RunRow.state != "cancelled",
            )
        )
    if run is None or run.period != period:
        raise NotFound(f"there is no such run of {period}" if run_id else f"{period} has no induk run")
    if not run.count:
        raise Refused("the run is not calculated yet: there is nothing to compare a draft with")
    if run.count > MOST_PEOPLE:
        raise Refused(f"the run pays {run.count} people; a what-if is for at most {MOST_PEOPLE}")
    return run


async def what_if(session: AsyncSession, run: RunRow, document: str) -> WhatIf:
    """The draft over everybody whom the run paid. Raises Invalid; TooMany while another is being computed."""
    draft, _ = await asyncio.gather(asyncio.to_thread(draft_of, document, run.tenant_id), asyncio.to_thread(prepare))
    async with _getting_ready:
        pass  # a what-if over the same month needs these facts, and any other these processes
    with _alone():
        outcomes, paid = await _outcomes(session, run, document)
    people, blocked = _compared(paid, outcomes)
    summed = report(people, len(blocked))
    named = [one.employee_id for one in (*summed.winners, *summed.losers)]
    return WhatIf(
        region=run.tenant_id,
        period=run.period,
        run_id=str(run.run_id),
        run_kind=run.kind,
        policy_hash=run.policy_hash,
        policy_name=(await policy_row(session, run.tenant_id, run.policy_hash)).name,
        draft_hash=draft.hash,
        draft_name=draft.document.name,
        report=summed,
        people=tuple(people),
        reasons=await _reasons(session, run, draft, named),
        blocked=tuple(Blocked(one.nip, one.name, one.unit, one.blocked) for one in blocked),
    )


async def get_ready(session: AsyncSession, tenant_id: str) -> None:
    """The processes started, and the facts of the region's newest month sent to them: a what-if over it reads nothing.

    Left out while a what-if is computed, and for more people than the processes keep.
    """
    if _getting_ready.locked():
        return
    async with _getting_ready:
        await asyncio.to_thread(prepare)
        run = await _newest(session, tenant_id)
        if run is None or (run.count or 0) > MOST_KEPT:
            return
        asked = Ask((run.tenant_id, run.run_id, run.closings), document=None)
        if all(one.keeps(asked.run) for one in evaluators()):
            return
        with contextlib.suppress(TooMany), _alone():
            await _from_the_first(session, run, asked)


async def _newest(session: AsyncSession, tenant_id: str) -> RunRow | None:
    return await session.scalar(
        select(RunRow)
        .where(RunRow.tenant_id == tenant_id, RunRow.kind == RunKind.INDUK, RunRow.state != "cancelled")
        .where(RunRow.count > 0)
        .order_by(RunRow.period.desc())
        .limit(1)
    )


async def what_ifs(session: AsyncSession, tenant_id: str) -> Sequence[WhatIfRow]:
    """A region's reports, newest first, without their contents."""
    rows = await session.scalars(
        select(WhatIfRow)
        .options(defer(WhatIfRow.report))
        .where(WhatIfRow.tenant_id == tenant_id)
        .order_by(WhatIfRow.made_at.desc(), WhatIfRow.what_if_id)
        .limit(200)
    )
    return rows.all()


async def what_if_row(session: AsyncSession, tenant_id: str, what_if_id: UUID) -> WhatIfRow:
    """Raises NotFound."""
    row = await session.get(WhatIfRow, (tenant_id, what_if_id))
    if row is None:
        raise NotFound(f"there is no what-if {what_if_id}")
    return row


@contextmanager
def _alone() -> Iterator[None]:
    if not _one_at_a_time.acquire(blocking=False):
        raise TooMany("another what-if is being computed here; try again in some seconds", retry_after=3)
    try:
        yield
    finally:
        _one_at_a_time.release()


async def _outcomes(session: AsyncSession, run: RunRow, document: str) -> tuple[list[Outcome], Paid]:
    """What the draft gives, and what the run paid, which is read while the processes compute.

    From the facts that they keep of this run; else these are read first, and sent to whichever is free.
    """
    asked = Ask((run.tenant_id, run.run_id, run.closings), document)
    answers: list[list[Outcome] | BaseException] = [Lost("not sent yet")]
    if all(one.keeps(asked.run) for one in evaluators()):
        reading = asyncio.create_task(_paid(session, run))
        answers = await asyncio.gather(*(one.ask(asked) for one in evaluators()), return_exceptions=True)
        paid = await reading
    if any(isinstance(one, Lost) for one in answers):
        answers, paid = await _from_the_first(session, run, asked)
    found: list[Outcome] = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        found += answer
    return found, paid


async def _from_the_first(
    session: AsyncSession, run: RunRow, asked: Ask
) -> tuple[list[list[Outcome] | BaseException], Paid]:
    """Every process's answer; the run's facts are read while they compute, and each takes the next page when it can."""
    pages: asyncio.Queue[list[bytes]] = asyncio.Queue(AHEAD)
    reading = asyncio.create_task(_read(session, run, pages))
    answers = await asyncio.gather(*(_feed(one, pages, asked) for one in evaluators()), return_exceptions=True)
    if all(isinstance(one, BaseException) for one in answers):
        reading.cancel()  # nobody takes the pages
    [read] = await asyncio.gather(reading, return_exceptions=True)
    return (answers, read) if isinstance(read, dict) else ([*answers, read], {})


async def _read(session: AsyncSession, run: RunRow, pages: asyncio.Queue[list[bytes]]) -> Paid:
    """The run's frozen facts, page by page, an empty page for each process ending it; then what the run paid."""
    given = {"tenant_id": run.tenant_id, "run_id": run.run_id, "limit": PAGE}
    after = UUID(int=0)  # below every id; an OR for "from the first" would not be looked up in the index
    try:
        while rows := (await session.execute(_FROZEN, given | {"after": after})).all():
            after = rows[-1][0]
            await pages.put([facts for _, facts in rows])
    except Exception:
        await _end(pages)
        raise
    await _end(pages)
    return await _paid(session, run)


async def _end(pages: asyncio.Queue[list[bytes]]) -> None:
    for _ in evaluators():
        await pages.put([])


async def _feed(one: Evaluator, pages: asyncio.Queue[list[bytes]], asked: Ask) -> list[Outcome]:
    """Page after page to one process."""
    page = await pages.get()
    found = await one.ask(asked._replace(facts=page, which="first"))
    while page and (page := await pages.get()):
        found += await one.ask(asked._replace(facts=page, which="more"))
    return found


async def _paid(session: AsyncSession, run: RunRow) -> Paid:
    """What the run paid by employee id: payable, gross, net; and the unit."""
    of_run = {"tenant_id": run.tenant_id, "run_id": run.run_id}
    units = {employee_id: unit for employee_id, unit in (await session.execute(_UNITS, of_run)).all()}
    rows = await session.execute(_PAID, of_run)
    return {employee_id: (payable, gross, net, units[employee_id]) for employee_id, payable, gross, net in rows.all()}


def _compared(paid: Paid, outcomes: Sequence[Outcome]) -> tuple[list[Compared], list[Outcome]]:
    """Those whom the run paid: compared, or blocked under the draft."""
    people, blocked = [], []
    for one in sorted(outcomes):
        before = paid.get(one.employee_id)
        if before is None:  # frozen, and set aside in the run
            continue
        if one.blocked:
            blocked.append(one)
            continue
        payable, gross, net, unit = before
        people.append(
            Compared(
                *(one.employee_id, one.nip, one.name, unit or one.unit, one.kelas),
                *(payable, one.payable, gross, one.gross, net, one.net),
            )
        )
    return people, blocked


async def _reasons(
    session: AsyncSession, run: RunRow, draft: Policy, employees: Sequence[str]
) -> dict[str, tuple[Change, ...]]:
    """Which lines make the difference, for some: their stored statements beside the draft's."""
    given = {"tenant_id": run.tenant_id, "run_id": run.run_id, "employees": [UUID(one) for one in employees]}
    found = {}
    for employee_id, facts, body in (await session.execute(_BOTH, given)).all():
        lines: list[Line] = from_json(body)["lines"]
        found[employee_id] = changes(lines, evaluate(draft, facts_from(from_json(facts))).lines)[:MOST_REASONS]
    return found
