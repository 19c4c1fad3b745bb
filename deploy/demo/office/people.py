"""Invented people for the posts of an office: names, numbers valid by form, ranks that fit their class."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import yaml

from deploy.demo.office.model import SINCE, Office, Person, Post

_NAMES: dict[str, list[str]] = {
    kind: words.split() for kind, words in yaml.safe_load(Path(__file__).with_name("names.yaml").read_text()).items()
}
# kelas jabatan: golongan of a PNS, golongan of a PPPK, age from and to
_RANKS = {
    15: ("IV/d", None, 52, 58),
    14: ("IV/c", None, 49, 57),
    12: ("IV/b", None, 46, 56),
    11: ("IV/a", None, 42, 55),
    9: ("III/d", "IX", 36, 52),
    8: ("III/b", "IX", 29, 45),
    7: ("III/a", "IX", 25, 44),
    6: ("II/c", "VII", 24, 42),
    5: ("II/b", "V", 22, 50),
}
_PTKP = ("TK/0", "TK/0", "TK/1", "K/0", "K/0", "K/1", "K/1", "K/2", "K/2", "K/3")


def with_people(office: Office) -> Office:
    """The office with somebody in every post."""
    dice = random.Random(f"people {office.tenant_id}")
    units = {unit.code: unit for unit in office.units}
    taken: set[str] = set()
    people: list[Person] = []
    pins: dict[str, int] = {}
    for post in office.posts:
        for _ in range(post.holders):
            unit = units[post.unit]
            pins[unit.site] = pins.get(unit.site, 0) + 1
            people.append(
                replace(_person(dice, office, post, taken, len(people)), unit=unit, pin=100 + pins[unit.site])
            )
    return replace(office, people=tuple(people))


def _person(dice: random.Random, office: Office, post: Post, taken: set[str], row: int) -> Person:
    pns, pppk, youngest, oldest = _RANKS[post.kelas]
    woman = dice.random() < 0.48
    birth = date(2026 - dice.randint(youngest, oldest), 1, 1) + timedelta(days=dice.randrange(365))
    status = _status(dice, post, pppk is not None)
    nip, since = _nip(dice, birth, status, woman, row)
    account = f"{dice.randint(10, 99)}02{dice.randrange(10**9):09d}"
    return Person(
        nip=nip,
        name=_name(dice, woman, _NAMES[office.tenant_id], taken),
        birth_date=birth,
        status_asn=status,
        golongan=str(pppk if status == "PPPK" else "III/a" if status == "CPNS" else pns),
        ptkp=dice.choice(_PTKP),
        npwp=f"{dice.randrange(10**15):015d}",
        nik=f"{office.tenant_id.replace('.', ''):0<6}{birth:%d%m%y}{row + 1:04d}",
        account=account,
        post=post,
        unit=office.units[0],
        since=max(since, SINCE),
        pin=0,
    )


def _status(dice: random.Random, post: Post, may_be_pppk: bool) -> str:
    if post.kelas == 7 and dice.random() < 0.08 and post.holders > 1:
        return "CPNS"
    return "PPPK" if may_be_pppk and post.jenis != "pengawas" and dice.random() < 0.35 else "PNS"


def _nip(dice: random.Random, birth: date, status: str, woman: bool, row: int) -> tuple[str, date]:
    """18 digits: birth date, year and month of appointment (PPPK: a code), sex, sequence."""
    if status == "CPNS":
        year, month = 2026, 3
    elif status == "PPPK":
        year, month = max(dice.randint(2021, 2025), birth.year + 19), dice.choice((21, 21, 24))
    else:
        year, month = min(birth.year + dice.randint(23, 27), 2024), dice.choice((1, 2, 3, 4, 12))
    first_day = date(year, month if month <= 12 else 3, 1)
    return f"{birth:%Y%m%d}{year}{month:02d}{2 if woman else 1}{row % 900 + 1:03d}", first_day


def _name(dice: random.Random, woman: bool, families: list[str], taken: set[str]) -> str:
    while True:
        given = dice.choice(_NAMES["women" if woman else "men"])
        name = f"{given} {dice.choice(_NAMES['middle'])} {dice.choice(families)}"
        if name not in taken:
            taken.add(name)
            return name
