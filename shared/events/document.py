"""Prints docs/events.md from the catalogue: `python -m shared.events.document`."""

from typing import Any

from shared.events import CATALOGUE, CONTENT_TYPE, Event
from shared.events.envelope import ENVELOPE_FIELDS

HEAD = f"""# Events

Made from the catalogue (`shared/events`) by `python -m shared.events.document`; do not edit. Schemas and samples:
`tests/contract/promised/`.

Envelope: CloudEvents 1.0, structured JSON, header `content-type: {CONTENT_TYPE}`; attributes `id` (the same for the
same fact, for ever), `source`, `type`, `time`, `tenantid` (Kemendagri region code), `subject`, `sequence` (counts the
facts about one subject) and `data`. Amounts are strings of whole rupiah. Order holds within a key.
"""


def document() -> str:
    return HEAD + "".join(_section(event) for event in CATALOGUE)


def _section(event: type[Event]) -> str:
    schema = event.model_json_schema(mode="serialization")
    rows = "".join(
        f"| `{name}` | {_kind(field)} | {_required(name, schema)} |\n"
        for name, field in schema["properties"].items()
        if name not in ENVELOPE_FIELDS
    )
    text = " ".join((event.__doc__ or "").split())
    said = f"{event.__name__}, stated by {event.source}. {text}"
    return f"\n## `{event.type}`\n\n{said}\n\n| field | is | |\n|---|---|---|\n{rows}"


def _required(name: str, schema: dict[str, Any]) -> str:
    return "always" if name in schema.get("required", []) else ""


def _kind(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "anyOf" in field:
        return " or ".join(_kind(one) for one in field["anyOf"] if one.get("type") != "null")
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    return str(field.get("format", field.get("type", "object")))


if __name__ == "__main__":
    print(document(), end="")
