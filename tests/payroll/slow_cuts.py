"""The oracle's second part: to whom a rule applies, what happened in the month, and what a deduction takes for it."""

from datetime import timedelta
from fractions import Fraction
from math import ceil


def percent(said):
    """ "93.5 %" or "1/3"."""
    return Fraction(said[:-1].strip()) / 100 if said.endswith("%") else Fraction(said)


def cut_value(said):
    """("rupiah", 66000) or ("percent", Fraction)."""
    if said.endswith("%") or "/" in said:
        return "percent", percent(said)
    return "rupiah", int(said.removeprefix("Rp ").replace(".", ""))


def month_number(day):
    return day.year * 12 + day.month


def applies(when, facts, segment=None):
    """Whether every condition holds, in this segment or in any."""
    return when is None or any(
        all(_holds(name, said, facts, one) for name, said in when.items())
        for one in ([segment] if segment else facts.segments)
    )


def _holds(name, said, facts, segment):
    employee = facts.employee
    on, flags = employee.appointed_on, {*employee.flags, *segment.flags}
    if name == "attributes":
        return all((segment.attributes.get(key) or employee.attributes.get(key)) in rows for key, rows in said.items())
    if name == "appointed_months_below":
        return on is not None and month_number(facts.end) - month_number(on) - (facts.end.day < on.day) < said
    if name.endswith("flags"):
        return (not flags & {*said}) is (name == "without_flags")
    if name == "supervisor":
        return employee.is_supervisor == said
    return {
        "status_asn": employee.status_asn,
        "golongan": employee.golongan,
        "kelas": segment.kelas,
        "unit": segment.unit,
        "position": segment.position,
        "months": facts.start.month,
    }[name] in said


class Event:
    """One thing that happened."""

    def __init__(self, name, on, **said):
        self.name, self.on = name, on
        self.ref = said.get("ref", on)
        self.minutes, self.kind, self.times = said.get("minutes", 0), said.get("kind", ""), said.get("times", 1)
        self.letter, self.after_holiday = said.get("letter", False), said.get("after_holiday", False)
        self.inpatient = said.get("inpatient", False)
        self.rupiah, self.percent = said.get("rupiah", 0), said.get("percent")
        self.stayed, self.until = said.get("stayed", 0), said.get("until")


def gather(facts):
    """Everything of the month that may cost something, without what an exemption covers."""
    found = []
    for day in facts.attendance:
        if day.duty:
            continue
        of_day = {"letter": day.letter, "after_holiday": day.after_holiday, "stayed": day.stayed_minutes}
        of_day["inpatient"] = day.inpatient
        if day.absence or day.leave:
            name = "absent" if day.absence else "leave"
            found.append(Event(name, day.work_date, kind=day.absence or day.leave, **of_day))
        else:
            for name, much in (("late", day.late_minutes), ("early", day.early_minutes), ("out", day.out_minutes)):
                found += [Event(name, day.work_date, minutes=much, **of_day)] if much else []
            if day.permitted_minutes:
                found.append(Event("permitted_out", day.work_date, minutes=day.permitted_minutes, **of_day))
            found += [Event("missing_in", day.work_date, **of_day)] if day.missing_in else []
            found += [Event("missing_out", day.work_date, **of_day)] if day.missing_out else []
        found += [Event("apel", day.work_date, kind=kind, **of_day) for kind in day.apel_missed]
    for one in facts.penalties:
        found.append(Event("penalty", one.effective_from, kind=one.kind, until=one.effective_to))
    for one in facts.incidents:
        said = {"kind": one.kind, "minutes": one.minutes, "times": one.times}
        found.append(Event("incident", one.on, rupiah=one.rupiah, percent=one.percent, **said))
    for one in facts.instalments:
        if amount := instalment(one, facts):
            found.append(Event("instalment", facts.start, kind=one.kind, rupiah=amount))
    if facts.employee.is_supervisor and not facts.employee.assessed_staff:
        found.append(Event("unassessed", facts.end))
    return [one for one in found if not exempted(one.name, one.on, facts)]


def exempted(what, on, facts):
    return any(what in one.covers and one.start <= on <= one.end for one in facts.exemptions)


def instalment(debt, facts):
    """The month's instalment, paid month by month until nothing is owed."""
    left = debt.total
    for _ in range(month_number(facts.start) - month_number(debt.start)):
        left -= min(left, debt.monthly)
    return min(left, debt.monthly) if month_number(debt.start) <= month_number(facts.start) else 0


def selected(selector, events):
    """The events of a selector by date, with what counts of their minutes, as (event, minutes)."""
    found = [(one, one.minutes) for one in sorted(events, key=lambda one: one.on) if one.name == selector["event"]]
    if made := selector.get("made_up"):
        found = [(one, rest) for one, minutes in found if (rest := _not_made_up(made, one, minutes))]
    if beyond := selector.get("beyond"):
        found = _beyond(beyond, found)
    tests = {
        "kinds": lambda one, _, said: one.kind in said,
        "without_kinds": lambda one, _, said: one.kind not in said,
        "letter": lambda one, _, said: one.letter == said,
        "inpatient": lambda one, _, said: one.inpatient == said,
        "after_holiday": lambda one, _, said: one.after_holiday == said,
        "minutes_from": lambda _, minutes, said: minutes >= said,
    }
    for name, test in tests.items():
        if name in selector:
            found = [(one, minutes) for one, minutes in found if test(one, minutes, selector[name])]
    return found[selector.get("forgive", 0) :]


