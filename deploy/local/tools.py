"""Java and Maven: found, installed where root and apt-get allow it, or named in one line."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import StackError, explain

JAVA_SINCE = 17
JAVA_PACKAGE, MAVEN_PACKAGE = "default-jre-headless", "maven"


def java() -> str:
    """A Java of 17 or newer; StackError says what to type."""
    return _find_java() or _install(JAVA_PACKAGE, f"Java {JAVA_SINCE} or newer", _find_java)


def maven() -> str:
    """mvn; StackError says what to type."""
    return _find_maven() or _install(MAVEN_PACKAGE, "Maven", _find_maven)


def _find_java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    for candidate in (str(Path(home) / "bin" / "java") if home else None, shutil.which("java")):
        if candidate and Path(candidate).exists() and _version(candidate) >= JAVA_SINCE:
            return candidate
    return None


def _find_maven() -> str | None:
    return shutil.which("mvn")


def _version(executable: str) -> int:
    said = subprocess.run([executable, "-version"], check=False, capture_output=True, text=True)
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(found[1]) if found else 0


def _install(package: str, what: str, find: Callable[[], str | None]) -> str:
    """Install a Debian package and look again."""
    advice = f"no {what} here: type 'sudo apt-get install {package}', or start a Docker engine"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StackError(advice)
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", package]):
        done = subprocess.run(
            command,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if done.returncode != 0:
            raise StackError(f"{advice} (tried it: {explain(done.stdout)})")
    found = find()
    if found is None:
        raise StackError(advice)
    return found
