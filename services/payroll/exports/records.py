"""What exports are made from: a run with its control totals, and whom it pays what; amounts in whole rupiah."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from shared.control import hash_total
from shared.errors import Refused
from shared.money import split


class Account(NamedTuple):
    """Where an employee is paid; all of it text, leading zeros kept."""

    bank_code: str
    bank_name: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Control totals that go with money; `hash_total` over account numbers (shared.control)."""

    count: int
    gross: int
    deductions: int
    net: int
    hash_total: str


class Item(NamedTuple):
    """A line of a statement that is a contribution, a tax or a recovery; `amount` as the statement signs it.

    payer: employer or employee, of a contribution; scheme: the nation's name of it; column: SIPD's, if it has one.
    base: what a rate was taken of, used: how much of the common ceiling the salary side had used.
    """

    kind: str
    rule: str
    name: str
    amount: int
    payer: str = ""
    scheme: str = ""
    column: str = ""
    base: int = 0
    used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One statement of a run and whom it pays, as they were frozen with the run. Unknown text is empty."""

    employee_id: UUID
    statement_id: UUID
    statement_hash: str
    nip: str
    name: str
    nik: str = ""
    npwp: str = ""
    birth_date: date | None = None
    address: str = ""
    status_asn: str
    golongan: str
    masa_kerja: str = ""
    ptkp: str
    position: str
    kelas: int
    jenis_jabatan: str = ""
    eselon: str = ""
    unit_code: str = ""
    unit: str
    opd_code: str = ""
    opd: str = ""
    account: Account | None
    criteria: Mapping[str, int]
    items: Sequence[Item] = ()
    payable: int
    gross: int
    deductions: int
    net: int

    def taken(self, *kinds: str, payer: str = "", scheme: str = "") -> int:
        """What items of these kinds take from the gross amount; below 0 where tax is given back."""
        return -sum(
            item.amount
            for item in self.items
            if item.kind in kinds
            and (item.kind != "contribution" or item.amount < 0)  # the employer's stands twice, added and taken
            and (not payer or item.payer == payer)
            and (not scheme or item.scheme == scheme)
        )

    @property
    def tax(self) -> int:
        """PPh 21 taken; below 0 where a year's settlement gives some back."""
        return self.taken("tax")

    @property
    def tax_allowance(self) -> int:
        """Tunjangan PPh: tax that the region bears, added to gross."""
        return sum(item.amount for item in self.items if item.kind == "tax_allowance")

    @property
    def employer(self) -> int:
        """Contributions of the employer: added to gross and taken again."""
        return self.taken("contribution", payer="employer")

    def by_criterion(self) -> dict[str, int]:
        """What is paid under each criterion, so that it adds up to gross with tunjangan PPh and employer's items.

        What is paid beside the criteria (a postponed month's TPP) or is postponed now is shared out over them in
        proportion to what was earned under each, by the largest remainder.
        """
        codes = list(self.criteria) or [""]  # a statement of corrections alone has no criterion
        weights = [max(0, self.criteria.get(code, 0)) for code in codes]
        shares = split(self.gross - self.tax_allowance - self.employer, weights)
        return dict(zip(codes, shares, strict=True))

    @property
    def file_stem(self) -> str:
        """What a file about this employee is called: the NIP, where it is one."""
        return self.nip if self.nip.isascii() and self.nip.isdigit() else str(self.statement_id)

    @property
    def office(self) -> tuple[str, str]:
        """Code and name of the OPD that pays, or of the unit where no OPD is above it."""
        return (self.opd_code, self.opd) if self.opd else (self.unit_code, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A run with all it pays, by office, unit, class and NIP.

    made_at: the moment of its approval, or of its start before that: what documents are dated by.
    criteria: the names of the policy's criteria by code, in its order. final: whether the amounts are owed.
    """

    tenant_id: str
    region: str
    run_id: UUID
    period: str
    kind: str
    state: str
    final: bool
    policy: str
    policy_hash: str
    made_at: datetime
    totals: Totals
    digest: str
    root: str
    criteria: Mapping[str, str] = field(default_factory=dict)
    paid: Sequence[Paid]

    def __post_init__(self) -> None:
        counted = totals_of(self.paid)
        if counted != self.totals:
            stated = asdict(self.totals)
            differing = [
                f"{name} {ours}, the run's {stated[name]}"
                for name, ours in asdict(counted).items()
                if ours != stated[name]
            ]
            raise Refused(
                f"run {self.run_id} does not add up to its totals: {'; '.join(differing)}; see takar chain, and "
                "export nothing until it is found out why"
            )

    def offices(self) -> list["Office"]:
        """The run by the offices that pay, in the order of their codes."""
        found: dict[tuple[str, str], list[Paid]] = {}
        for one in self.paid:
            found.setdefault(one.office, []).append(one)
        return [Office(code, name, tuple(of), totals_of(of)) for (code, name), of in sorted(found.items())]


class Office(NamedTuple):
    """An OPD's part of a run."""

    code: str
    name: str
    paid: Sequence[Paid]
    totals: Totals


def totals_of(paid: Iterable[Paid]) -> Totals:
    """Count and sums of these statements."""
    rows = list(paid)
    return Totals(
        count=len(rows),
        gross=sum(one.gross for one in rows),
        deductions=sum(one.deductions for one in rows),
        net=sum(one.net for one in rows),
        hash_total=hash_total(one.account.number if one.account else None for one in rows),
    )


def in_order(paid: Iterable[Paid]) -> list[Paid]:
    """As lists are read: by office and unit, the highest class first, then by NIP."""
    return sorted(paid, key=lambda one: (one.office, one.unit_code, one.unit, -one.kelas, one.nip, one.employee_id))
