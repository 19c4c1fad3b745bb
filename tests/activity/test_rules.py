"""Which entries are stored, which plans are whole, who may approve, and how long one may file."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from services.activity.rules.approval import State, Work, approval_refusal, withdrawal_refusal
from services.activity.rules.entries import Book, Entry, Held, InForce, activity_id_of, judge, span_of
from services.activity.rules.filing import UNDECIDED, Limits, filing_ends_on, limits_on
from services.activity.rules.plans import (
    Approach,
    Aspect,
    IndicatorDraft,
    PlanCase,
    PlanContent,
    PlanState,
    ResultDraft,
    ResultKind,
    day_of_decision,
    faults,
    plan_approval_refusal,
)
from shared.words import Capacity

MONDAY = date(2026, 3, 2)
RESULT, OTHER_RESULT, BUDI = UUID(int=1), UUID(int=2), UUID(int=3)
TENANT = "19.05"


def entry(**given: object) -> Entry:
    """An hour's work on a Monday."""
    whole: dict[str, object] = {
        "client_id": uuid4(),
        "work_date": MONDAY,
        "minutes": 60,
        "result_id": RESULT,
        "text": "Menyusun laporan",
    }
    return Entry(**whole | given)  # type: ignore[arg-type]  # fields by name


def timed(start: str, end: str, **given: object) -> Entry:
    start_minute, end_minute = span_of(_minutes(start), _minutes(end))
    return entry(start_minute=start_minute, end_minute=end_minute, **{"minutes": end_minute - start_minute} | given)


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def weekday(day: date) -> bool:
    return day.weekday() < 5


def book(**given: object) -> Book:
    """March is open, and one result in force all year."""
    whole: dict[str, object] = {
        "today": MONDAY,
        "open_months": frozenset({"2026-03"}),
        "limits": [],
        "results": {RESULT: [InForce(date(2026, 1, 1), date(2026, 12, 31))]},
        "is_working_day": weekday,
    }
    return Book(**whole | given)  # type: ignore[arg-type]  # fields by name


def outcomes(entries: list[Entry], held_against: Book) -> list[str]:
    return [verdict.outcome for verdict in judge(TENANT, BUDI, entries, held_against)]


def reason(one: Entry, held_against: Book) -> str:
    [verdict] = judge(TENANT, BUDI, [one], held_against)
    return verdict.reason or "stored"


def test_an_entry_sent_twice_counts_once() -> None:
    one = entry()
    assert outcomes([one, one], book()) == ["stored", "already_stored"]


def test_an_entry_that_is_stored_is_answered_as_such_even_after_its_period_closed() -> None:
    one = entry()
    held = Held(activity_id_of(TENANT, BUDI, one.client_id), MONDAY, 60, None, None, one.digest())
    assert outcomes([one], book(held=[held], open_months=frozenset())) == ["already_stored"]


def test_another_entry_under_a_used_client_id_is_refused() -> None:
    one = entry()
    other = entry(client_id=one.client_id, minutes=30)
    assert outcomes([one, other], book()) == ["stored", "refused"]


def test_the_id_of_an_entry_is_its_employees_own() -> None:
    client_id = uuid4()
    assert activity_id_of(TENANT, BUDI, client_id) == activity_id_of(TENANT, BUDI, client_id)
    assert activity_id_of(TENANT, BUDI, client_id) != activity_id_of(TENANT, UUID(int=9), client_id)
    assert activity_id_of(TENANT, BUDI, client_id) != activity_id_of("92", BUDI, client_id)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("08:00", "09:00"), ("09:00", "10:00"), "stored"),
        (("08:00", "09:00"), ("08:59", "10:00"), "refused"),
        (("08:00", "12:00"), ("09:00", "10:00"), "refused"),
        (("09:00", "10:00"), ("08:00", "12:00"), "refused"),
        (("08:00", "09:00"), ("07:00", "08:00"), "stored"),
        (("22:00", "02:00"), ("01:00", "01:30"), "stored"),
    ],
)
def test_activities_of_one_person_do_not_overlap_in_time(
    first: tuple[str, str], second: tuple[str, str], expected: str
) -> None:
    assert outcomes([timed(*first), timed(*second)], book()) == ["stored", expected]


