"""A process's settings, from the environment (TAKAR_...) alone; no secret is ever printed."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ServiceName = Literal["identity", "activity", "appraisal", "payroll"]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TAKAR_", extra="ignore")

    service: str = ""
    database_url: SecretStr = SecretStr("")  # postgresql+asyncpg://, as the app or the worker role
    pool_size: int = 8

    kafka_bootstrap: str = ""
    kafka_user: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_protocol: Literal["SASL_PLAINTEXT", "SASL_SSL"] = "SASL_PLAINTEXT"
    kafka_ca_file: str = ""  # PEM of the authority behind SASL_SSL; empty: the system's
    kafka_session_timeout_ms: int = 45_000  # how long a worker may be silent before its partitions go to others
    topic_prefix: str = ""  # before topic and group names, so that stacks can share one broker

    jwks_url: str = ""  # where identity publishes its keys
    jwks: str = ""  # or the key set itself, as JSON
    issuer: str = "takar"
    signing_key: SecretStr = SecretStr("")  # identity alone: an Ed25519 private key as JWK
    receipt_key: SecretStr = SecretStr("")  # activity's and payroll's API, each its own: Ed25519, JWK, for checkpoints
    receipt_keys: str = ""  # the public ones with their days, as GET /receipt-keys tells them; empty: the present one

    health_host: str = "127.0.0.1"
    health_port: int = 0  # of a worker; 0: none
    run_chunk: int = Field(0, ge=0, le=5_000)  # payroll's API alone: employees of a run in one transaction; 0: 500
    requests_per_second: int = 400  # of one tenant at one API process; a burst may be twice that
    log_level: str = "INFO"
