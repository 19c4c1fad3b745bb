"""Any policy document, computed slowly and plainly with Fractions: the oracle for `evaluate` over random policies.

Shares no code and no figure with services.payroll.rules; it reads the document as plain data and the fields of
`Facts`. Amounts are exact until the document rounds them. Not told again here: kinds of run beside the month's own.
"""

from datetime import timedelta
from fractions import Fraction
from math import ceil, floor

from tests.payroll.slow_cuts import applies, cut_value, gather, month_number, percent, taken_by
from tests.payroll.slow_tax import settled

EVERYTHING = ("total", "total_with_additions")


def slow_pay(document, facts):
    """The amounts of a statement, in whole rupiah, by their names there."""
    sheet = _Sheet(document, facts)
    sheet.earn()
    sheet.cut()
    return settled(document, facts, gather(facts), sheet.tpp, sheet.owed) | {
        "tpp": sheet.tpp,
        "criteria": sheet.criteria,
    }


def rounded(amount, unit=1, mode="half_up"):
    """To whole units: the half away from zero, to the even unit, or always down or up."""
    units = Fraction(amount) / unit
    below, over = floor(units), units - floor(units)
    if mode in ("floor", "ceil"):
        return (below if mode == "floor" else ceil(units)) * unit
    tie = units > 0 if mode == "half_up" else below % 2 == 1
    return (below + (over > Fraction(1, 2) or (over == Fraction(1, 2) and tie))) * unit


def shared(total, by, whole=True):
    """`total` in proportion to weights: exact, or in whole rupiah by the largest remainder, the earlier place first."""
    weight = sum(by)
    if not weight:
        return [total, *[0] * (len(by) - 1)] if by else []
    exact = [Fraction(total) * one / weight for one in by]
    if not whole:
        return exact
    given = [floor(one) for one in exact]
    for at in sorted(range(len(by)), key=lambda at: given[at] - exact[at])[: total - sum(given)]:
        given[at] += 1
    return given


