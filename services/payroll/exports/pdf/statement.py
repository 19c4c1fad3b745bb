"""A statement on paper: what is paid, the explanation tree, and a QR code that leads to its proof."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import segno

from services.payroll.exports.pdf.shortening import shortened
from services.payroll.exports.pdf.typesetting import typeset_many
from services.payroll.exports.records import Exported, Paid
from services.payroll.exports.wording import KINDS, in_words, month, rupiah
from services.payroll.rules.explanation import Node
from shared.money import digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One statement of a run with its explanation.

    qr: what the code says, None where the run is not approved; totals: the statement's own, in whole rupiah.
    """

    paid: Paid
    tree: Node
    totals: Mapping[str, str]
    warnings: Sequence[str]
    leaf: str
    inputs_hash: str
    qr: str | None
    proof: Sequence[tuple[str, str]] = ()


def statement_pdf(run: Exported, one: Explained) -> bytes:
    """The statement as a tagged PDF/A."""
    (found,) = statement_pdfs(run, [statement_data(run, one)])
    return found


def statement_pdfs(run: Exported, data: Sequence[dict[str, Any]]) -> list[bytes]:
    """As `statement_pdf`, of what `statement_data` made of several statements of a run: in one process."""
    return typeset_many("statement", data, made_at=run.made_at, tagged=True)


def statement_data(run: Exported, one: Explained) -> dict[str, Any]:
    """What the template sets."""
    paid = one.paid
    return {
        "title": "Rincian tambahan penghasilan pegawai",
        "subtitle": f"Bulan {month(run.period)}, {KINDS.get(run.kind, run.kind)}",
        "region": run.region,
        "footer": f"{run.region} · pernyataan {paid.statement_id}",
        "draft": not run.final,
        "facts": _facts(run, paid),
        "summary": _summary(paid, one.totals),
        "words": in_words(paid.net),
        "warnings": list(one.warnings),
        "tree": list(_told(shortened(one.tree))),
        "qr": _qr(one.qr) if one.qr else None,
        "proof": [
            ["Pernyataan", str(paid.statement_id)],
            ["Sidik pernyataan", paid.statement_hash],
            ["Sidik fakta", one.inputs_hash],
            ["Daun Merkle", one.leaf],
            ["Sidik kebijakan", run.policy_hash],
            *([name, value] for name, value in one.proof),
            ["Kode QR", one.qr or "belum disahkan: run belum disetujui"],
        ],
    }


def _facts(run: Exported, paid: Paid) -> list[list[str]]:
    account = paid.account
    return [
        ["Nama", paid.name],
        ["NIP", paid.nip],
        ["Status, golongan", f"{paid.status_asn.replace('_', ' ')}, {paid.golongan}"],
        ["Jabatan", f"{paid.position} (kelas {paid.kelas})"],
        ["Unit kerja", paid.unit if paid.unit == paid.office[1] else f"{paid.unit}, {paid.office[1]}"],
        ["Rekening", f"{account.number}, {account.bank_name}, a.n. {account.holder}" if account else "belum ada"],
        ["Dasar", run.policy],
    ]


def _summary(paid: Paid, totals: Mapping[str, str]) -> list[list[str]]:
    suspended, released, corrected = (int(totals[name]) for name in ("suspended", "released", "corrected"))
    amounts = {
        "TPP": int(totals["tpp"]),
        **({"Ditunda": -suspended} if suspended else {}),
        **({"Dari bulan lalu": released} if released else {}),
        **({"Koreksi bulan lalu": corrected} if corrected else {}),
        "Kotor": paid.gross,
        "Potongan": paid.deductions,
        "Diterima": paid.net,
    }
    return [[name, rupiah(amount)] for name, amount in amounts.items()]


def _told(node: Node, depth: int = 0, *, above: str = "", added: bool = True) -> Iterator[dict[str, Any]]:
    """A node, its evidence, its parts; `added`: whether its amount is part of the one above it.

    above: the article of that one, which is not said again.
    """
    yield {
        "depth": depth,
        "label": node.label.id,
        "formula": node.formula.id,
        "article": "" if node.article == above else node.article,
        "amount": digits(node.amount) if node.amount is not None and added else None,
        "strong": bool(node.parts),
    }
    for one in node.evidence:
        yield from _told(one, depth + 1, above=node.article, added=False)
    for one in node.parts:
        yield from _told(one, depth + 1, above=node.article, added=added)


def _qr(text: str) -> str:
    """The code as SVG, its quiet zone included; error correction Q survives a stamp across it."""
    return str(segno.make(text, error="q", micro=False).svg_inline(scale=4, border=4))
