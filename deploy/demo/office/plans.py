"""SKP of everybody: each result derives from one of the superior's."""

from dataclasses import replace

from deploy.demo.office.model import Office, Person, PlannedResult
from deploy.demo.office.trades import rows_for


def with_plans(office: Office) -> Office:
    """The office with an SKP for each person."""
    bosses = {post.code: post.reports_to for post in office.posts}
    leads = {boss for boss in bosses.values() if boss}
    by_post = {person.post.code: person for person in office.people if person.post.code in leads}
    plans: dict[str, tuple[PlannedResult, ...]] = {}
    for person in sorted(office.people, key=lambda one: _depth(one.post.code, bosses)):
        above = by_post.get(person.post.reports_to or "")
        plans[person.nip] = _plan(person, person.post.code in leads, plans[above.nip] if above else ())
    return replace(office, plans=plans)


def _depth(post: str, bosses: dict[str, str | None]) -> int:
    above = bosses[post]
    return 0 if above is None else 1 + _depth(above, bosses)


def _plan(person: Person, leads: bool, above: tuple[PlannedResult, ...]) -> tuple[PlannedResult, ...]:
    rows = rows_for(person.unit.trade, leads=leads)
    return tuple(
        PlannedResult(
            code=f"A{number}",
            text=text,
            superior_text=above[number % len(above)].text if above else None,
            indicator=indicator,
            target=target,
            unit=unit,
            tasks=tasks,
        )
        for number, (text, indicator, target, unit, tasks) in enumerate(rows, start=1)
    )
