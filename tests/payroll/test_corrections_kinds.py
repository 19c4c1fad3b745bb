"""What THR, TPP-13 and terusan paid, computed again; BPJS of a correction by the month that is corrected."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.db import Sessions
from shared.events.identity import EmployeeChanged, PositionChanged
from shared.events.payroll import AllowanceCalculated
from shared.words import Predikat, RunKind
from tests.support.corrections import Books, closed_anew, policy_with, staff
from tests.support.payroll import (
    PERIOD,
    Desk,
    Month,
    a_month,
    activity_of,
    appraisal_of,
    must,
    prepared,
    stated,
    tell,
)
from tests.support.service import TENANT

DESK = Desk()
FULL, HIGHER = 3_400_000, 4_000_000  # of kelas 7 and 8
NEXT, DECEMBER = "2026-11", "2026-12"
RUNS = """
runs:
  thr:
    - {id: thr-2026, name: THR TPP 2026, article: PP contoh/2026 Pasal 6, period: 2026-11, of: 2026-10, share: 50 %}
  tpp13:
    - id: tpp13-2026
      name: TPP ketiga belas 2026
      article: PP contoh/2026 Pasal 8
      period: 2026-12
      of: 2026-10
      performance: as_appraised
  terusan: {id: terusan, name: TPP terusan, article: contoh Pasal 22, months: 2, share: 80 %}
"""


@pytest.fixture
async def books(client: httpx.AsyncClient, worker: Sessions) -> Books:
    books = Books(DESK, client, worker)
    await books.adopt(policy_with("samarinda-kind", {}, RUNS))
    return books


async def raised(worker: Sessions, month: Month, since: date, kelas: int = 8, version: int = 2) -> None:
    """The class of the first of the staff's post is another from a day on."""
    wanted = month.office.staff[0].position_id
    held = next(e for e in month.office.events if isinstance(e, PositionChanged) and e.position_id == wanted)
    other = held.terms[0].model_copy(update={"valid_from": since, "kelas_jabatan": kelas})
    kept = [term for term in held.terms if term.valid_from < since]
    await tell(worker, [held.model_copy(update={"version": version, "terms": (*kept, other)})])


async def lines_of(books: Books, run_id: str, employee_id: UUID) -> list[Mapping[str, Any]]:
    statement = await books.statement(run_id, employee_id)
    return [line for line in statement["lines"] if line["kind"] == "correction"]


