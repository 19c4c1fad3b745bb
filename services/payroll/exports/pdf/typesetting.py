"""Typst with nothing of the machine in it: fonts of its own, a fixed moment, data as JSON and never as markup."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

_CHILD = Path(__file__).parent / "child.py"
_LONGEST_S = 300

Template = Literal["lists", "statement"]
Data = Mapping[str, Any]


def typeset(template: Template, data: Data, *, made_at: datetime, tagged: bool) -> bytes:
    """The PDF/A-2b of a template and its data, the same bytes for the same of both.

    tagged: with the structure that screen readers follow; it makes long tables ten times as large.
    """
    (found,) = typeset_many(template, [data], made_at=made_at, tagged=tagged)
    return found


def typeset_many(template: Template, documents: Sequence[Data], *, made_at: datetime, tagged: bool) -> list[bytes]:
    """As `typeset`, for several at once: starting the process takes longer than setting a page."""
    asked = {"template": template, "documents": documents, "seconds": int(made_at.timestamp()), "tagged": tagged}
    return _answered(asked)


def pages(template: Template, data: Data, *, ppi: float = 110) -> list[bytes]:
    """The same as PNG, a page each: for looking at."""
    return _answered({"template": template, "documents": [data], "ppi": ppi})


def _answered(asked: Mapping[str, Any]) -> list[bytes]:
    request = json.dumps(asked, ensure_ascii=False).encode()
    ran = subprocess.run(
        [sys.executable, str(_CHILD)], input=request, capture_output=True, timeout=_LONGEST_S, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"typesetting failed: {ran.stderr.decode(errors='replace').strip()[-2000:]}")
    found, at = [], 0
    while at < len(ran.stdout):
        size = int.from_bytes(ran.stdout[at : at + 8], "big")
        found.append(ran.stdout[at + 8 : at + 8 + size])
        at += 8 + size
    return found
