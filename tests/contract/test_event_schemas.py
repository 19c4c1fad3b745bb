"""An event's schema is a promise: this is where breaking it fails."""

import json
from pathlib import Path

import jsonschema
import pytest

from shared.events import BY_TYPE, CATALOGUE, Unreadable, decode, encode
from shared.events.document import document
from tests.contract.promise import PROMISED, schema_of
from tests.support.samples import BY_CLASS, SAMPLES

TYPES = sorted(BY_TYPE)


@pytest.mark.parametrize("kind", TYPES)
def test_the_schema_is_the_promised_one(kind: str) -> None:
    promised = json.loads((PROMISED / f"{kind}.schema.json").read_text())
    assert schema_of(BY_TYPE[kind]) == promised


@pytest.mark.parametrize("sample", sorted(PROMISED.glob("*.sample.json")), ids=lambda path: path.stem)
def test_what_was_published_once_can_still_be_read(sample: Path) -> None:
    event = decode(sample.read_bytes())
    assert event.type == sample.name.removesuffix(".sample.json")


def test_every_event_in_the_catalogue_has_a_promise_and_a_sample() -> None:
    assert set(BY_CLASS) == set(CATALOGUE)
    assert {path.name.split(".schema")[0] for path in PROMISED.glob("*.schema.json")} == set(TYPES)
    assert {path.name.split(".sample")[0] for path in PROMISED.glob("*.sample.json")} == set(TYPES)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type)
def test_an_event_comes_back_from_its_bytes_as_it_was(event) -> None:
    assert decode(encode(event)) == event
    assert encode(decode(encode(event))) == encode(event)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type)
def test_what_is_sent_fits_the_promised_schema(event) -> None:
    said = json.loads(encode(event))
    promised = json.loads((PROMISED / f"{event.type}.schema.json").read_text())
    envelope = {"tenant_id": said["tenantid"], "occurred_at": said["time"], "version": int(said["sequence"])}
    jsonschema.validate(said["data"] | envelope, promised)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type)
def test_a_field_from_the_future_is_ignored(event) -> None:
    said = json.loads(encode(event))
    said["data"]["mood"] = "cheerful"
    assert decode(json.dumps(said).encode()) == event


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type)
def test_a_missing_field_is_named(event) -> None:
    said = json.loads(encode(event))
    field = next(name for name in schema_of(type(event))["required"] if name in said["data"])
    del said["data"][field]
    with pytest.raises(Unreadable, match=field):
        decode(json.dumps(said).encode())


@pytest.mark.parametrize("attribute", ["subject", "id", "tenantid", "sequence"])
def test_an_envelope_that_contradicts_its_fact_is_refused(attribute: str) -> None:
    said = json.loads(encode(SAMPLES[3]))
    said[attribute] = {"subject": "someone-else", "id": "0" * 36, "tenantid": "92", "sequence": "7"}[attribute]
    with pytest.raises(Unreadable):
        decode(json.dumps(said).encode())


def test_amounts_are_strings_of_whole_rupiah() -> None:
    [run] = [event for event in SAMPLES if event.type == "payroll.run-closed.v1"]
    assert json.loads(encode(run))["data"]["totals"]["net"] == "3621040"
    said = json.loads(encode(run))
    for amount in (3621040.0, "3621040.00", "3.6e6", " 3621040", True):
        said["data"]["totals"]["net"] = amount
        with pytest.raises(Unreadable, match=r"totals\.net"):
            decode(json.dumps(said).encode())


def test_the_document_of_events_is_the_catalogue_s() -> None:
    assert (Path(__file__).parents[2] / "docs/events.md").read_text() == document()
