"""The JSON Schema of documents, in the form in which it helps an editor to complete and to check them."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The schema of a document; names that repeat the key are left out, and so is the `null` of what is optional."""
    said: dict[str, Any] = {"$schema": DIALECT, "title": title}
    said.update(_tidied(model.model_json_schema(by_alias=True)))
    return said


def _tidied(node: Any) -> Any:
    if isinstance(node, list):
        return [_tidied(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = dict(_kept(node))
    options = kept.get("anyOf")
    if options is not None and len(options) == 1:
        only = kept.pop("anyOf")[0]
        kept = only | kept
    return kept


def _kept(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if key in {"properties", "$defs"}:
            yield key, {name: _tidied(one) for name, one in value.items()}
        elif key == "anyOf":
            yield key, [_tidied(one) for one in value if one != {"type": "null"}]
        elif key == "description":
            yield key, " ".join(value.split())
        elif not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None):
            yield key, _tidied(value)
