"""Payroll on a fresh database: its API and its worker's sessions."""

from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.local.databases import ServiceUrls
from services.payroll.api import create_app
from shared.db import Sessions
from tests.support.service import client_for, sessions_on


@pytest.fixture
async def client(payroll_db: ServiceUrls) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(create_app, payroll_db) as client:
        yield client


@pytest.fixture
async def worker(payroll_db: ServiceUrls) -> AsyncIterator[Sessions]:
    async with sessions_on(payroll_db.worker) as sessions:
        yield sessions
