"""Compiles the part of payroll's rules that a run spends its time in: `python -m deploy.compile`.

Needs a C compiler and Python's headers; without them the sources are run, which pays the same rupiah in more time.
The result goes where `shared.compiled` looks for it, and is not made a second time of the same sources.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from shared.compiled import folder_of

ROOT = Path(__file__).parents[1]
PACKAGE = "services/payroll/rules"
# what `evaluate` walks through; documents, facts and national tables are pydantic's, which compiles itself
MODULES = (
    *("allowance", "bases", "compiled", "conditions", "corrections", "cuts", "evaluate", "filling", "finishing"),
    *("grains", "instalments", "measures", "occurrences", "payment", "positions", "selection", "statement"),
    *("settlement/contributions", "settlement/dues", "settlement/months", "settlement/recovering"),
    *("settlement/settling", "settlement/sums", "settlement/taking", "warned", "withholding"),
)
_NEW = "new-"  # how a folder is called while it is filled
_MYPY = """
[mypy]
strict = True
plugins = pydantic.mypy
namespace_packages = True
explicit_package_bases = True
ignore_missing_imports = True
"""
_SETUP = """
import sys
from mypyc.build import mypycify
from setuptools import setup
modules = mypycify(["--config-file", "mypy.ini", *sys.argv[1:]], opt_level="2", debug_level="0", strip_asserts=False)
setup(ext_modules=modules, script_args=["-q", "build_ext", "--build-lib", "built", "--build-temp", "temp"])
"""


def hindrance() -> str | None:
    """Why nothing can be compiled here, and what to type; None where it can."""
    named = os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc")
    if not any(shutil.which(one) for one in (named.split()[0], "cc")):
        return "no C compiler: type 'sudo apt-get install gcc'"
    if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        return "no headers of this Python: type 'sudo apt-get install python3-dev'"
    return None


def compile_rules() -> None:
    """Make the compiled rules where they are missing; that they cannot be made is said, and no error."""
    folder = folder_of(ROOT / PACKAGE)
    if folder.exists():
        return
    if why := hindrance() or _compiled_into(folder):
        print(f"payroll's rules stay as they are, and a run takes longer: {why}")
        return
    for other in folder.parent.iterdir():
        if other != folder and not other.name.startswith(_NEW):
            shutil.rmtree(other, ignore_errors=True)


def copy_rules(room: Path) -> None:
    """The rules' sources, and all that they import of ours, into another place."""
    for name in ("services/__init__.py", "services/payroll/__init__.py"):
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, room / name)
    for name in (PACKAGE, "shared"):
        shutil.copytree(ROOT / name, room / name, ignore=shutil.ignore_patterns("__pycache__"))


def _compiled_into(folder: Path) -> str | None:
    """All or nothing; why not, if the compiler fails."""
    began = time.monotonic()
    print("compiling payroll's rules, once ...", flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_NEW) as room:
        if why := _build(Path(room), [f"{PACKAGE}/{module}.py" for module in MODULES]):
            return why
        if not folder.exists():  # somebody else may have been quicker
            (Path(room) / "built").rename(folder)
    print(f"compiled in {time.monotonic() - began:.0f} s", flush=True)
    return None


def _build(room: Path, modules: Sequence[str]) -> str | None:
    """Into `built` of the room, from copies: the compiler writes beside what it reads. Why not, if it fails."""
    copy_rules(room)
    (room / "mypy.ini").write_text(_MYPY)
    done = subprocess.run(
        [sys.executable, "-c", _SETUP, *modules],
        cwd=room,
        env={**os.environ, "PYTHONPATH": str(room), "TAKAR_COMPILED": "0"},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return f"the compiler failed\n{done.stdout[-4000:]}" if done.returncode else None


if __name__ == "__main__":
    compile_rules()
