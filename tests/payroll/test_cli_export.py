"""`takar payroll export` writes a run's files into a folder, the same bytes each time."""

import asyncio
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.databases import ServiceUrls
from services.payroll.exports.files import FILES
from shared.db import Sessions
from tests.payroll.test_payments import make
from tests.support.payroll import PERIOD, Desk, a_month, must, prepared
from tests.support.service import TENANT

DESK = Desk()


@pytest.fixture
async def run_id(client: httpx.AsyncClient, worker: Sessions) -> str:
    await prepared(worker, a_month())
    await DESK.adopt(client)
    return await DESK.publish_all(client, worker)


def written(database: str, out: Path, *more: str) -> dict[str, bytes]:
    given = ["--tenant", TENANT, "--period", PERIOD, "--out", str(out), "--database", database, *more]
    ran = CliRunner().invoke(app, ["payroll", "export", *given])
    assert ran.exit_code == 0, ran.output
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


async def test_a_runs_files_are_written_twice_with_the_same_bytes(
    client: httpx.AsyncClient, payroll_db: ServiceUrls, run_id: str, tmp_path: Path
) -> None:
    must(await make(client, run_id))
    first = await asyncio.to_thread(written, payroll_db.worker, tmp_path / "a", "--statements")
    again = await asyncio.to_thread(written, payroll_db.worker, tmp_path / "b", "--statements")
    assert first == again
    names = {name.removeprefix(f"tpp-{TENANT}-{PERIOD}-induk-") for name in first}
    assert names >= {*FILES, "bank-1.csv"} - {"nominative.pdf"}
    assert sum(name.startswith("statements/") for name in names) == 3
    for name, content in first.items():
        if name.endswith(("sipd.xlsx", "recap.pdf", "bank-1.csv")):
            kind = name.removeprefix(f"tpp-{TENANT}-{PERIOD}-induk-")
            path = f"/runs/{run_id}/exports/{kind}" if "bank" not in kind else f"/runs/{run_id}/bank-files/1"
            assert (await client.get(path, headers=DESK.treasurer)).content == content
