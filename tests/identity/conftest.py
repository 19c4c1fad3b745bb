"""identity's API; each test has a region of its own in one database, which row-level security keeps apart."""

from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest
import pytest_asyncio

from deploy.local.databases import ServiceUrls
from tests.support.identity import Client, identity
from tests.support.stack import Databases

_NUMBERS = count()


@pytest.fixture(scope="session")
def urls(databases: Databases) -> Iterator[ServiceUrls]:
    """One database for all of these tests: making one takes longer than most of them."""
    with databases.fresh("identity") as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def client(urls: ServiceUrls) -> AsyncIterator[Client]:
    """The API with a new region, asked from an address of its own."""
    number = next(_NUMBERS)
    region, address = f"{11 + number // 90}.{10 + number % 90}", f"198.51.{number // 200}.{number % 200 + 1}"
    async with identity(urls, tenant_id=region, address=address) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def other(urls: ServiceUrls) -> AsyncIterator[Client]:
    """A second region."""
    number = next(_NUMBERS)
    async with identity(urls, tenant_id=f"{11 + number // 90}.{10 + number % 90}") as made:
        yield made
