"""A region's export documents: YAML in, a checked template or settings out, every fault named with its place."""

import hashlib
from functools import lru_cache
from pathlib import Path

import rfc8785
from pydantic import BaseModel, ValidationError

from services.payroll.exports.bank.template import BankTemplate
from services.payroll.exports.settings import ExportSettings
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.reading import read
from shared.errors import Fault, Invalid

_KINDS: dict[str, type[BankTemplate] | type[ExportSettings]] = {
    "takar.bank/1": BankTemplate,
    "takar.exports/1": ExportSettings,
}
_SHIPPED = Path(__file__).parent / "bank" / "templates"

Document = BankTemplate | ExportSettings


def read_document(text: str) -> Document:
    """A bank template or a region's export settings, by its `format`. Raises Invalid with every fault."""
    try:
        source = read(text)
        given = source.value
        kind = _KINDS.get(str(given.get("format"))) if isinstance(given, dict) else None
        if kind is None:
            raise Unreadable((Problem("format", "the document does not say what it is", _REMEDY),))
        return kind.model_validate(given)
    except Unreadable as error:
        problems = error.problems
    except ValidationError as error:
        problems = tuple(source.problem(one) for one in error.errors())
    faults = tuple(Fault(one.place, one.message, one.remedy) for one in problems[:100])
    raise Invalid("the document cannot be used", faults)


_REMEDY = f"begin it with format: {' or '.join(_KINDS)}"


def hash_of(document: BaseModel) -> str:
    """SHA-256 of the document's content, whatever its layout and comments."""
    return hashlib.sha256(rfc8785.dumps(document.model_dump(mode="json"))).hexdigest()


@lru_cache(maxsize=1)
def shipped_templates() -> dict[str, str]:
    """The texts of the bank templates that come with Takar, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_SHIPPED.glob("*.yaml"))}
