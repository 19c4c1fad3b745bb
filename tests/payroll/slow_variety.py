"""The test policy "serba-ada", which uses every dimension once, computed slowly and plainly: a second oracle.

Shares no code and no figure with services.payroll.rules; it only reads the fields of `Facts`.
"""

from datetime import timedelta
from fractions import Fraction
from math import ceil, floor

BK = {7: 3_000_000, 8: 3_600_000, 9: 4_200_000}
PERILAKU = {"di_atas_ekspektasi": 100, "sesuai_ekspektasi": 90, "di_bawah_ekspektasi": 60}
WEIGHTS = {"kinerja": 50, "perilaku": 20, "hadir": 30}


def slow_variety(facts):
    """The amounts of one employee, in whole rupiah."""
    segments = sorted(facts.segments, key=lambda one: (one.start, one.end))
    bases = {"BK": _base(facts, segments, lambda one: BK[one.kelas]), "PK": _base(facts, segments, _prestasi(facts))}
    full = {(c, p): Fraction(sum(bases[c])) * WEIGHTS[p] / 100 for c in bases for p in WEIGHTS}
    earned = {
        cell: amount * (_kinerja(facts, segments, bases[cell[0]]) if cell[1] == "kinerja" else _share(facts, cell[1]))
        for cell, amount in full.items()
    }
    left = _cut_parts(facts, full, earned)
    _floor(left, full, [cell for cell in left if cell[1] == "hadir"], _half_up(_sum(full, "hadir") * Fraction(4, 5)))
    other = sum(1 for day in _days(facts, "leave") if day.leave not in ("sakit", "tahunan"))
    _take(left, [cell for cell in left if cell[0] == "BK"], 20_000 * other)
    everything = list(left)
    turn = facts.ytd.get("absent@after_holiday", 0)
    after = len([day for day in _days(facts, "absent") if day.after_holiday])
    percent = sum(25 if at == 0 else 50 for at in range(turn, turn + after))
    _take(left, everything, _half_up(sum(full.values()) * percent / 100))
    if facts.employee.is_supervisor and not facts.employee.assessed_staff and not _free(facts, "unassessed", facts.end):
        _take(left, everything, _half_up(Fraction(sum(left.values()), 20)))
    _take(left, everything, max(0, sum(left.values()) - 2_500_000))
    _floor(left, full, everything, 250_000)
    tpp = sum(left.values()) + (_plt(facts) if any(map(sum, bases.values())) else 0)
    tpp -= min(tpp, _half_up(tpp * Fraction(30 * _punished(facts), 100)))
    debts = sum(_instalment(facts, one) for one in facts.instalments)
    owed = max(0, debts - tpp)
    tpp = min(2_600_000, tpp - (debts - owed))
    return {"tpp": tpp, "unrecovered": owed, **_paid(facts, tpp)}


def _half_up(amount):
    return floor(amount + Fraction(1, 2))


def _sum(cells, part):
    return sum(amount for (_, code), amount in cells.items() if code == part)


def _share_out(total, weights):
    """The largest remainder, the earlier place first."""
    whole = sum(weights)
    if not whole:
        return [total] + [0] * (len(weights) - 1)
    exact = [Fraction(total * weight, whole) for weight in weights]
    given = [floor(one) for one in exact]
    order = sorted(range(len(weights)), key=lambda at: given[at] - exact[at])
    for at in order[: total - sum(given)]:
        given[at] += 1
    return given


def _take(left, cells, amount):
    shares = _share_out(min(amount, sum(left[cell] for cell in cells)), [left[cell] for cell in cells])
    for cell, less in zip(cells, shares, strict=True):
        left[cell] -= less


def _floor(left, full, cells, bound):
    room = [max(0, floor(full[cell]) - left[cell]) for cell in cells]
    lack = min(max(0, bound - sum(left[cell] for cell in cells)), sum(room))
    for cell, more in zip(cells, _share_out(lack, room), strict=True):
        left[cell] += more


