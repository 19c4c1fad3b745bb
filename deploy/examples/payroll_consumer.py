"""What a region's payroll office runs beside Takar: books final allowances once, checks each run, acknowledges it.

An example to copy: it needs Python, aiokafka and nothing of Takar's. Its books are one SQLite file, in which a line
and the place it was read from are written together, so it may be stopped anywhere and started again.

    python payroll_consumer.py --tenant 19.05 --bootstrap host:9092 --user ext-19.05 --ledger allowances.sqlite
    python payroll_consumer.py --tenant 19.05 --feed https://takar.example/payroll --ledger allowances.sqlite

The password is read from PAYROLL_PASSWORD, the feed's access token from PAYROLL_TOKEN. With --feed the lines come
over HTTP by cursor; they are acknowledged over Kafka where --bootstrap is given as well, else printed only.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import sqlite3
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition

LINE = "allowance.finalized.v1"
RUN = "allowance.run-finalized.v1"
ACKNOWLEDGED = "allowance.acknowledged.v1"
NAMESPACE = uuid.UUID("6f1c0a52-6a0e-5e0b-9c58-7461b6172a01")  # of event ids: docs/events.md
CONTENT_TYPE = ("content-type", b"application/cloudevents+json")
BOOKED_BY = "payroll_consumer 1"

TABLES = """
CREATE TABLE IF NOT EXISTS lines (
    run_id TEXT NOT NULL, employee_id TEXT NOT NULL, feed_sequence INTEGER NOT NULL UNIQUE, nip TEXT NOT NULL,
    name TEXT NOT NULL, account TEXT, gross INTEGER NOT NULL, deductions INTEGER NOT NULL, net INTEGER NOT NULL,
    statement_hash TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (run_id, employee_id));
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT PRIMARY KEY, period TEXT NOT NULL, kind TEXT NOT NULL, first_sequence INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL, count INTEGER NOT NULL, net INTEGER NOT NULL, hash_total TEXT NOT NULL,
    digest TEXT NOT NULL, acknowledged TEXT, version INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS places (topic TEXT, partition INTEGER, next INTEGER, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS refused (topic TEXT, partition INTEGER, offset INTEGER, reason TEXT, value BLOB,
    PRIMARY KEY (topic, partition, offset));
"""


@dataclass(frozen=True)
class Figures:
    """What a run comes to, as we have booked it or as Takar says it."""

    count: int
    net: int
    hash_total: str
    digest: str


class Ledger:
    """Our books."""

    def __init__(self, path: Path, tenant: str) -> None:
        self.tenant = tenant
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(TABLES)

    def book(self, facts: Sequence[tuple[str, dict[str, Any]]], places: Sequence[tuple[str, int, int]] = ()) -> None:
        """Lines and runs by type, and where to read on, in one transaction; what is there already stays as it is."""
        with self._transaction():
            for kind, data in facts:
                if kind == LINE:
                    self._book_line(data)
                elif kind == RUN:
                    self._note_run(data)
            self._db.executemany("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", places)

    def refuse(self, topic: str, partition: int, offset: int, reason: str, value: bytes | None) -> None:
        """Keep a record that cannot be used, with its reason, for a person to look at."""
        self._db.execute(
            "INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?)", (topic, partition, offset, reason, value)
        )

    def place(self, topic: str, partition: int) -> int | None:
        """The next offset to read of a partition; None when nothing of it was booked."""
        row = self._db.execute(
            "SELECT next FROM places WHERE topic = ? AND partition = ?", (topic, partition)
        ).fetchone()
        return int(row[0]) if row else None

    def last_sequence(self) -> int:
        """The feed's cursor: all lines up to it are booked."""
        return int(self._db.execute("SELECT coalesce(max(feed_sequence), 0) FROM lines").fetchone()[0])

    def due(self) -> list[tuple[str, str, Figures, Figures]]:
        """(run, period, ours, theirs) of the runs whose lines are all here and whose figures were not yet sent."""
        found = []
        for row in self._db.execute("SELECT run_id, period, count, net, hash_total, digest, acknowledged FROM runs"):
            theirs, ours = Figures(*row[2:6]), self.figures(row[0])
            if ours.count >= theirs.count and row[6] != json.dumps(asdict(ours)):
                found.append((row[0], row[1], ours, theirs))
        return found

    def figures(self, run_id: str) -> Figures:
        """Count, sum, hash total and digest of what is booked of a run."""
        rows = self._db.execute(
            "SELECT net, account, statement_hash FROM lines WHERE run_id = ? ORDER BY feed_sequence", (run_id,)
        ).fetchall()
        accounts = sum(int(re.sub(r"[^0-9]", "", account or "") or "0") for _, account, _ in rows)
        digest = hashlib.sha256("".join(statement for _, _, statement in rows).encode()).hexdigest()
        return Figures(len(rows), sum(net for net, _, _ in rows), str(accounts % 10**16), digest)

    def next_version(self, run_id: str) -> int:
        """Acknowledgements of a run count from 1; a repeated one keeps its number until it is noted as sent."""
        return int(self._db.execute("SELECT version FROM runs WHERE run_id = ?", (run_id,)).fetchone()[0]) + 1

    def sent(self, run_id: str, version: int, ours: Figures) -> None:
        """Kafka has our acknowledgement."""
        values = (json.dumps(asdict(ours)), version, run_id)
        self._db.execute("UPDATE runs SET acknowledged = ?, version = ? WHERE run_id = ?", values)

    def waiting(self) -> list[str]:
        """What is not acknowledged yet, in words."""
        rows = self._db.execute("SELECT run_id, period, count FROM runs WHERE acknowledged IS NULL").fetchall()
        held = [(run_id, period, count, self.figures(run_id).count) for run_id, period, count in rows]
        return [f"run {run_id} of {period}: {own} of {count} lines" for run_id, period, count, own in held]

    def any_run(self) -> bool:
        return self._db.execute("SELECT 1 FROM runs").fetchone() is not None

    def _transaction(self) -> "sqlite3.Connection":
        self._db.execute("BEGIN IMMEDIATE")
        return self._db  # as a context manager it commits, or rolls back what failed

    def _book_line(self, data: dict[str, Any]) -> None:
        gross, deductions, net = int(data["gross"]), int(data["deductions"]), int(data["net"])
        account = (data.get("bank") or {}).get("number")
        values = (data["run_id"], data["employee_id"], data["feed_sequence"], data["nip"], data["name"], account)
        more = (gross, deductions, net, data["statement_hash"], json.dumps(data, sort_keys=True))
        self._db.execute(f"INSERT OR IGNORE INTO lines VALUES ({','.join('?' * 11)})", (*values, *more))

    def _note_run(self, data: dict[str, Any]) -> None:
        totals = data["totals"]
        span = (data["first_sequence"], data["last_sequence"])
        said = (totals["count"], int(totals["net"]), totals["hash_total"], data["digest"])
        self._db.execute(
            "INSERT OR IGNORE INTO runs (run_id, period, kind, first_sequence, last_sequence, count, net, hash_total,"
            " digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (data["run_id"], data["period"], data["kind"], *span, *said),
        )


def read(tenant: str, value: bytes | None) -> tuple[str, dict[str, Any]]:
    """Type and data of a CloudEvent of our region. Raises ValueError, saying what is wrong with it."""
    envelope = json.loads(value or b"null")
    if not isinstance(envelope, dict) or envelope.get("specversion") != "1.0":
        raise ValueError("not a CloudEvent 1.0 in JSON")
    if envelope.get("tenantid") != tenant:
        raise ValueError(f"of region {envelope.get('tenantid')!r}, not of {tenant}")
    if not isinstance(envelope.get("data"), dict):
        raise ValueError("without data")
    return str(envelope.get("type")), checked(str(envelope.get("type")), envelope["data"])


def checked(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data, if what we are to pay adds up. Raises ValueError."""
    if kind == LINE:
        net = int(data["net"])
        if (
            int(data["gross"]) - int(data["deductions"]) != net
            or sum(int(one["amount"]) for one in data["lines"]) != net
        ):
            raise ValueError(f"allowance {data['feed_sequence']} does not add up to its net amount")
    return data


def acknowledgement(tenant: str, run_id: str, period: str, version: int, ours: Figures) -> bytes:
    """The CloudEvent that says what we booked; made again for the same version, it has the same id."""
    said = {"run_id": run_id, "period": period, **asdict(ours), "net": str(ours.net), "booked_by": BOOKED_BY}
    envelope = {
        "specversion": "1.0",
        "id": str(uuid.uuid5(NAMESPACE, f"{ACKNOWLEDGED}|{tenant}|{run_id}|{version}")),
        "source": "/takar/allowance",
        "type": ACKNOWLEDGED,
        "time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "tenantid": tenant,
        "subject": run_id,
        "sequence": str(version),
        "datacontenttype": "application/json",
        "data": said,
    }
    return json.dumps(envelope, separators=(",", ":")).encode()


class Office:
    """Reads, books, checks and acknowledges."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.ledger = Ledger(given.ledger, given.tenant)
        self._login: dict[str, Any] = {
            "bootstrap_servers": given.bootstrap,
            "security_protocol": given.protocol,
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": given.user or f"ext-{given.tenant}",
            "sasl_plain_password": os.environ.get("PAYROLL_PASSWORD", ""),
        }

    async def run(self) -> int:
        """Until stopped; with --once, until the runs seen are acknowledged. 1: some are not, within the time given."""
        producer = (
            AIOKafkaProducer(**self._login, enable_idempotence=True, acks="all") if self.given.bootstrap else None
        )
        if producer:
            await producer.start()
        try:
            return await (self._from_feed(producer) if self.given.feed else self._from_topic(producer))
        finally:
            if producer:
                await producer.stop()

    async def _from_topic(self, producer: AIOKafkaProducer | None) -> int:
        consumer = AIOKafkaConsumer(
            **self._login,
            group_id=f"{self.given.prefix}ext-{self.given.tenant}-payroll",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        consumer.subscribe(
            [f"{self.given.prefix}allowance.v1.{self.given.tenant}"], listener=_Resume(consumer, self.ledger)
        )
        await consumer.start()
        try:
            deadline = time.monotonic() + self.given.within
            while True:
                batch = await consumer.getmany(timeout_ms=500, max_records=500)
                self._book(batch)
                if batch:
                    await consumer.commit()  # for those who watch our lag; where we read on is in the ledger
                await self._acknowledge(producer)
                if self.given.once and (code := self._finished(deadline)) is not None:
                    return code
        finally:
            await consumer.stop()

    def _book(self, batch: dict[TopicPartition, list[Any]]) -> None:
        for partition, records in batch.items():
            facts = []
            for record in records:
                try:
                    facts.append(read(self.given.tenant, record.value))
                except (ValueError, KeyError, TypeError) as error:
                    self.ledger.refuse(record.topic, record.partition, record.offset, repr(error), record.value)
            place = (partition.topic, partition.partition, records[-1].offset + 1)
            self.ledger.book(facts, [place])

    async def _from_feed(self, producer: AIOKafkaProducer | None) -> int:
        deadline = time.monotonic() + self.given.within
        while True:
            page = await asyncio.to_thread(self._page, self.ledger.last_sequence())
            lines = [(LINE, checked(LINE, one["data"])) for one in page["allowances"]]
            runs = [(RUN, run | {"totals": run}) for run in page["runs"]]
            self.ledger.book([*lines, *runs])
            await self._acknowledge(producer)
            if not lines:
                if self.given.once and (code := self._finished(deadline)) is not None:
                    return code
                await asyncio.sleep(1)

    def _page(self, after: int) -> Any:
        url = f"{self.given.feed.rstrip('/')}/allowances?after={after}&limit=500"
        token = os.environ.get("PAYROLL_TOKEN", "")
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - the operator's
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    async def _acknowledge(self, producer: AIOKafkaProducer | None) -> None:
        for run_id, period, ours, theirs in self.ledger.due():
            verdict = "equal" if ours == theirs else f"DIFFERS from {theirs}"
            print(f"run {run_id} of {period}: {ours}: {verdict}", flush=True)
            version = self.ledger.next_version(run_id)
            if producer:
                await producer.send_and_wait(
                    f"{self.given.prefix}allowance-ack.v1.{self.given.tenant}",
                    acknowledgement(self.given.tenant, run_id, period, version, ours),
                    key=f"{self.given.tenant}:{run_id}".encode(),
                    headers=[CONTENT_TYPE],
                )
            self.ledger.sent(run_id, version if producer else 0, ours)

    def _finished(self, deadline: float) -> int | None:
        if self.ledger.any_run() and not self.ledger.waiting():
            return 0
        if time.monotonic() < deadline:
            return None
        for left in self.ledger.waiting() or ["no run was seen"]:
            print(f"not acknowledged in time: {left}", file=sys.stderr)
        return 1


class _Resume(ConsumerRebalanceListener):
    """Reads on where the ledger ends, wherever the group's own offsets stand."""

    def __init__(self, consumer: AIOKafkaConsumer, ledger: Ledger) -> None:
        self._consumer, self._ledger = consumer, ledger

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Nothing is in hand between two batches."""

    async def on_partitions_assigned(self, assigned: Any) -> None:
        for partition in assigned:
            place = self._ledger.place(partition.topic, partition.partition)
            if place is None:
                await self._consumer.seek_to_beginning(partition)
            else:
                self._consumer.seek(partition, place)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Books a region's final allowances and acknowledges its runs.")
    parser.add_argument("--tenant", required=True, help="the region's code, as 19.05")
    parser.add_argument("--ledger", required=True, type=Path, help="our books: an SQLite file")
    parser.add_argument("--bootstrap", help="Kafka, as host:port; the password is in PAYROLL_PASSWORD")
    parser.add_argument("--user", help="SCRAM user; without it ext-<tenant>")
    parser.add_argument("--protocol", default="SASL_PLAINTEXT", choices=["SASL_PLAINTEXT", "SASL_SSL"])
    parser.add_argument("--prefix", default="", help="before topic and group names, on a shared test broker")
    parser.add_argument("--feed", help="read over HTTP instead: where payroll's API is; token in PAYROLL_TOKEN")
    parser.add_argument("--once", action="store_true", help="end when the runs seen are acknowledged")
    parser.add_argument("--within", type=float, default=60, help="seconds --once waits at most")
    given = parser.parse_args(arguments)
    if not given.bootstrap and not given.feed:
        parser.error("say where to read: --bootstrap, or --feed")
    return given


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(Office(options()).run()))
    except urllib.error.URLError as error:
        sys.exit(f"the feed does not answer: {error}")
    except KeyboardInterrupt:
        sys.exit(0)
