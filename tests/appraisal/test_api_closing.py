"""Closing a period's appraisals: exact totals, named defaults, and no appraisal that slips past."""

import asyncio
from collections import Counter

from deploy.local.databases import ServiceUrls
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed
from shared.ledger.leaves import leaf_of
from shared.merkle import root
from shared.words import Predikat, Rating
from tests.support.appraisal import MARCH, Region, ratings, region_on
from tests.support.service import token_for


async def closings(region: Region) -> list[AppraisalPeriodClosed]:
    return [fact for fact in await region.stated() if isinstance(fact, AppraisalPeriodClosed)]


async def standing(region: Region) -> list[AppraisalFinalized]:
    """What a reader keeps: the newest version of each employee, by id."""
    newest = {fact.employee_id: fact for fact in await region.stated() if isinstance(fact, AppraisalFinalized)}
    return [newest[employee_id] for employee_id in sorted(newest)]


async def test_a_closing_states_what_a_reader_can_check(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    answer = await region.close()
    assert answer.status_code == 200
    [event] = await closings(region)
    assert (event.close_seq, event.supersedes, event.activity_close_seq) == (1, None, 1)
    assert (event.totals.employees, event.totals.appraisals) == (4, 3)
    assert event.totals.by_predikat[Predikat.BAIK] == 3
    assert sum(event.totals.by_predikat.values()) == 3
    assert event.root == root(leaf_of(fact) for fact in await standing(region)).hex()
    assert answer.json()["root"] == event.root


async def test_closing_is_refused_while_somebody_is_unappraised(region: Region) -> None:
    await region.month_closed()
    await region.finalize(region.office.head, region.office.supervisor)
    answer = await region.close(reason=None)
    assert (answer.status_code, answer.json()["unappraised"]) == (409, 3)
    assert f"not appraised by {region.office.supervisor.name}" in answer.json()["detail"]
    assert await closings(region) == []


async def test_closed_with_a_reason_the_silent_evaluators_are_named(region: Region) -> None:
    await region.month_closed()
    await region.finalize(region.office.head, region.office.supervisor)
    assert (await region.close(reason="TPP harus dibayar tanggal 5")).status_code == 200
    [event] = await closings(region)
    assert event.evaluators_in_default == (region.office.supervisor.employee_id,)
    assert event.reason == "TPP harus dibayar tanggal 5"
    assert (event.totals.employees, event.totals.appraisals) == (4, 1)


async def test_a_closed_period_takes_no_draft_appraisal_or_correction(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    await region.close()
    supervisor, staff = region.office.supervisor, region.office.staff[0]
    where = f"/appraisals/{MARCH}/{staff.employee_id}"
    correction = {"ratings": ratings(Rating.DI_ATAS, Rating.DI_ATAS), "reason": "menaikkan nilai"}
    for answer in (
        await region.put(f"{where}/draft", supervisor.token(), ratings()),
        await region.finalize(supervisor, staff),
        await region.post(f"{where}/corrections", supervisor.token(), correction),
        await region.close(),
    ):
        assert answer.status_code == 409
        assert "the appraisals of 2026-03 are closed" in answer.json()["detail"]


async def test_reopened_with_a_reason_a_correction_goes_in_and_a_higher_closing_follows(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    first = (await region.close()).json()
    reason = {"reason": "keberatan diterima"}
    reopened = await region.post(f"/periods/{MARCH}/reopening", region.admin(), reason)
    assert reopened.json() == {"period": MARCH, "close_seq": 1}
    assert (await region.post(f"/periods/{MARCH}/reopening", region.admin(), reason)).status_code == 409
    supervisor, staff = region.office.supervisor, region.office.staff[0]
    correction = {"ratings": ratings(Rating.DI_ATAS, Rating.DI_ATAS), "reason": "keberatan diterima"}
    await region.post(f"/appraisals/{MARCH}/{staff.employee_id}/corrections", supervisor.token(), correction)
    second = (await region.close()).json()
    assert (second["close_seq"], second["supersedes"]) == (2, 1)
    assert second["root"] != first["root"]
    assert second["by_predikat"]["sangat_baik"] == 1
    assert second["root"] == root(leaf_of(fact) for fact in await standing(region)).hex()
    shown = (await region.get(f"/periods/{MARCH}", region.admin())).json()["closings"]
    assert [one["reopening"] for one in shown] == [None, "keberatan diterima"]


async def test_only_the_regions_admin_closes_and_reopens(region: Region) -> None:
    await region.month_closed()
    for token in (region.office.head.token("kepegawaian"), token_for(region.tenant_id, ["auditor", "bendahara"])):
        assert (await region.post(f"/periods/{MARCH}/closing", token, {})).status_code == 403
        assert (await region.post(f"/periods/{MARCH}/reopening", token, {"reason": "ingin"})).status_code == 403
        decided = {"valid_from": "2026-01-01", "evaluator_days": 0}
        assert (await region.put("/settings", token, decided)).status_code == 403


async def test_settings_hold_from_their_date_and_are_shown(region: Region) -> None:
    for valid_from, days in (("2026-01-01", 3), ("2027-01-01", 10), ("2026-01-01", 4)):
        decided = {"valid_from": valid_from, "evaluator_days": days}
        assert (await region.put("/settings", region.admin(), decided)).status_code == 204
    shown = (await region.get("/settings", region.admin())).json()
    assert [(one["valid_from"], one["evaluator_days"]) for one in shown["settings"]] == [
        ("2027-01-01", 10),
        ("2026-01-01", 4),
    ]
    bad = {"valid_from": "2026-01-01", "evaluator_days": 61}
    assert (await region.put("/settings", region.admin(), bad)).status_code == 422


async def test_the_period_shows_the_books_and_the_progress(region: Region) -> None:
    await region.month_closed()
    await region.finalize(region.office.supervisor, region.office.staff[0])
    shown = (await region.get(f"/periods/{MARCH}", token_for(region.tenant_id, ["verifikator"]))).json()
    assert (shown["status"], shown["activity_state"], shown["activity_close_seq"]) == ("open", "reconciled", 1)
    assert (shown["employees"], shown["appraised"], shown["closings"]) == (4, 1, [])


async def test_a_closing_among_concurrent_appraisals_is_exact(appraisal_db: ServiceUrls) -> None:
    async with region_on(appraisal_db, staff=40) as region:
        await region.month_closed()
        staff, supervisor = region.office.staff, region.office.supervisor
        asked = [region.finalize(supervisor, one) for one in staff[:20]]
        asked += [region.close(reason="akhir bulan")]
        asked += [region.finalize(supervisor, one) for one in staff[20:]]
        answers = await asyncio.gather(*asked)
        by_status = Counter(answer.status_code for answer in answers)
        [event] = await closings(region)
        held = await standing(region)
        assert by_status[200] == event.totals.appraisals + 1
        assert by_status[409] == len(staff) - event.totals.appraisals
        assert len(held) == event.totals.appraisals
        assert event.root == root(leaf_of(fact) for fact in held).hex()


async def test_two_who_close_at_once_make_one_closing(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    answers = await asyncio.gather(*[region.close() for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert [event.close_seq for event in await closings(region)] == [1]
