"""What versions of plans say: read and written whole."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.plans import (
    Approach,
    Aspect,
    IndicatorDraft,
    PlanContent,
    ResultDraft,
    ResultKind,
)
from services.activity.tables.arrays import any_of
from services.activity.tables.plans import PlanIndicatorRow, PlanResultRow

Version = tuple[UUID, int]  # plan id, version


async def contents(
    session: AsyncSession, tenant_id: str, approaches: Mapping[Version, str]
) -> dict[Version, PlanContent]:
    """The contents of these versions, in the order they were written; given with their approach."""
    indicators: dict[tuple[Version, UUID], list[IndicatorDraft]] = {}
    for indicator in await _rows(session, tenant_id, PlanIndicatorRow, list(approaches)):
        key = ((indicator.plan_id, indicator.version), indicator.result_id)
        indicators.setdefault(key, []).append(_indicator(indicator))
    results: dict[Version, list[ResultDraft]] = {version: [] for version in approaches}
    for row in await _rows(session, tenant_id, PlanResultRow, list(approaches)):
        version = (row.plan_id, row.version)
        results[version].append(_result(row, indicators.get((version, row.result_id), [])))
    return {
        version: PlanContent(Approach(approach), tuple(results[version])) for version, approach in approaches.items()
    }


async def _rows(session: AsyncSession, tenant_id: str, table: Any, versions: Sequence[Version]) -> Sequence[Any]:
    if not versions:
        return []
    query = (
        select(table)
        .where(table.tenant_id == tenant_id, any_of(table.plan_id, {plan_id for plan_id, _ in versions}))
        .order_by(table.plan_id, table.version, table.place)
    )
    asked = set(versions)  # a plan has few versions: fewer rows are left out here than names would be sent
    return [row for row in await session.scalars(query) if (row.plan_id, row.version) in asked]


def _indicator(row: PlanIndicatorRow) -> IndicatorDraft:
    return IndicatorDraft(row.indicator_id, Aspect(row.aspect), row.text, row.unit, row.target, row.target_text)


def _result(row: PlanResultRow, indicators: Sequence[IndicatorDraft]) -> ResultDraft:
    return ResultDraft(
        result_id=row.result_id,
        kind=ResultKind(row.kind),
        text=row.text,
        indicators=tuple(indicators),
        superior_result_id=row.superior_result_id,
        weight=row.weight,
    )


_EMPTYING = [
    text(
        f"DELETE FROM {table} AS old USING unnest(CAST(:plans AS uuid[]), CAST(:versions AS bigint[])) "
        "AS given(plan_id, version) "
        "WHERE old.tenant_id = :tenant_id AND old.plan_id = given.plan_id AND old.version = given.version"
    )
    for table in ("plan_indicators", "plan_results")
]


async def write_contents(session: AsyncSession, tenant_id: str, written: Mapping[Version, PlanContent]) -> None:
    """Put these contents in the place of what the versions said before."""
    if not written:
        return
    given = {
        "tenant_id": tenant_id,
        "plans": [plan_id for plan_id, _ in written],
        "versions": [version for _, version in written],
    }
    for emptying in _EMPTYING:
        await session.execute(emptying, given)
    results = [
        {
            "tenant_id": tenant_id,
            "plan_id": plan_id,
            "version": version,
            "result_id": result.result_id,
            "place": place,
            "kind": result.kind,
            "text": result.text,
            "superior_result_id": result.superior_result_id,
            "weight": result.weight,
        }
        for (plan_id, version), content in written.items()
        for place, result in enumerate(content.results)
    ]
    if results:
        await session.execute(insert(PlanResultRow), results)
    indicators = [row for key, content in written.items() for row in _indicator_rows(tenant_id, key, content)]
    if indicators:
        await session.execute(insert(PlanIndicatorRow), indicators)


def _indicator_rows(tenant_id: str, key: Version, content: PlanContent) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": tenant_id,
            "plan_id": key[0],
            "version": key[1],
            "result_id": result.result_id,
            "indicator_id": indicator.indicator_id,
            "place": place,
            "aspect": indicator.aspect,
            "text": indicator.text,
            "target": indicator.target,
            "target_text": indicator.target_text,
            "unit": indicator.unit,
        }
        for result in content.results
        for place, indicator in enumerate(result.indicators)
    ]
