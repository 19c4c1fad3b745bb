"""What approved circumstances make of a month's facts: flags cut the month, the nearer score counts, all are kept."""

from datetime import date
from fractions import Fraction

from services.payroll.rules.circumstances import CircumstanceKind, Stated, with_circumstances
from services.payroll.rules.facts import Exemption, Facts, Incident, Instalment, Penalty, Release
from tests.payroll.people import facts, segment

DECIDED = {"author": "BKPSDM", "reason": "SK"}


def weekdays(start: date, end: date) -> int:
    return sum(date.fromordinal(at).weekday() < 5 for at in range(start.toordinal(), end.toordinal() + 1))


def stated(
    kind: CircumstanceKind,
    first: int | date,
    last: int | date | None = None,
    /,
    *,
    nearness: int = 2,
    id: str = "k",
    **content: object,
) -> Stated:
    """A circumstance of October 2026, days given by number."""
    days = [date(2026, 10, day) if isinstance(day, int) else day for day in (first, last)]
    return Stated(id, kind, days[0], days[1], nearness, content)


def applied(plain: Facts, *said: Stated, positions: dict[str, str] | None = None) -> Facts:
    return with_circumstances(plain, said, weekdays, positions or {})


def flag(name: str, first: int | date, last: int | date | None = None) -> Stated:
    return stated(CircumstanceKind.TANDA, first, last, name=name, id=name)


def pieces(found: Facts) -> list[tuple[int, int, int, tuple[str, ...]]]:
    return [(one.start.day, one.end.day, one.workdays, one.flags) for one in found.segments]


def test_nothing_stated_changes_nothing():
    assert applied(facts()) == facts()


def test_a_flag_of_the_whole_month_is_the_persons_and_cuts_nothing():
    for last in (None, 31, date(2026, 12, 31)):
        found = applied(facts(), flag("mpp", 1, last))
        assert found.employee.flags == ("mpp",)
        assert found.segments == facts().segments
    assert applied(facts(), flag("mpp", date(2026, 1, 1))).employee.flags == ("mpp",)


def test_a_flag_of_some_days_cuts_the_month_at_its_first_day_and_after_its_last():
    assert pieces(applied(facts(), flag("tb", 16))) == [(1, 15, 11, ()), (16, 31, 11, ("tb",))]
    assert pieces(applied(facts(), flag("tb", 1, 15))) == [(1, 15, 11, ("tb",)), (16, 31, 11, ())]
    assert pieces(applied(facts(), flag("tb", 10, 10))) == [(1, 9, 7, ()), (10, 10, 0, ("tb",)), (11, 31, 15, ())]
    assert pieces(applied(facts(), flag("tb", 31))) == [(1, 30, 22, ()), (31, 31, 0, ("tb",))]
    assert applied(facts(), flag("tb", 16)).employee.flags == ()


def test_two_flags_overlap_on_the_days_they_share_and_one_said_twice_holds_once():
    found = applied(facts(), flag("a", 5, 20), flag("b", 15), flag("a", 15, 20))
    assert [(start, end, flags) for start, end, _, flags in pieces(found)] == [
        (1, 4, ()),
        (5, 14, ("a",)),
        (15, 20, ("a", "b")),
        (21, 31, ("b",)),
    ]


def test_a_post_held_only_on_days_of_the_flag_has_it_uncut_and_one_held_before_has_not():
    two = facts(workdays=22, segments=[segment(1, 15, workdays=11), segment(16, 31, workdays=11)])
    assert pieces(applied(two, flag("tb", 16))) == [(1, 15, 11, ()), (16, 31, 11, ("tb",))]
    assert pieces(applied(two, flag("tb", 16, 20))) == [(1, 15, 11, ()), (16, 20, 3, ("tb",)), (21, 31, 8, ())]


def test_flags_that_the_facts_have_already_are_kept():
    plain = facts(employee={"flags": ["lhkpn_belum"]}, segments=[segment(flags=["mpp"])])
    assert applied(plain, flag("tb", 1)).employee.flags == ("lhkpn_belum", "tb")
    assert [one.flags for one in applied(plain, flag("tb", 16)).segments] == [("mpp",), ("mpp", "tb")]


