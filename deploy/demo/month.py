"""The month's work: SKP approved from the top down, activities logged as backlogs, and approved in bulk."""

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from deploy.demo.console import Bar, must
from deploy.demo.door import Login, each
from deploy.demo.office.model import FIRST_DAY, Person, Task
from deploy.demo.region import HEADS, PERIOD, Region

_IDS = UUID("3c0e8a0e-6e3b-5a5e-8a34-94d4a1d5b7a1")
_REASON = "Mohon lengkapi uraian: sebutkan dokumen atau lokasi yang dikerjakan."
_MORE = " - dilengkapi sesuai catatan atasan"
BATCH = 60  # entries of one request: what a phone gathers in two or three weeks
DECIDED_AT_ONCE = 1000


async def log_work(region: Region, bar: Bar) -> int:
    """Everybody sends the month's activities as offline backlogs; how many were stored anew."""

    async def send(person: Person) -> int:
        results = await _results_of(region, person)
        stored = 0
        for entries in _backlogs(person, region.office.tasks[person.nip]):
            forms = [_form(task, results) for task in entries]
            answer = await region.logins[person.nip].post("/activity/activities/batch", {"entries": forms})
            must(answer["refused"] == 0, f"{person.name}: {_first_refusal(answer)}")
            stored += answer["stored"]
            for task, entry in zip(entries, answer["entries"], strict=True):
                region.activities[task.nip, task.number] = entry["activity_id"]
        return stored

    return sum(await each(region.office.people, send, bar))


async def decide_on_work(region: Region, bar: Bar) -> dict[str, int]:
    """Superiors return some activities with the reason and approve the others; how many of each."""
    region.left_waiting = region.activities[_left_waiting(region)]

    async def decide(led: tuple[Login, list[Person]]) -> tuple[int, int]:
        login, staff = led
        tasks = [task for person in staff for task in region.office.tasks[person.nip]]
        back = [region.activities[task.nip, task.number] for task in tasks if task.fate != "approved"]
        good = [region.activities[task.nip, task.number] for task in tasks if task.fate == "approved"]
        good = [one for one in good if one != region.left_waiting]
        returned = await _decide(login, "returns", back, reason=_REASON)
        approved = await _decide(login, "approvals", good)
        bar.advance(len(staff))
        return returned, approved

    done = await each(region.deciders(), decide, at_once=3)
    return {"returned": sum(one[0] for one in done), "approved": sum(one[1] for one in done)}


async def correct_work(region: Region) -> int:
    """Those whose activity was returned correct most of them, and their superiors approve these; how many."""

    async def correct(person: Person) -> None:
        corrected = [task for task in region.office.tasks[person.nip] if task.fate == "returned_then_approved"]
        if not corrected:
            return
        results = await _results_of(region, person)
        for task in corrected:
            form = _form(task, results)
            form["text"] += _MORE
            path = f"/activity/activities/{region.activities[task.nip, task.number]}"
            await region.logins[person.nip].put(path, form)

    await each(region.office.people, correct)

    async def approve(led: tuple[Login, list[Person]]) -> int:
        login, staff = led
        corrected = [
            region.activities[task.nip, task.number]
            for person in staff
            for task in region.office.tasks[person.nip]
            if task.fate == "returned_then_approved"
        ]
        return await _decide(login, "approvals", corrected)

    return sum(await each(region.deciders(), approve, at_once=3))


async def approve_again(region: Region) -> int:
    """Every approval once more; how many answers said that it had been approved before."""

    async def again(led: tuple[Login, list[Person]]) -> int:
        login, staff = led
        ids = [
            region.activities[task.nip, task.number]
            for person in staff
            for task in region.office.tasks[person.nip]
            if task.fate != "returned" and region.activities[task.nip, task.number] != region.left_waiting
        ]
        known = 0
        for part in _parts(ids):
            answer = await login.post("/activity/activities/approvals", {"ids": part})
            known += sum(one["decision"] == "already_approved" for one in answer["activities"])
        return known

    return sum(await each(region.deciders(), again, at_once=3))


def approved_minutes(region: Region, nip: str) -> int:
    """The minutes of somebody's activities that count, from the office's own book of the month."""
    return sum((task.end_at - task.start_at).seconds // 60 for task in _approved(region, nip))


def days_with_approved_work(region: Region, nip: str) -> int:
    """On how many days somebody did something that counts."""
    return len({task.work_date for task in _approved(region, nip)})


def _approved(region: Region, nip: str) -> list[Task]:
    waiting = _left_waiting(region)
    return [task for task in region.office.tasks[nip] if task.fate != "returned" and (nip, task.number) != waiting]


def _left_waiting(region: Region) -> tuple[str, int]:
    """The last activity of the one directly under the head of office: nobody gets round to it in time."""
    under = next(one for one in region.office.people if one.post.reports_to == HEADS[region.tenant_id])
    last = next(task for task in reversed(region.office.tasks[under.nip]) if task.fate == "approved")
    return last.nip, last.number


async def _decide(login: Login, route: str, ids: Sequence[str], **more: str) -> int:
    done = 0
    for part in _parts(ids):
        answer = await login.post(f"/activity/activities/{route}", {"ids": part, **more})
        must(answer["refused"] == 0, f"{login.name}: {_first_reason(answer)}")
        done += answer["done"]
    return done


async def _results_of(region: Region, person: Person) -> dict[str, str]:
    """Result ids of somebody's approved SKP by the code the office uses; a phone keeps them."""
    if person.nip in region.results:
        return region.results[person.nip]
    day = max(FIRST_DAY, person.since)
    [plan] = (await region.logins[person.nip].get("/activity/plans", day=day.isoformat()))["plans"]
    by_text = {result["text"]: result["result_id"] for result in plan["results"]}
    region.results[person.nip] = {one.code: by_text[one.text] for one in region.office.plans[person.nip]}
    return region.results[person.nip]


def _backlogs(person: Person, tasks: Sequence[Task]) -> list[list[Task]]:
    """Most write twice or three times a month, some everything at its end."""
    at_once = random.Random(f"backlog {person.nip}").choice((BATCH // 2, BATCH, BATCH, 2 * BATCH))
    return [list(tasks[start : start + at_once]) for start in range(0, len(tasks), at_once)]


def _form(task: Task, results: dict[str, str]) -> dict[str, Any]:
    return {
        "client_id": str(uuid5(_IDS, f"{task.nip}/{PERIOD}/{task.number}")),
        "work_date": task.work_date.isoformat(),
        "start": f"{task.start_at:%H:%M}",
        "end": f"{task.end_at:%H:%M}",
        "result_id": results[task.result],
        "text": task.text,
        "quantity": str(task.quantity),
        "quantity_unit": task.unit,
    }


def _parts(ids: Sequence[str]) -> list[list[str]]:
    return [list(ids[start : start + DECIDED_AT_ONCE]) for start in range(0, len(ids), DECIDED_AT_ONCE)]


def _first_refusal(answer: Any) -> str:
    return next((one["reason"] for one in answer["entries"] if one["outcome"] == "refused"), "")


def _first_reason(answer: Any) -> str:
    return next((one["reason"] for one in answer["activities"] if one["decision"] == "refused"), "")
