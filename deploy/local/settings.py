"""Where the stack's servers come from, read from the environment (TAKAR_...)."""

import os
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "takar"


class StackSettings(BaseSettings):
    """Addresses given come first, then Docker, then servers of our own."""

    model_config = SettingsConfigDict(env_prefix="TAKAR_", extra="ignore")

    postgres_admin_url: str | None = None
    kafka_bootstrap: str | None = None
    kafka_admin_user: str = "admin"
    kafka_admin_password: str | None = None

    secret: str | None = None  # what all passwords are derived from; None: one is made and kept in the folder
    servers: Literal["auto", "docker", "native"] = "auto"
    postgres_image: str = "postgres:18"
    kafka_image: str = "apache/kafka:4.3.0"

    cache: Path = _cache()
    postgres_port: int = 0
    kafka_port: int = 0
    kafka_heap_mb: int = 512
    min_free_mb: int = 500
