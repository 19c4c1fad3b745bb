"""SKP sheets: good plans in as submitted, faults named by row and column, the same sheet again changes nothing."""

import csv
import io
from typing import Any

import xlsxwriter

from services.activity.rules.plan_sheet import COLUMNS, read_plans
from services.activity.rules.sheets import read_table
from shared.auth.policy import Role
from tests.support.activity import Region
from tests.support.service import Person, headers, token_for

HEAD = ["NIP", "RHK", "Jenis", "RHK atasan", "Aspek", "Indikator", "Target", "Satuan", "Bobot"]
OF_HEAD, OF_SUPERVISOR, OF_STAFF = "Meningkatnya mutu pendidikan", "Terlaksananya pembinaan", "Tersusunnya laporan"


def row(person: Person, rhk: str, above: str = "", **given: str) -> list[str]:
    cells = dict(zip(HEAD, [person.nip, rhk, "utama", above, "kuantitas", "Jumlah", "12", "dokumen", ""], strict=True))
    return list((cells | given).values())


def sheet(*rows: list[str]) -> bytes:
    """The rows as an office's CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEAD, *rows])
    return out.getvalue().encode("utf-8-sig")


def workbook(*rows: list[str]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("SKP")
    for number, cells in enumerate([HEAD, *rows]):
        for place, cell in enumerate(cells):
            page.write(number, place, int(cell) if cell.isdigit() and len(cell) < 10 else cell)
    book.close()
    return out.getvalue()


def office_rows(region: Region) -> list[list[str]]:
    """Everybody's SKP, staff before their superiors."""
    head, supervisor = region.office.head, region.office.supervisor
    return [
        *[row(person, OF_STAFF, OF_SUPERVISOR.upper()) for person in region.office.staff],
        row(supervisor, OF_SUPERVISOR, OF_HEAD),
        row(head, OF_HEAD),
    ]


async def import_sheet(region: Region, content: bytes, *, token: str | None = None, dry_run: bool = False) -> Any:
    response = await region.client.post(
        "/plans/import",
        params={"first_day": "2026-01-01", "last_day": "2026-12-31", "dry_run": dry_run},
        files={"file": ("skp.csv", content)},
        headers=headers(token or region.admin_token()),
    )
    assert response.status_code == 200, response.text
    return response.json()


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    return answer["created"], answer["changed"], answer["unchanged"], len(answer["faults"])


async def test_an_offices_sheet_becomes_submitted_plans_linked_from_the_top_down(region: Region) -> None:
    answer = await import_sheet(region, workbook(*office_rows(region)))
    assert counts(answer) == (4, 0, 0, 0)
    assert answer["notices"] == []

    [above] = (await region.get(region.office.supervisor, "/plans", day="2026-03-02")).json()["plans"]
    [own] = (await region.get(region.staff, "/plans", day="2026-03-02")).json()["plans"]
    assert (own["state"], own["approach"]) == ("submitted", "kuantitatif")
    assert own["results"][0]["superior_result_id"] == above["results"][0]["result_id"]
    assert own["results"][0]["indicators"][0]["target"] == "12"


async def test_the_superior_approves_what_was_imported_in_one_request(region: Region) -> None:
    await import_sheet(region, sheet(*office_rows(region)))
    waiting = await region.get(region.office.supervisor, "/plans", of="staff", state="submitted", day="2026-03-02")
    ids = [plan["plan_id"] for plan in waiting.json()["plans"]]
    assert (await region.done(region.office.supervisor, "POST", "/plans/approvals", {"ids": ids}))["approved"] == 2
    assert counts(await import_sheet(region, sheet(*office_rows(region)))) == (0, 0, 4, 0)


async def test_the_same_sheet_again_changes_nothing_and_a_dry_run_never_does(region: Region) -> None:
    content = sheet(*office_rows(region))
    assert counts(await import_sheet(region, content, dry_run=True)) == (4, 0, 0, 0)
    assert counts(await import_sheet(region, content)) == (4, 0, 0, 0)
    assert counts(await import_sheet(region, content)) == (0, 0, 4, 0)
    changed = sheet(*office_rows(region)[:-1], row(region.office.head, OF_HEAD, Target="24"))
    assert counts(await import_sheet(region, changed, dry_run=True)) == (0, 1, 3, 0)
    assert counts(await import_sheet(region, changed)) == (0, 1, 3, 0)


