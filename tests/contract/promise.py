"""Writes what is promised of each event beside the tests: `python -m tests.contract.promise`.

The diff is what reviewers read: a changed schema is a broken promise unless it only adds optional fields.
"""

import json
from pathlib import Path
from typing import Any

from shared.events import CATALOGUE, Event, encode
from tests.support.samples import BY_CLASS

PROMISED = Path(__file__).parent / "promised"


def schema_of(event: type[Event]) -> dict[str, Any]:
    return event.model_json_schema(mode="serialization")


def write() -> None:
    for event in CATALOGUE:
        schema = json.dumps(schema_of(event), indent=1, sort_keys=True) + "\n"
        (PROMISED / f"{event.type}.schema.json").write_text(schema)
        sample = PROMISED / f"{event.type}.sample.json"
        if not sample.exists():  # what was published once must stay readable: samples are never written anew
            sample.write_bytes(encode(BY_CLASS[event]) + b"\n")


if __name__ == "__main__":
    write()
