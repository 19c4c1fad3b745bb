"""What tests of every service share: tokens, an API client, facts delivered as Kafka would, a small office."""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4, uuid5

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet, OKPKey

from deploy.local.databases import ServiceUrls
from shared.auth.caller import Caller, Grant
from shared.auth.policy import Role
from shared.auth.tokens import issue
from shared.db import Sessions, connect, disconnect
from shared.directory.commands import DIRECTORY_HANDLERS
from shared.events import CONTENT_TYPE, Event, encode
from shared.events.identity import (
    Assignment,
    BankAccount,
    EmployeeChanged,
    NipTerm,
    PositionChanged,
    PositionTerm,
    StatusTerm,
    TenantConfigured,
    UnitChanged,
)
from shared.inbox import Handlers, Inbox, Record
from shared.settings import Settings
from shared.words import AssignmentKind, JenisJabatan, StatusAsn, TenantKind, UnitKind

ISSUER = "takar"
TENANT = "19.05"  # Kabupaten Bangka Barat, WIB
OTHER_TENANT = "92"  # Provinsi Papua Barat, WIT
LONG_AGO = date(2020, 1, 1)
STATED_AT = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)

_REGIONS = {
    "19.05": ("Kabupaten Bangka Barat", TenantKind.KABUPATEN, "Asia/Jakarta"),
    "92": ("Provinsi Papua Barat", TenantKind.PROVINSI, "Asia/Jayapura"),
}
_IDS = UUID("0b9d4a26-3c15-4a0c-8a39-3fb8c2a7f8f1")


def an_id(*names: object) -> UUID:
    """The same id for the same names, in every test."""
    return uuid5(_IDS, "|".join(str(name) for name in names))


@cache
def signing_key() -> OKPKey:
    """identity's private key in this run of the tests."""
    return OKPKey.generate_key("Ed25519", {"kid": "tests", "use": "sig", "alg": "EdDSA"})


@cache
def receipt_key() -> OKPKey:
    """payroll's private key for checkpoints in this run of the tests."""
    return OKPKey.generate_key("Ed25519")


def jwks() -> str:
    """The public key set that goes with it, as JSON."""
    return json.dumps(KeySet([signing_key()]).as_dict(private=False))


def token_for(
    tenant_id: str = TENANT,
    roles: Iterable[Role | str] = (Role.PEGAWAI,),
    *,
    employee_id: UUID | None = None,
    account_id: UUID | None = None,
    session_id: UUID | None = None,
    unit_ids: Sequence[UUID] = (),
    name: str = "Sari Dewi",
    now: datetime | None = None,
) -> str:
    """An access token; a kepegawaian's grant is one per unit of `unit_ids`, the other roles have no unit."""
    grants = [
        Grant(Role(role), unit_id)
        for role in roles
        for unit_id in (unit_ids if Role(role) is Role.KEPEGAWAIAN and unit_ids else (None,))
    ]
    caller = Caller(
        tenant_id=tenant_id,
        account_id=account_id or (an_id("account", employee_id) if employee_id else uuid4()),
        session_id=session_id or uuid4(),
        employee_id=employee_id,
        name=name,
        grants=tuple(grants),
        issued_at=now or datetime.now(UTC),
    )
    return issue(signing_key(), caller, issuer=ISSUER, now=caller.issued_at)


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def settings_for(url: str, **more: object) -> Settings:
    """Settings of a process in these tests; `more` overrides any field."""
    return Settings.model_validate(
        {
            "database_url": url,
            "jwks": jwks(),
            "issuer": ISSUER,
            "signing_key": json.dumps(signing_key().as_dict(private=True)),
            "receipt_key": json.dumps(receipt_key().as_dict(private=True)),
        }
        | more
    )


