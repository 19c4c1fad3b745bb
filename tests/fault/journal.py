"""What clients were promised: each command that was answered with success, kept outside the system under test."""

from dataclasses import dataclass, field
from enum import StrEnum


class Promise(StrEnum):
    STORED = "waiting"  # the words are those of the activity's state
    APPROVED = "approved"


@dataclass
class Journal:
    """Promises by region and activity, and how hard the clients had to try."""

    promised: dict[tuple[str, str], Promise] = field(default_factory=dict)
    withdrawn: set[tuple[str, str]] = field(default_factory=set)
    answered: int = 0
    retried: int = 0

    def stored(self, tenant_id: str, activity_id: str) -> None:
        self.promised.setdefault((tenant_id, activity_id), Promise.STORED)

    def approved(self, tenant_id: str, activity_id: str) -> None:
        self.promised[tenant_id, activity_id] = Promise.APPROVED

    def withdraw(self, tenant_id: str, activity_id: str) -> None:
        self.withdrawn.add((tenant_id, activity_id))
        self.promised[tenant_id, activity_id] = Promise.STORED
