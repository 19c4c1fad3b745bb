"""What is seen before a run is approved: the run beside the one before, ceilings and budgets, odd accounts."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.auth.policy import Role
from shared.db import Sessions
from shared.events.identity import EmployeeChanged
from shared.words import Predikat
from tests.support.corrections import Books
from tests.support.payroll import PERIOD, Desk, Month, a_month, appraisal_of, must, prepared, tell
from tests.support.service import OTHER_TENANT, TENANT, an_id, headers, token_for

DESK = Desk()
NEXT = "2026-11"


@pytest.fixture
async def books(client: httpx.AsyncClient, worker: Sessions) -> Books:
    return Books(DESK, client, worker)


@pytest.fixture
async def paid(books: Books, worker: Sessions) -> Month:
    """October, approved and published."""
    month = a_month(staff=2)
    await DESK.adopt(books.client)
    await prepared(worker, month)
    await books.run(PERIOD)
    return month


async def november(worker: Sessions, *, worse: UUID | None = None, staff: int = 2) -> Month:
    month = a_month(staff=staff, code=NEXT)
    for at, person in enumerate(month.office.everyone):
        if person.employee_id == worse:
            month.appraisals[at] = appraisal_of(TENANT, worse, NEXT, Predikat.KURANG)
    await prepared(worker, month)
    return month


async def compared(client: httpx.AsyncClient, run_id: str) -> Any:
    return must(await client.get(f"/runs/{run_id}/comparison", headers=DESK.auditor))


async def test_who_changed_is_told_with_the_reasons_in_both_languages(
    books: Books, worker: Sessions, paid: Month
) -> None:
    worse = paid.office.staff[0].employee_id
    await november(worker, worse=worse)
    told = await compared(books.client, await books.calculated(NEXT))
    assert told["against_period"] == PERIOD
    changed = next(one for one in told["changed"] if one["person"]["employee_id"] == str(worse))
    assert int(changed["now"]) < int(changed["before"])
    words = [(one["id"], one["en"]) for one in changed["reasons"]]
    assert ("predikat baik menjadi kurang", "predikat baik to kurang") in words
    assert told["changed_count"] == len(told["changed"])
    assert int(told["net_before"]) > int(told["net_now"])


async def test_a_newcomer_is_named_and_nobody_is_new_in_the_first_run(
    books: Books, worker: Sessions, paid: Month
) -> None:
    first = await compared(books.client, must(await books.client.get("/runs", headers=DESK.auditor))[0]["run_id"])
    assert (first["against"], first["new"], first["gone"]) == (None, [], [])
    month = await november(worker, staff=3)
    await books.correct()  # the office is said anew, and October looked at again
    told = await compared(books.client, await books.calculated(NEXT))
    newcomer = month.office.staff[2]
    assert [one["employee_id"] for one in told["new"]] == [str(newcomer.employee_id)]


async def test_missing_tax_numbers_and_shared_accounts_are_named(books: Books, worker: Sessions, paid: Month) -> None:
    month = await november(worker)
    first, second = (
        next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == one.employee_id)
        for one in month.office.staff
    )
    shared = second.model_copy(update={"bank": first.bank, "version": second.version + 1})
    await tell(worker, [shared])
    told = await compared(books.client, await books.calculated(NEXT))
    (account,) = told["shared_accounts"]
    assert {one["employee_id"] for one in account["people"]} == {str(first.employee_id), str(second.employee_id)}
    assert len(told["without_npwp"]) == len(month.office.everyone)
    assert told["without_account"] == []


async def limits(client: httpx.AsyncClient, *given: dict[str, Any]) -> Any:
    plain = {"valid_from": "2026-01-01", "source": "Kepmendagri 900-4700/2020"}
    return await client.post("/limits", json={"limits": [plain | one for one in given]}, headers=DESK.admin)


async def test_ceilings_of_classes_and_budgets_of_offices_are_held_against_the_run(
    books: Books, worker: Sessions, paid: Month
) -> None:
    await november(worker)
    run_id = await books.calculated(NEXT)
    assert (await compared(books.client, run_id))["above_ceiling"] == []
    offices = must(await books.client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))
    assert offices["statements"]
    must(await limits(books.client, {"kind": "class_month", "subject": "7", "amount": 1_000_000}))
    must(await limits(books.client, {"kind": "class_month", "subject": "15", "amount": 1_000}))
    told = await compared(books.client, run_id)
    assert told["above_ceiling"]
    assert {one["subject"] for one in told["above_ceiling"]} <= {"kelas 7", "kelas 15"}
    assert all(int(one["amount"]) > int(one["limit"]) for one in told["above_ceiling"])
    must(await limits(books.client, {"kind": "class_month", "subject": "7", "amount": 900_000_000}))
    assert "kelas 7" not in {one["subject"] for one in (await compared(books.client, run_id))["above_ceiling"]}


async def test_a_run_is_approved_only_by_who_has_seen_what_it_says_now(
    books: Books, worker: Sessions, paid: Month
) -> None:
    await november(worker)
    run_id = await books.calculated(NEXT)
    await DESK.verify(books.client, run_id)
    seen = await compared(books.client, run_id)
    must(await limits(books.client, {"kind": "class_month", "subject": "7", "amount": 1}))
    late = await books.client.post(f"/runs/{run_id}/approval", json={"seen": seen["digest"]}, headers=DESK.admin)
    assert late.status_code == 409
    assert "look at it" in late.json()["detail"]
    must(await DESK.try_to_approve(books.client, run_id, DESK.admin))
    history = (await DESK.run(books.client, run_id))["history"]
    assert next(one["note"] for one in history if one["act"] == "approved").startswith("seen: comparison ")


async def test_who_verified_or_approved_a_run_does_not_pay_it(books: Books, worker: Sessions, paid: Month) -> None:
    run_id = must(await books.client.get("/runs", headers=DESK.auditor))[0]["run_id"]
    for role, did in ((Role.VERIFIKATOR, "verified"), (Role.ADMIN, "approved")):
        again = headers(token_for(TENANT, ["bendahara"], account_id=an_id(TENANT, "desk", role, "")))
        answer = await books.client.post(f"/runs/{run_id}/payment", json={"reference": "SP2D 1"}, headers=again)
        assert answer.status_code == 409
        assert f"you have {did} this run" in answer.json()["detail"]


async def test_limits_that_make_no_sense_are_refused_by_their_field(books: Books) -> None:
    for wrong, place in (
        ({"kind": "class_month", "subject": "18", "amount": 1}, "limits.0"),
        ({"kind": "office_year", "subject": "1.01", "amount": -1}, "limits.0.amount"),
    ):
        answer = await limits(books.client, wrong)
        assert answer.status_code == 422
        assert place in answer.text


async def test_another_region_sees_neither_comparison_nor_limits(books: Books, paid: Month) -> None:
    must(await limits(books.client, {"kind": "class_month", "subject": "7", "amount": 1}))
    run_id = must(await books.client.get("/runs", headers=DESK.auditor))[0]["run_id"]
    other = Desk(OTHER_TENANT)
    assert (await books.client.get(f"/runs/{run_id}/comparison", headers=other.auditor)).status_code == 404
    assert must(await books.client.get("/limits", headers=other.auditor)) == []
