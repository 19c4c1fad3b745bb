"""The verifier as a program: QR codes, options, and a sentence for whatever cannot be used."""

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.verify.takar_verify import Unusable, main, read_keys
from services.payroll.rules.receipts import qr_text
from shared.checkpoint import key_id_in
from tests.support.receipts import VERIFIER, Log, keys_of, run_verifier
from tests.support.verifying import LOG, RECEIPT, SIGNER, a_log

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
