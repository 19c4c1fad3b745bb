"""What a login answers: signed access tokens, and where the key and the hasher are found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from joserfc.jwk import OKPKey

from services.identity.api.hasher import Hasher
from services.identity.commands.logins import Opened
from services.identity.rules.access import PLATFORM, PLATFORM_ZONE
from services.identity.schemas.accounts import TokensTold
from shared.auth.tokens import LIFETIME_S, issue
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Signer:
    key: OKPKey
    issuer: str
    published: dict[str, object]

    def tokens(self, opened: Opened) -> TokensTold:
        caller = opened.caller
        return TokensTold(
            access_token=issue(self.key, caller, issuer=self.issuer, now=caller.issued_at),
            expires_in=LIFETIME_S,
            refresh_token=opened.refresh_token,
            must_set_password=opened.must_set_password,
            account_id=caller.account_id,
            employee_id=caller.employee_id,
            name=caller.name,
            roles=sorted(caller.roles),
        )


def _signer(request: Request) -> Signer:
    held: Signer = request.app.state.signer
    return held


def _hasher(request: Request) -> Hasher:
    held: Hasher = request.app.state.hasher
    return held


SignerDep = Annotated[Signer, Depends(_signer)]
HasherDep = Annotated[Hasher, Depends(_hasher)]


async def today(uow: UnitOfWork, now: datetime) -> date:
    """The calendar day in the region."""
    zone = PLATFORM_ZONE if uow.tenant_id == PLATFORM else (await tenant(uow.session, uow.tenant_id)).zone
    return local_date(now, zone)
