"""What each process is told by its environment: its own database role, its own Kafka login, nothing of others'."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from joserfc.jwk import OKPKey

from deploy.local.databases import ServiceUrls
from deploy.local.stack import Stack

SIGNERS = ("activity", "payroll")  # the services that sign the heads of a log


class Environment:
    """The environment of every kind of process of one stack."""

    def __init__(self, stack: Stack, databases: Mapping[str, ServiceUrls], more: Mapping[str, str]) -> None:
        self._stack, self._databases, self._more = stack, databases, dict(more)
        self._key = signing_key(stack.folder)
        self._receipt_keys = {service: receipt_key(stack.folder, service) for service in SIGNERS}

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
            **({"TAKAR_RECEIPT_KEY": self._receipt_keys[service]} if service in SIGNERS else {}),
            **self._more,
        }

    def front(self, services: Sequence[str], jwks_url: str) -> dict[str, str]:
        """Of the process that joins the APIs."""
        databases = {f"TAKAR_{name.upper()}_DATABASE_URL": self._databases[name].app for name in services}
        signing = [name for name in SIGNERS if name in services]
        sealing = {f"TAKAR_{name.upper()}_RECEIPT_KEY": self._receipt_keys[name] for name in signing}
        tokens = self._tokens(services, jwks_url)
        return {"TAKAR_SERVICES": ",".join(services), **databases, **sealing, **tokens, **self._more}

    def _tokens(self, services: Sequence[str], jwks_url: str) -> dict[str, str]:
        """Identity signs tokens, the others only check."""
        signing = {"TAKAR_SIGNING_KEY": self._key} if "identity" in services else {}
        return {"TAKAR_JWKS_URL": jwks_url, **signing}


def signing_key(folder: Path) -> str:
    """Identity's Ed25519 key as JWK: made once, kept in the stack's folder."""
    return _key(folder / "signing-key.json")


def receipt_key(folder: Path, service: str) -> str:
    """A service's own Ed25519 key for checkpoints as JWK: made once, kept in the stack's folder."""
    return _key(folder / f"{service}-receipt-key.json")


def _key(file: Path) -> str:
    if not file.exists():
        key = OKPKey.generate_key("Ed25519", parameters={"use": "sig", "alg": "EdDSA"}, auto_kid=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
            json.dump(key.as_dict(private=True), new)
    return file.read_text()
