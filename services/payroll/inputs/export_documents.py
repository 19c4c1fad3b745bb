"""A region's bank templates and export settings as they are in use."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.exports.bank import BankTemplate
from services.payroll.exports.documents import hash_of, read_document, shipped_templates
from services.payroll.exports.settings import ExportSettings
from services.payroll.tables import ExportDocumentRow
from shared.errors import NotFound

BANK, SETTINGS = "bank", "settings"


class Settings(NamedTuple):
    """A region's settings, with the hash of their content."""

    settings: ExportSettings
    hash: str


@lru_cache(maxsize=64)
def _settings(text: str) -> ExportSettings:
    found = read_document(text)
    if not isinstance(found, ExportSettings):
        raise ValueError("a stored document is not what it was stored as")
    return found


@lru_cache(maxsize=64)
def template_of(text: str) -> BankTemplate:
    """A stored template; it was checked before it was stored."""
    found = read_document(text)
    if not isinstance(found, BankTemplate):
        raise ValueError("a stored document is not what it was stored as")
    return found


async def settings_of(session: AsyncSession, tenant_id: str, wanted: str | None = None) -> Settings:
    """Those of a hash, or the newest, or the defaults. Raises NotFound for a hash that was never set."""
    default = ExportSettings()
    if wanted == hash_of(default):
        return Settings(default, hash_of(default))
    query = select(ExportDocumentRow).where(
        ExportDocumentRow.tenant_id == tenant_id, ExportDocumentRow.kind == SETTINGS
    )
    if wanted is not None:
        query = query.where(ExportDocumentRow.hash == wanted)
    row = await session.scalar(query.order_by(ExportDocumentRow.set_at.desc()).limit(1))
    if row is not None:
        return Settings(_settings(row.document), row.hash)
    if wanted is not None:
        raise NotFound(f"no export settings have the hash {wanted}")
    return Settings(default, hash_of(default))


async def bank_template_text(session: AsyncSession, tenant_id: str, name: str) -> str:
    """The region's newest template of a name, or the shipped one. Raises NotFound, naming those there are."""
    of_region = (ExportDocumentRow.tenant_id == tenant_id, ExportDocumentRow.kind == BANK)
    row = await session.scalar(
        select(ExportDocumentRow)
        .where(*of_region, ExportDocumentRow.name == name)
        .order_by(ExportDocumentRow.set_at.desc())
        .limit(1)
    )
    if row is not None:
        return row.document
    shipped = shipped_templates()
    if name in shipped:
        return shipped[name]
    own = (await session.scalars(select(ExportDocumentRow.name).where(*of_region).distinct())).all()
    raise NotFound(f"there is no bank template {name}: there are {', '.join(sorted({*own, *shipped}))}")
