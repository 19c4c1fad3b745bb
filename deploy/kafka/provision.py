"""Topics, SCRAM users and least ACLs, made from topics.yaml; all of it may be repeated."""

# confluent_kafka.admin re-exports its names without saying so

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from deploy.kafka.admin import Admin
from deploy.kafka.credentials import Credentials
from deploy.kafka.quotas import set_quota

_READ = (AclOperation.READ, AclOperation.DESCRIBE)
_WRITE = (AclOperation.WRITE, AclOperation.DESCRIBE)


@cache
def plan() -> dict[str, Any]:
    """The contents of topics.yaml."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("topics.yaml").read_text())
    return loaded


def provision_services(bootstrap: str, admin: Credentials, *, prefix: str = "") -> dict[str, Credentials]:
    """The services' events topics, users and ACLs; a login per service.

    prefix: put before every topic and consumer group, so that tests side by side keep apart.
    Raises KafkaUnavailable, in one line.
    """
    services: Sequence[str] = plan()["services"]
    users = {service: admin.derive(service) for service in services}
    kafka = Admin(bootstrap, admin)
    kafka.make_topics(_topic(prefix + _events(service), plan()["events"]) for service in services)
    kafka.make_users(users.values())
    kafka.allow(acl for service in services for acl in _service_acls(service, services, prefix))
    kafka.wait_until_in_force(users[services[-1]], [prefix + _events(service) for service in services])
    return users


def provision_tenant(
    bootstrap: str, admin: Credentials, tenant_id: str, *, prefix: str = "", quota: bool = True
) -> Credentials:
    """A regency's two topics, and the login of its payroll system, which may use exactly those.

    quota: False saves the second or two of a Java start that setting it costs.
    """
    tenant = plan()["tenant"]
    name = {key: tenant[key].format(tenant=tenant_id) for key in ("allowance", "acknowledgement", "principal")}
    user = admin.derive(name["principal"])
    kafka = Admin(bootstrap, admin)
    topics = [prefix + name[key] for key in ("allowance", "acknowledgement")]
    kafka.make_topics(_topic(topic, tenant) for topic in topics)
    kafka.make_users([user])
    kafka.allow(_tenant_acls(tenant_id, prefix))
    kafka.wait_until_in_force(user, topics)
    if quota:
        set_quota(bootstrap, admin, user.user, tenant["quota"])
    return user


def remove_prefixed(bootstrap: str, admin: Credentials, prefix: str) -> None:
    """Remove the topics and ACLs of one prefix (tests)."""
    kafka = Admin(bootstrap, admin)
    kafka.drop_topics(name for name in kafka.topics() if name.startswith(prefix))
    kafka.disallow(kafka.rights(prefix))


def _events(service: str) -> str:
    return f"{service}.events"


def _topic(name: str, kind: dict[str, Any]) -> NewTopic:
    return NewTopic(name, num_partitions=kind["partitions"], replication_factor=-1, config=kind["config"])


def _service_acls(service: str, services: Sequence[str], prefix: str) -> Iterator[AclBinding]:
    """Write one's own events, read the others', and use groups that begin with one's name."""
    yield from _may(service, ResourceType.GROUP, prefix + service, _READ, ResourcePatternType.PREFIXED)
    yield from _may(service, ResourceType.TOPIC, prefix + _events(service), _WRITE)
    for other in services:
        if other != service:
            yield from _may(service, ResourceType.TOPIC, prefix + _events(other), _READ)


def _tenant_acls(tenant_id: str, prefix: str) -> Iterator[AclBinding]:
    """What the regency's payroll system and our stating service may do on its two topics, and nobody else."""
    tenant, ours = plan()["tenant"], plan()["stated_by"]
    allowance = prefix + tenant["allowance"].format(tenant=tenant_id)
    acknowledgement = prefix + tenant["acknowledgement"].format(tenant=tenant_id)
    outside = tenant["principal"].format(tenant=tenant_id)
    group = prefix + tenant["group_prefix"].format(tenant=tenant_id)
    yield from _may(outside, ResourceType.GROUP, group, _READ, ResourcePatternType.PREFIXED)
    yield from _may(ours, ResourceType.TOPIC, allowance, _WRITE)
    yield from _may(ours, ResourceType.TOPIC, acknowledgement, _READ)
    yield from _may(outside, ResourceType.TOPIC, allowance, _READ)
    yield from _may(outside, ResourceType.TOPIC, acknowledgement, _WRITE)


def _may(
    who: str,
    kind: ResourceType,
    name: str,
    operations: Sequence[AclOperation],
    pattern: ResourcePatternType = ResourcePatternType.LITERAL,
) -> Iterator[AclBinding]:
    for operation in operations:
        yield AclBinding(kind, name, pattern, f"User:{who}", "*", operation, AclPermissionType.ALLOW)
