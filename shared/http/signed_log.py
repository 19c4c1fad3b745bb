"""The routes by which a service tells its log of a region, and the public keys that sign it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from shared.checkpoint import ReceiptKeys, Signer
from shared.http.dependencies import UnitOfWorkDep, may
from shared.http.problems import PROBLEMS
from shared.settings import Settings
from shared.signed_log.answers import head, heads
from shared.signed_log.heads import HeadColumns

Number = Annotated[int, Query(ge=1, le=2**31, description="the checkpoint's number: entries in the log under it")]
MaybeNumber = Annotated[int | None, Query(ge=1, le=2**31, description="a checkpoint's number")]
Hash = str  # hex


class Since(BaseModel):
    """An earlier checkpoint, and the path (RFC 9162 2.1.4) that shows the log grew from it."""

    model_config = ConfigDict(extra="forbid")

    checkpoint: str
    path: list[Hash]


class CheckpointOut(BaseModel):
    """A C2SP tlog-checkpoint: a note signed with Ed25519."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.checkpoint/1"]
    checkpoint: str
    since: Since | None


class Logged(BaseModel):
    model_config = ConfigDict(extra="forbid")

    checkpoint: str
    entry: dict[str, Any]


class CheckpointsOut(BaseModel):
    """The log: each entry with the checkpoint signed over it."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.checkpoints/1"]
    checkpoints: list[Logged]


def sent(canonical: bytes) -> Response:
    """As it is, to the byte: a verifier demands canonical JSON."""
    return Response(canonical, media_type="application/json")


def signer_of(settings: Settings) -> Signer:
    """The key of a service that signs a log. Raises ValueError where TAKAR_RECEIPT_KEY holds none."""
    key = settings.receipt_key.get_secret_value()
    if not key:
        raise ValueError(f"TAKAR_RECEIPT_KEY is not set: {settings.service} signs its log, and needs a key to do so")
    return Signer.given(key, settings.receipt_keys)


def _signer(request: Request) -> Signer:
    held: Signer = request.app.state.signer
    return held


SignerDep = Annotated[Signer, Depends(_signer)]
_READER = [Depends(may("checkpoint.read"))]


def log_router(table: type[HeadColumns]) -> APIRouter:
    """The routes of the log in this table."""
    router = APIRouter(tags=["receipts"], responses=PROBLEMS)

    @router.get("/checkpoints", response_model=CheckpointsOut, dependencies=_READER)
    async def listed(
        uow: UnitOfWorkDep,
        after: Annotated[int, Query(ge=0, le=2**31, description="the last checkpoint that is known")] = 0,
        limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
    ) -> Response:
        """The region's log: every entry and the checkpoint signed over it. Keep what you were given."""
        return sent(await heads(uow.session, table, uow.tenant_id, after=after, limit=limit))

    @router.get("/checkpoints/latest", response_model=CheckpointOut, dependencies=_READER)
    async def latest(uow: UnitOfWorkDep, since: MaybeNumber = None) -> Response:
        """The newest checkpoint; with `since`, the proof that the log grew to it from that one."""
        return sent(await head(uow.session, table, uow.tenant_id, since=since))

    @router.get("/checkpoints/consistency", response_model=CheckpointOut, dependencies=_READER)
    async def consistency(uow: UnitOfWorkDep, first: Number, second: Number) -> Response:
        """The proof (RFC 9162 2.1.4) that the log of the second checkpoint begins with the log of the first."""
        return sent(await head(uow.session, table, uow.tenant_id, size=second, since=first))

    @router.get("/receipt-keys")
    async def keys(signer: SignerDep, response: Response) -> ReceiptKeys:
        """The public keys that sign, signed or will sign checkpoints, with their days. Compare with the board's."""
        response.headers["Cache-Control"] = "public, max-age=300"
        return signer.published

    return router
