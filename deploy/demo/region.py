"""A region while the demo plays it: its office, its files, and its people once they are logged in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.door import Door, Login
from deploy.demo.office import office
from deploy.demo.office.model import MONTH, Office, Person

FILES = Path(__file__).parent / "files"
PASSWORD = "Timbangan jujur di pasar lama"  # noqa: S105 - everybody's, in a demo whose people are invented
PERIOD = MONTH


@dataclass(frozen=True)
class Roles:
    """Who does what, by the post they hold. `second`: the other admin, who leads nobody and imports the SKP."""

    admin: str
    second: str
    verifier: str
    treasurer: str
    auditor: str


_ROLES = {
    "92": Roles("KASUBBAG-UK", "ANALIS-UK", "VERIFIKATOR", "BENDAHARA", "AUDITOR"),
    "19.05": Roles("BKPSDM-SEK", "BKPSDM-B2-S1", "BPKAD-KEU", "BPKAD-BEND", "INSP-B2-JF"),
}
HEADS = {"92": "KADIS", "19.05": "DINKES-KA"}  # a head of office in each


@dataclass
class Region:
    """One region of the demo."""

    office: Office
    door: Door
    roles: Roles
    logins: dict[str, Login] = field(default_factory=dict)  # by NIP
    ids: dict[str, str] = field(default_factory=dict)  # employee ids by NIP
    units: dict[str, str] = field(default_factory=dict)  # unit ids by code
    results: dict[str, dict[str, str]] = field(default_factory=dict)  # by NIP: ids by the office's code of the RHK
    activities: dict[tuple[str, int], str] = field(default_factory=dict)  # ids by NIP and number
    left_waiting: str = ""  # the activity nobody decided on before the closing
    run_id: str = ""

    @property
    def tenant_id(self) -> str:
        return self.office.tenant_id

    @property
    def folder(self) -> Path:
        return FILES / self.tenant_id

    def holder(self, post: str) -> Person:
        """Who holds a post; of several the first."""
        return self.office.at(post)

    def login(self, post: str) -> Login:
        return self.logins[self.holder(post).nip]

    @property
    def admin(self) -> Login:
        return self.login(self.roles.admin)

    @property
    def second(self) -> Login:
        return self.login(self.roles.second)

    @property
    def treasurer(self) -> Login:
        return self.login(self.roles.treasurer)

    @property
    def verifier(self) -> Login:
        return self.login(self.roles.verifier)

    @property
    def auditor(self) -> Login:
        return self.login(self.roles.auditor)

    def superior_of(self, person: Person) -> Person | None:
        above = person.post.reports_to
        return self.holder(above) if above else None

    def leaders(self) -> Iterator[tuple[Person, list[Person]]]:
        """Everybody who leads others, from the top down, with those directly under them."""
        staff: dict[str, list[Person]] = {}
        for person in self.office.people:
            if person.post.reports_to:
                staff.setdefault(person.post.reports_to, []).append(person)
        tops = [person for person in self.office.people if person.post.reports_to is None]
        while tops:
            yield from ((leader, staff[leader.post.code]) for leader in tops if leader.post.code in staff)
            tops = [one for leader in tops for one in staff.get(leader.post.code, []) if one.post.code in staff]

    def deciders(self) -> Iterator[tuple[Login, list[Person]]]:
        """Who decides on whose work; an admin records what the head of the region decided on those at the top."""
        yield self.admin, [person for person in self.office.people if person.post.reports_to is None]
        for leader, staff in self.leaders():
            yield self.logins[leader.nip], staff


def logins(office: Office) -> list[tuple[str, str, str]]:
    """What they do, NIP and name of those who are worth logging in as."""
    roles = _ROLES[office.tenant_id]
    posts = [
        ("admin", roles.admin),
        ("second admin", roles.second),
        ("verifikator", roles.verifier),
        ("bendahara", roles.treasurer),
        ("auditor", roles.auditor),
        ("head of office", HEADS[office.tenant_id]),
    ]
    return [(what, office.at(post).nip, office.at(post).name) for what, post in posts]


def region(tenant_id: str, door: Door) -> Region:
    return Region(office(tenant_id), door, _ROLES[tenant_id])
