"""What is earned: bases by criterion, then cells by (criterion, part) as lists beside each other."""

from datetime import timedelta
from fractions import Fraction

from tests.payroll.slow_amounts import rounded
from tests.payroll.slow_any.filled import Span, filled
from tests.payroll.slow_cuts import applies, cut_value, month_number, percent


class Earned:
    """One employee's sheet, as far as it is earned."""

    def __init__(self, document, facts):
        self.document, self.facts = document, facts
        point = document["rounding"]["tpp"]
        self.at, self.unit, self.mode = point["at"], point["unit"], point["mode"]
        self.segments = sorted(facts.segments, key=lambda one: (one.start, one.end))

    def round(self, amount):
        return rounded(amount, self.unit, self.mode)

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
            return filled(leaf, facts, Span(facts.start, facts.end, facts.workdays, leads))
        shares = []
        for one in self.segments:
            leads = facts.employee.is_supervisor if one.is_supervisor is None else one.is_supervisor
            shares.append(filled(leaf, facts, Span(one.start, one.end, one.workdays, leads)))
        if len(shares) == 1:
            return shares[0]
        whole = sum(of_segments)
        return (
            sum(share * own for share, own in zip(shares, of_segments, strict=True)) / whole if whole else Fraction(0)
        )


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
