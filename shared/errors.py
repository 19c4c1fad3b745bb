"""What can go wrong in a user's terms; shared.http turns each into an RFC 9457 problem."""

from dataclasses import asdict, dataclass


class TakarError(Exception):
    """Base of the errors that are meant for a person; `status` is the HTTP status, `slug` the problem type."""

    status = 500
    slug = "internal-error"
    title = "Something failed on our side"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Refused(TakarError):
    """A rule says no; the detail is a sentence in the user's terms."""

    status = 409
    slug = "refused"
    title = "The rules do not allow this"


class NotFound(TakarError):
    status = 404
    slug = "not-found"
    title = "There is no such thing here"


class Forbidden(TakarError):
    status = 403
    slug = "forbidden"
    title = "This account may not do that"


class Unauthenticated(TakarError):
    status = 401
    slug = "unauthenticated"
    title = "Log in first"


class TooMany(TakarError):
    """Over a rate; `retry_after` in whole seconds."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in given data: where (field, or row and column), the value, what, and what to do."""

    place: str
    message: str
    remedy: str
    value: str | None = None
    row: int | None = None

    def as_dict(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if value is not None}


class Invalid(TakarError):
    """Given data cannot be used; every fault is named."""

    status = 422
    slug = "invalid"
    title = "Some of the data given cannot be used"

    def __init__(self, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail, faults=[fault.as_dict() for fault in faults])
        self.faults = faults
