"""How long a login lasts, how often it may be tried, and which roles an account has on a day. ASVS 5.0, V6 and V7."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.auth.policy import Role
from shared.errors import Refused

PLATFORM = "00"  # the operator's own tenant code
PLATFORM_ZONE = "Asia/Jakarta"

ONE_TIME_LASTS = timedelta(days=14)  # a region hands out some thousand slips of paper
IDLE_FOR_MOST = timedelta(days=7)  # without a refresh the session is over
SESSION_LASTS = timedelta(days=30)  # after that one logs in again, however busy
SESSIONS_AT_MOST = 20  # of one account; the oldest ends


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries at once, then one every `gap`: a delay, never a lock, so nobody can shut another out."""

    name: str
    burst: int
    gap: timedelta


PER_ACCOUNT_AND_ADDRESS = Limit("account at address", 5, timedelta(seconds=30))
PER_ACCOUNT = Limit("account", 50, timedelta(seconds=10))
# an office of hundreds stands behind one address, and a login that succeeds is given back
PER_ADDRESS = Limit("address", 200, timedelta(milliseconds=200))


@dataclass(frozen=True, slots=True)
class Held:
    """A grant as it is kept: both days included."""

    role: Role
    unit_id: UUID | None
    valid_from: date
    valid_to: date | None


def attempt_key(limit: Limit, *parts: str) -> bytes:
    """A digest: the row of a limit tells of no tenant and no person."""
    return hashlib.sha256("|".join((limit.name, *parts)).encode()).digest()


def wait(limit: Limit, due_at: datetime, now: datetime) -> timedelta:
    """How long a try has to wait; zero where it may go on (GCRA)."""
    return max(timedelta(0), due_at - now - limit.gap * (limit.burst - 1))


def canonical_one_time(text: str) -> str:
    """As it was made, however it was typed from paper: without dashes, in capitals, 0 1 8 read as O I B."""
    return re.sub(r"[\s-]", "", text).upper().translate(str.maketrans("018", "OIB"))


def one_time_digest(text: str) -> bytes:
    """Fast on purpose: 128 random bits need no slow hash, and a region's ten thousand are made in a second."""
    return hashlib.sha256(canonical_one_time(text).encode()).digest()


def refresh_digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def issued_before(now: datetime, previous: datetime | None) -> datetime:
    """The moment before which tokens are void. Tokens count whole seconds, so this is one, and later than the last."""
    whole = now.replace(microsecond=0) + timedelta(seconds=1 if now.microsecond else 0)
    return whole if previous is None else max(whole, previous + timedelta(seconds=1))


def issued_at(now: datetime, revoked_before: datetime | None) -> datetime:
    """When a new token says it was issued: not before what voided the old ones, or it would be void itself."""
    return now if revoked_before is None else max(now, revoked_before)


def expired(begun_at: datetime, used_at: datetime, now: datetime) -> bool:
    return now - used_at > IDLE_FOR_MOST or now - begun_at > SESSION_LASTS


def roles_on(day: date, grants: list[Held], *, employed: bool) -> list[tuple[Role, UUID | None]]:
    """What a token says: the roles in force with their unit, and pegawai for whoever is employed."""
    in_force = [one for one in grants if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)]
    own: list[tuple[Role, UUID | None]] = [(Role.PEGAWAI, None)] if employed else []
    return own + [(one.role, one.unit_id) for one in in_force]


def check_grant(tenant_id: str, role: Role, unit_id: UUID | None, valid_from: date, valid_to: date | None) -> None:
    """Raises Refused for a role that cannot be given here, or not so."""
    if role in (Role.PEGAWAI, Role.NEWCOMER):
        raise Refused(f"{role} is not given: it follows from the employee's own state")
    if (role is Role.OPERATOR) != (tenant_id == PLATFORM):
        raise Refused("operator is a role of the platform, and the platform has no other")
    if (role is Role.KEPEGAWAIAN) != (unit_id is not None):
        raise Refused("kepegawaian is given for a unit, every other role without one")
    if valid_to is not None and valid_to < valid_from:
        raise Refused(f"the grant would end on {valid_to}, before it begins on {valid_from}")
