"""Files as bytes: they add up to the run, say nothing that is not data, and are the same on every machine."""

import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from services.payroll.exports.bank import BankTemplate, Instruction, write_bank_file
from services.payroll.exports.bank.writing import About
from services.payroll.exports.documents import hash_of, read_document, shipped_templates
from services.payroll.exports.files import FILES, Kind
from services.payroll.exports.pdf.lists import nominative_data, nominative_pdf
from services.payroll.exports.pdf.statement import Explained, statement_pdf
from services.payroll.exports.pdf.typesetting import pages
from services.payroll.exports.records import Account, Exported, Totals
from services.payroll.exports.settings import ExportSettings
from services.payroll.exports.sipd import sipd_workbook
from services.payroll.exports.tabular import bpjs_workbook, tax_workbook
from services.payroll.exports.wording import in_words, rupiah
from services.payroll.rules import evaluate
from services.payroll.rules.explanation import explain
from shared.control import hash_total
from shared.errors import Invalid, Refused
from tests.payroll import people
from tests.payroll.paid_people import CRITERIA, MADE_AT, NASTY, a_run, any_run, paid

WORDS = {"period": "2026-10", "month": "Oktober 2026", "kind": "Induk", "region": "Bangka Barat", "tenant": "19.05"}
ABOUT = About(1, WORDS, MADE_AT)
DEFAULTS = ExportSettings()
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def sheet(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def text_of(content: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def plain(text: str) -> str:
    return "".join(text.split())


def template(name: str) -> BankTemplate:
    found = read_document(shipped_templates()[name])
    assert isinstance(found, BankTemplate)
    return found


def instructions(run: Exported) -> list[Instruction]:
    return [
        Instruction(number, f"REF{number:06}", one.nip, one.name, one.unit, one.account, one.net)
        for number, one in enumerate((one for one in run.paid if one.account), start=1)
    ]


def a_statement() -> tuple[Exported, Explained]:
    """The statement of a worked example, with everything a printed one has."""
    facts, policy = people.example("jambi-kind-t1"), people.policy("jambi-kind")
    computed = evaluate(policy, facts)
    body = computed.to_dict()
    amounts = {"payable": computed.payable, "gross": computed.gross, "deductions": computed.deductions}
    one = paid(1, criteria=computed.criteria, items=(), net=computed.net, name=NASTY[4], **amounts)
    return a_run([one]), Explained(
        paid=one,
        tree=explain(policy, body, facts),
        totals=body["totals"],
        warnings=["perlu dilihat"],
        leaf="9a" * 32,
        inputs_hash="0f" * 32,
        qr="TAKAR1/19.05/2026-10/5F0C",
    )


@relaxed
@given(any_run())
def test_every_row_of_the_sipd_sheet_adds_up_and_the_sheet_to_the_run(run):
    head, *rows = sheet(sipd_workbook(run, DEFAULTS), "TPP")
    assert len(head) == 34
    sums = [0, 0, 0]
    for row in rows:
        amounts = [int(cell.removesuffix(",00").replace(".", "")) for cell in row[15:]]
        assert sum(amounts[:12]) == amounts[16]
        assert sum(amounts[6:16]) == amounts[17]
        assert amounts[16] - amounts[17] == amounts[18]
        sums = [before + more for before, more in zip(sums, amounts[16:], strict=True)]
    assert sums == [run.totals.gross, run.totals.deductions, run.totals.net]


@relaxed
@given(any_run())
def test_recaps_sum_what_they_list_and_what_they_list_is_the_runs(run):
    *rows, totals = sheet(tax_workbook(run), "PPh 21")[4:]
    assert [sum(int(row[at]) for row in rows) for at in (9, 10, 11, 12)] == [int(totals[at]) for at in (9, 10, 11, 12)]
    assert int(totals[12]) == run.totals.net
    assert int(totals[11]) == sum(one.tax for one in run.paid)
    *_, totals = sheet(bpjs_workbook(run), "BPJS Kesehatan")
    bpjs = [one.taken("contribution", scheme="bpjs_kesehatan") for one in run.paid]
    assert int(totals[9]) == sum(bpjs)


@relaxed
@given(any_run(), st.sampled_from(sorted(shipped_templates())))
def test_a_bank_file_holds_every_payment_once_with_its_control_totals(run, name):
    payments = instructions(run)
    file = write_bank_file(template(name), payments, ABOUT)
    assert (file.count, file.sum) == (len(payments), sum(one.amount for one in payments))
    assert file.hash_total == hash_total(one.account.number for one in payments)
    read = READERS[name](file.content)
    assert [(account, amount) for account, amount, _ in read] == [(one.account.number, one.amount) for one in payments]
    for _, _, holder in read:
        assert not holder.startswith(("=", "+", "-", "@"))
        assert not set(holder) & {"\n", "\r", "\t"}


def read_csv(content: bytes) -> list[tuple[str, int, str]]:
    rows = csv.DictReader(io.StringIO(content.decode("ascii")), delimiter=";")
    return [(row["REKENING"], int(row["JUMLAH"]), row["NAMA"]) for row in rows]


def read_fixed(content: bytes) -> list[tuple[str, int, str]]:
    head, *rows, last = content.decode("ascii").split("\r\n")[:-1]
    assert head.startswith("H19.05   TPP 2026-10 Induk")
    assert {len(row) for row in rows} <= {120}
    found = [(row[10:30].rstrip(), int(row[65:80]), row[30:65].rstrip()) for row in rows]
    assert last[0] == "T"
    counted = (len(found), sum(amount for _, amount, _ in found), int(hash_total(account for account, _, _ in found)))
    assert (int(last[1:7]), int(last[7:24]), int(last[24:40])) == counted
    return found


def read_xlsx(content: bytes) -> list[tuple[str, int, str]]:
    said = {name: value for name, value in sheet(content, "Kendali")[1:]}
    found = [(row[2], int(row[4]), row[3]) for row in sheet(content, "Pembayaran")[1:]]
    assert all(isinstance(account, str) for account, _, _ in found)
    assert (int(said["Jumlah penerima"]), int(said["Jumlah rupiah"])) == (len(found), sum(one[1] for one in found))
    assert said["Hash total rekening"] == hash_total(account for account, _, _ in found)
    return found


READERS = {"bpd-csv": read_csv, "bpd-fixed": read_fixed, "bpd-xlsx": read_xlsx}


def test_an_account_that_does_not_fit_its_width_is_named_and_nothing_is_cut():
    payments = instructions(a_run(count=2))
    long = payments[1]._replace(account=Account("120", "BPD", "9" * 21, "Sari"))
    with pytest.raises(Invalid) as refused:
        write_bank_file(template("bpd-fixed"), [payments[0], long], ABOUT)
    (fault,) = refused.value.faults
    assert (fault.place, fault.row, fault.value) == ("rekening", 2, "9" * 21)


@pytest.mark.parametrize("kind", ["sipd.xlsx", "tax.xlsx", "bpjs.xlsx"])
def test_what_people_wrote_is_no_formula_and_numbers_that_name_things_are_text(kind: Kind):
    run = a_run([paid(number, name=name) for number, name in enumerate(NASTY, start=1)])
    content = FILES[kind](run, DEFAULTS)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert not [name for name in book.namelist() if b"<f>" in book.read(name)]
    rows = sheet(content, {"sipd.xlsx": "TPP", "tax.xlsx": "PPh 21", "bpjs.xlsx": "BPJS Kesehatan"}[kind])
    cells = [cell for row in rows for cell in row]
    for one in run.paid:
        assert one.nip in cells
        assert one.name in cells
    if kind == "sipd.xlsx":
        assert {row[14] for row in rows[1:]} == {one.account.number for one in run.paid if one.account}


def test_nothing_that_people_wrote_is_set_as_markup():
    run = a_run([paid(number, name=name, unit=name, opd=name) for number, name in enumerate(NASTY, start=1)])
    said = text_of(nominative_pdf(run, DEFAULTS)).replace("\u200b", "")
    for name in NASTY:
        assert plain(name) in said
    run, one = a_statement()
    assert plain(NASTY[4]) in text_of(statement_pdf(run, one)).replace("\u200b", "")


def test_a_long_list_repeats_its_head_numbers_its_pages_and_keeps_within_them():
    amounts = {code: 9_999_999_999 for code in (*CRITERIA, *"ABCDEFGH")}
    names = {code: f"Kriteria panjang {code}" for code in amounts}
    crowd = [
        paid(number, criteria=amounts, name=NASTY[number % len(NASTY)], opd_code="1", opd="Dinas")
        for number in range(60)
    ]
    found = PdfReader(io.BytesIO(nominative_pdf(a_run(crowd, criteria=names), DEFAULTS, office="1"))).pages
    assert len(found) > 3
    for number, page in enumerate(found, start=1):
        said = page.extract_text()
        assert f"Halaman {number} dari {len(found)}" in said
        assert "Tanda tangan" in said or "Terbilang" in said
        places: list[float] = []
        page.extract_text(
            visitor_text=lambda text, _, at, *__, into=places: into.append(at[4]) if text.strip() else None
        )
        assert all(0 <= x < float(page.mediabox.width) - 30 for x in places)


def test_a_large_run_is_signed_by_offices_each_a_document_of_its_own():
    run = a_run(count=9)
    with zipfile.ZipFile(io.BytesIO(FILES["nominative.zip"](run, DEFAULTS))) as archive:
        assert archive.namelist() == ["001-1.01.pdf", "002-1.02.pdf", "003-1.02.1.pdf", "rekapitulasi.pdf"]
        for office, name in zip(run.offices(), archive.namelist(), strict=False):
            assert plain(in_words(office.totals.net)) in text_of(archive.read(name))
        assert plain(in_words(run.totals.net)) in text_of(archive.read("rekapitulasi.pdf"))
    with pytest.raises(Refused, match=r"nominative\.zip"):
        nominative_pdf(a_run(count=2001), DEFAULTS)


def test_a_statement_says_what_was_paid_in_figures_and_words_and_why():
    run, one = a_statement()
    said = text_of(statement_pdf(run, one))
    assert "Rp3.621.040" in said
    assert plain("Tiga juta enam ratus dua puluh satu ribu empat puluh rupiah") in said
    for _, node in one.tree.walk():
        assert plain(node.label.id) in said
        assert plain(node.formula.id) in said
        assert plain(node.article) in said
    assert "belumdisahkan" in text_of(statement_pdf(run, replace(one, qr=None)))


def test_what_is_looked_at_as_images_is_the_document_page_by_page():
    run = a_run(count=4)
    images = pages("lists", nominative_data(run, DEFAULTS), ppi=40)
    assert len(images) == len(PdfReader(io.BytesIO(nominative_pdf(run, DEFAULTS))).pages)
    assert all(image.startswith(b"\x89PNG") for image in images)


def test_a_run_that_nobody_approved_is_marked_on_every_list():
    assert "KONSEP" not in text_of(FILES["recap.pdf"](a_run(), DEFAULTS))
    assert "KONSEP" in text_of(FILES["recap.pdf"](a_run(final=False), DEFAULTS))


@pytest.mark.parametrize("field", ["count", "gross", "deductions", "net", "hash_total"])
def test_a_run_that_does_not_add_up_to_its_totals_is_not_exported(field):
    run = a_run()
    stated = getattr(run.totals, field)
    totals = replace(run.totals, **{field: stated + 1 if isinstance(stated, int) else "7"})
    with pytest.raises(Refused, match=field.replace("_", ".")):
        replace(run, totals=totals)
    assert isinstance(run.totals, Totals)


SMALL = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def slowly(amount: int) -> str:
    """A number in Indonesian words, by the rules of the language."""
    if amount < 12:
        return SMALL[amount]
    if amount < 20:
        return f"{slowly(amount - 10)} belas"
    for size, one, many in (
        (10**12, "satu triliun", "triliun"),
        (10**9, "satu miliar", "miliar"),
        (10**6, "satu juta", "juta"),
        (1000, "seribu", "ribu"),
        (100, "seratus", "ratus"),
        (10, "", "puluh"),
    ):
        if amount >= size:
            count, rest = divmod(amount, size)
            said = one if count == 1 else f"{slowly(count)} {many}"
            return f"{said} {slowly(rest)}".strip()
    raise AssertionError(amount)


@settings(max_examples=1000, deadline=None)
@given(st.integers(1, 10**14))
def test_amounts_in_words_are_those_of_the_language(amount):
    assert in_words(amount).casefold() == f"{slowly(amount)} rupiah"


def test_amounts_as_documents_write_them():
    assert in_words(0) == "Nol rupiah"
    assert in_words(1_200_000) == "Satu juta dua ratus ribu rupiah"
    assert rupiah(1_234_567) == "Rp\u00a01.234.567"
    assert rupiah(-500) == "Rp\u00a0-500"


_PRINT_ALL = """
from tests.payroll.test_exports import digests
for name, digest in sorted(digests().items()):
    print(name, digest)
"""


def digests() -> dict[str, str]:
    """The SHA-256 of every kind of file, of the same run."""
    run = a_run([paid(number, name=name) for number, name in enumerate(NASTY, start=1)])
    made: dict[str, bytes] = {name: make(run, DEFAULTS) for name, make in FILES.items()}
    made |= {name: write_bank_file(template(name), instructions(run), ABOUT).content for name in shipped_templates()}
    made["statement.pdf"] = statement_pdf(*a_statement())
    return {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}


def test_another_process_at_another_place_and_with_another_seed_writes_the_same_bytes(tmp_path):
    found = []
    for seed, zone, home in (("1", "Asia/Jayapura", str(tmp_path)), ("77", "America/New_York", "/")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "HOME": home, "SOURCE_DATE_EPOCH": seed}
        ran = subprocess.run([sys.executable, "-c", _PRINT_ALL], env=env, capture_output=True, text=True, check=True)
        found.append(dict(line.split() for line in ran.stdout.splitlines()))
    assert found[0] == found[1] == digests()


def test_no_file_holds_the_moment_it_was_written():
    run = a_run()
    for kind in ("sipd.xlsx", "tax.xlsx", "bpjs.xlsx"):
        with zipfile.ZipFile(io.BytesIO(FILES[kind](run, DEFAULTS))) as book:
            assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"2026-11-03T" in book.read("docProps/core.xml")
    dated = PdfReader(io.BytesIO(FILES["recap.pdf"](run, DEFAULTS))).metadata
    assert dated is not None
    assert dated.creation_date == MADE_AT


def test_pdfs_carry_their_own_fonts_and_none_of_the_machines():
    run, one = a_statement()
    for content in (statement_pdf(run, one), nominative_pdf(run, DEFAULTS)):
        reader = PdfReader(io.BytesIO(content))
        fonts = {
            str(font.get_object()["/BaseFont"]).partition("+")[2]
            for page in reader.pages
            for font in page["/Resources"]["/Font"].values()
        }
        assert fonts
        assert all(name.startswith(("LibertinusSerif", "DejaVuSansMono")) for name in fonts), fonts


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("format: takar.exports/1\nsipd: {items: {zakat: bulat}}", "sipd"),
        ("format: takar.exports/1\nsignatories: []", "signatories"),
        ("format: takar.exports/1\nsignatories: [{title: Kepala, nip: '123'}]", "signatories[1].nip"),
        ("format: takar.exports/1\nchasing: {paid_within: 900}", "chasing.paid_within"),
        ("format: takar.exports/1\nreceipt: x", "receipt"),
        ("format: takar.bank/1\nname: a\nfile: {kind: docx}\ncolumns: []", "file"),
        ("format: other", "format"),
        ("- 1", "format"),
        ("a: &x 1\nb: *x", "line 1"),
        (": :", "line 1"),
    ],
)
def test_a_fault_of_a_document_is_named_with_its_place(document, place):
    with pytest.raises(Invalid) as refused:
        read_document(document)
    assert place in " ".join(fault.place for fault in refused.value.faults)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.text(max_size=200).map(lambda text: f"format: takar.bank/1\n{text}")))
def test_no_document_gives_a_traceback(text):
    with suppress(Invalid):
        document = read_document(text)
        assert hash_of(document) == hash_of(read_document(text))
