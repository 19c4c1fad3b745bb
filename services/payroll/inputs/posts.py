"""An employee's positions in a period: the segments paid for, and the posts held as Plt or Plh."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from services.payroll.inputs.calendar import Calendar
from services.payroll.inputs.reading import Post
from services.payroll.rules.facts import Acting, Segment
from shared.words import AssignmentKind, JenisJabatan

# UU 20/2023 and PP 11/2017: from the highest; functional posts and pelaksana are below the structural ones
_RANK = {
    JenisJabatan.JPT_UTAMA: 5,
    JenisJabatan.JPT_MADYA: 4,
    JenisJabatan.JPT_PRATAMA: 3,
    JenisJabatan.ADMINISTRATOR: 2,
    JenisJabatan.PENGAWAS: 1,
}


class NoPost(Exception):
    """The master data give no segments to pay for; `remedy` says what to correct."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


def segments(posts: Sequence[Post], last_day: date, calendar: Calendar) -> tuple[Segment, ...]:
    """The definitive posts, one after another, each day in one of them. Raises NoPost."""
    held = [post for post in posts if post.start <= last_day]
    if not held:
        raise NoPost("no definitive position is held in the period", "record the assignment in identity")
    for earlier, later in pairwise(held):
        if later.start <= min(earlier.end, last_day):
            raise NoPost(
                f"two definitive positions are held on {later.start}: {earlier.position} and {later.position}",
                "end one assignment the day before the other begins",
            )
    return tuple(
        Segment(
            start=post.start,
            end=min(post.end, last_day),
            position=post.position,
            kelas=post.kelas_jabatan,
            unit=post.unit,
            workdays=calendar.between(post.start, min(post.end, last_day)),
            attributes=_attributes(post),
        )
        for post in held
    )


def acting(posts: Sequence[Post], own: Sequence[Post], last_day: date, calendar: Calendar) -> tuple[Acting, ...]:
    """Posts held as Plt or Plh, compared with the definitive post of the same days."""
    definitive = [post for post in own if post.kind == AssignmentKind.DEFINITIF]
    return tuple(
        Acting(
            id=str(post.assignment_id),
            capacity="Plt" if post.kind == AssignmentKind.PLT else "Plh",
            level=_level(post, [one for one in definitive if one.start <= post.end and one.end >= post.start]),
            kelas=post.kelas_jabatan,
            workdays=calendar.between(post.start, min(post.end, last_day)),
            since=post.since,
        )
        for post in posts
        if post.start <= last_day
    )


def _level(post: Post, beside: Sequence[Post]) -> Literal["same", "higher", "lower"]:
    """By the rank of the post; below the structural ranks by kelas jabatan."""
    own = beside[-1] if beside else post
    mine, acted = _height(own), _height(post)
    return "same" if acted == mine else "higher" if acted > mine else "lower"


def _height(post: Post) -> tuple[int, int]:
    rank = _RANK.get(JenisJabatan(post.jenis_jabatan), 0)
    return rank, 0 if rank else post.kelas_jabatan


def _attributes(post: Post) -> dict[str, str]:
    known = {
        "jenis_jabatan": post.jenis_jabatan,
        "eselon": post.eselon,
        "position_code": post.position_code,
        "unit_code": post.unit_code,
    }
    return {name: value for name, value in known.items() if value}
