"""From which day on a change of master data may change what was paid, and whom it cannot touch."""

from datetime import date

import pytest

from services.payroll.rules.retroactive import PaidMonth, Paying, employee_changed_from, position_changed_from

POST = {"position_id": "p1", "kind": "definitif", "valid_from": "2026-01-05", "valid_to": None}
STATUS = {"valid_from": "2026-01-01", "status_asn": "CPNS", "golongan": "III/a"}
EMPLOYEE = {"assignments": [POST], "statuses": [STATUS], "left_on": None, "name": "A"}
TERM = {"valid_from": "2026-01-01", "kelas": 7, "unit_id": "u1", "jenis": "pelaksana"}
POSITION = {"terms": [TERM], "active_to": None}


def of_employee(**after: object) -> date | None:
    return employee_changed_from(EMPLOYEE, EMPLOYEE | after)


def of_position(**after: object) -> date | None:
    return position_changed_from(POSITION, POSITION | after)


def test_a_name_or_an_account_changes_no_pay():
    assert of_employee(name="B", bank={"number": "1"}) is None
    assert of_position(name="Analis") is None


def test_a_post_taken_counts_from_its_first_day_and_one_taken_back_as_well():
    second = POST | {"position_id": "p2", "valid_from": "2026-09-10"}
    assert of_employee(assignments=[POST, second]) == date(2026, 9, 10)
    assert employee_changed_from(EMPLOYEE | {"assignments": [POST, second]}, EMPLOYEE) == date(2026, 9, 10)
    assert of_employee(assignments=[]) == date(2026, 1, 5)


@pytest.mark.parametrize("change", [{"position_id": "p9"}, {"kind": "Plt"}])
def test_another_post_from_the_same_day_counts_from_that_day(change):
    assert of_employee(assignments=[POST | change]) == date(2026, 1, 5)


def test_a_post_begun_on_another_day_counts_from_the_earlier_of_the_two():
    assert of_employee(assignments=[POST | {"valid_from": "2026-03-01"}]) == date(2026, 1, 5)
    assert of_employee(assignments=[POST | {"valid_from": "2025-12-01"}]) == date(2025, 12, 1)


def test_a_post_ended_counts_from_the_day_after_its_last():
    assert of_employee(assignments=[POST | {"valid_to": "2026-09-30"}]) == date(2026, 10, 1)
    ended = EMPLOYEE | {"assignments": [POST | {"valid_to": "2026-08-31"}]}
    assert employee_changed_from(ended, EMPLOYEE) == date(2026, 9, 1)
    later = EMPLOYEE | {"assignments": [POST | {"valid_to": "2026-09-30"}]}
    assert employee_changed_from(ended, later) == employee_changed_from(later, ended) == date(2026, 9, 1)
    assert employee_changed_from(ended, ended) is None


def test_a_status_or_golongan_counts_from_its_first_day():
    risen = STATUS | {"valid_from": "2026-04-01", "golongan": "III/b"}
    assert of_employee(statuses=[STATUS, risen]) == date(2026, 4, 1)
    assert of_employee(statuses=[STATUS | {"status_asn": "PNS"}]) == date(2026, 1, 1)
    assert of_employee(statuses=[STATUS | {"golongan": "III/b"}]) == date(2026, 1, 1)
    assert of_employee(statuses=[STATUS | {"valid_from": "2026-02-01"}]) == date(2026, 1, 1)
    assert of_employee(statuses=[STATUS | {"recorded_at": "2026-10-01"}]) is None


def test_leaving_service_counts_from_the_earlier_of_the_days_said():
    assert of_employee(left_on="2026-09-15") == date(2026, 9, 15)
    left = EMPLOYEE | {"left_on": "2026-09-15"}
    assert employee_changed_from(left, EMPLOYEE) == date(2026, 9, 15)
    assert employee_changed_from(left, EMPLOYEE | {"left_on": "2026-09-20"}) == date(2026, 9, 15)


def test_of_several_changes_the_earliest_day_counts():
    second = POST | {"position_id": "p2", "valid_from": "2026-09-10"}
    risen = STATUS | {"valid_from": "2026-04-01", "golongan": "III/b"}
    assert of_employee(assignments=[POST, second], statuses=[STATUS, risen], left_on="2026-12-01") == date(2026, 4, 1)


@pytest.mark.parametrize("change", [{"kelas": 8}, {"unit_id": "u2"}, {"jenis": "jf"}])
def test_a_positions_class_unit_or_rank_counts_from_the_terms_first_day(change):
    assert of_position(terms=[TERM | change]) == date(2026, 1, 1)
    later = TERM | {"valid_from": "2026-07-01"} | change
    assert of_position(terms=[TERM, later]) == date(2026, 7, 1)
    assert position_changed_from(POSITION | {"terms": [TERM, later]}, POSITION) == date(2026, 7, 1)


def test_a_position_not_known_before_counts_from_its_first_day_whenever_it_ends():
    later = TERM | {"valid_from": "2026-07-01", "kelas": 8}
    assert position_changed_from(None, {"terms": [later, TERM], "active_to": "2025-01-01"}) == date(2026, 1, 1)
    assert position_changed_from(None, {"terms": [], "active_to": None}) is None


def test_a_position_closed_counts_from_the_earlier_day():
    assert of_position(active_to="2026-08-31") == date(2026, 8, 31)
    closed = POSITION | {"active_to": "2026-08-31"}
    assert position_changed_from(closed, POSITION | {"active_to": "2026-07-31"}) == date(2026, 7, 31)
    assert position_changed_from(POSITION, {"terms": [], "active_to": None}) == date(2026, 1, 1)


def paying(kind: str, of: str) -> Paying:
    return Paying(PaidMonth("2026-10", kind), of, True, (1, 1))


def test_a_month_is_reached_by_facts_of_that_month_only():
    assert paying("induk", "2026-09").reached("2026-09", "2026-09")
    assert paying("induk", "2026-09").reached("2026-08", "2026-10")
    assert paying("induk", "2026-09").reached("2026-09")
    assert not paying("induk", "2026-09").reached("2026-10")
    assert not paying("induk", "2026-09").reached("2026-07", "2026-08")


def test_terusan_is_reached_by_any_earlier_month():
    """Who died served before terusan is paid: the month whose facts count may be any before."""
    assert paying("terusan", "2026-09").reached("2026-01", "2026-02")
    assert not paying("terusan", "2026-09").reached("2026-10", "2026-11")
