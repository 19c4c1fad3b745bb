"""Paid months computed again: what causes it, what it comes to, and the lines by which later runs settle it."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from deploy.cli import payroll
from deploy.local.databases import ServiceUrls
from services.payroll.worker import HANDLERS
from shared.db import Sessions
from shared.events.activity import PeriodReopened
from shared.events.allowance import AllowanceFinalized
from shared.events.identity import EmployeeChanged, PositionChanged
from shared.events.payroll import AllowanceCalculated
from shared.words import Predikat, Presence
from tests.support.corrections import Books, closed_anew, policy_with, staff
from tests.support.payroll import (
    AT,
    PERIOD,
    Desk,
    Month,
    a_month,
    activity_of,
    appraisal_of,
    changed_day,
    must,
    prepared,
    stated,
    tell,
)
from tests.support.service import OTHER_TENANT, TENANT, an_id, headers, hear

DESK = Desk()
NEXT, THIRD = "2026-11", "2026-12"
FULL = 3_400_000  # of kelas 7 in the example of Samarinda's kind


@pytest.fixture
async def books(client: httpx.AsyncClient, worker: Sessions) -> Books:
    return Books(DESK, client, worker)


@pytest.fixture
async def paid(books: Books, worker: Sessions) -> Month:
    """October, worked at half the minutes, approved and published; a policy by minutes, final tax of 5 %."""
    month = a_month(staff=2, minutes=150)
    await DESK.adopt(books.client, "samarinda-kind")
    await prepared(worker, month)
    await books.run(PERIOD)
    return month


async def late_approval(worker: Sessions, month: Month, employee_id: UUID, minutes: int = 330) -> None:
    """An activity of the paid month approved after it was paid."""
    number = 2 + len(month.activities)
    late = activity_of(TENANT, employee_id, date(2026, 10, 5), minutes, number=number)
    month.activities.append(late)
    await closed_anew(worker, month)


async def next_month(worker: Sessions, code: str = NEXT, minutes: int = 150) -> None:
    await prepared(worker, a_month(staff=2, code=code, minutes=minutes))


async def test_a_late_approval_is_paid_as_a_line_of_its_own_in_the_next_month(
    books: Books, worker: Sessions, paid: Month
) -> None:
    before = await books.bodies(PERIOD)
    await late_approval(worker, paid, staff(paid))
    assert await books.correct() > 0
    (found,) = await books.corrections(PERIOD)
    assert (found["employee_id"], found["difference"], found["open"]) == (str(staff(paid)), "170000", "170000")
    assert "kegiatan disetujui 22 (3300 menit) menjadi 23 (3630 menit)" in found["cause"]

    await next_month(worker)
    run_id = await books.run(NEXT)
    statement = await books.statement(run_id, staff(paid))
    (line,) = [one for one in statement["lines"] if one["kind"] == "correction"]
    assert (line["rule"], line["amount"], line["inputs"]["period"]) == (found["correction_id"], "170000", PERIOD)
    assert line["inputs"]["paid"] != line["inputs"]["now"]
    own = FULL * 150 // 300
    assert statement["totals"]["tpp"] == str(own)
    assert statement["totals"]["payable"] == str(own + 170_000)
    assert statement["totals"]["tax"] == str((own + 170_000) * 5 // 100)
    assert (await books.corrections(PERIOD))[0]["open"] == "0"
    assert await books.bodies(PERIOD) == before, "a paid run is never touched"


async def test_a_correction_shows_both_statements_and_the_difference_by_line_with_its_cause(
    books: Books, worker: Sessions, paid: Month
) -> None:
    await late_approval(worker, paid, staff(paid))
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    shown = await books.correction(found["correction_id"])
    assert shown["before"]["totals"]["tpp"] == "1700000"
    assert shown["after"]["totals"]["tpp"] == "1870000"
    assert [(one["what"], one["before"]) for one in shown["changes"]] == [("kegiatan disetujui", "22 (3300 menit)")]
    part = next(one for one in shown["differences"] if one["kind"] == "part")
    assert (part["before"], part["after"], part["difference"]) == ("1700000", "1870000", "170000")
    assert part["formula_before"] != part["formula_after"]
    assert shown["kind"] == "closing"
    assert shown["reference"]["activity_close_seq"] == 2
    assert shown["reference"]["reopened"]["reason"] == "kegiatan terlambat disetujui"


async def test_the_line_goes_out_with_the_allowance_and_says_which_month_it_is_for(
    books: Books, worker: Sessions, paid: Month
) -> None:
    await late_approval(worker, paid, staff(paid))
    await books.correct()
    await next_month(worker)
    await books.run(NEXT)
    said = [event for event in await stated(worker) if event.tenant_id == TENANT]
    (calculated,) = [one for one in said if isinstance(one, AllowanceCalculated) and one.corrections]
    assert [(one.period, one.amount) for one in calculated.corrections] == [(PERIOD, 170_000)]
    finalized = [one for one in said if isinstance(one, AllowanceFinalized) and one.period == NEXT]
    lines = [line for one in finalized for line in one.lines if line.corrects]
    assert [(line.corrects, line.amount) for line in lines] == [(PERIOD, 170_000)]
    assert all(sum(line.amount for line in one.lines) == one.net for one in finalized)


async def test_an_objection_won_is_a_line_with_the_version_of_the_appraisal(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2)
    month.appraisals[2] = appraisal_of(TENANT, staff(month), PERIOD, Predikat.KURANG)
    await DESK.adopt(books.client)
    await prepared(worker, month)
    await books.run(PERIOD)
    won = appraisal_of(TENANT, staff(month), PERIOD, Predikat.BAIK, version=2)
    month.appraisals[2] = won.model_copy(update={"supersedes": 1, "reason": "keberatan dikabulkan"})
    await closed_anew(worker, month)
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert found["difference"] == str(3_000_000 * 60 // 100 * 25 // 100)
    assert found["cause"].startswith("Penilaian diperbaiki: predikat kurang menjadi baik")
    shown = await books.correction(found["correction_id"])
    assert (shown["kind"], shown["reference"]["version"]) == ("appraisal", 2)
    assert shown["reference"]["reason"] == "keberatan dikabulkan"
    closing = next(one for one in (await books.page(PERIOD))["causes"] if one["kind"] == "closing")
    assert (closing["looked_at"], closing["unchanged"], closing["differing"]) == (4, 4, 0), "several causes fold"


def position_of(month: Month, at: int = 0) -> PositionChanged:
    wanted = month.office.staff[at].position_id
    return next(e for e in month.office.events if isinstance(e, PositionChanged) and e.position_id == wanted)


async def test_a_retroactive_class_is_a_line_for_who_holds_the_position(
    books: Books, worker: Sessions, paid: Month
) -> None:
    held = position_of(paid)
    higher = held.terms[0].model_copy(update={"valid_from": date(2026, 10, 1), "kelas_jabatan": 8})
    await tell(worker, [held.model_copy(update={"version": 2, "terms": (*held.terms, higher)})])
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert (found["employee_id"], found["difference"]) == (str(staff(paid)), "300000")
    assert "kelas jabatan 7 menjadi 8" in found["cause"]
    shown = await books.correction(found["correction_id"])
    assert shown["reference"]["event"] == "identity.position-changed.v1"


def employee_of(month: Month, at: int = 0) -> EmployeeChanged:
    return next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == staff(month, at))


async def test_a_retroactive_transfer_counts_from_its_day(books: Books, worker: Sessions, paid: Month) -> None:
    held = employee_of(paid)
    other = position_of(paid, 1)
    moved = (
        held.assignments[0].model_copy(update={"valid_to": date(2026, 10, 14)}),
        held.assignments[0].model_copy(
            update={
                "assignment_id": an_id("moved"),
                "position_id": other.position_id,
                "valid_from": date(2026, 10, 15),
            }
        ),
    )
    risen = other.terms[0].model_copy(update={"kelas_jabatan": 9})
    await tell(worker, [other.model_copy(update={"version": 2, "terms": (risen,)})])
    await tell(worker, [held.model_copy(update={"version": 2, "assignments": moved})])
    await books.correct()
    by_person = {one["employee_id"]: one for one in await books.corrections(PERIOD)}
    # half the minutes; 10 of 22 days at Rp 3.400.000, 12 at Rp 4.800.000: (1.545.455 + 2.618.182) / 2 - 1.700.000
    assert by_person[str(staff(paid))]["difference"] == "381819"
    assert by_person[str(staff(paid, 1))]["difference"] == "700000"


async def test_a_change_that_touches_no_paid_day_has_nothing_looked_at(
    books: Books, worker: Sessions, paid: Month
) -> None:
    held = employee_of(paid)
    await tell(worker, [held.model_copy(update={"version": 2, "name": "Nama Baru", "ptkp": "K/1"})])
    ends = held.assignments[0].model_copy(update={"valid_to": date(2026, 11, 30)})
    await tell(worker, [held.model_copy(update={"version": 3, "assignments": (ends,)})])
    assert (await books.page(PERIOD))["causes"] == []


async def test_a_policy_put_in_force_for_a_past_month_corrects_everybody_who_was_paid_by_another(
    books: Books, worker: Sessions, paid: Month
) -> None:
    raised = policy_with("samarinda-kind", {"7: 3400000": "7: 3600000", "11: 7200000": "11: 7000000"})
    policy_hash = await books.adopt(raised)
    await books.correct()
    found = {one["employee_id"]: one["difference"] for one in await books.corrections(PERIOD)}
    supervisor = str(paid.office.supervisor.employee_id)
    assert found == {
        str(staff(paid)): "100000",
        str(staff(paid, 1)): "100000",
        supervisor: "-100000",
        str(paid.office.head.employee_id): "0",
    }
    (cause,) = (await books.page(PERIOD))["causes"]
    assert (cause["kind"], cause["reference"]["policy_hash"]) == ("policy", policy_hash)
    assert (cause["looked_at"], cause["differing"]) == (4, 3)


async def test_a_difference_of_zero_is_kept_as_looked_at_and_paid_by_nobody(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2, minutes=330)
    await DESK.adopt(books.client, "samarinda-kind")
    await prepared(worker, month)
    await books.run(PERIOD)
    await late_approval(worker, month, staff(month))
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert (found["employee_id"], found["difference"]) == (str(staff(month)), "0"), "more than 100 % is not paid"
    await next_month(worker)
    statement = await books.statement(await books.run(NEXT), staff(month))
    assert not [one for one in statement["lines"] if one["kind"] == "correction"]


async def test_a_second_correction_of_a_month_counts_from_the_corrected_amount(
    books: Books, worker: Sessions, paid: Month
) -> None:
    await late_approval(worker, paid, staff(paid))
    await books.correct()
    await late_approval(worker, paid, staff(paid), 165)
    await books.correct()
    found = sorted(await books.corrections(PERIOD), key=lambda one: one["number"])
    assert [one["difference"] for one in found] == ["170000", "85000"]
    assert found[1]["earlier_id"] == found[0]["correction_id"]
    assert (found[1]["tpp_before"], found[1]["tpp_after"]) == ("1870000", "1955000")
    await next_month(worker)
    statement = await books.statement(await books.run(NEXT), staff(paid))
    assert [one["amount"] for one in statement["lines"] if one["kind"] == "correction"] == ["170000", "85000"]


async def test_too_much_is_taken_back_over_as_many_months_as_it_takes_and_never_below_zero(
    books: Books, worker: Sessions, paid: Month
) -> None:
    for day in {one.work_date for one in paid.days if one.employee_id == staff(paid)}:
        changed_day(paid, staff(paid), day, presence=Presence.ABSENT, version=2)
    paid.activities = [one for one in paid.activities if one.employee_id != staff(paid)]
    # approvals of a paid month withdrawn: a reopened month holds fewer
    await books.withdraw(paid, staff(paid))
    await closed_anew(worker, paid)
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert found["difference"] == "-1700000"
    await next_month(worker, NEXT, minutes=90)
    first = await books.statement(await books.run(NEXT), staff(paid))
    assert (first["totals"]["tpp"], first["totals"]["corrected"], first["totals"]["net"]) == (
        "1020000",
        "-1020000",
        "0",
    )
    assert any(warning["code"] == "correction-open" for warning in first["warnings"])
    assert (await books.corrections(PERIOD))[0]["open"] == "-680000"
    await next_month(worker, THIRD)
    second = await books.statement(await books.run(THIRD), staff(paid))
    assert (second["totals"]["tpp"], second["totals"]["corrected"]) == ("1700000", "-680000")
    assert (await books.corrections(PERIOD))[0]["open"] == "0"


async def test_a_region_may_limit_what_a_month_gives_back(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2)
    runs = "runs:\n  recovery: {id: kembali, name: Pengembalian, article: contoh Pasal 20, at_most: 25 %}\n"
    await books.adopt(policy_with("samarinda-kind", {}, runs))
    await prepared(worker, month)
    await books.run(PERIOD)
    changed_day(month, staff(month), date(2026, 10, 6), presence=Presence.ABSENT, version=2)
    for day in (7, 8, 9, 12, 13):
        changed_day(month, staff(month), date(2026, 10, day), presence=Presence.ABSENT, version=2)
    await closed_anew(worker, month)
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert int(found["difference"]) == -FULL * 42 // 100
    await next_month(worker, NEXT, minutes=330)
    statement = await books.statement(await books.run(NEXT), staff(month))
    (line,) = [one for one in statement["lines"] if one["kind"] == "correction"]
    assert (line["amount"], line["article"]) == (str(-FULL // 4), "contoh Pasal 20")


async def test_the_same_facts_heard_again_change_nothing(books: Books, worker: Sessions, paid: Month) -> None:
    await late_approval(worker, paid, staff(paid))
    await books.correct()
    before = await books.page(PERIOD)
    async with worker.begin() as session:
        await session.execute(text("DELETE FROM inbox"))  # a pruned inbox: the causes' keys alone must hold
    await tell(worker, [paid.closed, paid.appraised, *paid.office.events])
    assert await books.correct() == 0
    assert await books.page(PERIOD) == before


async def test_what_changes_while_a_run_is_under_way_is_looked_at_once_it_is_approved(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=2, minutes=150)
    await DESK.adopt(books.client, "samarinda-kind")
    await prepared(worker, month)
    run_id = await books.calculated(PERIOD)
    held = position_of(month)
    higher = held.terms[0].model_copy(update={"kelas_jabatan": 8})
    await tell(worker, [held.model_copy(update={"version": 2, "terms": (higher,)})])
    assert await books.correct() == 0, "nothing is corrected that is not paid"
    await books.approve(run_id)
    assert await books.correct() > 0
    (found,) = await books.corrections(PERIOD)
    assert found["difference"] == "300000"


async def test_where_cuts_count_from_january_the_years_later_months_are_looked_at_as_well(
    books: Books, worker: Sessions
) -> None:
    monthly = "measure: [{event: absent, take: days}]\n    over: month\n    per_unit: 7 %"
    yearly = "measure: [{event: absent, take: days}]\n    over: year\n    threshold: {at_least: 3, cut: 50 %}"
    await books.adopt(policy_with("samarinda-kind", {monthly: yearly}))
    october, november = a_month(staff=2, minutes=330), a_month(staff=2, code=NEXT, minutes=330)
    changed_day(october, staff(october), date(2026, 10, 5), presence=Presence.ABSENT)
    changed_day(november, staff(november), date(2026, 11, 3), presence=Presence.ABSENT)
    for month in (october, november):
        await prepared(worker, month)
        await books.run(month.code)
    changed_day(october, staff(october), date(2026, 10, 6), presence=Presence.ABSENT, version=2)
    await closed_anew(worker, october)
    await books.correct()
    assert [one["difference"] for one in await books.corrections(PERIOD)] == []
    (found,) = await books.corrections(NEXT)
    assert (found["employee_id"], found["difference"]) == (str(staff(november)), str(-FULL // 2))
    assert "sejak Januari" in found["cause"]


async def test_a_position_heard_of_after_its_holder_is_made_up_for(books: Books, worker: Sessions, paid: Month) -> None:
    held, other = employee_of(paid), position_of(paid)
    new = other.model_copy(
        update={"position_id": an_id("new post"), "terms": (other.terms[0].model_copy(update={"kelas_jabatan": 8}),)}
    )
    taken = held.assignments[0].model_copy(update={"position_id": new.position_id})
    await tell(worker, [held.model_copy(update={"version": 2, "assignments": (taken,)})])
    await books.correct()
    assert await books.corrections(PERIOD) == [], "nobody's post is guessed"
    await tell(worker, [new])
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert found["difference"] == "300000"


async def test_no_run_starts_while_an_earlier_month_is_being_computed_again(
    books: Books, worker: Sessions, paid: Month
) -> None:
    await late_approval(worker, paid, staff(paid))
    await next_month(worker)
    refusal = await books.refused({"period": NEXT})
    assert "2026-10 was paid and has changed since" in refusal
    await books.correct()
    assert await books.calculated(NEXT)


async def test_a_run_given_up_pays_nothing_of_a_correction(books: Books, worker: Sessions, paid: Month) -> None:
    await late_approval(worker, paid, staff(paid))
    await books.correct()
    await next_month(worker)
    first = await books.calculated(NEXT)
    assert (await books.corrections(PERIOD))[0]["open"] == "170000", "only an approved run settles it"
    await books.cancel(first)
    statement = await books.statement(await books.run(NEXT), staff(paid))
    assert [one["amount"] for one in statement["lines"] if one["kind"] == "correction"] == ["170000"]


async def test_whose_month_cannot_be_computed_again_is_set_aside_and_the_others_go_on(
    books: Books, worker: Sessions, paid: Month
) -> None:
    held = employee_of(paid)
    await tell(worker, [held.model_copy(update={"version": 2, "left_on": date(2026, 9, 1)})])
    await late_approval(worker, paid, staff(paid, 1))
    await books.correct()
    page = await books.page(PERIOD)
    aside = [one for cause in page["causes"] for one in cause["set_aside"]]
    assert {one["employee_id"] for one in aside} == {str(staff(paid))}
    assert all(one["reason"] and "TP-TGR" in one["remedy"] for one in aside)
    assert [one["employee_id"] for one in page["corrections"]] == [str(staff(paid, 1))]


@pytest.mark.parametrize("table", ["corrections", "correction_lines", "correction_causes"])
async def test_what_was_found_and_paid_cannot_be_changed_by_our_own_processes(
    payroll_db: ServiceUrls, worker: Sessions, table: str
) -> None:
    async with worker() as session:
        with pytest.raises(Exception, match="permission denied"):
            await session.execute(text(f"DELETE FROM {table}"))


async def test_an_employee_sees_their_own_corrections_and_nobody_elses(
    books: Books, client: httpx.AsyncClient, worker: Sessions, paid: Month
) -> None:
    await late_approval(worker, paid, staff(paid))
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    mine, other = (headers(person.token()) for person in paid.office.staff)
    assert [one["correction_id"] for one in must(await client.get("/corrections/own", headers=mine))] == [
        found["correction_id"]
    ]
    assert must(await client.get("/corrections/own", headers=other)) == []
    page: Any = must(await client.get("/corrections", params={"period": PERIOD}, headers=other))
    assert (page["corrections"], page["causes"]) == ([], [])
    path = f"/corrections/{found['correction_id']}"
    assert (await client.get(path, headers=mine)).status_code == 200
    assert (await client.get(path, headers=other)).status_code == 404
    assert (await client.get(path, headers=Desk(OTHER_TENANT).auditor)).status_code == 404


async def test_a_reopening_heard_twice_is_kept_once(worker: Sessions, books: Books, paid: Month) -> None:
    reopened = PeriodReopened(
        tenant_id=TENANT, occurred_at=AT, period=PERIOD, close_seq=1, reason="lupa rekam", reopened_by=an_id("admin")
    )
    hearing = hear(worker, HANDLERS)
    await hearing(reopened)
    async with worker.begin() as session:
        await session.execute(text("DELETE FROM inbox"))
    await hearing(reopened)
    async with worker.begin() as session:
        await session.execute(text("SELECT set_config('app.tenant', :t, true)"), {"t": TENANT})
        assert await session.scalar(text("SELECT count(*) FROM correction_causes")) == 1


async def test_takar_payroll_corrections_tells_what_changed_and_what_is_open(
    books: Books, worker: Sessions, payroll_db: ServiceUrls, paid: Month
) -> None:
    env = {"COLUMNS": "220", "TAKAR_DATABASE_URL": payroll_db.worker}
    words = ["corrections", "--tenant", TENANT, "--period", PERIOD]

    async def typed() -> str:
        done = await asyncio.to_thread(CliRunner().invoke, payroll.app, words, env=env)
        assert done.exit_code == 0, done.output
        return done.output

    assert "nothing has changed since it was paid" in await typed()
    await late_approval(worker, paid, staff(paid))
    assert "pieces of work wait" in await typed()
    await books.correct()
    told = await typed()
    assert "closing 2026-10/2/2: 4 looked at, 1 differ, 0 set aside; done" in told
    for said in (paid.office.staff[0].nip, "Rp 1.700.000", "Rp 1.870.000", "Rp 170.000", "Periode ditutup ulang"):
        assert said in told
