"""Runs for the tests of exports: a valid one with one call, and any that could be."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.payroll.exports.records import Account, Exported, Item, Paid, in_order, totals_of

MADE_AT = datetime(2026, 11, 3, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
NASTY = (
    "=cmd|' /C calc'!A0",
    "+62811",
    "@SUM(A1)",
    "-1+1",
    '#strong[tebal] $x^2$ *miring* `kode` <label> @acuan \\ "kutip" #sys.inputs',
    "Dr. H. Muhammad Abdurrahman Wahid Kusumawardhana Sastroatmodjo, S.E., M.Si., Ak., CA.",
    "NAMAYANGSANGATPANJANGTANPASPASIUNTUKMENGUJIPEMENGGALANKATA",
    'José Ñandú; "Putra", S.Kom.',
    "Baris\nBaru\tTab",
)
OPD = (("1.01", "Dinas Pendidikan, Kepemudaan dan Olahraga"), ("1.02", "Badan Kepegawaian"), ("", ""))
CRITERIA = {"BK": "Beban kerja", "PK": "Prestasi kerja", "TB": "Tempat bertugas", "POL": "Pertimbangan objektif"}


def paid(number: int = 1, *, criteria: dict[str, int] | None = None, more: int = 0, **change: Any) -> Paid:
    """Somebody who is paid under two criteria, with BPJS and tax. `more`: paid beside the criteria."""
    earned = {"BK": 2_000_000 + number, "PK": 1_000_000} if criteria is None else criteria
    payable = sum(earned.values()) + more
    four, one, tax = payable * 4 // 100, payable // 100, payable * 5 // 100
    bpjs = {"scheme": "bpjs_kesehatan", "base": payable, "used": 4_900_000}
    items = (
        Item("contribution", "bpjs-4", "BPJS 4 %", four, payer="employer", column="iuran_pemberi_kerja", **bpjs),
        Item("contribution", "bpjs-4", "BPJS 4 %", -four, payer="employer", column="iuran_pemberi_kerja", **bpjs),
        Item("contribution", "bpjs-1", "BPJS 1 %", -one, payer="employee", column="bpjs_1", **bpjs),
        Item("tax", "tax", "PPh 21", -tax),
    )
    opd_code, opd = OPD[number % len(OPD)]
    plain = Paid(
        employee_id=an_id("employee", number),
        statement_id=an_id("statement", number),
        statement_hash=f"{number:064x}",
        nip=f"19860926201505{number:04d}",
        name=f"Pegawai {number}",
        nik=f"19050101018{number:05d}",
        npwp="012345678901000",
        birth_date=date(1986, 9, 26),
        status_asn="PNS",
        golongan="III/c",
        ptkp="K/1",
        position="Analis Kebijakan Ahli Muda",
        kelas=9,
        jenis_jabatan="jf_keahlian",
        unit_code=f"1.0{number % 3}.1",
        unit=f"Bidang {number % 3}",
        opd_code=opd_code,
        opd=opd,
        account=Account("120", "BPD Sumsel Babel", f"015000{number:06d}", f"Pegawai {number}"),
        criteria=earned,
        items=items,
        payable=payable,
        gross=payable + four,
        deductions=four + one + tax,
        net=payable - one - tax,
    )
    return replace(plain, **change)


def an_id(*names: object) -> UUID:
    return uuid5(NAMESPACE_OID, "|".join(map(str, names)))


def a_run(people: list[Paid] | None = None, *, count: int = 3, **change: Any) -> Exported:
    """An approved run of these people, in the order of lists."""
    rows = in_order([paid(number) for number in range(1, count + 1)] if people is None else people)
    plain: dict[str, Any] = {
        "tenant_id": "19.05",
        "region": "Kabupaten Bangka Barat",
        "run_id": an_id("run"),
        "period": "2026-10",
        "kind": "induk",
        "state": "approved",
        "final": True,
        "policy": "Peraturan Bupati Nomor 12 Tahun 2026",
        "policy_hash": "cd" * 32,
        "made_at": MADE_AT,
        "totals": totals_of(rows),
        "digest": "ef" * 32,
        "root": "12" * 32,
        "criteria": CRITERIA,
        "paid": rows,
    }
    return Exported(**plain | change)


_amounts = st.integers(0, 30_000_000)
_texts = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
)


@st.composite
def anybody(draw: st.DrawFn, number: int) -> Paid:
    """Somebody with any criteria, contributions, borne tax, recoveries, and something withheld or released."""
    criteria = draw(st.dictionaries(st.sampled_from(list(CRITERIA)), _amounts, max_size=4))
    payable = max(0, sum(criteria.values()) + draw(st.integers(-5_000_000, 5_000_000)))
    borne = draw(st.integers(0, 500_000))
    employer = {draw(st.sampled_from(["iuran_pemberi_kerja", "jkk", "tapera", ""])): draw(st.integers(0, 400_000))}
    items = [Item("tax_allowance", "tax", "Tunjangan PPh 21", borne)] if borne else []
    for column, amount in employer.items():
        items += [
            Item("contribution", "p", "Iuran", sign, payer="employer", column=column) for sign in (amount, -amount)
        ]
    gross, left = payable + borne + sum(employer.values()), payable + borne
    for kind, rule, column in (
        ("contribution", "e", "bpjs_1"),
        ("contribution", "z", ""),
        ("tax", "tax", ""),
        ("recovery", "r", ""),
    ):
        taken = draw(st.integers(-50_000 if kind == "tax" else 0, left))
        left -= taken
        items.append(
            Item(
                kind,
                rule,
                f"Potongan {rule}",
                -taken,
                payer="employee" if kind == "contribution" else "",
                column=column,
            )
        )
    name = draw(_texts)
    number_of = draw(st.one_of(st.none(), st.from_regex("[0-9][0-9-]{0,17}", fullmatch=True)))
    account = Account("120", "BPD", number_of, draw(_texts)) if number_of else None
    return paid(
        number,
        criteria=criteria,
        name=name,
        account=account,
        items=tuple(items),
        payable=payable,
        gross=gross,
        deductions=gross - left,
        net=left,
    )


@st.composite
def any_run(draw: st.DrawFn, most: int = 6) -> Exported:
    """Any approved run."""
    return a_run([draw(anybody(number)) for number in range(1, draw(st.integers(0, most)) + 1)])
