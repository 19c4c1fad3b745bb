"""Who asks, as their token says: values, without the means to check it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.auth.policy import ACTIONS, Role, Scope
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Grant:
    role: Role
    unit_id: UUID | None = None  # of a kepegawaian


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as their token says."""

    tenant_id: str
    account_id: UUID
    session_id: UUID
    employee_id: UUID | None
    name: str
    grants: tuple[Grant, ...]
    issued_at: datetime

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def scopes(self, action: str) -> tuple[Scope, ...]:
        return ACTIONS[action].scope_for(self.roles)

    def units(self, role: Role = Role.KEPEGAWAIAN) -> tuple[UUID, ...]:
        return tuple(grant.unit_id for grant in self.grants if grant.role is role and grant.unit_id)

    @property
    def person(self) -> UUID:
        """The employee; raises Forbidden for an account that is nobody's."""
        if self.employee_id is None:
            raise Forbidden("this account belongs to no employee; log in as one")
        return self.employee_id

    @property
    def actor(self) -> UUID:
        """Whom the records name: the employee, else the account."""
        return self.employee_id or self.account_id
