"""Words that lists of common passwords are made of, English and Indonesian; folded to small letters.

A password is refused when nothing is left of it without these, digits and signs: that covers the thousands of
`password1234`, `bismillah2024!`, `admin@indonesia` that such lists hold (ASVS 5.0, 6.2.4) without keeping them.
"""

_WORDS = """
    password passwd pass kata sandi katasandi sandiku rahasia secret login user username admin administrator root
    master guest test testing demo default welcome changeme letmein access system server network internet computer
    komputer laptop google facebook whatsapp instagram twitter youtube gmail yahoo email android samsung oppo
    xiaomi nokia windows microsoft apple iphone linux qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm
    qazwsx qwe asd zxc wsx edc abc abcd abcde abcdef abcdefg iloveyou love loveyou lovely sweet sweetheart honey
    baby babygirl princess prince angel heart forever friend friends family happy hello hallo halo sunshine flower
    butterfly rainbow summer winter spring autumn monkey dragon tiger lion eagle panther shadow killer ninja
    hunter ranger soldier warrior superman batman spiderman pokemon naruto starwars matrix phoenix diamond silver
    golden gold money million lucky winner champion football soccer baseball basketball hockey liverpool chelsea
    arsenal barcelona realmadrid juventus manchester united persib persija arema music guitar rock metal jordan
    michael jennifer jessica ashley nicole daniel thomas robert charlie andrew george maggie pepper ginger cookie
    chocolate cheese banana orange cherry coffee mother father brother sister trustno one two three four five six
    seven eight nine ten zero first last this that the you your my me not and january february march april may
    june july august september october november december monday tuesday wednesday thursday friday saturday sunday
    januari februari maret mei juni juli agustus oktober desember senin selasa rabu kamis jumat sabtu minggu satu
    dua tiga empat lima enam tujuh delapan sembilan sepuluh nol indonesia indonesiaraya merdeka garuda pancasila
    bhineka nusantara merahputih republik negara bangsa tanah air jakarta bandung surabaya semarang medan makassar
    palembang yogyakarta jogja bali papua barat timur utara selatan tengah kalimantan sulawesi sumatera jawa
    maluku aceh lampung jambi riau bangka belitung manokwari kabupaten kota provinsi kecamatan kelurahan desa
    dinas badan kantor bupati walikota gubernur camat lurah kepala sekretaris bendahara pegawai negeri sipil asn
    pns pppk korpri bkn bkpsdm kinerja ekinerja absensi presensi tpp takar simpeg guru sekolah dokter perawat
    bismillah alhamdulillah allah allahuakbar subhanallah insyaallah assalamualaikum muhammad islam muslim yesus
    jesus kristus tuhan puji haleluya amin om swastiastu doa berkah sukses semangat bahagia sejahtera sayang
    sayangku cinta cintaku aku kamu dia kita kami saya cantik ganteng ibu bapak ayah mama papa bunda anak anakku
    istri suami keluarga keluargaku rumah rumahku sahabat teman selamanya selalu budi siti agus dewi sri joko wati
    ahmad putri putra rizki nur ani ayu dian eko dwi tri hadi yanto susanto kucing anjing singa harimau burung
    ikan bunga mawar melati matahari bulan bintang pelangi laut gunung
"""
COMMON_WORDS = frozenset(_WORDS.split())
