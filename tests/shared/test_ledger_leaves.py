"""Owner and readers make the same leaf from the same fact, quickly."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shared.events import decode, encode
from shared.events.activity import ActivityApproved, AttendanceDaySettled
from shared.events.appraisal import AppraisalFinalized
from shared.ledger.leaves import Salted, employee_entry, employee_leaf, leaf_of, sort_key_of
from shared.merkle import leaf, root
from shared.words import Capacity, LeaveKind, Predikat, Presence, Rating
from tests.support.appraisal import MARCH, STATED_AT, approved, salt_of, settled
from tests.support.service import TENANT, an_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def by_the_book(event: Salted) -> bytes:
    """RFC 8785 over the fact's data without its salt and its nulls."""
    record = {name: value for name, value in event.content.items() if value is not None}
    return leaf(record.pop("salt"), record)


def appraisal(reason: str | None) -> AppraisalFinalized:
    return AppraisalFinalized(
        tenant_id=TENANT,
        occurred_at=STATED_AT,
        employee_id=an_id("somebody"),
        period=MARCH,
        hasil_kerja=Rating.SESUAI,
        perilaku_kerja=Rating.DI_ATAS,
        predikat=Predikat.BAIK,
        evaluator_id=an_id("evaluator"),
        capacity=Capacity.PLH,
        reason=reason,
        salt=salt_of("an appraisal"),
    )


@given(unit=TEXT, minutes=st.integers(1, 1440), number=st.integers())
def test_an_activitys_leaf_is_the_canonical_one_whatever_its_text(unit: str, minutes: int, number: int) -> None:
    event = approved(an_id("somebody"), number, minutes=minutes).model_copy(update={"quantity_unit": unit})
    assert leaf_of(event) == by_the_book(event)


@given(late=st.integers(0, 10_000), presence=st.sampled_from(Presence), leave=st.sampled_from([None, *LeaveKind]))
def test_a_days_leaf_is_the_canonical_one(late: int, presence: Presence, leave: LeaveKind | None) -> None:
    event = settled(an_id("somebody"), presence=presence, leave_kind=leave, late_minutes=late)
    assert leaf_of(event) == by_the_book(event)


@given(reason=st.none() | TEXT)
def test_an_appraisals_leaf_is_the_canonical_one(reason: str | None) -> None:
    assert leaf_of(appraisal(reason)) == by_the_book(appraisal(reason))


def test_a_reader_gets_the_owners_leaf_from_the_bytes() -> None:
    for event in (approved(an_id("somebody"), quantity="2.50"), settled(an_id("somebody"), late_minutes=3)):
        heard = decode(encode(event))
        assert isinstance(heard, ActivityApproved | AttendanceDaySettled)
        assert leaf_of(heard) == leaf_of(event)


def test_a_reader_older_than_the_fact_still_gets_the_owners_leaf() -> None:
    """What it does not know yet is in the bytes, and stays there where it has to say the fact again."""
    newer = json.loads(encode(approved(an_id("somebody"))))
    newer["data"]["place"] = "kantor lurah"
    record = {name: value for name, value in newer["data"].items() if value is not None}
    read = decode(json.dumps(newer).encode())
    assert isinstance(read, ActivityApproved)
    assert leaf_of(read) == leaf(record.pop("salt"), record)
    assert json.loads(encode(read)) == newer


def test_the_version_is_no_part_of_the_leaf_and_the_salt_is() -> None:
    event = approved(an_id("somebody"))
    assert leaf_of(event.model_copy(update={"version": 7})) == leaf_of(event)
    assert leaf_of(event.model_copy(update={"salt": "00" * 32})) != leaf_of(event)


def test_a_period_is_ordered_by_employee_then_activities_then_days() -> None:
    budi, siti = sorted([an_id("budi"), an_id("siti")])
    facts = [
        approved(siti, 1),
        settled(siti, date(2026, 3, 2)),
        settled(budi, date(2026, 3, 31)),
        approved(budi, 1),
        settled(budi, date(2026, 3, 2)),
    ]
    ordered = sorted(facts, key=sort_key_of)
    assert ordered == [facts[3], facts[4], facts[2], facts[0], facts[1]]
    assert sort_key_of(appraisal(None)) == str(an_id("somebody"))


@given(count=st.integers(1, 140))
def test_an_employees_leaf_holds_how_many_records_under_which_root(count: int) -> None:
    who, leaves = an_id("somebody"), [bytes([number]) * 32 for number in range(count)]
    said = {"employee_id": str(who), "leaves": count, "root": root(leaves).hex()}
    assert employee_entry(who, b"".join(leaves)) == said
    assert employee_leaf(who, b"".join(leaves)) == leaf("", said)
