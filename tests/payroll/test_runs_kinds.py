"""Kinds of run over the API: paid early, THR and TPP-13, terusan, kekurangan; who is paid what, and what is refused."""

from datetime import date

import httpx
import pytest

from shared.db import Sessions
from shared.events.activity import PeriodReopened
from shared.events.identity import EmployeeChanged
from shared.events.payroll import RunClosed
from shared.words import Presence
from tests.support.corrections import Books, policy_with, staff
from tests.support.payroll import (
    AT,
    PERIOD,
    Desk,
    Month,
    a_month,
    activity_of,
    changed_day,
    must,
    prepared,
    stated,
    tell,
)
from tests.support.service import TENANT, an_id

DESK = Desk()
FULL = 3_400_000  # of kelas 7
DECEMBER, JANUARY, FEBRUARY = "2026-12", "2027-01", "2027-02"
RUNS = """
runs:
  thr:
    - {id: thr-2026, name: THR TPP 2026, article: PP contoh/2026 Pasal 6, period: 2026-11, of: 2026-10, share: 50 %}
    - {id: thr-2027, name: THR TPP 2027, article: PP contoh/2027 Pasal 6, period: 2027-02}
  tpp13:
    - id: tpp13-2026
      name: TPP ketiga belas 2026
      article: PP contoh/2026 Pasal 8
      period: 2026-12
      of: 2026-10
      performance: as_appraised
  early: {id: desember, name: Desember dibayar dalam Desember, article: contoh Pasal 21, months: [12]}
  terusan: {id: terusan, name: TPP terusan, article: contoh Pasal 22, months: 2, share: 80 %}
"""


@pytest.fixture
async def books(client: httpx.AsyncClient, worker: Sessions) -> Books:
    books = Books(DESK, client, worker)
    await books.adopt(policy_with("samarinda-kind", {}, RUNS))
    return books


