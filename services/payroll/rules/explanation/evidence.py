"""What amounts rest on: bases by position, results of parts, days, decisions, approved activities."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.payroll.rules.document import Measure
from services.payroll.rules.document.earnings import Blend, Minutes, Reports
from services.payroll.rules.evaluate import Policy
from services.payroll.rules.explanation.node import Node
from services.payroll.rules.facts import ActivityDay, AttendanceDay, Facts, Incident, Penalty, Release, Segment
from services.payroll.rules.labels import HEADINGS, called, day_in_words, what_happened, what_was_done
from services.payroll.rules.measures import counted, text
from services.payroll.rules.statement import Line, Refs, Result
from services.payroll.rules.words import Said, formula_of, measured_of, rupiah

Decision = Penalty | Incident | Release


class Evidence:
    """Looks up what a line or result refers to, in the facts it was computed from and the policy's own rules."""

    def __init__(self, policy: Policy, facts: Facts) -> None:
        self._policy, self._facts = policy, facts
        self._days = {day.work_date.isoformat(): day for day in facts.attendance}
        self._leaves = {leaf.code: leaf for leaf in policy.compiled.leaves}
        decisions: tuple[Decision, ...] = (*facts.penalties, *facts.incidents, *facts.releases)
        self._decisions = {one.id: one for one in decisions}

    def behind(self, refs: Refs | None) -> tuple[Node, ...]:
        """The days and decisions a line names; what the facts do not hold is shown by its name."""
        found: list[Node] = []
        for what, ids in (refs or {}).items():
            for one in ids:
                if what == "attendance" and one in self._days:
                    found.append(_day(self._days[one]))
                elif one in self._decisions:
                    found.append(_decision(self._decisions[one]))
                else:
                    found.append(Node(kind=what, label=Said(one, one)))
        return tuple(found)

    def of_result(self, result: Result) -> Node:
        """How well a part was filled, and the approved activities that were counted for it."""
        leaf = self._leaves.get(result["part"])
        name = called(leaf.name if leaf else result["part"])
        label = Said(f"{HEADINGS['result'].id}: {name.id}", f"{HEADINGS['result'].en}: {name.en}")
        return Node(
            kind="result",
            label=label,
            rule=result["part"],
            article=result["article"],
            formula=measured_of(result),
            inputs=result["inputs"] | {"share": result["share"]},
            evidence=(*self._duty(result), *self._activities(result)),
        )

    def _duty(self, result: Result) -> Iterator[Node]:
        leaf = self._leaves.get(result["part"])
        if "duty" in result["inputs"] and leaf and leaf.duty:
            yield Node(kind="duty", label=called(leaf.duty.name), rule=leaf.duty.id, article=leaf.duty.article)

    def _activities(self, result: Result) -> Iterator[Node]:
        dates = set(result.get("refs", {}).get("activities", ()))
        leaf = self._leaves.get(result["part"])
        if not dates:
            return
        if leaf is None:
            yield from (Node(kind="activity_day", label=Said(day, day)) for day in sorted(dates))
            return
        own = leaf.supervisor_measure if self._facts.employee.is_supervisor else None
        for day in sorted(_counted(own or leaf.measure, self._facts), key=lambda day: (day.work_date, day.kind)):
            if day.work_date.isoformat() in dates:
                yield _activity_day(day)

    def of_base(self, line: Line) -> Node:
        """A criterion's full amount (or what is added to it), with the positions of the month behind it."""
        shown = line["inputs"].get("segments", ())
        segments = sorted(self._facts.segments, key=lambda one: (one.start, one.end))
        matching = len(shown) == len(segments)
        return Node(
            kind="base",
            label=called(line["name"]),
            amount=int(line["amount"]),
            rule=line["rule"],
            article=line["article"],
            formula=formula_of(line),
            inputs=line["inputs"],
            evidence=tuple(self._segment(one, said) for one, said in zip(segments, shown, strict=True))
            if matching
            else (),
        )

    def _segment(self, segment: Segment, said: Mapping[str, Any]) -> Node:
        label = Said(f"{segment.position}, {segment.unit}", f"{segment.position}, {segment.unit}")
        days = f"{segment.start} - {segment.end}"
        return Node(
            kind="segment",
            label=label,
            formula=Said(
                f"kelas {segment.kelas}, {rupiah(said['full'])}, {days}, {segment.workdays} hari kerja",
                f"class {segment.kelas}, {rupiah(said['full'])}, {days}, {segment.workdays} workdays",
            ),
            inputs=said,
            evidence=tuple(self._entitled(said.get("entitlement", ()))),
        )

    def _entitled(self, reasons: Sequence[str]) -> Iterator[Node]:
        for rule in self._policy.document.entitlement:
            if rule.id in reasons:
                share = text(rule.pays)
                yield Node(
                    kind="entitlement",
                    label=called(rule.name),
                    rule=rule.id,
                    article=rule.article,
                    formula=Said(f"dibayar {share}", f"paid at {share}"),
                )

    def caps_of(self, rule: str) -> Iterator[Node]:
        """The common limits a deduction stands under."""
        for cap in self._policy.document.caps:
            if rule in cap.rules:
                share = text(cap.at_most)
                others = ", ".join(cap.rules)
                formula = Said(f"{others}: bersama paling banyak {share}", f"{others}: together at most {share}")
                yield Node(kind="cap", label=called(cap.name), rule=cap.id, article=cap.article, formula=formula)

    def exemptions(self) -> Iterator[Node]:
        """Dated releases, each with its author and reason."""
        for one in self._facts.exemptions:
            said = f"{', '.join(one.covers)}, {one.start} - {one.end}: {one.reason} ({one.author})"
            yield Node(
                kind="exemption",
                label=HEADINGS["exemption"],
                rule=one.id,
                formula=Said(said, said),
                inputs={"covers": list(one.covers), "start": str(one.start), "end": str(one.end)},
            )


def _day(day: AttendanceDay) -> Node:
    inputs = {"work_date": day.work_date.isoformat(), "id": day.id}
    return Node(kind="attendance_day", label=day_in_words(day.work_date), formula=what_happened(day), inputs=inputs)


def _decision(one: Decision) -> Node:
    day = one.effective_from if isinstance(one, Penalty) else one.on
    kind = (one.rule if isinstance(one, Release) else one.kind).replace("_", " ")
    why = f": {one.reason} ({one.author})" if isinstance(one, Release) else ""
    words = day_in_words(day)
    formula = Said(f"{one.id}, {words.id}{why}", f"{one.id}, {words.en}{why}")
    return Node(kind="decision", label=Said(kind, kind), formula=formula, inputs={"id": one.id, "on": day.isoformat()})


def _counted(measure: Measure | None, facts: Facts) -> list[ActivityDay]:
    """The activities a measure looks at, found by the function that counts them."""
    match measure:
        case Minutes():
            return list(counted(facts, measure.activities, measure.approved_before_day))
        case Reports():
            return list(counted(facts, measure.activities))
        case Blend():
            every = [day for one in measure.of for day in _counted(one.measure, facts)]
            return list(dict.fromkeys(every))
        case _:
            return []


def _activity_day(day: ActivityDay) -> Node:
    return Node(
        kind="activity_day",
        label=day_in_words(day.work_date),
        formula=what_was_done(day),
        inputs={"work_date": day.work_date.isoformat(), "minutes": day.minutes, "count": day.count, "kind": day.kind},
        evidence=tuple(Node(kind="activity", label=HEADINGS["activity"], inputs={"id": one}) for one in day.ids),
    )
