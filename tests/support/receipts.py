"""A region's log in memory, signed as payroll signs it, and the verifier as a module and as a program."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.verify import takar_verify
from services.payroll.inputs.leaves import statement_leaf
from services.payroll.rules.receipts import entry_of, receipt_of
from shared.checkpoint import Checkpoint, ReceiptKeys, Signer, text_hash
from shared.checkpoint import Log as LogName
from shared.merkle import root
from shared.signed_log.documents import checkpoint_document, entry_leaf, log_document, since_of
from tests.support.service import TENANT, an_id

VERIFIER = Path(takar_verify.__file__)
SIGNED_AT = datetime(2026, 11, 3, 3, 0, tzinfo=UTC)


def key_of(seed: int = 1) -> Ed25519PrivateKey:
    """The same private key for the same seed."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def statement_of(employee_id: UUID, net: int) -> bytes:
    """A short statement, canonical; with text that canonical JSON has its own way with."""
    return rfc8785.dumps(
        {
            "employee_id": str(employee_id),
            "format": "takar.statement/1",
            "lines": [{"amount": str(net), "name": 'Beban kerja "é" \u20ac \n \x7f', "rule": "BK"}],
            "nip": "198609262015051001",
            "suspended_until": None,
            "totals": {"deductions": "0", "gross": str(net), "net": str(net)},
        }
    )


@dataclass
class Signed:
    """A run in the log: its statements' bytes and salts by employee id, its entry, its checkpoint."""

    run_id: UUID
    people: list[UUID]
    bodies: list[bytes]
    salts: list[bytes]
    entry: bytes
    note: str

    @property
    def leaves(self) -> list[bytes]:
        return [statement_leaf(salt, body) for salt, body in zip(self.salts, self.bodies, strict=True)]


@dataclass
class Log:
    """A region's log: `pay` approves a run of so many people."""

    tenant_id: str = TENANT
    signer: Signer = field(default_factory=lambda: Signer(key_of()))
    runs: list[Signed] = field(default_factory=list)

    @property
    def leaves(self) -> list[bytes]:
        return [entry_leaf(run.entry) for run in self.runs]

    def pay(self, people: int = 3, *, name: object = None, period: str = "2026-10", each: int = 2_970_000) -> Signed:
        """One more approved run. Its statements are all of its own; `name` tells runs of the same place apart."""
        size = len(self.runs) + 1
        run_id = an_id(self.tenant_id, "run", size, name)
        who = sorted(an_id(run_id, number) for number in range(people))
        bodies = [statement_of(one, each + number) for number, one in enumerate(who)]
        salts = [an_id(one, "salt").bytes * 2 for one in who]
        leaves = [statement_leaf(salt, body) for salt, body in zip(salts, bodies, strict=True)]
        entry = entry_of(
            tenant_id=self.tenant_id, period=period, kind="induk", run_id=run_id, leaves=people, root=root(leaves)
        )
        previous = text_hash(self.runs[-1].note) if self.runs else None
        head = root([*self.leaves, entry_leaf(entry)])
        at = SIGNED_AT + timedelta(days=30 * (size - 1))
        note = self.signer.sign(
            Checkpoint(LogName.STATEMENTS, self.tenant_id, size, head, previous, period, run_id, at)
        )
        self.runs.append(Signed(run_id, who, bodies, salts, entry, note))
        return self.runs[-1]

    def receipt(self, run: int, person: int, *, size: int | None = None, since: int | None = None) -> bytes:
        """As GET /statements/{id}/receipt sends it; runs and people counted from 0."""
        of, size = self.runs[run], size or run + 1
        return receipt_of(
            statement_id=uuid5(of.run_id, str(of.people[person])),
            body=of.bodies[person],
            salt=of.salts[person],
            index=person,
            leaves=of.leaves,
            entry=of.entry,
            entry_index=run,
            log=self.leaves[:size],
            note=self.runs[size - 1].note,
            since=self._since(size, since),
        )

    def head(self, size: int | None = None, since: int | None = None) -> bytes:
        """As GET /checkpoints/latest and /checkpoints/consistency send it."""
        size = size or len(self.runs)
        return checkpoint_document(self.runs[size - 1].note, self._since(size, since))

    @property
    def listed(self) -> bytes:
        """As GET /checkpoints sends it."""
        return self.listed_until(len(self.runs))

    def listed_until(self, size: int) -> bytes:
        """The same, while the log had so many entries."""
        return log_document([(run.note, run.entry) for run in self.runs[:size]])

    def _since(self, size: int, since: int | None) -> dict[str, Any] | None:
        return since_of(self.runs[since - 1].note, since, self.leaves[:size]) if since else None


def keys_of(*signers: Signer) -> bytes:
    """As GET /receipt-keys sends them."""
    every = tuple(key for signer in signers for key in signer.published.keys)
    return ReceiptKeys(keys=every).model_dump_json(by_alias=True).encode()


def trusted(*signers: Signer) -> list[takar_verify.Key]:
    """The same, as the verifier holds them."""
    return takar_verify.read_keys(json.loads(keys_of(*signers)))


def changed(document: bytes, **parts: Any) -> bytes:
    """A document with other parts, written canonically as before."""
    return rfc8785.dumps(json.loads(document) | parts)


def run_verifier(*arguments: str | Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """The verifier as an employee runs it: isolated, without site-packages, so on the standard library alone."""
    command = [python, "-I", "-S", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
