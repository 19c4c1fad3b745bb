"""The 34 columns of SIPD's TPP upload, in order (domain 6.3, as read in public code)."""

HEADER = (
    "No",
    "Nama",
    "NIP",
    "NIK",
    "Tanggal Lahir (dd-mm-yyyy)",
    "Tipe Jabatan",
    "Nama Jabatan",
    "Eselon",
    "Status ASN",
    "Golongan",
    "Masa Kerja Golongan",
    "Alamat",
    "Kode Bank",
    "Nama Bank",
    "Nomor Rekening",
    "TPP Beban Kerja",
    "TPP Tempat Bertugas",
    "TPP Kondisi Kerja",
    "TPP Kelangkaan Profesi",
    "TPP Prestasi Kerja",
    "Tunjangan PPh",
    "Iuran Pemberi Kerja",
    "JKK",
    "JKM",
    "Tapera",
    "Iuran Pensiun",
    "Tunjangan JHT",
    "BPJS 1 %",
    "PPh 21",
    "Zakat",
    "Bulog",
    "Jumlah TPP",
    "Jumlah Potongan",
    "Jumlah Ditransfer",
)
CRITERIA = ("BK", "TB", "KK", "KP", "PK")
"""In the sheet's order."""

# the employer's items: added to Jumlah TPP and taken again by Jumlah Potongan
EMPLOYER_COLUMNS = ("iuran_pemberi_kerja", "jkk", "jkm", "tapera", "iuran_pensiun", "jht")
BULOG = "bulog"
# the employee's items, PPh 21 apart
OTHER_COLUMNS = ("bpjs_1", "zakat", BULOG)
