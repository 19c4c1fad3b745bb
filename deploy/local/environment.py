"""What each process is told by its environment: its own database role, its own Kafka login, nothing of others'."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from joserfc.jwk import OKPKey

from deploy.local.databases import ServiceUrls
from deploy.local.stack import Stack


class Environment:
    """The environment of every kind of process of one stack."""

    def __init__(self, stack: Stack, databases: Mapping[str, ServiceUrls], more: Mapping[str, str]) -> None:
        self._stack, self._databases, self._more = stack, databases, dict(more)
        self._key = signing_key(stack.folder)
        self._receipt_key = receipt_key(stack.folder)

    def worker(self, service: str, health_port: int) -> dict[str, str]:
        """Of a worker: the worker role and the service's SCRAM principal."""
        login = self._stack.credentials(service)
        return {
            "TAKAR_SERVICE": service,
            "TAKAR_DATABASE_URL": self._databases[service].worker,
            "TAKAR_KAFKA_BOOTSTRAP": self._stack.kafka_bootstrap,
            "TAKAR_KAFKA_USER": login.user,
            "TAKAR_KAFKA_PASSWORD": login.password,
            "TAKAR_HEALTH_PORT": str(health_port),
            "TAKAR_KAFKA_SESSION_TIMEOUT_MS": "10000",  # one machine has no network that stutters: a death is seen soon
            **self._more,
        }

    def api(self, service: str, port: int, jwks_url: str) -> dict[str, str]:
        """Of one service's API in a process of its own: the app role, and no Kafka."""
        return {
            "TAKAR_SERVICE": service,
            "TAKAR_DATABASE_URL": self._databases[service].app,
            "TAKAR_HTTP_PORT": str(port),
            **self._tokens([service], jwks_url),
            **self._more,
        }

    def front(self, services: Sequence[str], jwks_url: str) -> dict[str, str]:
        """Of the process that joins the APIs."""
        databases = {f"TAKAR_{name.upper()}_DATABASE_URL": self._databases[name].app for name in services}
        tokens = self._tokens(services, jwks_url)
        return {"TAKAR_SERVICES": ",".join(services), **databases, **tokens, **self._more}

    def _tokens(self, services: Sequence[str], jwks_url: str) -> dict[str, str]:
        """Identity signs tokens, the others only check; payroll signs checkpoints."""
        signing = {"TAKAR_SIGNING_KEY": self._key} if "identity" in services else {}
        sealing = {"TAKAR_RECEIPT_KEY": self._receipt_key} if "payroll" in services else {}
        return {"TAKAR_JWKS_URL": jwks_url, **signing, **sealing}


def signing_key(folder: Path) -> str:
    """Identity's Ed25519 key as JWK: made once, kept in the stack's folder."""
    return _key(folder / "signing-key.json")


def receipt_key(folder: Path) -> str:
    """Payroll's Ed25519 key for checkpoints as JWK: made once, kept in the stack's folder."""
    return _key(folder / "receipt-key.json")


def _key(file: Path) -> str:
    if not file.exists():
        key = OKPKey.generate_key("Ed25519", parameters={"use": "sig", "alg": "EdDSA"}, auto_kid=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
            json.dump(key.as_dict(private=True), new)
    return file.read_text()
