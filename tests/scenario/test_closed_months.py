"""What may still happen to a month that is closed: nothing, until it is reopened with a reason."""

from datetime import date

from shared.period import period
from tests.support.regency import Regency

JUNE, JULY = period("2026-06"), period("2026-07")


async def test_a_late_approval_is_refused_and_changes_no_total(bangka_barat: Regency) -> None:
    # June: two reports, of which only one is approved in time
    in_time = await bangka_barat.reports(bangka_barat.staff[0], date(2026, 6, 2))
    late = await bangka_barat.reports(bangka_barat.staff[0], date(2026, 6, 3))
    await bangka_barat.approves(bangka_barat.boss, in_time)
    closing = await bangka_barat.closes(JUNE)

    # the superior comes to the other one after the closing
    answer = await bangka_barat.tries(bangka_barat.boss, "activity", "POST", f"/activities/{late}/approval")

    assert answer.status_code == 409
    assert "period 2026-06 is closed" in answer.json()["detail"]
    assert closing["activities"] == 1
    assert (await bangka_barat.is_reconciled(JUNE))["minutes"] == 300


async def test_a_reopened_month_closes_anew_on_higher_totals_and_both_readers_follow(bangka_barat: Regency) -> None:
    # July is closed without the report that nobody approved
    forgotten = await bangka_barat.reports(bangka_barat.staff[1], date(2026, 7, 6), minutes=240)
    first = await bangka_barat.closes(JULY)
    await bangka_barat.is_reconciled(JULY)

    # it is reopened, with the reason, for the approval; and closed again
    await bangka_barat.reopens(JULY, "atasan sakit, persetujuan menyusul")
    await bangka_barat.approves(bangka_barat.boss, forgotten)
    second = await bangka_barat.closes(JULY)

    assert (second["close_seq"], second["supersedes"]) == (2, 1)
    assert second["minutes"] - first["minutes"] == 240
    assert second["root"] != first["root"]
    held = await bangka_barat.is_reconciled(JULY, close_seq=2)
    assert held["minutes"] == second["minutes"]
