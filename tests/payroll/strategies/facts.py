"""Facts of a month as plain data, drawn: of all kinds that a policy may look at."""

from datetime import date

from hypothesis import strategies as st

from tests.payroll.people import plain_facts
from tests.payroll.strategies.words import (
    CLASSES,
    DAYS,
    DECISION,
    FLAGS,
    KINDS,
    PREDIKAT,
    WORDS,
    Plain,
    cut_shares,
    maybe,
    optional,
    rupiah,
    small_rupiah,
)

late = st.sampled_from([20, 0, 1, 0, 30, 31, 60, 61, 130, 400])
attendance_day = st.fixed_dictionaries(
    {"after_holiday": st.booleans(), "late_minutes": late},
    optional={
        "early_minutes": late,
        "out_minutes": late,
        "permitted_minutes": late,
        "stayed_minutes": late,
        "missing_in": st.booleans(),
        "missing_out": st.booleans(),
        "absence": st.sampled_from(KINDS["absent"]),
        "leave": st.sampled_from(KINDS["leave"]),
        "letter": st.booleans(),
        "inpatient": st.booleans(),
        "duty": st.booleans(),
        "apel_missed": st.lists(st.sampled_from(KINDS["apel"]), max_size=2),
    },
)
year_days = st.dates(date(2026, 5, 1), date(2026, 11, 20)).map(str)
covered = st.sampled_from(
    [["late"], ["early", "absent"], ["rule:potong-0"], ["rule:tahan-0"], ["part:p1"], ["part:p2"], ["instalment"]]
)


@st.composite
def segments(draw: st.DrawFn, workdays: int) -> list[Plain]:
    cuts = sorted(draw(st.lists(st.integers(2, 30), unique=True, max_size=2)))
    firsts, lasts = [1, *cuts], [*(at - 1 for at in cuts), 31]
    left, drawn = workdays, []
    for first, last in zip(firsts, lasts, strict=True):
        own = left if last == 31 else min(left, draw(st.integers(0, 12)))
        left -= own
        one = {"start": f"2026-10-{first:02d}", "end": f"2026-10-{last:02d}", "workdays": own}
        one |= {
            "position": draw(st.sampled_from(["Analis", "Kepala"])),
            "unit": draw(st.sampled_from(["Dinas", "Badan"])),
        }
        one |= {
            "kelas": draw(st.sampled_from([7, 8, 9, 9, 8, 7, 12])),
            "nilai_jabatan": draw(st.sampled_from([755, 1800, 1505, None])),
        }
        one |= draw(
            optional(
                is_supervisor=st.booleans(),
                flags=st.sampled_from([["mpp"], ["tugas_belajar"]]),
                attributes=st.just({"eselon": "IV"}),
            )
        )
        drawn.append(one)
    return drawn


