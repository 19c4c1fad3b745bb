"""What is signed of a run, what is printed of it, and the acts that lead it from state to state."""

import json
from hashlib import sha256
from uuid import UUID

import pytest

from services.payroll.rules.lifecycle import Act, RunState, advance, four_eyes
from services.payroll.rules.receipts import entry_of, qr_text, receipt_of, records_of
from shared.errors import Refused
from shared.merkle import inclusion_path

RUN, STATEMENT = UUID(int=7), UUID(int=9)
NOTE = "takar/19.05\n12\nroot\n\n- key signature\n"
LEAVES = [sha256(bytes([at])).digest() for at in range(5)]
LOG = [sha256(bytes([at, 1])).digest() for at in range(3)]


def entry(records: str | None = None) -> bytes:
    root = bytes(32)
    return entry_of(tenant_id="19.05", period="2026-10", kind="induk", run_id=RUN, leaves=5, root=root, records=records)


def test_a_runs_entry_says_whose_run_it_is_and_no_sum():
    assert json.loads(entry()) == {
        "format": "takar.run/1",
        "kind": "induk",
        "leaves": 5,
        "period": "2026-10",
        "records": None,
        "root": "00" * 32,
        "run_id": str(RUN),
        "tenant_id": "19.05",
    }


def test_an_entry_names_the_head_of_the_log_of_records_that_the_run_rests_on():
    head = records_of(NOTE)
    assert head["size"] == 12
    assert json.loads(entry(NOTE))["records"] == head
    assert len(bytes.fromhex(head["sha256"])) == 32
    assert records_of(NOTE.replace("12", "13"))["sha256"] != head["sha256"]


def test_a_receipt_leads_from_the_statement_to_the_run_and_on_to_the_checkpoint():
    since = {"size": 1}
    made = receipt_of(
        statement_id=STATEMENT,
        body=b'{"net":"5"}',
        salt=bytes([1, 2]),
        index=3,
        leaves=LEAVES,
        entry=entry(),
        entry_index=2,
        log=LOG,
        note=NOTE,
        since=since,
    )
    said = json.loads(made)
    assert said["format"] == "takar.receipt/1"
    assert (said["statement_id"], said["statement"], said["salt"]) == (str(STATEMENT), {"net": "5"}, "0102")
    assert (said["leaf_index"], said["entry_index"]) == (3, 2)
    assert [bytes.fromhex(step) for step in said["leaf_path"]] == list(inclusion_path(LEAVES, 3))
    assert [bytes.fromhex(step) for step in said["entry_path"]] == list(inclusion_path(LOG, 2))
    assert (said["checkpoint"], said["since"], said["entry"]) == (NOTE, since, json.loads(entry()))


def test_the_qr_code_is_of_the_alphanumeric_alphabet_and_names_leaf_checkpoint_and_key():
    text = qr_text(
        tenant_id="19.05", period="2026-10", statement_id=STATEMENT, leaf=bytes([171]) * 4, size=12, key_id="0badcafe"
    )
    assert text == f"TAKAR1/19.05/2026-10/{str(STATEMENT).upper()}/ABABABAB/12/0BADCAFE"
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


WAYS = [
    (Act.RESUME, "calculated", "reconciled"),
    (Act.CALCULATE, "reconciled", "calculated"),
    (Act.VERIFY, "calculated", "verified"),
    (Act.APPROVE, "verified", "approved"),
    (Act.PUBLISH, "approved", "publishing"),
    (Act.ANNOUNCE, "publishing", "published"),
    (Act.ACKNOWLEDGE, "published", "acknowledged"),
    (Act.ACKNOWLEDGE, "differs", "acknowledged"),
    (Act.DISPUTE, "published", "differs"),
    (Act.DISPUTE, "differs", "differs"),
    (Act.PAY, "acknowledged", "paid"),
    (Act.CANCEL, "reconciled", "cancelled"),
    (Act.CANCEL, "calculated", "cancelled"),
    (Act.CANCEL, "verified", "cancelled"),
]


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.CREATE])
@pytest.mark.parametrize("state", list(RunState))
def test_an_act_leads_on_from_its_own_states_and_is_refused_in_every_other(act, state):
    led = {(one, start): end for one, start, end in WAYS}.get((act, state))
    if led is not None:
        assert advance(act, state) is RunState(led)
        return
    with pytest.raises(Refused) as refused:
        advance(act, state)
    assert str(state) in str(refused.value)


def test_a_refusal_names_the_states_in_which_the_act_may_be_done():
    with pytest.raises(
        Refused, match="the run is paid; only a run that is published or differs can become acknowledged"
    ):
        advance(Act.ACKNOWLEDGE, RunState.PAID)


def test_whoever_made_or_verified_a_run_does_not_pass_it_on():
    four_eyes(UUID(int=3), {UUID(int=1): "made"})
    with pytest.raises(Refused, match="you have verified this run; somebody else must take the next step"):
        four_eyes(UUID(int=2), {UUID(int=1): "made", UUID(int=2): "verified"})
