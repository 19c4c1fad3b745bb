"""identity's API with one region."""

from collections.abc import AsyncIterator

import pytest_asyncio

from deploy.local.databases import ServiceUrls
from tests.support.identity import Client, identity


@pytest_asyncio.fixture(loop_scope="session")
async def client(identity_db: ServiceUrls) -> AsyncIterator[Client]:
    async with identity(identity_db) as made:
        yield made
