"""The verifier on logs: forked, shrunken, and wrong though the key's holder signed them."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import rfc8785

from deploy.verify.takar_verify import Refused, compare, judge, read_kept
from shared.checkpoint import Checkpoint, text_hash
from shared.checkpoint import Log as LogName
from shared.merkle import root
from tests.support.receipts import SIGNED_AT, Log, Signed, changed
from tests.support.service import OTHER_TENANT
from tests.support.verifying import KEYS, LOG, SIGNER, a_log, against, refused


def another_head(log: Log, run: Signed, *, previous: bytes | None = None, at: datetime = SIGNED_AT) -> str:
    """A head over all of a log, signed by the key, that says something else."""
    size, head = len(log.runs), root(log.leaves)
    return SIGNER.sign(Checkpoint(LogName.STATEMENTS, log.tenant_id, size, head, previous, "2026-10", run.run_id, at))


# --- forks and shrunken logs ---


def test_a_log_that_grew_is_accepted_against_the_one_kept() -> None:
    for kept in (1, 2, 3):
        assert against(LOG.receipt(2, 0, since=kept), LOG.head(kept))
        assert against(LOG.receipt(2, 0), LOG.runs[kept - 1].note.encode(), LOG.head(3, since=kept))
    assert against(LOG.receipt(0, 0), LOG.head(3), LOG.head(3, since=1))  # an old receipt against a newer head
    assert against(LOG.receipt(0, 0, size=3), LOG.head(3))


def test_growth_that_nobody_shows_is_refused_with_what_to_ask_for() -> None:
    with pytest.raises(Refused, match=r"/checkpoints/consistency\?first=1&second=3"):
        against(LOG.receipt(2, 0), LOG.head(1))
    with pytest.raises(Refused, match=r"/checkpoints/consistency\?first=1&second=3"):
        against(LOG.receipt(2, 0, since=2), LOG.head(1))


def test_a_log_shorter_than_the_one_kept_is_refused() -> None:
    with pytest.raises(Refused, match=r"shorter \(2\) than the one you kept \(3\)"):
        against(LOG.receipt(1, 0), LOG.head(3))
    with pytest.raises(Refused, match="shorter"):
        against(LOG.listed_until(2), LOG.head(3))


def test_two_heads_of_one_number_are_a_fork() -> None:
    other = a_log(1, 5, 3, name="in secret")
    assert LOG.runs[1].note == other.runs[1].note
    for receipt in (other.receipt(2, 0), other.receipt(0, 0, size=3), other.head()):
        assert judge(receipt, KEYS)  # in itself it is genuine
        with pytest.raises(Refused, match="FORKED"):
            against(receipt, LOG.head(3))


def test_a_fork_is_found_behind_later_checkpoints_too() -> None:
    other = a_log(1, 5, 3, name="in secret")
    other.pay(2)
    with pytest.raises(Refused, match="FORKED"):  # the next head names the one before it
        against(other.receipt(3, 0, since=3), LOG.head(3))
    other.pay(2)
    with pytest.raises(Refused, match="FORKED"):
        against(other.receipt(4, 0, since=3), LOG.head(3))
    lie = changed(other.head(5, since=3), since=json.loads(other.head(5, since=3))["since"])
    forged = changed(lie, since=json.loads(lie)["since"] | {"checkpoint": LOG.runs[2].note})
    assert "does not go on" in refused(forged).english


def test_a_head_that_names_another_before_it_is_a_fork_though_the_tree_is_the_same() -> None:
    """Signed by the key, over the right root, but hanging on a checkpoint that nobody was shown."""
    log = a_log(2, 2)
    run = log.runs[1]
    other = Checkpoint(
        LogName.STATEMENTS, log.tenant_id, 2, root(log.leaves), bytes(32), "2026-10", run.run_id, SIGNED_AT
    )
    run.note = SIGNER.sign(other)
    assert judge(log.head(2), KEYS)
    assert "FORKED" in refused(log.head(2, since=1)).english
    assert "FORKED" in refused(log.listed).english
    with pytest.raises(Refused, match="FORKED"):
        against(log.receipt(1, 0), log.head(1))


def test_two_heads_of_one_number_and_one_root_are_two_heads() -> None:
    log, other = a_log(2), a_log(2)
    run = other.runs[0]
    run.note = another_head(log, run, at=SIGNED_AT + timedelta(hours=12))
    since = {"checkpoint": log.runs[0].note, "path": []}
    assert "FORKED" in refused(changed(other.head(), since=since)).english
    with pytest.raises(Refused, match="FORKED"):
        against(other.receipt(0, 0), log.head())


def test_a_run_taken_out_of_the_log_is_found_by_whoever_kept_a_head() -> None:
    """The region signs a log from which its second run is gone, as long as the one it showed before."""
    shrunken = Log()
    for run in (LOG.runs[0], LOG.runs[2]):
        shrunken.pay(len(run.people))
    shrunken.pay(4)
    with pytest.raises(Refused, match="FORKED"):
        against(shrunken.receipt(2, 0), LOG.head(3))
    shrunken.pay(4)
    since = json.loads(shrunken.head(4, since=2))["since"]
    forged = changed(shrunken.head(4), since=since | {"checkpoint": LOG.runs[1].note})
    assert "does not go on" in refused(forged).english


# --- what the key's holder signs, and is wrong all the same ---


def signed_anew(log: Log, run: int, **parts: Any) -> Log:
    """The log with another head at a run, over the entries as they are by now unless told otherwise."""
    of = log.runs[run]
    entry = json.loads(of.entry)
    said = {
        "log": LogName.STATEMENTS,
        "tenant_id": log.tenant_id,
        "size": run + 1,
        "root": root(log.leaves[: run + 1]),
        "previous": text_hash(log.runs[run - 1].note) if run else None,
        "period": entry["period"],
        "entry": of.run_id,
        "at": SIGNED_AT,
    }
    of.note = SIGNER.sign(Checkpoint(**said | parts))
    return log


def with_entry(run: int, **parts: Any) -> Log:
    """A log of three runs, one of whose entries says something else; its own head is signed over that."""
    log = a_log(2, 3, 2)
    log.runs[run].entry = rfc8785.dumps(json.loads(log.runs[run].entry) | parts)
    return signed_anew(log, run)


@pytest.mark.parametrize("parts", [
    {"tenant_id": OTHER_TENANT}, {"format": "takar.run/2"}, {"leaves": 4}, {"leaves": True}, {"leaves": 0}, {"kind": 1},
    {"records": {}}, {"records": {"sha256": "00", "size": 1}}, {"records": {"sha256": "00" * 32, "size": 0}},
    {"root": "00" * 32}, {"root": "AA" * 32}, {"period": None}, {"net": "1"},
])  # fmt: skip
def test_an_entry_that_is_not_of_this_run_or_form_is_refused_though_it_is_signed(parts: dict[str, Any]) -> None:
    log = with_entry(2, **parts)
    refused(log.receipt(2, 0))
    if "leaves" not in parts and "root" not in parts:
        refused(log.listed)


@pytest.mark.parametrize("parts", [
    {"period": "2026-11"}, {"entry": UUID(int=7)}, {"size": 4}, {"root": bytes(32)}, {"tenant_id": OTHER_TENANT},
    {"size": 1, "previous": None},
])  # fmt: skip
def test_a_head_that_says_something_else_than_its_entry_is_refused_though_it_is_signed(parts: dict[str, Any]) -> None:
    log = signed_anew(a_log(2, 3, 2), 2, **parts)
    refused(log.receipt(2, 0))
    refused(log.listed)


def test_the_first_head_of_a_log_names_none_before_it_and_each_other_one_does() -> None:
    refused(signed_anew(a_log(2), 0, previous=bytes(32)).listed)
    refused(signed_anew(a_log(2, 2), 1, previous=None).listed)


def test_another_regions_entry_is_refused_under_a_later_head_too() -> None:
    log = signed_anew(with_entry(1, tenant_id=OTHER_TENANT), 2)
    refused(log.receipt(1, 0, size=3))


def test_a_run_stands_in_the_log_once() -> None:
    log = a_log(2)
    log.runs.append(Signed(**vars(log.runs[0])))
    assert "twice" in refused(signed_anew(log, 1).listed).english


# --- the whole log ---


def test_the_whole_log_is_accepted_and_compared() -> None:
    verdict = judge(LOG.listed, KEYS)
    assert [head.size for head in verdict.heads] == [1, 2, 3]
    for kept in (1, 2, 3):
        compare(read_kept(LOG.head(kept), KEYS).head, verdict.heads[kept - 1], verdict.growth)


def test_a_log_with_an_entry_or_a_head_out_of_place_is_refused() -> None:
    listed = json.loads(LOG.listed)["checkpoints"]
    other = json.loads(a_log(1, 5, 3, name="in secret").listed)["checkpoints"]
    for wrong in (
        listed[1:],
        listed[:1] + listed[2:],
        listed[::-1],
        [*listed, listed[-1]],
        [listed[0], other[1] | {"checkpoint": other[2]["checkpoint"]}, listed[2]],
        [*listed[:2], other[2] | {"entry": listed[2]["entry"]}],
        [*listed[:2], listed[2] | {"entry": listed[1]["entry"]}],
        [],
        [{}],
        {},
    ):
        refused(changed(LOG.listed, checkpoints=wrong))
