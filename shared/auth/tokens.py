"""Access tokens: short EdDSA JWTs that any service checks by identity's published keys."""

import json
import time
from datetime import UTC, datetime
from uuid import UUID

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.auth.caller import Caller, Grant
from shared.auth.policy import Role
from shared.errors import Unauthenticated

AUDIENCE = "takar"
LIFETIME_S = 300  # ASVS: short, because it is checked offline
LEEWAY_S = 60
_KEYS_FRESH_S = 300
_REFETCH_AT_MOST_EVERY_S = 60

log = structlog.get_logger()


def issue(key: OKPKey, caller: Caller, *, issuer: str, now: datetime) -> str:
    """A signed token that is good for LIFETIME_S."""
    issued = int(now.timestamp())
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": str(caller.account_id),
        "sid": str(caller.session_id),
        "tid": caller.tenant_id,
        "emp": str(caller.employee_id) if caller.employee_id else None,
        "name": caller.name,
        "grants": [[grant.role, str(grant.unit_id) if grant.unit_id else None] for grant in caller.grants],
        "iat": issued,
        "exp": issued + LIFETIME_S,
    }
    return jwt.encode({"alg": "EdDSA", "kid": key.kid, "typ": "at+jwt"}, claims, key, algorithms=["EdDSA"])


class Keys:
    """Identity's public keys, cached; the cached set serves on while identity is down."""

    def __init__(self, *, url: str = "", static: str = "") -> None:
        self.url = url
        self._set: KeySet | None = KeySet.import_key_set(json.loads(static)) if static else None
        self._fetched_at = float("-inf") if url else float("inf")

    async def find(self, kid: str | None) -> KeySet:
        """The key set, fetched anew when old, or when it lacks the key."""
        age = time.monotonic() - self._fetched_at
        lacks = self._set is None or kid not in {key.kid for key in self._set.keys}
        if self.url and (age > _KEYS_FRESH_S or (lacks and age > _REFETCH_AT_MOST_EVERY_S) or self._set is None):
            await self._fetch()
        if self._set is None:
            raise Unauthenticated("the keys of identity cannot be had right now; try again in a minute")
        return self._set

    async def _fetch(self) -> None:
        self._fetched_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                answer = await client.get(self.url)
            answer.raise_for_status()
            self._set = KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, ValueError, JoseError) as error:
            log.warning("identity's keys not fetched", error=repr(error))


async def verify(token: str, keys: Keys, *, issuer: str) -> Caller:
    """The caller a token names. Raises Unauthenticated where it is forged, foreign or too old."""
    try:
        kid = _kid(token)
        decoded = jwt.decode(token, await keys.find(kid), algorithms=["EdDSA"])
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            iat={"essential": True},
        )
        registry.validate(decoded.claims)
        if decoded.header.get("typ") != "at+jwt":
            raise Unauthenticated("this is not an access token")
        return _caller(decoded.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unauthenticated("the access token is not valid any more: log in again") from error


def _kid(token: str) -> str | None:
    from joserfc.jws import extract_compact  # the header is read before the key is known

    kid = extract_compact(token.encode()).headers().get("kid")
    return str(kid) if kid else None


def _caller(claims: dict[str, object]) -> Caller:
    grants = claims["grants"]
    if not isinstance(grants, list):
        raise ValueError("grants")
    return Caller(
        tenant_id=str(claims["tid"]),
        account_id=UUID(str(claims["sub"])),
        session_id=UUID(str(claims["sid"])),
        employee_id=UUID(str(claims["emp"])) if claims.get("emp") else None,
        name=str(claims["name"]),
        grants=tuple(Grant(Role(role), UUID(unit) if unit else None) for role, unit in grants),
        issued_at=datetime.fromtimestamp(int(str(claims["iat"])), UTC),
    )