async def test_a_retroactive_class_corrects_thr_by_a_line_of_the_same_months_later_run(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=2)
    await tell(worker, month.office.events)
    thr = await books.run(NEXT, "thr")
    paid = await books.bodies(NEXT)
    await raised(worker, month, date(2026, 10, 1))
    await books.correct()
    (found,) = await books.corrections(NEXT)
    assert (found["run_kind"], found["base_month"], found["employee_id"]) == ("thr", "2026-10", str(staff(month)))
    assert (found["tpp_before"], found["difference"]) == (str(FULL // 2), str((HIGHER - FULL) // 2))
    assert "kelas jabatan 7 menjadi 8" in found["cause"]
    shown = await books.correction(found["correction_id"])
    assert (shown["run_kind"], shown["reference"]["event"]) == ("thr", "identity.position-changed.v1")
    assert await books.bodies(NEXT) == paid, "a paid run is never touched"

    await prepared(worker, a_month(staff=2, code=NEXT, minutes=330))
    induk = await books.run(NEXT)
    (line,) = await lines_of(books, induk, staff(month))
    assert (line["name"], line["amount"]) == ("Koreksi THR 2026-11", str((HIGHER - FULL) // 2))
    assert line["rule"] == found["correction_id"]
    assert (await books.correction(found["correction_id"]))["paid_by"][0]["run_id"] == induk
    assert (await books.corrections(NEXT))[0]["open"] == "0"
    assert thr != induk
    said = [one for one in await stated(worker) if isinstance(one, AllowanceCalculated) and one.corrections]
    assert [(one.period, one.kind) for one in said[0].corrections] == [(NEXT, RunKind.THR)]


async def test_thr_is_corrected_though_the_month_itself_is_open(books: Books, worker: Sessions) -> None:
    month = a_month(staff=1)
    await tell(worker, month.office.events)
    await books.run(NEXT, "thr")
    await raised(worker, month, date(2026, 10, 1))
    assert await books.correct() > 0, "full THR rests on no closing, and waits for none"
    assert [one["run_kind"] for one in await books.corrections(NEXT)] == ["thr"]


async def test_a_change_after_the_base_month_leaves_thr_as_it_is(books: Books, worker: Sessions) -> None:
    month = a_month(staff=1)
    await tell(worker, month.office.events)
    await books.run(NEXT, "thr")
    await raised(worker, month, date(2026, 11, 1))
    await books.correct()
    assert (await books.page(NEXT))["causes"] == []


async def test_a_late_approval_corrects_the_month_and_the_tpp13_that_is_paid_by_its_work(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=2, minutes=150)
    await prepared(worker, month)
    await books.run(PERIOD)
    await books.run(DECEMBER, "tpp13")
    late = activity_of(TENANT, staff(month), date(2026, 10, 5), 330, number=2 + len(month.activities))
    month.activities.append(late)
    await closed_anew(worker, month)
    await books.correct()
    (of_month,) = await books.corrections(PERIOD)
    (of_thirteenth,) = await books.corrections(DECEMBER)
    assert of_month["difference"] == of_thirteenth["difference"] == "170000"
    assert (of_month["run_kind"], of_thirteenth["run_kind"]) == ("induk", "tpp13")
    assert of_month["cause_id"] == of_thirteenth["cause_id"]
    run_id = await books.run(DECEMBER, "kekurangan")
    assert [(one["name"], one["amount"]) for one in await lines_of(books, run_id, staff(month))] == [
        ("Koreksi TPP 2026-10", "170000"),
        ("Koreksi TPP ketiga belas 2026-12", "170000"),
    ]


async def test_an_objection_won_corrects_tpp13(client: httpx.AsyncClient, worker: Sessions) -> None:
    books = Books(DESK, client, worker)
    await books.adopt(policy_with("jambi-kind", {}, RUNS.replace("period: 2026-12", f"period: {NEXT}")))
    month = a_month(staff=2)
    month.appraisals[2] = appraisal_of(TENANT, staff(month), PERIOD, Predikat.KURANG)
    await prepared(worker, month)
    await books.run(NEXT, "tpp13")
    won = appraisal_of(TENANT, staff(month), PERIOD, Predikat.BAIK, version=2)
    month.appraisals[2] = won.model_copy(update={"supersedes": 1, "reason": "keberatan dikabulkan"})
    await closed_anew(worker, month)
    await books.correct()
    (found,) = await books.corrections(NEXT)
    assert found["difference"] == str(3_000_000 * 60 // 100 * 25 // 100)
    assert found["cause"].startswith("Penilaian diperbaiki: predikat kurang menjadi baik")


async def test_a_policy_that_grants_another_share_corrects_thr(books: Books, worker: Sessions) -> None:
    month = a_month(staff=1)
    await tell(worker, month.office.events)
    await books.run(NEXT, "thr")
    await books.adopt(policy_with("samarinda-kind", {}, RUNS.replace("share: 50 %", "share: 75 %")))
    await books.correct()
    found = {one["employee_id"]: one for one in await books.corrections(NEXT)}
    assert found[str(staff(month))]["difference"] == str(FULL // 4)
    assert "bagian yang dibayar 50 % menjadi 75 %" in found[str(staff(month))]["cause"]


async def test_who_was_paid_what_no_policy_grants_any_more_is_set_aside_for_a_person(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=1)
    await tell(worker, month.office.events)
    await books.run(NEXT, "thr")
    await books.adopt(policy_with("samarinda-kind", {}, RUNS[: RUNS.index("  thr:")] + RUNS[RUNS.index("  tpp13:") :]))
    await books.correct()
    page = await books.page(NEXT)
    assert page["corrections"] == []
    (cause,) = page["causes"]
    assert {one["run_kind"] for one in cause["set_aside"]} == {"thr"}
    assert "says nothing of thr for 2026-11" in cause["set_aside"][0]["reason"]


async def died(worker: Sessions, month: Month) -> None:
    held = next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == staff(month))
    await tell(worker, [*month.office.events, held.model_copy(update={"version": 2, "left_on": date(2026, 10, 13)})])


async def test_heirs_get_a_difference_with_the_next_terusan_and_give_back_with_it(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=2)
    await died(worker, month)
    heirs = {"employees": [str(staff(month))]}
    await books.run(NEXT, "terusan", **heirs)
    await raised(worker, month, date(2026, 9, 1), kelas=6)
    await books.correct()
    (found,) = await books.corrections(NEXT)
    assert (found["run_kind"], found["base_month"]) == ("terusan", "2026-09")
    less = int(found["difference"])
    assert less < 0
    second = await books.run(DECEMBER, "terusan", **heirs)
    (line,) = await lines_of(books, second, staff(month))
    assert (line["name"], line["amount"]) == ("Koreksi TPP terusan 2026-11", str(less))
    assert (await books.corrections(NEXT))[0]["open"] == "0"
    assert await books.corrections(DECEMBER) == [], "the second month was paid by the class as it is"


async def test_a_kekurangan_run_pays_heirs_on_whom_no_other_run_falls(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2)
    await died(worker, month)
    await books.run(NEXT, "terusan", employees=[str(staff(month))])
    await raised(worker, month, date(2026, 9, 1))
    await books.correct()
    run_id = await books.run(DECEMBER, "kekurangan")
    statement = await books.statement(run_id, staff(month))
    assert statement["totals"]["corrected"] == str((HIGHER - FULL) * 80 // 100)
    assert statement["totals"]["contributions"] == "0", "nothing was contributed on terusan, nor is on its difference"


async def test_a_second_correction_of_thr_counts_from_the_first_and_an_auditor_gets_its_bytes(
    books: Books, worker: Sessions
) -> None:
    month = a_month(staff=1)
    await tell(worker, month.office.events)
    await books.run(NEXT, "thr")
    await raised(worker, month, date(2026, 10, 1))
    await books.correct()
    await raised(worker, month, date(2026, 10, 1), kelas=9, version=3)
    await books.correct()
    first, second = sorted(await books.corrections(NEXT), key=lambda one: one["number"])
    assert second["earlier_id"] == first["correction_id"]
    assert int(second["tpp_before"]) == int(first["tpp_after"]) == HIGHER // 2
    run_id = await books.run(DECEMBER, "kekurangan")
    told = must(await books.client.post(f"/runs/{run_id}/recomputation", json={}, headers=DESK.auditor))
    assert (told["equal"], told["different"]) == (1, 0)


async def salary_of(books: Books, month: Month, code: str, bpjs_base: int) -> None:
    """The treasurer's salary file of a month: what salary has used of the common ceiling."""
    rows = [f"{one.nip};{bpjs_base};0;{bpjs_base};0" for one in month.office.everyone]
    file = "\r\n".join(["NIP;Gaji Kotor;PPh Gaji;Dasar BPJS;Gaji Pokok", *rows]).encode()
    sent = {"file": ("gaji.csv", file)}
    must(await books.client.post(f"/periods/{code}/salaries", files=sent, headers=DESK.treasurer))


async def test_bpjs_of_a_difference_uses_what_its_own_month_left_of_the_ceiling(books: Books, worker: Sessions) -> None:
    month = a_month(staff=2, minutes=150)
    await prepared(worker, month)
    await salary_of(books, month, PERIOD, 10_200_000)
    paid = await books.statement(await books.run(PERIOD), staff(month))
    assert bpjs_of(paid) == 17_000
    # October has used 11,900,000; of the 170,000 that follow, 100,000 are below the ceiling
    for version in (1, 2):
        late = activity_of(TENANT, staff(month), date(2026, 10, 5), 330, number=version + len(month.activities))
        month.activities.append(late)
        await closed_anew(worker, month)
        await books.correct()
    await prepared(worker, a_month(staff=2, code=NEXT, minutes=150))
    await salary_of(books, month, NEXT, 2_000_000)
    statement = await books.statement(await books.run(NEXT), staff(month))
    assert statement["totals"]["corrected"] == "340000"
    assert bpjs_of(statement) == 17_000 + 1_000, "the first takes the room that October left, the second finds none"
    (line,) = [one for one in statement["lines"] if one["rule"] == "bpjs-1"]
    used = [(one["period"], one["used"], one["base"]) for one in line["inputs"]["months"]]
    assert used == [(PERIOD, "11900000", "100000"), (PERIOD, "12070000", "0")]

    # a third finds in the books what both have used, and its own month's room gone
    month.activities.append(activity_of(TENANT, staff(month), date(2026, 10, 6), 330, number=900))
    await closed_anew(worker, month)
    await books.correct()
    later = await books.statement(await books.run(DECEMBER, "kekurangan"), staff(month))
    (line,) = [one for one in later["lines"] if one["rule"] == "bpjs-1"]
    assert [(one["used"], one["base"]) for one in line["inputs"]["months"]] == [("12240000", "0")]


def bpjs_of(statement: Mapping[str, Any]) -> int:
    """What the employee contributes."""
    return -sum(int(line["amount"]) for line in statement["lines"] if line["rule"] == "bpjs-1")
