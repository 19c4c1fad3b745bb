"""Modules compiled beforehand, taken in place of their sources where they were made of exactly these sources.

`deploy/compile.py` makes them, into a folder named after a hash of the package's sources. Whoever changes a rule
changes the hash, and runs the changed source until it is compiled anew: what is compiled can be slow to come, never
stale. Where there is none, or `TAKAR_COMPILED=0`, the sources are run; both say the same (a test holds it).
"""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Sequence
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))


def folder_of(sources: Path) -> Path:
    """Where the compiled form of the Python files under `sources` belongs, for this very Python."""
    files = sorted((file.relative_to(sources).as_posix(), file) for file in sources.rglob("*.py"))
    said = hashlib.sha256(SUFFIX.encode())
    for name, file in files:
        content = file.read_bytes()
        said.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return Path(sys.prefix) / "compiled" / said.hexdigest()[:32]


class _Finder:
    """Finds modules that are not in their package's folder."""

    def __init__(self, found: dict[str, Path]) -> None:
        self._found = found

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = self._found.get(name)
        return spec_from_file_location(name, file, loader=ExtensionFileLoader(name, str(file))) if file else None


def prefer_compiled(package: str, sources: Path) -> None:
    """From now on import `package`'s modules in their compiled form, where there is one of these sources."""
    if os.environ.get("TAKAR_COMPILED") == "0":
        return
    folder = folder_of(sources)
    found = {".".join(file.relative_to(folder).parts).removesuffix(SUFFIX): file for file in folder.rglob(f"*{SUFFIX}")}
    if found:
        sys.meta_path.insert(0, _Finder(found))


def is_compiled(name: str) -> bool:
    """Whether a module that was imported is a compiled one."""
    return isinstance(sys.modules[name].__loader__, ExtensionFileLoader)
