"""Bytes of every kind on a topic: never a crash, never a good neighbour lost, each record applied, waiting or kept."""

import json
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events import CONTENT_TYPE, encode
from shared.inbox import Inbox, Record
from shared.inbox.reading import read
from tests.support.samples import SAMPLES
from tests.support.small_service import HANDLERS, approved, effects, known, rows

_OFFSETS = count(1)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _changed(said: dict[str, object], place: str, value: object) -> bytes:
    """An event with one of its attributes or fields replaced or, for `...`, taken out."""
    where = said if place in said else said["data"]
    if value is ...:
        where.pop(place, None)
    else:
        where[place] = value
    return json.dumps(said).encode("utf-8", "surrogatepass")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    said = json.loads(encode(draw(st.sampled_from(SAMPLES))))
    place = draw(st.sampled_from(sorted(set(said) | set(said["data"]))))
    value = draw(
        st.one_of(
            st.just(...),
            _JSON,
            st.sampled_from(
                ["1e400", "NaN", "٣", "1_000", " 1 ", "9" * 400, "\x00", "2026-13-45", "92", True, -1, 2**70]
            ),
        )
    )
    return _changed(said, place, value)


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    whole = bytearray(encode(draw(st.sampled_from(SAMPLES))))
    for _ in range(draw(st.integers(1, 5))):
        whole[draw(st.integers(0, len(whole) - 1))] = draw(st.integers(0, 255))
    return bytes(whole[: draw(st.integers(0, len(whole)))])


BYTES = st.one_of(st.binary(max_size=300), mutated(), torn(), st.just(b"[" * 100_000), st.just(b'{"a":1,"a":2}'))
HEADERS = st.one_of(
    st.just((("content-type", CONTENT_TYPE.encode()),)),
    st.lists(st.tuples(st.text(max_size=10), st.none() | st.binary(max_size=10)), max_size=3).map(tuple),
)


@settings(max_examples=3000, deadline=None)
@given(value=st.none() | BYTES, key=st.none() | st.binary(max_size=40), headers=HEADERS)
def test_reading_never_raises_and_accounts_for_every_record(value, key, headers):
    good, bad = read([Record("activity.events", 0, 1, key, value, headers)], HANDLERS)
    assert len(good) + len(bad) <= 1
    assert all(one.reason for one in bad)


@pytest.fixture
async def inbox(worker_sessions):
    inbox = Inbox(worker_sessions, HANDLERS)
    fact = known()
    header = (("content-type", CONTENT_TYPE.encode()),)
    await inbox.deliver([Record(fact.topic, 0, 0, fact.key.encode(), encode(fact), header)])
    return inbox


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rubbish=st.lists(st.tuples(st.none() | BYTES, st.none() | st.binary(max_size=40), HEADERS), max_size=8))
async def test_no_rubbish_takes_a_good_neighbour_with_it(inbox, rubbish):
    header = (("content-type", CONTENT_TYPE.encode()),)
    first, last = approved(), approved()
    odd = [Record("activity.events", 1, next(_OFFSETS), key, value, headers) for value, key, headers in rubbish]
    whole = [
        Record("activity.events", 1, next(_OFFSETS), fact.key.encode(), encode(fact), header) for fact in (first, last)
    ]
    before = len(await rows(inbox.sessions, "SELECT 1 FROM quarantine"))
    await inbox.deliver([whole[0], *odd, whole[1]])
    applied = {one for one, _ in await effects(inbox.sessions)}
    assert {first.activity_id, last.activity_id} <= applied
    kept = len(await rows(inbox.sessions, "SELECT 1 FROM quarantine")) - before
    good, bad = read(odd, HANDLERS)
    assert kept == len(bad) or len(good) > 0
