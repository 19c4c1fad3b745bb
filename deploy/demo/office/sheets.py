"""The office's files: workbooks and CSV with the headers an office would write, and raw machine logs."""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from deploy.demo.office.model import SINCE, Office

Cell = str | int | date | None
Sheet = Sequence[Sequence[Cell]]

REMOTE = "tempat_bertugas"  # the flag's name in the policy document
_MADE = datetime(2026, 1, 2)  # noqa: DTZ001 - the workbook's date of making, which has no zone


def write_office(office: Office, folder: Path) -> None:
    """Write all files of a region into its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_xlsx(folder / "pegawai.xlsx", {"Unit": units(office), "Jabatan": posts(office), "Pegawai": people(office)})
    write_xlsx(folder / "skp.xlsx", {"SKP": plans(office)})
    write_csv(folder / "pin.csv", pins(office))
    write_csv(folder / "cuti-dan-dinas-luar.csv", leaves(office))
    write_csv(folder / "gaji.csv", salaries(office))
    if office.remote:
        write_csv(folder / "keadaan.csv", circumstances(office))
    for site in dict.fromkeys(unit.site for unit in office.units):
        (folder / f"{site}_attlog.dat").write_bytes(attlog(office, site))


def units(office: Office) -> Sheet:
    head = ("Kode Unit", "Nama Unit", "Jenis Unit", "Kode Induk", "Berlaku Sejak")
    return [head, *((one.code, one.name, one.kind, one.parent, SINCE) for one in office.units)]


def posts(office: Office) -> Sheet:
    head = (
        "Kode Jabatan", "Nama Jabatan", "Jenis Jabatan", "Kelas Jabatan", "Kode Unit", "Kode Atasan", "Eselon",
        "Berlaku Sejak",
    )  # fmt: skip
    return [
        head,
        *((p.code, p.name, p.jenis, p.kelas, p.unit, p.reports_to, p.eselon, SINCE) for p in office.posts),
    ]


def people(office: Office) -> Sheet:
    head = (
        "NIP", "Nama", "Tanggal Lahir", "Status ASN", "Golongan", "PTKP", "NPWP", "NIK", "Kode Bank", "Nama Bank",
        "Nomor Rekening", "Nama Rekening", "Kode Jabatan", "Jenis Penugasan", "Berlaku Sejak", "Berlaku Sampai",
    )  # fmt: skip
    rows: list[Sequence[Cell]] = [head]
    for one in office.people:
        account = (*office.bank, one.account, one.name.upper())
        who = (one.nip, one.name, one.birth_date, one.status_asn, one.golongan, one.ptkp, one.npwp, one.nik, *account)
        rows.append((*who, one.post.code, "definitif", one.since, None))
    return rows


def plans(office: Office) -> Sheet:
    head = (
        "NIP", "Kode RHK", "Rencana Hasil Kerja", "RHK Atasan", "Jenis", "Aspek", "Indikator", "Target", "Satuan",
        "Bobot",
    )  # fmt: skip
    rows: list[Sequence[Cell]] = [head]
    for nip, plan in office.plans.items():
        for result, weight in zip(plan, _weights(len(plan)), strict=True):
            rows.append((
                nip, result.code, result.text, result.superior_text, "utama", "kuantitas", result.indicator,
                result.target, result.unit, weight,
            ))  # fmt: skip
    return rows


def _weights(count: int) -> list[int]:
    """Whole percents that total 100."""
    each = 100 // count
    return [100 - each * (count - 1), *[each] * (count - 1)]


def pins(office: Office) -> Sheet:
    head = ("Mesin", "PIN", "NIP", "Berlaku Mulai")
    return [head, *((one.unit.site, one.pin, one.nip, SINCE) for one in office.people)]


def leaves(office: Office) -> Sheet:
    head = ("NIP", "Jenis", "Dari", "Sampai", "Nomor Surat")
    return [head, *((one.nip, one.kind, one.first_day, one.last_day, one.letter) for one in office.leaves)]


def salaries(office: Office) -> Sheet:
    """Salary, the tax on it and the contribution base: what the salary office hands over each month."""
    head = ("NIP", "Gaji Kotor", "PPh Gaji", "Dasar BPJS", "Gaji Pokok")
    rows: list[Sequence[Cell]] = [head]
    for one in office.people:
        dice = random.Random(f"salary {one.nip}")
        pokok = 2_100_000 + one.post.kelas * 180_000 + dice.randrange(0, 900, 1) * 1_000
        kotor = pokok + pokok // 10 + dice.randrange(300, 1_200) * 1_000
        rows.append((one.nip, kotor, 0, min(12_000_000, pokok + pokok // 10), pokok))
    return rows


def circumstances(office: Office) -> Sheet:
    """What no service states: whose place of duty is one that TPP counts."""
    head = ("Jenis", "Kode", "NIP", "Mulai", "Penetap", "Alasan")
    decided = (SINCE, "Gubernur (contoh)", "SK daftar tempat bertugas (contoh)")
    return [
        head,
        *(("tanda", REMOTE, one.nip, *decided) for one in office.people if one.post.unit in office.remote),
    ]


def attlog(office: Office, site: str) -> bytes:
    """A machine's file: padded PIN, tabs, CR LF, some punches twice, and one line cut off in the middle."""
    dice = random.Random(f"attlog {office.tenant_id} {site}")
    lines: list[str] = []
    for punch in (one for one in office.punches if one.site == site):
        line = f"{punch.pin:>9}\t{punch.at:%Y-%m-%d %H:%M:%S}\t{punch.status}\t{dice.choice((1, 1, 1, 15))}\t0\t0"
        lines += [line, line] if dice.random() < 0.01 else [line]
    lines.insert(len(lines) // 2, f"{101:>9}\t2026-10-1")
    return "".join(line + "\r\n" for line in lines).encode("ascii")


def write_csv(path: Path, rows: Sheet) -> None:
    path.write_bytes(as_csv(rows))


def as_csv(rows: Sheet) -> bytes:
    """As Excel of an Indonesian office saves it: semicolons, CR LF, UTF-8 with its mark."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(map(_plain, rows))
    return text.getvalue().encode("utf-8-sig")


def _plain(row: Iterable[Cell]) -> list[str]:
    return ["" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell) for cell in row]


def write_xlsx(path: Path, sheets: Mapping[str, Sheet]) -> None:
    """A workbook with a sheet per table; numbers that are names (NIP, account) stay text."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd-mm-yyyy"}) as book:
        book.set_properties({"created": _MADE})
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is None:
                        continue
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell, bold if number == 0 else None)
                    else:
                        sheet.write(number, column, cell)
            sheet.freeze_panes(1, 0)
            sheet.autofit()
