"""A statement's tree and its alternatives over the API: one's own, or anybody's for those who check."""

from datetime import date
from typing import Any

import httpx
import pytest

from shared.auth.policy import Role
from shared.db import Sessions
from shared.words import Predikat
from tests.support.payroll import Desk, Month, a_month, changed_day, must, prepared, work_all
from tests.support.service import headers

DESK = Desk()


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A calculated month in which the staff member was late once and rated kurang."""
    month = a_month(predikat=Predikat.KURANG)
    changed_day(month, month.office.staff[0].employee_id, date(2026, 10, 5), late_minutes=12)
    await prepared(worker, month)
    await DESK.adopt(client)
    await DESK.start(client)
    await work_all(worker)
    return month


async def own_statement(client: httpx.AsyncClient, month: Month) -> tuple[str, dict[str, str]]:
    own = headers(month.office.staff[0].token())
    (listed,) = must(await client.get("/statements", headers=own))
    return listed["statement_id"], own


def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for part in node["parts"] for leaf in leaves(part)] if node["parts"] else [node]


def every(node: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    below = [found for one in (*node["parts"], *node["evidence"]) for found in every(one, kind)]
    return [node, *below] if node["kind"] == kind else below


async def test_an_employee_reads_the_tree_of_their_statement_down_to_the_day(
    client: httpx.AsyncClient, month: Month
) -> None:
    statement_id, own = await own_statement(client, month)
    told = must(await client.get(f"/statements/{statement_id}/explanation", headers=own))
    statement = must(await client.get(f"/statements/{statement_id}", headers=own))
    assert told["statement_hash"] == statement["statement_hash"]
    tree = told["tree"]
    assert tree["amount"] == statement["totals"]["net"] == str(sum(int(one["amount"]) for one in leaves(tree)))
    (late,) = [one for one in every(tree, "deduction") if one["rule"] == "terlambat"]
    assert late["article"] == "contoh, Pasal 10 huruf a"
    (happened,) = late["evidence"]
    assert happened["label"] == {"id": "Senin, 5 Oktober 2026", "en": "Monday, 5 October 2026"}
    assert happened["formula"]["en"] == "12 minutes late"


async def test_what_else_would_have_been_paid_is_told_with_the_lines_that_move(
    client: httpx.AsyncClient, month: Month
) -> None:
    statement_id, own = await own_statement(client, month)
    told = must(await client.get(f"/statements/{statement_id}/alternatives", headers=own))
    by_key = {one["key"]: one for one in told["alternatives"]}
    # kelas 7: BK 1.875.000 + PK 1.125.000; half a percent of what kurang (75 %) left of productivity, and of discipline
    assert by_key["no_lateness"]["tpp_difference"] == "12750"
    assert by_key["next_predikat"]["changed"]["id"] == "kurang -> butuh perbaikan"
    moved = by_key["next_predikat"]["moved"]
    assert sum(int(one["would_be"]) - int(one["amount"]) for one in moved) == int(
        by_key["next_predikat"]["net_difference"]
    )
    assert [one["key"] for one in told["not_offered"]] == ["one_more_day"]


@pytest.mark.parametrize("what", ["explanation", "alternatives"])
async def test_somebody_elses_is_not_there_for_an_employee_but_for_those_who_check(
    client: httpx.AsyncClient, month: Month, what: str
) -> None:
    statement_id, _ = await own_statement(client, month)
    path = f"/statements/{statement_id}/{what}"
    assert (await client.get(path, headers=headers(month.office.head.token()))).status_code == 404
    for role in (Role.BENDAHARA, Role.VERIFIKATOR, Role.ADMIN, Role.AUDITOR):
        must(await client.get(path, headers=DESK.headers(role)))
