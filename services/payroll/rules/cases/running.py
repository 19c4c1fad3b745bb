"""A case tried against its policy: what was expected, what came, and why it came."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from services.payroll.rules.cases.file import Case, Cases
from services.payroll.rules.cases.short_facts import facts_of_case
from services.payroll.rules.evaluate import Policy, evaluate
from services.payroll.rules.facts import Facts
from services.payroll.rules.facts_format import facts_to_dict
from services.payroll.rules.problems import Problem, Unreadable
from services.payroll.rules.statement import Statement
from services.payroll.rules.words import formula, rupiah
from shared.money import percent_text

_RULES_OF_ITS_OWN = frozenset({"tax", "rounding"})


class Difference(NamedTuple):
    """What a case expects and what it got; `why` is the formula behind what it got."""

    place: str
    what: str
    expected: str
    got: str
    why: str = ""


class Tried(NamedTuple):
    """One case: it passed when there is neither a difference nor a problem with the case itself."""

    case: str
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.differences and not self.problems


def in_force(policies: Iterable[Policy], on: date) -> Policy | None:
    """The policy in force on a day: of several the one that began last."""
    fitting = [
        one
        for one in policies
        if one.document.effective_from <= on and (one.document.effective_to is None or on <= one.document.effective_to)
    ]
    return max(fitting, key=lambda one: one.document.effective_from, default=None)


def try_case(cases: Cases, at: int, policies: Iterable[Policy], own: Policy | tuple[Problem, ...] | None) -> Tried:
    """The case at a place of its file, by the policy in force on the month's first day, or by its `own`."""
    case = cases.file.cases[at]
    if isinstance(own, tuple):
        return _refusal(cases, at, own)
    try:
        facts = facts_of_case(cases, at)
    except Unreadable as error:
        return _refusal(cases, at, error.problems)
    policy = own or in_force(policies, facts.start)
    if policy is None:
        message = f"no document of this region is in force on {facts.start}"
        place = cases.source.place(("cases", at, "facts"))
        return Tried(case.id, problems=(Problem(place, message, "Correct the month, or effective_from of a document"),))
    return _compared(cases, at, policy, facts)


def _refusal(cases: Cases, at: int, problems: tuple[Problem, ...]) -> Tried:
    case, expected = cases.file.cases[at], cases.file.cases[at].expect.refused
    if expected is None:
        return Tried(case.id, problems=problems)
    if any(expected in str(problem) for problem in problems):
        return Tried(case.id)
    got = "; ".join(str(problem) for problem in problems)
    return Tried(case.id, (Difference(_place(cases, at, "refused"), "refused", expected, got),))


def _place(cases: Cases, at: int, *path: str) -> str:
    return cases.source.place(("cases", at, "expect", *path))


def _compared(cases: Cases, at: int, policy: Policy, facts: Facts) -> Tried:
    case = cases.file.cases[at]
    statement = evaluate(policy, facts)
    unknown = tuple(_unknown(cases, at, policy, facts))
    if unknown:
        return Tried(case.id, problems=unknown)
    differences = [
        Difference(_place(cases, at, *path), ".".join(path), expected, got, why)
        for path, expected, got, why in _answers(case, statement)
        if expected != got
    ]
    return Tried(case.id, tuple(differences))


def _unknown(cases: Cases, at: int, policy: Policy, facts: Facts) -> Iterator[Problem]:
    """Ids in the expectation that neither the policy nor the facts have: a slip of the pen must not pass as 0."""
    expected = cases.file.cases[at].expect
    named = set(_named(policy.document.model_dump(mode="json")))
    codes = {one.code for one in policy.document.criteria}
    lines = named | _RULES_OF_ITS_OWN | set(_named(facts_to_dict(facts)))
    known = {"lines": lines | {f"{code}/{one}" for code in codes for one in lines}, "criteria": codes, "results": named}
    for key, ids in known.items():
        for one in getattr(expected, key):
            if one not in ids:
                shown = ", ".join(sorted(ids & named))
                yield Problem(_place(cases, at, key, one), f"the policy has no {one!r}", f"It has {shown}")


def _named(value: Any) -> Iterator[str]:
    """Every id and code of a document or of facts, however deep."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            if key in ("id", "code", "rule") and isinstance(entry, str):
                yield entry
            else:
                yield from _named(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _named(entry)


Answer = tuple[tuple[str, ...], str, str, str]


def _answers(case: Case, statement: Statement) -> Iterator[Answer]:
    """Path, expected, got and why, for everything the case names."""
    expected = case.expect
    for rule, amount in expected.lines.items():
        got, why = _line(statement, rule)
        yield ("lines", rule), rupiah(amount), rupiah(got), why
    for total, amount in expected.totals.items():
        yield ("totals", total), rupiah(amount), rupiah(getattr(statement, total)), ""
    for code, amount in expected.criteria.items():
        yield ("criteria", code), rupiah(amount), rupiah(statement.criteria.get(code, 0)), ""
    shares = {result["part"]: result["share"] for result in statement.results}
    for part, share in expected.results.items():
        yield ("results", part), _share(share), shares.get(part, "no result"), ""
    if expected.refused is not None:
        yield ("refused",), expected.refused, "it was computed", ""
    yield from _words(case, statement)


def _words(case: Case, statement: Statement) -> Iterator[Answer]:
    expected = case.expect
    codes = {warning["code"] for warning in statement.warnings}
    said = "; ".join(warning["message"] for warning in statement.warnings)
    for code in expected.warnings:
        yield ("warnings",), code, code if code in codes else ", ".join(sorted(codes)) or "none", said
    if expected.blocked is not None:
        yield ("blocked",), _yes(expected.blocked), _yes(statement.blocked), said
    if expected.suspended_until is not None:
        yield ("suspended_until",), expected.suspended_until, statement.suspended_until or "not suspended", ""


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _share(share: Fraction) -> str:
    return percent_text(share.numerator, share.denominator)


def _line(statement: Statement, rule: str) -> tuple[int, str]:
    """The sum of a rule's lines (of one criterion for `BK/disiplin`), and their formulas."""
    criterion, slash, code = rule.partition("/")
    lines = [
        line
        for line in statement.lines
        if line["rule"] == (code if slash else rule) and (not slash or line["inputs"].get("criterion") == criterion)
    ]
    return sum(int(line["amount"]) for line in lines), "; ".join(formula(line) for line in lines)
