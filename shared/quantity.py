"""A counted amount of work: a decimal of bounded size, a string in JSON, never a float."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

_FORM = re.compile(r"^\d{1,10}(\.\d{1,4})?$", re.ASCII)


def _exact(value: object) -> Decimal:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _FORM.match(value):
        raise ValueError("give a number such as 12 or 2.5, as text, with at most four decimals")
    return Decimal(value)


Quantity = Annotated[Decimal, BeforeValidator(_exact)]