def _days(facts, what):
    """The days of absence or leave that count: not on duty, not exempted."""
    for day in facts.attendance:
        kind = "absent" if day.absence else "leave" if day.leave else ""
        if not day.duty and kind == what and not _free(facts, what, day.work_date):
            yield day


def _free(facts, what, on):
    return any(what in one.covers and one.start <= on <= one.end for one in facts.exemptions)


def _minutes(facts, what):
    """Day and minutes of an event on days of presence, by date."""
    for day in sorted(facts.attendance, key=lambda one: one.work_date):
        if not day.duty and not day.absence and not day.leave and not _free(facts, what, day.work_date):
            names = {"late": day.late_minutes, "early": day.early_minutes, "permitted_out": day.permitted_minutes}
            if names[what]:
                yield day, names[what]


def _base(facts, segments, amount_of):
    """What each segment brings; one of fewer than five workdays counts as its neighbour."""
    days = [one.workdays for one in segments]
    for at, one in enumerate(segments):
        if one.workdays < 5:
            earlier = [i for i in range(at) if segments[i].workdays >= 5]
            later = [i for i in range(at + 1, len(segments)) if segments[i].workdays >= 5]
            to = earlier[-1:] or later[:1]
            if to:
                days[to[0]] += days[at]
                days[at] = 0
    brought = []
    for one, own in zip(segments, days, strict=True):
        weight = min(Fraction(1), Fraction(own, facts.workdays))
        whole = amount_of(one)
        brought.append(whole if weight == 1 else _half_up(whole * weight))
    return brought


def _prestasi(facts):
    def amount(segment):
        flags = {*facts.employee.flags, *segment.flags}
        return facts.amounts.get("prestasi", 0) if "berprestasi" in flags else 0

    return amount


def _kinerja(facts, segments, brought):
    if len(segments) == 1 and segments[0].is_supervisor is None:
        return _kinerja_of(facts, facts.start, facts.end, facts.workdays, facts.employee.is_supervisor)
    shares = [
        _kinerja_of(
            facts,
            one.start,
            one.end,
            one.workdays,
            facts.employee.is_supervisor if one.is_supervisor is None else one.is_supervisor,
        )
        for one in segments
    ]
    whole = sum(brought)
    return sum(share * own for share, own in zip(shares, brought, strict=True)) / Fraction(whole) if whole else 0


def _kinerja_of(facts, start, end, workdays, leads):
    done = sum(one.minutes for one in facts.activities if start <= one.work_date <= end)
    away = sum(
        1 for day in facts.attendance if start <= day.work_date <= end and (day.duty or (day.leave and not day.absence))
    )
    target = 300 * max(0, workdays - away)
    own = min(Fraction(1), Fraction(done, target)) if target else Fraction(workdays > 0)
    if not leads:
        return own
    staff = [min(Fraction(1), Fraction(one.minutes, 300 * one.workdays)) for one in facts.staff if one.workdays]
    return own * Fraction(7, 10) + (sum(staff) / len(staff) if staff else 1) * Fraction(3, 10)


def _share(facts, part):
    exempt = next((one for one in facts.exemptions if f"part:{part}" in one.covers), None)
    days = 0
    if exempt:
        if exempt.start <= facts.start and exempt.end >= facts.end:
            return Fraction(1)
        days = min(exempt.workdays, facts.workdays)
    if part == "perilaku":
        share = Fraction(PERILAKU.get(facts.ratings.get("perilaku"), 90), 100)
    else:
        asked = facts.workdays - days
        missed = sum(
            1
            for day in facts.attendance
            if not day.duty and (day.absence or (day.leave == "besar" and not day.absence))
        )
        share = Fraction(max(0, asked - missed), asked) if asked else Fraction(1)
    part_of_month = Fraction(days, facts.workdays)
    return max(share, share * (1 - part_of_month) + part_of_month) if days else share