async def test_thr_pays_its_share_of_the_base_month_whatever_was_done_in_it(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2, minutes=60)
    changed_day(month, staff(month), date(2026, 10, 5), presence=Presence.ABSENT)
    await tell(worker, month.office.events)
    run_id = await books.run("2026-11", "thr")
    statement = await books.statement(run_id, staff(month))
    assert statement["totals"]["tpp"] == str(FULL // 2)
    assert statement["totals"]["tax"] == str(FULL // 2 * 5 // 100)
    assert statement["totals"]["contributions"] == "0", "the yearly PP takes nothing but tax"
    (line,) = [one for one in statement["lines"] if one["kind"] == "share"]
    assert (line["amount"], line["article"]) == (str(-FULL // 2), "PP contoh/2026 Pasal 6")
    assert line["formula"] == "50 % x Rp 3.400.000, dibayar 2026-11"
    run = await DESK.run(books.client, run_id)
    assert (run["terms"]["of"], run["terms"]["share"], run["activity_close_seq"]) == ("2026-10", "50 %", 0)
    (closed,) = [event for event in await stated(worker) if isinstance(event, RunClosed)]
    assert (closed.kind, closed.activity_close_seq) == ("thr", 0)


async def test_thr_without_more_is_the_whole_tpp_of_the_month_before(books: Books, worker: Sessions) -> None:
    month = a_month(staff=1)
    await tell(worker, month.office.events)
    statement = await books.statement(await books.run("2027-02", "thr"), staff(month))
    assert statement["totals"]["tpp"] == str(FULL)
    assert statement["period"] == {"start": "2027-01-01", "end": "2027-01-31"}


async def test_tpp13_by_a_months_performance_waits_for_its_closings(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2, minutes=150)
    await tell(worker, month.office.events)
    assert "2026-10 are not closed yet" in await books.refused({"period": DECEMBER, "kind": "tpp13"})
    await prepared(worker, month)
    statement = await books.statement(await books.run(DECEMBER, "tpp13"), staff(month))
    assert statement["totals"]["tpp"] == str(FULL // 2)


async def test_a_second_thr_pays_only_those_whom_the_first_left_out(books: Books, worker: Sessions) -> None:
    month = a_month(staff=1)
    held = next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == staff(month))
    doubled = (*held.assignments, held.assignments[0].model_copy(update={"assignment_id": an_id("twice")}))
    await tell(worker, [*month.office.events, held.model_copy(update={"version": 2, "assignments": doubled})])
    first = await books.calculated("2026-11", "thr")
    assert "is calculated: finish it" in await books.refused({"period": "2026-11", "kind": "thr"})
    await DESK.verify(books.client, first, accept_incomplete=True)
    await DESK.approve(books.client, first)
    await tell(worker, [held.model_copy(update={"version": 3})])
    second = await books.calculated("2026-11", "thr")
    assert (await DESK.run(books.client, second))["employees"] == 1
    assert await books.statement(second, staff(month))
    await books.approve(second)
    assert "nobody is left" in await books.refused({"period": "2026-11", "kind": "thr"})


async def test_thr_and_the_month_do_not_count_for_each_other(books: Books, worker: Sessions) -> None:
    month = a_month(staff=1, code="2026-11", minutes=150)
    await prepared(worker, month)
    thr = await books.calculated("2026-11", "thr")
    induk = await books.run("2026-11")
    await books.approve(thr)
    assert (await books.statement(induk, staff(month)))["totals"]["tpp"] == str(FULL // 2)
    assert "nobody is left" in await books.refused({"period": "2026-11", "kind": "susulan"})


async def test_december_is_paid_at_100_percent_and_what_it_came_to_follows_in_january(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=2, code=DECEMBER, minutes=330)
    # of one only half the minutes are approved in the end
    month.activities = [
        one.model_copy(update={"minutes": 150}) if one.employee_id == staff(month) else one for one in month.activities
    ]
    await tell(worker, month.office.events)
    assert "are not closed yet" in await books.refused({"period": DECEMBER})
    early = await books.run(DECEMBER, early=True)
    statement = await books.statement(early, staff(month))
    assert statement["totals"]["tpp"] == str(FULL)
    assert (await DESK.run(books.client, early))["terms"]["article"] == "contoh Pasal 21"

    await prepared(worker, month)
    await books.correct()
    by_person = {one["employee_id"]: one for one in await books.corrections(DECEMBER)}
    less = by_person[str(staff(month))]
    assert less["difference"] == str(-FULL // 2)
    assert "pembayaran di muka 100 % dihitung di muka menjadi realisasi" in less["cause"]
    assert by_person[str(staff(month, 1))]["difference"] == "0"

    await prepared(worker, a_month(staff=2, code=JANUARY, minutes=90))
    january = await books.statement(await books.run(JANUARY), staff(month))
    own = FULL * 90 // 300
    assert (january["totals"]["tpp"], january["totals"]["corrected"]) == (str(own), str(-own))
    await prepared(worker, a_month(staff=2, code=FEBRUARY, minutes=330))
    february = await books.statement(await books.run(FEBRUARY), staff(month))
    assert february["totals"]["corrected"] == str(own - FULL // 2)
    assert (await books.correction(less["correction_id"]))["open"] == "0"


async def test_a_month_that_the_policy_does_not_name_is_not_paid_early(books: Books, worker: Sessions) -> None:
    await tell(worker, a_month(staff=1).office.events)
    assert "runs.early" in await books.refused({"period": "2026-11", "early": True})
    assert "only a month's own run is paid early" in await books.refused(
        {"period": DECEMBER, "kind": "thr", "early": True}
    )


async def test_a_month_that_is_closed_is_not_paid_at_100_percent(books: Books, worker: Sessions) -> None:
    await prepared(worker, a_month(staff=1, code=DECEMBER))
    assert "closed already" in await books.refused({"period": DECEMBER, "early": True})


async def paid_short(books: Books, worker: Sessions) -> Month:
    """October paid at half, then found to have been worked whole by one."""
    month = a_month(staff=2, minutes=150)
    await prepared(worker, month)
    await books.run(PERIOD)
    reopened = PeriodReopened(
        tenant_id=TENANT, occurred_at=AT, period=PERIOD, close_seq=1, reason="terlambat", reopened_by=an_id("admin")
    )
    await tell(worker, [reopened])
    month.close_seq = 2
    for number in range(10):
        month.activities.append(activity_of(TENANT, staff(month), date(2026, 10, 5), 330, number=2 + number))
    await prepared(worker, month)
    await books.correct()
    return month


async def test_a_kekurangan_run_pays_the_differences_alone(books: Books, worker: Sessions) -> None:
    month = await paid_short(books, worker)
    run_id = await books.run("2026-11", "kekurangan")
    run = await DESK.run(books.client, run_id)
    assert (run["employees"], run["totals"]["count"]) == (1, 1)
    statement = await books.statement(run_id, staff(month))
    assert (statement["totals"]["tpp"], statement["totals"]["corrected"]) == ("0", str(FULL // 2))
    assert statement["totals"]["tax"] == str(FULL // 2 * 5 // 100)
    assert statement["lines"][0]["kind"] == "correction"
    await prepared(worker, a_month(staff=2, code="2026-11", minutes=150))
    induk = await books.statement(await books.run("2026-11"), staff(month))
    assert induk["totals"]["corrected"] == "0", "it is paid once"
    assert "nobody is left" in await books.refused({"period": "2026-11", "kind": "kekurangan"})


async def test_runs_that_settle_corrections_do_not_run_beside_each_other(books: Books, worker: Sessions) -> None:
    await paid_short(books, worker)
    await prepared(worker, a_month(staff=2, code="2026-11", minutes=150))
    first = await books.calculated("2026-11", "kekurangan")
    assert "(kekurangan) is still calculated" in await books.refused({"period": "2026-11"})
    await books.cancel(first)
    await books.calculated("2026-11")
    assert "(induk) is still calculated" in await books.refused({"period": "2026-11", "kind": "kekurangan"})


async def test_terusan_pays_the_heirs_for_the_months_the_policy_says(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2)
    held = next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == staff(month))
    await tell(worker, [*month.office.events, held.model_copy(update={"version": 2, "left_on": date(2026, 10, 13)})])
    asked = {"period": "2026-11", "kind": "terusan", "employees": [str(staff(month))]}
    run_id = await books.run("2026-11", "terusan", employees=[str(staff(month))])
    statement = await books.statement(run_id, staff(month))
    assert statement["totals"]["tpp"] == str(FULL * 80 // 100)
    assert statement["period"]["start"] == "2026-09-01", "the last month served whole"
    assert "nobody is left" in await books.refused(asked)
    assert await books.run("2026-12", "terusan", employees=[str(staff(month))])

    late = must_fail(await books.client.post("/runs", json=asked | {"period": "2027-01"}, headers=DESK.treasurer))
    assert "not among the 2 months" in late
    alive = asked | {"employees": [str(staff(month, 1))]}
    assert "still in service" in must_fail(await books.client.post("/runs", json=alive, headers=DESK.treasurer))
    nobody = {"period": "2026-11", "kind": "terusan"}
    assert "nobody is named" in must_fail(await books.client.post("/runs", json=nobody, headers=DESK.treasurer))
    others = {"period": "2026-11", "kind": "thr", "employees": [str(staff(month))]}
    assert "finds its own" in must_fail(await books.client.post("/runs", json=others, headers=DESK.treasurer))


def must_fail(answer: httpx.Response) -> str:
    assert answer.status_code == 422, answer.text
    return answer.text


async def test_who_is_left_out_of_an_early_month_is_paid_by_susulan_on_what_it_came_to(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=1, code=DECEMBER, minutes=150)
    held = next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == staff(month))
    doubled = (*held.assignments, held.assignments[0].model_copy(update={"assignment_id": an_id("twice")}))
    await tell(worker, [*month.office.events, held.model_copy(update={"version": 2, "assignments": doubled})])
    run_id = await books.calculated(DECEMBER, early=True)
    await DESK.verify(books.client, run_id, accept_incomplete=True)
    await DESK.approve(books.client, run_id)
    await prepared(worker, month)
    await tell(worker, [held.model_copy(update={"version": 3})])
    await books.correct()
    late = await books.run(DECEMBER, "susulan")
    assert (await books.statement(late, staff(month)))["totals"]["tpp"] == str(FULL // 2)


async def test_an_auditor_gets_the_bytes_of_every_kind_again(books: Books, worker: Sessions) -> None:
    month = await paid_short(books, worker)
    await tell(worker, month.office.events)
    runs = [await books.run("2026-11", "thr"), await books.run("2026-11", "kekurangan")]
    for run_id in runs:
        told = must(await books.client.post(f"/runs/{run_id}/recomputation", json={}, headers=DESK.auditor))
        assert told["equal"] > 0
        assert told["different"] == 0
