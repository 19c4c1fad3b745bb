"""The organisation, accounts and grants over HTTP: what changes, what is stated, what is refused."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from shared.auth.policy import Role
from shared.directory.queries import superiors_on
from shared.events.identity import EmployeeChanged, PositionChanged, TenantConfigured, UnitChanged
from tests.support.identity import SINCE, Client, identity
from tests.support.service import an_id, headers, nip_of, sessions_on, token_for


async def test_a_region_is_stated_once_and_its_zone_stays(client: Client) -> None:
    await client.add_region()
    renamed = {"name": "Nama Baru", "kind": "kabupaten", "zone": "Asia/Jakarta"}
    path = f"/tenants/{client.tenant_id}"
    assert (await client.put(path, renamed, client.operator())).json()["version"] == 2
    assert (await client.put(path, renamed | {"zone": "Asia/Jayapura"}, client.operator())).status_code == 409
    stated = await client.stated(TenantConfigured)
    assert [(one.version, one.name) for one in stated] == [(1, "Kabupaten Bangka Barat"), (2, "Nama Baru")]


async def test_only_the_platform_adds_regions(client: Client) -> None:
    body = {"name": "X", "kind": "kota", "zone": "Asia/Jakarta"}
    assert (await client.put("/tenants/99.99", body)).status_code == 403
    assert (await client.put("/tenants/00", body, client.operator())).status_code == 409
    assert (await client.get("/tenants")).status_code == 403
    codes = [one["tenant_id"] for one in (await client.get("/tenants", client.operator())).json()]
    assert client.tenant_id in codes


async def test_the_first_administrator_gets_paper_and_the_role(client: Client) -> None:
    path, body = f"/tenants/{client.tenant_id}/administrators", {"nip": nip_of(1), "name": "Sari"}
    made = (await client.post(path, body, client.operator())).json()
    assert (await client.post(path, body, client.operator())).status_code == 204
    first = (await client.log_in(nip_of(1), made["password"])).json()
    new = {"new": "empat belas kerbau menyeberang"}
    tokens = (await client.put("/me/password", new, headers(first["access_token"]))).json()
    assert tokens["roles"] == ["admin"]
    employee_id = await client.hire(1)
    assert (await client.log_in(nip_of(1), new["new"])).json()["employee_id"] == str(employee_id)


async def test_units_are_a_tree_that_is_stated(client: Client) -> None:
    top = await client.add_unit("1", "Dinas")
    low = await client.add_unit("1.1", "UPTD", kind="upt", parent_id=top)
    body = {"name": "Dinas", "kind": "opd", "active_from": str(SINCE), "parent_id": str(low)}
    refused = await client.put(f"/units/{top}", body)
    assert (refused.status_code, "below itself" in refused.json()["detail"]) == (409, True)
    listed = (await client.get("/units")).json()
    assert [(one["code"], one["parent_id"]) for one in listed] == [("1", None), ("1.1", str(top))]
    assert [one.code for one in await client.stated(UnitChanged)] == ["1", "1.1"]


async def test_the_same_change_twice_is_stated_once(client: Client) -> None:
    unit = await client.add_unit()
    body = {"name": "Dinas Pendidikan dan Kebudayaan", "kind": "opd", "active_from": str(SINCE)}
    for _ in range(2):
        assert (await client.put(f"/units/{unit}", body)).status_code == 204
    assert [one.version for one in await client.stated(UnitChanged)] == [1, 2]


async def test_a_code_is_given_once(client: Client) -> None:
    unit = await client.add_unit()
    again = {"code": "1.01", "name": "Lain", "kind": "opd", "active_from": str(SINCE)}
    assert (await client.post("/units", again)).status_code == 409
    await client.add_position(unit, "KADIS")
    position = {"code": "KADIS", "name": "X", "jenis_jabatan": "pelaksana", "kelas_jabatan": 1}
    position |= {"unit_id": str(unit), "valid_from": str(SINCE)}
    assert (await client.post("/positions", position)).status_code == 409
    assert (await client.post("/positions", position | {"kelas_jabatan": 18})).status_code == 422


async def test_a_position_keeps_its_dated_terms(client: Client) -> None:
    unit = await client.add_unit()
    position = await client.add_position(unit, "ANALIS", kelas_jabatan=7)
    term = {"valid_from": "2026-07-01", "name": "Analis", "jenis_jabatan": "jf_keahlian", "kelas_jabatan": 8}
    path = f"/positions/{position}"
    assert (await client.put(f"{path}/terms", term | {"unit_id": str(unit)})).status_code == 204
    assert (await client.put(f"{path}/terms", term | {"unit_id": str(uuid4())})).status_code == 409
    terms = (await client.get(path)).json()["terms"]
    assert [(one["valid_from"], one["kelas_jabatan"]) for one in terms] == [("2026-01-01", 7), ("2026-07-01", 8)]
    on_june, on_july = [
        (await client.get("/positions", day=day)).json()["positions"][0]["kelas_jabatan"]
        for day in ("2026-06-30", "2026-07-01")
    ]
    assert (on_june, on_july) == (7, 8)
    assert [one.version for one in await client.stated(PositionChanged)] == [1, 2]


async def test_no_post_reports_to_itself_however_far_round(client: Client) -> None:
    unit = await client.add_unit()
    top = await client.add_position(unit, "A")
    low = await client.add_position(unit, "B", reports_to=top)
    term = {"valid_from": "2026-02-01", "name": "A", "jenis_jabatan": "pelaksana", "kelas_jabatan": 7}
    answer = await client.put(f"/positions/{top}/terms", term | {"unit_id": str(unit), "reports_to": str(low)})
    assert answer.status_code == 409


async def test_a_post_or_unit_in_use_cannot_end(client: Client) -> None:
    unit = await client.add_unit()
    post = await client.add_position(unit, "STAF")
    employee = await client.hire()
    assignment = (await client.assign(employee, post)).json()["id"]
    body = {"name": "Dinas", "kind": "opd", "active_from": str(SINCE), "active_to": "2026-06-30"}
    assert (await client.put(f"/units/{unit}", body)).status_code == 409
    assert (await client.post(f"/positions/{post}/end", {"last_day": "2026-06-30"})).status_code == 409
    ended = await client.post(f"/employees/{employee}/assignments/{assignment}/end", {"last_day": "2026-06-30"})
    assert ended.status_code == 204
    assert (await client.post(f"/positions/{post}/end", {"last_day": "2026-06-30"})).status_code == 204
    assert (await client.put(f"/units/{unit}", body)).status_code == 204


async def test_an_employee_is_stated_with_full_dated_state(client: Client) -> None:
    unit = await client.add_unit()
    post = await client.add_position(unit, "STAF")
    bank = {"bank_code": "120", "bank_name": "Bank Sumsel Babel", "number": "4102 0986 78210", "holder": "SARI"}
    employee = await client.hire(1, "Sari", ptkp="K/1", npwp="94.440.087.0-023.838", bank=bank)
    await client.assign(employee, post)
    status = {"valid_from": "2026-04-01", "status_asn": "PNS", "golongan": "III.d"}
    assert (await client.post(f"/employees/{employee}/statuses", status)).status_code == 204
    stated = await client.stated(EmployeeChanged)
    assert [one.version for one in stated] == [1, 2, 3]
    last = stated[-1]
    assert [term.golongan for term in last.statuses] == ["III/c", "III/d"]
    assert (last.nips[0].nip, last.ptkp, last.npwp) == (nip_of(1), "K/1", "944400870023838")
    assert last.bank is not None
    assert last.bank.number == "4102098678210"
    assert [one.position_id for one in last.assignments] == [post]
    shown = (await client.get(f"/employees/{employee}")).json()
    assert shown["version"] == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nip", "198613262015051001"),
        ("name", " "),
        ("name", "Sa\0ri"),
        ("ptkp", "K/9"),
        ("npwp", "12"),
        ("nik", "x"),
        ("status", {"valid_from": "2026-01-01", "status_asn": "PPPK", "golongan": "III/c"}),
        ("status", {"valid_from": "0001-01-01", "status_asn": "PNS", "golongan": "III/c"}),
        ("unknown", 1),
    ],
)
async def test_bad_data_of_an_employee_is_named_and_stored_nowhere(client: Client, field: str, value: object) -> None:
    good = {"nip": nip_of(1), "name": "Sari"}
    good["status"] = {"valid_from": "2026-01-01", "status_asn": "PNS", "golongan": "III/c"}  # type: ignore[assignment]
    answer = await client.post("/employees", good | {field: value})
    assert answer.status_code == 422
    assert any(field in fault["place"] for fault in answer.json()["faults"])
    assert await client.stated(EmployeeChanged) == []


async def test_a_nip_belongs_to_one_employee_of_a_region(client: Client) -> None:
    first, second = await client.hire(1), await client.hire(2)
    status = {"valid_from": str(SINCE), "status_asn": "PNS", "golongan": "III/c"}
    again = {"nip": nip_of(1), "name": "Lain", "status": status}
    assert (await client.post("/employees", again)).status_code == 409
    body = {"nip": nip_of(1), "valid_from": "2026-06-01"}
    assert (await client.post(f"/employees/{second}/nips", body)).status_code == 409
    assert (await client.post(f"/employees/{first}/nips", body)).status_code == 204


async def test_a_mistyped_nip_is_free_again_when_it_is_corrected(client: Client) -> None:
    mistyped, meant = nip_of(1), nip_of(1)[:-1] + "9"
    employee = await client.hire(1)
    body = {"nip": meant, "valid_from": str(SINCE)}
    assert (await client.post(f"/employees/{employee}/nips", body)).status_code == 204
    assert [term.nip for term in (await client.stated(EmployeeChanged))[-1].nips] == [meant]
    owner = {"nip": mistyped, "name": "Pemilik"}
    status = {"valid_from": str(SINCE), "status_asn": "PNS", "golongan": "III/c"}
    assert (await client.post("/employees", owner | {"status": status})).status_code == 201


async def test_the_same_nip_in_two_regions_is_told_to_the_platform_alone(client: Client, urls: ServiceUrls) -> None:
    await client.hire(54321)
    async with identity(urls, tenant_id="95.95") as other:
        await other.hire(54321)
    found = (await client.get("/tenants/numbers-in-two-regions", client.operator())).json()
    assert {"nip": nip_of(54321), "tenant_ids": [client.tenant_id, "95.95"]} in found
    assert (await client.get("/tenants/numbers-in-two-regions")).status_code == 403


async def test_a_definitive_post_ends_the_one_before_and_plt_stands_beside(client: Client) -> None:
    unit = await client.add_unit()
    first, second, acting = [await client.add_position(unit, code) for code in ("A", "B", "C")]
    employee = await client.hire()
    await client.assign(employee, first)
    await client.assign(employee, second, valid_from=date(2026, 5, 1))
    await client.assign(employee, acting, kind="plt", valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31))
    held = (await client.get(f"/employees/{employee}")).json()["assignments"]
    assert [(one["kind"], one["valid_from"], one["valid_to"]) for one in held] == [
        ("definitif", "2026-01-01", "2026-04-30"),
        ("definitif", "2026-05-01", None),
        ("plt", "2026-06-01", "2026-08-31"),
    ]


async def test_a_leading_post_has_one_definitive_holder(client: Client) -> None:
    unit = await client.add_unit()
    post = await client.add_position(unit, "KADIS", jenis_jabatan="jpt_pratama", kelas_jabatan=14)
    first, second = await client.hire(1), await client.hire(2)
    assert (await client.assign(first, post)).status_code == 201
    assert (await client.assign(second, post)).status_code == 409
    assert (await client.assign(second, post, kind="plh")).status_code == 201
    staff = await client.add_position(unit, "STAF")
    assert [(await client.assign(one, staff, kind="plt")).status_code for one in (first, second)] == [201, 201]


async def test_no_post_is_held_before_it_is_there(client: Client) -> None:
    post = await client.add_position(await client.add_unit(), "STAF")
    employee = await client.hire()
    assert (await client.assign(employee, post, valid_from=date(2025, 1, 1))).status_code == 404
    assert (await client.assign(employee, uuid4())).status_code == 404
    assert (await client.assign(uuid4(), post)).status_code == 404


async def test_who_was_above_whom_is_known_by_day(client: Client) -> None:
    unit = await client.add_unit()
    head = await client.add_position(unit, "KADIS", jenis_jabatan="jpt_pratama")
    staff = await client.add_position(unit, "STAF", reports_to=head)
    boss, acting, employee = [await client.hire(number) for number in (1, 2, 3)]
    held = (await client.assign(boss, head)).json()["id"]
    await client.assign(employee, staff)
    await client.post(f"/employees/{boss}/assignments/{held}/end", {"last_day": "2026-03-31"})
    await client.assign(acting, head, kind="plt", valid_from=date(2026, 4, 1), valid_to=date(2026, 5, 31))
    answer = await client.get(f"/employees/{employee}/superiors", first_day="2026-01-01", last_day="2026-06-30")
    told = [
        (one["first_day"], one["last_day"], [(who["superior_id"], who["capacity"]) for who in one["superiors"]])
        for one in answer.json()
    ]
    assert told == [
        ("2026-01-01", "2026-03-31", [(str(boss), "definitif")]),
        ("2026-04-01", "2026-05-31", [(str(acting), "plt")]),
        ("2026-06-01", "2026-06-30", []),
    ]
    async with client.transaction() as uow:
        same = await superiors_on(uow.session, client.tenant_id, date(2026, 4, 15), [employee])
    assert [one.superior_id for one in same] == [acting]


async def test_a_history_of_more_than_ten_years_is_not_told_at_once(client: Client) -> None:
    employee = await client.hire()
    for days in (("2000-01-01", "2026-01-01"), ("2026-02-01", "2026-01-01")):
        answer = await client.get(f"/employees/{employee}/superiors", first_day=days[0], last_day=days[1])
        assert answer.status_code == 422


async def test_employees_are_listed_page_by_page_and_searched(client: Client) -> None:
    for number in range(1, 6):
        await client.hire(number, f"Pegawai {number % 2} {number}")
    seen, after = [], None
    for _ in range(3):
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (await client.get("/employees", **params)).json()
        seen += [one["name"] for one in page["employees"]]
        after = page["after"]
    assert seen == sorted(seen)
    assert (len(seen), after) == (5, None)
    by_name = (await client.get("/employees", search="pegawai 1")).json()["employees"]
    by_nip = (await client.get("/employees", search=nip_of(2))).json()["employees"]
    assert (len(by_name), [one["nip"] for one in by_nip]) == (3, [nip_of(2)])
    assert (await client.get("/employees", after="nonsense")).status_code == 422
    assert (await client.get("/employees", search="100%_\\")).json()["employees"] == []


async def test_an_employee_sees_oneself_and_kepegawaian_their_units(client: Client) -> None:
    top = await client.add_unit("1", "Dinas")
    low, aside = await client.add_unit("1.1", "UPTD", parent_id=top), await client.add_unit("2", "Badan")
    people = [await client.hire(number) for number in (1, 2, 3)]
    for person, unit, code in zip(people, (top, low, aside), "ABC", strict=True):
        await client.assign(person, await client.add_position(unit, code))
    own = headers(token_for(client.tenant_id, employee_id=people[0]))
    unit_admin = headers(token_for(client.tenant_id, [Role.KEPEGAWAIAN], unit_ids=[top]))

    async def seen(who: dict[str, str]) -> set[str]:
        listed = (await client.get("/employees", who)).json()["employees"]
        return {one["employee_id"] for one in listed}

    assert await seen(own) == {str(people[0])}
    assert await seen(unit_admin) == {str(people[0]), str(people[1])}
    assert len(await seen(client.admin())) == 3
    assert (await client.get(f"/employees/{people[1]}", own)).status_code == 403
    assert (await client.get(f"/employees/{people[1]}", unit_admin)).status_code == 200
    assert (await client.get(f"/employees/{people[2]}", unit_admin)).status_code == 403
    assert (await client.get(f"/employees/{uuid4()}", own)).status_code == 403
    assert (await client.get(f"/employees/{uuid4()}")).status_code == 404


async def test_nobody_gives_themselves_a_role(client: Client) -> None:
    body = {"account_id": str(an_id("admin")), "role": "verifikator", "valid_from": str(SINCE)}
    answer = await client.post("/grants", body)
    assert (answer.status_code, "themselves" in answer.json()["detail"]) == (409, True)


async def test_a_role_is_given_by_day_and_ended(client: Client) -> None:
    unit = await client.add_unit()
    account = (await client.one_time(await client.hire()))["account_id"]
    body = {"account_id": account, "role": "kepegawaian", "unit_id": str(unit), "valid_from": str(SINCE)}
    grant = (await client.post("/grants", body)).json()["id"]
    assert (await client.post("/grants", body)).status_code == 409
    assert (await client.post("/grants", body | {"unit_id": None})).status_code == 409
    assert (await client.post("/grants", body | {"unit_id": str(uuid4())})).status_code == 404
    assert (await client.post(f"/grants/{grant}/end", {"last_day": "2026-06-30"})).status_code == 204
    assert (await client.post(f"/grants/{grant}/end", {"last_day": "2026-12-31"})).status_code == 409
    assert len((await client.get("/grants", day="2026-06-30", account_id=account)).json()) == 1
    assert (await client.get("/grants", day="2026-07-01", account_id=account)).json() == []


async def test_an_account_that_is_no_employees_has_a_name_and_no_role(client: Client) -> None:
    made = (await client.post("/accounts", {"login": "auditor-bpk", "name": "BPK"})).json()
    assert (await client.post("/accounts", {"login": "auditor-bpk", "name": "BPK"})).status_code == 409
    assert (await client.post("/accounts", {"login": nip_of(1), "name": "BPK"})).status_code == 422
    first = (await client.log_in("auditor-bpk", made["password"])).json()
    new = await client.put("/me/password", {"new": "sembilan perahu di dermaga"}, headers(first["access_token"]))
    assert new.status_code == 403
    given = {"account_id": made["account_id"], "role": "auditor", "valid_from": str(SINCE)}
    assert (await client.post("/grants", given)).status_code == 201
    listed = (await client.get("/accounts", search="auditor")).json()["accounts"]
    assert [one["login"] for one in listed] == ["auditor-bpk"]


async def test_accounts_are_made_once_for_whoever_has_none(client: Client) -> None:
    await client.hire(1)
    await client.hire(2)
    first = (await client.post("/accounts/import", {})).json()["accounts"]
    assert {one["login"] for one in first} == {nip_of(1), nip_of(2)}
    assert (await client.post("/accounts/import", {})).json()["accounts"] == []
    assert (await client.post("/accounts/import", {"employee_ids": [str(uuid4())]})).status_code == 404


async def test_success_is_said_after_the_commit_and_never_before(identity_db: ServiceUrls) -> None:
    async with identity(identity_db) as client, sessions_on(identity_db.owner) as owner:
        async with owner.begin() as session:
            for statement in _FAIL_AT_COMMIT:
                await session.execute(text(statement))
        body = {"code": "1", "name": "Dinas", "kind": "opd", "active_from": str(SINCE)}
        answer = await client.post("/units", body)
        assert answer.status_code == 500
        assert "nothing was stored" in answer.json()["detail"]
        assert (await client.get("/units")).json() == []
        assert await client.stated(UnitChanged) == []


_FAIL_AT_COMMIT = (
    "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'at commit'; END $$",
    "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON identity_units DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION fail()",
)
