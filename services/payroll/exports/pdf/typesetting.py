"""Typst with nothing of the machine in it: fonts of its own, a fixed moment, data as JSON and never as markup."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

_TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@lru_cache(maxsize=8)
def _source(template: str) -> bytes:
    return b"\n".join((_TEMPLATES / f"{name}.typ").read_bytes() for name in ("common", template))


def typeset(
    template: Literal["lists", "statement"], data: Mapping[str, Any], *, made_at: datetime, tagged: bool
) -> bytes:
    """The PDF/A-2b of a template and its data, the same bytes for the same of both.

    tagged: with the structure that screen readers follow; it makes long tables ten times as large.
    """
    seconds = int(made_at.timestamp())
    given = _given(data)
    return bytes(typst.compile(_source(template), pdf_standards="a-2b", timestamp=seconds, pdf_tags=tagged, **given))


def pages(template: Literal["lists", "statement"], data: Mapping[str, Any], *, ppi: float = 110) -> list[bytes]:
    """The same as PNG, a page each: for looking at."""
    found = typst.Compiler(_source(template), **_given(data)).compile(format="png", ppi=ppi)
    return found if isinstance(found, list) else [found or b""]


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return {"font_paths": _fonts(), "ignore_system_fonts": True, "root": str(_TEMPLATES), "sys_inputs": inputs}
