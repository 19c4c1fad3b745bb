"""The verifier on whatever else: no part of a document may be anything else, and rubbish is refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.verify.takar_verify import Refused, Unusable, judge, read_json, read_kept, read_keys
from tests.support.receipts import changed
from tests.support.verifying import KEYS, LOG, RECEIPT, refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[name], (*way, name))


def replaced(value: Any, way: tuple[Any, ...], by: Any) -> Any:
    if not way:
        return by
    other = value.copy()
    other[way[0]] = replaced(value[way[0]], way[1:], by)
    return other


DOCUMENTS = [RECEIPT, LOG.head(3, since=2), LOG.listed]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_part_of_a_document_may_be_anything_else(data: st.DataObject) -> None:
    whole = json.loads(data.draw(st.sampled_from(DOCUMENTS)))
    way = data.draw(st.sampled_from(list(places(whole))))
    other = replaced(whole, way, data.draw(JSON))
    if json.dumps(other) != json.dumps(whole) and (way, other) != (("since",), whole | {"since": None}):
        refused(json.dumps(other, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace"))


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_rubbish_is_refused_by_every_reader(raw: bytes) -> None:
    refused(raw)
    with pytest.raises(Refused):
        read_kept(raw, KEYS)


@settings(max_examples=200, deadline=None)
@given(held=JSON)
def test_no_other_json_is_a_key_file(held: Any) -> None:
    with pytest.raises(Refused):
        read_keys(held)
    with pytest.raises(Refused):
        read_keys({"format": "takar.receipt-keys/1", "keys": [held]})


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"format":'])
def test_a_file_nested_a_hundred_thousand_deep_is_refused(opening: bytes) -> None:
    refused(opening * 100_000)
    refused(opening * 100_000 + b"1" + {b"[": b"]"}.get(opening, b"}") * 100_000)


@pytest.mark.parametrize("number", [b"1e5", b"0.5", b"NaN", b"-Infinity", b"9" * 5000, b"9007199254740993"])
def test_no_number_is_read_that_json_readers_disagree_on(number: bytes) -> None:
    document = RECEIPT.replace(b'"leaf_index":2', b'"leaf_index":' + number)
    assert document != RECEIPT
    refused(document)


def test_true_is_no_number_and_no_number_is_beyond_what_all_readers_hold() -> None:
    document = LOG.receipt(1, 1)
    assert judge(document, KEYS)
    refused(changed(document, leaf_index=True, entry_index=True))
    refused(changed(document, leaf_index=True))
    for number in (b"9007199254740992", b"-9007199254740992", b"10000000000000000"):
        with pytest.raises(Unusable):
            read_json(number)
    assert read_json(b"9007199254740991") == 2**53 - 1
