"""The verifier on activities and attendance days: what a month was closed on, and nothing else whatsoever."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rfc8785

from deploy.verify.takar_verify import Refused, compare, judge, main, read_kept
from services.payroll.inputs.leaves import statement_leaf
from services.payroll.rules.receipts import entry_of
from shared.checkpoint import Checkpoint, Signer, text_hash
from shared.checkpoint import Log as LogName
from shared.merkle import root
from shared.signed_log.documents import entry_leaf
from tests.support.receipts import SIGNED_AT, Log, changed, key_of, keys_of, run_verifier, trusted
from tests.support.record_receipts import RecordLog
from tests.support.service import OTHER_TENANT, TENANT
from tests.support.verifying import KEYS, SIGNER, refused


def a_log(*people: int, other: bool = False) -> RecordLog:
    """A log of closings of so many people each; `other`: the last one is another."""
    log = RecordLog()
    for number, count in enumerate(people, start=1):
        log.close(count, other=other and number == len(people))
    return log


LOG = a_log(1, 5, 3)
ACTIVITY, DAY = LOG.receipt(1, 2, 1, size=3, since=1), LOG.receipt(1, 3, 5)
PARTS = {"record", "salt", "leaf_index", "leaf_path", "employee", "employee_index", "employee_path"}


@pytest.mark.parametrize(("people", "activities", "days"), [(1, 1, 0), (1, 0, 1), (2, 1, 1), (5, 4, 3), (9, 7, 0)])
def test_every_record_of_a_closing_of_any_size_is_accepted(people: int, activities: int, days: int) -> None:
    log = a_log(2)
    month = log.close(people, activities, days)
    for person, employee_id in enumerate(month.employees):
        for record in range(activities + days):
            verdict = judge(log.receipt(1, person, record), KEYS)
            assert dict(verdict.told)["Pegawai / employee"] == str(employee_id)
            assert (verdict.head.log, verdict.head.size, verdict.head.entry) == ("records", 2, "2")


def test_what_a_record_says_is_told_to_the_reader() -> None:
    told = dict(judge(LOG.receipt(0, 0, 0), KEYS).told)
    assert told["Menit / minutes"] in {"30", "31", "32", "33"}
    assert told["Penutupan / closing"] == "1, 2026-03"
    assert dict(judge(DAY, KEYS).told)["Kehadiran / presence"] == "present"


@pytest.mark.parametrize(
    "document", [ACTIVITY, DAY, LOG.head(3, since=1), LOG.listed], ids=["activity", "day", "head", "log"]
)
def test_no_byte_may_be_another(document: bytes) -> None:
    assert judge(document, KEYS)
    for place in range(len(document)):
        for mask in {1 << place % 8, 0x20}:
            other = bytearray(document)
            other[place] ^= mask
            refused(bytes(other))


def test_leaves_may_not_be_swapped() -> None:
    for other in (LOG.receipt(1, 2, 2, size=3, since=1), LOG.receipt(1, 3, 1, size=3, since=1)):
        theirs = json.loads(other)
        for part in PARTS - {"employee"}:
            if theirs[part] != json.loads(ACTIVITY)[part]:
                refused(changed(ACTIVITY, **{part: theirs[part]}))
        refused(changed(ACTIVITY, record=theirs["record"], salt=theirs["salt"]))
        refused(changed(ACTIVITY, leaf_index=theirs["leaf_index"], leaf_path=theirs["leaf_path"]))
    neighbour = json.loads(LOG.receipt(1, 3, 1, size=3, since=1))
    refused(changed(ACTIVITY, **{part: neighbour[part] for part in ("employee", "employee_index", "employee_path")}))


def test_an_activity_does_not_pass_for_a_day_nor_a_day_for_an_activity() -> None:
    refused(changed(ACTIVITY, kind="day"))
    refused(changed(DAY, kind="activity"))
    refused(changed(DAY, kind="leave"))


def test_a_record_of_another_closing_is_not_this_ones() -> None:
    first, third = LOG.receipt(0, 0, 0, size=3), json.loads(LOG.receipt(2, 0, 0))
    for parts in (("entry",), ("entry_index",), ("entry_path",), ("entry", "entry_index", "entry_path")):
        refused(changed(first, **{part: third[part] for part in parts}))


@pytest.mark.parametrize("part", ["leaf_path", "employee_path", "entry_path"])
def test_a_proof_may_be_neither_shorter_nor_longer_nor_in_another_order(part: str) -> None:
    path = json.loads(ACTIVITY)[part]
    for cut in range(len(path)):
        refused(changed(ACTIVITY, **{part: path[:cut] + path[cut + 1 :]}))
    for at in range(len(path) + 1):
        refused(changed(ACTIVITY, **{part: [*path[:at], "00" * 32, *path[at:]]}))
    if len(path) > 1:
        refused(changed(ACTIVITY, **{part: path[::-1]}))


@pytest.mark.parametrize(
    "parts", [{"leaves": 6}, {"leaves": 8}, {"root": "00" * 32}, {"employee_id": "x"}, {"more": 1}]
)
def test_an_employees_tree_is_no_smaller_and_no_larger_than_it_was(parts: dict[str, Any]) -> None:
    """Seven records; a tree shrunken to six has another root, and so has the closing."""
    refused(changed(ACTIVITY, employee=json.loads(ACTIVITY)["employee"] | parts))


def with_entry(**parts: Any) -> RecordLog:
    """A log whose last entry says something else; its head is signed over that."""
    log = a_log(2, 3)
    month = log.months[1]
    month.entry = rfc8785.dumps(json.loads(month.entry) | parts)
    previous = text_hash(log.months[0].note)
    month.note = SIGNER.sign(
        Checkpoint(LogName.RECORDS, TENANT, 2, root(log.leaves), previous, "2026-03", 2, SIGNED_AT)
    )
    return log


@pytest.mark.parametrize("parts", [
    {"tenant_id": OTHER_TENANT}, {"format": "takar.closing/2"}, {"format": "takar.run/1"}, {"leaves": 4},
    {"leaves": True}, {"leaves": 0}, {"root": "00" * 32}, {"period": None}, {"period": "2026-04"}, {"close_seq": 3},
    {"close_seq": 0}, {"supersedes": 2}, {"supersedes": "1"}, {"minutes": -1}, {"more": 1},
])  # fmt: skip
def test_an_entry_that_is_not_of_this_closing_or_form_is_refused_though_it_is_signed(parts: dict[str, Any]) -> None:
    assert judge(with_entry().receipt(1, 2, 0), KEYS)
    refused(with_entry(**parts).receipt(1, 2, 0))
    if not parts.keys() & {"leaves", "root"}:
        refused(with_entry(**parts).listed)


def test_a_fork_a_shrunken_log_and_a_closing_taken_out_are_refused() -> None:
    other, shorter = a_log(1, 5, 3, other=True), a_log(1, 5)
    taken_out = a_log(1, 3, 3)
    assert judge(other.receipt(2, 0, 0), KEYS)  # in itself it is genuine
    for log, month, said in ((other, 2, "FORKED"), (shorter, 1, "shorter"), (taken_out, 2, "FORKED")):
        verdict = judge(log.receipt(month, 0, 0), KEYS)
        with pytest.raises(Refused, match=said):
            compare(read_kept(LOG.head(3), KEYS).head, verdict.head, verdict.growth)
    other.close(2)
    since = json.loads(other.head(4, since=3))["since"]
    forged = changed(other.head(4), since=since | {"checkpoint": LOG.months[2].note})
    assert "does not go on" in refused(forged).english


def test_a_closing_stands_in_the_log_once_and_an_empty_one_may() -> None:
    log = a_log(1)
    log.close(0)
    assert len(judge(log.listed, KEYS).heads) == 2
    log.months.append(log.months[1])
    head = Checkpoint(
        LogName.RECORDS, TENANT, 3, root(log.leaves), text_hash(log.months[1].note), "2026-03", 2, SIGNED_AT
    )
    twice = json.loads(log.listed)["checkpoints"]
    twice[2]["checkpoint"] = SIGNER.sign(head)
    assert "twice" in refused(changed(log.listed, checkpoints=twice)).english


def test_the_logs_of_statements_and_of_records_are_two() -> None:
    pay = Log()
    pay.pay(3)
    note = pay.runs[0].note
    assert "Two logs" in refused(changed(ACTIVITY, since={"checkpoint": note, "path": []})).english
    refused(changed(LOG.receipt(0, 0, 0), checkpoint=note))
    refused(changed(pay.receipt(0, 0), checkpoint=LOG.months[0].note))
    refused(changed(LOG.receipt(0, 0, 0), checkpoint=LOG.months[0].note.replace("closing 1", "run " + "0" * 36)))
    verdict = judge(ACTIVITY, KEYS)
    with pytest.raises(Refused, match="Two logs"):
        compare(read_kept(note.encode(), KEYS).head, verdict.head, verdict.growth)


def test_a_receipt_is_nothing_without_the_key_of_the_service_that_signed() -> None:
    assert "not among your keys" in refused(ACTIVITY, trusted(Signer(key_of(2)))).english


# --- a statement and the records it rests on ---


def resting_on(note: str | None, employee_id: UUID) -> tuple[bytes, Log]:
    """The receipt of a statement of an employee, in a run that rests on this head of the log of records."""
    log = Log(signer=Signer(key_of(2)))
    run = log.pay(1)
    run.people = [employee_id]
    run.bodies = [changed(run.bodies[0], employee_id=str(employee_id))]
    leaves = [statement_leaf(run.salts[0], run.bodies[0])]
    run.entry = entry_of(
        tenant_id=TENANT, period="2026-03", kind="induk", run_id=run.run_id, leaves=1, root=root(leaves), records=note
    )
    head = root([entry_leaf(run.entry)])
    run.note = log.signer.sign(Checkpoint(LogName.STATEMENTS, TENANT, 1, head, None, "2026-03", run.run_id, SIGNED_AT))
    return log.receipt(0, 0), log


def test_a_statement_is_followed_to_the_activities_and_days_it_rests_on(tmp_path: Path) -> None:
    month, person = LOG.months[1], 2
    paid, log = resting_on(month.note, month.employees[person])
    held = {
        "paid": paid,
        "unrelated": resting_on(None, month.employees[person])[0],
        "activity": LOG.receipt(1, person, 0),
        "day": LOG.receipt(1, person, 5),
        "later": LOG.receipt(1, person, 0, size=3),
        "first": LOG.receipt(0, 0, 0),
        "others": LOG.receipt(1, 3, 0),
        "keys": keys_of(log.signer),
        "record-keys": keys_of(SIGNER),
    }
    for name, content in held.items():
        (tmp_path / name).write_bytes(content)
    keys = ["--key", str(tmp_path / "keys"), "--key", str(tmp_path / "record-keys")]

    def told(document: str, *records: str) -> int:
        given = [word for record in records for word in ("--record", str(tmp_path / record))]
        return main([str(tmp_path / document), *keys, *given])

    assert told("paid", "activity", "day") == 0
    assert [told("paid", record) for record in ("later", "first", "others")] == [1, 1, 1]
    assert told("unrelated", "activity") == 1
    assert [told("activity", "day"), told("paid", "unrelated")] == [2, 2]
    alone = run_verifier(tmp_path / "paid", *keys, "--record", tmp_path / "activity")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "holds those 1 records" in alone.stdout
    record = run_verifier(tmp_path / "activity", *keys)
    assert record.stdout.startswith("SAH / GENUINE\nCatatan ini adalah yang ditandatangani daerah 19.05.\n")
