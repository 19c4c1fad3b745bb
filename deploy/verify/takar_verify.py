#!/usr/bin/env python3
"""Is this statement, activity or attendance day the one the region signed? Answered offline, by this one file.

    python3 takar_verify.py receipt.json --key receipt-keys.json
    python3 takar_verify.py receipt.json --key receipt-keys.json --previous kept.json
    python3 takar_verify.py receipt.json --key receipt-keys.json --record activity.json --key activity-keys.json
    python3 takar_verify.py checkpoints.json --key receipt-keys.json        (an auditor: the whole log)

Python 3.9 or newer and its standard library alone; no network, nothing written. It takes no line from Takar, so that
a fault there is not repeated here. Exit status: 0 genuine, 1 not genuine, 2 the files or options cannot be used.
README.md beside this file says what a yes proves and what it does not.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 16 * 1024 * 1024

# A region may write its keys here before it hands this file out; then --key is not needed. As in GET /receipt-keys:
# [{"public_key": "<base64>", "from": "2026-01-01", "until": None}]
PINNED: list[dict[str, Any]] = []


class Refused(Exception):
    """Not genuine: a sentence in Indonesian, and in English."""

    status = 1

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(english)
        self.indonesian = indonesian
        self.english = english


class Unusable(Refused):
    """A file or an option that nothing can be said about."""

    status = 2


# --- canonical JSON (RFC 8785, for text, whole numbers, true, false and null) -----------------------------------------


def canonical(value: Any) -> bytes:
    """The only bytes that this value is written as. Raises ValueError."""
    return _written(value).encode("utf-8")


def _written(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_written(name)}:{_written(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _no_fraction(text: str) -> None:
    raise ValueError(f"{text[:20]} is not a whole number")


def _whole(text: str) -> int:
    if len(text) > 16 or abs(int(text)) >= 2**53:
        raise ValueError("a number is too large")
    return int(text)


def read_json(raw: bytes) -> Any:
    """What a JSON file holds. Raises Unusable."""
    try:
        return json.loads(raw.decode("utf-8"), parse_float=_no_fraction, parse_constant=_no_fraction, parse_int=_whole)
    except (ValueError, RecursionError):
        raise Unusable("Berkas ini bukan JSON yang dapat dibaca.", "This file is no JSON that can be read.") from None


def read_document(raw: bytes) -> dict[str, Any]:
    """A document of ours: a JSON object, written the one canonical way, so that every byte of it counts."""
    body = raw[:-1] if raw.endswith(b"\n") else raw
    found = read_json(body)
    try:
        same = isinstance(found, dict) and canonical(found) == body
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise Refused(
            "Berkas ini tidak ditulis seperti yang dikirim Takar: ada yang mengubahnya, walau satu spasi.",
            "This file is not written as Takar sent it: somebody changed it, if only by a space.",
        )
    checked: dict[str, Any] = found
    return checked


# --- fields -----------------------------------------------------------------------------------------------------------

HASH = re.compile(r"[0-9a-f]{64}")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _malformed(name: str) -> Refused:
    return Refused(
        f"Bagian {name} dari berkas ini tidak ada atau bukan bentuk yang benar.",
        f"The part {name} of this file is missing or has another form.",
    )


def fields(document: Any, name: str, *names: str) -> dict[str, Any]:
    """An object with exactly these names."""
    if not isinstance(document, dict) or set(document) != set(names):
        raise _malformed(name)
    return document


def text(document: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _malformed(name)
    return value


def number(document: dict[str, Any], name: str, least: int = 0) -> int:
    value = document.get(name)
    if type(value) is not int or value < least:
        raise _malformed(name)
    return int(value)


def digest(document: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(text(document, name, HASH))


def path(document: dict[str, Any], name: str) -> list[bytes]:
    value = document.get(name)
    if not isinstance(value, list) or len(value) > 64:
        raise _malformed(name)
    return [digest({name: one}, name) for one in value]


# --- Ed25519 (RFC 8032), verification alone, strict -------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x * y = T/Z
ZERO = (0, 1, 1, 0)


def _add(a: Point, b: Point) -> Point:
    """RFC 8032 5.1.4; complete, so that it doubles as well."""
    minus, plus = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = (plus - minus) % P, (d - c) % P, (d + c) % P, (plus + minus) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def _equal(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(encoded: bytes) -> Point | None:
    """RFC 8032 5.1.3; None for what is no point, and for a point written another way than it should be."""
    given = int.from_bytes(encoded, "little")
    y, sign = given & (2**255 - 1), given >> 255
    if len(encoded) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (v * x * x - u) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _small(point: Point) -> bool:
    """One of the eight points that a signature under any message can be made for."""
    for _ in range(3):
        point = _add(point, point)
    return _equal(point, ZERO)


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or ZERO


def usable_key(public: bytes) -> bool:
    """A point, written the one right way, and not of small order."""
    point = _point(public)
    return point is not None and not _small(point)


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032 5.1.7 without the cofactor, and stricter: nothing not canonical, nothing of small order."""
    if len(signature) != 64 or not usable_key(public):
        return False
    key, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or _small(r) or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    negative = (P - key[0], key[1], key[2], P - key[3])
    steps = {(1, 0): BASE, (0, 1): negative, (1, 1): _add(BASE, negative)}
    found = ZERO
    for bit in range(L.bit_length() - 1, -1, -1):  # s * BASE - k * key, which must be r
        found = _add(found, found)
        step = steps.get((s >> bit & 1, k >> bit & 1))
        found = _add(found, step) if step else found
    return _equal(found, r)


