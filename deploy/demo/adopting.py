"""A region adopts another's rules: a document of deploy/policies, with the region's own name and base tables.

What is the region's own stands in `files/<region>/kebijakan.yaml`; no rule of the document is touched.
"""

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from deploy.demo.console import DemoError, must
from deploy.local.processes import REPO
from services.payroll.rules import Policy, check
from services.payroll.rules.difference import differences

POLICIES = REPO / "deploy" / "policies"
_OWN = re.compile(r"name|effective_from|criteria\.\w+\.base\.by_class\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A document as the region drafts it; `folder` is where its rules come from, `amounts` how many are its own."""

    folder: Path
    document: str
    amounts: int


@cache
def adopted(files: Path) -> Adopted:
    """The policy of the region that hands over these files. Raises DemoError where more than its own parts differ."""
    own = yaml.safe_load((files / "kebijakan.yaml").read_text())
    source = POLICIES / own["rules_of"]
    document = yaml.safe_load(source.read_text())
    document |= {name: own[name] for name in ("region", "name", "effective_from")}
    unknown = own["bases"].keys() - {criterion["code"] for criterion in document["criteria"]}
    must(not unknown, f"{files}: there are no criteria {sorted(unknown)} in {source}")
    for criterion in document["criteria"]:
        if criterion["code"] in own["bases"]:
            criterion["base"] = {"by_class": own["bases"][criterion["code"]]}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    found = differences(_whole(source, source.read_text()).document, _whole(files, text).document)
    strange = [one.place for one in found if not _OWN.fullmatch(one.place)]
    must(not strange, f"{source}: adopting it changed more than the region's own: {strange}")
    return Adopted(source.parent, text, sum(one.place.startswith("criteria") for one in found))


def _whole(source: Path, text: str) -> Policy:
    checked = check(text)
    if isinstance(checked, Policy):
        return checked
    raise DemoError(f"{source}: {checked[0].place}: {checked[0].message}")


async def try_cases(folders: Sequence[Path]) -> dict[Path, int]:
    """`takar policy test`, as an official would type it: how many cases of each folder came to what they must."""
    command = [sys.executable, "-m", "deploy.cli.main", "policy", "test", *map(str, folders), "--json"]
    process = await asyncio.create_subprocess_exec(*command, cwd=REPO, stdout=asyncio.subprocess.PIPE)
    told = json.loads((await process.communicate())[0])
    by_name = {region["region"]: region for region in told["regions"]}
    for folder in folders:
        tried = by_name[folder.name]
        must(tried["cases"] == tried["passed"], f"{folder}: {tried['failures'][:1]}")
    return {folder: by_name[folder.name]["passed"] for folder in folders}
