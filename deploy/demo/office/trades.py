"""What is done in each kind of office: results, how they are counted, and the tasks of a day."""

from collections.abc import Mapping

# trade: rows of (result, indicator, target a year, unit, tasks of a day with the unit they are counted in)
Row = tuple[str, str, int, str, tuple[tuple[str, str], ...]]

_OFFICE: tuple[Row, ...] = (
    (
        "Terselenggaranya administrasi persuratan dan kearsipan yang tertib",
        "Jumlah surat dan arsip yang diproses sesuai tata naskah dinas",
        1200,
        "dokumen",
        (
            ("Mengagendakan dan mendistribusikan surat masuk", "surat"),
            ("Mengonsep surat keluar dan nota dinas", "naskah"),
            ("Menata arsip aktif dan memberi kode klasifikasi", "berkas"),
            ("Memindai dan mengunggah dokumen ke aplikasi persuratan", "dokumen"),
        ),
    ),
    (
        "Tersusunnya laporan kinerja dan keuangan tepat waktu",
        "Jumlah laporan yang disampaikan tepat waktu",
        48,
        "laporan",
        (
            ("Menyusun bahan laporan realisasi fisik dan keuangan", "tabel"),
            ("Memeriksa kelengkapan SPJ kegiatan", "berkas"),
            ("Merekap daftar hadir dan cuti pegawai", "rekap"),
            ("Menghadiri rapat evaluasi kinerja dan membuat notula", "notula"),
        ),
    ),
)

