"""What a month's runs contributed for each person: bases and shares of BPJS, JKK, JKM, pension, Tapera, zakat."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.rules.settlement.months import whole_base


@dataclass(frozen=True, slots=True)
class Share:
    """One contribution of a person in a month: whole rupiah. shown: calculated and printed, no money moved."""

    scheme: str | None
    column: str | None
    payer: str
    rule: str
    name: str
    base: int
    used_on_salary: int
    percent: str
    amount: int
    shown: bool


@dataclass(frozen=True, slots=True)
class ContributionRecap:
    """A person's contributions over a month's approved runs."""

    employee_id: UUID
    nip: str
    name: str
    unit: str
    shares: tuple[Share, ...]


_BODIES = text(
    f"""
    SELECT s.employee_id, s.body, i.payee FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id AND r.state IN {FINAL_STATES}
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.period = :period
    ORDER BY s.employee_id, r.created_at
    """
)


async def bpjs_recap(session: AsyncSession, tenant_id: str, period: str) -> list[ContributionRecap]:
    """Bases and shares of every scheme in a month, by employee id; a share of each run on its own."""
    shares: dict[UUID, list[Share]] = defaultdict(list)
    payees: dict[UUID, Mapping[str, Any]] = {}
    stream = await session.stream(_BODIES, {"tenant_id": tenant_id, "period": period})
    async for employee_id, body, payee in stream:
        payees[employee_id] = payee
        shares[employee_id] += _shares(json.loads(body)["lines"])
    return [
        ContributionRecap(
            employee_id,
            payees[employee_id]["nip"],
            payees[employee_id]["name"],
            payees[employee_id]["unit"],
            tuple(own),
        )
        for employee_id, own in sorted(shares.items())
    ]


def _shares(lines: Sequence[Mapping[str, Any]]) -> list[Share]:
    """The employer's stands twice, added and taken: it is counted where it is taken."""
    found = []
    for line in lines:
        given = line["inputs"]
        amount = int(given.get("shown", -int(line["amount"])))
        if line["kind"] != "contribution" or amount < 0:
            continue
        found.append(
            Share(
                scheme=given.get("scheme"),
                column=given.get("column"),
                payer=given["payer"],
                rule=line["rule"],
                name=line["name"],
                base=whole_base(given),
                used_on_salary=int(given.get("used_on_salary", 0)),
                percent=given.get("percent", ""),
                amount=amount,
                shown="shown" in given,
            )
        )
    return found
