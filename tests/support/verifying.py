"""A log of statements, one of its receipts, and what the verifier says of documents."""

from typing import Any

import pytest

from deploy.verify.takar_verify import Refused, Verdict, compare, judge, read_kept
from shared.checkpoint import Signer
from tests.support.receipts import Log, key_of, trusted

SIGNER = Signer(key_of())
KEYS = trusted(SIGNER)


def a_log(*sizes: int, name: object = None) -> Log:
    """A log of runs of so many people each; `name`: of the last run, to make another of the same place."""
    log = Log()
    for size in sizes[:-1]:
        log.pay(size)
    log.pay(sizes[-1], name=name)
    return log


LOG = a_log(1, 5, 3)
RECEIPT = LOG.receipt(1, 2, size=3, since=1)


def refused(document: bytes, keys: Any = KEYS) -> Refused:
    with pytest.raises(Refused) as caught:
        judge(document, keys)
    return caught.value


def against(document: bytes, kept: bytes, *proofs: bytes) -> Verdict:
    """As main does it with --previous and --proof."""
    verdict = judge(document, KEYS)
    growth = [*verdict.growth, *(one for proof in proofs for one in judge(proof, KEYS).growth)]
    compare(read_kept(kept, KEYS).head, verdict.head, growth)
    return verdict
