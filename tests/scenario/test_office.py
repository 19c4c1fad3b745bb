"""The demo's offices are such as there are, and their files are what the generator makes."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from deploy.demo.office import office
from deploy.demo.office.__main__ import FILES
from deploy.demo.office.model import Office
from deploy.demo.office.presence import workdays
from deploy.demo.office.sheets import write_office

REGIONS = ("92", "19.05")


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest) -> Office:
    return office(request.param)


def test_the_provincial_office_has_74_people_with_a_uptd_and_a_coordinator_elsewhere() -> None:
    papua_barat = office("92")
    assert len(papua_barat.people) == 74
    assert {unit.kind for unit in papua_barat.units} == {"opd", "bagian", "upt", "korwil"}
    assert len({unit.site for unit in papua_barat.units}) == 3


def test_the_regency_has_a_few_hundred_people_in_ten_opd() -> None:
    bangka_barat = office("19.05")
    assert len(bangka_barat.people) == 240
    assert sum(unit.kind == "opd" for unit in bangka_barat.units) == 10


def test_every_nip_has_the_form_of_one_and_belongs_to_one_person(region: Office) -> None:
    nips = [person.nip for person in region.people]
    assert len(set(nips)) == len(nips)
    for person in region.people:
        assert len(person.nip) == 18
        assert person.nip.startswith(f"{person.birth_date:%Y%m%d}")
        appointed, code = int(person.nip[8:12]), int(person.nip[12:14])
        assert appointed - person.birth_date.year >= 18
        assert 1 <= code <= 12 if person.status_asn != "PPPK" else code >= 21
        assert person.nip[14] in "12"
        assert person.nip[15:] != "000"


def test_everybody_but_the_head_derives_each_result_from_one_of_the_superiors(region: Office) -> None:
    by_post = {person.post.code: person for person in region.people}
    for person in region.people:
        plan = region.plans[person.nip]
        if person.post.reports_to is None:
            assert all(result.superior_text is None for result in plan)
        else:
            above = {result.text for result in region.plans[by_post[person.post.reports_to].nip]}
            assert {result.superior_text for result in plan} <= above


def test_activities_lie_on_workdays_inside_the_month_and_never_overlap(region: Office) -> None:
    days = set(workdays(region))
    away = {
        (leave.nip, date.fromordinal(n))
        for leave in region.leaves
        if leave.kind != "dinas_luar"
        for n in range(leave.first_day.toordinal(), leave.last_day.toordinal() + 1)
    }
    for tasks in region.tasks.values():
        assert all(task.work_date in days and (task.nip, task.work_date) not in away for task in tasks)
        assert all(before.end_at <= after.start_at for before, after in pairwise(tasks))


@pytest.mark.parametrize("tenant_id", REGIONS)
def test_the_files_in_the_repository_are_what_the_generator_makes(tenant_id: str, tmp_path: Path) -> None:
    write_office(office(tenant_id), tmp_path)
    made = {path.name: path for path in tmp_path.iterdir()}
    kept = {path.name: path for path in (FILES / tenant_id).iterdir() if path.name != "kebijakan.yaml"}
    assert made.keys() == kept.keys()
    for name, path in made.items():
        assert _contents(path) == _contents(kept[name]), name


def _contents(path: Path) -> object:
    """A workbook's cells, for its bytes may change with the writer's version; of others the bytes."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
