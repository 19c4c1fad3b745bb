"""Kafka's jars, fetched once from the Maven repository into a cache that all stacks of the user share."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.local.errors import StackError, explain
from deploy.local.tools import maven

POM = Path(__file__).resolve().parents[1] / "kafka" / "pom.xml"


def jars(cache: Path) -> Path:
    """The folder with the jars of pom.xml; a second starter waits for the first one's fetch."""
    digest = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    folder = cache / f"kafka-{digest}"
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    """Fetch beside and rename, so that a folder is either whole or not there."""
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix="fetching-"))
    try:
        shutil.copy(POM, beside / "pom.xml")
        command = [
            maven(),
            "-q",
            "-B",
            "dependency:copy-dependencies",
            f"-DoutputDirectory={beside / 'libs'}",
        ]
        done = subprocess.run(
            command, check=False, cwd=beside, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode != 0:
            raise StackError(f"Kafka's jars could not be fetched by Maven: {_first_error(done.stdout)}")
        os.rename(beside / "libs", folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _first_error(said: str) -> str:
    errors = [line for line in said.splitlines() if "[ERROR]" in line]
    return errors[0].replace("[ERROR] ", "") if errors else explain(said)
