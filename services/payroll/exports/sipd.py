"""SIPD's TPP upload: 34 columns, a row a statement, and a sheet of control totals beside it (domain 6.3)."""

from collections.abc import Mapping, Sequence

from services.payroll.exports.records import Exported, Item, Paid
from services.payroll.exports.settings import ExportSettings, SipdSettings
from services.payroll.exports.sipd_columns import BULOG, CRITERIA, EMPLOYER_COLUMNS, HEADER, OTHER_COLUMNS
from services.payroll.exports.wording import KINDS, month
from services.payroll.exports.workbook import Cell, Column, Sheet, workbook
from shared.money import digits

_TEXTS = 15  # the sixteenth column is the first amount
_WIDTHS = {"No": 5, "Nama": 32, "NIP": 20, "NIK": 18, "Nama Jabatan": 32, "Nomor Rekening": 20, "Alamat": 24}
_TYPES = {
    "jpt_utama": "Struktural",
    "jpt_madya": "Struktural",
    "jpt_pratama": "Struktural",
    "administrator": "Struktural",
    "pengawas": "Struktural",
    "jf_keahlian": "Fungsional",
    "jf_keterampilan": "Fungsional",
    "pelaksana": "Pelaksana",
}


def sipd_workbook(run: Exported, settings: ExportSettings) -> bytes:
    """The upload as XLSX. Row by row, Jumlah TPP - Jumlah Potongan = Jumlah Ditransfer = the statement's net."""
    amounts = [amounts_of(one, settings.sipd) for one in run.paid]
    as_text = settings.sipd.money == "text"
    rows: list[Sequence[Cell]] = [
        (*_who(number, one), *([_written(amount) for amount in given] if as_text else given))
        for number, (one, given) in enumerate(zip(run.paid, amounts, strict=True), start=1)
    ]
    columns = [
        Column(name, "whole" if at == 0 else "text" if at < _TEXTS or as_text else "money", _WIDTHS.get(name))
        for at, name in enumerate(HEADER)
    ]
    title = f"TPP {run.region} {month(run.period)}"
    sheets = [Sheet("TPP", columns, rows, frozen=3), control_sheet(run, notes=_notes(run, settings.sipd))]
    return workbook(sheets, made_at=run.made_at, title=title)


def amounts_of(one: Paid, settings: SipdSettings) -> list[int]:
    """A statement's nineteen amounts: criteria, tunjangan PPh, employer's items, the employee's items, three totals.

    They add up as SIPD adds them: the first twelve to Jumlah TPP, the employer's and the employee's to Jumlah Potongan.
    """
    criteria = _criteria(one, settings)
    employer = dict.fromkeys(EMPLOYER_COLUMNS, 0)
    employee = dict.fromkeys(OTHER_COLUMNS, 0)
    for item in one.items:
        if item.kind == "contribution" and item.payer == "employer" and item.amount < 0:
            employer[_column(item, settings, "iuran_pemberi_kerja", EMPLOYER_COLUMNS)] -= item.amount
        elif item.kind == "recovery" or (item.kind == "contribution" and item.payer != "employer"):
            employee[_column(item, settings, settings.others, OTHER_COLUMNS)] -= item.amount
    taken = [employee["bpjs_1"], one.tax, employee["zakat"], employee[BULOG]]
    return [*criteria, one.tax_allowance, *employer.values(), *taken, one.gross, one.deductions, one.net]


def _criteria(one: Paid, settings: SipdSettings) -> list[int]:
    columns = dict.fromkeys(CRITERIA, 0)
    for code, amount in one.by_criterion().items():
        columns[_criterion(code, settings)] += amount
    return list(columns.values())


def _criterion(code: str, settings: SipdSettings) -> str:
    return settings.criteria.get(code) or (code if code in CRITERIA else CRITERIA[0])


def _column(item: Item, settings: SipdSettings, default: str, allowed: Sequence[str]) -> str:
    named = settings.items.get(item.rule, item.column)
    return named if named in allowed else default


def _who(number: int, one: Paid) -> tuple[Cell, ...]:
    account = one.account
    return (
        number,
        one.name,
        one.nip,
        one.nik,
        f"{one.birth_date:%d-%m-%Y}" if one.birth_date else "",
        _TYPES.get(one.jenis_jabatan, one.jenis_jabatan),
        one.position,
        one.eselon,
        one.status_asn.replace("_", " "),
        one.golongan,
        one.masa_kerja,
        one.address,
        account.bank_code if account else "",
        account.bank_name if account else "",
        account.number if account else "",
    )


def _written(amount: int) -> str:
    return f"{digits(amount)},00"


def _notes(run: Exported, settings: SipdSettings) -> list[str]:
    """What the sheet's columns cannot say by themselves, in words."""
    codes = [code for code in run.criteria if code not in CRITERIA and code not in settings.criteria]
    notes = [
        f"Kriteria {code} ({run.criteria[code]}) dimuat pada kolom {HEADER[_TEXTS]}; atur pada sipd.criteria"
        for code in codes
    ]
    moved: dict[str, int] = {}
    for one in run.paid:
        for item in one.items:
            if item.kind == "recovery" or (
                item.kind == "contribution"
                and item.payer != "employer"
                and settings.items.get(item.rule, item.column) not in OTHER_COLUMNS
            ):
                moved[item.name] = moved.get(item.name, 0) - item.amount
    return notes + [
        f"{name}: Rp {digits(amount)} dimuat pada kolom Bulog, karena tidak ada kolom sendiri"
        for name, amount in sorted(moved.items())
    ]


def control_sheet(run: Exported, *, notes: Sequence[str] = (), more: Mapping[str, Cell] | None = None) -> Sheet:
    """Count, sums and hashes of the run, for whoever loads the file."""
    totals = run.totals
    figures: dict[str, Cell] = {
        "Daerah": f"{run.region} ({run.tenant_id})",
        "Periode": month(run.period),
        "Jenis": KINDS.get(run.kind, run.kind),
        "Nomor run": str(run.run_id),
        "Keadaan": "disetujui" if run.final else "KONSEP, belum disetujui",
        "Jumlah pegawai": totals.count,
        "Jumlah kotor": totals.gross,
        "Jumlah potongan": totals.deductions,
        "Jumlah bersih": totals.net,
        "Hash total rekening": totals.hash_total,
        "Sidik (digest)": run.digest,
        "Akar Merkle": run.root,
        "Kebijakan": run.policy,
        "Sidik kebijakan": run.policy_hash,
    } | dict(more or {})
    columns = (Column("Kendali", width=24), Column("Nilai", "money", 70))
    return Sheet("Kendali", columns, [(name, value) for name, value in figures.items()], notes=notes, landscape=False)