def test_the_nearer_score_counts_and_of_two_as_near_the_later():
    def scored(*said: tuple[int, int, str]) -> Fraction:
        rows = [
            stated(CircumstanceKind.SKOR, day, nearness=near, id=share, name="sakip", share=share)
            for near, day, share in said
        ]
        return applied(facts(scores={"mutu": "50 %"}), *rows).scores["sakip"]

    assert scored((2, 1, "80 %"), (1, 20, "70 %"), (0, 25, "60 %")) == Fraction(80, 100)
    assert scored((0, 25, "60 %"), (1, 3, "70 %")) == Fraction(70, 100)
    assert scored((1, 20, "70 %"), (1, 3, "60 %")) == Fraction(70, 100)
    found = applied(facts(scores={"mutu": "50 %"}), stated(CircumstanceKind.SKOR, 1, name="sakip", share="1/3"))
    assert found.scores == {"mutu": Fraction(1, 2), "sakip": Fraction(1, 3)}


def test_a_stated_amount_stands_beside_those_of_other_names_and_instead_of_its_own():
    plain = facts(amounts={"prestasi": "100", "lain": "7"})
    found = applied(plain, stated(CircumstanceKind.JUMLAH, 1, name="prestasi", rupiah="250"))
    assert found.amounts == {"prestasi": 250, "lain": 7}


def test_points_go_to_the_post_of_that_code_and_to_no_other():
    held = [
        segment(1, 15, workdays=11, attributes={"position_code": "J-1"}),
        segment(16, 31, workdays=10, attributes={"position_code": "J-2"}),
    ]
    acting = {"capacity": "Plt", "level": "same", "kelas": 9, "workdays": 21}
    plain = facts(segments=held, acting=[{"id": "a"} | acting, {"id": "b"} | acting])
    said = [
        stated(CircumstanceKind.NILAI_JABATAN, 1, nearness=0, id=code, name=code, points=points)
        for code, points in (("J-2", 1735), ("J-9", 2100))
    ]
    found = applied(plain, *said, positions={"b": "J-9"})
    assert [one.nilai_jabatan for one in found.segments] == [None, 1735]
    assert [one.nilai_jabatan for one in found.acting] == [None, 2100]


def test_decisions_are_added_to_those_there_each_with_its_own_id():
    span = {"start": "2026-10-05", "end": "2026-10-09"}
    old = facts(
        exemptions=[{"id": "e0", "covers": ["late"]} | span | DECIDED],
        penalties=[{"id": "p0", "kind": "ringan", "effective_from": "2026-09-01"}],
        incidents=[{"id": "i0", "kind": "razia", "on": "2026-10-02"}],
        instalments=[{"id": "a0", "kind": "tgr", "start": "2026-01-01", "monthly": "1", "total": "9"} | DECIDED],
        releases=[{"id": "r0", "rule": "lhkpn", "on": "2026-10-02"} | DECIDED],
    )
    found = applied(
        old,
        stated(CircumstanceKind.PENGECUALIAN, 5, 9, id="e1", covers=["apel"], **span, **DECIDED),
        stated(CircumstanceKind.HUKUMAN, 1, id="p1", kind="sedang_6", effective_from="2026-10-01"),
        stated(CircumstanceKind.KEJADIAN, 3, id="i1", kind="razia", on="2026-10-03"),
        stated(
            CircumstanceKind.ANGSURAN, 1, id="a1", kind="tgr", start="2026-10-01", monthly="5", total="50", **DECIDED
        ),
        stated(CircumstanceKind.PELEPASAN, 4, id="r1", rule="lhkpn", on="2026-10-04", **DECIDED),
    )
    day, first, last = date(2026, 10, 3), date(2026, 10, 5), date(2026, 10, 9)
    assert found.exemptions == (*old.exemptions, Exemption(id="e1", covers=("apel",), start=first, end=last, **DECIDED))
    assert found.penalties == (*old.penalties, Penalty(id="p1", kind="sedang_6", effective_from=date(2026, 10, 1)))
    assert found.incidents == (*old.incidents, Incident(id="i1", kind="razia", on=day))
    debt = Instalment(id="a1", kind="tgr", start=date(2026, 10, 1), monthly=5, total=50, **DECIDED)
    assert found.instalments == (*old.instalments, debt)
    assert found.releases == (*old.releases, Release(id="r1", rule="lhkpn", on=date(2026, 10, 4), **DECIDED))