@asynccontextmanager
async def client_for(
    create_app: Callable[[Settings], FastAPI], urls: ServiceUrls, *, address: str = "192.0.2.1", **more: object
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service's app, in this process; what fails inside comes back as its 5xx answer."""
    app = create_app(settings_for(urls.app, **more))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://takar.test", timeout=60) as client:
        try:
            yield client
        finally:
            await disconnect(app.state.door.sessions)


@asynccontextmanager
async def sessions_on(url: str, pool_size: int = 4) -> AsyncIterator[Sessions]:
    """Sessions as one role of a service; the pool is closed afterwards."""
    sessions = connect(url, pool_size=pool_size, name="takar-tests")
    try:
        yield sessions
    finally:
        await disconnect(sessions)


class Hearing:
    """Delivers facts to an inbox as Kafka would: right topic, key and header, offsets that go on."""

    def __init__(self, sessions: Sessions, handlers: Handlers) -> None:
        self.inbox = Inbox(sessions, handlers)
        self.offset = 0

    def records(self, events: Iterable[Event]) -> list[Record]:
        """The records these facts arrive as; asking again gives later offsets."""
        return [self._record(event) for event in events]

    async def __call__(self, *events: Event) -> None:
        """Deliver the facts as one batch."""
        await self.inbox.deliver(self.records(events))

    def _record(self, event: Event) -> Record:
        offset, self.offset = self.offset, self.offset + 1
        header = ("content-type", CONTENT_TYPE.encode())
        return Record(event.topic, 0, offset, event.key.encode(), encode(event), (header,))


def hear(sessions: Sessions, handlers: Handlers = DIRECTORY_HANDLERS) -> Hearing:
    """`tell = hear(sessions, handlers); await tell(event, event)`. Use the worker's sessions."""
    return Hearing(sessions, handlers)


async def seed_tenant(sessions: Sessions, *tenant_ids: str) -> None:
    """Make regions known to a service, as identity's facts would."""
    await hear(sessions)(*[tenant_configured(tenant_id) for tenant_id in tenant_ids or (TENANT,)])


def tenant_configured(tenant_id: str = TENANT, *, zone: str | None = None, version: int = 1) -> TenantConfigured:
    name, kind, usual = _REGIONS.get(tenant_id, (f"Kabupaten {tenant_id}", TenantKind.KABUPATEN, "Asia/Jakarta"))
    return TenantConfigured.model_validate(
        {
            "tenant_id": tenant_id,
            "occurred_at": STATED_AT,
            "version": version,
            "name": name,
            "kind": kind,
            "zone": zone or usual,
        }
    )


def unit_changed(
    tenant_id: str = TENANT,
    unit_id: UUID | None = None,
    *,
    code: str = "1.01",
    name: str = "Dinas Pendidikan",
    kind: UnitKind = UnitKind.OPD,
    parent_id: UUID | None = None,
    active_from: date = LONG_AGO,
    active_to: date | None = None,
    version: int = 1,
) -> UnitChanged:
    return UnitChanged(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=version,
        unit_id=unit_id or an_id(tenant_id, "unit", code),
        code=code,
        name=name,
        kind=kind,
        parent_id=parent_id,
        active_from=active_from,
        active_to=active_to,
    )


def position_changed(
    tenant_id: str = TENANT,
    position_id: UUID | None = None,
    *,
    code: str = "P-1",
    name: str = "Pengelola Data",
    jenis_jabatan: JenisJabatan = JenisJabatan.PELAKSANA,
    kelas_jabatan: int = 7,
    unit_id: UUID | None = None,
    reports_to: UUID | None = None,
    valid_from: date = LONG_AGO,
    terms: Sequence[PositionTerm] = (),
    active_to: date | None = None,
    version: int = 1,
) -> PositionChanged:
    """A position with one term from `valid_from`, or with the `terms` given."""
    one = PositionTerm(
        valid_from=valid_from,
        name=name,
        jenis_jabatan=jenis_jabatan,
        kelas_jabatan=kelas_jabatan,
        unit_id=unit_id or an_id(tenant_id, "unit", "1.01"),
        reports_to=reports_to,
    )
    return PositionChanged(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=version,
        position_id=position_id or an_id(tenant_id, "position", code),
        code=code,
        terms=tuple(terms) or (one,),
        active_to=active_to,
    )


def nip_of(number: int) -> str:
    """A valid NIP of a PNS, another for each number."""
    born = date(1970, 1, 1) + timedelta(days=number // 999)
    return f"{born:%Y%m%d}{born.year + 28}011{number % 999 + 1:03}"


def holds(
    position_id: UUID,
    *,
    kind: AssignmentKind = AssignmentKind.DEFINITIF,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
    assignment_id: UUID | None = None,
) -> Assignment:
    return Assignment(
        assignment_id=assignment_id or uuid4(),
        position_id=position_id,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def employee_changed(
    tenant_id: str = TENANT,
    employee_id: UUID | None = None,
    *,
    number: int = 1,
    name: str | None = None,
    nip: str | None = None,
    status_asn: StatusAsn = StatusAsn.PNS,
    golongan: str = "III/c",
    assignments: Sequence[Assignment] = (),
    ptkp: str = "TK/0",
    npwp: str | None = None,
    nik: str | None = None,
    bank: BankAccount | None = None,
    valid_from: date = LONG_AGO,
    left_on: date | None = None,
    version: int = 1,
) -> EmployeeChanged:
    """An employee; `number` gives the id, name and NIP where these are not given."""
    given_nip = nip or nip_of(number)
    return EmployeeChanged(
        tenant_id=tenant_id,
        occurred_at=STATED_AT,
        version=version,
        employee_id=employee_id or an_id(tenant_id, "employee", number),
        name=name or f"Pegawai {number}",
        birth_date=datetime.strptime(given_nip[:8], "%Y%m%d").replace(tzinfo=UTC).date(),
        nips=(NipTerm(valid_from=valid_from, nip=given_nip),),
        statuses=(StatusTerm(valid_from=valid_from, status_asn=status_asn, golongan=golongan),),
        assignments=tuple(assignments),
        ptkp=ptkp,
        npwp=npwp,
        nik=nik,
        bank=bank,
        left_on=left_on,
    )


@dataclass(frozen=True)
class Person:
    """Somebody of the small office."""

    tenant_id: str
    employee_id: UUID
    nip: str
    name: str
    position_id: UUID
    unit_id: UUID

    def token(self, *roles: Role | str) -> str:
        """Their access token: as pegawai, and what roles are named (kepegawaian: of their own unit)."""
        held = (Role.PEGAWAI, *roles)
        return token_for(self.tenant_id, held, employee_id=self.employee_id, unit_ids=[self.unit_id], name=self.name)


@dataclass(frozen=True)
class Office:
    """A dinas with one bidang: a head, under them a supervisor, under them staff."""

    tenant_id: str
    unit_id: UUID
    section_id: UUID
    head: Person
    supervisor: Person
    staff: tuple[Person, ...]
    events: tuple[Event, ...]

    @property
    def everyone(self) -> tuple[Person, ...]:
        return (self.head, self.supervisor, *self.staff)


def organisation(tenant_id: str = TENANT, staff: int = 2, *, since: date = LONG_AGO) -> Office:
    """A small office as facts, the region's own among them; the ids are the same in every test."""
    unit = unit_changed(tenant_id, code="1.01", active_from=since)
    section = unit_changed(
        tenant_id,
        code="1.01.1",
        name="Bidang Pendidikan Dasar",
        kind=UnitKind.BAGIAN,
        parent_id=unit.unit_id,
        active_from=since,
    )
    posts = _posts(tenant_id, unit.unit_id, section.unit_id, staff, since)
    people = [
        employee_changed(tenant_id, number=number, assignments=[_holding(tenant_id, number, post, since)])
        for number, post in enumerate(posts, start=1)
    ]
    persons = [_person(employee, post) for employee, post in zip(people, posts, strict=True)]
    return Office(
        tenant_id=tenant_id,
        unit_id=unit.unit_id,
        section_id=section.unit_id,
        head=persons[0],
        supervisor=persons[1],
        staff=tuple(persons[2:]),
        events=(tenant_configured(tenant_id), unit, section, *posts, *people),
    )


def _posts(tenant_id: str, unit_id: UUID, section_id: UUID, staff: int, since: date) -> list[PositionChanged]:
    head = position_changed(
        tenant_id,
        code="KADIS",
        name="Kepala Dinas Pendidikan",
        jenis_jabatan=JenisJabatan.JPT_PRATAMA,
        kelas_jabatan=14,
        unit_id=unit_id,
        valid_from=since,
    )
    supervisor = position_changed(
        tenant_id,
        code="KABID",
        name="Kepala Bidang Pendidikan Dasar",
        jenis_jabatan=JenisJabatan.ADMINISTRATOR,
        kelas_jabatan=11,
        unit_id=section_id,
        reports_to=head.position_id,
        valid_from=since,
    )
    below = [
        position_changed(
            tenant_id,
            code=f"STAF-{number}",
            unit_id=section_id,
            reports_to=supervisor.position_id,
            valid_from=since,
        )
        for number in range(1, staff + 1)
    ]
    return [head, supervisor, *below]


def _holding(tenant_id: str, number: int, post: PositionChanged, since: date) -> Assignment:
    return holds(post.position_id, valid_from=since, assignment_id=an_id(tenant_id, "assignment", number))


def _person(employee: EmployeeChanged, post: PositionChanged) -> Person:
    return Person(
        tenant_id=employee.tenant_id,
        employee_id=employee.employee_id,
        nip=employee.nips[-1].nip,
        name=employee.name,
        position_id=post.position_id,
        unit_id=post.terms[-1].unit_id,
    )
