"""The chain of control totals of a region: from the closing of its activities to what its payroll system booked."""

import hashlib
from collections.abc import Sequence
from typing import Any

from deploy.demo import consumer, paying
from deploy.demo.console import equal, must, table
from deploy.demo.month import approved_minutes
from deploy.demo.region import PERIOD, Region
from deploy.local.services import Services
from shared.money import digits

_WORK = ("activities", "minutes", "attendance_days", "employees")
_MONEY = ("count", "gross", "deductions", "net", "hash_total")


async def show(services: Services, region: Region) -> list[dict[str, Any]]:
    """Prints both halves of the chain, every link checked; the feed's allowances."""
    await _show_work(region)
    return await _show_money(services, region)


async def _show_work(region: Region) -> None:
    closing = (await region.auditor.get(f"/activity/periods/{PERIOD}"))["closings"][-1]
    appraisal = await region.auditor.get(f"/appraisal/periods/{PERIOD}")
    payroll = await region.auditor.get(f"/payroll/periods/{PERIOD}")
    links = [
        ("activity closed on", closing),
        ("appraisal was told", appraisal["stated"]),
        ("appraisal holds", appraisal["held"]),
        ("payroll was told", payroll["activity"]["stated"]),
        ("payroll holds", payroll["activity"]["held"]),
    ]
    for name in _WORK:
        equal(f"{region.office.name}: {name} of {PERIOD}", *(link[name] for _, link in links))
    minutes = sum(approved_minutes(region, one.nip) for one in region.office.people)
    equal(f"{region.office.name}: minutes of the office's own book and of the closing", minutes, closing["minutes"])
    head = [name.replace("_", " ") for name in _WORK]
    table(("link", *head), [(text, *(link[name] for name in _WORK)) for text, link in links])
    ratings = appraisal["closings"][-1]
    held = payroll["appraisal"]
    equal(
        f"{region.office.name}: appraisals", ratings["appraisals"], *(held[w]["appraisals"] for w in ("stated", "held"))
    )
    rows = [("appraisal closed on", ratings), ("payroll was told", held["stated"]), ("payroll holds", held["held"])]
    words = [word for word, count in ratings["by_predikat"].items() if count]
    for word in words:
        equal(f"{region.office.name}: {word}", *(row["by_predikat"].get(word, 0) for _, row in rows))
    table(
        ("link", "appraisals", *(word.replace("_", " ") for word in words)),
        [(text, row["appraisals"], *(row["by_predikat"].get(word, 0) for word in words)) for text, row in rows],
    )


async def _show_money(services: Services, region: Region) -> list[dict[str, Any]]:
    run = await paying.run_of(region)
    allowances = await paying.feed(region)
    ledger = consumer.booked(services, region)
    receipt = run["acknowledgement"]
    feed = {name: sum(int(one[name]) for one in allowances) for name in ("gross", "deductions", "net")}
    accounts = [(one["bank"] or {}).get("number", "") for one in allowances]
    links: list[tuple[str, Sequence[Any]]] = [
        ("run", [int(run["totals"][name]) for name in _MONEY[:4]] + [run["totals"]["hash_total"]]),
        ("feed", [len(allowances), *feed.values(), _hash_total(accounts)]),
        ("their ledger", [ledger.count, ledger.gross, ledger.deductions, ledger.net, _hash_total(ledger.accounts)]),
    ]
    equal(f"{region.office.name}: totals of run, feed and ledger", *(figures for _, figures in links))
    must(receipt["agrees"], f"{region.office.name}: the acknowledgement differs: {receipt}")
    acknowledged = [receipt["count"], int(receipt["net"]), receipt["hash_total"]]
    equal(f"{region.office.name}: run and acknowledgement", acknowledged, [links[0][1][n] for n in (0, 3, 4)])
    digests = [_digest([one["statement_hash"] for one in allowances]), _digest(ledger.hashes)]
    equal(f"{region.office.name}: digest", run["totals"]["digest"], *digests, receipt["digest"])
    shown = [(text, one[0], *(digits(amount) for amount in one[1:4]), one[4]) for text, one in links]
    shown.append(("acknowledged", receipt["count"], "", "", digits(int(receipt["net"])), receipt["hash_total"]))
    table(("link", "people", "gross Rp", "deductions Rp", "net Rp", "hash total"), shown)
    return allowances


def _hash_total(accounts: Sequence[str]) -> str:
    """The sum of the account numbers, its last 16 digits."""
    return str(sum(int(account or "0") for account in accounts) % 10**16)


def _digest(hashes: Sequence[str]) -> str:
    return hashlib.sha256("".join(hashes).encode()).hexdigest()