class _Sheet:
    """One employee's sheet: bases by criterion, then cells by (criterion, part) as lists beside each other."""

    def __init__(self, document, facts):
        self.document, self.facts = document, facts
        point = document["rounding"]["tpp"]
        self.at, self.unit, self.mode = point["at"], point["unit"], point["mode"]
        self.segments = sorted(facts.segments, key=lambda one: (one.start, one.end))

    def round(self, amount):
        return rounded(amount, self.unit, self.mode)

    # what is earned

    def earn(self):
        document = self.document
        self.of_segments = [self._by_segment(one) for one in document["criteria"]]
        self.bases = [sum(parts) for parts in self.of_segments]
        self._add_to_bases()
        self.cells, self.full, self.earned = [], [], []
        for at, criterion in enumerate(document["criteria"]):
            for path, weight, leaf in _leaves(criterion.get("parts", document["parts"])):
                whole = self.bases[at] * weight
                self.cells.append((at, {criterion["code"], *path}))
                self.full.append(whole)
                self.earned.append(whole * self._share(leaf, self.of_segments[at]))
        self.left = list(self.earned)

    def _weights(self):
        """Of every segment the share of the period that its position pays."""
        facts, rule, segments = self.facts, self.document["proration"], self.segments
        least, by = rule.get("minimum_workdays", 0), rule["by"]
        stands_for = []
        for at, one in enumerate(segments):
            later = [i for i in range(at, len(segments)) if segments[i].workdays >= least]
            if one.workdays >= least:
                stands_for.append(at)
            else:
                stands_for.append(stands_for[-1] if stands_for else (later or [at])[0])
        calendar = [(min(one.end, facts.end) - max(one.start, facts.start)).days + 1 for one in segments]
        if by in ("workdays", "calendar_days"):
            days = [one.workdays for one in segments] if by == "workdays" else calendar
            whole = facts.workdays if by == "workdays" else (facts.end - facts.start).days + 1
            sums = [
                sum(own for own, to in zip(days, stands_for, strict=True) if to == at) for at in range(len(segments))
            ]
            return [min(Fraction(1), Fraction(one, whole)) for one in sums]
        chosen = {
            "first_day": stands_for[0] if segments[0].start <= facts.start else None,
            "last_day": stands_for[-1] if segments[-1].end >= facts.end else None,
            "longest": calendar.index(max(calendar)),
        }[by]
        return [Fraction(at == chosen) for at in range(len(segments))]

    def _by_segment(self, criterion):
        instead = self._instead()
        brought = []
        for segment, weight in zip(self.segments, self._weights(), strict=True):
            post = segment
            if instead and instead[0].get("criterion", criterion["code"]) == criterion["code"]:
                post = instead[1]
            amount = Fraction(0)
            if applies(criterion.get("when"), self.facts, segment):
                fitting = [
                    one["base"] for one in criterion.get("variants", ()) if applies(one["when"], self.facts, segment)
                ]
                amount = self._base([*fitting, criterion["base"]][0], post) * weight
                for rule in self.document["entitlement"]:
                    if applies(rule["when"], self.facts, segment):
                        amount *= percent(rule["pays"])
            point = self.document["proration"].get("rounding")
            brought.append(rounded(amount, point["unit"], point["mode"]) if point and weight != 1 else amount)
        return brought

    def _base(self, base, post):
        (way, said), facts = next(iter(base.items())), self.facts
        if isinstance(said, dict):
            said = {str(kelas): row for kelas, row in said.items()}.get(str(post.kelas))
        if said is None:
            return Fraction(0)
        if way == "by_class":
            return Fraction(said)
        if way == "percent_of_basic":
            basic = {str(kelas): row for kelas, row in self.document["basic"].items()}
            return percent(said) * Fraction(basic.get(str(post.kelas), 0))
        if way == "rupiah_per_point":
            return Fraction(said * (post.nilai_jabatan or 0))
        if way == "gaji_pokok_times":
            return percent(said) * facts.salary.gaji_pokok
        return Fraction(facts.amounts.get(said, 0))

    def _due(self, rule):
        """Whether an addition is due, and the post acted in."""
        if not applies(rule.get("when"), self.facts):
            return False, None
        if "acting" not in rule:
            return True, None
        after = self.facts.end + timedelta(days=1)
        fitting = [
            one
            for one in self.facts.acting
            if one.capacity in rule["acting"]
            and rule.get("level", one.level) == one.level
            and one.workdays >= rule.get("minimum_workdays", 0)
            and _held(one, after) >= rule.get("minimum_months", 0)
        ]
        best = max(fitting, key=lambda one: (one.workdays, one.kelas, one.id), default=None)
        return best is not None, best

    def _instead(self):
        for rule in self.document["additions"]:
            if "acted_instead" in rule and self._due(rule)[0]:
                return rule, self._due(rule)[1]
        return None

    def _added(self, rule, post, own):
        if "acted_share" in rule:
            grounds = self.document["criteria"]
            bases = [one["base"] for one in grounds if rule.get("criterion", one["code"]) == one["code"]]
            amount = percent(rule["acted_share"]) * sum(self._base(base, post) for base in bases)
        elif "base_share" in rule:
            amount = percent(rule["base_share"]) * own
        else:
            amount = Fraction(cut_value(rule["rupiah"])[1])
        return amount * min(Fraction(1), Fraction(post.workdays, self.facts.workdays)) if "prorated" in rule else amount

    def _additions(self, at):
        codes = [one["code"] for one in self.document["criteria"]]
        for rule in self.document["additions"]:
            if rule["at"] == at and "acted_instead" not in rule and any(self.bases):
                holds, post = self._due(rule)
                if holds:
                    place = codes.index(rule["criterion"]) if "criterion" in rule else 0
                    own = self.bases[place] if "criterion" in rule else sum(self.bases)
                    yield place, self._added(rule, post, own)

    def _add_to_bases(self):
        for place, amount in self._additions("base"):
            self.bases[place] += amount

    def _share(self, leaf, of_segments):
        """How well a part was filled, by segment where the part says so and there are several."""
        facts = self.facts
        if "by_segment" not in leaf or (len(self.segments) == 1 and self.segments[0].is_supervisor is None):
            leads = facts.employee.is_supervisor
            return _filled(leaf, facts, _Span(facts.start, facts.end, facts.workdays, leads))
        shares = []
        for one in self.segments:
            leads = facts.employee.is_supervisor if one.is_supervisor is None else one.is_supervisor
            shares.append(_filled(leaf, facts, _Span(one.start, one.end, one.workdays, leads)))
        if len(shares) == 1:
            return shares[0]
        whole = sum(of_segments)
        return (
            sum(share * own for share, own in zip(shares, of_segments, strict=True)) / whole if whole else Fraction(0)
        )

    # what is taken

    def cut(self):
        document, facts = self.document, self.facts
        events = gather(facts)
        fired = [(rule, *taken_by(rule, events, facts)) for rule in document["deductions"]]
        fired = [one for one in fired if one[2]]
        stage = {"total": 1, "total_with_additions": 2}
        limits = [one for one in document["limits"] if applies(one.get("when"), facts)]
        self.capped, self.owed, self.exact = {}, 0, self.at == "total"
        self._cut_parts([one for one in fired if _stage(one[0]) == 0 and one[1] == "percent"])
        for one in limits:
            if _stage(one) == 0:
                self._limit(one)
        for rule, unit, much in sorted(fired, key=lambda one: _stage(one[0])):
            if stage.get(str(rule["hits"]), 0) < 2 and (unit == "rupiah" or _stage(rule) == 1):
                self._take_whole(rule, unit, much)
        for one in limits:
            if _stage(one) == 1:
                self._limit(one)
        self._finish(fired, limits)

    def _places(self, rule):
        hits = rule["hits"]
        return [at for at, (_, names) in enumerate(self.cells) if hits in EVERYTHING or not names.isdisjoint(hits)]

    def _of(self, rule):
        return {"full": self.full, "earned": self.earned, "daily": self.full, "remaining": self.left}[rule["of"]]

    def _allowed(self, rule, cell, want, whole):
        """What the cap that names the rule still lets through."""
        for cap in self.document["caps"]:
            if rule["id"] in cap["rules"]:
                limit = whole * percent(cap["at_most"])
                limit = limit if self.exact or cell is not None else ceil(limit)
                used = self.capped.get((cap["id"], cell), 0)
                want = min(want, limit - used)
                self.capped[cap["id"], cell] = used + want
        return want

    def _cut_parts(self, fired):
        taken = []
        for rule, _, share in fired:
            base = list(self._of(rule))
            for at in self._places(rule):
                want = base[at] * share / (self.facts.workdays if rule["of"] == "daily" else 1)
                want = min(self._allowed(rule, at, want, self.full[at]), self.left[at])
                self.left[at] -= want
                taken.append((at, want))
        if self.at == "part":
            self.left = [self.round(one) for one in self.left]
        if self.at == "line":
            self.left = [self.round(one) for one in self.earned]
            for at, want in taken:
                self.left[at] -= min(self.round(want), self.left[at])

    def _spread(self, places, amount, more=1):
        """Money taken from (or, with `more`, given to) cells; `places` are pairs of cell and weight."""
        shares = shared(amount, [weight for _, weight in places], whole=not self.exact)
        for (at, _), part in zip(places, shares, strict=True):
            self.left[at] += more * part

    def _take_whole(self, rule, unit, much):
        """Rupiah from parts or all, or a share of all."""
        places = self._places(rule)
        want = much
        if unit == "percent":
            want = sum(self._of(rule)) * much / (self.facts.workdays if rule["of"] == "daily" else 1)
            want = self._allowed(rule, None, want if self.exact else self.round(want), sum(self.full))
        taken = min(want, sum(self.left[at] for at in places))
        if unit == "rupiah" and _stated(rule):
            self.owed += want - taken
        self._spread([(at, self.left[at]) for at in places], taken, -1)

    def _bound(self, rule, whole):
        unit, much = cut_value(rule.get("at_least", rule.get("at_most")))
        if unit == "rupiah":
            return much
        return whole * much if self.exact else self.round(whole * much)

    def _limit(self, rule):
        places = self._places(rule)
        left = sum(self.left[at] for at in places)
        bound = self._bound(rule, sum({"earned": self.earned}.get(rule.get("of"), self.full)[at] for at in places))
        if "at_most" in rule:
            self._spread([(at, self.left[at]) for at in places], max(0, left - bound), -1)
            return
        whole = [self.full[at] if self.exact else floor(self.full[at]) for at in places]
        room = [max(0, full - self.left[at]) for full, at in zip(whole, places, strict=True)]
        self._spread(list(zip(places, room, strict=True)), min(max(0, bound - left), sum(room)))

    def _finish(self, fired, limits):
        """Round the total, add what is added at the end, and what falls on that too."""
        codes = [one["code"] for one in self.document["criteria"]]
        sums = [
            sum(left for left, (of, _) in zip(self.left, self.cells, strict=True) if of == at)
            for at in range(len(codes))
        ]
        self.tpp = self.round(sum(sums)) if self.exact else sum(sums)
        amounts = shared(self.tpp, sums) if self.exact else sums
        self.exact = False
        for place, amount in self._additions("end"):
            amounts[place] += self.round(amount)
        self.tpp, self.amounts = sum(amounts), amounts
        for rule, unit, much in fired:
            if _stage(rule) == 2:
                want = much if unit == "rupiah" else self.round(self.tpp * much)
                self.owed += max(0, want - self.tpp) if unit == "rupiah" and _stated(rule) else 0
                self._move(-min(want, self.tpp))
        for rule in limits:
            if _stage(rule) == 2:
                bound, full = self._bound(rule, sum(self.full)), floor(sum(self.full))
                floors = "at_least" in rule
                self._move(max(0, min(bound, full) - self.tpp) if floors else min(0, bound - self.tpp))
        self.criteria = dict(zip(codes, self.amounts, strict=True))

    def _move(self, amount):
        for at, part in enumerate(shared(abs(amount), self.amounts)):
            self.amounts[at] += part if amount > 0 else -part
        self.tpp += amount


def _stage(rule):
    return {"total": 1, "total_with_additions": 2}.get(str(rule["hits"]), 0)


def _stated(rule):
    return any(one["event"] == "instalment" for one in rule["measure"])


def _held(post, after):
    """Whole months a post was held by a day."""
    if post.since is None:
        return 0
    return month_number(after) - month_number(post.since) - (after.day < post.since.day)


def _leaves(parts, above=(), weight=Fraction(1)):
    for part in parts:
        path, own = (*above, part["code"]), weight * percent(part["weight"])
        if "parts" in part:
            yield from _leaves(part["parts"], path, own)
        else:
            yield path, own, part


# how well a part was filled


class _Span:
    """Days of one position or of the whole period, with its workdays, and whether one leads then."""

    def __init__(self, start, end, workdays, leads):
        self.start, self.end, self.workdays, self.leads = start, end, workdays, leads

    def of(self, days):
        return [one for one in days if self.start <= one.work_date <= self.end]


def _filled(leaf, facts, span):
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
