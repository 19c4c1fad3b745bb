"""What a region's payroll system says it booked, compared with what we stated: the last link of the chain."""

from uuid import UUID

import structlog
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.history import lock_run, note_act, take
from services.payroll.rules.lifecycle import Act, RunState
from services.payroll.tables import AcknowledgementRow, RunRow
from shared.clock import now
from shared.directory.commands import newest
from shared.errors import Refused
from shared.events.allowance import AllowanceAcknowledged
from shared.inbox.waiting import NotYet
from shared.unit_of_work import UnitOfWork

log = structlog.get_logger()

_OPEN = (RunState.PUBLISHED, RunState.DIFFERS)


async def note_acknowledgements(uow: UnitOfWork, facts: list[AllowanceAcknowledged]) -> None:
    """Equal in count, sum, hash total and digest: acknowledged. Anything else: the run differs, and a person looks.

    A corrected acknowledgement is a higher version; one of a run that is not here is refused (quarantine).
    """
    for fact in newest(facts):
        run = await lock_run(uow, fact.run_id)
        require_stated(run)
        await note_booked(uow, run, fact, by=None)


async def note_booked(uow: UnitOfWork, run: RunRow, fact: AllowanceAcknowledged, *, by: UUID | None) -> None:
    """Compare what was booked with a locked run. `by`: who brought it as a file."""
    difference = difference_of(run, fact)
    if not await _is_newer(uow, fact, agrees=difference is None, from_file=by is not None):
        return
    act = Act.ACKNOWLEDGE if difference is None else Act.DISPUTE
    if difference is not None:
        log.error("the region booked something else", tenant=uow.tenant_id, run=str(run.run_id), note=difference)
    note = difference or f"booked by {fact.booked_by}"
    if run.state in _OPEN:
        await take(uow, run, act, by=by, at=now(), note=note)
    else:
        await note_act(uow, run, act, by=by, at=now(), note=note)


def require_stated(run: RunRow) -> None:
    """Only what was published can have been booked. Raises NotYet, Refused."""
    if run.state == RunState.PUBLISHING:
        raise NotYet(f"run {run.run_id} is still being published")
    if run.first_sequence is None:
        raise Refused(f"run {run.run_id} is {run.state}: nothing of it was published, so nothing can be booked")


def difference_of(run: RunRow, fact: AllowanceAcknowledged) -> str | None:
    """Both figures of everything that is not equal, in words; None where all is."""
    compared = {
        "period": (fact.period, run.period),
        "count": (fact.count, run.count),
        "net": (fact.net, run.net),
        "hash total": (fact.hash_total, run.hash_total),
        "digest": (fact.digest, run.digest),
    }
    differing = [f"{name} {booked}, ours {ours}" for name, (booked, ours) in compared.items() if booked != ours]
    return f"{fact.booked_by} booked " + "; ".join(differing) if differing else None


async def _is_newer(uow: UnitOfWork, fact: AllowanceAcknowledged, *, agrees: bool, from_file: bool) -> bool:
    """Keep it where it is the newest word. A file is, when it is brought; it does not count among the versions."""
    values = fact.model_dump(include={"run_id", "version", "count", "net", "hash_total", "digest", "booked_by"})
    if from_file:
        values["version"] = 0
    statement = insert(AcknowledgementRow).values(tenant_id=uow.tenant_id, agrees=agrees, heard_at=now(), **values)
    kept = {"run_id", "version"} if from_file else {"run_id"}
    others = {name: statement.excluded[name] for name in (*values, "agrees", "heard_at") if name not in kept}
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "run_id"],
        set_=others,
        where=None if from_file else AcknowledgementRow.version < statement.excluded.version,
    )
    return (await uow.session.execute(statement.returning(AcknowledgementRow.run_id))).one_or_none() is not None
