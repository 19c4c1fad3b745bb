"""`python -m shared.auth.document`: the table of who may do what, printed as docs/access.md."""

from collections.abc import Iterator

from shared.auth.policy import ACTIONS, Role, Rule, Scope

_SCOPES = {
    Scope.SELF: "oneself",
    Scope.STAFF: "one's staff on the day",
    Scope.UNIT: "the unit of the grant and below",
    Scope.TENANT: "the region",
    Scope.PLATFORM: "the platform",
}

_INTRODUCTION = """# Who may do what

Printed from `shared/auth/policy.py` by `python -m shared.auth.document`; a test fails where this page is older.

A role is given by day (identity, `/grants`); *pegawai* follows from being employed, and *newcomer* is who has
logged in with a one-time password. *Atasan* is no role: it follows from the posts held on the day, Plt and Plh
included. A cell says over whom. **Four eyes**: refused to whoever made the thing, whatever their roles.
"""


def page() -> str:
    """The whole page, as it stands in docs/."""
    roles = list(Role)
    head = f"| action | what | {' | '.join(roles)} | four eyes |"
    rule = f"|---|---|{'---|' * len(roles)}---|"
    return "\n".join([_INTRODUCTION, head, rule, *_rows(roles)]) + "\n"


def _rows(roles: list[Role]) -> Iterator[str]:
    for action, rule in ACTIONS.items():
        cells = " | ".join(_cell(rule, role) for role in roles)
        yield f"| `{action}` | {rule.text} | {cells} | {'yes' if rule.not_the_maker else ''} |"


def _cell(rule: Rule, role: Role) -> str:
    return ", ".join(dict.fromkeys(_SCOPES[scope] for scope in rule.scope_for([role])))


if __name__ == "__main__":
    print(page(), end="")
