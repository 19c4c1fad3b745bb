"""Moments carry a zone; days are decided in the tenant's zone (WIB, WITA, WIT)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")


def now() -> datetime:
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in an IANA zone; near midnight it differs by zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
