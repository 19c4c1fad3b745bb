"""A region on a fresh appraisal service."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.databases import ServiceUrls
from tests.support.appraisal import Region, region_on


@pytest.fixture
async def region(appraisal_db: ServiceUrls) -> AsyncIterator[Region]:
    """Kabupaten Bangka Barat: a head, a supervisor and two staff; their month is not heard yet."""
    async with region_on(appraisal_db) as made:
        yield made
