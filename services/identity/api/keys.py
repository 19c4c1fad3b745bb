"""The public keys; any service checks tokens by them without asking identity again."""

from typing import Any

from fastapi import APIRouter, Response

from services.identity.api.signing import SignerDep

router = APIRouter(tags=["keys"])


@router.get("/.well-known/jwks.json")
async def key_set(signer: SignerDep, response: Response) -> dict[str, Any]:
    """RFC 7517. Read anew every five minutes, or when a token names a key that is not there."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return signer.published