# --- Merkle trees (RFC 9162, section 2.1) -----------------------------------------------------------------------------


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, way: Sequence[bytes], root: bytes) -> bool:
    """2.1.3.2: whether the tree of this root and size has the leaf at this index."""
    if index >= size:
        return False
    at, last, found = index, size - 1, leaf
    for beside in way:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def grown(first: int, first_root: bytes, second: int, second_root: bytes, way: Sequence[bytes]) -> bool:
    """2.1.4.2: whether the tree of the second root begins with the tree of the first. Sizes of at least 1."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not way and first_root == second_root
    nodes = [first_root, *way] if first & (first - 1) == 0 else list(way)
    if not way or not nodes:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = nodes[0]
    for beside in nodes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(beside, older), node_hash(beside, newer)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and older == first_root and newer == second_root


class Tree:
    """A root that grows leaf by leaf, for who has the whole log."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> bytes:
        """The root with this leaf."""
        size, node = 1, leaf
        while self._peaks and self._peaks[-1][0] == size:
            node, size = node_hash(self._peaks.pop()[1], node), size * 2
        self._peaks.append((size, node))
        for _, left in reversed(self._peaks[:-1]):
            node = node_hash(left, node)
        return node


# --- keys and checkpoints (C2SP signed-note and tlog-checkpoint) ------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A public key that is trusted, from a day until a day (UTC), where these are given."""

    public: bytes
    first_day: str
    until: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.public).hexdigest()

    def id_under(self, origin: str) -> bytes:
        return hashlib.sha256(origin.encode() + b"\n\x01" + self.public).digest()[:4]


DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def unbase64(written: str, length: int) -> bytes | None:
    """None for another length, or for bytes written another way than they should be."""
    try:
        found = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == length and base64.b64encode(found).decode() == written else None


def read_keys(held: Any) -> list[Key]:
    """The keys of a file as GET /receipt-keys sends it. Raises Unusable."""
    listed = held.get("keys") if isinstance(held, dict) else None
    if not isinstance(listed, list) or not listed or held.get("format") != "takar.receipt-keys/1":
        raise Unusable("Berkas kunci ini bukan daftar kunci Takar.", "This key file is no list of Takar's keys.")
    return [_key(one) for one in listed]


def _key(held: Any) -> Key:
    wrong = Unusable("Ada kunci yang rusak di berkas kunci.", "The key file holds a key that is broken.")
    try:
        given = fields(held, "keys", "public_key", "from", "until")
        public = unbase64(text(given, "public_key", BASE64), 32)
        days = {name: text(given, name, DAY) if given[name] is not None else "" for name in ("from", "until")}
    except Refused:
        raise wrong from None
    if public is None or not usable_key(public):
        raise wrong
    return Key(public, days["from"], days["until"])


