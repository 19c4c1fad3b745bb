"""A final allowance as the region's payroll system reads it: the same from the topic and from the HTTP feed."""

import json
from typing import Any

from sqlalchemy import RowMapping

from services.payroll.rules import Line
from shared.events.allowance import AllowanceFinalized, AllowanceLine
from shared.events.identity import BankAccount
from shared.words import RunKind

FINAL = """
    SELECT a.tenant_id, a.feed_sequence, a.run_id, a.employee_id, a.finalized_at, r.period, r.kind, r.policy_hash,
           s.gross, s.deductions, s.net, s.inputs_hash, s.statement_hash, s.body, i.payee
    FROM allowances a
    JOIN runs r ON r.tenant_id = a.tenant_id AND r.run_id = a.run_id
    JOIN statements s ON s.tenant_id = a.tenant_id AND s.run_id = a.run_id AND s.employee_id = a.employee_id
    JOIN run_inputs i ON i.tenant_id = a.tenant_id AND i.run_id = a.run_id AND i.employee_id = a.employee_id
"""
"""The rows `finalized` takes; a condition on the allowances `a` follows."""


def finalized(row: RowMapping) -> AllowanceFinalized:
    """The fact on the feed; its lines add up to the net amount."""
    payee: dict[str, Any] = row["payee"]
    lines: list[Line] = json.loads(row["body"])["lines"]
    return AllowanceFinalized(
        tenant_id=row["tenant_id"],
        occurred_at=row["finalized_at"],
        run_id=row["run_id"],
        period=row["period"],
        kind=RunKind(row["kind"]),
        feed_sequence=row["feed_sequence"],
        employee_id=row["employee_id"],
        nip=payee["nip"],
        name=payee["name"],
        unit=payee["unit"],
        bank=BankAccount(**payee["bank"]) if payee["bank"] else None,
        gross=row["gross"],
        deductions=row["deductions"],
        net=row["net"],
        lines=paid_lines(lines),
        policy_hash=row["policy_hash"],
        inputs_hash=row["inputs_hash"],
        statement_hash=row["statement_hash"],
    )


def paid_lines(lines: list[Line]) -> tuple[AllowanceLine, ...]:
    """A statement's lines without the base amounts, which are what parts are taken of and not paid themselves."""
    return tuple(
        AllowanceLine(code=line["rule"], text=line["name"], amount=int(line["amount"]))
        for line in lines
        if line["kind"] != "base"
    )
