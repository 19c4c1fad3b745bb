"""The Docker engine: whether it can be used here, and what in it belongs to one stack.

A stack's containers and volumes carry its mark, which is made once and kept in its folder: two folders of the same
name are two stacks.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.local.errors import StackError, explain

if TYPE_CHECKING:  # the keeper is to stay small
    from deploy.local.settings import StackSettings

LABEL = "takar.stack"
_MARK = "containers"


def hindrance(settings: "StackSettings") -> str | None:
    """Why Docker cannot be used here; None where an engine answers and has, or can fetch, the images.

    Quick where no engine is installed.
    """
    if not os.environ.get("DOCKER_HOST") and not Path("/var/run/docker.sock").exists():
        return "no Docker engine answers"
    try:
        with _client() as client:
            for image in (settings.postgres_image, settings.kafka_image):
                if not client.images.list(image) and (why := _pull(client, image)):
                    return f"Docker has no image {image} and cannot fetch it: {why}"
    except StackError as error:
        return str(error)
    return None


def mark(folder: Path) -> str:
    """What the stack's containers and volumes are known by; made at the first call."""
    file = folder / _MARK
    if not file.exists():
        file.write_text(secrets.token_hex(8))
    return file.read_text()


def is_marked(folder: Path) -> bool:
    """Whether the stack's servers have ever run in containers."""
    return (folder / _MARK).exists()


def volume(folder: Path, what: str) -> str:
    """The name of the volume that holds a server's data from one start to the next; made if it is not there."""
    name = f"takar-{mark(folder)}-{what}"
    with _client() as client:
        client.volumes.create(name, labels={LABEL: mark(folder)})
    return name


def running(folder: Path) -> list[str]:
    """The commands that run in the stack's containers, without arguments and folders: `postgres`, `java`."""
    if not is_marked(folder):
        return []
    with _client() as client:
        found = [one.top()["Processes"] for one in _containers(client, folder) if one.status == "running"]
    return [Path(process[-1].split()[0].rstrip(":")).name for processes in found for process in processes]


def remove(folder: Path, *, volumes: bool) -> None:
    """Remove the stack's containers; its data too if `volumes`."""
    if not is_marked(folder):
        return
    with _client() as client:
        for container in _containers(client, folder):
            with contextlib.suppress(_errors().NotFound):
                container.remove(force=True, v=True)
        for held in client.volumes.list(filters=_ours(folder)) if volumes else []:
            held.remove(force=True)


def _containers(client: Any, folder: Path) -> list[Any]:
    return list(client.containers.list(all=True, ignore_removed=True, filters=_ours(folder)))


def _ours(folder: Path) -> dict[str, str]:
    return {"label": f"{LABEL}={mark(folder)}"}


def _pull(client: Any, image: str) -> str | None:
    """Fetch it; why not, if that cannot be done."""
    try:
        client.images.pull(image)
    except (_errors().DockerException, OSError) as error:
        return explain(str(getattr(error, "explanation", None) or error))
    return None


@contextmanager
def _client() -> Iterator[Any]:
    """The engine's client; StackError if no engine answers within five seconds."""
    import docker  # imported late: it is slow

    try:
        client = docker.from_env(timeout=5)
    except (docker.errors.DockerException, OSError) as error:
        raise StackError("no Docker engine answers") from error
    client.api.timeout = 600  # fetching an image takes as long as it takes
    with contextlib.closing(client):
        yield client


def _errors() -> Any:
    import docker  # imported late: it is slow

    return docker.errors
