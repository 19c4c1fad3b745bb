"""Receipts of activities and days through the API, checked by the verifier as an employee does."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from deploy.verify import takar_verify
from services.activity.api import create_app
from shared.checkpoint import text_hash
from shared.events.activity import PeriodClosed
from shared.unit_of_work import unit_of_work
from tests.activity.stating import stated
from tests.support.activity import MONTH, Region, entry
from tests.support.attendance import MONDAY, Attendance, attendance_on, full_days, working_april
from tests.support.receipts import changed
from tests.support.service import settings_for

CLOSING, REOPENING = f"/periods/{MONTH}/closing", f"/periods/{MONTH}/reopening"


async def trusted(region: Region) -> list[takar_verify.Key]:
    return takar_verify.read_keys((await region.client.get("/receipt-keys")).json())


async def receipt(region: Region, path: str, **params: Any) -> bytes:
    answer = await region.get(region.staff, f"{path}/receipt", **params)
    assert answer.is_success, answer.text
    return answer.content


@pytest.fixture
async def approved(region: Region, results: dict[UUID, str]) -> list[str]:
    """Three activities of one of staff, two of the other; all approved."""
    staff, other = region.office.staff
    ids = await region.logged(staff, [entry(results[staff.employee_id], minutes=20 + n) for n in range(3)])
    others = await region.logged(other, [entry(results[other.employee_id]) for _ in range(2)])
    await region.approve(region.office.supervisor, [*ids, *others])
    return ids


async def test_every_approved_activity_of_a_closed_month_has_a_receipt_that_holds(
    region: Region, approved: list[str]
) -> None:
    early = await region.get(region.staff, f"/activities/{approved[0]}/receipt")
    assert (early.status_code, "not closed yet" in early.json()["detail"]) == (409, True)
    await region.done(region.admin_token(), "POST", CLOSING)
    keys = await trusted(region)
    for activity_id in approved:
        document = await receipt(region, f"/activities/{activity_id}")
        verdict = takar_verify.judge(document, keys)
        assert verdict.record is not None
        assert verdict.record["activity_id"] == activity_id
        told = json.loads(document)
        assert (told["employee"]["leaves"], told["entry"]["leaves"], told["entry"]["activities"]) == (3, 2, 5)
        with pytest.raises(takar_verify.Refused):
            takar_verify.judge(changed(document, record=told["record"] | {"minutes": 480}), keys)


async def test_the_closing_states_the_head_it_signed(region: Region, approved: list[str]) -> None:
    await region.done(region.admin_token(), "POST", CLOSING)
    [fact] = await stated(region, PeriodClosed)
    latest = (await region.get(region.staff, "/checkpoints/latest")).json()
    assert fact.checkpoint == latest["checkpoint"]
    head = takar_verify.read_note(fact.checkpoint, await trusted(region))
    assert (head.log, head.size, head.period, head.entry, head.previous) == ("records", 1, MONTH, "1", None)
    log = (await region.get(region.staff, "/checkpoints")).json()
    assert log["checkpoints"][0]["entry"]["root"] == fact.root


async def test_a_month_closed_again_has_a_new_head_that_goes_on_from_the_old(
    region: Region, approved: list[str]
) -> None:
    admin = region.admin_token()
    await region.done(admin, "POST", CLOSING)
    first = await receipt(region, f"/activities/{approved[0]}")
    await region.done(admin, "POST", REOPENING, {"reason": "Persetujuan keliru"})
    assert await receipt(region, f"/activities/{approved[0]}") == first  # nothing of theirs changed yet
    withdrawal = {"reason": "Keliru"}
    await region.done(region.office.supervisor, "POST", f"/activities/{approved[1]}/withdrawal", withdrawal)
    changed_since = await region.get(region.staff, f"/activities/{approved[0]}/receipt")
    assert (changed_since.status_code, "next closing" in changed_since.json()["detail"]) == (409, True)
    await region.done(admin, "POST", CLOSING)

    keys = await trusted(region)
    second = takar_verify.judge(await receipt(region, f"/activities/{approved[0]}", since=1), keys)
    kept = takar_verify.judge(first, keys).head
    assert (second.head.size, second.head.entry, second.head.previous) == (2, "2", kept.text_hash)
    takar_verify.compare(kept, second.head, second.growth)
    gone = await region.get(region.staff, f"/activities/{approved[1]}/receipt")
    assert (gone.status_code, "only what is approved" in gone.json()["detail"]) == (409, True)
    closings = await stated(region, PeriodClosed)
    assert text_hash(closings[0].checkpoint or "") == second.head.previous


async def test_a_receipt_is_told_to_those_who_may_see_the_record(
    region: Region, other_region: Region, approved: list[str]
) -> None:
    await region.done(region.admin_token(), "POST", CLOSING)
    path = f"/activities/{approved[0]}/receipt"
    colleague = region.office.staff[1]
    seen = {
        who: (await region.get(who, path)).status_code for who in (region.staff, region.office.supervisor, colleague)
    }
    assert list(seen.values()) == [200, 200, 403]
    assert (await other_region.get(other_region.staff, path)).status_code == 404
    assert (await other_region.get(other_region.staff, "/checkpoints/latest")).status_code == 404
    assert (await region.get(region.staff, path, size=2)).status_code == 404
    assert (await region.get(region.staff, path, since=2)).status_code == 409


async def test_a_record_changed_behind_the_services_back_has_no_receipt(
    region: Region, approved: list[str], activity_db: ServiceUrls
) -> None:
    await region.done(region.admin_token(), "POST", CLOSING)
    async with unit_of_work(region.app, region.office.tenant_id) as uow:
        swapped = text("UPDATE activities SET leaf = sha256(leaf) WHERE tenant_id = :t AND activity_id = :a")
        await uow.session.execute(swapped, {"t": region.office.tenant_id, "a": UUID(approved[0])})
    for activity_id in approved:
        assert (await region.get(region.staff, f"/activities/{activity_id}/receipt")).status_code == 409


@pytest.fixture
async def attendance(activity_db: ServiceUrls) -> AsyncIterator[Attendance]:
    """April is settled."""
    async with attendance_on(activity_db) as made:
        await made.machine()
        for person in made.pins:
            await made.log(full_days(made.pin(person), working_april()))
        await made.settle()
        yield made


async def test_every_settled_day_of_a_closed_month_has_a_receipt_that_holds(attendance: Attendance) -> None:
    await attendance.done(attendance.admin_token(), "POST", "/periods/2026-04/closing")
    keys, days = await trusted(attendance), f"/attendance/employees/{attendance.staff.employee_id}/days"
    for place, day in enumerate(working_april()):
        document = await receipt(attendance, f"{days}/{day}")
        assert dict(takar_verify.judge(document, keys).told)["Tanggal / date"] == str(day)
        assert json.loads(document)["leaf_index"] == place
    colleague = attendance.office.staff[1]
    assert (await attendance.get(colleague, f"{days}/{MONDAY}/receipt")).status_code == 403
    assert (await attendance.get(attendance.staff, f"{days}/2026-04-04/receipt")).status_code == 404


def test_the_api_does_not_start_without_a_key() -> None:
    with pytest.raises(ValueError, match="TAKAR_RECEIPT_KEY is not set: activity"):
        create_app(settings_for("postgresql+asyncpg://nobody@localhost/none", service="activity", receipt_key=""))
