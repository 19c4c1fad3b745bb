"""The verifier on statements: it accepts what payroll signs, and nothing else whatsoever."""

import json
from collections.abc import Iterator

import pytest
import rfc8785

from deploy.verify.takar_verify import Refused, judge, read_keys
from shared.checkpoint import PublicKey, ReceiptKeys, Signer, key_id_in
from shared.signed_log.documents import entry_leaf
from tests.support.receipts import Log, changed, key_of, keys_of, trusted
from tests.support.service import OTHER_TENANT
from tests.support.verifying import KEYS, LOG, RECEIPT, SIGNER, a_log, against, refused


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5, 7, 8, 9, 33])
def test_every_receipt_of_a_run_of_any_size_is_accepted(people: int) -> None:
    log = a_log(3, people)
    for person in range(people):
        verdict = judge(log.receipt(1, person), KEYS)
        assert dict(verdict.told)["NIP"] == "198609262015051001"
        assert (verdict.head.size, verdict.head.tenant) == (2, "19.05")


def test_a_receipt_is_accepted_under_every_later_checkpoint_and_since_every_earlier_one() -> None:
    log = a_log(*[2] * 9)
    for run in range(9):
        for size in range(run + 1, 10):
            for since in [None, *range(1, size + 1)]:
                assert judge(log.receipt(run, 1, size=size, since=since), KEYS).head.size == size


def test_what_a_receipt_says_is_told_to_the_reader() -> None:
    told = dict(judge(RECEIPT, KEYS).told)
    assert told["Diterima / net"] == "Rp 2.970.002"
    assert told["Periode / period"] == "2026-10"


# --- what does not ---


def test_no_byte_of_a_receipt_may_be_another() -> None:
    for place in range(len(RECEIPT)):
        for mask in {1 << place % 8, 0x01, 0x20, 0xFF}:
            other = bytearray(RECEIPT)
            other[place] ^= mask
            refused(bytes(other))


def test_no_beginning_of_a_receipt_and_nothing_after_it_is_accepted() -> None:
    for end in range(len(RECEIPT)):
        refused(RECEIPT[:end])
    for more in (b" ", b"\n\n", b"\0", b"{}", b"}"):
        refused(RECEIPT + more)
    for before in (b" ", b"\n", b"\xef\xbb\xbf"):
        refused(before + RECEIPT)
    assert judge(RECEIPT + b"\n", KEYS)  # as an editor leaves it


def test_no_byte_of_a_checkpoint_with_its_proof_may_be_another() -> None:
    document = LOG.head(3, since=2)
    assert judge(document, KEYS).growth
    for place in range(len(document)):
        other = bytearray(document)
        other[place] ^= 1 << place % 8
        refused(bytes(other))


def test_leaves_may_not_be_swapped() -> None:
    mine, other = LOG.receipt(1, 2), LOG.receipt(1, 3)
    for part in ("statement", "salt", "leaf_index", "leaf_path", "statement_id"):
        refused(changed(mine, **{part: json.loads(other)[part]}))
    refused(changed(mine, **{part: json.loads(other)[part] for part in ("statement", "salt", "statement_id")}))
    refused(changed(mine, **{part: json.loads(other)[part] for part in ("leaf_index", "leaf_path")}))


def test_a_statement_of_another_run_is_not_this_runs() -> None:
    first, third = LOG.receipt(0, 0, size=3), LOG.receipt(2, 0)
    for part in ("entry", "entry_index", "entry_path"):
        refused(changed(first, **{part: json.loads(third)[part]}))
    refused(changed(first, **{part: json.loads(third)[part] for part in ("entry", "entry_index", "entry_path")}))


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    """RFC 9162's prefixes: two leaves' hashes as the content of one leaf hash to something else."""
    run = a_log(4).runs[0]
    receipt = json.loads(a_log(4).receipt(0, 0))
    refused(changed(rfc8785.dumps(receipt), leaf_path=receipt["leaf_path"][1:], leaf_index=0))
    assert entry_leaf(run.leaves[0] + run.leaves[1]).hex() != receipt["leaf_path"][1]


@pytest.mark.parametrize("part", ["leaf_path", "entry_path"])
def test_a_proof_may_be_neither_shorter_nor_longer_nor_in_another_order(part: str) -> None:
    path = json.loads(RECEIPT)[part]
    for cut in range(len(path)):
        refused(changed(RECEIPT, **{part: path[:cut] + path[cut + 1 :]}))
    for at in range(len(path) + 1):
        refused(changed(RECEIPT, **{part: [*path[:at], "00" * 32, *path[at:]]}))
        refused(changed(RECEIPT, **{part: [*path[:at], *path[:1], *path[at:]]}))
    if len(path) > 1:
        refused(changed(RECEIPT, **{part: path[::-1]}))
    refused(changed(RECEIPT, **{part: []}))
    refused(changed(RECEIPT, **{part: ["00" * 32] * 1000}))


def test_the_proof_of_growth_may_not_be_another() -> None:
    since = json.loads(RECEIPT)["since"]
    for path in ([], since["path"][:-1], since["path"][1:], since["path"] + since["path"][:1], since["path"][::-1]):
        refused(changed(RECEIPT, since=since | {"path": path}))
    refused(changed(RECEIPT, since=since | {"checkpoint": LOG.runs[1].note}))
    refused(changed(RECEIPT, since=since | {"checkpoint": LOG.runs[2].note}))  # the same head needs no proof
    refused(changed(RECEIPT, since=json.loads(RECEIPT)["since"] | {"more": 1}))


