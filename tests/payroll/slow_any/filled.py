"""How well a part was filled."""

from fractions import Fraction

from tests.payroll.slow_cuts import month_number, percent


class Span:
    """Days of one position or of the whole period, with its workdays, and whether one leads then."""

    def __init__(self, start, end, workdays, leads):
        self.start, self.end, self.workdays, self.leads = start, end, workdays, leads

    def of(self, days):
        return [one for one in days if self.start <= one.work_date <= self.end]


def filled(leaf, facts, span):
    measure = leaf.get("supervisor_measure", leaf["measure"]) if span.leads else leaf["measure"]
    share = _with_exemptions(leaf["code"], measure, facts, span)
    for band in reversed(leaf.get("bands", ())):
        if share >= percent(band["from"]):
            share = share if band["pays"] == "as_is" else percent(band["pays"])
            break
    if "supervisor_duty" in leaf and span.leads and not facts.employee.assessed_staff:
        share = max(Fraction(0), share - percent(leaf["supervisor_duty"]["points"]))
    return share


def _with_exemptions(code, measure, facts, span):
    days = 0
    for one in facts.exemptions:
        if f"part:{code}" in one.covers and one.start <= span.end and one.end >= span.start:
            if one.start <= facts.start and one.end >= facts.end:
                return Fraction(1)
            days += one.workdays or 0
    days = min(days, span.workdays)
    if not days:
        return _measured(measure, facts, span, 0)
    share, free = _measured(measure, facts, span, days), Fraction(days, span.workdays)
    return max(share, share * (1 - free) + free)


def _measured(measure, facts, span, exempt):
    match measure["kind"]:
        case "full":
            return Fraction(1)
        case "staff":
            return _of_staff(measure, facts)
        case "blend":
            return sum(percent(one["weight"]) * _measured(one["measure"], facts, span, exempt) for one in measure["of"])
        case "predikat" | "rating" | "score":
            return _appraised(measure, facts)
    return _counted(measure, facts, span, exempt)


def _appraised(measure, facts):
    if measure["kind"] == "predikat":
        reason = facts.predikat_missing or ("supervisor_silent" if facts.plan_exists else "no_plan")
        paid = facts.predikat or measure["missing"][reason]
        return percent(measure["pays"].get(paid, paid))
    if measure["kind"] == "rating":
        return percent(measure["pays"].get(facts.ratings.get(measure["rating"]), measure["missing"]))
    given = facts.scores.get(measure["score"])
    return percent(measure["missing"]) if given is None else min(_most(measure), given)


def _most(measure):
    return percent(measure.get("at_most", "100 %"))


def _of_staff(measure, facts):
    shares = [
        min(_most(measure), Fraction(one.minutes, measure.get("per_month") or measure["per_workday"] * one.workdays))
        for one in facts.staff
        if one.workdays
    ]
    return sum(shares) / len(shares) if shares else percent(measure["missing"])


def _counted(measure, facts, span, exempt):
    """Minutes, reports and attendance: something over a target that follows the workdays."""
    kind, most = measure["kind"], _most(measure)
    asked = max(0, span.workdays - exempt)
    days = span.of(facts.attendance)
    if kind == "attendance":
        there = asked - min(asked, sum(_is_named(day, measure["less"]) for day in days))
        return Fraction(there, asked) if asked else Fraction(span.workdays > 0)
    asked = max(0, asked - sum(_is_named(day, measure.get("without", ())) for day in days))
    work = [one for one in span.of(facts.activities) if one.kind in measure.get("activities", (one.kind,))]
    if kind == "reports":
        done = sum(one.count for one in work)
        if measure.get("counts", "days") == "days":
            done = len({one.work_date for one in work if one.count})
        target = measure.get("target", asked)
    else:
        late = measure.get("approved_before_day", 0)
        work = [
            one for one in work if not late or one.approved_on is None or not _too_late(one.approved_on, facts, late)
        ]
        by_day = {}
        for one in work:
            by_day[one.work_date] = by_day.get(one.work_date, 0) + one.minutes
        done = sum(min(minutes, measure.get("daily_cap", minutes)) for minutes in by_day.values())
        target = measure.get("per_month") or measure["per_workday"] * asked
    if not target:
        return min(most, Fraction(span.workdays > 0))
    return min(most, Fraction(done, target))


def _too_late(approved, facts, day):
    return (month_number(approved), approved.day) >= (month_number(facts.start) + 1, day)


def _is_named(day, names):
    if day.duty:
        return "duty" in names
    if day.absence:
        return "absent" in names or f"absent:{day.absence}" in names
    return bool(day.leave) and ("leave" in names or f"leave:{day.leave}" in names)
