"""How a draft differs from the policy in force, in words, and that its approver is told."""

import httpx

from services.payroll.rules import Policy, check
from services.payroll.rules.difference import Difference, differences
from tests.payroll.people import REGIONS
from tests.support.payroll import Desk, must, policy_text

DESK = Desk()
TEXT = (REGIONS / "tulang-bawang" / "policy.yaml").read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str]) -> list[Difference]:
    after = TEXT
    for old, new in pairs:
        assert old in after, old
        after = after.replace(old, new)
    documents = [check(TEXT), check(after)]
    assert all(isinstance(one, Policy) for one in documents), documents
    before, now = (one.document for one in documents if isinstance(one, Policy))
    return differences(before, now)


def test_the_same_document_differs_in_nothing() -> None:
    assert changed() == []


def test_an_amount_is_told_as_rupiah_with_its_class() -> None:
    (one,) = changed(("7: 2750000", "7: 2887500"))
    assert one.said().id == "Beban kerja: criteria.BK.base.by_class.7: Rp 2.750.000 menjadi Rp 2.887.500"


def test_a_rule_added_or_taken_out_is_told_by_its_name() -> None:
    found = changed(("  - id: apel\n", "  - id: upacara\n"))
    assert [(one.place, one.before is None, one.after is None) for one in found] == [
        ("deductions.upacara", True, False),
        ("deductions.apel", False, True),
    ]
    assert found[1].said().en.startswith("Tidak mengikuti apel Senin atau upacara: deductions.apel: taken out (it was ")


def test_weights_and_tiers_are_told_where_they_stand() -> None:
    found = changed(("weight: 60 %", "weight: 70 %"), ("weight: 40 %", "weight: 30 %"), ("1.25 %", "1.3 %"))
    assert [(one.place, one.rule) for one in found] == [
        ("parts.produktivitas.weight", "Produktivitas"),
        ("parts.disiplin.weight", "Disiplin"),
        ("deductions.terlambat.tiers", "Terlambat masuk kerja"),
    ]
    assert (found[0].before, found[0].after) == ("60 %", "70 %")


async def test_a_draft_is_shown_beside_the_policy_it_would_replace(client: httpx.AsyncClient) -> None:
    held = await DESK.adopt(client)
    text = policy_text().replace("effective_from: 2026-01-01", "effective_from: 2027-01-01")
    assert text != policy_text()
    draft = must(await client.post("/policies", json={"document": text}, headers=DESK.treasurer))["hash"]
    told = must(await client.get(f"/policies/{draft}/difference", headers=DESK.verifier))
    assert told["against"] == held
    assert [(one["place"], one["after"]) for one in told["differences"]] == [("effective_from", "2027-01-01")]
    approved = must(await client.post(f"/policies/{draft}/approval", headers=DESK.verifier))
    assert approved["compared_with"] == held
    assert must(await client.get(f"/policies/{draft}/difference", headers=DESK.verifier)) == told


async def test_the_first_policy_has_nothing_to_differ_from(client: httpx.AsyncClient) -> None:
    first = await DESK.adopt(client)
    assert must(await client.get(f"/policies/{first}/difference", headers=DESK.auditor))["against"] is None
    assert (await client.get(f"/policies/{'0' * 64}/difference", headers=DESK.auditor)).status_code == 404
