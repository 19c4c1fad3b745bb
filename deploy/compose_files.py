"""What deploy/compose.yaml needs beside it: `python -m deploy.compose_files`.

Writes deploy/.compose/env (a password of its own for every role and principal) and the broker's properties, once;
what is there stays, so that the volumes' passwords keep fitting.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from deploy.kafka.credentials import Credentials
from deploy.local.databases import SERVICES, passwords_from, urls
from deploy.local.environment import SIGNERS, receipt_key, signing_key
from deploy.local.kafka import ADMIN
from deploy.local.kafka_properties import render

FOLDER = Path(__file__).parent / ".compose"
CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw"  # any; it marks the volume's data as this broker's


def environment(secret: Credentials, key: str, receipts: Mapping[str, str]) -> dict[str, str]:
    """The variables that compose.yaml names. `key`: identity's, `receipts`: by service; private JWKs."""
    postgres, kafka = secret.derive("postgres"), secret.derive(ADMIN)
    admin_url = f"postgresql://postgres:{postgres.password}@postgres:5432/postgres"
    found = {
        "TAKAR_SECRET": secret.password,
        "POSTGRES_PASSWORD": postgres.password,
        "TAKAR_POSTGRES_ADMIN_URL": admin_url,
        "TAKAR_KAFKA_ADMIN_PASSWORD": kafka.password,
        "KAFKA_CLUSTER_ID": CLUSTER_ID,
        "TAKAR_SIGNING_KEY": key,
    }
    for service, receipt in receipts.items():
        found[f"{service.upper()}_RECEIPT_KEY"] = receipt
    for service in SERVICES:
        databases = urls(admin_url, service, service, passwords_from(secret, service))
        found[f"{service.upper()}_APP_URL"] = databases.app
        found[f"{service.upper()}_WORKER_URL"] = databases.worker
        found[f"{service.upper()}_KAFKA_PASSWORD"] = kafka.derive(service).password
    return found


def main(folder: Path = FOLDER) -> None:
    """Write both files."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if (folder / "env").exists():
        return
    secret = Credentials("stack", secrets.token_urlsafe(32))
    properties = render(
        data="/var/lib/kafka/data",
        port=9092,
        controller_port=9093,
        admin=secret.derive(ADMIN),
        controller=secret.derive("controller"),
        bind="0.0.0.0",  # noqa: S104  the containers' own network
        host="kafka",
    )
    (folder / "server.properties").write_text(properties)  # 0644 in a private folder: the image's user reads it
    told = environment(secret, signing_key(folder), {name: receipt_key(folder, name) for name in SIGNERS})
    lines = [f"{name}='{value}'\n" for name, value in told.items()]
    with open(os.open(folder / "env", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main()
