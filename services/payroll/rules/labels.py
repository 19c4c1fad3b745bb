"""What the explanation's nodes are called, Indonesian and English, as data; and days in words."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.payroll.rules.facts import ActivityDay, AttendanceDay
from services.payroll.rules.words import Said

HEADINGS: Mapping[str, Said] = {
    "net": Said("Diterima", "Net"),
    "tpp": Said("TPP bulan ini", "TPP of the period"),
    "parts": Said("Bagian", "Parts"),
    "deductions": Said("Pengurangan", "Deductions"),
    "additions": Said("Tambahan, batas, pembulatan", "Additions, limits, rounding"),
    "withholding": Said("Penundaan", "Withholding"),
    "corrections": Said("Selisih bulan lalu", "Differences of earlier months"),
    "settlement": Said("Iuran, pajak, pemulihan", "Contributions, tax, recoveries"),
    "other": Said("Lainnya", "Other"),
    "warning": Said("Perlu dilihat", "To be looked at"),
    "blocking": Said("Harus diputuskan sebelum dibayar", "To be decided before this is paid"),
    "exemption": Said("Pengecualian", "Exemption"),
    "segment": Said("Jabatan", "Position"),
    "entitlement": Said("Hak menurut status", "Entitlement by status"),
    "cap": Said("Batas bersama", "Common limit"),
    "activity": Said("Kegiatan disetujui", "Approved activity"),
    "result": Said("Capaian", "Result"),
    "base": Said("Dasar", "Base"),
    "duty": Said("Kewajiban atasan", "Supervisor's duty"),
}
# lines that the computation itself names; every other line has the name its rule has in the policy
NAMES: Mapping[str, Said] = {
    "Pembulatan": Said("Pembulatan", "Rounding"),
    "PPh 21": Said("PPh 21", "Income tax (PPh 21)"),
    "Tunjangan PPh 21": Said("Tunjangan PPh 21", "Income tax borne by the region"),
    "Pembayaran TPP yang ditunda": Said("Pembayaran TPP yang ditunda", "TPP postponed earlier, paid now"),
    "Pembayaran TPP yang ditahan": Said("Pembayaran TPP yang ditahan", "TPP held until cleared, paid now"),
    "TPP yang ditahan gugur": Said("TPP yang ditahan gugur", "TPP held and now forfeited"),
}
_DAYS = (
    Said("Senin", "Monday"),
    Said("Selasa", "Tuesday"),
    Said("Rabu", "Wednesday"),
    Said("Kamis", "Thursday"),
    Said("Jumat", "Friday"),
    Said("Sabtu", "Saturday"),
    Said("Minggu", "Sunday"),
)
_MONTHS = (
    Said("Januari", "January"),
    Said("Februari", "February"),
    Said("Maret", "March"),
    Said("April", "April"),
    Said("Mei", "May"),
    Said("Juni", "June"),
    Said("Juli", "July"),
    Said("Agustus", "August"),
    Said("September", "September"),
    Said("Oktober", "October"),
    Said("November", "November"),
    Said("Desember", "December"),
)
_LEAVE = {
    "tahunan": Said("cuti tahunan", "annual leave"),
    "sakit": Said("sakit", "sick leave"),
    "melahirkan": Said("cuti melahirkan", "maternity leave"),
    "alasan_penting": Said("cuti alasan penting", "leave for an important reason"),
    "besar": Said("cuti besar", "long leave"),
    "cltn": Said("cuti di luar tanggungan negara", "unpaid leave"),
    "izin": Said("izin", "leave of absence"),
    "tugas_belajar": Said("tugas belajar", "study leave"),
}


def called(name: str) -> Said:
    """The name of a rule or line: a regulation's words stay as they are in both languages."""
    return NAMES.get(name, Said(name, name))


def day_in_words(day: date) -> Said:
    """ "Senin, 5 Oktober 2026"; "Monday, 5 October 2026"."""
    week, month = _DAYS[day.weekday()], _MONTHS[day.month - 1]
    return Said(f"{week.id}, {day.day} {month.id} {day.year}", f"{week.en}, {day.day} {month.en} {day.year}")


def joined(said: Iterator[Said], between: str = "; ") -> Said:
    """Several, one after another."""
    every = list(said)
    return Said(between.join(one.id for one in every), between.join(one.en for one in every))


def what_happened(day: AttendanceDay) -> Said:
    """All that is noted of an employee-day."""
    return joined(_events(day))


def _events(day: AttendanceDay) -> Iterator[Said]:
    if day.duty:
        yield Said("dinas luar, dihitung hadir", "on duty elsewhere, counted as present")
    if day.absence:
        kind = day.absence.replace("_", " ")
        yield Said(f"tidak masuk: {kind}", f"absent: {kind}")
    if day.leave:
        plain = Said(day.leave.replace("_", " "), day.leave.replace("_", " "))
        leave = _LEAVE.get(day.leave, plain)
        if day.inpatient:
            leave = Said(f"{leave.id} (rawat inap)", f"{leave.en} (in hospital)")
        yield Said(f"{leave.id} dengan surat", f"{leave.en} with a letter") if day.letter else leave
    for minutes, words in (
        (day.late_minutes, Said("terlambat {} menit", "{} minutes late")),
        (day.early_minutes, Said("pulang {} menit lebih cepat", "left {} minutes early")),
        (day.out_minutes, Said("meninggalkan kantor {} menit", "out of the office for {} minutes")),
        (day.permitted_minutes, Said("izin keluar {} menit", "out with permission for {} minutes")),
        (day.stayed_minutes, Said("tinggal {} menit sesudah jam kerja", "stayed {} minutes after work")),
    ):
        if minutes:
            yield Said(words.id.format(minutes), words.en.format(minutes))
    if day.missing_in:
        yield Said("tidak merekam masuk", "no clock-in")
    if day.missing_out:
        yield Said("tidak merekam pulang", "no clock-out")
    for kind in day.apel_missed:
        yield Said(f"tidak mengikuti {kind}", f"missed {kind}")
    if day.after_holiday:
        yield Said("hari kerja pertama setelah libur", "first workday after a holiday")


def what_was_done(day: ActivityDay) -> Said:
    """Approved minutes and number of activities of a day, of one kind."""
    kind = "" if day.kind == "tusi" else f" ({day.kind})"
    said = Said(
        f"{day.minutes} menit, {day.count} kegiatan disetujui{kind}",
        f"{day.minutes} minutes, {day.count} approved activit{'y' if day.count == 1 else 'ies'}{kind}",
    )
    if day.approved_on is None:
        return said
    approved = day_in_words(day.approved_on)
    return Said(f"{said.id}, disetujui {approved.id}", f"{said.en}, approved on {approved.en}")
