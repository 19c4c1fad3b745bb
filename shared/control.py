"""Control totals that go with money from the run to the bank: count, sum, hash total."""

import re
from collections.abc import Iterable

_MODULUS = 10**16
_OTHERS = re.compile(r"[^0-9]")


def hash_total(accounts: Iterable[str | None]) -> str:
    """The sum of the payees' account numbers, its last 16 digits.

    It catches a swapped payee that count and sum miss.

    An account's digits are read as one number, its other characters are passed over; a payee without one adds 0.
    """
    return str(sum(int(_OTHERS.sub("", account or "") or "0") for account in accounts) % _MODULUS)
