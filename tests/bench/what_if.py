"""What-if of a draft over the month that was just paid: the first time, and again from the facts that are kept."""

import time
from statistics import median

from shared.auth.policy import Role
from tests.bench.watching import Figure
from tests.support.population import Hand

PERIOD = "2026-10"
AGAIN = 5


async def what_if(hand: Hand) -> Figure:
    """Over HTTP, report stored: a draft is asked once, then others over the same month."""
    in_force = await hand.ask(None, "GET", "/payroll/policies/in-force", Role.AUDITOR, params={"on": f"{PERIOD}-01"})
    document = in_force["document"].replace("cut: 2.5 %", "cut: 2 %")
    first = await _asked(hand, document)
    again = [await _asked(hand, document.replace("cut: 3 %", f"cut: 2.{n} %")) for n in range(1, AGAIN + 1)]
    return Figure(
        f"what-if of a draft over the month's {hand.region.size} people",
        median(again),
        "s",
        goal="<= 1 s for 10,000 people",
        more={"the first time s": first, "worst again s": max(again), "people/s": hand.region.size / median(again)},
    )


async def _asked(hand: Hand, document: str) -> float:
    began = time.perf_counter()
    told = await hand.ask(
        None, "POST", "/payroll/what-ifs", Role.BENDAHARA, json={"period": PERIOD, "document": document}
    )
    if told["total"]["people"] + told["blocked_count"] != hand.region.size:
        raise RuntimeError(f"the what-if was of {told['total']['people']} people, not {hand.region.size}")
    return time.perf_counter() - began
