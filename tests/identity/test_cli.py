"""`takar tenant` and `takar import`, as an operator and an office use them."""

import asyncio
import csv
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.databases import ServiceUrls
from services.identity.api import create_app
from shared.events.identity import EmployeeChanged
from tests.support.identity import EMPLOYEE_HEADERS, PASSWORD, Client, employee_rows, workbook
from tests.support.service import headers, nip_of, settings_for

REGION = ("--name", "Kabupaten Uji", "--kind", "kabupaten", "--zone", "Asia/Jayapura")


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TAKAR_KAFKA_BOOTSTRAP", "TAKAR_KAFKA_ADMIN_PASSWORD", "TAKAR_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def address(urls: ServiceUrls) -> Iterator[str]:
    """identity behind a real port."""
    origin = FastAPI()
    origin.mount("/identity", create_app(settings_for(urls.app)))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(origin, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/identity"
    server.should_exit = True
    thread.join(20)


async def takar(*arguments: str) -> tuple[int, str]:
    """Exit status and output. In a thread, because a command runs a loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    return done.exit_code, done.output


async def test_a_region_is_added_with_an_administrator_who_can_log_in(client: Client, urls: ServiceUrls) -> None:
    code, nip = f"{client.tenant_id[:2]}.05", nip_of(1)
    given = ("tenant", "add", code, *REGION, "--admin-nip", nip, "--database", urls.app)
    status, said = await takar(*given)
    assert status == 0, said
    password = re.search(r"one-time password (\S+)", said)
    assert password is not None
    assert "Kafka: not provisioned" in said
    first = await client.log_in(nip, password[1], code)
    assert first.json()["must_set_password"]
    status, said = await takar(*given)
    assert (status, "as it was" in said, "keeps its password" in said) == (0, True, True)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("1905", *REGION, "--admin-nip", nip_of(1)), "no region code"),
        (("00", *REGION, "--admin-nip", nip_of(1)), "no region code"),
        (("19.06", *REGION[:-1], "Asia/Tokyo", "--admin-nip", nip_of(1)), "no zone of Indonesia"),
        (("19.06", *REGION, "--admin-nip", "131110468"), "old NIP"),
    ],
)
async def test_a_region_that_cannot_be_is_refused_with_the_reason(arguments: tuple[str, ...], part: str) -> None:
    status, said = await takar("tenant", "add", *arguments, "--database", "postgresql+asyncpg://x/x")
    assert status == 2
    assert part in said


async def test_an_operator_adds_regions_over_http(client: Client, urls: ServiceUrls) -> None:
    status, said = await takar("tenant", "operator", "operasi", "--database", urls.app)
    assert status == 0, said
    password = said.split("one-time password ")[1].split()[0]
    first = (await client.log_in("operasi", password, "00")).json()
    tokens = (await client.put("/me/password", {"new": PASSWORD}, headers(first["access_token"]))).json()
    assert tokens["roles"] == ["operator"]
    assert (await client.get("/tenants", headers(tokens["access_token"]))).status_code == 200


async def test_a_list_comes_in_with_faults_shown_and_passwords_kept(
    client: Client, address: str, tmp_path: Path
) -> None:
    tokens = await client.somebody(500)
    given = {"account_id": tokens["account_id"], "role": "admin", "valid_from": "2026-01-01"}
    assert (await client.post("/grants", given)).status_code == 201
    file, passwords = tmp_path / "pegawai.xlsx", tmp_path / "sandi.csv"
    file.write_bytes(workbook(Pegawai=[EMPLOYEE_HEADERS, *employee_rows(3), ("1.98E+17", "X", "PNS", "III/a", "K/1")]))
    common = ("--tenant", client.tenant_id, "--nip", nip_of(500), "--password", PASSWORD, "--identity", address)
    status, said = await takar("import", "employees", str(file), *common, "--dry-run")
    assert (status, "3 employees would be added" in said, "format the column as text" in said) == (1, True, True)
    assert len(await client.stated(EmployeeChanged)) == 1
    status, said = await takar("import", "employees", str(file), *common, "--accounts", str(passwords))
    assert (status, "3 employees added" in said) == (1, True)
    with passwords.open(encoding="utf-8") as kept:
        assert [row["NIP"] for row in csv.DictReader(kept)] == [nip_of(1), nip_of(2), nip_of(3)]
    assert passwords.stat().st_mode & 0o077 == 0
    status, said = await takar("import", "employees", str(file), *common, "--accounts", str(passwords))
    assert (status, "never written over" in said) == (2, True)


async def test_a_wrong_password_is_one_line(address: str, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("NIP\n")
    common = ("--tenant", "19.05", "--nip", nip_of(1), "--password", "salah", "--identity", address)
    status, said = await takar("import", "employees", str(file), *common)
    assert status == 1
    assert "the region, NIP or password is wrong" in said


@pytest.mark.parametrize("command", [("outbox", "list"), ("quarantine", "list")])
async def test_of_several_databases_a_command_looks_into_its_services_own(
    command: tuple[str, str], urls: ServiceUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKAR_PAYROLL_DATABASE_URL", urls.worker)
    monkeypatch.setenv("TAKAR_IDENTITY_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    assert (await takar(*command, "--service", "payroll"))[0] == 0
    status, said = await takar(*command, "--service", "identity")
    assert (status, "the database cannot be used" in said) == (1, True)
    status, said = await takar(*command, "--service", "appraisal")
    assert (status, "TAKAR_APPRAISAL_DATABASE_URL" in said) == (2, True)