async def test_faults_are_named_and_the_good_plans_go_in(region: Region) -> None:
    first, second = region.office.staff
    head, supervisor = region.office.head, region.office.supervisor
    answer = await import_sheet(
        region,
        sheet(
            row(head, OF_HEAD),
            row(first, OF_STAFF, Aspek="mutu"),
            row(first, "Terlaksananya survei"),
            row(second, OF_STAFF, Bobot="40"),
            row(supervisor, OF_SUPERVISOR, "Yang tidak ada"),
            ["199001012015011999", *row(head, OF_HEAD)[1:]],
        ),
    )
    assert answer["created"] == 2
    assert [(one["row"], one["place"]) for one in sorted(answer["faults"], key=lambda one: one["row"])] == [
        (3, "column aspek"),
        (5, "results.weight"),
        (7, "column nip"),
    ]
    assert all(one["remedy"] for one in answer["faults"])
    assert [(one["row"], one["value"]) for one in answer["notices"]] == [(6, "Yang tidak ada")]
    assert (await region.get(first, "/plans", day="2026-03-02")).json()["plans"] == []


async def test_an_approved_plan_is_not_overwritten_by_a_sheet(region: Region) -> None:
    await import_sheet(region, sheet(*office_rows(region)))
    [plan] = (await region.get(region.staff, "/plans", day="2026-03-02")).json()["plans"]
    await region.done(region.office.supervisor, "POST", f"/plans/{plan['plan_id']}/approval")
    answer = await import_sheet(region, sheet(row(region.staff, OF_STAFF, OF_SUPERVISOR, Target="99")))
    assert counts(answer) == (0, 0, 0, 1)
    assert "frozen" in answer["faults"][0]["message"]


async def test_a_kepegawaian_imports_for_their_own_units_only(region: Region) -> None:
    token = token_for(
        region.office.tenant_id,
        [Role.KEPEGAWAIAN],
        employee_id=region.staff.employee_id,
        unit_ids=[region.office.section_id],
    )
    answer = await import_sheet(region, sheet(*office_rows(region)), token=token)
    assert answer["created"] == 3
    assert "no unit of yours" in answer["faults"][0]["message"]


async def test_an_importer_does_not_approve_what_they_imported(region: Region) -> None:
    token = region.office.supervisor.token("kepegawaian")
    await import_sheet(region, sheet(*office_rows(region)), token=token)
    [plan] = (await region.get(region.staff, "/plans", day="2026-03-02")).json()["plans"]
    refused = await region.post(region.office.supervisor, f"/plans/{plan['plan_id']}/approval")
    assert "made or imported this plan yourself" in refused.json()["detail"]


async def test_a_file_that_is_no_table_is_refused_in_words(region: Region) -> None:
    for content in (b"", b"\xff\xfe\x00", b"PK\x03\x04rubbish", b"a;b;c\n1;2;3\n"):
        response = await region.client.post(
            "/plans/import",
            params={"first_day": "2026-01-01", "last_day": "2026-12-31"},
            files={"file": ("skp.csv", content)},
            headers=headers(region.admin_token()),
        )
        assert response.status_code == 422
        assert response.json()["faults"][0]["remedy"]
    assert (await region.post(region.staff, "/plans/import")).status_code in {403, 422}


def table(*rows: list[str]) -> Any:
    return read_plans(read_table(sheet(*rows), COLUMNS))


def of(nip: str, rhk: str, indicator: str, **given: str) -> list[str]:
    cells = dict(zip(HEAD, [nip, rhk, "", "", "Kualitas", indicator, "90", "%", ""], strict=True))
    return list((cells | given).values())


def test_rows_of_one_result_make_one_result_with_several_indicators() -> None:
    plans, faults = table(of("1", "Laporan", "Jumlah"), of("1", " laporan ", "Mutu"), of("1", "Survei", "Jumlah"))
    assert faults == []
    assert [(result.text, len(result.indicators)) for result in plans["1"].results.values()] == [
        ("Laporan", 2),
        ("Survei", 1),
    ]


def test_rows_that_contradict_each_other_are_faults() -> None:
    for second, place in (
        (of("1", "Laporan", "Jumlah"), "column indikator"),
        (of("1", "Laporan", "Mutu", Bobot="30"), "column bobot"),
        (of("1", "Laporan", "Mutu", **{"RHK atasan": "Lain"}), "column rhk atasan"),
        (of("1", "Laporan", "Mutu", Target="baik"), "column target"),
        (of("1", "Laporan", "Mutu", Jenis="sampingan"), "column jenis"),
        (of("1", "", "Mutu"), "column rhk"),
    ):
        plans, faults = table(of("1", "Laporan", "Jumlah"), second)
        assert plans == {}
        assert [(fault.row, fault.place) for fault in faults] == [(3, place)]
