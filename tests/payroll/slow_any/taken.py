"""What is taken of what was earned: cuts, limits, rounding, and what is added at the end."""

from math import ceil, floor

from tests.payroll.slow_amounts import shared
from tests.payroll.slow_any.earned import Earned
from tests.payroll.slow_cuts import applies, cut_value, gather, percent, taken_by

EVERYTHING = ("total", "total_with_additions")


class Sheet(Earned):
    """One employee's sheet: what was earned, and what is left of it in every cell."""

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
