"""Consents over HTTP: who may give and record them, one at a time, ended and never rewritten; and into the facts."""

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.payroll.inputs import facts_of
from services.payroll.rules.facts import Consent
from shared.db import Sessions
from shared.period import period
from shared.unit_of_work import unit_of_work
from tests.support.payroll import PERIOD, Desk, Month, a_month, must, prepared
from tests.support.service import TENANT, token_for

DESK = Desk()
ZAKAT = {"kind": "zakat", "percent": "2.5 %", "valid_from": "2026-10-01"}


@pytest.fixture
async def month(worker: Sessions) -> Month:
    month = a_month()
    await prepared(worker, month)
    return month


async def recorded(client: httpx.AsyncClient, month: Month, **said: Any) -> httpx.Response:
    whose = str(month.office.staff[0].employee_id)
    given = ZAKAT | {"employee_id": whose, "reference": "surat 12/2026"} | said
    return await client.post("/consents", json=given, headers=DESK.treasurer)


async def test_the_treasurer_records_a_letter_and_it_enters_the_facts_of_its_months(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    told = must(await recorded(client, month, valid_to="2026-10-31"))
    assert (told["kind"], told["percent"], told["reference"]) == ("zakat", "2.5 %", "surat 12/2026")
    whose = month.office.staff[0].employee_id
    async with unit_of_work(worker, TENANT) as uow:
        built = await facts_of(uow.session, TENANT, period(PERIOD), [whose])
        after = await facts_of(uow.session, TENANT, period("2026-11"), [whose])
    (consent,) = built.facts[whose][0].consents
    assert isinstance(consent, Consent)
    assert (consent.id, consent.valid_to, consent.percent) == (told["consent_id"], date(2026, 10, 31), Fraction(1, 40))
    assert after.facts[whose][0].consents == ()


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"reference": None}, 422, "letter"),
        ({"valid_to": "2026-09-30"}, 422, "ends before it begins"),
        ({"employee_id": str(uuid4())}, 404, "no employee"),
        ({"percent": "0 %"}, 422, "percent"),
        ({"percent": "101 %"}, 422, "percent"),
        ({"percent": "2.5"}, 422, "percent"),
        ({"kind": "zakat dan infaq"}, 422, "kind"),
        ({"valid_from": "0001-01-01"}, 422, "valid_from"),
        ({"much": 1}, 422, "much"),
    ],
)
async def test_a_consent_that_cannot_stand_is_refused(
    client: httpx.AsyncClient, month: Month, said: dict[str, Any], status: int, words: str
) -> None:
    answer = await recorded(client, month, **said)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text


async def test_one_consent_of_a_kind_at_a_time_and_a_new_one_after_its_end(
    client: httpx.AsyncClient, month: Month
) -> None:
    first = must(await recorded(client, month))
    again = await recorded(client, month, valid_from="2027-01-01")
    assert again.status_code == 409
    assert "end it first" in again.json()["detail"]
    must(await recorded(client, month, kind="infaq"))
    ended = must(
        await client.post(
            f"/consents/{first['consent_id']}/end", json={"last_day": "2026-12-31"}, headers=DESK.treasurer
        )
    )
    assert ended["valid_to"] == "2026-12-31"
    assert ended["ended_by"]
    must(await recorded(client, month, valid_from="2027-01-01"))
    twice = await client.post(
        f"/consents/{first['consent_id']}/end", json={"last_day": "2027-06-30"}, headers=DESK.treasurer
    )
    assert twice.status_code == 409
    listed = must(await client.get("/consents", headers=DESK.treasurer))
    assert sorted(one["kind"] for one in listed) == ["infaq", "zakat", "zakat"]


async def test_a_consent_taken_back_on_its_first_day_never_held(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    told = must(await recorded(client, month))
    must(
        await client.post(
            f"/consents/{told['consent_id']}/end", json={"last_day": "2026-09-30"}, headers=DESK.treasurer
        )
    )
    whose = month.office.staff[0].employee_id
    async with unit_of_work(worker, TENANT) as uow:
        built = await facts_of(uow.session, TENANT, period(PERIOD), [whose])
    assert built.facts[whose][0].consents == ()
    must(await recorded(client, month))


async def test_an_employee_consents_for_oneself_alone_and_sees_ones_own(
    client: httpx.AsyncClient, month: Month
) -> None:
    staff, head = month.office.staff[0], month.office.head
    headers = {"Authorization": f"Bearer {token_for(TENANT, employee_id=staff.employee_id)}"}
    own = must(await client.post("/consents", json=ZAKAT, headers=headers))
    assert own["employee_id"] == own["recorded_by"]
    others = await client.post("/consents", json=ZAKAT | {"employee_id": str(head.employee_id)}, headers=headers)
    assert others.status_code == 403
    letter = must(await recorded(client, month, employee_id=str(head.employee_id)))
    seen = must(await client.get("/consents", params={"employee": str(head.employee_id)}, headers=headers))
    assert [one["consent_id"] for one in seen] == [own["consent_id"]]
    hidden = await client.post(
        f"/consents/{letter['consent_id']}/end", json={"last_day": "2026-12-31"}, headers=headers
    )
    assert hidden.status_code == 404
    denied = await client.post("/consents", json=ZAKAT, headers=DESK.auditor)
    assert denied.status_code == 403