@st.composite
def people(draw: st.DrawFn) -> Plain:
    """Facts of October 2026 as plain data, of all kinds that a policy may look at."""
    workdays = draw(st.integers(16, 23))
    status = draw(st.sampled_from(["CPNS", "PNS", "PNS", "PPPK", "PPPK_PARUH_WAKTU"]))
    ranks = ["V", "IX", "XIII"] if status.startswith("PPPK") else ["I/c", "II/a", "III/b", "IV/b"]
    whole = draw(st.booleans())
    return plain_facts(
        employee={
            "status_asn": status,
            "golongan": draw(st.sampled_from(ranks)),
            "ptkp": draw(st.sampled_from(["TK/0", "TK/2", "K/0", "K/1", "K/3"])),
            "is_supervisor": draw(st.booleans()),
            "assessed_staff": draw(st.booleans()),
            "appointed_on": draw(st.sampled_from([None, "2015-05-01", "2025-10-31", "2025-11-01"])),
            "flags": draw(maybe(st.sampled_from(FLAGS))),
            "attributes": draw(st.sampled_from([{}, {"eselon": "III"}])),
        },
        workdays=workdays,
        segments=draw(segments(workdays)),
        predikat=draw(st.sampled_from([None, *PREDIKAT])),
        plan_exists=draw(st.booleans()),
        predikat_missing=draw(st.sampled_from([None, "not_due"])),
        attendance=[
            {"work_date": day.isoformat()} | draw(attendance_day)
            for day in draw(
                st.lists(st.sampled_from(DAYS), unique=True, min_size=draw(st.sampled_from([6, 10, 0])), max_size=20)
            )
        ],
        activities=[
            {"work_date": day.isoformat(), "minutes": draw(st.integers(0, 900)), "count": draw(st.integers(0, 3))}
            | {"kind": kind}
            | draw(optional(approved_on=st.sampled_from(["2026-10-30", "2026-11-05", "2026-11-06"])))
            for day in draw(
                st.lists(st.sampled_from(DAYS), unique=True, min_size=draw(st.sampled_from([8, 0])), max_size=20)
            )
            for kind in draw(st.sampled_from([["tusi"], ["tusi", "lain"]]))
        ],
        penalties=[
            {"id": f"sk-{at}", "kind": draw(st.sampled_from(KINDS["penalty"])), "effective_from": on}
            | draw(optional(effective_to=st.sampled_from(["2026-09-30", "2026-10-01"])))
            for at, on in enumerate(draw(maybe(year_days, 2)))
        ],
        incidents=[
            {"id": f"i-{at}", "kind": draw(st.sampled_from(KINDS["incident"])), "on": draw(year_days)}
            | draw(optional(percent=cut_shares, rupiah=small_rupiah, times=st.just(2)))
            for at in range(draw(st.integers(0, 2)))
        ],
        instalments=[
            {"id": f"u-{at}", "kind": draw(st.sampled_from(KINDS["instalment"])), "start": start}
            | {"monthly": draw(small_rupiah), "total": draw(rupiah)}
            | DECISION
            for at, start in enumerate(draw(maybe(year_days, 2)))
        ],
        acting=[
            {"id": f"plt-{at}", "capacity": draw(st.sampled_from(["Plt", "Plh", "Pj"]))}
            | {"level": draw(st.sampled_from(["same", "higher", "lower"])), "kelas": draw(st.sampled_from(CLASSES))}
            | {"workdays": draw(st.integers(0, 23)), "nilai_jabatan": draw(st.sampled_from([None, 900]))}
            | draw(optional(since=st.sampled_from(["2026-08-01", "2026-10-01", "2026-10-02"])))
            for at in range(draw(st.integers(0, 2)))
        ],
        salary={"gross": draw(rupiah), "tax": draw(small_rupiah), "bpjs_base": draw(rupiah)}
        | {"gaji_pokok": draw(rupiah), "pension_base": draw(rupiah), "pension": draw(small_rupiah)},
        earlier=draw(st.sampled_from([{}, {"gross": "2750000", "tax": "41250", "bpjs_base": "2750000"}])),
        consents=[{"id": "c", "kind": "zakat", "valid_from": "2026-01-01"} | draw(optional(percent=st.just("3 %")))]
        * draw(st.integers(0, 1)),
        tax_year=draw(
            st.sampled_from(
                [None, None, {"gross_before": "99000000", "tax_before": "500000", "tpp_tax_before": "90000"}]
            )
        ),
        carried=[{"id": "c", "period": "2026-08", "amount": draw(rupiah)}] * draw(st.integers(0, 1)),
        held=[
            {"id": f"h{at}", "rule": f"tahan-{at}", "period": period, "amount": draw(rupiah)}
            for at, period in enumerate(draw(maybe(st.sampled_from(["2026-06", "2026-08", "2026-09"]), 2)))
        ],
        releases=[
            {"id": "l", "rule": "tahan-0", "on": draw(year_days), "held": draw(st.sampled_from([None, "h0"]))}
            | DECISION
        ]
        * draw(st.integers(0, 1)),
        recoveries=[
            {"id": kind, "cause": "lebih bayar", "amount": draw(rupiah), "kind": kind}
            for kind in draw(st.sampled_from([[], ["debt"], ["tax"], ["debt", "tax"]]))
        ],
        corrections=[
            {
                "id": f"k{at}",
                "period": f"2026-0{7 + at}",
                "cause": "susulan",
                "paid": "a",
                "now": "b",
                "amount": str(amount),
            }
            | draw(
                st.sampled_from(
                    [{}, {"bpjs_used": "11700000"}, {"bpjs_used": "2000000"}, {"kind": "thr", "contributes": False}]
                )
            )
            for at, amount in enumerate(draw(maybe(st.integers(-3_000_000, 1_000_000), 2)))
        ],
        exemptions=[
            {"id": "x", "covers": draw(covered), "workdays": draw(st.integers(0, 12))}
            | {"start": "2026-10-01" if whole else "2026-10-05", "end": "2026-10-31" if whole else "2026-10-16"}
            | DECISION
        ]
        * draw(st.integers(0, 1)),
        ytd=draw(st.sampled_from([{}, {"absent": 4, "absent@after_holiday": 2, "late": 3, "late.minutes": 200}])),
        scores=draw(st.dictionaries(st.sampled_from(["sakip", "mutu"]), st.sampled_from(["1/3", "93 %", "120 %"]))),
        ratings=draw(st.sampled_from([{}, *({"perilaku": word} for word in WORDS)])),
        amounts=draw(st.sampled_from([{"prestasi": "1234567"}, {"prestasi": "5600000"}, {}])),
        staff=[
            {"id": f"s{at}", "minutes": draw(st.integers(0, 9000)), "workdays": draw(st.sampled_from([0, 10, 22]))}
            for at in range(draw(st.integers(0, 2)))
        ],
    )
