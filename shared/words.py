"""Words of the regulations that every service speaks. Their meaning: docs/glossary.md."""

from enum import StrEnum


class TenantKind(StrEnum):
    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"


class StatusAsn(StrEnum):
    """Employment status; kept apart from golongan, because PPPK "IV" is not PNS "IV"."""

    CPNS = "CPNS"
    PNS = "PNS"
    PPPK = "PPPK"
    PPPK_PARUH_WAKTU = "PPPK_PARUH_WAKTU"


class JenisJabatan(StrEnum):
    JPT_UTAMA = "jpt_utama"
    JPT_MADYA = "jpt_madya"
    JPT_PRATAMA = "jpt_pratama"
    ADMINISTRATOR = "administrator"
    PENGAWAS = "pengawas"
    PELAKSANA = "pelaksana"
    JF_KEAHLIAN = "jf_keahlian"
    JF_KETERAMPILAN = "jf_keterampilan"


class UnitKind(StrEnum):
    OPD = "opd"
    UPT = "upt"
    KORWIL = "korwil"
    BAGIAN = "bagian"


class AssignmentKind(StrEnum):
    DEFINITIF = "definitif"
    PLT = "plt"
    PLH = "plh"


class Capacity(StrEnum):
    """In what capacity somebody approved or appraised."""

    DEFINITIF = "definitif"
    PLT = "plt"
    PLH = "plh"
    DELEGATE = "delegate"


class Rating(StrEnum):
    """PermenPANRB 6/2022: the three levels against the leader's expectation."""

    DI_ATAS = "di_atas_ekspektasi"
    SESUAI = "sesuai_ekspektasi"
    DI_BAWAH = "di_bawah_ekspektasi"


class Predikat(StrEnum):
    SANGAT_BAIK = "sangat_baik"
    BAIK = "baik"
    BUTUH_PERBAIKAN = "butuh_perbaikan"
    KURANG = "kurang"
    SANGAT_KURANG = "sangat_kurang"


class Presence(StrEnum):
    """What an employee-day came to."""

    PRESENT = "present"
    ABSENT = "absent"  # tanpa keterangan
    LEAVE = "leave"
    DUTY = "duty"  # dinas luar, WFH, training: counts as present
    OFF = "off"  # not a working day of this employee


class LeaveKind(StrEnum):
    """PP 11/2017 and Peraturan BKN 7/2021, and absences regions count apart."""

    TAHUNAN = "tahunan"
    SAKIT = "sakit"
    MELAHIRKAN = "melahirkan"
    ALASAN_PENTING = "alasan_penting"
    BESAR = "besar"
    CLTN = "cltn"
    IZIN = "izin"
    TUGAS_BELAJAR = "tugas_belajar"


class Apel(StrEnum):
    """Roll call of a day."""

    NONE = "none"
    ATTENDED = "attended"
    MISSED = "missed"


class RunKind(StrEnum):
    """Kinds of payroll run that exist downstream (SIMGAJI, SIPD)."""

    INDUK = "induk"
    SUSULAN = "susulan"
    KEKURANGAN = "kekurangan"
    TERUSAN = "terusan"
    THR = "thr"
    TPP13 = "tpp13"
