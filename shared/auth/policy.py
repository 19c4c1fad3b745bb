"""What each role may do: one table, printed as docs/access.md, enumerated by tests.

`scope` says over whom: the command checks it against the organisation on the day concerned. An action with
`not_the_maker` is refused to whoever made the thing (four eyes), whatever their roles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    PEGAWAI = "pegawai"
    KEPEGAWAIAN = "kepegawaian"  # of a unit and those below it
    ADMIN = "admin"  # of a tenant (BKPSDM)
    VERIFIKATOR = "verifikator"
    BENDAHARA = "bendahara"
    AUDITOR = "auditor"  # APIP, BPK
    OPERATOR = "operator"  # of the platform
    NEWCOMER = "newcomer"  # logged in with a one-time password: may set a password of their own, and nothing else


class Scope(StrEnum):
    SELF = "self"
    STAFF = "staff"  # those whose superior the caller is on the day: atasan by assignment, Plt, Plh, delegate
    UNIT = "unit"  # the unit of the grant and those below it
    TENANT = "tenant"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Rule:
    """`grants`: the scope each role has for the action."""

    text: str
    grants: tuple[tuple[Role, Scope], ...]
    not_the_maker: bool = False

    def scope_for(self, roles: Iterable[Role]) -> tuple[Scope, ...]:
        held = set(roles)
        return tuple(scope for role, scope in self.grants if role in held)


_SELF = (Role.PEGAWAI, Scope.SELF)
_STAFF = (Role.PEGAWAI, Scope.STAFF)
_UNIT = (Role.KEPEGAWAIAN, Scope.UNIT)
_ADMIN = (Role.ADMIN, Scope.TENANT)
_VERIFIER = (Role.VERIFIKATOR, Scope.TENANT)
_TREASURER = (Role.BENDAHARA, Scope.TENANT)
_AUDITOR = (Role.AUDITOR, Scope.TENANT)
_OPERATOR = (Role.OPERATOR, Scope.PLATFORM)
_ANYBODY = tuple((role, Scope.SELF) for role in Role if role is not Role.NEWCOMER)

ACTIONS: dict[str, Rule] = {
    # identity
    "tenant.configure": Rule("Add a region, set its name and zone", (_OPERATOR,)),
    "account.password": Rule("Set one's own password", (*_ANYBODY, (Role.NEWCOMER, Scope.SELF))),
    "account.own": Rule("See oneself, see and end one's own sessions", _ANYBODY),
    "organisation.read": Rule("See units, positions and employees", (_SELF, _UNIT, _ADMIN, _AUDITOR)),
    "organisation.change": Rule("Add and change units, positions, employees and assignments", (_ADMIN,)),
    "organisation.import": Rule("Import units, positions and employees from a file", (_ADMIN,)),
    "account.administer": Rule("Create accounts, end sessions, set a password anew", (_ADMIN,)),
    "grant.administer": Rule("Give and end roles", (_ADMIN, _OPERATOR), not_the_maker=True),
    # activity
    "plan.write": Rule("Draft and submit one's own SKP", (_SELF,)),
    "plan.read": Rule("See an SKP", (_SELF, _STAFF, _UNIT, _ADMIN, _AUDITOR)),
    # an admin, for those alone whose post reports to none: their superior is the head of the region, who is no ASN
    "plan.approve": Rule("Return or approve the SKP of staff", (_STAFF, _ADMIN), not_the_maker=True),
    "plan.import": Rule("Import SKP sheets", (_UNIT, _ADMIN)),
    "activity.log": Rule("Plan the day and log one's own activities", (_SELF,)),
    "activity.read": Rule("See activities and recaps", (_SELF, _STAFF, _UNIT, _ADMIN, _AUDITOR)),
    "activity.approve": Rule(
        "Approve, return and withdraw the activities of staff", (_STAFF, _ADMIN), not_the_maker=True
    ),
    "delegation.write": Rule("Delegate one's approvals for some days", (_SELF, _ADMIN)),
    "attendance.read": Rule("See attendance", (_SELF, _STAFF, _UNIT, _ADMIN, _AUDITOR)),
    "attendance.import": Rule("Import attendance logs and the numbers of the machines", (_UNIT, _ADMIN)),
    "attendance.settle": Rule("Settle attendance days", (_UNIT, _ADMIN)),
    "attendance.decide": Rule("Record leave, duty travel and excuses", (_UNIT, _ADMIN), not_the_maker=True),
    "calendar.write": Rule("Set calendars, work hours, apel days and filing windows", (_ADMIN,)),
    "calendar.read": Rule("See calendars, work hours and filing windows", (_SELF, _UNIT, _ADMIN, _AUDITOR)),
    "period.close": Rule("Close a period", (_ADMIN,)),
    "period.reopen": Rule("Reopen a closed period, with a reason", (_ADMIN,)),
    "period.read": Rule(
        "See periods and their control totals", (_SELF, _UNIT, _ADMIN, _VERIFIER, _TREASURER, _AUDITOR)
    ),
    # appraisal
    "appraisal.rate": Rule("Rate and finalize the appraisal of staff", (_STAFF,), not_the_maker=True),
    "appraisal.read": Rule("See appraisals and the evidence behind them", (_SELF, _STAFF, _UNIT, _ADMIN, _AUDITOR)),
    "appraisal.close": Rule("Close a period's appraisals", (_ADMIN,)),
    # payroll
    "salary.import": Rule("Import the salary file that taxes and contributions build on", (_TREASURER,)),
    "consent.give": Rule("Consent to a contribution such as zakat, record an employee's letter", (_SELF, _TREASURER)),
    "consent.read": Rule("See consents", (_SELF, _VERIFIER, _TREASURER, _ADMIN, _AUDITOR)),
    "circumstance.import": Rule(
        "Import a table of exemptions, penalties, scores, instalments and the like", (_ADMIN, _TREASURER)
    ),
    "circumstance.approve": Rule("Let a table of circumstances count, take it back", (_VERIFIER,), not_the_maker=True),
    "circumstance.read": Rule("See tables of circumstances", (_ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "policy.draft": Rule("Draft a policy document", (_TREASURER, _ADMIN)),
    "policy.approve": Rule("Put a policy in force", (_VERIFIER,), not_the_maker=True),
    "policy.read": Rule("Read policy documents", (_SELF, _ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "limit.set": Rule("Set ceilings of classes and budgets of offices", (_ADMIN,)),
    "run.create": Rule("Start, resume and publish a payroll run", (_TREASURER,)),
    "run.verify": Rule("Verify a calculated run", (_VERIFIER,), not_the_maker=True),
    "run.approve": Rule("Approve a verified run", (_ADMIN,), not_the_maker=True),
    "run.cancel": Rule("Give up a run that is not approved, with a reason", (_TREASURER, _VERIFIER, _ADMIN)),
    "run.pay": Rule("Mark an acknowledged run as paid", (_TREASURER,)),
    "run.read": Rule("See runs and all statements", (_ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "statement.read": Rule("See a statement and its explanation", (_SELF, _VERIFIER, _TREASURER, _ADMIN, _AUDITOR)),
    "correction.read": Rule(
        "See what paid months came to when computed again", (_SELF, _VERIFIER, _TREASURER, _ADMIN, _AUDITOR)
    ),
    "checkpoint.read": Rule(
        "See the signed heads of the region's logs of runs and closings",
        (_SELF, _VERIFIER, _TREASURER, _ADMIN, _AUDITOR),
    ),
    "preview.read": Rule("See where one stands as of today", (_SELF, _TREASURER, _AUDITOR)),
    "export.read": Rule("Write the sheets and lists of a run", (_ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "export.configure": Rule("Set bank templates, who signs, and other export settings", (_TREASURER,)),
    "payment.send": Rule("Make bank files, and import what banks and the payroll system answer", (_TREASURER,)),
    "payment.read": Rule("See bank files, payments and what is chased", (_ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "what_if.ask": Rule("Try a draft policy on a past month", (_ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "what_if.read": Rule("See what-if reports", (_ADMIN, _VERIFIER, _TREASURER, _AUDITOR)),
    "allowance.read": Rule("Read the region's feed of final allowances", (_TREASURER, _AUDITOR)),
    # everywhere
    "quarantine.read": Rule("See the region's records in quarantine", (_ADMIN, _AUDITOR)),
}