def _not_made_up(rule, one, minutes):
    if minutes > rule.get("up_to", minutes):
        return minutes
    if rule["by"] == "each_minute":
        return max(0, minutes - one.stayed)
    needed = minutes if rule["by"] == "as_long" else rule["by"]
    return 0 if one.stayed >= needed else minutes


def _beyond(rule, found):
    weeks, left = {}, []
    for one, minutes in found:
        monday, over = one.on - timedelta(days=one.on.weekday()), 0
        for minute in range(minutes):
            if minute >= rule.get("per_day", minutes) or weeks.get(monday, 0) >= rule.get("per_week", 10**9):
                over += 1
            else:
                weeks[monday] = weeks.get(monday, 0) + 1
        left += [(one, over)] if over else []
    return left


def quantity(selector, found, before=0):
    """How much counts of what was selected, with what the year brought before."""
    match selector["take"]:
        case "times":
            much = sum(one.times for one, _ in found)
        case "days":
            much = len({one.on for one, _ in found})
        case "minutes":
            much = sum(minutes for _, minutes in found)
        case _:
            much = sum(ceil(Fraction(minutes, 60)) for _, minutes in found)
    weighed = Fraction(
        max(0, much + before - selector.get("free", 0)) * selector.get("each", 1), selector.get("per", 1)
    )
    return ceil(weighed) if selector.get("whole") == "ceil" else weighed.numerator // weighed.denominator


def _year(selector, facts):
    names = [f"{selector['event']}:{kind}" for kind in selector.get("kinds", ())] or [selector["event"]]
    tail = ("@after_holiday" if selector.get("after_holiday") else "") + (
        ".minutes" if selector["take"] == "minutes" else ""
    )
    return sum(facts.ytd.get(name + tail, 0) for name in names)


def taken_by(rule, events, facts):
    """What a deduction takes: its unit ("percent" of something, or "rupiah"), and how much; 0 when nothing."""
    events = [one for one in events if not exempted(f"rule:{rule['id']}", one.on, facts)]
    picked = []
    for selector in rule["measure"]:
        found = selected(selector, events)
        if selector["event"] == "penalty" or "months" in rule:
            found = [pair for pair in found if _in_force(rule, pair[0], facts)]
        if "by_kind" in rule:
            found = [pair for pair in found if pair[0].kind in rule["by_kind"]]
        picked.append((selector, found))
    if not any(found for _, found in picked) or not applies(rule.get("when"), facts):
        return "percent", 0
    unit, much = _shaped(rule, picked, facts)
    if "at_most" in rule:
        much = min(much, cut_value(rule["at_most"])[1])
    return unit, much


def _in_force(rule, one, facts):
    gone = month_number(facts.start) - month_number(one.on) - (rule.get("begins") == "next_month")
    if (one.until and one.until < facts.start) or gone < 0 or one.on > facts.end:
        return False
    return rule.get("months") == "in_force" or gone < rule.get("months", 1)


def _shaped(rule, picked, facts):
    every = [pair for _, found in picked for pair in found]
    if "as_stated" in rule:
        if rule["as_stated"]["unit"] == "rupiah":
            return "rupiah", sum(one.rupiah for one, _ in every)
        return "percent", sum((one.percent for one, _ in every if one.percent), Fraction(0))
    if "by_kind" in rule:
        rows = {kind: cut_value(said) for kind, said in rule["by_kind"].items()}
        much = sum(quantity(selector, [pair]) * rows[pair[0].kind][1] for selector, found in picked for pair in found)
        return next(iter(rows.values()))[0], much
    if rule["over"] == "occurrence":
        sizes = [quantity(selector, [pair]) for selector, found in picked for pair in found]
    elif rule["over"] == "day":
        sizes = [
            sum(quantity(selector, [pair for pair in found if pair[0].on == day]) for selector, found in picked)
            for day in sorted({one.on for one, _ in every})
        ]
    else:
        before = [_year(selector, facts) if rule["over"] == "year" else 0 for selector, _ in picked]
        now = sum(quantity(selector, found) for selector, found in picked)
        sizes = [sum(quantity(*pair, earlier) for pair, earlier in zip(picked, before, strict=True))]
        if "each_time" in rule:
            return _turns(rule["each_time"], sizes[0] - now, sizes[0])
    return _by_size(rule, sizes, facts)


def _turns(rows, before, end):
    cuts = [cut_value(row) for row in rows]
    return cuts[0][0], sum(cuts[min(turn, len(cuts) - 1)][1] for turn in range(before, end))


def _by_size(rule, sizes, facts):
    if "per_unit" in rule:
        unit, much = cut_value(rule["per_unit"])
        return unit, much * sum(sizes)
    if "threshold" in rule:
        (unit, much), least = cut_value(rule["threshold"]["cut"]), rule["threshold"]["at_least"]
        least = facts.workdays if least == "workdays" else least
        return unit, much * sum(1 for size in sizes if size >= least)
    unit, total = cut_value(rule["tiers"][0]["cut"])[0], Fraction(0)
    for size in sizes:
        for row in rule["tiers"]:
            if row["from"] <= size <= row.get("to", size):
                total += cut_value(row["cut"])[1]
    return unit, total if unit == "percent" else int(total)