TRADES: Mapping[str, tuple[Row, ...]] = {
    "umum": _OFFICE,
    "darat": (
        (
            "Meningkatnya keselamatan angkutan jalan",
            "Jumlah kendaraan yang diperiksa laik jalan",
            900,
            "kendaraan",
            (
                ("Memeriksa kelaikan kendaraan angkutan umum", "kendaraan"),
                ("Mengawasi penumpang dan muatan di terminal", "kendaraan"),
                ("Mendata rambu dan marka yang rusak di ruas provinsi", "titik"),
            ),
        ),
        (
            "Tersedianya data dan izin angkutan yang mutakhir",
            "Jumlah izin trayek yang diverifikasi",
            360,
            "izin",
            (
                ("Memverifikasi permohonan izin trayek", "berkas"),
                ("Memutakhirkan data armada angkutan", "data"),
                ("Menyusun telaahan staf tarif angkutan", "naskah"),
            ),
        ),
    ),
    "laut": (
        (
            "Lancarnya pelayanan penyeberangan dan pelayaran rakyat",
            "Jumlah kapal yang dilayani sesuai jadwal",
            700,
            "kapal",
            (
                ("Melayani sandar dan berangkat kapal penyeberangan", "kapal"),
                ("Memeriksa manifes penumpang dan alat keselamatan", "manifes"),
                ("Mencatat produksi penumpang dan barang", "laporan"),
            ),
        ),
        (
            "Terpeliharanya fasilitas pelabuhan",
            "Jumlah pemeriksaan fasilitas yang dilaksanakan",
            240,
            "kali",
            (
                ("Memeriksa dermaga, rampa dan lampu navigasi", "titik"),
                ("Membuat laporan kerusakan fasilitas pelabuhan", "laporan"),
                ("Mendampingi perbaikan fasilitas oleh penyedia", "kali"),
            ),
        ),
    ),
    "udara": (
        (
            "Terlaksananya angkutan udara perintis",
            "Jumlah penerbangan perintis yang diawasi",
            400,
            "penerbangan",
            (
                ("Merekap penerbangan perintis dan muatannya", "penerbangan"),
                ("Berkoordinasi dengan pengelola bandar udara", "kali"),
                ("Memverifikasi tagihan subsidi penerbangan perintis", "berkas"),
            ),
        ),
    ),
    "kepegawaian": (
        (
            "Meningkatnya mutu layanan kepegawaian",
            "Jumlah usul kepegawaian yang selesai tepat waktu",
            800,
            "usul",
            (
                ("Memverifikasi usul kenaikan pangkat", "berkas"),
                ("Memproses usul kenaikan gaji berkala", "berkas"),
                ("Memutakhirkan data pegawai pada SIASN", "data"),
                ("Melayani konsultasi kepegawaian dari perangkat daerah", "orang"),
            ),
        ),
    ),
    "keuangan": (
        (
            "Terkelolanya keuangan dan aset daerah secara akuntabel",
            "Jumlah dokumen pencairan yang diverifikasi",
            1500,
            "dokumen",
            (
                ("Meneliti kelengkapan SPM dan menyiapkan SP2D", "dokumen"),
                ("Mencocokkan rekening koran kas daerah", "rekening"),
                ("Menginventarisasi barang milik daerah", "barang"),
                ("Menyusun jurnal penyesuaian akhir bulan", "jurnal"),
            ),
        ),
    ),
    "pengawasan": (
        (
            "Meningkatnya kepatuhan perangkat daerah",
            "Jumlah laporan hasil pengawasan",
            60,
            "laporan",
            (
                ("Menguji bukti belanja pada perangkat daerah", "bukti"),
                ("Menyusun kertas kerja pemeriksaan", "lembar"),
                ("Memantau tindak lanjut hasil pemeriksaan", "temuan"),
            ),
        ),
    ),
    "kesehatan": (
        (
            "Meningkatnya derajat kesehatan masyarakat",
            "Jumlah pembinaan puskesmas dan posyandu",
            220,
            "kali",
            (
                ("Membina pencatatan imunisasi di puskesmas", "puskesmas"),
                ("Mengolah data surveilans penyakit mingguan", "laporan"),
                ("Memeriksa persediaan obat dan vaksin di gudang farmasi", "item"),
                ("Menyuluh pencegahan demam berdarah", "kali"),
            ),
        ),
    ),
    "pekerjaan_umum": (
        (
            "Mantapnya jalan, jembatan dan drainase kabupaten",
            "Jumlah paket dan ruas yang diawasi",
            180,
            "paket",
            (
                ("Mengawasi pekerjaan pengaspalan di lapangan", "lokasi"),
                ("Mengukur dan menggambar rencana saluran drainase", "gambar"),
                ("Memeriksa laporan harian penyedia", "laporan"),
                ("Menghitung volume pekerjaan untuk termin", "berkas"),
            ),
        ),
    ),
    "kependudukan": (
        (
            "Tertibnya dokumen kependudukan",
            "Jumlah dokumen kependudukan yang diterbitkan",
            6000,
            "dokumen",
            (
                ("Melayani perekaman KTP elektronik", "orang"),
                ("Menerbitkan akta kelahiran dan kematian", "akta"),
                ("Memutakhirkan data kartu keluarga", "kartu"),
                ("Memverifikasi permohonan pindah datang", "berkas"),
            ),
        ),
    ),
    "ketertiban": (
        (
            "Terjaganya ketenteraman dan ketertiban umum",
            "Jumlah patroli dan penertiban",
            420,
            "kali",
            (
                ("Melaksanakan patroli wilayah dan objek vital", "kali"),
                ("Menertibkan pedagang di bahu jalan secara persuasif", "lokasi"),
                ("Menjaga keamanan kegiatan pemerintah daerah", "kegiatan"),
                ("Membuat laporan kejadian dan piket", "laporan"),
            ),
        ),
    ),
    "kecamatan": (
        (
            "Meningkatnya pelayanan administrasi di kecamatan",
            "Jumlah layanan administrasi yang selesai",
            2400,
            "layanan",
            (
                ("Melayani surat keterangan dan rekomendasi warga", "surat"),
                ("Memfasilitasi musyawarah perencanaan di kelurahan", "kali"),
                ("Mendata penerima bantuan bersama kelurahan", "keluarga"),
                ("Membina administrasi desa dan kelurahan", "desa"),
            ),
        ),
    ),
}

OF_LEADERS: Row = (
    "Meningkatnya kinerja dan disiplin pegawai yang dipimpin",
    "Persentase laporan kerja bawahan yang dinilai tepat waktu",
    100,
    "persen",
    (
        ("Memimpin rapat dan membagi tugas mingguan", "kali"),
        ("Memeriksa dan memberi umpan balik atas laporan bawahan", "laporan"),
        ("Mewakili instansi pada rapat koordinasi", "kali"),
    ),
)


def rows_for(trade: str, *, leads: bool) -> tuple[Row, ...]:
    """What somebody of this trade has in the SKP; whoever leads others has that first."""
    own = TRADES[trade]
    rows = (*own, *(_OFFICE if trade != "umum" else ())) if len(own) == 1 else own
    return (OF_LEADERS, *rows) if leads else rows