NOTE = re.compile(
    r"(?P<text>(?P<origin>takar/(?P<tenant>[0-9.]{2,16})/(?:(?P<statements>statements)|records))\n"
    r"(?P<size>[1-9][0-9]{0,14})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"previous (?P<previous>none|[A-Za-z0-9+/]{43}=)\n"
    r"period (?P<period>[0-9A-Za-z.-]{1,32})\n"
    r"(?(statements)run (?P<run>[0-9a-f-]{36})|closing (?P<closing>[1-9][0-9]{0,8}))\n"
    r"time (?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n)"
    r"\n\u2014 (?P=origin) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


@dataclass(frozen=True)
class Head:
    """A checkpoint whose signature holds: so many entries in a region's log, under this root."""

    log: str  # statements: an entry an approved run; records: an entry a closing of a month's activities and days
    tenant: str
    size: int
    root: bytes
    previous: bytes | None
    period: str
    entry: str  # the run's id, or which closing of the period it is
    time: str
    text_hash: bytes
    key: Key
    key_id: str


def read_note(note: Any, keys: Sequence[Key]) -> Head:
    """A checkpoint that one of the keys signed. Raises Refused."""
    found = NOTE.fullmatch(note) if isinstance(note, str) else None
    root = unbase64(found["root"], 32) if found else None
    previous = unbase64(found["previous"], 32) if found and found["previous"] != "none" else None
    sealed = unbase64(found["signature"], 68) if found else None
    if not found or root is None or sealed is None or (previous is None) is not (found["previous"] == "none"):
        raise _malformed("checkpoint")
    known = [key for key in keys if key.id_under(found["origin"]) == sealed[:4]]
    if not known:
        raise Refused(
            f"Checkpoint ditandatangani kunci {sealed[:4].hex()}, yang tidak ada di daftar kunci Anda.",
            f"The checkpoint is signed by key {sealed[:4].hex()}, which is not among your keys.",
        )
    signers = [key for key in known if signed(key.public, found["text"].encode(), sealed[4:])]
    if not signers:
        raise Refused("Tanda tangan checkpoint tidak sah.", "The signature of the checkpoint does not hold.")
    key, day = signers[0], found["time"][:10]
    if (key.first_day and day < key.first_day) or (key.until and day > key.until):
        raise Refused(
            f"Kunci itu tidak berlaku pada {day}, hari penandatanganannya.",
            f"That key was not good on {day}, the day it signed.",
        )
    return Head(
        log="statements" if found["statements"] else "records",
        tenant=found["tenant"],
        size=int(found["size"]),
        root=root,
        previous=previous,
        period=found["period"],
        entry=found["run"] or found["closing"],
        time=found["time"],
        text_hash=hashlib.sha256(found["text"].encode()).digest(),
        key=key,
        key_id=sealed[:4].hex(),
    )


# --- heads against each other -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """Shown: the log of the newer head begins with the log of the older."""

    older: Head
    newer: Head


def read_since(held: Any, newer: Head, keys: Sequence[Key]) -> Growth | None:
    """The earlier checkpoint a document brings along, and the proof that the log grew from it. Raises Refused."""
    if held is None:
        return None
    given = fields(held, "since", "checkpoint", "path")
    older = read_note(given["checkpoint"], keys)
    same_log(older, newer)
    if not grown(older.size, older.root, newer.size, newer.root, path(given, "path")):
        raise Refused(
            f"Log checkpoint {newer.size} bukan kelanjutan log checkpoint {older.size}: isinya diubah atau dikurangi.",
            f"The log of checkpoint {newer.size} does not go on from checkpoint {older.size}: "
            "something was changed or taken away.",
        )
    linked(older, newer)
    return Growth(older, newer)


def same_log(one: Head, other: Head) -> None:
    if one.tenant != other.tenant:
        raise Refused(
            f"Ada dua daerah: {one.tenant} dan {other.tenant}.", f"Two regions: {one.tenant} and {other.tenant}."
        )
    if one.log != other.log:
        raise Refused("Ada dua log: slip dan catatan kerja.", "Two logs: of statements and of records of work.")


def linked(older: Head, newer: Head) -> None:
    """Two heads of one number are one, and a head names the one before it. Raises Refused at a fork."""
    fork = older.size == newer.size and older.text_hash != newer.text_hash
    if fork or (older.size + 1 == newer.size and newer.previous != older.text_hash):
        raise Refused(
            f"LOG BERCABANG: ada dua checkpoint yang berbeda untuk nomor {older.size}. Simpan keduanya dan laporkan.",
            f"THE LOG IS FORKED: there are two different checkpoints of number {older.size}. Keep both, report it.",
        )


def compare(kept: Head, now: Head, shown: Sequence[Growth]) -> None:
    """The head kept from before against the one at hand. Raises Refused where the log forked, shrank, or may have."""
    same_log(kept, now)
    for one in [now, *(head for growth in shown for head in (growth.older, growth.newer))]:
        linked(*sorted((kept, one), key=lambda head: head.size))
    older, newer = (kept, now) if kept.size <= now.size else (now, kept)
    proved = any((one.older.text_hash, one.newer.text_hash) == (older.text_hash, newer.text_hash) for one in shown)
    if older.size == newer.size or proved:
        return
    where = f"GET /checkpoints/consistency?first={older.size}&second={newer.size}"
    if now is older:
        raise Refused(
            f"Log ini lebih pendek ({now.size}) dari yang Anda simpan ({kept.size}): bukti lama, atau log dikurangi. "
            f"Minta bukti di bawah checkpoint {kept.size}, atau beri --proof dari {where}.",
            f"This log is shorter ({now.size}) than the one you kept ({kept.size}): an old receipt, or a shrunk log. "
            f"Ask for the receipt under checkpoint {kept.size}, or give as --proof what {where} sends.",
        )
    raise Refused(
        f"Tidak terbukti bahwa log {now.size} melanjutkan log {kept.size} yang Anda simpan: beri --proof dari {where}.",
        f"Nothing shows that log {now.size} goes on from log {kept.size} that you kept: "
        f"give as --proof what {where} sends.",
    )


# --- documents --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """A document that holds: its newest head, what it shows of the log's growth, and what to tell.

    `receipt`: of a statement; `record`: an activity or a day that a receipt is of.
    """

    head: Head
    growth: Sequence[Growth]
    told: Sequence[tuple[str, str]]
    heads: Sequence[Head] = ()
    receipt: dict[str, Any] | None = None
    record: dict[str, Any] | None = None


def judge(raw: bytes, keys: Sequence[Key]) -> Verdict:
    """Check a receipt, a checkpoint or a whole log, as Takar sends them. Raises Refused."""
    document = read_document(raw)
    kinds = {
        "takar.receipt/1": receipt,
        "takar.record-receipt/1": record_receipt,
        "takar.checkpoint/1": checkpoint,
        "takar.checkpoints/1": whole_log,
    }
    kind = document.get("format")
    if not isinstance(kind, str) or kind not in kinds:
        raise _malformed("format")
    return kinds[kind](document, keys)


def read_entry(held: Any, log: str) -> tuple[dict[str, Any], bytes]:
    """What a log holds of a run or of a closing, and its leaf there. Raises Refused."""
    entry = _run(held) if log == "statements" else _closing(held)
    if not isinstance(entry["period"], str) or not isinstance(entry["tenant_id"], str):
        raise _malformed("entry")
    digest(entry, "root")
    return entry, leaf_hash(canonical(entry))


def _run(held: Any) -> dict[str, Any]:
    """Of an approved run: so many statements; `records`: the head of the log of records that it rests on, or null."""
    entry = fields(held, "entry", "format", "kind", "leaves", "period", "records", "root", "run_id", "tenant_id")
    if entry["format"] != "takar.run/1" or not isinstance(entry["kind"], str):
        raise _malformed("entry")
    text(entry, "run_id", UUID), number(entry, "leaves", least=1)
    if entry["records"] is not None:
        records = fields(entry["records"], "entry", "sha256", "size")
        digest(records, "sha256"), number(records, "size", least=1)
    return entry


def _closing(held: Any) -> dict[str, Any]:
    """Of a closing of a month: its totals, and so many employees with a record."""
    counts = ("activities", "attendance_days", "leaves", "minutes")
    entry = fields(held, "entry", "close_seq", "format", "period", "root", "supersedes", "tenant_id", *counts)
    earlier = number(entry, "supersedes", least=1) if entry["supersedes"] is not None else 0
    if entry["format"] != "takar.closing/1" or number(entry, "close_seq", least=1) <= earlier:
        raise _malformed("entry")
    for name in counts:
        number(entry, name)
    return entry


def names_its_entry(head: Head, entry: dict[str, Any]) -> None:
    """A checkpoint's own lines say the same as the entry it was signed for. Raises Refused."""
    named = str(entry["run_id"] if head.log == "statements" else entry["close_seq"])
    if (head.tenant, head.entry, head.period) != (entry["tenant_id"], named, entry["period"]):
        raise Refused(
            "Checkpoint menyebut proses pembayaran atau penutupan lain daripada isinya.",
            "The checkpoint names another run or closing than the one it holds.",
        )


def in_log(given: dict[str, Any], log: str, keys: Sequence[Key]) -> tuple[Head, list[Growth]]:
    """The upper half of a receipt: from its entry up the log to a checkpoint that is signed. Raises Refused."""
    entry, leaf = read_entry(given["entry"], log)
    head = read_note(given["checkpoint"], keys)
    index, way = number(given, "entry_index"), path(given, "entry_path")
    if (head.log, head.tenant) != (log, entry["tenant_id"]) or not included(leaf, index, head.size, way, head.root):
        raise Refused(
            "Proses pembayaran atau penutupan ini tidak ada di log yang ditandatangani.",
            "This run or closing is not in the log that was signed.",
        )
    if index == head.size - 1:
        names_its_entry(head, entry)
    growth = read_since(given["since"], head, keys)
    return head, [growth] if growth else []


IN_LOG = ("checkpoint", "entry", "entry_index", "entry_path", "format", "since")


def receipt(document: dict[str, Any], keys: Sequence[Key]) -> Verdict:
    """From statement and salt to the leaf, to the run's root, to the log's root, to the signature. Raises Refused."""
    given = fields(document, "receipt", *IN_LOG, "leaf_index", "leaf_path", "salt", "statement", "statement_id")
    statement = given["statement"]
    entry, _ = read_entry(given["entry"], "statements")
    if not isinstance(statement, dict):
        raise _malformed("statement")
    run, employee = uuid.UUID(entry["run_id"]), text(statement, "employee_id", UUID)
    if text(given, "statement_id", UUID) != str(uuid.uuid5(run, employee)):
        raise Refused("Nomor slip bukan nomor slip ini.", "The number of the statement is not this statement's.")
    leaf = leaf_hash(digest(given, "salt") + canonical(statement))
    index = number(given, "leaf_index")
    if not included(leaf, index, entry["leaves"], path(given, "leaf_path"), digest(entry, "root")):
        raise Refused(
            "Slip ini bukan slip yang dihitung daerah: isinya, garamnya atau jalurnya berubah.",
            "This statement is not the one the region computed: it, its salt or its path was changed.",
        )
    head, growth = in_log(given, "statements", keys)
    return Verdict(head, growth, _told(statement, entry), receipt=given | {"leaf": leaf.hex()})


def record_receipt(document: dict[str, Any], keys: Sequence[Key]) -> Verdict:
    """From an activity or a day to the root over its employee's records, to the root over the closing's employees,
    to the log's root, to the signature. Raises Refused."""
    given = fields(
        document, "receipt", *IN_LOG, "employee", "employee_index", "employee_path", "kind", "leaf_index", "leaf_path",
        "record", "salt",
    )  # fmt: skip
    record, entry = given["record"], read_entry(given["entry"], "records")[0]
    employee = fields(given["employee"], "employee", "employee_id", "leaves", "root")
    kind = text(given, "kind", re.compile("activity|day"))
    if not isinstance(record, dict) or ("activity_id" in record) is not (kind == "activity"):
        raise _malformed("record")
    whose = (text(record, "employee_id", UUID), record.get("period"))
    leaf = leaf_hash(digest(given, "salt") + canonical(record))
    way, above = path(given, "leaf_path"), path(given, "employee_path")
    own = leaf_hash(canonical(employee))
    if (
        whose != (employee["employee_id"], entry["period"])
        or not included(leaf, number(given, "leaf_index"), number(employee, "leaves"), way, digest(employee, "root"))
        or not included(own, number(given, "employee_index"), entry["leaves"], above, digest(entry, "root"))
    ):
        raise Refused(
            "Catatan ini tidak ada di penutupan bulan: isinya, garamnya atau jalurnya berubah.",
            "This record is not among those the month was closed on: it, its salt or its path was changed.",
        )
    head, growth = in_log(given, "records", keys)
    return Verdict(head, growth, _told_of_record(record, entry), record=record)


def checkpoint(document: dict[str, Any], keys: Sequence[Key]) -> Verdict:
    """A head by itself, or with the proof that the log grew to it."""
    given = fields(document, "checkpoint", "checkpoint", "format", "since")
    head = read_note(given["checkpoint"], keys)
    growth = read_since(given["since"], head, keys)
    return Verdict(head, [growth] if growth else [], [])


def whole_log(document: dict[str, Any], keys: Sequence[Key]) -> Verdict:
    """Every entry and every head from the first on: each head is the root over the entries up to it."""
    listed = fields(document, "checkpoints", "checkpoints", "format")["checkpoints"]
    if not isinstance(listed, list) or not listed:
        raise Unusable("Daftar checkpoint ini kosong.", "This list of checkpoints is empty.")
    tree, heads, entries = Tree(), list[Head](), set[tuple[str, str]]()
    for place, one in enumerate(listed, start=1):
        given = fields(one, f"checkpoints[{place - 1}]", "checkpoint", "entry")
        head = read_note(given["checkpoint"], keys)
        entry, leaf = read_entry(given["entry"], head.log)
        names_its_entry(head, entry)
        if heads:
            same_log(heads[-1], head)
            linked(heads[-1], head)
        if head.size != place or tree.add(leaf) != head.root or (place == 1) is not (head.previous is None):
            raise Refused(
                f"Checkpoint di tempat {place} tidak cocok dengan isi log sampai di situ (daftar mulai dari nomor 1).",
                f"The checkpoint at place {place} does not fit the log up to there (the list begins with number 1).",
            )
        once = ("", head.entry) if head.log == "statements" else (head.period, head.entry)
        if once in entries:
            raise Refused("Satu proses atau penutupan tercatat dua kali.", "A run or a closing is in the log twice.")
        heads.append(head)
        entries.add(once)
    return Verdict(heads[-1], [Growth(one, heads[-1]) for one in heads[:-1]], [], heads)


# --- what is told -----------------------------------------------------------------------------------------------------


def _told(statement: dict[str, Any], entry: dict[str, Any]) -> list[tuple[str, str]]:
    totals = statement.get("totals")
    sums = totals if isinstance(totals, dict) else {}
    records = entry["records"]
    return [
        ("NIP", _plain(statement.get("nip"))),
        ("Periode / period", _plain(entry["period"])),
        ("Jenis / kind", _plain(entry["kind"])),
        ("Bruto / gross", _rupiah(sums.get("gross"))),
        ("Potongan / deductions", _rupiah(sums.get("deductions"))),
        ("Diterima / net", _rupiah(sums.get("net"))),
        ("Atas catatan / records", f"{records['size']}, SHA-256 {records['sha256']}" if records else "-"),
    ]


def _told_of_record(record: dict[str, Any], entry: dict[str, Any]) -> list[tuple[str, str]]:
    activity = [("Menit / minutes", "minutes"), ("Hasil kerja / result", "result_id"), ("Oleh / by", "approved_by")]
    day = [("Kehadiran / presence", "presence"), ("Terlambat / late", "late_minutes"), ("Awal/early", "early_minutes")]
    shown = activity if "activity_id" in record else day
    return [
        ("Pegawai / employee", _plain(record.get("employee_id"))),
        ("Tanggal / date", _plain(record.get("work_date"))),
        *((name, _plain(str(record.get(field, "-")))) for name, field in shown),
        ("Penutupan / closing", f"{entry['close_seq']}, {_plain(entry['period'])}"),
    ]


def _plain(value: Any) -> str:
    """In printable ASCII: what a file says must not steer a terminal."""
    return ascii(value)[1:-1][:80] if isinstance(value, str) else "-"


def _rupiah(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,18}", value):
        return _plain(value)
    return f"Rp {int(value):,}".replace(",", ".")


QR = re.compile(r"TAKAR1/([0-9.]+)/([0-9A-Z.-]+)/([0-9A-F-]{36})/([0-9A-F]{64})/([1-9][0-9]*)/([0-9A-F]{8})")


def same_as_printed(verdict: Verdict, printed: str) -> None:
    """The QR code on paper against the receipt. Raises Refused."""
    found = QR.fullmatch(printed.strip())
    if verdict.receipt is None or found is None:
        raise Unusable("Kode QR itu bukan kode slip Takar.", "That QR code is not one of a Takar statement.")
    given, entry = verdict.receipt, verdict.receipt["entry"]
    own = [entry["tenant_id"], entry["period"], given["statement_id"], given["leaf"], str(given["entry_index"] + 1)]
    # a receipt under a later checkpoint does not say which key signed the run's own
    key_id = verdict.head.key_id if given["entry_index"] == verdict.head.size - 1 else found[6]
    if list(found.groups()) != [one.upper() for one in (*own, key_id)]:
        raise Refused("Kode QR di kertas milik slip lain.", "The QR code on paper belongs to another statement.")


def rests_on(verdict: Verdict, record: Verdict) -> None:
    """Whether the statement was computed on the closing that this activity or day is in. Raises Refused."""
    if verdict.receipt is None or record.record is None:
        raise Unusable(
            "--record mencocokkan bukti kegiatan atau hari dengan bukti slip.",
            "--record compares the receipt of an activity or a day with that of a statement.",
        )
    records = verdict.receipt["entry"]["records"]
    if record.record["employee_id"] != verdict.receipt["statement"]["employee_id"]:
        raise Refused("Catatan itu milik pegawai lain.", "That record is another employee's.")
    if records is None:
        raise Refused("Slip ini tidak memakai penutupan bulan.", "This statement rests on no closing of a month.")
    if (records["size"], records["sha256"]) != (record.head.size, record.head.text_hash.hex()):
        raise Refused(
            f"Slip ini memakai checkpoint catatan {records['size']}, bukti itu {record.head.size} atau log lain.",
            f"This statement rests on checkpoint {records['size']} of the records, that receipt is under "
            f"{record.head.size}, or of another log.",
        )


# --- the command ------------------------------------------------------------------------------------------------------


def read_file(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise Unusable(f"Berkas {_plain(name)} tidak dapat dibuka.", f"{_plain(name)} cannot be opened.") from None
    if len(raw) > MOST_BYTES:
        raise Unusable(f"Berkas {_plain(name)} terlalu besar.", f"{_plain(name)} is too large.")
    return raw


def read_kept(raw: bytes, keys: Sequence[Key]) -> Verdict:
    """A document kept from before, or a bare checkpoint."""
    if raw.lstrip()[:1] == b"{":
        return judge(raw, keys)
    try:
        return Verdict(read_note(raw.decode("utf-8"), keys), [], [])
    except UnicodeDecodeError:
        raise _malformed("checkpoint") from None


def check(options: argparse.Namespace) -> Verdict:
    """All that the options ask for. Raises Refused."""
    if not options.key and not PINNED:
        raise Unusable(
            "Beri kunci daerah dengan --key: ada di /receipt-keys; cocokkan sidik jarinya dengan papan pengumuman.",
            "Give the region's key by --key: it is at /receipt-keys; compare its fingerprint with the notice board's.",
        )
    pinned = [{"format": "takar.receipt-keys/1", "keys": PINNED}]
    held = [read_json(read_file(name)) for name in options.key] or pinned
    keys = [key for one in held for key in read_keys(one)]
    verdict = judge(read_file(options.document), keys)
    if options.tenant and verdict.head.tenant != options.tenant:
        raise Refused(
            f"Ini milik daerah {verdict.head.tenant}, bukan {_plain(options.tenant)}.",
            f"This is region {verdict.head.tenant}'s, not {_plain(options.tenant)}'s.",
        )
    if options.nip and (verdict.receipt or {}).get("statement", {}).get("nip") != options.nip:
        raise Refused("Slip ini milik NIP lain.", "This statement is another NIP's.")
    if options.qr:
        same_as_printed(verdict, options.qr)
    for name in options.record:
        rests_on(verdict, judge(read_file(name), keys))
    growth = [*verdict.growth, *(one for name in options.proof for one in judge(read_file(name), keys).growth)]
    for name in options.previous:
        kept = read_kept(read_file(name), keys).head
        same = next((one for one in verdict.heads if one.size == kept.size), verdict.head)
        compare(kept, same, growth)
    return verdict


def say(status: str, indonesian: str, english: str) -> None:
    print(f"{status}\n{_ascii(indonesian)}\n{_ascii(english)}")


def _ascii(sentence: str) -> str:
    return sentence.encode("ascii", "backslashreplace").decode()


def announce(verdict: Verdict, compared: bool, rests: int) -> None:
    head = verdict.head
    what = ("Slip ini", "This statement") if verdict.receipt else ("Log ini", "This log")
    what = ("Catatan ini", "This record") if verdict.record else what
    say(
        "SAH / GENUINE",
        f"{what[0]} adalah yang ditandatangani daerah {head.tenant}.",
        f"{what[1]} is the one that region {head.tenant} signed.",
    )
    if compared:
        say(
            "",
            "Log tidak bercabang dan tidak berkurang sejak yang Anda simpan.",
            "The log has neither forked nor shrunk since what you kept.",
        )
    if rests:
        say(
            "",
            f"Slip ini dihitung atas penutupan bulan yang memuat {rests} catatan itu.",
            f"This statement was computed on the closing of the month that holds those {rests} records.",
        )
    rows = [
        *verdict.told,
        ("Checkpoint", f"{head.size}, {head.time}"),
        ("Kunci / key", f"{head.key_id}, SHA-256 {head.key.fingerprint}"),
    ]
    for name, value in rows:
        print(f"  {name:<24} {value}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="takar_verify.py",
        description="Apakah slip atau catatan ini yang ditandatangani daerah? / Is this the one the region signed?",
        epilog="0: sah / genuine; 1: tidak sah / not genuine; 2: berkas atau pilihan salah / files or options bad.",
    )
    made.add_argument("document", help="a receipt, or checkpoints of the region, as Takar sent them")
    made.add_argument(
        "--key", metavar="FILE", action="append", default=[], help="the region's public keys, from /receipt-keys"
    )
    made.add_argument(
        "--previous", metavar="FILE", action="append", default=[], help="a receipt or checkpoint kept from before"
    )
    made.add_argument("--proof", metavar="FILE", action="append", default=[], help="what /checkpoints/consistency sent")
    made.add_argument(
        "--record", metavar="FILE", action="append", default=[], help="an activity or day the statement must rest on"
    )
    made.add_argument("--qr", metavar="TEXT", help="what the QR code on the paper says")
    made.add_argument("--tenant", metavar="CODE", help="the region it must be, as 19.05")
    made.add_argument("--nip", metavar="NIP", help="the NIP it must be")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 or 2."""
    options = parser().parse_args(arguments)
    try:
        verdict = check(options)
    except Refused as refused:
        say("DITOLAK / REFUSED", refused.indonesian, refused.english)
        return refused.status
    announce(verdict, bool(options.previous), len(options.record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
