"""The judge: promises, databases, topics and money, compared by code that shares nothing with the services' own."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from confluent_kafka import Consumer, TopicPartition

from deploy.local.databases import SERVICES
from deploy.local.stack import Stack
from services.payroll.rules import facts_from
from tests.fault.journal import Journal
from tests.payroll.slow_tpp import slow_net
from tests.support.population import MONTH, Region

LEFT_WITHIN_S = 10.0


@dataclass
class Verdict:
    """Figures by name, and what was found wrong."""

    figures: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)


class Oracle:
    """Looks at a stack that has come to rest, as an administrator."""

    def __init__(self, stack: Stack, regions: Iterable[Region], journal: Journal) -> None:
        self.stack, self.regions, self.journal = stack, list(regions), journal
        self.verdict = Verdict()

    async def judge(self, ledgers: dict[str, Path]) -> Verdict:
        await self._promises()
        await self._topics()
        await self._copies()
        await self._money()
        self._booked(ledgers)
        return self.verdict

    async def _rows(self, service: str, query: str, *given: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.stack.postgres_admin_url.rsplit("/", 1)[0] + f"/{service}")
        try:
            return await connection.fetch(query, *given)
        finally:
            await connection.close()

    async def count_outbox(self, service: str) -> int:
        return int((await self._rows(service, "SELECT count(*) FROM outbox"))[0][0])

    async def _promises(self) -> None:
        """R2: what a client was told is so; nothing it was told is missing."""
        rows = await self._rows("activity", "SELECT tenant_id, activity_id::text, state FROM activities")
        held = {(row[0], row[1]): row[2] for row in rows}
        lost = [key for key, promise in self.journal.promised.items() if held.get(key) != promise]
        self.verdict.figures |= {"promises kept": len(self.journal.promised), "promises lost": len(lost)}
        self.verdict.must(not lost, f"{len(lost)} promises are not kept, as {lost[:3]}")
        doubled = await self._rows(
            "activity", "SELECT count(*) - count(DISTINCT (tenant_id, employee_id, client_id)) FROM activities"
        )
        self.verdict.must(doubled[0][0] == 0, f"{doubled[0][0]} entries are stored twice")

    async def _topics(self) -> None:
        """R2-R4: each topic holds what its service's log says, first deliveries in order, nothing else that is good."""
        lost = invented = inverted = repeated = stated = 0
        for service in SERVICES:
            rows = await self._rows(service, "SELECT event_id::text, topic, key, payload FROM event_log ORDER BY id")
            log: dict[str, list[tuple[str, bytes]]] = {}
            for _, topic, key, payload in rows:
                log.setdefault(topic, []).append((key, payload))
            stated += len(rows)
            for topic, said in log.items():
                read = [one for one in self._read(topic) if one[1] and one[1].startswith(b'{"specversion":"1.0","id"')]
                known, found = {payload for _, payload in said}, [payload for _, payload in read]
                lost += len(known - set(found))
                invented += len(set(found) - known)
                repeated += len(found) - len(set(found))
                inverted += _inversions(said, read)
            left = await self.count_outbox(service)
            self.verdict.must(left == 0, f"{service}: {left} facts are still in the outbox")
        self.verdict.figures |= {
            "facts stated": stated,
            "facts lost": lost,
            "facts invented": invented,
            "first deliveries out of order": inverted,
            "delivered again": repeated,
        }
        for count, what in ((lost, "lost"), (invented, "invented"), (inverted, "delivered out of order")):
            self.verdict.must(count == 0, f"{count} facts were {what}")

    def _read(self, topic: str) -> list[tuple[str, bytes | None]]:
        """All of a topic as (key, value), each partition in its order, by another client library."""
        admin = self.stack.kafka_admin
        consumer = Consumer(
            {
                "bootstrap.servers": self.stack.kafka_bootstrap,
                "group.id": "oracle",
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.username": admin.user,
                "sasl.password": admin.password,
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
            }
        )
        read: list[tuple[str, bytes | None]] = []
        try:
            for part in sorted(consumer.list_topics(topic, timeout=10).topics[topic].partitions):
                low, high = consumer.get_watermark_offsets(TopicPartition(topic, part), timeout=10)
                consumer.assign([TopicPartition(topic, part, low)])
                while low < high:
                    batch = consumer.consume(min(10_000, high - low), timeout=LEFT_WITHIN_S)
                    if not batch:
                        break
                    read += [((one.key() or b"").decode(errors="replace"), one.value()) for one in batch]
                    low = batch[-1].offset() + 1
        finally:
            consumer.close()
        return read

    async def _copies(self) -> None:
        """R3: every reader holds what activity holds, each fact once, and nothing good in quarantine."""
        own = await self._rows(
            "activity",
            "SELECT tenant_id, activity_id, employee_id, minutes, leaf FROM activities WHERE state = 'approved'",
        )
        days = await self._rows("activity", "SELECT tenant_id, employee_id, work_date, leaf FROM attendance_days")
        for reader in ("appraisal", "payroll"):
            held = await self._rows(
                reader,
                "SELECT tenant_id, activity_id, employee_id, minutes, leaf FROM activity_records WHERE NOT withdrawn",
            )
            self._same(f"{reader}: approved activities", own, held)
            noted = await self._rows(reader, "SELECT tenant_id, employee_id, work_date, leaf FROM activity_days")
            self._same(f"{reader}: attendance days", days, noted)
            waiting = await self._rows(reader, "SELECT count(*) FROM inbox_waiting")
            self.verdict.must(waiting[0][0] == 0, f"{reader}: {waiting[0][0]} facts still wait")
            kept = await self._rows(reader, "SELECT reason, payload FROM quarantine")
            good = [row[0] for row in kept if row[1] and row[1].startswith(b'{"specversion":"1.0","id"')]
            self.verdict.must(not good, f"{reader}: {len(good)} good facts are in quarantine, as {good[:2]}")
            self.verdict.figures[f"rubbish kept by {reader}"] = len(kept)
        self.verdict.figures |= {"activities approved": len(own), "attendance days": len(days)}

    def _same(self, what: str, own: list[asyncpg.Record], held: list[asyncpg.Record]) -> None:
        ours, theirs = Counter(map(tuple, own)), Counter(map(tuple, held))
        self.verdict.must(
            ours == theirs, f"{what}: {sum((ours - theirs).values())} missing, {sum((theirs - ours).values())} too many"
        )

    async def _money(self) -> None:
        """R5: every statement computed again, slowly and independently, from what activity's own database holds."""
        checked = difference = 0
        for region in self.regions:
            rows = await self._rows(
                "payroll",
                "SELECT s.employee_id, s.gross, s.deductions, s.net, i.facts FROM statements s "
                "JOIN run_inputs i USING (tenant_id, run_id, employee_id) WHERE s.tenant_id = $1",
                region.tenant_id,
            )
            minutes = await self._minutes(region.tenant_id)
            self.verdict.must(
                len(rows) == region.size, f"{region.tenant_id}: {len(rows)} statements for {region.size} employees"
            )
            for employee_id, gross, _, net, facts in rows:
                given = facts_from(json.loads(facts))
                frozen = sum(one.minutes for one in given.activities)
                worked = minutes.get(employee_id, 0)
                self.verdict.must(
                    frozen == worked, f"{region.tenant_id}: {employee_id} was paid for {frozen} minutes, not {worked}"
                )
                again = slow_net(region.policy.removesuffix(".yaml"), given)
                difference += abs(again["net"] - net)
                checked += 1
                self.verdict.must(gross >= net >= 0, f"{region.tenant_id}: {employee_id} gross {gross}, net {net}")
            await self._run_totals(region)
        self.verdict.figures |= {"statements recomputed": checked, "rupiah of difference": difference}
        self.verdict.must(difference == 0, f"{difference} rupiah of difference")

    async def _minutes(self, tenant_id: str) -> dict[Any, int]:
        rows = await self._rows(
            "activity",
            "SELECT employee_id, sum(minutes)::bigint FROM activities "
            "WHERE tenant_id = $1 AND state = 'approved' AND to_char(work_date, 'YYYY-MM') = $2 GROUP BY 1",
            tenant_id,
            MONTH,
        )
        return {row[0]: row[1] for row in rows}

    async def _run_totals(self, region: Region) -> None:
        rows = await self._rows(
            "payroll",
            "SELECT r.count, r.net, count(s.*), sum(s.net)::bigint "
            "FROM runs r JOIN statements s USING (tenant_id, run_id) WHERE r.tenant_id = $1 "
            "GROUP BY r.run_id, r.count, r.net",
            region.tenant_id,
        )
        self.verdict.must(len(rows) == 1, f"{region.tenant_id}: {len(rows)} runs")
        for count, net, counted, summed in rows:
            self.verdict.must((count, net) == (counted, summed), f"{region.tenant_id}: the run's totals do not add up")
        feed = await self._rows(
            "payroll",
            "SELECT count(*), coalesce(max(feed_sequence), 0) FROM allowances WHERE tenant_id = $1",
            region.tenant_id,
        )
        self.verdict.must(feed[0][0] == feed[0][1], f"{region.tenant_id}: the feed has gaps: {tuple(feed[0])}")

    def _booked(self, ledgers: dict[str, Path]) -> None:
        """What the payroll office outside has booked is its own region's, every line once."""
        for region in self.regions:
            with sqlite3.connect(ledgers[region.tenant_id]) as books:
                count, lines = books.execute("SELECT count(*), count(DISTINCT employee_id) FROM lines").fetchone()
            self.verdict.must(
                count == lines == region.size, f"{region.tenant_id}: {count} lines booked for {region.size} employees"
            )


def _inversions(said: list[tuple[str, bytes]], read: list[tuple[str, bytes | None]]) -> int:
    """First deliveries that came before an earlier fact of their key."""
    place: dict[bytes, tuple[str, int]] = {}
    next_place: Counter[str] = Counter()
    for key, payload in said:
        if payload not in place:
            place[payload] = (key, next_place[key])
            next_place[key] += 1
    highest: Counter[str] = Counter()
    seen: set[bytes] = set()
    inverted = 0
    for _, payload in read:
        if payload is None or payload in seen or payload not in place:
            continue
        seen.add(payload)
        key, number = place[payload]
        inverted += number != highest[key]
        highest[key] = max(highest[key], number) + (number == highest[key])
    return inverted
