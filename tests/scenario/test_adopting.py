"""A region of the demo pays by the rules of a folder of deploy/policies; only its name and amounts are its own."""

from pathlib import Path

import pytest
import yaml

from deploy.demo.adopting import POLICIES, adopted, try_cases
from deploy.demo.console import DemoError
from deploy.demo.office.__main__ import FILES
from services.payroll.rules import Policy, check
from services.payroll.rules.difference import differences

REGIONS = {"92": "jambi", "19.05": "deli-serdang"}


def whole(text: str) -> Policy:
    checked = check(text)
    assert isinstance(checked, Policy), checked
    return checked


def overlay(folder: Path, **changes: object) -> Path:
    own = yaml.safe_load((FILES / "92" / "kebijakan.yaml").read_text()) | changes
    (folder / "kebijakan.yaml").write_text(yaml.safe_dump(own))
    return folder


@pytest.mark.parametrize(("tenant_id", "folder"), REGIONS.items())
def test_every_rule_is_the_folders_and_every_difference_is_a_name_a_date_or_an_amount(
    tenant_id: str, folder: str
) -> None:
    policy = adopted(FILES / tenant_id)
    theirs, ours = whole((POLICIES / folder / "policy.yaml").read_text()).document, whole(policy.document).document
    assert (policy.folder, ours.region) == (POLICIES / folder, tenant_id)
    for rules in ("parts", "deductions", "caps", "limits", "additions", "withholding", "rounding", "tax"):
        assert getattr(ours, rules) == getattr(theirs, rules)
    found = {one.place for one in differences(theirs, ours)}
    amounts = {place for place in found if ".base.by_class." in place}
    assert len(amounts) == policy.amounts > 0
    assert found - amounts == {"name", "effective_from"}


async def test_the_folders_own_cases_pass() -> None:
    passed = await try_cases([POLICIES / folder for folder in REGIONS.values()])
    assert all(count >= 10 for count in passed.values())


def test_an_amount_for_a_criterion_that_the_rules_do_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="no criteria \\['XX'\\]"):
        adopted(overlay(tmp_path, bases={"XX": {7: 1}}))


def test_a_table_that_leaves_out_a_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="class 1 has no base"):
        adopted(overlay(tmp_path, bases={"BK": {7: 2150000}}))
