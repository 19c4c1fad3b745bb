"""Masa kerja golongan and address: from the office's list to SIPD's sheet."""

import io
from datetime import date
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from services.payroll.rules.masa_kerja import masa_kerja_on
from shared.db import Sessions
from shared.events.identity import EmployeeChanged, MasaKerja
from tests.support.payroll import Desk, a_month, prepared, tell

DESK = Desk()
STATED = {"years": 10, "months": 3, "on": "2026-03-01"}


def statuses(*terms: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"valid_from": day, "status_asn": status, "golongan": golongan} for day, status, golongan in terms]


HELD = statuses(("2016-01-01", "PNS", "III/b"))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 1), "10 tahun 3 bulan"),
        (date(2026, 3, 31), "10 tahun 3 bulan"),
        (date(2026, 10, 31), "10 tahun 10 bulan"),
        (date(2026, 12, 31), "11 tahun 0 bulan"),
        (date(2026, 2, 28), ""),
    ],
)
def test_it_is_counted_on_by_whole_months_and_never_back(day: date, said: str) -> None:
    assert masa_kerja_on(STATED, HELD, day) == said


def test_another_ruang_keeps_it_another_golongan_or_status_does_not() -> None:
    day = date(2026, 10, 31)
    assert masa_kerja_on(STATED, [*HELD, *statuses(("2026-04-01", "PNS", "III/c"))], day) == "10 tahun 10 bulan"
    assert masa_kerja_on(STATED, [*HELD, *statuses(("2026-04-01", "PNS", "IV/a"))], day) == ""
    pppk = statuses(("2020-01-01", "PPPK", "III"), ("2026-04-01", "PNS", "III/a"))
    assert masa_kerja_on(STATED, pppk, day) == ""
    assert masa_kerja_on(None, HELD, day) == ""


async def test_the_sipd_sheet_says_both_and_leaves_empty_what_nobody_stated(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month(staff=2)
    await prepared(worker, month)
    one, other = month.office.staff
    held = next(e for e in month.office.events if isinstance(e, EmployeeChanged) and e.employee_id == one.employee_id)
    served = MasaKerja(years=10, months=3, on=date(2026, 3, 1))
    told = held.model_copy(update={"version": 2, "address": "Jl. Merdeka 1, Muntok", "masa_kerja": served})
    await tell(worker, [told])
    await DESK.adopt(client)
    run_id = await DESK.publish_all(client, worker)
    answer = await client.get(f"/runs/{run_id}/exports/sipd.xlsx", headers=DESK.treasurer)
    assert answer.status_code == 200, answer.text
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("TPP").to_python()
    head = next(row for row in rows if "Masa Kerja Golongan" in row)
    of = {row[head.index("NIP")]: [row[head.index(name)] for name in ("Masa Kerja Golongan", "Alamat")] for row in rows}
    assert of[one.nip] == ["10 tahun 10 bulan", "Jl. Merdeka 1, Muntok"]
    assert of[other.nip] == ["", ""]