def test_a_receipt_is_nothing_without_the_key_that_signed() -> None:
    assert "not among your keys" in refused(RECEIPT, trusted(Signer(key_of(2)))).english
    assert judge(RECEIPT, trusted(Signer(key_of(2)), SIGNER))


def test_a_signature_of_another_key_under_the_same_id_is_refused() -> None:
    """The id is four bytes, and whoever wants can make a key of the same one."""
    forger = Log(signer=Signer(key_of(3)))
    forger.pay(3)
    theirs = forger.runs[0].note
    mine = a_log(3)
    assert mine.runs[0].note != theirs
    seal = theirs.rstrip("\n").rsplit(" ", 1)[1]
    import base64

    forged = base64.b64encode(bytes.fromhex(key_id_in(mine.runs[0].note)) + base64.b64decode(seal)[4:]).decode()
    assert "signature" in refused(changed(mine.receipt(0, 0), checkpoint=theirs.replace(seal, forged))).english


@pytest.mark.parametrize(("first", "until", "good"), [
    (None, None, True), ("2026-11-03", "2026-11-03", True), ("2026-11-04", None, False), (None, "2026-11-02", False),
])  # fmt: skip
def test_a_key_is_good_on_its_days_alone(first: str | None, until: str | None, good: bool) -> None:
    document = a_log(2).receipt(0, 0)
    held = {"public_key": json.loads(keys_of(SIGNER))["keys"][0]["public_key"], "from": first, "until": until}
    keys = read_keys({"format": "takar.receipt-keys/1", "keys": [held]})
    if good:
        assert judge(document, keys)
    else:
        assert "was not good on 2026-11-03" in refused(document, keys).english


def test_after_a_rotation_old_and_new_receipts_are_accepted_by_one_list_of_keys() -> None:
    old, new = key_of(1), key_of(2)
    public = [
        PublicKey.model_validate({"public_key": old.public_key().public_bytes_raw(), "until": "2026-11-30"}),
        PublicKey.model_validate({"public_key": new.public_key().public_bytes_raw(), "from": "2026-12-01"}),
    ]
    published = ReceiptKeys(keys=tuple(public))
    log = Log(signer=Signer(old, published))
    log.pay(3)
    log.signer = Signer(new, published)
    log.pay(3)  # signed 30 days later
    keys = trusted(log.signer)
    assert judge(log.receipt(0, 1), keys).head.key.until == "2026-11-30"
    assert judge(log.receipt(0, 1, size=2, since=1), keys).growth
    assert judge(log.receipt(1, 1), keys).head.key.first_day == "2026-12-01"


def test_another_regions_checkpoint_proves_nothing_here() -> None:
    elsewhere = Log(OTHER_TENANT)
    for run in LOG.runs:
        elsewhere.pay(len(run.people))
    for part in ("checkpoint", "entry", "entry_path"):
        refused(changed(LOG.receipt(2, 0), **{part: json.loads(elsewhere.receipt(2, 0))[part]}))
    theirs = json.loads(elsewhere.head(1))["checkpoint"]
    assert "Two regions" in refused(changed(RECEIPT, since={"checkpoint": theirs, "path": []})).english
    with pytest.raises(Refused, match="Two regions"):
        against(RECEIPT, elsewhere.head(1))


def lines_of(note: str) -> Iterator[str]:
    """Notes that mean the same or nearly so, written another way."""
    text, seal = note.split("\n\n")
    yield note.replace("\n", "\r\n")
    yield note + seal  # a second signature line
    yield note + "— takar/19.05/statements AAAAAAAA\n"
    yield note[:-1]
    yield note + "\n"
    yield "\n" + note
    yield text + "\nmore yes\n\n" + seal
    yield text.replace("\n3\n", "\n03\n") + "\n\n" + seal
    yield text.replace("\n3\n", "\n٣\n") + "\n\n" + seal
    yield text.replace("takar/19.05", "Takar/19.05") + "\n\n" + seal
    yield text + "\n\n" + seal.replace("—", "--")
    yield text + "\n\n" + seal.replace("takar/19.05", "takar/92")
    yield text + "\n\n" + seal[:-3] + "=\n"
    yield text + "\n\n" + seal.replace("— ", "—  ")


def test_a_note_is_written_one_way() -> None:
    note = LOG.runs[2].note
    for other in lines_of(note):
        assert other != note
        refused(changed(LOG.receipt(2, 0), checkpoint=other))
    for other in (None, 1, [], {}, "", "\n\n"):
        refused(changed(LOG.receipt(2, 0), checkpoint=other))


def test_base64_has_one_writing_of_the_same_bytes() -> None:
    """The last letter before a '=' has bits that mean nothing; they must be 0."""
    note = LOG.runs[2].note
    assert note.endswith("=\n")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = note[-3]
    for more in (1, 2, 3):
        other = alphabet[alphabet.index(last) + more]
        refused(changed(LOG.receipt(2, 0), checkpoint=note[:-3] + other + "=\n"))
