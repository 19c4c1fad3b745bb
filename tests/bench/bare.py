"""The baseline of durable capture: bare FastAPI and asyncpg, one insert, nothing asked."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel


class Entry(BaseModel):
    client_id: UUID
    work_date: str
    start: str
    end: str
    result_id: UUID
    text: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["BARE_DATABASE_URL"], min_size=8, max_size=8)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


@app.post("/entries", status_code=201)
async def capture(entry: Entry) -> dict[str, str]:
    activity_id = uuid4()
    await app.state.pool.execute(
        "INSERT INTO bare VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        "19.05",
        activity_id,
        entry.client_id,
        entry.work_date,
        entry.start,
        entry.end,
        entry.result_id,
        entry.text,
    )
    return {"activity_id": str(activity_id)}
