"""Typst in a process of its own, which ends with its work: it never gives back what a document took to set.

Run by its path, with a request in JSON on standard input; each document is answered by its length in eight bytes
and its bytes.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent / "templates"


def main() -> None:
    asked = json.load(sys.stdin.buffer)
    source = b"\n".join((TEMPLATES / f"{name}.typ").read_bytes() for name in ("common", asked["template"]))
    # fonts of the wheel's own: a system's would differ from machine to machine
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    for data in asked["documents"]:
        given = {"font_paths": fonts, "ignore_system_fonts": True, "root": str(TEMPLATES)}
        for content in _set(source, given | {"sys_inputs": {"data": json.dumps(data)}}, asked):
            sys.stdout.buffer.write(len(content).to_bytes(8, "big") + content)


def _set(source: bytes, given: dict[str, Any], asked: dict[str, Any]) -> list[bytes]:
    """A PDF/A-2b, or a PNG a page."""
    if "ppi" in asked:
        found = typst.Compiler(source, **given).compile(format="png", ppi=asked["ppi"])
        return found if isinstance(found, list) else [found or b""]
    options = {"pdf_standards": "a-2b", "timestamp": asked["seconds"], "pdf_tags": asked["tagged"]}
    return [typst.compile(source, **options, **given)]


if __name__ == "__main__":
    main()
