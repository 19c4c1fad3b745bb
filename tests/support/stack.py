"""The servers behind the tests: started once, with fresh databases and topics for each test."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from deploy.kafka.credentials import Credentials
from deploy.kafka.provision import provision_services, provision_tenant, remove_prefixed
from deploy.local.databases import (
    ServiceUrls,
    copy_database,
    drop_database,
    passwords_from,
    provision_service,
)
from deploy.local.stack import Stack


@dataclass(frozen=True)
class KafkaSide:
    """The broker as one test sees it: its own topics and groups, behind a prefix."""

    bootstrap: str
    admin: Credentials
    services: dict[str, Credentials]
    prefix: str

    def tenant(self, tenant_id: str, *, quota: bool = False) -> Credentials:
        """Provision a regency's topics; the login of its payroll system."""
        return provision_tenant(self.bootstrap, self.admin, tenant_id, prefix=self.prefix, quota=quota)

    def topic(self, name: str) -> str:
        """The topic's name behind the prefix."""
        return self.prefix + name


class Databases:
    """Templates migrated once a session, copied for each test."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._run = uuid.uuid4().hex[:8]
        self._template = cache(self._make_template)
        self._templates: list[str] = []

    @contextmanager
    def fresh(self, service: str) -> Iterator[ServiceUrls]:
        """A migrated, empty database of its own; gone afterwards."""
        template = self._template(service)
        name = f"{template}_{uuid.uuid4().hex[:8]}"
        admin_url = self._stack.postgres_admin_url
        urls = copy_database(admin_url, service, template, name, self._passwords(service))
        try:
            yield urls
        finally:
            drop_database(admin_url, name)

    def close(self) -> None:
        """Drop the templates."""
        for template in self._templates:
            drop_database(self._stack.postgres_admin_url, template)

    def _make_template(self, service: str) -> str:
        from shared import migrations  # only tests that need a database need the services' tables

        name = f"takar_{self._run}_{service}"
        urls = provision_service(self._stack.postgres_admin_url, service, name, self._passwords(service))
        self._templates.append(name)
        migrations.upgrade(service, urls.owner)
        return name

    def _passwords(self, service: str) -> dict[str, str]:
        return passwords_from(self._stack.secret, service)


@contextmanager
def kafka_side(stack: Stack) -> Iterator[KafkaSide]:
    """Topics, users and ACLs for one test."""
    prefix = f"t{uuid.uuid4().hex[:8]}-"
    bootstrap, admin = stack.kafka_bootstrap, stack.kafka_admin
    services = provision_services(bootstrap, admin, prefix=prefix)
    try:
        yield KafkaSide(bootstrap, admin, services, prefix)
    finally:
        remove_prefixed(bootstrap, admin, prefix)
