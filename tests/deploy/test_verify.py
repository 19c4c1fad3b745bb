"""The verifier: it accepts what payroll signs, and nothing else whatsoever."""

import ast
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.verify.takar_verify import Refused, Unusable, Verdict, compare, judge, main, read_json, read_kept, read_keys
from services.payroll.rules.receipts import entry_leaf, qr_text
from shared.checkpoint import Checkpoint, PublicKey, ReceiptKeys, Signer, key_id_in, text_hash
from shared.merkle import root
from tests.support.receipts import SIGNED_AT, VERIFIER, Log, Signed, changed, key_of, keys_of, run_verifier, trusted
from tests.support.service import OTHER_TENANT

SIGNER = Signer(key_of())
KEYS = trusted(SIGNER)
SIGNED_AT_NIGHT = SIGNED_AT + timedelta(hours=12)


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


# --- what holds ---


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
    other = Checkpoint(log.tenant_id, 2, root(log.leaves), bytes(32), "2026-10", run.run_id, SIGNED_AT)
    run.note = SIGNER.sign(other)
    assert judge(log.head(2), KEYS)
    assert "FORKED" in refused(log.head(2, since=1)).english
    assert "FORKED" in refused(log.listed).english
    with pytest.raises(Refused, match="FORKED"):
        against(log.receipt(1, 0), log.head(1))


def test_two_heads_of_one_number_and_one_root_are_two_heads() -> None:
    log, other = a_log(2), a_log(2)
    run = other.runs[0]
    run.note = SIGNER.sign(Checkpoint(log.tenant_id, 1, root(log.leaves), None, "2026-10", run.run_id, SIGNED_AT_NIGHT))
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
        "tenant_id": log.tenant_id,
        "size": run + 1,
        "root": root(log.leaves[: run + 1]),
        "previous": text_hash(log.runs[run - 1].note) if run else None,
        "period": entry["period"],
        "run_id": of.run_id,
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
    {"root": "00" * 32}, {"root": "AA" * 32}, {"period": None}, {"net": "1"},
])  # fmt: skip
def test_an_entry_that_is_not_of_this_run_or_form_is_refused_though_it_is_signed(parts: dict[str, Any]) -> None:
    log = with_entry(2, **parts)
    refused(log.receipt(2, 0))
    if "leaves" not in parts and "root" not in parts:
        refused(log.listed)


@pytest.mark.parametrize("parts", [
    {"period": "2026-11"}, {"run_id": UUID(int=7)}, {"size": 4}, {"root": bytes(32)}, {"tenant_id": OTHER_TENANT},
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


# --- the QR code ---


def printed(log: Log, run: int, person: int) -> str:
    of = log.runs[run]
    receipt = json.loads(log.receipt(run, person))
    return qr_text(
        tenant_id=log.tenant_id,
        period="2026-10",
        statement_id=receipt["statement_id"],
        leaf=of.leaves[person],
        size=run + 1,
        key_id=key_id_in(of.note),
    )


def test_the_printed_code_fits_its_own_receipt_alone(tmp_path: Path) -> None:
    code = printed(LOG, 1, 2)
    assert set(code) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # QR's alphanumeric mode
    for document, status in ((LOG.receipt(1, 2), 0), (RECEIPT, 0), (LOG.receipt(1, 3), 1), (LOG.head(), 2)):
        assert told(tmp_path, document, "--qr", code) == status
    for place, letter in enumerate(code):
        other = code[:place] + ("0" if letter != "0" else "1") + code[place + 1 :]
        assert told(tmp_path, LOG.receipt(1, 2), "--qr", other) in {1, 2}


# --- the command ---


def told(folder: Path, document: bytes, *options: str, keys: bytes | None = None) -> int:
    """The exit status of the command in this process."""
    (folder / "document.json").write_bytes(document)
    (folder / "keys.json").write_bytes(keys or keys_of(SIGNER))
    return main([str(folder / "document.json"), "--key", str(folder / "keys.json"), *options])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """What an employee has in a folder."""
    held = {
        "keys": keys_of(SIGNER),
        "receipt": LOG.receipt(2, 0),
        "old": LOG.receipt(0, 0),
        "kept": LOG.runs[0].note.encode(),
        "proof": LOG.head(3, since=1),
        "fork": a_log(1, 5, 3, name="in secret").head(),
        "log": LOG.listed,
        "broken": b"\xff\x00{",
        "forged": LOG.receipt(2, 0).replace(b"2970000", b"9970000"),
    }
    for name, content in held.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in held}


def test_the_file_runs_alone_on_the_standard_library_and_says_yes(files: dict[str, Path]) -> None:
    answer = run_verifier(files["receipt"], "--key", files["keys"], "--tenant", "19.05", "--nip", "198609262015051001")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("SAH / GENUINE\nSlip ini adalah yang ditandatangani daerah 19.05.\n")
    assert "Rp 2.970.000" in answer.stdout


def test_it_says_no_in_two_languages_and_by_its_status(files: dict[str, Path]) -> None:
    answer = run_verifier(files["forged"], "--key", files["keys"])
    assert (answer.returncode, answer.stderr) == (1, "")
    verdict, indonesian, english = answer.stdout.splitlines()
    assert verdict == "DITOLAK / REFUSED"
    assert indonesian.startswith("Slip ini bukan slip yang dihitung daerah")
    assert english.startswith("This statement is not the one the region computed")


def test_the_options_compare_with_what_was_kept(files: dict[str, Path]) -> None:
    key = ("--key", files["keys"])
    assert run_verifier(files["receipt"], *key, "--previous", files["kept"], "--proof", files["proof"]).returncode == 0
    assert run_verifier(files["receipt"], *key, "--previous", files["kept"]).returncode == 1
    assert "FORKED" in run_verifier(files["receipt"], *key, "--previous", files["fork"]).stdout
    assert run_verifier(files["log"], *key, "--previous", files["kept"], "--previous", files["old"]).returncode == 0


@pytest.mark.parametrize(("arguments", "status"), [
    (("broken", "--key", "keys"), 2),
    (("missing", "--key", "keys"), 2),
    ((".", "--key", "keys"), 2),
    (("receipt", "--key", "broken"), 2),
    (("receipt", "--key", "receipt"), 2),
    (("receipt", "--key", "missing"), 2),
    (("receipt",), 2),
    (("receipt", "--key", "keys", "--previous", "broken"), 1),
    (("receipt", "--key", "keys", "--proof", "broken"), 2),
    (("receipt", "--key", "keys", "--tenant", "92"), 1),
    (("receipt", "--key", "keys", "--nip", "1"), 1),
    (("log", "--key", "keys", "--nip", "1"), 1),
    (("receipt", "--key", "keys", "--qr", "https://example.org"), 2),
    (("keys", "--key", "keys"), 1),
])  # fmt: skip
def test_what_cannot_be_used_is_a_sentence_and_never_a_traceback(
    files: dict[str, Path], arguments: tuple[str, ...], status: int
) -> None:
    folder = files["keys"].parent
    given = [one if one.startswith("--") or "://" in one or one.isdigit() else folder / one for one in arguments]
    answer = run_verifier(*given)
    assert (answer.returncode, answer.stderr) == (status, "")
    assert answer.stdout.startswith("DITOLAK / REFUSED\n")


def test_the_file_imports_the_standard_library_alone_and_reads_as_python_3_9() -> None:
    tree = ast.parse(VERIFIER.read_text(), feature_version=(3, 9))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
    assert not imported & {"urllib", "http", "socket", "ssl", "subprocess"}


@pytest.mark.parametrize(
    "public", ["AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAAA", "", 1, None, "/" * 43 + "="]
)
def test_a_key_file_with_a_key_that_is_none_is_refused(public: Any) -> None:
    with pytest.raises(Unusable):
        read_keys({"format": "takar.receipt-keys/1", "keys": [{"public_key": public, "from": None, "until": None}]})


# --- whatever else ---

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[name], (*way, name))


