"""Fixtures of activity's tests: a small office, its plans, and a second region beside it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from deploy.local.databases import ServiceUrls
from tests.support.activity import Region, region_on
from tests.support.service import OTHER_TENANT


@pytest.fixture
async def region(activity_db: ServiceUrls) -> AsyncIterator[Region]:
    """Kabupaten Bangka Barat: a head, a supervisor and two of staff."""
    async with region_on(activity_db) as made:
        yield made


@pytest.fixture
async def other_region(activity_db: ServiceUrls) -> AsyncIterator[Region]:
    """Provinsi Papua Barat on the same database."""
    async with region_on(activity_db, OTHER_TENANT) as made:
        yield made


@pytest.fixture
async def results(region: Region) -> dict[UUID, str]:
    """Everybody's plan is approved; the id of each one's result by employee."""
    return await region.approved_plans()
