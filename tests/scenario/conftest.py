"""Two small regions on one deployment, for all scenarios: each plays a month of its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest
import pytest_asyncio

from deploy.demo.adopting import adopted
from deploy.demo.office.__main__ import FILES
from deploy.local.databases import SERVICES, ServiceUrls
from deploy.local.stack import Stack
from tests.support.deployment import Deployment, deployed
from tests.support.regency import Regency, small_office
from tests.support.stack import Databases, KafkaSide, kafka_side


@pytest.fixture(scope="session")
def servers(stack: Stack, databases: Databases) -> Iterator[tuple[KafkaSide, dict[str, ServiceUrls]]]:
    """Topics, and a migrated database for each service."""
    with ExitStack() as held:
        urls = {service: held.enter_context(databases.fresh(service)) for service in SERVICES}
        yield held.enter_context(kafka_side(stack)), urls


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def deployment(stack: Stack, servers: tuple[KafkaSide, dict[str, ServiceUrls]]) -> AsyncIterator[Deployment]:
    """All four services."""
    async with deployed(stack, *servers) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bangka_barat(deployment: Deployment) -> Regency:
    """Kabupaten Bangka Barat, WIB, paid by days reported, attendance and predikat, cut by tiers."""
    office = small_office("19.05", "Kabupaten Bangka Barat", "kabupaten", "Asia/Jakarta", staff=3)
    regency = Regency(deployment, office, adopted(FILES / "19.05").document)
    await regency.begins()
    return regency


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def papua_barat(deployment: Deployment) -> Regency:
    """Provinsi Papua Barat, WIT, paid 60/40 by predikat and discipline."""
    office = small_office("92", "Provinsi Papua Barat", "provinsi", "Asia/Jayapura", staff=2)
    regency = Regency(deployment, office, adopted(FILES / "92").document)
    await regency.begins()
    return regency