def test_work_past_midnight_overlaps_with_that_of_the_next_morning() -> None:
    night, morning = timed("22:00", "06:00"), timed("05:00", "07:00", work_date=MONDAY + timedelta(days=1))
    assert outcomes([night, morning], book(today=MONDAY + timedelta(days=1))) == ["stored", "refused"]


def test_a_returned_activity_takes_up_no_time() -> None:
    held = Held(uuid4(), MONDAY, 60, 480, 540, b"", counts=False)
    assert outcomes([timed("08:00", "09:00")], book(held=[held])) == ["stored"]


def test_a_day_holds_no_more_than_its_cap() -> None:
    capped = book(limits=[Limits(date(2026, 1, 1), None, 450)])
    assert outcomes([entry(minutes=400), entry(minutes=51), entry(minutes=50)], capped) == [
        "stored",
        "refused",
        "stored",
    ]


def test_what_is_refused_does_not_count_for_those_after_it() -> None:
    refused, allowed = entry(minutes=60, result_id=OTHER_RESULT), entry(minutes=450)
    capped = book(limits=[Limits(date(2026, 1, 1), None, 450)])
    assert outcomes([refused, allowed], capped) == ["refused", "stored"]


@pytest.mark.parametrize(
    ("one", "held_against", "expected"),
    [
        (entry(work_date=date(2026, 3, 3)), book(), "still to come"),
        (entry(work_date=date(2026, 2, 27)), book(), "period 2026-02 is closed"),
        (entry(result_id=OTHER_RESULT), book(), "not a result of your approved SKP"),
        (
            entry(),
            book(results={RESULT: [InForce(date(2026, 3, 3), date(2026, 12, 31))]}),
            "does not have this result in force on 2026-03-02",
        ),
        (entry(minutes=1440), book(held=[Held(uuid4(), MONDAY, 1, None, None, b"")]), "a day has at most 1440"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(one: Entry, held_against: Book, expected: str) -> None:
    assert expected in reason(one, held_against)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 2), "stored"),
        (date(2026, 3, 5), "stored"),
        (date(2026, 3, 6), "refused"),
    ],
)
def test_the_filing_window_ends_after_its_working_days(today: date, expected: str) -> None:
    limited = book(today=today, limits=[Limits(date(2026, 1, 1), 3, 1440)])
    assert outcomes([entry()], limited) == [expected]


def test_days_off_do_not_use_up_the_filing_window() -> None:
    friday = date(2026, 3, 6)
    assert filing_ends_on(friday, 1, weekday, until=date(2026, 12, 31)) == date(2026, 3, 9)


def test_a_window_of_no_days_ends_on_the_work_date() -> None:
    assert filing_ends_on(MONDAY, 0, weekday, until=date(2026, 12, 31)) == MONDAY


def test_limits_hold_from_their_day_until_the_next() -> None:
    decided = [Limits(date(2026, 3, 1), 3, 450), Limits(date(2026, 4, 1), 2, 450)]
    assert limits_on(decided, date(2026, 2, 28)) == UNDECIDED
    assert limits_on(decided, date(2026, 3, 31)).filing_window_days == 3
    assert limits_on(decided, date(2026, 4, 1)).filing_window_days == 2


def work(**given: object) -> Work:
    """A waiting activity of an open month, before its superior."""
    whole: dict[str, object] = {
        "employee_id": BUDI,
        "work_date": MONDAY,
        "state": State.WAITING,
        "capacity": Capacity.DEFINITIF,
        "month_open": True,
    }
    return Work(**whole | given)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("case", "person", "expected"),
    [
        (work(), UUID(int=7), None),
        (work(), None, None),
        (work(), BUDI, "nobody decides on their own"),
        (work(capacity=None), UUID(int=7), "not this employee's superior"),
        (work(month_open=False), UUID(int=7), "is closed"),
        (work(state=State.RETURNED), UUID(int=7), "waits for the employee's correction"),
        (work(state=State.APPROVED), UUID(int=7), "approved already"),
    ],
)
def test_who_may_approve_what(case: Work, person: UUID | None, expected: str | None) -> None:
    refused = approval_refusal(case, person)
    assert refused is None if expected is None else expected in str(refused)


