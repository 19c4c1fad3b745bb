"""Regions are added by the platform's operator: `takar tenant add`, as they would type it."""

import asyncio
import os
import re
import sys

from deploy.demo.console import DemoError
from deploy.demo.office.model import Office, Person
from deploy.local.processes import REPO
from deploy.local.services import Services

_PASSWORD = re.compile(r"one-time password (\S+)")


async def add_region(services: Services, office: Office, admin: Person) -> str:
    """The region, its payroll system's topics and its first administrator; their one-time password."""
    command = [
        *(sys.executable, "-m", "deploy.cli.main", "tenant", "add", office.tenant_id),
        *("--name", office.name, "--kind", office.kind, "--zone", office.zone),
        *("--admin-nip", admin.nip, "--admin-name", admin.name),
    ]
    kafka = services.stack.kafka_admin
    environment = {
        "TAKAR_DATABASE_URL": services.databases["identity"].worker,
        "TAKAR_KAFKA_BOOTSTRAP": services.stack.kafka_bootstrap,
        "TAKAR_KAFKA_ADMIN_USER": kafka.user,
        "TAKAR_KAFKA_ADMIN_PASSWORD": kafka.password,
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=REPO,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed = (await process.communicate())[0].decode()
    found = _PASSWORD.search(printed)
    if process.returncode or not found:
        raise DemoError(
            f"takar tenant add {office.tenant_id} ended with {process.returncode}: {printed.strip()[-500:]}"
        )
    return found[1]