def replaced(value: Any, way: tuple[Any, ...], by: Any) -> Any:
    if not way:
        return by
    other = value.copy()
    other[way[0]] = replaced(value[way[0]], way[1:], by)
    return other


DOCUMENTS = [RECEIPT, LOG.head(3, since=2), LOG.listed]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_part_of_a_document_may_be_anything_else(data: st.DataObject) -> None:
    whole = json.loads(data.draw(st.sampled_from(DOCUMENTS)))
    way = data.draw(st.sampled_from(list(places(whole))))
    other = replaced(whole, way, data.draw(JSON))
    if json.dumps(other) != json.dumps(whole) and (way, other) != (("since",), whole | {"since": None}):
        refused(json.dumps(other, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace"))


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_rubbish_is_refused_by_every_reader(raw: bytes) -> None:
    refused(raw)
    with pytest.raises(Refused):
        read_kept(raw, KEYS)


@settings(max_examples=200, deadline=None)
@given(held=JSON)
def test_no_other_json_is_a_key_file(held: Any) -> None:
    with pytest.raises(Refused):
        read_keys(held)
    with pytest.raises(Refused):
        read_keys({"format": "takar.receipt-keys/1", "keys": [held]})


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"format":'])
def test_a_file_nested_a_hundred_thousand_deep_is_refused(opening: bytes) -> None:
    refused(opening * 100_000)
    refused(opening * 100_000 + b"1" + {b"[": b"]"}.get(opening, b"}") * 100_000)


@pytest.mark.parametrize("number", [b"1e5", b"0.5", b"NaN", b"-Infinity", b"9" * 5000, b"9007199254740993"])
def test_no_number_is_read_that_json_readers_disagree_on(number: bytes) -> None:
    document = RECEIPT.replace(b'"leaf_index":2', b'"leaf_index":' + number)
    assert document != RECEIPT
    refused(document)


def test_true_is_no_number_and_no_number_is_beyond_what_all_readers_hold() -> None:
    document = LOG.receipt(1, 1)
    assert judge(document, KEYS)
    refused(changed(document, leaf_index=True, entry_index=True))
    refused(changed(document, leaf_index=True))
    for number in (b"9007199254740992", b"-9007199254740992", b"10000000000000000"):
        with pytest.raises(Unusable):
            read_json(number)
    assert read_json(b"9007199254740991") == 2**53 - 1
