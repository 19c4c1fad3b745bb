"""`takar payroll explain`, `trace`, `recompute` and `what-if`, as an employee's helper or an auditor types them."""

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from deploy.cli import payroll
from deploy.local.databases import ServiceUrls
from shared.db import Sessions
from shared.unit_of_work import unit_of_work
from tests.support.payroll import PERIOD, Desk, Month, a_month, changed_day, policy_text, prepared, work_all
from tests.support.service import TENANT, sessions_on

DESK = Desk()


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A calculated month by minutes, in which the staff member was late once."""
    month = a_month(minutes=200)
    changed_day(month, month.office.staff[0].employee_id, date(2026, 10, 5), late_minutes=12)
    await prepared(worker, month)
    await DESK.adopt(client, "samarinda-kind")
    await DESK.start(client)
    await work_all(worker)
    return month


async def typed(urls: ServiceUrls, *words: str) -> Any:
    env = {"COLUMNS": "200", "TAKAR_DATABASE_URL": urls.worker}
    done = await asyncio.to_thread(CliRunner().invoke, payroll.app, list(words), env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


async def test_explain_draws_the_stored_statement_down_to_the_day(payroll_db: ServiceUrls, month: Month) -> None:
    staff = month.office.staff[0]
    done = await typed(payroll_db, "explain", staff.nip, PERIOD, "--language", "en", "--what-else")
    assert done.exit_code == 0
    for said in (staff.name, "Monday, 5 October 2026: 12 minutes late", "200 minutes, 1 approved activity"):
        assert said in done.output
    assert "without lateness: TPP +Rp" in done.output
    assert "one more day of approved activities: " in done.output
    assert str(month.activities[0].activity_id) not in done.output


async def test_explain_prints_the_tree_with_the_ids_of_the_activities_as_json(
    payroll_db: ServiceUrls, month: Month
) -> None:
    staff = month.office.staff[0]
    done = await typed(payroll_db, "explain", staff.nip, PERIOD, "--tenant", TENANT, "--json")
    (tree,) = json.loads(done.output)
    assert tree["kind"] == "net"
    own = {str(one.activity_id) for one in month.activities if one.employee_id == staff.employee_id}
    assert all(one in done.output for one in own)


async def test_who_was_not_paid_is_one_clear_line(payroll_db: ServiceUrls, month: Month) -> None:
    done = await typed(payroll_db, "explain", "199001012015011001", PERIOD)
    assert done.exit_code == 1
    assert done.stderr == f"takar: no region has a statement of 199001012015011001 of {PERIOD}\n"
    done = await typed(payroll_db, "explain", month.office.staff[0].nip, PERIOD, "--tenant", "99")
    assert done.stderr == "takar: payroll knows no region 99\n"
    done = await typed(payroll_db, "explain", month.office.staff[0].nip, "October")
    assert done.exit_code == 2


async def test_trace_follows_an_activity_and_a_day(payroll_db: ServiceUrls, month: Month) -> None:
    staff = month.office.staff[0]
    one = next(one for one in month.activities if one.employee_id == staff.employee_id)
    done = await typed(payroll_db, "trace", str(one.activity_id))
    assert done.exit_code == 0
    assert "it moved +Rp" in done.output
    assert "run induk" in done.output
    done = await typed(payroll_db, "trace", "--nip", staff.nip, "--day", "2026-10-05")
    assert "Terlambat masuk kerja: Rp 0 -> Rp -" in done.output
    assert (await typed(payroll_db, "trace", str(uuid4()))).exit_code == 1
    assert (await typed(payroll_db, "trace", "--nip", staff.nip)).exit_code == 2


async def test_recompute_says_that_every_byte_is_equal(payroll_db: ServiceUrls, month: Month) -> None:
    done = await typed(payroll_db, "recompute", "--tenant", TENANT, "--period", PERIOD)
    assert done.exit_code == 0, done.output
    assert "equal, byte by byte" in done.output
    assert "3 statements computed again" in done.output
    nothing = await typed(payroll_db, "recompute", "--tenant", TENANT, "--period", "2026-09")
    assert nothing.stderr == "takar: 19.05 has no calculated run of 2026-09\n"


CHANGES = {
    "amount": ("UPDATE statements SET gross = gross + 1, net = net + 1", ("amounts", "gross, net do not follow")),
    "body": ("UPDATE statements SET body = body || ' '::bytea", ("statement;",)),
    "inputs": (
        "UPDATE run_inputs SET facts = replace(encode(facts, 'escape'), '_minutes\":12', '_minutes\":9')::bytea",
        ("inputs",),
    ),
    "an activity": (
        "UPDATE run_inputs SET activity_ids = set_byte(activity_ids, 20, get_byte(activity_ids, 20) # 1)",
        ("inputs;",),
    ),
    "an activity less": (
        "UPDATE run_inputs SET activity_ids = substr(activity_ids, 17)",
        ("inputs cannot be read",),
    ),
    "rubbish": ("UPDATE run_inputs SET facts = 'x'::bytea", ("inputs cannot be read",)),
    "gone": ("DELETE FROM run_inputs", ("inputs are missing", "hash total")),
    "unpaid": ("DELETE FROM statements", ("1 employees were frozen and have no statement", "count")),
    "account": ("UPDATE run_inputs SET payee = jsonb_set(payee, '{bank,number}', '\"1\"')", ("hash total",)),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_recompute_names_whatever_was_changed_behind_our_back(
    payroll_db: ServiceUrls, month: Month, what: str
) -> None:
    statement, said = CHANGES[what]
    mine = {"tenant_id": TENANT, "employee_id": month.office.staff[0].employee_id}
    where = " WHERE tenant_id = :tenant_id AND employee_id = :employee_id"
    async with sessions_on(payroll_db.owner) as owner, unit_of_work(owner, TENANT) as uow:
        await uow.session.execute(text(statement.replace(":", "\\:") + where), mine)
    done = await typed(payroll_db, "recompute", "--tenant", TENANT, "--period", PERIOD)
    assert done.exit_code == 1, done.output
    assert "DIFFERENT" in done.output
    for one in said:
        assert one in done.output


async def test_recompute_under_a_changed_policy_text_says_so(payroll_db: ServiceUrls, month: Month) -> None:
    async with sessions_on(payroll_db.owner) as owner, unit_of_work(owner, TENANT) as uow:
        changed = "UPDATE policies SET document = replace(document, '2.5 %', '2.4 %') WHERE tenant_id = :tenant_id"
        await uow.session.execute(text(changed), {"tenant_id": TENANT})
    done = await typed(payroll_db, "recompute", "--tenant", TENANT, "--period", PERIOD)
    assert done.exit_code == 1
    assert "the stored text of policy" in done.stderr


async def test_what_if_tells_the_draft_in_the_terminal_and_writes_both_files(
    payroll_db: ServiceUrls, worker: Sessions, month: Month, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(policy_text(name="samarinda-kind").replace("cut: 2.5 %", "cut: 5 %"))
    files = ("--xlsx", str(tmp_path / "all.xlsx"), "--svg", str(tmp_path / "chart.svg"))
    words = ("what-if", "--tenant", TENANT, "--period", PERIOD, "--policy", str(draft), *files)
    done = await typed(payroll_db, *words, "--language", "en")
    assert done.exit_code == 1
    assert "refused" in done.stderr  # a lower row would cut more than the next
    draft.write_text(policy_text(name="samarinda-kind").replace("cut: 2.5 %", "cut: 2 %"))
    done = await typed(payroll_db, *words, "--language", "en")
    assert done.exit_code == 0, done.output
    assert "more: 1 person; less: 0 people; the same: 2 people" in done.output
    assert "Terlambat masuk kerja +Rp 17.000" in done.output
    assert (tmp_path / "all.xlsx").read_bytes().startswith(b"PK")
    assert (tmp_path / "chart.svg").read_bytes().startswith(b"<?xml")
    async with unit_of_work(worker, TENANT) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM what_ifs")) == 0
