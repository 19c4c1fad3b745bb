"""A region begins: its people, posts and units from the office's workbook, accounts, roles, passwords."""

from typing import Any

from deploy.demo.console import Bar, must
from deploy.demo.door import Login, each
from deploy.demo.office.model import SINCE, Person
from deploy.demo.region import PASSWORD, Region

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def let_admin_in(region: Region, one_time: str) -> None:
    """The region's first administrator logs in with the password the platform handed out."""
    person = region.holder(region.roles.admin)
    login = region.logins[person.nip] = Login(region.door, region.tenant_id, person.nip, person.name)
    await login.first_login(one_time, PASSWORD)


async def import_organisation(region: Region) -> Any:
    """The workbook of units, posts and people; the answer with its counts and one-time passwords."""
    content = (region.folder / "pegawai.xlsx").read_bytes()
    return await region.admin.post(
        "/identity/imports/organisation",
        files={"file": ("pegawai.xlsx", content, XLSX)},
        params={"accounts": "true", "since": SINCE.isoformat()},
    )


async def found(region: Region) -> dict[str, str]:
    """Import the office and learn its ids; the one-time passwords of its people, by NIP."""
    told = await import_organisation(region)
    must(not told["faults"], f"{region.office.name}: {told['summary']}: {told['faults'][:1]}")
    must(told["counts"]["employees"]["added"] == len(region.office.people), f"people imported: {told['summary']}")
    await _learn_ids(region)
    await region.admin.renew()  # the account is this employee's from now on
    return {one["login"]: one["password"] for one in told["accounts"]}


async def _learn_ids(region: Region) -> None:
    after: dict[str, str] = {}
    while True:
        page = await region.admin.get("/identity/employees", limit=500, **after)
        region.ids |= {one["nip"]: one["employee_id"] for one in page["employees"]}
        if page["after"] is None:
            break
        after = {"after": page["after"]}
    units = await region.admin.get("/identity/units")
    region.units |= {one["code"]: one["unit_id"] for one in units}


async def give_roles(region: Region) -> None:
    """Who verifies, who pays, who audits, and the second admin; a kepegawaian for each office."""
    roles = region.roles
    held = [
        (roles.second, "admin", None),
        (roles.verifier, "verifikator", None),
        (roles.treasurer, "bendahara", None),
        (roles.auditor, "auditor", None),
        *((post, "kepegawaian", unit) for post, unit in _personnel(region)),
    ]
    accounts = await region.admin.get("/identity/accounts", limit=500)
    by_nip = {one["login"]: one["account_id"] for one in accounts["accounts"]}
    for post, role, unit in held:
        grant = {"account_id": by_nip[region.holder(post).nip], "role": role, "valid_from": SINCE.isoformat()}
        if unit:
            grant["unit_id"] = region.units[unit]
        await region.admin.post("/identity/grants", grant)


def _personnel(region: Region) -> list[tuple[str, str]]:
    """The kepegawaian of each office: the head of its subsection for it, or of its tata usaha."""
    if region.tenant_id == "92":
        return [("KASUBBAG-TU", "92.01.06"), ("KORWIL", "92.01.07")]
    return [(post.code, post.unit[:5]) for post in region.office.posts if post.code.endswith("-UK")]


async def let_everybody_in(region: Region, one_times: dict[str, str], bar: Bar) -> None:
    """Each person logs in by the slip of paper and sets a password."""

    async def first(person: Person) -> None:
        if person.nip in region.logins:
            return
        login = Login(region.door, region.tenant_id, person.nip, person.name)
        await login.first_login(one_times[person.nip], PASSWORD)
        region.logins[person.nip] = login

    await each(region.office.people, first, bar)