def test_only_an_approval_is_withdrawn_and_only_before_the_closing() -> None:
    assert withdrawal_refusal(work(state=State.APPROVED), UUID(int=7)) is None
    assert withdrawal_refusal(work(), UUID(int=7)) == "it is not approved"
    assert "closed" in str(withdrawal_refusal(work(state=State.APPROVED, month_open=False), UUID(int=7)))


def indicator(**given: object) -> IndicatorDraft:
    whole: dict[str, object] = {
        "indicator_id": uuid4(),
        "aspect": Aspect.KUANTITAS,
        "text": "Jumlah dokumen",
        "unit": "dokumen",
        "target": Decimal(12),
    }
    return IndicatorDraft(**whole | given)  # type: ignore[arg-type]  # fields by name


def result(**given: object) -> ResultDraft:
    whole: dict[str, object] = {
        "result_id": uuid4(),
        "kind": ResultKind.UTAMA,
        "text": "Tersusunnya laporan",
        "indicators": (indicator(),),
    }
    return ResultDraft(**whole | given)  # type: ignore[arg-type]  # fields by name


def content(*results: ResultDraft, approach: Approach = Approach.KUANTITATIF) -> PlanContent:
    return PlanContent(approach, results or (result(),))


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        (content(result(kind=ResultKind.TAMBAHAN)), "results"),
        (content(result(indicators=())), "results.0.indicators"),
        (content(result(indicators=(indicator(target=None),))), "results.0.indicators.0.target"),
        (content(approach=Approach.KUALITATIF), "results.0.indicators.0.target_text"),
        (content(result(weight=Decimal(60)), result(weight=Decimal(30))), "results.weight"),
        (content(result(weight=Decimal(100)), result()), "results.1.weight"),
    ],
)
def test_a_plan_that_is_not_whole_is_told_where(plan: PlanContent, place: str) -> None:
    assert [fault.place for fault in faults(plan)] == [place]


def test_weights_that_total_100_or_none_at_all_are_fine() -> None:
    assert faults(content(result(weight=Decimal("62.5")), result(weight=Decimal("37.5")))) == ()
    assert faults(content(result(), result())) == ()


def plan_case(**given: object) -> PlanCase:
    whole: dict[str, object] = {
        "employee_id": BUDI,
        "state": PlanState.SUBMITTED,
        "made_by": BUDI,
        "capacity": Capacity.DEFINITIF,
        "has_superior": True,
        "content": content(result(superior_result_id=uuid4())),
    }
    return PlanCase(**whole | given)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (plan_case(), None),
        (plan_case(employee_id=UUID(int=7)), "their own SKP"),
        (plan_case(capacity=None), "not this employee's superior"),
        (plan_case(state=PlanState.DRAFT), "only a submitted plan"),
        (plan_case(state=PlanState.APPROVED), "only a submitted plan"),
        (plan_case(made_by=UUID(int=7)), "made or imported this plan yourself"),
        (plan_case(content=content()), "is not derived from a result of the superior's"),
        (plan_case(content=content(), has_superior=False), None),
    ],
)
def test_who_may_approve_which_plan(case: PlanCase, expected: str | None) -> None:
    refused = plan_approval_refusal(case, UUID(int=7))
    assert refused is None if expected is None else expected in str(refused)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 2), date(2026, 3, 2)),
        (date(2025, 12, 20), date(2026, 1, 1)),
        (date(2027, 1, 5), date(2026, 12, 31)),
    ],
)
def test_the_superior_of_the_plans_nearest_day_decides(today: date, expected: date) -> None:
    assert day_of_decision(today, date(2026, 1, 1), date(2026, 12, 31)) == expected
