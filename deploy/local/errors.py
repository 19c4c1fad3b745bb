"""What may go wrong with the stack, each said in one line with what to do."""

import re


class StackError(Exception):
    """The stack cannot start or went away; the text is one line for the person at the keyboard."""


_SAID_BY_SERVERS = (
    (
        r"No space left on device|could not write .*: disk full",
        "the disk is full: free some space, or name another folder",
    ),
    (
        r"Address already in use|address already in use",
        "its port is taken by another program: leave the port unset for a free one",
    ),
    (r"password authentication failed", "the password is wrong"),
    (r"Authentication failed|SaslAuthenticationException", "user or password is wrong"),
    (r"OutOfMemoryError|Cannot allocate memory|insufficient memory", "there is not enough memory"),
    (r"UnsupportedClassVersionError", "this Java is too old: Java 17 or newer is needed"),
    (
        r"has wrong ownership|Permission denied",
        "its folder may not be read by the user it runs as: name another folder",
    ),
)


def explain(said: str) -> str:
    """The cause in a server's own last words, as one line; its last line where the cause is unknown."""
    for pattern, meaning in _SAID_BY_SERVERS:
        if re.search(pattern, said):
            return meaning
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
