"""A region of any size, founded over HTTP: a head, superiors, their staff; for the fault rig and the benchmarks.

People are named by number. Access tokens are made with identity's own key, as ten thousand logins would measure argon2.
"""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

import httpx
from joserfc.jwk import OKPKey

from shared.auth.caller import Caller, Grant
from shared.auth.policy import Role
from shared.auth.tokens import issue

MONTH = "2026-10"
SINCE = date(2026, 1, 1)
POLICIES = Path(__file__).parents[2] / "deploy/examples/policies"
_IDS = UUID("5b0d6b8e-50a7-4e44-9c1f-1d7fd1f7c0de")

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Region:
    """A region of `size` employees; superiors lead `span` each, the head leads the superiors."""

    tenant_id: str
    size: int
    base_url: str
    key: OKPKey
    zone: str = "Asia/Jakarta"
    policy: str = "samarinda-kind.yaml"
    span: int = 20
    ids: dict[str, UUID] = field(default_factory=dict)  # by NIP
    results: dict[str, UUID] = field(default_factory=dict)  # NIP: the result activities are logged against

    @cached_property
    def nips(self) -> list[str]:
        """By number: the head first, then the superiors, then the staff."""
        return [
            f"19{70 + n // 3650 % 25:02}{1 + n % 12:02}{1 + n % 28:02}201001{1 + n % 2}{1 + n // 84 % 999:03}"
            for n in range(self.size)
        ]

    @property
    def superiors(self) -> int:
        return max(1, (self.size - 1) // (self.span + 1))

    def superior_of(self, number: int) -> int | None:
        if number == 0:
            return None
        if number <= self.superiors:
            return 0
        return 1 + (number - 1 - self.superiors) % self.superiors

    def staff_of(self, number: int) -> list[int]:
        return [other for other in range(1, self.size) if self.superior_of(other) == number]

    def token(self, number: int | None, *roles: Role, units: Sequence[UUID] = ()) -> str:
        """Of an employee by number, or of nobody's account; pegawai unless told."""
        employee = self.ids.get(self.nips[number]) if number is not None else None
        caller = Caller(
            tenant_id=self.tenant_id,
            account_id=uuid5(_IDS, f"{self.tenant_id}/{number}/{roles}"),
            session_id=uuid4(),
            employee_id=employee,
            name=f"Pegawai {number}",
            grants=tuple(Grant(role) for role in roles or (Role.PEGAWAI,)),
            issued_at=datetime.now(UTC),
        )
        return issue(self.key, caller, issuer="takar", now=caller.issued_at)


def signing_key(folder: Path) -> OKPKey:
    """Identity's key of a stack, from the folder it keeps."""
    return OKPKey.import_key(json.loads((folder / "signing-key.json").read_text()))


class Hand:
    """HTTP as somebody of a region; tokens are made anew when they age; what fails says what was answered."""

    def __init__(self, http: httpx.AsyncClient, region: Region) -> None:
        self.http, self.region = http, region

    async def ask(self, who: int | None, method: str, path: str, *roles: Role, **parts: Any) -> Any:
        for _ in range(50):
            token = self.region.token(who, *roles)
            answer = await self.http.request(method, path, headers={"Authorization": f"Bearer {token}"}, **parts)
            if answer.status_code != 429:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None


async def found(hand: Hand) -> None:
    """Found the region: tenant, units, positions, employees; learn the employees' ids."""
    region = hand.region
    operator = Region("00", 1, region.base_url, region.key)
    await Hand(hand.http, operator).ask(
        None,
        "PUT",
        f"/identity/tenants/{region.tenant_id}",
        Role.OPERATOR,
        json={"name": f"Region {region.tenant_id}", "kind": "kabupaten", "zone": region.zone},
    )
    for kind, rows in (("units", _units()), ("positions", _positions(region)), ("employees", _employees(region))):
        told = await hand.ask(
            None,
            "POST",
            f"/identity/imports/{kind}",
            Role.ADMIN,
            files={"file": (f"{kind}.csv", _csv(rows))},
            params={"since": SINCE.isoformat()},
        )
        if told["faults"]:
            raise RuntimeError(f"{kind}: {told['faults'][:2]}")
    await _learn_ids(hand)


def _csv(rows: Iterable[dict[str, object]]) -> bytes:
    rows = list(rows)
    said = io.StringIO()
    writer = csv.DictWriter(said, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return said.getvalue().encode()


def _units() -> list[dict[str, object]]:
    return [{"Kode Unit": "U", "Nama Unit": "Sekretariat Daerah", "Jenis Unit": "opd", "Berlaku Sejak": SINCE}]


def _positions(region: Region) -> list[dict[str, object]]:
    def post(code: str, name: str, kelas: int, above: str) -> dict[str, object]:
        return {
            "Kode Jabatan": code,
            "Nama Jabatan": name,
            "Jenis Jabatan": "pelaksana",
            "Kelas Jabatan": kelas,
            "Kode Unit": "U",
            "Kode Atasan": above,
            "Berlaku Sejak": SINCE,
        }

    led = range(1, region.superiors + 1)
    return [
        post("H", "Kepala", 14, ""),
        *(post(f"S{n}", f"Kepala Seksi {n}", 9, "H") for n in led),
        *(post(f"P{n}", f"Pelaksana {n}", 5 + n % 3, f"S{n}") for n in led),
    ]


def _employees(region: Region) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, nip in enumerate(region.nips):
        superior = region.superior_of(number)
        code = "H" if superior is None else f"S{number}" if superior == 0 else f"P{superior}"
        rows.append(
            {
                "NIP": nip,
                "Nama": f"Pegawai {number}",
                "Status ASN": "PNS",
                "Golongan": ("III/a", "II/c", "IV/a")[number % 3],
                "PTKP": "TK/0",
                "Kode Bank": "120",
                "Nama Bank": "BPD",
                "Nomor Rekening": f"77{number:08}",
                "Nama Rekening": f"Pegawai {number}",
                "Kode Jabatan": code,
                "Berlaku Sejak": SINCE,
            }
        )
    return rows


async def _learn_ids(hand: Hand) -> None:
    after: dict[str, str] = {}
    while True:
        page = await hand.ask(None, "GET", "/identity/employees", Role.ADMIN, params={"limit": 500, **after})
        hand.region.ids |= {one["nip"]: UUID(one["employee_id"]) for one in page["employees"]}
        if page["after"] is None:
            return
        after = {"after": page["after"]}


async def _once_known(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The answer, once activity has heard from identity who this is, what they hold and whom they report to."""
    unheard = ("hold this position", "not known", "not a result of your superior's SKP")
    async with asyncio.timeout(120):
        while True:
            try:
                return await ask()
            except RuntimeError as error:
                if not any(words in str(error) for words in unheard):
                    raise
                await asyncio.sleep(0.2)


async def in_turns(items: Iterable[T], work: Callable[[T], Awaitable[R]], at_once: int = 16) -> list[R]:
    """Work on the items, so many at once, and answer in their order."""
    slots = asyncio.Semaphore(at_once)

    async def one(item: T) -> R:
        async with slots:
            return await work(item)

    return await asyncio.gather(*[one(item) for item in items])


async def agree_on_plans(hand: Hand) -> None:
    """A plan of one result each, approved from the top down: the head's by the admin."""
    region = hand.region
    positions = await hand.ask(None, "GET", "/identity/positions", Role.ADMIN, params={"limit": 1000})
    by_code = {one["code"]: one["position_id"] for one in positions["positions"]}

    async def write(number: int) -> str:
        superior = region.superior_of(number)
        code = "H" if superior is None else f"S{number}" if superior == 0 else f"P{superior}"
        above = None if superior is None else str(region.results[region.nips[superior]])
        plan = await _once_known(lambda: hand.ask(number, "POST", "/activity/plans", json=_plan(by_code[code], above)))
        region.results[region.nips[number]] = UUID(plan["results"][0]["result_id"])
        await hand.ask(number, "POST", f"/activity/plans/{plan['plan_id']}/submission")
        return str(plan["plan_id"])

    async def approve(who: int | None, plans: Sequence[str], *roles: Role) -> None:
        left = list(plans)
        async with asyncio.timeout(120):
            while left:
                told = await hand.ask(who, "POST", "/activity/plans/approvals", *roles, json={"ids": left})
                refused = [one for one in told["plans"] if not one["approved"]]
                if any("you are not this employee's superior" not in one["reason"] for one in refused):
                    raise RuntimeError(f"plans refused: {refused[:2]}")
                left = [one["plan_id"] for one in refused]
                await asyncio.sleep(0.2 if left else 0)  # activity has not heard yet who leads whom

    await approve(None, [await write(0)], Role.ADMIN)
    for leaders in ([0], list(range(1, region.superiors + 1))):
        staff = [(leader, region.staff_of(leader)) for leader in leaders]
        written = await in_turns([number for _, group in staff for number in group], write)
        by_number = dict(zip([number for _, group in staff for number in group], written, strict=True))
        plans = [(leader, [by_number[number] for number in group]) for leader, group in staff if group]
        await in_turns(plans, lambda one: approve(*one))


def _plan(position_id: str, above: str | None) -> dict[str, Any]:
    indicator = {"aspect": "kuantitas", "text": "Jumlah dokumen", "target": "12", "unit": "dokumen"}
    return {
        "position_id": position_id,
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "results": [{"text": "Layanan terlaksana", "superior_result_id": above, "indicators": [indicator]}],
    }


def entries(region: Region, number: int, days: Sequence[date], a_day: int) -> list[dict[str, Any]]:
    """An employee's activities of some days: `a_day` entries of an hour, their client ids the same each time."""
    nip = region.nips[number]
    return [
        {
            "client_id": str(uuid5(_IDS, f"{region.tenant_id}/{nip}/{day}/{turn}")),
            "work_date": day.isoformat(),
            "start": f"{8 + turn:02}:00",
            "end": f"{9 + turn:02}:00",
            "result_id": str(region.results[nip]),
            "text": f"Menyusun laporan kegiatan {turn}",
        }
        for day in days
        for turn in range(a_day)
    ]
