"""A name and a password, and how the passwords of one stack follow from its administrator's."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Credentials:
    """Who logs in; the password never shows in a log."""

    user: str
    password: str = field(repr=False)

    def derive(self, principal: str) -> "Credentials":
        """The same principal gets the same password each time, so that provisioning can be repeated.

        HMAC-SHA-256 of the principal under the administrator's password, so one principal's password
        tells nothing about another's.
        """
        digest = hmac.digest(self.password.encode(), f"takar/{principal}".encode(), hashlib.sha256)
        return Credentials(principal, base64.urlsafe_b64encode(digest).decode().rstrip("="))
