"""Logins, accounts, sessions and grants over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.identity.schemas.values import Day, Given, Secret, Told
from shared.auth.policy import Role
from shared.events import TenantId
from shared.texts import Name

Login = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40, strip_whitespace=True),
    Field(description="NIP, or the name of an account that is no employee's"),
]
NewLogin = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9._-]{2,31}$"),
    Field(description="a name in small letters", examples=["auditor-bpk"]),
]


class LoginGiven(Given):
    tenant_id: TenantId
    nip: Login
    password: Secret


class RefreshGiven(Given):
    refresh_token: Annotated[str, StringConstraints(min_length=10, max_length=200)]


class PasswordGiven(Given):
    """`current` is not asked of somebody who has just logged in with a one-time password."""

    current: Secret | None = None
    new: Secret


class TokensTold(Told):
    """`access_token` goes with every request as a bearer token; `refresh_token` is good for one refresh."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of the scheme, RFC 6750
    expires_in: int = Field(description="seconds")
    refresh_token: str
    must_set_password: bool = Field(description="the token is good for setting a password, and nothing else")
    account_id: UUID
    employee_id: UUID | None
    name: str
    roles: list[Role]


class RoleTold(Told):
    role: Role
    unit_id: UUID | None


class MeTold(Told):
    tenant_id: str
    account_id: UUID
    session_id: UUID
    employee_id: UUID | None
    name: str
    grants: list[RoleTold]


class SessionTold(Told):
    session_id: UUID
    begun_at: datetime
    used_at: datetime
    address: str
    device: str
    current: bool = False


class EmployeesGiven(Given):
    """Whose accounts to make: these employees', or those of everybody who has none."""

    employee_ids: Annotated[list[UUID], Field(min_length=1, max_length=20_000)] | None = None


class NamedAccountGiven(Given):
    login: NewLogin
    name: Name


class OneTimeTold(Told):
    """A password to hand over on paper; this answer is the only place it is ever shown."""

    account_id: UUID
    login: str
    name: str
    password: str
    until: datetime


class OneTimesTold(Told):
    accounts: list[OneTimeTold]


class AccountTold(Told):
    account_id: UUID
    login: str
    name: str
    employee_id: UUID | None
    disabled: bool
    made_at: datetime
    password_set_at: datetime | None
    one_time_until: datetime | None


class AccountsTold(Told):
    accounts: list[AccountTold]
    after: str | None = Field(description="give it as `after` to read on; null at the end")


class DisabledGiven(Given):
    disabled: bool


class GrantGiven(Given):
    account_id: UUID
    role: Role
    unit_id: UUID | None = Field(default=None, description="of a kepegawaian; every other role has none")
    valid_from: Day
    valid_to: Day | None = None


class GrantTold(Told):
    grant_id: UUID
    account_id: UUID
    role: Role
    unit_id: UUID | None
    valid_from: date
    valid_to: date | None
    given_by: UUID | None
    given_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None


class KeySetTold(Told):
    """RFC 7517: the public keys that access tokens are checked by."""

    keys: list[dict[str, str]]
