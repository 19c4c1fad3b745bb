"""Many ids in one bound value."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_
from sqlalchemy import cast as sql_cast


def any_of(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether a uuid column holds one of these: one array, however many there are."""
    return cast("ColumnElement[bool]", column == any_(sql_cast(list(ids), ARRAY(Uuid))))
