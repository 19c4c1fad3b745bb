"""A policy that pays one amount without cuts, so that tests of tax and contributions see nothing else."""

from calendar import monthrange
from functools import cache
from typing import Any

import yaml

from services.payroll.rules import Facts, Policy, Statement, check, evaluate
from tests.payroll.people import facts, segment

ROUNDING = {"tpp": {"at": "total", "mode": "half_up"}, "tax": {"mode": "half_up"}, "contributions": {"mode": "half_up"}}
TER = {"mode": "ter", "article": "PMK 168/2023", "settlement": "pasal17"}
FINAL = {"mode": "final", "article": "PP 80/2010", "pppk": "default"}
NONE = {"mode": "none", "article": "bendahara"}
BPJS_4 = {"id": "bpjs-4", "payer": "employer", "scheme": "bpjs_kesehatan"}
BPJS_1 = {"id": "bpjs-1", "payer": "employee", "scheme": "bpjs_kesehatan"}
ZAKAT = {"id": "zakat", "payer": "employee", "rate": "2.5 %", "of": "tpp_after_tax", "consent": "zakat"}


def document(tax: dict[str, Any], *contributions: dict[str, Any], **said: Any) -> str:
    """A whole policy of class 7 whose base is one rupiah a point of nilai jabatan: any TPP can be asked for."""
    plain = {
        "format": "takar.policy/1",
        "region": "99",
        "name": "pajak",
        "effective_from": "2024-01-01",
        "legal_basis": {"title": "contoh", "source": "contoh"},
        "classes": [7],
        "criteria": [{"code": "BK", "name": "BK", "article": "a", "base": {"rupiah_per_point": 1}}],
        "parts": [{"code": "p", "name": "p", "article": "a", "weight": "100 %", "measure": {"kind": "full"}}],
        "proration": {"by": "workdays", "article": "a"},
        "rounding": ROUNDING,
        "tax": tax,
        "contributions": [{"name": one["id"], "article": "a"} | one for one in contributions],
    }
    return yaml.safe_dump(plain | said, sort_keys=False)


@cache
def _checked(text: str) -> Policy:
    checked = check(text)
    assert isinstance(checked, Policy), "\n".join(map(str, checked))
    return checked


def taxed(tax: dict[str, Any], *contributions: dict[str, Any], **said: Any) -> Policy:
    """The policy, ready."""
    return _checked(document(tax, *contributions, **said))


def earning(tpp: int, *, month: int = 10, employee: dict[str, Any] | None = None, **said: Any) -> Facts:
    """Somebody who earns this TPP in a month of 2026."""
    days = {"start": f"2026-{month:02d}-01", "end": f"2026-{month:02d}-{monthrange(2026, month)[1]}"}
    return facts(employee=employee, **days, segments=[segment(nilai_jabatan=tpp) | days], **said)


def paid(policy: Policy, tpp: int, **said: Any) -> Statement:
    """The statement of somebody who earns this TPP."""
    return evaluate(policy, earning(tpp, **said))