def _cut_parts(facts, full, earned):
    """Percentages on parts in their order, no cell below nothing, then whole rupiah."""
    exact = dict(earned)

    def cut(cells, base, percent):
        for cell in cells:
            exact[cell] -= min(exact[cell], base[cell] * Fraction(percent) / 100)

    hadir, perilaku = ([cell for cell in exact if cell[1] == part] for part in ("hadir", "perilaku"))
    late = [
        (day, minutes)
        for day, minutes in _minutes(facts, "late")
        if not (minutes <= 30 and day.stayed_minutes >= 30) and not _free(facts, "rule:terlambat", day.work_date)
    ]
    cut(hadir, earned, sum(1 if minutes <= 30 else 2 for _, minutes in late[1:]))
    by_day = {}
    for day, minutes in _minutes(facts, "late"):
        by_day[day.work_date] = max(0, minutes - day.stayed_minutes)
    for day, minutes in _minutes(facts, "early"):
        by_day[day.work_date] = by_day.get(day.work_date, 0) + minutes
    cut(perilaku, full, sum(Fraction(1, 2) if n <= 60 else Fraction(3, 2) for n in by_day.values() if n))
    cut([cell for cell in exact if cell[0] == "BK"], dict(exact), Fraction(5, 2) * _hours_beyond(facts))
    early = sum(minutes for _, minutes in _minutes(facts, "early"))
    cut(hadir, full, ceil(Fraction(max(0, early - 60), 30)))
    return {cell: _half_up(amount) for cell, amount in exact.items()}


def _hours_beyond(facts):
    weeks, hours = {}, 0
    for day, minutes in _minutes(facts, "permitted_out"):
        monday = day.work_date - timedelta(days=day.work_date.weekday())
        over = 0
        for minute in range(minutes):
            if minute >= 120 or weeks.get(monday, 0) >= 480:
                over += 1
            else:
                weeks[monday] = weeks.get(monday, 0) + 1
        hours += ceil(Fraction(over, 60))
    return hours


def _plt(facts):
    after = facts.end + timedelta(days=1)
    fitting = [
        one
        for one in facts.acting
        if one.capacity == "Plt"
        and one.since is not None
        and (after.year - one.since.year) * 12 + after.month - one.since.month - (after.day < one.since.day) >= 1
    ]
    if not fitting:
        return 0
    best = max(fitting, key=lambda one: (one.workdays, one.kelas, one.id))
    return _half_up(Fraction(BK[best.kelas], 5) * min(1, Fraction(best.workdays, facts.workdays)))


def _punished(facts):
    now = facts.start.year * 12 + facts.start.month
    return sum(
        1
        for one in facts.penalties
        if one.kind == "berat"
        and one.effective_from.year * 12 + one.effective_from.month < now
        and (one.effective_to is None or one.effective_to >= facts.start)
        and not _free(facts, "penalty", one.effective_from)
    )


def _instalment(facts, debt):
    if debt.kind != "tgr" or _free(facts, "instalment", facts.start):
        return 0
    paid, month = 0, (debt.start.year, debt.start.month)
    while month < (facts.start.year, facts.start.month):
        paid += min(debt.monthly, debt.total - paid)
        month = (month[0] + month[1] // 12, month[1] % 12 + 1)
    return min(debt.monthly, debt.total - paid) if month == (facts.start.year, facts.start.month) else 0


def _paid(facts, tpp):
    flags = {*facts.employee.flags, *(flag for one in facts.segments for flag in one.flags)}
    suspended = _half_up(tpp * Fraction(4, 5)) if "lhkpn_belum" in flags else 0
    if sum(minutes for _, minutes in _minutes(facts, "late")) > 200:
        suspended += min(tpp - suspended, _half_up(Fraction(tpp, 2)))
    released = sum(one.amount for one in facts.carried)
    for held in facts.held:
        year, month = map(int, held.period.split("-"))
        for one in facts.releases:
            age = (one.on.year - year) * 12 + one.on.month - month
            if one.rule == held.rule and one.on <= facts.end and one.held in (None, held.id) and age <= 3:
                released += held.amount
                break
    payable = tpp - suspended + released
    net = payable - min(payable, sum(one.amount for one in facts.recoveries))
    return {"suspended": suspended, "released": released, "payable": payable, "net": net}
