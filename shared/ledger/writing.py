"""One statement that writes a batch of copies: new ones, and those whose version is newer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause, text


def newer(table: str, keys: Sequence[str], columns: Mapping[str, str], *, updated: Sequence[str] = ()) -> TextClause:
    """Insert rows of `columns` (name: PostgreSQL type), or update `updated` (all but the keys when empty).

    Bind `tenant_id`, and a list for each column (see `lists`), the rows of a batch in the order of their keys, so
    that batches lock in one order. It returns the `period` of the rows it wrote, each once.
    """
    given = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns.items())
    names = ", ".join(columns)
    changed = ", ".join(f"{name} = excluded.{name}" for name in updated or [n for n in columns if n not in keys])
    return text(
        f"WITH written AS ("
        f" INSERT INTO {table} AS held (tenant_id, {names})"
        f" SELECT CAST(:tenant_id AS text), {names} FROM unnest({given}) AS given({names})"
        f" ON CONFLICT (tenant_id, {', '.join(keys)}) DO UPDATE SET {changed}"
        f" WHERE held.version < excluded.version RETURNING held.period"
        f") SELECT DISTINCT period FROM written ORDER BY period"
    )


def lists(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The rows turned into one list a column, as `newer` binds them."""
    return {name: [row[name] for row in rows] for name in columns}
