"""`takar payroll receipt` and `receipt-keys`, as an employee's helper types them, with the verifier after them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli import payroll
from deploy.local.databases import ServiceUrls
from shared.checkpoint import Signer
from shared.db import Sessions
from tests.support.payroll import PERIOD, Desk, a_month, prepared, work_all
from tests.support.receipts import key_of, keys_of, run_verifier
from tests.support.service import TENANT, receipt_key

DESK = Desk()
PRIVATE = json.dumps(receipt_key().as_dict(private=True))


@pytest.fixture
async def run_id(client: httpx.AsyncClient, worker: Sessions) -> str:
    """A verified run, not yet approved."""
    await prepared(worker, a_month())
    await DESK.adopt(client)
    run_id = await DESK.start(client)
    await work_all(worker)
    await DESK.verify(client, run_id)
    return run_id


def typed(*words: str, **env: str) -> Any:
    done = CliRunner().invoke(payroll.app, list(words), env={"COLUMNS": "200", **env})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


async def asked(urls: ServiceUrls, *words: str) -> Any:
    return await asyncio.to_thread(lambda: typed(*words, TAKAR_DATABASE_URL=urls.worker))


async def test_what_the_commands_write_is_accepted_by_the_verifier(
    client: httpx.AsyncClient, payroll_db: ServiceUrls, run_id: str, tmp_path: Path
) -> None:
    await DESK.approve(client, run_id)
    staff, receipt, keys = a_month().office.staff[0], tmp_path / "receipt.json", tmp_path / "keys.json"
    done = await asked(payroll_db, "receipt", staff.nip, PERIOD, "--out", str(receipt), "--since", "1")
    assert done.exit_code == 0, done.output
    keys.write_text(typed("receipt-keys", "--json", TAKAR_RECEIPT_KEY=PRIVATE).output)
    assert run_verifier(receipt, "--key", keys, "--nip", staff.nip, "--tenant", TENANT).returncode == 0
    shown = await asked(payroll_db, "receipt", staff.nip, PERIOD, "--run", run_id, "--since", "1")
    assert shown.output.encode() == receipt.read_bytes() + b"\n"


async def test_what_cannot_be_written_is_one_clear_line(
    client: httpx.AsyncClient, payroll_db: ServiceUrls, run_id: str
) -> None:
    nip = a_month().office.staff[0].nip
    for words, said in {
        (nip, PERIOD): "not approved yet",
        ("199001012015011001", PERIOD): "no region has",
        (nip, PERIOD, "--run", "018f3c1e-0000-7000-8000-0000000000ff"): "no region has",
        (nip, "October"): "October",
    }.items():
        done = await asked(payroll_db, "receipt", *words)
        assert (done.exit_code != 0, said in done.output) == (True, True), done.output


def test_the_keys_are_printed_for_the_board_and_for_other_tools() -> None:
    public = Signer.given(PRIVATE).public
    assert public.fingerprint in typed("receipt-keys", TAKAR_RECEIPT_KEY=PRIVATE).output
    lines = typed("receipt-keys", "--tenant", TENANT, TAKAR_RECEIPT_KEY=PRIVATE).output
    assert lines.startswith(f"takar/{TENANT}/statements+")
    other = keys_of(Signer(key_of())).decode()
    assert json.loads(typed("receipt-keys", "--json", TAKAR_RECEIPT_KEYS=other).output) == json.loads(other)
    assert "d" not in json.loads(typed("receipt-keys", "--json", TAKAR_RECEIPT_KEY=PRIVATE).output)["keys"][0]


@pytest.mark.parametrize("given", [{}, {"TAKAR_RECEIPT_KEYS": "{"}, {"TAKAR_RECEIPT_KEY": "not a key"}])
def test_keys_that_are_none_are_one_clear_line(given: dict[str, str]) -> None:
    done = typed("receipt-keys", **given)
    assert done.exit_code == 2
    assert "not usable" in done.output
