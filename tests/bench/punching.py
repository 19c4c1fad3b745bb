"""A month of punches as a machine tells them: most of them in time, on some days late, early or forgotten."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from shared.auth.policy import Role
from tests.support.population import Hand

SERIAL = "BENCH01"
IN, OUT = time(7, 5), time(16, 40)  # before Perpres 21/2023 begins its day, after its Friday ends


async def punch(hand: Hand, days: Sequence[date]) -> None:
    """Add a machine, say whose its numbers are, import its log of these days. RuntimeError where a line is refused."""
    region = hand.region
    [unit] = await hand.ask(None, "GET", "/identity/units", Role.ADMIN)
    machine = {"unit_id": unit["unit_id"], "name": "Mesin"}
    await hand.ask(None, "PUT", f"/activity/attendance/machines/{SERIAL}", Role.ADMIN, json=machine)
    pins = ["serial,pin,nip,valid_from", *(f"{SERIAL},{n},{nip},2020-01-01" for n, nip in enumerate(region.nips, 1))]
    await _sent(hand, "pins/imports", "pin.csv", pins)
    lines = [f"{pin}\t{at:%Y-%m-%d %H:%M:%S}\t0\t1\t0\t0" for pin, at in _punches(len(region.nips), days)]
    told = await _sent(hand, "logs", f"{SERIAL}_attlog.dat", lines, serial=SERIAL)
    if told["refused"] or told["unknown_pins"]:
        raise RuntimeError(f"the log is not taken whole: {told['faults'][:1]} {told['unknown_pins'][:3]}")


async def _sent(hand: Hand, path: str, name: str, lines: Sequence[str], **form: str) -> dict[str, list[object]]:
    content = "\n".join(lines).encode()
    told: dict[str, list[object]] = await hand.ask(
        None, "POST", f"/activity/attendance/{path}", Role.ADMIN, files={"file": (name, content)}, data=form
    )
    return told


def _punches(people: int, days: Sequence[date]) -> Iterator[tuple[int, datetime]]:
    """In the order of time within a day: of a person's month four days are late, two early, one without a punch in."""
    for place, day in enumerate(days):
        for pin in range(1, people + 1):
            turn = (place + pin) % len(days)
            if turn != 0:
                late = timedelta(minutes=30 + pin % 90) if turn in {1, 2, 3, 4} else timedelta(minutes=pin % 20)
                yield pin, datetime.combine(day, IN) + late
        for pin in range(1, people + 1):
            early = timedelta(hours=2, minutes=pin % 40) if (place + pin) % len(days) in {5, 6} else timedelta()
            yield pin, datetime.combine(day, OUT) - early
